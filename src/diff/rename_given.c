/* Takes renames from an option, and puts forward those that look like one.
 *
 * Only people know whether a column that goes and one that comes are the same one. So everything
 * that could be is put forward, the nearest first by its place in the table, and whoever asks
 * decides. Indexes hold no values, and are never worth a question. */
#include "diff/rename_given.h"

#include "base/phrase.h"
#include "diff/rename.h"

#include <string.h>

/* ---- what is there ---- */

static const zq_table *table_before(const zq_schema *from, const zq_table *table)
{
    const zq_table *same = zq_schema_table(from, table->name);

    if (same != NULL || table->was == NULL)
        return same;
    return zq_schema_table(from, table->was);
}

static bool has_column(const zq_table *table, const char *name)
{
    return zq_table_column(table, name) != NULL;
}

static bool has_index(const zq_table *table, const char *name)
{
    return zq_table_index(table, name) != NULL;
}

/* ---- from an option ---- */

static zq_rc fail(zq_err *err, const char *what)
{
    zq_fail(err, ZQ_E_USAGE, "--rename: %s", what);
    return zq_err_hint(
        err, "name what is there now and what it shall be called: TABLE.OLD=NEW, or OLD=NEW "
             "for a table");
}

static zq_rc check_table(const zq_rename_pair *pair, const zq_schema *from, const zq_schema *to,
                         zq_arena *arena, zq_err *err)
{
    if (zq_schema_table(from, pair->old_name) == NULL)
        return fail(err, zq_tr_printf(arena, "there is no table '%s' to rename", pair->old_name));
    if (zq_schema_table(to, pair->new_name) == NULL)
        return fail(err, zq_tr_printf(arena, "no table is called '%s' in the schema to come to",
                                      pair->new_name));
    if (zq_schema_table(from, pair->new_name) != NULL)
        return fail(err, zq_tr_printf(arena, "a table '%s' is there already", pair->new_name));
    return ZQ_OK;
}

static zq_rc check_part(zq_rename_pair *pair, const zq_table *before, const zq_table *after,
                        zq_arena *arena, zq_err *err)
{
    pair->index = !has_column(before, pair->old_name);
    if (pair->index && !has_index(before, pair->old_name))
        return fail(err, zq_tr_printf(arena, "there is no column or index '%s' in table '%s'",
                                      pair->old_name, after->name));
    if (pair->index ? !has_index(after, pair->new_name) : !has_column(after, pair->new_name))
        return fail(
            err, zq_tr_printf(
                     arena,
                     pair->index
                         ? N_("no index is called '%s' in the schema to come to, in table '%s'")
                         : N_("no column is called '%s' in the schema to come to, in table '%s'"),
                     pair->new_name, after->name));
    if (pair->index ? has_index(before, pair->new_name) : has_column(before, pair->new_name))
        return fail(err,
                    zq_tr_printf(arena,
                                 pair->index ? N_("an index '%s' is there already, in table '%s'")
                                             : N_("a column '%s' is there already, in table '%s'"),
                                 pair->new_name, after->name));
    return ZQ_OK;
}

/* By its name in `to`, or the one it had. */
static const zq_table *table_called(const char *name, const zq_schema *to)
{
    for (size_t i = 0; i < to->n_tables; i++) {
        if (to->tables[i]->was != NULL && strcmp(to->tables[i]->was, name) == 0)
            return to->tables[i];
    }
    return zq_schema_table(to, name);
}

static zq_rc read_pair(char *text, const zq_schema *from, const zq_schema *to, zq_arena *arena,
                       zq_rename_pair *out, zq_err *err)
{
    char *equals = strchr(text, '='), *dot = strchr(text, '.');
    const zq_table *after, *before;

    if (equals == NULL || equals == text || equals[1] == '\0' || (dot != NULL && dot > equals))
        return fail(err, zq_tr_printf(arena, "'%.100s' is not of the form OLD=NEW", text));
    *equals = '\0';
    *out = (zq_rename_pair){.old_name = text, .new_name = equals + 1};
    if (dot == NULL)
        return check_table(out, from, to, arena, err);
    *dot = '\0';
    out->old_name = dot + 1;
    after = table_called(text, to);
    before = after != NULL ? table_before(from, after) : NULL;
    if (before == NULL)
        return fail(err, zq_tr_printf(arena, "there is no table '%s' on both sides", text));
    out->table = after->name;
    return check_part(out, before, after, arena, err);
}

static bool same_place(const zq_rename_pair *a, const zq_rename_pair *b)
{
    return a->index == b->index && (a->table == NULL) == (b->table == NULL) &&
           (a->table == NULL || strcmp(a->table, b->table) == 0);
}

static zq_rc check_twice(const zq_rename_pair *items, size_t n, zq_arena *arena, zq_err *err)
{
    const zq_rename_pair *last = &items[n];

    for (size_t i = 0; i < n; i++) {
        if (!same_place(&items[i], last))
            continue;
        if (strcmp(items[i].new_name, last->new_name) == 0)
            return fail(err, zq_tr_printf(arena, "'%s' and '%s' cannot both become '%s'",
                                          items[i].old_name, last->old_name, last->new_name));
        if (strcmp(items[i].old_name, last->old_name) == 0)
            return fail(err, zq_tr_printf(arena, "'%s' cannot become both '%s' and '%s'",
                                          last->old_name, items[i].new_name, last->new_name));
    }
    return ZQ_OK;
}

