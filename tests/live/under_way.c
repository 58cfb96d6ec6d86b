/* What is said while another run is at work, and who waits for it. */
#include "own_revision.h"
#include "run/session_lock.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

/* A run of revision t1 that waits in its second statement for the connection that is given. */
static zq_db *hold_an_upgrade(pid_t *out_pid)
{
    zq_db *held;

    cli_change("CREATE TABLE gate (x int); INSERT INTO gate VALUES (0)");
    own_write("ALTER TABLE zq_quant_position ADD COLUMN notes text;\n"
              "UPDATE gate SET x = x + 1;\nCREATE TABLE zq_own (a int);",
              NULL);
    held = cli_hold("UPDATE gate SET x = 5");
    *out_pid =
        program_start((const char *const[]){"zquant-migrate", "upgrade", "--dir", ".", NULL});
    cli_wait_for_other("INFO LIKE 'UPDATE gate%'");
    return held;
}

static void expect_out(int status, const char *wanted, program_result r)
{
    cr_assert_eq(r.status, status, "%s", r.err);
    cr_assert_not_null(strstr(r.out, wanted), "%s\nnot in\n%s", wanted, r.out);
    program_free(&r);
}

Test(under_way, status_says_by_whom_since_when_and_how_far_and_init_waits)
{
    zq_db *held;
    pid_t upgrade, init;
    program_result r;
    json_t *json, *under_way;

    own_begin("under_way");
    held = hold_an_upgrade(&upgrade);
    expect_out(1, "\nstatus    revision 't1' (up) is under way\nat work   connection ",
               PROGRAM("zquant-init", "status", "--dir", "."));
    expect_out(1, ", 1 of 3 statements done\n", PROGRAM("zquant-init", "status", "--dir", "."));
    SAYS(1, "the upgrade to revision 't1' is under way\nhint: wait until it has ended",
         "zquant-init", "status");
    r = PROGRAM("zquant-init", "status", "--json", "--dir", ".");
    json = json_loads(r.out, 0, NULL);
    under_way = json_object_get(json, "under_way");
    cr_assert(json_is_true(json_object_get(under_way, "at_work")), "%s", r.out);
    cr_assert_eq(json_integer_value(json_object_get(under_way, "done")), 1);
    cr_assert_eq(json_integer_value(json_object_get(under_way, "statements")), 3);
    cr_assert_eq(json_string_length(json_object_get(under_way, "since")),
                 strlen("2026-01-01 00:00:00"));
    json_decref(json);
    program_free(&r);
    init = program_start((const char *const[]){"zquant-init", "--dir", ".", NULL});
    cli_wait_for_other("INFO LIKE '%GET_LOCK%'");
    zq_db_close(held);
    cr_assert_eq(program_wait(upgrade), 0);
    cr_assert_eq(program_wait(init), 0, "it waits for an upgrade as for an install");
    cli_end();
}

/* As in a dump of another server that was taken during an upgrade: nobody here moves the beat. */
Test(under_way, status_does_not_look_for_a_beat_longer_than_it_may_take)
{
    zq_db *held;
    pid_t upgrade;
    program_result r;

    own_begin("under_way_restored");
    held = hold_an_upgrade(&upgrade);
    cli_cut(cli_wait_for_other("INFO LIKE 'UPDATE gate%'"));
    kill(upgrade, SIGKILL);
    program_wait(upgrade);
    zq_db_close(held);
    cli_change("UPDATE zq_meta_lease SET holder = 'zquant-migrate, process 7 on there', "
               "server = 'there', node = 'there:3306'");
    r = PROGRAM("zquant-init", "status", "--dir", ".", "--connect-timeout", "4");
    expect_out(1, "\nstatus    revision 't1' (up) was cut short\n", r);
    cli_end();
}

