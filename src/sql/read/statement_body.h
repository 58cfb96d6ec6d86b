/* What a routine, a trigger, an event or BEGIN NOT ATOMIC is made of. */
#ifndef ZQ_SQL_READ_STATEMENT_BODY_H
#define ZQ_SQL_READ_STATEMENT_BODY_H

#include "sql/read/reader.h"

/* Read a body up to its end. `runs`: it is run here and now, so that what it does counts. */
void zq_read_body(reader *r, bool runs);

/* Does a compound statement begin here, or a label before one? */
bool zq_read_begins_body(const reader *r);

#endif
