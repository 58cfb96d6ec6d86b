#include "secrets.h"

#include "live.h"
#include "program.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char database[64];
static char account[32];
static char apply_option[64];
static char apply_file[320];
static char apply_way[320]; /* without TLS only a socket will do */

/* MariaDB prefers an anonymous account of 'localhost' to one of '%', so there are two. */
static const char *const hosts[] = {"%", "localhost"};

static void drop_accounts(zq_db *db)
{
    char sql[256];

    for (size_t i = 0; i < ZQ_LEN(hosts); i++) {
        snprintf(sql, sizeof sql, "DROP USER IF EXISTS '%s'@'%s', '%s_app'@'%s'", account, hosts[i],
                 account, hosts[i]);
        live_exec(db, sql);
    }
}

/* What we do ourselves is not to be found later. */
static void make_account(zq_db *db)
{
    char sql[256];

    live_exec(db, "SET SESSION sql_log_bin = 0");
    drop_accounts(db);
    for (size_t i = 0; i < ZQ_LEN(hosts); i++) {
        snprintf(sql, sizeof sql,
                 "CREATE USER '%s'@'%s' IDENTIFIED BY '" SECRET_DB
                 "'; GRANT ALL ON *.* TO '%s'@'%s' WITH GRANT OPTION",
                 account, hosts[i], account, hosts[i]);
        live_exec(db, sql);
    }
}

void secrets_begin(const char *test)
{
    ZQ_AUTO(zq_db) db = live_open();

    program_env_reset();
    snprintf(database, sizeof database, "%s", live_database(test));
    snprintf(account, sizeof account, "zqt_%ld", (long)getpid());
    snprintf(apply_way, sizeof apply_way, "--socket=%s", live_env("SOCKET", ""));
    snprintf(apply_option, sizeof apply_option, "--apply=%s_app", account);
    snprintf(apply_file, sizeof apply_file, "--apply-password-file=%s",
             program_file("app", SECRET_APP "\n", 0600));
    make_account(db);
    program_env_live(database);
    program_env("DB_USER", account);
    program_env("DB_PASSWORD", "");
    program_env("DB_PASSWORD_FILE", program_file("db", SECRET_DB "\n", 0600));
    program_env("ZQUANT_ADMIN_PASSWORD_FILE", program_file("admin", SECRET_ADMIN "\n", 0600));
}

void secrets_end(void)
{
    ZQ_AUTO(zq_db) db = live_open();

    live_drop(database);
    drop_accounts(db);
}

const char *secrets_database(void)
{
    return database;
}

const char *secrets_account(void)
{
    return account;
}

void secrets_expect_clean(const char *text, size_t length, const char *what)
{
    static const char *const secrets[] = {SECRET_DB, SECRET_ADMIN, SECRET_APP};

    for (size_t i = 0; i < ZQ_LEN(secrets); i++) {
        const char *at = memmem(text, length, secrets[i], strlen(secrets[i]));
        size_t before = at == NULL ? 0 : (size_t)(at - text);

        cr_assert_null(at, "%s: %.*s", what, 200, before > 100 ? at - 100 : text);
    }
}

void secrets_each(void (*each)(const char *const *words))
{
    const char *const commands[][7] = {
        {"zquant-init", "init", "--dry-run"},
        {"zquant-init", "init", "--sql"},
        {"zquant-init", "init", "-v"},
        {"zquant-init", "init", "-v", "--log-format=json"},
        {"zquant-init", "status", "--json"},
        {"zquant-init", "config"},
        {"zquant-init", "config", "--json"},
        {"zquant-init", "admin", "reset-password", "-v"},
        {"zquant-init", "admin", "create", "-v", "--admin-username=second",
         "--admin-email=second@example.org"},
        {"zquant-init", "seeds", "diff"},
        {"zquant-init", "seeds", "apply", "-v"},
        {"zquant-init", "grants"},
        {"zquant-init", "grants", "-v", apply_option, apply_file, apply_way},
        {"zquant-migrate", "check"},
        {"zquant-migrate", "current", "-v"},
        {"zquant-migrate", "upgrade", "-v"},
    };

    for (size_t i = 0; i < ZQ_LEN(commands); i++)
        each(commands[i]);
}

void secrets_run(const char *const *words)
{
    program_result r = program_run(words, NULL);

    cr_assert_eq(r.status, 0, "%s %s: %d: %s", words[0], words[1], r.status, r.err);
    secrets_expect_clean(r.out, strlen(r.out), words[1]);
    secrets_expect_clean(r.err, strlen(r.err), words[1]);
    program_free(&r);
}
