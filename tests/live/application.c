/* Databases as the application itself makes them: its factor calculation adds columns to the
 * members of one family, its table tool copies members, and no two members are alike to the letter.
 */
#include "cli.h"
#include "old_release.h"
#include "release.h"
#include "stocks.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FACTORS "zq_quant_factor_spacex_"
#define DAILY "zq_data_tustock_daily_"

static const stocks_ways varied = {
    .seed = 11, .shuffled = true, .charsets = true, .factors = true, .rows = 2};

static void begin(void)
{
    cli_begin("application");
    program_env("ZQUANT_NO_ADMIN", "yes");
}

TestSuite(application, .init = begin, .fini = cli_end, .timeout = 300);

static void add_stocks(int n, const stocks_ways *ways)
{
    ZQ_AUTO(zq_db) db = cli_open();
    ZQ_AUTO_BUF(sql);
    zq_err err = {0};

    for (int stock = 0; stock < n; stock++)
        cr_assert_eq(stocks_write(&sql, &zq_schema_head, stock, ways, &err), ZQ_OK, "%s",
                     err.message);
    sql.length -= 2; /* the last ";\n" */
    live_exec(db, zq_buf_text(&sql));
}

/* A database at head with the tables of some stocks. */
static void make_ready(int n, const stocks_ways *ways)
{
    EXPECT(0, NULL, "zquant-init", "--quiet");
    add_stocks(n, ways);
}

/* Run check; its output from the line on that begins with `from`, and all of its messages. */
static void expect_check(int status, const char *from, const char *out, const char *err,
                         const char *const *words)
{
    program_result r = program_run(words, NULL);
    const char *found = from == NULL ? r.out : strstr(r.out, from);

    cr_assert_eq(r.status, status, "status %d, not %d: %s%s", r.status, status, r.out, r.err);
    cr_assert_str_eq(found == NULL ? "" : found, out, "%s", r.out);
    cr_assert_str_eq(r.err, err);
    program_free(&r);
}
#define CHECK(status, from, out, err, ...) \
    expect_check(                          \
        (status), (from), (out), (err),    \
        (const char *const[]){"zquant-migrate", "check", "--no-color", __VA_ARGS__, NULL})

#define HINT \
    "hint: run 'zquant-migrate check --fixes' for the statements that fix what statements can\n"
#define EXACT "the schema is exactly that of zquant 0.4.0\n"

/* ---- columns of factors ---- */

Test(application, columns_of_factors_are_counted_and_no_difference)
{
    static const stocks_ways plain = {.seed = 1};

    make_ready(4, &plain);
    cli_change("ALTER TABLE " FACTORS "600001 ADD COLUMN ma5_tr DOUBLE NULL COMMENT 'x';"
               "ALTER TABLE " FACTORS "600002 ADD COLUMN ma5_tr DOUBLE, ADD total_times INT;"
               "ALTER TABLE " FACTORS "600003 ADD COLUMN turnover_rate DOUBLE");
    CHECK(0, FACTORS,
          FACTORS "{code}: 4 members, all as they should be\n" FACTORS
                  "{code}: 3 columns of the application's own\n" EXACT,
          "", NULL);
    cli_change("ALTER TABLE " FACTORS "600003 DROP COLUMN turnover_rate;"
               "CREATE TABLE mine (id int)");
    CHECK(0, FACTORS,
          FACTORS "{code}: 4 members, all as they should be\n" FACTORS
                  "{code}: 2 columns of the application's own\n"
                  "  ma5_tr [2 members]\n"
                  "  total_times [1 member]\n"
                  "1 table is not zquant's and left alone\n"
                  "  mine\n" EXACT,
          "", "-v");
}

Test(application, json_names_the_columns_of_factors_and_their_members)
{
    program_result r;
    json_t *document, *columns;

    make_ready(3, &varied);
    cli_change("ALTER TABLE " FACTORS "600000 ADD COLUMN aaa DECIMAL(10,2)");
    r = PROGRAM("zquant-migrate", "check", "--json", "-q");
    document = json_loads(r.out, 0, NULL);
    cr_assert_eq(r.status, 0, "%s", r.err);
    cr_assert_str_eq(json_string_value(json_object_get(document, "schema_id")),
                     zq_release_head()->id);
    columns = json_object_get(json_array_get(json_object_get(document, "families"), 4),
                              "application_columns");
    cr_assert_gt(json_array_size(columns), 2);
    cr_assert_str_eq(json_string_value(json_object_get(json_array_get(columns, 0), "name")), "aaa");
    cr_assert_eq(json_integer_value(json_object_get(json_array_get(columns, 0), "members")), 1);
    columns = json_object_get(json_array_get(json_object_get(document, "families"), 0),
                              "application_columns");
    cr_assert_eq(json_array_size(columns), 0);
    json_decref(document);
    program_free(&r);
}

