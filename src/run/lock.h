/* Named locks of one server (GET_LOCK). They live as long as their connection: who dies loses them
 * at once. On a cluster each node has its own, so they exclude nobody there. */
#ifndef ZQ_RUN_LOCK_H
#define ZQ_RUN_LOCK_H

#include "db/db.h"

/* Called about once a second while somebody else is waited for, with who that is ("connection 42 of
 * root@localhost", or "another connection"); an error that it returns ends the wait. */
typedef zq_rc zq_wait_fn(void *context, const char *holder, unsigned waited_ms, zq_err *err);

/* GET_LOCK takes 64 characters (MySQL manual, 14.14 "Locking Functions"). */
enum { ZQ_LOCK_NAME = 65 };

/* The name of the lock of `database`, or of a part of its run (`part` is NULL: the lock itself). A
 * database's name may be longer, or differ in case only: its digest stands for it. */
void zq_lock_name(const char *database, const char *part, char out[ZQ_LOCK_NAME]);

/* That of a further connection of the run: it is found, and ended, when the run is gone. */
enum { ZQ_MOST_SESSIONS = 64 };
void zq_lock_session_name(const char *database, unsigned number, char out[ZQ_LOCK_NAME]);

/* An expression that is 1 while another connection to this server has it, else 0. In `arena`. */
const char *zq_lock_is_taken(const char *name, zq_arena *arena);

/* Take it, waiting up to `timeout_ms` for whoever holds it; `on_wait` may be NULL.
 * Fails with ZQ_E_LOCKED when the time is over, naming the holder. */
zq_rc zq_lock_take(zq_db *db, const char *name, unsigned timeout_ms, zq_wait_fn *on_wait,
                   void *context, zq_err *err);

/* Who has it, for people. In `arena`. */
const char *zq_lock_holder(zq_db *db, const char *name, zq_arena *arena);

/* End the connection with this id (KILL), where the account may; without a word where not. */
void zq_lock_end(zq_db *db, unsigned long long id);

/* Wait until nobody has it: up to `patience_ms`, then whoever has it is ended (KILL), and waited
 * for up to `timeout_ms`. An account may end its own connections; where it is not allowed to, it
 * waits. Fails with ZQ_E_LOCKED when the time is over. */
zq_rc zq_lock_clear(zq_db *db, const char *name, unsigned patience_ms, unsigned timeout_ms,
                    zq_err *err);

#endif
