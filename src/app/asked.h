/* What the rows that are there say to a change. */
#ifndef ZQ_APP_ASKED_H
#define ZQ_APP_ASKED_H

#include "app/app.h"
#include "db/db.h"
#include "rev/gentle.h"

/* Look in the database for rows that the changes would stop at, or that would lose something: NULLs
 * where there shall be none, values that a type cannot hold, duplicates under a new unique index,
 * orphans of a new foreign key. What is found goes into `io->settlings`: how many, up to five keys,
 * and a statement that settles them, marked for review. Of a family all members are asked, some
 * dozens at a time, and it says how many there are. Tables without rows go into `io->empty`.
 *
 * `schema` is that of the database. Where there is no server to ask (`db` is NULL), only NULLs are
 * settled, in any case: a column that becomes NOT NULL stops at each. In the run's arena. Fails as
 * zq_db_query does. */
zq_rc zq_asked_changes(zq_app *app, zq_db *db, const zq_changes *changes, const zq_schema *schema,
                       zq_gentle *io, zq_err *err);

/* The rows that a column which becomes NOT NULL stops at: "3 rows (1, 2, 5) with NULL in 'a', which
 * shall be NOT NULL"; NULL when there are none. `table` is the one that is there, or its family.
 * Where the server does not answer, as about a member that lacks the column, it says that. In the
 * run's arena. Fails when the connection is lost. */
zq_rc zq_asked_nulls(zq_app *app, zq_db *db, const zq_schema *schema, const zq_table *table,
                     const char *column, const char **out, zq_err *err);

#endif
