#include "seed/merge/words.h"

#include "base/language.h"
#include "seed/record_text.h"

#include <string.h>

/* A permission that only the database has and that does what `gone` did: an operator gave it
 * another name. */
static const zq_object *renamed(const zq_merge *m, const zq_object *gone)
{
    for (size_t p = 0; p < m->n_permissions; p++) {
        const zq_object *other = &m->permissions[p];

        if ((other->where & ZQ_DECIDES) == ZQ_IN_DATABASE &&
            zq_words_same(other->words[ZQ_SIDE_DATABASE][1], gone->words[ZQ_SIDE_SEEDS][1]) &&
            zq_words_same(other->words[ZQ_SIDE_DATABASE][2], gone->words[ZQ_SIDE_SEEDS][2]))
            return other;
    }
    return NULL;
}

/* Who has done what is kept: a folder's seeds, when they were the last to have a say in it. */
static bool from_folder(unsigned where)
{
    return (where & ZQ_IN_FOLDER) != 0;
}

static bool left_out(const zq_merge *m, unsigned where)
{
    return m->n_folder > 0 && !from_folder(where);
}

static const char *who_wrote(const zq_merge *m, const zq_object *object, size_t n_words)
{
    bool same = m->n_folder > 0 && from_folder(object->where);

    for (size_t i = 0; i < n_words; i++)
        same = same &&
               zq_words_same(object->words[ZQ_SIDE_FOLDER][i], object->words[ZQ_SIDE_DATABASE][i]);
    return same ? "the seeds of a folder" : "an operator";
}

static const char *say_role(const zq_merge *m, const zq_object *role)
{
    zq_arena *arena = m->arena;
    bool left = !role->reconcile && (role->where & ZQ_IN_DATABASE);

    switch (role->verdict) {
    case ZQ_VERDICT_ADD:
        return zq_arena_printf(arena, "role '%s' is added", role->name);
    case ZQ_VERDICT_UPDATE:
        return zq_arena_printf(arena, "role '%s' takes the description of the seeds", role->name);
    case ZQ_VERDICT_REMOVE:
        return zq_arena_printf(arena, "role '%s' is removed: the seeds do not have it", role->name);
    case ZQ_VERDICT_KEEP_ADDED:
        return zq_arena_printf(arena, "role '%s' stays: %s", role->name,
                               from_folder(role->where) ? "it came from a folder of seeds"
                                                        : "an operator added it");
    case ZQ_VERDICT_KEEP_REMOVED:
        return zq_arena_printf(arena, "role '%s' stays removed: %s", role->name,
                               left_out(m, role->where) ? "the seeds of a folder left it out"
                                                        : "an operator removed it");
    case ZQ_VERDICT_KEEP_CHANGED:
        return zq_arena_printf(arena, "role '%s' keeps the description %s gave it", role->name,
                               who_wrote(m, role, 1));
    case ZQ_VERDICT_KEEP_USED:
        return role->n_users > 0
                   ? zq_arena_printf(
                         arena,
                         zq_tr(role->n_users == 1
                                   ? N_("role '%s' is gone from the seeds, but %lld user has it: "
                                        "it stays, with its grants")
                                   : N_("role '%s' is gone from the seeds, but %lld users have "
                                        "it: it stays, with its grants")),
                         role->name, role->n_users)
                   : zq_arena_printf(arena,
                                     "role '%s' is gone from the seeds, but an operator added "
                                     "grants to it: it stays, with its grants",
                                     role->name);
    case ZQ_VERDICT_LEAVE:
        return left ? zq_arena_printf(arena, "role '%s' is left alone: reconcile = no", role->name)
                    : NULL;
    case ZQ_VERDICT_NOTHING:
    case ZQ_VERDICT_FORGET:
    case ZQ_VERDICT_WAIT:
        break;
    }
    return NULL;
}

static const char *say_permission(const zq_merge *m, const zq_object *permission)
{
    zq_arena *arena = m->arena;
    const zq_object *now;

    switch (permission->verdict) {
    case ZQ_VERDICT_ADD:
        return zq_arena_printf(arena, "permission '%s' is added", permission->name);
    case ZQ_VERDICT_UPDATE:
        return zq_arena_printf(arena, "permission '%s' takes the words of the seeds",
                               permission->name);
    case ZQ_VERDICT_REMOVE:
        return zq_arena_printf(arena, "permission '%s' is removed: the seeds do not have it",
                               permission->name);
    case ZQ_VERDICT_KEEP_ADDED:
        return zq_arena_printf(arena, "permission '%s' stays: %s", permission->name,
                               from_folder(permission->where) ? "it came from a folder of seeds"
                                                              : "an operator added it");
    case ZQ_VERDICT_KEEP_REMOVED:
        now = renamed(m, permission);
        return now != NULL
                   ? zq_arena_printf(arena,
                                     "permission '%s' is called '%s' now: an operator renamed it",
                                     permission->name, now->name)
                   : zq_arena_printf(arena, "permission '%s' stays removed: %s", permission->name,
                                     left_out(m, permission->where)
                                         ? "the seeds of a folder left it out"
                                         : "an operator removed it");
    case ZQ_VERDICT_KEEP_CHANGED:
        return zq_arena_printf(arena, "permission '%s' keeps the words %s gave it",
                               permission->name, who_wrote(m, permission, ZQ_WORDS_MAX));
    case ZQ_VERDICT_KEEP_USED:
        return zq_arena_printf(
            arena, "permission '%s' is gone from the seeds, but a role has it: it stays",
            permission->name);
    case ZQ_VERDICT_NOTHING:
    case ZQ_VERDICT_FORGET:
    case ZQ_VERDICT_WAIT:
    case ZQ_VERDICT_LEAVE:
        break;
    }
    return NULL;
}

