#include "run/fingerprint.h"

#include "base/arena.h"
#include "base/buf.h"
#include "sql/sql.h"

#include <stdlib.h>
#include <string.h>

/* MySQL "Server Error Message Reference": no such table, no such database or table to drop, a view
 * over something that is gone. The same numbers on MariaDB. */
enum { ER_BAD_TABLE = 1051, ER_NO_SUCH_TABLE = 1146, ER_VIEW_INVALID = 1356 };

/* ---- definitions ---- */

static bool starts(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* A line of the table's options, without its counter: " AUTO_INCREMENT=42". */
static void add_options(zq_buf *out, const char *line, size_t length)
{
    static const char counter[] = " AUTO_INCREMENT=";
    const char *at = memmem(line, length, counter, sizeof counter - 1);
    const char *end = line + length;

    if (at == NULL) {
        zq_buf_add(out, line, length);
        return;
    }
    zq_buf_add(out, line, (size_t)(at - line));
    at += sizeof counter - 1;
    while (at < end && *at >= '0' && *at <= '9')
        at++;
    zq_buf_add(out, at, (size_t)(end - at));
}

/* "  CONSTRAINT `x` FOREIGN KEY (`a`) REFERENCES ...", up to REFERENCES. */
static void add_constraint(zq_buf *out, const char *line, size_t length)
{
    const char *at = memmem(line, length, " REFERENCES ", 12);

    zq_buf_add(out, line, at == NULL ? length : (size_t)(at - line));
}

/* A line break inside a comment is written as \n by SHOW CREATE TABLE, so that each line is one
 * column, key or option. */
static void add_definition(zq_buf *out, const char *definition)
{
    for (const char *line = definition; *line != '\0';) {
        size_t length = strcspn(line, "\n");

        if (*line == ')')
            add_options(out, line, length);
        else if (starts(line, "  CONSTRAINT "))
            add_constraint(out, line, length);
        else
            zq_buf_add(out, line, length);
        /* The last line before the options has no comma: whether one follows is no difference. */
        if (out->length > 0 && out->text[out->length - 1] == ',')
            out->length--;
        zq_buf_char(out, '\n');
        line += length + (line[length] == '\n');
    }
}

/* ---- members of families ---- */

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Append a name with the table's name and its code written back. */
static void add_folded(zq_buf *out, const char *name, size_t length, const char *table,
                       const char *code)
{
    size_t table_length = strlen(table);
    size_t code_length = strlen(code);
    size_t i = 0;

    while (i < length) {
        bool at_word = i == 0 || !is_word(name[i - 1]);
        size_t left = length - i;

        if (at_word && left >= table_length && memcmp(name + i, table, table_length) == 0 &&
            (left == table_length || !is_word(name[i + table_length]))) {
            zq_buf_str(out, "{table}");
            i += table_length;
        } else if (at_word && left >= code_length && memcmp(name + i, code, code_length) == 0 &&
                   (left == code_length || !is_word(name[i + code_length]))) {
            zq_buf_str(out, "{code}");
            i += code_length;
        } else {
            zq_buf_char(out, name[i++]);
        }
    }
}

/* Where a line of a definition names the table, an index or a constraint: only there can the code
 * stand, and a column that happens to be called like it stays what it is. */
static const char *own_name(const char *line, size_t length)
{
    const char *quote = memchr(line, '`', length);

    if (quote == NULL || line[2] == '`' || starts(line, "  PRIMARY KEY"))
        return NULL;
    return quote + 1;
}

static void add_folded_lines(zq_buf *out, const char *text, const char *table, const char *code)
{
    for (const char *line = text; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        const char *name = own_name(line, length);
        const char *end = name == NULL ? NULL : memchr(name, '`', (size_t)(line + length - name));

        if (end == NULL) {
            zq_buf_add(out, line, length);
        } else {
            zq_buf_add(out, line, (size_t)(name - line));
            add_folded(out, name, (size_t)(end - name), table, code);
            zq_buf_add(out, end, (size_t)(line + length - end));
        }
        zq_buf_char(out, '\n');
        line += length + (line[length] == '\n');
    }
}

void zq_definition_digest(const char *definition, const char *table, const char *code,
                          char out_hex[ZQ_DIGEST_HEX])
{
    ZQ_AUTO_BUF(plain);
    ZQ_AUTO_BUF(folded);

    add_definition(&plain, definition);
    if (code == NULL) {
        zq_digest_hex(zq_buf_text(&plain), plain.length, out_hex);
        return;
    }
    zq_buf_char(&plain, '\0');
    add_folded_lines(&folded, zq_buf_text(&plain), table, code);
    zq_digest_hex(zq_buf_text(&folded), folded.length, out_hex);
}

/* ---- looking ---- */

/* Where what is seen goes: digests, or the definitions themselves. */
typedef struct looking {
    size_t n_sql;
    zq_print *prints;         /* of the first table asked for in this round trip; or NULL */
    const char **definitions; /* the same */
    zq_arena *arena;          /* for definitions */
} looking;

static zq_rc take_definition(void *context, size_t statement, const zq_row *row, zq_err *err)
{
    looking *l = context;

    (void)err;
    if (l->definitions != NULL)
        l->definitions[statement - l->n_sql] = zq_arena_strdup(l->arena, zq_row_text(row, 1));
    else
        zq_definition_digest(zq_row_text(row, 1), NULL, NULL, l->prints[statement - l->n_sql].hex);
    return ZQ_OK;
}

static zq_rc write_questions(zq_sql *sql, const char *before, const char *const *names, size_t n)
{
    if (before != NULL && *before != '\0') {
        zq_sql_rawz(sql, before);
        if (n > 0)
            zq_sql_lit(sql, ";");
    }
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            zq_sql_lit(sql, ";");
        zq_sql_lit(sql, "SHOW CREATE TABLE ");
        zq_sql_ident(sql, names[i]);
    }
    return ZQ_OK;
}

