/* Says what a merge decided. */
#ifndef ZQ_SEED_MERGE_WORDS_H
#define ZQ_SEED_MERGE_WORDS_H

#include "seed/merge/object.h"

/* Every object with what was decided about it, and why, in words. */
void zq_merge_decisions(const zq_merge *m, zq_rbac_merged *out);

#endif
