/* What a change costs, as the servers see it: each statement below is tried on a table with rows,
 * and what the server grants must be what zq_cost_of says. Where the tables do not tell, it says
 * the worse, and the row tells for which server. */
#include "diff/cost.h"
#include "live.h"
#include "run/online_ddl.h"
#include "sql/alter/algorithm.h"
#include "sql/read/statement.h"
#include "sql/table/show_create_read.h"

#include <criterion/criterion.h>
#include <string.h>

enum {
    MYSQL = 1,
    MARIADB = 2,
    KEYS_OFF = 4,
    /* only there: the other does not know it, or cannot do it at all */
    ONLY_MYSQL = 8,
    ONLY_MARIADB = 16,
    BY_VERSION = 32, /* with MARIADB: only older ones grant it */
};

typedef struct trial {
    const char *table;
    const char *clauses;
    unsigned
        flags; /* MYSQL, MARIADB: this server grants it, and zq_cost_of says that it does not */
} trial;

#define TABLE(rest)                                                                \
    "CREATE TABLE t (id int NOT NULL, a int NOT NULL, n int, v varchar(20), " rest \
    ") DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci"

#define WIDE                                                                                      \
    TABLE("nn int NOT NULL DEFAULT 1, nu int unsigned, ti tinyint, tb tinyint(1), si smallint, "  \
          "bi bigint, f float, d double, de decimal(10,3), b bit(4), c10 char(10), "              \
          "lc char(10) CHARSET latin1, v10 varchar(10), v50 varchar(50), v63 varchar(63), "       \
          "v64 varchar(64), v300 varchar(300), l50 varchar(50) CHARSET latin1, "                  \
          "l255 varchar(255) CHARSET latin1, l300 varchar(300) CHARSET latin1, "                  \
          "u3 varchar(20) CHARSET utf8mb3, u70 varchar(70) CHARSET utf8mb3, "                     \
          "ut text CHARSET utf8mb3, ue enum('a','b') CHARSET utf8mb3, "                           \
          "as1 varchar(20) CHARSET ascii, b8 binary(8), vb varbinary(20), vb200 varbinary(200), " \
          "vb300 varbinary(300), tt tinytext, tx text, mt mediumtext, bl blob, "                  \
          "e enum('a','b','c'), s set('a','b','c'), dt datetime, dt3 datetime(3), da date, "      \
          "tm time, ts timestamp NULL, y year, j json, code varchar(6) NOT NULL DEFAULT 'x', "    \
          "inv int INVISIBLE, PRIMARY KEY (id), KEY v10 (v10), KEY n (n), KEY e (e)")
#define PLAIN TABLE("PRIMARY KEY (id)")
#define TEXT_INDEX TABLE("PRIMARY KEY (id), FULLTEXT KEY ft (v)")
#define KEYED TABLE("PRIMARY KEY (id), KEY a (a), CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id)")
#define CHECKED TABLE("c int, PRIMARY KEY (id), CONSTRAINT ck CHECK (n > 0)")
#define UNORDERED TABLE("KEY a (a)")
#define UNIQUE TABLE("UNIQUE KEY id (id)")
#define UNIQUE_EXPRESSION TABLE("UNIQUE KEY id (id), UNIQUE KEY x (id, (a + 1))")
#define SPACE TABLE("g geometry NOT NULL DEFAULT (ST_GeomFromText('POINT(1 1)')), PRIMARY KEY (id)")
#define SPACE_INDEX                                                                         \
    TABLE("g geometry NOT NULL DEFAULT (ST_GeomFromText('POINT(1 1)')), PRIMARY KEY (id), " \
          "SPATIAL KEY g (g)")
#define VIRTUAL_INDEX \
    TABLE("gv int GENERATED ALWAYS AS (n + 1) VIRTUAL, PRIMARY KEY (id), KEY gv (gv)")
#define VIRTUAL TABLE("gv int GENERATED ALWAYS AS (n + 1) VIRTUAL, PRIMARY KEY (id)")
#define STORED TABLE("gs int GENERATED ALWAYS AS (n + 1) STORED, PRIMARY KEY (id)")
#define INDEXED TABLE("PRIMARY KEY (id), KEY v (v), UNIQUE KEY a (a)")
#define CHARS                                                                                    \
    TABLE("c char(10) CHARSET utf8mb3, c4 char(10), ci char(10), l1 char(10) CHARSET latin1, e " \
          "enum('a','b'), "                                                                      \
          "u3 varchar(20) CHARSET utf8mb3, u3i varchar(20) CHARSET utf8mb3, PRIMARY KEY (id), "  \
          "KEY (ci), KEY (u3i)")
