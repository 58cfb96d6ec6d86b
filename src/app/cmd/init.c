#include "app/admin_secret.h"
#include "app/app.h"
#include "app/child.h"
#include "app/cmd/commands.h"
#include "app/connect.h"
#include "app/events.h"
#include "app/head.h"
#include "app/inspect.h"
#include "app/install_script.h"
#include "app/kept_schema.h"
#include "app/migrate.h"
#include "app/rbac_session.h"
#include "app/rerun.h"
#include "base/language.h"
#include "seed/admin.h"
#include "seed/ready.h"
#include "sql/ddl_write.h"

#include "release.h"

#include <jansson.h>
#include <string.h>

typedef struct init {
    zq_app *app;
    const char *database;
    zq_seeds seeds;
    zq_admin_identity identity;
    zq_chain chain;
    zq_history_entry entry;
    zq_secret *typed;        /* a password from the terminal; NULL: none was asked for */
    zq_admin_secret *secret; /* NULL until it is needed */
    const char *hash;        /* the secret's; NULL until it is there */
    zq_ready_result result;
    bool answer_lost; /* by a try after which it is not known what had happened */
    bool waited;      /* for a run that seemed to be at work */
    bool came_nearer; /* it was recorded or upgraded before it was made ready */
} init;

/* ---- what the library asks for ---- */

static zq_rc hash_ask(void *context, zq_err *err)
{
    init *in = context;

    return in->typed != NULL ? ZQ_OK : zq_admin_secret_ask(in->app, &in->typed, err);
}

static zq_rc hash_begin(void *context, bool resume, const zq_rbac *now, zq_err *err)
{
    init *in = context;

    if (in->secret != NULL)
        return ZQ_OK;
    return zq_admin_secret_begin(in->app, in->typed, resume, now, &in->secret, err);
}

static zq_rc hash_end(void *context, const char **out_hash, zq_err *err)
{
    init *in = context;

    ZQ_TRY(zq_admin_secret_hash(in->secret, &in->hash, err));
    *out_hash = in->hash;
    return ZQ_OK;
}

/* Three connections make the tables of a fresh install as fast as more of them do, and each further
 * one costs a TLS handshake; who asks for more gets more. */
static unsigned jobs_of(const zq_settings *settings)
{
    enum { ENOUGH = 3 };
    unsigned jobs = (unsigned)zq_settings_num(settings, ZQ_SET_JOBS);

    return zq_settings_level(settings, ZQ_SET_JOBS) == ZQ_LEVEL_DEFAULT && jobs > ENOUGH ? ENOUGH
                                                                                         : jobs;
}

/* Those of an older release do not hinder an upgrade from nothing. */
static bool may_upgrade(const init *in)
{
    return zq_settings_flag(in->app->settings, ZQ_SET_UPGRADE) &&
           !zq_settings_flag(in->app->settings, ZQ_SET_DRY_RUN);
}

/* A database at a revision of the user's own is held against the text that is kept beside it. */
static zq_rc look_at_own(const init *in, zq_db *db, zq_state *found, zq_err *err)
{
    zq_wanted wanted = zq_head_wanted(in->app, &in->chain);
    zq_desired desired;
    zq_state state;

    ZQ_TRY(zq_kept_schema_desired(in->app, &in->chain, &desired, err));
    if (desired.schema == wanted.schema)
        return ZQ_OK;
    wanted.schema = desired.schema;
    wanted.own_revisions = !desired.is_newest;
    ZQ_TRY(zq_state_read(db, in->database, &wanted, in->app->arena, &state, err));
    if (state.condition != ZQ_DB_LOST && state.condition != ZQ_DB_CHANGED)
        return ZQ_OK;
    *found = state;
    return ZQ_E_DIFFERS;
}

/* Tables that are to be made anew are not missed before. */
static zq_rc look_closer(void *context, zq_db *db, zq_state *found, zq_err *err)
{
    const init *in = context;

    if (found->condition == ZQ_DB_EMPTY)
        return zq_inspect_members_fit(in->app, db, in->database, may_upgrade(in), err);
    if (!zq_condition_at_head(found->condition) || found->condition == ZQ_DB_LOST)
        return ZQ_OK;
    return look_at_own(in, db, found, err);
}

static zq_expectation expectation(const zq_settings *settings)
{
    /* In the order of its choices. */
    static const zq_expectation meant[] = {ZQ_EXPECT_EXISTING, ZQ_EXPECT_EMPTY, ZQ_EXPECT_ANY};

    return meant[zq_settings_choice(settings, ZQ_SET_EXPECT)];
}

