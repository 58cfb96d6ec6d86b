/* What a merge of seeds with a database decides, object by object. */
#ifndef ZQ_SEED_DECISION_H
#define ZQ_SEED_DECISION_H

#include "diff/plan.h"
#include "seed/rbac.h"

typedef enum zq_rbac_kind {
    ZQ_RBAC_ROLE,
    ZQ_RBAC_PERMISSION,
    ZQ_RBAC_GRANT,
} zq_rbac_kind;

/* Where an object is: bits. What was last applied of a folder's seeds decides nothing where the
 * built-in ones are merged: it tells who brought it. */
enum {
    ZQ_IN_SEEDS = 1u << 0,
    ZQ_IN_LAST = 1u << 1,
    ZQ_IN_DATABASE = 1u << 2,
    ZQ_IN_FOLDER = 1u << 3,
    ZQ_DECIDES = ZQ_IN_SEEDS | ZQ_IN_LAST | ZQ_IN_DATABASE,
};

/* What is done about an object: code, its name in JSON. */
#define ZQ_VERDICT_LIST(X)                                                    \
    X(NOTHING, "nothing") /* seeds and database agree */                      \
    X(ADD, "add")                                                             \
    X(UPDATE, "update") /* the seeds' words are newer */                      \
    X(REMOVE, "remove")                                                       \
    X(FORGET, "forget")             /* gone from both */                      \
    X(KEEP_ADDED, "keep-added")     /* an operator added it */                \
    X(KEEP_REMOVED, "keep-removed") /* an operator removed it */              \
    X(KEEP_CHANGED, "keep-changed") /* an operator changed its words */       \
    X(KEEP_USED, "keep-used")       /* gone from the seeds, in use */         \
    X(WAIT, "wait")                 /* its role or permission is not there */ \
    X(LEAVE, "leave")               /* not asked for, or reconcile = no */

typedef enum zq_verdict {
#define ZQ_VERDICT_ENUM_(code, name) ZQ_VERDICT_##code,
    ZQ_VERDICT_LIST(ZQ_VERDICT_ENUM_)
#undef ZQ_VERDICT_ENUM_
} zq_verdict;

const char *zq_verdict_name(zq_verdict verdict);

typedef struct zq_rbac_decision {
    zq_rbac_kind kind;
    const char *role;       /* ROLE and GRANT */
    const char *permission; /* PERMISSION and GRANT */
    size_t role_index;      /* which of the ROLE decisions it belongs to, from 0 */
    size_t permission_index;
    unsigned where;
    zq_verdict verdict;
    const char *say; /* a sentence for people; NULL: nothing to say */
} zq_rbac_decision;

/* What zq_rbac_merge gives. Decisions: all roles in the order of the seeds, then those that are
 * only in the database; all permissions likewise; then all grants that are anywhere. */
typedef struct zq_rbac_merged {
    const zq_rbac_decision *decisions;
    size_t n;
    size_t n_roles; /* how many of the decisions are about roles, permissions */
    size_t n_permissions;
    zq_steps steps;   /* none: nothing is to be done, the record included */
    bool taken_over;  /* there was no record, and rows were there: see zq_seeds_python */
    bool differs;     /* the database would still differ from the seeds afterwards */
    size_t n_changes; /* rows to be added, changed and removed, the record left out */
} zq_rbac_merged;

typedef struct zq_rbac_options {
    bool prune;       /* make the database equal to the seeds */
    bool as_operator; /* what is applied stays on record as it was: these are operators' edits */
    const char *role; /* only this role, its grants and the permissions it needs; NULL: all */
    unsigned stage;   /* of the steps */
} zq_rbac_options;

#endif
