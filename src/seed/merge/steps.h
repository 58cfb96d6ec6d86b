/* Does what a merge decided. */
#ifndef ZQ_SEED_MERGE_STEPS_H
#define ZQ_SEED_MERGE_STEPS_H

#include "seed/merge/object.h"

/* The steps that do what was decided, and the new record. */
void zq_merge_steps(const zq_merge *m, zq_steps *out);

#endif
