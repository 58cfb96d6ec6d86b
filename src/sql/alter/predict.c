/* What ALTER TABLE, CREATE INDEX or DROP INDEX makes of a table, from its words.
 *
 * Within one statement the servers do not care about the order of drops and adds, so nothing is
 * done to the table while the clauses are read: what is there is marked (dropped, renamed,
 * redefined), what is new is collected (kit.h), and both are put together at the end: columns, then
 * foreign keys, indexes and options. Each clause is read to its last word. Where one is not
 * understood, or where the servers or their releases differ, the answer is "unknown": a wrong
 * prediction would take a finished statement for an unfinished one, an unknown one only costs a
 * look at the table.
 *
 * Whether a statement has been done is asked by predicting it on the table as it is, with what is
 * there already, or gone already, tolerated: it is done when that changes nothing. */
#include "sql/alter/predict.h"

#include "base/buf.h"
#include "model/canon.h"
#include "sql/alter/kit.h"
#include "sql/read/token.h"
#include "sql/table/reconcile.h"

#include <string.h>

/* ---- the text ---- */

/* "a ""b""" as 'a "b"'. */
static void add_string(zq_buf *out, const zq_token *token)
{
    const char *end = token->text + token->length - 1;

    if (token->text[0] == '\'') {
        zq_buf_add(out, token->text, token->length);
        return;
    }
    zq_buf_char(out, '\'');
    for (const char *c = token->text + 1; c < end; c++) {
        if (*c == '\\' && c + 1 < end)
            zq_buf_char(out, *c++);
        else if (*c == '"')
            c++;
        else if (*c == '\'')
            zq_buf_char(out, '\'');
        zq_buf_char(out, *c);
    }
    zq_buf_char(out, '\'');
}

/* The statement without comments and its semicolon, its strings in single quotes. What stands in an
 * executable comment depends on the server's release. */
static bool plain_text(const char *text, size_t length, zq_buf *out)
{
    zq_scanner scanner = {.text = text, .length = length, .line = 1};
    bool ended = false;

    for (;;) {
        const zq_token token = zq_scan(&scanner);

        if (token.kind == ZQ_TOKEN_END)
            return true;
        if (token.kind == ZQ_TOKEN_OPEN || token.kind == ZQ_TOKEN_BROKEN)
            return false;
        if (token.kind == ZQ_TOKEN_COMMENT || token.kind == ZQ_TOKEN_LINE_COMMENT) {
            zq_buf_char(out, ' ');
            continue;
        }
        if (ended)
            return false;
        ended = zq_token_is_sign(&token, ';');
        if (ended)
            continue;
        if (token.text > text && strchr(" \t\r\n\v\f", token.text[-1]) != NULL)
            zq_buf_char(out, ' ');
        if (token.kind == ZQ_TOKEN_STRING)
            add_string(out, &token);
        else
            zq_buf_add(out, token.text, token.length);
    }
}

/* ---- clauses ---- */

static bool read_kind_of_index(zq_alter *a, zq_index_kind *out)
{
    static const struct {
        const char *words;
        zq_index_kind kind;
    } kinds[] = {
        {"UNIQUE INDEX", ZQ_UNIQUE},     {"UNIQUE KEY", ZQ_UNIQUE},     {"UNIQUE", ZQ_UNIQUE},
        {"FULLTEXT INDEX", ZQ_FULLTEXT}, {"FULLTEXT KEY", ZQ_FULLTEXT}, {"FULLTEXT", ZQ_FULLTEXT},
        {"SPATIAL INDEX", ZQ_SPATIAL},   {"SPATIAL KEY", ZQ_SPATIAL},   {"SPATIAL", ZQ_SPATIAL},
        {"PRIMARY KEY", ZQ_PRIMARY},     {"INDEX", ZQ_INDEX},           {"KEY", ZQ_INDEX},
    };

    for (size_t i = 0; i < ZQ_LEN(kinds); i++) {
        *out = kinds[i].kind;
        if (zq_alter_words(a, kinds[i].words))
            return true;
    }
    return false;
}

