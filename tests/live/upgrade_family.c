/* Families, locks and a user who stops it: zquant-migrate on real servers. */
#include "own_revision.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

enum { MEMBERS = 30 };

#define ADD_INDEX FAMILY("ALTER TABLE {table} ADD INDEX ix_{table}_x (x);")

/* A database at head with members of one family, and a revision that is to run. */
static void begin(const char *test, const char *upgrade)
{
    own_begin(test);
    own_make_members(MEMBERS);
    own_write(upgrade, NULL);
}

#define INDEXED                                                                \
    "SELECT COUNT(*) FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = " \
    "DATABASE() AND INDEX_NAME LIKE 'ix\\_zq\\_quant\\_factor\\_spacex\\_%\\_x'"

Test(upgrade_family, runs_on_every_member_over_several_connections)
{
    begin("family_all", ADD_INDEX);
    OWN_SAYS(0, NULL, "zquant-migrate", "upgrade", "--jobs", "4");
    cli_expect_number(MEMBERS, INDEXED);
    own_expect_at("t1");
    cli_end();
}

Test(upgrade_family, a_mistake_is_found_on_one_member_and_may_be_mended_in_the_file)
{
    begin("family_canary", FAMILY("ALTER TABLE {table} ADD INDEX ix_{table}_x (nothing);"));
    OWN_SAYS(2,
             "t1.sql:8: cannot run the statement on 'zq_quant_factor_spacex_000000': the server "
             "refused the statement: Key column 'nothing' doesn't exist in table (1072)\n"
             "hint: fix the cause, then run 'zquant-migrate upgrade --dir .'",
             "zquant-migrate", "upgrade");
    own_write(ADD_INDEX, NULL);
    OWN_SAYS(0, NULL, "zquant-migrate", "upgrade");
    cli_expect_number(MEMBERS, INDEXED);
    cli_end();
}

Test(upgrade_family, the_first_failure_stops_it_and_more_are_borne_by_max_errors)
{
    begin("family_errors", FAMILY("ALTER TABLE {table} ADD UNIQUE INDEX ix_{table}_x (x);"));
    /* Rows in the way of a unique index, on two members. */
    cli_change("INSERT INTO zq_quant_factor_spacex_000007 VALUES (2, 0, 0);"
               "INSERT INTO zq_quant_factor_spacex_000009 VALUES (2, 0, 0)");
    OWN_SAYS(2, "cannot run the statement on 'zq_quant_factor_spacex_000007'", "zquant-migrate",
             "upgrade", "--jobs", "1");
    cli_expect_number(7, INDEXED);
    OWN_SAYS(2, "t1.sql:8: the statement failed on 2 members", "zquant-migrate", "upgrade",
             "--max-errors", "5");
    cli_expect_number(MEMBERS - 2, INDEXED);
    own_expect_at("0003");
    cli_change("UPDATE zq_quant_factor_spacex_000007 SET x = id;"
               "UPDATE zq_quant_factor_spacex_000009 SET x = id");
    OWN_SAYS(0, NULL, "zquant-migrate", "upgrade");
    cli_expect_number(MEMBERS, INDEXED);
    own_expect_at("t1");
    cli_end();
}

static pid_t start_upgrade(const char *lock_wait)
{
    const char *const words[] = {"zquant-migrate", "upgrade", "--dir",  ".",
                                 "--lock-wait",    lock_wait, "--jobs", "2",
                                 "--lock-timeout", "60",      NULL};

    return program_start(words);
}

Test(upgrade_family, a_member_that_appears_meanwhile_is_done_too, .timeout = 120)
{
    ZQ_AUTO(zq_db) holder = NULL;
    pid_t pid;

    begin("family_new", ADD_INDEX);
    /* The last member is held, so that the step is under way for as long as we like. */
    holder = cli_hold("SELECT COUNT(*) FROM zq_quant_factor_spacex_000029");
    pid = start_upgrade("1");
    cli_wait_for(MEMBERS - 1, INDEXED);
    own_make_member("000003a");
    live_exec(holder, "COMMIT");
    cr_assert_eq(program_wait(pid), 0);
    cli_expect_number(MEMBERS + 1, INDEXED);
    own_expect_at("t1");
    cli_end();
}

