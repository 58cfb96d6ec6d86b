/* Statements on tables of their own are started together: what the journal has of them when one
 * fails, or the run is killed among them, and how the next run goes on. */
#include "own_revision.h"

#include <criterion/criterion.h>
#include <signal.h>

/* A database at head, and four tables that are in no revision. */
static void begin(void)
{
    own_begin("journal_groups");
    cli_change("CREATE TABLE zq_t_a (id int PRIMARY KEY); CREATE TABLE zq_t_b LIKE zq_t_a; "
               "CREATE TABLE zq_t_c LIKE zq_t_a; CREATE TABLE zq_t_d LIKE zq_t_a");
}

TestSuite(journal_groups, .init = begin, .fini = cli_end, .timeout = 120);

static void expect_upgrade(int status, const char *said)
{
    OWN_SAYS(status, said, "zquant-migrate", "upgrade");
}

/* "a:x,y": the columns of the tables besides `id`, in the order in which they came. */
static void expect_columns(const char *expected)
{
    cli_expect_value(
        expected,
        "SELECT GROUP_CONCAT(CONCAT(RIGHT(TABLE_NAME, 1), ':', names) ORDER BY TABLE_NAME "
        "SEPARATOR ' ') FROM (SELECT TABLE_NAME, GROUP_CONCAT(COLUMN_NAME ORDER BY "
        "ORDINAL_POSITION) AS names FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = "
        "DATABASE() AND TABLE_NAME LIKE 'zq\\_t\\__' AND COLUMN_NAME <> 'id' "
        "GROUP BY TABLE_NAME) t");
}

/* What the journal has: step, state, and which digests and table are there. */
static void expect_journal(const char *expected)
{
    cli_expect_value(
        expected, "SELECT GROUP_CONCAT(CONCAT_WS(' ', step, state, IF(before_digest IS NULL, NULL, "
                  "'before'), IF(after_digest IS NULL, NULL, 'after'), position) ORDER BY step "
                  "SEPARATOR '; ') FROM zq_meta_journal WHERE step < 1000");
}

#define ADD(table, column) "ALTER TABLE zq_t_" table " ADD COLUMN " column " int;\n"
#define FAIL(table) "ALTER TABLE zq_t_" table " ADD INDEX (none);\n"

/* ---- one that fails ---- */

Test(journal_groups, a_failure_leaves_what_is_done_and_nothing_of_what_was_not_begun)
{
    own_write(ADD("a", "x") ADD("b", "x") FAIL("c") ADD("d", "x"), NULL);
    expect_upgrade(2, "t1.sql:9: cannot run 'ALTER TABLE zq_t_c ADD INDEX (none)': the "
                      "server refused the statement: Key column 'none' doesn't exist in table");
    expect_upgrade(2, "to continue with this statement, the 2 before it are done; ");
    expect_columns("a:x b:x");
    expect_journal("1 done before after zq_t_a; 2 done before after zq_t_b; 3 started");
}

/* Nothing holds the statements to come to what they found: tables and file may change. */
Test(journal_groups, after_a_failure_all_that_is_not_done_may_change)
{
    own_write(ADD("a", "x") FAIL("b") ADD("c", "x") ADD("d", "x"), NULL);
    expect_upgrade(2, "t1.sql:8: cannot run");
    cli_change("ALTER TABLE zq_t_d ADD COLUMN mended int");
    own_write(ADD("a", "x") ADD("d", "y") ADD("b", "y"), NULL);
    expect_upgrade(0, "is at revision t1");
    expect_columns("a:x b:y d:mended,y");
    cli_expect_number(0, "SELECT COUNT(*) FROM zq_meta_journal");
}