static void say_table(ZQ_UNUSED void *context, const zq_made_table *made)
{
    zq_output_table(made->name, made->done, made->total, made->ms);
}

static zq_ready_request request_of(init *in, zq_db *db, zq_buf *script)
{
    const zq_settings *settings = in->app->settings;

    return (zq_ready_request){
        .db = db,
        .open = zq_connect_open,
        .open_context = in->app,
        .database = in->database,
        .wanted = zq_head_wanted(in->app, &in->chain),
        .seeds = &in->seeds,
        .admin = &in->identity,
        .leave_admin_out = zq_settings_flag(settings, ZQ_SET_NO_ADMIN),
        .expect = expectation(settings),
        .recreate_missing = zq_settings_flag(settings, ZQ_SET_RECREATE_MISSING),
        .keep_collation = zq_settings_flag(settings, ZQ_SET_KEEP_COLLATION),
        .look_closer = look_closer,
        .look_context = in,
        .made = zq_output_has_events() ? say_table : NULL,
        .hash = {.ask = hash_ask, .begin = hash_begin, .end = hash_end, .context = in},
        .entry = in->entry,
        .jobs = jobs_of(settings),
        .lease = zq_events_lease_request(in->app, db),
        .script = script,
    };
}

/* ---- what is said to people ---- */

/* " (zquant 0.3.0)"; "" for any other revision. */
static const char *in_brackets(const zq_app *app, const char *revision)
{
    const char *release = zq_head_release_of(revision);

    return *release == '\0' ? "" : zq_tr_printf(app->arena, " (zquant %s)", release);
}

static zq_rc fail_pending(const init *in, const char *revision, const char *own, zq_err *err)
{
    zq_fail(err, ZQ_E_DIFFERS, "database '%s' is at revision '%s', and '%s' is pending",
            in->database, revision, own);
    return zq_err_hint(err, "run '%s', or this again with --upgrade",
                       zq_rerun_other(in->app, "zquant-migrate upgrade"));
}

static zq_rc explain(init *in, zq_db *db, zq_err *err)
{
    const zq_state *found = &in->result.found;
    const zq_release *head = zq_release_head();
    const char *own = zq_head_own(&in->chain);

    ZQ_TRY(zq_inspect_refuse_state(in->app, db, &in->chain, in->database, found, err));
    if (found->condition == ZQ_DB_OLDER && own != NULL)
        return fail_pending(in, zq_head_revision_name(found->revision), own, err);
    if (found->condition == ZQ_DB_OLDER) {
        zq_fail(err, ZQ_E_DIFFERS,
                "database '%s' is at revision '%s'%s, this build is for '%s' (%s)", in->database,
                zq_head_revision_name(found->revision), in_brackets(in->app, found->revision),
                head->revision, head->name);
        zq_err_hint(err, "run '%s', or this again with --upgrade",
                    zq_rerun_other(in->app, "zquant-migrate upgrade"));
    } else if (found->condition == ZQ_DB_NEWER) {
        zq_fail(err, ZQ_E_DIFFERS,
                "database '%s' is at revision '%s', which this build does not know", in->database,
                found->unknown);
        zq_head_hint_unknown(found->unknown, err);
    }
    return ZQ_E_DIFFERS;
}

/* zquant makes the tables of its stocks without naming a collation, so they get the database's. */
static zq_rc warn_of_collation(const init *in, zq_err *err)
{
    const zq_state *found = &in->result.found;
    ZQ_AUTO_SQL(sql);
    const char *statement;

    if (!found->database_exists || strcmp(found->collation, ZQ_COLLATION) == 0 ||
        in->result.set_collation || zq_settings_flag(in->app->settings, ZQ_SET_KEEP_COLLATION))
        return ZQ_OK;
    zq_ddl_alter_database(&sql, in->database);
    ZQ_TRY(zq_sql_finish(&sql, &statement, err));
    zq_warn(in->result.cannot_collation
                ? N_("database '%s' has the default collation '%s': the tables that zquant makes "
                     "for its stocks get that one, and its queries over them and other tables "
                     "fail with error 1267. This account may not alter it, one that may runs: %s")
                : N_("database '%s' has the default collation '%s': the tables that zquant makes "
                     "for its stocks get that one, and its queries over them and other tables "
                     "fail with error 1267. For tables yet to be made, run: %s"),
            in->database, found->collation, statement);
    return ZQ_OK;
}

