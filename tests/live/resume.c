/* A revision that was cut short: every command says so, and there is a way out of it without a
 * statement on our tables. */
#include "own_revision.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void begin(void)
{
    own_begin("resume");
}

TestSuite(resume, .init = begin, .fini = cli_end, .timeout = 120);

#define FAILS                                                \
    "ALTER TABLE zq_quant_position ADD COLUMN notes text;\n" \
    "ALTER TABLE zq_none ADD COLUMN w int;\n"                \
    "UPDATE zq_quant_position SET notes = 'x';"

/* What standard output of a command is. */
static void expect_out(const char *out, const char *const *words)
{
    program_result r = program_run(words, NULL);

    cr_assert_str_eq(r.out, out, "%s", r.err);
    cr_assert_eq(r.status, 0, "%s", r.err);
    program_free(&r);
}
#define OUT(out, ...) expect_out((out), (const char *const[]){__VA_ARGS__, NULL})

static void expect_cut_short(void)
{
    static const char *const commands[][3] = {{"zquant-init", NULL},
                                              {"zquant-init", "status", NULL},
                                              {"zquant-migrate", "check", NULL},
                                              {"zquant-migrate", "current", NULL}};

    for (size_t i = 0; i < ZQ_LEN(commands); i++) {
        cli_expect_said(1,
                        "the upgrade to revision 't1' was cut short, and must be completed first\n"
                        "hint: name the folder of its file with --dir, or see 'zquant-migrate "
                        "resume' for what it did and how to give it up\n",
                        commands[i]);
        if (commands[i][1] == NULL)
            OWN_SAYS(1,
                     "the upgrade to revision 't1' was cut short, and must be completed first\n"
                     "hint: run 'zquant-migrate upgrade t1 --dir .'; 'zquant-migrate resume --dir "
                     ".' shows what was done, and the ways out\n",
                     commands[i][0]);
    }
}

Test(resume, every_command_says_that_an_upgrade_was_cut_short)
{
    own_write(FAILS, "");
    OWN_SAYS(2, "t1.sql:8: cannot run", "zquant-migrate", "upgrade");
    expect_cut_short();
    cli_change("CREATE TABLE zq_none (a int)");
    OWN_SAYS(0, "is ready at revision t1", "zquant-init", "--upgrade");
    OWN_SAYS(0, "", "zquant-init", "status");
}

Test(resume, every_command_says_that_a_downgrade_was_cut_short)
{
    own_write("ALTER TABLE zq_quant_position ADD COLUMN notes text;",
              "ALTER TABLE zq_quant_position DROP COLUMN notes;\nDELETE FROM zq_none;");
    OWN_SAYS(0, "", "zquant-migrate", "upgrade");
    OWN_SAYS(2, "", "zquant-migrate", "downgrade", "0003", "--allow-data-loss");
    OWN_SAYS(1,
             "the downgrade from revision 't1' was cut short, and must be completed first\n"
             "hint: run 'zquant-migrate downgrade 0003 --dir .'; ",
             "zquant-init", "status");
    OWN_SAYS(1, "the downgrade from revision 't1' was cut short", "zquant-init", "--upgrade");
    OWN_SAYS(1, "the downgrade from revision 't1' was cut short", "zquant-migrate", "check");
}

Test(resume, an_applied_file_that_has_changed_is_not_ready)
{
    own_write("CREATE TABLE zq_own (a int);", "");
    OWN_SAYS(0, "", "zquant-migrate", "upgrade");
    OWN_SAYS(0, "", "zquant-init", "status");
    own_write("CREATE TABLE zq_own (b int);", "");
    OWN_SAYS(
        1,
        "\nhint: restore the file, and put the change into a revision of its own; if it is lost, "
        "'zquant-migrate stamp t1 --allow-unknown' takes the file as it is\n",
        "zquant-init", "status");
    OWN_SAYS(1, "t1.sql:1: revision 't1' has changed since it was applied: its checksum was ",
             "zquant-init");
    OWN_SAYS(1, "t1.sql:1: revision 't1' has changed since it was applied: its checksum was ",
             "zquant-migrate", "check");
}

Test(resume, it_shows_what_is_done_and_the_ways_out)
{
    OUT("", "zquant-migrate", "resume");
    own_write(FAILS, "");
    OWN_SAYS(2, "", "zquant-migrate", "upgrade");
    OUT("revision t1 (up), ./t1.sql\n"
        "   1  done      line 7: ALTER TABLE zq_quant_position ADD COLUMN notes text\n"
        "      'zq_quant_position' is as the statement leaves it\n"
        "   2  failed    line 8: ALTER TABLE zq_none ADD COLUMN w int\n"
        "   3  to do     line 9: UPDATE zq_quant_position SET notes = 'x'\n"
        "\n"
        "to continue:             zquant-migrate upgrade t1 --dir .\n"
        "to take step 2 as done:  zquant-migrate resume --dir . --accept 2\n"
        "to give it up:           zquant-migrate resume --dir . --forget\n",
        "zquant-migrate", "resume", "--dir", ".");
    OUT("revision t1 (up), whose file is not known here\n"
        "   1  done    \n"
        "   2  failed  \n"
        "\n"
        "to give it up:           zquant-migrate resume --forget\n",
        "zquant-migrate", "resume");
}

