/* Read a live database into the same plain structs as the descriptors.
 *
 * All vendor spelling is normalised here, on the way in, and nowhere else (sql/table/normal.h). */
#ifndef ZQ_DB_CATALOG_H
#define ZQ_DB_CATALOG_H

#include "db/catalog_data.h"
#include "db/db.h"

/* Read database `name`: the tables of `wanted` in full, members of its families by form, the
 * rest by name. A handful of queries whatever the size, no query per table; memory does not grow
 * with rows or columns of members, only with their number (some 60 bytes for each).
 *
 * A name of `wanted` that is a view is read as a table with an extra "view". Where a server cannot
 * tell whether something is as wanted (it keeps '?' for a character beyond the Basic Multilingual
 * Plane, or spells an expression in its own way), it is read as wanted.
 *
 * With `helper` (may be NULL) a second connection is opened there while there are many members to
 * read. Fails with ZQ_E_DENIED when a table cannot be seen in full, ZQ_E_SERVER, ZQ_E_LOST; a table
 * that goes away while it is read makes it read again. Results in `arena`. */
zq_rc zq_catalog_read(zq_db *db, const zq_target *helper, const char *name, const zq_schema *wanted,
                      zq_arena *arena, zq_catalog *out, zq_err *err);

#endif
