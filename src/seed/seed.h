/* Roles, permissions, grants and administrators as data, and the files that they stand in. */
#ifndef ZQ_SEED_SEED_H
#define ZQ_SEED_SEED_H

#include "base/digest.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

/* Characters that the columns take; held against the descriptors by a test. */
enum {
    ZQ_ROLE_NAME_MAX = 50,
    ZQ_PERMISSION_NAME_MAX = 100,
    ZQ_RESOURCE_MAX = 50,
    ZQ_ACTION_MAX = 50,
    ZQ_DESCRIPTION_MAX = 255,
};

typedef struct zq_seed_permission {
    const char *name; /* "user:create" */
    const char *resource;
    const char *action;
    const char *description; /* NULL: none */
    long long id;            /* that it shall have where nobody has it; 0: any */
    const char *file;        /* where it stands */
    unsigned line;
} zq_seed_permission;

typedef struct zq_seed_role {
    const char *name;
    const char *description; /* NULL: none */
    bool reconcile;          /* false: made once, then left to the operators */
    long long id;            /* as a permission's */
    const char *file;
    unsigned line;
} zq_seed_role;

/* One role may do one thing. Wildcards are resolved; the place is that of the name or wildcard. */
typedef struct zq_seed_grant {
    unsigned role;       /* index in zq_seeds.roles */
    unsigned permission; /* index in zq_seeds.permissions */
    const char *file;
    unsigned line;
} zq_seed_grant;

/* In the order of the files, which is the order of the ids in a fresh database; grants by role,
 * then by permission. */
typedef struct zq_seeds {
    const zq_seed_role *roles;
    size_t n_roles;
    const zq_seed_permission *permissions;
    size_t n_permissions;
    const zq_seed_grant *grants;
    size_t n_grants;
    char digest[ZQ_DIGEST_HEX]; /* of what they say, not of how it is written */
    bool from_folder;           /* not the built-in ones */
    const char *doubt; /* about who could have written a file (zq_trust_warning), or NULL */
} zq_seeds;

/* A user with the administrator's role: for `seeds export` and `seeds import`. */
typedef struct zq_seed_admin {
    const char *username;
    const char *email;
    const char *hash; /* of the password; NULL: it is not in the file */
    bool is_active;
} zq_seed_admin;

typedef struct zq_seed_admins {
    const zq_seed_admin *items;
    size_t n;
    const char *doubt; /* as of zq_seeds */
} zq_seed_admins;

typedef struct zq_seed_mistake {
    const char *file;
    unsigned line; /* from 1 */
    const char *words;
    size_t order; /* in which it was found */
} zq_seed_mistake;

/* Sorted by file and line. */
typedef struct zq_seed_mistakes {
    const zq_seed_mistake *items;
    size_t n;
} zq_seed_mistakes;

/* A file; its name is for messages. */
typedef struct zq_seed_text {
    const char *file;
    const char *text;
    size_t length;
} zq_seed_text;

/* Compare names as strcmp does, but as the database's collation sees them: in it names that differ
 * only in the case of ASCII letters, in which emoji they hold, or in spaces at their end are the
 * same. It takes more for the same (e and its accents), which is left to its unique keys. */
int zq_seed_name_cmp(const char *a, const char *b);

#endif
