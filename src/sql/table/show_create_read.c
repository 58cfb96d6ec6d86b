#include "sql/table/show_create_read.h"

#include "sql/table/create_parts.h"
#include "sql/table/normal.h"

#include <ctype.h>
#include <string.h>

static zq_column *add_column(zq_create *b)
{
    b->columns = zq_arena_grow(b->arena, b->columns, sizeof *b->columns, b->table.n_columns);
    b->columns[b->table.n_columns] = (zq_column){0};
    return &b->columns[b->table.n_columns++];
}

zq_index *zq_create_add_index(zq_create *b)
{
    b->indexes = zq_arena_grow(b->arena, b->indexes, sizeof *b->indexes, b->table.n_indexes);
    /* A clause may have taken one back, and left it as it was. */
    b->indexes[b->table.n_indexes] = (zq_index){0};
    return &b->indexes[b->table.n_indexes++];
}

zq_foreign_key *zq_create_add_key(zq_create *b)
{
    b->keys = zq_arena_grow(b->arena, b->keys, sizeof *b->keys, b->table.n_foreign_keys);
    b->keys[b->table.n_foreign_keys] = (zq_foreign_key){0};
    return &b->keys[b->table.n_foreign_keys++];
}

void zq_create_extra(zq_create *b, const char *kind, const char *name, const char *text)
{
    b->extras = zq_arena_grow(b->arena, b->extras, sizeof *b->extras, b->table.n_extras);
    b->extras[b->table.n_extras++] = (zq_extra){kind, name, text};
}

const char *zq_create_trimmed(zq_create *b, const char *start, const char *end)
{
    while (end > start && isspace((unsigned char)end[-1]))
        end--;
    return zq_arena_strndup(b->arena, start, (size_t)(end - start));
}

const char *zq_create_comment(const char *text)
{
    return *text != '\0' ? text : NULL;
}

/* A line of the list in the parentheses; one that is none of what the model has is an extra. */
static void read_item(zq_create *b)
{
    const zq_cursor start = b->cursor;
    const size_t n_indexes = b->table.n_indexes, n_keys = b->table.n_foreign_keys;
    const char *text;
    size_t length;

    if (zq_cursor_sees(&b->cursor, '`')) {
        zq_create_column(b, add_column(b));
        return;
    }
    if (zq_create_index(b))
        return;
    b->cursor = start;
    b->table.n_indexes = n_indexes;
    if (zq_create_constraint(b))
        return;
    b->cursor = start;
    b->table.n_foreign_keys = n_keys;
    zq_cursor_rest(&b->cursor, &text, &length);
    zq_create_extra(b, "clause", "", zq_create_trimmed(b, text, text + length));
}

/* ---- the table's own options ---- */

static void read_partitions(zq_create *b)
{
    const char *end = b->cursor.end;
    const char *start;

    zq_cursor_space(&b->cursor);
    start = b->cursor.at;
    while (end > start && (isspace((unsigned char)end[-1]) ||
                           (end - start >= 2 && end[-1] == '/' && end[-2] == '*')))
        end -= end[-1] == '/' ? 2 : 1;
    zq_create_extra(b, "partitions", "", zq_create_trimmed(b, start, end));
    b->cursor.at = b->cursor.end;
}

/* Where the server puts tables of which nothing is said, without innodb_file_per_table. */
static bool is_system_tablespace(zq_create *b)
{
    zq_cursor ahead = b->cursor;
    const char *name;

    if (!zq_cursor_words(&ahead, "TABLESPACE") || !zq_cursor_name(&ahead, b->arena, &name) ||
        strcmp(name, "innodb_system") != 0)
        return false;
    b->cursor = ahead;
    return true;
}

/* NAME=VALUE, `NAME`='VALUE', TABLESPACE `x`, WITH SYSTEM VERSIONING. */
static void read_option(zq_create *b)
{
    const char *name, *start, *text;
    size_t length;

    zq_cursor_space(&b->cursor);
    start = b->cursor.at;
    if (zq_cursor_words(&b->cursor, "WITH SYSTEM VERSIONING")) {
        zq_create_extra(b, "option", "WITH SYSTEM VERSIONING", "WITH SYSTEM VERSIONING");
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
    zq_create_extra(b, "option", name, zq_create_trimmed(b, start, b->cursor.at));
}

/* One of the options that the model has; false when it is none of them. */
static bool read_known_option(zq_create *b)
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
        b->table.comment = known ? zq_create_comment(text) : NULL;
    }
    if (known)
        b->cursor = ahead;
    return known;
}

static void read_options(zq_create *b)
{
    while (!zq_cursor_at_end(&b->cursor)) {
        if (read_known_option(b) || is_system_tablespace(b))
            continue;
        if (zq_cursor_words(&b->cursor, "PARTITION")) {
            b->cursor.at -= strlen("PARTITION");
            read_partitions(b);
        } else
            read_option(b);
    }
}

void zq_create_settle_charsets(zq_create *b)
{
    zq_table *table = &b->table;

    if (table->charset == NULL && table->collation != NULL)
        table->charset = zq_collation_charset(table->collation, b->arena);
    if (table->collation == NULL && table->charset != NULL)
        table->collation = zq_default_collation(table->charset, b->flavor);
    for (size_t i = 0; i < table->n_columns; i++) {
        zq_column *column = &b->columns[i];

        if (!zq_type_is_text(&column->type)) {
            column->charset = column->collation = NULL;
            continue;
        }
        if (column->charset != NULL && column->collation == NULL)
            column->collation = zq_default_collation(column->charset, b->flavor);
        if (column->collation != NULL)
            column->charset = zq_collation_charset(column->collation, b->arena);
        if (column->collation != NULL && strcmp(column->collation, zq_table_collation(table)) == 0)
            column->charset = column->collation = NULL;
    }
}

zq_rc zq_create_parse(const char *text, size_t length, zq_flavor flavor, zq_arena *arena,
                      zq_table *out_table, zq_err *err)
{
    zq_create b = {.cursor = zq_cursor_on(text, length), .flavor = flavor, .arena = arena};

    if (!zq_cursor_words(&b.cursor, "CREATE") ||
        (zq_cursor_words(&b.cursor, "TEMPORARY"), !zq_cursor_words(&b.cursor, "TABLE")) ||
        !zq_cursor_ident(&b.cursor, arena, &b.table.name) || !zq_cursor_char(&b.cursor, '('))
        return zq_fail(err, ZQ_E_SERVER, "SHOW CREATE TABLE gives no table: %.80s", text);
    do {
        read_item(&b);
    } while (zq_cursor_char(&b.cursor, ','));
    if (!zq_cursor_char(&b.cursor, ')')) {
        zq_fail(err, ZQ_E_SERVER, "the definition of table '%s' is not understood", b.table.name);
        zq_err_detail(err, "at: %.80s", b.cursor.at);
        return ZQ_E_SERVER;
    }
    read_options(&b);
    b.table.columns = b.columns;
    b.table.indexes = b.indexes;
    b.table.foreign_keys = b.keys;
    b.table.extras = b.extras;
    zq_create_settle_charsets(&b);
    *out_table = b.table;
    return ZQ_OK;
}
