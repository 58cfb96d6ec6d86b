/* SHA-256, by libsodium. */
#ifndef ZQ_BASE_DIGEST_H
#define ZQ_BASE_DIGEST_H

#include <stddef.h>

enum { ZQ_DIGEST_BYTES = 32, ZQ_DIGEST_HEX = 65 /* with the NUL */ };

/* The digest of `length` bytes, in lower-case hexadecimal. */
void zq_digest_hex(const void *bytes, size_t length, char out_hex[ZQ_DIGEST_HEX]);

/* The same, raw. */
void zq_digest(const void *bytes, size_t length, unsigned char out[ZQ_DIGEST_BYTES]);

#endif
