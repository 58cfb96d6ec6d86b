/* Revisions made by chance, of all that people write, and an answer that is known to be right: what
 * the vendor's own client leaves when it runs the same statements one by one, a family's once for
 * each member, a batch's once for all rows. zquant-migrate must leave the same, killed or not, and
 * so must its offline script, whichever client runs it.
 *
 * An input is a seed. It gives some pieces, each with objects of its own and right wherever it
 * stands, so that a failure shrinks by leaving pieces out. ZQ_TEST_INPUTS is how many are run,
 * ZQ_TEST_SEED the first one's seed (else always the same few): "seed N" in a message is run again
 * by ZQ_TEST_SEED=N ZQ_TEST_INPUTS=1. */
#include "base/buf.h"
#include "base/clock.h"
#include "own_revision.h"
#include "sql/flavor.h"
#include "ways.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PIECES_MOST = 8, INPUTS = 5, KILLS = 2, HARMED_EACH = 4 };

/* ---- chance ---- */

typedef struct chance {
    uint64_t state;
} chance;

/* splitmix64 (Steele, Lea, Flood 2014) */
static uint64_t next(chance *c)
{
    uint64_t z = (c->state += 0x9E3779B97F4A7C15u);

    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static unsigned below(chance *c, size_t n)
{
    return (unsigned)(next(c) % n);
}

#define ANY_OF(c, list) ((list)[below((c), ZQ_LEN(list))])

/* ---- pieces ---- */

/* What a piece is written into; `n` makes its names its own. */
typedef struct writing {
    chance c;
    unsigned n;
    zq_buf setup; /* before the revision, in the session that revisions have */
    zq_buf file;  /* the revision's upgrade */
    zq_buf plain; /* the same without what is ours */
} writing;

/* Into the revision, "@" being the piece's number, and into what is plain. */
static void put(zq_buf *to, unsigned n, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '@' && text[1] == '#')
            zq_buf_printf(to, "%u", n), text++;
        else
            zq_buf_char(to, *text);
    }
}

static void both(writing *w, const char *text)
{
    put(&w->file, w->n, text);
    put(&w->plain, w->n, text);
}

static void setup(writing *w, const char *text)
{
    put(&w->setup, w->n, text);
}

/* Each as the value of a column `v varchar(80)`. */
static const char *const texts[] = {
    "''",
    "'x'",
    "'it''s; -- not a comment'",
    "'a\\'b;c'",
    "\"d\"\"q ; 'x'\"",
    "'back\\\\slash'",
    "'two\nlines;'",
    "'\\n\\t\\Z\\%'",
    "'/* no comment */ # ; {table} {range}'",
    "'DELIMITER //'",
    "'\nDELIMITER //\n'",
    "'\xE4\xB8\xAD\xE6\x96\x87 \xC3\xA9 \xF0\x9F\x98\x80'",
    "_utf8mb4'\xC3\xBC' COLLATE utf8mb4_bin",
    "x'4142'",
    "CONCAT('a', 'b' 'c')",
    "'`tick`'",
    "'-- zq:end'",
    "'a' -- it's; \"here\"\n",
    "/* it's; */ 'b'",
    "'c' # `; '\n",
    "/*!40000 'both' */",
};

static void rows(writing *w)
{
    static const char *const statements[] = {
        "INSERT IGNORE INTO r@# (id, a, v) SELECT id + 100, a, v FROM (SELECT * FROM r@#) s;\n",
        "INSERT INTO r@# (id, a) VALUES (1, 5) ON DUPLICATE KEY UPDATE a = a + 100;\n",
        "REPLACE INTO r@# (id, a, v) VALUES (2, 7, 'replaced');\n",
        "UPDATE r@# SET a = a * 2 WHERE a < 100;\n",
        "UPDATE r@# x JOIN r@# y ON x.id = y.id + 1 SET x.v = y.v;\n",
        "DELETE FROM r@# WHERE id = 1;\n",
        "DELETE x FROM r@# x JOIN r@# y ON x.id = y.id WHERE y.a > 1000;\n",
        "INSERT IGNORE INTO r@# (id, a) VALUES (2, 1), (50, 2);\n",
        "UPDATE r@# SET v = CONCAT(IFNULL(v, ''), ';') ORDER BY id LIMIT 2;\n",
        "INSERT IGNORE r@# SET id = 60, v = (SELECT MAX(v) FROM (SELECT v FROM r@#) q);\n",
    };

    both(w, "CREATE TABLE r@# (id int PRIMARY KEY, a int, v varchar(80));\n"
            "INSERT INTO r@# VALUES (1, 1, 'one'), (2, 2, NULL);\n");
    for (unsigned i = 0, n = 1 + below(&w->c, 5); i < n; i++)
        both(w, ANY_OF(&w->c, statements));
}

static void quotes(writing *w)
{
    both(w, "CREATE TABLE q@# (id int PRIMARY KEY, v varchar(80));\n");
    for (unsigned i = 0, n = 1 + below(&w->c, 5); i < n; i++) {
        both(w, "INSERT IGNORE INTO q@# (id, v) VALUES (");
        both(w, (const char *const[]){"1", "2", "3", "4", "5"}[i]);
        both(w, ", ");
        both(w, ANY_OF(&w->c, texts));
        both(w, ");\n");
    }
}

