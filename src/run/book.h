/* The book: zq_meta_*, what we remember in a database. Its statements are here, those of the steps
 * under way in run/journal, those of the lease in run/lease; nobody else spells them. Whoever
 * changes a row does so by run/transact. */
#ifndef ZQ_RUN_BOOK_H
#define ZQ_RUN_BOOK_H

#include "db/db.h"
#include "diff/plan.h"
#include "sql/sql.h"

/* ---- names ---- */

#define ZQ_BOOK_HISTORY "zq_meta_history"
#define ZQ_BOOK_JOURNAL "zq_meta_journal"
#define ZQ_BOOK_JOURNAL_ROW /* its columns, in the order in which rows are written */     \
    " (revision, direction, step, state, statement_digest, before_digest, after_digest, " \
    "position, token, started_time, done_time) VALUES "
#define ZQ_BOOK_LEASE "zq_meta_lease"
#define ZQ_BOOK_SEEDS "zq_meta_seeds"

/* ---- version ---- */

/* What our tables are like has a number: the `token` of row 2 of the lease, where no build looks
 * that knows of none. Without that row it is 1, and this build writes none. Whoever changes the
 * tables raises it, and brings older ones up where the lease does that (run/lease.c), in statements
 * that do nothing the second time. */
enum { ZQ_BOOK_VERSION = 1 };

/* Can this build write them? Fails with ZQ_E_DIFFERS when a newer one has brought them up. */
zq_rc zq_book_check_version(const char *database, unsigned long long version, zq_err *err);

/* ---- steps of the journal that stand for something else than a statement; 0: an install ---- */

/* Not a statement's: its row says that the database differed from its revision before the first
 * step, so that it need not be exact after the last. */
#define ZQ_JOURNAL_AS_FOUND 4294967295u

/* Not a statement's, and kept when its revision is recorded: that members were left as they are,
 * `position` of them (zq_apply's leave_members). */
#define ZQ_JOURNAL_LEFT 4294967293u

/* From here on: not a statement's, but a member's, whose rows a statement changed. `position` is
 * its name; the numbers are given in the order in which they came. */
#define ZQ_JOURNAL_MEMBERS 1073741824u

/* Not a statement's: an offline script is under way, or was cut short. `position` is where: "line
 * 12" of the revision's file, before which all is done. */
#define ZQ_JOURNAL_SCRIPT 4294967294u

/* From here on: a value that a statement left in the session, in pieces; `statement` is which one
 * and of what, `position` a piece of it. */
#define ZQ_JOURNAL_KEPT 2147483648u
#define ZQ_JOURNAL_LAST_KEPT 4294967039u

/* ---- reading history and journal ---- */

/* A row of the history. NULL texts are SQL's NULL. */
typedef struct zq_history_row {
    const char *revision;
    const char *operation;
    const char *checksum;
    const char *release;
    const char *title;
    const char *schema_id;
    const char *applied_time;
    const char *applied_by;
    const char *tool_version;
    long long duration_ms; /* -1: not known */
} zq_history_row;

typedef struct zq_book {
    zq_arena *arena;
    zq_history_row *rows; /* oldest first */
    size_t n;
    bool install_started;  /* an install was cut short, or is under way */
    const char *under_way; /* a revision, likewise; NULL: none */
    const char *direction; /* "up" or "down", of that revision */
    size_t n_left;         /* members of families that the recorded revision left as they were */
} zq_book;

/* Append the two statements that ask for them, history first, in the connection's default
 * database. */
void zq_book_ask(zq_sql *sql);
#define ZQ_BOOK_HISTORY_COLUMNS "ttTTTTTTTI"
#define ZQ_BOOK_JOURNAL_COLUMNS "ttiT"

/* Take a row of the first answer, and of the second. Texts are copied into `book->arena`. */
void zq_book_take_history(zq_book *book, const zq_row *row);
void zq_book_take_journal(zq_book *book, const zq_row *row);

/* ---- the history ---- */

/* A new row. NULL texts are SQL's NULL. */
typedef struct zq_history_entry {
    const char *revision;
    const char *operation; /* "install" ... */
    const char *release_name;
    const char *title;
    const char *checksum;
    const char *schema_id;
    const char *tool_version;
    long long duration_ms; /* negative: not known */
} zq_history_entry;

/* The step that adds `entry`, unless the newest row says the same already. In `arena`. */
zq_step zq_history_step(const zq_history_entry *entry, zq_arena *arena);

/* ---- the mark of an install, in the journal ---- */

zq_step zq_book_mark_install(const char *revision, zq_arena *arena);
zq_step zq_book_unmark_install(const char *revision, zq_arena *arena);

/* ---- seeds that were last applied ---- */

#define ZQ_BOOK_ASK_SEEDS_DIGEST "SELECT content FROM " ZQ_BOOK_SEEDS " WHERE kind = 'digest'"
#define ZQ_BOOK_ASK_FOLDER_DIGEST "SELECT content FROM " ZQ_BOOK_SEEDS " WHERE kind = 'dir-digest'"
#define ZQ_BOOK_FORGET_SEEDS "DELETE FROM `" ZQ_BOOK_SEEDS "`"
#define ZQ_BOOK_ADD_SEEDS /* (kind, role, permission, content), ... */ \
    "INSERT INTO `" ZQ_BOOK_SEEDS "` (`kind`, `role_name`, `permission_name`, `content`) VALUES "

#endif
