#include "sql/read/statement.h"

#include "base/err.h"

#include <criterion/criterion.h>
#include <string.h>

/* kind, tables ("?" when they are not known), what is lost, in one text */
static const char *verdict_of(const zq_statement *s, zq_arena *arena)
{
    static const char *const kinds[] = {"unknown", "ddl",  "admin",       "rows",
                                        "session", "read", "transaction", "use"};
    static const struct {
        unsigned loses;
        const char *word;
    } marks[] = {
        {ZQ_LOSES_TABLE, "table"},         {ZQ_LOSES_COLUMN, "column"},     {ZQ_LOSES_ROWS, "rows"},
        {ZQ_LOSES_PARTITION, "partition"}, {ZQ_LOSES_DATABASE, "database"}, {ZQ_LOSES_KEPT, "kept"},
    };
    const char *all = "";

    for (size_t i = 0; i < s->n_tables; i++)
        all = zq_arena_printf(arena, "%s%s%s", all, i > 0 ? "," : "", s->tables[i]);
    cr_assert_null(s->tables[s->n_tables]);
    all = zq_arena_printf(arena, "%s %s%s", kinds[s->kind], all, s->tables_known ? "" : "?");
    for (size_t i = 0; i < ZQ_LEN(marks); i++)
        if (s->loses & marks[i].loses)
            all = zq_arena_printf(arena, "%s -%s", all, marks[i].word);
    all = zq_arena_printf(arena, "%s%s%s%s%s%s", all, s->other_database ? " elsewhere" : "",
                          s->meta != NULL ? " ours" : "", s->opaque ? " opaque" : "",
                          s->alters ? " alters" : "", s->swaps ? " swaps" : "");
    if (s->more_line != 0)
        all = zq_arena_printf(arena, "%s more:%u", all, s->more_line);
    if (s->open_line != 0)
        all = zq_arena_printf(arena, "%s open:%u", all, s->open_line);
    return all;
}

static const char *verdict(const char *text, zq_arena *arena)
{
    zq_statement s;

    zq_statement_read(text, strlen(text), arena, &s);
    return verdict_of(&s, arena);
}