#define COMPRESSED PLAIN " ROW_FORMAT=COMPRESSED"
#define MYISAM PLAIN " ENGINE=MyISAM"
#define PARTED                                                             \
    PLAIN " PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (10), " \
          "PARTITION p1 VALUES LESS THAN (100))"

/* clang-format off */
static const trial trials[] = {
    {WIDE, "MODIFY n bigint", 0},
    {WIDE, "MODIFY n smallint", 0},
    {WIDE, "MODIFY n int unsigned", 0},
    {WIDE, "MODIFY nu int", 0},
    {WIDE, "MODIFY nn int DEFAULT 1", 0},
    {WIDE, "MODIFY nn int NOT NULL DEFAULT 2", 0},
    {WIDE, "MODIFY n int COMMENT 'c'", 0},
    {WIDE, "MODIFY tb tinyint", 0},
    {WIDE, "MODIFY ti tinyint(1)", 0},
    {WIDE, "MODIFY f double", 0},
    {WIDE, "MODIFY d int", 0},
    {WIDE, "MODIFY de decimal(12,3)", 0},
    {WIDE, "MODIFY de decimal(10,2)", 0},
    {WIDE, "MODIFY b bit(5)", 0},
    {WIDE, "MODIFY c10 char(20)", 0},
    {WIDE, "MODIFY c10 char(5)", 0},
    {WIDE, "MODIFY c10 varchar(10)", 0},
    {WIDE, "MODIFY lc char(20) charset latin1", 0},
    {WIDE, "MODIFY v10 char(10)", 0},
    {WIDE, "MODIFY v10 varchar(20)", 0},
    {WIDE, "MODIFY v50 varchar(60)", 0},
    {WIDE, "MODIFY v50 varchar(64)", 0},
    {WIDE, "MODIFY v63 varchar(64)", 0},
    {WIDE, "MODIFY v64 varchar(300)", 0},
    {WIDE, "MODIFY v50 varchar(40)", 0},
    {WIDE, "MODIFY v300 varchar(400)", 0},
    {WIDE, "MODIFY v300 varchar(63)", 0},
    {WIDE, "MODIFY v50 text", 0},
    {WIDE, "MODIFY tx varchar(200)", 0},
    {WIDE, "MODIFY l50 varchar(255) charset latin1", 0},
    {WIDE, "MODIFY l255 varchar(256) charset latin1", 0},
    {WIDE, "MODIFY l300 varchar(400) charset latin1", 0},
    {WIDE, "MODIFY l50 varchar(60)", 0},
    {WIDE, "MODIFY u3 varchar(20)", 0},
    {WIDE, "MODIFY u3 varchar(30)", 0},
    {WIDE, "MODIFY u3 varchar(70)", MARIADB},
    {WIDE, "MODIFY ut text", 0},
    {WIDE, "MODIFY ue enum('a','b')", 0},
    {WIDE, "MODIFY as1 varchar(20)", 0},
    {WIDE, "MODIFY as1 varchar(20) charset latin1", 0},
    {WIDE, "MODIFY v50 varchar(50) charset latin1", 0},
    {WIDE, "MODIFY v50 varchar(50) charset utf8mb3", 0},
    {WIDE, "MODIFY v50 varchar(50) COLLATE utf8mb4_bin", 0},
    {WIDE, "MODIFY v10 varchar(10) COLLATE utf8mb4_bin", 0},
    {WIDE, "MODIFY tx text COLLATE utf8mb4_bin", 0},
    {WIDE, "MODIFY e enum('a','b','c') COLLATE utf8mb4_bin", 0},
    {WIDE, "MODIFY b8 binary(9)", 0},
    {WIDE, "MODIFY vb varbinary(30)", 0},
    {WIDE, "MODIFY vb varbinary(10)", 0},
    {WIDE, "MODIFY vb200 varbinary(300)", 0},
    {WIDE, "MODIFY vb300 varbinary(400)", 0},
    {WIDE, "MODIFY v50 varbinary(50)", 0},
    {WIDE, "MODIFY v50 varbinary(200)", MYSQL},
    {WIDE, "MODIFY tx blob", MYSQL},
    {WIDE, "MODIFY tt text", 0},
    {WIDE, "MODIFY tx mediumtext", 0},
    {WIDE, "MODIFY tx json", 0},
    {WIDE, "MODIFY j text", 0},
    {WIDE, "MODIFY e enum('a','b','c','d')", 0},
    {WIDE, "MODIFY e enum('a','b')", 0},
    {WIDE, "MODIFY e enum('b','a','c')", 0},
    {WIDE, "MODIFY e varchar(10)", 0},
    {WIDE, "MODIFY v50 enum('x','y')", 0},
    {WIDE, "MODIFY e set('a','b','c')", 0},
    {WIDE, "MODIFY s set('a','b','c','d')", 0},
    {WIDE, "MODIFY s set('a','b','c','d','e','f','g','h','i')", 0},
    {WIDE, "MODIFY s set('a','b')", 0},
    {WIDE, "MODIFY s set('b','a','c')", 0},
    {WIDE, "MODIFY dt datetime(3)", 0},
    {WIDE, "MODIFY dt3 datetime", 0},
    {WIDE, "MODIFY dt date", 0},
    {WIDE, "MODIFY da datetime", 0},
    {WIDE, "MODIFY dt timestamp NULL", 0},
    {WIDE, "MODIFY y int", 0},
    {WIDE, "MODIFY n varchar(20)", 0},
    {WIDE, "MODIFY v50 int", 0},
    {WIDE, "MODIFY n decimal(12,2)", 0},
    {WIDE, "MODIFY n int DEFAULT 5", 0},
    {WIDE, "MODIFY dt datetime DEFAULT CURRENT_TIMESTAMP", 0},
    {WIDE, "MODIFY dt datetime ON UPDATE CURRENT_TIMESTAMP", 0},
    {WIDE, "MODIFY v50 varchar(50) DEFAULT (uuid())", 0},
    {WIDE, "MODIFY n int INVISIBLE", 0},
    {WIDE, "MODIFY inv int VISIBLE", ONLY_MYSQL},
    {WIDE, "ADD COLUMN x int", 0},
    {WIDE, "ADD COLUMN x int FIRST", 0},
    {WIDE, "ADD COLUMN x int NOT NULL", 0},
    {WIDE, "ADD COLUMN x int NOT NULL DEFAULT 0", 0},
    {WIDE, "ADD COLUMN x datetime NOT NULL DEFAULT CURRENT_TIMESTAMP", 0},
    {WIDE, "ADD COLUMN x varchar(36) DEFAULT (uuid())", ONLY_MARIADB},
    {WIDE, "ADD COLUMN x int DEFAULT (1+1)", MARIADB},
    {WIDE, "ADD COLUMN x json", 0},
    {WIDE, "ADD COLUMN x int INVISIBLE", 0},
    {WIDE, "ADD COLUMN x int CHECK (x > 0)", MARIADB},
    {WIDE, "ADD COLUMN x int UNIQUE", 0},
    {WIDE, "ADD COLUMN x int, ADD INDEX x (x)", 0},
    {WIDE, "ADD COLUMN x int, DROP COLUMN v300", 0},
    {WIDE, "ADD COLUMN x timestamp NULL ON UPDATE CURRENT_TIMESTAMP", 0},
    {WIDE, "DROP COLUMN v50", 0},
    {WIDE, "DROP COLUMN v10", 0},
    {WIDE, "DROP COLUMN n", 0},
    {WIDE, "RENAME COLUMN v50 TO x", 0},
    {WIDE, "CHANGE v50 x varchar(50)", 0},
    {WIDE, "CHANGE v50 x varchar(60)", 0},
    {WIDE, "RENAME COLUMN n TO x", 0},
    {WIDE, "ALTER n SET DEFAULT 4", 0},
    {WIDE, "ALTER nn DROP DEFAULT", 0},
    {WIDE, "DROP COLUMN v50, ADD COLUMN v50 varchar(50)", 0},
    {WIDE, "ADD INDEX x (v50)", 0},
    {WIDE, "ADD UNIQUE x (n)", 0},
    {WIDE, "ADD FULLTEXT x (v50)", 0},
    {WIDE, "ADD FULLTEXT x (v50), ADD INDEX y (v50)", 0},
    {WIDE, "DROP INDEX v10", 0},
    {WIDE, "RENAME INDEX v10 TO x", 0},
    {WIDE, "DROP INDEX v10, ADD INDEX v10 (v10(5))", 0},
    {WIDE, "DROP INDEX v10, ADD INDEX v10 (v10) COMMENT 'x'", 0},
    {WIDE, "ADD INDEX x ((lower(v50)))", ONLY_MYSQL},
    {WIDE, "ALTER INDEX v10 INVISIBLE", ONLY_MYSQL},
    {WIDE, "ALTER INDEX v10 IGNORED", ONLY_MARIADB},
    {WIDE, "ADD INDEX x (v50 DESC)", 0},
    {WIDE, "ADD CONSTRAINT c CHECK (n > 0)", 0},
    {WIDE, "COMMENT='y'", 0},
    {WIDE, "ROW_FORMAT=COMPACT", 0},
    {WIDE, "ROW_FORMAT=COMPRESSED", 0},
    {WIDE, "DEFAULT CHARSET=latin1", 0},
    {WIDE, "CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", 0},
    {WIDE, "CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci", 0},
    {WIDE, "CONVERT TO CHARACTER SET latin1", 0},
    {WIDE, "COLLATE=utf8mb4_bin", 0},
    {WIDE, "MODIFY v50 varchar(60), ADD INDEX x (v50)", 0},
    {WIDE, "MODIFY v50 varchar(60), ADD COLUMN x int", 0},
    {WIDE, "ADD COLUMN x int, ADD FULLTEXT x (v50)", 0},
    {PLAIN, "MODIFY n bigint", 0},
    {TEXT_INDEX, "ADD COLUMN x int", 0},
    {TEXT_INDEX, "ADD COLUMN x int FIRST", 0},
    {TEXT_INDEX, "ADD COLUMN x int NOT NULL DEFAULT 0", 0},
    {TEXT_INDEX, "DROP COLUMN n", 0},
    {TEXT_INDEX, "DROP COLUMN v", 0},
    {TEXT_INDEX, "RENAME COLUMN n TO m", 0},
    {TEXT_INDEX, "MODIFY n int NOT NULL", 0},
    {TEXT_INDEX, "MODIFY v varchar(30)", 0},
    {TEXT_INDEX, "MODIFY n int FIRST", 0},
    {TEXT_INDEX, "ADD INDEX x (n)", 0},
    {TEXT_INDEX, "DROP INDEX ft", 0},
    {TEXT_INDEX, "ADD FULLTEXT x (v)", 0},
    {TEXT_INDEX, "COMMENT='x'", 0},
    {TEXT_INDEX, "ALTER n SET DEFAULT 3", 0},
    {TEXT_INDEX, "ADD COLUMN x varchar(10), ADD INDEX x (x)", 0},
    {TEXT_INDEX, "RENAME COLUMN v TO m", 0},
    {TEXT_INDEX, "RENAME INDEX ft TO fu", MYSQL | MARIADB},
    {TEXT_INDEX, "DROP PRIMARY KEY, ADD PRIMARY KEY (a)", 0},
    {TEXT_INDEX, "ROW_FORMAT=COMPACT", 0},
    {TEXT_INDEX, "DROP INDEX ft, ADD COLUMN x int", 0},
    {TEXT_INDEX, "ADD COLUMN x int GENERATED ALWAYS AS (n+1) VIRTUAL", 0},
    {KEYED, "DROP FOREIGN KEY f", 0},
    {KEYED, "DROP FOREIGN KEY f, DROP INDEX a", 0},
    {KEYED, "DROP FOREIGN KEY f, DROP COLUMN a", 0},
    {KEYED, "RENAME COLUMN a TO b", 0},
    {KEYED, "CHANGE a b int NOT NULL", 0},
    {KEYED, "MODIFY a int NULL", 0},
    {KEYED, "MODIFY a int NOT NULL COMMENT 'x'", 0},
    {KEYED, "DROP FOREIGN KEY f, ADD CONSTRAINT g FOREIGN KEY (a) REFERENCES p (id)", 0},
    {KEYED, "DROP FOREIGN KEY f, ADD CONSTRAINT g FOREIGN KEY (a) REFERENCES p (id)", KEYS_OFF},
    {KEYED, "ADD COLUMN x int", 0},
    {KEYED, "ADD COLUMN x int NULL, ADD CONSTRAINT g FOREIGN KEY (x) REFERENCES p (id)", 0},
    {KEYED, "ADD COLUMN x int NULL, ADD CONSTRAINT g FOREIGN KEY (x) REFERENCES p (id)", KEYS_OFF},
    {KEYED, "DROP COLUMN n", 0},
    {KEYED, "ADD COLUMN x int REFERENCES p (id)", 0},
    {KEYED, "ADD COLUMN x int, ADD INDEX x (x)", 0},
    {KEYED, "CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", 0},
    {CHECKED, "ADD COLUMN x int", 0},
    {CHECKED, "DROP CONSTRAINT ck", 0},
    {CHECKED, "MODIFY n int NOT NULL", 0},
    {CHECKED, "MODIFY n int COMMENT 'x'", 0},
    {CHECKED, "MODIFY v varchar(40)", 0},
    {CHECKED, "DROP CONSTRAINT ck, DROP COLUMN n", 0},
    {CHECKED, "RENAME COLUMN n TO m", MARIADB | ONLY_MARIADB},
    {CHECKED, "RENAME COLUMN c TO m", 0},
    {CHECKED, "DROP CONSTRAINT ck, ADD CONSTRAINT ck CHECK (n > -1)", 0},
    {CHECKED, "ALTER CHECK ck NOT ENFORCED", MYSQL | ONLY_MYSQL},
    {CHECKED, "ADD INDEX x (n)", 0},
    {CHECKED, "DROP COLUMN c", 0},
    {CHECKED, "ALTER n SET DEFAULT 3", 0},
    {UNORDERED, "ADD PRIMARY KEY (id)", 0},
    {UNORDERED, "ADD PRIMARY KEY (n)", 0},
    {UNORDERED, "ADD COLUMN x int NOT NULL AUTO_INCREMENT PRIMARY KEY", 0},
    {UNORDERED, "ADD COLUMN x int NOT NULL AUTO_INCREMENT UNIQUE", 0},
    {UNORDERED, "ADD COLUMN x int NOT NULL AUTO_INCREMENT, ADD INDEX x (x)", 0},
    {UNORDERED, "ADD COLUMN x int", 0},
    {UNORDERED, "ADD UNIQUE (id)", 0},
    {UNORDERED, "DROP INDEX a, ADD PRIMARY KEY (a)", 0},
    {UNIQUE, "DROP INDEX id", 0},
    {UNIQUE, "ADD PRIMARY KEY (id)", 0},
    {UNIQUE, "MODIFY id int NULL", 0},
    {UNIQUE, "DROP INDEX id, ADD UNIQUE id (id, a)", 0},
    {UNIQUE_EXPRESSION, "DROP INDEX id", ONLY_MYSQL},
    {PLAIN, "MODIFY id int NOT NULL AUTO_INCREMENT", 0},
    {PLAIN, "MODIFY id int NOT NULL COMMENT 'x'", 0},
    {PLAIN, "DROP PRIMARY KEY, ADD PRIMARY KEY (a)", 0},
    {PLAIN, "DROP PRIMARY KEY, ADD PRIMARY KEY (n)", 0},
    {PLAIN, "DROP PRIMARY KEY, ADD UNIQUE (id)", 0},
    {PLAIN, "DROP PRIMARY KEY, ADD UNIQUE (n)", 0},
    {PLAIN, "DROP COLUMN id", 0},
    {PLAIN, "DROP COLUMN id, ADD PRIMARY KEY (a)", 0},
    {PLAIN, "DROP PRIMARY KEY, ADD COLUMN x int NOT NULL AUTO_INCREMENT PRIMARY KEY", 0},
    {PLAIN, "DROP PRIMARY KEY, ADD PRIMARY KEY (id, a)", 0},
    {PLAIN, "ADD COLUMN x int NOT NULL AUTO_INCREMENT UNIQUE", 0},
    {PLAIN, "MODIFY id int NOT NULL FIRST, MODIFY n int AFTER v", 0},
    {PLAIN, "CHANGE id id2 int NOT NULL", 0},
    {SPACE, "ADD SPATIAL INDEX g (g)", 0},
    {SPACE, "ADD COLUMN x int", 0},
    {SPACE, "MODIFY v varchar(30)", 0},
    {SPACE, "MODIFY g geometry NULL", 0},
    {VIRTUAL_INDEX, "ADD COLUMN x int", 0},
    {VIRTUAL_INDEX, "MODIFY n int NOT NULL", 0},
    {VIRTUAL_INDEX, "MODIFY n int FIRST", 0},
    {VIRTUAL_INDEX, "DROP COLUMN gv", 0},
    {VIRTUAL_INDEX, "RENAME COLUMN n TO m", MARIADB | ONLY_MARIADB},
    {VIRTUAL_INDEX, "MODIFY v varchar(30)", 0},
    {VIRTUAL_INDEX, "ADD INDEX x (n)", 0},
    {VIRTUAL_INDEX, "DROP COLUMN v", 0},
    {VIRTUAL_INDEX, "DROP INDEX gv", 0},
    {VIRTUAL_INDEX, "MODIFY v varchar(20) FIRST", 0},
    {VIRTUAL_INDEX, "MODIFY v varchar(20) NOT NULL", 0},
    {VIRTUAL_INDEX, "ADD COLUMN x int FIRST", 0},
    {VIRTUAL_INDEX, "ADD COLUMN x int, ADD INDEX x (x)", 0},
    {VIRTUAL_INDEX, "ADD INDEX x (gv)", 0},
    {VIRTUAL_INDEX, "ADD INDEX x (gv), ADD COLUMN y int", 0},
    {VIRTUAL_INDEX, "ADD COLUMN y int GENERATED ALWAYS AS (n+3) VIRTUAL", 0},
    {VIRTUAL_INDEX, "DROP COLUMN gv, DROP COLUMN n", 0},
    {VIRTUAL_INDEX, "ADD COLUMN x int, DROP COLUMN v", 0},
    {VIRTUAL_INDEX, "RENAME COLUMN v TO w", 0},
    {VIRTUAL_INDEX, "DROP PRIMARY KEY, ADD PRIMARY KEY (a)", 0},
    {VIRTUAL_INDEX, "ROW_FORMAT=COMPACT", 0},
    {VIRTUAL_INDEX, "ADD INDEX x ((lower(v)))", ONLY_MYSQL},
    {VIRTUAL, "ADD COLUMN x int", 0},
    {VIRTUAL, "MODIFY n int NOT NULL", 0},
    {VIRTUAL, "MODIFY v varchar(20) NOT NULL", 0},
    {VIRTUAL, "MODIFY v varchar(20) FIRST", 0},
    {VIRTUAL, "ADD COLUMN x int FIRST", 0},
    {VIRTUAL, "DROP COLUMN v", 0},
    {VIRTUAL, "ADD INDEX x (gv)", 0},
    {VIRTUAL, "ADD INDEX x (gv, n), ADD INDEX y (n)", 0},
    {VIRTUAL, "ADD INDEX x (gv), ADD COLUMN y int", 0},
    {VIRTUAL, "ADD UNIQUE x (gv)", 0},
    {VIRTUAL, "ADD COLUMN y int GENERATED ALWAYS AS (n+3) VIRTUAL, ADD INDEX y (y)", 0},
    {VIRTUAL, "ADD COLUMN y int GENERATED ALWAYS AS (n+3) VIRTUAL, ADD COLUMN x int", MYSQL},
    {STORED, "ADD COLUMN x int", 0},
    {STORED, "MODIFY n int NOT NULL", 0},
    {STORED, "MODIFY v varchar(20) NOT NULL", 0},
    {STORED, "MODIFY v varchar(30)", 0},
    {STORED, "DROP COLUMN gs", 0},
    {STORED, "ADD COLUMN x int FIRST", 0},
    {STORED, "MODIFY v varchar(20) FIRST", 0},
    {STORED, "DROP COLUMN v", 0},
    {STORED, "RENAME COLUMN n TO m", MARIADB | ONLY_MARIADB},
    {COMPRESSED, "ADD COLUMN x int", 0},
    {COMPRESSED, "MODIFY v varchar(30)", 0},
    {COMPRESSED, "DROP COLUMN n", 0},
    {COMPRESSED, "MODIFY n int NOT NULL", 0},
    {COMPRESSED, "RENAME COLUMN n TO m", 0},
    {PARTED, "ADD COLUMN x int", 0},
    {PARTED, "DROP COLUMN n", 0},
    {PARTED, "ADD INDEX x (n)", 0},
    {PARTED, "MODIFY n int NOT NULL", 0},
    {PARTED, "MODIFY v varchar(30)", 0},
    {PARTED, "RENAME COLUMN n TO m", 0},
    {PARTED, "ROW_FORMAT=COMPACT", 0},
    {PARTED, "COMMENT='x'", 0},
    {PARTED, "DROP PRIMARY KEY, ADD PRIMARY KEY (id,a)", MARIADB | BY_VERSION},
    {PARTED, "MODIFY n int FIRST", 0},
    {MYISAM, "ADD COLUMN x int", 0},
    {MYISAM, "ADD INDEX x (n)", 0},
    {MYISAM, "RENAME COLUMN n TO m", 0},
    {MYISAM, "MODIFY v varchar(30)", 0},
    {MYISAM, "COMMENT='y'", 0},
    {MYISAM, "DROP COLUMN n", 0},
    {MYISAM, "DROP PRIMARY KEY", 0},
    {MYISAM, "ALTER n SET DEFAULT 3", 0},
    {SPACE_INDEX, "ADD COLUMN x int", MYSQL | MARIADB},
    {SPACE_INDEX, "ADD INDEX x (n)", 0},
    {SPACE_INDEX, "MODIFY v varchar(30)", 0},
    {SPACE_INDEX, "MODIFY n int NOT NULL", 0},
    {SPACE_INDEX, "DROP COLUMN n", MYSQL | MARIADB},
    {SPACE_INDEX, "MODIFY n int FIRST", MARIADB},
    {SPACE_INDEX, "DROP INDEX g", 0},
    {SPACE_INDEX, "DROP PRIMARY KEY, ADD PRIMARY KEY (a)", 0},
    {SPACE_INDEX, "COMMENT='x'", 0},
    {SPACE_INDEX, "ADD COLUMN x int FIRST", MYSQL | MARIADB},
    {SPACE_INDEX, "RENAME COLUMN n TO m", 0},
    {SPACE_INDEX, "DROP INDEX g, ADD INDEX x (n)", 0},
    {SPACE_INDEX, "ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id)", KEYS_OFF},
    {CHARS, "MODIFY c char(10)", 0},
    {CHARS, "MODIFY c4 char(10) COLLATE utf8mb4_bin", 0},
    {CHARS, "MODIFY ci char(10) COLLATE utf8mb4_bin", 0},
    {CHARS, "MODIFY l1 char(10) CHARSET latin1 COLLATE latin1_bin", 0},
    {CHARS, "MODIFY u3 varchar(20)", 0},
    {CHARS, "MODIFY u3i varchar(20)", 0},
    {CHARS, "MODIFY u3i varchar(30) charset utf8mb3", 0},
    {CHARS, "MODIFY e enum('a','b') COLLATE utf8mb4_bin", 0},
    {CHARS, "MODIFY v varchar(20) COLLATE utf8mb4_bin NOT NULL", 0},
    {VIRTUAL_INDEX, "MODIFY a int NULL", 0},
    {VIRTUAL_INDEX, "COMMENT='x'", 0},
    {VIRTUAL_INDEX, "MODIFY v varchar(60) COLLATE utf8mb4_bin", 0},
    {TEXT_INDEX, "MODIFY v varchar(20) COLLATE utf8mb4_bin", 0},
    {TEXT_INDEX, "MODIFY a int NULL", 0},
    {TEXT_INDEX, "ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id)", KEYS_OFF},
    {TEXT_INDEX, "MODIFY n int NOT NULL DEFAULT 1", 0},
    {INDEXED, "DROP COLUMN v, DROP COLUMN a", 0},
    {INDEXED, "DROP INDEX v, ADD COLUMN z int NOT NULL DEFAULT 1 AFTER id, ADD INDEX z (z), MODIFY n int NOT NULL, RENAME COLUMN a TO b", 0},
    {INDEXED, "MODIFY v varchar(30)", 0},
    {INDEXED, "DROP COLUMN v, ADD COLUMN y int", 0},
    {WIDE, "MODIFY u70 varchar(70)", 0},
    {WIDE, "MODIFY v300 varchar(300) charset utf8mb3", 0},
    {KEYED, "RENAME COLUMN a TO b, ADD COLUMN a int", 0},
    {CHECKED, "ADD CONSTRAINT c2 CHECK (c > 0)", 0},
    {PLAIN, "CHANGE v w varchar(30) NOT NULL, ADD INDEX w (w)", 0},
};
/* clang-format on */

