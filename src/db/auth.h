/* How a password may be proven, and to whom. Within src/db only. */
#ifndef ZQ_DB_AUTH_H
#define ZQ_DB_AUTH_H

#include "db/db.h"
#include "db/errors.h"

#include <mysql.h>

/* Can these settings work? ZQ_E_NOINPUT for a public key that cannot be read, ZQ_E_CONFIG for a
 * file that is not one. */
zq_rc zq_auth_check(const zq_target *target, zq_err *err);

/* Prepare the library, once, after mysql_library_init. */
void zq_auth_library_init(void);

/* Prepare `mysql`, before it connects in `mode`. */
void zq_auth_set(MYSQL *mysql, const zq_target *target, zq_tls mode);

/* Free what zq_auth_set made the library keep and the library would not free; after a login,
 * however it ended. */
void zq_auth_done(MYSQL *mysql);

/* A login to `where` failed and `err` says how: when it was for what zq_auth_set does not allow,
 * say so in the same words for both libraries. Gives the code. */
zq_rc zq_auth_explain(const zq_target *target, zq_tls mode, const zq_server_error *error,
                      const char *where, zq_err *err);

#endif
