#include "random_server.h"

#include "base/buf.h"
#include "fake_server.h"
#include "release.h"
#include "sql/ddl_write.h"
#include "sql/sql.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct client {
    int fd;
    unsigned long long state; /* of the numbers drawn */
    const char *version;
    unsigned char number; /* of the next packet */
    unsigned row;         /* of an answer */
    unsigned calm;        /* how much rarer than often it breaks the rules */
    bool wild;            /* in this answer anything may stand anywhere */
    char *text;           /* what it asks, terminated by NUL */
    size_t capacity;
} client;

/* ---- chance ---- */

static unsigned draw(client *c, unsigned n)
{
    c->state = c->state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (unsigned)(c->state >> 33) % n;
}

static const char *pick(client *c, const char *const *words, size_t n)
{
    return words[draw(c, (unsigned)n)];
}
#define PICK(c, ...)                            \
    pick(c, (const char *const[]){__VA_ARGS__}, \
         sizeof(const char *const[]){__VA_ARGS__} / sizeof(const char *))

static void spoil(client *c, zq_buf *text)
{
    for (unsigned n = draw(c, 4); n > 0 && text->length > 0; n--) {
        const unsigned at = draw(c, (unsigned)text->length);

        if (draw(c, 3) == 0)
            text->length = at;
        else
            text->text[at] =
                (char)(draw(c, 2) == 0 ? draw(c, 256)
                                       : (unsigned char)"`'(),; \n\\0\x1b"[draw(c, 11)]);
    }
}

/* ---- packets ---- */

static bool send_packet(client *c, const zq_buf *content)
{
    ZQ_AUTO_BUF(all);

    zq_buf_char(&all, (char)content->length);
    zq_buf_char(&all, (char)(content->length >> 8));
    zq_buf_char(&all, (char)(content->length >> 16));
    zq_buf_char(&all, (char)c->number++);
    zq_buf_add(&all, content->text, content->length);
    return send(c->fd, all.text, all.length, MSG_NOSIGNAL) == (ssize_t)all.length;
}

static bool read_all(int fd, char *out, size_t n)
{
    while (n > 0) {
        const ssize_t got = read(fd, out, n);

        if (got <= 0)
            return false;
        out += got;
        n -= (size_t)got;
    }
    return true;
}

static bool read_packet(client *c)
{
    unsigned char header[4];
    size_t length;

    if (!read_all(c->fd, (char *)header, sizeof header))
        return false;
    length = (size_t)(header[0] | header[1] << 8 | header[2] << 16);
    if (length + 1 > c->capacity) {
        c->capacity = length + 1;
        c->text = realloc(c->text, c->capacity);
    }
    c->number = (unsigned char)(header[3] + 1);
    c->text[length] = '\0';
    return read_all(c->fd, c->text, length);
}

static void add_text(zq_buf *out, const char *text, size_t length)
{
    if (length < 251) {
        zq_buf_char(out, (char)length);
    } else {
        zq_buf_char(out, (char)0xfd);
        zq_buf_char(out, (char)length);
        zq_buf_char(out, (char)(length >> 8));
        zq_buf_char(out, (char)(length >> 16));
    }
    zq_buf_add(out, text, length);
}

static bool send_ok(client *c, bool more)
{
    ZQ_AUTO_BUF(out);

    zq_buf_add(&out, "\0\1\0\2\0\0\0", 7);
    out.text[3] = (char)(more ? 0x0a : 0x02);
    return send_packet(c, &out);
}

static bool send_end(client *c, bool more)
{
    ZQ_AUTO_BUF(out);

    zq_buf_add(&out, "\xfe\0\0\2\0", 5);
    out.text[3] = (char)(more ? 0x0a : 0x02);
    return send_packet(c, &out);
}

static bool send_error(client *c, unsigned short error)
{
    static const unsigned short numbers[] = {1049, 1146, 1142, 1044, 1064, 1290, 1054, 1062, 1091};
    const unsigned number = error != 0 ? error : numbers[draw(c, ZQ_LEN(numbers))];
    ZQ_AUTO_BUF(out);

    zq_buf_char(&out, (char)0xff);
    zq_buf_char(&out, (char)number);
    zq_buf_char(&out, (char)(number >> 8));
    zq_buf_str(&out, "#HY000it cannot be done");
    return send_packet(c, &out);
}

/* ---- values ---- */

static void add_number(client *c, zq_buf *out)
{
    if (draw(c, 4) != 0)
        zq_buf_str(out, "1");
    else
        zq_buf_str(out, PICK(c, "0", "2", "3", "17", "-1", "4294967295", "18446744073709551615",
                             "99999999999999999999"));
}

static const zq_table *any_table(client *c)
{
    return zq_schema_head.tables[draw(c, (unsigned)zq_schema_head.n_tables)];
}

