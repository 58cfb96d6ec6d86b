/* Rows of members, statements that go through a family together, and statements whose words do not
 * tell: zquant-migrate on real servers, cut short where it hurts. */
#include "own_revision.h"
#include "run/session_lock.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { MEMBERS = 12 };

/* A database at head with members of one family and two tables of somebody else, and a revision
 * that is to run. */
static void begin(const char *test, const char *upgrade)
{
    own_begin(test);
    own_make_members(MEMBERS);
    cli_change("CREATE TABLE seen (n int);"
               "CREATE TABLE gate (id int PRIMARY KEY, n int); INSERT INTO gate VALUES (1, 0)");
    own_write(upgrade, NULL);
}

#define UPGRADE "zquant-migrate", "upgrade", "--allow-locking", "--allow-unknown"

static pid_t start_upgrade(void)
{
    const char *const words[] = {
        "zquant-migrate", "upgrade", "--dir",           ".", "--lock-wait", "1", "-j", "2",
        "--lock-timeout", "60",      "--allow-unknown", NULL};

    return program_start(words);
}

#define INDEXED(letter)                                                                       \
    "SELECT COUNT(*) FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() AND " \
    "INDEX_NAME = 'ix_" letter "'"

#define WAITING                                                                                 \
    (live_flavor() == ZQ_MYSQL ? "SELECT COUNT(*) FROM performance_schema.processlist WHERE "   \
                                 "DB = DATABASE() AND STATE LIKE 'Waiting for table metadata%'" \
                               : "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE "   \
                                 "DB = DATABASE() AND STATE LIKE 'Waiting for table metadata%'")

/* End what the run has on the server, as when the network goes. */
static void kill_connections(void)
{
    ZQ_AUTO(zq_db) db = cli_open();
    char sql[64];
    int id;

    while ((id = cli_other("INFO LIKE '%zq_meta_journal%'")) > 0) {
        snprintf(sql, sizeof sql, "KILL %d", id);
        zq_db_exec(db, sql, NULL);
    }
}

/* ---- statements that go together ---- */

#define TWO_INDEXES                                    \
    FAMILY("ALTER TABLE {table} ADD INDEX ix_x (x);\n" \
           "ALTER TABLE {table} ADD INDEX ix_y (y), ADD COLUMN z int;")

Test(upgrade_members, what_only_adds_goes_through_the_members_together)
{
    begin("members_two", TWO_INDEXES);
    cli_change("ALTER TABLE zq_quant_factor_spacex_000005 DROP COLUMN y");
    OWN_SAYS(1,
             "t1.sql:9: 1 member of 'zq_quant_factor_spacex_{code}' is left as it is: has no "
             "column 'y': 'zq_quant_factor_spacex_000005'\n"
             "zquant-migrate: once that is fixed, 'zq_quant_factor_spacex_000005' lacks: "
             "ALTER TABLE zq_quant_factor_spacex_000005 ADD INDEX ix_y (y), ADD COLUMN z int;\n",
             UPGRADE);
    cli_expect_number(MEMBERS, INDEXED("x"));
    cli_expect_number(MEMBERS - 1, INDEXED("y"));
    own_expect_at("0003");
    cli_change("ALTER TABLE zq_quant_factor_spacex_000005 ADD COLUMN y int");
    OWN_SAYS(0, NULL, UPGRADE);
    cli_expect_number(MEMBERS, INDEXED("y"));
    own_expect_at("t1");
    cli_end();
}

