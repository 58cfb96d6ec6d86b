/* What a way costs, on tables as a server would show them; no server is needed. And the two tables
 * of docs/revisions.md that say what a statement needs, row by row. */
#include "migrate/forecast.h"
#include "migrate/consent.h"

#include "base/buf.h"
#include "rev/step_kind.h"
#include "sql/table/show_create_read.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
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
    {"w", "CREATE TABLE `w` (\n  `id` int NOT NULL,\n  `d` decimal(10,2) DEFAULT NULL,\n"
          "  `e` enum('a','b') DEFAULT NULL,\n"
          "  `l` varchar(20) CHARACTER SET latin1 DEFAULT NULL,\n  PRIMARY KEY (`id`)\n) "
          "ENGINE=InnoDB DEFAULT "
          "CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci"},
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

static const char *revision_of(const char *statements, zq_arena *arena)
{
    return zq_arena_printf(arena,
                           "-- revision: t1\n-- revises: base\n-- title: t\n"
                           "-- created: 2026-01-04T00:00:00Z\n-- zq:upgrade\n%s;\n"
                           "-- zq:irreversible it is a test\n",
                           statements);
}

static zq_path path_of(const char *statements, zq_arena *arena)
{
    const char *text = revision_of(statements, arena);
    zq_revision *revision = ZQ_NEW(arena, zq_revision);
    zq_chain chain;
    zq_path path;
    zq_err err = {0};

    cr_assert_eq(zq_revision_file_read("t1_x.sql", text, strlen(text), arena, revision, &err),
                 ZQ_OK, "%s", err.message);
    cr_assert_eq(zq_chain_build(revision, 1, arena, &chain, &err), ZQ_OK);
    cr_assert_eq(zq_chain_path(&chain, 0, 1, ZQ_UP, arena, &path, &err), ZQ_OK);
    return path;
}

/* What it needs, and the names of what had to be read: "[t u]". */
static zq_findings findings_of(const char *statements, const zq_journal_rows *journal,
                               const char **out_read, zq_arena *arena)
{
    zq_path path = path_of(statements, arena);
    zq_foresight f = {.path = &path, .journal = journal, .flavor = ZQ_MARIADB};
    zq_step_costs costs;
    const char *words = "[";

    zq_foresight_need(&f, arena);
    for (size_t i = 0; i < f.n_tables; i++) {
        see(&f.tables[i], arena);
        words = zq_arena_printf(arena, "%s%s%s", words, i > 0 ? " " : "", f.tables[i].name);
    }
    *out_read = zq_arena_printf(arena, "%s]", words);
    zq_foresight_walk(&f, arena, &costs);
    return costs.findings;
}

/* "6 narrows ...; 7 copies ..."; the names of what had to be read in front: "[t] ...". */
static const char *foretold(const char *statements, const zq_journal_rows *journal, zq_arena *arena)
{
    const char *words;
    zq_findings found = findings_of(statements, journal, &words, arena);

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
    {"ALTER TABLE t ADD CONSTRAINT c CHECK (n > 0)", "[t] 6 copies 't': a CHECK is made"},
    {"ALTER TABLE t ADD CHECK (n > 0)", "[t] 6 copies 't', or blocks writes to it"},
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
    {"ALTER TABLE t RENAME TO u;\nALTER TABLE u DROP period, DROP vector",
     "[u] 7 drops the columns 'period' and 'vector' of 'u'"},
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
    {"ALTER IGNORE TABLE t ADD UNIQUE KEY u (a)",
     "[] 6 deletes rows of 't'; 6 copies 't', or blocks writes to it"},
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

    zq_forecast_words(&path, ZQ_ENGLISH, arena, &costs);
    cr_assert_eq(costs.findings.n, 2);
    cr_expect_str_eq(costs.findings.items[0].what, "copies 't', or blocks writes to it");
    cr_expect_str_eq(costs.findings.items[1].what, "drops the column 'a' of 't'");
    cr_assert_eq(costs.n, 3);
    cr_expect_eq(costs.items[0].n_findings, 0);
    cr_expect_eq(costs.items[0].method, ZQ_METHOD_UNKNOWN);
    cr_expect_eq(costs.items[1].lock, ZQ_STEP_LOCK_ALL);
    cr_expect_eq(costs.items[2].n_findings, 1);
}

/* ---- docs/revisions.md ---- */

