/* One moment of a database, seen by several connections: their snapshots begin while nobody writes.
 */
#ifndef ZQ_RUN_MOMENT_H
#define ZQ_RUN_MOMENT_H

#include "db/db.h"

/* Make `database` the default one, and see from here on its rows as they are now, whoever writes:
 * those of InnoDB tables. Nothing can be written. Fails as zq_db_exec does. */
zq_rc zq_snapshot_begin(zq_db *db, const char *database, zq_err *err);

/* Hold off everybody who writes to the server, until zq_writers_release, or until the connection
 * ends. Waits `wait_s` seconds at most for what is being written (and meanwhile others wait, too),
 * then fails with ZQ_E_LOCKED; with ZQ_E_DENIED when the account may not (RELOAD). */
zq_rc zq_writers_hold(zq_db *db, unsigned wait_s, zq_err *err);
zq_rc zq_writers_release(zq_db *db, zq_err *err);

/* The greatest id that a connection of the server has had so far: that of `db`, which must be the
 * newest, will do. Says whether a connection with a greater one, of the same account, has begun a
 * snapshot: whatever it began with has come to its end. Needs PROCESS; fails as zq_db_query does.
 */
zq_rc zq_snapshot_begun_after(zq_db *db, unsigned long long connection_id, bool *out, zq_err *err);

/* Where a snapshot stands in the server's binary log, as in "binlog.000003:1570, GTID 0-1-42";
 * NULL: it has none, the account may not see it, or others have written while the snapshot began.
 * `before` is what zq_position_before said before it did, NULL while writers are held. In `arena`.
 * Fails only as a lost connection does. */
zq_rc zq_position_before(zq_db *db, zq_arena *arena, const char **out, zq_err *err);
zq_rc zq_position(zq_db *db, const char *before, zq_arena *arena, const char **out, zq_err *err);

#endif
