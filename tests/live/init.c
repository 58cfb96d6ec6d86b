/* zquant-init as its users start it: the program, a real server, and what is left behind. */
#include "cli.h"
#include "killed.h"

#include "sql/sql.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void begin(const char *test)
{
    cli_begin(test);
    program_env("ZQUANT_ADMIN_PASSWORD", "Correct1!horse");
}

static void expect_complete(void)
{
    cli_expect_value("29", "SELECT COUNT(*) FROM information_schema.TABLES "
                           "WHERE TABLE_SCHEMA = DATABASE()");
    cli_expect_value("1:admin,2:researcher,3:user",
                     "SELECT GROUP_CONCAT(CONCAT(id, ':', name) ORDER BY id) FROM zq_app_roles");
    cli_expect_value("25", "SELECT COUNT(*) FROM zq_app_permissions");
    cli_expect_value("25,10,2",
                     "SELECT GROUP_CONCAT(n ORDER BY role_id) FROM (SELECT role_id, COUNT(*) "
                     "n FROM zq_app_role_permissions GROUP BY role_id) g");
    cli_expect_value("admin admin@zquant.com 1 1",
                     "SELECT GROUP_CONCAT(CONCAT_WS(' ', username, email, role_id, is_active)) "
                     "FROM zq_app_users");
    cli_expect_value("0003 install 0.4.0",
                     "SELECT GROUP_CONCAT(CONCAT_WS(' ', revision, operation, release_name)) "
                     "FROM zq_meta_history");
    cli_expect_value("0", "SELECT COUNT(*) FROM zq_meta_journal");
}

/* ---- the three states that it makes ready ---- */

Test(init, a_fresh_server_gets_a_complete_database)
{
    begin("fresh");
    EXPECT(0, NULL, "zquant-init");
    expect_complete();
    cli_expect_value("1", "SELECT holder IS NULL FROM zq_meta_lease");
    cli_expect_value("utf8mb4_unicode_ci", "SELECT @@collation_database");
    cli_expect_value("1", "SELECT hashed_password LIKE '$argon2id$v=19$m=65536,t=2,p=1$%' "
                          "FROM zq_app_users");
    cli_expect_value("admin admin",
                     "SELECT CONCAT_WS(' ', created_by, updated_by) FROM zq_app_users");
    EXPECT(0, NULL, "zquant-init", "status");
    cli_end();
}

/* The other one is what every connection begins with. */
Test(init, a_start_on_a_ready_database_is_two_round_trips_after_the_login)
{
    begin("trips");
    EXPECT(0, NULL, "zquant-init", "--quiet");
    SAYS(0, "round trips after the connect: 1\n", "zquant-init", "-vv");
    cli_end();
}

Test(init, a_second_run_changes_not_one_row)
{
    char *before;
    char text[512];

    begin("twice");
    EXPECT(0, NULL, "zquant-init");
    before = cli_contents();
    snprintf(text, sizeof text,
             "zquant-init: there is an administrator already, left as it is: "
             "ZQUANT_ADMIN_PASSWORD was not used ('zquant-init admin reset-password' sets a new "
             "password)\n"
             "zquant-init: database '%s' is ready at revision 0003 (zquant 0.4.0), nothing to do\n",
             cli_database());
    /* A time that is written again is another one then. */
    sleep(1);
    EXPECT(0, text, "zquant-init");
    cli_expect_contents(before);
    cli_end();
}

Test(init, a_half_made_database_is_completed_wherever_it_was_left)
{
    begin("half");
    EXPECT(0, NULL, "zquant-init");
    cli_change(
        "DELETE FROM zq_meta_history;"
        "INSERT INTO zq_meta_journal (revision, direction, step, state, token, started_time) "
        "VALUES ('0003', 'up', 0, 'started', 0, NOW(3));"
        "SET foreign_key_checks = 0;"
        "DROP TABLE zq_app_role_permissions, zq_app_users, zq_quant_position, zq_meta_seeds;"
        "DELETE FROM zq_app_permissions WHERE id > 20; DELETE FROM zq_app_roles WHERE id = 3");
    EXPECT(0, NULL, "zquant-init");
    cli_expect_value("25", "SELECT COUNT(*) FROM zq_app_permissions");
    cli_expect_value("1", "SELECT COUNT(*) FROM zq_app_users");
    cli_expect_value("0003", "SELECT GROUP_CONCAT(revision) FROM zq_meta_history");
    EXPECT(0, NULL, "zquant-init", "status");
    cli_end();
}

