/* The session of a revision. */
#ifndef ZQ_MIGRATE_STEP_SESSION_H
#define ZQ_MIGRATE_STEP_SESSION_H

#include "migrate/walk.h"

/* Open the session of a leg: `*out_own` is a connection that is closed with the leg, so that what
 * the revision leaves in its session is gone; NULL for a leg that cannot leave anything there,
 * whose session is the run's. Sets walk->session. */
zq_rc zq_step_begin_session(zq_walk *walk, zq_db **out_own, zq_err *err);

#endif
