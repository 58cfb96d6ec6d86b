/* Reads a statement once, from its words, conservatively and without a server. Pure. */
#ifndef ZQ_SQL_READ_STATEMENT_READ_H
#define ZQ_SQL_READ_STATEMENT_READ_H

#include "sql/read/statement.h"

/* Read one statement, as zq_split_next gives it. Never fails: what is not understood is
 * ZQ_STATEMENT_UNKNOWN and opaque, and an unknown table leaves tables_known false. Names
 * in `arena`, clauses point into `text`; "{table}" is a name like any other.
 *
 * What runs another statement (SET STATEMENT ... FOR, ANALYZE UPDATE, EXECUTE IMMEDIATE '...',
 * BEGIN NOT ATOMIC) is what that does. Of a body that is only stored (routine, trigger, event), the
 * names are read. What stands in executable comments counts, and so does what is left where a
 * server does not look at them. */
void zq_statement_read(const char *text, size_t length, zq_arena *arena, zq_statement *out);

/* What the body of a routine, a trigger or an event does when it runs: as one statement of the kind
 * UNKNOWN. What it calls is in `calls`, and does not make it opaque. In `arena`. */
void zq_statement_read_body(const char *body, size_t length, zq_arena *arena, zq_statement *out);

#endif