Test(resume, a_step_may_be_taken_as_done)
{
    own_write(FAILS, "");
    OWN_SAYS(2, "", "zquant-migrate", "upgrade");
    OWN_SAYS(0, "step 2 of revision 't1' would be taken as done\n", "zquant-migrate", "resume",
             "--accept", "2", "--dry-run");
    OWN_SAYS(2, "t1.sql:8: cannot run", "zquant-migrate", "upgrade");
    OWN_SAYS(64, "step 1 of revision 't1' is done\n", "zquant-migrate", "resume", "--accept", "1");
    OWN_SAYS(64, "revision 't1' has no step 4\n", "zquant-migrate", "resume", "--accept", "4");
    OWN_SAYS(64, "--accept, --repeat and --forget exclude each other\n", "zquant-migrate", "resume",
             "--accept", "2", "--forget");
    OWN_SAYS(0, "step 2 of revision 't1' is taken as done\n", "zquant-migrate", "resume",
             "--accept", "2");
    OWN_SAYS(0, "is at revision t1\n", "zquant-migrate", "upgrade");
    OWN_SAYS(0, "no revision of database '", "zquant-migrate", "resume", "--accept", "2");
}

/* Its file is gone: what it did is the operator's to undo. */
Test(resume, a_revision_may_be_given_up)
{
    own_write(FAILS, "");
    OWN_SAYS(2, "'zquant-migrate resume --dir .' shows the ways out", "zquant-migrate", "upgrade");
    unlink("t1.sql");
    SAYS(1, "for what it did and how to give it up\n", "zquant-migrate", "upgrade");
    SAYS(0, "the journal of revision 't1' would be dropped\n", "zquant-migrate", "resume",
         "--forget", "--dry-run");
    SAYS(1, "", "zquant-init", "status");
    SAYS(0, "the journal of revision 't1' is dropped\n", "zquant-migrate", "resume", "--forget");
    SAYS(1, "but 1 table is not its: \'zq_quant_position\'\n", "zquant-init", "status");
    cli_expect_number(0, "SELECT COUNT(*) FROM zq_meta_journal");
    cli_change("ALTER TABLE zq_quant_position DROP COLUMN notes");
    SAYS(0, "", "zquant-migrate", "check");
    SAYS(0, "", "zquant-init", "status");
}

/* Somebody changed the table between: the message leads to the page that shows it. */
Test(resume, what_does_not_fit_is_shown)
{
    own_write(FAILS, "");
    OWN_SAYS(2, "", "zquant-migrate", "upgrade");
    cli_change("ALTER TABLE zq_quant_position ADD COLUMN other int; CREATE TABLE zq_none (a int)");
    OWN_SAYS(
        1,
        "t1.sql:7: cannot continue: 'zq_quant_position' was changed after the statement was done\n"
        "hint: 'zquant-migrate resume --dir .' shows what was expected, what was found, and "
        "the ways out\n",
        "zquant-migrate", "upgrade");
    OWN_SAYS(0, "", "zquant-migrate", "resume");
}

/* Somebody dropped one table and changed another after their statements were done. */
Test(resume, a_step_that_is_done_and_does_not_fit_can_be_decided_about)
{
    cli_change("CREATE TABLE zq_t_a (i int); CREATE TABLE zq_t_b (i int)");
    own_write("ALTER TABLE zq_t_a ADD x int;\nALTER TABLE zq_t_b ADD x int;\n"
              "ALTER TABLE zq_none ADD x int;",
              "");
    OWN_SAYS(2, "", "zquant-migrate", "upgrade");
    cli_change("DROP TABLE zq_t_a; ALTER TABLE zq_t_b DROP x, ADD z int; CREATE TABLE zq_none (i "
               "int)");
    OWN_SAYS(1, "'zq_t_a' was changed after the statement was done\n", "zquant-migrate", "upgrade");
    OUT("revision t1 (up), ./t1.sql\n"
        "   1  done      line 7: ALTER TABLE zq_t_a ADD x int\n"
        "      expected: as the statement leaves it; found: 'zq_t_a' is neither as it was before "
        "nor "
        "as the statement leaves it\n"
        "   2  done      line 8: ALTER TABLE zq_t_b ADD x int\n"
        "      expected: as the statement leaves it; found: 'zq_t_b' is neither as it was before "
        "nor "
        "as the statement leaves it\n"
        "   3  failed    line 9: ALTER TABLE zq_none ADD x int\n"
        "\n"
        "to continue:             zquant-migrate upgrade t1 --dir .\n"
        "to take step 1 as done:  zquant-migrate resume --dir . --accept 1\n"
        "to run step 1 again:     zquant-migrate resume --dir . --repeat 1\n"
        "to take step 2 as done:  zquant-migrate resume --dir . --accept 2\n"
        "to run step 2 again:     zquant-migrate resume --dir . --repeat 2\n"
        "to take step 3 as done:  zquant-migrate resume --dir . --accept 3\n"
        "to give it up:           zquant-migrate resume --dir . --forget\n",
        "zquant-migrate", "resume", "--dir", ".");
    OWN_SAYS(0, "step 1 of revision 't1' is taken as done\n", "zquant-migrate", "resume",
             "--accept", "1");
    OWN_SAYS(0, "step 2 of revision 't1' is taken as not begun\n", "zquant-migrate", "resume",
             "--repeat", "2");
    OWN_SAYS(0, "is at revision t1\n", "zquant-migrate", "upgrade");
    cli_expect_number(3, "SELECT COUNT(*) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = "
                         "DATABASE() AND TABLE_NAME = 'zq_t_b'");
}

ZQ_LIVE_MAIN