static void tables(writing *w)
{
    static const char *const changes[] = {
        "ALTER TABLE d@# ADD COLUMN c int NOT NULL DEFAULT 5 AFTER a;\n",
        "ALTER TABLE d@# ADD COLUMN `e;` varchar(9) DEFAULT ';' COMMENT 'it''s; \\\\', ADD KEY "
        "(a);\n",
        "ALTER TABLE d@# MODIFY v varchar(120) NOT NULL DEFAULT 'x';\n",
        "ALTER TABLE d@# CHANGE v w varchar(80) CHARACTER SET latin1;\n",
        "CREATE INDEX i@# ON d@# (a DESC, v(10));\n",
        "ALTER TABLE d@# ADD CONSTRAINT ck@# CHECK (a > -100);\n",
        "ALTER TABLE d@# ADD g int AS (a + 1) VIRTUAL;\n",
        "ALTER TABLE d@# CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;\n",
        "ALTER TABLE d@# PARTITION BY HASH (id) PARTITIONS 3;\n",
        "RENAME TABLE d@# TO e@#;\nINSERT INTO e@# (id, a) VALUES (9, 9);\n",
        "TRUNCATE TABLE d@#;\nINSERT INTO d@# (id, a) VALUES (7, 77);\n",
        "DROP TABLE d@#;\n",
        "CREATE TABLE l@# LIKE d@#;\nINSERT INTO l@# SELECT * FROM d@#;\n",
        "CREATE TABLE s@# AS SELECT id, a FROM d@#;\n",
        "CREATE VIEW v@# AS SELECT a, v AS 'a;b' FROM d@#;\n",
        "CREATE OR REPLACE VIEW v@# AS SELECT 'it''s' AS x;\nDROP VIEW v@#;\n",
        "CREATE TABLE f@# (id int PRIMARY KEY, d int, CONSTRAINT fk@# FOREIGN KEY (d) REFERENCES "
        "d@# (id) ON DELETE CASCADE);\nINSERT INTO f@# VALUES (1, 1);\n",
    };

    both(w, "CREATE TABLE d@# (id int PRIMARY KEY, a int, v varchar(60));\n"
            "INSERT INTO d@# VALUES (1, 1, 'a'), (2, 2, 'b');\n");
    both(w, ANY_OF(&w->c, changes));
}

static const struct {
    const char *type;
    const char *values;
} keys[] = {
    {"int", "(-2147483648),(2147483647),(0),(1),(2),(3),(3),(10),(9)"},
    {"bigint", "(1700000000000000001),(1700000000000000000),(1700000000000000002),(-1)"},
    {"bigint unsigned", "(18446744073709551615),(18446744073709551614),(0),(9223372036854775808)"},
    {"decimal(30,10)", "(0.0000000001),(0.0000000002),(-1),(12345678901234567890.1)"},
    {"varchar(30)", "('a'),('A'),('b '),('b'),('\\\\'),(''''),('\xE4\xB8\xAD'),('10'),('9'),('')"},
    {"varchar(30) COLLATE utf8mb4_bin", "('a'),('A'),('b'),('B'),('%'),('_'),('{range}')"},
    {"char(6)", "('000001'),('000010'),('1'),('600000')"},
    {"date", "('2026-01-01'),('1000-01-01'),('9999-12-31')"},
    {"datetime(6)",
     "('2026-10-25 02:30:00.000001'),('2026-10-25 02:30:00'),('2026-03-29 02:30:00')"},
    {"timestamp(3) NULL", "('2026-10-25 00:30:00.001'),('2026-10-25 00:30:00'),('1999-01-01')"},
    {"time(2)", "('-00:00:01.5'),('00:00:00'),('838:00:00'),('-1:00:00')"},
    {"year", "(1901),(2000),(2155)"},
    {"enum('b','a','c')", "('a'),('b'),('c'),('a')"},
    {"varchar(30) CHARACTER SET latin1", "('\xC3\xA9'),('e'),('z'),('\\\\\\'')"},
};

static void batch(writing *w)
{
    static const char *const statements[] = {
        "UPDATE b@# SET n = n + 1 WHERE {range}",
        "UPDATE b@# SET n = n + 1, v = CONCAT(v, 'it''s {code}\\\\') WHERE {range} -- {range}\n",
        "INSERT INTO bl@# (kk) SELECT CAST(k AS CHAR) FROM b@# WHERE {range}",
        "DELETE FROM b@# WHERE {range} AND n = 0 /* {range}; ' */",
        "UPDATE b@# x JOIN bl@# y ON y.n = 0 SET x.n = x.n + 2 WHERE {range}",
    };
    unsigned key = below(&w->c, ZQ_LEN(keys));
    const char *statement = ANY_OF(&w->c, statements);
    ZQ_AUTO_BUF(text);

    zq_buf_printf(&text,
                  "CREATE TABLE b@# (k %s, n int NOT NULL DEFAULT 0, v varchar(200) NOT NULL "
                  "DEFAULT '', KEY (k));\nCREATE TABLE bl@# (kk varchar(60), n int DEFAULT 0);\n"
                  "INSERT INTO bl@# VALUES ('x', 0);\nINSERT INTO b@# (k) VALUES %s%s;\n",
                  keys[key].type, keys[key].values, below(&w->c, 2) ? ",(NULL),(NULL)" : "");
    setup(w, zq_buf_text(&text));
    put(&w->file, w->n, "-- zq:batch table=b@# key=k size=");
    zq_buf_printf(&w->file, "%u\n", 1 + below(&w->c, 4));
    put(&w->file, w->n, statement);
    zq_buf_str(&w->file, ";\n-- zq:end\n");
    for (const char *at; (at = strstr(statement, "{range}")) != NULL; statement = at + 7) {
        ZQ_AUTO_BUF(before);

        zq_buf_add(&before, statement, (size_t)(at - statement));
        put(&w->plain, w->n, zq_buf_text(&before));
        zq_buf_str(&w->plain, "TRUE");
    }
    put(&w->plain, w->n, statement);
    zq_buf_str(&w->plain, ";\n");
}

/* Its members are made before: codes that sort oddly, and a table that only looks like one. */
static const char *const codes[] = {"000001", "000010", "600000"};
#define FAMILY_OF "zq_quant_factor_spacex"

static void put_member(zq_buf *to, unsigned n, const char *text, const char *code)
{
    ZQ_AUTO_BUF(expanded);

    for (; *text != '\0'; text++) {
        if (strncmp(text, "{table}", 7) == 0) {
            zq_buf_printf(&expanded, FAMILY_OF "_%s", code);
            text += 6;
        } else if (strncmp(text, "{code}", 6) == 0) {
            zq_buf_str(&expanded, code);
            text += 5;
        } else {
            zq_buf_char(&expanded, *text);
        }
    }
    put(to, n, zq_buf_text(&expanded));
}

