#include "base/digest.h"

#include <sodium.h>

void zq_digest(const void *bytes, size_t length, unsigned char out[ZQ_DIGEST_BYTES])
{
    crypto_hash_sha256(out, bytes, length);
}

void zq_digest_hex(const void *bytes, size_t length, char out_hex[ZQ_DIGEST_HEX])
{
    unsigned char raw[ZQ_DIGEST_BYTES];

    zq_digest(bytes, length, raw);
    sodium_bin2hex(out_hex, ZQ_DIGEST_HEX, raw, sizeof raw);
}
