/* What CREATE TABLE and ALTER TABLE say in the same words: attributes of columns, parts and options
 * of indexes, foreign keys.
 *
 * Arrays grow while the text is read, so a pointer into one is valid only until the next item is
 * added. What the model has no place for becomes an extra. */
#include "sql/table/parts.h"

#include "sql/table/expr.h"
#include "sql/table/normal.h"

#include <ctype.h>
#include <string.h>

zq_index *zq_parts_add_index(zq_parts *b)
{
    b->indexes = zq_arena_grow(b->arena, b->indexes, sizeof *b->indexes, b->table.n_indexes);
    /* A clause may have taken one back, and left it as it was. */
    b->indexes[b->table.n_indexes] = (zq_index){0};
    return &b->indexes[b->table.n_indexes++];
}

static zq_foreign_key *add_key(zq_parts *b)
{
    b->keys = zq_arena_grow(b->arena, b->keys, sizeof *b->keys, b->table.n_foreign_keys);
    b->keys[b->table.n_foreign_keys] = (zq_foreign_key){0};
    return &b->keys[b->table.n_foreign_keys++];
}

void zq_parts_extra(zq_parts *b, const char *kind, const char *name, const char *text)
{
    *ZQ_APPEND(b->arena, b->extras, b->table.n_extras) = (zq_extra){kind, name, text};
}

const char *zq_parts_trimmed(zq_parts *b, const char *start, const char *end)
{
    while (end > start && isspace((unsigned char)end[-1]))
        end--;
    return zq_arena_strndup(b->arena, start, (size_t)(end - start));
}

const char *zq_parts_comment(const char *text)
{
    return *text != '\0' ? text : NULL;
}

/* ---- columns ---- */

static bool read_charset(zq_parts *b, zq_column *column)
{
    zq_cursor *cursor = &b->cursor;
    const char *name;

    if ((zq_cursor_words(cursor, "CHARACTER SET") || zq_cursor_words(cursor, "CHARSET")) &&
        zq_cursor_name(cursor, b->arena, &name)) {
        column->charset = zq_normal_charset(name, b->arena);
        return true;
    }
    if (zq_cursor_words(cursor, "COLLATE") && zq_cursor_name(cursor, b->arena, &name)) {
        column->collation = zq_normal_charset(name, b->arena);
        return true;
    }
    return false;
}

static bool read_generated(zq_parts *b, zq_column *column)
{
    zq_cursor ahead = b->cursor;
    const char *text;
    size_t length;

    zq_cursor_words(&ahead, "GENERATED ALWAYS");
    if (!zq_cursor_words(&ahead, "AS") || !zq_cursor_parens(&ahead, &text, &length))
        return false;
    column->generated = zq_expr_normal(text, length, b->arena);
    if (zq_cursor_words(&ahead, "STORED") || zq_cursor_words(&ahead, "PERSISTENT"))
        column->flags |= ZQ_STORED;
    else
        zq_cursor_words(&ahead, "VIRTUAL");
    b->cursor = ahead;
    return true;
}

static bool read_flag(zq_parts *b, zq_column *column)
{
    zq_cursor *cursor = &b->cursor;

    if (zq_cursor_words(cursor, "NOT NULL"))
        column->flags |= ZQ_NOT_NULL;
    else if (zq_cursor_words(cursor, "AUTO_INCREMENT"))
        column->flags |= ZQ_AUTO_INCREMENT;
    else if (zq_cursor_words(cursor, "INVISIBLE"))
        column->flags |= ZQ_INVISIBLE;
    else if (!zq_cursor_words(cursor, "NULL"))
        return false;
    return true;
}

/* MariaDB's JSON is a longtext with this check. */
static bool is_json_check(zq_parts *b, const zq_column *column, const char *check)
{
    return (column->type.kind == ZQ_TYPE_LONGTEXT || column->type.kind == ZQ_TYPE_JSON) &&
           strcmp(check, zq_arena_printf(b->arena, "json_valid(`%s`)", column->name)) == 0;
}

static bool read_check(zq_parts *b, zq_column *column)
{
    const char *text;
    size_t length;

    if (!zq_cursor_words(&b->cursor, "CHECK") || !zq_cursor_parens(&b->cursor, &text, &length))
        return false;
    text = zq_expr_normal(text, length, b->arena);
    if (is_json_check(b, column, text))
        column->type = (zq_type){.kind = ZQ_TYPE_JSON};
    else
        zq_parts_extra(b, "check", column->name, text);
    return true;
}

static bool read_value(zq_parts *b, zq_column *column)
{
    zq_cursor *cursor = &b->cursor;
    const char *text;

    if (zq_cursor_words(cursor, "DEFAULT")) {
        const char *charset = column->charset != NULL ? column->charset : "utf8mb4";

        column->def = zq_normal_default(cursor, &column->type, charset, b->arena);
        return true;
    }
    if (zq_cursor_words(cursor, "ON UPDATE")) {
        column->on_update = zq_normal_now(cursor, b->arena);
        return true;
    }
    if (zq_cursor_words(cursor, "COMMENT") && zq_cursor_string(cursor, b->arena, &text, NULL)) {
        column->comment = zq_parts_comment(text);
        return true;
    }
    return false;
}

