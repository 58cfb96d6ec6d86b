/* What the kinds of steps share; for migrate/step*.c only. */
#ifndef ZQ_MIGRATE_STEP_KIT_H
#define ZQ_MIGRATE_STEP_KIT_H

#include "migrate/step.h"
#include "run/alter.h"
#include "sql/alter/predict.h"

/* How a statement is kept from being lost or run twice. */
typedef enum zq_step_kind {
    ZQ_STEP_TABLES,  /* DDL: the tables tell */
    ZQ_STEP_OBJECTS, /* DDL on triggers, routines, events, accounts ...: they tell */
    ZQ_STEP_ROWS,    /* one transaction with its journal row */
    ZQ_STEP_REPEAT,  /* leaves schema and rows alone: may run twice */
    ZQ_STEP_SESSION, /* lasts as long as the connection: runs every time */
    ZQ_STEP_BATCH,   /* a transaction for each range */
    ZQ_STEP_FAMILY,  /* DDL on members: they tell */
    ZQ_STEP_MEMBERS, /* rows of members: a transaction for each; DDL on something else for each */
} zq_step_kind;

zq_step_kind zq_step_kind_of(const zq_rev_statement *statement);

/* Does it change temporary tables of the section's own, and nothing else? They die with their
 * connection, so it is for the session, whatever its kind. */
bool zq_step_is_temporary(const zq_walk *walk, size_t i);

/* Does it change this table? With lower_case_table_names, zq_A is zq_a. */
bool zq_step_touches(const zq_statement *statement, const char *table);

/* What a statement changes: its tables, or its other objects. */
const char *const *zq_step_names_of(const zq_statement *is, size_t *out_n);

/* ---- words ---- */

const char *zq_step_excerpt(const zq_rev_statement *statement, zq_arena *arena);   /* in one line */
const char *zq_step_where(const zq_walk *walk, const zq_rev_statement *statement); /* "FILE:LINE" */
const char *zq_step_changes(const zq_statement *is, zq_arena *arena); /* "'a', 'b'": names of it */

/* How what DDL statement `i` changes is now, beside what the journal says; in words. `*out_fits`: a
 * run can continue with it. */
zq_rc zq_step_found_words(zq_walk *walk, size_t i, const char **out, bool *out_fits, zq_err *err);

/* To tell what the server warns of in statement `i`; the walk has it of the one at hand. */
zq_warned zq_step_warned(const zq_walk *walk, size_t i);

/* ---- the journal's rows ---- */

/* What another run left; what this one writes. */
zq_journal_row zq_step_found(const zq_walk *walk, size_t i);
zq_journal_row zq_step_row(const zq_walk *walk, size_t i, zq_journal_state state);
bool zq_step_text_changed(const zq_walk *walk, size_t i, const zq_journal_row *row);

/* All that waits, and `row` (may be NULL), as one statement; NULL when there is nothing. Whoever
 * sends it empties walk->pending. */
zq_rc zq_step_journal(const zq_walk *walk, const zq_journal_row *row, const char **out,
                      zq_err *err);
zq_rc zq_step_journal_all(const zq_walk *walk, const zq_journal_row *rows, size_t n,
                          const char **out, zq_err *err);
zq_rc zq_step_write(const zq_walk *walk, const char *text, zq_err *err);
zq_rc zq_step_flush(zq_walk *walk, const zq_journal_row *row, zq_err *err);

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

zq_rc zq_step_stop(const zq_walk *walk, size_t i, const zq_journal_rule *rule, const char *what,
                   zq_err *err);

/* ---- groups: migrate/step_group.c ---- */

/* The group that begins with statement `first`; there is none at the section's end. */
zq_group zq_group_from(const zq_walk *walk, size_t first);

/* How many tables its statements have, and, in `out` (may be NULL), their names in order; none for
 * a statement on other objects. */
size_t zq_group_tables(const zq_walk *walk, const zq_group *group, const char **out);

/* From what a look at these saw, the digest of each statement's tables. In the walk's arena. */
void zq_group_digests(const zq_walk *walk, const zq_group *group, const zq_fingerprint *prints,
                      const char **out);

/* Let walk->group be that of statement `i`, its tables looked at. */
zq_rc zq_group_reach(zq_walk *walk, size_t i, zq_err *err);

/* The row of one of its statements, as started. Where the table tells whether it was, its name
 * stands in it, for a later run (zq_step_drop_not_begun). */
zq_journal_row zq_group_row(const zq_walk *walk, size_t i);

/* What waits, and that all of the group are started, as one statement for the journal. */
zq_rc zq_group_begin(zq_walk *walk, const char **out, zq_err *err);

/* Is `i` its last? It is when the group has taken long. */
bool zq_group_closes(zq_walk *walk, size_t i);

/* Note that those before `end` are done, and the digests of their tables. */
zq_rc zq_group_done(zq_walk *walk, size_t end, const char *const *after, zq_err *err);

/* ---- DDL: what its words mean, migrate/step_meant.c ---- */

/* One digest of what it changes, as it is now; in the walk's arena. */
zq_rc zq_step_look(const zq_walk *walk, const zq_statement *is, const char **out, zq_err *err);

/* The digest of what is not there. */
const char *zq_step_digest_of_none(const zq_statement *is, zq_arena *arena);

/* Is the table as the statement leaves it? Looks at the table: for when something is wrong, or
 * another run was cut short, not for each statement. Unknown for all but ALTER TABLE, CREATE INDEX
 * and DROP INDEX. */
zq_done zq_step_is_done(const zq_walk *walk, const zq_ddl *ddl);

bool zq_step_drops(const zq_statement *is); /* all that it names */

/* How what it changes is, whose digest is `now`, seen from the statement, which is not done. */
zq_tables_now zq_step_compare_begun(const zq_walk *walk, const zq_ddl *ddl,
                                    const zq_journal_row *row, const char *now);

/* The server refused statement `i` for this cause: because somebody else did it already? Unknown,
 * and so false, where an earlier statement of the revision touches the table. */
bool zq_step_done_by_another(const zq_walk *walk, size_t i, zq_cause cause);

/* ---- statements whose row commits with them ---- */

/* Is it to be run? */
zq_rc zq_step_resume_rows(zq_walk *walk, size_t i, bool *out_run, zq_err *err);

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
zq_rc zq_step_not_told(const zq_walk *walk, size_t i, const zq_statement *is,
                       const zq_journal_row *row, zq_err *err);

/* Fails with ZQ_E_DIFFERS when a run was cut short among the batches of another statement than the
 * one that the file has as statement `i` now. */
zq_rc zq_step_check_batch(const zq_walk *walk, size_t i, zq_err *err);

/* ---- members of families: migrate/step_left.c ---- */

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

/* "'a', 'b' and 3 more" */
const char *zq_step_names(const char *const *names, size_t n, zq_arena *arena);

/* ---- values that outlive their statement: migrate/step_kept.c ---- */

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

/* ---- the steps ---- */

zq_rc zq_step_ddl(zq_walk *walk, size_t i, zq_err *err);
zq_rc zq_step_rows(zq_walk *walk, size_t i, zq_err *err);
zq_rc zq_step_repeat(zq_walk *walk, size_t i, zq_err *err);
zq_rc zq_step_session(zq_walk *walk, size_t i, zq_err *err);
zq_rc zq_step_batch(zq_walk *walk, size_t i, zq_err *err);
zq_rc zq_step_family(zq_walk *walk, size_t i, zq_err *err);
zq_rc zq_step_members(zq_walk *walk, size_t i, zq_err *err);

#endif