/* How a statement runs, in the words of the page; or that it is refused. */
#define COMMITS "commits by itself"
#define AGAIN "again in every run"
#define WITH "in one transaction with the journal"
#define TWICE "may run twice"
#define REFUSED "refused"

static const char *way_of(const zq_rev_statement *statement)
{
    switch (statement->temporary ? ZQ_STEP_SESSION : zq_step_kind_of(statement)) {
    case ZQ_STEP_TABLES:
    case ZQ_STEP_OBJECTS:
        return COMMITS;
    case ZQ_STEP_SESSION:
        return AGAIN;
    case ZQ_STEP_REPEAT:
        return TWICE;
    default:
        return WITH;
    }
}

/* A row of the page by its first words, a revision, how its last statement runs, and what that
 * needs: options, or what is said when it is refused. */
typedef struct example {
    const char *row, *statements, *way, *needs;
} example;

#define LOSS "--allow-data-loss"
#define LOCKING "--allow-locking"
#define UNKNOWN "--allow-unknown"

static const example may_stand[] = {
    {"`ALTER`", "ALTER TABLE t ADD COLUMN x int", COMMITS, ""},
    {"`ALTER`", "CREATE TABLE u (id int)", COMMITS, ""},
    {"`ALTER`", "CREATE VIEW v AS SELECT 1", COMMITS, ""},
    {"`ALTER`", "DROP TABLE t", COMMITS, LOSS},
    {"`ALTER`", "RENAME TABLE t TO u", COMMITS, ""},
    {"`ALTER`", "TRUNCATE t", COMMITS, LOSS},
    {"`ALTER`", "ALTER SEQUENCE s RESTART 5", COMMITS, ""},
    {"`ALTER`", "DROP SEQUENCE s", COMMITS, LOSS},
    {"`ALTER`", "CREATE OR REPLACE SEQUENCE s", COMMITS, LOSS},
    {"`ALTER`", "CREATE SEQUENCE s", COMMITS, ""},
    {"`ALTER`", "CREATE OR REPLACE VIEW v AS SELECT 1", COMMITS, ""},
    {"`ALTER`", "ALTER TABLE t MODIFY n bigint", COMMITS, LOCKING},
    {"`INSERT`", "INSERT INTO t VALUES (1)", WITH, ""},
    {"`INSERT`", "UPDATE t SET a = 1", WITH, ""},
    {"`INSERT`", "LOAD DATA INFILE 'x' INTO TABLE t", WITH, ""},
    {"`INSERT`", "DELETE FROM t", WITH, LOSS},
    {"`INSERT`", "REPLACE INTO t VALUES (1)", WITH, LOSS},
    {"`INSERT`", "UPDATE my SET a = 1", WITH, UNKNOWN},
    {"`INSERT`", "CREATE TABLE u (a int) ENGINE=Aria; INSERT INTO u VALUES (1)", WITH, UNKNOWN},
    {"`INSERT`", "CREATE TABLE u (a int) ENGINE=MEMORY; INSERT INTO u VALUES (1)", WITH, UNKNOWN},
    {"`SET`", "SET foreign_key_checks = 0", AGAIN, ""},
    {"`SET`", "PREPARE s FROM 'SELECT 1'", AGAIN, ""},
    {"`SET`", "CREATE TEMPORARY TABLE u (a int)", AGAIN, ""},
    {"`SET`", "CREATE TEMPORARY TABLE u (a int); INSERT INTO u VALUES (1)", AGAIN, ""},
    {"`SET`", "CREATE TEMPORARY TABLE u (a int); DELETE FROM u", AGAIN, ""},
    {"`SET`", "CREATE TEMPORARY TABLE u (a int); DROP TABLE u", AGAIN, ""},
    {"`SELECT`", "SELECT 1", WITH, ""},
    {"`SELECT`", "SHOW TABLES", WITH, ""},
    {"`SELECT`", "DO SLEEP(0)", WITH, ""},
    {"`SELECT`", "SET @v = (SELECT MAX(id) FROM t)", WITH, ""},
    {"`SELECT`", "SET @v = f()", WITH, ""},
    {"`ANALYZE TABLE`", "ANALYZE TABLE t", TWICE, ""},
    {"`ANALYZE TABLE`", "FLUSH TABLES", TWICE, ""},
    {"`ANALYZE TABLE`", "GRANT SELECT ON t TO u", TWICE, ""},
    {"`ANALYZE TABLE`", "SET GLOBAL max_connections = 5", TWICE, ""},
    {"`CALL`", "CALL p()", WITH, UNKNOWN},
    {"`CALL`", "PREPARE s FROM 'SELECT 1'; EXECUTE s", WITH, UNKNOWN},
    {"`CALL`", "CREATE SERVER s FOREIGN DATA WRAPPER mysql OPTIONS (HOST 'h')", WITH, UNKNOWN},
    {"`CALL`", "KILL 5", WITH, UNKNOWN},
    {"`CALL`", "NONSENSE 5", WITH, UNKNOWN},
    /* What bodies do is held by tests/live/reach.c. */
    {"whatever runs functions", "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM t", COMMITS,
     ""},
    {"`BEGIN`", "BEGIN", REFUSED, "'BEGIN': transactions are the runner's"},
    {"`BEGIN`", "COMMIT", REFUSED, "'COMMIT': transactions are the runner's"},
    {"`BEGIN`", "LOCK TABLES t WRITE", REFUSED, "'LOCK': transactions are the runner's"},
    {"`BEGIN`", "SET autocommit = 0", REFUSED, "'SET': transactions are the runner's"},
    {"`BEGIN`", "SET TRANSACTION READ ONLY", REFUSED, "'SET': transactions are the runner's"},
    {"`BEGIN`", "XA START 'x'", REFUSED, "'XA': transactions are the runner's"},
    {"`USE`", "USE other", REFUSED, "'USE': a revision stays in its own database"},
    {"`USE`", "DELETE FROM other.t", REFUSED, "something is named with its database"},
    {"`USE`",
     "SELECT 1 FROM information_schema.TABLES, performance_schema.threads, mysql.user, "
     "sys.version",
     WITH, ""},
    {"`zq_meta_*`", "DELETE FROM zq_meta_history", REFUSED, "'zq_meta_history' is the journal's"},
    {"two statements", "DELIMITER //\nDELETE FROM t;\nDELETE FROM t//\nDELIMITER ;\nDO 1", REFUSED,
     "a second statement before the delimiter"},
    {"two statements", "CREATE PROCEDURE p() BEGIN DELETE FROM t; END", REFUSED,
     "the body that begins here is not ended"},
    {"two statements",
     "DELIMITER //\nCREATE PROCEDURE p() BEGIN DELETE FROM t; END//\nDELIMITER ;"
     "\nDO 1",
     WITH, ""},
    {"a body in",
     "SET sql_mode=ORACLE;\nDELIMITER //\nCREATE PROCEDURE p AS b INT;\nBEGIN b := 1; "
     "END//\nDELIMITER ;\nDO 1",
     REFUSED, "a body in the language of sql_mode ORACLE"},
    {"`LOAD DATA LOCAL`", "LOAD DATA LOCAL INFILE 'x' INTO TABLE t", REFUSED, "'LOAD DATA LOCAL'"},
    {"`LOAD DATA LOCAL`", "LOAD DATA INFILE 'x' INTO TABLE t", WITH, ""},
    {"`SET default_storage_engine`", "SET default_storage_engine = MyISAM", REFUSED,
     "write ENGINE = ... in each CREATE TABLE"},
    {"`SET sql_log_bin`", "SET sql_log_bin = 0", REFUSED, "replicas would not get"},
    {"`SET sql_log_bin`", "SET skip_replication = 1", REFUSED, "replicas would not get"},
    {"`SET sql_log_bin`", "SET gtid_next = 'AUTOMATIC'", REFUSED, "needs a number of its own"},
    {"`SET sql_log_bin`", "SET wsrep_on = 0", REFUSED, "the other nodes would not get"},
    {"`SET sql_log_bin`", "SET wsrep_OSU_method = 'RSU'", REFUSED, "the other nodes would not get"},
    {"an empty statement", "DO 1;", REFUSED, "an empty statement"},
    {"an empty statement", "SELECT 1\\G", REFUSED, "\\G"},
    {"an empty statement", "SELECT 1 /*! + 1", REFUSED, "comment"},
    {"an empty statement",
     "SET sql_mode = 'NO_BACKSLASH_ESCAPES';\nSELECT 'a\\'); DROP TABLE t; -- ')", REFUSED,
     "a backslash before a quote"},
    {"a temporary table", "CREATE TEMPORARY TABLE u AS SELECT id FROM t", REFUSED,
     "SELECT in what fills a temporary table"},
    {"a temporary table", "CREATE TEMPORARY TABLE u (a int); UPDATE u JOIN t SET u.a = t.id",
     REFUSED, "changes a temporary table by what is in others"},
    {"a temporary table", "CREATE TEMPORARY TABLE u (a int); LOAD DATA INFILE 'x' INTO TABLE u",
     REFUSED, "in what fills a temporary table"},
    {"a temporary table", "CREATE TEMPORARY TABLE u (a int); INSERT INTO u VALUES (NOW())", REFUSED,
     "NOW in what fills a temporary table"},
    {"a temporary table", "CREATE TEMPORARY TABLE u (a int); INSERT INTO u VALUES (RAND())",
     REFUSED, "RAND in what fills a temporary table"},
    {"a temporary table", "CREATE TEMPORARY TABLE u (a int); INSERT INTO u VALUES (f())", REFUSED,
     "'f' may change a temporary table"},
    {"a temporary table", "CREATE TEMPORARY TABLE u (a int); ALTER TABLE u RENAME TO w", REFUSED,
     "temporary table"},
    {"a temporary table", "ALTER TABLE t ADD x int; CREATE TEMPORARY TABLE u LIKE t", REFUSED,
     "a temporary table like 't', which the revision changes"},
    {"`SET time_zone", "SET time_zone = (SELECT 1)", REFUSED, "SELECT in a setting"},
    {"`SET time_zone", "SET time_zone = f()", REFUSED, "f in a setting"},
    {"`SET time_zone", "SET @v = (SELECT 1);\nSET time_zone = @v", AGAIN, ""},
    {"`ROW_COUNT()`", "SELECT ROW_COUNT()", REFUSED, "ROW_COUNT() is not that of the statement"},
    {"`ROW_COUNT()`", "SELECT FOUND_ROWS()", REFUSED, "FOUND_ROWS() is not that of the statement"},
    {"`ROW_COUNT()`", "SELECT GET_LOCK('a', 1)", REFUSED, "GET_LOCK(): the run has a lock"},
    {"`ROW_COUNT()`", "SELECT RELEASE_LOCK('a')", REFUSED, "RELEASE_LOCK(): the run has a lock"},
    /* What a server allows is held by tests/live/reader.c. */
    {"more than", "max_allowed_packet", NULL, NULL},
};

