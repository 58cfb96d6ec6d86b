/* What a run over revisions is asked for, and a leg of it that is under way: plain data, which the
 * kinds of steps below migrate/step share. */
#ifndef ZQ_MIGRATE_WALK_H
#define ZQ_MIGRATE_WALK_H

#include "rev/chain.h"
#include "rev/kept.h"
#include "run/compare.h"
#include "run/journal.h"
#include "run/members.h"
#include "run/online_ddl.h"
#include "run/runner.h"
#include "run/warnings.h"

typedef struct zq_apply {
    zq_db *db;            /* holds the lease; all that is ours is asked and written over it */
    const char *database; /* its default database, with our zq_meta_* in it */
    unsigned jobs;
    zq_opener *open; /* more connections: for the revisions' own sessions, and for families */
    void *open_context;
    const zq_schema *schema; /* what this build wants: it names the families */
    const zq_known *known;   /* what each release is, to hold the result against */
    size_t n_known;
    zq_online_rules rules;
    unsigned max_errors; /* failed members of a family before a step is stopped */
    void (*left)(void *context, const char *member); /* hears of each that is left; may be NULL */
    void *left_context;
    bool leave_members;       /* record a revision although members are left as they are */
    const char *again;        /* the command to continue with: "zquant-migrate upgrade" */
    const char *resume;       /* the command that shows the ways out: "zquant-migrate resume" */
    const char *leaving;      /* the same with --leave-members */
    const char *fixes;        /* the command that says what fixes members; a release follows it */
    const char *stamp;        /* the command that records the revision that follows it */
    const char *tool_version; /* for the history */
    unsigned long long token; /* for the journal */
} zq_apply;

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
    unsigned long long long_ms; /* when it has taken so long, it ends */
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

/* In the place of a digest that another build made, and that cannot be compared. */
#define ZQ_STEP_BEFORE_UNKNOWN "?"

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
    bool as_found;  /* the database differed from its revision before the leg began */
    bool exact;     /* this run has seen, when the leg began, that all is just as `before` */
    zq_group group; /* that the statement belongs to which is run now, or is run next */
    unsigned long long look_ms; /* what the last look at the tables of groups took */
    size_t sent_end; /* statements before it were sent, the last of them along with others */
    size_t together; /* how many are sent together next */
    zq_member_listing listing; /* of the family that comes next */
    size_t started_end;        /* behind the last statement that the journal has as started */
    size_t family_end;         /* statements before it went through their family together */
    unsigned next_member;      /* number of the next member's row */
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

#endif
