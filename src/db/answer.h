/* Is what a server sends what was asked for? Within src/db only. */
#ifndef ZQ_DB_ANSWER_H
#define ZQ_DB_ANSWER_H

#include "db/row.h"

/* What is being checked; a zeroed one with the first two fields set is ready. */
typedef struct zq_answer_check {
    const zq_answers *answers; /* NULL: anything will do, and is dropped */
    size_t max_bytes;          /* of rows that are passed on */

    size_t n_results; /* that have begun */
    size_t item;      /* the answer of the last of them, and which time it is */
    size_t time;
    size_t n_rows; /* of it */
    size_t bytes;
} zq_answer_check;

/* A zq_raw_fn, for a port: passes on what is as the answers say, and fails with ZQ_E_ANSWER at the
 * first result or row that is not. `context` is a zq_answer_check. */
zq_rc zq_answer_take(void *context, size_t statement, size_t n, const char *const *values,
                     const size_t *lengths, zq_err *err);

/* No more results come after `n_whole`: was the last one of these complete, and, where the run went
 * well (`all`), were there as many as statements? One that an error of the server's cut short is
 * not looked at: an error may come after the columns, or after some rows. */
zq_rc zq_answer_end(const zq_answer_check *check, size_t n_whole, bool all, zq_err *err);

#endif
