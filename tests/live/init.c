/* zquant-init as its users start it: the program, a real server, and what is left behind. */
#include "cli.h"

#include "sql/sql.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void begin(const char *test)
{
    cli_begin(test);
    program_env("ZQUANT_ADMIN_PASSWORD", "Correct1!horse");
}

/* Checksums of all rows of all tables, in one text: nothing may change without changing it. */
static char *all_rows(void)
{
    ZQ_AUTO(zq_db) db = cli_open();
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    char *text = strdup("");
    zq_rows tables;
    zq_err err = {0};

    cr_assert_eq(zq_db_query(db,
                             "SELECT TABLE_NAME FROM information_schema.TABLES WHERE "
                             "TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME",
                             NULL, 0, arena, &tables, &err),
                 ZQ_OK);
    for (size_t i = 0; i < tables.n; i++) {
        const char *name = zq_rows_at(&tables, i, 0);
        zq_rows sum;
        char *longer = NULL;

        cr_assert_eq(zq_db_query(db, zq_arena_printf(arena, "CHECKSUM TABLE `%s` EXTENDED", name),
                                 NULL, 0, arena, &sum, &err),
                     ZQ_OK);
        cr_assert_geq(asprintf(&longer, "%s%s=%s\n", text, name, zq_rows_at(&sum, 0, 1)), 0);
        free(text);
        text = longer;
    }
    return text;
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
    cli_expect_value("utf8mb4_unicode_ci", "SELECT @@collation_database");
    cli_expect_value("1", "SELECT hashed_password LIKE '$argon2id$v=19$m=65536,t=2,p=1$%' "
                          "FROM zq_app_users");
    cli_expect_value("admin admin",
                     "SELECT CONCAT_WS(' ', created_by, updated_by) FROM zq_app_users");
    EXPECT(0, NULL, "zquant-init", "status");
    cli_end();
}

Test(init, a_second_run_changes_not_one_row)
{
    char *before;
    char *after;
    char text[512];

    begin("twice");
    EXPECT(0, NULL, "zquant-init");
    before = all_rows();
    snprintf(text, sizeof text,
             "zquant-init: there is an administrator already, left as it is: "
             "ZQUANT_ADMIN_PASSWORD was not used ('zquant-init admin reset-password' sets a new "
             "password)\n"
             "zquant-init: database '%s' is ready at revision 0003 (zquant 0.4.0), nothing to do\n",
             cli_database());
    EXPECT(0, text, "zquant-init");
    after = all_rows();
    cr_assert_str_eq(after, before);
    free(before);
    free(after);
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

Test(init, a_table_that_is_missing_at_head_is_made_again_and_no_other_is_touched)
{
    begin("missing");
    EXPECT(0, NULL, "zquant-init");
    cli_change("DROP TABLE zq_app_configs; ALTER TABLE zq_stats_apisync COMMENT 'kept'");
    EXPECT(1, NULL, "zquant-init", "status");
    EXPECT(0, NULL, "zquant-init");
    cli_expect_value("kept",
                     "SELECT TABLE_COMMENT FROM information_schema.TABLES WHERE TABLE_SCHEMA = "
                     "DATABASE() AND TABLE_NAME = 'zq_stats_apisync'");
    expect_complete();
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
                  "CREATE TABLE zq_data_tustock_daily_600001 (id int PRIMARY KEY);"
                  "INSERT INTO zq_data_tustock_daily_600001 VALUES (1), (2)");
    before = cli_value("CHECKSUM TABLE alembic_version, zq_data_tustock_daily_600001 EXTENDED");
    EXPECT(0, NULL, "zquant-init");
    after = cli_value("CHECKSUM TABLE alembic_version, zq_data_tustock_daily_600001 EXTENDED");
    cr_assert_str_eq(before, after);
    cli_expect_value("2", "SELECT COUNT(*) FROM zq_data_tustock_daily_600001");
    cli_expect_value("1", "SELECT COUNT(*) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = "
                          "DATABASE() AND TABLE_NAME = 'zq_data_tustock_daily_600001'");
    free(before);
    free(after);
    cli_end();
}

/* ---- the states that it leaves alone ---- */

Test(init, a_database_at_an_older_revision_is_left_alone)
{
    char text[512];
    char *before;
    char *after;

    begin("older");
    EXPECT(0, NULL, "zquant-init");
    cli_change("UPDATE zq_meta_history SET revision = '0002'; DROP TABLE zq_app_configs");
    before = all_rows();
    snprintf(text, sizeof text,
             "zquant-init: database '%s' is at revision '0002' (zquant 0.3.0), this build is for "
             "'0003' (0.4.0)\nhint: run 'zquant-migrate upgrade', or this again with --upgrade\n",
             cli_database());
    EXPECT(1, text, "zquant-init");
    after = all_rows();
    cr_assert_str_eq(before, after);
    free(before);
    free(after);
    cli_end();
}

Test(init, a_database_of_a_newer_build_is_left_alone)
{
    char text[512];

    begin("newer");
    EXPECT(0, NULL, "zquant-init");
    cli_change("UPDATE zq_meta_history SET revision = '0099'; DROP TABLE zq_app_configs");
    snprintf(text, sizeof text,
             "zquant-init: database '%s' is at revision '0099', which this build does not know\n"
             "hint: use the build that made revision '0099', or a newer one; if its file is your "
             "own, name the file's folder with --dir\n",
             cli_database());
    EXPECT(1, text, "zquant-init");
    cli_expect_value("0", "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = "
                          "DATABASE() AND TABLE_NAME = 'zq_app_configs'");
    cli_end();
}

