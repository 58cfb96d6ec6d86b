/* DDL statements over all members of a family. */
#ifndef ZQ_RUN_MEMBERS_DDL_H
#define ZQ_RUN_MEMBERS_DDL_H

#include "run/journal.h"
#include "run/members.h"
#include "run/transact.h"

/* One statement of the family. */
typedef struct zq_member_ddl {
    const char *text; /* with {table} and {code} */
    const zq_statement *parsed;
    const char *where; /* "0003_x.sql:67", for messages */
    zq_warned *warned;
} zq_member_ddl;

/* A member that is left as it is, and why: "has no column 'a'". */
typedef struct zq_member_left {
    const char *name;
    const char *code;
    size_t statement; /* the first that it could not take */
    const char *why;
    const char *lacks; /* that statement and those after it, as SQL for it, each in a line */
} zq_member_left;

/* Statements that follow each other, each member's one after the other while its table is open.
 * Which of them a member has is read from the member itself, so that no two of the forms between
 * them may be the same: zq_online_direction says of which statements that is sure. */
typedef struct zq_member_step {
    zq_member_walk walk; /* `visit` and `context` are filled in */
    const zq_member_ddl *statements;
    size_t n;                    /* at least 1 */
    const char *const *patterns; /* names of the family's indexes, with "{code}"; ends in NULL */
    const zq_table *family;      /* as it is known to be before; NULL: it is not known */
    /* The family's members, as they were a while ago; asked for where it is not listed. */
    zq_member_listing listing;
    bool together; /* texts of several members may go in one, while they are quick */
    bool resumed;  /* another run was among the members already */

    /* Those that another run left: no others are visited. NULL: all are. */
    const char *const *only;
    size_t n_only;
    /* Why an earlier statement of the revision left the member; NULL: none did. */
    const char *(*left_before)(const void *context, const char *name);

    /* Statements that cannot be read from a member have rows of their own in the journal. `recall`
     * gives what another run left (state NONE: nothing); `note` writes, over the connection that
     * works on the member, and is called by one at a time. `then` is sent behind what it writes,
     * as by zq_transact_then; NULL: nothing is. */
    zq_journal_row (*recall)(const void *context, size_t s, const char *member);
    zq_rc (*note)(void *context, zq_db *db, size_t s, const char *member, const char *before,
                  const char *after, zq_tail *then, zq_err *err);
    /* From here on, members are changed without rows of their own, by several at once. */
    zq_rc (*ready)(void *context, zq_err *err);
    /* Only the member's rows tell whether the statement, which was under way, has happened. */
    zq_rc (*in_doubt)(const void *context, size_t s, const zq_journal_row *row, zq_err *err);
    void *context;
} zq_member_step;

typedef struct zq_member_result {
    size_t n_members;
    size_t n_changed; /* by this run */
    size_t n_done_before;
    size_t n_gone;              /* vanished while the step ran */
    const zq_member_left *left; /* in the order of their names */
    size_t n_left;
    size_t n_failed;
    bool first_refused; /* statement `refused` was refused on the member that went first */
    size_t refused;
} zq_member_result;

/* Run what each member lacks, judged by what the member is: one on which a statement's meaning is
 * done is done, one to which it can be applied gets it, any other is left with what is in the way,
 * and stops nobody. One member goes first, alone, through all statements. Members that appear
 * meanwhile are changed too. A statement that no member takes, nor the family as it is known, is
 * tried on one, for the server's words.
 *
 * Fails as zq_members_walk does; what is done stays done, and the next run continues. `out` is
 * filled in any case. Results in `arena`. */
zq_rc zq_members_ddl_run(const zq_member_step *step, zq_arena *arena, zq_member_result *out,
                         zq_err *err);

#endif
