/* Whether all that a column can hold still fits when its definition changes. Pure. */
#ifndef ZQ_DIFF_TYPE_HOLDS_H
#define ZQ_DIFF_TYPE_HOLDS_H

#include "model/schema.h"

/* Can the type hold every value of the other one, without rounding, cutting or padding it? Charsets
 * count only for the size of texts. When in doubt: no. */
bool zq_type_holds(const zq_type *to, const char *to_charset, const zq_type *from,
                   const char *from_charset);

/* Has the charset every character of the other one? When in doubt: no. */
bool zq_charset_holds(const char *to, const char *from);

/* Bytes of a charset's longest character; 0 for one that is not known here. */
unsigned zq_charset_bytes(const char *charset);

#endif
