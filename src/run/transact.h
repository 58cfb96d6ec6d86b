/* The one way in which rows of ours are changed: in a transaction that holds only while the lease
 * is ours. */
#ifndef ZQ_RUN_TRANSACT_H
#define ZQ_RUN_TRANSACT_H

#include "run/lease.h"

/* Run `text`, one or more statements, as one transaction in one round trip: all of it, or nothing.
 * Where a lock or another node was in the way, and so nothing has happened, it is tried again.
 * `answers` (may be NULL) and `*out_done` (may be NULL) are of the text's own statements.
 *
 * Fails with ZQ_E_TAKEN when another run has the lease, else as zq_db_run does. */
zq_rc zq_transact(zq_db *db, const zq_lease *lease, const char *text, const zq_arg *args,
                  size_t n_args, const zq_answers *answers, size_t *out_done, zq_err *err);

/* What is sent behind a transaction in the same round trip. The server comes to it only once that
 * is committed. */
typedef struct zq_tail {
    const char *text;
    const zq_answers *answers; /* of its statements */
    size_t n_done;             /* out: of its statements */
    zq_rc rc;                  /* out: what they ended with */
    zq_err err;
} zq_tail;

/* The same with `text` as one statement, and `tail` (may be NULL) behind it; a zeroed one is left
 * as it is where both together are longer than each server takes. What the tail ended with is in
 * it, and does not fail this; but for ZQ_E_LOST and ZQ_E_ANSWER, after which any of it may have
 * run. */
zq_rc zq_transact_then(zq_db *db, const zq_lease *lease, const char *text, zq_tail *tail,
                       zq_err *err);

/* Give what a transaction failed with, over whatever way it was sent: ZQ_E_TAKEN where the fence
 * stopped it. */
zq_rc zq_transact_failed(zq_rc rc, const zq_lease *lease, zq_err *err);

#endif
