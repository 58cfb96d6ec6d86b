/* What needs consent is asked before anything runs: zquant-migrate on real servers. */
#include "own_revision.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#define CREATED_BY(type) \
    "ALTER TABLE zq_app_configs MODIFY COLUMN created_by " type " COMMENT '创建人';"

/* A database at head with three members of a family, and a revision that is to run. */
static void begin(const char *test, const char *upgrade)
{
    own_begin(test);
    own_make_members(3);
    own_write(upgrade, "SELECT 1;\n" CREATED_BY("varchar(50)"));
}

#define UPGRADE "zquant-migrate", "upgrade", "--dir", "."

static void expect_type(const char *table, const char *column, const char *type)
{
    char sql[512];

    snprintf(sql, sizeof sql,
             "SELECT REPLACE(COLUMN_TYPE, '(11)', '') FROM information_schema.COLUMNS WHERE "
             "TABLE_SCHEMA = DATABASE() AND TABLE_NAME = '%s' AND COLUMN_NAME = '%s'",
             table, column);
    cli_expect_value(type, sql);
}

static void expect_nothing_ran(void)
{
    cli_expect_number(0, "SELECT COUNT(*) FROM zq_meta_journal");
    own_expect_at("0003");
    expect_type("zq_app_configs", "created_by", "varchar(50)");
    cli_expect_number(0, "SELECT COUNT(*) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = "
                         "DATABASE() AND COLUMN_NAME = 'zq_t_x'");
}

#define THREE(type)                                       \
    "ALTER TABLE zq_app_configs ADD COLUMN zq_t_x int;\n" \
    "ALTER TABLE zq_app_configs DROP INDEX idx_config_key;\n" CREATED_BY(type)

#define COPIES "./t1.sql:9: copies 'zq_app_configs': column 'created_by' becomes "
#define BACKUP "make sure that there is a backup"

Test(forecast, a_column_that_gets_narrower_is_refused_before_anything_runs)
{
    begin("forecast_narrow", THREE("varchar(20)"));
    EXPECT(64,
           "zquant-migrate: ./t1.sql:9: narrows the column 'created_by' of 'zq_app_configs' "
           "from varchar(50) to varchar(20): 1 statement loses data, 1 statement copies a table "
           "or blocks writes to it: " COPIES "varchar(20), from varchar(50)\n"
           "hint: " BACKUP " and choose a quiet time, then say --allow-data-loss "
           "--allow-locking\n",
           UPGRADE);
    expect_nothing_ran();
    EXPECT(64,
           "zquant-migrate: ./t1.sql:9: narrows the column 'created_by' of 'zq_app_configs' "
           "from varchar(50) to varchar(20)\n"
           "hint: " BACKUP ", then say --allow-data-loss\n",
           UPGRADE, "--allow-locking");
    expect_nothing_ran();
    EXPECT(64,
           "zquant-init: ./t1.sql:9: narrows the column 'created_by' of 'zq_app_configs' "
           "from varchar(50) to varchar(20)\n"
           "hint: " BACKUP ", then run 'zquant-migrate upgrade --allow-data-loss --allow-locking "
           "--dir .'\n",
           "zquant-init", "--upgrade", "--allow-locking", "--dir", ".");
    expect_nothing_ran();
    EXPECT(0, NULL, UPGRADE, "--allow-locking", "--allow-data-loss");
    expect_type("zq_app_configs", "created_by", "varchar(20)");
    cli_end();
}

