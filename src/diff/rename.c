/* Finds out who was whom, and looks at what is there under its new names.
 *
 * `was` may stay in a descriptor long after the rename, and says nothing then: it counts only while
 * the old name is there and the new one is not, or belongs to one that is renamed itself. What
 * exchanges its names in a circle cannot be seen like this, unless the caller is sure of it. A
 * `was` of what is there counts for the way back to where it was called that.
 *
 * Once the names are the new ones, all other differences are found as between any two tables: so a
 * rename costs the rest of the comparison nothing. */
#include "diff/rename.h"

#include "base/phrase.h"
#include "diff/property.h"

#include <stdlib.h>
#include <string.h>

/* ---- who takes over which name ---- */

typedef struct label {
    const char *name;
    const char *was; /* NULL: it has always been called that, or nobody knows */
} label;

static bool has(const char *text)
{
    return text != NULL && *text != '\0';
}

static size_t find(const label *list, size_t n, const char *name)
{
    size_t i = 0;

    while (i < n && strcmp(list[i].name, name) != 0)
        i++;
    return i;
}

/* What is there may say itself what it was: on the way back, it becomes that again. */
static void look_back(label *to, size_t n_to, const label *from, size_t n_from)
{
    for (size_t i = 0; i < n_from; i++) {
        const size_t k = has(from[i].was) ? find(to, n_to, from[i].was) : n_to;

        if (k < n_to && !has(to[k].was) && find(from, n_from, to[k].name) == n_from &&
            find(to, n_to, from[i].name) == n_to)
            to[k].was = from[i].name;
    }
}

/* By place in `from`: the one of `to` that it becomes; n_to when it keeps its name, or goes. */
static size_t *heirs_of(const label *to, size_t n_to, const label *from, size_t n_from, bool sure,
                        zq_arena *arena)
{
    size_t *heirs = ZQ_NEW_ARRAY(arena, size_t, n_from + 1);
    bool *done = ZQ_NEW_ARRAY(arena, bool, n_to + 1);
    bool more = true;

    for (size_t i = 0; i < n_from; i++)
        heirs[i] = n_to;
    while (more) {
        more = false;
        for (size_t k = 0; k < n_to; k++) {
            const size_t old = done[k] || !has(to[k].was) ? n_from : find(from, n_from, to[k].was);
            const size_t now = old == n_from ? n_from : find(from, n_from, to[k].name);

            if (old == n_from || old == now || heirs[old] != n_to)
                continue;
            if (!sure && now != n_from && heirs[now] == n_to)
                continue;
            heirs[old] = k;
            done[k] = more = true;
        }
    }
    return heirs;
}

/* What each of `from` will be called; NULL: it goes, and its name is taken. */
static const char **names_after(label *to, size_t n_to, const label *from, size_t n_from, bool sure,
                                zq_arena *arena, bool *out_any)
{
    const char **names = ZQ_NEW_ARRAY(arena, const char *, n_from + 1);
    const size_t *heirs;

    if (!sure)
        look_back(to, n_to, from, n_from);
    heirs = heirs_of(to, n_to, from, n_from, sure, arena);
    for (size_t i = 0; i < n_from; i++) {
        names[i] = heirs[i] < n_to ? to[heirs[i]].name : from[i].name;
        *out_any = *out_any || heirs[i] < n_to;
        for (size_t k = 0; heirs[i] == n_to && k < n_from; k++) {
            if (heirs[k] < n_to && strcmp(to[heirs[k]].name, from[i].name) == 0)
                names[i] = NULL;
        }
    }
    return names;
}

static zq_rc check_labels(const label *list, size_t n, const char *what, const char *where,
                          zq_err *err)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; has(list[i].was) && k < i; k++) {
            if (!has(list[k].was) || strcmp(list[i].was, list[k].was) != 0)
                continue;
            zq_fail(err, ZQ_E_MODEL, "%s '%s' and '%s'%s were both called '%s'", what, list[k].name,
                    list[i].name, where, list[i].was);
            return zq_err_hint(err, "say of one of them only what it was");
        }
    }
    return ZQ_OK;
}

static label *labels_of_columns(const zq_table *table, zq_arena *arena)
{
    label *list = ZQ_NEW_ARRAY(arena, label, table->n_columns + 1);

    for (size_t i = 0; i < table->n_columns; i++)
        list[i] = (label){table->columns[i].name, table->columns[i].was};
    return list;
}

static label *labels_of_indexes(const zq_table *table, zq_arena *arena)
{
    label *list = ZQ_NEW_ARRAY(arena, label, table->n_indexes + 1);

    for (size_t i = 0; i < table->n_indexes; i++)
        list[i] = (label){table->indexes[i].name, table->indexes[i].was};
    return list;
}

