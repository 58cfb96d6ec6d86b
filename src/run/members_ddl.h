/* DDL statements over all members of a family. */
#ifndef ZQ_RUN_MEMBERS_DDL_H
#define ZQ_RUN_MEMBERS_DDL_H

#include "run/members.h"

/* One statement, and what the journal knows of it: how members are before and after it, as digests
 * of their definition with name and code written back, and the member that went first. NULL: no run
 * has found out yet. */
typedef struct zq_member_ddl {
    const char *text; /* with {table} and {code} */
    const zq_statement *is;
    const char *where; /* "0003_x.sql:67", for messages */
    const char *before;
    const char *after;
    const char *first;
} zq_member_ddl;

/* Statements that follow each other, each member's one after the other while its table is open.
 * Which of them a member has is read from the member itself, so that no two of the forms between
 * them may be the same: zq_ddl_trend says of which statements that is sure. */
typedef struct zq_member_step {
    zq_member_walk walk; /* `visit` and `context` are filled in */
    const zq_member_ddl *statements;
    size_t n; /* at least 1 */

    /* Called before statement `s` is run on its first member, without `after`, and once it was,
     * with it. To be written to the journal; texts live as long as the arena. */
    zq_rc (*found_out)(void *context, size_t s, const char *before, const char *first,
                       const char *after, zq_err *err);
    void *context;
} zq_member_step;

typedef struct zq_member_result {
    size_t n_members;
    size_t n_changed; /* by this run */
    size_t n_done_before;
    size_t n_left;           /* in none of the forms */
    const char *const *left; /* the first of them, at most ZQ_MEMBERS_NAMED */
    size_t n_failed;
    bool first_refused; /* statement `refused` was refused on the member that went first */
    size_t refused;
} zq_member_result;

enum { ZQ_MEMBERS_NAMED = 10 };

/* Run what each member lacks. The form that most of a sample have is `before`, unless it is given.
 * One member goes first, alone, through all statements. Members that appear meanwhile are changed
 * too.
 *
 * Fails as zq_members_walk does; what is done stays done, and the next run goes on. `out` is filled
 * in any case. Results in `arena`. */
zq_rc zq_members_run(const zq_member_step *step, zq_arena *arena, zq_member_result *out,
                     zq_err *err);

#endif
