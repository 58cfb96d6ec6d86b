/* What the model makes of a table is what the server makes of it: each statement is applied to the
 * table as it was read, run, and the table read again. */
#include "db/catalog.h"
#include "model/canon.h"
#include "sql/alter/predict.h"

#include "live.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

/* Tables to begin with. */
enum { PLAIN, CHILD, MIXED };

/* clang-format off */
static const char *const starts[] = {
    [PLAIN] = "CREATE TABLE t (id int NOT NULL AUTO_INCREMENT, a int NOT NULL, "
              "b varchar(50) DEFAULT NULL COMMENT 'bee', c decimal(10,2) NOT NULL DEFAULT '0.00', "
              "d datetime DEFAULT NULL, e enum('x','Y') DEFAULT 'x', f text, PRIMARY KEY (id), "
              "UNIQUE KEY uq_a_b (a, b), KEY ix_b (b), KEY ix_bc (b, c), KEY ix_f (f(20))) "
              "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci COMMENT='tee'",
    [CHILD] = "CREATE TABLE t (id int NOT NULL, p_id int DEFAULT NULL, q_id int DEFAULT NULL, up_id int DEFAULT NULL, "
              "code varchar(20) NOT NULL, PRIMARY KEY (id), "
              "FOREIGN KEY (p_id) REFERENCES p (id), "
              "CONSTRAINT fk_q FOREIGN KEY (q_id) REFERENCES p (id) ON DELETE CASCADE, "
              "CONSTRAINT t_ibfk_7 FOREIGN KEY (up_id) REFERENCES t (id)) "
              "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci",
    [MIXED] = "CREATE TABLE t (k varchar(20) NOT NULL, l int NOT NULL, m varchar(10) CHARACTER SET latin1 COLLATE latin1_bin DEFAULT 'm', "
              "n json DEFAULT NULL, o int GENERATED ALWAYS AS (l + 1) STORED, v tinyint(1) NOT NULL DEFAULT 1, "
              "w timestamp NULL DEFAULT NULL, PRIMARY KEY (k, l), KEY ix_v (v), CONSTRAINT chk_l CHECK (l > 0)) "
              "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=COMPACT",
};

/* KNOWN_ONCE: what it leaves is known, but not that it is done, since it would do something again.
 * KNOWN_IF_TAKEN: newer servers of this kind refuse it. */
typedef enum verdict { KNOWN, KNOWN_ONCE, KNOWN_IF_TAKEN, UNKNOWN, REFUSED, NOT_RUN } verdict;

typedef struct row {
    int start;
    const char *sql;
    verdict mariadb;
    verdict mysql;
} row;

#define T "ALTER TABLE t "

