/* Options of the table. */
#ifndef ZQ_SQL_ALTER_OPTIONS_H
#define ZQ_SQL_ALTER_OPTIONS_H

#include "sql/alter/kit.h"

/* A table option, ALGORITHM and LOCK among them: reads its own words. */
bool zq_alter_option(zq_alter *a);

/* At the end, put together what was there and what the clauses say; false when it is not known.
 */
bool zq_alter_settle_options(zq_alter *a, zq_table *out);

#endif