Test(upgrade_family, a_lock_is_waited_for_shortly_again_and_again_and_its_holder_is_named,
     .timeout = 120)
{
    ZQ_AUTO(zq_db) holder = NULL;
    program_result r;
    char connection[64];

    begin("family_lock", ADD_INDEX);
    holder = cli_hold("SELECT COUNT(*) FROM zq_quant_factor_spacex_000000");
    r = PROGRAM("zquant-migrate", "upgrade", "--dir", ".", "--lock-wait", "1", "--lock-timeout",
                "3");
    cr_assert_eq(r.status, 75, "%s", r.err);
    snprintf(connection, sizeof connection, "connection %llu of", zq_db_connection_id(holder));
    cr_assert_not_null(strstr(r.err, "waiting for a lock on 'zq_quant_factor_spacex_000000' ("),
                       "%s", r.err);
    cr_assert_not_null(strstr(r.err, connection), "%s", r.err);
    cr_assert_not_null(strstr(r.err,
                              "hint: run 'zquant-migrate upgrade --dir .' to continue, or allow "
                              "more time with --lock-timeout\n"),
                       "%s", r.err);
    program_free(&r);
    live_exec(holder, "COMMIT");
    OWN_SAYS(0, NULL, "zquant-migrate", "upgrade");
    cli_expect_number(MEMBERS, INDEXED);
    cli_end();
}

Test(upgrade_family, a_user_who_stops_it_is_told_how_to_go_on, .timeout = 120)
{
    ZQ_AUTO(zq_db) holder = NULL;
    pid_t pid;

    begin("family_stop", ADD_INDEX);
    holder = cli_hold("SELECT COUNT(*) FROM zq_quant_factor_spacex_000015");
    pid = start_upgrade("2");
    cli_wait_for(10, INDEXED);
    kill(pid, SIGINT);
    cr_assert_eq(program_wait(pid), 130);
    cr_assert_lt(cli_number(INDEXED), MEMBERS);
    own_expect_at("0003");
    live_exec(holder, "COMMIT");
    OWN_SAYS(0, NULL, "zquant-migrate", "upgrade");
    cli_expect_number(MEMBERS, INDEXED);
    cli_end();
}

Test(upgrade_family, a_run_that_is_at_work_is_waited_for_and_not_said_to_be_cut_short,
     .timeout = 120)
{
    ZQ_AUTO(zq_db) holder = NULL;
    pid_t pid;

    begin("family_wait", ADD_INDEX);
    holder = cli_hold("SELECT COUNT(*) FROM zq_quant_factor_spacex_000000");
    pid = start_upgrade("2");
    cli_wait_for(1, "SELECT COUNT(*) FROM zq_meta_journal");
    OWN_SAYS(75, "another run has held the lock for over 0 s", "zquant-migrate", "downgrade",
             "0003", "--lock-timeout", "0");
    OWN_SAYS(1,
             "the upgrade to revision 't1' is under way\n"
             "hint: wait until it has ended, then run this again\n",
             "zquant-migrate", "current");
    OWN_SAYS(1, "the upgrade to revision 't1' is under way\n", "zquant-init", "status");
    kill(pid, SIGKILL);
    program_wait(pid);
    live_exec(holder, "COMMIT");
    OWN_SAYS(1, "the upgrade to revision 't1' was cut short, and must be completed first\n",
             "zquant-migrate", "downgrade", "0003");
    OWN_SAYS(0, NULL, "zquant-migrate", "upgrade");
    cli_expect_number(MEMBERS, INDEXED);
    cli_end();
}

/* ---- what needs more than INPLACE ---- */

Test(upgrade_family, what_copies_a_table_is_refused_without_allow_locking)
{
    begin("family_copy", "ALTER TABLE zq_app_configs MODIFY COLUMN created_by text;");
    OWN_SAYS(64,
             "t1.sql:7: copies 'zq_app_configs': column 'created_by' becomes text, from "
             "varchar(50)\n"
             "hint: choose a quiet time, then say --allow-locking\n",
             "zquant-migrate", "upgrade");
    OWN_SAYS(0, NULL, "zquant-migrate", "upgrade", "--allow-locking");
    own_expect_at("t1");
    cli_end();
}

ZQ_LIVE_MAIN
