/* Every setting: what it is, where it may come from, what it is now.
 *
 * One table (settings.c) drives the parser, --help, the environment, .env, zquant.ini, the man
 * pages, the completion and `config`. A new option is one row there. */
#ifndef ZQ_APP_SETTINGS_H
#define ZQ_APP_SETTINGS_H

#include "base/arena.h"
#include "db/db.h"

#include <stdbool.h>

/* clang-format off */
typedef enum zq_setting {
    /* connection */
    ZQ_SET_HOST, ZQ_SET_PORT, ZQ_SET_USER, ZQ_SET_PASSWORD, ZQ_SET_PASSWORD_FILE, ZQ_SET_DATABASE,
    ZQ_SET_CHARSET, ZQ_SET_SOCKET, ZQ_SET_URL, ZQ_SET_TLS, ZQ_SET_TLS_CA, ZQ_SET_TLS_CERT,
    ZQ_SET_TLS_KEY, ZQ_SET_CONNECT_TIMEOUT,
    /* common */
    ZQ_SET_CONFIG, ZQ_SET_WAIT, ZQ_SET_LOCK_TIMEOUT, ZQ_SET_JOBS, ZQ_SET_DRY_RUN, ZQ_SET_JSON,
    ZQ_SET_LOG_FORMAT, ZQ_SET_QUIET, ZQ_SET_VERBOSE, ZQ_SET_NO_COLOR,
    /* init */
    ZQ_SET_SQL, ZQ_SET_FLAVOR, ZQ_SET_UPGRADE, ZQ_SET_SEEDS, ZQ_SET_NO_ADMIN,
    /* administrator */
    ZQ_SET_ADMIN_USERNAME, ZQ_SET_ADMIN_EMAIL, ZQ_SET_ADMIN_ROLE, ZQ_SET_ADMIN_PASSWORD,
    ZQ_SET_ADMIN_PASSWORD_FILE, ZQ_SET_ADMIN_PASSWORD_HASH, ZQ_SET_ADMIN_PASSWORD_HASH_FILE,
    ZQ_SET_ADMIN_PASSWORD_PROMPT, ZQ_SET_ADMIN_PASSWORD_OUT, ZQ_SET_ADMIN_HASH,
    ZQ_SET_COUNT_
} zq_setting;
/* clang-format on */

/* All settings, resolved: option, then environment, then .env, then zquant.ini, then ~/.my.cnf's
 * [client] and [zquant], then the default. Secrets live in sodium_malloc memory. */
typedef struct zq_settings zq_settings;

/* The value as text; NULL when the setting has none. Secrets too: do not print what you get. */
const char *zq_settings_text(const zq_settings *settings, zq_setting which);
long zq_settings_num(const zq_settings *settings, zq_setting which);
bool zq_settings_flag(const zq_settings *settings, zq_setting which);

/* Where the value came from, for messages: "--port", "DB_PORT", ".env:3", "zquant.ini:7",
 * "default". */
const char *zq_settings_source(const zq_settings *settings, zq_setting which);

/* The server's address from all of these. Texts belong to `settings`. */
zq_target zq_settings_target(const zq_settings *settings);

#endif
