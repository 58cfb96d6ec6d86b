/* Puts what the seeds say, what the database has, and what was last applied next to each other.
 *
 * All names of the three sides go into one list, which is sorted: names that the database's
 * collation takes for the same then are neighbours and become one object; grants become cells of a
 * table of roles and permissions. Where nothing was recorded, what the Python initialiser had
 * written stands for it. */
#include "seed/merge/merge.h"

#include "seed/record_text.h"

#include <stdlib.h>
#include <string.h>

/* A name on one of the sides, before the sides are put together. */
typedef struct ref {
    const char *name;
    unsigned side;
    size_t rank; /* seeds first, then the database, then the record, each in its own order */
    zq_merge_object object;
} ref;

typedef struct refs {
    ref *items;
    size_t n;
} refs;

static zq_merge_object *add_ref(refs *list, const char *name, unsigned side)
{
    ref *item = &list->items[list->n];

    *item = (ref){.name = name, .side = side, .rank = list->n};
    item->object =
        (zq_merge_object){.name = name, .where = 1u << side, .reconcile = true, .asked = true};
    list->n++;
    return &item->object;
}

static int by_name(const void *a, const void *b)
{
    const ref *left = a;
    const ref *right = b;
    int order = zq_seed_name_cmp(left->name, right->name);

    return order != 0 ? order : (left->rank > right->rank) - (left->rank < right->rank);
}

static int by_rank(const void *a, const void *b)
{
    const ref *left = a;
    const ref *right = b;

    return (left->rank > right->rank) - (left->rank < right->rank);
}

static void join(zq_merge_object *into, const ref *from)
{
    memcpy(into->words[from->side], from->object.words[from->side], sizeof into->words[0]);
    into->where |= from->object.where;
    if (from->side == ZQ_SIDE_DATABASE) {
        into->name = from->name;
        into->id = from->object.id;
        into->n_users = from->object.n_users;
    }
    if (from->side == ZQ_SIDE_SEEDS) {
        into->reconcile = from->object.reconcile;
        into->seed_id = from->object.seed_id;
    }
    if (from->side == ZQ_SIDE_LAST)
        into->was_left = from->object.was_left;
}

/* One object for each name; refs of the same name follow each other once sorted, and the first of
 * them has the lowest rank. */
static zq_merge_object *objects_of(zq_arena *arena, refs *list, size_t *out_n)
{
    zq_merge_object *objects = ZQ_NEW_ARRAY(arena, zq_merge_object, list->n);
    size_t n = 0;

    qsort(list->items, list->n, sizeof *list->items, by_name);
    for (size_t i = 0; i < list->n; i++) {
        if (n > 0 && zq_seed_name_cmp(list->items[n - 1].name, list->items[i].name) == 0)
            join(&list->items[n - 1].object, &list->items[i]);
        else
            list->items[n++] = list->items[i];
    }
    qsort(list->items, n, sizeof *list->items, by_rank);
    for (size_t i = 0; i < n; i++)
        objects[i] = list->items[i].object;
    *out_n = n;
    return objects;
}

static bool is_kind(const zq_rbac_record *record, const char *kind)
{
    return strcmp(record->kind, kind) == 0;
}

static void seed_role(refs *list, const zq_seed_role *role, unsigned side)
{
    zq_merge_object *object = add_ref(list, role->name, side);

    object->words[side][0] = role->description;
    object->reconcile = role->reconcile;
    object->seed_id = role->id;
}

static void seed_permission(refs *list, const zq_seed_permission *permission, unsigned side)
{
    zq_merge_object *object = add_ref(list, permission->name, side);

    object->words[side][0] = permission->description;
    object->words[side][1] = permission->resource;
    object->words[side][2] = permission->action;
    object->seed_id = permission->id;
}

/* What a record says of roles or of permissions. */
static void add_records(const zq_merge *m, refs *list, const zq_rbac_record *records, size_t n,
                        unsigned side, const char *kind)
{
    bool is_role = strcmp(kind, "role") == 0;

    for (size_t i = 0; i < n; i++) {
        const char *name = is_role ? records[i].role : records[i].permission;
        zq_merge_object *object = is_kind(&records[i], kind) ? add_ref(list, name, side) : NULL;

        if (object == NULL)
            continue;
        zq_record_text_decode(m->arena, records[i].content, object->words[side],
                              is_role ? 1 : ZQ_WORDS_MAX);
        object->was_left = is_role && zq_role_is_left(m->arena, records[i].content);
    }
}

