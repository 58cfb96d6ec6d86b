/* Revisions that a database has ahead of their turn.
 *
 * A rebase moves revisions of the user's own behind those of a new release. Where they were applied
 * already, the history says so in rows `ahead`, one for each, before the row `rebase` of the place
 * that the database goes back to: from there, the new release's are run, and those that are ahead
 * are only recorded when their turn comes. */
#ifndef ZQ_RUN_AHEAD_H
#define ZQ_RUN_AHEAD_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

#define ZQ_OPERATION_AHEAD "ahead"
#define ZQ_OPERATION_REBASE "rebase"

typedef struct zq_ahead {
    const char **names;
    size_t n;
} zq_ahead;

/* Take the next row of the history, the oldest first. `revisions` are the known ones in order, ends
 * in NULL. What the database has passed is not ahead any more. Names in `arena`. */
void zq_ahead_take(zq_ahead *ahead, const char *const *revisions, const char *revision,
                   const char *operation, zq_arena *arena);

bool zq_ahead_has(const zq_ahead *ahead, const char *revision);

/* The first that is not among `revisions`; NULL: all are. */
const char *zq_ahead_unknown(const zq_ahead *ahead, const char *const *revisions);

#endif
