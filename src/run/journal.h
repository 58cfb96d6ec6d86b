/* zq_meta_journal: the steps of a revision that is under way. docs/journal.md says why, and
 * run/journal_rule.h what follows from it. Statements only; the caller sends them. */
#ifndef ZQ_RUN_JOURNAL_H
#define ZQ_RUN_JOURNAL_H

#include "base/digest.h"
#include "db/db.h"
#include "run/book.h"
#include "run/journal_rule.h"
#include "sql/sql.h"

/* What is under way: a revision, and which way. */
typedef struct zq_journal {
    const char *revision;
    const char *direction; /* "up" or "down" */
    unsigned long long token;
} zq_journal;

/* One row. Texts are NULL where the row has none. */
typedef struct zq_journal_row {
    unsigned step; /* from 1 */
    zq_journal_state state;
    const char *statement; /* digests, in hexadecimal */
    const char *before;
    const char *after;
    const char *position; /* the last key of a batch, the name of a member, or of the one table */
} zq_journal_row;

typedef struct zq_journal_rows {
    const zq_journal_row *items; /* by step */
    size_t n;
} zq_journal_rows;

/* The rows of what is under way, from the connection's default database. In `arena`. */
zq_rc zq_journal_read(zq_db *db, const zq_journal *journal, zq_arena *arena, zq_journal_rows *out,
                      zq_err *err);

/* Since when the revision is under way, as the server's clock has it, and how many of its
 * statements are done. In `arena`. */
typedef struct zq_journal_progress {
    const char *since; /* NULL: it has no row any more */
    size_t n_done;
} zq_journal_progress;
zq_rc zq_journal_progress_read(zq_db *db, const char *revision, zq_arena *arena,
                               zq_journal_progress *out, zq_err *err);

/* The row of a step; one in the state NONE when there is none. */
zq_journal_row zq_journal_row_of(const zq_journal_rows *rows, unsigned step);

bool zq_journal_is_member(const zq_journal_row *row);

/* Append one statement that writes these rows, new or not; n is at least 1. It does the same in
 * every session, whatever a revision has SET in it: rows of a revision and this commit together. */
void zq_journal_write(zq_sql *sql, const zq_journal *journal, const zq_journal_row *rows, size_t n);

/* The same of one row that must be new: else it fails with ZQ_CAUSE_DUPLICATE_ROW, because
 * another run has written it meanwhile. */
void zq_journal_add(zq_sql *sql, const zq_journal *journal, const zq_journal_row *row);

/* Append one statement that forgets that the steps from `first` to `last` were started, but for
 * those that have no digest of before. */
void zq_journal_forget(zq_sql *sql, const zq_journal *journal, unsigned first, unsigned last);

/* Append one statement that forgets one step. */
void zq_journal_drop(zq_sql *sql, const zq_journal *journal, unsigned step);

/* Append one statement that forgets all about the revision, and which members were left before. */
void zq_journal_clear(zq_sql *sql, const char *revision);

/* What a statement is that forgets all that is under way. */
#define ZQ_JOURNAL_FORGET_ALL "DELETE FROM " ZQ_BOOK_JOURNAL

/* Append one statement of an offline script (ZQ_JOURNAL_SCRIPT): it begins, or all before `place`
 * is done. */
void zq_journal_script_begin(zq_sql *sql, const zq_journal *journal, const char *place);
void zq_journal_script_at(zq_sql *sql, const char *place);

#endif
