/* zquant-migrate as a user runs it, on real servers. */
#include "killed.h"
#include "model/canon.h"
#include "old_release.h"
#include "own_revision.h"
#include "release.h"
#include "run/compare.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Most needs no more than one member of a family; of three, one can differ from the others. */
static const char *const one_code[] = {"000001", NULL};
static const char *const two_codes[] = {"000001", "x_9", NULL};
static const char *const three_codes[] = {"000001", "600001", "x_9", NULL};

static zq_db *db;

/* An unrecorded database of 0.2.0, with rows. */
static void begin(const char *test, const char *const *codes)
{
    cli_begin(test);
    db = live_open();
    old_release_make(db, cli_database(), "0.2.0", codes);
}

/* A database at head, as zquant-init makes it: in a fraction of the time of an upgrade. */
static void at_head(const char *test)
{
    own_begin(test);
    db = cli_open();
}

static void end(void)
{
    zq_db_close(db);
    cli_end();
}

#define MIGRATE(status, ...) SAYS(status, NULL, "zquant-migrate", __VA_ARGS__)

static void live_id(char id[ZQ_DIGEST_HEX])
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_catalog catalog;
    const zq_schema *schema;
    zq_err err = {0};

    cr_assert_eq(zq_catalog_read(db, NULL, cli_database(), &zq_schema_head, arena, &catalog, &err),
                 ZQ_OK, "%s %s", err.message, err.detail);
    schema = zq_compare_schema(&catalog, &zq_schema_head, arena);
    cr_assert_not_null(schema, "members differ among themselves");
    zq_canon_id(schema, id);
}

static void assert_head(void)
{
    char id[ZQ_DIGEST_HEX];

    live_id(id);
    cr_assert_str_eq(id, zq_release_head()->id);
}

static void assert_journal_empty(void)
{
    cli_expect_number(0, "SELECT COUNT(*) FROM zq_meta_journal");
}

static void assert_history(const char *wanted)
{
    cli_expect_value(wanted, "SELECT GROUP_CONCAT(CONCAT(operation, ' ', revision) ORDER BY id) "
                             "FROM zq_meta_history");
}

Test(upgrade, from_0_2_0_with_rows_to_head_and_back_and_to_head_again_keeps_ids_and_rows)
{
    char *old_rows, *rows, *again;

    begin("upgrade_rows", two_codes);
    old_rows = old_release_rows(db, false);
    MIGRATE(0, "adopt");
    MIGRATE(0, "upgrade");
    assert_head();
    assert_journal_empty();
    MIGRATE(0, "check");
    rows = old_release_rows(db, true);
    MIGRATE(64, "downgrade", "0.2.0");
    MIGRATE(0, "downgrade", "0.2.0", "--allow-data-loss");
    assert_journal_empty();
    MIGRATE(0, "check", "--against", "0.2.0");
    again = old_release_rows(db, false);
    cr_assert_str_eq(again, old_rows, "a row or value that 0.2.0 can hold was lost");
    free(again);
    MIGRATE(0, "upgrade");
    assert_head();
    again = old_release_rows(db, true);
    cr_assert_str_eq(again, rows);
    free(again);
    free(rows);
    free(old_rows);
    assert_history("adopt 0001,squash 0002,squash 0003,downgrade 0002,downgrade 0001,squash 0002,"
                   "squash 0003");
    end();
}

Test(upgrade, at_head_there_is_nothing_to_do)
{
    program_result r;

    at_head("upgrade_head");
    r = PROGRAM("zquant-migrate", "upgrade", "--json");
    cr_assert_eq(r.status, 0, "%s", r.err);
    cr_assert_not_null(strstr(r.err, "is at revision 0003 (zquant 0.4.0), nothing to do"), "%s",
                       r.err);
    cr_assert_not_null(strstr(r.out, "\"applied\": []"), "%s", r.out);
    program_free(&r);
    program_env("LC_ALL", "zh_CN.UTF-8");
    SAYS(0, "位于修订 0003（zquant 0.4.0），无事可做\n", "zquant-migrate", "upgrade");
    program_env("LC_ALL", "");
    end();
}