#define EXPECT_ERROR(wanted, text, ...)                                                  \
    do {                                                                                 \
        program_result r_ = program_run((const char *const[]){__VA_ARGS__, NULL}, NULL); \
                                                                                         \
        cr_assert_eq(r_.status, (wanted), "%s", r_.err);                                 \
        cr_assert_not_null(strstr(r_.err, (text)), "%s", r_.err);                        \
        program_free(&r_);                                                               \
    } while (0)

/* As after a restore of a dump that was cut off behind the record of the revision. */
Test(init, a_table_that_is_gone_at_head_is_a_loss_and_made_again_only_when_asked_to)
{
    static const char gone[] =
        "was ready once, and 2 tables are gone: 'zq_app_configs' and others\n"
        "hint: restore them from a backup, or run 'zquant-init "
        "--recreate-missing' to make them anew, without rows\n";

    begin("missing");
    EXPECT(0, NULL, "zquant-init");
    cli_change("SET foreign_key_checks = 0; DROP TABLE zq_app_configs, zq_quant_position; "
               "ALTER TABLE zq_stats_apisync COMMENT 'kept'");
    EXPECT_ERROR(1, gone, "zquant-init", "status");
    EXPECT_ERROR(1, gone, "zquant-init");
    EXPECT_ERROR(1, gone, "zquant-init", "--dry-run");
    EXPECT_ERROR(1, gone, "zquant-migrate", "upgrade");
    cli_expect_value("0", "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = "
                          "DATABASE() AND TABLE_NAME = 'zq_app_configs'");
    EXPECT(0, NULL, "zquant-init", "--recreate-missing");
    cli_expect_value("kept",
                     "SELECT TABLE_COMMENT FROM information_schema.TABLES WHERE TABLE_SCHEMA = "
                     "DATABASE() AND TABLE_NAME = 'zq_stats_apisync'");
    expect_complete();
    cli_end();
}

/* As after a restore of a dump of 0.2.0 over a database that a container had made ready. */
Test(init, tables_that_are_not_those_of_the_recorded_revision_are_never_ready)
{
    begin("changed");
    EXPECT(0, NULL, "zquant-init");
    cli_change("ALTER TABLE zq_app_users RENAME COLUMN created_time TO created_at");
    EXPECT_ERROR(1,
                 "is recorded at revision '0003', but 1 table is not its: 'zq_app_users'\nhint: "
                 "run 'zquant-migrate check' to see each difference\n",
                 "zquant-init", "status");
    EXPECT_ERROR(1, "1 table is not its", "zquant-init");
    EXPECT_ERROR(1, "1 table is not its", "zquant-migrate", "upgrade");
    cli_change("ALTER TABLE zq_app_users RENAME COLUMN created_at TO created_time");
    EXPECT(0, NULL, "zquant-init");
    cli_change("ALTER TABLE zq_app_users MODIFY username varchar(60) NULL");
    EXPECT_ERROR(1, "1 table is not its", "zquant-init");
    cli_end();
}

Test(init, an_older_dump_over_a_newer_record_is_recognised_and_brought_along)
{
    begin("olddump");
    EXPECT(0, NULL, "zquant-init");
    EXPECT(0, NULL, "zquant-migrate", "downgrade", "--allow-data-loss", "--allow-locking", "0.2.0");
    cli_change("UPDATE zq_meta_history SET revision = '0003'");
    EXPECT_ERROR(1,
                 "its tables are exactly those of zquant 0.2.0, as after a restore of an older "
                 "dump: run 'zquant-migrate stamp 0001', then 'zquant-migrate upgrade'\n",
                 "zquant-init", "--recreate-missing");
    EXPECT(0, NULL, "zquant-migrate", "stamp", "0001");
    EXPECT(0, NULL, "zquant-migrate", "upgrade");
    EXPECT(0, NULL, "zquant-init");
    cli_end();
}