/* Between two revisions, nothing is in the journal. */
Test(under_way, a_run_that_is_between_two_revisions_is_waited_for)
{
    zq_db *other;
    char name[ZQ_LOCK_NAME];
    zq_err err = {0};

    own_begin("under_way_between");
    EXPECT(0, NULL, "zquant-migrate", "downgrade", "0002", "--allow-data-loss", "--quiet");
    other = cli_open();
    zq_lock_name(cli_database(), NULL, name);
    cr_assert_eq(zq_lock_take(other, name, 1000, NULL, NULL, &err), ZQ_OK);
    SAYS(1, "hint: another run is at work: wait until it has ended, then look again\n",
         "zquant-init", "status");
    SAYS(75, "another run has held the lock for over 1 s", "zquant-init", "--lock-timeout", "1");
    zq_db_exec(other, "DO RELEASE_ALL_LOCKS()", NULL);
    zq_db_close(other);
    SAYS(1, "is at revision '0002'", "zquant-init");
    cli_end();
}

/* A server knows of a client that is gone when its statement has ended. */
Test(under_way, a_statement_that_outlives_its_program_is_ended_by_the_next_run)
{
    char name[ZQ_LOCK_NAME], sql[128];
    zq_db *held;
    pid_t upgrade;
    int id;

    own_begin("under_way_outlives");
    held = hold_an_upgrade(&upgrade);
    id = cli_other("INFO LIKE 'UPDATE gate%'");
    zq_lock_session_name(cli_database(), ZQ_SESSION_OF_REVISION, name);
    snprintf(sql, sizeof sql, "SELECT IS_USED_LOCK('%s')", name);
    cli_expect_number(id, sql);
    kill(upgrade, SIGKILL);
    cr_assert_eq(program_wait(upgrade), 128 + SIGKILL);
    upgrade = program_start((const char *const[]){"zquant-migrate", "upgrade", "--dir", ".", NULL});
    snprintf(sql, sizeof sql,
             "SELECT COUNT(*) = 0 FROM information_schema.PROCESSLIST WHERE ID = %d", id);
    cli_wait_for(1, sql);
    zq_db_close(held);
    cr_assert_eq(program_wait(upgrade), 0);
    cli_expect_number(1, "SELECT x FROM gate");
    cli_end();
}

/* As one that comes after a run that seemed to be gone does it. */
static void take_over(void)
{
    cli_change("UPDATE zq_meta_lease SET token = token + 1, holder = 'another'");
}

/* DDL is in no transaction of ours: before each statement the lease is asked, which knows by its
 * beat. */
Test(under_way, a_run_that_was_followed_sends_no_statement_any_more)
{
    pid_t upgrade;

    own_begin("under_way_followed");
    cli_change("CREATE TABLE zq_t_a (id int)");
    own_write("CREATE TABLE zq_t_slow AS SELECT SLEEP(5) AS a;\n"
              "ALTER TABLE zq_t_a ADD COLUMN x int;",
              NULL);
    upgrade = program_start((const char *const[]){"zquant-migrate", "upgrade", "--dir", ".", NULL});
    cli_wait_for_other("INFO LIKE 'CREATE TABLE zq_t_slow%'");
    take_over();
    cr_assert_eq(program_wait(upgrade), zq_rc_exit_status(ZQ_E_TAKEN));
    cli_expect_number(0, "SELECT COUNT(*) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = "
                         "DATABASE() AND TABLE_NAME = 'zq_t_a' AND COLUMN_NAME = 'x'");
    cli_end();
}

/* Should two ever be at work at once. */
Test(under_way, rows_that_another_run_has_changed_meanwhile_are_not_changed_twice)
{
    zq_db *held;
    pid_t upgrade;

    own_begin("under_way_twice");
    cli_change("CREATE TABLE gate (x int); INSERT INTO gate VALUES (0)");
    own_write("UPDATE gate SET x = x + 1;\nUPDATE gate SET x = x + 10;", NULL);
    held = cli_hold("UPDATE gate SET x = 100");
    upgrade = program_start((const char *const[]){"zquant-migrate", "upgrade", "--dir", ".", NULL});
    cli_wait_for_other("INFO LIKE 'UPDATE gate%'");
    cli_change("INSERT INTO zq_meta_journal (revision, direction, step, state, token, started_time)"
               " VALUES ('t1', 'up', 2, 'done', 0, NOW(3))");
    zq_db_close(held);
    cr_assert_eq(program_wait(upgrade), zq_rc_exit_status(ZQ_E_DIFFERS));
    cli_expect_number(1, "SELECT x FROM gate");
    cli_end();
}

