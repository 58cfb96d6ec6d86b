#include "app/wanted.h"

#include "app/release.h"
#include "rev/history.h"

#include "schema.h"

zq_rc zq_app_chain(zq_app *app, zq_chain *out, zq_err *err)
{
    return zq_chain_load(zq_settings_text(app->settings, ZQ_SET_DIR), &zq_schema_head, app->arena,
                         out, err);
}

const char *zq_app_release_of(const char *revision)
{
    const zq_release *release = revision != NULL ? zq_app_release_at(revision) : NULL;

    return release != NULL ? release->name : "";
}

const char *zq_app_in_brackets(const zq_app *app, const char *revision)
{
    const char *release = zq_app_release_of(revision);

    return *release == '\0' ? "" : zq_arena_printf(app->arena, " (zquant %s)", release);
}

const char *zq_app_revision_name(const char *recorded)
{
    return *recorded == '\0' ? ZQ_REVISION_BASE : recorded;
}

zq_wanted zq_app_wanted(zq_app *app, const zq_chain *chain)
{
    const char **names = ZQ_NEW_ARRAY(app->arena, const char *, chain->n + 1);

    for (size_t i = 0; i < chain->n; i++)
        names[i] = chain->items[i]->id;
    return (zq_wanted){.schema = &zq_schema_head, .revisions = names};
}

static size_t position_of_release(const zq_chain *chain)
{
    size_t position = 0;

    zq_chain_find(chain, zq_release_head()->revision, &position);
    return position;
}

zq_history_entry zq_app_install_entry(const zq_chain *chain)
{
    return zq_revision_history(chain, position_of_release(chain), "install", ZQ_VERSION);
}

const char *zq_app_own_head(const zq_chain *chain)
{
    return position_of_release(chain) == chain->n ? NULL : zq_chain_name(chain, chain->n);
}

zq_rc zq_app_fail_missing(const char *database, zq_err *err)
{
    zq_fail(err, ZQ_E_DIFFERS, "database '%s' does not exist", database);
    zq_err_hint(err, "run 'zquant-init' to make it");
    return ZQ_E_DIFFERS;
}

void zq_app_hint_unknown(const char *revision, zq_err *err)
{
    zq_err_hint(err,
                "use the build that made revision '%s', or a newer one; if its file is your own, "
                "name the file's folder with --dir",
                revision);
}

const char *zq_app_command(zq_app *app, const char *command)
{
    if (zq_settings_level(app->settings, ZQ_SET_DIR) != ZQ_LEVEL_OPTION)
        return command;
    return zq_arena_printf(app->arena, "%s --dir %s", command,
                           zq_settings_text(app->settings, ZQ_SET_DIR));
}