Test(upgrade_members, killed_between_them_each_member_gets_what_it_lacks, .timeout = 180)
{
    ZQ_AUTO(zq_db) holder = NULL;
    pid_t pid;

    begin("members_killed", TWO_INDEXES);
    holder = cli_hold("SELECT COUNT(*) FROM zq_quant_factor_spacex_000006");
    pid = start_upgrade();
    cli_wait_for(MEMBERS - 1, INDEXED("y"));
    /* Behind the first, both are one statement. */
    cli_wait_for_other("INFO LIKE 'ALTER TABLE zq_quant_factor_spacex_000006%ix_x%ix_y%'");
    kill(pid, SIGKILL);
    program_wait(pid);
    live_exec(holder, "COMMIT");
    /* One that had the first of them only, and one that came meanwhile. */
    cli_change("ALTER TABLE zq_quant_factor_spacex_000003 DROP INDEX ix_y, DROP COLUMN z");
    own_make_member("000002a");
    OWN_SAYS(0, NULL, UPGRADE);
    cli_expect_number(MEMBERS + 1, INDEXED("x"));
    cli_expect_number(MEMBERS + 1, INDEXED("y"));
    cli_end();
}

Test(upgrade_members, the_second_is_refused_before_a_second_member_has_the_first)
{
    begin("members_refused", FAMILY("ALTER TABLE {table} ADD INDEX ix_x (x);\n"
                                    "ALTER TABLE {table} ADD INDEX ix_y (nothing);"));
    OWN_SAYS(2,
             "t1.sql:9: cannot run the statement on 'zq_quant_factor_spacex_000000': the server "
             "refused the statement: Key column 'nothing' doesn't exist in table (1072)\n",
             UPGRADE);
    cli_expect_number(1, INDEXED("x"));
    own_write(TWO_INDEXES, NULL);
    OWN_SAYS(0, NULL, UPGRADE);
    cli_expect_number(MEMBERS, INDEXED("x"));
    cli_expect_number(MEMBERS, INDEXED("y"));
    cli_end();
}

Test(upgrade_members, what_the_revision_has_set_holds_for_every_member)
{
    begin("members_set",
          "SET sql_mode = '';\n" FAMILY(
              "ALTER TABLE {table} ADD COLUMN since date NOT NULL DEFAULT '0000-00-00';"));
    OWN_SAYS(0, NULL, UPGRADE);
    cli_expect_number(MEMBERS, "SELECT COUNT(*) FROM information_schema.COLUMNS WHERE "
                               "TABLE_SCHEMA = DATABASE() AND COLUMN_NAME = 'since'");
    cli_end();
}

/* ---- statements that outlive their program ---- */

/* What the run says goes into a file of its own, to be read while it waits. */
static pid_t start_upgrade_that_tells(void)
{
    const char *const words[] = {
        "/bin/sh", "-c", "exec " ZQ_BUILD_DIR "/zquant-migrate upgrade --dir . 2>said", NULL};

    return program_start(words);
}

static void wait_until_said(const char *words)
{
    const struct timespec pause = {.tv_nsec = 20000000};
    char path[512], text[4096];

    snprintf(path, sizeof path, "%s/said", program_dir());
    for (int i = 0; i < 3000; i++) {
        FILE *file = fopen(path, "r");
        size_t n = file == NULL ? 0 : fread(text, 1, sizeof text - 1, file);

        if (file != NULL)
            fclose(file);
        text[n] = '\0';
        if (strstr(text, words) != NULL)
            return;
        nanosleep(&pause, NULL);
    }
    cr_assert_fail("it never said: %s", words);
}

#define WAITS "zquant-migrate: waiting for a statement of a run that is gone\n"

/* Two members are held, so that both connections of the run are at a statement. The one with the
 * lease is cut, as when it was idle: what the worker has under way is all that is left. The next
 * run ends it, or waits for it. */
