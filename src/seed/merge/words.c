#include "seed/merge/merge.h"

#include "base/phrase.h"
#include "seed/record_text.h"

#include <string.h>

/* A permission that only the database has and that does what `gone` did: an operator gave it
 * another name. */
static const zq_merge_object *renamed(const zq_merge *m, const zq_merge_object *gone)
{
    for (size_t p = 0; p < m->n_permissions; p++) {
        const zq_merge_object *other = &m->permissions[p];

        if ((other->where & ZQ_DECIDES) == ZQ_IN_DATABASE &&
            zq_record_text_same(other->words[ZQ_SIDE_DATABASE][1], gone->words[ZQ_SIDE_SEEDS][1]) &&
            zq_record_text_same(other->words[ZQ_SIDE_DATABASE][2], gone->words[ZQ_SIDE_SEEDS][2]))
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

static const char *who_wrote(const zq_merge *m, const zq_merge_object *object, size_t n_words)
{
    bool same = m->n_folder > 0 && from_folder(object->where);

    for (size_t i = 0; i < n_words; i++)
        same = same && zq_record_text_same(object->words[ZQ_SIDE_FOLDER][i],
                                           object->words[ZQ_SIDE_DATABASE][i]);
    return zq_tr(same ? N_("the seeds of a folder") : N_("an operator"));
}

/* `noun` and `words` are what it and its words are called. */
static const char *say_object(const zq_merge *m, const zq_merge_object *o, const char *noun,
                              const char *words, size_t n_words)
{
    zq_arena *arena = m->arena;

    switch (o->verdict) {
    case ZQ_VERDICT_ADD:
        return zq_tr_printf(arena, "%s '%s' is added", noun, o->name);
    case ZQ_VERDICT_UPDATE:
        return zq_tr_printf(arena, "%s '%s' takes the %s of the seeds", noun, o->name, words);
    case ZQ_VERDICT_REMOVE:
        return zq_tr_printf(arena, "%s '%s' is removed: the seeds do not have it", noun, o->name);
    case ZQ_VERDICT_KEEP_ADDED:
        return zq_tr_printf(arena, "%s '%s' stays: %s", noun, o->name,
                            zq_tr(from_folder(o->where) ? N_("it came from a folder of seeds")
                                                        : N_("an operator added it")));
    case ZQ_VERDICT_KEEP_REMOVED:
        return zq_tr_printf(arena, "%s '%s' stays removed: %s", noun, o->name,
                            zq_tr(left_out(m, o->where) ? N_("the seeds of a folder left it out")
                                                        : N_("an operator removed it")));
    case ZQ_VERDICT_KEEP_CHANGED:
        return zq_tr_printf(arena, "%s '%s' keeps the %s %s gave it", noun, o->name, words,
                            who_wrote(m, o, n_words));
    case ZQ_VERDICT_KEEP_USED:
    case ZQ_VERDICT_LEAVE:
    case ZQ_VERDICT_NOTHING:
    case ZQ_VERDICT_FORGET:
    case ZQ_VERDICT_WAIT:
        break;
    }
    return NULL;
}

static const char *say_role(const zq_merge *m, const zq_merge_object *role)
{
    zq_arena *arena = m->arena;

    if (role->verdict == ZQ_VERDICT_LEAVE && !role->reconcile && (role->where & ZQ_IN_DATABASE))
        return zq_tr_printf(arena, "role '%s' is left alone: reconcile = no", role->name);
    if (role->verdict != ZQ_VERDICT_KEEP_USED)
        return say_object(m, role, zq_tr("role"), zq_tr("description"), 1);
    if (role->n_users == 0)
        return zq_tr_printf(arena,
                            "role '%s' is gone from the seeds, but an operator added "
                            "grants to it: it stays, with its grants",
                            role->name);
    return zq_tr_printf(arena,
                        role->n_users == 1
                            ? N_("role '%s' is gone from the seeds, but %lld user has it: it "
                                 "stays, with its grants")
                            : N_("role '%s' is gone from the seeds, but %lld users have it: it "
                                 "stays, with its grants"),
                        role->name, role->n_users);
}

static const char *say_permission(const zq_merge *m, const zq_merge_object *permission)
{
    zq_arena *arena = m->arena;
    const zq_merge_object *now =
        permission->verdict == ZQ_VERDICT_KEEP_REMOVED ? renamed(m, permission) : NULL;

    if (now != NULL)
        return zq_tr_printf(arena, "permission '%s' is called '%s' now: an operator renamed it",
                            permission->name, now->name);
    if (permission->verdict == ZQ_VERDICT_KEEP_USED)
        return zq_tr_printf(arena,
                            "permission '%s' is gone from the seeds, but a role has it: it stays",
                            permission->name);
    return say_object(m, permission, zq_tr("permission"), zq_tr("words"), ZQ_WORDS_MAX);
}

static const char *say_grant(const zq_merge *m, const zq_merge_grant *cell,
                             const zq_merge_object *role, const zq_merge_object *permission)
{
    zq_verdict verdict = (zq_verdict)cell->verdict;
    zq_arena *arena = m->arena;

    switch (verdict) {
    case ZQ_VERDICT_ADD:
        return zq_tr_printf(arena, "role '%s' is granted '%s'", role->name, permission->name);
    case ZQ_VERDICT_REMOVE:
        return zq_tr_printf(arena, "role '%s' loses '%s': the seeds do not grant it", role->name,
                            permission->name);
    case ZQ_VERDICT_KEEP_ADDED:
        return zq_tr_printf(arena, "role '%s' keeps '%s': %s", role->name, permission->name,
                            zq_tr(from_folder(cell->where) ? N_("the seeds of a folder granted it")
                                                           : N_("an operator granted it")));
    case ZQ_VERDICT_KEEP_REMOVED:
        return left_out(m, cell->where)
                   ? zq_tr_printf(arena,
                                  "role '%s' is not granted '%s': the seeds of a folder left it "
                                  "out",
                                  role->name, permission->name)
                   : zq_tr_printf(arena,
                                  "role '%s' is not granted '%s' again: an operator revoked it",
                                  role->name, permission->name);
    case ZQ_VERDICT_WAIT:
        return zq_tr_printf(arena, "role '%s' cannot be granted '%s': %s '%s' is not there",
                            role->name, permission->name,
                            zq_merge_object_stays(role) ? zq_tr("permission") : zq_tr("role"),
                            zq_merge_object_stays(role) ? permission->name : role->name);
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
        const zq_merge_object *role = &m->roles[r];

        add_decision(out, items,
                     (zq_rbac_decision){ZQ_RBAC_ROLE, role->name, NULL, r, 0, role->where,
                                        role->verdict, say_role(m, role)});
    }
    for (size_t p = 0; p < m->n_permissions; p++) {
        const zq_merge_object *permission = &m->permissions[p];

        add_decision(out, items,
                     (zq_rbac_decision){ZQ_RBAC_PERMISSION, NULL, permission->name, 0, p,
                                        permission->where, permission->verdict,
                                        say_permission(m, permission)});
    }
    for (size_t r = 0; r < m->n_roles; r++) {
        for (size_t p = 0; p < m->n_permissions; p++) {
            const zq_merge_grant *cell = zq_merge_cell(m, r, p);
            const zq_merge_object *role = &m->roles[r];
            const zq_merge_object *permission = &m->permissions[p];

            if (cell->where != 0)
                add_decision(out, items,
                             (zq_rbac_decision){ZQ_RBAC_GRANT, role->name, permission->name, r, p,
                                                cell->where, cell->verdict,
                                                say_grant(m, cell, role, permission)});
        }
    }
}

static const char *const verdict_names[] = {
#define ZQ_VERDICT_NAME(code, name) name,
    ZQ_VERDICT_LIST(ZQ_VERDICT_NAME)
#undef ZQ_VERDICT_NAME
};

const char *zq_verdict_name(zq_verdict verdict)
{
    return verdict_names[verdict];
}
