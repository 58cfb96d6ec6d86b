/* From settings to a connection. */
#ifndef ZQ_APP_CONNECT_H
#define ZQ_APP_CONNECT_H

#include "app/app.h"
#include "db/db.h"

/* Connect as the settings say. With --wait, keep trying until the server answers an authenticated
 * query or the time is over; what waiting cannot cure ends it at once. Says what it waits for. */
zq_rc zq_connect(zq_app *app, zq_db **out_db, zq_err *err);

/* The same for what is read to decide by: a node of a cluster has caught up with what was committed
 * on the others, or is not ready, which fails with ZQ_E_UNAVAILABLE. */
zq_rc zq_connect_caught_up(zq_app *app, zq_db **out_db, zq_err *err);

/* Take back what connecting changed in the environment; before another program is started. */
void zq_connect_undo(void);

/* Run something that is safe to run again: a few times when the server had it give way to another,
 * and with --wait again and again while the server is not there. Says so. */
zq_rc zq_connect_repeat(zq_app *app, zq_rc (*run)(void *context, zq_err *err), void *context,
                        zq_err *err);

/* One more connection like the first, without waiting: a zq_opener; `context` is the zq_app. */
zq_rc zq_connect_open(void *context, zq_db **out_db, zq_err *err);

/* Sleep; a signal may end it early. */
void zq_connect_pause_ms(unsigned ms);

#endif