Test(upgrade_members, a_statement_of_a_worker_that_outlives_its_program_does_not_meet_the_next_run,
     .timeout = 180)
{
    ZQ_AUTO(zq_db) one = NULL;
    ZQ_AUTO(zq_db) other = NULL;
    int worker;
    pid_t pid;

    begin("members_outlive", FAMILY("ALTER TABLE {table} ADD INDEX ix_x (x);"));
    one = cli_hold("SELECT COUNT(*) FROM zq_quant_factor_spacex_000006");
    other = cli_hold("SELECT COUNT(*) FROM zq_quant_factor_spacex_000007");
    pid = program_start((const char *const[]){"zquant-migrate", "upgrade", "--dir", ".",
                                              "--lock-wait", "60", "-j", "2", NULL});
    cli_wait_for(2, WAITING);
    kill(pid, SIGKILL);
    program_wait(pid);
    worker = cli_other("INFO LIKE 'ALTER TABLE zq_quant%'");
    if (live_flavor() == ZQ_MYSQL) { /* MariaDB's ends when its client is gone */
        char first[96];

        snprintf(first, sizeof first, "INFO LIKE 'ALTER TABLE zq_quant%%' AND ID <> %d", worker);
        cli_cut(cli_wait_for_other(first));
    }
    pid = start_upgrade_that_tells();
    live_exec(one, "COMMIT");
    live_exec(other, "COMMIT");
    cr_assert_eq(program_wait(pid), 0);
    cli_expect_number(MEMBERS, INDEXED("x"));
    cli_expect_number(0, "SELECT COUNT(*) FROM zq_meta_journal");
    cli_end();
}

Test(upgrade_members, a_connection_of_a_run_that_is_gone_is_waited_for, .timeout = 180)
{
    const zq_watch nobody = {0};
    const zq_online_rules rules = {.database = cli_database(), .watch = &nobody};
    ZQ_AUTO(zq_db) left = NULL;
    pid_t pid;

    begin("members_left", FAMILY("ALTER TABLE {table} ADD INDEX ix_x (x);"));
    left = cli_open();
    cr_assert_eq(zq_session_lock(left, &rules, ZQ_MOST_SESSIONS - 1, NULL), ZQ_OK);
    OWN_SAYS(75,
             "zquant-migrate: a statement of a run that is gone is still at work after 10 s\n"
             "hint: wait for it to finish, or allow more time with --lock-timeout\n",
             "zquant-migrate", "upgrade", "--lock-timeout", "0");
    cli_expect_number(0, INDEXED("x"));
    pid = start_upgrade_that_tells();
    wait_until_said(WAITS);
    zq_db_close(left);
    left = NULL;
    cr_assert_eq(program_wait(pid), 0);
    cli_expect_number(MEMBERS, INDEXED("x"));
    cli_end();
}

/* ---- rows ---- */

/* The sum over all members, and how many there are. */
static int sum_of_x(int n_newcomers)
{
    int sum = 0;

    for (int i = 0; i < MEMBERS; i++) {
        char sql[128];

        snprintf(sql, sizeof sql, "SELECT x FROM zq_quant_factor_spacex_%06d", i);
        sum += cli_number(sql) * 100 + 1;
    }
    if (n_newcomers > 0)
        sum += cli_number("SELECT x FROM zq_quant_factor_spacex_000002a") * 100 + 1;
    return sum;
}

#define DONE_MEMBERS "SELECT COUNT(*) FROM zq_meta_journal WHERE step > 1000000000"

static void rows_with_a_newcomer(const char *test, bool killed)
{
    ZQ_AUTO(zq_db) holder = NULL;
    pid_t pid;

    begin(test, FAMILY("UPDATE {table} SET x = x + 1;"));
    holder = cli_hold("UPDATE zq_quant_factor_spacex_000011 SET y = 1");
    pid = start_upgrade();
    cli_wait_for(MEMBERS - 1, DONE_MEMBERS);
    own_make_member("000002a");
    if (killed) {
        kill(pid, SIGKILL);
        program_wait(pid);
        kill_connections();
    }
    live_exec(holder, "COMMIT");
    if (killed)
        OWN_SAYS(0, NULL, UPGRADE);
    else
        cr_assert_eq(program_wait(pid), 0);
    cr_assert_eq(sum_of_x(1), (MEMBERS + 1) * 101);
    cli_expect_number(0, "SELECT COUNT(*) FROM zq_meta_journal");
    cli_end();
}

Test(upgrade_members, what_the_revision_has_set_holds_for_the_rows_of_every_member)
{
    begin("members_set_rows", "SET @x = 5;\n" FAMILY("UPDATE {table} SET x = @x;"));
    OWN_SAYS(0, NULL, UPGRADE, "--jobs", "4");
    cr_assert_eq(sum_of_x(0), 501 * MEMBERS);
    cli_end();
}