/* A group that takes long ends early; those behind its end were written down as started too. */
Test(journal_groups, a_failure_after_a_slow_statement_leaves_nothing_of_the_others)
{
    own_write("CREATE TABLE zq_t_slow AS SELECT SLEEP(0.2) AS a;\n" FAIL("a") ADD("b", "x")
                  ADD("c", "x"),
              NULL);
    expect_upgrade(2, "t1.sql:8: cannot run");
    expect_journal("1 done before after zq_t_slow; 2 started");
    own_write("CREATE TABLE zq_t_slow AS SELECT SLEEP(0.2) AS a;\n" ADD("a", "x") ADD("b", "x")
                  FAIL("c") ADD("d", "x"),
              NULL);
    expect_upgrade(2, "t1.sql:10: cannot run");
    expect_journal("1 done before after zq_t_slow; 2 done before after zq_t_a; "
                   "3 done before after zq_t_b; 4 started");
}

Test(journal_groups, the_first_that_fails_leaves_the_others_unsaid)
{
    own_write(FAIL("a") ADD("b", "x"), NULL);
    expect_upgrade(2, "fix the cause, then run 'zquant-migrate upgrade --dir ");
    expect_journal("1 started");
    expect_upgrade(2, "t1.sql:7: cannot run");
}

Test(journal_groups, one_that_fails_may_go_from_the_file)
{
    own_write(ADD("a", "x") FAIL("b"), NULL);
    expect_upgrade(2, "t1.sql:8: cannot run");
    own_write(ADD("a", "x"), NULL);
    expect_upgrade(0, "is at revision t1");
    expect_columns("a:x");
}

/* ---- a kill ---- */

/* Kill a run while one of its statements waits for a lock, which that statement does not get. */
static void kill_at_lock(const char *const *words)
{
    pid_t pid = program_start(words);
    int id = cli_wait_for_other("STATE LIKE 'Waiting for table metadata lock%'");

    kill(pid, SIGKILL);
    cr_assert_eq(program_wait(pid), 128 + SIGKILL);
    cli_cut(id);
}

/* Kill a run of a, b, c, d while b waits for a lock: a is done, the others are not begun. */
static void kill_at_b(void)
{
    zq_db *holder = cli_hold("SELECT * FROM zq_t_b");

    own_write(ADD("a", "x") ADD("b", "x") ADD("c", "x") ADD("d", "x"), NULL);
    kill_at_lock((const char *const[]){"zquant-migrate", "upgrade", "--dir", ".", NULL});
    zq_db_close(holder);
    expect_columns("a:x");
    expect_journal("1 started before zq_t_a; 2 started before zq_t_b; 3 started before zq_t_c; "
                   "4 started before zq_t_d");
}

Test(journal_groups, a_kill_among_them_is_told_by_the_tables)
{
    kill_at_b();
    expect_upgrade(0, "revision 't1' was cut short; continuing where it stopped");
    expect_columns("a:x b:x c:x d:x");
    cli_expect_number(0, "SELECT COUNT(*) FROM zq_meta_journal");
}

/* Those that were not begun may change, be moved, and be gone. */
Test(journal_groups, after_a_kill_what_was_not_begun_may_change_in_the_file)
{
    kill_at_b();
    own_write(ADD("a", "x") ADD("d", "y") ADD("b", "z") "UPDATE zq_t_c SET id = 1;", NULL);
    expect_upgrade(0, "is at revision t1");
    expect_columns("a:x b:z d:y");

    cli_change(
        "ALTER TABLE zq_t_a DROP COLUMN x; ALTER TABLE zq_t_b DROP COLUMN z; "
        "ALTER TABLE zq_t_d DROP COLUMN y; DELETE FROM zq_meta_history WHERE revision = 't1'");
    kill_at_b();
    own_write(ADD("a", "x"), NULL);
    expect_upgrade(0, "is at revision t1");
    expect_columns("a:x");
}

Test(journal_groups, after_a_kill_what_was_done_may_not_change_in_the_file)
{
    kill_at_b();
    own_write(ADD("a", "y") ADD("b", "x"), NULL);
    expect_upgrade(1, "t1.sql:7: cannot continue: 'zq_t_a' was changed by the statement that "
                      "stood here before");
    expect_columns("a:x");
}

Test(journal_groups, after_a_kill_a_table_that_another_changed_stops_the_run)
{
    kill_at_b();
    cli_change("ALTER TABLE zq_t_c ADD COLUMN other int");
    expect_upgrade(1, "t1.sql:9: cannot continue: 'zq_t_c' was changed otherwise after the "
                      "statement was started");
    expect_columns("a:x b:x c:other");
    cli_change("ALTER TABLE zq_t_c DROP COLUMN other");
    expect_upgrade(0, "is at revision t1");
    expect_columns("a:x b:x c:x d:x");
}

