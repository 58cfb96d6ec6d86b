/* The session of a revision: it begins as ours, what it SETs holds for it alone, and nothing that
 * is ours is read under it. */
#include "own_revision.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static void begin(void)
{
    own_begin("session");
}

TestSuite(session, .init = begin, .fini = cli_end, .timeout = 120);

/* A second revision, after t1. */
static void write_second(const char *title, const char *upgrade)
{
    char text[4096];
    int length = snprintf(text, sizeof text,
                          "-- revision: t2\n-- revises: t1\n-- title: %s\n"
                          "-- created: 2026-01-04T00:00:00Z\n\n-- zq:upgrade\n%s\n\n"
                          "-- zq:irreversible a test\n",
                          title, upgrade);

    cr_assert_lt((size_t)length, sizeof text);
    program_file("t2.sql", text, 0644);
}

static void expect_upgrade(int status, const char *said)
{
    OWN_SAYS(status, said, "zquant-migrate", "upgrade");
}

#define LEAVES_ALL                                                                                 \
    "CREATE TABLE zq_t (what varchar(40), a varchar(200));\n"                                      \
    "CREATE TABLE zq_p (id int PRIMARY KEY);\n"                                                    \
    "CREATE TABLE zq_c (p int, CONSTRAINT zq_c_fk FOREIGN KEY (p) REFERENCES zq_p (id));\n"        \
    "CREATE TEMPORARY TABLE zq_tmp (a int);\n"                                                     \
    "PREPARE zq_s FROM 'DO 1';\n"                                                                  \
    "SET sql_mode = '', foreign_key_checks = 0, time_zone = '+05:00', @u = 'left';\n"              \
    "SET sql_select_limit = 1, completion_type = 2;\n"                                             \
    "SET NAMES latin1;\n"                                                                          \
    "INSERT INTO zq_t VALUES ('own', CONCAT_WS(' ', @@time_zone, IF(@@foreign_key_checks, 1, 0), " \
    "@u));\n"                                                                                      \
    "UPDATE zq_t SET a = CONCAT(a, ' ', @@sql_select_limit);"

#define SEES                                                                                    \
    "INSERT INTO zq_t VALUES ('next', CONCAT_WS(' ', @@time_zone, IF(@@foreign_key_checks, 1, " \
    "0), "                                                                                      \
    "IFNULL(@u, 'none'), @@character_set_client, @@completion_type)), ('text', '\xe4\xb8\xad"   \
    "\xe6\x96\x87');\n"

static void expect_nothing_left(void)
{
    cli_expect_value("+05:00 0 left 1", "SELECT a FROM zq_t WHERE what = 'own'");
    cli_expect_number(1, "SELECT a = CONCAT_WS(' ', @@GLOBAL.time_zone, 1, 'none', 'utf8mb4', "
                         "'NO_CHAIN') FROM zq_t WHERE what = 'next'");
    cli_expect_value("\xe4\xb8\xad\xe6\x96\x87", "SELECT a FROM zq_t WHERE what = 'text'");
    cli_expect_value("\xe6\xa0\x87\xe9\xa2\x98",
                     "SELECT title FROM zq_meta_history WHERE revision = 't2'");
    cli_expect_number(0, "SELECT SUM(ABS(TIMESTAMPDIFF(MINUTE, applied_time, NOW())) > 10) FROM "
                         "zq_meta_history");
}

Test(session, what_a_revision_sets_is_not_left_for_the_next)
{
    own_write(LEAVES_ALL, NULL);
    write_second("\xe6\xa0\x87\xe9\xa2\x98",
                 SEES "CREATE TEMPORARY TABLE zq_tmp (a int);\nPREPARE zq_s FROM 'DO 2';");
    expect_upgrade(0, "is at revision t2\n");
    expect_nothing_left();
}

Test(session, two_runs_are_as_one)
{
    own_write(LEAVES_ALL, NULL);
    write_second("\xe6\xa0\x87\xe9\xa2\x98", SEES);
    OWN_SAYS(0, "is at revision t1\n", "zquant-migrate", "upgrade", "t1");
    expect_upgrade(0, "is at revision t2\n");
    expect_nothing_left();
}

Test(session, the_next_revision_does_not_let_orphans_in)
{
    own_write(LEAVES_ALL, NULL);
    write_second("a test", "INSERT INTO zq_c VALUES (99);");
    expect_upgrade(2, "t2.sql:7: cannot run 'INSERT INTO zq_c VALUES (99)': the server refused the "
                      "statement: Cannot add or update a child row");
}

