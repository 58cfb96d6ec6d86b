/* The session of a revision. */
#ifndef ZQ_MIGRATE_STEP_SESSION_H
#define ZQ_MIGRATE_STEP_SESSION_H

#include "migrate/walk.h"

#include <pthread.h>

/* The session of a leg that is being opened, while other things are asked. */
typedef struct zq_step_opening {
    const zq_apply *apply;
    pthread_t thread;
    bool runs;
    zq_db *own; /* NULL: the leg needs none */
    zq_rc rc;
    zq_err err;
} zq_step_opening;

/* Begin to open it: a connection of its own, so that what the revision leaves in its session is
 * gone with it; none for a leg that cannot leave anything there, whose session is the run's. */
void zq_step_session_open(const zq_walk *walk, zq_step_opening *opening);

/* Wait until it is open, and set walk->session. */
zq_rc zq_step_session_begin(zq_walk *walk, zq_step_opening *opening, zq_err *err);

/* Close it, open or not; one that was not begun is zeroed. */
void zq_step_session_done(zq_step_opening *opening);

#endif
