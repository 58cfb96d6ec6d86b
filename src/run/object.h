/* What a trigger, a routine, an event, a sequence, a database or an account is at this moment: each
 * by its name alone, whatever others do beside it. */
#ifndef ZQ_RUN_OBJECT_H
#define ZQ_RUN_OBJECT_H

#include "run/fingerprint.h"
#include "sql/read/statement.h"

/* In the place of a digest, where this account may not look. */
#define ZQ_OBJECT_UNSEEN "?"

/* Look at each of `is->names`, of the kind that the statement is about, in the connection's default
 * database: one digest for all of them, or ZQ_OBJECT_UNSEEN.
 *
 * A trigger is its definition; a routine its body and characteristics; an event its body and
 * interval, for whether it is enabled changes by itself; a sequence its definition without its
 * value. Comments and white space do not count, which a client may take away. Of a database and of
 * an account it is looked only whether it is there. */
zq_rc zq_objects_digest(zq_db *db, const zq_statement *parsed, char out_hex[ZQ_DIGEST_HEX],
                        zq_err *err);

#endif
