#include "app/app.h"

#include "base/clock.h"

zq_rc zq_app_leave_figures(const zq_app *app, zq_rc result, zq_err *err)
{
    const char *path = zq_settings_text(app->settings, ZQ_SET_METRICS);
    const zq_metrics metrics = {
        .program = app->program->name,
        .command = app->command->name,
        .database = zq_settings_text(app->settings, ZQ_SET_DATABASE),
        .figures = &app->figures,
        .result = result,
        .seconds = (double)(zq_now_ms() - app->begun_ms) / 1000,
    };

    if (path == NULL || zq_settings_flag(app->settings, ZQ_SET_DRY_RUN))
        return ZQ_OK;
    return zq_metrics_write(&metrics, path, app->arena, err);
}
