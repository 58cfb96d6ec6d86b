/* How a statement that changes a table asks the server not to block the application. Pure. */
#ifndef ZQ_SQL_ALTER_ALGORITHM_H
#define ZQ_SQL_ALTER_ALGORITHM_H

#include "sql/read/statement.h"

/* From the best to the worst. */
typedef enum zq_algorithm {
    ZQ_ALGORITHM_INSTANT, /* only the dictionary changes */
    ZQ_ALGORITHM_INPLACE, /* rows may be read and written meanwhile */
    ZQ_ALGORITHM_ANY,     /* rows may only be read, or the table is copied: nothing is asked for */
    ZQ_N_ALGORITHMS,
} zq_algorithm;

/* The statement's text with the clauses that ask for `way`; a refusal with ZQ_CAUSE_NOT_THAT_WAY
 * is the answer no, and the next way may be tried. NULL when it cannot be asked that way: the
 * statement takes no such clause, or has one of its own, or (CREATE INDEX) can never be INSTANT.
 * DROP INDEX is asked as the ALTER TABLE that it stands for. ZQ_ALGORITHM_ANY is the text as it is.
 * In `arena`. */
const char *zq_algorithm_ask(const zq_statement *statement, const char *text, size_t length,
                             zq_algorithm way, zq_arena *arena);

/* "ALTER TABLE {table} ADD a" and "ALTER TABLE {table} ADD b" as one statement, which a server does
 * in one pass: "ALTER TABLE {table} ADD a, ADD b". NULL when one of them is another statement.
 * Pure; in `arena`. */
const char *zq_algorithm_join(const char *first, const char *second, zq_arena *arena);

#endif
