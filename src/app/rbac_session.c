#include "app/rbac_session.h"

#include "app/connect.h"
#include "app/events.h"
#include "app/head.h"
#include "base/language.h"
#include "base/utf8.h"
#include "run/runner.h"
#include "seed/admin.h"
#include "seed/rbac_read.h"

zq_rc zq_rbac_session_seeds(zq_app *app, zq_seeds *out, zq_err *err)
{
    const char *dir = zq_settings_text(app->settings, ZQ_SET_SEEDS);

    if (dir == NULL)
        return zq_seeds_builtin(app->arena, out, err);
    return zq_rbac_session_seeds_of(app, dir, out, err);
}

zq_rc zq_rbac_session_seeds_of(zq_app *app, const char *dir, zq_seeds *out, zq_err *err)
{
    zq_seed_mistakes mistakes = {0};
    zq_rc rc = zq_seeds_load(dir, app->arena, out, &mistakes, err);

    if (rc == ZQ_OK && out->doubt != NULL)
        zq_warn("%s", out->doubt);
    if (mistakes.n > 1) {
        for (size_t i = 0; i < mistakes.n; i++)
            zq_mistake("%s:%u: %s", mistakes.items[i].file, mistakes.items[i].line,
                       mistakes.items[i].words);
        zq_err_detail(err, "in '%s', see above", dir);
    }
    return rc;
}

zq_admin_identity zq_rbac_session_admin(const zq_app *app)
{
    return (zq_admin_identity){
        .username = zq_settings_text(app->settings, ZQ_SET_ADMIN_USERNAME),
        .email = zq_settings_text(app->settings, ZQ_SET_ADMIN_EMAIL),
        .role = zq_settings_text(app->settings, ZQ_SET_ADMIN_ROLE),
    };
}

void zq_rbac_session_warn_of_identity(const zq_admin_identity *who)
{
    enum { NAME_MIN = 3 }; /* the application's; ours need not be empty */
    const char *trouble = zq_admin_email_trouble(who->email);

    if (zq_utf8_count(who->username) < NAME_MIN)
        zq_warn("zquant takes names of %d characters and more, and fails where it shows the user "
                "'%s'; choose another by '--admin-username'",
                NAME_MIN, who->username);
    if (trouble != NULL)
        zq_warn("zquant will not take the address '%s' of '%s' (%s), and fails where it shows the "
                "user; choose another by '--admin-email'",
                who->email, who->username, trouble);
}

void zq_rbac_session_say_merged(const zq_rbac_merged *merged)
{
    size_t added[] = {[ZQ_RBAC_ROLE] = 0, [ZQ_RBAC_PERMISSION] = 0, [ZQ_RBAC_GRANT] = 0};
    size_t others = merged->n_changes;

    for (size_t i = 0; i < merged->n; i++) {
        const zq_rbac_decision *decision = &merged->decisions[i];

        if (decision->verdict == ZQ_VERDICT_ADD) {
            added[decision->kind]++;
            others--;
        } else if (decision->say != NULL) {
            zq_say("%s", decision->say);
        }
    }
    if (added[ZQ_RBAC_ROLE] + added[ZQ_RBAC_PERMISSION] + added[ZQ_RBAC_GRANT] > 0)
        zq_say("added %zu roles, %zu permissions and %zu grants", added[ZQ_RBAC_ROLE],
               added[ZQ_RBAC_PERMISSION], added[ZQ_RBAC_GRANT]);
    if (others > 0)
        zq_say(others == 1 ? N_("changed %zu row of roles, permissions and grants")
                           : N_("changed %zu rows of roles, permissions and grants"),
               others);
}

/* A name that differs only in case is the same table on some servers: state has looked already. */
static zq_rc check_state(const zq_rbac_session *session, bool to_write, zq_err *err)
{
    const zq_state *state = &session->state;
    bool at_head = zq_condition_at_head(state->condition);

    ZQ_TRY(zq_state_need_tables(state, session->database, err));
    if (zq_rbac_has_tables(state) && (at_head || !to_write))
        return ZQ_OK;
    zq_fail(err, ZQ_E_DIFFERS, "database '%s' is not ready for this: %s", session->database,
            zq_tr(zq_condition_words(state->condition)));
    if (state->condition == ZQ_DB_OLDER)
        return zq_err_hint(err, "run 'zquant-migrate upgrade' first");
    if (state->condition == ZQ_DB_UNRECORDED)
        return zq_err_hint(err, "run 'zquant-migrate adopt' first");
    if (state->condition == ZQ_DB_NEWER)
        return zq_head_hint_unknown(state->unknown, err);
    return zq_err_hint(err, "run 'zquant-init' first");
}

zq_rc zq_rbac_session_open(zq_app *app, bool to_write, const zq_admin_identity *admin,
                           zq_rbac_session *session, zq_err *err)
{
    zq_chain chain;
    zq_wanted wanted;
    bool moved;

    ZQ_TRY(zq_head_chain(app, &chain, err));
    wanted = zq_head_wanted(app, &chain);
    *session = (zq_rbac_session){.database = zq_settings_text(app->settings, ZQ_SET_DATABASE)};
    ZQ_TRY(zq_connect_caught_up(app, &session->db, err));
    if (to_write && !zq_settings_flag(app->settings, ZQ_SET_DRY_RUN))
        ZQ_TRY(zq_events_lease_take(app, session->db, false, &session->lease, err));
    ZQ_TRY(
        zq_state_read(session->db, session->database, &wanted, app->arena, &session->state, err));
    ZQ_TRY(check_state(session, to_write, err));
    if (session->lease != NULL)
        ZQ_TRY(zq_lease_claim(session->lease, &moved, err));
    return zq_rbac_read(session->db, session->database, admin, app->arena, &session->now, err);
}

void zq_rbac_session_close(zq_rbac_session *session)
{
    if (session->lease != NULL)
        zq_lease_release(session->lease);
    if (session->db != NULL)
        zq_db_close(session->db);
    *session = (zq_rbac_session){0};
}

zq_rc zq_rbac_session_run(zq_rbac_session *session, const zq_steps *steps, zq_err *err)
{
    zq_server_sink server = {
        .db = session->db, .lease = session->lease, .database = session->database, .jobs = 1};
    zq_sink sink = zq_sink_server_of(&server);

    return steps->n == 0 ? ZQ_OK : zq_run_steps(steps, &sink, err);
}
