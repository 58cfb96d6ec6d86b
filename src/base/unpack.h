/* Texts that are compiled in, packed: a program has several of them, which repeat much. */
#ifndef ZQ_BASE_UNPACK_H
#define ZQ_BASE_UNPACK_H

#include <stddef.h>

/* Write what was packed by scripts/lib/pack.c to `out`, `size` bytes at most, and nothing beyond:
 * packed bytes that are broken give something else, never a fault. What it gives is how many there
 * are. */
size_t zq_unpack(const unsigned char *packed, size_t n, char *out, size_t size);

/* The texts in `out` one by one, each of which ends in a NUL: `n` of them into `texts`. */
void zq_unpack_texts(const unsigned char *packed, size_t n_packed, char *out, size_t size,
                     const char **texts, size_t n);

/* Both with the names that are in a file made by pack. */
#define ZQ_UNPACK_TEXTS(symbol, out, texts)                          \
    zq_unpack_texts(symbol, sizeof(symbol), out, sizeof(out), texts, \
                    sizeof(texts) / sizeof *(texts))

#endif
