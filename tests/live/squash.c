/* A shorter way up: it ends where the revisions end that it stands for, it is completed by itself,
 * and nobody else goes by it. */
#include "old_release.h"
#include "own_revision.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const old_codes[] = {"000001", "x_9", NULL};
static const char *const all_codes[] = {"000001", "x_9", "300001", "400001", NULL};

#define MIGRATE(status, said, ...) OWN_SAYS(status, said, "zquant-migrate", __VA_ARGS__)

static void expect_history(const char *wanted)
{
    cli_expect_value(wanted, "SELECT GROUP_CONCAT(CONCAT(operation, ' ', revision) ORDER BY id) "
                             "FROM zq_meta_history WHERE operation <> 'install'");
}

/* ---- the one of the build ---- */

static void make_old(zq_db *db, const char *const *codes)
{
    old_release_make(db, cli_database(), "0.2.0", codes);
    MIGRATE(0, NULL, "adopt");
}

Test(squash, ends_as_the_revisions_do_that_it_stands_for, .timeout = 120)
{
    char *rows, *again;
    zq_db *db;

    cli_begin("squash_same");
    db = live_open();
    make_old(db, old_codes);
    /* Members that are ahead: as later releases make them, and with one index of theirs. */
    old_release_add_members(db, "0.3.0", "300001");
    old_release_add_members(db, "0.4.0", "400001");
    live_exec(db, "CREATE INDEX ix_zq_data_tustock_daily_x_9_updated_time "
                  "ON zq_data_tustock_daily_x_9 (updated_time)");
    MIGRATE(0, "upgrading to 0003 by the squash 0001-0003: ", "upgrade");
    MIGRATE(0, NULL, "check");
    cli_expect_number(0, "SELECT COUNT(*) FROM zq_app_apikeys WHERE updated_time <> created_time");
    rows = old_release_rows(db, true);
    expect_history("adopt 0001,squash 0002,squash 0003");
    cli_expect_value("0003 1", "SELECT CONCAT(revision, ' ', duration_ms IS NOT NULL) FROM "
                               "zq_meta_history WHERE schema_id IS NOT NULL AND operation = "
                               "'squash'");
    cli_expect_number(0, "SELECT COUNT(*) FROM zq_meta_journal");
    MIGRATE(0, NULL, "downgrade", "0.2.0", "--allow-data-loss");
    MIGRATE(0, NULL, "check", "--against", "0.2.0");

    make_old(db, all_codes);
    MIGRATE(0, "upgrading to 0002: ", "upgrade", "0002");
    MIGRATE(0, "upgrading to 0003: ", "upgrade");
    MIGRATE(0, NULL, "check");
    expect_history("adopt 0001,upgrade 0002,upgrade 0003");
    again = old_release_rows(db, true);
    cr_assert_str_eq(again, rows);
    free(again);
    free(rows);
    zq_db_close(db);
    cli_end();
}

/* ---- of revisions of one's own ---- */

static void write_revision(const char *id, const char *revises, const char *upgrade,
                           const char *downgrade)
{
    char text[2048], name[64];

    snprintf(name, sizeof name, "%s.sql", id);
    snprintf(text, sizeof text,
             "-- revision: %s\n-- revises: %s\n-- title: %s\n"
             "-- created: 2026-01-04T00:00:00Z\n-- zq:upgrade\n%s\n-- zq:downgrade\n%s\n",
             id, revises, id, upgrade, downgrade);
    program_file(name, text, 0644);
}

/* t1 makes zq_t and its index, t2 changes a row, drops the index and adds column `b`. */
static void begin(const char *test)
{
    own_begin(test);
    write_revision("t1", "0003",
                   "CREATE TABLE zq_t (id int PRIMARY KEY, a int) ENGINE=InnoDB;\n"
                   "INSERT INTO zq_t VALUES (1, 1);\n"
                   "ALTER TABLE zq_app_configs ADD INDEX ix_t (created_by);",
                   "ALTER TABLE zq_app_configs DROP INDEX ix_t;\nDROP TABLE zq_t;");
    write_revision("t2", "t1",
                   "UPDATE zq_t SET a = a + 1;\n"
                   "ALTER TABLE zq_app_configs DROP INDEX ix_t;\n"
                   "ALTER TABLE zq_t ADD COLUMN b int;",
                   "ALTER TABLE zq_t DROP COLUMN b;\n"
                   "ALTER TABLE zq_app_configs ADD INDEX ix_t (created_by);");
}

static void squash(void)
{
    MIGRATE(0, "4 statements instead of 6; try it with 'zquant-migrate rehearse --dir .'", "squash",
            "0003:t2", "-m", "both");
}

