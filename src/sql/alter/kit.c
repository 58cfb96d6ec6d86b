#include "sql/alter/kit.h"

#include "base/buf.h"

#include <stdarg.h>
#include <string.h>
#include <strings.h>

bool zq_alter_refuse(zq_alter *a, const char *format, ...)
{
    ZQ_AUTO_BUF(why);
    va_list arguments;

    if (!a->refused) {
        va_start(arguments, format);
        zq_buf_vprintf(&why, format, arguments);
        va_end(arguments);
        a->why = zq_arena_strdup(a->made.arena, zq_buf_text(&why));
    }
    a->refused = true;
    return true;
}

bool zq_alter_if_exists(zq_alter *a, bool *out_if)
{
    *out_if = zq_cursor_words(&a->made.cursor, "IF EXISTS");
    return !*out_if || a->made.flavor == ZQ_MARIADB;
}

bool zq_alter_if_not_exists(zq_alter *a, bool *out_if)
{
    *out_if = zq_cursor_words(&a->made.cursor, "IF NOT EXISTS");
    return !*out_if || a->made.flavor == ZQ_MARIADB;
}

bool zq_alter_same_name(const char *x, const char *y)
{
    return strcasecmp(x, y) == 0;
}

const zq_column *zq_alter_find_column(const zq_table *table, const char *name)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        if (zq_alter_same_name(table->columns[i].name, name))
            return &table->columns[i];
    }
    return NULL;
}

bool zq_alter_change_of(const zq_alter *a, const char *old, size_t *out)
{
    for (size_t i = 0; i < a->n_columns; i++) {
        if (a->columns[i].old != NULL && zq_alter_same_name(a->columns[i].old, old)) {
            *out = i;
            return true;
        }
    }
    return false;
}

const char *zq_alter_new_name(const zq_alter *a, const char *name)
{
    size_t at;

    return zq_alter_change_of(a, name, &at) ? a->columns[at].column.name : name;
}

void zq_alter_index_on(zq_alter *a, zq_index_kind kind, const char *column)
{
    zq_index *index = zq_parts_add_index(&a->made);
    zq_key_part *parts = ZQ_NEW_ARRAY(a->made.arena, zq_key_part, 2);

    parts[0].column = column;
    index->kind = kind;
    index->parts = parts;
    index->name = kind == ZQ_PRIMARY ? "PRIMARY" : NULL;
}