static void family(writing *w)
{
    static const char *const statements[] = {
        "UPDATE {table} SET x = x + 1;\n",
        "UPDATE `{table}` SET t = CONCAT(t, 'it''s {code}; \\\\ \xE4\xB8\xAD') WHERE id > 0;\n",
        "ALTER TABLE {table} ADD COLUMN y@# int DEFAULT 3 COMMENT '\xE5\xA4\x87; it''s';\n",
        "ALTER TABLE {table} ADD INDEX ix@#_{table} (x);\n",
        "INSERT IGNORE INTO {table} (id, x, t) VALUES (@# + 10, @#, '{table}');\n",
        "DELETE FROM {table} WHERE id = 2;\n",
        "INSERT INTO f_log (n, t) SELECT @#, CONCAT('{code}', t) FROM {table};\n",
        "CREATE INDEX j@# ON {table} (t(5));\n",
        "UPDATE {table} SET t = 'a' -- {table} it's\n;\n",
        "CREATE TABLE copy@#_{code} AS SELECT * FROM {table};\n",
        "CREATE VIEW seen@#_{code} AS SELECT id FROM {table};\n",
        "CREATE TRIGGER gone@#_{code} BEFORE DELETE ON {table} FOR EACH ROW SET @x = 1;\n",
        "ALTER TABLE f_log ADD COLUMN c@#_{code} int;\n",
    };
    unsigned first = below(&w->c, ZQ_LEN(statements));

    zq_buf_str(&w->file, "-- zq:family " FAMILY_OF "\n");
    for (unsigned i = 0, n = 1 + below(&w->c, 2); i < n; i++) {
        const char *statement =
            statements[(first + i * (1 + below(&w->c, ZQ_LEN(statements) - 1))) %
                       ZQ_LEN(statements)];

        put(&w->file, w->n, statement);
        for (size_t k = 0; k < ZQ_LEN(codes); k++)
            put_member(&w->plain, w->n, statement, codes[k]);
    }
    zq_buf_str(&w->file, "-- zq:end\n");
}

static void programs(writing *w)
{
    static const char *const delimiters[] = {"//", "$$", ";;", "|", "END_OF", "//1//"};
    static const char *const bodies[] = {
        "CREATE PROCEDURE p@#(IN a int)\nBEGIN\n  -- it's; a comment\n  DECLARE b int DEFAULT a;\n"
        "  WHILE b > 0 DO SET b = b - 1; END WHILE;\n  IF a = 1 THEN SELECT 'x;y'; END IF;\nEND",
        "CREATE TRIGGER tr@# BEFORE INSERT ON pt@# FOR EACH ROW\nBEGIN\n  SET NEW.v = "
        "CONCAT(NEW.v, "
        "'; //', \"$$\");\n  /* ; $$ */ SET NEW.a = CASE WHEN NEW.a > 1 THEN 6 / 2 ELSE 0 "
        "END;\nEND",
        "CREATE FUNCTION fn@#(a int) RETURNS int DETERMINISTIC NO SQL\nBEGIN\n  RETURN a + 1; # "
        "x;\nEND",
        "CREATE EVENT ev@# ON SCHEDULE EVERY 1 DAY DISABLE DO\nBEGIN\n  SET @a = 1; SET @b = "
        "'x;';\nEND",
        "/*!50003 CREATE PROCEDURE c@#() BEGIN SELECT 1; SELECT ';'; END */",
        "CREATE PROCEDURE n@#() SELECT 'no body'",
    };
    const char *delimiter = ANY_OF(&w->c, delimiters);
    const char *body = ANY_OF(&w->c, bodies);

    setup(w, "CREATE TABLE pt@# (a int, v varchar(60));\n");
    /* Only one that does not stand in the text. */
    while (strstr(body, delimiter) != NULL)
        delimiter = ANY_OF(&w->c, delimiters);
    both(w, "DELIMITER ");
    both(w, delimiter);
    both(w, "\n");
    both(w, body);
    both(w, "\n");
    both(w, delimiter);
    both(w, "\nDELIMITER ;\nINSERT INTO pt@# VALUES (2, 'in');\n");
}

/* Each is known by itself when a run was cut short. */
static void objects(writing *w)
{
    static const char *const statements[] = {
        "CREATE VIEW ov@# AS SELECT a FROM o@#;\nALTER TABLE o@# ADD COLUMN d int;\n"
        "ALTER VIEW ov@# AS SELECT a, d FROM o@#;\n",
        "CREATE VIEW ov@# AS SELECT 1 AS a;\nCREATE VIEW ow@# AS SELECT 2 AS a;\n"
        "DROP VIEW ov@#, ow@#;\n",
        "CREATE TRIGGER ot@# BEFORE INSERT ON o@# FOR EACH ROW SET NEW.b = 7;\n"
        "INSERT INTO o@# (a) VALUES (1);\nDROP TRIGGER ot@#;\nINSERT INTO o@# (a) VALUES (2);\n",
        "CREATE TRIGGER ot@# BEFORE INSERT ON o@# FOR EACH ROW SET NEW.b = 7;\n"
        "RENAME TABLE o@# TO oo@#;\nINSERT INTO oo@# (a) VALUES (3);\n",
        "CREATE PROCEDURE op@#() COMMENT 'x' SET @a = 1;\nALTER PROCEDURE op@# COMMENT 'y';\n"
        "DROP PROCEDURE IF EXISTS nope@#;\n",
        "CREATE FUNCTION of@#() RETURNS int NO SQL DETERMINISTIC RETURN 1;\n"
        "CREATE PROCEDURE of@#() SET @a = 1;\nDROP FUNCTION of@#;\n",
        "CREATE EVENT oe@# ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' DISABLE DO SET @a "
        "= "
        "1;\nALTER EVENT oe@# RENAME TO oo@#;\n",
        "CREATE TRIGGER ot@# BEFORE INSERT ON o@# FOR EACH ROW SET NEW.b = 7;\nDROP TABLE o@#;\n",
    };

    setup(w, "CREATE TABLE o@# (a int, b int);\n");
    both(w, ANY_OF(&w->c, statements));
}

