/* What needs consent is asked before anything runs: zquant-migrate on real servers. */
#include "live.h"
#include "program.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define HEAD                                           \
    "-- revision: c1\n-- revises: 0003\n-- title: c\n" \
    "-- created: 2026-01-04T00:00:00Z\n\n-- zq:upgrade\n"
#define MODIFY_CREATED_BY "ALTER TABLE zq_app_configs MODIFY COLUMN created_by "
#define CREATED_BY MODIFY_CREATED_BY "%s COMMENT '创建人';\n"
#define TAIL "-- zq:downgrade\nSELECT 1;\n" MODIFY_CREATED_BY "varchar(50) COMMENT '创建人';\n"

static const char *database;
static zq_db *db;

/* A database at head, with three members of a family. */
static void begin(const char *test)
{
    program_result r;
    char sql[512];

    database = live_database(test);
    db = live_open();
    program_env_reset();
    program_env_live(database);
    program_env("ZQUANT_NO_ADMIN", "yes");
    r = PROGRAM("zquant-init", "--quiet");
    cr_assert_eq(r.status, 0, "%s", r.err);
    program_free(&r);
    snprintf(sql, sizeof sql,
             "USE `%s`; CREATE TABLE zq_quant_factor_spacex_000001 (id int PRIMARY KEY, x int);"
             "CREATE TABLE zq_quant_factor_spacex_000002 (id int PRIMARY KEY, x int);"
             "CREATE TABLE zq_quant_factor_spacex_000003 (id int PRIMARY KEY, x int)",
             database);
    live_exec(db, sql);
}

static void end(void)
{
    zq_db_close(db);
    live_drop(database);
}

static void write_revision(const char *statements, const char *type)
{
    char text[2048];
    int n = snprintf(text, sizeof text, "%s", HEAD);

    n += snprintf(text + n, sizeof text - (size_t)n, statements, type);
    snprintf(text + n, sizeof text - (size_t)n, "%s", TAIL);
    program_file("c1_cost.sql", text, 0644);
}

/* Leave out the folder of the files, which is another each time. */
static void leave_out_folder(char *text)
{
    size_t length = strlen(program_dir()) + 1;

    for (char *at = strstr(text, program_dir()); at != NULL; at = strstr(at, program_dir()))
        memmove(at, at + length, strlen(at + length) + 1);
}

/* Run it, and expect this end, and these words on standard error (NULL: any). */
static void expect(const char *const *line, int status, const char *words)
{
    program_result r = program_run(line, NULL);

    cr_assert_eq(r.status, status, "status %d: %s", r.status, r.err);
    leave_out_folder(r.err);
    if (words != NULL)
        cr_assert_str_eq(r.err, words);
    program_free(&r);
}

static void upgrade(int status, const char *first, const char *second, const char *words)
{
    expect((const char *const[]){"zquant-migrate", "upgrade", "--dir", program_dir(), first, second,
                                 NULL},
           status, words);
}

static void assert_value(const char *sql, const char *expected)
{
    char *value = live_value(db, sql);

    cr_assert_not_null(value, "%s", sql);
    cr_assert_str_eq(value, expected, "%s", sql);
    free(value);
}

static void assert_type(const char *table, const char *column, const char *type)
{
    char sql[512];

    snprintf(sql, sizeof sql,
             "SELECT REPLACE(COLUMN_TYPE, '(11)', '') FROM information_schema.COLUMNS WHERE "
             "TABLE_SCHEMA = DATABASE() AND TABLE_NAME = '%s' AND COLUMN_NAME = '%s'",
             table, column);
    assert_value(sql, type);
}

static void assert_nothing_ran(void)
{
    assert_value("SELECT COUNT(*) FROM zq_meta_journal", "0");
    assert_value("SELECT revision FROM zq_meta_history ORDER BY id DESC LIMIT 1", "0003");
    assert_type("zq_app_configs", "created_by", "varchar(50)");
    assert_value("SELECT COUNT(*) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() "
                 "AND COLUMN_NAME = 'zq_t_x'",
                 "0");
}

#define THREE                                             \
    "ALTER TABLE zq_app_configs ADD COLUMN zq_t_x int;\n" \
    "ALTER TABLE zq_app_configs DROP INDEX idx_config_key;\n" CREATED_BY

#define COPIES "c1_cost.sql:9: copies 'zq_app_configs': column 'created_by' becomes "
#define BACKUP "make sure that there is a backup"

Test(forecast, a_column_that_gets_narrower_is_refused_before_anything_runs)
{
    begin("forecast_narrow");
    write_revision(THREE, "varchar(20)");
    upgrade(64, NULL, NULL,
            "zquant-migrate: c1_cost.sql:9: narrows the column 'created_by' of 'zq_app_configs' "
            "from varchar(50) to varchar(20): 1 statement loses data, 1 statement copies a table "
            "or blocks writes to it: " COPIES "varchar(20), from varchar(50)\n"
            "hint: " BACKUP " and choose a quiet time, then say --allow-data-loss "
            "--allow-locking\n");
    assert_nothing_ran();
    upgrade(64, "--allow-locking", NULL,
            "zquant-migrate: c1_cost.sql:9: narrows the column 'created_by' of 'zq_app_configs' "
            "from varchar(50) to varchar(20)\n"
            "hint: " BACKUP ", then say --allow-data-loss\n");
    assert_nothing_ran();
    /* The folder and the quote behind it are left out. */
    expect((const char *const[]){"zquant-init", "--upgrade", "--dir", program_dir(),
                                 "--allow-locking", NULL},
           64,
           "zquant-init: c1_cost.sql:9: narrows the column 'created_by' of 'zq_app_configs' "
           "from varchar(50) to varchar(20)\n"
           "hint: " BACKUP ", then run 'zquant-migrate upgrade --allow-data-loss --allow-locking "
           "--dir \n");
    assert_nothing_ran();
    upgrade(0, "--allow-locking", "--allow-data-loss", NULL);
    assert_type("zq_app_configs", "created_by", "varchar(20)");
    end();
}

