#include "base/secret.h"

#include "base/arena.h"

#include <sodium.h>
#include <string.h>

struct zq_secret {
    size_t length;
    char text[];
};

zq_secret *zq_secret_new(const char *bytes, size_t length)
{
    size_t size = sizeof(zq_secret) + length + 1;
    zq_secret *secret;

    if (sodium_init() < 0)
        zq_out_of_memory(size);
    /* sodium_malloc aligns the end of a region, not its start. */
    size = (size + _Alignof(zq_secret) - 1) / _Alignof(zq_secret) * _Alignof(zq_secret);
    secret = sodium_malloc(size);
    if (secret == NULL)
        zq_out_of_memory(size);
    memset(secret, 0, size);
    secret->length = length;
    if (bytes != NULL && length > 0)
        memcpy(secret->text, bytes, length);
    return secret;
}

void zq_secret_close(zq_secret *secret)
{
    sodium_free(secret);
}

char *zq_secret_text(zq_secret *secret)
{
    return secret->text;
}

size_t zq_secret_length(const zq_secret *secret)
{
    return secret->length;
}