/* ---- what is not begun together ---- */

/* Kill a run of `upgrade` while a statement waits for the lock of zq_t_b. */
static void kill_at_lock_of_b(const char *upgrade)
{
    zq_db *holder = cli_hold("SELECT * FROM zq_t_b");

    own_write(upgrade, NULL);
    kill_at_lock((const char *const[]){"zquant-migrate", "upgrade", "--dir", ".",
                                       "--allow-data-loss", NULL});
    zq_db_close(holder);
}

/* A group ends early when it has taken long. */
Test(journal_groups, after_a_slow_statement_what_is_done_is_on_record)
{
    kill_at_lock_of_b(ADD("a", "x") "CREATE TABLE zq_t_slow AS SELECT SLEEP(4) AS a;\n" ADD(
        "b", "x") ADD("c", "x"));
    expect_journal("1 done before after zq_t_a; 2 done before after zq_t_slow; "
                   "3 started before zq_t_b; 4 started before zq_t_c");
    expect_upgrade(0, "is at revision t1");
    expect_columns("a:x b:x c:x");
}

/* MariaDB shows a view otherwise when a column that it names is gone. */
Test(journal_groups, a_view_that_its_table_changed_is_still_to_be_replaced)
{
    cli_change("ALTER TABLE zq_t_a ADD COLUMN old int; "
               "CREATE VIEW zq_t_v AS SELECT id, old FROM zq_t_a; "
               "CREATE VIEW zq_t_w AS SELECT id, old FROM zq_t_a");
    kill_at_lock_of_b("ALTER TABLE zq_t_a RENAME COLUMN old TO new;\n" ADD(
        "b", "x") "CREATE OR REPLACE VIEW zq_t_v AS SELECT id, new FROM zq_t_a;\n"
                  "DROP VIEW zq_t_w;");
    expect_journal("1 started before zq_t_a; 2 started before zq_t_b");
    expect_upgrade(0, "is at revision t1");
    cli_expect_value("id,new", "SELECT GROUP_CONCAT(COLUMN_NAME ORDER BY ORDINAL_POSITION) FROM "
                               "information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND "
                               "TABLE_NAME IN ('zq_t_v', 'zq_t_w')");
}

/* Of a view only counts that it is there: what a server shows of it hangs on its tables. */
Test(journal_groups, a_view_that_is_done_may_be_another_when_the_run_continues)
{
    own_write("CREATE VIEW zq_t_v AS SELECT id FROM zq_t_a;\n" FAIL("b"), NULL);
    expect_upgrade(2, "t1.sql:8: cannot run");
    cli_change("CREATE OR REPLACE VIEW zq_t_v AS SELECT id, 1 AS one FROM zq_t_a");
    own_write("CREATE VIEW zq_t_v AS SELECT id FROM zq_t_a;\n" ADD("b", "x"), NULL);
    expect_upgrade(0, "is at revision t1");
}

/* Nothing of the table tells that it was emptied: what came after is not to go. */
Test(journal_groups, a_table_that_was_emptied_is_not_emptied_again)
{
    cli_change("INSERT INTO zq_t_a VALUES (1)");
    kill_at_lock_of_b("TRUNCATE TABLE zq_t_a;\n" ADD("b", "x"));
    expect_journal("1 done before after; 2 started before zq_t_b");
    cli_change("INSERT INTO zq_t_a VALUES (2)");
    OWN_SAYS(0, "is at revision t1", "zquant-migrate", "upgrade", "--allow-data-loss");
    cli_expect_number(2, "SELECT id FROM zq_t_a");
}

#define UNKNOWN(statement, tables)                                                            \
    "t1.sql:7: cannot continue: a run was cut short at '" statement "', and " tables          \
    " may look the same after it: that does not say whether it has happened\nhint: look: if " \
    "it has, run 'zquant-migrate resume --dir . --accept 1', if not 'zquant-migrate resume "  \
    "--dir . --repeat 1'; then 'zquant-migrate upgrade --dir ."
