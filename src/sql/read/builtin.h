/* Is a word one of the servers' own, so that '(' behind it calls no stored function? Pure. */
#ifndef ZQ_SQL_READ_BUILTIN_H
#define ZQ_SQL_READ_BUILTIN_H

#include <stdbool.h>

bool zq_is_builtin(const char *name);

#endif
