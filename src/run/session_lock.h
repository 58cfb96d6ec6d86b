/* Statements that outlive their program.
 *
 * A server notices that a client is gone when the statement that it waited for has ended. The lease
 * is on another connection, and free at once. So each connection that a run works over besides the
 * one with the lease has a lock of its own, and whoever begins waits until nobody has any. */
#ifndef ZQ_RUN_SESSION_LOCK_H
#define ZQ_RUN_SESSION_LOCK_H

#include "run/online_ddl.h"

enum { ZQ_SESSION_OF_REVISION = 0 }; /* workers from 1 on, up to ZQ_MOST_SESSIONS */

/* Take lock `number` for the life of the connection, waiting for the one before it to be gone: as
 * long as the rules say, and at least the moment that a server takes to notice.
 *
 * Fails with ZQ_E_LOCKED when the time is over. */
zq_rc zq_session_lock(zq_db *db, const zq_online_rules *rules, unsigned number, zq_err *err);

/* Wait, as long, until no connection but `db` has one of them; says so when that takes time.
 *
 * Fails with ZQ_E_LOCKED when the time is over, with ZQ_E_INTERRUPTED when the user stopped it. */
zq_rc zq_sessions_wait(zq_db *db, const zq_online_rules *rules, zq_err *err);

#endif
