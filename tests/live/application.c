/* Databases as the application itself makes them: its factor calculation adds columns to the
 * members of one family, its table tool copies members, and no two members are alike to the letter.
 */
#include "cli.h"
#include "old_release.h"
#include "schema.h"
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
        cr_assert_eq(stocks_write(&sql, &zq_schema_head, stock, ways, &err), ZQ_OK);
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
#define CHECK(status, from, out, err, ...)       \
    expect_check((status), (from), (out), (err), \
                 (const char *const[]){"zquant-migrate", "check", "-q", __VA_ARGS__, NULL})

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
          "zquant-migrate: the schema differs from that of zquant 0.4.0: 5 differences\n", NULL);
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
          "zquant-migrate: the schema differs from that of zquant 0.4.0: 1 difference\n", NULL);
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

ZQ_LIVE_MAIN