/* What the statement reader cannot see into. */
static void by_name(writing *w)
{
    static const char *const calls[] = {
        "CALL x@#(3);\n",
        "CALL x@#(1);\nCALL x@#(2);\n",
        ("PREPARE y@# FROM 'INSERT INTO xt@# VALUES (?, \"it\\\\''s\")';\nSET @y@# = 5;\n"
         "EXECUTE y@# USING @y@#;\nDEALLOCATE PREPARE y@#;\n"),
        "SELECT v FROM xt@#;\nDO 1;\nSHOW TABLES;\nANALYZE TABLE xt@#;\n",
        "INSERT INTO xt@# SELECT x@#f(4), 'f';\n",
    };

    setup(w, "CREATE TABLE xt@# (a int, v varchar(60));\n"
             "CREATE PROCEDURE x@#(IN n int) INSERT INTO xt@# VALUES (n, 'called');\n"
             "CREATE FUNCTION x@#f(n int) RETURNS int DETERMINISTIC NO SQL RETURN n * 2;\n");
    both(w, ANY_OF(&w->c, calls));
}

/* Queries and settings of variables that change rows, by functions and views over them. */
static void functions(writing *w)
{
    static const char *const statements[] = {
        "SELECT u@#f(1);\nDO SLEEP(0.01);\n",
        "DO u@#f(2), u@#f(3);\n",
        "SELECT * FROM u@#v;\n",
        "SET @u@# = u@#f(4);\nINSERT INTO u@# VALUES (@u@#, 'set');\n",
        "SELECT u@#f(5) + 1 INTO @w@#;\nINSERT INTO u@# VALUES (@w@#, 'into');\n",
        "SET @w@# = (SELECT MAX(a) FROM u@#v);\nINSERT INTO u@# VALUES (@w@#, 'view');\n",
        "INSERT INTO u@# SELECT u@#f(6), 'insert';\n",
        "UPDATE u@# SET a = u@#f(7) WHERE a = 1;\n",
        "DELETE FROM u@# WHERE a = u@#g(8);\n",
        "CALL u@#p(u@#f(3));\n",
        "SHOW TABLES LIKE 'u@#%';\n",
    };

    setup(w, "CREATE TABLE u@# (a int, v varchar(20)); INSERT INTO u@# VALUES (1, 'a');\n"
             "CREATE TABLE ul@# (a int);\n"
             "CREATE FUNCTION u@#f(n int) RETURNS int DETERMINISTIC MODIFIES SQL DATA BEGIN INSERT "
             "INTO ul@# VALUES (n); RETURN n * 2; END;\n"
             "CREATE FUNCTION u@#g(n int) RETURNS int DETERMINISTIC RETURN u@#f(n) + 1;\n"
             "CREATE PROCEDURE u@#p(n int) INSERT INTO u@# VALUES (n, 'called');\n"
             "CREATE VIEW u@#v AS SELECT u@#f(10) AS a;\n");
    for (unsigned i = 0, n = 1 + below(&w->c, 5); i < n; i++)
        both(w, ANY_OF(&w->c, statements));
}

/* Rows that triggers and keys change by the way. */
static void triggers(writing *w)
{
    static const char *const statements[] = {
        "INSERT INTO g@# VALUES (10, 1), (11, 1);\nDELETE FROM g@# WHERE id > 9;\n",
        "INSERT INTO g@# VALUES (1, 5) ON DUPLICATE KEY UPDATE a = a + 10;\n",
        "REPLACE INTO g@# VALUES (2, 7);\n",
        "UPDATE g@# SET a = a + 1;\n",
        "UPDATE g@# SET id = id + 20 WHERE id = 2;\nUPDATE g@# SET id = 2 WHERE id = 22;\n",
        "DELETE FROM g@# WHERE id = 3;\n",
        "UPDATE g@# x JOIN gc@# y ON x.id = y.g SET x.a = x.a + 1, y.n = y.n + 1;\n",
        "UPDATE gv@# SET a = 50 WHERE id = 1;\n",
        "DELETE x FROM g@# x JOIN gc@# y ON x.id = y.g WHERE x.id = 1;\n",
        "DROP TRIGGER IF EXISTS gu@#;\n",
        ("CREATE TRIGGER gi@# BEFORE INSERT ON g@# FOR EACH ROW SET NEW.a = NEW.a + 100;\n"
         "INSERT IGNORE INTO g@# VALUES (30, 1);\nDROP TRIGGER gi@#;\n"),
    };

    setup(w,
          "CREATE TABLE g@# (id int PRIMARY KEY, a int);\n"
          "CREATE TABLE gl@# (what varchar(9), id int, a int);\n"
          "CREATE TABLE gc@# (g int, n int DEFAULT 0, FOREIGN KEY (g) REFERENCES g@# (id) ON "
          "UPDATE CASCADE ON DELETE CASCADE);\n"
          "CREATE VIEW gv@# AS SELECT id, a FROM g@#;\n"
          "INSERT INTO g@# VALUES (1, 1), (2, 2), (3, 3);\nINSERT INTO gc@# (g) VALUES (1), (2);\n"
          "CREATE TRIGGER gu@# AFTER UPDATE ON g@# FOR EACH ROW INSERT INTO gl@# VALUES "
          "('update', NEW.id, NEW.a);\n"
          "CREATE TRIGGER gd@# AFTER DELETE ON g@# FOR EACH ROW INSERT INTO gl@# VALUES "
          "('delete', OLD.id, OLD.a);\n");
    for (unsigned i = 0, n = 1 + below(&w->c, 4); i < n; i++)
        both(w, ANY_OF(&w->c, statements));
}

