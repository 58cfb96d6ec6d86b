/* Roles, permissions and grants as they are in a database. */
#ifndef ZQ_SEED_RBAC_H
#define ZQ_SEED_RBAC_H

#include "db/db.h"
#include "diff/plan.h"
#include "run/state.h"
#include "seed/seeds.h"

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

/* The roles, permissions and grants of a database as seeds, for `seeds export`: names, order and
 * descriptions as they are there. In `arena`; texts stay those of `rbac`. */
void zq_rbac_seeds(const zq_rbac *rbac, zq_arena *arena, zq_seeds *out);

#endif