/* CONSTRAINT [name], then FOREIGN KEY, CHECK, UNIQUE or PRIMARY KEY. */
static bool add_constraint(zq_alter *a)
{
    const char *name = "";
    zq_index_kind kind;
    zq_cursor ahead = a->made.cursor;
    bool unnamed = zq_cursor_words(&ahead, "FOREIGN KEY") || zq_cursor_words(&ahead, "UNIQUE") ||
                   zq_cursor_words(&ahead, "PRIMARY KEY") || zq_cursor_words(&ahead, "CHECK");

    if (!unnamed && !zq_cursor_name(&a->made.cursor, a->made.arena, &name))
        return false;
    if (zq_alter_words(a, "FOREIGN KEY"))
        return zq_alter_add_foreign_key(a, name);
    if (zq_alter_words(a, "CHECK"))
        return zq_alter_add_check(a, name);
    if (!read_kind_of_index(a, &kind) || (kind != ZQ_UNIQUE && kind != ZQ_PRIMARY))
        return false;
    return zq_alter_add_index(a, kind, *name != '\0' ? name : NULL);
}

static bool add(zq_alter *a)
{
    zq_index_kind kind;

    if (zq_alter_words(a, "CONSTRAINT"))
        return add_constraint(a);
    if (zq_alter_words(a, "FOREIGN KEY"))
        return zq_alter_add_foreign_key(a, "");
    if (zq_alter_words(a, "CHECK"))
        return zq_alter_add_check(a, "");
    if (read_kind_of_index(a, &kind))
        return zq_alter_add_index(a, kind, NULL);
    return zq_alter_add_column(a);
}

static bool drop(zq_alter *a)
{
    if (zq_alter_words(a, "PRIMARY KEY"))
        return zq_alter_drop_primary(a);
    if (zq_alter_words(a, "INDEX") || zq_alter_words(a, "KEY"))
        return zq_alter_drop_index(a);
    if (zq_alter_words(a, "FOREIGN KEY"))
        return zq_alter_drop_foreign_key(a);
    if (zq_alter_words(a, "CONSTRAINT") || zq_alter_words(a, "CHECK"))
        return zq_alter_drop_constraint(a);
    return zq_alter_drop_column(a);
}

static bool rename_something(zq_alter *a)
{
    if (zq_alter_words(a, "COLUMN"))
        return zq_alter_rename_column(a);
    return (zq_alter_words(a, "INDEX") || zq_alter_words(a, "KEY")) && zq_alter_rename_index(a);
}

static bool alter_something(zq_alter *a)
{
    return zq_alter_words(a, "INDEX") || zq_alter_words(a, "KEY") ? zq_alter_alter_index(a)
                                                                  : zq_alter_alter_column(a);
}

static const struct {
    const char *words;
    bool (*read)(zq_alter *a);
} clauses[] = {
    {"ADD", add},
    {"DROP", drop},
    {"MODIFY", zq_alter_modify},
    {"CHANGE", zq_alter_change},
    {"RENAME", rename_something},
    {"ALTER", alter_something},
};

static bool read_clause(zq_alter *a)
{
    for (size_t i = 0; i < ZQ_LEN(clauses); i++) {
        if (zq_alter_words(a, clauses[i].words))
            return clauses[i].read(a);
    }
    return zq_alter_option(a);
}

/* Table options need no commas between them. */
static bool read_clauses(zq_alter *a)
{
    while (!zq_cursor_at_end(&a->made.cursor)) {
        if (!read_clause(a))
            return false;
        if (zq_cursor_at_end(&a->made.cursor))
            return true;
        if (!zq_cursor_char(&a->made.cursor, ',') && !zq_alter_option(a))
            return false;
        zq_cursor_char(&a->made.cursor, ',');
    }
    return true;
}

/* [database.]table */
static bool read_table(zq_alter *a)
{
    const char *name;

    return zq_cursor_name(&a->made.cursor, a->made.arena, &name) &&
           (!zq_cursor_char(&a->made.cursor, '.') ||
            zq_cursor_name(&a->made.cursor, a->made.arena, &name));
}

static bool read_alter_table(zq_alter *a)
{
    unsigned seconds;

    zq_alter_words(a, "IF EXISTS");
    if (!read_table(a))
        return false;
    if (zq_alter_words(a, "WAIT"))
        zq_cursor_number(&a->made.cursor, &seconds);
    zq_alter_words(a, "NOWAIT");
    return read_clauses(a);
}

/* DROP INDEX name ON table */
static bool read_drop_index(zq_alter *a)
{
    return zq_alter_drop_index(a) && zq_alter_words(a, "ON") && read_table(a);
}

static bool read_index_statement(zq_alter *a, bool (*read)(zq_alter *a))
{
    if (!read(a))
        return false;
    while (!zq_cursor_at_end(&a->made.cursor)) {
        if (!zq_alter_option(a))
            return false;
    }
    return true;
}

