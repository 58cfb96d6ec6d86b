/* Every setting: what it is now, and where that came from. What there is to set: option.h. */
#ifndef ZQ_APP_SETTINGS_SETTINGS_H
#define ZQ_APP_SETTINGS_SETTINGS_H

#include "app/settings/option.h"
#include "app/settings/vault.h"
#include "base/err.h"
#include "db/db.h"

#include <stdbool.h>
#include <stddef.h>

/* All settings, resolved: option, then environment, then .env, then zquant.ini, then ~/.my.cnf's
 * [client] and [zquant], then the default. They live in sodium_malloc memory. */
typedef struct zq_settings zq_settings;

/* Where a value came from, the weakest first. */
typedef enum zq_level {
    ZQ_LEVEL_NONE,
    ZQ_LEVEL_DEFAULT,
    ZQ_LEVEL_MYCNF,
    ZQ_LEVEL_INI,
    ZQ_LEVEL_DOTENV,
    ZQ_LEVEL_ENV,
    ZQ_LEVEL_OPTION,
} zq_level;

/* All that settings are read from. Files that are NULL are not looked for. */
typedef struct zq_settings_input {
    const char *const *options;     /* ZQ_SET_COUNT_ texts from the command line, or NULLs */
    const char *const *environment; /* "NAME=value", ending in NULL */
    const char *dotenv;             /* ".env" */
    const char *ini[3]; /* used in this order when --config and ZQUANT_CONFIG are not set */
    const char *mycnf;  /* "/home/me/.my.cnf" */
} zq_settings_input;

/* Read everything. `*out_settings` is set even on failure, to what had been read so far, because
 * the report of the failure depends on settings too; close it with zq_settings_close in any case.
 *
 * Errors: ZQ_E_USAGE for an option, ZQ_E_CONFIG for anything else with file and line or the
 * variable's name, ZQ_E_NOINPUT for a file that cannot be read. No message holds a secret. */
zq_rc zq_settings_open(const zq_settings_input *input, zq_settings **out_settings, zq_err *err);
void zq_settings_close(zq_settings *settings);
ZQ_AUTO_DEFINE(zq_settings, zq_settings_close);

/* What was odd but no error, as messages, in the order met. With zq_settings_on_warning they go to
 * `warn`: those there are, and at once those that come when a secret's file is read. */
void zq_settings_on_warning(zq_settings *settings, void (*warn)(const char *text));

/* The value as text; NULL when the setting has none. Secrets too: do not print what you get. */
const char *zq_settings_text(const zq_settings *settings, zq_setting which);
long zq_settings_num(const zq_settings *settings, zq_setting which);
bool zq_settings_flag(const zq_settings *settings, zq_setting which);
/* A number of seconds, in milliseconds. */
unsigned zq_settings_ms(const zq_settings *settings, zq_setting which);
/* Which of the option's choices it is, from 0. */
int zq_settings_choice(const zq_settings *settings, zq_setting which);
/* That of --flavor. */
zq_flavor zq_settings_flavor(const zq_settings *settings);

/* Whether a flag of that text is set, where there are no settings yet. */
bool zq_settings_is_yes(const char *text);

/* Where the value came from, for messages: "--port", "DB_PORT", ".env:3", "zquant.ini:7",
 * "default", or "" when the setting has none. */
const char *zq_settings_source(const zq_settings *settings, zq_setting which);
zq_level zq_settings_level(const zq_settings *settings, zq_setting which);

/* A secret (ZQ_SET_PASSWORD, ZQ_SET_ADMIN_PASSWORD, ZQ_SET_ADMIN_PASSWORD_HASH), from its file when
 * it has one; NULL when it is not set. The file is read when it is first asked for, so a command
 * that needs no password needs no file. Errors as zq_vault_read_secret's; ZQ_E_CONFIG when others
 * may read a file that was named on the command line or in a file. */
zq_rc zq_settings_secret(zq_settings *settings, zq_setting which, const char **out_text,
                         zq_err *err);

/* The server's address from all of these, with the password. Texts belong to `settings`.
 *
 * A socket is used when it was set by a stronger source than host and port, or by the same one with
 * the host 'localhost'. Otherwise it is TCP, 'localhost' included, as for the application.
 * A file of certificate authorities without a mode means verify-ca, as for the mysql client. */
zq_rc zq_settings_target(zq_settings *settings, zq_target *out_target, zq_err *err);

/* ---- how the readers of the sources put values in: for sources.c alone ---- */

/* One value as it stood somewhere. */
typedef struct zq_given {
    const zq_option *option;
    const char *text;
    zq_level level;
    const char *source;  /* ".env:3", "DB_PORT", "--port": for `config` */
    const char *subject; /* "DB_PORT", "port": as it is called there */
    bool from_url;       /* a part of a URL: any single setting of the same level overrides it */
} zq_given;

/* Check a value and keep it, unless the setting has one from a stronger source already. */
zq_rc zq_settings_put(zq_settings *settings, const zq_given *given, zq_err *err);

zq_vault *zq_settings_vault(zq_settings *settings);
void zq_settings_warn(zq_settings *settings, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Settings without a value, in a vault of their own. */
zq_settings *zq_settings_new(void);

/* What no source gave gets its default. */
void zq_settings_take_defaults(zq_settings *settings);

#endif
