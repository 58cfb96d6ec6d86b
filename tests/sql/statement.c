#include "sql/statement.h"

#include "base/err.h"

#include <criterion/criterion.h>
#include <string.h>

/* kind, tables ("?" when they are not known), what is lost, in one text */
static const char *verdict(const char *text, zq_arena *arena)
{
    static const char *const kinds[] = {"unknown", "ddl",  "admin",       "rows",
                                        "session", "read", "transaction", "use"};
    zq_statement s;
    const char *all = "";

    zq_statement_read(text, strlen(text), arena, &s);
    for (size_t i = 0; i < s.n_tables; i++)
        all = zq_arena_printf(arena, "%s%s%s", all, i > 0 ? "," : "", s.tables[i]);
    cr_assert_null(s.tables[s.n_tables]);
    return zq_arena_printf(
        arena, "%s %s%s%s%s%s%s%s%s%s%s%s", kinds[s.kind], all, s.tables_known ? "" : "?",
        s.other_database ? " elsewhere" : "", s.loses & ZQ_LOSES_TABLE ? " -table" : "",
        s.loses & ZQ_LOSES_COLUMN ? " -column" : "", s.loses & ZQ_LOSES_ROWS ? " -rows" : "",
        s.loses & ZQ_LOSES_PARTITION ? " -partition" : "",
        s.loses & ZQ_LOSES_DATABASE ? " -database" : "", s.retypes ? " retypes" : "",
        s.alters ? " alters" : "", s.swaps ? " swaps" : "");
}

static const struct {
    const char *text, *verdict;
} cases[] = {
    /* tables */
    {"CREATE TABLE t (a int)", "ddl t"},
    {"create table if not exists `a``b` (x int)", "ddl a`b"},
    {"CREATE TABLE db.t LIKE other", "ddl t elsewhere"},
    {"CREATE OR REPLACE TABLE t (a int)", "ddl t -table"},
    {"/*!50000 CREATE TABLE */ t (a int)", "ddl t"},
    {"ALTER TABLE t ADD COLUMN a int, ADD INDEX i (a)", "ddl t alters"},
    {"ALTER TABLE {table} ADD INDEX ix_{table}_a (a)", "ddl {table} alters"},
    {"ALTER TABLE t DROP COLUMN a", "ddl t -column alters"},
    {"ALTER TABLE t ADD b enum('DROP','x'), DROP a", "ddl t -column alters"},
    {"ALTER TABLE t DROP INDEX a, DROP KEY b, DROP PRIMARY KEY, DROP FOREIGN KEY c",
     "ddl t alters"},
    {"ALTER TABLE t ALTER COLUMN a DROP DEFAULT", "ddl t alters"},
    {"ALTER TABLE t DROP PARTITION p0, p1", "ddl t -partition"},
    {"ALTER TABLE t TRUNCATE PARTITION p0", "ddl t -rows"},
    {"ALTER TABLE t CHANGE a b int", "ddl t retypes alters"},
    {"ALTER TABLE t MODIFY a int AFTER b", "ddl t retypes alters"},
    {"ALTER TABLE t RENAME COLUMN a TO b, RENAME INDEX c TO d", "ddl t alters"},
    {"ALTER TABLE t RENAME TO u", "ddl t,u alters"},
    {"ALTER TABLE t RENAME u", "ddl t,u alters"},
    {"ALTER TABLE t EXCHANGE PARTITION p WITH TABLE u", "ddl t? swaps"},
    {"ALTER TABLE t ADD a int, ORDER BY b", "ddl t"},
    {"ALTER ONLINE TABLE IF EXISTS t NOWAIT DROP c", "ddl t -column alters"},
    {"CREATE UNIQUE INDEX i ON t (a)", "ddl t alters"},
    {"DROP INDEX i ON t", "ddl t alters"},
    {"DROP TABLE IF EXISTS a, `b`", "ddl a,b -table"},
    {"RENAME TABLE a TO b, c TO d", "ddl a,b,c,d"},
    {"RENAME TABLE a TO old, new TO a", "ddl a,old,new"},
    {"RENAME TABLE a TO x, b TO a, x TO b", "ddl a,x,b swaps"},
    {"RENAME TABLE a TO x, b TO a, c TO b, x TO c", "ddl a,x,b,c swaps"},
    {"RENAME TABLE a TO x, b TO a, x TO b, c TO d", "ddl a,x,b,c,d"},
    {"TRUNCATE t", "ddl t -rows"},
    /* other objects */
    {"CREATE ALGORITHM=MERGE DEFINER=`root`@`%` VIEW v AS SELECT 1", "ddl v"},
    {"CREATE DEFINER = CURRENT_USER TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET @a = 1", "ddl t"},
    {"DROP TRIGGER g", "ddl ?"},
    {"CREATE PROCEDURE p() BEGIN DELETE FROM t; END", "ddl ?"},
    {"DROP DATABASE d", "ddl ? -database"},
    {"CREATE USER u", "ddl ?"},
    {"CREATE TEMPORARY TABLE t (a int)", "session t"},
    {"CREATE TEMPORARY TABLE IF NOT EXISTS t SELECT 1", "session t"},
    {"DROP TEMPORARY TABLE IF EXISTS t, `u`", "session t,u"},
    /* rows */
    {"INSERT INTO t (a) VALUES (1)", "rows t"},
    {"INSERT IGNORE t SELECT * FROM u", "rows t"},
    {"REPLACE INTO t VALUES (1)", "rows t -rows"},
    {"UPDATE t SET a = (SELECT 1 FROM u, v)", "rows t"},
    {"UPDATE LOW_PRIORITY t AS x SET a = 1", "rows t"},
    {"UPDATE t, u SET t.a = u.a", "rows t?"},
    {"UPDATE t JOIN u ON t.id = u.id SET t.a = u.a", "rows t?"},
    {"DELETE FROM t WHERE a IN (SELECT 1 FROM u)", "rows t -rows"},
    {"DELETE t FROM t JOIN u ON 1", "rows t? -rows"},
    {"LOAD DATA INFILE 'x' INTO TABLE t", "rows t"},
    {"WITH c AS (SELECT 1) UPDATE t SET a = 1", "rows ?"},
    {"WITH c AS (SELECT 1) SELECT * FROM c", "read ?"},
    /* the rest */
    {"(SELECT 1) UNION (SELECT 2)", "read ?"},
    {"SELECT 1 INTO @a", "session ?"},
    {"SELECT 1 INTO OUTFILE 'x'", "unknown ?"},
    {"SET @a = 1, foreign_key_checks = 0", "session ?"},
    {"SET GLOBAL x = 1", "admin ?"},
    {"SET a = 1, @@global.x = 1", "admin ?"},
    {"SET autocommit = 0", "transaction ?"},
    {"SET @@session.autocommit = 0", "transaction ?"},
    {"SET TRANSACTION READ ONLY", "transaction ?"},
    {"START TRANSACTION", "transaction ?"},
    {"BEGIN", "transaction ?"},
    {"BEGIN NOT ATOMIC SELECT 1; END", "unknown ?"},
    {"LOCK TABLES t WRITE", "transaction ?"},
    {"USE other", "use ?"},
    {"ANALYZE TABLE a, b", "admin a,b"},
    {"ANALYZE UPDATE t SET a = 1", "unknown ?"},
    {"OPTIMIZE LOCAL TABLE t", "admin t"},
    {"CALL p()", "unknown ?"},
    {"", "unknown ?"},
    {"a.", "unknown ?"},
    {"UPDATE a.", "rows  elsewhere"},
    {"DROP TABLE", "ddl ? -table"},
};

