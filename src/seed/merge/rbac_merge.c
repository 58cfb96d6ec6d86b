#include "seed/merge/rbac_merge.h"

#include "seed/merge/merge.h"
#include "seed/record_text.h"

#include <string.h>

/* How the words of an object differ, where two or three sides have it. */
typedef enum words_state {
    ANY,
    SAME,     /* seeds and database agree; without seeds: record and database do */
    SEEDS,    /* the seeds have changed since, the database has not */
    OPERATOR, /* the database has changed since, the seeds have not */
    BOTH,     /* both have, to different words */
} words_state;

/* The whole merge: where an object is and how its words differ, what is done about it, and what
 * when the database shall equal the seeds (prune). A grant has no words: its state is SAME. */
static const struct {
    unsigned where;
    words_state words;
    zq_verdict verdict;
    zq_verdict pruned;
} merge_table[] = {
#define S ZQ_IN_SEEDS
#define L ZQ_IN_LAST
#define D ZQ_IN_DATABASE
#define V(name) ZQ_VERDICT_##name
    /* clang-format off */
    {S,         ANY,      V(ADD),          V(ADD)},     /* new in the seeds */
    {    L,     ANY,      V(FORGET),       V(FORGET)},  /* gone from both */
    {        D, ANY,      V(KEEP_ADDED),   V(REMOVE)},  /* an operator's own */
    {S | L,     ANY,      V(KEEP_REMOVED), V(ADD)},     /* an operator removed it */
    {    L | D, SAME,     V(REMOVE),       V(REMOVE)},  /* gone from the seeds */
    {    L | D, OPERATOR, V(KEEP_CHANGED), V(REMOVE)},  /* the same, but an operator wrote on it */
    {S     | D, SAME,     V(NOTHING),      V(NOTHING)}, /* both have it from elsewhere */
    {S     | D, BOTH,     V(KEEP_CHANGED), V(UPDATE)},  /* the same, in other words */
    {S | L | D, SAME,     V(NOTHING),      V(NOTHING)},
    {S | L | D, SEEDS,    V(UPDATE),       V(UPDATE)},  /* changed in the seeds */
    {S | L | D, OPERATOR, V(KEEP_CHANGED), V(UPDATE)},  /* changed by an operator */
    {S | L | D, BOTH,     V(KEEP_CHANGED), V(UPDATE)},  /* changed by both: the operator stays */
/* clang-format on */
#undef S
#undef L
#undef D
#undef V
};

static zq_verdict decide(unsigned where, words_state words, bool prune)
{
    for (size_t i = 0; i < ZQ_LEN(merge_table); i++) {
        if (merge_table[i].where == (where & ZQ_DECIDES) &&
            (merge_table[i].words == ANY || merge_table[i].words == words))
            return prune ? merge_table[i].pruned : merge_table[i].verdict;
    }
    return ZQ_VERDICT_NOTHING;
}

static words_state compare_words(unsigned where, const char *seeds, const char *last,
                                 const char *database)
{
    if ((where & ZQ_DECIDES) == (ZQ_IN_LAST | ZQ_IN_DATABASE))
        return zq_record_text_same(last, database) ? SAME : OPERATOR;
    if (!(where & ZQ_IN_SEEDS) || !(where & ZQ_IN_DATABASE) || zq_record_text_same(seeds, database))
        return SAME;
    if (!(where & ZQ_IN_LAST))
        return BOTH;
    if (zq_record_text_same(last, database))
        return SEEDS;
    return zq_record_text_same(last, seeds) ? OPERATOR : BOTH;
}

/* The strongest of what is to be done about each of an object's words. */
static void decide_object(const zq_merge *m, zq_merge_object *object, size_t n_words)
{
    bool kept = false;

    for (size_t i = 0; i < n_words; i++) {
        words_state state =
            compare_words(object->where, object->words[ZQ_SIDE_SEEDS][i],
                          object->words[ZQ_SIDE_LAST][i], object->words[ZQ_SIDE_DATABASE][i]);
        zq_verdict verdict = decide(object->where, state, m->options->prune);

        if (verdict == ZQ_VERDICT_UPDATE)
            object->newer |= 1u << i;
        kept = kept || verdict == ZQ_VERDICT_KEEP_CHANGED;
        object->verdict = verdict;
    }
    if (object->newer != 0)
        object->verdict = ZQ_VERDICT_UPDATE;
    else if (kept)
        object->verdict = ZQ_VERDICT_KEEP_CHANGED;
    if (!object->asked)
        object->verdict = ZQ_VERDICT_LEAVE;
    if (!object->reconcile && (object->where & ZQ_IN_DATABASE) && !m->options->as_operator)
        object->verdict = ZQ_VERDICT_LEAVE;
}

