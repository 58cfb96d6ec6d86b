/* What the files of a comparison share: the list of changes that grows, and the pair of tables that
 * is under comparison. */
#ifndef ZQ_DIFF_WALK_H
#define ZQ_DIFF_WALK_H

#include "diff/aspect.h"
#include "diff/change.h"

typedef struct zq_walk {
    zq_arena *arena;
    zq_change *items;
    size_t n;
    size_t capacity;
    const zq_table *desired; /* the pair; NULL: it is not on that side */
    const zq_table *actual;
} zq_walk;

/* A new change of the pair, for the caller to fill in; valid until the next one is added. */
zq_change *zq_walk_add(zq_walk *w, zq_op op, const char *object);

/* zq_noun_describe, kept in the arena. */
const char *zq_walk_describe(zq_walk *w, const zq_noun *noun, const zq_table *table,
                             const void *object, const void *plain);

/* The two are what one name stands for: a change `alter` when they differ in anything else. */
void zq_walk_compare(zq_walk *w, zq_op alter, const char *name, const zq_noun *noun, const void *to,
                     const void *from);

/* All changes of the pair's columns. */
void zq_walk_columns(zq_walk *w);

#endif