/* What is in temporary tables is there again when a run is resumed, or it is refused by name. */
static void temporary(writing *w)
{
    static const char *const statements[] = {
        "INSERT IGNORE INTO k@# VALUES (3, 'z'), (9, 'nine');\n",
        "REPLACE INTO k@# VALUES (1, 'again');\n",
        "UPDATE k@# SET v = CONCAT(v, '!');\n",
        "DELETE FROM k@# WHERE id = 2;\n",
        "ALTER TABLE k@# ADD COLUMN IF_@# int DEFAULT 4;\nALTER TABLE k@# DROP COLUMN IF_@#;\n",
        "UPDATE j@# JOIN k@# ON j@#.id = k@#.id SET j@#.v = k@#.v;\n",
        "UPDATE j@# x, k@# y SET x.n = x.n + 1 WHERE x.id = y.id;\n",
        "DELETE x FROM j@# x JOIN k@# y USING (id) WHERE y.v = 'z';\n",
        "INSERT INTO j@# (id, v) SELECT id + 100, v FROM k@# ON DUPLICATE KEY UPDATE n = n + 1;\n",
        "SET @j@# = (SELECT COUNT(*) FROM k@#);\nUPDATE j@# SET n = n + @j@#;\n",
    };
    /* Right by the client alone, and lost where a run is resumed. */
    static const char *const not_kept[] = {
        "UPDATE j@# JOIN k@# USING (id) SET k@#.v = j@#.v;\n",
        "UPDATE k@# x JOIN j@# y USING (id) SET x.v = y.v;\n",
        "DELETE k@# FROM j@# JOIN k@# USING (id);\n",
        "DELETE FROM y USING j@# x JOIN k@# y WHERE x.id = y.id;\n",
        "REPLACE INTO k@# SELECT id, v FROM j@#;\n",
        "SELECT j@#f(1);\n",
        "SET @i@# = j@#f(2);\n",
        "CALL j@#p();\n",
        "PREPARE j@# FROM 'INSERT INTO k@# SELECT id + 200, v FROM j@#';\nEXECUTE j@#;\n",
    };

    setup(w, "CREATE TABLE j@# (id int PRIMARY KEY, v varchar(20), n int NOT NULL DEFAULT 0);\n"
             "INSERT INTO j@# (id, v) VALUES (1, 'a'), (2, 'b'), (3, 'c');\n"
             "CREATE FUNCTION j@#f(n int) RETURNS int DETERMINISTIC MODIFIES SQL DATA BEGIN INSERT "
             "INTO k@# VALUES (n + 50, 'f'); RETURN n; END;\n"
             "CREATE PROCEDURE j@#p() INSERT INTO k@# SELECT id + 300, v FROM j@#;\n");
    both(w, "CREATE TEMPORARY TABLE k@# (id int PRIMARY KEY, v varchar(20));\n"
            "INSERT INTO k@# VALUES (1, 'x'), (2, 'y');\n");
    for (unsigned i = 0, n = 1 + below(&w->c, 4); i < n; i++)
        both(w, ANY_OF(&w->c, statements));
    if (below(&w->c, 4) == 0) {
        both(w, ANY_OF(&w->c, not_kept));
        both(w, "DO SLEEP(0.01);\nINSERT INTO j@# (id, v) SELECT id + 1000, v FROM k@#;\n");
    }
    both(w, "DROP TEMPORARY TABLE k@#;\n");
}

/* Each puts back what it sets: the next piece is right without this one. */
static void session(writing *w)
{
    static const char *const sets[] = {
        "SET @k@# = @@sql_mode, sql_mode = 'ANSI_QUOTES';\nINSERT INTO \"s@#\" (v) VALUES "
        "('ansi');\n"
        "SET sql_mode = @k@#;\n",
        "SET time_zone = '+05:00';\nINSERT INTO s@# (v, ts) VALUES ('tz', '2026-01-01 12:00:00');\n"
        "SET time_zone = @@GLOBAL.time_zone;\n",
        "SET foreign_key_checks = 0;\nINSERT INTO s@# (v) VALUES (@@foreign_key_checks);\n"
        "SET SESSION foreign_key_checks = 1;\n",
        "INSERT INTO s@# (v) VALUES ('id');\nSET @id@# = LAST_INSERT_ID();\nINSERT INTO s@# (v) "
        "SELECT CONCAT('after ', v) FROM s@# WHERE id = @id@#;\n",
        "SET @m@# = (SELECT COUNT(*) FROM s@#);\nINSERT INTO s@# (v) VALUES (@m@#);\n",
        "SELECT COUNT(*), MIN(v) INTO @a@#, @b@# FROM s@#;\nINSERT INTO s@# (v) VALUES "
        "(CONCAT(@a@#, @b@#));\n",
        "SET @@SESSION.auto_increment_increment = 10;\nINSERT INTO s@# (v) VALUES "
        "(@@auto_increment_increment);\n"
        "SET @@auto_increment_increment = 1;\n",
        "SET sql_select_limit = 1;\nINSERT INTO s@# (v) SELECT v FROM (SELECT * FROM s@#) q;\nSET "
        "sql_select_limit = DEFAULT;\n",
        "CREATE TEMPORARY TABLE tmp@# (a int);\nINSERT INTO tmp@# VALUES (1), (2);\nINSERT INTO "
        "s@# "
        "(v) SELECT a FROM tmp@#;\nDROP TEMPORARY TABLE tmp@#;\n",
        "SET sql_mode = '';\nINSERT INTO s@# (v) VALUES ('cut to nine');\nSET sql_mode = "
        "'STRICT_ALL_TABLES';\n",
        "SET NAMES utf8mb4 COLLATE utf8mb4_bin;\nINSERT INTO s@# (v) VALUES "
        "(@@collation_connection);\n"
        "SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci;\n",
    };

    both(w,
         "CREATE TABLE s@# (id int AUTO_INCREMENT PRIMARY KEY, v varchar(30), ts timestamp NULL);\n"
         "INSERT INTO s@# (v) VALUES ('first');\n");
    both(w, ANY_OF(&w->c, sets));
}

