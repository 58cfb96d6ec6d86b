/* zquant-migrate diff with a database as one of the sides: what it prints is run, and leads there.
 */
#include "cli.h"

#include "model/family.h"
#include "release.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAILY "zq_data_tustock_daily_"
#define BASIC "zq_data_tustock_daily_basic_"

static void begin(void)
{
    cli_begin("diff");
    program_env("ZQUANT_NO_ADMIN", "yes");
    EXPECT(0, NULL, "zquant-init", "-q");
}

TestSuite(diff, .init = begin, .fini = cli_end, .timeout = 300);

static void make_members(const zq_table *family)
{
    static const char *const codes[] = {"600001", "600002", "600003"};
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO(zq_db) db = cli_open();

    for (size_t i = 0; i < ZQ_LEN(codes); i++)
        live_make_table(db, zq_family_member(arena, family, codes[i]));
}

static const zq_table *family(const char *name)
{
    return zq_schema_table(&zq_schema_head, name);
}

/* The statements of a diff: its blocks are a family's, so that its members' have none. */
static void run(const char *text)
{
    program_result r;

    cr_assert_null(strstr(text, "zq:family"), "%s", text);
    r = program_mysql(cli_database(), text);
    cr_assert_eq(r.status, 0, "%s\n%s", r.err, text);
    program_free(&r);
}

static char *diff_of(const char *from, const char *to)
{
    program_result r = PROGRAM("zquant-migrate", "diff", "-q", "--from", from, "--to", to);
    char *out;

    cr_assert_eq(r.status, 1, "%d: %s%s", r.status, r.out, r.err);
    out = strdup(r.out);
    program_free(&r);
    return out;
}

Test(diff, a_ready_database_and_the_models_are_the_same)
{
    make_members(family(DAILY "{code}"));
    EXPECT(0, NULL, "zquant-migrate", "diff", "-q");
    EXPECT(0, NULL, "zquant-migrate", "diff", "-q", "--from", "models", "--to", "live");
}

/* A key over text of another collation, an index too few, a column too many, a table that is gone,
 * one that has a trigger. */
Test(diff, what_is_printed_fixes_drift_and_says_what_it_leaves)
{
    char *text;

    cli_change("ALTER TABLE zq_data_fundamentals DROP FOREIGN KEY zq_data_fundamentals_ibfk_1");
    cli_change("ALTER TABLE zq_data_fundamentals CONVERT TO CHARACTER SET utf8mb4 COLLATE "
               "utf8mb4_general_ci");
    cli_change("ALTER TABLE zq_data_tustock_stockbasic CONVERT TO CHARACTER SET utf8mb4 COLLATE "
               "utf8mb4_general_ci");
    cli_change("ALTER TABLE zq_data_fundamentals ADD CONSTRAINT zq_data_fundamentals_ibfk_1 "
               "FOREIGN KEY (symbol) REFERENCES zq_data_tustock_stockbasic (ts_code)");
    cli_change("ALTER TABLE zq_app_users DROP INDEX ix_zq_app_users_id, ADD COLUMN mine int");
    cli_change("DROP TABLE zq_quant_favorite");
    cli_change("CREATE TRIGGER zqt BEFORE INSERT ON zq_app_roles FOR EACH ROW SET @x = 1");
    text = diff_of("live", "models");
    cr_assert_not_null(strstr(text, "-- drops the column 'mine' of 'zq_app_users'\n"), "%s", text);
    cr_assert_not_null(strstr(text, "-- left to you: zq_app_roles: trigger 'zqt' should not"), "%s",
                       text);
    run(text);
    cli_change("DROP TRIGGER zqt");
    free(text);
    EXPECT(0, NULL, "zquant-migrate", "diff", "-q");
    EXPECT(0, NULL, "zquant-migrate", "check", "-q");
}

Test(diff, members_that_are_all_alike_have_one_block)
{
    char *text;

    make_members(family(DAILY "{code}"));
    for (int i = 1; i <= 3; i++) {
        char sql[128];

        snprintf(sql, sizeof sql, "ALTER TABLE " DAILY "60000%d DROP COLUMN vol", i);
        cli_change(sql);
    }
    text = diff_of("live", "models");
    cr_assert_not_null(
        strstr(text,
               "\n"
               "-- zq:family zq_data_tustock_daily\n"
               "ALTER TABLE `zq_data_tustock_daily_{code}`\n"
               "    ADD COLUMN `vol` double NOT NULL COMMENT '成交量（手）' AFTER `pct_chg`;\n"
               "-- zq:end\n"),
        "%s", text);
    free(text);
}