static const struct {
    const char *text, *verdict;
} cases[] = {
    /* tables */
    {"CREATE TABLE t (a int)", "ddl t"},
    {"create table if not exists `a``b` (x int)", "ddl a`b"},
    {"CREATE TABLE db.t LIKE other", "ddl t elsewhere"},
    {"CREATE OR REPLACE TABLE t (a int)", "ddl t -table"},
    {"/*!50000 CREATE TABLE */ t (a int)", "ddl t? opaque"},
    {"ALTER TABLE t ADD COLUMN a int, ADD INDEX i (a)", "ddl t alters"},
    {"ALTER TABLE {table} ADD INDEX ix_{table}_a (a)", "ddl {table} alters"},
    {"ALTER TABLE t DROP COLUMN a", "ddl t -column alters"},
    {"ALTER TABLE t ADD b enum('DROP','x'), DROP a", "ddl t -column alters"},
    {"ALTER TABLE t DROP INDEX a, DROP KEY b, DROP PRIMARY KEY, DROP FOREIGN KEY c",
     "ddl t alters"},
    {"ALTER TABLE t ALTER COLUMN a DROP DEFAULT", "ddl t alters"},
    {"ALTER TABLE t DROP PARTITION p0, p1", "ddl t -partition"},
    {"ALTER TABLE t TRUNCATE PARTITION p0", "ddl t -rows"},
    {"ALTER TABLE t CHANGE a b int", "ddl t alters"},
    {"ALTER TABLE t MODIFY a int AFTER b", "ddl t alters"},
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
    {"UPDATE t, u SET t.a = u.a", "rows t"},
    {"UPDATE t JOIN u ON t.id = u.id SET t.a = u.a", "rows t"},
    {"DELETE FROM t WHERE a IN (SELECT 1 FROM u)", "rows t -rows"},
    {"DELETE t FROM t JOIN u ON 1", "rows t -rows"},
    /* which of several tables change */
    {"UPDATE t JOIN u SET u.a = t.a, `u`.b = f(t.a, 1)", "rows u"},
    {"UPDATE t x JOIN u AS y ON x.id = y.id SET y.a = 1, X.b = 2 WHERE y.c = 1", "rows u,t"},
    {"UPDATE t JOIN u USING (id, k) SET a = 1", "rows t,u?"},
    {"UPDATE t JOIN u SET t.a = 1, b = 2", "rows t,u?"},
    {"UPDATE t, (SELECT a FROM v, w) d SET t.a = d.a", "rows t"},
    {"UPDATE (t JOIN u), v SET v.a = 1", "rows v"},
    {"UPDATE t JOIN other.u SET other.u.a = 1", "rows u elsewhere"},
    {"UPDATE t LEFT JOIN (u CROSS JOIN w x) ON t.a = u.a SET x.a = 1", "rows w"},
    {"UPDATE t PARTITION (p0, p1) x, u FORCE INDEX (i) SET x.a = 1", "rows t"},
    {"UPDATE {table} x JOIN u SET u.a = x.a", "rows u"},
    {"WITH c (n) AS (SELECT 1) UPDATE t JOIN c SET t.a = c.n", "rows t"},
    {"DELETE FROM t, u USING t JOIN u JOIN v WHERE v.a = 1", "rows t,u -rows"},
    {"DELETE x, y.* FROM t x JOIN u y JOIN v", "rows t,u -rows"},
    {"DELETE x FROM t AS y JOIN u AS x", "rows u -rows"},
    {"DELETE FROM x USING t x", "rows t -rows"},
    {"DELETE x FROM t JOIN u", "rows t,u? -rows"},
    {"DELETE FROM t AS x WHERE x.a = 1", "rows t -rows"},
    {"LOAD DATA INFILE 'x' INTO TABLE t", "rows t"},
    {"WITH c AS (SELECT 1) UPDATE t SET a = 1", "rows t"},
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
    {"SET SESSION TRANSACTION READ ONLY", "transaction ?"},
    {"SET `autocommit` = 0", "transaction ?"},
    {"SET LOCAL transaction_read_only = 1", "transaction ?"},
    {"SET a = 1, @@Tx_Read_Only = 1", "transaction ?"},
    {"SET @autocommit = 0, @transaction = 1, @global = 2, @password = 3", "session ?"},
    {"START TRANSACTION", "transaction ?"},
    {"BEGIN", "transaction ?"},
    {"BEGIN NOT ATOMIC SELECT 1; END", "unknown ?"},
    {"LOCK TABLES t WRITE", "transaction ?"},
    {"USE other", "use ?"},
    {"ANALYZE TABLE a, b", "admin a,b"},
    {"ANALYZE UPDATE t SET a = 1", "rows t"},
    {"OPTIMIZE LOCAL TABLE t", "admin t"},
    {"CALL p()", "unknown ? opaque"},
    /* one that runs another */
    {"SET STATEMENT lock_wait_timeout = 5, x = (SELECT 1) FOR DROP TABLE t", "ddl t -table"},
    {"SET STATEMENT a = 1 FOR DELETE FROM t", "rows t -rows"},
    {"SET STATEMENT a = 1 FOR SELECT 1", "read ?"},
    {"SET STATEMENT a = 1", "unknown ? opaque"},
    {"ANALYZE DELETE FROM t", "rows t -rows"},
    {"ANALYZE FORMAT=JSON UPDATE t SET a = 1", "rows t"},
    {"EXPLAIN DELETE FROM t", "read ?"},
    {"EXPLAIN ANALYZE DELETE FROM t", "rows t -rows"},
    {"DESC ANALYZE FORMAT=TREE SELECT 1", "read ?"},
    {"EXECUTE IMMEDIATE 'DELETE FROM t'", "rows t -rows"},
    {"EXECUTE IMMEDIATE 'ALTER TABLE t DROP a'", "ddl t -column"},
    {"EXECUTE IMMEDIATE 'DROP TABLE ''t'''", "ddl ? -table"},
    {"EXECUTE IMMEDIATE 'DELETE FROM t; COMMIT'", "rows t -rows opaque"},
    {"EXECUTE IMMEDIATE CONCAT('DROP ', 'TABLE t')", "unknown ? opaque"},
    {"EXECUTE IMMEDIATE 'DROP ' 'TABLE t'", "unknown ? opaque"},
    {"EXECUTE s USING @a", "unknown ? opaque"},
    {"CREATE OR REPLACE DATABASE d", "ddl ? -database"},
    {"ALTER IGNORE TABLE t ADD UNIQUE KEY u (a)", "ddl t -rows alters"},
    {"ALTER TABLE t ENGINE=BLACKHOLE", "ddl t -kept alters"},
    {"ALTER TABLE t COMMENT 'x' ENGINE MEMORY", "ddl t -kept alters"},
    {"ALTER TABLE t DROP SYSTEM VERSIONING", "ddl t -rows alters"},
    {"LOAD DATA INFILE 'x' REPLACE INTO TABLE t", "rows t -rows"},
    {"INSERT INTO t VALUES (1) ON DUPLICATE KEY UPDATE a = t.b", "rows t"},
    {"WITH c AS (SELECT 1) DELETE t FROM t JOIN c", "rows t -rows"},
    {"WITH c AS (SELECT 1) (SELECT * FROM c)", "read ?"},
    {"BEGIN NOT ATOMIC DELETE FROM t; DROP TABLE u; END", "unknown t,u? -table -rows"},
    {"BEGIN NOT ATOMIC IF (SELECT 1) THEN DELETE FROM t; END IF; END", "unknown t? -rows"},
    {"BEGIN NOT ATOMIC CALL p(); END", "unknown ? opaque"},
    {"BEGIN NOT ATOMIC UPDATE t SET a = 1; COMMIT; END", "transaction t?"},
    {"IF (SELECT 1) THEN DELETE FROM t; ELSE SELECT 1; END IF", "unknown t? -rows"},
    {"a: LOOP LEAVE a; END LOOP a", "unknown ?"},
    /* what a server that leaves executable comments out sees counts too */
    {"/*!99999 SELECT 1 */ DROP TABLE t", "read ? -table opaque"},
    {"/*M!100000 SELECT 1 */", "read ?"},
    {"CREATE /*!50000 TABLE */ t (a int)", "ddl t"},
    {"DROP /*! TABLE */ t", "ddl t -table"},
    {"CREATE TABLE t (a int) /*!80000 COMMENT 'x' */", "ddl t"},
    {"ALTER TABLE t ADD a int /*M! , DROP b */", "ddl t -column alters"},
    {"/*!50003 CREATE*/ /*!50017 DEFINER=`a`@`b`*/ /*!50003 TRIGGER g BEFORE INSERT ON t FOR EACH "
     "ROW SET NEW.a = 1 */",
     "ddl t"},
    /* names that reach elsewhere */
    {"INSERT INTO t SELECT * FROM other.u", "rows t elsewhere"},
    {"INSERT INTO t SELECT * FROM u JOIN `other`.`v` ON u.a = v.a", "rows t elsewhere"},
    {"UPDATE t SET a = (SELECT b.c FROM b, other.d)", "rows t elsewhere"},
    {"UPDATE t, other.u SET t.a = u.a", "rows t elsewhere"},
    {"SELECT a.b, x.c FROM a, b x WHERE a.d IN (1, x.e) ORDER BY a.f, x.g", "read ?"},
    {"SELECT EXTRACT(YEAR FROM t.a), TRIM(LEADING 'x' FROM t.b) FROM t", "read ?"},
    {"SELECT other.f(1)", "read ? elsewhere"},
    {"SELECT other.t.a FROM t", "read ? elsewhere"},
    {"SELECT t.* FROM t STRAIGHT_JOIN u", "read ?"},
    {"SELECT STRAIGHT_JOIN t.a FROM t", "read ?"},
    {"SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()", "read ?"},
    {"SET @@session.a = @@global.key_cache.b", "session ?"},
    {"WITH c AS (SELECT * FROM other.t) SELECT * FROM c", "read ? elsewhere"},
    {"ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES other.u (id)", "ddl t elsewhere alters"},
    {"CREATE TABLE t (a int REFERENCES other.u (id))", "ddl t elsewhere"},
    {"CREATE VIEW v AS SELECT * FROM other.t", "ddl v elsewhere"},
    {"CREATE TRIGGER g AFTER UPDATE ON t FOR EACH ROW INSERT INTO other.log VALUES (NEW.a)",
     "ddl t elsewhere"},
    {"CREATE PROCEDURE p() BEGIN INSERT other.t VALUES (1); END", "ddl ? elsewhere"},
    {"CREATE PROCEDURE other.p() SELECT 1", "ddl ? elsewhere"},
    {"DROP TRIGGER other.g", "ddl ? elsewhere"},
    {"CALL other.p()", "unknown ? elsewhere opaque"},
    {"EXECUTE IMMEDIATE 'SELECT * FROM other.t'", "read ? elsewhere"},
    {"GRANT SELECT, UPDATE ON d.* TO u", "admin ?"},
    /* names that are ours */
    {"INSERT INTO t SELECT * FROM `ZQ_meta_history`", "rows t ours"},
    {"CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW DELETE FROM zq_meta_journal", "ddl t ours"},
    {"BEGIN NOT ATOMIC TRUNCATE zq_meta_seed; END", "unknown zq_meta_seed? -rows ours"},
    {"INSERT INTO t VALUES ('zq_meta_history')", "rows t"},
    {"DELETE FROM \"zq_meta_journal\"", "rows zq_meta_journal -rows ours"},
    /* where it ends */
    {"CREATE TABLE t (a int);", "ddl t"},
    {"DROP PROCEDURE p;\nDROP TABLE t;", "ddl ? more:2"},
    {"UPDATE t SET a = 1;\nCOMMIT;\nDELETE FROM t", "rows t more:2"},
    {"UPDATE t SET a = 1;;", "rows t more:1"},
    {"/*! UPDATE t SET a = 1; */", "rows t more:1"},
    {"CREATE PROCEDURE p() BEGIN SELECT 1; END; DROP TABLE t", "ddl ? more:1"},
    {"CREATE PROCEDURE p() SELECT 1;\nDROP TABLE t", "ddl ? more:2"},
    {"CREATE PROCEDURE p()\nBEGIN\n SELECT 1", "ddl ? open:2"},
    {"CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW BEGIN SET @a = 1", "ddl t open:1"},
    {"CREATE PROCEDURE p(IN a int, OUT b varchar(9) CHARACTER SET latin1)\n"
     "COMMENT 'it; s' SQL SECURITY INVOKER\n"
     "top: BEGIN\n"
     "  DECLARE n INT DEFAULT CASE WHEN a THEN 1 ELSE 2 END;\n"
     "  DECLARE c CURSOR FOR SELECT IF(a, b, 1) FROM t;\n"
     "  DECLARE EXIT HANDLER FOR SQLSTATE '42S02', 1062, NOT FOUND BEGIN SET n = 1; END;\n"
     "  IF a > 1 AND CASE a WHEN 1 THEN 0 ELSE 1 END THEN SELECT REPEAT('x', 3);\n"
     "  ELSEIF IF(a, 1, 0) THEN SET n = 2; ELSE BEGIN END; END IF;\n"
     "  CASE a WHEN 1 THEN SELECT 1; WHEN 2 THEN SELECT 2; ELSE SELECT 3; END CASE;\n"
     "  again: WHILE n < 3 DO SET n = n + 1; ITERATE again; END WHILE again;\n"
     "  REPEAT SET n = n - 1; UNTIL n < 0 END REPEAT;\n"
     "  LOOP LEAVE top; END LOOP;\n"
     "  DROP TABLE IF EXISTS x;\n"
     "END top;",
     "ddl ?"},
    {"CREATE FUNCTION f(a int) RETURNS varchar(9) CHARSET utf8mb4 DETERMINISTIC RETURN IF(a, 1, 2)",
     "ddl ?"},
    {"CREATE FUNCTION f() RETURNS SET('a','b') NO SQL IF 1 THEN RETURN 'a'; END IF", "ddl ?"},
    {"CREATE FUNCTION f RETURNS STRING SONAME 'f.so'", "unknown ? opaque"},
    {"CREATE EVENT e ON SCHEDULE EVERY 1 DAY STARTS NOW() DO BEGIN DELETE FROM t; END", "ddl ?"},
    {"ALTER EVENT e DO BEGIN SELECT 1; SELECT 2; END", "ddl ?"},
    {"CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW FOLLOWS h IF NEW.a THEN SET NEW.a = 1; END "
     "IF",
     "ddl t"},
    {"CREATE OR REPLACE DEFINER=`a`@`b` PROCEDURE IF NOT EXISTS `p`() BEGIN END", "ddl ?"},
    {"FLUSH PRIVILEGES", "admin ?"},
    {"FLUSH TABLES WITH READ LOCK", "transaction ?"},
    {"FLUSH TABLES t FOR EXPORT", "transaction ?"},
    {"TABLE t", "read ?"},
    {"TABLE t INTO @a", "session ?"},
    {"TABLE t INTO OUTFILE 'x'", "unknown ?"},
    {"VALUES ROW(1) UNION TABLE t", "read ?"},
    {"LOCK INSTANCE FOR BACKUP", "transaction ?"},
    {"XA START 'x'", "transaction ?"},
    {"RELEASE SAVEPOINT s", "transaction ?"},
    {"SET PASSWORD = 'x'", "admin ?"},
    {"SET DEFAULT ROLE ALL TO u", "admin ?"},
    {"SET PERSIST_ONLY max_connections = 5", "admin ?"},
    {"SET ROLE r", "session ?"},
    {"SET NAMES utf8mb4", "session ?"},
    {"LOAD INDEX INTO CACHE t", "admin ?"},
    {"LOAD XML INFILE 'x' REPLACE INTO TABLE t", "rows t -rows"},
    {"DELETE HISTORY FROM t", "rows t -rows"},
    {"INSERT DELAYED INTO t VALUES (1)", "rows t"},
    {"INSERT INTO t TABLE u", "rows t"},
    {"RENAME TABLE t WAIT 3 TO u", "ddl t,u"},
    {"TRUNCATE t", "ddl t -rows"},
    {"DROP TABLES IF EXISTS t, u RESTRICT", "ddl t,u -table"},
    {"CREATE OR REPLACE TABLE t TABLE u", "ddl t -table"},
    {"CREATE JSON RELATIONAL DUALITY VIEW v AS SELECT 1", "ddl v"},
    {"CREATE ALGORITHM = MERGE DEFINER = a@b SQL SECURITY INVOKER VIEW IF NOT EXISTS v AS SELECT 1",
     "ddl v"},
    {"GRANT ALL ON d.* TO u WITH GRANT OPTION", "admin ?"},
    {"REVOKE r FROM u", "admin ?"},
    {"HELP 'x'", "read ?"},
    {"", "unknown ? opaque"},
    {"a.", "unknown ? opaque"},
    {"KILL 5", "unknown ? opaque"},
    {"UPDATE a.", "rows ? elsewhere"},
    {"DROP TABLE", "ddl ? -table"},
};