static const example needs_consent[] = {
    {"`" LOSS "`", "DROP TABLE t", COMMITS, LOSS},
    {"`" LOSS "`", "ALTER TABLE t DROP a", COMMITS, LOSS},
    {"`" LOSS "`", "ALTER TABLE t DROP PARTITION p", COMMITS, LOSS},
    {"`" LOSS "`", "DROP DATABASE other", COMMITS, LOSS},
    {"`" LOSS "`", "ALTER TABLE t DROP SYSTEM VERSIONING", COMMITS, LOSS " " LOCKING},
    {"`" LOSS "`", "TRUNCATE t", COMMITS, LOSS},
    {"`" LOSS "`", "CREATE OR REPLACE TABLE t (id int)", COMMITS, LOSS},
    {"`" LOSS "`", "ALTER IGNORE TABLE t ADD UNIQUE KEY u (a)", COMMITS, LOSS " " LOCKING},
    {"`" LOSS "`", "ALTER TABLE t ENGINE=BLACKHOLE", COMMITS, LOSS " " LOCKING},
    {"`" LOSS "`", "ALTER TABLE t ENGINE=MEMORY", COMMITS, LOSS " " LOCKING},
    {"`" LOSS "`", "ALTER TABLE t MODIFY a varchar(40)", COMMITS, LOSS " " LOCKING},
    {"`" LOSS "`", "ALTER TABLE w MODIFY d decimal(8,2)", COMMITS, LOSS " " LOCKING},
    {"`" LOSS "`", "ALTER TABLE w MODIFY e enum('a')", COMMITS, LOSS " " LOCKING},
    {"`" LOSS "`", "ALTER TABLE t CONVERT TO CHARACTER SET latin1", COMMITS, LOSS " " LOCKING},
    {"`" LOSS "`", "ALTER TABLE t MODIFY n int unsigned", COMMITS, LOSS " " LOCKING},
    {"`" LOSS "`", "ALTER TABLE t MODIFY n int AS (id) STORED", COMMITS, LOSS " " LOCKING},
    {"`" LOCKING "`", "ALTER TABLE t MODIFY n bigint", COMMITS, LOCKING},
    {"`" LOCKING "`", "ALTER TABLE t MODIFY a varchar(63)", COMMITS, ""},
    {"`" LOCKING "`", "ALTER TABLE t MODIFY a varchar(64)", COMMITS, LOCKING},
    {"`" LOCKING "`", "ALTER TABLE w MODIFY e enum('a','b','c')", COMMITS, ""},
    {"`" LOCKING "`", "ALTER TABLE w MODIFY e enum('c','a','b')", COMMITS, LOCKING},
    {"`" LOCKING "`", "ALTER TABLE w MODIFY l varchar(20)", COMMITS, LOCKING},
    {"`" LOCKING "`", "ALTER TABLE my ENGINE=InnoDB", COMMITS, LOCKING},
    {"`" LOCKING "`", "ALTER TABLE t ADD FOREIGN KEY (n) REFERENCES p (id)", COMMITS, LOCKING},
    {"`" LOCKING "`", "ALTER TABLE t ADD COLUMN m int REFERENCES p (id)", COMMITS, LOCKING},
    {"`" LOCKING "`",
     "SET foreign_key_checks=0; ALTER TABLE t ADD FOREIGN KEY (n) REFERENCES p (id)", COMMITS, ""},
    {"`" LOCKING "`", "ALTER TABLE t ADD CHECK (n > 0)", COMMITS, LOCKING},
    {"`" LOCKING "`", "ALTER TABLE t ADD SYSTEM VERSIONING", COMMITS, LOCKING},
    {"`" LOCKING "`", "ALTER TABLE t ADD PERIOD FOR p (d1, d2)", COMMITS, LOCKING},
    {"`" LOCKING "`", "ALTER TABLE t ADD x int AS (n) STORED", COMMITS, LOCKING},
    {"`" LOCKING "`", "ALTER TABLE t ADD x int AUTO_INCREMENT UNIQUE", COMMITS, LOCKING},
    {"`" LOCKING "`", "ALTER TABLE t DROP PRIMARY KEY", COMMITS, LOCKING},
    {"`" LOCKING "`", "ALTER TABLE t ADD FULLTEXT (a)", COMMITS, LOCKING},
    {"`" LOCKING "`", "ALTER TABLE t ADD SPATIAL (a)", COMMITS, LOCKING},
    {"`" LOCKING "`", "ALTER TABLE t ORDER BY n", COMMITS, LOCKING},
    {"`" LOCKING "`", "ALTER TABLE t COALESCE PARTITION 1", COMMITS, LOCKING},
    {"`" LOCKING "`", "ALTER TABLE t ADD INDEX (n), ALGORITHM=COPY", COMMITS, LOCKING},
    {"`" LOCKING "`", "ALTER TABLE t ADD INDEX (n), LOCK=SHARED", COMMITS, LOCKING},
    {"`" LOCKING "`", "ALTER TABLE t ADD INDEX (n), LOCK=EXCLUSIVE", COMMITS, LOCKING},
    {"`" UNKNOWN "`", "ALTER TABLE t MODIFY a varchar(9) /*!80000 COMMENT 'x' */", COMMITS,
     UNKNOWN},
};