static void say_what_was_made(const init *in)
{
    const zq_ready_result *r = &in->result;

    if (r->found.condition == ZQ_DB_HALF_MADE)
        zq_say("an install had been cut short; completed it");
    if (r->created_database)
        zq_say("created database '%s'", in->database);
    if (r->set_collation)
        zq_say("made %s the default collation of database '%s' (was %s)", ZQ_COLLATION,
               in->database, r->found.collation);
    if (r->n_tables > 0)
        zq_say(r->n_tables == 1 ? N_("created %zu table") : N_("created %zu tables"), r->n_tables);
    zq_rbac_session_say_merged(&r->rbac);
    if (r->made_admin) {
        zq_say("created administrator '%s' (%s)", in->identity.username, in->identity.email);
        zq_rbac_session_warn_of_identity(&in->identity);
    }
}

/* Members of families that a revision has left as they were: to be brought along, and until then
 * the database is not ready. */
static zq_rc check_left(const init *in, zq_err *err)
{
    const zq_state *found = &in->result.found;
    ZQ_AUTO(zq_db) db = NULL;
    const char *left;

    if (found->n_left == 0)
        return ZQ_OK;
    ZQ_TRY(zq_connect(in->app, &db, err));
    ZQ_TRY(zq_inspect_members_left(in->app, db, in->database, found->revision, found->n_left, &left,
                                   err));
    return left == NULL ? ZQ_OK : zq_inspect_refuse_left(in->app, found->revision, left, err);
}

static void say_ready(const init *in)
{
    const zq_release *head = zq_release_head();
    const char *own = zq_head_own(&in->chain);
    bool nothing = in->result.found.condition == ZQ_DB_READY && !in->came_nearer;

    zq_say(own != NULL && nothing
               ? N_("database '%s' is ready at revision %s (on top of zquant %s), nothing to do")
           : own != NULL ? N_("database '%s' is ready at revision %s (on top of zquant %s)")
           : nothing     ? N_("database '%s' is ready at revision %s (zquant %s), nothing to do")
                         : N_("database '%s' is ready at revision %s (zquant %s)"),
           in->database, own != NULL ? own : head->revision, head->name);
}

static zq_rc print_json(const init *in, zq_err *err)
{
    const zq_ready_result *r = &in->result;
    const zq_release *head = zq_release_head();
    const char *own = zq_head_own(&in->chain);
    bool left_out = zq_settings_flag(in->app->settings, ZQ_SET_NO_ADMIN);
    const char *admin = left_out ? "left out" : r->made_admin ? "created" : "exists";

    return zq_out_json(
        json_pack("{s:s, s:s, s:s, s:s, s:b, s:b, s:I, s:I, s:s}", "database", in->database,
                  "found", zq_condition_words(r->found.condition), "revision",
                  own != NULL ? own : head->revision, "release", head->name, "changed",
                  r->found.condition != ZQ_DB_READY || in->came_nearer, "created_database",
                  r->created_database, "tables_created", (json_int_t)r->n_tables,
                  "rbac_rows_changed", (json_int_t)r->rbac.n_changes, "administrator", admin),
        err);
}

/* ---- the ways through ---- */

static zq_rc prepare(init *in, zq_err *err)
{
    zq_app *app = in->app;

    in->database = zq_settings_text(app->settings, ZQ_SET_DATABASE);
    ZQ_TRY(zq_head_chain(app, &in->chain, err));
    in->entry = zq_head_install_entry(&in->chain);
    ZQ_TRY(zq_rbac_session_seeds(app, &in->seeds, err));
    in->identity = zq_rbac_session_admin(app);
    if (zq_settings_flag(app->settings, ZQ_SET_NO_ADMIN))
        return ZQ_OK;
    return zq_admin_identity_check(&in->identity, err);
}

/* An older database runs its pending revisions, when that was asked for. */
static zq_rc upgrade(init *in, zq_db *db, zq_err *err)
{
    ZQ_AUTO(zq_lease) lease = NULL;

    ZQ_TRY(zq_events_lease_take(in->app, db, true, &lease, err));
    return zq_migration_upgrade(in->app, db, lease, err);
}

/* An upgrade that is between two revisions has nothing in the journal. */
static zq_rc wait_for_others(init *in, zq_db *db, zq_err *err)
{
    ZQ_AUTO(zq_lease) lease = NULL;

    in->waited = true;
    return zq_events_lease_take(in->app, db, false, &lease, err);
}

/* A run that is at work is waited for, and then the database looked at again. What was cut short is
 * completed when that was asked for. */
