/* What a run finds that others have done to its tables: the journal's cells for DDL on one table,
 * before a statement was started and after. */
#include "own_revision.h"

#include <criterion/criterion.h>
#include <stdio.h>

#define MAKE_ONE \
    "CREATE TABLE zq_t_one (id int PRIMARY KEY, a int, c varchar(9), KEY ix_a (a)) ENGINE=InnoDB"

/* A database at head, and a table that is in no revision. */
static void begin(void)
{
    own_begin("journal_cells");
    cli_change(MAKE_ONE);
}

TestSuite(journal_cells, .init = begin, .fini = cli_end, .timeout = 120);

static void expect_upgrade(int status, const char *said)
{
    OWN_SAYS(status, said, "zquant-migrate", "upgrade", "--allow-data-loss", "--allow-locking");
}

#define COLUMNS                                                                    \
    "SELECT GROUP_CONCAT(COLUMN_NAME ORDER BY ORDINAL_POSITION) FROM "             \
    "information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = " \
    "'zq_t_one'"
#define BY_ANOTHER                                                                        \
    "t1.sql:7: cannot continue: 'zq_t_one' is changed already, and not by a run of this " \
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
        {"ALTER TABLE zq_t_one RENAME COLUMN c TO d;", "ALTER TABLE zq_t_one CHANGE c d varchar(9)",
         "(1054)"},
        {"ALTER TABLE zq_t_one ADD INDEX ix_c (c);", "CREATE INDEX ix_c ON zq_t_one (c)",
         "'ix_c' (1061)"},
        {"CREATE INDEX ix_c ON zq_t_one (c);", "CREATE INDEX ix_c ON zq_t_one (c)",
         "'ix_c' (1061)"},
    };

    for (size_t i = 0; i < ZQ_LEN(cases); i++) {
        cli_change(cases[i].by_another);
        own_write(cases[i].statement, NULL);
        expect_upgrade(1, BY_ANOTHER);
        expect_upgrade(1, cases[i].server);
        cli_change("DROP TABLE IF EXISTS zq_t_one; DELETE FROM zq_meta_journal; " MAKE_ONE);
    }
}

Test(journal_cells, what_is_to_be_dropped_and_is_not_there_may_have_another_name)
{
    static const struct {
        const char *statement;
        const char *said;
    } cases[] = {
        {"DROP TABLE zq_t_none;", "'zq_t_none' is not there, and no run of this revision has "
                                  "dropped it: "},
        {"ALTER TABLE zq_t_one DROP COLUMN none;",
         "'zq_t_one' does not have what this statement drops, and "
         "no run of this revision has dropped it: "},
        {"DROP INDEX none ON zq_t_one;",
         "'zq_t_one' does not have what this statement drops, and no run of "
         "this revision has dropped it: "},
    };

    for (size_t i = 0; i < ZQ_LEN(cases); i++) {
        own_write(cases[i].statement, NULL);
        expect_upgrade(1, cases[i].said);
        expect_upgrade(1, "\nhint: bring it back, or correct its name in the file, then run "
                          "'zquant-migrate upgrade --dir .");
    }
    own_write("ALTER TABLE zq_t_one DROP COLUMN c, DROP INDEX ix_a;", NULL);
    expect_upgrade(0, "is at revision t1");
}

Test(journal_cells, it_goes_on_when_what_another_did_is_taken_back)
{
    cli_change("ALTER TABLE zq_t_one ADD COLUMN b int");
    own_write("ALTER TABLE zq_t_one ADD COLUMN b int;", NULL);
    expect_upgrade(1, BY_ANOTHER);
    cli_change("ALTER TABLE zq_t_one DROP COLUMN b");
    expect_upgrade(0, "is at revision t1");
    cli_expect_value("id,a,c,b", COLUMNS);
}

Test(journal_cells, an_index_is_made_and_dropped_by_statements_of_its_own)
{
    own_write("CREATE INDEX ix_c ON zq_t_one (c);\nDROP INDEX ix_a ON zq_t_one;", NULL);
    expect_upgrade(0, "is at revision t1");
    cli_expect_value("ix_c,PRIMARY",
                     "SELECT GROUP_CONCAT(INDEX_NAME ORDER BY 1) FROM "
                     "information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() AND "
                     "TABLE_NAME = 'zq_t_one'");
}

Test(journal_cells, what_is_there_otherwise_is_said_in_the_servers_words)
{
    cli_change("ALTER TABLE zq_t_one ADD COLUMN b varchar(5)");
    own_write("ALTER TABLE zq_t_one ADD COLUMN b int;", NULL);
    expect_upgrade(2, "t1.sql:7: cannot run 'ALTER TABLE zq_t_one ADD COLUMN b int': the "
                      "server refused the statement: Duplicate column name 'b' (1060)\n");
}

