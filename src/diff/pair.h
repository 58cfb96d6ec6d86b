/* The pair of tables that is compared, and the list of changes that grows. */
#ifndef ZQ_DIFF_PAIR_H
#define ZQ_DIFF_PAIR_H

#include "diff/change.h"
#include "diff/property.h"
#include "diff/rename.h"

typedef struct zq_pair {
    zq_arena *arena;
    zq_change *items;
    size_t n;
    const zq_table *desired; /* the pair; NULL: it is not on that side */
    const zq_table *actual;  /* under the new names (zq_renaming.view) */
    zq_renaming renaming;    /* of what is there */
} zq_pair;

/* A new change of the pair, for the caller to fill in; valid until the next one is added. */
zq_change *zq_pair_add(zq_pair *w, zq_op op, const char *object);

/* zq_properties_describe, kept in the arena. */
const char *zq_pair_describe(zq_pair *w, const zq_properties *properties, const zq_table *table,
                             const void *object, const void *plain);

/* The two are what one name stands for: a change `alter` when they differ in anything else. */
void zq_pair_compare(zq_pair *w, zq_op alter, const char *name, const zq_properties *properties,
                     const void *to, const void *from);

#endif
