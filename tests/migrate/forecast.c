/* What a way costs, on tables as a server would show them; no server is needed. */
#include "migrate/forecast.h"

#include "sql/table/show_create_read.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define FAMILY "zq_data_tustock_daily_{code}"
#define MEMBER "zq_data_tustock_daily_600001"

static const struct {
    const char *name, *definition;
} there[] = {
    {"t", "CREATE TABLE `t` (\n  `id` int NOT NULL,\n  `a` varchar(50) DEFAULT NULL,\n"
          "  `n` int DEFAULT NULL,\n  PRIMARY KEY (`id`)\n) ENGINE=InnoDB DEFAULT "
          "CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci"},
    {"ft", "CREATE TABLE `ft` (\n  `id` int NOT NULL,\n  `a` text,\n  PRIMARY KEY (`id`),\n"
           "  FULLTEXT KEY `f` (`a`)\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 "
           "COLLATE=utf8mb4_unicode_ci"},
    {"my", "CREATE TABLE `my` (\n  `id` int NOT NULL,\n  `a` int DEFAULT NULL,\n  PRIMARY KEY "
           "(`id`)\n) ENGINE=MyISAM DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci"},
    {MEMBER, "CREATE TABLE `" MEMBER "` (\n  `id` int NOT NULL,\n  `code` varchar(20) DEFAULT "
             "NULL,\n  PRIMARY KEY (`id`),\n  KEY `ix_" MEMBER "_code` (`code`)\n) ENGINE=InnoDB "
             "DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci"},
};

static void see(zq_foreseen *table, zq_arena *arena)
{
    const char *name = table->name;
    zq_err err = {0};

    table->is_read = true;
    if (table->is_family) {
        table->member = name = MEMBER;
        table->code = "600001";
    }
    for (size_t i = 0; i < ZQ_LEN(there); i++) {
        if (strcmp(there[i].name, name) != 0)
            continue;
        table->is_there = true;
        cr_assert_eq(zq_show_create_read(there[i].definition, strlen(there[i].definition),
                                         ZQ_MARIADB, arena, &table->table, &err),
                     ZQ_OK, "%s", err.message);
    }
}

static zq_path path_of(const char *statements, zq_arena *arena)
{
    const char *text = zq_arena_printf(arena,
                                       "-- revision: t1\n-- revises: base\n-- title: t\n"
                                       "-- created: 2026-01-04T00:00:00Z\n-- zq:upgrade\n%s;\n"
                                       "-- zq:irreversible it is a test\n",
                                       statements);
    zq_revision *revision = ZQ_NEW(arena, zq_revision);
    zq_chain chain;
    zq_path path;
    zq_err err = {0};

    cr_assert_eq(zq_revision_read("t1_x.sql", text, strlen(text), arena, revision, &err), ZQ_OK,
                 "%s", err.message);
    cr_assert_eq(zq_chain_build(revision, 1, arena, &chain, &err), ZQ_OK);
    cr_assert_eq(zq_chain_path(&chain, 0, 1, ZQ_UP, arena, &path, &err), ZQ_OK);
    return path;
}

/* "6 narrows ...; 7 copies ..."; the names of what had to be read in front: "[t] ...". */
static const char *foretold(const char *statements, const zq_journal_rows *journal, zq_arena *arena)
{
    zq_path path = path_of(statements, arena);
    zq_foresight f = {.path = &path, .journal = journal, .flavor = ZQ_MARIADB};
    zq_step_costs costs;
    zq_findings found;
    const char *words = "[";

    zq_foresight_need(&f, arena);
    for (size_t i = 0; i < f.n_tables; i++) {
        see(&f.tables[i], arena);
        words = zq_arena_printf(arena, "%s%s%s", words, i > 0 ? " " : "", f.tables[i].name);
    }
    words = zq_arena_printf(arena, "%s]", words);
    zq_foresight_walk(&f, arena, &costs);
    found = costs.findings;
    for (size_t i = 0; i < found.n; i++)
        words = zq_arena_printf(arena, "%s %u %s%s", words, found.items[i].line,
                                found.items[i].what, i + 1 < found.n ? ";" : "");
    return words;
}