/* The rows behind a heading of the page, each a text of its own. */
static size_t read_rows(const char *heading, char **text, char *rows[], size_t most)
{
    size_t size = 1 << 16, n = 0;
    char *at = *text = calloc(1, size);
    FILE *file = fopen(ZQ_SOURCE_DIR "/docs/revisions.md", "r");

    cr_assert_not_null(file);
    cr_assert_lt(fread(at, 1, size - 1, file), size - 1);
    fclose(file);
    at = strstr(at, heading);
    cr_assert_not_null(at, "the page has no %s", heading);
    cr_assert_not_null(at = strstr(at, "\n|---"));
    for (at = strchr(at + 1, '\n'); at != NULL && at[1] == '|'; n++) {
        cr_assert_lt(n, most);
        rows[n] = at + strlen("\n| ");
        at = strchr(rows[n], '\n');
        *at = '\0';
    }
    return n;
}

/* Each `word` of the text, up to what stands for something, is in one of the examples of the row.
 */
static void expect_words(const char *row, const char *text, const example *examples, size_t n)
{
    char word[64];

    for (const char *at = strchr(text, '`'); at != NULL; at = strchr(at, '`')) {
        bool seen = false;

        snprintf(word, sizeof word, "%.*s", (int)strcspn(at + 1, "`"), at + 1);
        at += strlen(word) + 2;
        word[strcspn(word, ".*(")] = '\0';
        for (size_t i = 0; i < n; i++)
            seen |= strncmp(row, examples[i].row, strlen(examples[i].row)) == 0 &&
                    strcasestr(examples[i].statements, word) != NULL;
        cr_expect(seen, "no example of '%s' in the row %s", word, row);
    }
}