static void add_table_name(client *c, zq_buf *out)
{
    const char *name = zq_schema_head.tables[c->row % zq_schema_head.n_tables]->name;
    const char *code = strchr(name, '{');

    if (draw(c, 30) == 0)
        zq_buf_str(out, PICK(c, "alembic_version", "other", "", "zq_data_"));
    else if (code == NULL)
        zq_buf_str(out, name);
    else
        zq_buf_printf(out, "%.*s%06u", (int)(code - name), name, draw(c, 40));
}

/* As our own writer makes the table that was asked for, or any other. */
static void add_definition(client *c, zq_buf *out, const char *asked)
{
    const zq_table *table = any_table(c);
    ZQ_AUTO_SQL(sql);

    for (size_t i = 0; i < zq_schema_head.n_tables; i++) {
        if (strstr(asked, zq_schema_head.tables[i]->name) != NULL)
            table = zq_schema_head.tables[i];
    }
    zq_ddl_create_table(&sql, table, false, ZQ_MARIADB);
    zq_buf_add(out, sql.text.text, sql.text.length);
}

static void add_word(client *c, zq_buf *out)
{
    zq_buf_str(out, PICK(c, "utf8mb4", "utf8mb4_unicode_ci", "InnoDB", "BASE TABLE", "", "NO",
                         "YES", "varchar(255)", "int(11)", "PRIMARY", "BTREE", "FULLTEXT", "CHECK",
                         "partitioned", "0001", "0002", "0003", "upgrade", "install", "up", "down",
                         "started", "done", "admin", "role", "permission", "grant", "digest", "?",
                         "2026-01-01 00:00:00.000", "it's \\ `x`", "\x1b[31m", "\xff\xfe"));
}

/* Like what its expression in the statement says, more or less. */
static void add_value(client *c, zq_buf *out, const char *column, size_t length, const char *asked)
{
    static const char *const numbers[] = {"id",    "COUNT",  "step",     "POSITION",  "cache",
                                          "token", "LOCK",   "1",        "is_active", "ID()",
                                          "> 0",   "SEQ_IN", "EXISTS (", "_id"};

    if (strncmp(asked, "SHOW CREATE", 11) == 0)
        add_definition(c, out, asked);
    else if (memmem(column, length, "TABLE_NAME", 10) != NULL)
        add_table_name(c, out);
    else if (memmem(column, length, "TABLE_TYPE", 10) != NULL)
        zq_buf_str(out, draw(c, 60) != 0 ? "BASE TABLE" : PICK(c, "VIEW", "SEQUENCE", ""));
    else if (memmem(column, length, "revision", 8) != NULL)
        zq_buf_str(out, PICK(c, "0001", "0002", "0003", "0003", "", "0009"));
    else if (memmem(column, length, "state", 5) != NULL)
        zq_buf_str(out, PICK(c, "started", "done"));
    else if (memmem(column, length, "VERSION()", 9) != NULL)
        zq_buf_str(out, c->version);
    else if (length == 1 && *column == '0')
        zq_buf_str(out, "0");
    else {
        for (size_t i = 0; i < ZQ_LEN(numbers); i++) {
            if (memmem(column, length, numbers[i], strlen(numbers[i])) != NULL) {
                add_number(c, out);
                return;
            }
        }
        add_word(c, out);
    }
}

/* ---- answers ---- */

typedef struct span {
    const char *at;
    size_t length;
} span;

/* The text up to `stop` at its own depth, quotes and parentheses left out of account. */
static size_t length_to(const char *text, const char *stop)
{
    size_t i = 0;
    int depth = 0;

    for (; text[i] != '\0' && text[i] != ';'; i++) {
        if (depth == 0 && strncmp(text + i, stop, strlen(stop)) == 0)
            break;
        depth += text[i] == '(';
        depth -= text[i] == ')';
        if (text[i] == '\'' || text[i] == '`') {
            const char quote = text[i++];

            while (text[i] != '\0' && text[i] != quote)
                i++;
            if (text[i] == '\0')
                break;
        }
    }
    return i;
}

enum { MOST_COLUMNS = 32 };

static size_t columns_of(const char *asked, span *out)
{
    const char *at = asked + strlen("SELECT ");
    const char *end = at + length_to(at, " FROM ");
    size_t n = 0;

    if (strncmp(asked, "SHOW ", 5) == 0) {
        out[0] = out[1] = (span){asked, 4};
        return 2;
    }
    while (at < end && n < MOST_COLUMNS) {
        size_t length;

        at += strspn(at, " ");
        length = length_to(at, ",");
        length = at + length > end ? (size_t)(end - at) : length;
        out[n++] = (span){at, length};
        at += length + 1;
    }
    return n;
}

static bool send_column(client *c)
{
    ZQ_AUTO_BUF(out);

    add_text(&out, "def", 3);
    for (int i = 0; i < 3; i++)
        add_text(&out, "", 0);
    add_text(&out, "c", 1);
    add_text(&out, "c", 1);
    zq_buf_add(&out, "\x0c\x2d\0\0\4\0\0\xfd\0\0\0\0\0", 13);
    return send_packet(c, &out);
}

static bool has(span column, const char *word)
{
    return memmem(column.at, column.length, word, strlen(word)) != NULL;
}