static const struct {
    const char *statements, *foretold;
} cases[] = {
    /* what the words tell, and nothing has to be read for */
    {"ALTER TABLE t ADD INDEX i (a), RENAME COLUMN a TO b, ALTER n SET DEFAULT 1, COMMENT 'x'",
     "[]"},
    {"CREATE INDEX i ON t (a); DROP INDEX i ON t", "[]"},
    {"UPDATE t SET a = 1; INSERT INTO t VALUES (1)", "[t]"},
    {"ALTER TABLE t ADD FULLTEXT i (a)", "[] 6 copies 't', or blocks writes to it"},
    {"CREATE FULLTEXT INDEX i ON t (a)", "[] 6 copies 't', or blocks writes to it"},
    {"CREATE INDEX i ON t (a) LOCK SHARED", "[] 6 copies 't', or blocks writes to it"},
    {"ALTER TABLE t ADD INDEX i (a), ALGORITHM = copy", "[] 6 copies 't', or blocks writes to it"},
    {"ALTER TABLE t ALTER a SET DEFAULT 1, LOCK=EXCLUSIVE",
     "[] 6 copies 't', or blocks writes to it"},
    {"ALTER TABLE t REORGANIZE PARTITION p INTO (PARTITION q VALUES LESS THAN (1))",
     "[] 6 copies 't', or blocks writes to it"},
    {"ALTER TABLE t TRUNCATE PARTITION p", "[] 6 deletes rows of 't'"},
    {"DROP TABLE t", "[] 6 drops the table 't'"},
    /* what the table tells */
    {"ALTER TABLE t MODIFY a varchar(60)", "[t]"},
    {"ALTER TABLE t MODIFY a varchar(20)",
     "[t] 6 narrows the column 'a' of 't' from varchar(50) to varchar(20); 6 copies 't': column "
     "'a' becomes varchar(20), from varchar(50)"},
    {"ALTER TABLE t MODIFY n bigint", "[t] 6 copies 't': column 'n' becomes bigint, from int"},
    {"ALTER TABLE t CHANGE n m int NOT NULL", "[t]"},
    {"ALTER TABLE t CHANGE n m smallint, DROP COLUMN a",
     "[t] 6 drops the column 'a' of 't', narrows the column 'm' of 't' from int to smallint; 6 "
     "copies 't': column 'm' becomes smallint, from int"},
    {"ALTER TABLE t ADD COLUMN x int", "[t]"},
    {"ALTER TABLE ft ADD COLUMN x int",
     "[ft] 6 blocks writes to 'ft': it has a fulltext index, which is made anew"},
    {"ALTER TABLE ft ENGINE=InnoDB",
     "[ft] 6 blocks writes to 'ft': it has a fulltext index, which is made anew"},
    {"ALTER TABLE t ENGINE=InnoDB", "[t]"},
    {"ALTER TABLE t CONVERT TO CHARACTER SET latin1",
     "[t] 6 narrows the column 'a' of 't' from charset utf8mb4 to latin1; 6 copies 't': the "
     "charset or collation of column 'a' changes"},
    {"ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci", "[t]"},
    {"ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (n) REFERENCES p (id)",
     "[t] 6 copies 't': the foreign key 'f' is checked row by row"},
    {"SET foreign_key_checks = 0; ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (n) REFERENCES p (id)",
     "[t]"},
    {"SET @@session.foreign_key_checks = OFF; SET foreign_key_checks = 1; ALTER TABLE t ADD "
     "CONSTRAINT f FOREIGN KEY (n) REFERENCES p (id)",
     "[t] 6 copies 't': the foreign key 'f' is checked row by row"},
    /* what the statement asks for itself */
    {"ALTER TABLE t MODIFY n bigint, ALGORITHM=INPLACE", "[t]"},
    {"ALTER TABLE t MODIFY n bigint, LOCK=NONE", "[t]"},
    {"ALTER TABLE t MODIFY n bigint, ALGORITHM=DEFAULT",
     "[t] 6 copies 't': column 'n' becomes bigint, from int"},
    /* one statement after another */
    {"ALTER TABLE t MODIFY a varchar(60);\nALTER TABLE t MODIFY a varchar(55)",
     "[t] 7 narrows the column 'a' of 't' from varchar(60) to varchar(55); 7 copies 't': column "
     "'a' becomes varchar(55), from varchar(60)"},
    {"ALTER TABLE t RENAME COLUMN a TO b;\nALTER TABLE t MODIFY b varchar(49)",
     "[t] 7 narrows the column 'b' of 't' from varchar(50) to varchar(49); 7 copies 't': column "
     "'b' becomes varchar(49), from varchar(50)"},
    /* what is not understood, or not as expected: words alone, from there on */
    {"ALTER TABLE t MODIFY x smallint, DROP COLUMN a;\nALTER TABLE t MODIFY n smallint",
     "[t] 6 drops the column 'a' of 't'"},
    {"ALTER TABLE t RENAME TO u;\nALTER TABLE t CONVERT TO CHARACTER SET latin1",
     "[t] 7 loses what the charset 'latin1' does not have, in 't'; 7 copies 't', or blocks writes "
     "to it"},
    {"ALTER TABLE gone MODIFY a int, DROP b", "[gone] 6 drops the column 'b' of 'gone'"},
    /* tables that the way makes itself */
    {"CREATE TABLE u (a text);\nALTER TABLE u ADD FULLTEXT i (a), DROP COLUMN b;\nDROP TABLE u",
     "[]"},
    {"CREATE TABLE u (a text);\nINSERT INTO u SELECT a FROM t;\nALTER TABLE u ADD FULLTEXT i (a)",
     "[] 8 copies 'u', or blocks writes to it"},
    {"CREATE TABLE u AS SELECT a FROM t;\nDROP TABLE u", "[] 7 drops the table 'u'"},
    {"CREATE TABLE IF NOT EXISTS t (a int);\nDROP TABLE t", "[] 7 drops the table 't'"},
    {"CREATE TABLE u (a int);\nRENAME TABLE t TO u;\nDROP TABLE u", "[] 8 drops the table 'u'"},
    /* families */
    {"-- zq:family zq_data_tustock_daily\nALTER TABLE {table} DROP INDEX ix_{table}_code, MODIFY "
     "code varchar(10);\n-- zq:end\nSELECT 1",
     "[" FAMILY "] 7 narrows the column 'code' of every member of '" FAMILY "' from varchar(20) to "
     "varchar(10); 7 copies every member of '" FAMILY "': column 'code' becomes varchar(10), from "
     "varchar(20)"},
    {"-- zq:family zq_data_tustock_daily\nALTER TABLE {table} ADD INDEX ix_{table}_b (code);\n"
     "-- zq:end\nSELECT 1",
     "[]"},
    /* what fills a table of the way: rows, batches, families, queries, and what reaches it */
    {"CREATE TABLE n (id int); DROP TABLE n", "[]"},
    {"CREATE TABLE n (id int); INSERT INTO n VALUES (1); DROP TABLE n", "[] 6 drops the table 'n'"},
    {"CREATE TABLE n (id int);\n-- zq:batch table=t key=id\nINSERT INTO n SELECT id FROM t WHERE "
     "{range};\n-- zq:end\nDROP TABLE n",
     "[] 10 drops the table 'n'"},
    {"CREATE TABLE n (id int);\n-- zq:family zq_data_tustock_daily\nINSERT INTO n SELECT id FROM "
     "{table};\n-- zq:end\nALTER TABLE n DROP COLUMN id",
     "[n] 10 drops the column 'id' of 'n'"},
    {"CREATE TABLE n TABLE t; DROP TABLE n", "[] 6 drops the table 'n'"},
    {"CREATE TABLE n (SELECT 1); DROP TABLE n", "[] 6 drops the table 'n'"},
    {"CREATE TABLE n (a int) ENGINE=CONNECT; DELETE FROM n",
     "[n] 6 changes rows of 'n', and its engine has no transactions: if the connection is lost, "
     "they may be changed twice; 6 deletes rows of 'n'"},
    {"CREATE TABLE n (id int); CREATE VIEW v AS SELECT * FROM n; INSERT INTO v VALUES (1); DROP "
     "TABLE n",
     "[v] 6 drops the table 'n'"},
    {"CREATE TABLE n (id int); CREATE TRIGGER g AFTER UPDATE ON t FOR EACH ROW INSERT INTO n "
     "VALUES (1); UPDATE t SET a = 1; DROP TABLE n",
     "[t] 6 drops the table 'n'"},
    {"CREATE TABLE n (id int); ALTER TABLE n IMPORT TABLESPACE; DROP TABLE n",
     "[] 6 drops the table 'n'"},
    {"CREATE TABLE n (id int); UPDATE n SET id = 1; DELETE FROM n; DROP TABLE n", "[]"},
    /* temporary tables of its own */
    {"CREATE TEMPORARY TABLE n (id int); INSERT INTO n VALUES (1); DELETE FROM n; TRUNCATE n; DROP "
     "TABLE n; DROP TABLE n",
     "[] 6 drops the table 'n'"},
    {"DROP TABLE n; CREATE TEMPORARY TABLE n LIKE t; DROP TABLE n", "[] 6 drops the table 'n'"},
    /* what cannot be known */
    {"CALL p()", "[] 6 what the procedure 'p' does cannot be known"},
    {"EXECUTE s", "[] 6 what this statement does cannot be known from its words"},
    {"EXECUTE IMMEDIATE CONCAT('DR', 'OP')",
     "[] 6 what this statement does cannot be known from its words"},
    {"KILL 5", "[] 6 what this statement does cannot be known from its words"},
    {"SELECT f(1); DO SLEEP(0); SHOW TABLES; ANALYZE TABLE t; GRANT SELECT ON d.* TO u; SELECT 1 "
     "INTO OUTFILE 'x'",
     "[]"},
    {"ALTER TABLE t MODIFY a varchar(9) /*!80000 COMMENT 'x' */",
     "[t] 6 what its new definition does to values of 't' cannot be known"},
    /* rows without transactions */
    {"UPDATE my SET a = 1", "[my] 6 changes rows of 'my', and MyISAM has no transactions: if the "
                            "connection is lost, they may be changed twice"},
    {"UPDATE t JOIN my ON t.id = my.id SET my.a = 1",
     "[my] 6 changes rows of 'my', and MyISAM has no transactions: if the connection is lost, "
     "they may be changed twice"},
    {"CREATE TABLE n (id int) ENGINE = MyISAM; INSERT INTO n VALUES (1)",
     "[] 6 changes rows of 'n', and its engine has no transactions: if the connection is lost, "
     "they "
     "may be changed twice"},
    {"CREATE TABLE n (id int) ENGINE = MyISAM; ALTER TABLE n ENGINE = InnoDB; INSERT INTO n VALUES "
     "(1)",
     "[]"},
    {"CREATE TEMPORARY TABLE n (id int) ENGINE = MEMORY; INSERT INTO n VALUES (1)", "[]"},
    /* what hides the verb, and what else loses rows */
    {"SET STATEMENT lock_wait_timeout=5 FOR DROP TABLE t", "[] 6 drops the table 't'"},
    {"ANALYZE DELETE FROM t", "[t] 6 deletes rows of 't'"},
    {"EXECUTE IMMEDIATE 'DELETE FROM t'", "[t] 6 deletes rows of 't'"},
    {"CREATE OR REPLACE DATABASE another", "[] 6 drops a database"},
    {"ALTER IGNORE TABLE t ADD UNIQUE KEY u (a)", "[] 6 deletes rows of 't'"},
    {"ALTER TABLE u ENGINE=BLACKHOLE",
     "[u] 6 gives 'u' an engine that does not keep its rows; 6 copies 'u', or blocks writes to it"},
    {"ALTER TABLE u CONVERT TO CHARACTER SET latin1",
     "[u] 6 loses what the charset 'latin1' does not have, in 'u'; 6 copies 'u', or blocks writes "
     "to it"},
    {"ALTER TABLE u CONVERT TO CHARACTER SET utf8mb4", "[u] 6 copies 'u', or blocks writes to it"},
    {"LOAD DATA INFILE 'x' REPLACE INTO TABLE t", "[t] 6 deletes rows of 't'"},
    {"INSERT INTO t VALUES (1) ON DUPLICATE KEY UPDATE a = 1", "[t]"},
    /* a statement of a family on another table is judged by that */
    {"-- zq:family zq_data_tustock_daily\nDROP TABLE copy_{code};\n-- zq:end\nSELECT 1",
     "[] 7 drops the table 'copy_{code}'"},
};

