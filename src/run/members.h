/* The members of a family, and a walk over them on several connections. */
#ifndef ZQ_RUN_MEMBERS_H
#define ZQ_RUN_MEMBERS_H

#include "model/schema.h"
#include "run/online_ddl.h"
#include "run/runner.h"
#include "run/session_lock.h"
#include "sql/sql.h"

/* A member's name and its code, which is a part of it. */
typedef struct zq_member {
    const char *name;
    const char *code;
    const char *other; /* what it is when it is not a table: "view", "sequence"; else NULL */
} zq_member;

/* What is there with a member's name, in the order of the names; but not the application's views
 * over the members, "zq_x_view" and "zq_x_view_part_1". In `arena`. */
zq_rc zq_members_list(zq_db *db, const char *database, const zq_schema *schema, const char *family,
                      zq_arena *arena, zq_member **out, size_t *out_n, zq_err *err);

/* What zq_members_list gives for one family. */
typedef struct zq_member_listing {
    const char *family; /* NULL: of none */
    zq_member *members;
    size_t n;
    bool listed;

    /* A look at what is perhaps its first member, taken with the list. */
    const char *looked_at;  /* its name; NULL: there was none */
    const char *definition; /* NULL: there is no such table */
    size_t length;
    unsigned long long looked_ms; /* zq_now_ms, when it was asked for */
} zq_member_listing;

/* The same for some families in one round trip. */
zq_rc zq_members_list_all(zq_db *db, const char *database, const zq_schema *schema,
                          zq_member_listing *io, size_t n, zq_arena *arena, zq_err *err);

/* The questions of that as text, for whoever sends them along with something: `n` statements, whose
 * rows (ZQ_MEMBERS_COLUMNS) are for zq_members_take, each with the list of its statement; to be
 * ended when all have come. */
#define ZQ_MEMBERS_COLUMNS "tt"
void zq_members_write_lists(zq_sql *sql, const char *database, const zq_member_listing *of,
                            size_t n);
void zq_members_take(zq_member_listing *io, const zq_schema *schema, const zq_row *row,
                     zq_arena *arena);
void zq_members_end_lists(zq_member_listing *io, size_t n);

/* Keep those that have one of `names`, in their order; gives how many. */
size_t zq_members_keep(zq_member *members, size_t n, const char *const *names, size_t n_names);

/* Members that are looked at in one round trip: what one costs is shared, and yet the last of them
 * is seen a moment before it is changed. */
enum { ZQ_MEMBERS_AT_ONCE = 16 };
enum { ZQ_MOST_JOBS = ZQ_MOST_SESSIONS }; /* the first is not a worker */

typedef struct zq_member_walk {
    zq_db *db;      /* works on the members too, but for what `session` does */
    zq_db *session; /* jobs is 1: runs the statements, while `db` looks; NULL: `db` does both */
    const char *database; /* its default database; the workers are put there */
    unsigned jobs;
    zq_opener *open; /* may be NULL when jobs is 1 */
    void *open_context;
    const zq_schema *schema; /* says which table is whose member */
    const char *family;      /* "zq_data_tustock_daily_{code}" */
    const zq_online_rules *rules;
    unsigned max_errors; /* stop at the next failure after so many */
    bool these_only;     /* and not those that appear meanwhile */
    /* Another family, to be listed along with the walk's own at its end; NULL: none. */
    zq_member_listing *next;
    bool together; /* `look` may change those that it looks at: they are for nobody else */

    /* Called once for each member; side by side, when jobs is not 1. `looks` is what `look` gave
     * for a few of them at once, and `at` the member's place among those; NULL when there is no
     * `look`, or it could not see them. It keeps what it needs in the arena.
     *
     * `lists` are of the walk's own family and of `next` (a family NULL: of none): given with the
     * last members, for `look` to take them once nothing is left to be done to any of these; NULL
     * with others. */
    zq_rc (*visit)(void *context, zq_db *db, const zq_member *member, const void *looks, size_t at,
                   zq_err *err);
    const void *(*look)(void *context, zq_db *db, const zq_member *members, size_t n,
                        zq_member_listing *lists, zq_arena *arena);
    void *context;
} zq_member_walk;

typedef struct zq_member_walked {
    size_t n_members;
    size_t n_failed;
} zq_member_walked;

/* Visit `members`, then those that have appeared meanwhile (unless `these_only`), until there are
 * no more.
 *
 * Fails with the first failure of a visit, and with ZQ_E_INTERRUPTED when the user stopped it; what
 * is under way then is finished first. `out` is filled in any case. */
zq_rc zq_members_walk(const zq_member_walk *walk, const zq_member *members, size_t n,
                      zq_arena *arena, zq_member_walked *out, zq_err *err);

#endif
