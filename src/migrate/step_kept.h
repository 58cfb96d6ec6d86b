/* Values of the session that outlive their statement. */
#ifndef ZQ_MIGRATE_STEP_KEPT_H
#define ZQ_MIGRATE_STEP_KEPT_H

#include "migrate/walk.h"

/* Values of the session that are not known yet. */
typedef struct zq_kept {
    const char **values; /* by the walk's names; NULL: as it was */
    const char *journal; /* statements that keep them; NULL: there is nothing to keep */
} zq_kept;

/* Ask the session what statement `i` left in it. To be written in one transaction with it; then
 * zq_step_kept. Costs nothing when the revision names no value. */
zq_rc zq_step_keep(zq_walk *walk, size_t i, zq_kept *out, zq_err *err);
void zq_step_kept(zq_walk *walk, const zq_kept *kept);

/* Give the session back what statement `i` left in it in another run. */
zq_rc zq_step_give_back(zq_walk *walk, size_t i, zq_err *err);
/* The same with all that is known: after a statement was rolled back. */
zq_rc zq_step_give_back_all(zq_walk *walk, zq_err *err);

#endif
