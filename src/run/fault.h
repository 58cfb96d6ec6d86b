/* What is wrong with a database, one thing at a time, for people and for programs. */
#ifndef ZQ_RUN_FAULT_H
#define ZQ_RUN_FAULT_H

#include "base/arena.h"

typedef struct zq_fault {
    const char *kind;     /* "rows", "missing table", "orphans" ... */
    const char *object;   /* the table or view, or what it is about */
    const char *expected; /* NULL: nothing to say */
    const char *found;    /* the same */
    const char *message;  /* a sentence that names the object, without a full stop */
} zq_fault;

typedef struct zq_faults {
    zq_arena *arena;
    zq_fault *items; /* by zq_arena_grow */
    size_t n;
} zq_faults;

/* Add one; texts live as long as the arena. Gives it, for `expected` and `found` to be filled in.
 */
zq_fault *zq_fault_add(zq_faults *faults, const char *kind, const char *object, const char *format,
                       ...) __attribute__((format(printf, 4, 5)));

/* Add that something runs as an account which does not exist. */
void zq_fault_missing_definer(zq_faults *faults, const char *definer);

#endif