Test(init, what_is_expected_is_held_against_what_is_there_before_anything_is_made)
{
    begin("expect");
    EXPECT_ERROR(1, "an existing database is expected, but the database does not exist\nhint: ",
                 "zquant-init", "--expect", "existing");
    EXPECT(0, NULL, "zquant-init", "--expect", "empty");
    EXPECT(0, NULL, "zquant-init", "--expect", "existing");
    EXPECT_ERROR(1, "an empty database is expected, but the database is at head and complete\n",
                 "zquant-init", "--expect", "empty");
    cli_change("DELETE FROM zq_app_users");
    EXPECT_ERROR(1,
                 "an existing database is expected, but it has no administrator: rows may be "
                 "missing\n",
                 "zquant-init", "--expect", "existing");
    cli_expect_value("0", "SELECT COUNT(*) FROM zq_app_users");
    cli_change("SET foreign_key_checks = 0; DROP TABLE zq_app_users");
    EXPECT_ERROR(1,
                 "an existing database is expected, but the database is at head, but tables are "
                 "gone\n",
                 "zquant-init", "--expect", "existing", "--recreate-missing");
    cli_end();
}

Test(init, tables_of_others_are_never_touched)
{
    ZQ_AUTO(zq_db) db = live_open();
    char *before;
    char *after;

    begin("others");
    live_make_database(db, cli_database());
    live_exec(db, "CREATE TABLE alembic_version (version_num varchar(32));"
                  "INSERT INTO alembic_version VALUES ('abc');"
                  "CREATE TABLE zq_data_tustock_600001 (id int PRIMARY KEY);"
                  "INSERT INTO zq_data_tustock_600001 VALUES (1), (2)");
    before = cli_value("CHECKSUM TABLE alembic_version, zq_data_tustock_600001 EXTENDED");
    EXPECT(0, NULL, "zquant-init");
    after = cli_value("CHECKSUM TABLE alembic_version, zq_data_tustock_600001 EXTENDED");
    cr_assert_str_eq(before, after);
    cli_expect_value("2", "SELECT COUNT(*) FROM zq_data_tustock_600001");
    cli_expect_value("1", "SELECT COUNT(*) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = "
                          "DATABASE() AND TABLE_NAME = 'zq_data_tustock_600001'");
    free(before);
    free(after);
    cli_end();
}

/* ---- many at once, and killed ---- */

Test(init, twenty_four_at_once_on_an_empty_server_all_succeed_and_make_everything_once,
     .timeout = 120)
{
    pid_t pids[24];

    begin("crowd");
    for (size_t i = 0; i < ZQ_LEN(pids); i++)
        pids[i] = program_start((const char *const[]){"zquant-init", "-q", NULL});
    for (size_t i = 0; i < ZQ_LEN(pids); i++)
        cr_assert_eq(program_wait(pids[i]), 0, "starter %zu failed", i);
    expect_complete();
    cli_end();
}

Test(init, killed_at_random_and_run_again_it_is_complete, .timeout = 3600)
{
    static const char *const install[] = {"zquant-init", "-q", NULL};
    const char *times = getenv("ZQ_TEST_KILLS"); /* set by scripts/soak */
    const int rounds = times != NULL ? atoi(times) : 4;
    unsigned takes_ms, kills = 0;

    begin("killed");
    killed_seed();
    takes_ms = killed_takes(install);
    live_drop(cli_database());
    for (int round = 0; round < rounds || kills == 0; round++) {
        cr_assert_lt(round, rounds + KILLED_TRIES, "every run was faster than its kill");
        kills += killed_within(install, takes_ms);
        /* The server may still be busy with what it was sent last. */
        EXPECT(0, NULL, "zquant-init");
        expect_complete();
        live_drop(cli_database());
    }
    fprintf(stderr, "%u kills\n", kills);
    cli_end();
}

/* ---- what comes after ---- */

