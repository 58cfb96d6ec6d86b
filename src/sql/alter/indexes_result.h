/* Which indexes the table has afterwards. */
#ifndef ZQ_SQL_ALTER_INDEXES_RESULT_H
#define ZQ_SQL_ALTER_INDEXES_RESULT_H

#include "sql/alter/kit.h"

/* Put together those that were there and those that are new, once columns and foreign keys are;
 * false when it is not known. */
bool zq_alter_settle_indexes(zq_alter *a, zq_table *out);

#endif