Test(diff, each_form_of_a_family_has_its_own_statements_both_ways)
{
    char *forth, *back;

    make_members(family(DAILY "{code}"));
    make_members(family(BASIC "{code}"));
    cli_change("ALTER TABLE " DAILY "600001 DROP COLUMN vol");
    cli_change("ALTER TABLE " DAILY "600003 DROP COLUMN vol");
    cli_change("ALTER TABLE " BASIC "600002 DROP INDEX ix_zq_data_tustock_daily_basic_600002_id");
    forth = diff_of("live", "models");
    back = diff_of("models", "live");
    cr_assert_not_null(
        strstr(forth,
               "-- 2 of the members of zq_data_tustock_daily_{code}: 600001, 600003\n"
               "ALTER TABLE `zq_data_tustock_daily_600001`\n"
               "    ADD COLUMN `vol` double NOT NULL COMMENT '成交量（手）' AFTER `pct_chg`;\n"
               "ALTER TABLE `zq_data_tustock_daily_600003`\n"),
        "%s", forth);
    run(forth);
    EXPECT(0, NULL, "zquant-migrate", "diff", "-q");
    EXPECT(0, NULL, "zquant-migrate", "check", "-q");
    run(back);
    SAYS(1, "zquant-migrate: 2 differences from database ", "zquant-migrate", "diff", "-q");
    free(forth);
    free(back);
}

/* A database at an older release without a stock has families of that release all the same. */
Test(diff, a_family_without_members_is_as_the_recorded_revision_has_it)
{
    char *text;

    EXPECT(0, NULL, "zquant-migrate", "downgrade", "0.3.0", "-q", "--allow-data-loss",
           "--allow-locking");
    text = diff_of("live", "models");
    cr_assert_not_null(strstr(text, "-- zq:family zq_data_tustock_daily\n"), "%s", text);
    free(text);
    EXPECT(0, NULL, "zquant-migrate", "diff", "-q", "--to", "0.3.0");
}

/* What an initialiser of a newer release leaves on a scratch server. */
Test(diff, a_database_of_a_release_that_nobody_knows_is_shown_with_its_new_tables)
{
    program_result r;

    cli_change("CREATE TABLE zq_app_news (id int PRIMARY KEY)");
    cli_change("CREATE TABLE somebody_elses (id int PRIMARY KEY)");
    r = PROGRAM("zquant-migrate", "show", "--schema", "live");
    cr_assert_eq(r.status, 0);
    cr_assert_str_eq(r.err, "zquant-migrate: warning: table 'zq_app_news' is not known to this "
                            "build, and taken along\n");
    cr_assert_not_null(strstr(r.out, "table zq_app_news engine InnoDB"));
    cr_assert_null(strstr(r.out, "somebody_elses"));
    program_free(&r);
    EXPECT(0, NULL, "zquant-migrate", "diff", "-q");
    SAYS(1, "1 difference from the models to database", "zquant-migrate", "diff", "--from",
         "models", "--to", "live");
}

Test(diff, the_statements_of_a_schema_make_it)
{
    program_result r = PROGRAM("zquant-migrate", "show", "--schema", "0.3.0", "--format", "sql",
                               "--flavor", live_flavor_name());

    for (size_t i = 0; i < zq_schema_head.n_tables; i++) {
        char sql[128];

        snprintf(sql, sizeof sql, "SET foreign_key_checks = 0; DROP TABLE IF EXISTS `%s`",
                 zq_schema_head.tables[i]->name);
        cli_change(sql);
    }
    run(r.out);
    program_free(&r);
    EXPECT(0, NULL, "zquant-migrate", "diff", "-q", "--to", "0.3.0");
}

Test(diff, a_database_that_is_not_there_is_no_empty_side)
{
    program_env("DB_NAME", "zqt_no_such_database");
    EXPECT(1,
           "zquant-migrate: database 'zqt_no_such_database' does not exist\n"
           "hint: run 'zquant-init' to make it\n",
           "zquant-migrate", "diff", "-q");
}

ZQ_LIVE_MAIN
