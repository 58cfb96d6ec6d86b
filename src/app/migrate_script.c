#include "app/migrate.h"

#include "base/language.h"
#include "migrate/consent.h"
#include "migrate/script.h"

#include "release.h"

#include <string.h>

/* FROM:TO, or TO from base: up that is enough, down it would be a guess. */
static zq_rc find_way(const zq_migration *m, const char *words, zq_direction direction,
                      size_t *out_from, zq_path *out_path, zq_err *err)
{
    size_t to;

    if (direction == ZQ_DOWN && strchr(words, ':') == NULL) {
        zq_fail(err, ZQ_E_USAGE, "'downgrade --sql' needs FROM:TO");
        return zq_err_hint(err, "for example 'zquant-migrate downgrade --sql head:%.64s'", words);
    }
    ZQ_TRY(zq_chain_resolve_range(&m->chain, words, out_from, &to, err));
    return zq_chain_path(&m->chain, *out_from, to, direction, m->app->arena, out_path, err);
}

/* The formats, for one and for several, take the number, file, line and what is done there. */
static void warn_of(const zq_findings *found, zq_finding_kind kind, const char *one,
                    const char *several)
{
    size_t n = zq_findings_count(found, kind), first = 0;

    while (first < found->n && found->items[first].kind != kind)
        first++;
    if (n > 0)
        zq_warn(n == 1 ? one : several, n, found->items[first].file, found->items[first].line,
                found->items[first].what);
}

/* What a script loses or blocks stands in it for people to read, and they shall know. What nobody
 * can know, and what nobody has answered, needs their consent here as it does online. */
static zq_rc check_findings(const zq_migration *m, const zq_path *path, zq_err *err)
{
    const bool allowed[] = {
        [ZQ_FINDS_LOSS] = true,
        [ZQ_FINDS_LOCKING] = true,
        [ZQ_FINDS_UNKNOWN] = zq_settings_flag(m->app->settings, ZQ_SET_ALLOW_UNKNOWN),
        [ZQ_FINDS_UNREVIEWED] = zq_settings_flag(m->app->settings, ZQ_SET_ALLOW_UNREVIEWED),
    };
    zq_step_costs costs;
    const zq_findings *found = &costs.findings;

    zq_forecast_words(path, ZQ_USERS_LANGUAGE, m->app->arena, &costs);
    ZQ_TRY(zq_findings_consent(found, allowed, m->app->arena, err));
    warn_of(found, ZQ_FINDS_LOSS,
            N_("the script loses data in %zu statement; the first, %s:%u, %s"),
            N_("the script loses data in %zu statements; the first, %s:%u, %s"));
    warn_of(found, ZQ_FINDS_LOCKING,
            N_("the script copies a table or blocks writes to it in %zu statement; the first, "
               "%s:%u, %s"),
            N_("the script copies a table or blocks writes to it in %zu statements; the first, "
               "%s:%u, %s"));
    warn_of(found, ZQ_FINDS_UNKNOWN,
            N_("the script does what cannot be known in %zu statement; the first, %s:%u, %s"),
            N_("the script does what cannot be known in %zu statements; the first, %s:%u, %s"));
    return ZQ_OK;
}

zq_rc zq_migration_script(zq_migration *m, const char *words, zq_direction direction, zq_err *err)
{
    const zq_settings *settings = m->app->settings;
    ZQ_AUTO_BUF(out);
    zq_path path;
    zq_script script = {
        .chain = &m->chain,
        .direction = direction,
        .database = m->database,
        .schema = &zq_schema_head,
        .tool_version = ZQ_VERSION,
        .allow_unknown = zq_settings_flag(settings, ZQ_SET_ALLOW_UNKNOWN),
    };

    script.flavor = zq_settings_flavor(settings);
    ZQ_TRY(find_way(m, words != NULL ? words : "head", direction, &script.from, &path, err));
    ZQ_TRY(check_findings(m, &path, err));
    ZQ_TRY(zq_script_write(&script, &path, m->app->arena, &out, err));
    return zq_out_exact(zq_buf_text(&out), err);
}