Test(upgrade_members, rows_of_a_member_that_comes_meanwhile_are_changed_too, .timeout = 180)
{
    rows_with_a_newcomer("members_new", false);
}

Test(upgrade_members, killed_and_run_again_each_members_rows_are_changed_once, .timeout = 180)
{
    rows_with_a_newcomer("members_once", true);
}

Test(upgrade_members, the_same_statement_twice_is_two_statements)
{
    begin("members_twice", FAMILY("UPDATE {table} SET x = x + 1;\nUPDATE {table} SET x = x + 1;"));
    OWN_SAYS(0, NULL, UPGRADE);
    cr_assert_eq(sum_of_x(0), MEMBERS * 201);
    cli_end();
}

Test(upgrade_members, the_member_whose_rows_are_in_the_way_is_named)
{
    begin("members_rows", FAMILY("INSERT INTO {table} VALUES (2, 0, 0);"));
    cli_change("INSERT INTO zq_quant_factor_spacex_000004 VALUES (2, 0, 0)");
    OWN_SAYS(2,
             "t1.sql:8: cannot run the statement on 'zq_quant_factor_spacex_000004': the server "
             "refused the statement: Duplicate entry '2' for key ",
             UPGRADE);
    cli_change("DELETE FROM zq_quant_factor_spacex_000004 WHERE id = 2");
    OWN_SAYS(0, NULL, UPGRADE);
    cli_end();
}

/* ---- statements whose words do not tell ---- */

#define SEEN "SELECT COUNT(*) FROM seen"
/* Kill the run while its procedure waits at the gate. */
static void kill_at_the_gate(void)
{
    ZQ_AUTO(zq_db) holder = cli_hold("UPDATE gate SET n = 1");
    pid_t pid = start_upgrade();
    int id = cli_wait_for_other("INFO LIKE '%gate SET n = 2%'");

    kill(pid, SIGKILL);
    program_wait(pid);
    cli_cut(id);
    live_exec(holder, "ROLLBACK");
}

Test(upgrade_members, a_procedure_that_was_cut_short_is_run_again_when_nothing_of_it_is_there,
     .timeout = 180)
{
    begin("call_once", "CALL work();");
    cli_change("CREATE PROCEDURE work() BEGIN INSERT INTO seen VALUES (1); "
               "UPDATE gate SET n = 2; END");
    kill_at_the_gate();
    cli_expect_number(0, SEEN);
    OWN_SAYS(0, NULL, UPGRADE);
    cli_expect_number(1, SEEN);
    cli_end();
}

#define HALF_DONE                                                                          \
    "t1.sql:7: cannot continue: 'CALL work()' was cut short, and had committed by itself " \
    "what it had done until then"
#define HOW_TO_GO_ON                                                                              \
    "hint: look what it did; to leave it at that, run 'zquant-migrate resume --dir . --accept "   \
    "1', "                                                                                        \
    "once it is undone 'zquant-migrate resume --dir . --repeat 1'; then 'zquant-migrate upgrade " \
    "--dir . --allow-unknown'"

static void assert_stopped(const char *message)
{
    program_result r = PROGRAM("zquant-migrate", "upgrade", "--allow-unknown", "--dir", ".");

    cr_assert_eq(r.status, 1, "status %d: %s", r.status, r.err);
    cr_assert_not_null(strstr(r.err, message), "%s", r.err);
    cr_assert_not_null(strstr(r.err, HOW_TO_GO_ON), "%s", r.err);
    program_free(&r);
}

/* What a revision calls: a row, something that commits by itself, another row, and this. */
static void begin_committing(const char *test, const char *ends)
{
    char sql[512];

    begin(test, "CALL work();");
    snprintf(sql, sizeof sql,
             "CREATE PROCEDURE work() BEGIN INSERT INTO seen VALUES (1); "
             "CREATE TABLE IF NOT EXISTS made (n int); INSERT INTO seen VALUES (2); %s; END",
             ends);
    cli_change(sql);
}

