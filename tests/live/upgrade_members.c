/* Rows of members, statements that go through a family together, and statements whose words do not
 * tell: zquant-migrate on real servers, cut short where it hurts. */
#include "live.h"
#include "program.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MEMBERS = 12 };

static const char *database;
static zq_db *db;

static void in_database(zq_db *of)
{
    char sql[128];

    snprintf(sql, sizeof sql, "USE `%s`", database);
    live_exec(of, sql);
}

static void make_member(const char *code)
{
    char sql[256];

    snprintf(sql, sizeof sql,
             "CREATE TABLE zq_quant_factor_spacex_%s (id int PRIMARY KEY, x int, y int);"
             "INSERT INTO zq_quant_factor_spacex_%s VALUES (1, 0, 0)",
             code, code);
    live_exec(db, sql);
}

/* A database at head with members of one family, and two tables of somebody else. */
static void begin(const char *test)
{
    database = live_database(test);
    db = live_open();
    program_env_reset();
    program_env_live(database);
    program_env("ZQUANT_NO_ADMIN", "yes");
    {
        program_result r = PROGRAM("zquant-init", "--quiet");

        cr_assert_eq(r.status, 0, "%s", r.err);
        program_free(&r);
    }
    in_database(db);
    for (int i = 0; i < MEMBERS; i++) {
        char code[16];

        snprintf(code, sizeof code, "%06d", i);
        make_member(code);
    }
    live_exec(db, "CREATE TABLE seen (n int);"
                  "CREATE TABLE gate (id int PRIMARY KEY, n int); INSERT INTO gate VALUES (1, 0)");
}

static void end(void)
{
    zq_db_close(db);
    live_drop(database);
}

static void write_revision(const char *statements)
{
    char text[2048];

    snprintf(text, sizeof text,
             "-- revision: m1\n-- revises: 0003\n-- title: members\n"
             "-- created: 2026-01-04T00:00:00Z\n\n-- zq:upgrade\n%s\n-- zq:irreversible a test\n",
             statements);
    program_file("m1_members.sql", text, 0644);
}

#define FAMILY(statements) "-- zq:family zq_quant_factor_spacex\n" statements "\n-- zq:end"

static program_result upgrade(void)
{
    return PROGRAM("zquant-migrate", "upgrade", "--dir", program_dir(), "--allow-locking");
}

static pid_t start_upgrade(void)
{
    const char *const words[] = {"zquant-migrate", "upgrade", "--dir", program_dir(),
                                 "--lock-wait",    "1",       "-j",    "2",
                                 "--lock-timeout", "60",      NULL};

    return program_start(words);
}

static void assert_upgraded(void)
{
    program_result r = upgrade();

    cr_assert_eq(r.status, 0, "%s", r.err);
    program_free(&r);
}

static int number(const char *sql)
{
    char *value = live_value(db, sql);
    int n = value == NULL ? -1 : atoi(value);

    free(value);
    return n;
}

/* Wait until the query gives at least `n`, a minute at most. */
static void wait_for(const char *sql, int n)
{
    const struct timespec pause = {.tv_nsec = 100000000};

    for (int i = 0; i < 600; i++) {
        if (number(sql) >= n)
            return;
        nanosleep(&pause, NULL);
    }
    cr_assert_fail("%s", sql);
}

/* Another session in whose way the run comes. */
static zq_db *hold(const char *sql)
{
    zq_db *holder = live_open();

    in_database(holder);
    live_exec(holder, "START TRANSACTION");
    live_exec(holder, sql);
    return holder;
}

#define INDEXED(letter)                                                                       \
    "SELECT COUNT(*) FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() AND " \
    "INDEX_NAME = 'ix_" letter "'"

