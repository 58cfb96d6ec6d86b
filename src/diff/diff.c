/* Two schemas side by side: both are sorted by name, and one walk over the pairs finds what is
 * missing, too much, or different.
 *
 * Whether two things with one name differ is decided by their properties in words
 * (diff/property.h), so nothing that differs is without words. Foreign keys and indexes under
 * another name are two differences, one missing and one too much: guessing that they are the same
 * would be wrong once, on somebody's only copy. */
#include "diff/diff.h"

#include "diff/pair.h"
#include "diff/pair_columns.h"
#include "diff/rename.h"

#include <stdlib.h>
#include <string.h>

/* ---- indexes, keys, extras: sorted by name, then a walk over both ---- */

/* How one kind of named thing is compared. */
typedef struct named {
    size_t size;
    zq_op add;
    zq_op drop;
    int (*compare)(const void *a, const void *b); /* of two pointers to objects; the order */
    const char *(*name)(const void *object);
    const char *(*describe)(zq_pair *w, const zq_table *table, const void *object);
    void (*pair)(zq_pair *w, const void *to, const void *from);
} named;

static const void **sorted(zq_pair *w, const named *what, const void *objects, size_t n)
{
    const void **list = ZQ_NEW_ARRAY(w->arena, const void *, n + 1);

    for (size_t i = 0; i < n; i++)
        list[i] = (const char *)objects + i * what->size;
    qsort(list, n, sizeof *list, what->compare);
    return list;
}

static void diff_named(zq_pair *w, const named *what, const void *desired, size_t n_to,
                       const void *actual, size_t n_from)
{
    const void **to = sorted(w, what, desired, n_to);
    const void **from = sorted(w, what, actual, n_from);
    size_t i = 0, j = 0;

    while (i < n_to || j < n_from) {
        int order = i == n_to ? 1 : j == n_from ? -1 : what->compare(&to[i], &from[j]);
        zq_change *change;

        if (order == 0) {
            what->pair(w, to[i++], from[j++]);
        } else if (order < 0) {
            change = zq_pair_add(w, what->add, what->name(to[i]));
            change->to = to[i];
            change->expected = what->describe(w, w->desired, to[i++]);
        } else {
            change = zq_pair_add(w, what->drop, what->name(from[j]));
            change->from = from[j];
            change->found = what->describe(w, w->actual, from[j++]);
        }
    }
}

static int compare_indexes(const void *a, const void *b)
{
    const zq_index *const *x = a;
    const zq_index *const *y = b;

    return strcmp((*x)->name, (*y)->name);
}

static const char *index_name(const void *object)
{
    return ((const zq_index *)object)->name;
}

/* The kind is said in front of the name, and so left out here. */
static const char *describe_index(zq_pair *w, const zq_table *table, const void *object)
{
    const zq_index *index = object;
    zq_index plain = {.name = index->name, .kind = index->kind, .parts = index->parts};

    return zq_pair_describe(w, &zq_properties_index, table, object, &plain);
}

static void pair_indexes(zq_pair *w, const void *to, const void *from)
{
    zq_pair_compare(w, ZQ_OP_ALTER_INDEX, index_name(to), &zq_properties_index, to, from);
}

static int compare_keys(const void *a, const void *b)
{
    const zq_foreign_key *const *x = a;
    const zq_foreign_key *const *y = b;

    return strcmp((*x)->name, (*y)->name);
}

static const char *key_name(const void *object)
{
    return ((const zq_foreign_key *)object)->name;
}

static const char *describe_key(zq_pair *w, const zq_table *table, const void *object)
{
    const zq_foreign_key *key = object;
    zq_foreign_key plain = *key;

    plain.on_delete = plain.on_update = ZQ_RESTRICT;
    return zq_pair_describe(w, &zq_properties_foreign_key, table, object, &plain);
}

static void pair_keys(zq_pair *w, const void *to, const void *from)
{
    zq_pair_compare(w, ZQ_OP_ALTER_FOREIGN_KEY, key_name(to), &zq_properties_foreign_key, to, from);
}

static const char *text_of(const char *text)
{
    return text != NULL ? text : "";
}

/* Extras are in the server's words and cannot be taken apart: equal, or two different things. */
static int compare_extras(const void *a, const void *b)
{
    const zq_extra *const *x = a;
    const zq_extra *const *y = b;
    int order = strcmp((*x)->kind, (*y)->kind);

    if (order == 0)
        order = strcmp(text_of((*x)->name), text_of((*y)->name));
    return order != 0 ? order : strcmp(text_of((*x)->text), text_of((*y)->text));
}

