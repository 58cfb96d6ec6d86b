/* Placeholders in a statement: "{table}", "{code}", "{range}". Pure. */
#ifndef ZQ_SQL_READ_PLACEHOLDER_H
#define ZQ_SQL_READ_PLACEHOLDER_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

/* "{table}", "{code}", "{range}": where one stands in a statement. */
typedef struct zq_placeholder {
    const char *name; /* without the braces, terminated by NUL */
    unsigned line;    /* counts from 1, from the statement's own first line */
    bool in_string;   /* within '...' or "..."; within backticks does not count */
} zq_placeholder;

/* All texts of the form {word}, word being lower-case letters, outside comments, in order. The
 * array is in `arena`. */
size_t zq_placeholder_list(const char *text, size_t length, zq_arena *arena,
                           const zq_placeholder **out);

typedef struct zq_binding {
    const char *name; /* without the braces */
    const char *value;
} zq_binding;

/* `text` with the placeholders that `bindings` names replaced: outside quotes, in backticks and in
 * strings alike, so that ix_{table}_id, `{table}` and '{code}.SZ' all work; not in comments. Other
 * {words} stay. Values are put in as they are: they must be harmless in all these places. In
 * `arena`, terminated by NUL. */
char *zq_placeholder_fill(zq_arena *arena, const char *text, size_t length,
                          const zq_binding *bindings, size_t n_bindings);

#endif