Test(init, the_command_replaces_it_after_all_went_well_and_never_sees_the_password)
{
    program_result r;

    begin("exec");
    r = PROGRAM(
        "zquant-init", "-q", "--", "/bin/sh", "-c",
        "echo started by $PPID; env | grep -cE 'ADMIN_PASSWORD|SSL_CERT'; echo $DB_NAME; exit 7");
    cr_assert_eq(r.status, 7, "%s", r.err);
    cr_assert_not_null(strstr(r.out, "\n0\n"), "%s", r.out);
    cr_assert_not_null(strstr(r.out, cli_database()), "%s", r.out);
    program_free(&r);
    expect_complete();
    cli_end();
}

Test(init, the_command_is_not_started_after_a_failure)
{
    program_result r;

    begin("noexec");
    program_env("DB_USER", "zqt_nobody");
    r = PROGRAM("zquant-init", "--", "/bin/echo", "started");
    cr_assert_eq(r.status, 77, "%s", r.err);
    cr_assert_str_eq(r.out, "");
    program_free(&r);
    cli_end();
}

Test(init, a_command_that_is_not_there_is_named)
{
    begin("nocommand");
    EXPECT(66, NULL, "zquant-init", "-q", "--", "zqt-no-such-program");
    expect_complete();
    cli_end();
}

Test(init, a_dry_run_prints_the_statements_and_changes_nothing)
{
    program_result r;

    begin("dry");
    r = PROGRAM("zquant-init", "--dry-run");
    cr_assert_eq(r.status, 0, "%s", r.err);
    cr_assert_not_null(strstr(r.out, "CREATE DATABASE IF NOT EXISTS"));
    cr_assert_not_null(strstr(r.out, "CREATE TABLE IF NOT EXISTS `zq_app_users`"));
    cr_assert_not_null(strstr(r.out, "INSERT INTO `zq_app_roles`"));
    cr_assert_null(strstr(r.out, "Correct1!horse"));
    cr_assert_null(strstr(r.out, "$argon2id$"));
    program_free(&r);
    r = PROGRAM("zquant-init", "--dry-run", "--json");
    cr_assert_eq(r.status, 0, "%s", r.err);
    cr_assert_eq(strncmp(r.out, "{\n", 2), 0, "%s", r.out);
    cr_assert_not_null(strstr(r.out, "\"dry_run\": true"), "%s", r.out);
    cr_assert_not_null(strstr(r.out, "\"sql\": \"SET NAMES utf8mb4 "));
    program_free(&r);
    cr_assert(!cli_database_exists());
    EXPECT(64,
           "zquant-init: '--json' and '--sql' do not go together\n"
           "hint: leave one of the two out\n",
           "zquant-init", "--sql", "--json");
    cli_end();
}

Test(init, the_offline_script_gives_what_an_online_run_gives)
{
    ZQ_AUTO(zq_db) db = live_open();
    program_result r;

    begin("offline");
    r = PROGRAM("zquant-init", "init", "--sql", "--flavor", live_flavor_name());
    cr_assert_eq(r.status, 0, "%s", r.err);
    /* Twice: a script may be run again. */
    live_exec(db, r.out);
    live_exec(db, r.out);
    program_free(&r);
    cli_expect_value("25,10,2",
                     "SELECT GROUP_CONCAT(n ORDER BY role_id) FROM (SELECT role_id, COUNT(*) "
                     "n FROM zq_app_role_permissions GROUP BY role_id) g");
    cli_expect_value("0", "SELECT COUNT(*) FROM zq_app_users");
    /* What is left to do is the administrator. */
    EXPECT(0, NULL, "zquant-init");
    expect_complete();
    cli_end();
}

Test(init, json_says_what_was_done)
{
    program_result r;

    begin("json");
    r = PROGRAM("zquant-init", "-q", "--json");
    cr_assert_eq(r.status, 0, "%s", r.err);
    cr_assert_not_null(strstr(r.out, "\"tables_created\": 25"), "%s", r.out);
    cr_assert_not_null(strstr(r.out, "\"administrator\": \"created\""), "%s", r.out);
    program_free(&r);
    cli_end();
}