static bool read_statement(zq_alter *a)
{
    if (zq_alter_words(a, "ALTER")) {
        zq_alter_words(a, "ONLINE");
        return zq_alter_words(a, "TABLE") && read_alter_table(a);
    }
    if (zq_alter_words(a, "CREATE"))
        return read_index_statement(a, zq_alter_create_index);
    return zq_alter_words(a, "DROP INDEX") && read_index_statement(a, read_drop_index);
}

/* ---- the whole ---- */

static void begin(zq_alter *a)
{
    const zq_table *before = a->before;
    zq_arena *arena = a->made.arena;

    a->made.table = (zq_table){
        .name = before->name,
        .comment = before->comment,
        .engine = before->engine,
        .charset = before->charset,
        .collation = before->collation,
    };
    a->index_names = ZQ_NEW_ARRAY(arena, const char *, before->n_indexes);
    a->index_flags = ZQ_NEW_ARRAY(arena, unsigned, before->n_indexes);
    a->keys_dropped = ZQ_NEW_ARRAY(arena, bool, before->n_foreign_keys);
    a->extras_dropped = ZQ_NEW_ARRAY(arena, bool, before->n_extras);
    for (size_t i = 0; i < before->n_indexes; i++) {
        a->index_names[i] = before->indexes[i].name;
        a->index_flags[i] = before->indexes[i].flags;
    }
}

static zq_prediction apply(zq_alter *a, zq_table *out)
{
    zq_table after;

    begin(a);
    if (!read_statement(a))
        return ZQ_PREDICTION_UNKNOWN;
    after = a->made.table;
    if (!a->refused && !(zq_alter_settle_columns(a, &after) && zq_alter_settle_keys(a, &after) &&
                         zq_alter_settle_indexes(a, &after) && zq_alter_settle_options(a, &after)))
        return a->refused ? ZQ_PREDICTION_REFUSED : ZQ_PREDICTION_UNKNOWN;
    if (a->refused)
        return ZQ_PREDICTION_REFUSED;
    *out = after;
    return ZQ_PREDICTED;
}

static zq_prediction apply_text(const char *text, size_t length, zq_alter *a, zq_table *out)
{
    ZQ_AUTO_BUF(plain);
    const char *kept;

    if (!plain_text(text, length, &plain))
        return ZQ_PREDICTION_UNKNOWN;
    kept = zq_arena_strndup(a->made.arena, zq_buf_text(&plain), plain.length);
    a->made.cursor = zq_cursor_on(kept, plain.length);
    return apply(a, out);
}

zq_prediction zq_predict(const char *text, size_t length, zq_flavor flavor, const zq_table *before,
                         zq_arena *arena, zq_table *out_after)
{
    zq_alter a = {.made = {.flavor = flavor, .arena = arena}, .before = before};

    return apply_text(text, length, &a, out_after);
}

const char *zq_predict_obstacle(const char *text, size_t length, zq_flavor flavor,
                                const zq_table *before, zq_arena *arena)
{
    zq_alter a = {.made = {.flavor = flavor, .arena = arena}, .before = before};
    zq_table after;

    return apply_text(text, length, &a, &after) == ZQ_PREDICTION_REFUSED ? a.why : NULL;
}

static bool same_form(const zq_table *x, const zq_table *y)
{
    ZQ_AUTO_BUF(one);
    ZQ_AUTO_BUF(other);

    zq_canon_table(&one, x);
    zq_canon_table(&other, y);
    return strcmp(zq_buf_text(&one), zq_buf_text(&other)) == 0;
}

zq_done zq_predict_is_done(const char *text, size_t length, zq_flavor flavor, const zq_table *table,
                           zq_arena *arena)
{
    zq_alter first = {
        .made = {.flavor = flavor, .arena = arena}, .before = table, .repeated = true};
    zq_alter second = first;
    zq_table now = *table, once, twice;

    if (apply_text(text, length, &first, &once) != ZQ_PREDICTED || first.traceless)
        return ZQ_DONE_UNKNOWN;
    zq_reconcile(&now, &once, arena);
    if (same_form(&now, &once))
        return ZQ_DONE;
    second.before = &once;
    if (apply_text(text, length, &second, &twice) != ZQ_PREDICTED || !same_form(&once, &twice))
        return ZQ_DONE_UNKNOWN;
    return ZQ_DONE_NOT;
}
