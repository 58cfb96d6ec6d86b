/* The words of a canonical text, line by line. */
#ifndef ZQ_MODEL_CANON_READ_H
#define ZQ_MODEL_CANON_READ_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

/* Reads one line at a time. The first thing that is wrong sticks in `wrong`; from then on nothing
 * is read any more, so that its users can follow the grammar without looking back. Start with `end`
 * at the text and `text_end` after it. */
typedef struct zq_canon_reader {
    const char *at;       /* where in the line we are */
    const char *end;      /* of the line */
    const char *start;    /* of the line */
    const char *text_end; /* of the whole text */
    unsigned line;
    const char *wrong; /* "expected ..."; NULL while all is well */
    zq_arena *arena;
} zq_canon_reader;

/* Move to the next line; false when there is none, or something is wrong. */
bool zq_canon_read_next_line(zq_canon_reader *r);
bool zq_canon_read_at_end(const zq_canon_reader *r);

/* Note what is wrong, unless something is already; static text. */
void zq_canon_read_fail(zq_canon_reader *r, const char *wrong);

/* Does `text` stand here; and step over it when it does, or fail. Case is left to the final
 * comparison. */
bool zq_canon_read_looking_at(const zq_canon_reader *r, const char *text);
bool zq_canon_read_skip(zq_canon_reader *r, const char *text);
void zq_canon_read_expect(zq_canon_reader *r, const char *text, const char *wrong);

/* A name, a quoted text, a number, and "(7)". Texts are in the reader's arena. */
const char *zq_canon_read_name(zq_canon_reader *r);
const char *zq_canon_read_quoted(zq_canon_reader *r, char quote);
unsigned zq_canon_read_number(zq_canon_reader *r);
unsigned zq_canon_read_length(zq_canon_reader *r);

#endif