Test(statement, its_kind_its_tables_and_what_it_loses_are_read_from_its_words)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();

    for (size_t i = 0; i < ZQ_LEN(cases); i++)
        cr_expect_str_eq(verdict(cases[i].text, arena), cases[i].verdict, "%s\ngave %s",
                         cases[i].text, verdict(cases[i].text, arena));
}

static const char *calls(const zq_statement *s, zq_arena *arena)
{
    const char *all = "";

    cr_assert_null(s->calls[s->n_calls]);
    for (size_t i = 0; i < s->n_calls; i++)
        all = zq_arena_printf(arena, "%s%s%s", all, i > 0 ? " " : "", s->calls[i]);
    return all;
}

Test(statement, what_it_calls_that_is_no_function_of_the_servers_is_named)
{
    static const struct {
        const char *text, *calls;
    } texts[] = {
        {"SELECT f(1), COUNT(*), IFNULL(g (2), `count`(3)) FROM t WHERE h(a) IN (1)",
         "f g count h"},
        {"DO f()", "f"},
        {"SET @a = f(), @b = 'g()'", "f"},
        {"CALL p(f(1))", "p f"},
        {"CALL p", "p"},
        {"SELECT d.f(1), `d`.`g`(2), t.a FROM t", "d.f d.g"},
        {"INSERT INTO t (a, b) SELECT CAST(f(1) AS CHAR(10)), 2 ON DUPLICATE KEY UPDATE a = "
         "VALUES(a)",
         "f"},
        {"REPLACE INTO `t` (`a`) VALUES (1)", ""},
        {"UPDATE t JOIN u USING (id) SET t.a = f(u.a)", "f"},
        {"SELECT /* f( */ 1 -- f(1)\n", ""},
        {"SELECT * FROM (SELECT f(1) AS a) x WHERE EXISTS (SELECT 1)", "f"},
        {"EXECUTE IMMEDIATE 'SELECT f(1)'", "f"},
    };
    ZQ_AUTO(zq_arena) arena = zq_arena_open();

    for (size_t i = 0; i < ZQ_LEN(texts); i++) {
        zq_statement s;

        zq_statement_read(texts[i].text, strlen(texts[i].text), arena, &s);
        cr_expect_str_eq(calls(&s, arena), texts[i].calls, "%s\ngave %s", texts[i].text,
                         calls(&s, arena));
    }
}

