/* The roles, permissions and grants that a database shall have: compiled in from seeds/, or read
 * from a directory with the same two files, roles.ini and permissions.ini. docs/seeds.md describes
 * the files. */
#ifndef ZQ_SEED_SEEDS_H
#define ZQ_SEED_SEEDS_H

#include "base/arena.h"
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
    const char *doubt;          /* about who could have written a file (zq_file_warning), or NULL */
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

/* The ones compiled in. Everything in `arena`; this holds for the functions below too. Fails with
 * ZQ_E_DATA only when a build was made from seed files that no test has seen. */
zq_rc zq_seeds_builtin(zq_arena *arena, zq_seeds *out, zq_err *err);

/* What the Python initialiser of zquant 0.2.0 to 0.4.0 wrote: never changes. */
zq_rc zq_seeds_python(zq_arena *arena, zq_seeds *out, zq_err *err);

/* Read roles.ini and permissions.ini in `dir`.
 *
 * Fails with ZQ_E_NOINPUT when a file cannot be read, and with ZQ_E_DATA when there are mistakes:
 * `out_mistakes` (may be NULL) then gets all of them, err->detail as many as it holds. */
zq_rc zq_seeds_load(const char *dir, zq_arena *arena, zq_seeds *out, zq_seed_mistakes *out_mistakes,
                    zq_err *err);

/* The same from texts; the file names are for messages. */
typedef struct zq_seed_text {
    const char *file;
    const char *text;
    size_t length;
} zq_seed_text;
zq_rc zq_seeds_parse(const zq_seed_text *roles, const zq_seed_text *permissions, zq_arena *arena,
                     zq_seeds *out, zq_seed_mistakes *out_mistakes, zq_err *err);

/* The two files as zq_seeds_write writes them: the same bytes for the same seeds, every grant by
 * its own name, quotes only where they are needed. Reading them back gives the same seeds. */
void zq_seeds_text(const zq_seeds *seeds, zq_arena *arena, const char **out_roles,
                   const char **out_permissions);

/* Write roles.ini, permissions.ini and administrators.ini into `dir`, which is made when it is
 * missing. Each is whole or was not touched; files that are there are replaced only with `replace`.
 * The last one is for its owner alone when it holds hashes.
 * Fails with ZQ_E_IO, and with ZQ_E_USAGE when a file is there. */
zq_rc zq_seeds_write(const zq_seeds *seeds, const zq_seed_admins *admins, const char *dir,
                     bool replace, zq_err *err);

/* Read administrators.ini in `dir`; none where it is not there. Fails as zq_seeds_load does, with
 * ZQ_E_DATA also for a hash that zq_hash_check refuses. */
zq_rc zq_seed_admins_load(const char *dir, zq_arena *arena, zq_seed_admins *out, zq_err *err);

/* Fill in the digest of seeds that were put together by other means. */
void zq_seeds_seal(zq_seeds *seeds);

/* Compare names as strcmp does, but as the database's collation sees them: in it names that differ
 * only in the case of ASCII letters, in which emoji they hold, or in spaces at their end are the
 * same. It takes more for the same (e and its accents), which is left to its unique keys. */
int zq_seed_name_cmp(const char *a, const char *b);

#endif
