/* What the commands about roles, permissions and administrators share. */
#ifndef ZQ_APP_RBAC_SESSION_H
#define ZQ_APP_RBAC_SESSION_H

#include "app/app.h"
#include "run/lease.h"
#include "run/state.h"
#include "seed/merge/rbac_merge.h"

/* The seeds in force: those of --seeds DIR, else the compiled-in ones. Every mistake in DIR's files
 * is said on standard error. */
zq_rc zq_rbac_session_seeds(zq_app *app, zq_seeds *out, zq_err *err);

/* Those of `dir`. */
zq_rc zq_rbac_session_seeds_of(zq_app *app, const char *dir, zq_seeds *out, zq_err *err);

/* Name, e-mail and role of the administrator, as set. */
zq_admin_identity zq_rbac_session_admin(const zq_app *app);

/* Warn of a name and an address that the application would refuse. */
void zq_rbac_session_warn_of_identity(const zq_admin_identity *who);

/* Say what an install did: adding all of the seeds to a fresh database is one sentence, and what
 * was decided elsewhere is said. */
void zq_rbac_session_say_merged(const zq_rbac_merged *merged);

/* A connection to a database whose roles, permissions and users are there. With `to_write` the
 * database must also be at head, and the connection then holds the lease. */
typedef struct zq_rbac_session {
    zq_db *db;
    zq_lease *lease;
    const char *database;
    zq_state state;
    zq_rbac now;
} zq_rbac_session;

/* Connect, wait for the lease when it is needed, and read. Fails with ZQ_E_DIFFERS when the
 * database is not ready for that: a dry run is refused where the real one would be, but needs no
 * lease. Close it in any case: ZQ_AUTO_RBAC_SESSION. */
zq_rc zq_rbac_session_open(zq_app *app, bool to_write, const zq_admin_identity *admin,
                           zq_rbac_session *session, zq_err *err);
void zq_rbac_session_close(zq_rbac_session *session);
#define ZQ_AUTO_RBAC_SESSION __attribute__((cleanup(zq_rbac_session_close))) zq_rbac_session

/* Run the steps, which are row steps, in one transaction. */
zq_rc zq_rbac_session_run(zq_rbac_session *session, const zq_steps *steps, zq_err *err);

#endif
