/* Words of the canonical form: names and quoted texts, written and read.
 *
 * Values stand in single quotes, SQL in double quotes, names bare or in backticks. Within any of
 * the three the quote itself is doubled, a backslash is written \\, and what would not show
 * (characters that are not plain by zq_text_is_plain, bytes that are not UTF-8) is written \n, \r,
 * \t or \x and two lower-case hexadecimal digits. All other characters stand for themselves, so the
 * text is always one line of UTF-8. */
#ifndef ZQ_MODEL_QUOTE_H
#define ZQ_MODEL_QUOTE_H

#include "base/arena.h"
#include "base/buf.h"

#include <stdbool.h>

/* Append `text` (NULL is "") in quotes; `quote` is one of ' " ` */
void zq_quote(zq_buf *out, char quote, const char *text);

/* Append a name: bare when it is of A-Z a-z 0-9 _ $ { } only, else in backticks. */
void zq_quote_name(zq_buf *out, const char *name);

/* Read a quoted text at `*at`, which ends before `end`, and step over it; `quote` must stand there.
 * The inverse of zq_quote; in `arena`. NULL when it is malformed, or holds a NUL. */
char *zq_unquote(const char **at, const char *end, char quote, zq_arena *arena);

/* The same for a name. NULL when none stands there. */
char *zq_unquote_name(const char **at, const char *end, zq_arena *arena);

#endif