static void names(writing *w)
{
    static const char *const odd[] = {
        "`n;@#`",   "`n'@#`",  "`n\"@#`",          "`n``@#`", "`n @#`", "`select@#`",
        "`n-- @#`", "`n/*@#`", "`\xE8\xA1\xA8@#`", "n$@#",    "N_@#",
    };
    const char *name = ANY_OF(&w->c, odd);

    both(w, "CREATE TABLE ");
    both(w, name);
    both(
        w,
        " (`key` int, `a``b` int, `\xE5\x88\x97` varchar(9) DEFAULT ';', `//` int);\nINSERT INTO ");
    both(w, name);
    both(w, " (`key`) VALUES (1);\nALTER TABLE ");
    both(w, name);
    both(w, " ADD KEY `k;` (`key`), COMMENT = 'it''s';\n");
}

static void comments(writing *w)
{
    static const char *const all[] = {
        "-- a comment; it's\n# another \"one\n/* and `one; */ CREATE TABLE c@# (a int);\n",
        "CREATE /* in; the middle */ TABLE c@# ( -- it's\n a int # x;\n);\n",
        "CREATE TABLE c@# (a int /*!40000 , b int */ /*!80000 , c int */ /*M! , d int */);\n",
        "/*!40101 SET @old@# = @@sql_mode */;\nCREATE TABLE c@# (a int);\n",
        "CREATE TABLE c@# (a int /* /* */, b int);\n--\nINSERT INTO c@# VALUES (1, 2--1);\n",
        "CREATE TABLE c@# (a int) /*!40100 DEFAULT CHARSET=utf8mb4 */ /* end; */;\n",
        "\n\n   CREATE\n\tTABLE\n c@#\n(a\nint)\n;\n",
    };

    both(w, ANY_OF(&w->c, all));
}

static void (*const kinds[])(writing *w) = {
    rows,  quotes,   tables,  batch,   batch,   family,    programs, session,
    names, comments, by_name, objects, objects, functions, triggers, temporary};

/* ---- inputs ---- */

typedef struct input {
    uint64_t seed;
    bool left_out[PIECES_MOST];
} input;

static unsigned n_pieces(const input *in)
{
    chance c = {in->seed};

    return 2 + below(&c, PIECES_MOST - 1);
}

static const char members[] =
    "CREATE TABLE f_log (n int, t varchar(90));\n"
    "CREATE TABLE zq_quant_factor_spacex_000001 (id int PRIMARY KEY, x int, t text);\n"
    "CREATE TABLE zq_quant_factor_spacex_000010 LIKE zq_quant_factor_spacex_000001;\n"
    "CREATE TABLE zq_quant_factor_spacex_600000 LIKE zq_quant_factor_spacex_000001;\n"
    "INSERT INTO zq_quant_factor_spacex_000001 VALUES (1, 1, 'a'), (2, 2, 'b');\n"
    "INSERT INTO zq_quant_factor_spacex_000010 VALUES (1, 3, 'c');\n";

static void write_input(const input *in, writing *w)
{
    zq_buf_str(&w->setup, members);
    for (unsigned i = 0; i < n_pieces(in); i++) {
        w->c.state = in->seed * 1000 + i;
        w->n = i + 1;
        if (!in->left_out[i])
            kinds[below(&w->c, ZQ_LEN(kinds))](w);
    }
}

static void writing_done(writing *w)
{
    zq_buf_done(&w->setup);
    zq_buf_done(&w->file);
    zq_buf_done(&w->plain);
}
#define WRITING(name) __attribute__((cleanup(writing_done))) writing name = {0}

/* One in three has the ends of lines of another system, and a byte order mark. */
static void write_file(const input *in, const writing *w)
{
    static const char head[] = "-- revision: t1\n-- revises: 0003\n-- title: a test\n"
                               "-- created: 2026-01-04T00:00:00Z\n\n-- zq:upgrade\n";
    bool windows = in->seed % 3 == 0;
    ZQ_AUTO_BUF(lf);
    ZQ_AUTO_BUF(out);

    zq_buf_printf(&lf, "%s%s-- zq:irreversible a test\n", head, zq_buf_text(&w->file));
    if (windows)
        zq_buf_str(&out, "\xEF\xBB\xBF");
    for (const char *c = zq_buf_text(&lf); *c != '\0'; c++) {
        if (*c == '\n' && windows)
            zq_buf_char(&out, '\r');
        zq_buf_char(&out, *c);
    }
    program_file("t1.sql", zq_buf_text(&out), 0644);
}

/* ---- ways ---- */

/* What went wrong, in words; "" when nothing did, or the way is refused by name. */
typedef struct outcome {
    zq_buf wrong;
    bool refused; /* before anything runs, as docs/revisions.md says */
} outcome;

static bool is_refused(const program_result *r)
{
    return r->status == 65 && (strstr(r->err, "a temporary table by what is in others") != NULL ||
                               strstr(r->err, "in what fills a temporary table") != NULL ||
                               strstr(r->err, "may change a temporary table") != NULL);
}

static char *run_plain(const writing *w, outcome *out)
{
    ways_client client =
        live_flavor() == ZQ_MYSQL && ways_has(WAYS_MYSQL) ? WAYS_MYSQL : WAYS_MARIADB;
    ZQ_AUTO_BUF(script);
    program_result r;

    zq_buf_printf(&script, "%s;\n%s", zq_session_sql(), zq_buf_text(&w->plain));
    ways_reset(zq_buf_text(&w->setup));
    r = ways_run(ways_has(client) ? client : WAYS_MYSQL, zq_buf_text(&script));
    if (r.status != 0)
        zq_buf_printf(&out->wrong, "the client alone: status %d: %s", r.status, r.err);
    program_free(&r);
    return ways_contents();
}

