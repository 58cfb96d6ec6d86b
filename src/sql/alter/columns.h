/* ADD, DROP, MODIFY, CHANGE, RENAME and ALTER COLUMN. */
#ifndef ZQ_SQL_ALTER_COLUMNS_H
#define ZQ_SQL_ALTER_COLUMNS_H

#include "sql/alter/kit.h"

/* Clauses: the cursor is after their words; false when they are not understood. */
bool zq_alter_add_column(zq_alter *a);
bool zq_alter_drop_column(zq_alter *a);
bool zq_alter_modify(zq_alter *a);
bool zq_alter_change(zq_alter *a);
bool zq_alter_rename_column(zq_alter *a);

/* Does an expression, a partition or a check of `table` speak of the column? Dropping or renaming
 * it is then refused, or followed, differently by each server. */
bool zq_alter_is_mentioned(const zq_table *table, const char *column);
bool zq_alter_alter_column(zq_alter *a);

/* At the end, put together what was there and what the clauses say; false when it is not known.
 */
bool zq_alter_settle_columns(zq_alter *a, zq_table *out);

#endif
