/* Walk through SQL that a server wrote: SHOW CREATE TABLE, types, expressions. */
#ifndef ZQ_SQL_TABLE_CURSOR_H
#define ZQ_SQL_TABLE_CURSOR_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

/* A place in a text of known end. Each function first steps over white space, comments, and the
 * marks of a version comment, whose content counts ("/" "*!80023 INVISIBLE *" "/"); it moves on
 * only when what it is asked for stands there. */
typedef struct zq_cursor {
    const char *at;
    const char *end;
} zq_cursor;

zq_cursor zq_cursor_on(const char *text, size_t length);
void zq_cursor_space(zq_cursor *cursor);
bool zq_cursor_at_end(zq_cursor *cursor);

/* One character, such as '(' or ','. */
bool zq_cursor_char(zq_cursor *cursor, char c);
bool zq_cursor_sees(zq_cursor *cursor, char c);

/* Words in that order, in any case: "NOT NULL". */
bool zq_cursor_words(zq_cursor *cursor, const char *words);

/* A name in backticks, unquoted; in `arena`. */
bool zq_cursor_ident(zq_cursor *cursor, zq_arena *arena, const char **out_name);

/* A name in backticks, or a bare one: letters, digits, "_$", and the braces of "{code}". */
bool zq_cursor_name(zq_cursor *cursor, zq_arena *arena, const char **out_name);

/* A string in single quotes, unescaped; in `arena`, with a NUL after its `*out_length` bytes. */
bool zq_cursor_string(zq_cursor *cursor, zq_arena *arena, const char **out_text,
                      size_t *out_length);

/* Letters, digits and "_$.+-@": a bare word or a number. Points into the text. */
bool zq_cursor_bare(zq_cursor *cursor, const char **out_text, size_t *out_length);
bool zq_cursor_number(zq_cursor *cursor, unsigned *out_number);

/* What stands between '(' and its ')', quotes and nesting considered. Points into the text. */
bool zq_cursor_parens(zq_cursor *cursor, const char **out_text, size_t *out_length);

/* The rest up to a ',' or ')' outside quotes and parentheses, or to the end. */
void zq_cursor_rest(zq_cursor *cursor, const char **out_text, size_t *out_length);

#endif
