#include "app/cmd/commands.h"
#include "app/migrate.h"

zq_rc zq_cmd_upgrade(zq_app *app, zq_err *err)
{
    ZQ_AUTO_MIGRATION(m);
    const char *words = app->argc > 0 ? app->argv[0] : NULL;

    ZQ_TRY(zq_migration_open(app, &m, err));
    if (zq_settings_flag(app->settings, ZQ_SET_SQL))
        return zq_migration_script(&m, words, ZQ_UP, err);
    ZQ_TRY(zq_migration_connect(&m, err));
    return zq_migration_run(&m, words, ZQ_UP, err);
}
