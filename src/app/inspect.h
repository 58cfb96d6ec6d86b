/* A live database held against the releases that this build knows. */
#ifndef ZQ_APP_INSPECT_H
#define ZQ_APP_INSPECT_H

#include "app/app.h"
#include "app/release.h"
#include "db/db.h"
#include "run/compare.h"

/* Read the database and hold it against `release`; NULL: against what this build wants, zq_meta_*
 * included where there are any. */
zq_rc zq_app_compare(zq_app *app, zq_db *db, const char *database, const zq_release *release,
                     zq_catalog *out_catalog, zq_comparison *out_comparison, zq_err *err);

/* Tell which release a database is by its schema, or the nearest; see zq_recognise. `catalog` is
 * what zq_app_compare read for what this build wants. */
zq_rc zq_app_recognise(zq_app *app, const zq_catalog *catalog, zq_recognition *out, zq_err *err);

#endif
