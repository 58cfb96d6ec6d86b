#include "app/show/plan.h"
#include "app/cmd/commands.h"

zq_rc zq_cmd_plan(zq_app *app, zq_err *err)
{
    ZQ_AUTO_MIGRATION(m);

    ZQ_TRY(zq_plan_check_words(app, err));
    ZQ_TRY(zq_migration_open(app, &m, err));
    ZQ_TRY(zq_migration_connect(&m, err));
    return zq_migration_plan(&m, app->argc > 0 ? app->argv[0] : NULL, err);
}
