/* A column's definition, as people write it. */
#ifndef ZQ_SQL_ALTER_DEFINE_H
#define ZQ_SQL_ALTER_DEFINE_H

#include "sql/alter/kit.h"

/* A column's definition after its name, up to FIRST, AFTER, a ',' or a ')'; and what follows
 * DEFAULT. False when it is not understood. */
bool zq_alter_definition(zq_alter *a, zq_column *column);
bool zq_alter_default(zq_alter *a, zq_column *column);

#endif