zq_rc zq_renaming_check(const zq_table *table, zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const char *where = zq_tr_printf(arena, " of table '%s'", table->name);

    ZQ_TRY(check_labels(labels_of_columns(table, arena), table->n_columns, zq_tr("columns"), where,
                        err));
    return check_labels(labels_of_indexes(table, arena), table->n_indexes, zq_tr("indexes"), where,
                        err);
}

/* ---- what is there, under the new names ---- */

static size_t place_of(const zq_table *table, const char *column)
{
    size_t i = 0;

    while (i < table->n_columns && strcmp(table->columns[i].name, column) != 0)
        i++;
    return i;
}

/* A column that goes leaves a name behind that no other can have. */
static const char *column_now(const zq_renaming *r, const char *column, zq_arena *arena)
{
    const size_t i = place_of(r->from, column);

    if (i == r->from->n_columns)
        return column;
    return r->columns[i] != NULL ? r->columns[i] : zq_arena_printf(arena, "%s (dropped)", column);
}

static void view_columns(const zq_renaming *r, zq_table *view, zq_arena *arena)
{
    zq_column *columns = ZQ_NEW_ARRAY(arena, zq_column, r->from->n_columns + 1);

    view->n_columns = 0;
    for (size_t i = 0; i < r->from->n_columns; i++) {
        if (r->columns[i] == NULL)
            continue;
        columns[view->n_columns] = r->from->columns[i];
        columns[view->n_columns++].name = r->columns[i];
    }
    view->columns = columns;
}

static void view_indexes(const zq_renaming *r, zq_table *view, zq_arena *arena)
{
    zq_index *indexes = ZQ_NEW_ARRAY(arena, zq_index, r->from->n_indexes + 1);

    for (size_t i = 0; i < r->from->n_indexes; i++) {
        const size_t n = zq_index_parts_count(r->from->indexes[i].parts);
        zq_key_part *parts = ZQ_NEW_ARRAY(arena, zq_key_part, n + 1);

        for (size_t k = 0; k < n; k++) {
            parts[k] = r->from->indexes[i].parts[k];
            if (parts[k].column != NULL)
                parts[k].column = column_now(r, parts[k].column, arena);
        }
        indexes[i] = r->from->indexes[i];
        indexes[i].parts = parts;
    }
    view->indexes = indexes;
}

static const char *const *columns_now(const zq_renaming *r, const char *const *columns,
                                      zq_arena *arena)
{
    const size_t n = zq_names_count(columns);
    const char **now = ZQ_NEW_ARRAY(arena, const char *, n + 1);

    for (size_t i = 0; i < n; i++)
        now[i] = column_now(r, columns[i], arena);
    return now;
}

static void view_keys(const zq_renaming *r, zq_table *view, zq_arena *arena)
{
    zq_foreign_key *keys = ZQ_NEW_ARRAY(arena, zq_foreign_key, r->from->n_foreign_keys + 1);

    for (size_t i = 0; i < r->from->n_foreign_keys; i++) {
        keys[i] = r->from->foreign_keys[i];
        keys[i].columns = columns_now(r, keys[i].columns, arena);
    }
    view->foreign_keys = keys;
}

/* An index is the same one under another name when nothing else of it differs. */
static void find_indexes(zq_renaming *r, const zq_table *view, bool sure, zq_arena *arena)
{
    label *to = labels_of_indexes(r->to, arena), *from = labels_of_indexes(r->from, arena);

    if (!sure)
        look_back(to, r->to->n_indexes, from, r->from->n_indexes);
    for (size_t i = 0; i < r->from->n_indexes; i++)
        from[i].was = NULL;
    for (size_t i = 0; i < r->to->n_indexes; i++) {
        const zq_index *index = &r->to->indexes[i];
        const zq_index *old = has(to[i].was) ? zq_table_index(view, to[i].was) : NULL;

        if (old == NULL || old->kind == ZQ_PRIMARY ||
            zq_properties_compare(&zq_properties_index, r->to, index, view, old) != 0)
            to[i].was = NULL;
    }
    r->indexes =
        names_after(to, r->to->n_indexes, from, r->from->n_indexes, sure, arena, &r->renames);
}

static void name_indexes(const zq_renaming *r, zq_table *view, zq_arena *arena)
{
    zq_index *indexes = ZQ_NEW_ARRAY(arena, zq_index, view->n_indexes + 1);
    size_t n = 0;

    for (size_t i = 0; i < view->n_indexes; i++) {
        if (r->indexes[i] == NULL)
            continue;
        indexes[n] = view->indexes[i];
        indexes[n++].name = r->indexes[i];
    }
    view->indexes = indexes;
    view->n_indexes = n;
}

