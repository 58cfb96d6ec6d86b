/* Statements on tables of their own are started together: what the journal has of them when one
 * fails, or the run is killed among them, and how the next run goes on. */
#include "live.h"
#include "program.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *database;
static zq_db *db;

static void begin(void)
{
    program_result r;
    char sql[128];

    database = live_database("journal_groups");
    db = live_open();
    program_env_reset();
    program_env_live(database);
    r = PROGRAM("zquant-init", "--no-admin");
    cr_assert_eq(r.status, 0, "%s", r.err);
    program_free(&r);
    snprintf(sql, sizeof sql, "USE `%s`", database);
    live_exec(db, sql);
    live_exec(db, "CREATE TABLE zq_t_a (id int PRIMARY KEY); CREATE TABLE zq_t_b LIKE zq_t_a; "
                  "CREATE TABLE zq_t_c LIKE zq_t_a; CREATE TABLE zq_t_d LIKE zq_t_a");
}

static void end(void)
{
    zq_db_close(db);
    live_drop(database);
}

TestSuite(journal_groups, .init = begin, .fini = end, .timeout = 120);

/* A revision of these statements, from line 7 on. */
static void write_revision(const char *statements)
{
    char text[1024];

    snprintf(text, sizeof text,
             "-- revision: t1\n-- revises: 0003\n-- title: groups\n"
             "-- created: 2026-01-04T00:00:00Z\n\n-- zq:upgrade\n%s\n"
             "-- zq:irreversible a test\n",
             statements);
    program_file("t1_groups.sql", text, 0644);
}

static void assert_upgrade(int status, const char *words)
{
    program_result r = PROGRAM("zquant-migrate", "upgrade", "--dir", program_dir());

    cr_assert_eq(r.status, status, "%d: %s", r.status, r.err);
    cr_assert_not_null(strstr(r.err, words), "%s", r.err);
    program_free(&r);
}

static void assert_value(const char *sql, const char *expected)
{
    char *value = live_value(db, sql);

    cr_assert_str_eq(value != NULL ? value : "NULL", expected, "%s", sql);
    free(value);
}

/* "a:x,y": the columns of the tables besides `id`, in the order in which they came. */
static void assert_columns(const char *expected)
{
    assert_value("SELECT GROUP_CONCAT(CONCAT(RIGHT(TABLE_NAME, 1), ':', names) ORDER BY TABLE_NAME "
                 "SEPARATOR ' ') FROM (SELECT TABLE_NAME, GROUP_CONCAT(COLUMN_NAME ORDER BY "
                 "ORDINAL_POSITION) AS names FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = "
                 "DATABASE() AND TABLE_NAME LIKE 'zq\\_t\\__' AND COLUMN_NAME <> 'id' "
                 "GROUP BY TABLE_NAME) t",
                 expected);
}

/* What the journal has: step, state, and which digests and table are there. */
static void assert_journal(const char *expected)
{
    assert_value("SELECT GROUP_CONCAT(CONCAT_WS(' ', step, state, IF(before_digest IS NULL, NULL, "
                 "'before'), IF(after_digest IS NULL, NULL, 'after'), position) ORDER BY step "
                 "SEPARATOR '; ') FROM zq_meta_journal WHERE step < 1000",
                 expected);
}

#define ADD(table, column) "ALTER TABLE zq_t_" table " ADD COLUMN " column " int;\n"
#define FAIL(table) "ALTER TABLE zq_t_" table " ADD INDEX (none);\n"

/* ---- one that fails ---- */

Test(journal_groups, a_failure_leaves_what_is_done_and_nothing_of_what_was_not_begun)
{
    write_revision(ADD("a", "x") ADD("b", "x") FAIL("c") ADD("d", "x"));
    assert_upgrade(2, "t1_groups.sql:9: cannot run 'ALTER TABLE zq_t_c ADD INDEX (none)': the "
                      "server refused the statement: Key column 'none' doesn't exist in table");
    assert_upgrade(2, "to go on with this statement; the 2 before it are done\n");
    assert_columns("a:x b:x");
    assert_journal("1 done before after zq_t_a; 2 done before after zq_t_b; 3 started");
}

/* Nothing holds the statements to come to what they found: tables and file may change. */
Test(journal_groups, after_a_failure_all_that_is_not_done_may_change)
{
    write_revision(ADD("a", "x") FAIL("b") ADD("c", "x") ADD("d", "x"));
    assert_upgrade(2, "t1_groups.sql:8: cannot run");
    live_exec(db, "ALTER TABLE zq_t_d ADD COLUMN mended int");
    write_revision(ADD("a", "x") ADD("d", "y") ADD("b", "y"));
    assert_upgrade(0, "is at revision t1");
    assert_columns("a:x b:y d:mended,y");
    assert_value("SELECT COUNT(*) FROM zq_meta_journal", "0");
}

