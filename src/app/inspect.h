/* A live database held against the releases that this build knows. */
#ifndef ZQ_APP_INSPECT_H
#define ZQ_APP_INSPECT_H

#include "app/app.h"
#include "app/known.h"
#include "db/db.h"
#include "rev/chain.h"
#include "run/compare.h"
#include "run/state.h"

/* Read the database for a comparison with `desired`: its tables, and those of what this build wants
 * that it does not have, so that they are seen as ours. */
zq_rc zq_inspect_read(zq_app *app, zq_db *db, const char *database, const zq_schema *desired,
                      zq_catalog *out, zq_err *err);

/* Read the database and hold it against `release`; NULL: against what this build wants, zq_meta_*
 * included where there are any. */
zq_rc zq_inspect_compare(zq_app *app, zq_db *db, const char *database, const zq_release *release,
                         zq_catalog *out_catalog, zq_comparison *out_comparison, zq_err *err);

/* The same against any schema. */
zq_rc zq_inspect_compare_with(zq_app *app, zq_db *db, const char *database,
                              const zq_schema *desired, zq_catalog *out_catalog,
                              zq_comparison *out_comparison, zq_err *err);

/* Tell which release a database is by its schema, or the nearest; see zq_recognise. `catalog` is
 * what zq_inspect_compare read for what this build wants. */
zq_rc zq_inspect_recognise(zq_app *app, const zq_catalog *catalog, zq_recognition *out,
                           zq_err *err);

/* The schema id of a database that was read for `desired`; NULL when members of a
 * family differ among themselves, and when nothing of ours is there. In the run's arena. */
const char *zq_inspect_schema_id(zq_app *app, const zq_catalog *catalog, const zq_schema *desired);

/* A sentence about the members of families that `revision`, which is recorded, has left as they
 * were (`n_left` when it was recorded) and that still are not as it has them; NULL when there are
 * none. Asks nothing when `n_left` is 0. */
zq_rc zq_inspect_members_left(zq_app *app, zq_db *db, const char *database, const char *revision,
                              size_t n_left, const char **out, zq_err *err);

/* Say that, and what to run: fills `err` and returns ZQ_E_DIFFERS. */
zq_rc zq_inspect_refuse_left(const zq_app *app, const char *revision, const char *left,
                             zq_err *err);
/* The same as a warning. */
void zq_inspect_warn_of_left(const zq_app *app, const char *revision, const char *left);

/* What to run about a database without a record; as zq_err_hint. */
zq_rc zq_inspect_hint_unrecorded(const zq_app *app, const zq_recognition *recognition, zq_err *err);

/* Say of a database without a record which release it is and what to run: fills `err` and returns
 * ZQ_E_DIFFERS. */
zq_rc zq_inspect_refuse_unrecorded(const zq_app *app, const zq_recognition *recognition,
                                   zq_err *err);

/* Say what is wrong and what to run where a revision was cut short, an applied file has changed,
 * nobody may administer, or tables of head are gone or are not those of head: fills `err` and
 * returns ZQ_E_DIFFERS; ZQ_OK for any other condition. Where tables are not those of head, the
 * database is read in full, to tell which release they are of. */
zq_rc zq_inspect_refuse_state(zq_app *app, zq_db *db, const zq_chain *chain, const char *database,
                              const zq_state *state, zq_err *err);

/* Print what differs on standard output, unless that is for JSON. */
zq_rc zq_inspect_print_differences(const zq_app *app, const zq_comparison *comparison, zq_err *err);

/* Read it, recognise it, and do just that; what differs from the nearest release is printed on
 * standard output first, unless that is for JSON. */
zq_rc zq_inspect_tell_unrecorded(zq_app *app, zq_db *db, const char *database, zq_err *err);

/* Of a database that has none of our tables: are those of stocks, where there are any, as this
 * build wants them? Else what differs is printed, unless `quiet`, or standard output is for JSON,
 * and it fails with ZQ_E_DIFFERS: a fresh install beside them would be wrong. */
zq_rc zq_inspect_members_fit(zq_app *app, zq_db *db, const char *database, bool quiet, zq_err *err);

/* Of a database at base: are tables of stocks there, and not as the release whose newest revision
 * is `first` has them, but as this build wants them already? Then the revisions would only take
 * apart what is as it should be: it fails with ZQ_E_DIFFERS, and names zquant-init. */
zq_rc zq_inspect_refuse_ahead(zq_app *app, zq_db *db, const char *database, const char *first,
                              zq_err *err);

#endif
