/* Where passwords must not be seen: system calls, the server's log, COMMAND, messages. */
#include "live.h"
#include "program.h"

#include "base/buf.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STRACE "/usr/bin/strace"
#define DB_SECRET "dbS3cret-7up!x"
#define ADMIN_SECRET "AdminS3cret-9!"

static char database[64];
static char account[32];

/* MariaDB prefers an anonymous account of 'localhost' to one of '%', so there are two. */
static const char *const hosts[] = {"%", "localhost"};

static void drop_account(zq_db *db)
{
    char sql[128];

    for (size_t i = 0; i < ZQ_LEN(hosts); i++) {
        snprintf(sql, sizeof sql, "DROP USER IF EXISTS '%s'@'%s'", account, hosts[i]);
        live_exec(db, sql);
    }
}

static void make_account(zq_db *db)
{
    char sql[256];

    drop_account(db);
    for (size_t i = 0; i < ZQ_LEN(hosts); i++) {
        snprintf(sql, sizeof sql,
                 "CREATE USER '%s'@'%s' IDENTIFIED BY '" DB_SECRET
                 "'; GRANT ALL ON *.* TO '%s'@'%s'",
                 account, hosts[i], account, hosts[i]);
        live_exec(db, sql);
    }
}

/* A database of its own, and an account that has a password, both given by files. */
static void begin(const char *test)
{
    ZQ_AUTO(zq_db) db = live_open();

    program_env_reset();
    snprintf(database, sizeof database, "%s", live_database(test));
    snprintf(account, sizeof account, "zqt_%ld", (long)getpid());
    make_account(db);
    program_env_live(database);
    program_env("DB_USER", account);
    program_env("DB_PASSWORD_FILE", program_file("db", DB_SECRET "\n", 0600));
    program_env("ZQUANT_ADMIN_PASSWORD_FILE", program_file("admin", ADMIN_SECRET "\n", 0600));
}

/* After a failure too. */
static void end(void)
{
    ZQ_AUTO(zq_db) db = live_open();

    live_drop(database);
    drop_account(db);
}

static void expect_clean(const char *text, const char *what)
{
    cr_assert_null(strstr(text, DB_SECRET), "%s: %s", what, text);
    cr_assert_null(strstr(text, ADMIN_SECRET), "%s: %s", what, text);
}

static const char *const commands[][4] = {
    {"init", "--dry-run"}, {"init", "--sql"}, {"init", "-v"},       {"init", "-v"},
    {"status", "--json"},  {"config"},        {"config", "--json"},
};

Test(leaks, no_command_prints_a_password, .fini = end)
{
    begin("print");
    for (size_t i = 0; i < ZQ_LEN(commands); i++) {
        program_result r = PROGRAM("zquant-init", commands[i][0], commands[i][1]);

        cr_assert_leq(r.status, 1, "%s: %s", commands[i][0], r.err);
        expect_clean(r.out, commands[i][0]);
        expect_clean(r.err, commands[i][0]);
        program_free(&r);
    }
}

Test(leaks, a_refused_login_does_not_show_the_password, .fini = end)
{
    program_result r;

    begin("refused");
    program_env("DB_PASSWORD_FILE", program_file("db", ADMIN_SECRET "\n", 0600));
    r = PROGRAM("zquant-init", "-v", "--log-format=json");
    cr_assert_eq(r.status, 77, "%s", r.err);
    expect_clean(r.err, "init");
    program_free(&r);
}

/* The only call that may show a password is the one that reads its file. */
static size_t count_leaks(const char *path)
{
    static char line[1 << 20];
    FILE *file = fopen(path, "r");
    size_t reads = 0;
    size_t calls = 0;

    cr_assert_not_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        bool secret = strstr(line, DB_SECRET) != NULL || strstr(line, ADMIN_SECRET) != NULL;

        calls++;
        if (secret && (strstr(line, " read(") != NULL || strstr(line, " read resumed>") != NULL))
            reads++;
        else
            cr_assert_not(secret, "%s", line);
    }
    fclose(file);
    cr_assert_gt(calls, 100);
    return reads;
}

Test(leaks, no_system_call_but_the_reading_of_its_file_shows_a_password, .fini = end)
{
    char trace[256];
    program_result r;

    if (access(STRACE, X_OK) != 0)
        cr_skip_test("no strace");
    begin("strace");
    /* LeakSanitizer looks by ptrace, which strace has taken. */
    program_env("ASAN_OPTIONS", "detect_leaks=0");
    snprintf(trace, sizeof trace, "%s/trace", program_dir());
    r = PROGRAM(STRACE, "-f", "-qq", "-s", "65536", "-o", trace, ZQ_BUILD_DIR "/zquant-init", "-v");
    cr_assert_eq(r.status, 0, "%s", r.err);
    cr_assert_eq(count_leaks(trace), 2);
    program_free(&r);
}

/* ---- the server's log ---- */

static char *log_before;
static char *output_before;

static void log_on(void)
{
    ZQ_AUTO(zq_db) db = NULL;

    db = live_open();
    log_before = live_value(db, "SELECT @@global.general_log");
    output_before = live_value(db, "SELECT @@global.log_output");
    live_exec(db, "SET GLOBAL log_output = 'TABLE'");
    live_exec(db, "SET GLOBAL general_log = ON");
}

/* The server is as it was. */
static void log_off(void)
{
    ZQ_AUTO(zq_db) db = NULL;
    char sql[160];

    end();
    if (log_before == NULL)
        return;
    db = live_open();
    snprintf(sql, sizeof sql, "SET GLOBAL general_log = %s", log_before);
    live_exec(db, sql);
    snprintf(sql, sizeof sql, "SET GLOBAL log_output = '%s'", output_before);
    live_exec(db, sql);
    live_exec(db, "TRUNCATE TABLE mysql.general_log");
}

static void expect_logged(const char *pattern, bool wanted)
{
    ZQ_AUTO(zq_db) db = live_open();
    char sql[256];
    char *n;

    /* In two halves, so that this statement is not what it finds. */
    snprintf(sql, sizeof sql,
             "SELECT COUNT(*) FROM mysql.general_log WHERE argument LIKE "
             "CONCAT('%%%.4s', '%s%%')",
             pattern, pattern + 4);
    n = live_value(db, sql);
    cr_assert_eq(strcmp(n, "0") != 0, wanted, "%s: %s", pattern, n);
    free(n);
}

Test(leaks, the_servers_log_has_our_statements_and_no_password, .init = log_on, .fini = log_off)
{
    program_result r;

    begin("log");
    r = PROGRAM("zquant-init");
    cr_assert_eq(r.status, 0, "%s", r.err);
    program_free(&r);
    expect_logged(database, true);
    expect_logged("zq_app_users", true);
    expect_logged(ADMIN_SECRET, false);
}

/* ---- COMMAND ---- */

Test(leaks, the_command_inherits_no_secret_of_the_administrator, .fini = end)
{
    program_result r;

    begin("command");
    program_env("ZQUANT_ADMIN_PASSWORD_FILE", "");
    program_env("ZQUANT_ADMIN_PASSWORD", ADMIN_SECRET);
    r = PROGRAM("zquant-init", "-q", "--", "/bin/sh", "-c",
                "tr '\\0' '\\n' </proc/$$/environ; tr '\\0' '\\n' </proc/$$/cmdline");
    cr_assert_eq(r.status, 0, "%s", r.err);
    expect_clean(r.out, "the environment of COMMAND");
    cr_assert_not_null(strstr(r.out, "DB_NAME="), "%s", r.out);
    program_free(&r);
}

ZQ_LIVE_MAIN