static void compare(const char *way, const char *wanted, outcome *out)
{
    char *found = ways_contents();
    size_t at = 0;

    while (found[at] != '\0' && found[at] == wanted[at])
        at++;
    while (at > 0 && found[at - 1] != '\n')
        at--;
    if (strcmp(found, wanted) != 0)
        zq_buf_printf(&out->wrong, "%s left:\n%.300s\ninstead of:\n%.300s\n", way, found + at,
                      wanted + at);
    free(found);
}

static void expect_recorded(const char *way, outcome *out)
{
    char *at = cli_value("SELECT CONCAT(revision, (SELECT COUNT(*) FROM zq_meta_journal)) FROM "
                         "zq_meta_history ORDER BY id DESC LIMIT 1");

    if (strcmp(at, "t10") != 0)
        zq_buf_printf(&out->wrong, "%s recorded '%s'\n", way, at);
    free(at);
}

static void run_online(const writing *w, const char *wanted, unsigned long long *out_ms,
                       outcome *out)
{
    unsigned long long began;
    program_result r;

    ways_reset(zq_buf_text(&w->setup));
    began = zq_now_ms();
    r = ways_online();
    *out_ms = zq_now_ms() - began;
    if (is_refused(&r))
        out->refused = true;
    else if (r.status != 0)
        zq_buf_printf(&out->wrong, "online: status %d: %s", r.status, r.err);
    else
        expect_recorded("online", out);
    program_free(&r);
    if (!out->refused)
        compare("online", wanted, out);
}

static void run_script(const writing *w, const char *wanted, ways_client client, outcome *out)
{
    const char *way = client == WAYS_MYSQL ? "a script by mysql" : "a script by mariadb";
    program_result script = ways_script();
    program_result r = {0};

    if (script.status == 65 && strstr(script.err, ": a script ") != NULL) {
        program_free(&script);
        return;
    }
    ways_reset(zq_buf_text(&w->setup));
    r = ways_run(client, script.out);
    if (script.status != 0 || r.status != 0)
        zq_buf_printf(&out->wrong, "%s: status %d, %d: %s%s", way, script.status, r.status,
                      script.err, r.err);
    else
        expect_recorded(way, out);
    program_free(&r);
    program_free(&script);
    compare(way, wanted, out);
}

/* What others do while no run is at work; nothing of it is left at the end. */
static void work_beside(unsigned i)
{
    ZQ_AUTO_BUF(sql);

    zq_buf_printf(&sql,
                  "CREATE PROCEDURE others_p%u() SET @b = 1; CREATE EVENT others_e%u ON SCHEDULE "
                  "EVERY 1 DAY DISABLE DO SET @b = 1; CREATE TABLE others_t%u (a int); CREATE "
                  "TRIGGER others_g%u BEFORE INSERT ON others_t%u FOR EACH ROW SET NEW.a = 1; "
                  "CREATE VIEW others_v%u AS SELECT 1 AS a",
                  i, i, i, i, i, i);
    cli_change(zq_buf_text(&sql));
}

static void undo_work_beside(unsigned i)
{
    ZQ_AUTO_BUF(sql);

    zq_buf_printf(&sql,
                  "DROP PROCEDURE others_p%u; DROP EVENT others_e%u; DROP TABLE others_t%u; DROP "
                  "VIEW others_v%u",
                  i, i, i, i);
    cli_change(zq_buf_text(&sql));
}

/* ---- harm ---- */

typedef enum harm {
    KILL_PROGRAM,
    KILL_CONNECTION, /* one of the run's, or all of them */
    KILL_SERVER,     /* as a power cut would, and started again: for a server of the test's own */
} harm;

static void kill_connections(chance *c)
{
    ZQ_AUTO(zq_db) db = cli_open();
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    bool all = below(c, 2) == 0;
    zq_rows rows;
    zq_err err = {0};
    char sql[256];

    snprintf(sql, sizeof sql,
             "SELECT CONCAT('KILL ', ID) FROM %s WHERE DB = DATABASE() AND ID <> CONNECTION_ID()",
             live_flavor() == ZQ_MYSQL ? "performance_schema.processlist"
                                       : "information_schema.PROCESSLIST");
    cr_assert_eq(live_query(db, sql, NULL, 0, arena, &rows, &err), ZQ_OK, "%s", err.detail);
    for (size_t i = 0, n = rows.n; i < n; i++) {
        size_t which = all ? i : below(c, n);

        /* It may have ended by itself. */
        zq_db_exec(db, zq_rows_at(&rows, which, 0), NULL);
        if (!all)
            break;
    }
}

/* Start the run, and harm it at some moment of the time that it takes unharmed. True when it did
 * not come to its end. */
static bool start_and_harm(harm kind, unsigned long long ms, chance *c)
{
    static const char *const words[] = {"zquant-migrate",
                                        "upgrade",
                                        "--quiet",
                                        "--allow-data-loss",
                                        "--allow-locking",
                                        "--allow-unknown",
                                        "--dir",
                                        ".",
                                        NULL};
    long long us = (long long)(next(c) % (ms * 1000 + 1));
    struct timespec pause = {.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000};
    pid_t pid = program_start(words);

    nanosleep(&pause, NULL);
    if (kind == KILL_PROGRAM)
        kill(pid, SIGKILL);
    else if (kind == KILL_CONNECTION)
        kill_connections(c);
    else
        cr_assert_eq(system(live_env("RESTART", NULL)), 0, "the server did not come back");
    return program_wait(pid) != 0;
}

/* What docs/operations.md says of a run that died where nothing but the rows tells what happened,
 * or at a statement that commits by itself; and of an index that MySQL remembers. */
static bool is_foreseen(const program_result *r)
{
    return (r->status == 1 && strstr(r->err, ": a run was cut short at '") != NULL) ||
           (r->status == 2 && live_flavor() == ZQ_MYSQL &&
            strstr(r->err,
                   "(1280); if an index can have that name, an ALTER that was cut short has "
                   "left it in InnoDB's cache, until the server is restarted") != NULL);
}