Test(upgrade, what_loses_data_is_refused_before_anything_runs)
{
    program_result r;

    at_head("upgrade_loss");
    r = PROGRAM("zquant-migrate", "downgrade", "-1");
    cr_assert_eq(r.status, 64, "%s", r.err);
    cr_assert(strstr(r.err, "zquant-migrate: 0003_zquant_0_4_0.sql:227: drops the columns "
                            "'ma5_tr', ") == r.err,
              "%s", r.err);
    cr_assert_not_null(strstr(r.err, "then say --allow-data-loss\n"), "%s", r.err);
    program_free(&r);
    assert_head();
    end();
}

/* ---- failures, mended ---- */

static const char five_statements[] =
    "CREATE TABLE zq_t_one (id int PRIMARY KEY, a int) ENGINE=InnoDB;\n"
    "INSERT INTO zq_t_one VALUES (1, 1), (2, 2);\n"
    "ALTER TABLE zq_t_one ADD COLUMN b int;\n"
    "UPDATE zq_t_one SET a = %s + 1;\n"
    "ALTER TABLE zq_t_one ADD COLUMN %s int;\n"
    "INSERT INTO zq_t_one VALUES (3, 3, 3, 3);";

static void write_five(const char *summed, const char *added)
{
    char text[1024];

    snprintf(text, sizeof text, five_statements, summed, added);
    own_write(text, "DROP TABLE zq_t_one;");
}

Test(upgrade, a_failure_in_the_fifth_statement_is_named_and_the_mended_file_goes_on_there)
{
    at_head("upgrade_fifth");
    write_five("a", "b");
    OWN_SAYS(2,
             "t1.sql:11: cannot run 'ALTER TABLE zq_t_one ADD COLUMN b int': the server refused "
             "the statement: Duplicate column name 'b' (1060)\n"
             "hint: fix the cause, then run 'zquant-migrate upgrade --dir .' to continue with "
             "this statement, the 4 before it are done; 'zquant-migrate resume --dir .' shows the "
             "ways out\n",
             "zquant-migrate", "upgrade");
    cli_expect_value("2,3", "SELECT GROUP_CONCAT(a ORDER BY id) FROM zq_t_one");
    own_expect_at("0003");
    /* A statement not yet run may change in the file. */
    write_five("a", "c");
    OWN_SAYS(0, "revision 't1' was cut short; continuing where it stopped", "zquant-migrate",
             "upgrade");
    cli_expect_value("2,3,3", "SELECT GROUP_CONCAT(a ORDER BY id) FROM zq_t_one");
    assert_journal_empty();
    OWN_SAYS(0, NULL, "zquant-migrate", "downgrade", "0003", "--allow-data-loss");
    assert_head();
    end();
}

Test(upgrade, a_failure_is_gone_on_with_when_the_database_was_mended_instead)
{
    at_head("upgrade_mended");
    write_five("a", "b");
    OWN_SAYS(2, NULL, "zquant-migrate", "upgrade");
    live_exec(db, "ALTER TABLE zq_t_one RENAME COLUMN b TO mended");
    OWN_SAYS(0,
             "t1.sql:9: 'zq_t_one' was changed after the statement was done; taken for the fix of "
             "line 11",
             "zquant-migrate", "upgrade");
    cli_expect_value("2,3,3", "SELECT GROUP_CONCAT(a ORDER BY id) FROM zq_t_one");
    end();
}

Test(upgrade, what_was_done_and_is_undone_by_somebody_stops_the_run)
{
    at_head("upgrade_undone");
    write_five("a", "b");
    OWN_SAYS(2, NULL, "zquant-migrate", "upgrade");
    live_exec(db, "ALTER TABLE zq_t_one DROP COLUMN b");
    OWN_SAYS(
        1,
        "t1.sql:9: cannot continue: 'zq_t_one' is as before the statement, which was done: it was "
        "undone",
        "zquant-migrate", "upgrade");
    end();
}

