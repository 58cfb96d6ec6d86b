/* Commands for hints, with what this run was given on the command line. */
#ifndef ZQ_APP_RERUN_H
#define ZQ_APP_RERUN_H

#include "app/app.h"

/* Another command to continue with: `command`, and what this one was given on the command line to
 * find the database and the revisions (connection, --config, --dir). In the run's arena. */
const char *zq_rerun_other(const zq_app *app, const char *command);

/* A word of such a command, a name from a database say: in quotes where a shell would not take it
 * as it stands. In `arena`. */
const char *zq_rerun_word(const char *word, zq_arena *arena);

/* This one once more: `command`, and all that was given on the command line but what is only about
 * messages, waiting and speed. A consent (--allow-data-loss) is among it. */
const char *zq_rerun_same(const zq_app *app, const char *command);

#endif