static const char *extra_name(const void *object)
{
    const zq_extra *extra = object;

    return *text_of(extra->name) != '\0' ? extra->name : extra->kind;
}

static const char *describe_extra(ZQ_UNUSED zq_pair *w, ZQ_UNUSED const zq_table *table,
                                  const void *object)
{
    return text_of(((const zq_extra *)object)->text);
}

static void pair_extras(ZQ_UNUSED zq_pair *w, ZQ_UNUSED const void *to, ZQ_UNUSED const void *from)
{
}

static const named indexes = {
    sizeof(zq_index), ZQ_OP_ADD_INDEX, ZQ_OP_DROP_INDEX, compare_indexes,
    index_name,       describe_index,  pair_indexes,
};
static const named keys = {
    sizeof(zq_foreign_key),
    ZQ_OP_ADD_FOREIGN_KEY,
    ZQ_OP_DROP_FOREIGN_KEY,
    compare_keys,
    key_name,
    describe_key,
    pair_keys,
};
static const named extras = {
    sizeof(zq_extra), ZQ_OP_ADD_EXTRA, ZQ_OP_DROP_EXTRA, compare_extras,
    extra_name,       describe_extra,  pair_extras,
};

/* ---- tables ---- */

static const char *kind_of(const zq_table *table)
{
    for (size_t i = 0; i < table->n_extras; i++) {
        if (strcmp(table->extras[i].kind, "view") == 0)
            return "a view";
        if (strcmp(table->extras[i].kind, "sequence") == 0)
            return "a sequence";
    }
    return "a table";
}

/* "3 columns", "1 index", "no foreign keys" */
static const char *count(zq_pair *w, size_t n, const char *one, const char *many)
{
    if (n == 0)
        return zq_arena_printf(w->arena, "no %s", many);
    return zq_arena_printf(w->arena, "%zu %s", n, n == 1 ? one : many);
}

static const char *describe_table(zq_pair *w, const zq_table *table)
{
    return zq_arena_printf(w->arena, "%s, %s, %s", count(w, table->n_columns, "column", "columns"),
                           count(w, table->n_indexes, "index", "indexes"),
                           count(w, table->n_foreign_keys, "foreign key", "foreign keys"));
}

/* A view or a sequence in a table's place is one difference, not one for each column that it cannot
 * have. */
static bool diff_kind(zq_pair *w)
{
    const char *to = kind_of(w->desired), *from = kind_of(w->actual);
    zq_change *change;

    if (strcmp(to, from) == 0)
        return false;
    change = zq_pair_add(w, ZQ_OP_ALTER_TABLE, NULL);
    change->mask = ZQ_DIFF_KIND;
    change->expected = to;
    change->found = from;
    return true;
}

/* Only its name differs, or its index would be another one (zq_renaming_of). */
static void rename_indexes(zq_pair *w)
{
    const zq_renaming *r = &w->renaming;

    for (size_t i = 0; r->renames && i < r->from->n_indexes; i++) {
        const char *was = r->from->indexes[i].name;
        zq_change *change;

        if (r->indexes[i] == NULL || strcmp(r->indexes[i], was) == 0)
            continue;
        change = zq_pair_add(w, ZQ_OP_RENAME_INDEX, r->indexes[i]);
        change->from = &r->from->indexes[i];
        change->to = zq_table_index(w->desired, r->indexes[i]);
        change->was = was;
        change->expected = r->indexes[i];
        change->found = was;
    }
}

/* Of two tables with different names, one is the other renamed, or nobody asked. */
static void rename_table(zq_pair *w)
{
    zq_change *change;

    if (w->actual == w->renaming.from || strcmp(w->actual->name, w->renaming.from->name) == 0)
        return;
    change = zq_pair_add(w, ZQ_OP_RENAME_TABLE, NULL);
    change->was = w->renaming.from->name;
    change->expected = w->desired->name;
    change->found = change->was;
}

static void diff_pair(zq_pair *w)
{
    const zq_table *to = w->desired;
    const zq_table *from = w->actual;

    if (diff_kind(w))
        return;
    rename_table(w);
    zq_pair_compare(w, ZQ_OP_ALTER_TABLE, NULL, &zq_properties_table, to, from);
    zq_pair_columns(w);
    rename_indexes(w);
    diff_named(w, &indexes, to->indexes, to->n_indexes, from->indexes, from->n_indexes);
    diff_named(w, &keys, to->foreign_keys, to->n_foreign_keys, from->foreign_keys,
               from->n_foreign_keys);
    diff_named(w, &extras, to->extras, to->n_extras, from->extras, from->n_extras);
}

