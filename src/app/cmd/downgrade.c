#include "app/cmd/commands.h"
#include "app/migrate.h"

zq_rc zq_cmd_downgrade(zq_app *app, zq_err *err)
{
    ZQ_AUTO_MIGRATION(m);

    ZQ_TRY(zq_migration_open(app, &m, err));
    if (zq_settings_flag(app->settings, ZQ_SET_SQL))
        return zq_migration_script(&m, app->argv[0], ZQ_DOWN, err);
    ZQ_TRY(zq_migration_connect(&m, err));
    ZQ_TRY(zq_migration_need_record(&m, err));
    return zq_migration_run(&m, app->argv[0], ZQ_DOWN, err);
}
