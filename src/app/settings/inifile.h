/* zquant.ini: the values of our sections, each line looked at. */
#ifndef ZQ_APP_SETTINGS_INIFILE_H
#define ZQ_APP_SETTINGS_INIFILE_H

#include "app/settings/option.h"
#include "base/err.h"

#include <stddef.h>

typedef struct zq_inifile_item {
    unsigned line;
    const zq_option *option;
    const char *key; /* as it is written there */
    const char *value;
} zq_inifile_item;

typedef zq_rc zq_inifile_fn(void *context, const zq_inifile_item *item, zq_err *err);

/* A section that is nobody's of ours, in which nothing is looked at; `nearest` is what may have
 * been meant, or NULL. */
typedef void zq_inifile_section_fn(void *context, unsigned line, const char *section,
                                   const char *nearest);

/* Call `on_item` for each key of our sections (zq_option_group_section) and `on_foreign` for each
 * other section. Texts are valid only during the call. Fails with ZQ_E_CONFIG, file and line, for
 * the first line that cannot be read, is too long, stands before any section, or has an unknown key
 * in a section of ours; values are as long as a line may be, and hold " ;" and '#' as they stand
 * there. No message shows a value. */
zq_rc zq_inifile_parse(const char *file, const char *text, size_t length, zq_inifile_fn *on_item,
                       zq_inifile_section_fn *on_foreign, void *context, zq_err *err);

#endif