static const char *database;
static zq_db *db;

/* The table as it is. */
static zq_table look(zq_arena *arena)
{
    zq_rows rows;
    zq_table table;
    zq_err err = {0};

    cr_assert_eq(live_query(db, "SHOW CREATE TABLE t", NULL, 0, arena, &rows, &err), ZQ_OK, "%s",
                 err.detail);
    cr_assert_eq(zq_show_create_read(zq_rows_at(&rows, 0, 1), strlen(zq_rows_at(&rows, 0, 1)),
                                     live_flavor(), arena, &table, &err),
                 ZQ_OK, "%s", err.message);
    return table;
}

static void make(const trial *t)
{
    live_exec(db, "SET foreign_key_checks = 0; DROP TABLE IF EXISTS t");
    live_exec(db, t->table);
    live_exec(db, "INSERT INTO t (id, a, n, v) VALUES (1, 1, 1, 'a'), (2, 2, 2, 'b')");
    live_exec(db,
              t->flags & KEYS_OFF ? "SET foreign_key_checks = 0" : "SET foreign_key_checks = 1");
}

/* The best way the server grants; ZQ_N_ALGORITHMS when it cannot do it at all. */
static zq_algorithm try_ways(const char *text, const zq_statement *parsed, zq_arena *arena)
{
    for (zq_algorithm way = ZQ_ALGORITHM_INSTANT; way <= ZQ_ALGORITHM_ANY; way++) {
        zq_err err = {0};

        if (zq_db_exec(db, zq_algorithm_ask(parsed, text, strlen(text), way, arena), &err) == ZQ_OK)
            return way;
        if (err.cause != ZQ_CAUSE_NOT_THAT_WAY)
            break;
    }
    return ZQ_N_ALGORITHMS;
}