Test(upgrade, a_statement_that_is_done_may_not_change_in_the_file)
{
    at_head("upgrade_changed");
    write_five("a", "b");
    OWN_SAYS(2, NULL, "zquant-migrate", "upgrade");
    write_five("b", "c");
    OWN_SAYS(1,
             "t1.sql:10: cannot continue: 'zq_t_one' was done by another statement than the file "
             "has now",
             "zquant-migrate", "upgrade");
    end();
}

Test(upgrade, a_file_that_changed_after_it_was_applied_is_refused)
{
    at_head("upgrade_checksum");
    write_five("a", "c");
    OWN_SAYS(0, NULL, "zquant-migrate", "upgrade");
    write_five("a", "d");
    OWN_SAYS(65, "t1.sql:1: revision 't1' has changed since it was applied", "zquant-migrate",
             "upgrade");
    end();
}

Test(upgrade, another_command_than_the_one_cut_short_is_refused)
{
    at_head("upgrade_other");
    write_five("a", "b");
    OWN_SAYS(2, NULL, "zquant-migrate", "upgrade");
    OWN_SAYS(
        1,
        "the upgrade to revision 't1' was cut short, and must be completed first\n"
        "hint: run 'zquant-migrate upgrade t1 --dir .'; 'zquant-migrate resume --dir .' shows what "
        "was done, and the ways out\n",
        "zquant-migrate", "downgrade", "0002", "--allow-data-loss");
    end();
}

Test(upgrade, what_is_left_of_a_drop_of_several_tables_is_dropped)
{
    at_head("upgrade_drop");
    own_write("CREATE TABLE zq_t_one (id int PRIMARY KEY) ENGINE=InnoDB;\n"
              "CREATE TABLE zq_t_two (id int PRIMARY KEY) ENGINE=InnoDB;",
              "DROP TABLE zq_t_one, zq_t_two;\nDROP TABLE zq_t_three;");
    OWN_SAYS(0, NULL, "zquant-migrate", "upgrade");
    /* As MariaDB leaves it when it dies between the two: started, with one of them gone. */
    OWN_SAYS(1, NULL, "zquant-migrate", "downgrade", "0003", "--allow-data-loss");
    live_exec(db, "UPDATE zq_meta_journal SET state = 'started', after_digest = NULL "
                  "WHERE step = 1; DELETE FROM zq_meta_journal WHERE step = 2; "
                  "CREATE TABLE zq_t_two (id int PRIMARY KEY) ENGINE=InnoDB; "
                  "CREATE TABLE zq_t_three (id int PRIMARY KEY) ENGINE=InnoDB");
    OWN_SAYS(0, NULL, "zquant-migrate", "downgrade", "0003", "--allow-data-loss");
    assert_head();
    cli_expect_number(0, "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = "
                         "DATABASE() AND TABLE_NAME LIKE 'zq\\_t\\_%'");
    end();
}

/* ---- killed ---- */

Test(upgrade, killed_at_any_moment_and_run_again_it_ends_as_an_unharmed_run_does, .timeout = 3600)
{
    static const char *const upgrade[] = {"zquant-migrate", "upgrade", NULL};
    const char *times = getenv("ZQ_TEST_KILLS"); /* set by scripts/soak */
    const int rounds = times != NULL ? atoi(times) / 10 + 1 : 1;
    char *unharmed, *rows;
    unsigned takes_ms, kills = 0;

    begin("upgrade_kill", two_codes);
    MIGRATE(0, "adopt");
    takes_ms = killed_takes(upgrade);
    unharmed = old_release_rows(db, true);
    killed_seed();
    for (int round = 0; round < rounds || kills == 0; round++) {
        cr_assert_lt(round, rounds + KILLED_TRIES, "every run was faster than its kill");
        old_release_make(db, cli_database(), "0.2.0", two_codes);
        MIGRATE(0, "adopt");
        for (int i = 0; i < (rounds > 1 ? 40 : 12); i++) {
            char *revision;
            bool done;

            kills += killed_within(upgrade, takes_ms / 2);
            revision = live_value(db, "SELECT revision FROM zq_meta_history ORDER BY id DESC "
                                      "LIMIT 1");
            done = strcmp(revision, "0003") == 0;
            free(revision);
            if (done)
                break;
        }
        MIGRATE(0, "upgrade");
        assert_head();
        assert_journal_empty();
        rows = old_release_rows(db, true);
        cr_assert_str_eq(rows, unharmed);
        free(rows);
        assert_history("adopt 0001,squash 0002,squash 0003");
    }
    fprintf(stderr, "%u kills\n", kills);
    free(unharmed);
    end();
}

