#include "app/app.h"
#include "app/cmd/commands.h"
#include "app/connect.h"
#include "app/head.h"
#include "app/inspect.h"
#include "app/kept_schema.h"
#include "app/next_step.h"
#include "app/rerun.h"
#include "app/show/differences.h"
#include "app/show/json.h"
#include "base/phrase.h"
#include "base/text.h"
#include "run/journal.h"
#include "run/lease.h"
#include "run/node.h"

#include "release.h"

#include <string.h>

typedef struct report {
    bool connected;
    zq_server server;
    zq_node node;
    zq_state state;
    zq_chain chain;
    const char *const *revisions;
    const char *head;
    const char *message;
    zq_recognition recognition; /* of a database without a record; else without a release */
    const char *holder;         /* who is at work; NULL: nobody */
    zq_journal_progress progress;
    size_t n_statements; /* of the revision that is under way; 0: its file is not known */
    const char *left;    /* that members of families were left; NULL: none are */
    zq_err refusal;      /* why it is not ready, where more is known than its condition */
} report;

/* The words of the application's own start-up check, where it has them. */
static const char *message_of(const zq_app *app, const zq_state *state, const char *database)
{
    if (state->not_a_table != NULL)
        return zq_tr_printf(app->arena, "'%s' is not a table but a %s", state->not_a_table,
                            state->not_a_table_type);
    if (state->condition == ZQ_DB_READY)
        return N_("the database is ready");
    if (state->condition == ZQ_DB_CUT_SHORT)
        return state->at_work ? zq_tr_printf(app->arena, "revision '%s' (%s) is under way",
                                             state->under_way, state->direction)
                              : zq_tr_printf(app->arena, "revision '%s' (%s) was cut short",
                                             state->under_way, state->direction);
    if (state->condition == ZQ_DB_FILE_CHANGED)
        return zq_tr_printf(app->arena, "revision '%s' has changed since it was applied",
                            state->changed_file);
    if (state->condition == ZQ_DB_MISSING)
        return zq_tr_printf(app->arena, "database '%s' does not exist", database);
    if (state->condition == ZQ_DB_LOST)
        return zq_count_said(state->n_missing, N_("%zu table is missing"),
                             N_("%zu tables are missing"), app->arena);
    if (state->condition == ZQ_DB_INCOMPLETE && !state->has_admin)
        return N_("there is no administrator");
    return zq_condition_words(state->condition);
}

static zq_rc recognise(zq_app *app, zq_db *db, const char *database, report *out, zq_err *err)
{
    zq_catalog catalog;
    zq_comparison comparison;

    ZQ_TRY(zq_inspect_compare(app, db, database, NULL, &catalog, &comparison, err));
    ZQ_TRY(zq_inspect_recognise(app, &catalog, &out->recognition, err));
    out->state.schema_id = zq_inspect_schema_id(app, &catalog, &zq_schema_head);
    out->message = zq_tr_printf(app->arena, "no revision is recorded; %s",
                                zq_recognition_words(&out->recognition, app->arena));
    return ZQ_OK;
}

/* Tables of stocks alone, in a form that a fresh install does not go with, are said to be there. */
static zq_rc look_at_members(zq_app *app, zq_db *db, const char *database, report *out, zq_err *err)
{
    zq_rc rc = zq_inspect_members_fit(app, db, database, false, &out->refusal);

    if (rc == ZQ_E_DIFFERS) {
        out->message = out->refusal.message;
        return ZQ_OK;
    }
    if (rc != ZQ_OK)
        *err = out->refusal;
    out->refusal = (zq_err){0};
    return rc;
}

/* By whom, since when, how far. */
static zq_rc read_progress(zq_app *app, zq_db *db, const char *database, report *out, zq_err *err)
{
    const zq_revision *r;
    zq_squash way;

    if (out->state.under_way != NULL) {
        ZQ_TRY(zq_journal_progress_read(db, out->state.under_way, app->arena, &out->progress, err));
        if (zq_chain_find_way(&out->chain, out->state.under_way, &way)) {
            ZQ_TRY(zq_revision_file_complete(way.revision, app->arena, &r, err));
            out->n_statements =
                strcmp(out->state.direction, "up") == 0 ? r->upgrade.n : r->downgrade.n;
        }
    }
    out->holder = out->state.elsewhere;
    if (out->state.at_work && out->holder == NULL)
        out->holder = zq_lease_holder(db, database, app->arena);
    return ZQ_OK;
}

