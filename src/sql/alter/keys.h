/* Foreign keys and checks. */
#ifndef ZQ_SQL_ALTER_KEYS_H
#define ZQ_SQL_ALTER_KEYS_H

#include "sql/alter/kit.h"

/* Clauses: the cursor is after their words; false when they are not understood. */
bool zq_alter_add_foreign_key(zq_alter *a, const char *name);
bool zq_alter_add_check(zq_alter *a, const char *name);
bool zq_alter_drop_foreign_key(zq_alter *a);
bool zq_alter_drop_constraint(zq_alter *a);

/* At the end, put together what was there and what the clauses say; false when it is not known.
 */
bool zq_alter_settle_keys(zq_alter *a, zq_table *out); /* before the indexes */

#endif
