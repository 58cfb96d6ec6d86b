#include "sql/table/create_parts.h"

#include "sql/table/normal.h"

#include <string.h>

static bool read_charset(zq_create *b, zq_column *column)
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

static bool read_generated(zq_create *b, zq_column *column)
{
    zq_cursor ahead = b->cursor;
    const char *text;
    size_t length;

    zq_cursor_words(&ahead, "GENERATED ALWAYS");
    if (!zq_cursor_words(&ahead, "AS") || !zq_cursor_parens(&ahead, &text, &length))
        return false;
    column->generated = zq_normal_expr(text, length, b->arena);
    if (zq_cursor_words(&ahead, "STORED") || zq_cursor_words(&ahead, "PERSISTENT"))
        column->flags |= ZQ_STORED;
    else
        zq_cursor_words(&ahead, "VIRTUAL");
    b->cursor = ahead;
    return true;
}

static bool read_flag(zq_create *b, zq_column *column)
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
static bool is_json_check(zq_create *b, const zq_column *column, const char *check)
{
    return (column->type.kind == ZQ_TYPE_LONGTEXT || column->type.kind == ZQ_TYPE_JSON) &&
           strcmp(check, zq_arena_printf(b->arena, "json_valid(`%s`)", column->name)) == 0;
}

static bool read_check(zq_create *b, zq_column *column)
{
    const char *text;
    size_t length;

    if (!zq_cursor_words(&b->cursor, "CHECK") || !zq_cursor_parens(&b->cursor, &text, &length))
        return false;
    text = zq_normal_expr(text, length, b->arena);
    if (is_json_check(b, column, text))
        column->type = (zq_type){.kind = ZQ_TYPE_JSON};
    else
        zq_create_extra(b, "check", column->name, text);
    return true;
}

static bool read_value(zq_create *b, zq_column *column)
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
        column->comment = zq_create_comment(text);
        return true;
    }
    return false;
}

/* What the model has no place for: COMPRESSED, SRID 4326, WITHOUT SYSTEM VERSIONING ... */
static void read_oddities(zq_create *b, const zq_column *column)
{
    const char *text;
    size_t length;

    zq_cursor_rest(&b->cursor, &text, &length);
    zq_create_extra(b, "column", column->name, zq_create_trimmed(b, text, text + length));
}

bool zq_create_attribute(zq_create *b, zq_column *column)
{
    return read_charset(b, column) || read_generated(b, column) || read_flag(b, column) ||
           read_value(b, column) || read_check(b, column);
}

void zq_create_column(zq_create *b, zq_column *column)
{
    zq_cursor_ident(&b->cursor, b->arena, &column->name);
    column->type = zq_normal_type(&b->cursor, b->arena);
    while (!zq_cursor_sees(&b->cursor, ',') && !zq_cursor_sees(&b->cursor, ')') &&
           !zq_cursor_at_end(&b->cursor)) {
        /* MariaDB and MySQL give every attribute a place; their order differs. */
        if (zq_cursor_words(&b->cursor, "COMPRESSED"))
            zq_create_extra(b, "column", column->name, "COMPRESSED");
        else if (!zq_create_attribute(b, column))
            read_oddities(b, column);
    }
}
