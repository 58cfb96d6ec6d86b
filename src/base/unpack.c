#include "base/unpack.h"

#include <string.h>

/* What is packed is a row of pieces. A byte below 128 is a count, less one, of bytes that follow
 * and stand for themselves. One from 128 on is a length, less 124, of what is there already: two
 * bytes follow, the lower one first, that say how far back. The two may overlap: "a" and "one back,
 * 100 bytes" is a hundred and one of them.
 *
 * It is LZ77 in its simplest form: it gives a quarter of the texts' size, and a library that halves
 * that once more is a dependency. */

size_t zq_unpack(const unsigned char *packed, size_t n, char *out, size_t size)
{
    size_t at = 0, i = 0;

    while (i < n) {
        unsigned head = packed[i++];

        if (head < 128) {
            size_t length = head + 1;

            if (length > n - i || length > size - at)
                return at;
            memcpy(out + at, packed + i, length);
            at += length;
            i += length;
        } else {
            size_t length = head - 128 + 4;
            size_t back = n - i < 2 ? 0 : packed[i] + 256U * packed[i + 1];

            if (back == 0 || back > at || length > size - at)
                return at;
            for (size_t end = at + length; at < end; at++)
                out[at] = out[at - back];
            i += 2;
        }
    }
    return at;
}

void zq_unpack_texts(const unsigned char *packed, size_t n_packed, char *out, size_t size,
                     const char **texts, size_t n)
{
    const char *text = out;

    zq_unpack(packed, n_packed, out, size);
    for (size_t i = 0; i < n; i++) {
        texts[i] = text;
        text += strlen(text) + 1;
    }
}
