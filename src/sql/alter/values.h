/* Values and expressions in the form in which the servers keep them. */
#ifndef ZQ_SQL_ALTER_VALUES_H
#define ZQ_SQL_ALTER_VALUES_H

#include "sql/alter/kit.h"

/* Bring a column as it was written to the form in which the server has it: its default, its
 * charset. False when that is not known. */
bool zq_alter_column_settled(zq_alter *a, zq_column *column);

/* Fill in which of the two is missing; NULL: is not said. False when it is not known. */
bool zq_alter_settle_charset(const zq_alter *a, const char **io_charset, const char **io_collation);

/* Is it an expression in normal form that the servers print as it stands, of columns of `table`
 * alone? */
bool zq_alter_expr_known(const char *expression, const zq_table *table, zq_arena *arena);

#endif