Test(statement, what_a_stored_body_does_is_read_as_if_it_ran)
{
    static const struct {
        const char *body, *verdict, *calls;
    } bodies[] = {
        {"RETURN f(1)", "unknown ?", "f"},
        {"BEGIN DECLARE v decimal(9, 2); SELECT MAX(a) INTO v FROM t; UPDATE t SET a = v; RETURN "
         "v; "
         "END",
         "unknown t?", ""},
        {"INSERT INTO log VALUES (NEW.a)", "unknown log?", ""},
        {"BEGIN IF g(NEW.a) THEN DELETE FROM u; CALL p(1); END IF; END", "unknown u? -rows", "g p"},
        {"BEGIN PREPARE s FROM @x; EXECUTE s; END", "unknown ? opaque", ""},
        {"l: BEGIN UPDATE a JOIN b SET b.x = 1; LEAVE l; END l", "unknown b?", ""},
        {"BEGIN DELETE FROM u; ", "unknown u? -rows opaque open:1", ""},
        {"DELETE FROM u -- all", "unknown u? -rows", ""},
    };
    ZQ_AUTO(zq_arena) arena = zq_arena_open();

    for (size_t i = 0; i < ZQ_LEN(bodies); i++) {
        zq_statement s;

        zq_statement_read_body(bodies[i].body, strlen(bodies[i].body), arena, &s);
        cr_expect_str_eq(verdict_of(&s, arena), bodies[i].verdict, "%s\ngave %s", bodies[i].body,
                         verdict_of(&s, arena));
        cr_expect_str_eq(calls(&s, arena), bodies[i].calls, "%s", bodies[i].body);
    }
}

