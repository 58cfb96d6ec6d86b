/* What a long run tells, shown; and the user's wish that it stop. */
#ifndef ZQ_APP_EVENTS_H
#define ZQ_APP_EVENTS_H

#include "app/app.h"
#include "run/lease.h"
#include "run/watch.h"

/* Shows messages and progress, and passes that wish on. */
zq_watch zq_events_watch(zq_app *app);

/* For the lease of the settings' database over `db`: as long as --lock-timeout allows, and says who
 * has it meanwhile. */
zq_lease_request zq_events_lease_request(zq_app *app, zq_db *db);

/* Take it; `may_make` as in the request. */
zq_rc zq_events_lease_take(zq_app *app, zq_db *db, bool may_make, zq_lease **out_lease,
                           zq_err *err);

#endif
