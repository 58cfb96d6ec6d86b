/* The identity of a table, as the journal keeps it.
 *
 * A journal is read by another run, and that may find the database on another server: a dump that
 * was taken in the middle of an upgrade is loaded on the other vendor's. So nothing of the server's
 * text is compared. The definition is read into the model, what is not the table's own is taken
 * out, and the canonical text of the rest is digested. */
#include "run/fingerprint.h"

#include "base/arena.h"
#include "base/buf.h"
#include "model/canon.h"
#include "sql/read/token.h"
#include "sql/sql.h"
#include "sql/table/show_create_read.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* ---- what is digested ---- */

void zq_fingerprint_text(const zq_buf *text, char out_hex[ZQ_DIGEST_HEX])
{
    zq_digest_hex(zq_buf_text(text), text->length, out_hex);
    memcpy(out_hex, ZQ_FINGERPRINT_FORM, strlen(ZQ_FINGERPRINT_FORM));
}

bool zq_fingerprint_is_known(const char *text)
{
    return strncmp(text, ZQ_FINGERPRINT_FORM, strlen(ZQ_FINGERPRINT_FORM)) == 0;
}

void zq_fingerprint_add_words(zq_buf *out, const char *sql)
{
    zq_scanner scanner = {.text = sql, .length = strlen(sql), .line = 1};

    for (;;) {
        const zq_token token = zq_scan_code(&scanner);
        const bool name = token.kind == ZQ_TOKEN_NAME;

        if (token.kind == ZQ_TOKEN_END)
            return;
        zq_buf_char(out, ' ');
        for (size_t i = name; i + name < token.length; i++)
            zq_buf_char(out, token.kind == ZQ_TOKEN_WORD
                                 ? (char)tolower((unsigned char)token.text[i])
                                 : token.text[i]);
    }
}

static const char *words_of(const char *sql, zq_arena *arena)
{
    ZQ_AUTO_BUF(words);

    zq_fingerprint_add_words(&words, sql);
    return zq_arena_strdup(arena, zq_buf_text(&words));
}

static bool ends_in_number(const char *text, const char *before)
{
    const char *at = strstr(text, before);

    if (at == NULL)
        return false;
    at += strlen(before);
    return *at != '\0' && at[strspn(at, "0123456789")] == '\0';
}

/* Each server makes up names of its own: MariaDB CONSTRAINT_1, or that of the column that the check
 * stands at, MySQL <table>_chk_1. */
static bool is_made_up(const zq_table *table, const zq_extra *check)
{
    return zq_table_column(table, check->name) != NULL ||
           ends_in_number(check->name, "CONSTRAINT_") || ends_in_number(check->name, "_chk_");
}

/* The engine of a partition is that of the table. */
static void drop_engines(char *partitions)
{
    static const char engine[] = " engine = innodb";
    char *at;

    while ((at = strstr(partitions, engine)) != NULL)
        memmove(at, at + sizeof engine - 1, strlen(at + sizeof engine - 1) + 1);
}

static zq_extra plain_extra(const zq_table *table, const zq_extra *extra, zq_arena *arena)
{
    zq_extra plain = *extra;
    char *words;

    if (strcmp(extra->kind, "check") == 0) {
        plain.name = is_made_up(table, extra) ? "" : extra->name;
        return plain;
    }
    words = zq_arena_strdup(arena, words_of(extra->text, arena));
    if (strcmp(extra->kind, "partitions") == 0)
        drop_engines(words);
    plain.text = words;
    return plain;
}

/* Whether a table is encrypted may be the server's choice, or the database's. */
static bool is_of_server(const zq_extra *extra)
{
    return strcmp(extra->kind, "option") == 0 && strcasecmp(extra->name, "ENCRYPTION") == 0;
}