static const char *say_grant(const zq_merge *m, const zq_cell *cell, const zq_object *role,
                             const zq_object *permission)
{
    zq_verdict verdict = (zq_verdict)cell->verdict;
    zq_arena *arena = m->arena;

    switch (verdict) {
    case ZQ_VERDICT_ADD:
        return zq_arena_printf(arena, "role '%s' is granted '%s'", role->name, permission->name);
    case ZQ_VERDICT_REMOVE:
        return zq_arena_printf(arena, "role '%s' loses '%s': the seeds do not grant it", role->name,
                               permission->name);
    case ZQ_VERDICT_KEEP_ADDED:
        return zq_arena_printf(arena, "role '%s' keeps '%s': %s", role->name, permission->name,
                               from_folder(cell->where) ? "the seeds of a folder granted it"
                                                        : "an operator granted it");
    case ZQ_VERDICT_KEEP_REMOVED:
        return left_out(m, cell->where)
                   ? zq_arena_printf(arena,
                                     "role '%s' is not granted '%s': the seeds of a folder left it "
                                     "out",
                                     role->name, permission->name)
                   : zq_arena_printf(arena,
                                     "role '%s' is not granted '%s' again: an operator revoked it",
                                     role->name, permission->name);
    case ZQ_VERDICT_WAIT:
        return zq_arena_printf(arena, "role '%s' cannot be granted '%s': %s '%s' is not there",
                               role->name, permission->name,
                               zq_object_stays(role) ? "permission" : "role",
                               zq_object_stays(role) ? permission->name : role->name);
    case ZQ_VERDICT_NOTHING:
    case ZQ_VERDICT_UPDATE:
    case ZQ_VERDICT_FORGET:
    case ZQ_VERDICT_KEEP_CHANGED:
    case ZQ_VERDICT_KEEP_USED:
    case ZQ_VERDICT_LEAVE:
        break;
    }
    return NULL;
}

static void add_decision(zq_rbac_merged *out, zq_rbac_decision *items, zq_rbac_decision decision)
{
    zq_verdict v = decision.verdict;

    items[out->n++] = decision;
    out->n_changes += v == ZQ_VERDICT_ADD || v == ZQ_VERDICT_UPDATE || v == ZQ_VERDICT_REMOVE;
    out->differs = out->differs || v == ZQ_VERDICT_WAIT || v == ZQ_VERDICT_KEEP_ADDED ||
                   v == ZQ_VERDICT_KEEP_REMOVED || v == ZQ_VERDICT_KEEP_CHANGED ||
                   v == ZQ_VERDICT_KEEP_USED;
}

static size_t count_cells(const zq_merge *m)
{
    size_t n = 0;

    for (size_t i = 0; i < m->n_roles * m->n_permissions; i++)
        n += m->cells[i].where != 0;
    return n;
}

void zq_merge_decisions(const zq_merge *m, zq_rbac_merged *out)
{
    zq_rbac_decision *items =
        ZQ_NEW_ARRAY(m->arena, zq_rbac_decision, m->n_roles + m->n_permissions + count_cells(m));

    out->decisions = items;
    out->n_roles = m->n_roles;
    out->n_permissions = m->n_permissions;
    for (size_t r = 0; r < m->n_roles; r++) {
        const zq_object *role = &m->roles[r];

        add_decision(out, items,
                     (zq_rbac_decision){ZQ_RBAC_ROLE, role->name, NULL, r, 0, role->where,
                                        role->verdict, say_role(m, role)});
    }
    for (size_t p = 0; p < m->n_permissions; p++) {
        const zq_object *permission = &m->permissions[p];

        add_decision(out, items,
                     (zq_rbac_decision){ZQ_RBAC_PERMISSION, NULL, permission->name, 0, p,
                                        permission->where, permission->verdict,
                                        say_permission(m, permission)});
    }
    for (size_t r = 0; r < m->n_roles; r++) {
        for (size_t p = 0; p < m->n_permissions; p++) {
            const zq_cell *cell = zq_merge_cell(m, r, p);
            const zq_object *role = &m->roles[r];
            const zq_object *permission = &m->permissions[p];

            if (cell->where != 0)
                add_decision(out, items,
                             (zq_rbac_decision){ZQ_RBAC_GRANT, role->name, permission->name, r, p,
                                                cell->where, cell->verdict,
                                                say_grant(m, cell, role, permission)});
        }
    }
}
