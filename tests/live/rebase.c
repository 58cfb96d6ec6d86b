/* A new release of zquant over revisions of the user's own: 0003 is the new one here. */
#include "own_revision.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define NOTES "ALTER TABLE zq_quant_position ADD COLUMN notes text;"
#define DROP_NOTES "ALTER TABLE zq_quant_position DROP COLUMN notes;"

/* A file of the user's own, and its text. */
static const char *write_own(const char *id, const char *revises, const char *upgrade,
                             const char *downgrade)
{
    static char text[1024];
    char name[64];

    snprintf(name, sizeof name, "%s_mine.sql", id);
    snprintf(text, sizeof text,
             "-- revision: %s\n-- revises: %s\n-- title: mine\n-- created: 2026-01-04T00:00:00Z\n\n"
             "-- zq:upgrade\n%s\n-- zq:downgrade\n%s\n",
             id, revises, upgrade, downgrade);
    program_file(name, text, 0644);
    return text;
}

/* As the build of the release before has left a database that it ran the file on. */
static void apply_own(const char *id, const char *text, const char *upgrade)
{
    char sql[2048];

    cli_change(upgrade);
    snprintf(sql, sizeof sql,
             "INSERT INTO zq_meta_history (revision, operation, title, checksum, tool_version, "
             "applied_by, applied_time) VALUES ('%s', 'upgrade', 'mine', SHA2('%s', 256), '0', "
             "'x', NOW(3))",
             id, text);
    cli_change(sql);
}

static void begin(void)
{
    own_begin("rebase");
}

/* As far as the record is asked; where 0003 is run, too. */
static void say_at_0002(void)
{
    EXPECT(0, NULL, "zquant-migrate", "stamp", "0002", "--quiet");
}
static void bring_to_0002(void)
{
    EXPECT(0, NULL, "zquant-migrate", "downgrade", "0002", "--allow-data-loss", "--quiet");
}

TestSuite(rebase, .init = begin, .fini = cli_end);

static void expect_history(const char *wanted)
{
    cli_expect_value(wanted, "SELECT GROUP_CONCAT(CONCAT(operation, ' ', revision) ORDER BY id) "
                             "FROM zq_meta_history WHERE id > 2");
}

Test(rebase, every_command_names_it)
{
    static const char *const commands[][5] = {
        {"zquant-init", "--dir", ".", NULL},
        {"zquant-migrate", "upgrade", "--dir", ".", NULL},
        {"zquant-migrate", "check", "--dir", ".", NULL},
        {"zquant-migrate", "history", "--dir", ".", NULL},
    };

    say_at_0002();
    write_own("own-a", "0002", "CREATE TABLE zq_own (a int);", "DROP TABLE zq_own;");
    for (size_t i = 0; i < ZQ_LEN(commands); i++)
        cli_expect_said(65,
                        "own-a_mine.sql:2: two heads: 'own-a' revises '0002', and '0003' in "
                        "'0003_zquant_0_4_0.sql' does\n"
                        "hint: zquant's revisions come first: run 'zquant-migrate rebase "
                        "--dry-run' to see how yours are moved behind them\n",
                        commands[i]);
}

Test(rebase, what_is_not_applied_is_moved_in_its_file_alone)
{
    bring_to_0002();
    write_own("own-a", "0002", "CREATE TABLE zq_own (a int);", "DROP TABLE zq_own;");
    write_own("own-b", "own-a", "CREATE TABLE zq_own_b (a int);", "DROP TABLE zq_own_b;");
    OWN_SAYS(0, "./own-a_mine.sql would revise '0003' instead of '0002'\n", "zquant-migrate",
             "rebase", "--dry-run");
    OWN_SAYS(65, "two heads", "zquant-migrate", "upgrade");
    program_file("own-b_mine.schema.txt", "of before", 0644);
    OWN_SAYS(
        0,
        "zquant-migrate: warning: './own-b_mine.schema.txt' is removed: with what comes before "
        "it now, revision './own-b_mine.sql' leads to another schema; 'zquant-migrate show "
        "--schema live --dir .' prints that at a database that is upgraded\n"
        "zquant-migrate: ./own-a_mine.sql revises now '0003' instead of '0002'\n"
        "zquant-migrate: the record of database '",
        "zquant-migrate", "rebase");
    OWN_SAYS(0, "is at revision own-b\n", "zquant-migrate", "upgrade");
    expect_history("upgrade 0003,upgrade own-a,upgrade own-b");
    OWN_SAYS(0, "nothing is to be moved; the record of database '", "zquant-migrate", "rebase");
}