/* Those of tables first: the others may use either name. */
static zq_rc read_all(const char *text, bool tables, const zq_schema *from, const zq_schema *to,
                      zq_arena *arena, zq_rename_pair **io, size_t *n, zq_err *err)
{
    char *copy = zq_arena_strdup(arena, text), *rest = NULL;

    for (char *word = strtok_r(copy, ",", &rest); word != NULL; word = strtok_r(NULL, ",", &rest)) {
        if ((strchr(word, '.') == NULL) != tables)
            continue;
        *io = zq_arena_grow(arena, *io, sizeof **io, *n);
        ZQ_TRY(read_pair(word, from, to, arena, &(*io)[*n], err));
        ZQ_TRY(check_twice(*io, *n, arena, err));
        ++*n;
    }
    return ZQ_OK;
}

zq_rc zq_renames_read(const char *text, const zq_schema *from, const zq_schema *to, zq_arena *arena,
                      zq_rename_pairs *out, zq_err *err)
{
    zq_rename_pair *items = NULL;
    size_t n = 0;
    zq_rename_pairs tables;

    ZQ_TRY(read_all(text, true, from, to, arena, &items, &n, err));
    tables = (zq_rename_pairs){items, n};
    to = zq_rename_given_apply(to, &tables, arena);
    ZQ_TRY(read_all(text, false, from, to, arena, &items, &n, err));
    *out = (zq_rename_pairs){items, n};
    return ZQ_OK;
}

/* ---- guesses ---- */

typedef struct guessing {
    zq_rename_pair *items;
    size_t n;
    zq_arena *arena;
} guessing;

static void put_forward(guessing *g, zq_rename_pair pair)
{
    *ZQ_APPEND(g->arena, g->items, g->n) = pair;
}

static bool is_taken(const guessing *g, const char *table, bool index, const char *new_name)
{
    const zq_rename_pair pair = {.table = table, .index = index};

    for (size_t i = 0; i < g->n; i++) {
        if (same_place(&g->items[i], &pair) && strcmp(g->items[i].new_name, new_name) == 0)
            return true;
    }
    return false;
}

static bool are_alike(const zq_table *before, const zq_column *x, const zq_table *after,
                      const zq_column *y)
{
    return zq_type_equal(&x->type, &y->type) &&
           zq_column_is_generated(x) == zq_column_is_generated(y) &&
           strcmp(zq_column_charset(before, x), zq_column_charset(after, y)) == 0;
}

/* One that is generated has no values to keep, and cannot always be altered into another: it is the
 * same one only when it is made in the same way. */
static bool made_alike(const zq_column *x, const zq_column *y)
{
    return x->generated == NULL || y->generated == NULL ||
           (strcmp(x->generated, y->generated) == 0 &&
            zq_column_is_virtual(x) == zq_column_is_virtual(y));
}

static size_t distance(size_t a, size_t b)
{
    return a > b ? a - b : b - a;
}

/* The new column of `after` that is like it and nearest to its place; NULL: none is. */
static const zq_column *find_heir(const guessing *g, const zq_table *before, size_t place,
                                  const zq_table *after)
{
    const zq_column *heir = NULL;
    size_t best = 0;

    for (size_t i = 0; i < after->n_columns; i++) {
        const zq_column *column = &after->columns[i];

        if (column->was != NULL || has_column(before, column->name) ||
            is_taken(g, after->name, false, column->name) ||
            !are_alike(before, &before->columns[place], after, column) ||
            !made_alike(&before->columns[place], column))
            continue;
        if (heir == NULL || distance(i, place) < best) {
            heir = column;
            best = distance(i, place);
        }
    }
    return heir;
}

static bool is_said(const zq_renaming *said, size_t place, const char *name)
{
    return said->renames &&
           (said->columns[place] == NULL || strcmp(said->columns[place], name) != 0);
}

static void guess_columns(guessing *g, const zq_table *before, const zq_table *after)
{
    const zq_renaming said = zq_renaming_of(after, before, false, g->arena);

    for (size_t i = 0; i < before->n_columns; i++) {
        const char *name = before->columns[i].name;
        const zq_column *heir;

        if (has_column(after, name) || is_said(&said, i, name))
            continue;
        heir = find_heir(g, before, i, after);
        if (heir != NULL)
            put_forward(g, (zq_rename_pair){
                               .table = after->name, .old_name = name, .new_name = heir->name});
    }
}