Test(application, any_other_column_too_many_is_a_difference)
{
    static const stocks_ways plain = {.seed = 1};

    make_ready(4, &plain);
    cli_change("ALTER TABLE " FACTORS "600000 ADD COLUMN a DOUBLE NOT NULL DEFAULT 0;"
               "ALTER TABLE " FACTORS "600001 ADD COLUMN b VARCHAR(20);"
               "ALTER TABLE " FACTORS
               "600002 ADD COLUMN c INT GENERATED ALWAYS AS (YEAR(trade_date)) VIRTUAL;"
               "ALTER TABLE " FACTORS "600003 ADD COLUMN d DOUBLE, ADD KEY by_d (d);"
               "ALTER TABLE " DAILY "600003 ADD COLUMN e DOUBLE");
    CHECK(1, NULL,
          DAILY "600003: column 'e' should not be there: double, NULL\n" FACTORS
                "600000: column 'a' should not be there: double, NOT NULL, default '0'\n" FACTORS
                "600001: column 'b' should not be there: varchar(20), NULL\n" FACTORS
                "600002: column 'c' should not be there: int, generated as "
                "(year(`trade_date`)) virtual, NULL\n" FACTORS
                "600003: index 'by_d' should not be there: on (d)\n"
                "zq_data_tustock_daily_basic_{code}: 4 members, all as they should be\n" DAILY
                "{code}: 4 members, 1 differs from zquant 0.4.0\n"
                "zq_data_tustock_factor_{code}: 4 members, all as they should be\n"
                "zq_data_tustock_stkfactorpro_{code}: 4 members, all as they should be\n" FACTORS
                "{code}: 4 members, 4 differ from zquant 0.4.0\n" FACTORS
                "{code}: 1 column of the application's own\n",
          "zquant-migrate: the schema differs from that of zquant 0.4.0: 5 differences\n" HINT,
          NULL);
}

/* Their places do not matter; those of the family's own columns do. */
Test(application, columns_of_factors_may_stand_anywhere)
{
    static const stocks_ways plain = {.seed = 1};

    make_ready(3, &plain);
    cli_change("ALTER TABLE " FACTORS "600000 ADD COLUMN ma5_tr DOUBLE FIRST;"
               "ALTER TABLE " FACTORS "600001 ADD COLUMN ma5_tr DOUBLE AFTER ts_code,"
               " ADD COLUMN ma10_tr DOUBLE AFTER created_by");
    CHECK(0, FACTORS,
          FACTORS "{code}: 3 members, all as they should be\n" FACTORS
                  "{code}: 2 columns of the application's own\n" EXACT,
          "", NULL);
    cli_change("ALTER TABLE " FACTORS "600002 ADD COLUMN ma5_tr DOUBLE AFTER ts_code,"
               " MODIFY trade_date DATE NOT NULL COMMENT '交易日期' AFTER updated_time");
    CHECK(1, FACTORS "{code}",
          FACTORS "{code}: 3 members, 1 differs from zquant 0.4.0\n" FACTORS
                  "{code}: 2 columns of the application's own\n",
          "zquant-migrate: the schema differs from that of zquant 0.4.0: 1 difference\n" HINT,
          NULL);
}

/* ---- a release, as it is after a factor calculation ---- */

Test(application, a_release_with_columns_of_factors_is_recognised_exactly)
{
    static const char *const codes[] = {"000101", "300101", NULL};

    for (size_t i = 0; i < zq_n_releases; i++) {
        ZQ_AUTO(zq_db) db = live_open();
        char said[256];

        old_release_make(db, cli_database(), zq_releases[i].name, codes);
        live_exec(db, "ALTER TABLE " FACTORS "000101 ADD COLUMN ma5_tr DOUBLE;"
                      "ALTER TABLE " FACTORS "300101 ADD COLUMN total_times INT");
        snprintf(said, sizeof said,
                 "zquant-migrate: database '%s' is recorded as revision %s (zquant %s), whose "
                 "schema it has exactly\n",
                 cli_database(), zq_releases[i].revision, zq_releases[i].name);
        EXPECT(0, said, "zquant-migrate", "adopt");
    }
}

