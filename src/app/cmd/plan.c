#include "app/cmd/commands.h"
#include "app/show/plan_view.h"

zq_rc zq_cmd_plan(zq_app *app, zq_err *err)
{
    ZQ_AUTO_MIGRATION(m);

    ZQ_TRY(zq_plan_view_check_words(app, err));
    ZQ_TRY(zq_migration_open(app, &m, err));
    ZQ_TRY(zq_migration_connect(&m, err));
    return zq_plan_view_plan(&m, app->argc > 0 ? app->argv[0] : NULL, err);
}
