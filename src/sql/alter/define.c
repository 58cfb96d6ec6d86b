/* A column's definition as people write it: SHOW CREATE TABLE's syntax, and what the servers take
 * besides it.
 *
 * Types and attributes are read by what reads SHOW CREATE TABLE (sql/table); here is what people
 * may write that no server prints: PRIMARY KEY and UNIQUE behind a column, TRUE and FALSE, NULL,
 * synonyms. What a server would print in another way than it was written, and in a way that is not
 * known for certain, makes the whole statement "unknown". */
#include "sql/alter/kit.h"

#include "sql/table/normal.h"

#include <string.h>

/* A type that the model does not know, but that both servers print as it is written. */
static bool is_plain_type(const zq_type *type)
{
    static const char *const names[] = {
        "geometry",        "point",        "linestring", "polygon", "multipoint",
        "multilinestring", "multipolygon", "inet6",      "uuid",
    };

    if (type->kind != ZQ_TYPE_OTHER)
        return true;
    for (size_t i = 0; i < ZQ_LEN(names); i++) {
        if (strcmp(type->other, names[i]) == 0)
            return true;
    }
    return (strncmp(type->other, "double(", 7) == 0 || strncmp(type->other, "float(", 6) == 0) &&
           strchr(type->other, ' ') == NULL;
}

/* An attribute that makes an index. */
static bool read_index_attribute(zq_alter *a, const zq_column *column)
{
    if (zq_alter_words(a, "PRIMARY KEY") || zq_alter_words(a, "KEY")) {
        zq_alter_index_on(a, ZQ_PRIMARY, column->name);
        return true;
    }
    if (!zq_alter_words(a, "UNIQUE"))
        return false;
    zq_alter_words(a, "KEY");
    zq_alter_index_on(a, ZQ_UNIQUE, column->name);
    return true;
}

/* MySQL names the check of a column by itself. */
static bool is_unknown_check(zq_alter *a)
{
    zq_cursor ahead = a->made.cursor;

    return a->made.flavor == ZQ_MYSQL && zq_cursor_words(&ahead, "CHECK");
}

/* "(5)" is printed with its parentheses, and so not as "5" is in every type. */
static bool read_default_expr(zq_alter *a, zq_column *column)
{
    column->def = zq_normal_default(&a->made.cursor, &column->type, ZQ_CHARSET, a->made.arena);
    return column->def.kind == ZQ_DEFAULT_EXPR ||
           (a->made.flavor == ZQ_MYSQL && zq_type_is_text(&column->type));
}

/* TRUE is 1, and what begins with a charset's introducer is not known. */
bool zq_alter_default(zq_alter *a, zq_column *column)
{
    zq_cursor *cursor = &a->made.cursor;

    if (zq_cursor_sees(cursor, '_'))
        return false;
    if (zq_cursor_sees(cursor, '('))
        return read_default_expr(a, column);
    if (zq_alter_words(a, "TRUE"))
        column->def = (zq_default){ZQ_DEFAULT_LITERAL, "1"};
    else if (zq_alter_words(a, "FALSE"))
        column->def = (zq_default){ZQ_DEFAULT_LITERAL, "0"};
    else
        column->def = zq_normal_default(cursor, &column->type, ZQ_CHARSET, a->made.arena);
    return column->def.kind != ZQ_DEFAULT_EXPR ||
           strncmp(column->def.text, "CURRENT_TIMESTAMP", 17) == 0 ||
           strcmp(column->def.text, "(uuid())") == 0;
}

static bool read_attribute(zq_alter *a, zq_column *column, bool *io_nullable)
{
    if (is_unknown_check(a))
        return false;
    if (zq_alter_words(a, "DEFAULT"))
        return zq_alter_default(a, column);
    if (zq_alter_words(a, "VISIBLE") || read_index_attribute(a, column))
        return true;
    if (zq_alter_words(a, "NULL")) {
        *io_nullable = true;
        return true;
    }
    return zq_parts_attribute(&a->made, column);
}

/* Older releases of MariaDB give the first TIMESTAMP of a table a default of its own. */
static bool is_implicit_timestamp(const zq_alter *a, const zq_column *column, bool nullable)
{
    return a->made.flavor == ZQ_MARIADB && column->type.kind == ZQ_TYPE_TIMESTAMP && !nullable &&
           column->def.kind == ZQ_DEFAULT_NONE;
}

bool zq_alter_definition(zq_alter *a, zq_column *column)
{
    zq_cursor *cursor = &a->made.cursor;
    bool nullable = false;

    column->type = zq_normal_type(cursor, a->made.arena);
    if (!is_plain_type(&column->type))
        return false;
    for (;;) {
        zq_cursor ahead = *cursor;

        if (zq_cursor_at_end(cursor) || zq_cursor_sees(cursor, ',') || zq_cursor_sees(cursor, ')'))
            break;
        if (zq_cursor_words(&ahead, "FIRST") || zq_cursor_words(&ahead, "AFTER"))
            break;
        if (!read_attribute(a, column, &nullable))
            return false;
    }
    if (column->flags & ZQ_AUTO_INCREMENT)
        column->flags |= ZQ_NOT_NULL;
    /* MariaDB takes no NOT NULL there. */
    if (column->generated != NULL && a->made.flavor == ZQ_MARIADB && (column->flags & ZQ_NOT_NULL))
        return false;
    return !is_implicit_timestamp(a, column, nullable) && zq_alter_column_settled(a, column);
}