Test(journal_cells, what_the_revision_did_itself_is_not_said_to_be_done_by_another)
{
    own_write("ALTER TABLE zq_t_one ADD COLUMN b int;\n"
              "ALTER TABLE zq_t_one ADD COLUMN b int;",
              NULL);
    expect_upgrade(2, "t1.sql:8: cannot run 'ALTER TABLE zq_t_one ADD COLUMN b int': the "
                      "server refused the statement: Duplicate column name 'b' (1060)\n");
}

/* ---- started ---- */

/* The first statement of two is started, and nobody knows whether it is done; the second cannot
 * be. */
static void cut_short(const char *statement)
{
    char text[512];

    snprintf(text, sizeof text, "%s\nALTER TABLE zq_t_none ADD COLUMN x int;", statement);
    own_write(text, NULL);
    expect_upgrade(2, "t1.sql:8: cannot run");
    cli_change("UPDATE zq_meta_journal SET state = 'started', after_digest = NULL "
               "WHERE step = 1; DELETE FROM zq_meta_journal WHERE step = 2");
}

Test(journal_cells, a_started_statement_that_happened_is_not_run_again)
{
    cut_short("ALTER TABLE zq_t_one ADD COLUMN b int, ADD INDEX (b, a);");
    expect_upgrade(2, "t1.sql:8: cannot run");
    cli_expect_value("id,a,c,b", COLUMNS);
    cli_expect_value("done", "SELECT state FROM zq_meta_journal WHERE step = 1");
}

Test(journal_cells, a_started_statement_that_did_not_happen_is_run)
{
    cut_short("ALTER TABLE zq_t_one ADD COLUMN b int;");
    cli_change("ALTER TABLE zq_t_one DROP COLUMN b");
    expect_upgrade(2, "t1.sql:8: cannot run");
    cli_expect_value("id,a,c,b", COLUMNS);
}

Test(journal_cells, another_change_is_not_taken_for_the_started_statement)
{
    cut_short("ALTER TABLE zq_t_one ADD COLUMN b int;");
    cli_change("ALTER TABLE zq_t_one DROP COLUMN b, ADD COLUMN z int");
    expect_upgrade(1, "t1.sql:7: cannot continue: 'zq_t_one' was changed otherwise after the "
                      "statement was started");
    cli_expect_value("id,a,c,z", COLUMNS);
    cli_change("ALTER TABLE zq_t_one DROP COLUMN z");
    expect_upgrade(2, "t1.sql:8: cannot run");
    cli_expect_value("id,a,c,b", COLUMNS);
}

Test(journal_cells, a_started_statement_that_the_model_does_not_know_is_done_when_the_table_differs)
{
    cut_short("ALTER TABLE zq_t_one PARTITION BY HASH (id) PARTITIONS 2;");
    expect_upgrade(2, "t1.sql:8: cannot run");
    cli_expect_value("done", "SELECT state FROM zq_meta_journal WHERE step = 1");
}

/* ---- of another build ---- */

static void let_another_build_have_written(const char *state)
{
    char sql[256];

    snprintf(sql, sizeof sql,
             "UPDATE zq_meta_journal SET state = '%s', before_digest = CONCAT('c0-', "
             "SUBSTR(before_digest, 4)), after_digest = CONCAT('c0-', SUBSTR(before_digest, 4)) "
             "WHERE step = 1",
             state);
    cli_change(sql);
    expect_upgrade(2, "the journal of revision 't1' was written by another version of this "
                      "program: ");
}

Test(journal_cells, what_another_build_started_is_read_from_what_the_statement_means)
{
    cut_short("ALTER TABLE zq_t_one ADD COLUMN b int;");
    let_another_build_have_written("started");
    cli_expect_value("id,a,c,b", COLUMNS);
    cut_short("ALTER TABLE zq_t_one ADD COLUMN b int;");
    cli_change("ALTER TABLE zq_t_one DROP COLUMN b");
    let_another_build_have_written("started");
    cli_expect_value("id,a,c,b", COLUMNS);
}

Test(journal_cells, what_another_build_says_is_done_is_taken_for_done)
{
    cut_short("ALTER TABLE zq_t_one ADD COLUMN b int;");
    cli_change("ALTER TABLE zq_t_one DROP COLUMN b");
    let_another_build_have_written("done");
    cli_expect_value("id,a,c", COLUMNS);
}

ZQ_LIVE_MAIN
