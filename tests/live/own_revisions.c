/* Revision files of the user's own (--dir): zquant-init knows them too. */
#include "own_revision.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define CREATE "CREATE TABLE zq_own (id int PRIMARY KEY);"

/* No database, and a revision of the user's own. */
static void begin(const char *test, const char *upgrade)
{
    cli_begin(test);
    own_write(upgrade, "DROP TABLE zq_own;");
}

static void expect_history(const char *wanted)
{
    cli_expect_value(wanted, "SELECT GROUP_CONCAT(CONCAT(operation, ' ', revision) ORDER BY id) "
                             "FROM zq_meta_history");
}

Test(own_revisions, a_fresh_install_goes_on_to_them_when_that_is_asked_for)
{
    begin("own_fresh", CREATE);
    OWN_SAYS(0, "is ready at revision t1 (on top of zquant 0.4.0)\n", "zquant-init", "--upgrade");
    OWN_SAYS(0, "is ready at revision t1 (on top of zquant 0.4.0), nothing to do\n", "zquant-init");
    OWN_SAYS(0, "", "zquant-init", "status");
    OWN_SAYS(0, "", "zquant-migrate", "check");
    expect_history("install 0003,upgrade t1");
    cli_end();
}

Test(own_revisions, one_that_is_pending_is_told_with_the_next_command)
{
    begin("own_pending", CREATE);
    for (int i = 0; i < 2; i++)
        OWN_SAYS(1,
                 "and 't1' is pending\n"
                 "hint: run 'zquant-migrate upgrade --dir .', or this again with --upgrade\n",
                 "zquant-init");
    OWN_SAYS(1, "hint: run 'zquant-migrate upgrade --dir .'\n", "zquant-init", "status");
    OWN_SAYS(1, "revision '0003' is recorded, and 't1' is pending\n", "zquant-migrate", "check");
    OWN_SAYS(0, "is at revision t1\n", "zquant-migrate", "upgrade");
    OWN_SAYS(0, "nothing to do\n", "zquant-init");
    cli_end();
}

Test(own_revisions, a_database_at_one_that_is_not_known_is_told_how_to_make_it_known)
{
    static const char *const commands[][3] = {
        {"zquant-init", NULL}, {"zquant-init", "status", NULL}, {"zquant-migrate", "check", NULL}};

    begin("own_unknown", CREATE);
    OWN_SAYS(0, "", "zquant-init", "--upgrade");
    for (size_t i = 0; i < ZQ_LEN(commands); i++)
        cli_expect_said(
            1,
            "hint: use the build that made revision 't1', or a newer one; if its file is your "
            "own, name the file's folder with --dir\n",
            commands[i]);
    cli_end();
}

/* The password that was made up must not be lost with what comes after it. */
Test(own_revisions, one_that_fails_leaves_a_database_that_is_gone_on_with)
{
    program_result r;

    begin("own_fails", "CREATE TABLE zq_own (id nonsense);");
    r = PROGRAM("zquant-init", "--upgrade", "--dir", ".");
    cr_assert_eq(r.status, 2, "%s", r.err);
    cr_assert_not_null(strstr(r.err, "the password of 'admin', shown only now: "), "%s", r.err);
    cr_assert_not_null(strstr(r.err, "t1.sql:7: cannot run 'CREATE TABLE zq_own (id nonsense)': "),
                       "%s", r.err);
    cr_assert_not_null(
        strstr(r.err, "hint: mend the cause, then run 'zquant-init --upgrade --dir .'"), "%s",
        r.err);
    program_free(&r);
    own_write(CREATE, "DROP TABLE zq_own;");
    OWN_SAYS(0, "is ready at revision t1", "zquant-init", "--upgrade");
    expect_history("install 0003,upgrade t1");
    cli_end();
}

/* A consent that was given, and the address: else the next command asks for it again, or goes to
 * another database. */
Test(own_revisions, the_next_command_has_what_this_one_was_given)
{
    const char *port = live_env("PORT", "");
    char hint[512];

    cli_begin("own_again");
    EXPECT(0, NULL, "zquant-init", "--quiet", "--no-admin");
    own_write("DROP TABLE zq_own;", NULL);
    program_env("DB_NAME", "");
    program_env("DB_PORT", "");
    snprintf(hint, sizeof hint,
             "\nhint: bring it back, or mend its name in the file, then run 'zquant-migrate "
             "upgrade --port %s --database %s --config \"./o ther.ini\" --dir . "
             "--allow-data-loss --allow-locking --max-errors 3' again\n",
             port, cli_database());
    program_file("o ther.ini", "", 0644);
    OWN_SAYS(1, hint, "zquant-migrate", "upgrade", "-P", port, "-D", cli_database(), "--config",
             "./o ther.ini", "--allow-data-loss", "--allow-locking", "--max-errors", "3", "--wait",
             "1", "--jobs", "2", "-v");
    program_env_live(cli_database());
    own_write("CREATE TABLE zq_own (id nonsense);", NULL);
    cli_change("DELETE FROM zq_meta_journal");
    OWN_SAYS(2,
             "\nhint: mend the cause, then run 'zquant-init --upgrade --no-admin --dir .' again\n",
             "zquant-init", "--upgrade", "--no-admin");
    cli_end();
}

Test(own_revisions, many_starters_on_an_empty_server_all_succeed)
{
    enum { STARTERS = 8 };
    pid_t pids[STARTERS];

    begin("own_many", CREATE);
    for (int i = 0; i < STARTERS; i++)
        pids[i] =
            program_start((const char *const[]){"zquant-init", "--upgrade", "--dir", ".", NULL});
    for (int i = 0; i < STARTERS; i++)
        cr_assert_eq(program_wait(pids[i]), 0);
    expect_history("install 0003,upgrade t1");
    cli_end();
}

ZQ_LIVE_MAIN
