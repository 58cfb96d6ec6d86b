/* Reads SHOW CREATE TABLE of both servers, line by line.
 *
 * It is the only text in which a server says all of a table, and the only one that is safe:
 * information_schema damages expressions with four-byte characters, and cuts long CHECKs. The words
 * of a statement that people write are another matter: sql/alter reads those, with the same parts
 * (sql/table/parts.h). What a line says and the model has no place for is kept as an extra in the
 * server's words, never passed over: a table is only equal to another when its extras are. */
#include "sql/table/show_create_read.h"

#include "sql/table/expr.h"
#include "sql/table/normal.h"
#include "sql/table/parts.h"

#include <ctype.h>
#include <string.h>

static zq_column *add_column(zq_parts *b)
{
    b->columns = zq_arena_grow(b->arena, b->columns, sizeof *b->columns, b->table.n_columns);
    b->columns[b->table.n_columns] = (zq_column){0};
    return &b->columns[b->table.n_columns++];
}

/* ---- the lines in the parentheses ---- */

/* What the model has no place for: COMPRESSED, SRID 4326, WITHOUT SYSTEM VERSIONING ... */
static void read_oddities(zq_parts *b, const zq_column *column)
{
    const char *text;
    size_t length;

    zq_cursor_rest(&b->cursor, &text, &length);
    zq_parts_extra(b, "column", column->name, zq_parts_trimmed(b, text, text + length));
}

static void read_column(zq_parts *b, zq_column *column)
{
    zq_cursor_ident(&b->cursor, b->arena, &column->name);
    column->type = zq_normal_type(&b->cursor, b->arena);
    while (!zq_cursor_sees(&b->cursor, ',') && !zq_cursor_sees(&b->cursor, ')') &&
           !zq_cursor_at_end(&b->cursor)) {
        /* MariaDB and MySQL give every attribute a place; their order differs. */
        if (zq_cursor_words(&b->cursor, "COMPRESSED"))
            zq_parts_extra(b, "column", column->name, "COMPRESSED");
        else if (!zq_parts_attribute(b, column))
            read_oddities(b, column);
    }
}

static void read_index_options(zq_parts *b, zq_index *index)
{
    zq_cursor *cursor = &b->cursor;
    const char *text;
    size_t length;

    while (!zq_cursor_sees(cursor, ',') && !zq_cursor_sees(cursor, ')') &&
           !zq_cursor_at_end(cursor)) {
        if (zq_parts_index_option(b, index))
            continue;
        zq_cursor_rest(cursor, &text, &length);
        zq_parts_extra(b, "index", index->name, zq_parts_trimmed(b, text, text + length));
    }
}

static bool read_index(zq_parts *b)
{
    static const struct {
        const char *words;
        zq_index_kind kind;
    } kinds[] = {
        {"PRIMARY KEY", ZQ_PRIMARY},   {"UNIQUE KEY", ZQ_UNIQUE},   {"KEY", ZQ_INDEX},
        {"FULLTEXT KEY", ZQ_FULLTEXT}, {"SPATIAL KEY", ZQ_SPATIAL},
    };

    for (size_t i = 0; i < ZQ_LEN(kinds); i++) {
        zq_index *index;

        if (!zq_cursor_words(&b->cursor, kinds[i].words))
            continue;
        index = zq_parts_add_index(b);
        index->kind = kinds[i].kind;
        index->name = "PRIMARY";
        if (index->kind != ZQ_PRIMARY && !zq_cursor_name(&b->cursor, b->arena, &index->name))
            return false;
        if (!zq_parts_key_parts(b, index))
            return false;
        read_index_options(b, index);
        return true;
    }
    return false;
}

static bool read_constraint(zq_parts *b)
{
    const char *name = "", *text;
    size_t length;

    if (zq_cursor_words(&b->cursor, "CONSTRAINT") && !zq_cursor_name(&b->cursor, b->arena, &name))
        return false;
    if (zq_cursor_words(&b->cursor, "FOREIGN KEY"))
        return zq_parts_foreign_key(b, name);
    if (!zq_cursor_words(&b->cursor, "CHECK") || !zq_cursor_parens(&b->cursor, &text, &length))
        return false;
    text = zq_expr_normal(text, length, b->arena);
    if (zq_cursor_words(&b->cursor, "NOT ENFORCED"))
        text = zq_arena_printf(b->arena, "%s not enforced", text);
    zq_parts_extra(b, "check", name, text);
    return true;
}

/* A line of the list in the parentheses; one that the model does not have is an extra. */
static void read_item(zq_parts *b)
{
    const zq_cursor start = b->cursor;
    const size_t n_indexes = b->table.n_indexes, n_keys = b->table.n_foreign_keys;
    const char *text;
    size_t length;

    if (zq_cursor_sees(&b->cursor, '`')) {
        read_column(b, add_column(b));
        return;
    }
    if (read_index(b))
        return;
    b->cursor = start;
    b->table.n_indexes = n_indexes;
    if (read_constraint(b))
        return;
    b->cursor = start;
    b->table.n_foreign_keys = n_keys;
    zq_cursor_rest(&b->cursor, &text, &length);
    zq_parts_extra(b, "clause", "", zq_parts_trimmed(b, text, text + length));
}

/* ---- the table's own options ---- */

static void read_partitions(zq_parts *b)
{
    const char *end = b->cursor.end;
    const char *start;

    zq_cursor_space(&b->cursor);
    start = b->cursor.at;
    while (end > start && (isspace((unsigned char)end[-1]) ||
                           (end - start >= 2 && end[-1] == '/' && end[-2] == '*')))
        end -= end[-1] == '/' ? 2 : 1;
    zq_parts_extra(b, "partitions", "", zq_parts_trimmed(b, start, end));
    b->cursor.at = b->cursor.end;
}

