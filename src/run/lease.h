/* One runner at a time on a database. */
#ifndef ZQ_RUN_LEASE_H
#define ZQ_RUN_LEASE_H

#include "db/db.h"

typedef struct zq_lease zq_lease;

/* Called about once a second while another holds the lease, with who that is ("connection 42 of
 * root@localhost", or "another connection"); an error that it returns ends the wait. */
typedef zq_rc zq_lease_wait_fn(void *context, const char *holder, unsigned waited_ms, zq_err *err);

/* Take the lease of `database` (which need not exist yet), waiting up to `timeout_ms` for whoever
 * holds it. It lives as long as `db`'s connection: a holder that dies loses it at once.
 *
 * For now GET_LOCK, so it serves the starters on one server; nothing above this interface knows.
 * Fails with ZQ_E_LOCKED when the time is over, naming the holder. */
zq_rc zq_lease_take(zq_db *db, const char *database, unsigned timeout_ms, zq_lease_wait_fn *on_wait,
                    void *context, zq_lease **out_lease, zq_err *err);

/* For those who have more to ask: a SELECT that takes the lease when nobody has it, without
 * waiting. Its one value is "1" when it did, and then zq_lease_held gives the lease. In `arena`. */
const char *zq_lease_question(const char *database, zq_arena *arena);
zq_lease *zq_lease_held(zq_db *db, const char *database);

/* For those who only look: an expression that is 1 while another connection has the lease, else 0.
 * In `arena`. */
const char *zq_lease_is_taken(const char *database, zq_arena *arena);

/* Who has the lease: "connection 42 of root@localhost", or "another connection" where that cannot
 * be seen. In `arena`. */
const char *zq_lease_holder(zq_db *db, const char *database, zq_arena *arena);

/* Free the handle and leave the lease with the connection, which gives it back when it is closed.
 */
void zq_lease_leave(zq_lease *lease);

/* Give it back; also when the connection is gone already. */
void zq_lease_release(zq_lease *lease);
ZQ_AUTO_DEFINE(zq_lease, zq_lease_release);

#endif
