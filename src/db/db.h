/* One connection to a server, behind a port of a handful of functions, so that tests can put a
 * scripted or a failing server in its place.
 *
 * A handle belongs to one thread at a time. Only src/db includes <mysql.h>. */
#ifndef ZQ_DB_DB_H
#define ZQ_DB_DB_H

#include "base/arena.h"
#include "base/err.h"
#include "db/row.h"
#include "sql/flavor.h"
#include "sql/literal.h"
#include "sql/sql.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct zq_db zq_db;

/* A whole result, in an arena. */
typedef struct zq_rows {
    size_t n;
    size_t n_columns;
    const char **values; /* n * n_columns of them; use zq_rows_at */
} zq_rows;
const char *zq_rows_at(const zq_rows *rows, size_t row, size_t column);

/* ---- statements ---- */

/* Run one or more statements, separated by ';', in one round trip, in order; the first that
 * fails ends it and `*out_done` (if not NULL) says how many before it had succeeded. Rows go to
 * `answers->take` unbuffered, in constant memory. With `answers` NULL all rows are dropped, and
 * however many results there are will do.
 *
 * Errors: ZQ_E_DENIED, ZQ_E_LOCKED (1205, 1213 and 3572), ZQ_E_LOST (2006, 2013, 4031, 1053, 1927:
 * it is unknown whether the statement under way happened), ZQ_E_UNAVAILABLE, ZQ_E_READ_ONLY (1290
 * of a server that is read only, 1792, 1836), ZQ_E_ANSWER (the server answered something else, or
 * more than the connection takes in one run: it is not used again, as if it were lost), else
 * ZQ_E_SERVER; err->server_errno and the server's words in err->detail. Server messages that quote
 * an argument are blanked. */
zq_rc zq_db_run(zq_db *db, const char *sql, const zq_arg *args, size_t n_args,
                const zq_answers *answers, size_t *out_done, zq_err *err);

/* The same without rows or arguments. */
zq_rc zq_db_exec(zq_db *db, const char *sql, zq_err *err);

/* One statement whose rows are wanted all at once, in `arena`. `columns` is as in zq_answer; NULL
 * keeps whatever comes, for tests. */
zq_rc zq_db_query(zq_db *db, const char *sql, const zq_arg *args, size_t n_args,
                  const char *columns, zq_arena *arena, zq_rows *out_rows, zq_err *err);

/* The same of one that gives a single row, whatever is in the tables; none, or two, is ZQ_E_ANSWER.
 */
zq_rc zq_db_query_one(zq_db *db, const char *sql, const zq_arg *args, size_t n_args,
                      const char *columns, zq_arena *arena, zq_rows *out_rows, zq_err *err);

/* The same of a text that was built; with what is wrong with it, nothing is sent. */
zq_rc zq_db_run_sql(zq_db *db, zq_sql *sql, const zq_answers *answers, size_t *out_done,
                    zq_err *err);
zq_rc zq_db_query_sql(zq_db *db, zq_sql *sql, const char *columns, zq_arena *arena,
                      zq_rows *out_rows, zq_err *err);

/* Rows changed by the last statement of the last run that changed any; 0 when none did. */
unsigned long long zq_db_affected(const zq_db *db);

/* How many warnings (SHOW WARNINGS), notes included, the last statement of the last run has left.
 */
unsigned zq_db_warnings(const zq_db *db);

/* The next run is of statements that are short on any server that is well: one that takes longer
 * ends as if the connection were lost. All others may take as long as they like, since nobody knows
 * how long an ALTER TABLE is at work. */
void zq_db_expect_soon(zq_db *db);

/* How long a server has been silent: the longest time in which one of the process's connections
 * waits for an answer, or for the next row of one; 0 when none does. From any thread. */
unsigned long long zq_db_silent_ms(void);

/* The connection is gone; every further run fails with ZQ_E_LOST. */
bool zq_db_is_lost(const zq_db *db);

/* Close the connection and free the handle; NULL is nothing to do. */
void zq_db_close(zq_db *db);
ZQ_AUTO_DEFINE(zq_db, zq_db_close);

/* Who answers; known once connected. */
const zq_server *zq_db_server(const zq_db *db);

/* How often this handle has waited for the server since it was connected, the connect left out. */
unsigned zq_db_round_trips(const zq_db *db);