static void expect_out(const char *said, const char *const *words)
{
    program_result r = program_run(words, NULL);

    cr_assert_not_null(strstr(r.out, said), "%s\n%s", r.out, r.err);
    program_free(&r);
}
#define OUT(said, ...) \
    expect_out(said, (const char *const[]){"zquant-migrate", __VA_ARGS__, "--dir", ".", NULL})

Test(squash, of_own_revisions_is_said_wherever_a_way_is, .timeout = 120)
{
    begin("squash_own");
    squash();
    OUT("upgrade    4 statements, for t1 to t2, which are undone one by one\n", "show", "0003-t2");
    OUT("-- upgrade to t2 by the squash 0003-t2: both\n", "upgrade", "--dry-run");
    OUT("\nupgrade to t2 by the squash 0003-t2: both\n", "plan");
    OUT("\"revision\": \"0003-t2\"", "plan", "--json");
    OUT("-- ---- upgrade t2: t2", "upgrade", "--sql", "0003:head", "--flavor", live_flavor_name());
    MIGRATE(64, "'./0003-t2_both.sql' does that already: the squash '0003-t2'", "squash",
            "0003:head");
    MIGRATE(0, NULL, "rehearse");
    MIGRATE(0, "upgrading to t1: t1", "upgrade", "t1");
    MIGRATE(0, "upgrading to t2: t2", "upgrade");
    MIGRATE(0, NULL, "downgrade", "0003", "--allow-data-loss");
    MIGRATE(0, "upgrading to t2 by the squash 0003-t2: both", "upgrade");
    cli_expect_value("2", "SELECT a FROM zq_t");
    OUT("  squash     t1  by ", "history");
    MIGRATE(0, "downgrading from t2 to t1: t2", "downgrade", "0003", "--allow-data-loss");
    expect_history("upgrade t1,upgrade t2,downgrade t1,downgrade 0003,squash t1,squash t2,"
                   "downgrade t1,downgrade 0003");
    MIGRATE(65,
            "a squash of your own cannot be rebased\nhint: see that no database is in the "
            "middle of it",
            "rebase");
    write_revision("t2", "t1", "UPDATE zq_t SET a = 7;", "");
    MIGRATE(65,
            "0003-t2_both.sql:5: the squash '0003-t2' was made of revisions that have changed "
            "since\nhint: remove the file; 'zquant-migrate squash' writes it anew\n",
            "upgrade");
    cli_end();
}

Test(squash, that_was_cut_short_is_completed_by_itself_and_no_other_way, .timeout = 120)
{
    begin("squash_cut");
    squash();
    MIGRATE(0, NULL, "upgrade", "t1");
    MIGRATE(0, NULL, "downgrade", "0003", "--allow-data-loss");
    cli_change("CREATE TABLE zq_t (id int)");
    MIGRATE(2, "0003-t2_both.sql:14: cannot run 'CREATE TABLE zq_t ", "upgrade");
    OWN_SAYS(1, "the upgrade to revision '0003-t2' was cut short", "zquant-init", "status");
    OUT("to continue:             zquant-migrate upgrade t2 --dir .\n", "resume");
    MIGRATE(1,
            "the upgrade to revision '0003-t2' was cut short, and must be completed first\n"
            "hint: run 'zquant-migrate upgrade t2 --dir .'",
            "upgrade", "t1");
    MIGRATE(1, "the upgrade to revision '0003-t2' was cut short", "downgrade", "0002",
            "--allow-data-loss");
    /* A build, or a folder, without the file. */
    SAYS(1,
         "the upgrade to revision '0003-t2' was cut short, and must be completed first\n"
         "hint: name the folder of its file with --dir, or see 'zquant-migrate resume'",
         "zquant-migrate", "upgrade");
    cli_change("DROP TABLE zq_t");
    MIGRATE(0, "revision '0003-t2' was cut short; continuing where it stopped", "upgrade");
    cli_expect_value("2", "SELECT a FROM zq_t");
    cli_expect_number(0, "SELECT COUNT(*) FROM zq_meta_journal");
    cli_end();
}

Test(squash, does_not_take_over_a_revision_that_was_cut_short, .timeout = 120)
{
    begin("squash_long");
    cli_change("CREATE TABLE zq_t (id int)");
    MIGRATE(2, "t1.sql:6: cannot run ", "upgrade");
    squash();
    cli_change("DROP TABLE zq_t");
    MIGRATE(0, "revision 't1' was cut short; continuing where it stopped", "upgrade");
    expect_history("upgrade t1,upgrade t2");
    cli_end();
}

ZQ_LIVE_MAIN
