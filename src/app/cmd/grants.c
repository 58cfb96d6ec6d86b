#include "app/admin_secret.h"
#include "app/cmd/commands.h"
#include "app/connect.h"
#include "app/settings/vault.h"
#include "base/language.h"
#include "base/secret.h"
#include "base/text.h"
#include "seed/account.h"
#include "seed/password.h"
#include "sql/sql.h"

#include <jansson.h>
#include <sodium.h>
#include <string.h>

/* ---- printing ---- */

/* Each of the application's with what it is needed for. */
static void write_whys(zq_flavor flavor, zq_buf *out)
{
    const char *privilege;
    const char *why;

    for (size_t i = 0; (why = zq_account_why(flavor, i, &privilege)) != NULL; i++)
        zq_comment(out, "  %-15s %s", privilege, why);
}

static zq_rc write_text(zq_app *app, zq_flavor flavor, zq_buf *out, zq_err *err)
{
    const char *database = zq_settings_text(app->settings, ZQ_SET_DATABASE);

    zq_comment(out, "The least that each needs on database '%s', for %s. Make the accounts first",
               database, zq_flavor_name(flavor));
    zq_comment(out, "(CREATE USER); '%%' stands for any host, a narrower one is better.");
    if (flavor == ZQ_MYSQL && strpbrk(database, "_%") != NULL)
        zq_comment(out,
                   "On a server with partial_revokes=ON the database's name stands without the "
                   "backslashes that it has below.");
    for (zq_account_use use = 0; use < ZQ_USE_COUNT_; use++) {
        zq_account account = {zq_account_use_user(use), "%"};
        const char *sql;

        ZQ_TRY(zq_account_grant_sql(use, flavor, database, &account, app->arena, &sql, err));
        zq_buf_char(out, '\n');
        zq_comment(out, "%s: %s", zq_account_use_name(use), zq_account_use_words(use));
        if (use == ZQ_USE_APPLICATION)
            write_whys(flavor, out);
        zq_buf_printf(out, "%s;\n", sql);
    }
    return ZQ_OK;
}

static zq_rc print_json(zq_app *app, zq_flavor flavor, zq_err *err)
{
    const char *database = zq_settings_text(app->settings, ZQ_SET_DATABASE);
    json_t *list = json_array();

    for (zq_account_use use = 0; use < ZQ_USE_COUNT_; use++) {
        zq_account account = {zq_account_use_user(use), "%"};
        const char *sql;
        zq_rc rc = zq_account_grant_sql(use, flavor, database, &account, app->arena, &sql, err);

        if (rc != ZQ_OK) {
            json_decref(list);
            return rc;
        }
        json_array_append_new(
            list,
            json_pack("{s:s, s:s, s:s, s:s}", "for", zq_account_use_name(use), "user", account.user,
                      "privileges", zq_account_privileges(use, flavor, app->arena), "sql", sql));
    }
    return zq_out_json(json_pack("{s:s, s:s, s:o}", "database", database, "flavor",
                                 zq_flavor_name(flavor), "grants", list),
                       err);
}

static zq_rc print(zq_app *app, zq_err *err)
{
    ZQ_AUTO_BUF(out);
    const zq_flavor flavor = zq_settings_flavor(app->settings);

    if (zq_settings_flag(app->settings, ZQ_SET_JSON))
        return print_json(app, flavor, err);
    ZQ_TRY(write_text(app, flavor, &out, err));
    return zq_out_exact(zq_buf_text(&out), err);
}

/* ---- applying ---- */

/* The password of a new account: from its file, or made. */
static zq_rc find_password(zq_app *app, zq_secret **out_password, bool *out_made, zq_err *err)
{
    const char *file = zq_settings_text(app->settings, ZQ_SET_APPLY_PASSWORD_FILE);
    ZQ_AUTO(zq_vault) vault = NULL;
    const char *text;
    zq_file_facts facts;

    *out_made = file == NULL;
    if (*out_made) {
        *out_password = zq_password_make();
        return ZQ_OK;
    }
    vault = zq_vault_open();
    ZQ_TRY(zq_vault_read_secret(vault, file, &text, &facts, err));
    ZQ_TRY(zq_vault_refuse_open(file, &facts, N_("a password"), err));
    *out_password = zq_secret_new(text, strlen(text));
    return ZQ_OK;
}

/* Make the account; *out_made is false when it was there already, and is then left as it is. */
static zq_rc create_account(zq_app *app, zq_db *db, const zq_account *account, zq_secret *password,
                            bool *out_made, zq_err *err)
{
    ZQ_AUTO(zq_secret) stored = zq_secret_new(NULL, ZQ_ACCOUNT_SECRET_MAX);
    const char *sql;
    zq_arg arg;
    zq_rc rc;

    ZQ_TRY(zq_account_create_sql(zq_db_server(db)->flavor, account, zq_secret_text(password),
                                 app->arena, &sql, zq_secret_text(stored), err));
    arg = zq_arg_text(zq_secret_text(stored));
    rc = zq_db_run(db, sql, &arg, 1, NULL, NULL, err);
    *out_made = rc == ZQ_OK;
    if (rc == ZQ_OK || err->cause == ZQ_CAUSE_BAD_ACCOUNT)
        return ZQ_OK;
    return zq_err_prefix(err, "cannot make account '%s'@'%s': ", account->user, account->host);
}

