/* What `plan` says of a run before it runs, on databases as the application leaves them. */
#include "own_revision.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

static program_result plan(const char *option)
{
    const char *const words[] = {"zquant-migrate", "plan", "--dir", ".", option, NULL};
    program_result r = program_run(words, NULL);

    cr_assert_eq(r.status, 0, "%s", r.err);
    return r;
}

static void expect_planned(const char *option, const char *wanted)
{
    program_result r = plan(option);

    cr_expect_not_null(strstr(r.out, wanted), "wanted: %s\nsaid: %s", wanted, r.out);
    program_free(&r);
}

static void expect_not_planned(const char *unwanted)
{
    program_result r = plan(NULL);

    cr_expect_null(strstr(r.out, unwanted), "said: %s", r.out);
    program_free(&r);
}

static void begin(void)
{
    own_begin("plan");
}

TestSuite(plan, .init = begin, .fini = cli_end);

static json_t *planned(program_result *r)
{
    json_t *document;

    *r = plan("--json");
    document = json_loads(r->out, 0, NULL);
    cr_assert_not_null(document, "%s", r->out);
    return document;
}

static const char *text_of(json_t *step, const char *key)
{
    return json_string_value(json_object_get(step, key));
}

Test(plan, of_each_statement_it_says_the_table_the_way_and_what_is_lost)
{
    program_result r, dry;
    const char *const words[] = {"zquant-migrate", "upgrade", "--dry-run", "--json",
                                 "--dir",          ".",       NULL};
    json_t *document, *again, *step;

    cli_change("CREATE TABLE zq_own (id int PRIMARY KEY, a varchar(50), b int) ENGINE=InnoDB; "
               "INSERT INTO zq_own VALUES (1, 'x', 1), (2, 'y', 2); ANALYZE TABLE zq_own");
    own_write("ALTER TABLE zq_own ADD COLUMN c int;\n"
              "ALTER TABLE zq_own MODIFY a varchar(20);\n"
              "ALTER TABLE zq_own ADD INDEX b (b), DROP COLUMN c;\n"
              "UPDATE zq_own SET a = 'z';\n"
              "CALL zq_p();",
              NULL);
    document = planned(&r);
    step = json_array_get(json_object_get(document, "steps"), 0);
    cr_assert_not_null(step, "%s", r.out);
    cr_expect_str_eq(text_of(step, "table"), "zq_own");
    cr_expect_str_eq(text_of(step, "algorithm"), "INSTANT");
    cr_expect_str_eq(text_of(step, "lock"), "NONE");
    cr_expect_str_eq(text_of(step, "sql"), "ALTER TABLE zq_own ADD COLUMN c int");
    cr_expect_eq(json_integer_value(json_object_get(step, "line")), 7);
    cr_expect_eq(json_integer_value(json_object_get(step, "rows")), 2, "%s", r.out);
    cr_expect_gt(json_integer_value(json_object_get(step, "bytes")), 0);
    step = json_array_get(json_object_get(document, "steps"), 1);
    cr_expect_str_eq(text_of(step, "algorithm"), "COPY");
    cr_expect_str_eq(text_of(step, "lock"), "SHARED");
    cr_expect_str_eq(text_of(step, "why"), "column 'a' becomes varchar(20), from varchar(50)");
    cr_expect_str_eq(json_string_value(json_array_get(json_object_get(step, "losses"), 0)),
                     "narrows the column 'a' of 'zq_own' from varchar(50) to varchar(20)");
    step = json_array_get(json_object_get(document, "steps"), 2);
    cr_expect_str_eq(text_of(step, "algorithm"), "INPLACE, rebuild");
    step = json_array_get(json_object_get(document, "steps"), 3);
    cr_expect_null(text_of(step, "algorithm"));
    cr_expect_str_eq(text_of(step, "lock"), "rows");
    dry = program_run(words, NULL);
    again = json_loads(dry.out, 0, NULL);
    cr_expect(json_equal(json_object_get(document, "needs_consent"),
                         json_object_get(again, "needs_consent")),
              "%s", dry.out);
    cr_expect_eq(json_array_size(json_object_get(again, "steps")), 5);
    json_decref(document);
    json_decref(again);
    program_free(&r);
    program_free(&dry);
    expect_planned(NULL, "\nit needs --allow-data-loss --allow-locking --allow-unknown\n");
    expect_planned("--markdown", "It needs `--allow-data-loss --allow-locking --allow-unknown`.\n");
}

