/* What a run finds that others have done to its tables: the journal's cells for DDL on one table,
 * before a statement was started and after. */
#include "live.h"
#include "program.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *database;
static zq_db *db;

/* A fresh database of the newest revision, and a table that is in none. */
static void begin(void)
{
    program_result r;
    char sql[128];

    database = live_database("journal_cells");
    db = live_open();
    program_env_reset();
    program_env_live(database);
    r = PROGRAM("zquant-init", "--no-admin");
    cr_assert_eq(r.status, 0, "%s", r.err);
    program_free(&r);
    snprintf(sql, sizeof sql, "USE `%s`", database);
    live_exec(db, sql);
    live_exec(db, "CREATE TABLE zq_t_one (id int PRIMARY KEY, a int, c varchar(9), KEY ix_a (a)) "
                  "ENGINE=InnoDB");
}

static void end(void)
{
    zq_db_close(db);
    live_drop(database);
}

TestSuite(journal_cells, .init = begin, .fini = end, .timeout = 120);

/* A revision of these statements, from line 7 on. */
static void write_revision(const char *statements)
{
    char text[1024];

    snprintf(text, sizeof text,
             "-- revision: t1\n-- revises: 0003\n-- title: cells\n"
             "-- created: 2026-01-04T00:00:00Z\n\n-- zq:upgrade\n%s\n"
             "-- zq:irreversible a test\n",
             statements);
    program_file("t1_cells.sql", text, 0644);
}

static void assert_upgrade(int status, const char *words)
{
    program_result r = PROGRAM("zquant-migrate", "upgrade", "--dir", program_dir(),
                               "--allow-data-loss", "--allow-locking");

    cr_assert_eq(r.status, status, "%d: %s", r.status, r.err);
    cr_assert_not_null(strstr(r.err, words), "%s", r.err);
    program_free(&r);
}

static void assert_value(const char *sql, const char *expected)
{
    char *value = live_value(db, sql);

    cr_assert_str_eq(value, expected, "%s", sql);
    free(value);
}

#define COLUMNS                                                                    \
    "SELECT GROUP_CONCAT(COLUMN_NAME ORDER BY ORDINAL_POSITION) FROM "             \
    "information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = " \
    "'zq_t_one'"
#define BY_ANOTHER                                                                           \
    "t1_cells.sql:7: cannot go on: 'zq_t_one' is changed already, and not by a run of this " \
    "revision"

/* ---- not started ---- */

Test(journal_cells, what_somebody_did_before_the_run_is_said_to_be_done_by_another)
{
    static const struct {
        const char *statement;
        const char *by_another;
        const char *server; /* its words, a part of the detail */
    } cases[] = {
        {"ALTER TABLE zq_t_one ADD COLUMN b INTEGER NOT NULL DEFAULT 0;",
         "ALTER TABLE zq_t_one ADD COLUMN b int NOT NULL DEFAULT '0' AFTER id", " 'b' (1060)"},
        {"ALTER TABLE zq_t_one DROP COLUMN c;", "ALTER TABLE zq_t_one DROP COLUMN c", "(1091)"},
        {"ALTER TABLE zq_t_one RENAME COLUMN c TO d;", "ALTER TABLE zq_t_one CHANGE c d varchar(9)",
         "(1054)"},
        {"ALTER TABLE zq_t_one ADD INDEX ix_c (c);", "CREATE INDEX ix_c ON zq_t_one (c)",
         "'ix_c' (1061)"},
        {"CREATE INDEX ix_c ON zq_t_one (c);", "CREATE INDEX ix_c ON zq_t_one (c)",
         "'ix_c' (1061)"},
        {"DROP INDEX ix_a ON zq_t_one;", "DROP INDEX ix_a ON zq_t_one", "(1091)"},
        {"DROP TABLE zq_t_one;", "DROP TABLE zq_t_one", "zq_t_one' (1051)"},
    };

    for (size_t i = 0; i < ZQ_LEN(cases); i++) {
        live_exec(db, cases[i].by_another);
        write_revision(cases[i].statement);
        assert_upgrade(1, BY_ANOTHER);
        assert_upgrade(1, cases[i].server);
        live_exec(db, "DROP TABLE IF EXISTS zq_t_one; DELETE FROM zq_meta_journal; "
                      "CREATE TABLE zq_t_one (id int PRIMARY KEY, a int, c varchar(9), "
                      "KEY ix_a (a)) ENGINE=InnoDB");
    }
}