bool zq_parts_attribute(zq_parts *b, zq_column *column)
{
    return read_charset(b, column) || read_generated(b, column) || read_flag(b, column) ||
           read_value(b, column) || read_check(b, column);
}

/* ---- indexes ---- */

static bool read_part(zq_parts *b, zq_key_part *part)
{
    zq_cursor *cursor = &b->cursor;
    const char *text;
    size_t length;

    if (zq_cursor_parens(cursor, &text, &length))
        part->expression = zq_expr_normal(text, length, b->arena);
    else if (!zq_cursor_name(cursor, b->arena, &part->column))
        return false;
    if (part->column != NULL && zq_cursor_char(cursor, '(')) {
        zq_cursor_number(cursor, &part->length);
        zq_cursor_char(cursor, ')');
    }
    part->descending = zq_cursor_words(cursor, "DESC");
    if (!part->descending)
        zq_cursor_words(cursor, "ASC");
    return true;
}

bool zq_parts_key_parts(zq_parts *b, zq_index *index)
{
    zq_key_part *parts = NULL;
    size_t n = 0;

    if (!zq_cursor_char(&b->cursor, '('))
        return false;
    do {
        parts = zq_arena_grow(b->arena, parts, sizeof *parts, n);
        if (!read_part(b, &parts[n++]))
            return false;
        if (zq_cursor_words(&b->cursor, "WITHOUT OVERLAPS"))
            zq_parts_extra(b, "index", index->name, "WITHOUT OVERLAPS");
    } while (zq_cursor_char(&b->cursor, ','));
    index->parts = zq_arena_grow(b->arena, parts, sizeof *parts, n);
    return zq_cursor_char(&b->cursor, ')');
}

bool zq_parts_index_option(zq_parts *b, zq_index *index)
{
    zq_cursor *cursor = &b->cursor;
    const char *text;

    /* InnoDB has one kind of index, whatever was asked for. */
    if (zq_cursor_words(cursor, "USING BTREE") || zq_cursor_words(cursor, "USING HASH"))
        return true;
    if (zq_cursor_words(cursor, "INVISIBLE") || zq_cursor_words(cursor, "IGNORED"))
        index->flags |= ZQ_INVISIBLE;
    else if (zq_cursor_words(cursor, "COMMENT") && zq_cursor_string(cursor, b->arena, &text, NULL))
        index->comment = zq_parts_comment(text);
    else if (zq_cursor_words(cursor, "WITH PARSER") && zq_cursor_name(cursor, b->arena, &text))
        index->parser = text;
    else
        return false;
    return true;
}

/* ---- foreign keys ---- */

static const char *const *read_names(zq_parts *b)
{
    const char **names = NULL;
    size_t n = 0;
    const char *name;

    if (!zq_cursor_char(&b->cursor, '('))
        return NULL;
    while (zq_cursor_name(&b->cursor, b->arena, &name)) {
        *ZQ_APPEND(b->arena, names, n) = name;
        zq_cursor_char(&b->cursor, ',');
    }
    return zq_cursor_char(&b->cursor, ')') && n > 0
               ? zq_arena_grow(b->arena, names, sizeof *names, n)
               : NULL;
}

static zq_rule read_rule(zq_cursor *cursor)
{
    if (zq_cursor_words(cursor, "CASCADE"))
        return ZQ_CASCADE;
    if (zq_cursor_words(cursor, "SET NULL"))
        return ZQ_SET_NULL;
    if (zq_cursor_words(cursor, "SET DEFAULT"))
        return ZQ_SET_DEFAULT;
    if (!zq_cursor_words(cursor, "NO ACTION"))
        zq_cursor_words(cursor, "RESTRICT");
    return ZQ_RESTRICT;
}

bool zq_parts_foreign_key(zq_parts *b, const char *name)
{
    zq_foreign_key *key = add_key(b);
    zq_cursor *cursor = &b->cursor;

    key->name = name;
    key->columns = read_names(b);
    if (key->columns == NULL || !zq_cursor_words(cursor, "REFERENCES") ||
        !zq_cursor_name(cursor, b->arena, &key->ref_table))
        return false;
    if (zq_cursor_char(cursor, '.')) {
        key->ref_schema = key->ref_table;
        if (!zq_cursor_name(cursor, b->arena, &key->ref_table))
            return false;
    }
    key->ref_columns = read_names(b);
    for (;;) {
        if (zq_cursor_words(cursor, "ON DELETE"))
            key->on_delete = read_rule(cursor);
        else if (zq_cursor_words(cursor, "ON UPDATE"))
            key->on_update = read_rule(cursor);
        else
            return key->ref_columns != NULL;
    }
}

/* ---- charsets ---- */

void zq_parts_settle_charsets(zq_parts *b)
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