/* ---- members made by CREATE TABLE ... LIKE ---- */

#define RENAME(code, from)                                                                       \
    "  ALTER TABLE `" FACTORS code "` RENAME INDEX `uq_spacex_factor_" from "_ts_code_date` TO " \
    "`uq_spacex_factor_" code "_ts_code_date`;\n"

/* Run the script that check prints, and check once more. */
static void run_fixes(void)
{
    program_result r = PROGRAM("zquant-migrate", "check", "--no-color", "--fixes");
    program_result run = program_mysql(NULL, r.out);

    cr_assert_eq(run.status, 0, "%s\n%s", run.err, r.out);
    program_free(&run);
    program_free(&r);
}

Test(application,
     members_made_like_another_are_as_they_should_be_and_named_with_what_renames_their_indexes)
{
    static const stocks_ways plain = {.seed = 1};

    make_ready(2, &plain);
    cli_change("CREATE TABLE " FACTORS "600001_bak LIKE " FACTORS "600001;"
               "CREATE TABLE " FACTORS "600007 LIKE " FACTORS "600000;"
               "CREATE TABLE " DAILY "600007 LIKE " DAILY "600000");
    CHECK(0, FACTORS,
          FACTORS
          "{code}: 4 members, all as they should be\n" FACTORS
          "{code}: 2 members have indexes named after another member, as CREATE TABLE ... "
          "LIKE leaves them; no difference, but to rename them:\n" RENAME("600001_bak", "600001")
              RENAME("600007", "600000") EXACT,
          "", NULL);
    run_fixes();
    CHECK(0, FACTORS, FACTORS "{code}: 4 members, all as they should be\n" EXACT, "", NULL);
    cli_expect_value("5", "SELECT COUNT(DISTINCT INDEX_NAME) FROM information_schema.STATISTICS "
                          "WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = '" DAILY "600007' AND "
                          "INDEX_NAME LIKE '%\\_600007\\_%'");
}

/* Its own index and another's: the one that is too many is a difference, and nothing is renamed. */
Test(application, an_index_of_another_beside_its_own_is_a_difference)
{
    static const stocks_ways plain = {.seed = 1};

    make_ready(3, &plain);
    cli_change("ALTER TABLE " FACTORS "600001 ADD UNIQUE KEY uq_spacex_factor_600000_ts_code_date "
               "(ts_code, trade_date);"
               "ALTER TABLE " FACTORS "600002 ADD UNIQUE KEY uq_spacex_factor_600001_ts_code_date "
               "(ts_code, trade_date)");
    CHECK(1, FACTORS "6",
          FACTORS "600001: unique index 'uq_spacex_factor_600000_ts_code_date' should not be "
                  "there: on (ts_code, trade_date)\n" FACTORS
                  "600002: unique index 'uq_spacex_factor_600001_ts_code_date' should not be "
                  "there: on (ts_code, trade_date)\n"
                  "zq_data_tustock_daily_basic_{code}: 3 members, all as they should be\n" DAILY
                  "{code}: 3 members, all as they should be\n"
                  "zq_data_tustock_factor_{code}: 3 members, all as they should be\n"
                  "zq_data_tustock_stkfactorpro_{code}: 3 members, all as they should be\n" FACTORS
                  "{code}: 3 members, 2 differ from zquant 0.4.0\n",
          "zquant-migrate: the schema differs from that of zquant 0.4.0: 2 differences\n" HINT,
          NULL);
}

Test(application, releases_with_members_of_every_kind_are_recognised_exactly)
{
    static const char *const none[] = {NULL};
    const stocks_ways ways = {.seed = 5,
                              .shuffled = true,
                              .charsets = true,
                              .factors = true,
                              .like = true,
                              .copies = true,
                              .rows = 1};

    for (size_t i = 0; i < zq_n_releases; i++) {
        ZQ_AUTO(zq_db) db = live_open();

        old_release_make(db, cli_database(), zq_releases[i].name, none);
        old_release_add_stocks(db, zq_releases[i].name, 4, &ways);
        EXPECT(0, NULL, "zquant-migrate", "adopt", "-q");
        cli_expect_value(zq_releases[i].revision, "SELECT revision FROM zq_meta_history");
        cli_expect_value(zq_releases[i].id, "SELECT schema_id FROM zq_meta_history");
    }
}