Test(plan, a_table_that_cannot_take_a_statement_is_named)
{
    cli_change("CREATE TABLE zq_own (id int PRIMARY KEY) ENGINE=InnoDB");
    own_write("ALTER TABLE zq_own DROP INDEX none;", NULL);
    expect_planned(NULL, "cannot be run: the table has no index 'none'\n");
}

Test(plan, no_statement_ends_its_place_in_markdown)
{
    cli_change("CREATE TABLE zq_own (a text) ENGINE=InnoDB");
    own_write("INSERT INTO zq_own VALUES ('\n``````````\n<b>');", NULL);
    expect_planned("--markdown", "\n\n```````````sql\nINSERT INTO zq_own VALUES ('\n``````````\n"
                                 "<b>');\n```````````\n");
}

Test(plan, the_rows_that_a_column_stops_at_are_counted)
{
    cli_change(
        "CREATE TABLE zq_own (id int PRIMARY KEY, a int, b int, c int) ENGINE=InnoDB; INSERT "
        "INTO zq_own VALUES (1, 1, NULL, NULL), (2, NULL, 2, 2), (3, NULL, NULL, 3)");
    own_write("ALTER TABLE zq_own CHANGE a d int NOT NULL, MODIFY id int NOT NULL;\n"
              "ALTER TABLE zq_own ADD COLUMN e int;\n"
              "ALTER TABLE zq_own MODIFY c int NOT NULL;\n",
              NULL);
    expect_planned(NULL, "        2 rows (2, 3) with NULL in 'a', which shall be NOT NULL\n");
    expect_planned("--json", "\"2 rows (2, 3) with NULL in 'a', which shall be NOT NULL\"\n");
    own_write("ALTER TABLE zq_own MODIFY b int NOT NULL;\nUPDATE zq_own SET a = 0;\n"
              "ALTER TABLE zq_own MODIFY a int NOT NULL, MODIFY c int NOT NULL;",
              NULL);
    expect_planned(NULL, "        2 rows (1, 3) with NULL in 'b', which shall be NOT NULL\n");
    expect_not_planned("with NULL in 'a'");
}

#define DAILY "zq_data_tustock_daily_"

Test(plan, the_rows_of_all_members_that_a_column_stops_at_are_counted)
{
    cli_change("CREATE TABLE " DAILY "600001 (id int PRIMARY KEY, y int) ENGINE=InnoDB;"
               "CREATE TABLE " DAILY "600002 LIKE " DAILY "600001;"
               "CREATE TABLE " DAILY "600003 (id int PRIMARY KEY, y int NOT NULL) ENGINE=InnoDB;"
               "INSERT INTO " DAILY "600002 VALUES (7, NULL), (8, 1), (9, NULL);"
               "INSERT INTO " DAILY "600003 VALUES (1, 1)");
    own_write("-- zq:family zq_data_tustock_daily\nALTER TABLE {table} MODIFY y int NOT NULL;\n"
              "-- zq:end",
              NULL);
    expect_planned(NULL,
                   "        2 rows in 1 of 3 members (600002: 7, 600002: 9) with NULL in 'y', "
                   "which shall be NOT NULL\n");
    cli_change("CREATE TABLE " DAILY "600004 (id int PRIMARY KEY, x int) ENGINE=InnoDB");
    expect_planned(NULL,
                   "        rows with NULL in 'y', which shall be NOT NULL: cannot be counted: ");
}

Test(plan, members_of_a_family_are_told_by_their_forms)
{
    cli_change("CREATE TABLE " DAILY "600001 (id int PRIMARY KEY, x int, y int) ENGINE=InnoDB;"
               "CREATE TABLE " DAILY "600002 LIKE " DAILY "600001;"
               "CREATE TABLE " DAILY "600003 (id int PRIMARY KEY, x int) ENGINE=InnoDB;"
               "CREATE TABLE " DAILY "600004 LIKE " DAILY "600003;"
               "CREATE TABLE " DAILY "600005 (id int PRIMARY KEY, y int NOT NULL) ENGINE=InnoDB;"
               "CREATE VIEW " DAILY "view AS SELECT y FROM " DAILY "600001");
    own_write("-- zq:family zq_data_tustock_daily\nALTER TABLE {table} ADD INDEX ix_{code}_y (y);\n"
              "-- zq:end",
              NULL);
    expect_planned(NULL, "        on 5 tables\n"
                         "        2 like " DAILY "600001: INPLACE, lock NONE\n"
                         "        2 like " DAILY "600003: left as they are: has no column 'y'\n"
                         "        1 like " DAILY "600005: INPLACE, lock NONE\n");
}

