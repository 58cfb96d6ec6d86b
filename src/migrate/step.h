/* One statement of a leg that is under way (migrate/walk.h): who runs it, by its kind, and what
 * they share. `i` is its number in the section, from 0. Each part is in the file that it names. */
#ifndef ZQ_MIGRATE_STEP_H
#define ZQ_MIGRATE_STEP_H

#include "migrate/walk.h"
#include "run/transact.h"
#include "sql/alter/predict.h"

/* ---- who runs it; effectively once, whatever died before ---- */

/* plain.c: on rows, for the session, or such as may run twice. */
zq_rc zq_step_rows(zq_walk *walk, size_t i, zq_err *err);
zq_rc zq_step_repeat(zq_walk *walk, size_t i, zq_err *err);
zq_rc zq_step_run_session(zq_walk *walk, size_t i, zq_err *err);

/* step_ddl.c: what it changes tells whether it has happened. */
zq_rc zq_step_ddl(zq_walk *walk, size_t i, zq_err *err);

/* How what DDL statement `i` changes is now, beside what the journal says; in words. `*out_fits`: a
 * run can continue with it. */
zq_rc zq_step_found_words(zq_walk *walk, size_t i, const char **out, bool *out_fits, zq_err *err);

/* step_batch.c: in ranges of a key, a transaction for each. */
zq_rc zq_step_batch(zq_walk *walk, size_t i, zq_err *err);

/* Fails with ZQ_E_DIFFERS when a run was cut short among the batches of another statement than the
 * one that the file has as statement `i` now. */
zq_rc zq_step_check_batch(const zq_walk *walk, size_t i, zq_err *err);

/* step_family.c: DDL on the members of a family, which tell whether it has happened. */
zq_rc zq_step_family(zq_walk *walk, size_t i, zq_err *err);

/* step_members.c: rows of members, a transaction for each; DDL on something else for each. */
zq_rc zq_step_members(zq_walk *walk, size_t i, zq_err *err);

/* ---- step_say.c: words: where it stands, what it changes, how to continue when it fails ---- */

/* Does it change this table? With lower_case_table_names, zq_A is zq_a. */
bool zq_step_touches(const zq_statement *statement, const char *table);

/* What a statement changes: its tables, or its other objects. */
const char *const *zq_step_names_of(const zq_statement *parsed, size_t *out_n);

const char *zq_step_excerpt(const zq_rev_statement *statement, zq_arena *arena);   /* in one line */
const char *zq_step_where(const zq_walk *walk, const zq_rev_statement *statement); /* "FILE:LINE" */
const char *zq_step_changes(const zq_statement *parsed, zq_arena *arena);          /* "'a', 'b'" */

/* To tell what the server warns of in statement `i`; the walk has it of the one at hand. */
zq_warned zq_step_warned(const zq_walk *walk, size_t i);

/* The journal and the tables disagree: fails with ZQ_E_DIFFERS, `what` being what it changes. */
zq_rc zq_step_stop(const zq_walk *walk, size_t i, const zq_journal_rule *rule, const char *what,
                   zq_err *err);

/* Put into `err` where in the file it happened, and how to continue. Gives `rc`. */
zq_rc zq_step_fail(const zq_walk *walk, size_t i, zq_rc rc, zq_err *err);

/* ---- step_journal.c: its rows of the journal ---- */

/* What another run left; what this one writes. */
zq_journal_row zq_step_found(const zq_walk *walk, size_t i);
zq_journal_row zq_step_row(const zq_walk *walk, size_t i, zq_journal_state state);
bool zq_step_text_changed(const zq_walk *walk, size_t i, const zq_journal_row *row);

/* Write statements of the journal's own, in one transaction; or forget the row of a step. */
zq_rc zq_step_write(const zq_walk *walk, zq_sql *sql, zq_err *err);
zq_rc zq_step_drop(const zq_walk *walk, unsigned step, zq_err *err);

/* Write what waits, and `row` (may be NULL). */
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

/* ---- step_kept.c: values of the session that outlive their statement ---- */

/* Values of the session that are not known yet. */
typedef struct zq_kept {
    const char **values; /* by the walk's names; NULL: as it was */
    const char *journal; /* statements that keep them; NULL: there is nothing to keep */
} zq_kept;

/* Ask the session what statement `i` left in it. To be written in one transaction with it; then
 * zq_step_kept. Costs nothing when the revision names no value. */
zq_rc zq_step_keep(zq_walk *walk, size_t i, zq_kept *out, zq_err *err);
void zq_step_kept(zq_walk *walk, const zq_kept *kept);

/* Give the session back what statement `i` left in it in another run. */
zq_rc zq_step_give_back(zq_walk *walk, size_t i, zq_err *err);
/* The same with all that is known: after a statement was rolled back. */
zq_rc zq_step_give_back_all(zq_walk *walk, zq_err *err);

/* ---- step_left.c: rows of members, and members that a revision leaves as they are ---- */

/* A member's row in the journal has a key that stands for statement `i`, its number included. */
const char *zq_step_member_key(const zq_walk *walk, size_t i);

/* The row that another run left, in the state NONE when there is none; and one to be written, which
 * has the number of that, or a new one. */
zq_journal_row zq_step_member_found(const zq_walk *walk, const char *key, const char *member);
zq_journal_row zq_step_member_row(zq_walk *walk, const char *key, const char *member,
                                  zq_journal_state state);

/* The members that another run left at the statement with that key. */
const char *const *zq_step_left_found(const zq_walk *walk, const char *key, size_t *out_n);

/* Note for statement `i`, which is done for all others, which members are left; and that those of
 * `before`, which another run had left, are not any more. */
zq_rc zq_step_note_left(zq_walk *walk, size_t i, const char *family, const char *const *before,
                        size_t n_before, zq_err *err);

/* Why the member is left; NULL: it is not. */
const char *zq_step_why_left(const zq_walk *walk, const char *family, const char *member);

/* A member is left; at one statement, or at a further one. */
void zq_step_add_left(zq_walk *walk, const zq_left_member *left);

/* Sort out which of the rows found are of members; before the first statement. */
void zq_step_read_members(zq_walk *walk);

/* Name the members that were left, why, and what they lack. */
void zq_step_say_left(const zq_walk *walk);

/* ---- probe.c: what is asked of a server to learn whether it has happened ---- */

/* One digest of what it changes, as it is now; in the walk's arena. */
zq_rc zq_step_look(const zq_walk *walk, const zq_statement *parsed, const char **out, zq_err *err);

/* The digest of what is not there. */
const char *zq_step_digest_of_none(const zq_statement *parsed, zq_arena *arena);

/* Is the table as the statement leaves it? Looks at the table: for when something is wrong, or
 * another run was cut short, not for each statement. Unknown for all but ALTER TABLE, CREATE INDEX
 * and DROP INDEX. */
zq_done zq_step_is_done(const zq_walk *walk, const zq_online_ddl *ddl);

bool zq_step_drops(const zq_statement *parsed); /* all that it names */

/* How what it changes is, whose digest is `now`, seen from the statement, which is not done. */
zq_tables_now zq_step_compare_begun(const zq_walk *walk, const zq_online_ddl *ddl,
                                    const zq_journal_row *row, const char *now);

/* The server refused statement `i` for this cause: because somebody else did it already? Unknown,
 * and so false, where an earlier statement of the revision touches the table. */
bool zq_step_done_by_another(const zq_walk *walk, size_t i, zq_cause cause);

/* ---- step_commit.c: its row commits with it ---- */

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