Test(rebase, what_is_applied_is_kept_and_recorded_when_its_turn_comes)
{
    bring_to_0002();
    apply_own("own-a", write_own("own-a", "0002", NOTES, DROP_NOTES), NOTES);
    OWN_SAYS(64,
             "warning: ./own-a_mine.sql:7: changes 'zq_quant_position', and so does "
             "0003_zquant_0_4_0.sql:86\n"
             "zquant-migrate: your revisions were run before those that come before them now, and "
             "change the same\n"
             "hint: see that they go together in either order, and that there is a backup, then "
             "run 'zquant-migrate rebase --allow-unknown --dir .'\n",
             "zquant-migrate", "rebase");
    OWN_SAYS(0, "zquant-migrate: revision 'own-a' is in the database, and will not be run again\n",
             "zquant-migrate", "rebase", "--allow-unknown");
    OWN_SAYS(1, "hint: run 'zquant-migrate upgrade --dir .'\n", "zquant-init", "status");
    SAYS(1, "is at revision 'own-a', which this build does not know\n", "zquant-init");
    SAYS(1, "revision 'own-a' is in database '", "zquant-migrate", "upgrade");
    OWN_SAYS(64,
             "revision 'own-a' is in the database, and those that 'rebase' put before it are not "
             "all run yet\nhint: run 'zquant-migrate upgrade' first\n",
             "zquant-migrate", "downgrade", "0001");
    OWN_SAYS(0, "recording own-a, which is in the database already: mine\n", "zquant-migrate",
             "upgrade");
    expect_history("upgrade own-a,ahead own-a,rebase 0002,upgrade 0003,upgrade own-a");
    OWN_SAYS(0, "nothing to do\n", "zquant-init");
    OWN_SAYS(0, "", "zquant-migrate", "downgrade", "0003", "--allow-data-loss");
    EXPECT(0, "", "zquant-migrate", "check");
    OWN_SAYS(0, "upgrading to own-a: mine\n", "zquant-migrate", "upgrade");
    cli_expect_number(1, "SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = "
                         "DATABASE() AND column_name = 'notes'");
}

/* The files are moved once, where they are written; each database has its record. */
Test(rebase, files_that_came_rebased_are_recognised_in_a_database_that_has_them)
{
    const char *text = write_own("own-a", "0002", "CREATE TABLE zq_own (a int);", "");

    bring_to_0002();
    apply_own("own-a", text, "CREATE TABLE zq_own (a int)");
    write_own("own-a", "0003", "CREATE TABLE zq_own (a int);", "");
    OWN_SAYS(65,
             "own-a_mine.sql:1: revision 'own-a' was moved by a rebase since it was applied\n"
             "hint: run 'zquant-migrate rebase' to move it in the database's record, too\n",
             "zquant-migrate", "upgrade");
    OWN_SAYS(1, "was moved by a rebase since it was applied\n", "zquant-init", "status");
    OWN_SAYS(0, "will not be run again\n", "zquant-migrate", "rebase");
    OWN_SAYS(0, "", "zquant-migrate", "upgrade", "0003");
    SAYS(1, "is at revision 'own-a', which this build does not know\n", "zquant-init");
    OWN_SAYS(0, "", "zquant-migrate", "upgrade");
    expect_history("upgrade own-a,ahead own-a,rebase 0002,upgrade 0003,upgrade own-a");
    OWN_SAYS(0, "", "zquant-init", "status");
}

