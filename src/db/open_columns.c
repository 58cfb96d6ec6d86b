/* The columns that members of an open family have of the application: not part of what a member is,
 * so they stay out of its sum, and are counted.
 *
 * The columns that are the family's must keep their places among themselves. As long as the
 * application's stand behind them, a column's place in the table is its place in the family; a
 * member where they do not is read in full. The application adds columns at the end, so there are
 * none. */
#include "db/reading.h"
#include "model/family.h"
#include "sql/table/normal.h"

#include <stdlib.h>
#include <string.h>

/* Where the values stand in a row of columns, its table's name included. */
enum { POSITION = 1, NAME = 2, TYPE = 3, NULLABLE = 4, EXTRA = 6, GENERATION = 9 };

/* EXTRA of a default that is an expression, in MySQL. */
#define DEFAULT_IS_EXPRESSION "DEFAULT_GENERATED"

static bool is_empty(const char *value)
{
    return value == NULL || *value == '\0';
}

bool zq_reading_row_is_open(const zq_table *family, const zq_row *row, zq_arena *arena)
{
    zq_column column = {.name = zq_row_text(row, NAME)};
    zq_cursor type;

    if (!family->open || zq_table_column(family, column.name) != NULL)
        return false;
    type = zq_cursor_on(zq_row_text(row, TYPE), zq_row_length(row, TYPE));
    column.type = zq_normal_type(&type, arena);
    if (strcmp(zq_row_text(row, NULLABLE), "YES") != 0)
        column.flags |= ZQ_NOT_NULL;
    if (!is_empty(zq_row_text(row, EXTRA)) &&
        strcmp(zq_row_text(row, EXTRA), DEFAULT_IS_EXPRESSION) != 0)
        column.flags |= ZQ_INVISIBLE;
    if (!is_empty(zq_row_text(row, GENERATION)))
        column.generated = zq_row_text(row, GENERATION);
    return zq_family_leaves_open(family, &column);
}

void zq_reading_member_place(zq_catalog_member *member, const zq_row *row, bool is_open)
{
    const uint16_t position = (uint16_t)strtoul(zq_row_text(row, POSITION), NULL, 10);

    if (!is_open && position > member->last_own)
        member->last_own = position;
    if (is_open && (member->first_open == 0 || position < member->first_open))
        member->first_open = position;
}

bool zq_reading_member_is_mixed(const zq_catalog_member *member)
{
    return member->first_open != 0 && member->first_open < member->last_own;
}

/* Members tend to have the same columns in the same order: the one after the last is tried first.
 */
void zq_opened_count(zq_opened *list, zq_arena *arena, const zq_table *family, const char *name,
                     size_t n_members)
{
    zq_open_column *column;

    for (size_t i = 0; i < list->n; i++) {
        const size_t at = (list->next + i) % list->n;

        column = &list->items[at];
        if (column->family == family && strcmp(column->name, name) == 0) {
            column->n_members += n_members;
            list->next = at + 1;
            return;
        }
    }
    *ZQ_APPEND(arena, list->items, list->n) =
        (zq_open_column){family, zq_arena_strdup(arena, name), n_members};
    list->next = 0;
}

static int by_family_and_name(const void *a, const void *b)
{
    const zq_open_column *x = a, *y = b;
    const int families = strcmp(x->family->name, y->family->name);

    return families != 0 ? families : strcmp(x->name, y->name);
}

void zq_opened_take(zq_opened *to, zq_arena *arena, const zq_opened *from)
{
    for (size_t i = 0; i < from->n; i++)
        zq_opened_count(to, arena, from->items[i].family, from->items[i].name,
                        from->items[i].n_members);
    if (to->n > 1)
        qsort(to->items, to->n, sizeof *to->items, by_family_and_name);
}
