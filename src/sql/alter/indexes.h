/* ADD, DROP, RENAME and ALTER INDEX; CREATE INDEX. */
#ifndef ZQ_SQL_ALTER_INDEXES_H
#define ZQ_SQL_ALTER_INDEXES_H

#include "sql/alter/kit.h"

/* Clauses: the cursor is after their words; false when they are not understood. */
bool zq_alter_add_index(zq_alter *a, zq_index_kind kind, const char *name);
bool zq_alter_drop_index(zq_alter *a);
bool zq_alter_drop_primary(zq_alter *a);
bool zq_alter_rename_index(zq_alter *a);
bool zq_alter_alter_index(zq_alter *a);
bool zq_alter_create_index(zq_alter *a); /* after CREATE */

#endif
