/* What the parts of the merge share: the objects of seeds, record and database side by side. */
#ifndef ZQ_SEED_MERGE_MERGE_H
#define ZQ_SEED_MERGE_MERGE_H

#include "seed/decision.h"
#include "seed/record_text.h"

enum { ZQ_SIDE_SEEDS, ZQ_SIDE_LAST, ZQ_SIDE_DATABASE, ZQ_SIDE_FOLDER, ZQ_SIDES };

/* A role or a permission, by its name, wherever it is. */
typedef struct zq_merge_object {
    const char *name; /* as the database has it, else the seeds, else the record */
    unsigned where;
    const char *words[ZQ_SIDES][ZQ_WORDS_MAX];
    unsigned newer; /* bits of the words that the seeds bring */
    zq_verdict verdict;
    const char *say;
    long long id;      /* in the database */
    long long seed_id; /* that the seeds want for it; 0: any */
    long long n_users; /* roles only */
    bool reconcile;    /* roles only; true where the seeds do not have it */
    bool was_left;     /* roles only: it was last applied as one to be left alone */
    bool asked;        /* by options.role */
} zq_merge_object;

/* Whether it is in the database once the steps have run. */
static inline bool zq_merge_object_stays(const zq_merge_object *object)
{
    return object->verdict == ZQ_VERDICT_ADD ||
           ((object->where & ZQ_IN_DATABASE) != 0 && object->verdict != ZQ_VERDICT_REMOVE);
}

/* One cell of the matrix: a role and a permission. */
typedef struct zq_merge_grant {
    unsigned char where;
    unsigned char verdict;
} zq_merge_grant;

typedef struct zq_merge {
    const zq_seeds *seeds;
    const zq_rbac *now;
    const zq_rbac_options *options;
    zq_arena *arena;
    zq_merge_object *roles;
    size_t n_roles;
    zq_merge_object *permissions;
    size_t n_permissions;
    zq_merge_grant *cells;      /* n_roles rows of n_permissions */
    const zq_rbac_record *last; /* what the seeds are compared with */
    size_t n_last;
    const zq_rbac_record *folder; /* what a folder's seeds brought, when it is not `last` */
    size_t n_folder;
    bool taken_over;
} zq_merge;

static inline zq_merge_grant *zq_merge_cell(const zq_merge *m, size_t role, size_t permission)
{
    return &m->cells[role * m->n_permissions + permission];
}

/* ---- align.c: puts the three sides of a merge next to each other ---- */

/* Fill roles, permissions and cells of `m`, each with where it is; nothing is decided yet. */
void zq_merge_align(zq_merge *m);

/* ---- words.c: says what a merge decided ---- */

/* Every object with what was decided about it, and why, in words. */
void zq_merge_decisions(const zq_merge *m, zq_rbac_merged *out);

/* ---- steps.c: does what a merge decided ---- */

/* The steps that do what was decided, and the new record. */
void zq_merge_steps(const zq_merge *m, zq_steps *out);

#endif