/* `made` is whether the account was made; in a dry run, nothing was. */
static zq_rc print_applied(const zq_app *app, const zq_account *account, bool made, const char *sql,
                           zq_err *err)
{
    bool dry_run = zq_settings_flag(app->settings, ZQ_SET_DRY_RUN);

    return zq_out_json(json_pack("{s:s, s:s, s:s, s:b, s:b, s:s}", "database",
                                 zq_settings_text(app->settings, ZQ_SET_DATABASE), "user",
                                 account->user, "host", account->host, "dry_run", dry_run, "made",
                                 made, "sql", sql),
                       err);
}

static zq_rc print_dry_run(const zq_app *app, const zq_account *account, const char *grant,
                           zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    const char *text;

    zq_sql_lit(&sql, "-- the password is left out\n");
    zq_sql_add(&sql, "CREATE USER '%s'@'%s' IDENTIFIED BY ...;\n%-s;\n", account->user,
               account->host, grant);
    ZQ_TRY(zq_sql_finish(&sql, &text, err));
    if (zq_settings_flag(app->settings, ZQ_SET_JSON))
        return print_applied(app, account, false, text, err);
    return zq_out_exact(text, err);
}

static zq_rc ask(zq_app *app, zq_db *db, const char *question, const char *columns,
                 zq_rows *out_rows, zq_err *err)
{
    return zq_db_query(db, question, NULL, 0, columns, app->arena, out_rows, err) == ZQ_OK
               ? ZQ_OK
               : zq_err_prefix(err, "cannot look at the server: ");
}

/* What the server does with names in a GRANT, and what it can keep passwords by. */
static zq_rc look_at_server(zq_app *app, zq_db *db, zq_account *account, zq_err *err)
{
    zq_rows rows;

    if (zq_db_server(db)->flavor == ZQ_MYSQL) {
        ZQ_TRY(ask(app, db, "SHOW GLOBAL VARIABLES LIKE 'partial_revokes'", "tT", &rows, err));
        account->literal = rows.n > 0 && zq_rows_at(&rows, 0, 1) != NULL &&
                           strcmp(zq_rows_at(&rows, 0, 1), "ON") == 0;
        return ZQ_OK;
    }
    ZQ_TRY(ask(app, db,
               "SELECT 1 FROM information_schema.PLUGINS WHERE PLUGIN_NAME = 'ed25519' AND "
               "PLUGIN_STATUS = 'ACTIVE'",
               "i", &rows, err));
    account->ed25519 = rows.n > 0;
    return ZQ_OK;
}

/* The password of the account, or its hash, is in a statement, which everybody between reads. */
static zq_rc refuse_in_clear(zq_app *app, zq_db *db, zq_err *err)
{
    zq_rows rows;

    if (app->target.socket != NULL && *app->target.socket != '\0')
        return ZQ_OK;
    ZQ_TRY(ask(app, db, "SHOW SESSION STATUS LIKE 'Ssl_cipher'", "tT", &rows, err));
    if (rows.n > 0 && zq_rows_at(&rows, 0, 1) != NULL && *zq_rows_at(&rows, 0, 1) != '\0')
        return ZQ_OK;
    zq_fail(err, ZQ_E_CONFIG,
            "the account's password would go over the network in clear: this connection has no "
            "TLS");
    return zq_err_hint(
        err, "run it on the server's host with '--socket FILE', or have a DBA switch TLS on "
             "and use '--tls required'");
}

static zq_rc apply(zq_app *app, const char *text, zq_err *err)
{
    const char *database = zq_settings_text(app->settings, ZQ_SET_DATABASE);
    ZQ_AUTO(zq_secret) password = NULL;
    ZQ_AUTO(zq_db) db = NULL;
    zq_account account;
    const char *sql;
    bool random;
    bool made;

    ZQ_TRY(zq_account_parse(text, app->arena, &account, err));
    ZQ_TRY(find_password(app, &password, &random, err));
    ZQ_TRY(zq_connect(app, &db, err));
    ZQ_TRY(look_at_server(app, db, &account, err));
    ZQ_TRY(zq_account_grant_sql(ZQ_USE_APPLICATION, zq_db_server(db)->flavor, database, &account,
                                app->arena, &sql, err));
    if (zq_settings_flag(app->settings, ZQ_SET_DRY_RUN))
        return print_dry_run(app, &account, sql, err);
    ZQ_TRY(refuse_in_clear(app, db, err));
    ZQ_TRY(create_account(app, db, &account, password, &made, err));
    /* Before the grant can fail: the account is there, and keeps its password. */
    if (made && random)
        ZQ_TRY(zq_admin_secret_show_other(app, N_("password of database account"), account.user,
                                          password, err));
    if (zq_db_exec(db, sql, err) != ZQ_OK)
        return zq_err_prefix(err, "cannot grant to '%s'@'%s': ", account.user, account.host);
    zq_say(made ? N_("made database account '%s'@'%s' and granted it %s on '%s'")
                : N_("found, with its password as it is, database account '%s'@'%s' and granted it "
                     "%s on '%s'"),
           account.user, account.host,
           zq_account_privileges(ZQ_USE_APPLICATION, zq_db_server(db)->flavor, app->arena),
           database);
    if (made && account.ed25519)
        zq_say("it logs in by ed25519, for which PyMySQL needs PyNaCl: pip install "
               "'PyMySQL[ed25519]'");
    return print_applied(app, &account, made, sql, err);
}

zq_rc zq_cmd_grants(zq_app *app, zq_err *err)
{
    const char *user = zq_settings_text(app->settings, ZQ_SET_APPLY);

    if (user == NULL)
        return print(app, err);
    if (sodium_init() < 0)
        return zq_fail(err, ZQ_E_MEMORY, "libsodium cannot start");
    return apply(app, user, err);
}
