/* One statement over all members of a family, on several connections. */
#ifndef ZQ_RUN_MEMBERS_H
#define ZQ_RUN_MEMBERS_H

#include "model/schema.h"
#include "run/alter.h"
#include "run/runner.h"

/* A step over a family. Which members are done is read from the members themselves: each is as
 * `before`, or as `after`, or left alone. */
typedef struct zq_member_step {
    zq_db *db;            /* works on the members too */
    const char *database; /* its default database; the workers are put there */
    unsigned jobs;
    zq_opener *open; /* may be NULL when jobs is 1 */
    void *open_context;
    const zq_schema *schema; /* says which table is whose member */
    const char *family;      /* "zq_data_tustock_daily_{code}" */
    const char *text;        /* the statement, with {table} and {code} */
    const zq_statement *is;
    const char *where; /* "0003_x.sql:67", for messages */
    const zq_ddl_rules *rules;
    unsigned max_errors; /* stop at the next failure after so many */

    /* How members are before and after, as digests of their definition with name and code written
     * back; NULL when no run has found out yet. */
    const char *before;
    const char *after;
    const char *first; /* the member that went first; NULL: none has */

    /* Called before the first member is changed, without `after`, and once it was, with it. To be
     * written to the journal; texts live as long as the arena. */
    zq_rc (*found_out)(void *context, const char *before, const char *first, const char *after,
                       zq_err *err);
    void *context;
} zq_member_step;

typedef struct zq_member_result {
    size_t n_members;
    size_t n_changed; /* by this run */
    size_t n_done_before;
    size_t n_left;           /* neither as before nor as after */
    const char *const *left; /* the first of them, at most ZQ_MEMBERS_NAMED */
    size_t n_failed;
} zq_member_result;

enum { ZQ_MEMBERS_NAMED = 10 };

/* Change every member that is as `before`. The form that most of a sample have is `before`, unless
 * it is given. One member goes first, alone. Members that appear meanwhile are changed too.
 *
 * Fails with the first failure of a member, and with ZQ_E_INTERRUPTED when the user stopped it;
 * what is done stays done, and the next run goes on. `out` is filled in any case. Results in
 * `arena`. */
zq_rc zq_members_run(const zq_member_step *step, zq_arena *arena, zq_member_result *out,
                     zq_err *err);

/* A member's name and its code, which is a part of it. */
typedef struct zq_member {
    const char *name;
    const char *code;
} zq_member;

/* The members that are there, in the order of their names. In `arena`. */
zq_rc zq_members_list(zq_db *db, const char *database, const zq_schema *schema, const char *family,
                      zq_arena *arena, const zq_member **out, size_t *out_n, zq_err *err);

#endif