Test(forecast, a_copy_that_comes_third_is_refused_before_the_first_statement)
{
    program_result r;

    begin("forecast_copy");
    write_revision(THREE, "text");
    upgrade(64, "--allow-data-loss", NULL,
            "zquant-migrate: " COPIES "text, from varchar(50)\n"
            "hint: choose a quiet time, then say --allow-locking\n");
    assert_nothing_ran();
    r = PROGRAM("zquant-migrate", "upgrade", "--dir", program_dir(), "--dry-run");
    cr_assert_eq(r.status, 0, "%s", r.err);
    cr_assert_not_null(
        strstr(r.out, ";\n-- copies 'zq_app_configs': column 'created_by' becomes text, from "
                      "varchar(50): needs --allow-locking\nALTER TABLE zq_app_configs MODIFY"),
        "%s", r.out);
    program_free(&r);
    upgrade(0, "--allow-locking", NULL, NULL);
    assert_type("zq_app_configs", "created_by", "text");
    expect((const char *const[]){"zquant-migrate", "downgrade", "0003", "--dir", program_dir(),
                                 "--allow-locking", NULL},
           64,
           "zquant-migrate: c1_cost.sql:12: narrows the column 'created_by' of 'zq_app_configs' "
           "from text to varchar(50)\n"
           "hint: " BACKUP ", then say --allow-data-loss\n");
    assert_value("SELECT COUNT(*) FROM zq_meta_journal", "0");
    assert_type("zq_app_configs", "created_by", "text");
    end();
}

Test(forecast, a_family_is_foretold_from_one_of_its_members)
{
    begin("forecast_family");
    write_revision("ALTER TABLE zq_app_configs ADD COLUMN zq_t_x int;\n"
                   "-- zq:family zq_quant_factor_spacex\n"
                   "ALTER TABLE {table} MODIFY x %s;\n"
                   "-- zq:end\n",
                   "smallint");
    upgrade(64, "--allow-locking", NULL,
            "zquant-migrate: c1_cost.sql:9: narrows the column 'x' of every member of "
            "'zq_quant_factor_spacex_{code}' from int to smallint\n"
            "hint: " BACKUP ", then say --allow-data-loss\n");
    upgrade(64, "--allow-data-loss", NULL,
            "zquant-migrate: c1_cost.sql:9: copies every member of "
            "'zq_quant_factor_spacex_{code}': column 'x' becomes smallint, from int\n"
            "hint: choose a quiet time, then say --allow-locking\n");
    assert_nothing_ran();
    upgrade(0, "--allow-data-loss", "--allow-locking", NULL);
    assert_value("SELECT COUNT(*) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() "
                 "AND TABLE_NAME LIKE 'zq\\_quant\\_factor\\_spacex\\_%' AND COLUMN_NAME = 'x' AND "
                 "DATA_TYPE = 'smallint'",
                 "3");
    end();
}

/* Wait until the second statement is begun, a minute at most. */
static void wait_for_second(void)
{
    const struct timespec pause = {.tv_nsec = 100000000};

    for (int i = 0; i < 600; i++) {
        char *value = live_value(db, "SELECT COUNT(*) FROM zq_meta_journal WHERE step = 2");
        bool begun = strcmp(value, "1") == 0;

        free(value);
        if (begun)
            return;
        nanosleep(&pause, NULL);
    }
    cr_assert_fail("the second statement was not begun");
}

Test(forecast, what_is_done_is_not_asked_for_again_after_a_kill, .timeout = 120)
{
    ZQ_AUTO(zq_db) holder = NULL;
    pid_t pid;
    char sql[128];

    begin("forecast_kill");
    write_revision(CREATED_BY "ALTER TABLE zq_quant_position ADD COLUMN zq_t_x int;\n", "text");
    holder = live_open();
    snprintf(sql, sizeof sql, "USE `%s`", database);
    live_exec(holder, sql);
    live_exec(holder, "START TRANSACTION; SELECT COUNT(*) FROM zq_quant_position");
    pid = program_start((const char *const[]){"zquant-migrate", "upgrade", "--dir", program_dir(),
                                              "--allow-locking", "--lock-wait", "1",
                                              "--lock-timeout", "60", NULL});
    wait_for_second();
    kill(pid, SIGKILL);
    program_wait(pid);
    live_exec(holder, "COMMIT");
    upgrade(0, NULL, NULL, NULL);
    assert_type("zq_app_configs", "created_by", "text");
    assert_type("zq_quant_position", "zq_t_x", "int");
    assert_value("SELECT revision FROM zq_meta_history ORDER BY id DESC LIMIT 1", "c1");
    end();
}

Test(forecast, a_table_that_the_revision_makes_has_nothing_to_ask_for)
{
    begin("forecast_new");
    write_revision("CREATE TABLE zq_t_new (id int PRIMARY KEY, a %s) ENGINE=InnoDB;\n"
                   "ALTER TABLE zq_t_new ADD FULLTEXT INDEX a (a);\n"
                   "ALTER TABLE zq_t_new MODIFY a varchar(5), DROP COLUMN id;\n",
                   "varchar(50)");
    upgrade(0, NULL, NULL, NULL);
    assert_type("zq_t_new", "a", "varchar(5)");
    end();
}

ZQ_LIVE_MAIN
