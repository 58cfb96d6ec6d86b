/* Statements whose row of the journal commits with them. */
#ifndef ZQ_MIGRATE_STEP_COMMIT_H
#define ZQ_MIGRATE_STEP_COMMIT_H

#include "migrate/walk.h"

/* One transaction: the statement, its row, and what waits. Tried again when a lock is in the way.
 *
 * `text` is statement `i`, its placeholders put in. One that may commit by itself (CALL) is
 * recognised from what it does: its row as started is the first thing in the transaction, so that
 * it is there exactly when the statement has committed something. Then a failure is ZQ_E_DIFFERS.
 */
zq_rc zq_step_commit(zq_walk *walk, size_t i, const char *text, const zq_journal_row *row,
                     zq_err *err);

/* Does the row say that a statement committed something by itself, and was cut short? */
bool zq_step_is_half_done(const zq_walk *walk, size_t i, const zq_journal_row *row);

/* Fails with ZQ_E_DIFFERS, and says how to continue; `server_words` may be NULL. */
zq_rc zq_step_half_done(const zq_walk *walk, size_t i, const zq_journal_row *row,
                        const char *server_words, zq_err *err);

/* The same of a statement that was under way, where what it changes does not tell whether it has
 * happened. */
zq_rc zq_step_unknown(const zq_walk *walk, size_t i, const zq_statement *parsed,
                      const zq_journal_row *row, zq_err *err);

#endif
