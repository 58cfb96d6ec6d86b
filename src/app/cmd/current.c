#include "app/cmd/commands.h"
#include "app/inspect.h"
#include "app/migrate.h"
#include "app/show/json.h"

static zq_rc print_json(const zq_migration *m, zq_err *err)
{
    const zq_revision *now = zq_chain_at(&m->chain, m->position);
    static const zq_history_row nothing = {0};
    const zq_history_row *row = m->record.n > 0 ? &m->record.rows[m->record.n - 1] : &nothing;

    return zq_out_json(json_pack("{s:o, s:o, s:o, s:o, s:b, s:o}", "revision",
                                 zq_json_text(now == NULL ? NULL : now->id), "release",
                                 zq_json_text(row->release), "schema_id",
                                 zq_json_text(row->schema_id), "applied_time",
                                 zq_json_text(row->applied_time), "head",
                                 m->record.n > 0 && m->position == m->chain.n, "under_way",
                                 zq_json_text(m->record.under_way)),
                       err);
}

static zq_rc print_text(const zq_migration *m, zq_err *err)
{
    const zq_revision *now = zq_chain_at(&m->chain, m->position);
    zq_arena *arena = m->app->arena;
    const char *release = now == NULL || now->release == NULL
                              ? ""
                              : zq_arena_printf(arena, ", zquant %s", now->release);

    return zq_out_printf(err, "%s%s%s\n", zq_chain_name(&m->chain, m->position), release,
                         m->position == m->chain.n ? " (head)" : "");
}

static zq_rc warn_of_left(const zq_migration *m, zq_err *err)
{
    const char *left;

    ZQ_TRY(zq_inspect_members_left(m->app, m->db, m->database,
                                   zq_chain_name(&m->chain, m->position), m->record.n_left, &left,
                                   err));
    if (left != NULL)
        zq_inspect_warn_of_left(m->app, zq_chain_name(&m->chain, m->position), left);
    return ZQ_OK;
}

zq_rc zq_cmd_current(zq_app *app, zq_err *err)
{
    ZQ_AUTO_MIGRATION(m);

    ZQ_TRY(zq_migration_open(app, &m, err));
    ZQ_TRY(zq_migration_connect(&m, err));
    if (zq_settings_flag(app->settings, ZQ_SET_JSON))
        ZQ_TRY(print_json(&m, err));
    ZQ_TRY(zq_migration_need_record(&m, err));
    ZQ_TRY(warn_of_left(&m, err));
    if (!zq_settings_flag(app->settings, ZQ_SET_JSON))
        ZQ_TRY(print_text(&m, err));
    return m.record.under_way != NULL && !m.record.install_started
               ? zq_migration_fail_under_way(&m, err)
               : ZQ_OK;
}