Test(journal_groups, the_first_that_fails_leaves_the_others_unsaid)
{
    write_revision(FAIL("a") ADD("b", "x"));
    assert_upgrade(2, "mend the cause, then run 'zquant-migrate upgrade --dir ");
    assert_journal("1 started");
    assert_upgrade(2, "t1_groups.sql:7: cannot run");
}

Test(journal_groups, one_that_fails_may_go_from_the_file)
{
    write_revision(ADD("a", "x") FAIL("b"));
    assert_upgrade(2, "t1_groups.sql:8: cannot run");
    write_revision(ADD("a", "x"));
    assert_upgrade(0, "is at revision t1");
    assert_columns("a:x");
}

/* ---- a kill ---- */

static void nap(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 20000000L}, NULL);
}

static void wait_for(const char *sql, const char *expected)
{
    for (int i = 0; i < 1000; i++) {
        char *value = live_value(db, sql);
        bool is = strcmp(value, expected) == 0;

        free(value);
        if (is)
            return;
        nap();
    }
    cr_assert_fail("never %s: %s", expected, sql);
}

#define OTHERS                                                                       \
    "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND " \
    "ID <> CONNECTION_ID() AND COMMAND <> 'Sleep'"

/* Kill a run of a, b, c, d while b waits for a lock: a is done, the others are not begun. */
static void kill_at_b(void)
{
    zq_db *holder = live_open();
    char sql[128];
    pid_t pid;

    snprintf(sql, sizeof sql, "USE `%s`; START TRANSACTION; SELECT * FROM zq_t_b", database);
    live_exec(holder, sql);
    write_revision(ADD("a", "x") ADD("b", "x") ADD("c", "x") ADD("d", "x"));
    pid = program_start((const char *const[]){"zquant-migrate", "upgrade", "--dir", program_dir(),
                                              "--lock-wait", "1", NULL});
    wait_for(OTHERS " AND STATE LIKE 'Waiting for table metadata lock%'", "1");
    kill(pid, SIGKILL);
    cr_assert_eq(program_wait(pid), 128 + SIGKILL);
    wait_for(OTHERS, "0");
    zq_db_close(holder);
    assert_columns("a:x");
    assert_journal("1 started before zq_t_a; 2 started before zq_t_b; 3 started before zq_t_c; "
                   "4 started before zq_t_d");
}

Test(journal_groups, a_kill_among_them_is_told_by_the_tables)
{
    kill_at_b();
    assert_upgrade(0, "revision 't1' was cut short; going on where it was");
    assert_columns("a:x b:x c:x d:x");
    assert_value("SELECT COUNT(*) FROM zq_meta_journal", "0");
}

/* Those that were not begun may change, be moved, and be gone. */
Test(journal_groups, after_a_kill_what_was_not_begun_may_change_in_the_file)
{
    kill_at_b();
    write_revision(ADD("a", "x") ADD("d", "y") ADD("b", "z") "UPDATE zq_t_c SET id = 1;");
    assert_upgrade(0, "is at revision t1");
    assert_columns("a:x b:z d:y");

    live_exec(
        db, "ALTER TABLE zq_t_a DROP COLUMN x; ALTER TABLE zq_t_b DROP COLUMN z; "
            "ALTER TABLE zq_t_d DROP COLUMN y; DELETE FROM zq_meta_history WHERE revision = 't1'");
    kill_at_b();
    write_revision(ADD("a", "x"));
    assert_upgrade(0, "is at revision t1");
    assert_columns("a:x");
}

Test(journal_groups, after_a_kill_what_was_done_may_not_change_in_the_file)
{
    kill_at_b();
    write_revision(ADD("a", "y") ADD("b", "x"));
    assert_upgrade(1, "t1_groups.sql:7: cannot go on: 'zq_t_a' was changed by the statement that "
                      "stood here before");
    assert_columns("a:x");
}

Test(journal_groups, after_a_kill_a_table_that_another_changed_stops_the_run)
{
    kill_at_b();
    live_exec(db, "ALTER TABLE zq_t_c ADD COLUMN other int");
    assert_upgrade(1, "t1_groups.sql:9: cannot go on: 'zq_t_c' was changed otherwise after the "
                      "statement was started");
    assert_columns("a:x b:x c:other");
    live_exec(db, "ALTER TABLE zq_t_c DROP COLUMN other");
    assert_upgrade(0, "is at revision t1");
    assert_columns("a:x b:x c:x d:x");
}

ZQ_LIVE_MAIN
