/* The one place where steps are executed: they are walked into a sink. Here are a server and a
 * script for what is ours; a journaled run of a revision (migrate/apply), its script
 * (migrate/script) and a dry run (app/migrate_run) are sinks, too. */
#ifndef ZQ_RUN_RUNNER_H
#define ZQ_RUN_RUNNER_H

#include "base/buf.h"
#include "db/db.h"
#include "diff/plan.h"
#include "run/lease.h"

/* Where steps go. `run` is given all steps of one stage. */
typedef struct zq_sink {
    zq_rc (*run)(void *context, const zq_step *steps, size_t n, zq_err *err);
    void *context;
} zq_sink;

/* Walk the steps, which are in order of their stage, into the sink, stage by stage. */
zq_rc zq_run_steps(const zq_steps *steps, const zq_sink *sink, zq_err *err);

/* ---- a server ---- */

/* A server to run on. Steps of a stage that change rows run in one transaction, in one round
 * trip. The others run on up to `jobs` connections side by side, each connection's share in one
 * round trip, foreign key checks off; the stage ends when all have ended, with the first error. */
typedef struct zq_server_sink {
    zq_db *db;            /* the first connection; also the one that holds the lease */
    zq_lease *lease;      /* NULL: none is asked */
    const char *database; /* its default database; workers are put there too */
    unsigned jobs;        /* 1 or more */
    zq_opener *open;      /* may be NULL when jobs is 1 */
    void *open_context;
    /* NULL, or called from any thread when a table is there, and how long that took. */
    void (*made)(void *context, const zq_table *table, unsigned long long ms);
    void *made_context;
    struct zq_workers *workers;
} zq_server_sink;

/* Start connecting `jobs - 1` workers, on threads of their own, so that they are there when the
 * first stage needs them. May be left out. */
void zq_sink_server_begin(zq_server_sink *sink);
/* Close the workers' connections. Safe to call twice, and without a begin. */
void zq_sink_server_end(zq_server_sink *sink);
#define ZQ_AUTO_SERVER_SINK __attribute__((cleanup(zq_sink_server_end))) zq_server_sink

zq_sink zq_sink_server_of(zq_server_sink *sink);

/* ---- a file ---- */

/* A text to append to: each statement ends in ";\n", arguments are written out, a stage of row
 * steps stands between START TRANSACTION and COMMIT, another whose order is free without foreign
 * key checks, as on a server, and `say` stands before it as a comment. */
zq_sink zq_sink_script_of(zq_buf *script);

#endif
