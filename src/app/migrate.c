#include "app/migrate.h"

#include "app/connect.h"
#include "app/events.h"
#include "app/head.h"
#include "app/inspect.h"
#include "diff/diff.h"
#include "diff/plan.h"
#include "run/ahead.h"
#include "run/runner.h"

#include "release.h"

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

    ZQ_TRY(zq_head_chain(app, &m.chain, err));
    *out = m;
    return ZQ_OK;
}

zq_rc zq_migration_open_anyhow(zq_app *app, zq_migration *out, zq_err *err)
{
    zq_err trouble = {0};

    if (zq_migration_open(app, out, &trouble) == ZQ_OK)
        return ZQ_OK;
    if (trouble.code != ZQ_E_DATA && trouble.code != ZQ_E_NOINPUT) {
        *err = trouble;
        return trouble.code;
    }
    zq_warn("%s; the files of --dir are left out", trouble.message);
    *out = (zq_migration){.app = app, .database = zq_settings_text(app->settings, ZQ_SET_DATABASE)};
    return zq_chain_embedded(app->arena, &out->chain, err);
}

static zq_rc fail_unknown(const zq_migration *m, const char *revision, zq_err *err)
{
    zq_fail(err, ZQ_E_DIFFERS, "revision '%.64s' is in database '%s', and is not known here",
            revision, m->database);
    return zq_head_hint_unknown(revision, err);
}

/* Those that a rebase has found in the database, and whose turn has not come. */
static zq_rc find_ahead(zq_migration *m, zq_err *err)
{
    zq_arena *arena = m->app->arena;
    const char *const *revisions = zq_head_wanted(m->app, &m->chain).revisions;
    bool *is_ahead = ZQ_NEW_ARRAY(arena, bool, m->chain.n + 1);
    zq_ahead ahead = {0};

    for (size_t i = 0; i < m->record.n; i++)
        zq_ahead_take(&ahead, revisions, m->record.applied[i].revision,
                      m->record.applied[i].operation, arena);
    if (zq_ahead_unknown(&ahead, revisions) != NULL)
        return fail_unknown(m, zq_ahead_unknown(&ahead, revisions), err);
    for (size_t i = 0; i < m->chain.n; i++)
        is_ahead[i] = zq_ahead_has(&ahead, revisions[i]);
    m->chain.ahead = ahead.n > 0 ? is_ahead : NULL;
    return ZQ_OK;
}

static zq_rc find_place(zq_migration *m, zq_err *err)
{
    m->position = 0;
    m->chain.ahead = NULL;
    if (zq_record_is_empty(&m->record))
        return ZQ_OK;
    ZQ_TRY(zq_chain_verify(&m->chain, m->record.applied, m->record.n, &m->position, err));
    return find_ahead(m, err);
}

/* A node of a cluster that lags behind does not know what another has just done, and one that is
 * not ready says of any database that it is not there: the record is believed only after it has
 * caught up. A session that has the lease does so by itself, but for USE. */
static zq_rc read_record(zq_migration *m, zq_err *err)
{
    bool waited;

    if (m->lease != NULL) {
        ZQ_TRY(zq_record_read(m->db, m->database, m->app->arena, &m->record, err));
        if (m->record.database_exists)
            return ZQ_OK;
    }
    ZQ_TRY(zq_node_catch_up(m->db, &waited, err));
    return zq_record_read(m->db, m->database, m->app->arena, &m->record, err);
}

zq_rc zq_migration_read(zq_migration *m, zq_err *err)
{
    ZQ_TRY(read_record(m, err));
    return find_place(m, err);
}

static zq_rc read_anyhow(zq_migration *m, zq_err *out_trouble, zq_err *err)
{
    *out_trouble = (zq_err){0};
    ZQ_TRY(read_record(m, err));
    if (find_place(m, out_trouble) != ZQ_OK)
        m->position = 0;
    return ZQ_OK;
}

zq_rc zq_migration_connect(zq_migration *m, zq_err *err)
{
    ZQ_TRY(zq_connect(m->app, &m->db, err));
    return zq_migration_read(m, err);
}

zq_rc zq_migration_connect_anyhow(zq_migration *m, zq_err *out_trouble, zq_err *err)
{
    ZQ_TRY(zq_connect(m->app, &m->db, err));
    return read_anyhow(m, out_trouble, err);
}

const char *zq_migration_recorded(const zq_migration *m)
{
    const zq_record *r = &m->record;

    return zq_head_revision_name(r->n == 0 ? "" : r->applied[r->n - 1].revision);
}

