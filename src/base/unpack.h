/* Texts that are compiled in, packed: a program has several of them, which repeat much. */
#ifndef ZQ_BASE_UNPACK_H
#define ZQ_BASE_UNPACK_H

#include <stddef.h>

/* Unpack what scripts/lib/pack made into `out`, of just the `size` that it names, and let `texts`
 * point to the `n` texts in there, each of which ends in a NUL. */
void zq_unpack_texts(const unsigned char *packed, size_t n_packed, char *out, size_t size,
                     const char **texts, size_t n);

/* The same with the names that pack gave. */
#define ZQ_UNPACK_TEXTS(symbol, out, texts)                          \
    zq_unpack_texts(symbol, sizeof(symbol), out, sizeof(out), texts, \
                    sizeof(texts) / sizeof *(texts))

#endif