Test(statement, the_other_objects_that_it_changes_are_all_named)
{
    static const struct {
        const char *text, *names;
    } objects[] = {
        {"CREATE DEFINER=`a`@`b` TRIGGER IF NOT EXISTS g BEFORE INSERT ON t FOR EACH ROW SET @a = "
         "1",
         "g"},
        {"DROP TRIGGER IF EXISTS `g`", "g"},
        {"CREATE AGGREGATE FUNCTION f(x int) RETURNS int BEGIN RETURN 1; END", "f"},
        {"ALTER PROCEDURE p COMMENT 'x, y'", "p"},
        {"ALTER EVENT e ON SCHEDULE EVERY 1 DAY RENAME TO f DO SELECT 1", "e f"},
        {"CREATE EVENT e ON SCHEDULE AT NOW() DO SELECT 1", "e vanishes"},
        {"CREATE EVENT e ON SCHEDULE AT NOW() ON COMPLETION PRESERVE DO SELECT 1", "e"},
        {"CREATE EVENT e ON SCHEDULE EVERY 1 DAY ENDS NOW() ON COMPLETION NOT PRESERVE DO SELECT 1",
         "e vanishes"},
        {"CREATE OR REPLACE SEQUENCE s START WITH 5", "s"},
        {"DROP SEQUENCE IF EXISTS a, b", "a b"},
        {"CREATE SCHEMA d CHARACTER SET utf8mb4", "d"},
        {"CREATE USER a IDENTIFIED BY 'x, y' AND IDENTIFIED BY 'z', 'b'@`10.%` DEFAULT ROLE r, s",
         "a@% b@10.%"},
        {"DROP ROLE IF EXISTS r, 's'@'h'", "r@% s@h"},
        {"RENAME USER a TO b, c@localhost TO d", "a@% b@% c@localhost d@%"},
        {"EXECUTE IMMEDIATE 'DROP USER a, b'", "a@% b@%"},
        {"CREATE VIEW v AS SELECT 1", ""},
        {"DROP VIEW v, w", ""},
    };
    ZQ_AUTO(zq_arena) arena = zq_arena_open();

    for (size_t i = 0; i < ZQ_LEN(objects); i++) {
        const char *all = "";
        zq_statement s;

        zq_statement_read(objects[i].text, strlen(objects[i].text), arena, &s);
        for (size_t n = 0; n < s.n_names; n++)
            all = zq_arena_printf(arena, "%s%s%s", all, n > 0 ? " " : "", s.names[n]);
        cr_assert_null(s.names[s.n_names]);
        all = zq_arena_printf(arena, "%s%s", all, s.vanishes ? " vanishes" : "");
        cr_expect_str_eq(all, objects[i].names, "%s gave %s", objects[i].text, all);
        cr_expect_eq(s.kind, ZQ_STATEMENT_DDL);
    }
}

