#include "app/cmd/commands.h"
#include "app/migrate.h"

#include <jansson.h>

zq_rc zq_cmd_heads(zq_app *app, zq_err *err)
{
    ZQ_AUTO_MIGRATION(m);
    const zq_revision *head;

    ZQ_TRY(zq_migration_open(app, &m, err));
    head = zq_chain_at(&m.chain, m.chain.n);
    if (zq_settings_flag(app->settings, ZQ_SET_JSON))
        return zq_out_json(json_pack("{s:[{s:s, s:s?, s:s}]}", "heads", "revision", head->id,
                                     "release", head->release, "title", head->title),
                           err);
    return zq_out_printf(err, "%s%s%s: %s\n", head->id, head->release != NULL ? ", zquant " : "",
                         head->release != NULL ? head->release : "", head->title);
}
