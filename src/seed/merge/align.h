/* Puts the three sides of a merge next to each other. */
#ifndef ZQ_SEED_MERGE_ALIGN_H
#define ZQ_SEED_MERGE_ALIGN_H

#include "seed/merge/object.h"

/* Fill roles, permissions and cells of `m`, each with where it is; nothing is decided yet. */
void zq_merge_align(zq_merge *m);

#endif