static void diff_tables(zq_pair *w, const zq_table *desired, const zq_renaming *actual)
{
    w->desired = desired;
    w->actual = actual != NULL ? actual->view : NULL;
    w->renaming = actual != NULL ? *actual : (zq_renaming){0};
    if (desired != NULL && actual != NULL)
        diff_pair(w);
    else if (desired != NULL)
        zq_pair_add(w, ZQ_OP_CREATE_TABLE, NULL)->expected = describe_table(w, desired);
    else if (actual != NULL)
        zq_pair_add(w, ZQ_OP_DROP_TABLE, NULL)->found = describe_table(w, actual->from);
}

/* ---- names given twice ---- */

/* The first name, in byte order, that is in the list twice; NULL when none is. */
static const char *find_twice(const char **names, size_t n)
{
    zq_names_sort(names, n);
    for (size_t i = 1; i < n; i++) {
        if (strcmp(names[i - 1], names[i]) == 0)
            return names[i];
    }
    return NULL;
}

static zq_rc check_table(const zq_table *table, zq_arena *arena, zq_err *err)
{
    const char **names = ZQ_NEW_ARRAY(
        arena, const char *, table->n_columns + table->n_indexes + table->n_foreign_keys + 1);
    const char *twice;

    for (size_t i = 0; i < table->n_columns; i++)
        names[i] = table->columns[i].name;
    if ((twice = find_twice(names, table->n_columns)) != NULL)
        return zq_fail(err, ZQ_E_MODEL, "table '%s' has two columns '%s'", table->name, twice);
    for (size_t i = 0; i < table->n_indexes; i++)
        names[i] = table->indexes[i].name;
    if ((twice = find_twice(names, table->n_indexes)) != NULL)
        return zq_fail(err, ZQ_E_MODEL, "table '%s' has two indexes '%s'", table->name, twice);
    for (size_t i = 0; i < table->n_foreign_keys; i++)
        names[i] = table->foreign_keys[i].name;
    if ((twice = find_twice(names, table->n_foreign_keys)) != NULL)
        return zq_fail(err, ZQ_E_MODEL, "table '%s' has two foreign keys '%s'", table->name, twice);
    return zq_renaming_check(table, err);
}

/* A table of both sides, or of one. */
typedef struct couple {
    const zq_table *desired;
    const zq_renaming *actual;
    const char *name;
} couple;

static int compare_couples(const void *a, const void *b)
{
    const couple *x = a, *y = b;
    const int order = strcmp(x->name, y->name);

    /* One that goes, and another that takes its name. */
    return order != 0 ? order : (x->desired != NULL) - (y->desired != NULL);
}

static const zq_renaming *renaming_to(const zq_renaming *all, size_t n, const zq_table *table)
{
    for (size_t i = 0; i < n; i++) {
        if (all[i].to == table)
            return &all[i];
    }
    return NULL;
}

static couple *couples_of(const zq_schema *desired, const zq_schema *actual,
                          const zq_renaming *renamings, zq_arena *arena, size_t *out_n)
{
    couple *list = ZQ_NEW_ARRAY(arena, couple, desired->n_tables + actual->n_tables + 1);
    size_t n = 0;

    for (size_t i = 0; i < desired->n_tables; i++)
        list[n++] = (couple){desired->tables[i],
                             renaming_to(renamings, actual->n_tables, desired->tables[i]),
                             desired->tables[i]->name};
    for (size_t i = 0; i < actual->n_tables; i++) {
        if (renamings[i].to == NULL)
            list[n++] = (couple){NULL, &renamings[i], actual->tables[i]->name};
    }
    qsort(list, n, sizeof *list, compare_couples);
    *out_n = n;
    return list;
}

static zq_rc check_schema(const zq_schema *schema, zq_arena *arena, zq_err *err)
{
    const char **names = ZQ_NEW_ARRAY(arena, const char *, schema->n_tables + 1);
    const char *twice;

    for (size_t i = 0; i < schema->n_tables; i++) {
        names[i] = schema->tables[i]->name;
        ZQ_TRY(check_table(schema->tables[i], arena, err));
    }
    if ((twice = find_twice(names, schema->n_tables)) != NULL)
        return zq_fail(err, ZQ_E_MODEL, "two tables are called '%s'", twice);
    return ZQ_OK;
}

/* ---- the way back ---- */

