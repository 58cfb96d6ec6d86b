#include "app/settings/inifile.h"

#include "base/ini.h"
#include "base/language.h"

#include <string.h>
#include <strings.h>

typedef struct reader {
    const char *file;
    zq_inifile_fn *on_item;
    zq_inifile_section_fn *on_foreign;
    void *context;
} reader;

/* What other programs call the section of the connection. */
static bool is_connection_elsewhere(const char *section)
{
    static const char *const names[] = {"database", "db", "mysql", "mariadb", "client"};

    for (size_t i = 0; i < ZQ_LEN(names); i++) {
        if (strcasecmp(section, names[i]) == 0)
            return true;
    }
    return false;
}

static void enter_section(const reader *r, const zq_ini_item *item)
{
    zq_nearest nearest = {.word = item->section};

    if (zq_option_section_is_ours(item->section))
        return;
    for (unsigned group = 0; group < ZQ_GROUP_COUNT_; group++)
        zq_nearest_try(&nearest, zq_option_group_section(group));
    if (is_connection_elsewhere(item->section))
        nearest.best = zq_option_group_section(ZQ_GROUP_CONNECTION);
    r->on_foreign(r->context, item->line, item->section, nearest.best);
}

static zq_rc fail_no_section(const reader *r, const zq_ini_item *item, zq_err *err)
{
    zq_fail(err, ZQ_E_CONFIG, "%s:%u: '%s' stands before any section", r->file, item->line,
            item->key);
    return zq_err_hint(err,
                       "put a line [connection], [common], [init], [migrate] or [admin] above it");
}

static zq_rc fail_unknown(const reader *r, const zq_ini_item *item, zq_err *err)
{
    zq_nearest nearest = {.word = item->key};
    const char *elsewhere = NULL;

    for (const zq_option *o = zq_options; o->name != NULL; o++) {
        const char *section = zq_option_group_section(o->group);

        if (o->key == NULL)
            continue;
        if (strcmp(section, item->section) == 0)
            zq_nearest_try(&nearest, o->key);
        else if (zq_option_by_key(section, item->key) == o)
            elsewhere = section;
    }
    zq_fail(err, ZQ_E_CONFIG, "%s:%u: unknown key '%s' in [%s]", r->file, item->line, item->key,
            item->section);
    if (elsewhere != NULL)
        return zq_err_hint(err, "'%s' belongs into [%s]", item->key, elsewhere);
    if (nearest.best != NULL)
        return zq_err_hint(err, "did you mean '%s'?", nearest.best);
    return zq_err_hint(err,
                       "'config' lists the settings, and zquant.ini of the source has all keys");
}

static zq_rc take(void *context, const zq_ini_item *item, zq_err *err)
{
    const reader *r = context;
    bool ours = zq_option_section_is_ours(item->section);
    zq_inifile_item found = {.line = item->line, .key = item->key, .value = item->value};

    switch (item->kind) {
    case ZQ_INI_SECTION:
        enter_section(r, item);
        return ZQ_OK;
    case ZQ_INI_MISTAKE:
        return zq_fail(err, ZQ_E_CONFIG, "%s:%u: %s", r->file, item->line, zq_tr(item->value));
    case ZQ_INI_MORE:
        if (!ours)
            return ZQ_OK;
        zq_fail(err, ZQ_E_CONFIG, "%s:%u: an indented line would continue '%s', which has one line",
                r->file, item->line, item->key);
        return zq_err_hint(err, "begin the line as far left as the one of '%s'", item->key);
    case ZQ_INI_VALUE:
        break;
    }
    if (*item->section == '\0')
        return fail_no_section(r, item, err);
    if (!ours)
        return ZQ_OK;
    found.option = zq_option_by_key(item->section, item->key);
    return found.option == NULL ? fail_unknown(r, item, err) : r->on_item(r->context, &found, err);
}

zq_rc zq_inifile_parse(const char *file, const char *text, size_t length, zq_inifile_fn *on_item,
                       zq_inifile_section_fn *on_foreign, void *context, zq_err *err)
{
    reader r = {.file = file, .on_item = on_item, .on_foreign = on_foreign, .context = context};

    return zq_ini_parse(text, length, take, &r, err);
}
