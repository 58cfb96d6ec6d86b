/* How a statement that changes a table asks the server not to block the application. Pure. */
#ifndef ZQ_SQL_ALTER_ALGORITHM_H
#define ZQ_SQL_ALTER_ALGORITHM_H

#include "sql/read/statement.h"

/* From the best to the worst. */
typedef enum zq_way {
    ZQ_WAY_INSTANT, /* only the dictionary changes */
    ZQ_WAY_INPLACE, /* rows may be read and written meanwhile */
    ZQ_WAY_LOCKING, /* rows may only be read, or the table is copied: nothing is asked for */
    ZQ_N_WAYS,
} zq_way;

/* The statement's text with the clauses that ask for `way`; an error of the server is the answer
 * no (zq_way_refused). NULL when it cannot be asked that way: the statement takes no such clause,
 * or has one of its own, or (CREATE INDEX) can never be INSTANT. DROP INDEX is asked as the ALTER
 * TABLE that it stands for. ZQ_WAY_LOCKING is the text as it is. In `arena`. */
const char *zq_statement_ask(const zq_statement *statement, const char *text, size_t length,
                             zq_way way, zq_arena *arena);

/* Does this error say that the statement cannot be done the way it asked for? Nothing happened
 * then, and the next way may be tried. */
bool zq_way_refused(unsigned server_errno);

#endif
