#include "seed/admin.h"
#include "app/admin_secret.h"
#include "app/cmd/commands.h"
#include "app/rbac_session.h"
#include "app/rerun.h"
#include "base/language.h"

#include <jansson.h>

static zq_rc fail_no_user(const zq_app *app, const zq_rbac *now, const char *name, zq_err *err)
{
    zq_fail(err, ZQ_E_DATA, "there is no user '%s'", name);
    if (now->admin != NULL)
        return zq_err_hint(err, "the administrator is '%s': run '%s admin reset-password %s'",
                           now->admin->username, app->program->name,
                           zq_rerun_word(now->admin->username, app->arena));
    return zq_err_hint(err, "make one by '%s admin create'", app->program->name);
}

/* `done` is NULL where a dry run has done nothing. */
static zq_rc print_user(const char *done, const char *username, const char *email, const char *role,
                        zq_err *err)
{
    return zq_out_json(json_pack("{s:s?, s:b, s:s, s:s, s:s}", "done", done, "dry_run",
                                 done == NULL, "username", username, "email", email, "role", role),
                       err);
}

static const char *role_of(const zq_rbac_user *user)
{
    return user->role != NULL ? user->role : "none";
}

static zq_rc run_step(zq_rbac_session *session, zq_step step, zq_err *err)
{
    zq_steps steps = {.items = &step, .n = 1};

    return zq_rbac_session_run(session, &steps, err);
}

/* Store the password by `step`; when that failed for certain, nobody has it. */
static zq_rc store(zq_rbac_session *session, zq_step step, const zq_admin_secret *secret,
                   zq_err *err)
{
    zq_rc rc = run_step(session, step, err);

    if (rc != ZQ_OK && rc != ZQ_E_LOST)
        zq_admin_secret_drop(secret);
    return rc;
}

/* ---- reset-password ---- */

static zq_rc reset(zq_app *app, zq_rbac_session *session, const zq_rbac_user *user, zq_err *err)
{
    ZQ_AUTO(zq_admin_secret) secret = NULL;
    const char *role = role_of(user);
    const char *hash;

    ZQ_TRY(zq_admin_secret_begin(app, NULL, false, &session->now, &secret, err));
    ZQ_TRY(zq_admin_secret_hash(secret, &hash, err));
    ZQ_TRY(store(session, zq_admin_rehash(user, hash, 0, app->arena), secret, err));
    zq_say("changed the password of '%s' (%s, role '%s') in database '%s'", user->username,
           user->email, role, session->database);
    if (!user->is_active)
        zq_warn("user '%s' is not active, and cannot log in all the same", user->username);
    ZQ_TRY(zq_admin_secret_show(app, secret, user->username, err));
    return print_user("reset-password", user->username, user->email, role, err);
}

zq_rc zq_cmd_admin_reset_password(zq_app *app, zq_err *err)
{
    ZQ_AUTO_RBAC_SESSION session = {0};
    zq_admin_identity admin = zq_rbac_session_admin(app);
    const zq_rbac_user *user;
    bool is_named;

    if (app->argc == 1)
        admin.username = app->argv[0];
    ZQ_TRY(zq_rbac_session_open(app, false, &admin, &session, err));
    user = zq_admin_taker(&session.now, &admin, &is_named);
    if (user == NULL || !is_named)
        return fail_no_user(app, &session.now, admin.username, err);
    if (zq_settings_flag(app->settings, ZQ_SET_DRY_RUN)) {
        zq_say("would change the password of '%s' (%s)", user->username, user->email);
        return print_user(NULL, user->username, user->email, role_of(user), err);
    }
    return reset(app, &session, user, err);
}

/* ---- create ---- */

static zq_rc check_role(const zq_rbac *now, const char *role, zq_err *err)
{
    for (size_t i = 0; i < now->n_roles; i++) {
        if (zq_seed_name_cmp(now->roles[i].name, role) == 0)
            return ZQ_OK;
    }
    zq_fail(err, ZQ_E_DATA, "cannot make the administrator: there is no role '%s'", role);
    return zq_err_hint(
        err,
        "restore it by 'zquant-init seeds apply --prune --role %s', or choose another "
        "by '--admin-role'",
        role);
}

static zq_rc check_takers(const zq_app *app, const zq_rbac *now, const zq_admin_identity *who,
                          zq_err *err)
{
    bool name;
    const zq_rbac_user *user = zq_admin_taker(now, who, &name);

    if (user == NULL)
        return ZQ_OK;
    zq_fail(err, ZQ_E_DATA,
            name ? N_("cannot make the administrator: user '%s' has the name '%s' already")
                 : N_("cannot make the administrator: user '%s' has the e-mail address '%s' "
                      "already"),
            user->username, name ? who->username : who->email);
    return zq_err_hint(err,
                       "'zquant-init admin reset-password %s' sets a new password for that user; "
                       "'--admin-username' and '--admin-email' choose another",
                       zq_rerun_word(user->username, app->arena));
}

static zq_rc create(zq_app *app, zq_rbac_session *session, const zq_admin_identity *who,
                    zq_secret *typed, zq_err *err)
{
    ZQ_AUTO(zq_admin_secret) secret = NULL;
    const char *hash;

    ZQ_TRY(zq_admin_secret_begin(app, typed, false, &session->now, &secret, err));
    ZQ_TRY(zq_admin_secret_hash(secret, &hash, err));
    ZQ_TRY(store(session, zq_admin_insert_another(who, hash, 0, app->arena), secret, err));
    zq_say("created administrator '%s' (%s, role '%s') in database '%s'", who->username, who->email,
           who->role, session->database);
    ZQ_TRY(zq_admin_secret_show(app, secret, who->username, err));
    return print_user("create", who->username, who->email, who->role, err);
}

zq_rc zq_cmd_admin_create(zq_app *app, zq_err *err)
{
    ZQ_AUTO_RBAC_SESSION session = {0};
    ZQ_AUTO(zq_secret) typed = NULL;
    zq_admin_identity who = zq_rbac_session_admin(app);

    ZQ_TRY(zq_admin_identity_check(&who, err));
    if (!zq_settings_flag(app->settings, ZQ_SET_DRY_RUN))
        ZQ_TRY(zq_admin_secret_ask(app, &typed, err));
    ZQ_TRY(zq_rbac_session_open(app, true, &who, &session, err));
    ZQ_TRY(check_role(&session.now, who.role, err));
    ZQ_TRY(check_takers(app, &session.now, &who, err));
    zq_rbac_session_warn_of_identity(&who);
    if (zq_settings_flag(app->settings, ZQ_SET_DRY_RUN)) {
        zq_say("would create administrator '%s' (%s, role '%s')", who.username, who.email,
               who.role);
        return print_user(NULL, who.username, who.email, who.role, err);
    }
    return create(app, &session, &who, typed, err);
}