typedef struct harmed {
    unsigned n;        /* runs that did not come to their end */
    unsigned foreseen; /* stops that the table of messages foresees */
} harmed;

/* Harmed `times` times, it is run again until it ends by itself. */
static void run_harmed(const writing *w, const char *wanted, unsigned long long ms, harm kind,
                       unsigned times, chance *c, harmed *count, outcome *out)
{
    static const char *const names[] = {"killed", "with a connection killed",
                                        "with the server killed"};
    program_result r;

    ways_reset(zq_buf_text(&w->setup));
    for (unsigned i = 0; i < times; i++) {
        count->n += start_and_harm(kind, ms, c);
        work_beside(i);
    }
    r = ways_online();
    if (is_foreseen(&r)) {
        count->foreseen++;
        program_free(&r);
        return;
    }
    if (r.status != 0)
        zq_buf_printf(&out->wrong, "%s: status %d: %s", names[kind], r.status, r.err);
    else
        expect_recorded(names[kind], out);
    program_free(&r);
    for (unsigned i = 0; i < times; i++)
        undo_work_beside(i);
    compare(names[kind], wanted, out);
}

/* All ways; the first that goes wrong ends it. */
static bool is_right(const input *in, outcome *out)
{
    chance c = {in->seed ^ 0xABCDEF};
    unsigned long long ms = 0;
    harmed count = {0};
    char *wanted;
    WRITING(w);

    write_input(in, &w);
    write_file(in, &w);
    wanted = run_plain(&w, out);
    if (out->wrong.length == 0)
        run_online(&w, wanted, &ms, out);
    for (ways_client client = WAYS_MARIADB; client <= WAYS_MYSQL; client++) {
        /* In turn: each of them does all kinds. */
        if (out->wrong.length == 0 && !out->refused && ways_has(client) &&
            (in->seed % 2 == (uint64_t)client || !ways_has(1 - client)))
            run_script(&w, wanted, client, out);
    }
    if (out->wrong.length == 0 && !out->refused)
        run_harmed(&w, wanted, ms, KILL_PROGRAM, KILLS, &c, &count, out);
    free(wanted);
    return out->wrong.length == 0;
}

/* Leave out each piece that the failure does not need. */
static void shrink(input *in, outcome *out)
{
    for (unsigned i = 0; i < n_pieces(in); i++) {
        input less = *in;
        outcome other = {0};

        less.left_out[i] = true;
        if (!is_right(&less, &other)) {
            zq_buf_done(&out->wrong);
            *out = other;
            *in = less;
        } else {
            zq_buf_done(&other.wrong);
        }
    }
}

static void run_input(uint64_t seed)
{
    input in = {.seed = seed};
    outcome out = {0};
    WRITING(w);

    if (!is_right(&in, &out)) {
        shrink(&in, &out);
        write_input(&in, &w);
        cr_expect_fail("seed %llu: %s\nbefore:\n%s\nthe revision:\n%s", (unsigned long long)seed,
                       zq_buf_text(&out.wrong), zq_buf_text(&w.setup) + strlen(members),
                       zq_buf_text(&w.file));
    }
    zq_buf_done(&out.wrong);
}

static unsigned long long number_of(const char *name, unsigned long long otherwise)
{
    return getenv(name) != NULL ? strtoull(getenv(name), NULL, 10) : otherwise;
}

Test(generated, a_revision_made_by_chance_leaves_in_every_way_what_the_client_alone_leaves)
{
    unsigned long long first = number_of("ZQ_TEST_SEED", 1);
    unsigned long long n = number_of("ZQ_TEST_INPUTS", INPUTS);

    ways_begin("generated");
    for (unsigned long long i = 0; i < n; i++)
        run_input(first + i);
    cli_end();
}

/* Harm revision after revision until so many runs were cut short. */
static void harm_until(harm kind, unsigned long long runs)
{
    unsigned long long seed = number_of("ZQ_TEST_SEED", 1);
    harmed count = {0};

    ways_begin("harmed");
    for (; count.n < runs; seed++) {
        input in = {.seed = seed};
        chance c = {seed ^ 0xFEDCBA};
        unsigned long long ms = 0;
        outcome out = {0};
        char *wanted;
        WRITING(w);

        write_input(&in, &w);
        write_file(&in, &w);
        wanted = run_plain(&w, &out);
        run_online(&w, wanted, &ms, &out);
        for (unsigned i = 0;
             i < HARMED_EACH && out.wrong.length == 0 && !out.refused && count.n < runs; i++)
            run_harmed(&w, wanted, ms, kind, 1 + below(&c, 2), &c, &count, &out);
        cr_expect_eq(out.wrong.length, 0, "seed %llu: %s\nthe revision:\n%s", seed,
                     zq_buf_text(&out.wrong), zq_buf_text(&w.file));
        zq_buf_done(&out.wrong);
        free(wanted);
    }
    fprintf(stderr, "%u runs were cut short, %u stops were foreseen\n", count.n, count.foreseen);
    cli_end();
}

Test(generated, a_program_that_is_killed_anywhere_leaves_what_can_be_resumed, .timeout = 36000)
{
    harm_until(KILL_PROGRAM, number_of("ZQ_TEST_KILLS", 2));
}

Test(generated, a_connection_that_is_killed_anywhere_leaves_what_can_be_resumed, .timeout = 36000)
{
    harm_until(KILL_CONNECTION, number_of("ZQ_TEST_CUTS", 4));
}

/* Only scripts/soak has a server that is nobody else's. */
Test(generated, a_server_that_is_killed_anywhere_leaves_what_can_be_resumed, .timeout = 36000)
{
    harm_until(KILL_SERVER, number_of("ZQ_TEST_SERVER_KILLS", 0));
}

ZQ_LIVE_MAIN
