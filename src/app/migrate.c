#include "app/migrate.h"

#include "app/connect.h"
#include "app/inspect.h"
#include "app/wanted.h"
#include "app/watch.h"
#include "diff/plan.h"
#include "run/runner.h"

#include "schema.h"

#include <string.h>

void zq_migration_done(zq_migration *m)
{
    zq_lease_release(m->lease);
    m->lease = NULL;
    if (m->db != NULL)
        zq_db_close(m->db);
    m->db = NULL;
}

zq_rc zq_migration_open(zq_app *app, zq_migration *out, zq_err *err)
{
    zq_migration m = {.app = app, .database = zq_settings_text(app->settings, ZQ_SET_DATABASE)};

    ZQ_TRY(zq_app_chain(app, &m.chain, err));
    *out = m;
    return ZQ_OK;
}

zq_rc zq_migration_read(zq_migration *m, zq_err *err)
{
    m->position = 0;
    ZQ_TRY(zq_record_read(m->db, m->database, m->app->arena, &m->record, err));
    if (zq_record_is_empty(&m->record))
        return ZQ_OK;
    return zq_chain_verify(&m->chain, m->record.applied, m->record.n, &m->position, err);
}

zq_rc zq_migration_connect(zq_migration *m, zq_err *err)
{
    ZQ_TRY(zq_app_connect(m->app, &m->db, err));
    return zq_migration_read(m, err);
}

zq_rc zq_migration_fail_under_way(const zq_migration *m, zq_err *err)
{
    return zq_app_fail_under_way(m->app, &m->chain, m->record.under_way, m->record.direction,
                                 m->record.at_work, err);
}

static zq_rc fail_unrecorded(const zq_migration *m, zq_err *err)
{
    if (m->record.under_way != NULL && !m->record.install_started)
        return zq_migration_fail_under_way(m, err);
    zq_fail(err, ZQ_E_DIFFERS, "database '%s' has no record of a revision", m->database);
    if (m->record.install_started)
        zq_err_hint(err, "an install was cut short: run 'zquant-init' to complete it");
    else
        zq_err_hint(err, "run 'zquant-migrate adopt' when it is a database of zquant, else "
                         "'zquant-init'");
    return ZQ_E_DIFFERS;
}

zq_rc zq_migration_need_record(const zq_migration *m, zq_err *err)
{
    if (!m->record.database_exists)
        return zq_app_fail_missing(m->database, err);
    return zq_record_is_empty(&m->record) ? fail_unrecorded(m, err) : ZQ_OK;
}

zq_rc zq_migration_need_place(const zq_migration *m, zq_err *err)
{
    zq_wanted wanted = zq_app_wanted(m->app, &m->chain);
    zq_state state;

    if (!m->record.database_exists)
        return zq_app_fail_missing(m->database, err);
    if (!zq_record_is_empty(&m->record) ||
        (m->record.under_way != NULL && !m->record.install_started))
        return ZQ_OK;
    ZQ_TRY(zq_state_read(m->db, m->database, &wanted, m->app->arena, &state, err));
    return state.condition == ZQ_DB_EMPTY ? ZQ_OK : fail_unrecorded(m, err);
}

zq_rc zq_migration_need_tables(const zq_migration *m, zq_err *err)
{
    zq_wanted wanted = zq_app_wanted(m->app, &m->chain);
    zq_state state;

    ZQ_TRY(zq_state_read(m->db, m->database, &wanted, m->app->arena, &state, err));
    if (state.condition == ZQ_DB_LOST)
        return zq_app_refuse_lost(m->app, m->database, &state, err);
    if (state.condition == ZQ_DB_CHANGED)
        return zq_app_refuse_changed(m->app, m->db, m->database, &state, err);
    return ZQ_OK;
}

zq_rc zq_migration_lock(zq_migration *m, zq_err *err)
{
    if (m->lease == NULL)
        ZQ_TRY(zq_app_lease_take(m->app, m->db, &m->lease, err));
    return zq_migration_read(m, err);
}

static zq_rc make_tables(zq_migration *m, const zq_schema *schema, zq_err *err)
{
    zq_arena *arena = m->app->arena;
    const zq_schema none = {.tables = schema->tables};
    ZQ_AUTO_SERVER_SINK server = {.db = m->db, .database = m->database, .jobs = 1};
    zq_sink sink = zq_server_sink_of(&server);
    zq_changes changes;
    zq_steps steps;

    ZQ_TRY(zq_diff(schema, &none, arena, &changes, err));
    ZQ_TRY(zq_plan_create(&changes, zq_db_server(m->db)->flavor, arena, &steps, err));
    return zq_run_steps(&steps, &sink, err);
}

zq_rc zq_migration_make_meta(zq_migration *m, zq_err *err)
{
    const zq_table **tables =
        ZQ_NEW_ARRAY(m->app->arena, const zq_table *, zq_schema_head.n_tables);
    zq_schema meta = {.tables = tables};

    for (size_t i = 0; i < zq_schema_head.n_tables; i++) {
        if (zq_table_is_meta(zq_schema_head.tables[i]))
            tables[meta.n_tables++] = zq_schema_head.tables[i];
    }
    return make_tables(m, &meta, err);
}

zq_rc zq_migration_make_tables(zq_migration *m, const zq_schema *schema, const char *const *names,
                               size_t n, zq_err *err)
{
    const zq_table **tables = ZQ_NEW_ARRAY(m->app->arena, const zq_table *, n + 1);
    zq_schema wanted = {.tables = tables, .n_tables = n};

    for (size_t i = 0; i < n; i++)
        tables[i] = zq_schema_table(schema, names[i]);
    return make_tables(m, &wanted, err);
}
