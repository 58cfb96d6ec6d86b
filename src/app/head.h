/* What this build wants a database to be: the compiled-in schema, its revisions, the seeds. */
#ifndef ZQ_APP_HEAD_H
#define ZQ_APP_HEAD_H

#include "app/app.h"
#include "rev/chain.h"
#include "run/install.h"
#include "run/state.h"

/* The revisions that are known: those that are compiled in, and the files of --dir. Fails as
 * zq_chain_load does. In the run's arena. */
zq_rc zq_head_chain(zq_app *app, zq_chain *out, zq_err *err);

/* There is no such database: fills `err` and returns ZQ_E_DIFFERS. */
zq_rc zq_head_fail_missing(const char *database, zq_err *err);

/* The hint for a database at a revision that is not known; as zq_err_hint. */
zq_rc zq_head_hint_unknown(const char *revision, zq_err *err);

/* The release of a revision, "" when it is not one. */
const char *zq_head_release_of(const char *revision);
/* " (zquant 0.4.0)", "" for one that is not a release; in the run's arena. */
const char *zq_head_in_brackets(const zq_app *app, const char *revision);
/* What people call a revision that is recorded: "" is base. */
const char *zq_head_revision_name(const char *recorded);

/* What zq_state_read shall look for, seeds and administrator left out; in the run's arena. */
zq_wanted zq_head_wanted(zq_app *app, const zq_chain *chain);

/* The entry that a fresh install leaves in the history: that of this build's newest revision, with
 * its title and checksum. What --dir adds comes after it. */
zq_history_entry zq_head_install_entry(const zq_chain *chain);

/* Fail because a revision was cut short ("up" or "down") or, `at_work`, is under way now, and name
 * the ways on. */
zq_rc zq_head_fail_under_way(zq_app *app, const zq_chain *chain, const char *revision,
                             const char *direction, bool at_work, zq_err *err);

/* The revision of --dir that is the newest, NULL when this build's is. */
const char *zq_head_own(const zq_chain *chain);

#endif