/* Hold the lock while `words` begin and `meanwhile` is done; gives how they end then. */
static int run_after(const char *const *words, const char *meanwhile)
{
    char name[ZQ_LOCK_NAME];
    zq_db *other = cli_open();
    pid_t pid;

    zq_lock_name(cli_database(), NULL, name);
    cr_assert_eq(zq_lock_take(other, name, 1000, NULL, NULL, NULL), ZQ_OK);
    pid = program_start(words);
    cli_wait_for_other("INFO LIKE '%GET_LOCK%'");
    cli_change(meanwhile);
    zq_db_close(other);
    return program_wait(pid);
}

Test(under_way, what_another_run_has_undone_meanwhile_needs_consent_of_its_own)
{
    own_begin("under_way_undone");
    own_write("ALTER TABLE zq_quant_position DROP COLUMN comment;", NULL);
    program_file("t2.sql",
                 "-- revision: t2\n-- revises: t1\n-- title: another\n"
                 "-- created: 2026-01-04T00:00:00Z\n\n-- zq:upgrade\nCREATE TABLE zq_own (a int);"
                 "\n\n-- zq:irreversible a test\n",
                 0644);
    EXPECT(0, NULL, "zquant-migrate", "stamp", "t1", "--dir", ".", "--quiet");
    cr_assert_eq(run_after((const char *const[]){"zquant-migrate", "upgrade", "--dir", ".", NULL},
                           "DELETE FROM zq_meta_history WHERE revision = 't1'"),
                 64);
    cli_expect_value("1", "SELECT COUNT(comment) + 1 FROM zq_quant_position");
    cli_end();
}

Test(under_way, a_database_that_another_has_recorded_meanwhile_is_not_said_to_be_recorded_as_asked)
{
    own_begin("under_way_recorded");
    cli_change("CREATE TABLE kept LIKE zq_meta_history; INSERT INTO kept SELECT * FROM "
               "zq_meta_history; DELETE FROM zq_meta_history");
    cr_assert_eq(run_after((const char *const[]){"zquant-migrate", "adopt", "--as", "0002", NULL},
                           "INSERT INTO zq_meta_history SELECT * FROM kept"),
                 1);
    own_expect_at("0003");
    cli_end();
}

Test(under_way, a_database_that_nobody_may_administer_is_not_ready)
{
    static const char said[] =
        "nobody who is active has the role 'admin'\n"
        "hint: activate one in the application, or run 'zquant-init admin create --admin-username "
        "NAME --admin-email ADDRESS' for another; where none is wanted, set ZQUANT_NO_ADMIN=yes\n";

    cli_begin("locked_out");
    program_env("ZQUANT_ADMIN_PASSWORD", "Secret-123");
    program_env("ZQUANT_ADMIN_HASH", "bcrypt");
    EXPECT(0, NULL, "zquant-init", "--quiet");
    EXPECT(0, NULL, "zquant-init", "status", "--quiet");
    cli_change("UPDATE zq_app_users SET is_active = 0");
    SAYS(1, said, "zquant-init", "status");
    SAYS(1, said, "zquant-init");
    EXPECT(0, NULL, "zquant-init", "admin", "create", "--admin-username", "second", "--admin-email",
           "second@zquant.com");
    SAYS(0, "nothing to do\n", "zquant-init");
    EXPECT(0, NULL, "zquant-init", "status", "--quiet");
    cli_end();
}

ZQ_LIVE_MAIN
