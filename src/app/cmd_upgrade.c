#include "app/commands.h"
#include "app/migrate.h"

zq_rc zq_cmd_upgrade(zq_app *app, zq_err *err)
{
    ZQ_AUTO_MIGRATION(m);

    ZQ_TRY(zq_migration_open(app, &m, err));
    ZQ_TRY(zq_migration_connect(&m, err));
    return zq_migration_run(&m, app->argc > 0 ? app->argv[0] : NULL, ZQ_UP, err);
}
