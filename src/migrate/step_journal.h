/* The rows of the journal that a statement has: what another run left, and what this one writes. */
#ifndef ZQ_MIGRATE_STEP_JOURNAL_H
#define ZQ_MIGRATE_STEP_JOURNAL_H

#include "migrate/walk.h"
#include "run/transact.h"

/* What another run left; what this one writes. */
zq_journal_row zq_step_found(const zq_walk *walk, size_t i);
zq_journal_row zq_step_row(const zq_walk *walk, size_t i, zq_journal_state state);
bool zq_step_text_changed(const zq_walk *walk, size_t i, const zq_journal_row *row);

/* All that waits, and `n` more rows, as one statement; NULL when there is nothing. Whoever sends it
 * empties walk->pending. */
zq_rc zq_step_journal(const zq_walk *walk, const zq_journal_row *rows, size_t n, const char **out,
                      zq_err *err);
zq_rc zq_step_write(const zq_walk *walk, const char *text, zq_err *err);
zq_rc zq_step_flush(zq_walk *walk, const zq_journal_row *row, zq_err *err);

/* Write what waits, and `rows`, over `db`, with `then` (may be NULL) behind it: zq_transact_then.
 */
zq_rc zq_step_flush_then(zq_walk *walk, const zq_journal_row *rows, size_t n, zq_db *db,
                         zq_tail *then, zq_err *err);

/* Let a row go along with whatever is written next. */
zq_rc zq_step_note(zq_walk *walk, const zq_journal_row *row, zq_err *err);

/* Note that the step is done, and count it. The record goes along with whatever is written next;
 * until then its being started, and the tables, tell. */
zq_rc zq_step_note_done(zq_walk *walk, const zq_journal_row *row, zq_err *err);

/* Note that the server refused the statement, which therefore has not happened: somebody has to fix
 * the cause, and may change the table or the statement for that. When this cannot be written
 * either, the next run finds the tables as before, which is as good unless they are changed. */
void zq_step_note_failure(zq_walk *walk, size_t i);
bool zq_step_has_failed(const zq_journal_row *row);

/* Is a statement whose row commits with it to be run? */
zq_rc zq_step_resume_rows(zq_walk *walk, size_t i, bool *out_run, zq_err *err);

#endif
