/* SQL text without a server, split as the `mysql` client splits it. Pure.
 *
 * Read under the session that zq_session_sql() sets: a backslash escapes in '...' and "...", and
 * double quotes hold strings. A doubled quote stands for itself; in backticks that is the only
 * escape. Comments are `-- ` (two dashes and white space), # and C's; what stands in an executable
 * one, as mysqldump writes them (with ! or M! behind its opening), counts as SQL. */
#ifndef ZQ_SQL_READ_SPLIT_H
#define ZQ_SQL_READ_SPLIT_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum { ZQ_DELIMITER_MAX = 31 };

typedef enum zq_piece_kind {
    ZQ_PIECE_END,       /* nothing is left */
    ZQ_PIECE_STATEMENT, /* from its first token to its last, comments around it left out */
    ZQ_PIECE_MARKER,    /* a line `-- zq:...` between statements: what follows "-- ", trimmed */
} zq_piece_kind;

typedef struct zq_piece {
    zq_piece_kind kind;
    const char *text; /* within the text that is split: not terminated by NUL */
    size_t length;
    size_t offset; /* of `text`, from the start of that text */
    unsigned line; /* counts from 1 */
} zq_piece;

/* Where a walk over a text stands; a plain value, copy it to come back to a place. */
typedef struct zq_split {
    const char *name; /* of the file, for messages */
    const char *text;
    size_t length;
    size_t at;
    unsigned line;
    char delimiter[ZQ_DELIMITER_MAX + 1];
} zq_split;

/* Begin at the start of `text`; nothing is copied. */
zq_split zq_split_on(const char *name, const char *text, size_t length);

/* The next piece. DELIMITER lines are obeyed and not given out. The last statement of a text needs
 * no delimiter, as with the client; before a marker it does.
 *
 * Fails with ZQ_E_DATA, "NAME:LINE: ...", on a quote or comment that is not ended, an empty
 * statement, a DELIMITER without an argument, within a statement or not at the head of its line
 * (the clients disagree there), a marker within a statement, and a client command such as \G. */
zq_rc zq_split_next(zq_split *split, zq_piece *out, zq_err *err);

#endif