Test(forecast, costs_are_told_from_words_and_tables)
{
    for (size_t i = 0; i < ZQ_LEN(cases); i++) {
        ZQ_AUTO(zq_arena) arena = zq_arena_open();

        cr_expect_str_eq(foretold(cases[i].statements, NULL, arena), cases[i].foretold);
    }
}

Test(forecast, what_the_journal_says_is_done_is_left_out)
{
    static const char statements[] = "ALTER TABLE t MODIFY n bigint;\n"
                                     "SET foreign_key_checks = 0;\n"
                                     "ALTER TABLE t DROP COLUMN gone;\n"
                                     "DROP TABLE gone;\n"
                                     "ALTER TABLE t MODIFY a varchar(20)";
    static const zq_journal_row items[] = {
        {.step = 1, .state = ZQ_JOURNAL_DONE, .before = "b", .after = "a"},
        {.step = 2, .state = ZQ_JOURNAL_DONE},
        {.step = 3, .state = ZQ_JOURNAL_STARTED, .before = "b"},
        {.step = 4, .state = ZQ_JOURNAL_STARTED, .before = "b"},
    };
    static const zq_journal_row refused[] = {{.step = 4, .state = ZQ_JOURNAL_STARTED}};
    zq_journal_rows journal = {items, ZQ_LEN(items)};
    ZQ_AUTO(zq_arena) arena = zq_arena_open();

    cr_expect_str_eq(
        foretold(statements, &journal, arena),
        "[t gone] 10 narrows the column 'a' of 't' from varchar(50) to varchar(20); 10 "
        "copies 't': column 'a' becomes varchar(20), from varchar(50)");
    journal = (zq_journal_rows){items, 2};
    cr_expect_str_eq(foretold(statements, &journal, arena),
                     "[t] 8 drops the column 'gone' of 't'; 9 drops the table 'gone'");
    journal = (zq_journal_rows){refused, 1};
    cr_expect_not_null(strstr(foretold(statements, &journal, arena), "9 drops the table 'gone'"));
}

Test(forecast, without_a_server_words_alone_count)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_path path = path_of("ALTER TABLE t MODIFY a varchar(2);\nALTER TABLE t ENGINE=InnoDB;\n"
                           "ALTER TABLE t DROP a",
                           arena);
    zq_step_costs costs;

    zq_forecast_words(&path, arena, &costs);
    cr_assert_eq(costs.findings.n, 2);
    cr_expect_str_eq(costs.findings.items[0].what, "copies 't', or blocks writes to it");
    cr_expect_str_eq(costs.findings.items[1].what, "drops the column 'a' of 't'");
    cr_assert_eq(costs.n, 3);
    cr_expect_eq(costs.items[0].n_findings, 0);
    cr_expect_eq(costs.items[0].method, ZQ_METHOD_UNKNOWN);
    cr_expect_eq(costs.items[1].lock, ZQ_STEP_LOCK_ALL);
    cr_expect_eq(costs.items[2].n_findings, 1);
}
