#include "seed/rbac.h"

#include "seed/record_text.h"

#include <stdlib.h>
#include <string.h>

const zq_rbac zq_rbac_empty = {0};

bool zq_rbac_has_tables(const zq_state *state)
{
    static const char *const needed[] = {"zq_app_users", "zq_app_roles", "zq_app_permissions",
                                         "zq_app_role_permissions"};

    if (state->n_present == 0 || state->not_a_table != NULL)
        return false;
    for (size_t i = 0; i < ZQ_LEN(needed); i++) {
        for (size_t m = 0; m < state->n_missing; m++) {
            if (strcmp(state->missing[m], needed[i]) == 0)
                return false;
        }
    }
    return true;
}

/* ---- as seeds ---- */

/* Of roles and of permissions: both begin with their id. */
static int by_id(const void *key, const void *item)
{
    long long id = *(const long long *)key, other = *(const long long *)item;

    return (id > other) - (id < other);
}

/* In an array that may be empty, and NULL then. */
static const void *find(const long long *id, const void *items, size_t n, size_t size)
{
    return n == 0 ? NULL : bsearch(id, items, n, size, by_id);
}

/* Whether a role was applied as one to be left alone. */
static bool is_left(const zq_rbac *rbac, const char *role, zq_arena *arena)
{
    const zq_rbac_record *records =
        rbac->n_folder_records > 0 ? rbac->folder_records : rbac->records;
    size_t n = rbac->n_folder_records > 0 ? rbac->n_folder_records : rbac->n_records;

    for (size_t i = 0; i < n; i++) {
        if (strcmp(records[i].kind, "role") == 0 && zq_seed_name_cmp(records[i].role, role) == 0)
            return zq_role_is_left(arena, records[i].content);
    }
    return false;
}

void zq_rbac_seeds(const zq_rbac *rbac, zq_arena *arena, zq_seeds *out)
{
    zq_seed_role *roles = ZQ_NEW_ARRAY(arena, zq_seed_role, rbac->n_roles);
    zq_seed_permission *permissions = ZQ_NEW_ARRAY(arena, zq_seed_permission, rbac->n_permissions);
    zq_seed_grant *grants = ZQ_NEW_ARRAY(arena, zq_seed_grant, rbac->n_grants);
    size_t n_grants = 0;

    for (size_t i = 0; i < rbac->n_roles; i++)
        roles[i] = (zq_seed_role){.name = rbac->roles[i].name,
                                  .description = rbac->roles[i].description,
                                  .reconcile = !is_left(rbac, rbac->roles[i].name, arena),
                                  .id = rbac->roles[i].id};
    for (size_t i = 0; i < rbac->n_permissions; i++)
        permissions[i] = (zq_seed_permission){.name = rbac->permissions[i].name,
                                              .resource = rbac->permissions[i].resource,
                                              .action = rbac->permissions[i].action,
                                              .description = rbac->permissions[i].description,
                                              .id = rbac->permissions[i].id};
    for (size_t i = 0; i < rbac->n_grants; i++) {
        const zq_rbac_role *role =
            find(&rbac->grants[i].role_id, rbac->roles, rbac->n_roles, sizeof *rbac->roles);
        const zq_rbac_permission *permission =
            find(&rbac->grants[i].permission_id, rbac->permissions, rbac->n_permissions,
                 sizeof *rbac->permissions);

        if (role != NULL && permission != NULL)
            grants[n_grants++] =
                (zq_seed_grant){.role = (unsigned)(role - rbac->roles),
                                .permission = (unsigned)(permission - rbac->permissions)};
    }
    *out = (zq_seeds){.roles = roles,
                      .n_roles = rbac->n_roles,
                      .permissions = permissions,
                      .n_permissions = rbac->n_permissions,
                      .grants = grants,
                      .n_grants = n_grants};
    zq_seeds_seal(out);
}