static void align_roles(zq_merge *m, const zq_seeds *last)
{
    refs list = {ZQ_NEW_ARRAY(m->arena, ref,
                              m->seeds->n_roles + m->now->n_roles + m->n_last + m->n_folder +
                                  last->n_roles)};

    for (size_t i = 0; i < m->seeds->n_roles; i++)
        seed_role(&list, &m->seeds->roles[i], ZQ_SIDE_SEEDS);
    for (size_t i = 0; i < m->now->n_roles; i++) {
        zq_merge_object *object = add_ref(&list, m->now->roles[i].name, ZQ_SIDE_DATABASE);

        object->words[ZQ_SIDE_DATABASE][0] = m->now->roles[i].description;
        object->id = m->now->roles[i].id;
        object->n_users = m->now->roles[i].n_users;
    }
    add_records(m, &list, m->last, m->n_last, ZQ_SIDE_LAST, "role");
    add_records(m, &list, m->folder, m->n_folder, ZQ_SIDE_FOLDER, "role");
    for (size_t i = 0; i < last->n_roles; i++)
        seed_role(&list, &last->roles[i], ZQ_SIDE_LAST);
    m->roles = objects_of(m->arena, &list, &m->n_roles);
}

static void align_permissions(zq_merge *m, const zq_seeds *last)
{
    refs list = {ZQ_NEW_ARRAY(m->arena, ref,
                              m->seeds->n_permissions + m->now->n_permissions + m->n_last +
                                  m->n_folder + last->n_permissions)};

    for (size_t i = 0; i < m->seeds->n_permissions; i++)
        seed_permission(&list, &m->seeds->permissions[i], ZQ_SIDE_SEEDS);
    for (size_t i = 0; i < m->now->n_permissions; i++) {
        const zq_rbac_permission *permission = &m->now->permissions[i];
        zq_merge_object *object = add_ref(&list, permission->name, ZQ_SIDE_DATABASE);

        object->words[ZQ_SIDE_DATABASE][0] = permission->description;
        object->words[ZQ_SIDE_DATABASE][1] = permission->resource;
        object->words[ZQ_SIDE_DATABASE][2] = permission->action;
        object->id = permission->id;
    }
    add_records(m, &list, m->last, m->n_last, ZQ_SIDE_LAST, "permission");
    add_records(m, &list, m->folder, m->n_folder, ZQ_SIDE_FOLDER, "permission");
    for (size_t i = 0; i < last->n_permissions; i++)
        seed_permission(&list, &last->permissions[i], ZQ_SIDE_LAST);
    m->permissions = objects_of(m->arena, &list, &m->n_permissions);
}

/* ---- grants ---- */

/* Objects sorted by something that is looked up. */
typedef struct lookup {
    const zq_merge_object **items;
    const zq_merge_object *first;
    size_t n;
    int (*compare)(const void *, const void *);
} lookup;

static int object_by_name(const void *a, const void *b)
{
    const zq_merge_object *const *left = a;
    const zq_merge_object *const *right = b;

    return zq_seed_name_cmp((*left)->name, (*right)->name);
}

static int object_by_id(const void *a, const void *b)
{
    const zq_merge_object *const *left = a;
    const zq_merge_object *const *right = b;

    return ((*left)->id > (*right)->id) - ((*left)->id < (*right)->id);
}

static lookup lookup_over(zq_arena *arena, const zq_merge_object *objects, size_t n,
                          int (*compare)(const void *, const void *))
{
    lookup l = {ZQ_NEW_ARRAY(arena, const zq_merge_object *, n + 1), objects, n, compare};

    for (size_t i = 0; i < n; i++)
        l.items[i] = &objects[i];
    qsort(l.items, n, sizeof *l.items, compare);
    return l;
}

/* The index of the object that is like `wanted`; false when there is none. */
static bool look_up(const lookup *l, const zq_merge_object *wanted, size_t *out_index)
{
    const zq_merge_object **found = bsearch(&wanted, l->items, l->n, sizeof *l->items, l->compare);

    if (found != NULL)
        *out_index = (size_t)(*found - l->first);
    return found != NULL;
}

