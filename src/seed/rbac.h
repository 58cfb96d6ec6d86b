/* Roles, permissions and grants as they are in a database, and the three-way merge with the seeds:
 * what they say now, what they said when they were last applied, what is there. */
#ifndef ZQ_SEED_RBAC_H
#define ZQ_SEED_RBAC_H

#include "db/db.h"
#include "diff/plan.h"
#include "run/state.h"
#include "seed/seeds.h"

/* ---- what is there ---- */

typedef struct zq_rbac_role {
    long long id;
    const char *name;
    const char *description; /* NULL: none */
    long long n_users;
} zq_rbac_role;

typedef struct zq_rbac_permission {
    long long id;
    const char *name;
    const char *resource;
    const char *action;
    const char *description; /* NULL: none */
} zq_rbac_permission;

typedef struct zq_rbac_grant {
    long long role_id;
    long long permission_id;
} zq_rbac_grant;

/* What was last applied, by one row of zq_meta_seeds: kind 'role', 'permission', 'grant' or
 * 'digest'. */
typedef struct zq_rbac_record {
    const char *kind;
    const char *role;
    const char *permission;
    const char *content;
} zq_rbac_record;

/* A user that matters to the administrator. */
typedef struct zq_rbac_user {
    long long id;
    const char *username;
    const char *email;
    const char *role;
    bool is_active;
} zq_rbac_user;

/* All of it by id. */
typedef struct zq_rbac {
    const zq_rbac_role *roles;
    size_t n_roles;
    const zq_rbac_permission *permissions;
    size_t n_permissions;
    const zq_rbac_grant *grants;
    size_t n_grants;
    const zq_rbac_record
        *records; /* what was last applied of the built-in seeds; none: no record */
    size_t n_records;
    const char *digest; /* of those seeds, applied as a whole; NULL: they were not */
    const zq_rbac_record *folder_records; /* the same of the seeds of a folder */
    size_t n_folder_records;
    const char *folder_digest;
    bool record_is_old;         /* it did not tell the two apart, and is to be written anew */
    const zq_rbac_user *admin;  /* a user with the administrator's role; NULL: there is none */
    const zq_rbac_user *takers; /* users with the administrator's name or e-mail */
    size_t n_takers;
    bool has_bcrypt; /* some user's password is hashed by it; by argon2id, likewise */
    bool has_argon2id;
} zq_rbac;

/* What a fresh database has: nothing. */
extern const zq_rbac zq_rbac_empty;

/* Who the administrator shall be. */
typedef struct zq_admin_identity {
    const char *username;
    const char *email;
    const char *role;
} zq_admin_identity;

/* Are the application's tables of users, roles and permissions all there, to be read? */
bool zq_rbac_has_tables(const zq_state *state);

/* Read what `database` has, in one round trip. One without zq_meta_seeds (the Python initialiser
 * made it) has no record. Everything in `arena`. Its tables must be there: see zq_rbac_has_tables.
 */
zq_rc zq_rbac_read(zq_db *db, const char *database, const zq_admin_identity *admin, zq_arena *arena,
                   zq_rbac *out, zq_err *err);

/* The roles, permissions and grants of a database as seeds, for `seeds export`: names, order and
 * descriptions as they are there. In `arena`; texts stay those of `rbac`. */
void zq_rbac_seeds(const zq_rbac *rbac, zq_arena *arena, zq_seeds *out);

/* ---- the merge ---- */

typedef enum zq_rbac_kind {
    ZQ_RBAC_ROLE,
    ZQ_RBAC_PERMISSION,
    ZQ_RBAC_GRANT,
} zq_rbac_kind;

/* Where an object is: bits. What was last applied of a folder's seeds decides nothing where the
 * built-in ones are merged: it tells who brought it. */
enum {
    ZQ_IN_SEEDS = 1u << 0,
    ZQ_IN_LAST = 1u << 1,
    ZQ_IN_DATABASE = 1u << 2,
    ZQ_IN_FOLDER = 1u << 3,
    ZQ_DECIDES = ZQ_IN_SEEDS | ZQ_IN_LAST | ZQ_IN_DATABASE,
};

/* What is done about an object: code, its name in JSON. */
#define ZQ_VERDICT_LIST(X)                                                    \
    X(NOTHING, "nothing") /* seeds and database agree */                      \
    X(ADD, "add")                                                             \
    X(UPDATE, "update") /* the seeds' words are newer */                      \
    X(REMOVE, "remove")                                                       \
    X(FORGET, "forget")             /* gone from both */                      \
    X(KEEP_ADDED, "keep-added")     /* an operator added it */                \
    X(KEEP_REMOVED, "keep-removed") /* an operator removed it */              \
    X(KEEP_CHANGED, "keep-changed") /* an operator changed its words */       \
    X(KEEP_USED, "keep-used")       /* gone from the seeds, in use */         \
    X(WAIT, "wait")                 /* its role or permission is not there */ \
    X(LEAVE, "leave")               /* not asked for, or reconcile = no */

typedef enum zq_verdict {
#define ZQ_VERDICT_ENUM_(code, name) ZQ_VERDICT_##code,
    ZQ_VERDICT_LIST(ZQ_VERDICT_ENUM_)
#undef ZQ_VERDICT_ENUM_
} zq_verdict;

const char *zq_verdict_name(zq_verdict verdict);

typedef struct zq_rbac_decision {
    zq_rbac_kind kind;
    const char *role;       /* ROLE and GRANT */
    const char *permission; /* PERMISSION and GRANT */
    size_t role_index;      /* which of the ROLE decisions it belongs to, from 0 */
    size_t permission_index;
    unsigned where;
    zq_verdict verdict;
    const char *say; /* a sentence for people; NULL: nothing to say */
} zq_rbac_decision;

/* What zq_rbac_merge gives. Decisions: all roles in the order of the seeds, then those that are
 * only in the database; all permissions likewise; then all grants that are anywhere. */
typedef struct zq_rbac_merged {
    const zq_rbac_decision *decisions;
    size_t n;
    size_t n_roles; /* how many of the decisions are about roles, permissions */
    size_t n_permissions;
    zq_steps steps;   /* none: nothing is to be done, the record included */
    bool taken_over;  /* there was no record, and rows were there: see zq_seeds_python */
    bool differs;     /* the database would still differ from the seeds afterwards */
    size_t n_changes; /* rows to be added, changed and removed, the record left out */
} zq_rbac_merged;

typedef struct zq_rbac_options {
    bool prune;       /* make the database equal to the seeds */
    bool as_operator; /* what is applied stays on record as it was: these are operators' edits */
    const char *role; /* only this role, its grants and the permissions it needs; NULL: all */
    unsigned stage;   /* of the steps */
} zq_rbac_options;

/* Decide what becomes of every role, permission and grant, and give the steps that do it: they
 * change rows, run in order, in one transaction, and hold no secrets. Names and descriptions are
 * bound arguments; tables are those of the default database.
 *
 * Pure; everything in `arena`. Run twice, or by two at once, the steps add nothing twice. Fails
 * with ZQ_E_USAGE when options.role is nowhere. */
zq_rc zq_rbac_merge(const zq_seeds *seeds, const zq_rbac *now, const zq_rbac_options *options,
                    zq_arena *arena, zq_rbac_merged *out, zq_err *err);

#endif