/* The table without what is not its own. */
static zq_table plain_table(const zq_table *table, zq_arena *arena)
{
    static const char *const none[] = {NULL};
    zq_foreign_key *keys = ZQ_NEW_ARRAY(arena, zq_foreign_key, table->n_foreign_keys + 1);
    zq_extra *extras = ZQ_NEW_ARRAY(arena, zq_extra, table->n_extras + 1);
    zq_table plain = *table;

    plain.foreign_keys = keys;
    plain.extras = extras;
    plain.n_extras = 0;
    for (size_t i = 0; i < table->n_foreign_keys; i++) {
        keys[i] = table->foreign_keys[i];
        keys[i].ref_schema = NULL;
        keys[i].ref_table = "";
        keys[i].ref_columns = none;
    }
    for (size_t i = 0; i < table->n_extras; i++) {
        if (!is_of_server(&table->extras[i]))
            extras[plain.n_extras++] = plain_extra(table, &table->extras[i], arena);
    }
    return plain;
}

/* Servers keep, or show, '?' for a character of four bytes, or '?' for each of its bytes: they
 * count as one, and as many as follow each other. */
static void add_shown(zq_buf *out, const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        const bool unseen = *c == '?' || (unsigned char)*c >= 0xF0;

        if (!unseen)
            zq_buf_char(out, *c);
        else if (out->length == 0 || out->text[out->length - 1] != '?')
            zq_buf_char(out, '?');
        if ((unsigned char)*c >= 0xF0)
            c += strnlen(c, 4) - 1;
    }
}

void zq_fingerprint_table(const zq_table *table, zq_fingerprint *out)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const zq_table plain = plain_table(table, arena);
    ZQ_AUTO_BUF(text);
    ZQ_AUTO_BUF(shown);

    zq_canon_table(&text, &plain);
    add_shown(&shown, zq_buf_text(&text));
    zq_fingerprint_text(&shown, out->hex);
}

/* What is not understood is its words: better than nothing, and no reason to stop. */
void zq_fingerprint_definition(const char *definition, size_t length, zq_flavor flavor,
                               const char *name, zq_fingerprint *out)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO_BUF(words);
    zq_table table;

    if (zq_show_create_read(definition, length, flavor, arena, &table, NULL) == ZQ_OK) {
        table.name = name;
        zq_fingerprint_table(&table, out);
        return;
    }
    zq_fingerprint_add_words(&words, definition);
    zq_fingerprint_text(&words, out->hex);
}

bool zq_definition_is_view(const char *definition)
{
    return strncmp(definition, "CREATE TABLE", 12) != 0 &&
           strncmp(definition, "CREATE TEMPORARY TABLE", 22) != 0;
}

static void print_view(zq_fingerprint *out)
{
    ZQ_AUTO_BUF(text);

    zq_buf_str(&text, "view");
    zq_fingerprint_text(&text, out->hex);
}

/* ---- looking ---- */

/* Where what is seen goes: digests, or the definitions themselves. */
typedef struct looking {
    zq_flavor flavor;
    const char *const *names; /* of the tables asked for in this round trip */
    size_t n;
    zq_fingerprint *prints;   /* of each; or NULL */
    const char **definitions; /* the same */
    zq_arena *arena;          /* for definitions */
} looking;

static zq_rc take_definition(void *context, size_t statement, const zq_row *row,
                             ZQ_UNUSED zq_err *err)
{
    looking *l = context;
    if (l->definitions != NULL)
        l->definitions[statement] = zq_arena_strdup(l->arena, zq_row_text(row, 1));
    else if (zq_definition_is_view(zq_row_text(row, 1)))
        print_view(&l->prints[statement]);
    else
        zq_fingerprint_definition(zq_row_text(row, 1), zq_row_length(row, 1), l->flavor,
                                  l->names[statement], &l->prints[statement]);
    return ZQ_OK;
}

static bool is_missing(zq_cause cause)
{
    return cause == ZQ_CAUSE_NO_TABLE || cause == ZQ_CAUSE_NO_TABLE_TO_DROP;
}

/* It is the look that failed, and nothing before it. A view needs both privileges, a table SELECT;
 * the server's words say which it missed. */
