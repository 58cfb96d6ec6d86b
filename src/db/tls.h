/* The modes of TLS, in the terms of MariaDB Connector/C and of Oracle's libmysqlclient. Within
 * src/db only. */
#ifndef ZQ_DB_TLS_H
#define ZQ_DB_TLS_H

#include "db/db.h"
#include "db/errors.h"

#include <mysql.h>

/* Can these settings work at all? ZQ_E_CONFIG when a CA is wanted and none is given, ZQ_E_NOINPUT
 * when a file cannot be read. */
zq_rc zq_tls_check(const zq_target *target, zq_err *err);

/* Prepare `mysql`, before it connects, to do as `mode` says; the files are the target's. */
void zq_tls_set(MYSQL *mysql, const zq_target *target, zq_tls mode);

/* Once connected: fails with ZQ_E_CONFIG when TLS is not in use and `mode` wants it. */
zq_rc zq_tls_confirm(MYSQL *mysql, zq_tls mode, const char *where, zq_err *err);

/* A login to `where` failed and `err` says how (zq_errors_fail_connect): when TLS was the cause,
 * say so in the same words for both libraries, with a hint that names the option. Gives the code.
 */
zq_rc zq_tls_explain(const zq_target *target, zq_tls mode, const zq_server_error *error,
                     const char *where, zq_err *err);

#endif
