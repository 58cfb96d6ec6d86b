#include "base/unpack.h"

#include "base/out_of_memory.h"

#include <string.h>
#include <zlib.h>

void zq_unpack_texts(const unsigned char *packed, size_t n_packed, char *out, size_t size,
                     const char **texts, size_t n)
{
    z_stream stream = {.next_in = (unsigned char *)packed,
                       .avail_in = (unsigned)n_packed,
                       .next_out = (unsigned char *)out,
                       .avail_out = (unsigned)size};

    /* 16: in the format of gzip, with its checksum. What was built whole fails for want of memory.
     */
    if (inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK || inflate(&stream, Z_FINISH) != Z_STREAM_END)
        zq_out_of_memory(size);
    inflateEnd(&stream);
    for (size_t i = 0; i < n; i++) {
        texts[i] = out;
        out += strlen(out) + 1;
    }
}
