/* Who keeps a statement waiting for a table: connections that hold a metadata lock on it. */
#ifndef ZQ_RUN_BLOCKERS_H
#define ZQ_RUN_BLOCKERS_H

#include "base/arena.h"
#include "db/db.h"

#include <stdbool.h>

enum {
    ZQ_BLOCKERS_MAX = 5,       /* on given tables */
    ZQ_BLOCKERS_MOST_ALL = 200 /* in a whole database */
};

typedef struct zq_blocker {
    const char *connection_id; /* as the server's process list has it */
    const char *account;       /* "app@10.0.0.5:41234" */
    const char *seconds;       /* in its present state: running, or asleep with locks held */
    const char *statement;     /* under way, or the last one; on one line, cut; "" when not known */
    const char *table;         /* that it has a lock on; "" when not known */
} zq_blocker;

typedef struct zq_blockers {
    const zq_blocker *items; /* the longest first, at most ZQ_BLOCKERS_MAX or _MOST_ALL */
    size_t n;
    bool certain;  /* they do hold a lock on the table; else they only may */
    bool complete; /* the server shows every holder: who is not here holds none */
} zq_blockers;

/* Ask the server, over a connection that is not waiting itself: performance_schema.metadata_locks
 * first (on by default on MySQL, off on MariaDB), then MariaDB's METADATA_LOCK_INFO (a plugin),
 * then transactions that are open in the database, then the process list. What is not there or not
 * allowed is passed over, so that without any right the list is empty, which is not an error.
 *
 * `except` is the connection that waits (0: none); `tables` ends in NULL; NULL itself: whatever
 * table of the database. Fails with ZQ_E_LOST
 * only. In `arena`. */
zq_rc zq_blockers_find(zq_db *db, const char *database, const char *const *tables,
                       unsigned long long except, zq_arena *arena, zq_blockers *out, zq_err *err);

/* For the detail of an error: "connection 17 of 'app@10.0.0.5:41234' has held it for 12 s: SELECT
 * ...", one after the other, joined by "; ". "" when there is none. In `arena`. */
const char *zq_blockers_say(const zq_blockers *blockers, zq_arena *arena);

#endif