zq_rc zq_migration_is_at_work(const zq_migration *m, bool *out, zq_err *err)
{
    const char *who = NULL;

    *out = m->record.at_work;
    if (m->record.under_way == NULL || *out)
        return ZQ_OK;
    ZQ_TRY(zq_lease_elsewhere(m->db, m->database, ZQ_LEASE_LOOK_MS, m->app->arena, &who, err));
    *out = who != NULL;
    return ZQ_OK;
}

zq_rc zq_migration_fail_under_way(const zq_migration *m, zq_err *err)
{
    bool at_work;

    ZQ_TRY(zq_migration_is_at_work(m, &at_work, err));
    return zq_head_fail_under_way(m->app, &m->chain, m->record.under_way, m->record.direction,
                                  at_work, err);
}

static zq_rc fail_unrecorded(const zq_migration *m, zq_err *err)
{
    if (m->record.under_way != NULL && !m->record.install_started)
        return zq_migration_fail_under_way(m, err);
    zq_fail(err, ZQ_E_DIFFERS, "database '%s' has no record of a revision", m->database);
    if (m->record.install_started)
        return zq_err_hint(err, "an install was cut short: run 'zquant-init' to complete it");
    return zq_err_hint(err, "run 'zquant-migrate adopt' when it is a database of zquant, else "
                            "'zquant-init'");
}

zq_rc zq_migration_need_record(const zq_migration *m, zq_err *err)
{
    if (!m->record.database_exists)
        return zq_head_fail_missing(m->database, err);
    return zq_record_is_empty(&m->record) ? fail_unrecorded(m, err) : ZQ_OK;
}

zq_rc zq_migration_need_place(const zq_migration *m, zq_err *err)
{
    zq_wanted wanted = zq_head_wanted(m->app, &m->chain);
    zq_state state;

    if (!m->record.database_exists)
        return zq_head_fail_missing(m->database, err);
    if (!zq_record_is_empty(&m->record) ||
        (m->record.under_way != NULL && !m->record.install_started))
        return ZQ_OK;
    ZQ_TRY(zq_state_read(m->db, m->database, &wanted, m->app->arena, &state, err));
    return state.condition == ZQ_DB_EMPTY ? ZQ_OK : fail_unrecorded(m, err);
}

zq_rc zq_migration_need_tables(const zq_migration *m, zq_err *err)
{
    zq_wanted wanted = zq_head_wanted(m->app, &m->chain);
    zq_state state;

    ZQ_TRY(zq_state_read(m->db, m->database, &wanted, m->app->arena, &state, err));
    return zq_inspect_refuse_state(m->app, m->db, &m->chain, m->database, &state, err);
}

static zq_rc lock(zq_migration *m, zq_err *err)
{
    return m->lease != NULL ? ZQ_OK : zq_events_lease_take(m->app, m->db, true, &m->lease, err);
}

zq_rc zq_migration_lock(zq_migration *m, zq_err *err)
{
    ZQ_TRY(lock(m, err));
    return zq_migration_read(m, err);
}

zq_rc zq_migration_lock_anyhow(zq_migration *m, zq_err *out_trouble, zq_err *err)
{
    ZQ_TRY(lock(m, err));
    return read_anyhow(m, out_trouble, err);
}

static zq_rc make_tables(zq_migration *m, const zq_schema *schema, zq_err *err)
{
    zq_arena *arena = m->app->arena;
    const zq_schema none = {.tables = schema->tables};
    ZQ_AUTO_SERVER_SINK server = {
        .db = m->db, .lease = m->lease, .database = m->database, .jobs = 1};
    zq_sink sink = zq_sink_server_of(&server);
    zq_changes changes;
    zq_steps steps;

    ZQ_TRY(zq_diff(schema, &none, arena, &changes, err));
    ZQ_TRY(zq_plan_create(&changes, zq_db_server(m->db)->flavor, arena, &steps, err));
    return zq_run_steps(&steps, &sink, err);
}

zq_rc zq_migration_make_meta(zq_migration *m, zq_err *err)
{
    zq_schema meta = {0};

    for (size_t i = 0; i < zq_schema_head.n_tables; i++) {
        if (zq_table_is_meta(zq_schema_head.tables[i]))
            zq_schema_add(&meta, zq_schema_head.tables[i], m->app->arena);
    }
    return make_tables(m, &meta, err);
}

zq_rc zq_migration_make_tables(zq_migration *m, const zq_schema *schema, const char *const *names,
                               size_t n, zq_err *err)
{
    zq_schema wanted = {0};

    for (size_t i = 0; i < n; i++)
        zq_schema_add(&wanted, zq_schema_table(schema, names[i]), m->app->arena);
    return make_tables(m, &wanted, err);
}
