/* Where passwords must not be seen: system calls, the server's log, COMMAND, messages. */
#include "live.h"
#include "program.h"
#include "secrets.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STRACE "/usr/bin/strace"

Test(leaks, a_refused_login_does_not_show_the_password, .fini = secrets_end)
{
    program_result r;

    secrets_begin("refused");
    program_env("DB_PASSWORD_FILE", program_file("db", SECRET_ADMIN "\n", 0600));
    r = PROGRAM("zquant-init", "-v", "--log-format=json");
    cr_assert_eq(r.status, 77, "%s", r.err);
    secrets_expect_clean(r.err, strlen(r.err), "init");
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
        bool secret = strstr(line, SECRET_DB) != NULL || strstr(line, SECRET_ADMIN) != NULL;

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

Test(leaks, no_system_call_but_the_reading_of_its_file_shows_a_password, .fini = secrets_end)
{
    char trace[256];
    program_result r;

    if (access(STRACE, X_OK) != 0)
        cr_skip_test("no strace");
    secrets_begin("strace");
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

    secrets_end();
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

    secrets_begin("log");
    r = PROGRAM("zquant-init");
    cr_assert_eq(r.status, 0, "%s", r.err);
    program_free(&r);
    expect_logged(secrets_database(), true);
    expect_logged("zq_app_users", true);
    expect_logged(SECRET_ADMIN, false);
}

/* ---- COMMAND ---- */

Test(leaks, the_command_inherits_no_secret_of_the_administrator, .fini = secrets_end)
{
    program_result r;

    secrets_begin("command");
    program_env("ZQUANT_ADMIN_PASSWORD_FILE", "");
    program_env("ZQUANT_ADMIN_PASSWORD", SECRET_ADMIN);
    r = PROGRAM("zquant-init", "-q", "--", "/bin/sh", "-c",
                "tr '\\0' '\\n' </proc/$$/environ; tr '\\0' '\\n' </proc/$$/cmdline");
    cr_assert_eq(r.status, 0, "%s", r.err);
    secrets_expect_clean(r.out, strlen(r.out), "the environment of COMMAND");
    cr_assert_not_null(strstr(r.out, "DB_NAME="), "%s", r.out);
    program_free(&r);
}

ZQ_LIVE_MAIN
