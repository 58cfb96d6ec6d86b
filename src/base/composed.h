/* Texts that must be the same bytes whoever types them. */
#ifndef ZQ_BASE_COMPOSED_H
#define ZQ_BASE_COMPOSED_H

#include <stdbool.h>

/* Whether each character of `text`, which is UTF-8, stays what it is in Unicode's form NFC,
 * whatever stands beside it. If not, *out_code is the first that does not. */
bool zq_composed_text(const char *text, unsigned *out_code);

#endif
