#include "app/cmd/commands.h"
#include "app/migrate.h"
#include "app/rerun.h"

#include <jansson.h>

/* What the revision says its schema is: nobody looks whether it is. */
static zq_rc stamp(zq_migration *m, size_t to, zq_err *err)
{
    const zq_revision *r = zq_chain_at(&m->chain, to);

    if (!m->record.has_history)
        ZQ_TRY(zq_migration_make_meta(m, err));
    return zq_record_write(m->db, m->lease, &m->chain, to, "stamp", r == NULL ? NULL : r->schema_id,
                           ZQ_VERSION, err);
}

static zq_rc print_json(const zq_migration *m, const char *name, bool dry, zq_err *err)
{
    return zq_out_json(
        json_pack("{s:s, s:s, s:b}", "database", m->database, "revision", name, "dry_run", dry),
        err);
}

/* The files do not lead to where the database is: with consent, it is recorded elsewhere. */
static zq_rc need_consent(const zq_app *app, const zq_migration *m, const zq_err *trouble,
                          zq_err *err)
{
    const char *target = app->argv[0];

    if (trouble->code == ZQ_OK)
        return ZQ_OK;
    if (target[0] == '+' || target[0] == '-')
        return zq_fail(err, ZQ_E_USAGE, "'%.64s' is counted from where the database is, and %s",
                       target, trouble->message);
    if (zq_settings_flag(app->settings, ZQ_SET_ALLOW_UNKNOWN))
        return ZQ_OK;
    zq_fail(err, ZQ_E_DIFFERS, "%s", trouble->message);
    if (trouble->detail[0] != '\0')
        zq_err_detail(err, "%s", trouble->detail);
    return zq_err_hint(
        err,
        "what revision '%s' did stays in the database: to record another one all the "
        "same, run '%s'",
        zq_migration_recorded(m),
        zq_rerun_other(
            app, zq_arena_printf(app->arena, "zquant-migrate stamp %s --allow-unknown", target)));
}

static void say_done(const zq_migration *m, const char *name, bool dry)
{
    if (dry) {
        zq_say("database '%s' would be recorded as revision %s", m->database, name);
        return;
    }
    if (m->record.under_way != NULL)
        zq_warn("revision '%s' had been cut short; what it had done is as it was",
                m->record.under_way);
    zq_say("database '%s' is recorded as revision %s; nothing else was changed", m->database, name);
}

zq_rc zq_cmd_stamp(zq_app *app, zq_err *err)
{
    ZQ_AUTO_MIGRATION(m);
    bool dry = zq_settings_flag(app->settings, ZQ_SET_DRY_RUN);
    zq_err trouble = {0};
    const char *name;
    size_t to;

    ZQ_TRY(zq_migration_open(app, &m, err));
    ZQ_TRY(zq_migration_connect_anyhow(&m, &trouble, err));
    if (!m.record.database_exists)
        return zq_migration_need_record(&m, err);
    ZQ_TRY(need_consent(app, &m, &trouble, err));
    ZQ_TRY(zq_chain_resolve(&m.chain, app->argv[0], m.position, &to, err));
    name = zq_chain_name(&m.chain, to);
    if (!dry) {
        ZQ_TRY(zq_migration_lock_anyhow(&m, &trouble, err));
        ZQ_TRY(need_consent(app, &m, &trouble, err));
        ZQ_TRY(stamp(&m, to, err));
    }
    say_done(&m, name, dry);
    return print_json(&m, name, dry, err);
}
