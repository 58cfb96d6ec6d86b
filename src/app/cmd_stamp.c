#include "app/commands.h"
#include "app/migrate.h"

#include <jansson.h>

/* What the revision says its schema is: nobody looks whether it is. */
static zq_rc stamp(zq_migration *m, size_t to, zq_err *err)
{
    const zq_revision *r = zq_chain_at(&m->chain, to);

    if (!m->record.has_history)
        ZQ_TRY(zq_migration_make_meta(m, err));
    return zq_record_write(m->db, &m->chain, to, "stamp", r == NULL ? NULL : r->schema_id,
                           ZQ_VERSION, err);
}

static zq_rc print_json(const zq_migration *m, const char *name, bool dry, zq_err *err)
{
    if (!zq_settings_flag(m->app->settings, ZQ_SET_JSON))
        return ZQ_OK;
    return zq_out_json(
        json_pack("{s:s, s:s, s:b}", "database", m->database, "revision", name, "dry_run", dry),
        err);
}

zq_rc zq_cmd_stamp(zq_app *app, zq_err *err)
{
    ZQ_AUTO_MIGRATION(m);
    const char *name;
    size_t to;

    ZQ_TRY(zq_migration_open(app, &m, err));
    ZQ_TRY(zq_migration_connect(&m, err));
    if (!m.record.database_exists)
        return zq_migration_need_record(&m, err);
    ZQ_TRY(zq_chain_resolve(&m.chain, app->argv[0], m.position, &to, err));
    name = zq_chain_name(&m.chain, to);
    if (zq_settings_flag(app->settings, ZQ_SET_DRY_RUN)) {
        zq_say(app, "database '%s' would be recorded as revision %s", m.database, name);
        return print_json(&m, name, true, err);
    }
    ZQ_TRY(zq_migration_lock(&m, err));
    ZQ_TRY(stamp(&m, to, err));
    if (m.record.under_way != NULL)
        zq_warn(app, "revision '%s' had been cut short; what it had done is as it was",
                m.record.under_way);
    zq_say(app, "database '%s' is recorded as revision %s; nothing else was changed", m.database,
           name);
    return print_json(&m, name, false, err);
}