Test(session, a_run_that_goes_on_sets_it_again)
{
    own_write("CREATE TABLE zq_t (what varchar(40), a varchar(200));\n"
              "SET time_zone = '+05:00', sql_mode = 'ANSI_QUOTES';\n"
              "INSERT INTO \"zq_t\" VALUES ('one', @@time_zone);\n"
              "INSERT INTO \"zq_t\" SELECT 'two', x FROM zq_u;",
              NULL);
    expect_upgrade(2, "t1.sql:10: cannot run 'INSERT INTO \"zq_t\" SELECT 'two', x FROM zq_u'");
    cli_change("CREATE TABLE zq_u AS SELECT 1 AS x");
    expect_upgrade(0, "is at revision t1\n");
    cli_expect_value("+05:00,1", "SELECT GROUP_CONCAT(a ORDER BY what) FROM zq_t");
}

#define MEMBERS_CHANGED                                                                \
    "SELECT COUNT(*) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() " \
    "AND TABLE_NAME LIKE 'zq\\_quant\\_factor\\_spacex\\_%' AND COLUMN_NAME = 'w'"

Test(session, a_family_is_found_whatever_the_revision_sets)
{
    static const char *const settings[] = {"SET sql_select_limit = 2;\n",
                                           "SET sql_mode = 'NO_BACKSLASH_ESCAPES,ANSI_QUOTES';\n",
                                           "SET NAMES latin1;\n"};

    own_make_members(5);
    for (size_t i = 0; i < ZQ_LEN(settings); i++) {
        char text[512];

        snprintf(text, sizeof text, "%s%s", settings[i],
                 FAMILY("ALTER TABLE {table} ADD COLUMN w int;\nUPDATE {table} SET w = 1;"));
        own_write(text, NULL);
        expect_upgrade(0, "is at revision t1\n");
        cli_expect_number(5, MEMBERS_CHANGED);
        cli_expect_number(5, "SELECT (SELECT w FROM zq_quant_factor_spacex_000000) + "
                             "(SELECT w FROM zq_quant_factor_spacex_000001) + "
                             "(SELECT w FROM zq_quant_factor_spacex_000002) + "
                             "(SELECT w FROM zq_quant_factor_spacex_000003) + "
                             "(SELECT w FROM zq_quant_factor_spacex_000004)");
        for (int member = 0; member < 5; member++) {
            snprintf(text, sizeof text, "ALTER TABLE zq_quant_factor_spacex_00000%d DROP COLUMN w",
                     member);
            cli_change(text);
        }
        cli_change("DELETE FROM zq_meta_history WHERE revision = 't1'");
    }
}

/* A server quotes the text from the mistake on, to the end of what it was sent. */
Test(session, of_a_typing_error_the_server_quotes_nothing_that_is_ours)
{
    static const char *const wrong[] = {"INSERT INTO zq_none VALUES (1) WHAT IS THIS",
                                        "ALTER TABLE zq_quant_position ADD COLUMN WHAT IS THIS",
                                        "CALL zq_none(1) WHAT IS THIS",
                                        "SET WHAT IS THIS",
                                        "SELECT 1 WHAT IS THIS",
                                        "CREATE TRIGGER WHAT IS THIS",
                                        "CREATE SEQUENCE zq_none WHAT IS THIS"};

    for (size_t i = 0; i < ZQ_LEN(wrong); i++) {
        program_result r;
        char text[128];

        snprintf(text, sizeof text, "%s;", wrong[i]);
        own_write(text, NULL);
        r = program_run((const char *const[]){"zquant-migrate", "upgrade", "--allow-unknown",
                                              "--dir", ".", NULL},
                        NULL);
        cr_assert_eq(r.status, 2, "%s", r.err);
        cr_assert_not_null(strstr(r.err, "WHAT IS THIS'"), "%s", r.err);
        cr_assert_null(strstr(r.err, "zq_meta"), "%s", r.err);
        cr_assert_null(strstr(r.err, "COMMIT"), "%s", r.err);
        cr_assert_null(strstr(r.err, "SHOW"), "%s", r.err);
        program_free(&r);
    }
}

/* The words of a revision cannot make our own of them. */
Test(session, a_comment_at_the_end_of_a_statement_hides_nothing_of_ours)
{
    own_write("CREATE TABLE zq_t (a int) -- to the end of the line\n;\n"
              "INSERT INTO zq_t VALUES (1) # to the end\n;\n"
              "ALTER TABLE zq_t ADD COLUMN b int -- and here\n;",
              NULL);
    expect_upgrade(0, "is at revision t1\n");
    cli_expect_number(1, "SELECT COUNT(b IS NULL) FROM zq_t");
    cli_expect_number(0, "SELECT COUNT(*) FROM zq_meta_journal");
}

ZQ_LIVE_MAIN
