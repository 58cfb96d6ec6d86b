/* The three-way merge of seeds with a database: what they say now, what they said when they were
 * last applied, what is there. */
#ifndef ZQ_SEED_MERGE_RBAC_MERGE_H
#define ZQ_SEED_MERGE_RBAC_MERGE_H

#include "seed/decision.h"

/* Decide what becomes of every role, permission and grant, and give the steps that do it: they
 * change rows, run in order, in one transaction, and hold no secrets. Names and descriptions are
 * bound arguments; tables are those of the default database.
 *
 * Pure; everything in `arena`. Run twice, or by two at once, the steps add nothing twice. Fails
 * with ZQ_E_USAGE when options.role is nowhere. */
zq_rc zq_rbac_merge(const zq_seeds *seeds, const zq_rbac *now, const zq_rbac_options *options,
                    zq_arena *arena, zq_rbac_merged *out, zq_err *err);

#endif
