#include "app/commands.h"
#include "app/release.h"

#include <jansson.h>

static zq_rc print_release(const zq_app *app, const zq_release *release, zq_err *err)
{
    if (zq_settings_flag(app->settings, ZQ_SET_JSON))
        return zq_out_json(json_pack("{s:s, s:s, s:s}", "revision", release->revision, "release",
                                     release->name, "schema_id", release->id),
                           err);
    return zq_out_str(zq_arena_printf(app->arena,
                                      "revision   %s\nrelease    zquant %s\nschema id  %s\n",
                                      release->revision, release->name, release->id),
                      err);
}

zq_rc zq_cmd_show(zq_app *app, zq_err *err)
{
    const zq_release *release;

    ZQ_TRY(zq_app_release(app->argv[0], &release, err));
    if (zq_settings_flag(app->settings, ZQ_SET_SCHEMA))
        return zq_out_str(release->canonical, err);
    return print_release(app, release, err);
}