static bool send_row(client *c, const span *columns, size_t n, const char *asked)
{
    ZQ_AUTO_BUF(out);

    for (size_t i = 0; i < n; i++) {
        ZQ_AUTO_BUF(value);

        if ((c->wild && draw(c, 12) == 0) || has(columns[i], "checksum")) {
            zq_buf_char(&out, (char)0xfb);
            continue;
        }
        add_value(c, &value, columns[i].at, columns[i].length, asked);
        if (c->wild && draw(c, 6) == 0)
            spoil(c, &value);
        add_text(&out, value.text, value.length);
    }
    return send_packet(c, &out);
}

static bool send_rows(client *c, const char *asked, bool more)
{
    span columns[MOST_COLUMNS] = {0};
    size_t n = columns_of(asked, columns);
    const bool one = strstr(asked, "LIMIT 1") != NULL || strncmp(asked, "SELECT EXISTS", 13) == 0 ||
                     strncmp(asked, "SHOW", 4) == 0 || strcspn(asked, ";") < 60 ||
                     strstr(asked, "@@") != NULL || strstr(asked, "SCHEMATA") != NULL;
    const bool tables = strstr(asked, "TABLE_TYPE") != NULL;
    unsigned rows = one ? 1 : tables ? 25 + draw(c, 60) : draw(c, 12);
    ZQ_AUTO_BUF(out);

    c->wild = draw(c, 12 * c->calm) == 0;
    if (draw(c, 100 * c->calm) == 0)
        n = 1 + draw(c, MOST_COLUMNS);
    if (draw(c, 60 * c->calm) == 0)
        rows = draw(c, 300);
    for (size_t i = 0; i < n; i++)
        columns[i] = columns[i].at == NULL ? (span){asked, 4} : columns[i];
    zq_buf_char(&out, (char)n);
    if (!send_packet(c, &out))
        return false;
    for (size_t i = 0; i < n; i++)
        send_column(c);
    send_end(c, false);
    for (c->row = 0; c->row < rows; c->row++) {
        if (!send_row(c, columns, n, asked))
            return false;
    }
    return send_end(c, more);
}

/* One answer for each statement, as a rule. */
static bool answer(client *c)
{
    const char *asked = c->text + 1;

    for (;;) {
        size_t length = length_to(asked, ";");
        bool last = asked[length] == '\0' || asked[length + 1] == '\0';
        const unsigned chance = draw(c, 400 * c->calm);

        while (isspace((unsigned char)*asked)) {
            asked++;
            length--;
        }
        if (chance < 3 ||
            (strncmp(asked, "SELECT 1 FROM", 13) == 0 &&
             memmem(asked, length, "no_such_table", 13) != NULL && chance % 400 < 390))
            return send_error(c, chance < 3 ? 0 : 1146);
        if (chance == 3)
            return false; /* hang up */
        if (chance == 4)
            last = !last; /* one too few, or one too many */
        if (strncmp(asked, "SELECT", 6) == 0 || strncmp(asked, "SHOW ", 5) == 0) {
            if (!send_rows(c, asked, !last))
                return false;
        } else if (!send_ok(c, !last)) {
            return false;
        }
        if (last)
            return true;
        asked += asked[length] == '\0' ? 0 : length + 1;
    }
}

static void *serve(void *argument)
{
    client *c = argument;
    ZQ_AUTO_BUF(greeting);

    c->version = PICK(c, "8.0.40", "10.11.19-MariaDB", "9.7.0", "11.4.2-MariaDB-log");
    fake_greeting(&greeting, false, "mysql_native_password");
    send_packet(c, &greeting);
    if (read_packet(c) && send_ok(c, false)) {
        for (int n = 0; n < 2000 && read_packet(c) && c->text[0] == 3; n++) {
            if (!answer(c))
                break;
        }
    }
    close(c->fd);
    free(c->text);
    free(c);
    return NULL;
}

/* A command whose every second answer breaks a rule is at its end soon; others get further. */
static void *accept_all(void *argument)
{
    static const unsigned calms[] = {1, 10, 100, 1000};
    random_server *server = argument;
    int fd;

    while ((fd = accept(server->listener, NULL, NULL)) >= 0) {
        client *c = calloc(1, sizeof *c);
        pthread_t thread;

        c->fd = fd;
        c->state = __atomic_load_n(&server->seed, __ATOMIC_SEQ_CST);
        c->calm = calms[c->state % ZQ_LEN(calms)];
        draw(c, 1);
        if (pthread_create(&thread, NULL, serve, c) != 0)
            abort();
        pthread_detach(thread);
    }
    return NULL;
}

void random_server_begin(random_server *server)
{
    server->listener = fake_listen(&server->port);
    if (pthread_create(&server->thread, NULL, accept_all, server) != 0)
        abort();
}

void random_server_end(random_server *server)
{
    shutdown(server->listener, SHUT_RDWR);
    pthread_join(server->thread, NULL);
    close(server->listener);
}