/* ---- init ---- */

Test(upgrade, init_runs_the_pending_revisions_when_it_is_asked_to)
{
    program_result r;

    begin("upgrade_init", one_code);
    SAYS(1, "hint: run 'zquant-migrate upgrade'", "zquant-init", "--no-admin");
    r = PROGRAM("zquant-init", "--no-admin", "--upgrade");
    cr_assert_eq(r.status, 0, "%s", r.err);
    cr_assert_not_null(strstr(r.err, "upgrading to 0003 by the squash 0001-0003: "), "%s", r.err);
    cr_assert_not_null(strstr(r.err, "is ready at revision 0003 (zquant 0.4.0)"), "%s", r.err);
    program_free(&r);
    assert_head();
    assert_history("adopt 0001,squash 0002,squash 0003");
    end();
}

/* The tables of stocks are there at base too: a fresh install would leave them in an old form. */
Test(upgrade, init_carries_the_members_along_that_a_downgrade_to_base_left)
{
    begin("upgrade_base", one_code);
    MIGRATE(0, "adopt");
    MIGRATE(0, "downgrade", "base", "--allow-data-loss");
    SAYS(1,
         "is at revision 'base', this build is for '0003' (0.4.0)\n"
         "hint: run 'zquant-migrate upgrade', or this again with --upgrade\n",
         "zquant-init", "--no-admin");
    SAYS(0, "is ready at revision 0003 (zquant 0.4.0)\n", "zquant-init", "--no-admin", "--upgrade");
    assert_head();
    end();
}

/* ---- several at once ---- */

Test(upgrade, several_at_once_run_it_once_and_all_succeed)
{
    static const char *const words[] = {"zquant-migrate", "upgrade", NULL};
    pid_t pids[4];

    begin("upgrade_many", one_code);
    MIGRATE(0, "adopt");
    for (size_t i = 0; i < ZQ_LEN(pids); i++)
        pids[i] = program_start(words);
    for (size_t i = 0; i < ZQ_LEN(pids); i++)
        cr_assert_eq(program_wait(pids[i]), 0);
    assert_head();
    assert_history("adopt 0001,squash 0002,squash 0003");
    end();
}

/* ---- offline ---- */

#define HISTORY                                                                               \
    "SELECT GROUP_CONCAT(CONCAT_WS(' ', revision, operation, release_name, title, checksum, " \
    "schema_id, tool_version) ORDER BY id SEPARATOR '\\n') FROM zq_meta_history"

static void run_script(const char *script)
{
    program_result r = program_mysql(NULL, script);

    cr_assert_eq(r.status, 0, "%s", r.err);
    program_free(&r);
}