/* An index that differs in no more than its name becomes that, else nothing (zq_renaming_of). */
static void guess_indexes(guessing *g, const zq_table *before, const zq_table *after)
{
    for (size_t i = 0; i < before->n_indexes; i++) {
        const zq_index *old = &before->indexes[i];

        for (size_t k = 0; !has_index(after, old->name) && k < after->n_indexes; k++) {
            const zq_index *index = &after->indexes[k];
            zq_table with_was = *after;
            zq_index *copy = ZQ_NEW_ARRAY(g->arena, zq_index, after->n_indexes + 1);

            if (index->was != NULL || has_index(before, index->name) ||
                is_taken(g, after->name, true, index->name))
                continue;
            memcpy(copy, after->indexes, after->n_indexes * sizeof *copy);
            copy[k].was = old->name;
            with_was.indexes = copy;
            if (strcmp(zq_renaming_of(&with_was, before, false, g->arena).indexes[i],
                       index->name) != 0)
                continue;
            put_forward(g, (zq_rename_pair){after->name, old->name, index->name, true});
            break;
        }
    }
}

static bool same_columns(const zq_table *a, const zq_table *b)
{
    if (a->n_columns != b->n_columns || zq_table_is_family(a) || zq_table_is_family(b))
        return false;
    for (size_t i = 0; i < a->n_columns; i++) {
        if (strcmp(a->columns[i].name, b->columns[i].name) != 0 ||
            !are_alike(a, &a->columns[i], b, &b->columns[i]))
            return false;
    }
    return true;
}

static bool becomes_another(const zq_schema *to, const char *table)
{
    for (size_t i = 0; i < to->n_tables; i++) {
        if (to->tables[i]->was != NULL && strcmp(to->tables[i]->was, table) == 0)
            return true;
    }
    return false;
}

static void guess_tables(guessing *g, const zq_schema *from, const zq_schema *to)
{
    for (size_t i = 0; i < from->n_tables; i++) {
        const zq_table *old = from->tables[i];

        if (zq_schema_table(to, old->name) != NULL || becomes_another(to, old->name))
            continue;
        for (size_t k = 0; k < to->n_tables; k++) {
            const zq_table *table = to->tables[k];

            if (table->was != NULL || zq_schema_table(from, table->name) != NULL ||
                is_taken(g, NULL, false, table->name) || !same_columns(old, table))
                continue;
            put_forward(g, (zq_rename_pair){.old_name = old->name, .new_name = table->name});
            break;
        }
    }
}

zq_rename_pairs zq_renames_guess(const zq_schema *from, const zq_schema *to, zq_arena *arena)
{
    guessing g = {.arena = arena};
    zq_rename_pairs found;

    guess_tables(&g, from, to);
    found = (zq_rename_pairs){g.items, g.n};
    to = zq_rename_given_apply(to, &found, arena);
    for (size_t i = 0; i < to->n_tables; i++) {
        const zq_table *before = table_before(from, to->tables[i]);

        if (before != NULL)
            guess_columns(&g, before, to->tables[i]);
    }
    found = (zq_rename_pairs){g.items, g.n};
    to = zq_rename_given_apply(to, &found, arena);
    for (size_t i = 0; i < to->n_tables; i++) {
        const zq_table *before = table_before(from, to->tables[i]);

        if (before != NULL)
            guess_indexes(&g, before, to->tables[i]);
    }
    return (zq_rename_pairs){g.items, g.n};
}

/* ---- marked ---- */

static zq_table *copy_of(const zq_table *table, zq_arena *arena)
{
    zq_table *copy = ZQ_NEW(arena, zq_table);
    zq_column *columns = ZQ_NEW_ARRAY(arena, zq_column, table->n_columns + 1);
    zq_index *indexes = ZQ_NEW_ARRAY(arena, zq_index, table->n_indexes + 1);

    *copy = *table;
    if (table->n_columns > 0)
        memcpy(columns, table->columns, table->n_columns * sizeof *columns);
    if (table->n_indexes > 0)
        memcpy(indexes, table->indexes, table->n_indexes * sizeof *indexes);
    copy->columns = columns;
    copy->indexes = indexes;
    return copy;
}

static void mark(zq_table *table, const zq_rename_pair *pair)
{
    if (pair->table == NULL && strcmp(table->name, pair->new_name) == 0)
        table->was = pair->old_name;
    if (pair->table == NULL || strcmp(table->name, pair->table) != 0)
        return;
    for (size_t i = 0; !pair->index && i < table->n_columns; i++) {
        if (strcmp(table->columns[i].name, pair->new_name) == 0)
            ((zq_column *)table->columns)[i].was = pair->old_name;
    }
    for (size_t i = 0; pair->index && i < table->n_indexes; i++) {
        if (strcmp(table->indexes[i].name, pair->new_name) == 0)
            ((zq_index *)table->indexes)[i].was = pair->old_name;
    }
}

const zq_schema *zq_rename_given_apply(const zq_schema *to, const zq_rename_pairs *pairs,
                                       zq_arena *arena)
{
    zq_schema *schema = ZQ_NEW(arena, zq_schema);
    const zq_table **tables = ZQ_NEW_ARRAY(arena, const zq_table *, to->n_tables + 1);

    for (size_t i = 0; i < to->n_tables; i++) {
        zq_table *copy = copy_of(to->tables[i], arena);

        for (size_t k = 0; k < pairs->n; k++)
            mark(copy, &pairs->items[k]);
        tables[i] = copy;
    }
    *schema = (zq_schema){tables, to->n_tables};
    return schema;
}