static const row rows[] = {
    /* ADD COLUMN */
    {PLAIN, T "ADD COLUMN x int"},
    {PLAIN, T "ADD x int"},
    {PLAIN, "alter table `t` add column `x` INT(11) null"},
    {PLAIN, "ALTER TABLE t -- why\n ADD /* so */ COLUMN x int # end\n;"},
    {PLAIN, T "ADD COLUMN x integer NOT NULL FIRST"},
    {PLAIN, T "ADD x varchar(3) NOT NULL DEFAULT 'a''b' COMMENT \"it's\" AFTER B"},
    {PLAIN, T "ADD (x int, y int UNSIGNED NOT NULL DEFAULT 5, z char)"},
    {PLAIN, T "ADD COLUMN x int AFTER a, ADD COLUMN y int AFTER x, ADD z int FIRST"},
    {PLAIN, T "ADD x bool NOT NULL DEFAULT TRUE, ADD y boolean DEFAULT false"},
    {PLAIN, T "ADD x dec(8,3) DEFAULT 1.5, ADD y numeric(5), ADD z fixed(4,1) NOT NULL DEFAULT -0.5"},
    {PLAIN, T "ADD x character varying(20) DEFAULT 'q', ADD y character(3), ADD z char varying(4)"},
    {PLAIN, T "ADD x double precision DEFAULT 0, ADD y real DEFAULT 1.25, ADD z float(10) DEFAULT 0.5, ADD u float(30)"},
    {PLAIN, T "ADD x int8, ADD y int1 unsigned, ADD z middleint, ADD u int2, ADD v bigint signed"},
    {PLAIN, T "ADD x long, ADD y long varbinary, ADD z mediumtext, ADD u longblob"},
    {PLAIN, T "ADD x date DEFAULT '2020-01-31', ADD y datetime DEFAULT '2020-01-31', ADD z time DEFAULT '10:00:00', ADD u datetime(3) DEFAULT '2020-01-31 01:02:03'"},
    {PLAIN, T "ADD x datetime NOT NULL DEFAULT now() ON UPDATE now()"},
    {PLAIN, T "ADD x datetime(3) DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3)"},
    {PLAIN, T "ADD x timestamp NULL, ADD y timestamp NOT NULL DEFAULT current_timestamp"},
    {PLAIN, T "ADD x enum('p','q') NOT NULL DEFAULT 'P', ADD y set('r','s') DEFAULT 'r'"},
    {PLAIN, T "ADD x year(4) DEFAULT 2024, ADD y bit, ADD z binary(4), ADD u varbinary(9) DEFAULT 'z'"},
    {PLAIN, T "ADD x json"},
    {PLAIN, T "ADD x varchar(10) CHARACTER SET latin1, ADD y varchar(10) COLLATE utf8mb4_bin, ADD z text CHARSET ascii COLLATE ascii_bin"},
    {PLAIN, T "ADD x varchar(10) COLLATE UTF8MB4_UNICODE_CI, ADD y varchar(10) CHARACTER SET UTF8MB4 COLLATE utf8mb4_unicode_ci"},
    {PLAIN, T "ADD x int GENERATED ALWAYS AS (a + 1) STORED, ADD y varchar(100) AS (concat(b, \"-\", lower(b))) VIRTUAL"},
    {PLAIN, T "ADD x int AS (CASE WHEN a > 1 AND b IS NOT NULL THEN 1 ELSE 0 END) VIRTUAL"},
    {PLAIN, T "ADD x int AS (if(a between 1 and 5, ifnull(length(b), 0), coalesce(a, char_length(b), 7)))"},
    {PLAIN, T "ADD x decimal(10,2) AS (round(c * 2, 1)), ADD y int AS (nullif(abs(a), floor(c)))"},
    {PLAIN, T "ADD x varchar(36) DEFAULT (uuid())", KNOWN, NOT_RUN},
    {PLAIN, T "ADD x varchar(36) DEFAULT (lower('A'))"},
    {PLAIN, T "ADD x int INVISIBLE"},
    {PLAIN, T "ADD x int UNIQUE, ADD y int UNIQUE KEY COMMENT 'y'"},
    {PLAIN, T "DROP COLUMN id, ADD COLUMN x bigint UNSIGNED AUTO_INCREMENT PRIMARY KEY FIRST"},
    {PLAIN, T "ADD x double(10,2), ADD y float(7,3)"},
    {PLAIN, T "ADD x point NOT NULL, ADD y geometry"},
    {PLAIN, T "ADD COLUMN a int", REFUSED, REFUSED},
    {PLAIN, T "ADD COLUMN x int, ADD COLUMN A int", REFUSED, REFUSED},
    {PLAIN, T "ADD COLUMN IF NOT EXISTS a bigint, ADD COLUMN IF NOT EXISTS x int", KNOWN, UNKNOWN},
    {PLAIN, T "ADD x int ZEROFILL", UNKNOWN, UNKNOWN},
    {PLAIN, T "ADD x serial", UNKNOWN, UNKNOWN},
    {PLAIN, T "ADD x int CHECK (x > 1)", KNOWN, UNKNOWN},
    {PLAIN, T "ADD x json CHECK (json_valid(x))", KNOWN, UNKNOWN},
    {PLAIN, T "ADD x timestamp", UNKNOWN, KNOWN},
    {PLAIN, T "ADD x varchar(10) CHARACTER SET utf8mb4", UNKNOWN, KNOWN},
    {PLAIN, T "ADD x text(10)", UNKNOWN, UNKNOWN},
    {PLAIN, T "ADD x int /*!80000 DEFAULT 5 */", UNKNOWN, UNKNOWN},
    {PLAIN, T "ADD x int REFERENCES p (id)", UNKNOWN, UNKNOWN},
    {PLAIN, T "ADD x text DEFAULT ('x')", UNKNOWN, KNOWN},
    {PLAIN, T "ADD x int AS (json_extract(f, '$.a'))", UNKNOWN, UNKNOWN},

    /* DROP COLUMN, and what becomes of the indexes */
    {PLAIN, T "DROP COLUMN d"},
    {PLAIN, T "DROP b, DROP KEY uq_a_b"},
    {PLAIN, T "DROP COLUMN c, DROP COLUMN f"},
    {PLAIN, T "DROP a, DROP INDEX uq_a_b, DROP COLUMN `E`"},
    {PLAIN, T "DROP COLUMN d, ADD COLUMN d date FIRST"},
    {PLAIN, T "DROP COLUMN b", UNKNOWN, KNOWN},
    {PLAIN, T "DROP COLUMN x", REFUSED, REFUSED},
    {PLAIN, T "DROP COLUMN IF EXISTS x, DROP IF EXISTS d", KNOWN, UNKNOWN},
    {CHILD, T "DROP COLUMN p_id", UNKNOWN, UNKNOWN},
    {CHILD, T "DROP FOREIGN KEY t_ibfk_1, DROP COLUMN p_id"},
    {MIXED, T "DROP COLUMN l", UNKNOWN, UNKNOWN},
    {MIXED, T "DROP COLUMN m, DROP COLUMN n, DROP COLUMN v"},
    {MIXED, T "DROP COLUMN o"},

    /* MODIFY, CHANGE, RENAME, ALTER */
    {PLAIN, T "MODIFY b varchar(60)"},
    {PLAIN, T "MODIFY COLUMN a bigint NOT NULL COMMENT 'x' FIRST"},
    {PLAIN, T "MODIFY f varchar(30), MODIFY e enum('x','Y','z') NOT NULL DEFAULT 'y' AFTER a"},
    {PLAIN, T "MODIFY f varchar(15)"},
    {PLAIN, T "MODIFY B VARCHAR(60) NULL DEFAULT NULL"},
    {PLAIN, T "MODIFY c dec(12,4) NOT NULL DEFAULT 1"},
    {PLAIN, T "MODIFY id bigint AUTO_INCREMENT"},
    {PLAIN, T "MODIFY id int"},
    {PLAIN, T "MODIFY x int", REFUSED, REFUSED},
    {PLAIN, T "MODIFY IF EXISTS x int", KNOWN, UNKNOWN},
    {PLAIN, T "MODIFY d datetime AFTER x", REFUSED, REFUSED},
    {PLAIN, T "MODIFY d datetime(6) AFTER id, MODIFY e enum('x','Y') AFTER d, ADD x int AFTER e"},
    {PLAIN, T "CHANGE b bb varchar(50) NOT NULL DEFAULT ''"},
    {PLAIN, T "CHANGE COLUMN `b` `B` varchar(50) COMMENT 'bee' AFTER f"},
    {PLAIN, T "CHANGE a x int NOT NULL, ADD INDEX (x)"},
    {PLAIN, T "CHANGE x y int", REFUSED, REFUSED},
    {PLAIN, T "RENAME COLUMN b TO bb, RENAME COLUMN a TO `A 1`"},
    {PLAIN, T "RENAME COLUMN a TO b, RENAME COLUMN b TO a", KNOWN_ONCE, KNOWN_ONCE},
    {PLAIN, T "RENAME COLUMN a TO b", REFUSED, REFUSED},
    {PLAIN, T "RENAME COLUMN x TO y", REFUSED, REFUSED},
    {CHILD, T "RENAME COLUMN p_id TO parent_id, RENAME COLUMN id TO no"},
    {MIXED, T "RENAME COLUMN l TO ll", UNKNOWN, UNKNOWN},
    {MIXED, T "MODIFY m varchar(20) DEFAULT 'm', MODIFY v int NOT NULL"},
    {MIXED, T "MODIFY n longtext, MODIFY w datetime DEFAULT NULL"},
    {MIXED, T "RENAME COLUMN k TO kk, RENAME COLUMN v TO vv"},
    {PLAIN, T "ALTER COLUMN c SET DEFAULT 1.5, ALTER b SET DEFAULT 'it\\'s'"},
    {PLAIN, T "ALTER c DROP DEFAULT, ALTER COLUMN e DROP DEFAULT, ALTER d SET DEFAULT '2020-02-03 00:00:00'"},
    {PLAIN, T "ALTER COLUMN e SET DEFAULT NULL"},
    {PLAIN, T "ALTER COLUMN x DROP DEFAULT", REFUSED, REFUSED},
    {PLAIN, T "ALTER COLUMN d SET INVISIBLE", NOT_RUN, KNOWN},
    {PLAIN, T "ALTER a SET DEFAULT 1, ALTER a DROP DEFAULT", UNKNOWN, UNKNOWN},

    /* indexes */
    {PLAIN, T "ADD INDEX (a)"},
    {PLAIN, T "ADD INDEX (b), ADD KEY (B, a), ADD UNIQUE (b, d), ADD INDEX USING BTREE (d)"},
    {PLAIN, T "ADD KEY ix_x (`a`, B(10)) COMMENT 'x', ADD UNIQUE INDEX uq_x USING BTREE (d, a)"},
    {PLAIN, T "ADD INDEX x (b(50))"},
    {PLAIN, T "ADD FULLTEXT (b)"},
    {PLAIN, T "ADD FULLTEXT INDEX ft (f)"},
    {PLAIN, T "ADD x int, ADD y int, ADD KEY ix_xy (x, y), ADD UNIQUE KEY (y)"},
    {PLAIN, T "ADD CONSTRAINT uq_x UNIQUE (d), ADD CONSTRAINT UNIQUE KEY (e), ADD CONSTRAINT uq_y UNIQUE uq_z (c, d)"},
    {PLAIN, T "ADD INDEX x (d) USING BTREE, ADD INDEX y (d, a) INVISIBLE", UNKNOWN, KNOWN},
    {PLAIN, T "ADD COLUMN x int, ADD KEY (d, x) VISIBLE", UNKNOWN, KNOWN},
    {PLAIN, T "ADD INDEX x (d) IGNORED", KNOWN, NOT_RUN},
    {PLAIN, T "ADD INDEX x (a DESC, b ASC)", UNKNOWN, KNOWN},
    {PLAIN, T "ADD INDEX x ((lower(b)))", UNKNOWN, KNOWN},
    {PLAIN, T "ADD INDEX ((a + 1))", UNKNOWN, UNKNOWN},
    {PLAIN, T "ADD INDEX ix_b (a)", REFUSED, REFUSED},
    {PLAIN, T "ADD INDEX x (nope)", REFUSED, REFUSED},
    {PLAIN, T "ADD INDEX IF NOT EXISTS ix_b (a), ADD INDEX IF NOT EXISTS x (a)", KNOWN, UNKNOWN},
    {PLAIN, T "ADD UNIQUE (f)", UNKNOWN, UNKNOWN},
    {PLAIN, T "DROP INDEX ix_b"},
    {PLAIN, T "DROP KEY IX_BC, DROP INDEX uq_a_b, ADD INDEX ix_bc (c)"},
    {PLAIN, T "DROP INDEX x", REFUSED, REFUSED},
    {PLAIN, T "DROP INDEX IF EXISTS x", KNOWN, UNKNOWN},
    {PLAIN, T "RENAME INDEX ix_b TO ix_bb, RENAME KEY ix_bc TO ix_b", KNOWN_ONCE, KNOWN_ONCE},
    {PLAIN, T "RENAME INDEX x TO y", REFUSED, REFUSED},
    {PLAIN, T "RENAME INDEX ix_b TO ix_bc", REFUSED, REFUSED},
    {PLAIN, T "ALTER INDEX ix_b INVISIBLE", NOT_RUN, KNOWN},
    {PLAIN, T "DROP INDEX ix_b, ADD INDEX ix_b (b) INVISIBLE", NOT_RUN, UNKNOWN},
    {PLAIN, T "DROP INDEX ix_b, ADD INDEX ix_b (b) IGNORED", UNKNOWN, NOT_RUN},
    {PLAIN, T "ALTER INDEX ix_b IGNORED", KNOWN, NOT_RUN},
    {PLAIN, T "MODIFY id int NOT NULL, DROP PRIMARY KEY"},
    {PLAIN, T "MODIFY id int NOT NULL, DROP PRIMARY KEY, ADD PRIMARY KEY (d, id)"},
    {PLAIN, T "ADD PRIMARY KEY (a)", REFUSED, REFUSED},
    {MIXED, T "DROP PRIMARY KEY, ADD CONSTRAINT PRIMARY KEY (l), ADD KEY (k)"},
    {MIXED, T "DROP PRIMARY KEY, DROP INDEX ix_v"},
    {PLAIN, "CREATE INDEX x ON t (a, b)"},
    {PLAIN, "CREATE UNIQUE INDEX x USING BTREE ON t (d) COMMENT 'y' ALGORITHM=INPLACE LOCK=NONE"},
    {PLAIN, "CREATE FULLTEXT INDEX x ON t (b, f)"},
    {PLAIN, "CREATE INDEX ix_b ON t (a)", REFUSED, REFUSED},
    {PLAIN, "CREATE INDEX IF NOT EXISTS ix_b ON t (a)", KNOWN, UNKNOWN},
    {PLAIN, "CREATE OR REPLACE INDEX ix_b ON t (a)", UNKNOWN, UNKNOWN},
    {PLAIN, "DROP INDEX ix_b ON t"},
    {PLAIN, "DROP INDEX `PRIMARY` ON t", NOT_RUN, NOT_RUN},
    {PLAIN, "DROP INDEX x ON t", REFUSED, REFUSED},
    {PLAIN, "DROP INDEX IF EXISTS x ON t", KNOWN, UNKNOWN},

    /* foreign keys */
    {PLAIN, T "ADD FOREIGN KEY (a) REFERENCES p (id)"},
    {PLAIN, T "ADD x int, ADD FOREIGN KEY (x) REFERENCES p (id) ON DELETE SET NULL ON UPDATE CASCADE"},
    {PLAIN, T "ADD CONSTRAINT fk_x FOREIGN KEY (A) REFERENCES p (id) ON DELETE NO ACTION"},
    {PLAIN, T "ADD x int, ADD CONSTRAINT fk_x FOREIGN KEY (x) REFERENCES `p` (`id`)"},
    {PLAIN, T "ADD x int, ADD y int, ADD CONSTRAINT fk_x FOREIGN KEY (x) REFERENCES p (id), ADD INDEX ix_xy (x, y)"},
    {PLAIN, T "ADD x int, ADD y int, ADD FOREIGN KEY (x) REFERENCES p (id), ADD FOREIGN KEY (y) REFERENCES p (id), ADD INDEX (y, a)"},
    {PLAIN, T "ADD x int, ADD CONSTRAINT FOREIGN KEY (x) REFERENCES t (ID)"},
    {CHILD, T "ADD x int, ADD FOREIGN KEY (x) REFERENCES p (id)"},
    {CHILD, T "ADD FOREIGN KEY (p_id, q_id) REFERENCES p2 (x, y)", UNKNOWN, UNKNOWN},
    {CHILD, T "ADD FOREIGN KEY (q_id, p_id) REFERENCES p2 (x, y), DROP FOREIGN KEY fk_q", UNKNOWN, UNKNOWN},
    {CHILD, T "ADD INDEX (code, q_id), ADD INDEX (id, p_id)"},
    {CHILD, T "ADD UNIQUE (up_id)", UNKNOWN, UNKNOWN},
    {CHILD, T "DROP FOREIGN KEY fk_q"},
    {CHILD, T "DROP FOREIGN KEY fk_q, DROP KEY fk_q, DROP FOREIGN KEY t_ibfk_7"},
    {CHILD, T "DROP KEY p_id", UNKNOWN, UNKNOWN},
    {CHILD, T "DROP FOREIGN KEY x", REFUSED, REFUSED},
    {CHILD, T "DROP FOREIGN KEY IF EXISTS x", KNOWN, UNKNOWN},
    {CHILD, T "DROP CONSTRAINT fk_q"},
    {CHILD, T "DROP CONSTRAINT x", REFUSED, REFUSED},
    {CHILD, T "ADD CONSTRAINT fk_q FOREIGN KEY (p_id) REFERENCES p (id)", REFUSED, REFUSED},
    {CHILD, T "ADD x int, DROP FOREIGN KEY t_ibfk_7, ADD FOREIGN KEY (x) REFERENCES p (id)"},
    {CHILD, T "ADD CONSTRAINT fk_x FOREIGN KEY ix_x (id) REFERENCES p (id)", UNKNOWN, UNKNOWN},

    /* checks */
    {PLAIN, T "ADD CONSTRAINT chk CHECK (a > 0 AND (b <> '' OR c in (1, 2)))"},
    {PLAIN, T "ADD CONSTRAINT chk CHECK (length(b) >= 3), ADD x int"},
    {PLAIN, T "ADD CONSTRAINT chk CHECK (b LIKE 'a%' AND a NOT IN (1,2) AND b IS NOT NULL)"},
    {PLAIN, T "ADD CONSTRAINT chk CHECK (NOT a = 5)", UNKNOWN, UNKNOWN},
    {PLAIN, T "ADD CONSTRAINT chk CHECK (a > 0) NOT ENFORCED", NOT_RUN, KNOWN},
    {PLAIN, T "ADD CHECK (a > 0)", UNKNOWN, UNKNOWN},
    {MIXED, T "DROP CONSTRAINT chk_l"},
    {MIXED, T "ADD CONSTRAINT chk_l CHECK (l > 1)", REFUSED, REFUSED},
    {PLAIN, T "DROP CONSTRAINT uq_a_b"},

    /* odd ends */
    {PLAIN, T "ADD comment text, ADD status int DEFAULT '007', ADD date date, ADD `key` int"},
    {PLAIN, T "ADD x varchar(5) DEFAULT 5, ADD y tinyint(1) unsigned DEFAULT '1', ADD z int DEFAULT +5"},
    {PLAIN, T "ADD x varchar(9) DEFAULT 0x4142, ADD y double DEFAULT '0.0001', ADD z decimal(20,10) DEFAULT 00012.50"},
    {PLAIN, T "ADD x double DEFAULT 1e3", UNKNOWN, UNKNOWN},
    {PLAIN, T "ADD x timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE NOW(3)"},
    {PLAIN, T "ADD y datetime ON UPDATE LOCALTIMESTAMP()", KNOWN_IF_TAKEN},
    {PLAIN, T "ADD x int DEFAULT '5' NOT NULL UNIQUE COMMENT 'a' AFTER a"},
    {PLAIN, T "ADD ix_b int UNIQUE, ADD INDEX (ix_b, a)"},
    {PLAIN, T "ADD x int, ADD UNIQUE INDEX x (x), ADD INDEX (X)"},
    {PLAIN, T "ADD x int AS (a % 2), ADD y int AS (a div 2), ADD z int AS (-a), ADD u int AS (a - (1 - 2) - 3)"},
    {PLAIN, T "ADD x int AS (a * 2 + 1 > 3), ADD y int AS (a = 1 or e = 'x' and c < 2.50), ADD z int AS ((a + 1) * 2)"},
    {PLAIN, T "ADD x varchar(99) AS (concat(b, '\\'', 'it''s', \"a\\\\b\"))"},
    {PLAIN, T "ADD x int AS (a IS NULL), ADD y int AS (a not between 1 and 2), ADD z int AS (case e when 'x' then 1 end)"},
    {PLAIN, T "ADD x int AS (b not like 'a%')", UNKNOWN, UNKNOWN},
    {PLAIN, T "ADD x int AS (a != 1), ADD y int AS (a <=> 1), ADD z int AS (a & 1 | 2), ADD u int AS (a << 1)"},
    {PLAIN, T "ADD x varchar(99) AS (upper(coalesce(b, if(a > 1, 'p', 'q')))) STORED NOT NULL", UNKNOWN, KNOWN},
    {PLAIN, T "ADD x varchar(9) DEFAULT (concat('a', 'b')), ADD y int DEFAULT (1 + 1)"},
    {PLAIN, T "ADD x date DEFAULT (curdate())", UNKNOWN, UNKNOWN},
    {PLAIN, T "ALTER b SET DEFAULT (lower('A'))"},
    {PLAIN, T "ADD FULLTEXT INDEX x (b) WITH PARSER ngram", NOT_RUN, KNOWN},
    {PLAIN, T "ADD x int, ADD CONSTRAINT fk_x FOREIGN KEY (x) REFERENCES p (id), ADD CONSTRAINT fk_y FOREIGN KEY (x) REFERENCES p (id)"},
    {PLAIN, T "ADD x int, ADD y int, ADD CONSTRAINT fk_x FOREIGN KEY (x) REFERENCES p (id), ADD CONSTRAINT fk_y FOREIGN KEY (x, y) REFERENCES p2 (x, y)"},
    {PLAIN, T "ADD x int UNIQUE, ADD FOREIGN KEY (x) REFERENCES p (id)"},
    {CHILD, T "MODIFY p_id int NULL COMMENT 'p', CHANGE q_id Q_ID int FIRST"},
    {CHILD, T "DROP FOREIGN KEY t_ibfk_1, DROP FOREIGN KEY fk_q, DROP FOREIGN KEY t_ibfk_7, ENGINE = MyISAM", UNKNOWN, UNKNOWN},
    {CHILD, T "RENAME KEY fk_q TO ix_q"},
    {MIXED, T "RENAME COLUMN n TO nn, ALTER v SET DEFAULT FALSE"},
    {MIXED, T "CHANGE n nn json, RENAME COLUMN m TO mm"},
    {MIXED, T "CHANGE m mm varchar(10) COLLATE latin1_bin DEFAULT 'x', MODIFY w timestamp NULL"},
    {MIXED, T "CHARSET latin1 COLLATE latin1_bin, ALTER m SET DEFAULT 'n', RENAME COLUMN k TO kk, ADD x varchar(3)"},
    {MIXED, T "MODIFY k varchar(30) NOT NULL, MODIFY v boolean"},
    {PLAIN, T "MODIFY b varchar(10), DROP KEY ix_b, ADD KEY ix_b (b(10))"},
    {PLAIN, T "MODIFY b char(50) DEFAULT '', MODIFY f mediumtext NOT NULL"},
    {PLAIN, T "DROP KEY ix_f, MODIFY f int, ADD KEY ix_f (f)"},
    {PLAIN, T "MODIFY f int"},
    {PLAIN, T "DROP COLUMN c, ADD KEY ix_c (b)"},
    {PLAIN, T "ADD x binary(3) DEFAULT 'ab', ADD y blob, ADD z tinytext COLLATE latin1_swedish_ci, ADD u set('a','b') DEFAULT ''"},
    {PLAIN, T "ADD x set('a','b') DEFAULT 'b,a'", UNKNOWN, UNKNOWN},
    {PLAIN, T "ADD x bit(3) DEFAULT b'101'", UNKNOWN, UNKNOWN},

    /* the table */
    {PLAIN, T "COMMENT 'new'"},
    {PLAIN, T "COMMENT = ''"},
    {PLAIN, T "COMMENT=\"a \\\"b\\\" 'c'\", ENGINE = innodb", KNOWN_ONCE, KNOWN_ONCE},
    {PLAIN, T "ENGINE=MyISAM", KNOWN_ONCE, KNOWN_ONCE},
    {PLAIN, T "DEFAULT CHARACTER SET latin1 COLLATE latin1_bin"},
    {PLAIN, T "CHARSET=latin1, ADD x varchar(5), MODIFY b varchar(50)"},
    {PLAIN, T "COLLATE utf8mb4_bin, RENAME COLUMN b TO bb, ADD x varchar(5) COLLATE utf8mb4_unicode_ci"},
    {MIXED, T "DEFAULT COLLATE = latin1_bin"},
    {PLAIN, T "CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"},
    {MIXED, T "CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci"},
    {MIXED, T "CONVERT TO CHARACTER SET latin1"},
    {PLAIN, T "CONVERT TO CHARACTER SET utf8mb4", UNKNOWN, KNOWN},
    {PLAIN, T "CONVERT TO CHARACTER SET latin1", UNKNOWN, UNKNOWN},
    {PLAIN, T "DEFAULT CHARACTER SET latin1 COLLATE utf8mb4_bin", UNKNOWN, UNKNOWN},
    {PLAIN, T "ROW_FORMAT=dynamic STATS_PERSISTENT=1 COMMENT='x' AUTO_INCREMENT=500", KNOWN_ONCE, KNOWN_ONCE},
    {MIXED, T "ROW_FORMAT=DEFAULT, MAX_ROWS=5, MIN_ROWS = 2, AVG_ROW_LENGTH 10, STATS_AUTO_RECALC=0, STATS_SAMPLE_PAGES=9"},
    {MIXED, T "ROW_FORMAT = Redundant"},
    {PLAIN, T "FORCE", KNOWN_ONCE, KNOWN_ONCE},
    {PLAIN, T "ADD x int, ALGORITHM=INPLACE, LOCK=NONE"},
    {PLAIN, T "KEY_BLOCK_SIZE=8", UNKNOWN, UNKNOWN},
    {PLAIN, T "RENAME TO u", UNKNOWN, UNKNOWN},
    {PLAIN, T "PARTITION BY HASH (id) PARTITIONS 2", UNKNOWN, UNKNOWN},
    {PLAIN, T "ORDER BY a", UNKNOWN, UNKNOWN},
    {PLAIN, T "ADD SYSTEM VERSIONING", UNKNOWN, NOT_RUN},
    {PLAIN, T "ADD x int; DROP TABLE t", UNKNOWN, UNKNOWN},
    {PLAIN, "ALTER ONLINE TABLE IF EXISTS t WAIT 5 ADD x int", KNOWN, NOT_RUN},
    {PLAIN, "DROP TABLE t", UNKNOWN, UNKNOWN},
};
/* clang-format on */

