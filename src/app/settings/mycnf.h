/* ~/.my.cnf, as the MySQL and MariaDB client programs read option files (mysys/my_default.c). */
#ifndef ZQ_APP_SETTINGS_MYCNF_H
#define ZQ_APP_SETTINGS_MYCNF_H

#include "app/settings/vault.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum { ZQ_MYCNF_LINE_MAX = 4096 };

typedef struct zq_mycnf_item {
    unsigned line;
    const char *group; /* "client"; "" with `include` */
    const char *key;   /* without "loose-"; for an !include line, that word */
    const char *value; /* NULL for a key without '=' */
    bool include;      /* an !include or !includedir line, which is not followed */
} zq_mycnf_item;

typedef zq_rc zq_mycnf_fn(void *context, const zq_mycnf_item *item, zq_err *err);

/* Call `on_item` for each option of every group. Comments begin with '#' or ';' at the start of a
 * line, or with '#' outside of quotes; values may stand in quotes and hold \n \t \r \b \s \\ \' \".
 * Texts are in `vault`. Fails with ZQ_E_CONFIG, file and line, where the client programs do (an
 * option before any group, a group without ']'), and for a line they would cut in two. */
zq_rc zq_mycnf_parse(const char *file, const char *text, size_t length, zq_vault *vault,
                     zq_mycnf_fn *on_item, void *context, zq_err *err);

#endif