static zq_rc read_report(zq_app *app, report *out, zq_err *err)
{
    ZQ_AUTO(zq_db) db = NULL;
    const char *database = zq_settings_text(app->settings, ZQ_SET_DATABASE);
    const unsigned connect_ms = zq_settings_ms(app->settings, ZQ_SET_CONNECT_TIMEOUT);
    zq_wanted wanted;
    zq_desired desired;
    zq_rc rc;

    ZQ_TRY(zq_head_chain(app, &out->chain, err));
    wanted = zq_head_wanted(app, &out->chain);
    ZQ_TRY(zq_kept_schema_desired(app, &out->chain, &desired, err));
    wanted.schema = desired.schema;
    wanted.own_revisions = !desired.is_newest;
    if (!zq_settings_flag(app->settings, ZQ_SET_NO_ADMIN))
        wanted.admin_role = zq_settings_text(app->settings, ZQ_SET_ADMIN_ROLE);
    if (connect_ms < 2 * ZQ_LEASE_LOOK_MS)
        wanted.look_ms = connect_ms / 2;
    out->revisions = wanted.revisions;
    out->head = zq_chain_name(&out->chain, out->chain.n);
    /* It is a health check, and must end. */
    app->impatient = true;
    ZQ_TRY(zq_connect(app, &db, err));
    out->connected = true;
    out->server = *zq_db_server(db);
    ZQ_TRY(zq_node_read(db, &out->node, err));
    ZQ_TRY(zq_state_read(db, database, &wanted, app->arena, &out->state, err));
    out->message = message_of(app, &out->state, database);
    ZQ_TRY(read_progress(app, db, database, out, err));
    ZQ_TRY(zq_inspect_members_left(app, db, database, out->state.revision, out->state.n_left,
                                   &out->left, err));
    if (out->state.condition == ZQ_DB_READY && out->left != NULL) {
        out->message = out->left;
        zq_inspect_refuse_left(app, out->state.revision, out->left, &out->refusal);
    }
    rc = zq_inspect_refuse_state(app, db, &out->chain, database, &out->state, &out->refusal);
    if (rc != ZQ_OK && rc != ZQ_E_DIFFERS) {
        *err = out->refusal;
        return rc;
    }
    if (out->state.condition == ZQ_DB_EMPTY)
        return look_at_members(app, db, database, out, err);
    return out->state.condition == ZQ_DB_UNRECORDED && out->state.not_a_table == NULL
               ? recognise(app, db, database, out, err)
               : ZQ_OK;
}

/* The revisions after the one that is recorded or recognised; all of them when there is none. */
static const char *const *pending_of(const report *r)
{
    const char *const *next = r->revisions;
    const char *current =
        r->recognition.exact ? r->recognition.release->revision : r->state.revision;

    for (; current != NULL && *next != NULL; next++) {
        if (strcmp(*next, current) == 0)
            return next + 1;
    }
    return r->state.condition == ZQ_DB_NEWER ? next : r->revisions;
}

static void write_progress(zq_buf *out, const report *r)
{
    if (r->holder != NULL)
        zq_text_printf(out, "at work   %s\n", r->holder);
    if (r->progress.since != NULL && r->n_statements == 0)
        zq_text_printf(out, "since     %s, %zu %s done\n", r->progress.since, r->progress.n_done,
                       r->progress.n_done == 1 ? "statement" : "statements");
    else if (r->progress.since != NULL)
        zq_text_printf(out, "since     %s, %zu of %zu statements done\n", r->progress.since,
                       r->progress.n_done, r->n_statements);
}

static json_t *progress_json(const report *r)
{
    if (r->state.under_way == NULL)
        return json_null();
    return json_pack(
        "{s:s, s:s, s:b, s:s?, s:s?, s:I, s:o}", "revision", r->state.under_way, "direction",
        r->state.direction, "at_work", r->state.at_work, "by", r->holder, "since",
        r->progress.since, "done", (json_int_t)r->progress.n_done, "statements",
        r->n_statements == 0 ? json_null() : json_integer((json_int_t)r->n_statements));
}

static zq_rc print_json(const zq_app *app, const report *r, zq_err *err)
{
    const char *const *pending = pending_of(r);
    json_t *server = json_null();

    if (r->connected)
        server = json_pack("{s:s, s:s, s:s?}", "flavor", zq_flavor_name(r->server.flavor),
                           "version", r->server.version_text, "node",
                           r->node.name[0] != '\0' ? r->node.name : NULL);
    return zq_out_json(
        json_pack("{s:b, s:b, s:b, s:o, s:s, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "connected",
                  r->connected, "database_exists", r->state.database_exists, "tables_exist",
                  r->connected && r->state.database_exists && r->state.n_missing == 0,
                  "missing_tables", zq_json_names(r->state.missing, r->state.n_missing), "message",
                  r->message, "revision", zq_json_text(r->state.revision), "head", r->head,
                  "pending", zq_json_names(pending, zq_names_count(pending)), "schema_id",
                  zq_json_text(r->state.schema_id), "server", server, "recognised",
                  zq_recognition_json(&r->recognition, app->arena), "members_left",
                  zq_json_text(r->left), "under_way", progress_json(r)),
        err);
}