Test(upgrade_members, one_that_commits_by_itself_and_was_cut_short_is_never_run_twice,
     .timeout = 180)
{
    begin_committing("call_ddl", "UPDATE gate SET n = 2");
    kill_at_the_gate();
    assert_stopped(HALF_DONE "\n");
    assert_stopped(HALF_DONE "\n");
    OWN_SAYS(0, "step 1 of revision 't1' is taken as done\n", "zquant-migrate", "resume",
             "--accept", "1");
    OWN_SAYS(0, NULL, UPGRADE);
    cli_expect_number(1, SEEN " WHERE n = 1");
    cli_end();
}

/* What slips through: its own ROLLBACK takes along that it was started. */
Test(upgrade_members, one_that_rolls_back_and_then_commits_is_run_again, .timeout = 180)
{
    begin("call_rolls_back", "CALL work();");
    cli_change("CREATE PROCEDURE work() BEGIN ROLLBACK; INSERT INTO seen VALUES (1); COMMIT; "
               "UPDATE gate SET n = 2; END");
    kill_at_the_gate();
    cli_expect_number(1, SEEN);
    OWN_SAYS(0, NULL, UPGRADE);
    cli_expect_number(2, SEEN);
    cli_end();
}

Test(upgrade_members, one_that_commits_by_itself_and_fails_is_told_apart)
{
    begin_committing("call_fails", "INSERT INTO gate VALUES (1, 1)");
    assert_stopped(HALF_DONE ": Duplicate entry '1' for key ");
    cli_change("DELETE FROM seen; DELETE FROM gate");
    OWN_SAYS(0, "step 1 of revision 't1' is taken as not begun\n", "zquant-migrate", "resume",
             "--repeat", "1");
    OWN_SAYS(0, NULL, UPGRADE);
    cli_expect_number(2, SEEN);
    cli_end();
}

Test(upgrade_members, one_that_fails_and_has_committed_nothing_may_be_mended)
{
    program_result r;

    begin("call_mend", "CALL work();");
    cli_change("CREATE PROCEDURE work() BEGIN INSERT INTO seen VALUES (1); "
               "INSERT INTO gate VALUES (1, 1); END");
    r = PROGRAM("zquant-migrate", "upgrade", "--allow-unknown", "--dir", ".");
    cr_assert_eq(r.status, 2, "%s", r.err);
    cr_assert_not_null(strstr(r.err, "t1.sql:7: cannot run 'CALL work()': the server refused the "
                                     "statement: Duplicate entry '1' for key "),
                       "%s", r.err);
    cr_assert_not_null(
        strstr(r.err,
               "hint: fix the cause, then run 'zquant-migrate upgrade --dir . --allow-unknown'"),
        "%s", r.err);
    program_free(&r);
    cli_expect_number(0, SEEN);
    cli_change("DELETE FROM gate");
    OWN_SAYS(0, NULL, UPGRADE);
    cli_expect_number(1, SEEN);
    cli_end();
}

Test(upgrade_members, one_that_commits_by_itself_is_done_once_when_nothing_cuts_it_short)
{
    begin_committing("call_whole", "UPDATE gate SET n = 2");
    OWN_SAYS(0, NULL, UPGRADE);
    cli_expect_number(2, SEEN);
    cli_expect_number(0, "SELECT COUNT(*) FROM zq_meta_journal");
    cli_end();
}

Test(upgrade_members, a_trigger_on_every_member_is_made_once)
{
    begin("call_trigger", FAMILY("CREATE TRIGGER tr_{table} BEFORE INSERT ON {table} FOR EACH ROW "
                                 "SET NEW.y = 7;"));
    OWN_SAYS(0, NULL, UPGRADE);
    cli_expect_number(MEMBERS, "SELECT COUNT(*) FROM information_schema.TRIGGERS WHERE "
                               "TRIGGER_SCHEMA = DATABASE()");
    cli_end();
}

ZQ_LIVE_MAIN
