/* The two families of servers, and what each release of them can do. */
#ifndef ZQ_SQL_FLAVOR_H
#define ZQ_SQL_FLAVOR_H

#include "base/err.h"

#include <stdbool.h>

typedef enum zq_flavor {
    ZQ_MYSQL,
    ZQ_MARIADB,
} zq_flavor;

/* A server's kind and release. The version is major * 10000 + minor * 100 + patch: 80036, 101119.
 */
typedef struct zq_server {
    zq_flavor flavor;
    unsigned version;
    char version_text[64]; /* as VERSION() gives it */
} zq_server;

/* Read VERSION()'s text: "10.11.19-MariaDB-0+deb12u1", "5.5.5-10.6.4-MariaDB", "9.7.4-2".
 * Fails with ZQ_E_SERVER when it is not a version, and names and refuses a server older than
 * MySQL 8.0 or MariaDB 10.6, whose DDL is not atomic (MySQL 8.0 manual, 15.1.1; MariaDB
 * documentation, "Atomic DDL"). */
zq_rc zq_server_parse(const char *version_text, zq_server *out_server, zq_err *err);

/* "mysql" and "mariadb" */
const char *zq_flavor_name(zq_flavor flavor);

/* The statement every session and every offline script begins with, so that both give the same
 * bytes: sql_mode, charset and collation, time zone. Runs on both flavours; no trailing semicolon.
 */
const char *zq_session_sql(void);

#endif