/* `renamed`: old name, new name, old ...; ends in NULL. */
static void mark(zq_table *table, const char *const *renamed)
{
    for (; renamed != NULL && *renamed != NULL; renamed += 2) {
        for (size_t i = 0; i < table->n_columns; i++) {
            if (strcasecmp(table->columns[i].name, renamed[1]) == 0)
                ((zq_column *)table->columns)[i].was = renamed[0];
        }
    }
}

/* What is wrong with a trial, in words; NULL when nothing is. */
static const char *judge(const trial *t, zq_arena *arena)
{
    const char *text = zq_arena_printf(arena, "ALTER TABLE t %s", t->clauses);
    unsigned here = live_flavor() == ZQ_MYSQL ? MYSQL : MARIADB;
    zq_statement parsed;
    zq_table before, after;
    zq_cost cost;
    zq_algorithm way;
    zq_err err = {0};

    make(t);
    zq_statement_read(text, strlen(text), arena, &parsed);
    before = look(arena);
    way = try_ways(text, &parsed, arena);
    if (way == ZQ_N_ALGORITHMS)
        return "the server cannot do it";
    after = look(arena);
    mark(&after, parsed.renamed);
    cr_assert_eq(zq_cost_of(&(zq_cost_request){.before = &before,
                                               .after = &after,
                                               .predicted = true,
                                               .name = "'t'",
                                               .flavor = live_flavor(),
                                               .checks_keys = !(t->flags & KEYS_OFF)},
                            arena, &cost, &err),
                 ZQ_OK, "%s", err.message);
    if (cost.instant && way != ZQ_ALGORITHM_INSTANT &&
        zq_online_first(&parsed) == ZQ_ALGORITHM_INSTANT)
        return "not INSTANT, as was said";
    if ((cost.blocking >= ZQ_BLOCKING_WRITES) != (cost.why != NULL))
        return "a reason is missing, or is said for nothing";
    if (cost.blocking < ZQ_BLOCKING_WRITES)
        return way == ZQ_ALGORITHM_ANY ? "the server copies or blocks, and nothing said so" : NULL;
    if (way != ZQ_ALGORITHM_ANY)
        return t->flags & here ? NULL : zq_arena_printf(arena, "granted, though %s", cost.why);
    return t->flags & here && !(t->flags & BY_VERSION) ? "the server does not grant it" : NULL;
}

Test(cost, what_a_server_grants_is_what_was_foretold)
{
    unsigned other = live_flavor() == ZQ_MYSQL ? ONLY_MARIADB : ONLY_MYSQL;
    ZQ_AUTO(zq_arena) names = zq_arena_open();
    size_t n_wrong = 0;

    database = live_database("cost");
    db = live_open();
    live_exec(db, zq_session_sql());
    live_exec(db, zq_arena_printf(names, "CREATE DATABASE `%s`; USE `%s`", database, database));
    live_exec(db, "CREATE TABLE p (id int NOT NULL PRIMARY KEY); INSERT INTO p VALUES (1), (2)");
    for (size_t i = 0; i < ZQ_LEN(trials); i++) {
        ZQ_AUTO(zq_arena) arena = zq_arena_open();
        const char *wrong = trials[i].flags & other ? NULL : judge(&trials[i], arena);

        n_wrong += wrong != NULL;
        cr_expect_null(wrong, "%s: %s (%.70s)", trials[i].clauses, wrong, trials[i].table + 78);
    }
    cr_assert_eq(n_wrong, 0);
    zq_db_close(db);
    live_drop(database);
}

ZQ_LIVE_MAIN
