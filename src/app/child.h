/* What stands after "--": a program that this one becomes, or that runs beside a command. */
#ifndef ZQ_APP_CHILD_H
#define ZQ_APP_CHILD_H

#include "app/app.h"

#include <stdbool.h>
#include <sys/types.h>

/* Become `app->exec`: the command after "--". Gives back what this process changed for itself
 * (signals, core limit), and takes the administrator's secrets out of the environment; the DB_*
 * variables stay, because the application reads them. Returns only on failure: ZQ_E_NOINPUT when
 * there is no such program, else ZQ_E_IO. */
zq_rc zq_child_exec(zq_app *app, zq_err *err);

typedef struct zq_child {
    pid_t pid; /* 0: none, or it has ended */
    const char *name;
    int status; /* as waitpid gives it, once it has ended */
} zq_child;

/* Start app->exec with our standard streams, as zq_child_exec would; where that fails, the child
 * says so itself, and ends with the status of that. No other thread may run. Fails with ZQ_E_IO. */
zq_rc zq_child_start(zq_app *app, zq_child *out, zq_err *err);

/* Has it ended? Does not wait. */
bool zq_child_ended(zq_child *child);

/* Wait for its end. Fails with ZQ_E_SERVER unless it ended with status 0. */
zq_rc zq_child_wait(zq_child *child, zq_err *err);

/* End it if it still runs, after 5 s by force, and wait for that. Safe to call twice, and without a
 * start. */
void zq_child_stop(zq_child *child);
#define ZQ_AUTO_CHILD __attribute__((cleanup(zq_child_stop))) zq_child

#endif