static zq_db *db;
static const char *database;

static void make_ready(void)
{
    db = live_open();
    database = live_database("alter_model");
    live_make_database(db, database);
    live_exec(db, "CREATE TABLE p (id int PRIMARY KEY) ENGINE=InnoDB;"
                  "CREATE TABLE p2 (x int, y int, PRIMARY KEY (x, y)) ENGINE=InnoDB");
    /* A server that hides a key of its own in a table without one lets none be dropped. */
    if (live_flavor() == ZQ_MYSQL)
        live_exec(db, "SET sql_generate_invisible_primary_key = 0");
}

static void clean_up(void)
{
    live_drop(database);
    zq_db_close(db);
}

TestSuite(alter_model, .init = make_ready, .fini = clean_up, .timeout = 300);

/* The table as the catalog has it, with nothing to guess its spelling from. */
static const zq_table *read_table(zq_arena *arena)
{
    static const zq_table name_only = {.name = "t"};
    static const zq_table *const tables[] = {&name_only};
    static const zq_schema wanted = {tables, 1};
    zq_catalog catalog;
    zq_err err = {0};

    cr_assert_eq(zq_catalog_read(db, NULL, database, &wanted, arena, &catalog, &err), ZQ_OK,
                 "%s: %s", err.message, err.detail);
    cr_assert_eq(catalog.schema.n_tables, 1);
    return catalog.schema.tables[0];
}

