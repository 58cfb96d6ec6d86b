/* The server's and the client library's error numbers, in our terms. */
#ifndef ZQ_DB_ERRORS_H
#define ZQ_DB_ERRORS_H

#include "base/err.h"
#include "sql/literal.h"

/* What the server said about a failure. */
typedef struct zq_server_error {
    unsigned number;
    const char *sqlstate;
    const char *words;
} zq_server_error;

/* Fill `err` for a statement that failed and give its code; see zq_db_run for which. */
zq_rc zq_errors_fail_statement(zq_err *err, const zq_server_error *error);

/* The same for a connection to `where` ("user@host:port") that could not be had; see zq_db_open. */
zq_rc zq_errors_fail_connect(zq_err *err, const zq_server_error *error, const char *where);

/* Blank what `err` quotes of the arguments: a server puts values into its messages ("Duplicate
 * entry '...'", "near '...'"), whole or cut short, and a value may be a secret. */
void zq_errors_blank(zq_err *err, const zq_arg *args, size_t n_args);

#endif