static void decide_grants(const zq_merge *m)
{
    for (size_t r = 0; r < m->n_roles; r++) {
        const zq_merge_object *role = &m->roles[r];

        for (size_t p = 0; p < m->n_permissions; p++) {
            zq_merge_grant *cell = zq_merge_cell(m, r, p);

            if (cell->where == 0)
                continue;
            cell->verdict = (unsigned char)decide(cell->where, SAME, m->options->prune);
            if (role->verdict == ZQ_VERDICT_LEAVE)
                cell->verdict = ZQ_VERDICT_LEAVE;
        }
    }
}

/* Whether every grant of the role goes away with it. */
static bool loses_all_grants(const zq_merge *m, size_t role)
{
    for (size_t p = 0; p < m->n_permissions; p++) {
        const zq_merge_grant *cell = zq_merge_cell(m, role, p);

        if ((cell->where & ZQ_IN_DATABASE) && cell->verdict != ZQ_VERDICT_REMOVE)
            return false;
    }
    return true;
}

/* A role that the seeds have no longer and that stays keeps what it may do: because it has users,
 * grants that an operator added, or words that an operator wrote. */
static void keep_used_roles(const zq_merge *m)
{
    for (size_t r = 0; r < m->n_roles; r++) {
        zq_merge_object *role = &m->roles[r];

        if (role->verdict == ZQ_VERDICT_REMOVE && (role->n_users > 0 || !loses_all_grants(m, r)))
            role->verdict = ZQ_VERDICT_KEEP_USED;
        if ((role->where & ZQ_IN_SEEDS) || !zq_merge_object_stays(role))
            continue;
        for (size_t p = 0; p < m->n_permissions; p++) {
            zq_merge_grant *cell = zq_merge_cell(m, r, p);

            if (cell->where != 0 && cell->verdict == ZQ_VERDICT_REMOVE)
                cell->verdict = ZQ_VERDICT_KEEP_USED;
        }
    }
}

static void keep_used_permissions(const zq_merge *m)
{
    for (size_t p = 0; p < m->n_permissions; p++) {
        zq_merge_object *permission = &m->permissions[p];

        if (permission->verdict != ZQ_VERDICT_REMOVE)
            continue;
        for (size_t r = 0; r < m->n_roles; r++) {
            const zq_merge_grant *cell = zq_merge_cell(m, r, p);

            if ((cell->where & ZQ_IN_DATABASE) && cell->verdict != ZQ_VERDICT_REMOVE)
                permission->verdict = ZQ_VERDICT_KEEP_USED;
        }
    }
}

/* A grant cannot be made while its role or its permission is not there. */
static void hold_grants(const zq_merge *m)
{
    for (size_t r = 0; r < m->n_roles; r++) {
        for (size_t p = 0; p < m->n_permissions; p++) {
            zq_merge_grant *cell = zq_merge_cell(m, r, p);

            if (cell->where != 0 && cell->verdict == ZQ_VERDICT_ADD &&
                !(zq_merge_object_stays(&m->roles[r]) && zq_merge_object_stays(&m->permissions[p])))
                cell->verdict = ZQ_VERDICT_WAIT;
        }
    }
}

/* With options.role: that role, and the permissions its grants in the seeds need. */
static zq_rc ask(const zq_merge *m, zq_err *err)
{
    const char *name = m->options->role;
    size_t asked = m->n_roles;

    if (name == NULL)
        return ZQ_OK;
    for (size_t r = 0; r < m->n_roles; r++) {
        m->roles[r].asked = zq_seed_name_cmp(m->roles[r].name, name) == 0;
        if (m->roles[r].asked)
            asked = r;
    }
    if (asked == m->n_roles) {
        zq_fail(err, ZQ_E_USAGE, "there is no role '%s', in the seeds or in the database", name);
        return zq_err_hint(err, "'zquant-init seeds diff' lists the roles");
    }
    for (size_t p = 0; p < m->n_permissions; p++)
        m->permissions[p].asked = (zq_merge_cell(m, asked, p)->where & ZQ_IN_SEEDS) != 0 &&
                                  !(m->permissions[p].where & ZQ_IN_DATABASE);
    return ZQ_OK;
}

zq_rc zq_rbac_merge(const zq_seeds *seeds, const zq_rbac *now, const zq_rbac_options *options,
                    zq_arena *arena, zq_rbac_merged *out, zq_err *err)
{
    zq_merge m = {.seeds = seeds, .now = now, .options = options, .arena = arena};
    zq_rbac_merged merged = {0};

    zq_merge_align(&m);
    ZQ_TRY(ask(&m, err));
    for (size_t r = 0; r < m.n_roles; r++)
        decide_object(&m, &m.roles[r], 1);
    for (size_t p = 0; p < m.n_permissions; p++)
        decide_object(&m, &m.permissions[p], ZQ_WORDS_MAX);
    decide_grants(&m);
    keep_used_roles(&m);
    keep_used_permissions(&m);
    hold_grants(&m);
    zq_merge_decisions(&m, &merged);
    zq_merge_steps(&m, &merged.steps);
    merged.taken_over = m.taken_over;
    *out = merged;
    return ZQ_OK;
}