#define MAY_LOSE "zquant-migrate", "upgrade", "--allow-data-loss"

/* Killed while it waits; it might as well have been after the statement, and the rows be newer. */
Test(journal_groups, whether_a_table_with_rows_was_emptied_is_for_people_to_tell)
{
    cli_change("INSERT INTO zq_t_b VALUES (2)");
    kill_at_lock_of_b("TRUNCATE TABLE zq_t_b;\n" ADD("a", "x"));
    expect_journal("1 started before");
    for (int i = 0; i < 2; i++)
        OWN_SAYS(1, UNKNOWN("TRUNCATE TABLE zq_t_b", "'zq_t_b'") " --allow-data-loss'\n", MAY_LOSE);
    cli_expect_number(2, "SELECT id FROM zq_t_b");
    OWN_SAYS(0, "step 1 of revision 't1' is taken as done\n", "zquant-migrate", "resume",
             "--accept", "1");
    OWN_SAYS(0, "is at revision t1", MAY_LOSE);
    cli_expect_number(2, "SELECT id FROM zq_t_b");

    cli_change("DELETE FROM zq_meta_history WHERE revision = 't1'; ALTER TABLE zq_t_a DROP x");
    kill_at_lock_of_b("TRUNCATE TABLE zq_t_b;\n" ADD("a", "x"));
    OWN_SAYS(0, "step 1 of revision 't1' is taken as not begun\n", "zquant-migrate", "resume",
             "--repeat", "1");
    OWN_SAYS(0, "is at revision t1", MAY_LOSE);
    cli_expect_number(0, "SELECT COUNT(*) FROM zq_t_b");
}

Test(journal_groups, a_table_without_rows_may_be_emptied_again)
{
    kill_at_lock_of_b("TRUNCATE TABLE zq_t_b;\n" ADD("a", "x"));
    expect_journal("1 started before");
    OWN_SAYS(0, "revision 't1' was cut short; continuing where it stopped", MAY_LOSE);
    expect_columns("a:x");
}

/* Its members cannot tell which of them were emptied. */
Test(journal_groups, whether_members_were_emptied_is_for_people_to_tell)
{
    zq_db *holder;

    own_make_members(2);
    own_write("-- zq:family zq_quant_factor_spacex\nTRUNCATE TABLE {table};\n-- zq:end", NULL);
    holder = cli_hold("SELECT * FROM zq_quant_factor_spacex_000001");
    kill_at_lock((const char *const[]){MAY_LOSE, "--dir", ".", NULL});
    zq_db_close(holder);
    cli_change("INSERT INTO zq_quant_factor_spacex_000000 VALUES (7, 0, 0)");
    OWN_SAYS(1,
             "t1.sql:8: cannot continue: a run was cut short at 'TRUNCATE TABLE {table}', and "
             "'{table}' may look the same after it",
             MAY_LOSE);
    cli_expect_number(7, "SELECT id FROM zq_quant_factor_spacex_000000");
    cli_change("TRUNCATE TABLE zq_quant_factor_spacex_000001");
    OWN_SAYS(0, "step 1 of revision 't1' is taken as done\n", "zquant-migrate", "resume",
             "--accept", "1");
    OWN_SAYS(0, "is at revision t1", MAY_LOSE);
    cli_expect_number(7, "SELECT id FROM zq_quant_factor_spacex_000000");
}

#define SWAP "RENAME TABLE zq_t_a TO zq_t_x, zq_t_c TO zq_t_a, zq_t_x TO zq_t_c;\n"

Test(journal_groups, tables_that_changed_places_do_not_change_back)
{
    cli_change("INSERT INTO zq_t_a VALUES (1); INSERT INTO zq_t_c VALUES (3)");
    kill_at_lock_of_b(SWAP ADD("b", "x"));
    expect_journal("1 done before after; 2 started before zq_t_b");
    expect_upgrade(0, "is at revision t1");
    cli_expect_number(3, "SELECT id FROM zq_t_a");
    cli_expect_number(1, "SELECT id FROM zq_t_c");
}