static const char *form(const zq_table *table, zq_arena *arena)
{
    ZQ_AUTO_BUF(out);

    zq_canon_table(&out, table);
    return zq_arena_strdup(arena, zq_buf_text(&out));
}

static const char *name_of(zq_prediction altered)
{
    static const char *const names[] = {"known", "unknown", "refused"};

    return names[altered];
}

/* What is wrong with the verdict; NULL: nothing. */
static const char *judge_verdict(zq_prediction found, verdict wanted)
{
    static const zq_prediction of[] = {
        [KNOWN] = ZQ_PREDICTED,
        [KNOWN_ONCE] = ZQ_PREDICTED,
        [KNOWN_IF_TAKEN] = ZQ_PREDICTED,
        [UNKNOWN] = ZQ_PREDICTION_UNKNOWN,
        [REFUSED] = ZQ_PREDICTION_REFUSED,
    };

    return found == of[wanted] ? NULL : name_of(found);
}

/* What is wrong; NULL: nothing. */
static const char *judge(const row *r, verdict wanted, zq_arena *arena)
{
    const zq_table *before, *now;
    zq_table after = {0};
    zq_err err = {0};
    zq_prediction altered;
    const char *problem, *meant, *found;
    zq_done done;

    live_exec(db, "DROP TABLE IF EXISTS t");
    live_exec(db, starts[r->start]);
    before = read_table(arena);
    altered = zq_predict(r->sql, strlen(r->sql), live_flavor(), before, arena, &after);
    problem = judge_verdict(altered, wanted);
    if (problem != NULL || wanted == UNKNOWN)
        return problem;
    if (zq_db_exec(db, r->sql, &err) != ZQ_OK)
        return wanted == REFUSED || wanted == KNOWN_IF_TAKEN ? NULL
                                                             : zq_arena_strdup(arena, err.detail);
    if (wanted == REFUSED)
        return "the server takes it";
    now = read_table(arena);
    meant = form(&after, arena);
    found = form(now, arena);
    if (strcmp(meant, found) != 0)
        return zq_arena_printf(arena, "meant:\n%sis:\n%s", meant, found);
    done = zq_predict_is_done(r->sql, strlen(r->sql), live_flavor(), now, arena);
    if (done != (wanted != KNOWN_ONCE ? ZQ_DONE : ZQ_DONE_UNKNOWN))
        return zq_arena_printf(arena, "is it done? %d", (int)done);
    done = zq_predict_is_done(r->sql, strlen(r->sql), live_flavor(), before, arena);
    if (strcmp(form(before, arena), found) != 0 && done == ZQ_DONE)
        return "it is taken for done before it is";
    return NULL;
}

Test(alter_model, the_model_and_the_server_make_the_same_of_a_table)
{
    size_t wrong = 0, told = 0;

    for (size_t i = 0; i < ZQ_LEN(rows); i++) {
        ZQ_AUTO(zq_arena) arena = zq_arena_open();
        const verdict wanted = live_flavor() == ZQ_MYSQL ? rows[i].mysql : rows[i].mariadb;
        const char *problem;

        if (wanted == NOT_RUN)
            continue;
        told += wanted <= KNOWN_IF_TAKEN;
        problem = judge(&rows[i], wanted, arena);
        if (problem == NULL)
            continue;
        fprintf(stderr, "%s: %s\n", rows[i].sql, problem);
        wrong++;
    }
    cr_assert_eq(wrong, 0, "%zu of %zu", wrong, ZQ_LEN(rows));
    cr_assert_geq(told, 100);
}

ZQ_LIVE_MAIN