/* ---- release 0.1.0 ---- */

static void make_0_1_0(void)
{
    static const char *const codes[] = {"000101", NULL};
    ZQ_AUTO(zq_db) db = live_open();

    old_release_make(db, cli_database(), "0.2.0", codes);
    live_exec(db, "DROP TABLE zq_quant_factor_configs, zq_quant_factor_models,"
                  " zq_quant_factor_definitions, zq_quant_favorite, zq_quant_position");
}

Test(application, release_0_1_0_is_recognised_and_adopt_makes_what_it_lacks)
{
    char said[1024];

    make_0_1_0();
    SAYS(1,
         "zquant-migrate: no revision is recorded; the schema is exactly that of zquant 0.1.0 "
         "(revision 0001 without 5 tables)\n"
         "hint: run 'zquant-migrate adopt' to make the tables that are missing, and record it\n",
         "zquant-migrate", "check");
    SAYS(1, "the schema is exactly that of zquant 0.1.0", "zquant-init", "status");
    EXPECT(0, NULL, "zquant-migrate", "adopt", "--dry-run");
    cli_expect_value("0", "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = "
                          "DATABASE() AND TABLE_NAME LIKE 'zq\\_meta%'");
    snprintf(said, sizeof said,
             "zquant-migrate: made 5 tables, which zquant 0.1.0 does not have: "
             "zq_quant_factor_configs, zq_quant_factor_definitions, zq_quant_factor_models, "
             "zq_quant_favorite, zq_quant_position\n"
             "zquant-migrate: database '%s' is recorded as revision 0001 (zquant 0.2.0), whose "
             "schema it has exactly\n",
             cli_database());
    EXPECT(0, said, "zquant-migrate", "adopt");
    cli_expect_value(zq_releases[0].id, "SELECT schema_id FROM zq_meta_history");
    EXPECT(0, NULL, "zquant-migrate", "check", "--no-color", "--against", "0.2.0");
}

/* As a run that was killed leaves it: some of the tables made, nothing recorded. */
Test(application, an_adopt_of_0_1_0_that_was_cut_short_is_completed)
{
    make_0_1_0();
    EXPECT(0, NULL, "zquant-migrate", "adopt", "-q");
    cli_change("DELETE FROM zq_meta_history;"
               "DROP TABLE zq_quant_factor_models, zq_quant_position");
    SAYS(1, "(revision 0001 without 2 tables)", "zquant-migrate", "check");
    SAYS(0,
         "made 2 tables, which zquant 0.1.0 does not have: zq_quant_factor_models, "
         "zq_quant_position\n",
         "zquant-migrate", "adopt");
    EXPECT(0, NULL, "zquant-migrate", "check", "--no-color", "--against", "0.2.0");
}

Test(application, init_records_0_1_0_and_names_the_way_up)
{
    make_0_1_0();
    SAYS(1, "is at revision '0001' (zquant 0.2.0), this build is for '0003' (0.4.0)",
         "zquant-init");
    EXPECT(0, NULL, "zquant-init", "--upgrade", "-q");
    EXPECT(0, NULL, "zquant-migrate", "check", "--no-color");
}

/* ---- another collation ---- */

static const char *other_collation(void)
{
    return live_flavor() == ZQ_MYSQL ? "utf8mb4_0900_ai_ci" : "utf8mb4_general_ci";
}

/* As it comes out where neither the application nor we have made the database. */
static void make_collated(const char *release)
{
    static const char *const codes[] = {"000101", "300101", NULL};
    ZQ_AUTO(zq_db) db = live_open();
    char sql[256];

    old_release_make_collated(db, cli_database(), release, codes, other_collation());
    snprintf(sql, sizeof sql, "ALTER DATABASE `%s` COLLATE %s", cli_database(), other_collation());
    live_exec(db, sql);
}

