/* Revision files of the user's own (--dir): zquant-init knows them too. */
#include "live.h"
#include "program.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

static const char *database;
static zq_db *db;

static void write_own(const char *statement)
{
    char text[512];

    snprintf(text, sizeof text,
             "-- revision: own1\n-- revises: 0003\n-- title: a table of our own\n"
             "-- created: 2026-01-04T00:00:00Z\n\n-- zq:upgrade\n%s;\n\n"
             "-- zq:downgrade\nDROP TABLE zq_own;\n",
             statement);
    program_file("own1.sql", text, 0644);
}

static void begin(const char *test, const char *statement)
{
    database = live_database(test);
    db = live_open();
    program_env_reset();
    program_env_live(database);
    write_own(statement);
}

static void end(void)
{
    zq_db_close(db);
    live_drop(database);
}

#define SAYS(text, words) cr_assert_not_null(strstr((text), (words)), "%s", (text))

static void expect(const char *const *command, int status, const char *words)
{
    program_result r = program_run(command, NULL);

    cr_assert_eq(r.status, status, "status %d: %s%s", r.status, r.out, r.err);
    SAYS(r.err, words);
    program_free(&r);
}
#define EXPECT(status, words, ...) \
    expect((const char *const[]){__VA_ARGS__, "--dir", program_dir(), NULL}, status, words)

static void expect_history(const char *expected)
{
    char use[128];
    char *value;

    snprintf(use, sizeof use, "USE `%s`", database);
    live_exec(db, use);
    value = live_value(db, "SELECT GROUP_CONCAT(CONCAT(operation, ' ', revision) ORDER BY id) "
                           "FROM zq_meta_history");
    cr_assert_str_eq(value, expected);
    free(value);
}

static const char create[] = "CREATE TABLE zq_own (id int PRIMARY KEY)";

Test(own_revisions, a_fresh_install_goes_on_to_them_when_that_is_asked_for)
{
    begin("own_fresh", create);
    EXPECT(0, "is ready at revision own1 (on top of zquant 0.4.0)\n", "zquant-init", "--upgrade");
    EXPECT(0, "is ready at revision own1 (on top of zquant 0.4.0), nothing to do\n", "zquant-init");
    EXPECT(0, "", "zquant-init", "status");
    EXPECT(0, "", "zquant-migrate", "check");
    expect_history("install 0003,upgrade own1");
    end();
}

Test(own_revisions, one_that_is_pending_is_told_with_the_next_command)
{
    begin("own_pending", create);
    EXPECT(1, "and 'own1' is pending\nhint: run 'zquant-migrate upgrade --dir ", "zquant-init");
    EXPECT(1, "and 'own1' is pending\nhint: run 'zquant-migrate upgrade --dir ", "zquant-init");
    EXPECT(1, "hint: run 'zquant-migrate upgrade --dir ", "zquant-init", "status");
    EXPECT(1, "revision '0003' is recorded, and 'own1' is pending\n", "zquant-migrate", "check");
    EXPECT(0, "is at revision own1\n", "zquant-migrate", "upgrade");
    EXPECT(0, "nothing to do\n", "zquant-init");
    end();
}

Test(own_revisions, a_database_at_one_that_is_not_known_is_told_how_to_make_it_known)
{
    static const char *const commands[][3] = {
        {"zquant-init", NULL}, {"zquant-init", "status", NULL}, {"zquant-migrate", "check", NULL}};

    begin("own_unknown", create);
    EXPECT(0, "", "zquant-init", "--upgrade");
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        expect(commands[i], 1,
               "hint: use the build that made revision 'own1', or a newer one; if its file is your "
               "own, name the file's folder with --dir\n");
    end();
}

/* The password that was made up must not be lost with what comes after it. */
Test(own_revisions, one_that_fails_leaves_a_database_that_is_gone_on_with)
{
    program_result r;

    begin("own_fails", "CREATE TABLE zq_own (id nonsense)");
    r = PROGRAM("zquant-init", "--upgrade", "--dir", program_dir());
    cr_assert_eq(r.status, 2, "%s", r.err);
    SAYS(r.err, "the password of 'admin', shown only now: ");
    SAYS(r.err, "own1.sql:7: cannot run 'CREATE TABLE zq_own (id nonsense)': ");
    SAYS(r.err, "hint: mend the cause, then run 'zquant-init --upgrade --dir ");
    program_free(&r);
    write_own(create);
    EXPECT(0, "is ready at revision own1", "zquant-init", "--upgrade");
    expect_history("install 0003,upgrade own1");
    end();
}

Test(own_revisions, many_starters_on_an_empty_server_all_succeed)
{
    enum { STARTERS = 8 };
    pid_t pids[STARTERS];

    begin("own_many", create);
    for (int i = 0; i < STARTERS; i++)
        pids[i] = program_start(
            (const char *const[]){"zquant-init", "--upgrade", "--dir", program_dir(), NULL});
    for (int i = 0; i < STARTERS; i++)
        cr_assert_eq(program_wait(pids[i]), 0);
    expect_history("install 0003,upgrade own1");
    end();
}