Test(journal_cells, it_goes_on_when_what_another_did_is_taken_back)
{
    live_exec(db, "ALTER TABLE zq_t_one ADD COLUMN b int");
    write_revision("ALTER TABLE zq_t_one ADD COLUMN b int;");
    assert_upgrade(1, BY_ANOTHER);
    live_exec(db, "ALTER TABLE zq_t_one DROP COLUMN b");
    assert_upgrade(0, "is at revision t1");
    assert_value(COLUMNS, "id,a,c,b");
}

Test(journal_cells, an_index_is_made_and_dropped_by_statements_of_its_own)
{
    write_revision("CREATE INDEX ix_c ON zq_t_one (c);\nDROP INDEX ix_a ON zq_t_one;");
    assert_upgrade(0, "is at revision t1");
    assert_value("SELECT GROUP_CONCAT(INDEX_NAME ORDER BY 1) FROM information_schema.STATISTICS "
                 "WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'zq_t_one'",
                 "ix_c,PRIMARY");
}

Test(journal_cells, what_is_there_otherwise_is_said_in_the_servers_words)
{
    live_exec(db, "ALTER TABLE zq_t_one ADD COLUMN b varchar(5)");
    write_revision("ALTER TABLE zq_t_one ADD COLUMN b int;");
    assert_upgrade(2, "t1_cells.sql:7: cannot run 'ALTER TABLE zq_t_one ADD COLUMN b int': the "
                      "server refused the statement: Duplicate column name 'b' (1060)\n");
}

Test(journal_cells, what_the_revision_did_itself_is_not_said_to_be_done_by_another)
{
    write_revision("ALTER TABLE zq_t_one ADD COLUMN b int;\n"
                   "ALTER TABLE zq_t_one ADD COLUMN b int;");
    assert_upgrade(2, "t1_cells.sql:8: cannot run 'ALTER TABLE zq_t_one ADD COLUMN b int': the "
                      "server refused the statement: Duplicate column name 'b' (1060)\n");
}

/* ---- started ---- */

/* The first statement of two is started, and nobody knows whether it is done; the second cannot
 * be. */
static void cut_short(const char *statement)
{
    char text[512];

    snprintf(text, sizeof text, "%s\nALTER TABLE zq_t_none ADD COLUMN x int;", statement);
    write_revision(text);
    assert_upgrade(2, "t1_cells.sql:8: cannot run");
    live_exec(db, "UPDATE zq_meta_journal SET state = 'started', after_digest = NULL "
                  "WHERE step = 1; DELETE FROM zq_meta_journal WHERE step = 2");
}

Test(journal_cells, a_started_statement_that_happened_is_not_run_again)
{
    cut_short("ALTER TABLE zq_t_one ADD COLUMN b int, ADD INDEX (b, a);");
    assert_upgrade(2, "t1_cells.sql:8: cannot run");
    assert_value(COLUMNS, "id,a,c,b");
    assert_value("SELECT state FROM zq_meta_journal WHERE step = 1", "done");
}

Test(journal_cells, a_started_statement_that_did_not_happen_is_run)
{
    cut_short("ALTER TABLE zq_t_one ADD COLUMN b int;");
    live_exec(db, "ALTER TABLE zq_t_one DROP COLUMN b");
    assert_upgrade(2, "t1_cells.sql:8: cannot run");
    assert_value(COLUMNS, "id,a,c,b");
}

Test(journal_cells, another_change_is_not_taken_for_the_started_statement)
{
    cut_short("ALTER TABLE zq_t_one ADD COLUMN b int;");
    live_exec(db, "ALTER TABLE zq_t_one DROP COLUMN b, ADD COLUMN z int");
    assert_upgrade(1, "t1_cells.sql:7: cannot go on: 'zq_t_one' was changed otherwise after the "
                      "statement was started");
    assert_value(COLUMNS, "id,a,c,z");
    live_exec(db, "ALTER TABLE zq_t_one DROP COLUMN z");
    assert_upgrade(2, "t1_cells.sql:8: cannot run");
    assert_value(COLUMNS, "id,a,c,b");
}

Test(journal_cells, a_started_statement_that_the_model_does_not_know_is_done_when_the_table_differs)
{
    cut_short("ALTER TABLE zq_t_one PARTITION BY HASH (id) PARTITIONS 2;");
    assert_upgrade(2, "t1_cells.sql:8: cannot run");
    assert_value("SELECT state FROM zq_meta_journal WHERE step = 1", "done");
}

ZQ_LIVE_MAIN
