/* Is a hash, as the application stores it, that of a password? */
#ifndef ZQ_TESTS_HASH_OF_H
#define ZQ_TESTS_HASH_OF_H

#include <stdbool.h>

bool hash_is_of(const char *hash, const char *password);

#endif