/* End what the run has on the server, as when the network goes. */
static void kill_connections(void)
{
    char sql[64];
    int id;

    while ((id = number("SELECT MAX(ID) FROM information_schema.PROCESSLIST WHERE DB = DATABASE() "
                        "AND INFO LIKE '%zq_meta_journal%' AND ID <> CONNECTION_ID()")) > 0) {
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
    program_result r;

    begin("members_two");
    live_exec(db, "ALTER TABLE zq_quant_factor_spacex_000005 DROP COLUMN y");
    write_revision(TWO_INDEXES);
    r = upgrade();
    cr_assert_eq(r.status, 0, "%s", r.err);
    cr_assert_not_null(strstr(r.err, "m1_members.sql:8-9: 1 member of "
                                     "'zq_quant_factor_spacex_{code}' differ from the others and "
                                     "were left as they are: 'zq_quant_factor_spacex_000005'\n"),
                       "%s", r.err);
    program_free(&r);
    cr_assert_eq(number(INDEXED("x")), MEMBERS - 1);
    cr_assert_eq(number(INDEXED("y")), MEMBERS - 1);
    end();
}

Test(upgrade_members, killed_between_them_each_member_gets_what_it_lacks, .timeout = 180)
{
    ZQ_AUTO(zq_db) holder = NULL;
    pid_t pid;

    begin("members_killed");
    write_revision(TWO_INDEXES);
    holder = hold("SELECT COUNT(*) FROM zq_quant_factor_spacex_000006");
    pid = start_upgrade();
    wait_for(INDEXED("y"), MEMBERS - 1);
    kill(pid, SIGKILL);
    program_wait(pid);
    live_exec(holder, "COMMIT");
    /* One that had the first of them only, and one that came meanwhile. */
    live_exec(db, "ALTER TABLE zq_quant_factor_spacex_000003 DROP INDEX ix_y, DROP COLUMN z");
    make_member("000002a");
    assert_upgraded();
    cr_assert_eq(number(INDEXED("x")), MEMBERS + 1);
    cr_assert_eq(number(INDEXED("y")), MEMBERS + 1);
    end();
}

Test(upgrade_members, the_second_is_refused_before_a_second_member_has_the_first)
{
    program_result r;

    begin("members_refused");
    write_revision(FAMILY("ALTER TABLE {table} ADD INDEX ix_x (x);\n"
                          "ALTER TABLE {table} ADD INDEX ix_y (nothing);"));
    r = upgrade();
    cr_assert_eq(r.status, 2, "%s", r.err);
    cr_assert_not_null(strstr(r.err, "m1_members.sql:9: cannot run the statement on "
                                     "'zq_quant_factor_spacex_000000': the server refused the "
                                     "statement: Key column 'nothing' doesn't exist in table "
                                     "(1072)\n"),
                       "%s", r.err);
    program_free(&r);
    cr_assert_eq(number(INDEXED("x")), 1);
    write_revision(TWO_INDEXES);
    assert_upgraded();
    cr_assert_eq(number(INDEXED("x")), MEMBERS);
    cr_assert_eq(number(INDEXED("y")), MEMBERS);
    end();
}

Test(upgrade_members, what_the_revision_has_set_holds_for_every_member)
{
    begin("members_set");
    write_revision("SET sql_mode = '';\n" FAMILY(
        "ALTER TABLE {table} ADD COLUMN since date NOT NULL DEFAULT '0000-00-00';"));
    assert_upgraded();
    cr_assert_eq(number("SELECT COUNT(*) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = "
                        "DATABASE() AND COLUMN_NAME = 'since'"),
                 MEMBERS);
    end();
}

/* ---- rows ---- */

/* The sum over all members, and how many there are. */
static int sum_of_x(int n_newcomers)
{
    int sum = 0;

    for (int i = 0; i < MEMBERS; i++) {
        char sql[128];

        snprintf(sql, sizeof sql, "SELECT x FROM zq_quant_factor_spacex_%06d", i);
        sum += number(sql) * 100 + 1;
    }
    if (n_newcomers > 0)
        sum += number("SELECT x FROM zq_quant_factor_spacex_000002a") * 100 + 1;
    return sum;
}

#define DONE_MEMBERS "SELECT COUNT(*) FROM zq_meta_journal WHERE step > 1000000000"

static void rows_with_a_newcomer(const char *test, bool killed)
{
    ZQ_AUTO(zq_db) holder = NULL;
    pid_t pid;

    begin(test);
    write_revision(FAMILY("UPDATE {table} SET x = x + 1;"));
    holder = hold("UPDATE zq_quant_factor_spacex_000011 SET y = 1");
    pid = start_upgrade();
    wait_for(DONE_MEMBERS, MEMBERS - 1);
    make_member("000002a");
    if (killed) {
        kill(pid, SIGKILL);
        program_wait(pid);
        kill_connections();
    }
    live_exec(holder, "COMMIT");
    if (killed)
        assert_upgraded();
    else
        cr_assert_eq(program_wait(pid), 0);
    cr_assert_eq(sum_of_x(1), (MEMBERS + 1) * 101);
    cr_assert_eq(number("SELECT COUNT(*) FROM zq_meta_journal"), 0);
    end();
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
    begin("members_twice");
    write_revision(FAMILY("UPDATE {table} SET x = x + 1;\nUPDATE {table} SET x = x + 1;"));
    assert_upgraded();
    cr_assert_eq(sum_of_x(0), MEMBERS * 201);
    end();
}

Test(upgrade_members, the_member_whose_rows_are_in_the_way_is_named)
{
    program_result r;

    begin("members_rows");
    write_revision(FAMILY("INSERT INTO {table} VALUES (2, 0, 0);"));
    live_exec(db, "INSERT INTO zq_quant_factor_spacex_000004 VALUES (2, 0, 0)");
    r = upgrade();
    cr_assert_eq(r.status, 2, "%s", r.err);
    cr_assert_not_null(strstr(r.err, "m1_members.sql:8: cannot run the statement on "
                                     "'zq_quant_factor_spacex_000004': the server refused the "
                                     "statement: Duplicate entry '2' for key "),
                       "%s", r.err);
    program_free(&r);
    live_exec(db, "DELETE FROM zq_quant_factor_spacex_000004 WHERE id = 2");
    assert_upgraded();
    end();
}

/* ---- statements whose words do not tell ---- */

#define SEEN "SELECT COUNT(*) FROM seen"
#define WAITS                                                                                  \
    "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND INFO LIKE " \
    "'%gate SET n = 2%' AND ID <> CONNECTION_ID()"

/* Kill the run while its procedure waits at the gate. */
static void kill_at_the_gate(void)
{
    ZQ_AUTO(zq_db) holder = hold("UPDATE gate SET n = 1");
    pid_t pid = start_upgrade();

    wait_for(WAITS, 1);
    kill(pid, SIGKILL);
    program_wait(pid);
    {
        char sql[64];

        snprintf(sql, sizeof sql, "KILL %d",
                 number("SELECT MAX(ID) FROM information_schema.PROCESSLIST WHERE DB = DATABASE() "
                        "AND INFO LIKE '%gate SET n = 2%' AND ID <> CONNECTION_ID()"));
        live_exec(db, sql);
    }
    live_exec(holder, "ROLLBACK");
}

Test(upgrade_members, a_procedure_that_was_cut_short_is_run_again_when_nothing_of_it_is_there,
     .timeout = 180)
{
    begin("call_once");
    live_exec(db, "CREATE PROCEDURE work() BEGIN INSERT INTO seen VALUES (1); "
                  "UPDATE gate SET n = 2; END");
    write_revision("CALL work();");
    kill_at_the_gate();
    cr_assert_eq(number(SEEN), 0);
    assert_upgraded();
    cr_assert_eq(number(SEEN), 1);
    end();
}

#define HALF_DONE                                                                               \
    "m1_members.sql:7: cannot go on: 'CALL work()' was cut short, and had committed by itself " \
    "what it had done until then"
#define HOW_TO_GO_ON                                                                               \
    "hint: look what it did; to leave it at that, run \"UPDATE zq_meta_journal SET state = "       \
    "'done' WHERE revision = 'm1' AND direction = 'up' AND step = 1\"; once it is undone, \""      \
    "DELETE FROM zq_meta_journal WHERE revision = 'm1' AND direction = 'up' AND step = 1\"; then " \
    "'zquant-migrate upgrade --dir "

static void assert_stopped(const char *message)
{
    program_result r = upgrade();

    cr_assert_eq(r.status, 1, "status %d: %s", r.status, r.err);
    cr_assert_not_null(strstr(r.err, message), "%s", r.err);
    cr_assert_not_null(strstr(r.err, HOW_TO_GO_ON), "%s", r.err);
    program_free(&r);
}

static void make_committing_procedure(const char *ends)
{
    char sql[512];

    snprintf(sql, sizeof sql,
             "CREATE PROCEDURE work() BEGIN INSERT INTO seen VALUES (1); "
             "CREATE TABLE IF NOT EXISTS made (n int); INSERT INTO seen VALUES (2); %s; END",
             ends);
    live_exec(db, sql);
}

Test(upgrade_members, one_that_commits_by_itself_and_was_cut_short_is_never_run_twice,
     .timeout = 180)
{
    begin("call_ddl");
    make_committing_procedure("UPDATE gate SET n = 2");
    write_revision("CALL work();");
    kill_at_the_gate();
    assert_stopped(HALF_DONE "\n");
    assert_stopped(HALF_DONE "\n");
    live_exec(db, "UPDATE zq_meta_journal SET state = 'done' WHERE revision = 'm1' AND direction = "
                  "'up' AND step = 1");
    assert_upgraded();
    cr_assert_eq(number("SELECT COUNT(*) FROM seen WHERE n = 1"), 1);
    end();
}

Test(upgrade_members, one_that_commits_by_itself_and_fails_is_told_apart)
{
    begin("call_fails");
    make_committing_procedure("INSERT INTO gate VALUES (1, 1)");
    write_revision("CALL work();");
    assert_stopped(HALF_DONE ": Duplicate entry '1' for key ");
    live_exec(db, "DELETE FROM seen; DELETE FROM gate; DELETE FROM zq_meta_journal WHERE revision "
                  "= 'm1' AND direction = 'up' AND step = 1");
    assert_upgraded();
    cr_assert_eq(number(SEEN), 2);
    end();
}

Test(upgrade_members, one_that_fails_and_has_committed_nothing_may_be_mended)
{
    program_result r;

    begin("call_mend");
    live_exec(db, "CREATE PROCEDURE work() BEGIN INSERT INTO seen VALUES (1); "
                  "INSERT INTO gate VALUES (1, 1); END");
    write_revision("CALL work();");
    r = upgrade();
    cr_assert_eq(r.status, 2, "%s", r.err);
    cr_assert_not_null(strstr(r.err, "m1_members.sql:7: cannot run 'CALL work()': the server "
                                     "refused the statement: Duplicate entry '1' for key "),
                       "%s", r.err);
    cr_assert_not_null(
        strstr(r.err, "hint: mend the cause, then run 'zquant-migrate upgrade --dir "), "%s",
        r.err);
    program_free(&r);
    cr_assert_eq(number(SEEN), 0);
    live_exec(db, "DELETE FROM gate");
    assert_upgraded();
    cr_assert_eq(number(SEEN), 1);
    end();
}

Test(upgrade_members, one_that_commits_by_itself_is_done_once_when_nothing_cuts_it_short)
{
    begin("call_whole");
    make_committing_procedure("UPDATE gate SET n = 2");
    write_revision("CALL work();");
    assert_upgraded();
    cr_assert_eq(number(SEEN), 2);
    cr_assert_eq(number("SELECT COUNT(*) FROM zq_meta_journal"), 0);
    end();
}

Test(upgrade_members, a_trigger_on_every_member_is_made_once)
{
    begin("call_trigger");
    write_revision(FAMILY("CREATE TRIGGER tr_{table} BEFORE INSERT ON {table} FOR EACH ROW SET "
                          "NEW.y = 7;"));
    assert_upgraded();
    cr_assert_eq(number("SELECT COUNT(*) FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = "
                        "DATABASE()"),
                 MEMBERS);
    end();
}

ZQ_LIVE_MAIN
