/* Text that must not leak: locked in memory, left out of core dumps, guarded, wiped when freed. */
#ifndef ZQ_BASE_SECRET_H
#define ZQ_BASE_SECRET_H

#include "base/err.h"

#include <stddef.h>

typedef struct zq_secret zq_secret;

/* A copy of `length` bytes; `bytes` may be NULL: then it is all NULs, to be written to. Never NULL
 * (zq_out_of_memory). Close it with zq_secret_close. */
zq_secret *zq_secret_new(const char *bytes, size_t length);
void zq_secret_close(zq_secret *secret);
ZQ_AUTO_DEFINE(zq_secret, zq_secret_close);

/* The bytes, followed by a NUL; they belong to the secret. */
char *zq_secret_text(zq_secret *secret);
size_t zq_secret_length(const zq_secret *secret);

#endif