static void blame_look(const char *name, zq_err *err)
{
    zq_err_prefix(err, ZQ_CANNOT_LOOK "'%s': ", name);
    if (err->code == ZQ_E_DENIED)
        zq_err_hint(err, "grant SELECT and SHOW VIEW on it, then run this again");
}

/* One round trip; `*out_looked` tables were looked at, the last of them perhaps not there, or a
 * view over what is gone. */
static zq_rc look(zq_db *db, looking *l, size_t *out_looked, zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    const zq_answer answer = {ZQ_SHOW_CREATE_COLUMNS, ZQ_ONE_ROW, l->n};
    const zq_answers answers = {&answer, 1, take_definition, l};
    zq_err local = {0};
    const char *text;
    zq_rc rc;

    for (size_t i = 0; i < l->n; i++)
        zq_sql_add(&sql, "%-sSHOW CREATE TABLE `%s`", i > 0 ? ";" : "", l->names[i]);
    ZQ_TRY(zq_sql_finish(&sql, &text, err));
    rc = zq_db_run(db, text, NULL, 0, &answers, out_looked, &local);
    if (rc == ZQ_OK)
        return ZQ_OK;
    if (rc != ZQ_E_LOST && *out_looked < l->n) {
        const bool view = local.cause == ZQ_CAUSE_BAD_VIEW;

        if (view && l->prints != NULL)
            print_view(&l->prints[*out_looked]);
        if (view || is_missing(local.cause)) {
            ++*out_looked;
            return ZQ_OK;
        }
        blame_look(l->names[*out_looked], &local);
    }
    return zq_err_give(err, &local);
}

/* As many round trips as tables are missing, and one more. */
static zq_rc look_at_all(zq_db *db, looking *l, zq_err *err)
{
    l->flavor = zq_db_server(db)->flavor;
    while (l->n > 0) {
        size_t looked = 0;

        ZQ_TRY(look(db, l, &looked, err));
        l->names += looked;
        l->n -= looked;
        l->prints = l->prints == NULL ? NULL : l->prints + looked;
        l->definitions = l->definitions == NULL ? NULL : l->definitions + looked;
    }
    return ZQ_OK;
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
zq_rc zq_fingerprints_read(zq_db *db, const char *const *names, size_t n,
                           zq_fingerprint *out_prints, zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const char **once = ZQ_NEW_ARRAY(arena, const char *, n + 1);
    zq_fingerprint *prints = ZQ_NEW_ARRAY(arena, zq_fingerprint, n + 1);
    looking l = {.names = once, .prints = prints};
    size_t n_once;
    zq_rc rc;

    for (size_t i = 0; i < n; i++) {
        if (place_of(names[i], once, l.n) == l.n)
            once[l.n++] = names[i];
    }
    n_once = l.n;
    rc = look_at_all(db, &l, err);
    for (size_t i = 0; i < n; i++)
        out_prints[i] = prints[place_of(names[i], once, n_once)];
    return rc;
}

zq_rc zq_definitions_read(zq_db *db, const char *const *names, size_t n, zq_arena *arena,
                          const char **out_definitions, zq_err *err)
{
    looking l = {.names = names, .n = n, .definitions = out_definitions, .arena = arena};

    for (size_t i = 0; i < n; i++)
        out_definitions[i] = NULL;
    return look_at_all(db, &l, err);
}

/* ---- several ---- */

void zq_fingerprints_digest(const char *const *names, const zq_fingerprint *prints, size_t n,
                            char out_hex[ZQ_DIGEST_HEX])
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const char **lines = ZQ_NEW_ARRAY(arena, const char *, n + 1);
    ZQ_AUTO_BUF(all);

    for (size_t i = 0; i < n; i++)
        lines[i] = zq_arena_printf(arena, "%s %s\n", names[i], prints[i].hex);
    zq_names_sort(lines, n);
    for (size_t i = 0; i < n; i++)
        zq_buf_str(&all, lines[i]);
    zq_fingerprint_text(&all, out_hex);
}
