/* What a database says was done to it, read in one round trip. */
#ifndef ZQ_MIGRATE_RECORD_H
#define ZQ_MIGRATE_RECORD_H

#include "db/db.h"
#include "rev/chain.h"
#include "rev/rebase.h"
#include "run/book.h"
#include "run/lease.h"

typedef struct zq_record {
    bool database_exists;
    bool has_history;
    const zq_applied *applied;  /* oldest first */
    const zq_history_row *rows; /* the same rows */
    size_t n;
    bool install_started;  /* an install was cut short */
    const char *under_way; /* a revision that was cut short; NULL: none */
    const char *direction; /* "up" or "down", of that revision */
    bool at_work;          /* somebody is at it now */
    size_t n_left;         /* members of families that the recorded revision left as they were */
} zq_record;

/* Read it, and make `database` the connection's default when it exists. A missing database or
 * table is not an error. In `arena`. */
zq_rc zq_record_read(zq_db *db, const char *database, zq_arena *arena, zq_record *out, zq_err *err);

/* Has it no entry? One of base, after a downgrade, is an entry. */
bool zq_record_is_empty(const zq_record *record);

/* The entry for a database that is at `position` after `operation` ("upgrade", "downgrade",
 * "stamp", "adopt"): the revision that was applied last there, with its checksum and schema id; at
 * base an empty revision. The duration is left open (-1). Texts belong to the chain. */
zq_history_entry zq_record_history(const zq_chain *chain, size_t position, const char *operation,
                                   const char *tool_version);
#define ZQ_OPERATION_SQUASH "squash" /* of each revision that a squash stood for */

/* Rows of the history for one transaction, and what else goes with them: statements, each with a
 * ';' between it and the next, and their arguments. */
typedef struct zq_record_entries {
    zq_arena *arena;
    zq_sql *sql;
    zq_arg *args;
    size_t n;
} zq_record_entries;
void zq_record_entry(zq_record_entries *entries, const zq_history_entry *entry);

/* One more statement: record that a database is at a place in the chain. */
zq_rc zq_record_write(zq_db *db, const zq_lease *lease, const zq_chain *chain, size_t position,
                      const char *operation, const char *schema_id, const char *tool_version,
                      zq_err *err);

/* One more: record what a rebase has found, in one transaction. */
zq_rc zq_record_rebase(zq_db *db, const zq_lease *lease, const zq_chain *chain,
                       const zq_rebase_record *record, const char *tool_version, zq_err *err);

#endif