/* Read and foretell; gives the way, and what is needed or said. */
static const char *outcome_of(const char *statements, const char **out_needs, zq_arena *arena)
{
    const char *text = revision_of(statements, arena), *read;
    zq_revision revision;
    zq_findings found;
    zq_err err = {0};

    if (zq_revision_file_read("t1_x.sql", text, strlen(text), arena, &revision, &err) != ZQ_OK) {
        *out_needs = zq_arena_strdup(arena, err.message);
        return REFUSED;
    }
    found = findings_of(statements, NULL, &read, arena);
    *out_needs = found.n == 0 ? "" : zq_findings_options(&found, arena) + 1;
    return way_of(&revision.upgrade.statements[revision.upgrade.n - 1]);
}

static void expect_example(const example *e)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const char *needs, *way = outcome_of(e->statements, &needs, arena);

    cr_expect(strcmp(way, e->way) == 0 &&
                  (strcmp(way, REFUSED) == 0 ? strstr(needs, e->needs) != NULL
                                             : strcmp(needs, e->needs) == 0),
              "%s\n%s, %s\nand not %s, %s", e->statements, way, needs, e->way, e->needs);
}

/* A row above "refused" says how each of its examples runs, and the options that they need. */
static void expect_row(const char *row, const example *examples, size_t n, bool refused)
{
    static const char *const options[] = {LOSS, LOCKING, UNKNOWN};
    size_t n_of_row = 0;
    bool needed[ZQ_LEN(options)] = {false};
    bool bodies = strstr(row, "| as above |") != NULL;

    for (size_t i = 0; i < n; i++) {
        const example *e = &examples[i];

        if (strncmp(row, e->row, strlen(e->row)) != 0)
            continue;
        n_of_row++;
        if (e->way == NULL)
            continue;
        expect_example(e);
        for (size_t o = 0; o < ZQ_LEN(options) && strcmp(e->way, REFUSED) != 0; o++)
            needed[o] |= strstr(e->needs, options[o]) != NULL;
        cr_expect(refused || bodies || strstr(row, e->way) != NULL, "%s: %s, and the page has\n%s",
                  e->statements, e->way, row);
    }
    cr_expect_gt(n_of_row, 0, "no example of the row %s", row);
    for (size_t o = 0; o < ZQ_LEN(options) && !refused && !bodies; o++)
        cr_expect_eq(needed[o], strstr(row, options[o]) != NULL, "%s: %s", options[o], row);
}

