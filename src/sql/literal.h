/* An argument for a '?' in a statement. It is put in when the statement is sent and nowhere else:
 * texts that are printed, logged or written to the journal keep their '?'. */
#ifndef ZQ_SQL_LITERAL_H
#define ZQ_SQL_LITERAL_H

#include <stdbool.h>
#include <stddef.h>

typedef struct zq_arg {
    enum { ZQ_ARG_NULL, ZQ_ARG_TEXT, ZQ_ARG_INT } kind;
    const char *text; /* TEXT: `length` bytes, not owned */
    size_t length;
    long long number; /* INT */
} zq_arg;

zq_arg zq_arg_text(const char *text); /* NULL gives SQL's NULL */
zq_arg zq_arg_int(long long number);

/* The first placeholder at or after `sql`: a '?' outside strings, quoted identifiers and comments
 * (those that run on some servers included). NULL when there is none. */
const char *zq_arg_next(const char *sql);

/* One byte of a string in single quotes, as SQL writes it: gives how many of `out` it takes. The
 * one place that says how strings are escaped, so that what is sent and what is printed are the
 * same bytes. A control-Z would end a script that a client reads on Windows. */
size_t zq_literal_byte(char c, char out[2]);

/* Write a statement with its arguments put in as literals, right under the session of
 * zq_session_sql(), piece by piece and without a NUL. An argument without a placeholder is left
 * out, a placeholder without one stays. Nothing of a text is kept anywhere but where `add` puts it.
 * With `seen`, for a script: a text with characters that are not plain (zq_text_is_plain) and have
 * no escape in SQL is written in hexadecimal. */
typedef void zq_arg_add(void *context, const char *bytes, size_t length);
void zq_arg_expand(const char *sql, const zq_arg *args, size_t n_args, bool seen, zq_arg_add *add,
                   void *context);

/* How many bytes that is at the most. */
size_t zq_arg_expanded_max(const char *sql, const zq_arg *args, size_t n_args);

/* Where the quoted piece that begins at `at` ends, one byte behind its last quote: a doubled quote
 * stands for itself, and a backslash escapes but in backticks. NULL when it is not ended. */
const char *zq_quoted_end(const char *at, const char *end);

#endif