Test(statement, its_kind_its_tables_and_what_it_loses_are_read_from_its_words)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();

    for (size_t i = 0; i < ZQ_LEN(cases); i++)
        cr_expect_str_eq(verdict(cases[i].text, arena), cases[i].verdict, "%s\ngave %s",
                         cases[i].text, verdict(cases[i].text, arena));
}

Test(statement, algorithm_and_lock_clauses_are_seen)
{
    static const struct {
        const char *text;
        bool algorithm, lock;
    } alters[] = {
        {"ALTER TABLE t ADD a int, ALGORITHM=INSTANT", true, false},
        {"ALTER TABLE t ADD a int, ALGORITHM = INPLACE, LOCK = NONE", true, true},
        {"ALTER TABLE t ADD a int COMMENT ', LOCK=NONE'", false, false},
        {"ALTER TABLE t ADD `lock` int", false, false},
        {"CREATE INDEX i ON t (`lock`) ALGORITHM=INPLACE LOCK=NONE", true, true},
        {"DROP INDEX i ON t LOCK=NONE", false, true},
        {"CREATE INDEX i ON t (a) /* LOCK */", false, false},
    };
    ZQ_AUTO(zq_arena) arena = zq_arena_open();

    for (size_t i = 0; i < ZQ_LEN(alters); i++) {
        zq_statement s;

        zq_statement_read(alters[i].text, strlen(alters[i].text), arena, &s);
        cr_expect(s.alters);
        cr_expect_eq(s.has_algorithm, alters[i].algorithm, "%s", alters[i].text);
        cr_expect_eq(s.has_lock, alters[i].lock, "%s", alters[i].text);
    }
}

Test(statement, dropped_columns_are_named)
{
    static const char text[] = "ALTER TABLE t DROP COLUMN a, DROP IF EXISTS `b`, DROP INDEX c, "
                               "DROP d, DROP COLUMN a";
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_statement s;

    zq_statement_read(text, sizeof text - 1, arena, &s);
    cr_assert_not_null(s.dropped);
    cr_expect_str_eq(s.dropped[0], "a");
    cr_expect_str_eq(s.dropped[1], "b");
    cr_expect_str_eq(s.dropped[2], "d");
    cr_expect_null(s.dropped[3]);
    zq_statement_read("DROP TABLE t", 12, arena, &s);
    cr_expect_null(s.dropped);
}

Test(statement, columns_that_get_another_name_are_told)
{
    static const char text[] = "ALTER TABLE t CHANGE COLUMN a `b c` int, CHANGE b b int, RENAME "
                               "INDEX x TO y, RENAME COLUMN IF EXISTS c TO a, MODIFY d int";
    static const char *const wanted[] = {"a", "b c", "b", "b", "c", "a"};
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_statement s;

    zq_statement_read(text, strlen(text), arena, &s);
    cr_assert_not_null(s.renamed);
    for (size_t i = 0; i < ZQ_LEN(wanted); i++)
        cr_assert_str_eq(s.renamed[i], wanted[i]);
    cr_assert_null(s.renamed[ZQ_LEN(wanted)]);
    zq_statement_read("ALTER TABLE t ADD a int", 23, arena, &s);
    cr_assert_null(s.renamed);
}
