#include "app/cmd/commands.h"
#include "app/connect.h"
#include "app/migrate.h"
#include "app/rerun.h"
#include "base/phrase.h"
#include "run/lease.h"
#include "run/node.h"

#include <jansson.h>
#include <string.h>

static zq_rc read_row(zq_app *app, zq_db **out_db, zq_lease_row *out, zq_err *err)
{
    const char *database = zq_settings_text(app->settings, ZQ_SET_DATABASE);

    ZQ_TRY(zq_connect(app, out_db, err));
    return zq_lease_read(*out_db, database, app->arena, out, err);
}

/* ---- show ---- */

static zq_rc print_json(const zq_lease_row *row, bool held, bool foreign, bool locked, zq_err *err)
{
    return zq_out_json(json_pack("{s:b, s:b, s:s?, s:s?, s:s?, s:s?, s:I, s:I, s:b}", "held", held,
                                 "of_another_server", foreign, "holder", row->holder, "node",
                                 row->node, "connection", row->connection_id, "since",
                                 row->acquired_time, "token", (json_int_t)row->token, "beat",
                                 (json_int_t)row->beat, "locked_here", locked),
                       err);
}

static zq_rc is_locked_here(zq_db *db, const char *database, zq_arena *arena, bool *out,
                            zq_err *err)
{
    const char *text = zq_arena_printf(arena, "SELECT %s", zq_lease_is_taken(database, arena));
    zq_rows rows;

    ZQ_TRY(zq_db_query(db, text, NULL, 0, "i", arena, &rows, err));
    *out = rows.n > 0 && strcmp(zq_rows_at(&rows, 0, 0), "1") == 0;
    return ZQ_OK;
}

/* Did the row come with a dump, from where it was held? Nobody waits for that. */
static zq_rc is_foreign(zq_db *db, const zq_lease_row *row, bool *out, zq_err *err)
{
    zq_node node;

    *out = false;
    if (row->holder == NULL)
        return ZQ_OK;
    ZQ_TRY(zq_node_read(db, &node, err));
    *out = row->server == NULL || strcmp(row->server, node.server) != 0;
    return ZQ_OK;
}

/* Who is at work, or was. */
static const char *say(const zq_app *app, zq_db *db, const zq_lease_row *row, bool locked,
                       bool foreign, bool gone)
{
    const char *database = zq_settings_text(app->settings, ZQ_SET_DATABASE);
    const char *who = row->holder == NULL ? NULL : zq_lease_say_holder(row->holder, app->arena);

    if (foreign && !locked)
        return zq_tr_printf(app->arena, "nobody is at work; %s was, on the server of a dump", who);
    if (gone)
        return zq_tr_printf(app->arena, "nobody is at work; %s was, and ended without a word", who);
    if (who != NULL && !foreign)
        return zq_tr_printf(app->arena, "%s, connection %s of %s, since %s", who,
                            row->connection_id, row->node, row->acquired_time);
    return locked ? zq_lease_holder(db, database, app->arena) : zq_tr(N_("nobody is at work"));
}

zq_rc zq_cmd_lock_show(zq_app *app, zq_err *err)
{
    const char *database = zq_settings_text(app->settings, ZQ_SET_DATABASE);
    ZQ_AUTO(zq_db) db = NULL;
    zq_lease_row row;
    bool locked, foreign, gone;

    ZQ_TRY(read_row(app, &db, &row, err));
    ZQ_TRY(is_locked_here(db, database, app->arena, &locked, err));
    ZQ_TRY(is_foreign(db, &row, &foreign, err));
    /* On this server, whoever is at work has its named lock. */
    gone = row.holder != NULL && row.here && !locked;
    if (zq_settings_flag(app->settings, ZQ_SET_JSON))
        return print_json(&row, row.holder != NULL && !foreign && !gone, foreign, locked, err);
    return zq_out_printf(err, "%s\n", say(app, db, &row, locked, foreign, gone));
}

/* ---- release ---- */

/* `holder` (NULL: nobody) is who had it. */
static zq_rc print_released(const zq_app *app, const char *holder, bool released, zq_err *err)
{
    return zq_out_json(json_pack("{s:b, s:s?, s:b}", "released", released, "holder", holder,
                                 "dry_run", zq_settings_flag(app->settings, ZQ_SET_DRY_RUN)),
                       err);
}

zq_rc zq_cmd_lock_release(zq_app *app, zq_err *err)
{
    const char *database = zq_settings_text(app->settings, ZQ_SET_DATABASE);
    ZQ_AUTO(zq_db) db = NULL;
    zq_lease_row row;
    bool done;

    ZQ_TRY(read_row(app, &db, &row, err));
    if (row.holder == NULL) {
        zq_say("nobody is at work on database '%s'", database);
        return print_released(app, NULL, false, err);
    }
    if (zq_settings_flag(app->settings, ZQ_SET_DRY_RUN)) {
        zq_say("would take the lock from %s", zq_lease_say_holder(row.holder, app->arena));
        return print_released(app, row.holder, false, err);
    }
    ZQ_TRY(zq_lease_take_away(db, database, row.token, &done, err));
    if (!done) {
        zq_fail(err, ZQ_E_DIFFERS, "another run has taken the lock meanwhile");
        return zq_err_hint(err, "'%s' says who has it now",
                           zq_rerun_other(app, "zquant-migrate lock show"));
    }
    ZQ_TRY(zq_lease_end_holder(db, database, &row, err));
    zq_say("took the lock from %s; should it be alive after all, it stops",
           zq_lease_say_holder(row.holder, app->arena));
    return print_released(app, row.holder, true, err);
}