Test(application,
     a_release_in_another_collation_is_named_and_fixed_by_the_statements_that_check_prints)
{
    char said[512];

    make_collated("0.3.0");
    snprintf(said, sizeof said,
             "zquant-migrate: no revision is recorded; the schema is that of zquant 0.3.0 "
             "(revision 0002), but for a collation: 35 tables have %s, not utf8mb4_unicode_ci\n"
             "hint: run 'zquant-migrate check --fixes' for the statements that convert them, then "
             "'zquant-migrate adopt'\n",
             other_collation());
    SAYS(1, said, "zquant-migrate", "check");
    SAYS(1, "but for a collation: 35 tables have", "zquant-migrate", "adopt");
    SAYS(1, "but for a collation: 35 tables have", "zquant-init");
    /* Converted in part, as by a script that was cut short. */
    cli_change("ALTER TABLE zq_app_users CONVERT TO CHARACTER SET utf8mb4 COLLATE "
               "utf8mb4_unicode_ci");
    SAYS(1, "but for a collation: 34 tables have", "zquant-migrate", "adopt");
    run_fixes();
    EXPECT(0, NULL, "zquant-migrate", "adopt");
    cli_expect_value(zq_releases[1].id, "SELECT schema_id FROM zq_meta_history");
    cli_expect_value("utf8mb4_unicode_ci", "SELECT @@collation_database");
    cli_expect_value("0", "SELECT COUNT(*) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = "
                          "DATABASE() AND COLLATION_NAME <> 'utf8mb4_unicode_ci'");
}

Test(application, stocks_in_another_collation_are_named_at_head_too)
{
    char sql[256];

    make_ready(2, &varied);
    snprintf(sql, sizeof sql,
             "ALTER TABLE " DAILY "600000 CONVERT TO CHARACTER SET utf8mb4 COLLATE %s;"
             "ALTER TABLE " DAILY "600001 CONVERT TO CHARACTER SET utf8mb4 COLLATE %s",
             other_collation(), other_collation());
    cli_change(sql);
    SAYS(1, "the schema differs from that of zquant 0.4.0: 1 difference\n" HINT, "zquant-migrate",
         "check");
    run_fixes();
    EXPECT(0, "", "zquant-migrate", "check");
}

/* ---- what a member may not be ---- */

/* These lines come first, and nothing else is wrong. */
static void expect_differences(const char *lines, int n)
{
    program_result r = PROGRAM("zquant-migrate", "check", "--no-color");
    char said[128];

    snprintf(said, sizeof said, "the schema differs from that of zquant 0.4.0: %d differences\n",
             n);
    cr_assert_eq(r.status, 1);
    cr_assert_eq(strncmp(r.out, lines, strlen(lines)), 0, "%s instead of %s", r.out, lines);
    cr_assert_not_null(strstr(r.err, said), "%s", r.err);
    program_free(&r);
}

Test(application, each_member_that_is_spoilt_is_named_and_what_statements_can_fix_is_fixed)
{
    static const stocks_ways plain = {.seed = 1};
    const bool sequences = live_flavor() == ZQ_MARIADB;
    char found[2048], left[1024];

    make_ready(5, &plain);
    cli_change("ALTER TABLE " FACTORS "600000 DROP COLUMN updated_by;"
               "ALTER TABLE " FACTORS "600001 MODIFY ts_code VARCHAR(8) NOT NULL;"
               "ALTER TABLE " FACTORS "600002 MODIFY id INT NOT NULL, DROP PRIMARY KEY;"
               "ALTER TABLE " FACTORS "600003 DROP COLUMN trade_date,"
               " DROP INDEX uq_spacex_factor_600003_ts_code_date;"
               "DROP TABLE " FACTORS "600004;"
               "CREATE VIEW " FACTORS "600004 AS SELECT 1 AS id;"
               "CREATE VIEW " FACTORS "view_part_1 AS SELECT 1 AS id;");
    if (sequences)
        cli_change("CREATE SEQUENCE " FACTORS "600005");
    snprintf(left, sizeof left,
             FACTORS "600003: column 'trade_date' is missing: date, NOT NULL, comment '交易日期', "
                     "after 'ts_code'\n" FACTORS
                     "600003: unique index 'uq_spacex_factor_600003_ts_code_date' is missing: on "
                     "(ts_code, trade_date)\n"
                     "table '" FACTORS "600004': expected a table, found a view\n%s",
             sequences ? "table '" FACTORS "600005': expected a table, found a sequence\n" : "");
    snprintf(found, sizeof found,
             FACTORS
             "600000: column 'updated_by' is missing: varchar(50), NULL, comment '修改人', "
             "after 'created_time'\n" FACTORS
             "600001: column 'ts_code': expected varchar(10), comment "
             "'TS代码，如：000001.SZ', found varchar(8), no comment\n" FACTORS
             "600002: column 'id': expected auto_increment, found no auto_increment\n" FACTORS
             "600002: primary key is missing: on (id)\n%s",
             left);
    expect_differences(found, sequences ? 8 : 7);
    run_fixes();
    expect_differences(left, sequences ? 4 : 3);
}