Test(rebase, one_with_an_id_that_zquant_has_now_is_given_another)
{
    const char *text = write_own("0003", "0002", "CREATE TABLE zq_own (a int);", "");

    bring_to_0002();
    apply_own("0003", text, "CREATE TABLE zq_own (a int)");
    SAYS(1,
         "\nhint: if a revision of your own was called '0003', name its folder with --dir and run "
         "'zquant-migrate rebase'; else use the build that applied it\n",
         "zquant-init");
    OWN_SAYS(65, "hint: zquant's revisions come first", "zquant-migrate", "upgrade");
    OWN_SAYS(0,
             "./0003_mine.sql is now ./own-0003_mine.sql, revision 'own-0003', which revises "
             "'0003'\n",
             "zquant-migrate", "rebase");
    OWN_SAYS(0, "is at revision own-0003\n", "zquant-migrate", "upgrade");
    expect_history("upgrade 0003,ahead own-0003,rebase 0002,upgrade 0003,upgrade own-0003");
}

Test(rebase, what_was_cut_short_comes_first)
{
    say_at_0002();
    write_own("own-a", "0002", NOTES, "");
    cli_change("INSERT INTO zq_meta_journal (revision, direction, step, state, token, "
               "started_time) VALUES ('own-a', 'up', 1, 'started', 1, NOW(3))");
    OWN_SAYS(1,
             "revision 'own-a' was cut short, and must be completed first\n"
             "hint: run the command that was cut short again, by the build that began it; "
             "'zquant-migrate resume --dir .' shows what was done, and the ways out\n",
             "zquant-migrate", "rebase");
    OWN_SAYS(0,
             "two heads: 'own-a' revises '0002', and '0003' in '0003_zquant_0_4_0.sql' does; "
             "the files of --dir are left out\n",
             "zquant-migrate", "resume", "--forget");
    OWN_SAYS(0, "", "zquant-migrate", "rebase");
}

Test(rebase, it_wants_a_folder)
{
    SAYS(64, "rebase needs the folder of your own revisions\nhint: name it with --dir DIR\n",
         "zquant-migrate", "rebase");
}

Test(rebase, numbers_are_warned_of)
{
    write_own("0004", "0003", "CREATE TABLE zq_own (a int);", "DROP TABLE zq_own;");
    OWN_SAYS(0,
             "warning: ./0004_mine.sql:1: ids of digits alone are zquant's, and a later release "
             "may have a '0004', too: give yours a word, as in 'own-0004'\n",
             "zquant-migrate", "upgrade");
}

/* ---- stamp ---- */

Test(rebase, a_database_at_a_revision_that_nobody_has_is_recorded_with_consent)
{
    bring_to_0002();
    apply_own("own-gone", "gone", "CREATE TABLE zq_own (a int)");
    SAYS(1,
         "the database is at revision 'own-gone', which is not known here\n"
         "hint: what revision 'own-gone' did stays in the database: to record another one all the "
         "same, run 'zquant-migrate stamp 0002 --allow-unknown'\n",
         "zquant-migrate", "stamp", "0002");
    SAYS(64, "'-1' is counted from where the database is, and the database is at revision",
         "zquant-migrate", "stamp", "--allow-unknown", "-1");
    EXPECT(0, NULL, "zquant-migrate", "stamp", "0002", "--allow-unknown", "--dry-run");
    SAYS(1, "'own-gone', which is not known here\n", "zquant-migrate", "current");
    EXPECT(0, NULL, "zquant-migrate", "stamp", "0002", "--allow-unknown");
    EXPECT(0, NULL, "zquant-migrate", "upgrade");
    expect_history("upgrade own-gone,stamp 0002,upgrade 0003");
}

Test(rebase, a_file_that_changed_and_is_lost_is_taken_as_it_is_with_consent)
{
    write_own("own-a", "0003", "CREATE TABLE zq_own (a int);", "");
    OWN_SAYS(0, "", "zquant-migrate", "upgrade");
    write_own("own-a", "0003", "CREATE TABLE zq_own (b int);", "");
    OWN_SAYS(1, "hint: what revision 'own-a' did stays", "zquant-migrate", "stamp", "own-a");
    OWN_SAYS(0, "is recorded as revision own-a", "zquant-migrate", "stamp", "own-a",
             "--allow-unknown");
    OWN_SAYS(0, "", "zquant-init", "status");
}

ZQ_LIVE_MAIN
