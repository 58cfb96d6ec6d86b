/* How the readers of the sources put values in; for settings.c and sources.c only. Who reads them
 * all is zq_settings_open, in sources.c. */
#ifndef ZQ_APP_SETTINGS_SET_H
#define ZQ_APP_SETTINGS_SET_H

#include "app/secret.h"
#include "app/settings.h"

/* One value as it stood somewhere. */
typedef struct zq_given {
    const zq_option *option;
    const char *text;
    size_t length;
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
