/* Database accounts: what each program and the application may do, as GRANT statements. */
#ifndef ZQ_SEED_ACCOUNT_H
#define ZQ_SEED_ACCOUNT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "sql/flavor.h"

typedef enum zq_account_use {
    ZQ_USE_INIT,
    ZQ_USE_MIGRATE,
    ZQ_USE_APPLICATION,
    ZQ_USE_BACKUP,
    ZQ_USE_COUNT_,
} zq_account_use;

typedef struct zq_account {
    const char *user; /* at most 32 characters, on MariaDB 80 */
    const char *host; /* "%": from anywhere */
    bool literal;     /* the server takes '_' and '%' in a GRANT for themselves (partial_revokes) */
    bool ed25519;     /* MariaDB has the plugin that keeps passwords by it */
} zq_account;

/* "zquant-init", and what for, in a few words. */
const char *zq_account_use_name(zq_account_use use);
const char *zq_account_use_words(zq_account_use use);

/* The account's name unless another is wanted: "zquant_init". */
const char *zq_account_use_user(zq_account_use use);

/* "SELECT, INSERT, ...": all that it needs on the database, and nothing that it does not. */
const char *zq_account_privileges(zq_account_use use, zq_flavor flavor, zq_arena *arena);

/* One of them after the other, each with why the application needs it; NULL after the last. */
const char *zq_account_why(zq_flavor flavor, size_t i, const char **out_privilege);

/* "user" or "user@host"; the host is "%" when there is none. Fails with ZQ_E_USAGE. */
zq_rc zq_account_parse(const char *text, zq_arena *arena, zq_account *out, zq_err *err);

/* GRANT ... ON the database TO the account, without a semicolon; for migrations followed by one for
 * the databases of rehearsals; for backups by one for the server as a whole, and on MariaDB one for
 * the table of its routines. Names are quoted, and
 * the database's name stands for itself: in a GRANT, '_' and '%' are wildcards, unless the account
 * says that the server takes them literally. */
zq_rc zq_account_grant_sql(zq_account_use use, zq_flavor flavor, const char *database,
                           const zq_account *account, zq_arena *arena, const char **out_sql,
                           zq_err *err);

/* CREATE USER with a password, in a form that no server writes to a log in clear: MySQL leaves
 * passwords out of its logs, and MariaDB, which does not, is sent the hash: of ed25519 where the
 * account says so, else of mysql_native_password. The '?' is for
 * *out_secret, the password or its hash, of ZQ_ACCOUNT_SECRET_MAX bytes. */
enum { ZQ_ACCOUNT_SECRET_MAX = 256 };
zq_rc zq_account_create_sql(zq_flavor flavor, const zq_account *account, const char *password,
                            zq_arena *arena, const char **out_sql,
                            char out_secret[ZQ_ACCOUNT_SECRET_MAX], zq_err *err);

#endif