/* What the server adds to each table of which nobody says it, by a setting of its own: where it
 * lies without innodb_file_per_table, and on MariaDB that it is compressed (by
 * innodb_compression_default; who says so in a statement mostly writes 1) and the key that it is
 * encrypted by (innodb_default_encryption_key_id). */
static bool is_of_server(zq_parts *b)
{
    zq_cursor ahead = b->cursor;
    const char *name, *value;
    bool known;

    if (zq_cursor_words(&ahead, "TABLESPACE"))
        known = zq_cursor_name(&ahead, b->arena, &name) && strcmp(name, "innodb_system") == 0;
    else
        known = zq_cursor_name(&ahead, b->arena, &name) && zq_cursor_char(&ahead, '=') &&
                zq_cursor_string(&ahead, b->arena, &value, NULL) &&
                (strcmp(name, "ENCRYPTION_KEY_ID") == 0 ||
                 (strcmp(name, "PAGE_COMPRESSED") == 0 && strcmp(value, "ON") == 0));
    if (known)
        b->cursor = ahead;
    return known;
}

/* NAME=VALUE, `NAME`='VALUE', TABLESPACE `x`, WITH SYSTEM VERSIONING. */
static void read_option(zq_parts *b)
{
    const char *name, *start, *text;
    size_t length;

    zq_cursor_space(&b->cursor);
    start = b->cursor.at;
    if (zq_cursor_words(&b->cursor, "WITH SYSTEM VERSIONING")) {
        zq_parts_extra(b, "option", "WITH SYSTEM VERSIONING", "WITH SYSTEM VERSIONING");
        return;
    }
    if (!zq_cursor_name(&b->cursor, b->arena, &name)) {
        b->cursor.at++;
        return;
    }
    zq_cursor_char(&b->cursor, '=');
    if (!zq_cursor_string(&b->cursor, b->arena, &text, NULL) &&
        !zq_cursor_ident(&b->cursor, b->arena, &text) &&
        !zq_cursor_parens(&b->cursor, &text, &length))
        zq_cursor_bare(&b->cursor, &text, &length);
    zq_parts_extra(b, "option", name, zq_parts_trimmed(b, start, b->cursor.at));
}

/* One of the options that the model has; false when it is not one of them. */
static bool read_known_option(zq_parts *b)
{
    zq_cursor ahead = b->cursor;
    const char *text = NULL;
    unsigned counter;
    bool known = false;

    if (zq_cursor_words(&ahead, "ENGINE") && zq_cursor_char(&ahead, '='))
        known = zq_cursor_name(&ahead, b->arena, &b->table.engine);
    else if (zq_cursor_words(&ahead, "AUTO_INCREMENT") && zq_cursor_char(&ahead, '='))
        known = zq_cursor_number(&ahead, &counter);
    else if (zq_cursor_words(&ahead, "DEFAULT CHARSET") && zq_cursor_char(&ahead, '=')) {
        known = zq_cursor_name(&ahead, b->arena, &text);
        b->table.charset = zq_normal_charset(text, b->arena);
    } else if (zq_cursor_words(&ahead, "COLLATE") && zq_cursor_char(&ahead, '=')) {
        known = zq_cursor_name(&ahead, b->arena, &text);
        b->table.collation = zq_normal_charset(text, b->arena);
    } else if (zq_cursor_words(&ahead, "COMMENT") && zq_cursor_char(&ahead, '=')) {
        known = zq_cursor_string(&ahead, b->arena, &text, NULL);
        b->table.comment = known ? zq_parts_comment(text) : NULL;
    }
    if (known)
        b->cursor = ahead;
    return known;
}

static void read_options(zq_parts *b)
{
    while (!zq_cursor_at_end(&b->cursor)) {
        if (read_known_option(b) || is_of_server(b))
            continue;
        if (zq_cursor_words(&b->cursor, "PARTITION")) {
            b->cursor.at -= strlen("PARTITION");
            read_partitions(b);
        } else
            read_option(b);
    }
}

zq_rc zq_show_create_read(const char *text, size_t length, zq_flavor flavor, zq_arena *arena,
                          zq_table *out_table, zq_err *err)
{
    zq_parts b = {.cursor = zq_cursor_on(text, length), .flavor = flavor, .arena = arena};

    if (!zq_cursor_words(&b.cursor, "CREATE") ||
        (zq_cursor_words(&b.cursor, "TEMPORARY"), !zq_cursor_words(&b.cursor, "TABLE")) ||
        !zq_cursor_ident(&b.cursor, arena, &b.table.name) || !zq_cursor_char(&b.cursor, '('))
        return zq_fail(err, ZQ_E_SERVER, "SHOW CREATE TABLE gives no table: %.80s", text);
    do {
        read_item(&b);
    } while (zq_cursor_char(&b.cursor, ','));
    if (!zq_cursor_char(&b.cursor, ')')) {
        zq_fail(err, ZQ_E_SERVER, "the definition of table '%s' is not understood", b.table.name);
        return zq_err_detail(err, "at: %.80s", b.cursor.at);
    }
    read_options(&b);
    b.table.columns = b.columns;
    b.table.indexes = b.indexes;
    b.table.foreign_keys = b.keys;
    b.table.extras = b.extras;
    zq_parts_settle_charsets(&b);
    *out_table = b.table;
    return ZQ_OK;
}