/* Killed while it waits; it might as well have been after the statement. */
Test(journal_groups, whether_tables_changed_places_is_for_people_to_tell)
{
    static const char swap[] = "RENAME TABLE zq_t_b TO zq_t_x, zq_t_c TO zq_t_b, zq_t_x TO zq_t_c;";

    cli_change("INSERT INTO zq_t_b VALUES (2); INSERT INTO zq_t_c VALUES (3)");
    kill_at_lock_of_b(swap);
    expect_upgrade(1, UNKNOWN("RENAME TABLE zq_t_b TO zq_t_x, zq_t_c TO zq_t_b, zq_t_x TO zq_t_c",
                              "'zq_t_b', 'zq_t_x', 'zq_t_c'") "'\n");
    OWN_SAYS(0, "step 1 of revision 't1' is taken as not begun\n", "zquant-migrate", "resume",
             "--repeat", "1");
    expect_upgrade(0, "is at revision t1");
    cli_expect_number(3, "SELECT id FROM zq_t_b");

    cli_change("DELETE FROM zq_meta_history WHERE revision = 't1'");
    kill_at_lock_of_b(swap);
    OWN_SAYS(0, "step 1 of revision 't1' is taken as done\n", "zquant-migrate", "resume",
             "--accept", "1");
    expect_upgrade(0, "is at revision t1");
    cli_expect_number(3, "SELECT id FROM zq_t_b");
}

/* ---- temporary tables ---- */

/* They are gone with the connection of the run that failed. */
Test(journal_groups, a_temporary_table_is_filled_again_in_each_run)
{
#define TEMPORARY(next)                                                        \
    "CREATE TEMPORARY TABLE zq_t_tmp (id int);\n"                              \
    "INSERT INTO zq_t_tmp VALUES (5);\nALTER TABLE zq_t_tmp ADD x int;\n" next \
    "INSERT INTO zq_t_b SELECT id FROM zq_t_tmp;\nDROP TABLE zq_t_tmp;"

    own_write(TEMPORARY(FAIL("a")), NULL);
    OWN_SAYS(2, "t1.sql:10: cannot run", "zquant-migrate", "upgrade", "--allow-data-loss",
             "--allow-locking");
    own_write(TEMPORARY(ADD("a", "x")), NULL);
    OWN_SAYS(0, "is at revision t1", "zquant-migrate", "upgrade", "--allow-data-loss",
             "--allow-locking");
    cli_expect_number(5, "SELECT id FROM zq_t_b");
}

/* ---- triggers and routines ---- */

#define TRIGGER(name) "CREATE TRIGGER " name " BEFORE INSERT ON zq_t_a FOR EACH ROW SET @x = 1;\n"

Test(journal_groups, triggers_are_told_by_the_last_that_was_begun)
{
    own_write(TRIGGER("zq_t_1") TRIGGER("zq_t_2") FAIL("b"), NULL);
    expect_upgrade(2, "t1.sql:9: cannot run");
    own_write(TRIGGER("zq_t_1") TRIGGER("zq_t_2") ADD("b", "x"), NULL);
    expect_upgrade(0, "is at revision t1");
    cli_expect_number(2, "SELECT COUNT(*) FROM information_schema.TRIGGERS WHERE "
                         "TRIGGER_SCHEMA = DATABASE() AND EVENT_OBJECT_TABLE = 'zq_t_a'");
}

Test(journal_groups, a_routine_that_was_made_and_dropped_again_is_done_both_times)
{
#define MAKE_AND_DROP "CREATE PROCEDURE zq_t_p() SELECT 1;\nDROP PROCEDURE zq_t_p;\n"

    own_write(MAKE_AND_DROP FAIL("b"), NULL);
    OWN_SAYS(2, "t1.sql:9: cannot run", MAY_LOSE);
    own_write(MAKE_AND_DROP ADD("b", "x"), NULL);
    OWN_SAYS(0, "is at revision t1", MAY_LOSE);
    expect_columns("b:x");
}

ZQ_LIVE_MAIN
