/* Expressions in one spelling. Pure. */
#ifndef ZQ_SQL_TABLE_EXPR_H
#define ZQ_SQL_TABLE_EXPR_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

/* An expression: keywords and functions in lower case, names in backticks, one space between words
 * and operators, no charset introducers, parentheses only where MariaDB would write them. In
 * `arena`. */
const char *zq_expr_normal(const char *text, size_t length, zq_arena *arena);

/* Is it an expression that zq_expr_normal can read? It gives back all others as they are. */
bool zq_expr_is_known(const char *text, size_t length, zq_arena *arena);

#endif
