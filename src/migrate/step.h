/* One statement of a revision, run or found done; what apply.c walks with. */
#ifndef ZQ_MIGRATE_STEP_H
#define ZQ_MIGRATE_STEP_H

#include "migrate/apply.h"
#include "rev/kept.h"
#include "run/journal.h"
#include "run/warnings.h"

enum { ZQ_GROUP_MOST = 32 };

/* DDL statements that follow each other, each on one table and none on that of another: that they
 * are started is written down once for all, before the first is sent, and how their tables became
 * is looked at once, after the last. Or any one statement. */
typedef struct zq_group {
    size_t first;
    size_t at;                         /* the next to be sent */
    size_t end;                        /* behind the last; == first: there is no group */
    const char *before[ZQ_GROUP_MOST]; /* of each, the digest of its tables */
    unsigned long long began_ms;
} zq_group;

/* Rows of the journal that wait for the next round trip. */
typedef struct zq_pending {
    zq_journal_row rows[ZQ_GROUP_MOST + 8];
    size_t n;
} zq_pending;

/* A member of a family that a statement could not be applied to, and that is left as it is; or one
 * that has them all, and still is not as the revision has it. */
typedef struct zq_left_member {
    const char *family;
    const char *name;
    size_t statement;
    const char *where; /* FILE:LINE */
    const char *why;   /* "has no column 'a'" */
    const char *lacks; /* the statements that it does not have, as SQL */
    bool took_all;
} zq_left_member;

/* A leg that is under way. */
typedef struct zq_walk {
    const zq_apply *apply;
    const zq_path *path;
    const zq_leg *leg; /* of the path */
    zq_db *session;    /* the revision's statements run over it, and nothing of ours but the
                          journal's row that commits with them */
    zq_arena *arena;
    zq_journal journal;
    const char **digests;  /* of the leg's statements; NULL: not asked for yet */
    zq_journal_rows found; /* what the journal said when the leg began */
    zq_pending pending;
    bool as_found;        /* the database differed from its revision before the leg began */
    bool exact;           /* this run has seen, when the leg began, that all is just as `before` */
    zq_group group;       /* that the statement belongs to which is run now, or is run next */
    size_t sent_end;      /* statements before it were sent, the last of them along with others */
    size_t together;      /* how many are sent together next; 0: not known yet */
    size_t started_end;   /* behind the last statement that the journal has as started */
    size_t family_end;    /* statements before it went through their family together */
    unsigned next_member; /* number of the next member's row */
    const zq_journal_row **member_rows; /* of those found, by statement and member */
    size_t n_member_rows;
    const zq_schema *before; /* what the schema is known to be before; NULL: it is not known */
    zq_left_member *left;
    size_t n_left;
    unsigned written;          /* the row that was committed last with its statement */
    const zq_kept_name *names; /* of what may be kept of the session */
    const char **known;        /* of each, its value as it is kept; NULL: not yet */
    size_t n_names;
    unsigned next_kept; /* number of the next row of a value; 0: not known yet */
    size_t n_done;      /* statements that are done, by this run or another */
    zq_warned *warned;  /* of the statement at hand */
} zq_walk;

/* Open the session of a leg: `*out_own` is a connection that is closed with the leg, so that what
 * the revision leaves in its session is gone; NULL for a leg that cannot leave anything there,
 * whose session is the run's. Sets walk->session. */
zq_rc zq_step_begin_session(zq_walk *walk, zq_db **out_own, zq_err *err);

/* In the place of a digest that another build made, and that cannot be compared. */
#define ZQ_STEP_BEFORE_UNKNOWN "?"

/* Why the member is left; NULL: it is not. */
const char *zq_step_why_left(const zq_walk *walk, const char *family, const char *member);

/* A member is left; at one statement, or at a further one. */
void zq_step_add_left(zq_walk *walk, const zq_left_member *left);

/* Sort out which of the rows found are of members; before the first statement. */
void zq_step_read_members(zq_walk *walk);

/* Name the members that were left, why, and what they lack. */
void zq_step_say_left(const zq_walk *walk);

/* Run statement `i` of the leg's section, unless it is done. */
zq_rc zq_step_run(zq_walk *walk, size_t i, zq_err *err);

/* To be called when the leg is left because of a failure, the connection being alive: the journal
 * gets all that is known. When that fails, the tables say which statements were started. */
void zq_step_leave(zq_walk *walk);

/* Statements that were only written down as started, by a run that was cut short before it sent
 * them, and those that failed and are gone from the file: `walk->found` loses their rows, so that
 * the file may have others in their place, or none. */
zq_rc zq_step_drop_not_begun(zq_walk *walk, zq_err *err);

/* Put into `err` where in the file it happened, and how to continue. Gives `rc`. */
zq_rc zq_step_fail(const zq_walk *walk, size_t i, zq_rc rc, zq_err *err);

#endif