static void expect_status(int status, const char *const *parts)
{
    program_result r = PROGRAM("zquant-init", "status", "--json");

    cr_assert_eq(r.status, status, "%s%s", r.out, r.err);
    for (; *parts != NULL; parts++)
        cr_assert_not_null(strstr(r.out, *parts), "no %s in %s", *parts, r.out);
    program_free(&r);
}
#define STATUS(status, ...) expect_status((status), (const char *const[]){__VA_ARGS__, NULL})

/* Its first words are those of the application's own check. */
Test(init, status_in_json_says_what_is_there_and_what_is_missing)
{
    char *node;

    begin("statusjson");
    STATUS(1,
           "{\n  \"connected\": true,\n  \"database_exists\": false,\n  \"tables_exist\": false,\n",
           "\"zq_app_users\"", "does not exist\"", "\"revision\": null,\n  \"head\": \"0003\",\n");
    EXPECT(0, NULL, "zquant-init", "-q");
    STATUS(0,
           "{\n  \"connected\": true,\n  \"database_exists\": true,\n  \"tables_exist\": true,\n"
           "  \"missing_tables\": [],\n  \"message\": \"the database is ready\",\n"
           "  \"revision\": \"0003\",\n  \"head\": \"0003\",\n  \"pending\": [],\n"
           "  \"schema_id\": \"",
           "\"server\": {\n    \"flavor\": \"", live_flavor_name(), "\"version\": \"");
    node = cli_value("SELECT CONCAT('\"node\": \"', @@hostname, ':', @@port, '\"')");
    STATUS(0, node);
    free(node);
    cli_change(
        "DROP TABLE zq_app_configs; UPDATE zq_meta_history SET revision = '0002', checksum = NULL");
    STATUS(
        1, "\"tables_exist\": false,\n  \"missing_tables\": [\n    \"zq_app_configs\"\n  ],\n",
        "\"revision\": \"0002\",\n  \"head\": \"0003\",\n  \"pending\": [\n    \"0003\"\n  ],\n");
    cli_end();
}

/* Inside of MySQL's chroot there is no way to MariaDB's. */
Test(init, a_unix_socket_serves_as_well)
{
    const char *path = live_env("SOCKET", NULL);

    begin("socket");
    if (path != NULL) {
        program_env("DB_SOCKET", path);
        program_env("DB_HOST", "");
        program_env("DB_PORT", "1");
    }
    EXPECT(0, NULL, "zquant-init", "-q");
    expect_complete();
    cli_end();
}

/* ---- names of databases ---- */

/* A statement that begins with `verb` and ends in this name. */
static void exec_named(zq_db *db, const char *verb, const char *name)
{
    ZQ_AUTO_SQL(sql);
    const char *text;
    zq_err err = {0};

    zq_sql_rawz(&sql, verb);
    zq_sql_ident(&sql, name);
    cr_assert_eq(zq_sql_finish(&sql, &text, &err), ZQ_OK);
    live_exec(db, text);
}

Test(init, databases_may_have_names_that_need_quoting)
{
    static const char *const names[] = {
        "zqt ba`ck'tick \"quote",
        "zqt_数据库",
        "zqt_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", /* 64 */
        "zqt-dash.dot%percent",
        "zqt\\back;semi--dash",
    };

    begin("names");
    cr_assert_eq(strlen(names[2]), 64);
    for (size_t i = 0; i < ZQ_LEN(names); i++) {
        ZQ_AUTO(zq_db) db = live_open();
        char text[256];
        char *found;

        exec_named(db, "DROP DATABASE IF EXISTS ", names[i]);
        program_env("DB_NAME", names[i]);
        snprintf(text, sizeof text, "zquant-init: created database '%s'\n", names[i]);
        SAYS(0, text, "zquant-init");
        EXPECT(0, NULL, "zquant-init", "-q");
        EXPECT(0, NULL, "zquant-init", "status");
        exec_named(db, "USE ", names[i]);
        found = live_value(db, "SELECT CONCAT(DATABASE(), '|', COUNT(*)) FROM "
                               "information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()");
        snprintf(text, sizeof text, "%s|29", names[i]);
        cr_assert_str_eq(found, text);
        free(found);
        exec_named(db, "DROP DATABASE ", names[i]);
    }
    cli_end();
}

ZQ_LIVE_MAIN