static zq_rc print_text(const zq_app *app, const report *r, zq_err *err)
{
    const char *revision =
        r->state.revision != NULL ? zq_head_revision_name(r->state.revision) : "none recorded";
    bool ready =
        r->state.condition == ZQ_DB_READY && r->state.not_a_table == NULL && r->left == NULL;
    const zq_paint paints[] = {
        {"status    ", true, ready ? ZQ_GREEN : ZQ_RED}, {"missing   ", true, ZQ_RED}, {0}};
    ZQ_AUTO_BUF(out);

    zq_text_printf(&out,
                   "database  %s\nserver    %s %s\nnode      %s\nrevision  %s%s%s\nhead      %s%s\n"
                   "tables    %zu of %zu\nstatus    %s\n",
                   zq_settings_text(app->settings, ZQ_SET_DATABASE),
                   zq_flavor_name(r->server.flavor), r->server.version_text, r->node.name, revision,
                   *zq_head_release_of(r->state.revision) ? ", zquant " : "",
                   zq_head_release_of(r->state.revision), r->head,
                   zq_head_in_brackets(app, r->head), r->state.n_present,
                   r->state.n_present + r->state.n_missing, zq_tr(r->message));
    write_progress(&out, r);
    /* A list of everything tells nothing. */
    for (size_t i = 0; r->state.n_present > 0 && i < r->state.n_missing; i++)
        zq_text_printf(&out, "missing   %s\n", r->state.missing[i]);
    zq_differences_text(&out, &r->recognition.comparison,
                        zq_settings_flag(app->settings, ZQ_SET_VERBOSE), app->arena);
    return zq_out_painted(zq_buf_text(&out), paints, err);
}

static zq_rc not_ready(zq_app *app, const report *r, zq_err *err)
{
    if (r->refusal.code != ZQ_OK && r->state.not_a_table == NULL) {
        *err = r->refusal;
        return ZQ_E_DIFFERS;
    }
    zq_fail(err, ZQ_E_DIFFERS, "%s", r->message);
    if (r->state.not_a_table != NULL)
        return zq_err_hint(err, "rename or drop it, then run '%s init'", app->program->name);
    if (r->state.condition == ZQ_DB_OLDER && r->state.at_work)
        return zq_err_hint(err, "another run is at work: wait until it has ended, then look again");
    if (r->state.condition == ZQ_DB_OLDER)
        return zq_err_hint(err, "run '%s'", zq_rerun_other(app, "zquant-migrate upgrade"));
    if (r->recognition.release != NULL)
        return zq_inspect_refuse_unrecorded(app, &r->recognition, err);
    if (r->state.condition == ZQ_DB_NEWER)
        return zq_head_hint_unknown(r->state.unknown, err);
    return zq_err_hint(err, "run '%s init' to make it ready", app->program->name);
}

static void note_figures(zq_app *app, const report *r)
{
    if (!r->connected || !r->state.database_exists)
        return;
    app->figures.revision = r->state.revision == NULL ? "" : r->state.revision;
    app->figures.head = r->head;
    app->figures.pending = (long)zq_names_count(pending_of(r));
    app->figures.members_left = (long)r->state.n_left;
}

typedef struct attempt {
    zq_app *app;
    report *out;
} attempt;

static zq_rc try_to_read(void *context, zq_err *err)
{
    const attempt *a = context;

    *a->out = (report){.message = "", .head = zq_release_head()->revision};
    return read_report(a->app, a->out, err);
}

zq_rc zq_cmd_status(zq_app *app, zq_err *err)
{
    report r;
    zq_err failure = {0};
    zq_rc rc = zq_connect_repeat(app, try_to_read, &(attempt){app, &r}, &failure);

    if (rc != ZQ_OK)
        r.message = failure.message;
    note_figures(app, &r);
    if (zq_settings_flag(app->settings, ZQ_SET_JSON))
        ZQ_TRY(print_json(app, &r, err));
    else if (rc == ZQ_OK)
        ZQ_TRY(print_text(app, &r, err));
    if (r.left != NULL && r.left != r.message)
        zq_inspect_warn_of_left(app, r.state.revision, r.left);
    if (rc != ZQ_OK) {
        /* For a health check every failure is the same answer: not ready. */
        *err = failure;
        zq_next_step(app->program->name, "status", err);
        err->code = ZQ_E_DIFFERS;
        return ZQ_E_DIFFERS;
    }
    return r.state.condition == ZQ_DB_READY && r.state.not_a_table == NULL && r.left == NULL
               ? ZQ_OK
               : not_ready(app, &r, err);
}
