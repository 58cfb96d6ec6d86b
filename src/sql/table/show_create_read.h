/* Read what SHOW CREATE TABLE gives. Pure. */
#ifndef ZQ_SQL_TABLE_SHOW_CREATE_READ_H
#define ZQ_SQL_TABLE_SHOW_CREATE_READ_H

#include "base/arena.h"
#include "base/err.h"
#include "model/schema.h"
#include "sql/flavor.h"

/* Read a CREATE TABLE statement as the servers write it under the session of zq_session_sql().
 * Everything is normalised (sql/table/normal.h), auto-increment counters are left out, and what the
 * model cannot express is an extra: nothing is passed over. Texts of the table are in `arena`.
 *
 * Fails with ZQ_E_SERVER, quoting the place, when the text is not understood. */
zq_rc zq_show_create_read(const char *text, size_t length, zq_flavor flavor, zq_arena *arena,
                          zq_table *out_table, zq_err *err);

#endif
