#include "app/commands.h"
#include "app/migrate.h"

zq_rc zq_cmd_plan(zq_app *app, zq_err *err)
{
    ZQ_AUTO_MIGRATION(m);

    if (zq_settings_flag(app->settings, ZQ_SET_JSON) &&
        zq_settings_flag(app->settings, ZQ_SET_MARKDOWN))
        return zq_fail(err, ZQ_E_USAGE, "--json and --markdown do not go together");
    ZQ_TRY(zq_migration_open(app, &m, err));
    ZQ_TRY(zq_migration_connect(&m, err));
    return zq_migration_plan(&m, app->argc > 0 ? app->argv[0] : NULL, err);
}