zq_renaming zq_renaming_of(const zq_table *to, const zq_table *from, bool sure, zq_arena *arena)
{
    zq_renaming r = {.from = from, .to = to, .view = from};
    zq_table *view;

    if (to == NULL || from == NULL)
        return r;
    r.columns =
        names_after(labels_of_columns(to, arena), to->n_columns, labels_of_columns(from, arena),
                    from->n_columns, sure, arena, &r.renames);
    view = ZQ_NEW(arena, zq_table);
    *view = *from;
    view_columns(&r, view, arena);
    view_indexes(&r, view, arena);
    view_keys(&r, view, arena);
    find_indexes(&r, view, sure, arena);
    if (!r.renames)
        return r;
    name_indexes(&r, view, arena);
    r.view = view;
    return r;
}

/* ---- schemas ---- */

static label *labels_of_tables(const zq_schema *schema, zq_arena *arena)
{
    label *list = ZQ_NEW_ARRAY(arena, label, schema->n_tables + 1);

    for (size_t i = 0; i < schema->n_tables; i++)
        list[i] = (label){schema->tables[i]->name, schema->tables[i]->was};
    return list;
}

static bool says_was(const zq_table *table)
{
    bool says = has(table->was);

    for (size_t i = 0; !says && i < table->n_columns; i++)
        says = has(table->columns[i].was);
    for (size_t i = 0; !says && i < table->n_indexes; i++)
        says = has(table->indexes[i].was);
    return says;
}

static bool table_renamed(const zq_renaming *r)
{
    return r->to != NULL && strcmp(r->to->name, r->from->name) != 0;
}

static const zq_renaming *renaming_from(const zq_renaming *all, size_t n, const char *table)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(all[i].from->name, table) == 0)
            return &all[i];
    }
    return NULL;
}

/* InnoDB's own names of keys follow the table's: "t_ibfk_1". */
static const char *key_name_now(const zq_renaming *r, const char *name, zq_arena *arena)
{
    const char *old = r->from->name;
    const size_t n = strlen(old);

    if (!table_renamed(r) || strncmp(name, old, n) != 0 || strncmp(name + n, "_ibfk_", 6) != 0)
        return name;
    return zq_arena_printf(arena, "%s%s", r->to->name, name + n);
}

/* The other ends of foreign keys. */
static void follow_keys(zq_renaming *r, const zq_renaming *all, size_t n, zq_arena *arena)
{
    zq_table *view = ZQ_NEW(arena, zq_table);
    zq_foreign_key *keys = ZQ_NEW_ARRAY(arena, zq_foreign_key, r->view->n_foreign_keys + 1);

    *view = *r->view;
    for (size_t i = 0; i < view->n_foreign_keys; i++) {
        const zq_foreign_key *key = &r->view->foreign_keys[i];
        const zq_renaming *other =
            has(key->ref_schema) ? NULL : renaming_from(all, n, key->ref_table);

        keys[i] = *key;
        keys[i].name = key_name_now(r, key->name, arena);
        if (other == NULL || other->to == NULL)
            continue;
        keys[i].ref_table = other->to->name;
        if (other->renames)
            keys[i].ref_columns = columns_now(other, key->ref_columns, arena);
    }
    view->foreign_keys = keys;
    if (table_renamed(r))
        view->name = r->to->name;
    r->view = view;
}

zq_rc zq_renamings_of(const zq_schema *desired, const zq_schema *actual, bool sure, zq_arena *arena,
                      zq_renaming **out, zq_err *err)
{
    const size_t n = actual->n_tables;
    label *to = labels_of_tables(desired, arena);
    zq_renaming *all = ZQ_NEW_ARRAY(arena, zq_renaming, n + 1);
    bool any = false;
    const char **names;

    *out = all;
    ZQ_TRY(check_labels(to, desired->n_tables, zq_tr("tables"), "", err));
    names =
        names_after(to, desired->n_tables, labels_of_tables(actual, arena), n, sure, arena, &any);
    for (size_t i = 0; i < n; i++) {
        const zq_table *from = actual->tables[i];
        const zq_table *pair = names[i] == NULL ? NULL : zq_schema_table(desired, names[i]);

        all[i] = (zq_renaming){.from = from, .to = pair, .view = from};
        if (pair != NULL && (says_was(pair) || says_was(from)))
            all[i] = zq_renaming_of(pair, from, sure, arena);
        any = any || all[i].renames;
    }
    for (size_t i = 0; any && i < n; i++)
        follow_keys(&all[i], all, n, arena);
    return ZQ_OK;
}