static bool is_missing(unsigned number)
{
    return number == ER_NO_SUCH_TABLE || number == ER_BAD_TABLE || number == ER_VIEW_INVALID;
}

/* It is the look that failed, and nothing before it. A view needs both privileges, a table SELECT;
 * the server's words say which it missed. */
static void blame_look(const char *name, zq_err *err)
{
    zq_err_prefix(err, ZQ_CANNOT_LOOK "'%s': ", name);
    if (err->code == ZQ_E_DENIED)
        zq_err_hint(err, "grant SELECT and SHOW VIEW on it, then run this again");
}

/* One round trip; `*out_looked` tables were looked at, the last of them perhaps not there. */
static zq_rc look(zq_db *db, const char *before, const char *const *names, size_t n, looking *l,
                  size_t *out_done, size_t *out_looked, zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    const size_t n_sql = l->n_sql;
    const zq_answer items[] = {{NULL, ZQ_ANY_ROWS, n_sql}, {ZQ_SHOW_CREATE_COLUMNS, ZQ_ONE_ROW, n}};
    const zq_answers answers = {n_sql > 0 ? items : items + 1, (n_sql > 0) + (n > 0),
                                take_definition, l};
    zq_err local = {0};
    const char *text;
    size_t done = 0;
    zq_rc rc;

    write_questions(&sql, before, names, n);
    ZQ_TRY(zq_sql_finish(&sql, &text, err));
    if (*text == '\0')
        return ZQ_OK;
    rc = zq_db_run(db, text, NULL, 0, &answers, &done, &local);
    *out_done = done < n_sql ? done : n_sql;
    *out_looked = done < n_sql ? 0 : done - n_sql;
    if (rc == ZQ_OK)
        return ZQ_OK;
    if (rc != ZQ_E_LOST && done >= n_sql && is_missing(local.server_errno)) {
        ++*out_looked;
        return ZQ_OK;
    }
    if (rc != ZQ_E_LOST && done >= n_sql && *out_looked < n)
        blame_look(names[*out_looked], &local);
    if (err != NULL)
        *err = local;
    return rc;
}

/* As many round trips as tables are missing, and one more. */
static zq_rc look_at_all(zq_db *db, const char *sql, const char *const *names, size_t n, looking *l,
                         size_t *out_done, zq_err *err)
{
    size_t done = 0;
    size_t looked = 0;
    zq_rc rc = look(db, sql, names, n, l, &done, &looked, err);

    if (out_done != NULL)
        *out_done = done;
    for (size_t at = looked; rc == ZQ_OK && at < n; at += looked) {
        looking rest = {.arena = l->arena,
                        .prints = l->prints == NULL ? NULL : l->prints + at,
                        .definitions = l->definitions == NULL ? NULL : l->definitions + at};

        rc = look(db, NULL, names + at, n - at, &rest, &done, &looked, err);
    }
    return rc;
}

