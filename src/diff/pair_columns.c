/* Columns are matched by name; their order counts, since rows are dumped, loaded and looked at in
 * it.
 *
 * What has another place is not what moved: of "b a c" for "a b c" either a or b may have. The
 * fewest moves are what is left beside a longest rising sequence of places, so an added column
 * moves no other. Moves are listed so that each, done in turn, finds the column that it comes after
 * at its place. */
#include "diff/pair_columns.h"

#include <string.h>

static const char *describe_column(zq_pair *w, const zq_table *table, const zq_column *column)
{
    zq_column plain = {.name = column->name, .type = column->type};

    return zq_pair_describe(w, &zq_properties_column, table, column, &plain);
}

/* The place of a column that both have, in `actual`; n_columns when it is not there. */
static size_t place_in(const zq_table *table, const char *name)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        if (strcmp(table->columns[i].name, name) == 0)
            return i;
    }
    return table->n_columns;
}

/* Which columns of `desired` keep their order: a longest rising sequence of their places in
 * `actual`. What is left is the fewest that must move. `places` and `out_stays` are by place in
 * `desired`. Quadratic, and only run for a table whose order differs. */
static void find_stayers(zq_pair *w, const size_t *places, bool *out_stays)
{
    size_t n = w->desired->n_columns;
    size_t *length = ZQ_NEW_ARRAY(w->arena, size_t, n);
    size_t *previous = ZQ_NEW_ARRAY(w->arena, size_t, n);
    size_t best = n;

    for (size_t i = 0; i < n; i++) {
        if (places[i] == w->actual->n_columns)
            continue;
        length[i] = 1;
        previous[i] = n;
        for (size_t j = 0; j < i; j++) {
            if (length[j] + 1 > length[i] && places[j] < places[i] && length[j] > 0) {
                length[i] = length[j] + 1;
                previous[i] = j;
            }
        }
        if (best == n || length[i] > length[best])
            best = i;
    }
    for (; best != n; best = previous[best])
        out_stays[best] = true;
}

static bool is_rising(const size_t *places, size_t n, size_t missing)
{
    size_t last = 0;

    for (size_t i = 0; i < n; i++) {
        if (places[i] == missing)
            continue;
        if (places[i] < last)
            return false;
        last = places[i];
    }
    return true;
}

/* "after 'x'", or "first" */
static const char *where(zq_pair *w, const zq_table *table, size_t place)
{
    if (place == 0)
        return "first";
    return zq_arena_printf(w->arena, "after '%s'", table->columns[place - 1].name);
}

/* What the column was called; NULL when it has its name. */
static const char *old_name(const zq_pair *w, const char *name)
{
    const zq_renaming *r = &w->renaming;

    for (size_t i = 0; r->renames && i < r->from->n_columns; i++) {
        if (r->columns[i] != NULL && strcmp(r->columns[i], name) == 0 &&
            strcmp(r->from->columns[i].name, name) != 0)
            return r->from->columns[i].name;
    }
    return NULL;
}

static void add_column(zq_pair *w, size_t place)
{
    const zq_column *column = &w->desired->columns[place];
    zq_change *change = zq_pair_add(w, ZQ_OP_ADD_COLUMN, column->name);

    change->to = column;
    change->after = place > 0 ? column[-1].name : NULL;
    change->expected = zq_arena_printf(w->arena, "%s, %s", describe_column(w, w->desired, column),
                                       where(w, w->desired, place));
}

static void move_column(zq_pair *w, size_t place, size_t place_now)
{
    const zq_column *column = &w->desired->columns[place];
    zq_change *change = zq_pair_add(w, ZQ_OP_MOVE_COLUMN, column->name);

    change->to = column;
    change->from = &w->actual->columns[place_now];
    change->mask = ZQ_DIFF_POSITION;
    change->was = old_name(w, column->name);
    change->after = place > 0 ? column[-1].name : NULL;
    change->expected = where(w, w->desired, place);
    change->found = where(w, w->actual, place_now);
}

/* A column whose name another one takes goes, too. */
static bool goes(const zq_pair *w, size_t i)
{
    const char *name =
        w->renaming.renames ? w->renaming.columns[i] : w->renaming.from->columns[i].name;

    return name == NULL || place_in(w->desired, name) == w->desired->n_columns;
}

static void drop_columns(zq_pair *w)
{
    const zq_table *there = w->renaming.from;

    for (size_t i = 0; i < there->n_columns; i++) {
        const zq_column *column = &there->columns[i];
        zq_change *change;

        if (!goes(w, i))
            continue;
        change = zq_pair_add(w, ZQ_OP_DROP_COLUMN, column->name);
        change->from = column;
        change->found = describe_column(w, there, column);
    }
}

static void rename_column(zq_pair *w, const zq_column *column)
{
    const char *was = old_name(w, column->name);
    zq_change *change;

    if (was == NULL)
        return;
    change = zq_pair_add(w, ZQ_OP_RENAME_COLUMN, column->name);
    change->from = zq_table_column(w->actual, column->name);
    change->to = column;
    change->was = was;
    change->expected = column->name;
    change->found = was;
}

static void compare_column(zq_pair *w, const zq_column *to, const zq_column *from)
{
    const size_t n = w->n;

    zq_pair_compare(w, ZQ_OP_ALTER_COLUMN, to->name, &zq_properties_column, to, from);
    if (w->n > n)
        w->items[n].was = old_name(w, to->name);
}

void zq_pair_columns(zq_pair *w)
{
    size_t n = w->desired->n_columns;
    size_t missing = w->actual->n_columns;
    size_t *places = ZQ_NEW_ARRAY(w->arena, size_t, n + 1);
    bool *stays = ZQ_NEW_ARRAY(w->arena, bool, n + 1);

    drop_columns(w);
    for (size_t i = 0; i < n; i++)
        rename_column(w, &w->desired->columns[i]);
    for (size_t i = 0; i < n; i++)
        places[i] = place_in(w->actual, w->desired->columns[i].name);
    if (is_rising(places, n, missing))
        memset(stays, true, n * sizeof *stays);
    else
        find_stayers(w, places, stays);
    for (size_t i = 0; i < n; i++) {
        const zq_column *column = &w->desired->columns[i];

        if (places[i] == missing) {
            add_column(w, i);
            continue;
        }
        if (!stays[i])
            move_column(w, i, places[i]);
        compare_column(w, column, &w->actual->columns[places[i]]);
    }
}
