/* One DDL statement, run so that the application goes on working. */
#ifndef ZQ_RUN_ONLINE_DDL_H
#define ZQ_RUN_ONLINE_DDL_H

#include "run/fingerprint.h"
#include "run/lease.h"
#include "run/warnings.h"
#include "run/watch.h"
#include "sql/alter/algorithm.h"

/* Where to begin to ask: what adds or drops an index is never INSTANT, and what has no place for
 * the question, or asks itself, is run as it stands (ZQ_ALGORITHM_ANY). Pure. */
zq_algorithm zq_online_first(const zq_statement *parsed);

/* Where a statement leads: after statements that all only add, or all only drop, a table is like
 * none of those before it was. */
typedef enum zq_ddl_direction {
    ZQ_DDL_MIXES, /* unknown, or both */
    ZQ_DDL_ADDS,
    ZQ_DDL_DROPS,
} zq_ddl_direction;

/* Pure. `text` is a template: its table is one word, `{table}`. */
zq_ddl_direction zq_online_direction(const zq_statement *parsed);

/* May the statement leave what it changes defined as it was (TRUNCATE, CREATE OR REPLACE TABLE,
 * EXCHANGE PARTITION, RENAME TABLE in a circle, RESTART of a sequence, an event that is over at
 * once)? A second time would take rows that came after the first, change places back, give values
 * twice, or do once more what the event has done. Pure. */
bool zq_online_only_rows_show(const zq_statement *parsed);

/* Called for each statement that has run, how it was done and how long it took; ZQ_N_ALGORITHMS for
 * one that is not DDL. From any thread. */
typedef void zq_ran_fn(void *context, const zq_statement *parsed, zq_algorithm way,
                       unsigned long long us);

typedef struct zq_online_rules {
    unsigned lock_wait_s;     /* how long one try waits for a metadata lock */
    unsigned lock_timeout_ms; /* how long it is tried again */
    bool allow_locking;
    const char *database; /* to look for who holds a lock */
    const zq_watch *watch;
    zq_lease *lease; /* asked before each statement; NULL: it is not */
    zq_ran_fn *ran;  /* may be NULL */
    void *ran_context;
} zq_online_rules;

/* Let the connection work in the rules' database, and wait for locks only as long as they say. */
zq_rc zq_online_begin(zq_db *db, const zq_online_rules *rules, zq_err *err);

typedef struct zq_online_ddl {
    const char *text;
    const zq_statement *parsed;
    const char *name; /* of the table, for messages */
    zq_db *looker; /* asks who holds a lock, where `db` is in a session of the user's; NULL: `db` */
    zq_warned *warned; /* who hears of the server's warnings; NULL: nobody */
} zq_online_ddl;

/* Run it over `db`, asking from `*io_way` on, which gets the one that served. While another holds
 * the table's metadata lock, it is tried again with growing pauses, and who that is, is reported. A
 * few times, too, where MySQL refuses the name of an index, which may be left from a killed ALTER.
 *
 * Fails with ZQ_E_USAGE when it takes more than the rules allow, ZQ_E_LOCKED when the time is over,
 * ZQ_E_INTERRUPTED when the user stopped the wait, else as zq_db_run does. */
zq_rc zq_online_run(zq_db *db, const zq_online_rules *rules, const zq_online_ddl *ddl,
                    zq_algorithm *io_way, zq_err *err);

/* ---- waiting for locks ---- */

/* Pauses between tries: begin with {.rules = ...}. */
typedef struct zq_backoff {
    const zq_online_rules *rules;
    unsigned tries;
    unsigned long long started_ms;
} zq_backoff;

/* Wait a little longer than the last time, with jitter. Fails with what `err` holds already (the
 * failure that is to be tried again) when the time is over, or ZQ_E_INTERRUPTED. */
zq_rc zq_backoff_wait(zq_backoff *backoff, zq_err *err);

#endif