/* Where `name` stands among the first `n`; `n` when it does not. */
static size_t place_of(const char *name, const char *const *names, size_t n)
{
    size_t i = 0;

    while (i < n && strcmp(names[i], name) != 0)
        i++;
    return i;
}

/* Two statements that follow each other often touch the same table: it is looked at once. */
zq_rc zq_prints_read(zq_db *db, const char *sql, size_t n_sql, const char *const *names, size_t n,
                     zq_print *out_prints, size_t *out_done, zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const char **once = ZQ_NEW_ARRAY(arena, const char *, n + 1);
    zq_print *prints = ZQ_NEW_ARRAY(arena, zq_print, n + 1);
    looking l = {.n_sql = n_sql, .prints = prints};
    size_t n_once = 0;
    zq_rc rc;

    for (size_t i = 0; i < n; i++) {
        if (place_of(names[i], once, n_once) == n_once)
            once[n_once++] = names[i];
    }
    rc = look_at_all(db, sql, once, n_once, &l, out_done, err);
    for (size_t i = 0; i < n; i++)
        out_prints[i] = prints[place_of(names[i], once, n_once)];
    return rc;
}

zq_rc zq_definitions_read(zq_db *db, const char *const *names, size_t n, zq_arena *arena,
                          const char **out_definitions, zq_err *err)
{
    looking l = {.definitions = out_definitions, .arena = arena};

    for (size_t i = 0; i < n; i++)
        out_definitions[i] = NULL;
    return look_at_all(db, NULL, names, n, &l, NULL, err);
}

/* ---- several ---- */

static int compare_lines(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void zq_prints_digest(const char *const *names, const zq_print *prints, size_t n,
                      char out_hex[ZQ_DIGEST_HEX])
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const char **lines = ZQ_NEW_ARRAY(arena, const char *, n + 1);
    ZQ_AUTO_BUF(all);

    for (size_t i = 0; i < n; i++)
        lines[i] = zq_arena_printf(arena, "%s %s\n", names[i], prints[i].hex);
    qsort(lines, n, sizeof *lines, compare_lines);
    for (size_t i = 0; i < n; i++)
        zq_buf_str(&all, lines[i]);
    zq_digest_hex(zq_buf_text(&all), all.length, out_hex);
}

/* Triggers, routines and events. */
static const zq_answer object_answers[] = {
    {.columns = "TTTTTT"}, {.columns = "TTTTTTTT"}, {.columns = "TTTTT"}};

static zq_rc take_object(void *context, size_t statement, const zq_row *row, zq_err *err)
{
    zq_buf *all = context;

    (void)err;
    for (size_t i = 0; i < strlen(object_answers[statement].columns); i++) {
        zq_buf_str(all, zq_row_text(row, i) == NULL ? "-" : zq_row_text(row, i));
        zq_buf_char(all, '\n');
    }
    return ZQ_OK;
}

zq_rc zq_objects_digest(zq_db *db, char out_hex[ZQ_DIGEST_HEX], zq_err *err)
{
    ZQ_AUTO_BUF(all);

    ZQ_TRY(zq_db_run(db,
                     "SELECT TRIGGER_NAME, EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION, "
                     "ACTION_ORDER, ACTION_STATEMENT FROM information_schema.TRIGGERS "
                     "WHERE TRIGGER_SCHEMA = DATABASE() ORDER BY 1;"
                     "SELECT ROUTINE_TYPE, ROUTINE_NAME, DTD_IDENTIFIER, ROUTINE_DEFINITION, "
                     "SECURITY_TYPE, SQL_DATA_ACCESS, IS_DETERMINISTIC, ROUTINE_COMMENT "
                     "FROM information_schema.ROUTINES "
                     "WHERE ROUTINE_SCHEMA = DATABASE() ORDER BY 1, 2;"
                     "SELECT EVENT_NAME, EVENT_DEFINITION, STATUS, INTERVAL_VALUE, INTERVAL_FIELD "
                     "FROM information_schema.EVENTS "
                     "WHERE EVENT_SCHEMA = DATABASE() ORDER BY 1",
                     NULL, 0,
                     &(zq_answers){object_answers, ZQ_LEN(object_answers), take_object, &all}, NULL,
                     err));
    zq_digest_hex(zq_buf_text(&all), all.length, out_hex);
    return ZQ_OK;
}