static zq_rc resume(init *in, zq_db *db, zq_err *err)
{
    ZQ_AUTO(zq_lease) lease = NULL;
    zq_record record;
    zq_squash way;

    ZQ_TRY(zq_events_lease_take(in->app, db, true, &lease, err));
    ZQ_TRY(zq_record_read(db, in->database, in->app->arena, &record, err));
    if (record.under_way == NULL)
        return ZQ_OK;
    if (zq_settings_flag(in->app->settings, ZQ_SET_UPGRADE) &&
        strcmp(record.direction, "up") == 0 &&
        zq_chain_find_way(&in->chain, record.under_way, &way))
        return zq_migration_upgrade(in->app, db, lease, err);
    return explain(in, db, err);
}

/* Bring a database that was refused nearer to head; ZQ_OK means that it is worth another look. */
static zq_rc bring_nearer(init *in, zq_db *db, zq_err *err)
{
    switch (in->result.found.condition) {
    case ZQ_DB_UNRECORDED:
        return zq_migration_adopt_exact(in->app, err);
    case ZQ_DB_CUT_SHORT:
        return resume(in, db, err);
    case ZQ_DB_EMPTY:
    case ZQ_DB_OLDER:
        if (zq_settings_flag(in->app->settings, ZQ_SET_UPGRADE))
            return upgrade(in, db, err);
        if (in->result.found.at_work && !in->waited)
            return wait_for_others(in, db, err);
        break;
    default:
        break;
    }
    return explain(in, db, err);
}

static zq_rc make_on(init *in, zq_db *db, zq_buf *script, zq_err *err)
{
    enum { MOST_LOOKS = 4 }; /* others at work, unrecorded, then older, then at head */
    zq_ready_request request = request_of(in, db, script);
    zq_rc rc = ZQ_OK;

    for (int look = 0; look < MOST_LOOKS; look++) {
        rc = zq_make_ready(&request, in->app->arena, &in->result, err);
        if (rc != ZQ_E_DIFFERS || in->result.unexpected || in->result.found.not_a_table != NULL ||
            (in->result.found.condition == ZQ_DB_EMPTY && !may_upgrade(in)))
            return rc;
        if (script != NULL)
            return in->result.found.condition == ZQ_DB_UNRECORDED
                       ? zq_inspect_tell_unrecorded(in->app, db, in->database, err)
                       : explain(in, db, err);
        ZQ_TRY(bring_nearer(in, db, err));
        in->came_nearer = true;
    }
    return rc;
}

/* A connection that was lost at the end may have been lost after the administrator had been made,
 * and the try that follows finds nothing to do. */
static zq_rc find_made_admin(init *in, zq_db *db, zq_err *err)
{
    if (in->hash == NULL || in->result.made_admin)
        return ZQ_OK;
    ZQ_TRY(
        zq_admin_has_hash(db, in->database, &in->identity, in->hash, &in->result.made_admin, err));
    in->came_nearer = in->came_nearer || in->result.made_admin;
    return ZQ_OK;
}

static zq_rc make_once(init *in, zq_buf *script, zq_err *err)
{
    ZQ_AUTO(zq_db) db = NULL;
    zq_rc rc;

    ZQ_TRY(zq_connect(in->app, &db, err));
    rc = make_on(in, db, script, err);
    if (rc == ZQ_OK && script == NULL && in->result.found.condition == ZQ_DB_LOST) {
        rc = look_at_own(in, db, &in->result.found, err);
        if (rc == ZQ_E_DIFFERS)
            rc = explain(in, db, err);
    }
    if (rc == ZQ_OK)
        rc = find_made_admin(in, db, err);
    in->answer_lost = in->answer_lost || rc == ZQ_E_LOST;
    zq_note("round trips after the connect: %u", zq_db_round_trips(db));
    return rc;
}

typedef struct attempt {
    init *in;
    zq_buf *script; /* NULL: a real run */
} attempt;

static zq_rc try_to_make(void *context, zq_err *err)
{
    attempt *a = context;

    if (a->script != NULL)
        zq_buf_clear(a->script);
    return make_once(a->in, a->script, err);
}

/* A server that goes away in the middle was not ready yet (images start a bootstrap instance and
 * stop it again). */
static zq_rc make_with_wait(init *in, zq_buf *script, zq_err *err)
{
    return zq_connect_repeat(in->app, try_to_make, &(attempt){in, script}, err);
}

static zq_rc dry_run(init *in, zq_err *err)
{
    ZQ_AUTO_BUF(script);

    ZQ_TRY(make_with_wait(in, &script, err));
    ZQ_TRY(warn_of_collation(in, err));
    if (in->result.made_admin)
        zq_rbac_session_warn_of_identity(&in->identity);
    ZQ_TRY(check_left(in, err));
    if (script.length == 0)
        zq_say("database '%s' is ready, nothing would be done", in->database);
    if (!zq_settings_flag(in->app->settings, ZQ_SET_JSON))
        return zq_out_exact(zq_buf_text(&script), err);
    return zq_out_json(json_pack("{s:s, s:s, s:b, s:s}", "database", in->database, "found",
                                 zq_condition_words(in->result.found.condition), "dry_run", true,
                                 "sql", zq_buf_text(&script)),
                       err);
}

