/* Make a database ready, whatever was there before: the walk of `zquant-init init`, without a word.
 */
#ifndef ZQ_SEED_READY_H
#define ZQ_SEED_READY_H

#include "run/install.h"
#include "run/lease.h"
#include "run/runner.h"
#include "run/state.h"
#include "seed/merge/rbac_merge.h"
#include "seed/seeds.h"

/* Where the administrator's hash comes from. `ask` (NULL: nothing to ask) is called when there
 * seems to be no administrator, before the lease is taken, so that nobody waits for somebody who
 * types. The hash is begun once it is known that it is needed, before anything is changed, and
 * fetched when the tables are made. `resume`: a run before this one may have been cut short after
 * it had begun one, since our tables are there and no administrator is. `now`: what the database
 * has. In a dry run none of them is called. */
typedef struct zq_hash_source {
    zq_rc (*ask)(void *context, zq_err *err);
    zq_rc (*begin)(void *context, bool resume, const zq_rbac *now, zq_err *err);
    zq_rc (*end)(void *context, const char **out_hash, zq_err *err);
    void *context;
} zq_hash_source;

/* What the caller knows must be there; anything else is refused before it is touched. */
typedef enum zq_expectation {
    ZQ_EXPECT_ANY,
    ZQ_EXPECT_EXISTING, /* a database that was ready once: no table and no administrator is made */
    ZQ_EXPECT_EMPTY,    /* none, or one without our tables */
} zq_expectation;

typedef struct zq_made_table {
    const char *name;
    size_t done;
    size_t total;
    unsigned long long ms; /* that it took */
} zq_made_table;

typedef struct zq_ready_request {
    zq_db *db;       /* without a default database */
    zq_opener *open; /* more connections like it; may be NULL when jobs is 1 */
    void *open_context;
    const char *database;
    zq_wanted wanted; /* seeds_digest and admin_role are filled in from the next two */
    const zq_seeds *seeds;
    const zq_admin_identity *admin;
    bool leave_admin_out;
    zq_expectation expect;
    bool recreate_missing; /* make tables that are gone from a database that had them */
    bool keep_collation;   /* leave the default of a database that exists as it is */
    /* A closer look at what was found, before anything is made. Where it fails with ZQ_E_DIFFERS,
     * the database is refused as what `found` then says. NULL: not asked. */
    zq_rc (*look_closer)(void *context, zq_db *db, zq_state *found, zq_err *err);
    void *look_context;
    zq_hash_source hash;
    /* NULL, or called for each table that was made, which is number `done` of `total`: from any
     * thread, one at a time. */
    void (*made)(void *context, const zq_made_table *made);
    void *made_context;
    zq_history_entry entry;
    unsigned jobs;
    zq_lease_request lease; /* what is above, and `may_make`, is filled in */
    zq_buf *script; /* not NULL: nothing is changed, and what would be done is appended here */
} zq_ready_request;

typedef struct zq_ready_result {
    zq_state found;  /* as it was when nothing had been done */
    bool unexpected; /* refused, because it is not what the request expects */
    bool created_database;
    bool set_collation;    /* of a database that had no table at all; in a dry run: it would be */
    bool cannot_collation; /* the same, but the account may not alter the database */
    size_t n_tables;       /* made */
    bool made_admin;
    zq_rbac_merged rbac; /* what became of roles, permissions and grants; empty when not asked */
} zq_ready_result;

/* Read the state; when something is missing, take the lease, read it again, and do what is left.
 * A ready database costs one round trip and no write. Safe to be killed anywhere and run again.
 *
 * Fails with ZQ_E_DIFFERS, and touches nothing, on a database that is older, newer or unrecorded,
 * that lost tables or has others than recorded, that is not what is expected, or has a view in a
 * table's place, and as look_closer does; `out->found` is filled in then too. Else as the
 * statements fail. Results in `arena`. */
zq_rc zq_make_ready(const zq_ready_request *request, zq_arena *arena, zq_ready_result *out,
                    zq_err *err);

#endif