/* The server's id of this connection (CONNECTION_ID()). */
unsigned long long zq_db_connection_id(const zq_db *db);

/* ---- connecting ---- */

#define ZQ_MAX_RESULT ((size_t)256 << 20)

/* More than a server's own patience with a row that is locked (innodb_lock_wait_timeout, 50 s). */
enum { ZQ_SHORT_MS = 60000 };

typedef enum zq_tls {
    ZQ_TLS_DISABLED,
    ZQ_TLS_PREFERRED, /* when the server offers it; the default over the network */
    ZQ_TLS_REQUIRED,
    ZQ_TLS_VERIFY_CA,
    ZQ_TLS_VERIFY_IDENTITY,
} zq_tls;

typedef struct zq_target {
    const char *host; /* NULL or "": the socket */
    unsigned port;
    const char *socket; /* NULL or "": TCP */
    const char *user;
    const char *password; /* NULL: none; the caller keeps it in locked memory */
    zq_tls tls;
    const char *tls_ca; /* files; NULL: none */
    const char *tls_cert;
    const char *tls_key;
    const char *server_public_key; /* file; without TLS the only key to encrypt a password with */
    bool get_server_public_key;    /* or ask the server for one, whoever that is */
    unsigned connect_timeout_ms;
    unsigned within_ms;       /* the connect and all that follows it; 0: for ever */
    unsigned short_ms;        /* what zq_db_expect_soon allows; 0: ZQ_SHORT_MS */
    size_t max_result;        /* bytes of rows in one run; 0: ZQ_MAX_RESULT */
    const char *program_name; /* connection attribute, seen in performance_schema */
} zq_target;

/* Connect and log in, without a default database, and run zq_session_sql(). Refuses servers that
 * are too old (see zq_server_parse).
 *
 * Errors: ZQ_E_UNAVAILABLE when it may help to wait (refused, unknown host, starting, shutting
 * down, too many connections), ZQ_E_DENIED for a password or an account, ZQ_E_CONFIG for TLS
 * settings that cannot work, ZQ_E_NOINPUT for a file of theirs that cannot be read, ZQ_E_SERVER for
 * a server that is too old. The message names user and address, never the password. */
zq_rc zq_db_open(const zq_target *target, zq_db **out_db, zq_err *err);

/* Opens one more connection like another; for workers, on their own threads. */
typedef zq_rc zq_opener(void *context, zq_db **out_db, zq_err *err);

/* "user@host:port" or "user@socket", for messages; in `arena`. */
const char *zq_target_text(const zq_target *target, zq_arena *arena);

/* The client library at work and its version, "libmariadb 3.3.20", for --version. Static storage.
 */
const char *zq_db_library_name(void);

/* ---- the port ---- */

/* Called by a port as each result begins, with `values` NULL and `n` its columns (0: it has no
 * rows), then for each of its rows as it arrives. `statement` counts results from 0. */
typedef zq_rc zq_raw_fn(void *context, size_t statement, size_t n, const char *const *values,
                        const size_t *lengths, zq_err *err);

/* What a connection is made of. `run` sends a text and walks through all results, until there are
 * no more or `take` gives an error; `finish` frees `impl`. */
typedef struct zq_port {
    zq_rc (*run)(void *impl, const char *sql, size_t length, zq_raw_fn *take, void *context,
                 size_t *out_done, unsigned long long *out_affected, zq_err *err);
    void (*finish)(void *impl);
    unsigned (*warnings)(const void *impl); /* zq_db_warnings; NULL: none, ever */
    void (*expect_soon)(void *impl);        /* zq_db_expect_soon; NULL: it always answers */
} zq_port;

/* A handle over any port; takes `impl` over. For tests, and for what wraps a connection. */
zq_db *zq_db_over(const zq_port *port, void *impl, const zq_server *server,
                  unsigned long long connection_id);

/* Ask over a new handle who answers, and set the session up (zq_session_sql): one round trip. */
zq_rc zq_db_begin(zq_db *db, zq_err *err);

/* Run a text on behalf of a port that wraps `db`: what comes is passed on as it is. */
zq_rc zq_db_pass(zq_db *db, const char *sql, size_t length, zq_raw_fn *take, void *context,
                 size_t *out_done, unsigned long long *out_affected, zq_err *err);

/* Take no more than that many bytes of rows in one run. */
void zq_db_limit(zq_db *db, size_t max_result);

#endif
