/* UTF-8, as RFC 3629 defines it. */
#ifndef ZQ_BASE_UTF8_H
#define ZQ_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* How many bytes the character has that begins at `text`, of which `left` bytes are there; 0 when
 * it is not UTF-8. */
size_t zq_utf8_length(const char *text, size_t left);

/* Whether all of it is UTF-8: no surrogates, nothing beyond U+10FFFF, no overlong forms. NUL is. */
bool zq_utf8_valid(const char *text, size_t length);

/* Characters in `text`, as VARCHAR(n) counts them. `text` must be valid. */
size_t zq_utf8_count(const char *text);

#endif