static void mark(zq_merge *m, const lookup *roles, const lookup *permissions,
                 const zq_merge_object *role, const zq_merge_object *permission, unsigned side)
{
    size_t r;
    size_t p;

    if (look_up(roles, role, &r) && look_up(permissions, permission, &p))
        zq_merge_cell(m, r, p)->where |= (unsigned char)(1u << side);
}

static void mark_seeds(zq_merge *m, const lookup *roles, const lookup *permissions,
                       const zq_seeds *seeds, unsigned side)
{
    for (size_t i = 0; i < seeds->n_grants; i++) {
        zq_merge_object role = {.name = seeds->roles[seeds->grants[i].role].name};
        zq_merge_object permission = {.name = seeds->permissions[seeds->grants[i].permission].name};

        mark(m, roles, permissions, &role, &permission, side);
    }
}

static void mark_records(zq_merge *m, const lookup *roles, const lookup *permissions,
                         const zq_rbac_record *records, size_t n, unsigned side)
{
    for (size_t i = 0; i < n; i++) {
        zq_merge_object role = {.name = records[i].role};
        zq_merge_object permission = {.name = records[i].permission};

        if (is_kind(&records[i], "grant"))
            mark(m, roles, permissions, &role, &permission, side);
    }
}

static void align_grants(zq_merge *m, const zq_seeds *last)
{
    lookup roles = lookup_over(m->arena, m->roles, m->n_roles, object_by_name);
    lookup permissions = lookup_over(m->arena, m->permissions, m->n_permissions, object_by_name);
    lookup role_ids = lookup_over(m->arena, m->roles, m->n_roles, object_by_id);
    lookup permission_ids = lookup_over(m->arena, m->permissions, m->n_permissions, object_by_id);

    m->cells = ZQ_NEW_ARRAY(m->arena, zq_merge_grant, m->n_roles * m->n_permissions);
    mark_seeds(m, &roles, &permissions, m->seeds, ZQ_SIDE_SEEDS);
    mark_seeds(m, &roles, &permissions, last, ZQ_SIDE_LAST);
    mark_records(m, &roles, &permissions, m->last, m->n_last, ZQ_SIDE_LAST);
    mark_records(m, &roles, &permissions, m->folder, m->n_folder, ZQ_SIDE_FOLDER);
    for (size_t i = 0; i < m->now->n_grants; i++) {
        zq_merge_object role = {.id = m->now->grants[i].role_id};
        zq_merge_object permission = {.id = m->now->grants[i].permission_id};

        mark(m, &role_ids, &permission_ids, &role, &permission, ZQ_SIDE_DATABASE);
    }
}

/* What the Python initialiser had applied to a database that has no record. Where it has left a
 * table empty, it was killed before it came to it: then nothing of that kind was applied. */
static void python_seeds(zq_merge *m, zq_seeds *out)
{
    if (zq_seeds_python(m->arena, out, NULL) != ZQ_OK)
        return;
    if (m->now->n_roles == 0)
        out->n_roles = 0;
    if (m->now->n_permissions == 0)
        out->n_permissions = 0;
    if (m->now->n_grants == 0 || m->now->n_roles == 0 || m->now->n_permissions == 0)
        out->n_grants = 0;
}

/* A folder's seeds are compared with what a folder's brought last; the first time, with the
 * built-in ones that they replace. The built-in ones are compared with themselves alone. */
static void choose_last(zq_merge *m)
{
    bool by_folder = m->seeds->from_folder && m->now->n_folder_records > 0;

    m->last = by_folder ? m->now->folder_records : m->now->records;
    m->n_last = by_folder ? m->now->n_folder_records : m->now->n_records;
    if (m->seeds->from_folder)
        return;
    m->folder = m->now->folder_records;
    m->n_folder = m->now->n_folder_records;
}

void zq_merge_align(zq_merge *m)
{
    zq_seeds last = {0};

    m->taken_over = m->now->n_records == 0 && m->now->n_folder_records == 0 &&
                    (m->now->n_roles > 0 || m->now->n_permissions > 0);
    choose_last(m);
    if (m->taken_over)
        python_seeds(m, &last);
    align_roles(m, &last);
    align_permissions(m, &last);
    align_grants(m, &last);
}