Test(application, who_may_not_see_triggers_says_so)
{
    static const stocks_ways plain = {.seed = 1};
    char sql[512], warning[256];

    make_ready(1, &plain);
    snprintf(sql, sizeof sql,
             "DROP USER IF EXISTS 'zq_blind'@'%%'; CREATE USER 'zq_blind'@'%%' IDENTIFIED BY '%s';"
             "GRANT SELECT, SHOW VIEW ON `%s`.* TO 'zq_blind'@'%%';"
             "CREATE TRIGGER spoilt BEFORE INSERT ON " DAILY "600000 FOR EACH ROW SET NEW.vol = 0",
             live_env("PASSWORD", ""), cli_database());
    cli_change(sql);
    snprintf(warning, sizeof warning,
             "zquant-migrate: warning: account 'zq_blind@%%' lacks the privilege TRIGGER on "
             "database '%s': triggers on its tables would not be seen\n",
             cli_database());
    EXPECT(0, warning, "zquant-migrate", "check", "--user", "zq_blind");
    snprintf(sql, sizeof sql, "GRANT TRIGGER ON `%s`.* TO 'zq_blind'@'%%'", cli_database());
    cli_change(sql);
    SAYS(1, "the schema differs from that of zquant 0.4.0: 1 difference\n", "zquant-migrate",
         "check", "--user", "zq_blind");
    cli_change("DROP USER 'zq_blind'@'%'");
}

/* ---- nothing but the tables of stocks ---- */

static void make_members_only(const char *release)
{
    ZQ_AUTO(zq_db) db = live_open();
    const stocks_ways ways = {.seed = 3, .shuffled = true, .factors = true};

    live_drop(cli_database());
    live_make_database(db, cli_database());
    old_release_add_stocks(db, release, 3, &ways);
}

Test(application, a_fresh_install_goes_beside_stocks_that_are_as_it_wants_them)
{
    char said[512];

    make_members_only("0.4.0");
    snprintf(said, sizeof said,
             "zquant-migrate: database '%s' has of zquant's tables only those of stocks, and they "
             "are as zquant 0.4.0 has them already\n"
             "hint: run 'zquant-init': it makes the other tables beside them\n",
             cli_database());
    EXPECT(1, said, "zquant-migrate", "upgrade");
    EXPECT(1, said, "zquant-migrate", "upgrade", "0001", "--dry-run");
    cli_expect_value("15", "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = "
                           "DATABASE()");
    EXPECT(0, NULL, "zquant-init", "-q");
    EXPECT(0, "", "zquant-migrate", "check");
}

Test(application, beside_stocks_of_an_older_release_nothing_is_made_but_by_an_upgrade)
{
    char said[512];

    make_members_only("0.3.0");
    snprintf(said, sizeof said,
             "zquant-init: database '%s' has of zquant's tables only those of stocks, and 15 are "
             "not as zquant 0.4.0 has them\n"
             "hint: run 'zquant-migrate upgrade': it makes the other tables, and brings those of "
             "stocks along\n",
             cli_database());
    EXPECT(1, said, "zquant-init");
    EXPECT(1, said, "zquant-init", "--dry-run");
    EXPECT(1, said, "zquant-init", "status");
    SAYS(1, strstr(said, "hint: "), "zquant-migrate", "check");
    cli_expect_value("15", "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = "
                           "DATABASE()");
    SAYS(0, "is ready at revision 0003 (zquant 0.4.0)\n", "zquant-init", "--upgrade");
    EXPECT(0, "", "zquant-migrate", "check");
    make_members_only("0.2.0");
    EXPECT(0, NULL, "zquant-migrate", "upgrade");
    EXPECT(0, "", "zquant-migrate", "check");
}

ZQ_LIVE_MAIN