Test(init, tables_without_a_record_are_left_alone)
{
    begin("unrecorded");
    EXPECT(0, NULL, "zquant-init");
    cli_change("DROP TABLE zq_meta_history, zq_meta_journal, zq_meta_lease, zq_meta_seeds,"
               " zq_app_configs");
    EXPECT(1, NULL, "zquant-init");
    cli_expect_value("24", "SELECT COUNT(*) FROM information_schema.TABLES "
                           "WHERE TABLE_SCHEMA = DATABASE()");
    cli_end();
}

Test(init, tables_that_are_exactly_a_release_are_recorded_as_that)
{
    begin("adopted");
    EXPECT(0, NULL, "zquant-init");
    cli_change("DROP TABLE zq_meta_history, zq_meta_journal, zq_meta_lease, zq_meta_seeds;"
               "DELETE FROM zq_app_role_permissions WHERE role_id = 3");
    EXPECT(0, NULL, "zquant-init");
    cli_expect_value(
        "0003 adopt",
        "SELECT GROUP_CONCAT(CONCAT_WS(' ', revision, operation)) FROM zq_meta_history");
    /* What an operator had taken away before is not granted again. */
    cli_expect_value("0", "SELECT COUNT(*) FROM zq_app_role_permissions WHERE role_id = 3");
    EXPECT(0, NULL, "zquant-init", "status");
    cli_end();
}

Test(init, with_upgrade_an_older_database_is_brought_to_head_first)
{
    ZQ_AUTO(zq_db) db = live_open();

    begin("upgrade");
    live_make_database(db, cli_database());
    EXPECT(0, NULL, "zquant-migrate", "-q", "upgrade", "0.2.0");
    EXPECT(1, NULL, "zquant-init");
    /* Made by the Python initialiser: recognised, then upgraded. */
    cli_change("DROP TABLE zq_meta_history, zq_meta_journal, zq_meta_lease, zq_meta_seeds");
    EXPECT(0, NULL, "zquant-init", "--upgrade");
    cli_expect_value("0001 adopt,0002 upgrade,0003 upgrade",
                     "SELECT GROUP_CONCAT(CONCAT_WS(' ', revision, operation) ORDER BY id) "
                     "FROM zq_meta_history");
    cli_expect_value("1", "SELECT COUNT(*) FROM zq_app_users");
    EXPECT(0, NULL, "zquant-migrate", "-q", "check");
    cli_end();
}

Test(init, a_view_in_the_place_of_a_table_is_named_and_nothing_is_touched)
{
    ZQ_AUTO(zq_db) db = live_open();
    char text[512];

    begin("view");
    live_make_database(db, cli_database());
    live_exec(db, "CREATE VIEW zq_app_configs AS SELECT 1 AS config_key");
    snprintf(text, sizeof text,
             "zquant-init: 'zq_app_configs' in database '%s' is not a table but a VIEW\n"
             "hint: rename or drop it, then run this again\n",
             cli_database());
    EXPECT(1, text, "zquant-init");
    EXPECT(1,
           "zquant-init: 'zq_app_configs' is not a table but a VIEW\n"
           "hint: rename or drop it, then run 'zquant-init init'\n",
           "zquant-init", "status");
    cli_expect_value("1", "SELECT COUNT(*) FROM information_schema.TABLES "
                          "WHERE TABLE_SCHEMA = DATABASE()");
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

Test(init, killed_at_random_and_run_again_it_is_complete, .timeout = 300)
{
    const char *times = getenv("ZQ_TEST_KILLS");
    int kills = times != NULL ? atoi(times) : 12;
    int killed = 0;

    begin("killed");
    srand((unsigned)getpid());
    for (int i = 0; i < kills; i++) {
        pid_t pid = program_start((const char *const[]){"zquant-init", "-q", NULL});

        usleep((useconds_t)(rand() % 250) * 1000);
        kill(pid, SIGKILL);
        killed += program_wait(pid) == 128 + SIGKILL;
        /* The server may still be busy with what it was sent last. */
        EXPECT(0, NULL, "zquant-init");
        expect_complete();
        live_drop(cli_database());
    }
    cr_assert_gt(killed, 0, "every run was faster than its kill");
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
    cr_assert_not_null(strstr(r.out, "\"sql\": \"-- create the database\\nCREATE DATABASE"));
    program_free(&r);
    cr_assert(!cli_database_exists());
    EXPECT(64,
           "zquant-init: '--sql' prints a script, not the document of '--json'\n"
           "hint: use only one of them\n",
           "zquant-init", "--sql", "--json");
    cli_end();
}

Test(init, the_offline_script_gives_what_an_online_run_gives)
{
    ZQ_AUTO(zq_db) db = live_open();
    program_result r;

    begin("offline");
    r = PROGRAM("zquant-init", "init", "--sql", "--flavor", live_engine());
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

/* ---- names of databases ---- */

Test(init, databases_may_have_names_that_need_quoting)
{
    static const char *const names[] = {
        "zqt ba`ck'tick \"quote",
        "zqt_数据库",
        "zqt_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "zqt-dash.dot%percent",
        "zqt\\back;semi--dash",
    };

    begin("names");
    for (size_t i = 0; i < ZQ_LEN(names); i++) {
        ZQ_AUTO(zq_db) db = live_open();
        ZQ_AUTO_SQL(sql);
        const char *text;
        zq_err err = {0};

        zq_sql_lit(&sql, "DROP DATABASE IF EXISTS ");
        zq_sql_ident(&sql, names[i]);
        cr_assert_eq(zq_sql_finish(&sql, &text, &err), ZQ_OK);
        live_exec(db, text);
        program_env("DB_NAME", names[i]);
        EXPECT(0, NULL, "zquant-init", "-q");
        EXPECT(0, NULL, "zquant-init", "-q");
        EXPECT(0, NULL, "zquant-init", "status");
        live_exec(db, text);
    }
    cli_end();
}

ZQ_LIVE_MAIN