/* `table` without what it says it was. */
static zq_table *unmarked(const zq_table *table, zq_arena *arena)
{
    zq_table *copy = ZQ_NEW(arena, zq_table);
    zq_column *columns = ZQ_NEW_ARRAY(arena, zq_column, table->n_columns + 1);
    zq_index *list = ZQ_NEW_ARRAY(arena, zq_index, table->n_indexes + 1);

    *copy = *table;
    for (size_t i = 0; i < table->n_columns; i++) {
        columns[i] = table->columns[i];
        columns[i].was = NULL;
    }
    for (size_t i = 0; i < table->n_indexes; i++) {
        list[i] = table->indexes[i];
        list[i].was = NULL;
    }
    copy->columns = columns;
    copy->indexes = list;
    copy->was = NULL;
    return copy;
}

/* On the way back, what was renamed has been called what it is renamed to. */
static void mark(zq_table *table, const zq_change *change)
{
    if (change->op == ZQ_OP_RENAME_TABLE)
        table->was = change->table;
    for (size_t i = 0; change->op == ZQ_OP_RENAME_COLUMN && i < table->n_columns; i++) {
        if (strcmp(table->columns[i].name, change->was) == 0)
            ((zq_column *)table->columns)[i].was = change->object;
    }
    for (size_t i = 0; change->op == ZQ_OP_RENAME_INDEX && i < table->n_indexes; i++) {
        if (strcmp(table->indexes[i].name, change->was) == 0)
            ((zq_index *)table->indexes)[i].was = change->object;
    }
}

/* The tables of the changes, each side for itself. */
static void sides_of(const zq_changes *changes, zq_arena *arena, zq_schema *desired,
                     zq_schema *actual)
{
    const zq_table **to = ZQ_NEW_ARRAY(arena, const zq_table *, changes->n + 1);
    const zq_table **from = ZQ_NEW_ARRAY(arena, const zq_table *, changes->n + 1);
    zq_table *copy = NULL;

    *desired = (zq_schema){.tables = to};
    *actual = (zq_schema){.tables = from};
    for (size_t i = 0; i < changes->n; i++) {
        const zq_change *change = &changes->items[i];
        const zq_change *last = i > 0 ? change - 1 : NULL;

        if (last == NULL || last->actual != change->actual || last->desired != change->desired) {
            copy = change->actual != NULL ? unmarked(change->actual, arena) : NULL;
            if (copy != NULL)
                to[desired->n_tables++] = copy;
            if (change->desired != NULL)
                from[actual->n_tables++] = change->desired;
        }
        if (copy != NULL)
            mark(copy, change);
    }
}

/* ---- what others see ---- */

zq_rc zq_diff_table(const zq_table *desired, const zq_table *actual, zq_arena *arena,
                    zq_changes *out, zq_err *err)
{
    zq_pair w = {.arena = arena};
    zq_renaming renaming = {.from = actual, .view = actual};

    if (desired != NULL)
        ZQ_TRY(check_table(desired, arena, err));
    if (desired != NULL && actual != NULL)
        renaming = zq_renaming_of(desired, actual, false, arena);
    diff_tables(&w, desired, actual != NULL ? &renaming : NULL);
    *out = (zq_changes){.items = w.items, .n = w.n};
    return ZQ_OK;
}

static zq_rc diff_schemas(const zq_schema *desired, const zq_schema *actual, bool sure,
                          zq_arena *arena, zq_changes *out, zq_err *err)
{
    zq_pair w = {.arena = arena};
    zq_renaming *renamings;
    couple *couples;
    size_t n;

    ZQ_TRY(check_schema(desired, arena, err));
    ZQ_TRY(zq_renamings_of(desired, actual, sure, arena, &renamings, err));
    couples = couples_of(desired, actual, renamings, arena, &n);
    for (size_t i = 0; i < n; i++)
        diff_tables(&w, couples[i].desired, couples[i].actual);
    *out = (zq_changes){.items = w.items, .n = w.n};
    return ZQ_OK;
}

zq_rc zq_diff(const zq_schema *desired, const zq_schema *actual, zq_arena *arena, zq_changes *out,
              zq_err *err)
{
    return diff_schemas(desired, actual, false, arena, out, err);
}

zq_rc zq_diff_reverse(const zq_changes *changes, zq_arena *arena, zq_changes *out, zq_err *err)
{
    zq_schema desired, actual;

    sides_of(changes, arena, &desired, &actual);
    return diff_schemas(&desired, &actual, true, arena, out, err);
}