Test(forecast, every_row_of_what_may_stand_in_a_revision_is_as_the_page_says)
{
    char *text, *rows[64], cell[1024];
    size_t n = read_rows("\n## What may stand in it\n", &text, rows, ZQ_LEN(rows));
    bool refused = false;

    for (size_t i = 0; i < n; i++) {
        if (strncmp(rows[i], "**refused**", 11) == 0) {
            refused = true;
            continue;
        }
        snprintf(cell, sizeof cell, "%.*s", (int)(strstr(rows[i], " | ") - rows[i]), rows[i]);
        expect_words(rows[i], cell, may_stand, ZQ_LEN(may_stand));
        expect_row(rows[i], may_stand, ZQ_LEN(may_stand), refused);
    }
    cr_assert(refused);
    free(text);
}

Test(forecast, every_row_of_what_needs_consent_is_as_the_page_says)
{
    char *text, *rows[8];
    size_t n = read_rows("\n## Consent\n", &text, rows, ZQ_LEN(rows));

    for (size_t i = 0; i < n; i++)
        expect_words(rows[i], strchr(rows[i], '|'), needs_consent, ZQ_LEN(needs_consent));
    for (size_t i = 0; i < ZQ_LEN(needs_consent); i++)
        expect_example(&needs_consent[i]);
    cr_assert_eq(n, 3);
    free(text);
}