Test(upgrade, a_dba_who_runs_the_script_gets_what_an_online_run_gives)
{
    program_result script;
    char *online, *offline, *rows, *again;

    begin("upgrade_script", two_codes);
    MIGRATE(0, "adopt");
    MIGRATE(0, "upgrade", "0002"); /* no squash: a script cannot look at members one by one */
    MIGRATE(0, "upgrade");
    online = live_value(db, HISTORY);
    rows = old_release_rows(db, true);

    old_release_make(db, cli_database(), "0.2.0", two_codes);
    MIGRATE(0, "adopt");
    script =
        PROGRAM("zquant-migrate", "upgrade", "--sql", "0001:head", "--flavor", live_flavor_name());
    cr_assert_eq(script.status, 0, "%s", script.err);
    run_script(script.out);
    program_free(&script);
    assert_head();
    assert_journal_empty();
    offline = live_value(db, HISTORY);
    cr_assert_str_eq(offline, online);
    again = old_release_rows(db, true);
    cr_assert_str_eq(again, rows);

    script = PROGRAM("zquant-migrate", "downgrade", "--sql", "head:0.2.0", "--flavor",
                     live_flavor_name());
    cr_assert_eq(script.status, 0, "%s", script.err);
    cr_assert_not_null(strstr(script.err, "warning: the script loses data in "), "%s", script.err);
    run_script(script.out);
    program_free(&script);
    MIGRATE(0, "check", "--against", "0.2.0");
    MIGRATE(0, "upgrade");
    assert_head();
    free(online);
    free(offline);
    free(rows);
    free(again);
    end();
}

/* ---- families ---- */

#define LEFT_BEHIND                                                                          \
    "zquant-init: 1 member of families was left as it was by revision '0003'\n"              \
    "hint: 'zquant-migrate check --against 0.4.0' names what differs, and with --fixes the " \
    "statements that fix what statements can\n"

Test(upgrade, a_member_that_differs_is_named_and_left)
{
    begin("upgrade_member", three_codes);
    live_exec(db, "ALTER TABLE zq_data_tustock_daily_x_9 ADD COLUMN mine int");
    MIGRATE(1, "adopt");
    MIGRATE(0, "adopt", "--as", "0.2.0");
    SAYS(1,
         "warning: 0001-0003_zquant_0_4_0_from_0_2_0_in_one_step.sql: 1 member of "
         "'zq_data_tustock_daily_{code}' has every statement, and differs from revision '0003': "
         "column 'mine' should not be there: int, "
         "NULL: "
         "'zq_data_tustock_daily_x_9'\n"
         "zquant-migrate: revision '0001-0003' is done but for 1 member of families, and so is not "
         "recorded\n"
         "hint: 'zquant-migrate check --fixes --against 0.4.0' has the statements that fix what "
         "statements can; then run 'zquant-migrate upgrade', or record the revision as it is with "
         "'zquant-migrate upgrade --leave-members'\n",
         "zquant-migrate", "upgrade");
    MIGRATE(0, "upgrade", "--leave-members");
    SAYS(0,
         "warning: 1 member of families was left as it was by revision '0003'; 'zquant-migrate "
         "check --against 0.4.0' names what differs, and with --fixes the statements that fix what "
         "statements can\n",
         "zquant-migrate", "current");
    program_env("ZQUANT_NO_ADMIN", "yes");
    SAYS(1, LEFT_BEHIND, "zquant-init", "--dry-run");
    SAYS(1, LEFT_BEHIND, "zquant-init");
    EXPECT(1, LEFT_BEHIND, "zquant-init");
    EXPECT(1, LEFT_BEHIND, "zquant-init", "--dry-run");
    EXPECT(1, LEFT_BEHIND, "zquant-init", "status");
    SAYS(1, "warning: 1 member of families was left as it was by revision '0003'", "zquant-migrate",
         "check");
    MIGRATE(0, "adopt", "--as", "0.4.0");
    SAYS(1,
         "is recorded already, as revision 0003\n"
         "hint: run 'zquant-migrate stamp 0001' to record it as another\n",
         "zquant-migrate", "adopt", "--as", "0.2.0");
    cli_expect_number(1, "SELECT COUNT(*) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = "
                         "DATABASE() AND TABLE_NAME = 'zq_data_tustock_daily_x_9' AND "
                         "COLUMN_NAME = 'mine'");
    end();
}

ZQ_LIVE_MAIN
