/* One runner at a time on a database, whatever node of a cluster it works over.
 *
 * The lease is a row, zq_meta_lease, that one UPDATE takes; the named lock of the server (run/lock)
 * stands beside it, for older builds and because it wakes those who wait at once. Every transaction
 * of ours writes the row under its token (zq_lease_fence, run/transact), and fails when another run
 * has it. DDL cannot be fenced like that, so the lease is asked before each statement. */
#ifndef ZQ_RUN_LEASE_H
#define ZQ_RUN_LEASE_H

#include "diff/plan.h"
#include "model/schema.h"
#include "run/lock.h"
#include "run/node.h"

typedef struct zq_lease zq_lease;

typedef struct zq_lease_request {
    zq_db *db;
    const char *database;    /* need not exist yet */
    const char *program;     /* for others to read; may be NULL */
    const zq_schema *schema; /* has zq_meta_lease */
    bool may_make;           /* the table, where it is not there */
    unsigned timeout_ms;     /* how long another run is waited for */
    unsigned silent_ms;      /* how long its beat may stand still; 0: ZQ_LEASE_SILENT_MS */
    zq_wait_fn *on_wait;     /* may be NULL */
    void *wait_context;
    zq_opener *open; /* for the beat; NULL: only what the run does tells that it is alive */
    void *open_context;
} zq_lease_request;

/* How long a holder on another node must be silent before it counts as dead. */
enum { ZQ_LEASE_MS = 12000 };

/* The same for one on this server that has been seen to have a connection for its beat: such a
 * server has lost its client without a word, and may keep the named lock for hours. */
enum { ZQ_LEASE_SILENT_MS = 30000 };

/* ---- taking it ---- */

/* Take it: the named lock, then the row; what a dead run has left at work is ended first. A
 * database that does not exist has no row, and gets only the lock. Fails with ZQ_E_LOCKED when the
 * time is over, naming the holder, and as zq_node_read_to_write does. */
zq_rc zq_lease_take(const zq_lease_request *request, zq_lease **out_lease, zq_err *err);

/* The same in two steps, for those who do something else between them. The question takes the named
 * lock when nobody has it, without waiting, and reads the row: its one value is for
 * zq_lease_locked. `row`: the table is there. In `arena`. */
const char *zq_lease_question(const char *database, bool row, zq_arena *arena);

/* From the answer; NULL when another run has the lock: then zq_lease_lock waits for it. */
zq_lease *zq_lease_locked(const zq_lease_request *request, const char *answer);
zq_rc zq_lease_lock(const zq_lease_request *request, zq_err *err);

/* May this server be changed? One round trip; fails as zq_node_read_to_write does. */
zq_rc zq_lease_check_node(zq_lease *lease, zq_err *err);

/* Take the row, unless it is ours, and make the table when it is not there. `*out_moved`: another
 * run has had the lease since the question was asked, so that what was read after it may be old.
 * Fails as zq_lease_take. */
zq_rc zq_lease_claim(zq_lease *lease, bool *out_moved, zq_err *err);

/* A step that gives the row back, for the end of a run's last transaction: whoever else is there
 * may begin once that is committed. zq_lease_gave_back says that it is. The lease has a row. */
zq_step zq_lease_last_step(const zq_lease *lease, zq_arena *arena);
void zq_lease_gave_back(zq_lease *lease);

/* Give it back; also when the connection is gone already. */
void zq_lease_release(zq_lease *lease);
ZQ_AUTO_DEFINE(zq_lease, zq_lease_release);

/* ---- holding it; `lease` may be NULL: then nothing is asked, and nothing fails ---- */

/* Counts up with every holder; 0 without a row. */
unsigned long long zq_lease_token(const zq_lease *lease);

/* Two statements for a transaction, the second of which fails with ZQ_CAUSE_MANY_ROWS when another
 * run has the lease; "" without a row. They mean the same in every session. The lease owns them. */
const char *zq_lease_fence(const zq_lease *lease);
zq_rc zq_lease_fail_gone(zq_err *err);

/* Is it still ours? For before a statement that no transaction holds together; answered from the
 * beat, when that is not older than half of ZQ_LEASE_MS, else over `db`. From any thread. */
zq_rc zq_lease_ask(zq_lease *lease, zq_db *db, zq_err *err);

/* Is it one of a cluster, where a run on another node may follow? */
bool zq_lease_is_on_cluster(const zq_lease *lease);

/* Set a further connection of the run up, so that what it reads is certain. */
zq_rc zq_lease_begin_session(const zq_lease *lease, zq_db *db, zq_err *err);

/* ---- for those who only look ---- */

typedef struct zq_lease_row {
    bool there; /* the table has the row */
    unsigned long long token, beat;
    const char *holder; /* NULL: nobody */
    const char *server, *node, *connection_id, *acquired_time;
    bool here;               /* its node is the one that was asked */
    unsigned long long book; /* version of our tables (run/book.h), where the row was taken */
} zq_lease_row;

zq_rc zq_lease_read(zq_db *db, const char *database, zq_arena *arena, zq_lease_row *out,
                    zq_err *err);

/* Take the lease from whoever has it under `token`: nobody has it then, and the token counts on, so
 * that one who is alive after all changes nothing any more. `*out_done` is false when it was taken
 * by another meanwhile. */
zq_rc zq_lease_take_away(zq_db *db, const char *database, unsigned long long token, bool *out_done,
                         zq_err *err);

/* End the connection of a holder that has the named lock of this server: the lock goes with it.
 * Does nothing for one on another node, or one that is gone. */
zq_rc zq_lease_end_holder(zq_db *db, const char *database, const zq_lease_row *row, zq_err *err);

/* Is a run at work over another node of a cluster, or on the source of a replica? The named lock
 * does not show it. `*out_who` is who, as in "zquant-init, process 7 on pod-1, over db1:3306, since
 * ...", or NULL: nobody, or somebody whose beat does not move while it is looked at, for `look_ms`
 * at most. In `arena`. */
enum { ZQ_LEASE_LOOK_MS = 5000 }; /* two beats, and some patience */
zq_rc zq_lease_elsewhere(zq_db *db, const char *database, unsigned look_ms, zq_arena *arena,
                         const char **out_who, zq_err *err);

/* An expression that is 1 while another connection to this server has the named lock, else 0. In
 * `arena`. */
const char *zq_lease_is_taken(const char *database, zq_arena *arena);

/* Who has it: "connection 42 of root@localhost", or "another connection" where that cannot be seen.
 * In `arena`. */
const char *zq_lease_holder(zq_db *db, const char *database, zq_arena *arena);

/* A row's holder, which is kept in English, in the user's language. `holder` itself where nobody of
 * ours wrote it, else in `arena`. */
const char *zq_lease_say_holder(const char *holder, zq_arena *arena);

#endif