/* The other verbs of both grammars (MySQL 9.4, MariaDB 11.8). */
Test(statement, what_is_of_the_server_asks_for_a_consent_of_its_own)
{
    static const char *const all[] = {
        "ALTER INSTANCE ROTATE INNODB MASTER KEY",
        "ALTER LOGFILE GROUP g ADD UNDOFILE 'x'",
        "ALTER RESOURCE GROUP g ENABLE",
        "ALTER SERVER s OPTIONS (USER 'x')",
        "ALTER TABLESPACE t RENAME TO u",
        "ALTER UNDO TABLESPACE t SET INACTIVE",
        "BACKUP STAGE START",
        "BINLOG 'x'",
        "CACHE INDEX t IN hot",
        "CHANGE MASTER TO MASTER_HOST = 'x'",
        "CHANGE REPLICATION FILTER REPLICATE_DO_DB = (d)",
        "CHANGE REPLICATION SOURCE TO SOURCE_HOST = 'x'",
        "CHECK VIEW v",
        "CLONE LOCAL DATA DIRECTORY 'x'",
        "CREATE LIBRARY l LANGUAGE JAVASCRIPT AS 'x'",
        "CREATE LOGFILE GROUP g ADD UNDOFILE 'x' ENGINE NDB",
        "CREATE PACKAGE p AS END",
        "CREATE RESOURCE GROUP g TYPE = USER",
        "CREATE SERVER s FOREIGN DATA WRAPPER mysql OPTIONS (HOST 'x')",
        "CREATE SPATIAL REFERENCE SYSTEM 4120 NAME 'x'",
        "CREATE TABLESPACE t ADD DATAFILE 'x'",
        "CREATE UNDO TABLESPACE t ADD DATAFILE 'x'",
        "DROP LIBRARY l",
        "DROP LOGFILE GROUP g ENGINE NDB",
        "DROP PACKAGE BODY p",
        "DROP RESOURCE GROUP g",
        "DROP SERVER IF EXISTS s",
        "DROP SPATIAL REFERENCE SYSTEM 4120",
        "DROP TABLESPACE t",
        "DROP UNDO TABLESPACE t",
        "GET DIAGNOSTICS @n = NUMBER",
        "HANDLER t OPEN",
        "IMPORT TABLE FROM 'x'",
        "INSTALL COMPONENT 'x'",
        "INSTALL PLUGIN p SONAME 'x'",
        "INSTALL SONAME 'x'",
        "KILL QUERY 5",
        "PURGE BINARY LOGS TO 'x'",
        "REPAIR VIEW v",
        "RESET BINARY LOGS AND GTIDS",
        "RESET PERSIST",
        "RESIGNAL",
        "RESTART",
        "SHUTDOWN",
        "SIGNAL SQLSTATE '45000'",
        "START GROUP_REPLICATION",
        "START REPLICA",
        "STOP ALL SLAVES",
        "UNINSTALL COMPONENT 'x'",
        "UNINSTALL PLUGIN p",
        "SET STATEMENT a = 1 FOR KILL 5",
        "NONSENSE",
    };
    ZQ_AUTO(zq_arena) arena = zq_arena_open();

    for (size_t i = 0; i < ZQ_LEN(all); i++) {
        const char *found = verdict(all[i], arena);

        cr_expect(strncmp(found, "unknown", 7) == 0 && strstr(found, " opaque") != NULL,
                  "%s gave %s", all[i], found);
    }
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

/* "ADD INDEX i; RENAME COLUMN a > b; ENGINE > InnoDB" */
static const char *clauses_of(const char *text, zq_arena *arena)
{
    zq_statement s;
    const char *all = "";

    zq_statement_read(text, strlen(text), arena, &s);
    for (size_t i = 0; i < s.n_clauses; i++) {
        const zq_clause *c = &s.clauses[i];

        cr_assert(c->text >= text && c->text + c->length <= text + strlen(text), "%s", text);
        all = zq_arena_printf(arena, "%s%s%s%s%s%s%s%s%s", all, i > 0 ? "; " : "", c->verb,
                              *c->object != '\0' ? " " : "", c->object, c->name != NULL ? " " : "",
                              c->name != NULL ? c->name : "", c->new_name != NULL ? " > " : "",
                              c->new_name != NULL ? c->new_name : "");
    }
    return all;
}

static const struct {
    const char *text, *clauses;
} lists[] = {
    {"ALTER TABLE t DROP COLUMN a, DROP IF EXISTS `b`, DROP INDEX c, DROP d",
     "DROP COLUMN a; DROP COLUMN b; DROP INDEX c; DROP COLUMN d"},
    {"ALTER TABLE t ADD a int, ADD COLUMN (b int, c int), ADD UNIQUE KEY u (a), ADD INDEX (b)",
     "ADD COLUMN a; ADD COLUMN; ADD UNIQUE u; ADD INDEX"},
    {"ALTER TABLE t ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES u (id), ADD FULLTEXT f (a)",
     "ADD FOREIGN k; ADD FULLTEXT f"},
    /* words that are names, too */
    {"ALTER TABLE t DROP period, DROP system, DROP vector, ADD period int, ADD vector int",
     "DROP COLUMN period; DROP COLUMN system; DROP COLUMN vector; ADD COLUMN period; ADD COLUMN "
     "vector"},
    {"ALTER TABLE t DROP PERIOD FOR p, DROP SYSTEM VERSIONING, ADD VECTOR INDEX v (a), ADD VECTOR "
     "(b)",
     "DROP PERIOD p; DROP SYSTEM; ADD VECTOR v; ADD VECTOR"},
    {"ALTER TABLE t ADD KEY k ((lower(a))), ADD CONSTRAINT CHECK (a > 1)",
     "ADD EXPRESSION k; ADD CHECK"},
    {"ALTER TABLE t CHANGE a `b c` int, MODIFY COLUMN d int AFTER engine, RENAME TO u",
     "CHANGE COLUMN a > b c; MODIFY COLUMN d; RENAME TABLE > u"},
    {"ALTER TABLE t COMMENT 'x' ENGINE = 'BLACKHOLE' ROW_FORMAT=DYNAMIC, ALGORITHM=COPY, LOCK none",
     "COMMENT; ENGINE > BLACKHOLE; ALGORITHM > COPY; LOCK > none"},
    {"ALTER TABLE t ADD engine int, CONVERT TO CHARACTER SET latin1 ORDER BY a",
     "ADD COLUMN engine; CONVERT > latin1; ORDER"},
    {"ALTER TABLE t ADD a int PARTITION BY HASH (a)", "ADD COLUMN a; PARTITION"},
    {"CREATE FULLTEXT INDEX i ON t (a) LOCK = SHARED", "ADD FULLTEXT i; LOCK > SHARED"},
    {"DROP INDEX i ON t ALGORITHM=INPLACE", "DROP INDEX i; ALGORITHM > INPLACE"},
    {"CREATE TABLE t (engine int) COMMENT 'ENGINE=x' ENGINE=MyISAM", "ENGINE > MyISAM"},
    {"RENAME TABLE a TO b, c TO d", "RENAME TABLE a > b; RENAME TABLE c > d"},
    {"SET @a = 1, foreign_key_checks := off, @@global.x = (SELECT 1, 2), SESSION sql_mode = ''",
     "SET @ a > 1; SET foreign_key_checks > off; SET GLOBAL global; SET sql_mode > "},
};

Test(statement, its_clauses_are_listed)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();

    for (size_t i = 0; i < ZQ_LEN(lists); i++)
        cr_expect_str_eq(clauses_of(lists[i].text, arena), lists[i].clauses, "%s\ngave %s",
                         lists[i].text, clauses_of(lists[i].text, arena));
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