Test(forecast, a_copy_that_comes_third_is_refused_before_the_first_statement)
{
    program_result r;

    begin("forecast_copy", THREE("text"));
    EXPECT(64,
           "zquant-migrate: " COPIES "text, from varchar(50)\n"
           "hint: choose a quiet time, then say --allow-locking\n",
           UPGRADE, "--allow-data-loss");
    expect_nothing_ran();
    r = PROGRAM(UPGRADE, "--dry-run");
    cr_assert_eq(r.status, 0, "%s", r.err);
    cr_assert_not_null(
        strstr(r.out, ";\n-- copies 'zq_app_configs': column 'created_by' becomes text, from "
                      "varchar(50): needs --allow-locking\nALTER TABLE zq_app_configs MODIFY"),
        "%s", r.out);
    program_free(&r);
    r = PROGRAM(UPGRADE, "--dry-run", "--json");
    cr_assert_eq(r.status, 0, "%s", r.err);
    cr_assert_not_null(
        strstr(r.out,
               "  \"needs_consent\": [\n    {\n      \"file\": \"./t1.sql\",\n      \"line\": 9,\n"
               "      \"what\": \"copies 'zq_app_configs': column 'created_by' becomes text, from "
               "varchar(50)\",\n      \"option\": \"--allow-locking\"\n    }\n  ],\n  "
               "\"not_understood\": [],\n  \"not_asked\": [],\n  \"steps\": [\n"),
        "%s", r.out);
    cr_assert_not_null(strstr(r.out, "\"algorithm\": \"COPY\",\n      \"lock\": \"SHARED\",\n"
                                     "      \"why\": \"column 'created_by' becomes text, from "
                                     "varchar(50)\",\n"),
                       "%s", r.out);
    program_free(&r);
    EXPECT(0, NULL, UPGRADE, "--allow-locking");
    expect_type("zq_app_configs", "created_by", "text");
    EXPECT(64,
           "zquant-migrate: ./t1.sql:13: narrows the column 'created_by' of 'zq_app_configs' "
           "from text to varchar(50)\n"
           "hint: " BACKUP ", then say --allow-data-loss\n",
           "zquant-migrate", "downgrade", "0003", "--dir", ".", "--allow-locking");
    cli_expect_number(0, "SELECT COUNT(*) FROM zq_meta_journal");
    expect_type("zq_app_configs", "created_by", "text");
    cli_end();
}

Test(forecast, a_family_is_foretold_from_one_of_its_members)
{
    begin("forecast_family", "ALTER TABLE zq_app_configs ADD COLUMN zq_t_x int;\n" FAMILY(
                                 "ALTER TABLE {table} MODIFY x smallint;"));
    EXPECT(64,
           "zquant-migrate: ./t1.sql:9: narrows the column 'x' of every member of "
           "'zq_quant_factor_spacex_{code}' from int to smallint\n"
           "hint: " BACKUP ", then say --allow-data-loss\n",
           UPGRADE, "--allow-locking");
    EXPECT(64,
           "zquant-migrate: ./t1.sql:9: copies every member of "
           "'zq_quant_factor_spacex_{code}': column 'x' becomes smallint, from int\n"
           "hint: choose a quiet time, then say --allow-locking\n",
           UPGRADE, "--allow-data-loss");
    expect_nothing_ran();
    EXPECT(0, NULL, UPGRADE, "--allow-data-loss", "--allow-locking");
    cli_expect_number(3, "SELECT COUNT(*) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = "
                         "DATABASE() AND TABLE_NAME LIKE 'zq\\_quant\\_factor\\_spacex\\_%' AND "
                         "COLUMN_NAME = 'x' AND DATA_TYPE = 'smallint'");
    cli_end();
}

Test(forecast, what_is_done_is_not_asked_for_again_after_a_kill, .timeout = 120)
{
    ZQ_AUTO(zq_db) holder = NULL;
    pid_t pid;

    begin("forecast_kill",
          CREATED_BY("text") "\nALTER TABLE zq_quant_position ADD COLUMN zq_t_x int;");
    holder = cli_hold("SELECT COUNT(*) FROM zq_quant_position");
    pid = program_start((const char *const[]){UPGRADE, "--allow-locking", "--lock-wait", "1",
                                              "--lock-timeout", "60", NULL});
    /* Both are on record as started before the first: only the second's wait says that it is done.
     */
    cli_wait_for_other("INFO LIKE 'ALTER TABLE zq_quant_position%'");
    kill(pid, SIGKILL);
    program_wait(pid);
    live_exec(holder, "COMMIT");
    EXPECT(0, NULL, UPGRADE);
    expect_type("zq_app_configs", "created_by", "text");
    expect_type("zq_quant_position", "zq_t_x", "int");
    own_expect_at("t1");
    cli_end();
}

Test(forecast, a_table_that_the_revision_makes_has_nothing_to_ask_for)
{
    begin("forecast_new", "CREATE TABLE zq_t_new (id int PRIMARY KEY, a varchar(50)) "
                          "ENGINE=InnoDB;\n"
                          "ALTER TABLE zq_t_new ADD FULLTEXT INDEX a (a);\n"
                          "ALTER TABLE zq_t_new MODIFY a varchar(5), DROP COLUMN id;");
    EXPECT(0, NULL, UPGRADE);
    expect_type("zq_t_new", "a", "varchar(5)");
    cli_end();
}

ZQ_LIVE_MAIN
