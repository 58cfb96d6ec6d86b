/* What this build wants a database to be: the compiled-in schema, its revisions, the seeds. */
#ifndef ZQ_APP_WANTED_H
#define ZQ_APP_WANTED_H

#include "app/app.h"
#include "run/install.h"
#include "run/state.h"

/* The names of all known revisions, oldest first, ending in NULL; in `arena`. */
const char *const *zq_app_revisions(zq_arena *arena);

/* The release of a revision, "" when it is none. */
const char *zq_app_release_of(const char *revision);

/* What zq_state_read shall look for, seeds and administrator left out; in the run's arena. */
zq_wanted zq_app_wanted(zq_app *app);

/* The entry that a fresh install leaves in the history: the newest revision's, with its title and
 * checksum. Fails only when the build is broken. In the run's arena. */
zq_rc zq_app_install_entry(zq_app *app, zq_history_entry *out, zq_err *err);

#endif
