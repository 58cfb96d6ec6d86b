/* SQL text, built by verbs. What comes from outside goes through ident, str or num, or through add,
 * which does the same by the quotes around it; what is ours goes through lit or is the format of
 * add, and the compiler checks that it is a string literal.
 *
 * The text is right under the session that zq_session_sql() sets: backslashes escape in strings,
 * double quotes do not quote identifiers, the charset is utf8mb4. */
#ifndef ZQ_SQL_SQL_H
#define ZQ_SQL_SQL_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "sql/literal.h"

/* A statement under construction. The first error sticks; zq_sql_finish reports it. */
typedef struct zq_sql {
    zq_buf text;
    const char *wrong; /* what was wrong with the first bad piece; NULL while all is well */
    char piece[208];   /* that piece, cut when it is long */
} zq_sql;

/* `ZQ_AUTO_SQL(s);` declares an empty one that frees itself at the end of its scope. */
#define ZQ_AUTO_SQL(name) __attribute__((cleanup(zq_sql_done))) zq_sql name = {0}
void zq_sql_done(zq_sql *sql);

#define zq_sql_lit(sql, literal) zq_sql_raw((sql), "" literal "", sizeof(literal) - 1)

/* An identifier in backticks. An empty one, one with a NUL, one that ends in a space, one that is
 * not UTF-8 within the Basic Multilingual Plane, or one over 64 characters sticks as an error
 * (MySQL manual, 11.2 "Schema Object Names"). */
void zq_sql_ident(zq_sql *sql, const char *name);
/* Why a name would stick as an error: "a name is empty"; NULL: it would not. */
const char *zq_sql_ident_problem(const char *name);

/* A string in single quotes; `length` bytes, NULs included. NULL is the keyword NULL. */
void zq_sql_str(zq_sql *sql, const char *text);
void zq_sql_strn(zq_sql *sql, const char *text, size_t length);

/* A string that means the same in every session, whatever its charset, sql_mode or collation: bytes
 * that a session can read in two ways stand in hexadecimal. For what runs in a session that is not
 * ours. `text` is UTF-8; NULL is the keyword NULL. */
void zq_sql_str_anywhere(zq_sql *sql, const char *text);

void zq_sql_num(zq_sql *sql, long long number);
void zq_sql_unum(zq_sql *sql, unsigned long long number);

/* Text that is SQL already: from a revision file, an expression a server gave, another builder. */
void zq_sql_raw(zq_sql *sql, const char *text, size_t length);
void zq_sql_rawz(zq_sql *sql, const char *text);

/* Several of these at once, in the order in which they stand in the statement:
 * zq_sql_add(sql, "DELETE FROM `%s` WHERE name = '%s' AND id < %llu", table, name, id).
 *
 * A `%s` in backticks is a name (zq_sql_ident), a '%s' in single quotes a string (zq_sql_str: NULL
 * is the keyword), %-s text that is SQL already; a %s in neither sticks as an error, lest quotes be
 * forgotten. %u, %lu, %zu, %llu, %d, %ld and %lld are numbers, %% is a percent sign. The compiler
 * checks the types. */
#define zq_sql_add(sql, ...) zq_sql_format((sql), "" __VA_ARGS__)
void zq_sql_format(zq_sql *sql, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Let the statement fail for a reason of the caller's: `wrong` says what is wrong (static text,
 * lower case), `piece` (may be NULL) with what. Only the first one sticks. */
void zq_sql_refuse(zq_sql *sql, const char *wrong, const char *piece);

/* A statement with its arguments written out: for scripts, and never for what is logged. */
void zq_sql_expand(zq_sql *sql, const char *text, const zq_arg *args, size_t n_args);

/* The text, terminated by NUL and valid until `sql` changes; or ZQ_E_DATA with what was wrong:
 * "cannot be written as SQL: a name is empty: ''". */
zq_rc zq_sql_finish(zq_sql *sql, const char **out_text, zq_err *err);

/* The same, of a copy in `arena`. */
zq_rc zq_sql_keep(zq_sql *sql, zq_arena *arena, const char **out_text, zq_err *err);

/* The same at the end of `out`. */
zq_rc zq_sql_append(zq_sql *sql, zq_buf *out, zq_err *err);

#endif