/* Nobody shall believe that a password was set when it was not. */
static zq_rc tell_password(const init *in, zq_err *err)
{
    const char *given = zq_admin_secret_given(in->app);

    if (given == NULL && in->typed != NULL)
        given = "the password from the terminal";
    if (in->result.made_admin)
        return zq_admin_secret_show(in->app, in->secret, in->identity.username, err);
    if (in->secret != NULL)
        zq_admin_secret_drop(in->secret);
    else if (!zq_settings_flag(in->app->settings, ZQ_SET_NO_ADMIN))
        zq_admin_secret_keep(in->app);
    if (given != NULL && !zq_settings_flag(in->app->settings, ZQ_SET_NO_ADMIN))
        zq_say("there is an administrator already, left as it is: %s was not used "
               "('zquant-init admin reset-password' sets a new password)",
               given);
    return ZQ_OK;
}

/* What --dir adds, to a database that this run has made up to this build's newest revision. */
static zq_rc add_own_revisions(init *in, zq_err *err)
{
    zq_condition found = in->result.found.condition;
    const char *own = zq_head_own(&in->chain);
    ZQ_AUTO(zq_db) db = NULL;

    if (own == NULL || (found != ZQ_DB_MISSING && found != ZQ_DB_EMPTY && found != ZQ_DB_HALF_MADE))
        return ZQ_OK;
    if (!zq_settings_flag(in->app->settings, ZQ_SET_UPGRADE))
        return fail_pending(in, in->entry.revision, own, err);
    ZQ_TRY(zq_connect(in->app, &db, err));
    return upgrade(in, db, err);
}

/* When the answer to the last transaction was lost, nobody may know a password that is in use. */
static void hint_at_lost_password(const init *in, zq_rc rc, zq_err *err)
{
    if (rc == ZQ_E_LOST && in->hash != NULL && zq_admin_secret_given(in->app) == NULL &&
        zq_settings_text(in->app->settings, ZQ_SET_ADMIN_PASSWORD_OUT) == NULL)
        zq_err_hint(err,
                    "run this again; where it then finds the database ready, 'zquant-init admin "
                    "reset-password' gives the administrator a password that you know");
}

/* A password that was made up is said before anything else can fail. */
static zq_rc make(init *in, zq_err *err)
{
    zq_rc rc = make_with_wait(in, NULL, err);

    if (rc != ZQ_OK && in->secret != NULL && !in->answer_lost)
        zq_admin_secret_drop(in->secret);
    if (rc != ZQ_OK) {
        hint_at_lost_password(in, rc, err);
        return rc;
    }
    ZQ_TRY(warn_of_collation(in, err));
    say_what_was_made(in);
    ZQ_TRY(tell_password(in, err));
    ZQ_TRY(add_own_revisions(in, err));
    ZQ_TRY(check_left(in, err));
    say_ready(in);
    in->app->figures = (zq_figures){
        .revision = zq_chain_name(&in->chain, in->chain.n),
        .head = zq_chain_name(&in->chain, in->chain.n),
        .differences = -1,
    };
    return print_json(in, err);
}

static zq_rc run(init *in, zq_err *err)
{
    zq_app *app = in->app;

    ZQ_TRY(prepare(in, err));
    if (zq_settings_flag(app->settings, ZQ_SET_SQL))
        return zq_install_script_print(app, &in->seeds, err);
    if (zq_settings_flag(app->settings, ZQ_SET_DRY_RUN))
        return dry_run(in, err);
    return make(in, err);
}

zq_rc zq_cmd_init(zq_app *app, zq_err *err)
{
    init in = {.app = app};
    bool changes = !zq_settings_flag(app->settings, ZQ_SET_SQL) &&
                   !zq_settings_flag(app->settings, ZQ_SET_DRY_RUN);
    zq_rc rc = run(&in, err);

    if (in.secret != NULL)
        zq_admin_secret_close(in.secret);
    if (in.typed != NULL)
        zq_secret_close(in.typed);
    if (rc != ZQ_OK || app->exec == NULL || !changes)
        return rc;
    ZQ_TRY(zq_app_leave_figures(app, rc, err));
    ZQ_TRY(zq_out_flush(err));
    return zq_child_exec(app, err);
}
