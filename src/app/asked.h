/* What the rows that are there say to a change. */
#ifndef ZQ_APP_ASKED_H
#define ZQ_APP_ASKED_H

#include "app/app.h"
#include "db/catalog.h"
#include "db/db.h"
#include "rev/gentle.h"

/* Look in the database for rows that the changes would stop at, or that would lose something: NULLs
 * where there shall be none, values that a type cannot hold, duplicates under a new unique index,
 * orphans of a new foreign key. What is found goes into `io->settlings`: how many, up to five keys,
 * and a statement that settles them, marked for review. Of a family it says how many members it
 * has; their rows are not read. Tables without rows go into `io->empty`. In the run's arena. Fails
 * as zq_db_query does. */
zq_rc zq_ask_rows(zq_app *app, zq_db *db, const zq_changes *changes, const zq_catalog *catalog,
                  zq_gentle *io, zq_err *err);

#endif