/* The application adds columns to those of this family, each member its own. */
Test(plan, of_members_with_columns_of_the_applications_only_a_run_can_tell)
{
    own_make_members(3);
    own_write(FAMILY("ALTER TABLE {table} ADD INDEX ix_y (y);"), NULL);
    expect_planned(NULL, " INPLACE    NONE\n        on 3 tables\n\n");
}

Test(plan, who_has_a_metadata_lock_is_named_or_that_it_cannot_be_known)
{
    zq_db *holder;

    cli_change("CREATE TABLE zq_own (id int PRIMARY KEY) ENGINE=InnoDB");
    own_write("ALTER TABLE zq_own ADD COLUMN a int;", NULL);
    holder = cli_hold("SELECT * FROM zq_own");
    cli_change("DO SLEEP(0.2)"); /* InnoDB's list of transactions is kept for 0.1 s */
    if (live_flavor() == ZQ_MYSQL)
        expect_planned(NULL, " has a metadata lock on zq_own, for ");
    else
        expect_planned(NULL, "who has a metadata lock on which table cannot be known here: "
                             "that needs the plugin\nMETADATA_LOCK_INFO and the privilege "
                             "PROCESS\nconnection ");
    zq_db_close(holder);
    if (live_flavor() == ZQ_MYSQL) {
        program_result r = plan("--json");

        cr_expect_not_null(strstr(r.out, "\"blockers\": []"), "%s", r.out);
        program_free(&r);
    }
}

Test(plan, how_long_a_revision_took_last_time_is_known_from_the_history)
{
    cli_change("CREATE TABLE zq_own (id int PRIMARY KEY) ENGINE=InnoDB");
    own_write("ALTER TABLE zq_own ADD COLUMN a int;", "ALTER TABLE zq_own DROP COLUMN a;");
    OWN_SAYS(0, NULL, "zquant-migrate", "upgrade", "--quiet");
    OWN_SAYS(0, NULL, "zquant-migrate", "downgrade", "-1", "--allow-data-loss", "--quiet");
    cli_change("UPDATE zq_meta_history SET duration_ms = 754321 WHERE operation = 'upgrade' AND "
               "revision = 't1'");
    expect_planned(NULL, "upgrade to t1: a test (last time: 13 min)\n");
}

Test(plan, a_page_loads_nothing_runs_nothing_and_spells_out_what_a_browser_would_obey)
{
    char path[256];
    static char page[1 << 17];
    FILE *file;

    cli_change("CREATE TABLE `zq<b>` (id int PRIMARY KEY) ENGINE=InnoDB");
    own_write("ALTER TABLE `zq<b>` ADD COLUMN a varchar(20) DEFAULT '<script>x</script>';\n"
              "ALTER TABLE zq_app_users ADD COLUMN own int;",
              NULL);
    OWN_SAYS(0, NULL, "zquant-migrate", "plan", "--quiet", "--html", "page.html");
    snprintf(path, sizeof path, "%s/page.html", program_dir());
    file = fopen(path, "r");
    cr_assert_not_null(file);
    cr_assert_gt(fread(page, 1, sizeof page - 1, file), 0);
    fclose(file);
    cr_expect_not_null(strstr(page, "ALTER TABLE `zq&lt;b&gt;` ADD COLUMN a varchar(20) DEFAULT "
                                    "'&lt;script&gt;x&lt;/script&gt;'"));
    cr_expect_not_null(strstr(page, "class=\"name\">zq_app_users</text>"));
    cr_expect_null(strstr(page, "<script"));
    cr_expect_null(strstr(page, "<b>"));
    cr_expect_null(strstr(page, " src="));
    cr_expect_null(strstr(page, " href="));
}

Test(plan, back_is_planned_too_and_no_line_is_wider_than_its_terminal)
{
    program_result r = plan("0001");

    cr_expect_not_null(strstr(r.out, "0003 (zquant 0.4.0) to 0001 (zquant 0.2.0)"), "%s", r.out);
    cr_expect_not_null(strstr(r.out, "\nit needs --allow-data-loss\n"), "%s", r.out);
    for (const char *line = r.out; *line != '\0'; line += strcspn(line, "\n") + 1)
        cr_expect_leq(strcspn(line, "\n"), 100, "%.200s", line);
    program_free(&r);
}

ZQ_LIVE_MAIN
