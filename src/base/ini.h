/* INI files read by inih, without its silent cuts.
 *
 * inih's own limits are 200 bytes for a line and 49 for a section's name, it takes " ;" for the
 * start of a comment, and tells only the line of the first mistake. Here a line may have
 * ZQ_INI_LINE_MAX bytes, comments start a line or are none, names are whole, and each mistake is
 * reported with its line. What is too long is reported and never shortened. */
#ifndef ZQ_BASE_INI_H
#define ZQ_BASE_INI_H

#include "base/err.h"

#include <stddef.h>

enum { ZQ_INI_LINE_MAX = 4096 };

typedef enum zq_ini_kind {
    ZQ_INI_SECTION, /* a line "[section]" */
    ZQ_INI_VALUE,   /* a line "key = value" or "key: value" */
    ZQ_INI_MORE,    /* an indented line that continues the value of the key before it */
    ZQ_INI_MISTAKE, /* a line that is not one of these; `value` says what is wrong, in words */
} zq_ini_kind;

/* One of these; the texts are valid only while the callback runs. */
typedef struct zq_ini_item {
    zq_ini_kind kind;
    unsigned line;       /* from 1 */
    const char *section; /* what stands between the brackets; "" before the first, and after a wrong
                            "[..." */
    const char *key;     /* VALUE and MORE */
    const char *value;   /* VALUE, MORE, MISTAKE: without the white space around it */
} zq_ini_item;

/* Called for each item in the order of the file. What it returns other than ZQ_OK ends the walk
 * and is the result of zq_ini_parse. */
typedef zq_rc zq_ini_fn(void *context, const zq_ini_item *item, zq_err *err);

/* Walk through `length` bytes of text, which may begin with a byte order mark and must otherwise be
 * UTF-8 without NULs. Fails only as `on_item` does: mistakes are items, so that a caller can stop
 * at the first or collect them all. */
zq_rc zq_ini_parse(const char *text, size_t length, zq_ini_fn *on_item, void *context, zq_err *err);

#endif
