/* Every difference seen: each mutation, applied alone to a ready database, is reported alone. And
 * what is not a difference is not reported at all. */
#include "app/show/differences.h"
#include "db/catalog.h"
#include "diff/plan.h"
#include "model/family.h"
#include "run/compare.h"
#include "sql/ddl_write.h"

#include "live.h"
#include "ops.h"
#include "release.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

enum { BOTH, ONLY_MYSQL, ONLY_MARIADB };

/* One way to spoil a database. Texts that are NULL are not looked at. */
typedef struct mutation {
    const char *what;
    const char *sql;
    const char *table;  /* that is reported, and is made anew afterwards */
    zq_op op;           /* of the first difference */
    const char *object; /* "" stands for the table itself */
    const char *expected;
    const char *found;
    int only;
    size_t n; /* differences; 0 stands for 1 */
} mutation;

#define RESULTS "zq_backtest_results"
#define POSITION "zq_quant_position"
#define APISYNC "zq_stats_apisync"
#define CHOICE "zq_data_hsl_choice"
#define CONFIGS "zq_app_configs"
#define TASKS "zq_backtest_tasks"
#define DAILY "zq_data_tustock_daily_{code}"
#define DAILY_1 "zq_data_tustock_daily_600001"
#define ALTER(table) "ALTER TABLE " table " "

/* clang-format off */
static const mutation mutations[] = {
    /* columns: there or not, and where */
    {"a column is dropped", ALTER(RESULTS) "DROP COLUMN alpha",
     RESULTS, ZQ_OP_ADD_COLUMN, "alpha", "double, NULL, after 'profit_loss_ratio'", ""},
    {"the first column after the key is dropped", ALTER(CHOICE) "DROP COLUMN name",
     CHOICE, ZQ_OP_ADD_COLUMN, "name", "varchar(50), NULL, comment '股票名称', after 'code'", ""},
    {"a column is added at the end", ALTER(RESULTS) "ADD COLUMN x int",
     RESULTS, ZQ_OP_DROP_COLUMN, "x", "", "int, NULL"},
    {"a column is added first", ALTER(RESULTS) "ADD COLUMN x int FIRST",
     RESULTS, ZQ_OP_DROP_COLUMN, "x", "", "int, NULL"},
    {"a column is added in the middle", ALTER(RESULTS) "ADD COLUMN x varchar(3) NOT NULL DEFAULT 'a''b' COMMENT 'c' AFTER beta",
     RESULTS, ZQ_OP_DROP_COLUMN, "x", "", "varchar(3), NOT NULL, default 'a''b', comment 'c'"},
    {"a column is renamed", ALTER(RESULTS) "RENAME COLUMN alpha TO alfa",
     RESULTS, ZQ_OP_DROP_COLUMN, "alfa", "", "double, NULL", BOTH, 2},
    {"a column is moved to the front", ALTER(RESULTS) "MODIFY beta double FIRST",
     RESULTS, ZQ_OP_MOVE_COLUMN, "beta", "after 'alpha'", "first"},
    {"a column is moved by one place", ALTER(RESULTS) "MODIFY win_rate double AFTER profit_loss_ratio",
     RESULTS, ZQ_OP_MOVE_COLUMN, NULL, NULL, NULL},
    {"the last column is moved", ALTER(RESULTS) "MODIFY updated_time datetime NOT NULL COMMENT '修改时间' AFTER id",
     RESULTS, ZQ_OP_MOVE_COLUMN, "updated_time", "after 'updated_by'", "after 'id'"},

    /* columns: type */
    {"a varchar is wider", ALTER(CHOICE) "MODIFY name varchar(51) COMMENT '股票名称'",
     CHOICE, ZQ_OP_ALTER_COLUMN, "name", "varchar(50)", "varchar(51)"},
    {"a varchar is narrower", ALTER(CHOICE) "MODIFY name varchar(49) COMMENT '股票名称'",
     CHOICE, ZQ_OP_ALTER_COLUMN, "name", "varchar(50)", "varchar(49)"},
    {"a varchar is a char", ALTER(CHOICE) "MODIFY name char(50) COMMENT '股票名称'",
     CHOICE, ZQ_OP_ALTER_COLUMN, "name", "varchar(50)", "char(50)"},
    {"a varchar is a text", ALTER(CHOICE) "MODIFY name text COMMENT '股票名称'",
     CHOICE, ZQ_OP_ALTER_COLUMN, "name", "varchar(50)", "text"},
    {"a varchar is a varbinary", ALTER(CHOICE) "MODIFY name varbinary(50) COMMENT '股票名称'",
     CHOICE, ZQ_OP_ALTER_COLUMN, "name", "varchar(50)", "varbinary(50)"},
    {"a text is a mediumtext", ALTER(RESULTS) "MODIFY metrics_json mediumtext",
     RESULTS, ZQ_OP_ALTER_COLUMN, "metrics_json", "text", "mediumtext"},
    {"a text is a json", ALTER(RESULTS) "MODIFY metrics_json json",
     RESULTS, ZQ_OP_ALTER_COLUMN, "metrics_json", "text", "json"},
    {"a bigint is an int", ALTER(APISYNC) "MODIFY insert_count int COMMENT '插入记录数'",
     APISYNC, ZQ_OP_ALTER_COLUMN, "insert_count", "bigint", "int"},
    {"a bigint has no sign", ALTER(APISYNC) "MODIFY insert_count bigint unsigned COMMENT '插入记录数'",
     APISYNC, ZQ_OP_ALTER_COLUMN, "insert_count", "bigint", "bigint unsigned"},
    {"a bigint is filled with zeros", ALTER(APISYNC) "MODIFY insert_count bigint(20) zerofill COMMENT '插入记录数'",
     APISYNC, ZQ_OP_ALTER_COLUMN, "insert_count", "bigint", NULL},
    {"a boolean is a tinyint", ALTER("zq_app_users") "MODIFY is_active tinyint NOT NULL",
     "zq_app_users", ZQ_OP_ALTER_COLUMN, "is_active", "tinyint(1)", "tinyint"},
    {"a double is a float", ALTER(RESULTS) "MODIFY alpha float",
     RESULTS, ZQ_OP_ALTER_COLUMN, "alpha", "double", "float"},
    {"a double has digits", ALTER(RESULTS) "MODIFY alpha double(10,2)",
     RESULTS, ZQ_OP_ALTER_COLUMN, "alpha", "double", "\"double(10,2)\""},
    {"a decimal has another precision", ALTER(POSITION) "MODIFY avg_cost decimal(11,3) NOT NULL COMMENT '平均成本价（元）'",
     POSITION, ZQ_OP_ALTER_COLUMN, "avg_cost", "decimal(10,3)", "decimal(11,3)"},
    {"a decimal has another scale", ALTER(POSITION) "MODIFY avg_cost decimal(10,4) NOT NULL COMMENT '平均成本价（元）'",
     POSITION, ZQ_OP_ALTER_COLUMN, "avg_cost", "decimal(10,3)", "decimal(10,4)"},
    {"a datetime keeps milliseconds", ALTER(APISYNC) "MODIFY end_time datetime(3) COMMENT '结束时间'",
     APISYNC, ZQ_OP_ALTER_COLUMN, "end_time", "datetime", "datetime(3)"},
    {"a datetime is a timestamp", ALTER(APISYNC) "MODIFY end_time timestamp NULL COMMENT '结束时间'",
     APISYNC, ZQ_OP_ALTER_COLUMN, "end_time", "datetime", "timestamp"},
    {"a datetime is a date", ALTER(APISYNC) "MODIFY end_time date COMMENT '结束时间'",
     APISYNC, ZQ_OP_ALTER_COLUMN, "end_time", "datetime", "date"},
    {"an enum has one more value", ALTER(TASKS) "MODIFY status enum('PENDING','RUNNING','COMPLETED','FAILED','CANCELLED','it''s') NOT NULL",
     TASKS, ZQ_OP_ALTER_COLUMN, "status", NULL, "enum('PENDING','RUNNING','COMPLETED','FAILED','CANCELLED','it''s')"},
    {"an enum has its values in another order", ALTER(TASKS) "MODIFY status enum('RUNNING','PENDING','COMPLETED','FAILED','CANCELLED') NOT NULL",
     TASKS, ZQ_OP_ALTER_COLUMN, "status", "enum('PENDING','RUNNING','COMPLETED','FAILED','CANCELLED')", NULL},
    {"an enum is a set", ALTER(TASKS) "MODIFY status set('PENDING','RUNNING','COMPLETED','FAILED','CANCELLED') NOT NULL",
     TASKS, ZQ_OP_ALTER_COLUMN, "status", NULL, "set('PENDING','RUNNING','COMPLETED','FAILED','CANCELLED')"},
    {"a value of an enum is in lower case", ALTER(TASKS) "MODIFY status enum('pending','RUNNING','COMPLETED','FAILED','CANCELLED') NOT NULL",
     TASKS, ZQ_OP_ALTER_COLUMN, "status", NULL, NULL},

    /* columns: the rest */
    {"a column may be NULL", ALTER(CHOICE) "MODIFY code varchar(6) COMMENT '股票代码（6位数字）'",
     CHOICE, ZQ_OP_ALTER_COLUMN, "code", "NOT NULL", "NULL"},
    {"a column may not be NULL", ALTER(CHOICE) "MODIFY name varchar(50) NOT NULL COMMENT '股票名称'",
     CHOICE, ZQ_OP_ALTER_COLUMN, "name", "NULL", "NOT NULL"},
    {"a column has a default", ALTER(CHOICE) "ALTER COLUMN name SET DEFAULT 'x'",
     CHOICE, ZQ_OP_ALTER_COLUMN, "name", "no default", "default 'x'"},
    {"a column has an empty default", ALTER(CHOICE) "ALTER COLUMN name SET DEFAULT ''",
     CHOICE, ZQ_OP_ALTER_COLUMN, "name", "no default", "default ''"},
    {"a column has the word NULL as default", ALTER(CHOICE) "ALTER COLUMN name SET DEFAULT 'NULL'",
     CHOICE, ZQ_OP_ALTER_COLUMN, "name", "no default", "default 'NULL'"},
    {"a number has a default", ALTER(APISYNC) "ALTER COLUMN insert_count SET DEFAULT 0",
     APISYNC, ZQ_OP_ALTER_COLUMN, "insert_count", "no default", "default '0'"},
    {"a time has a default", ALTER(CHOICE) "MODIFY created_time datetime NOT NULL DEFAULT CURRENT_TIMESTAMP COMMENT '创建时间'",
     CHOICE, ZQ_OP_ALTER_COLUMN, "created_time", "no default", "default CURRENT_TIMESTAMP"},
    {"a default is an expression", ALTER(CHOICE) "MODIFY name varchar(50) DEFAULT (uuid()) COMMENT '股票名称'",
     CHOICE, ZQ_OP_ALTER_COLUMN, "name", "no default", "default (uuid())"},
    {"a time follows updates", ALTER(APISYNC) "MODIFY end_time datetime COMMENT '结束时间' ON UPDATE CURRENT_TIMESTAMP",
     APISYNC, ZQ_OP_ALTER_COLUMN, "end_time", "no on update", "on update CURRENT_TIMESTAMP"},
    {"a key no longer counts up", ALTER(CHOICE) "MODIFY id int NOT NULL",
     CHOICE, ZQ_OP_ALTER_COLUMN, "id", "auto_increment", "no auto_increment"},
    {"a column has another charset", ALTER(CHOICE) "MODIFY name varchar(50) CHARACTER SET latin1 COLLATE latin1_bin COMMENT '股票名称'",
     CHOICE, ZQ_OP_ALTER_COLUMN, "name", "charset utf8mb4, collation utf8mb4_unicode_ci", "charset latin1, collation latin1_bin"},
    {"a column has another collation", ALTER(CHOICE) "MODIFY name varchar(50) COLLATE utf8mb4_bin COMMENT '股票名称'",
     CHOICE, ZQ_OP_ALTER_COLUMN, "name", "collation utf8mb4_unicode_ci", "collation utf8mb4_bin"},
    {"a comment is another", ALTER(CHOICE) "MODIFY name varchar(50) COMMENT '股票名'",
     CHOICE, ZQ_OP_ALTER_COLUMN, "name", "comment '股票名称'", "comment '股票名'"},
    {"a comment has gone", ALTER(CHOICE) "MODIFY name varchar(50)",
     CHOICE, ZQ_OP_ALTER_COLUMN, "name", "comment '股票名称'", "no comment"},
    {"a comment is new", ALTER(RESULTS) "MODIFY alpha double COMMENT 'it''s \\\\ new'",
     RESULTS, ZQ_OP_ALTER_COLUMN, "alpha", "no comment", "comment 'it''s \\\\ new'"},
    {"a column is hidden", ALTER(CHOICE) "MODIFY name varchar(50) INVISIBLE COMMENT '股票名称'",
     CHOICE, ZQ_OP_ALTER_COLUMN, "name", "visible", "invisible"},
    {"a column is generated", ALTER(RESULTS) "DROP COLUMN alpha, ADD COLUMN alpha double GENERATED ALWAYS AS (beta + 1) STORED AFTER profit_loss_ratio",
     RESULTS, ZQ_OP_ALTER_COLUMN, "alpha", "not generated", "generated as (`beta` + 1) stored"},
    {"a column differs in two ways at once", ALTER(CHOICE) "MODIFY name varchar(60) NOT NULL COMMENT '股票名称'",
     CHOICE, ZQ_OP_ALTER_COLUMN, "name", "varchar(50), NULL", "varchar(60), NOT NULL"},

    /* indexes */
    {"an index is dropped", ALTER(CHOICE) "DROP INDEX ix_zq_data_hsl_choice_ts_code",
     CHOICE, ZQ_OP_ADD_INDEX, "ix_zq_data_hsl_choice_ts_code", "on (ts_code)", ""},
    {"an index is added", ALTER(CHOICE) "ADD INDEX x (name, code)",
     CHOICE, ZQ_OP_DROP_INDEX, "x", "", "on (name, code)"},
    {"an index is renamed", ALTER(CHOICE) "RENAME INDEX ix_zq_data_hsl_choice_ts_code TO x",
     CHOICE, ZQ_OP_ADD_INDEX, "ix_zq_data_hsl_choice_ts_code", NULL, NULL, BOTH, 2},
    {"an index is unique", ALTER(CHOICE) "DROP INDEX ix_zq_data_hsl_choice_ts_code, ADD UNIQUE ix_zq_data_hsl_choice_ts_code (ts_code)",
     CHOICE, ZQ_OP_ALTER_INDEX, "ix_zq_data_hsl_choice_ts_code", "not unique", "unique"},
    {"an index is no longer unique", ALTER(CHOICE) "DROP INDEX uq_hsl_choice_date_code, ADD INDEX uq_hsl_choice_date_code (trade_date, ts_code)",
     CHOICE, ZQ_OP_ALTER_INDEX, "uq_hsl_choice_date_code", "unique", "not unique"},
    {"an index has its columns in another order", ALTER(CHOICE) "DROP INDEX uq_hsl_choice_date_code, ADD UNIQUE uq_hsl_choice_date_code (ts_code, trade_date)",
     CHOICE, ZQ_OP_ALTER_INDEX, "uq_hsl_choice_date_code", "on (trade_date, ts_code)", "on (ts_code, trade_date)"},
    {"an index has a column more", ALTER(CHOICE) "DROP INDEX ix_zq_data_hsl_choice_ts_code, ADD INDEX ix_zq_data_hsl_choice_ts_code (ts_code, name)",
     CHOICE, ZQ_OP_ALTER_INDEX, "ix_zq_data_hsl_choice_ts_code", "on (ts_code)", "on (ts_code, name)"},
    {"an index has only the start of a column", ALTER(CHOICE) "DROP INDEX ix_zq_data_hsl_choice_ts_code, ADD INDEX ix_zq_data_hsl_choice_ts_code (ts_code(5))",
     CHOICE, ZQ_OP_ALTER_INDEX, "ix_zq_data_hsl_choice_ts_code", "on (ts_code)", "on (ts_code(5))"},
    {"an index runs downwards", ALTER(CHOICE) "DROP INDEX ix_zq_data_hsl_choice_ts_code, ADD INDEX ix_zq_data_hsl_choice_ts_code (ts_code DESC)",
     CHOICE, ZQ_OP_ALTER_INDEX, "ix_zq_data_hsl_choice_ts_code", "on (ts_code)", "on (ts_code desc)"},
    {"an index is hidden from MySQL", ALTER(CHOICE) "ALTER INDEX ix_zq_data_hsl_choice_ts_code INVISIBLE",
     CHOICE, ZQ_OP_ALTER_INDEX, "ix_zq_data_hsl_choice_ts_code", "visible", "invisible", ONLY_MYSQL},
    {"an index is ignored by MariaDB", ALTER(CHOICE) "ALTER INDEX ix_zq_data_hsl_choice_ts_code IGNORED",
     CHOICE, ZQ_OP_ALTER_INDEX, "ix_zq_data_hsl_choice_ts_code", "visible", "invisible", ONLY_MARIADB},
    {"an index has a comment", ALTER(CHOICE) "DROP INDEX ix_zq_data_hsl_choice_ts_code, ADD INDEX ix_zq_data_hsl_choice_ts_code (ts_code) COMMENT 'x'",
     CHOICE, ZQ_OP_ALTER_INDEX, "ix_zq_data_hsl_choice_ts_code", "no comment", "comment 'x'"},
    {"an index is over an expression", ALTER(CHOICE) "ADD INDEX x ((lower(name)))",
     CHOICE, ZQ_OP_DROP_INDEX, "x", "", NULL, ONLY_MYSQL},
    {"a fulltext index is added", ALTER(CHOICE) "ADD FULLTEXT INDEX x (name)",
     CHOICE, ZQ_OP_DROP_INDEX, "x", "", "on (name)"},
    {"the primary key is dropped", ALTER(CONFIGS) "DROP PRIMARY KEY",
     CONFIGS, ZQ_OP_ADD_INDEX, "PRIMARY", "on (config_key)", ""},
    {"the primary key has a column more", ALTER(CONFIGS) "DROP PRIMARY KEY, ADD PRIMARY KEY (config_key, created_time)",
     CONFIGS, ZQ_OP_ALTER_INDEX, "PRIMARY", "on (config_key)", "on (config_key, created_time)"},
    {"the primary key has its columns in another order", ALTER("zq_app_role_permissions") "DROP FOREIGN KEY zq_app_role_permissions_ibfk_1, DROP PRIMARY KEY, ADD PRIMARY KEY (permission_id, role_id)",
     "zq_app_role_permissions", ZQ_OP_ALTER_INDEX, "PRIMARY", "on (role_id, permission_id)", "on (permission_id, role_id)", BOTH, 2},

    /* foreign keys */
    {"a foreign key is dropped", ALTER(RESULTS) "DROP FOREIGN KEY zq_backtest_results_ibfk_1",
     RESULTS, ZQ_OP_ADD_FOREIGN_KEY, "zq_backtest_results_ibfk_1", "on (task_id), references zq_backtest_tasks (id)", ""},
    {"a foreign key is added", ALTER(CONFIGS) "ADD CONSTRAINT x FOREIGN KEY (config_key) REFERENCES zq_app_permissions (name)",
     CONFIGS, ZQ_OP_DROP_FOREIGN_KEY, "x", "", "on (config_key), references zq_app_permissions (name)"},
    {"a foreign key is renamed", ALTER(RESULTS) "DROP FOREIGN KEY zq_backtest_results_ibfk_1, ADD CONSTRAINT x FOREIGN KEY (task_id) REFERENCES zq_backtest_tasks (id)",
     RESULTS, ZQ_OP_DROP_FOREIGN_KEY, "x", NULL, NULL, BOTH, 2},
    {"a foreign key goes to another table", ALTER(RESULTS) "DROP FOREIGN KEY zq_backtest_results_ibfk_1; ALTER TABLE " RESULTS " ADD CONSTRAINT zq_backtest_results_ibfk_1 FOREIGN KEY (task_id) REFERENCES zq_app_users (id)",
     RESULTS, ZQ_OP_ALTER_FOREIGN_KEY, "zq_backtest_results_ibfk_1", "references zq_backtest_tasks (id)", "references zq_app_users (id)"},
    {"a foreign key deletes rows", ALTER(RESULTS) "DROP FOREIGN KEY zq_backtest_results_ibfk_1; ALTER TABLE " RESULTS " ADD CONSTRAINT zq_backtest_results_ibfk_1 FOREIGN KEY (task_id) REFERENCES zq_backtest_tasks (id) ON DELETE CASCADE",
     RESULTS, ZQ_OP_ALTER_FOREIGN_KEY, "zq_backtest_results_ibfk_1", "on delete RESTRICT, on update RESTRICT", "on delete CASCADE, on update RESTRICT"},
    {"a foreign key follows updates", ALTER(RESULTS) "DROP FOREIGN KEY zq_backtest_results_ibfk_1; ALTER TABLE " RESULTS " ADD CONSTRAINT zq_backtest_results_ibfk_1 FOREIGN KEY (task_id) REFERENCES zq_backtest_tasks (id) ON UPDATE CASCADE",
     RESULTS, ZQ_OP_ALTER_FOREIGN_KEY, "zq_backtest_results_ibfk_1", "on delete RESTRICT, on update RESTRICT", "on delete RESTRICT, on update CASCADE"},

    /* tables */
    {"a table is dropped", "DROP TABLE " CHOICE,
     CHOICE, ZQ_OP_CREATE_TABLE, "", "9 columns, 5 indexes, no foreign keys", ""},
    {"a table is renamed", "RENAME TABLE " CHOICE " TO mutated_away",
     CHOICE, ZQ_OP_CREATE_TABLE, "", NULL, ""},
    {"a table has a comment", ALTER(CHOICE) "COMMENT='it''s'",
     CHOICE, ZQ_OP_ALTER_TABLE, "", "no comment", "comment 'it''s'"},
    {"a table has another engine", ALTER(CHOICE) "ENGINE=MyISAM",
     CHOICE, ZQ_OP_ALTER_TABLE, "", "engine InnoDB", "engine MyISAM"},
    {"a table has another default charset", ALTER(CHOICE) "DEFAULT CHARACTER SET latin1 COLLATE latin1_bin",
     CHOICE, ZQ_OP_ALTER_TABLE, "", "charset utf8mb4, collation utf8mb4_unicode_ci", "charset latin1, collation latin1_bin"},
    {"a table has another default collation", ALTER(CHOICE) "DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
     CHOICE, ZQ_OP_ALTER_TABLE, "", "collation utf8mb4_unicode_ci", "collation utf8mb4_bin"},
    {"a table says its row format", ALTER(CHOICE) "ROW_FORMAT=COMPACT",
     CHOICE, ZQ_OP_DROP_EXTRA, NULL, "", NULL},
    {"a table has a check", ALTER(CHOICE) "ADD CONSTRAINT x CHECK (length(name) > 1)",
     CHOICE, ZQ_OP_DROP_EXTRA, "x", "", NULL},
    {"a table has a trigger", "CREATE TRIGGER x BEFORE INSERT ON " CHOICE " FOR EACH ROW SET NEW.name = 'x'",
     CHOICE, ZQ_OP_DROP_EXTRA, "x", "", NULL},
    {"a table has partitions", ALTER(CONFIGS) "PARTITION BY KEY (config_key) PARTITIONS 2",
     CONFIGS, ZQ_OP_DROP_EXTRA, NULL, "", NULL},
    {"a table keeps its history", ALTER(CHOICE) "ADD SYSTEM VERSIONING",
     CHOICE, ZQ_OP_DROP_EXTRA, NULL, "", NULL, ONLY_MARIADB},
    {"a view stands in a table's place", "DROP TABLE " CHOICE "; CREATE VIEW " CHOICE " AS SELECT 1 AS id",
     CHOICE, ZQ_OP_ALTER_TABLE, "", "a table", "a view"},

    /* our own bookkeeping */
    {"the history lacks a column", ALTER("zq_meta_history") "DROP COLUMN title",
     "zq_meta_history", ZQ_OP_ADD_COLUMN, "title", NULL, ""},
    {"the lease is missing", "DROP TABLE zq_meta_lease",
     "zq_meta_lease", ZQ_OP_CREATE_TABLE, "", NULL, ""},

    /* families */
    {"one member lacks a column", ALTER(DAILY_1) "DROP COLUMN created_by",
     DAILY_1, ZQ_OP_ADD_COLUMN, "created_by", "varchar(50), NULL, comment '创建人', after 'amount'", ""},
    {"one member has a moved column", ALTER(DAILY_1) "MODIFY vol double NOT NULL COMMENT '成交量（手）' FIRST",
     DAILY_1, ZQ_OP_MOVE_COLUMN, "vol", "after 'pct_chg'", "first"},
    {"one member lacks an index", ALTER(DAILY_1) "DROP INDEX ix_" DAILY_1 "_trade_date",
     DAILY_1, ZQ_OP_ADD_INDEX, "ix_" DAILY_1 "_trade_date", "on (trade_date)", ""},
    {"one member has an index of another's name", ALTER(DAILY_1) "ADD INDEX ix_600002 (ts_code)",
     DAILY_1, ZQ_OP_DROP_INDEX, "ix_600002", "", "on (ts_code)"},
    {"one member has a comment", ALTER(DAILY_1) "COMMENT='x'",
     DAILY_1, ZQ_OP_ALTER_TABLE, "", "no comment", "comment 'x'"},
    {"one member has a trigger", "CREATE TRIGGER x BEFORE INSERT ON " DAILY_1 " FOR EACH ROW SET NEW.vol = 1",
     DAILY_1, ZQ_OP_DROP_EXTRA, "x", "", NULL},
    {"two members lack a column", ALTER(DAILY_1) "DROP COLUMN vol; ALTER TABLE zq_data_tustock_daily_600002 DROP COLUMN vol",
     DAILY, ZQ_OP_ADD_COLUMN, "vol", "double, NOT NULL, comment '成交量（手）', after 'pct_chg'", ""},
    {"a member of the family with the longer prefix lacks a column", "ALTER TABLE zq_data_tustock_daily_basic_600001 DROP COLUMN pe",
     "zq_data_tustock_daily_basic_600001", ZQ_OP_ADD_COLUMN, "pe", NULL, ""},
};

/* What changes nothing that counts. */
static const char *const harmless[] = {
    "ALTER TABLE " CHOICE " AUTO_INCREMENT = 1000",
    "ANALYZE TABLE " CHOICE,
    "INSERT INTO " CONFIGS " VALUES ('k', 'v', NULL, NULL, NOW(), NULL, NOW())",
    "CREATE TABLE other (id int PRIMARY KEY, x geometry, y int CHECK (y > 0))",
    "CREATE TABLE zq_data_tustock_daily_TOO_LONG_FOR_A_CODE_0123456789 (id int PRIMARY KEY)",
    "CREATE VIEW zq_data_tustock_daily_view AS SELECT * FROM " DAILY_1,
    "CREATE VIEW zq_data_tustock_daily_view_part_3 AS SELECT 1 AS id",
    "CREATE PROCEDURE p() SELECT 1",
    "CREATE FUNCTION f() RETURNS int DETERMINISTIC NO SQL RETURN 1",
    "CREATE TABLE alembic_version (version_num varchar(32) NOT NULL PRIMARY KEY)",
    "CREATE TABLE child (id int PRIMARY KEY, CONSTRAINT child_fk FOREIGN KEY (id) REFERENCES zq_app_users (id))",
};
/* clang-format on */

static const char *const codes[] = {"600001", "600002", "600003"};

static zq_db *db;
static const char *database;
static zq_arena *arena;

static void create(const zq_table *table)
{
    ZQ_AUTO_SQL(sql);
    const char *text;

    zq_ddl_create_table(&sql, table, true, live_flavor());
    cr_assert_eq(zq_sql_finish(&sql, &text, NULL), ZQ_OK);
    live_exec(db, text);
}

static bool is_called(const zq_table *table, const char *name)
{
    return name == NULL || strcmp(table->name, name) == 0;
}

/* Make the tables of the newest release and three members of each family; only that of the name
 * (a family's gives all of its members), when one is given. */
static void create_tables(const char *name)
{
    for (size_t i = 0; i < zq_schema_head.n_tables; i++) {
        const zq_table *table = zq_schema_head.tables[i];

        if (!zq_table_is_family(table) && is_called(table, name))
            create(table);
        for (size_t j = 0; zq_table_is_family(table) && j < ZQ_LEN(codes); j++) {
            const zq_table *member = zq_family_member(arena, table, codes[j]);

            if (is_called(table, name) || is_called(member, name))
                create(member);
        }
    }
}

static void make_ready(void)
{
    arena = zq_arena_open();
    db = live_open();
    database = live_database("mutations");
    live_make_database(db, database);
    live_exec(db, "SET foreign_key_checks = 0");
    /* A server that hides a key of its own in a table without one lets none be dropped. */
    if (live_flavor() == ZQ_MYSQL)
        live_exec(db, "SET sql_generate_invisible_primary_key = 0");
    create_tables(NULL);
}

static void clean_up(void)
{
    live_drop(database);
    zq_db_close(db);
    zq_arena_close(arena);
}

TestSuite(mutations, .init = make_ready, .fini = clean_up, .timeout = 300);

/* Take away what a mutation touched, and make it anew. */
static void drop(const char *name)
{
    char sql[512];
    char *type;

    snprintf(sql, sizeof sql,
             "SELECT table_type FROM information_schema.tables WHERE table_schema = '%s' AND "
             "table_name = '%s'",
             database, name);
    type = live_value(db, sql);
    snprintf(sql, sizeof sql, "DROP %s IF EXISTS `%s`",
             type != NULL && strcmp(type, "VIEW") == 0 ? "VIEW" : "TABLE", name);
    live_exec(db, sql);
    free(type);
}

static void undo(const mutation *m)
{
    if (strstr(m->table, ZQ_CODE) == NULL)
        drop(m->table);
    for (size_t i = 0; i < ZQ_LEN(codes) && strstr(m->table, ZQ_CODE) != NULL; i++)
        drop(zq_family_expand(arena, m->table, codes[i]));
    drop("mutated_away");
    create_tables(m->table);
}

static zq_comparison compare(zq_catalog *out_catalog, zq_arena *scratch)
{
    zq_comparison comparison;
    zq_err err = {0};

    cr_assert_eq(zq_catalog_read(db, NULL, database, &zq_schema_head, scratch, out_catalog, &err),
                 ZQ_OK, "%s: %s", err.message, err.detail);
    cr_assert_eq(zq_compare(&zq_schema_head, out_catalog, scratch, &comparison, &err), ZQ_OK, "%s",
                 err.message);
    return comparison;
}

static const char *words(const zq_comparison *comparison, zq_arena *scratch)
{
    ZQ_AUTO_BUF(out);

    zq_differences_text(&out, comparison, true, scratch);
    return zq_arena_strdup(scratch, zq_buf_text(&out));
}

/* The difference that the mutation is about: the first that is of its kind and object. */
static const zq_change *find(const zq_comparison *comparison, const mutation *m)
{
    for (size_t i = 0; i <= comparison->n_deviations; i++) {
        const zq_changes *changes =
            i == 0 ? &comparison->changes : &comparison->deviations[i - 1].changes;

        for (size_t j = 0; j < changes->n; j++) {
            const zq_change *change = &changes->items[j];

            if (change->op == m->op && strcmp(change->table, m->table) == 0 &&
                (m->object == NULL ||
                 strcmp(m->object, change->object == NULL ? "" : change->object) == 0))
                return change;
        }
    }
    return NULL;
}

/* Gives what is wrong, or NULL. */
static const char *judge(const mutation *m, const zq_comparison *comparison, zq_arena *scratch)
{
    const zq_change *change = find(comparison, m);
    size_t n = m->n == 0 ? 1 : m->n;

    if (comparison->n_differences == n && change != NULL &&
        (m->expected == NULL || strcmp(m->expected, change->expected) == 0) &&
        (m->found == NULL || strcmp(m->found, change->found) == 0))
        return NULL;
    return zq_arena_printf(scratch, "%s: wanted %zu of %s '%s' on '%s': %s / %s, got\n%s", m->what,
                           n, ops[m->op].name, m->object ? m->object : "?", m->table,
                           m->expected ? m->expected : "?", m->found ? m->found : "?",
                           words(comparison, scratch));
}

/* By the statements that lead back to the model; as undo() does it where there are none. */
static bool undo_by_plan(const mutation *m, const zq_comparison *comparison, zq_arena *scratch)
{
    zq_steps steps;

    if (comparison->changes.n == 0 ||
        zq_plan_changes(&comparison->changes, ZQ_PLAN_FORTH, live_flavor(), scratch, &steps,
                        NULL) != ZQ_OK) {
        undo(m);
        return false;
    }
    for (size_t i = 0; i < steps.n; i++)
        live_exec(db, steps.items[i].text);
    return true;
}

Test(mutations, each_is_reported_alone_with_its_table_and_object_and_undone_by_its_plan)
{
    int wrong = 0, planned = 0;

    for (size_t i = 0; i < ZQ_LEN(mutations); i++) {
        ZQ_AUTO(zq_arena) scratch = zq_arena_open();
        const mutation *m = &mutations[i];
        zq_catalog catalog;
        zq_comparison comparison;
        const char *problem;

        if (m->only == (live_flavor() == ZQ_MYSQL ? ONLY_MARIADB : ONLY_MYSQL))
            continue;
        live_exec(db, m->sql);
        comparison = compare(&catalog, scratch);
        problem = judge(m, &comparison, scratch);
        if (problem != NULL) {
            fprintf(stderr, "%s\n", problem);
            wrong++;
        }
        planned += undo_by_plan(m, &comparison, scratch);
        comparison = compare(&catalog, scratch);
        cr_assert_eq(comparison.n_differences, 0, "after '%s' was undone:\n%s", m->what,
                     words(&comparison, scratch));
    }
    cr_assert_gt(planned, 60, "only %d were undone by a plan", planned);
    cr_assert_eq(wrong, 0, "%d of %zu mutations were not reported as they should be", wrong,
                 ZQ_LEN(mutations));
}

Test(mutations, what_changes_nothing_that_counts_is_not_reported)
{
    zq_catalog catalog;
    zq_comparison comparison;

    for (size_t i = 0; i < ZQ_LEN(harmless); i++) {
        live_exec(db, harmless[i]);
        comparison = compare(&catalog, arena);
        cr_assert_eq(comparison.n_differences, 0, "%s:\n%s", harmless[i],
                     words(&comparison, arena));
    }
    cr_assert_eq(catalog.n_foreign_tables, 4);
    cr_assert_eq(catalog.n_views, 2);
    cr_assert(catalog.has_alembic);
}

Test(mutations, another_default_of_the_database_is_no_difference_but_is_known)
{
    zq_catalog catalog;
    char sql[256];

    snprintf(sql, sizeof sql, "ALTER DATABASE `%s` CHARACTER SET latin1 COLLATE latin1_bin",
             database);
    live_exec(db, sql);
    cr_assert_eq(compare(&catalog, arena).n_differences, 0);
    cr_assert_str_eq(catalog.charset, "latin1");
    cr_assert_str_eq(catalog.collation, "latin1_bin");
}

/* Several groups of members that differ in several ways: each is a line, not each member. */
Test(mutations, members_that_differ_alike_are_grouped)
{
    zq_catalog catalog;
    zq_comparison comparison;
    const zq_deviation *pair = NULL, *one = NULL;

    live_exec(db, "ALTER TABLE " DAILY_1 " DROP COLUMN vol;"
                  "ALTER TABLE zq_data_tustock_daily_600002 DROP COLUMN vol;"
                  "ALTER TABLE zq_data_tustock_daily_600003 COMMENT = 'x'");
    comparison = compare(&catalog, arena);
    cr_assert_eq(comparison.n_deviations, 2);
    for (size_t i = 0; i < 2; i++) {
        if (comparison.deviations[i].n_members == 2)
            pair = &comparison.deviations[i];
        else
            one = &comparison.deviations[i];
    }
    cr_assert_not_null(pair);
    cr_assert_not_null(one);
    cr_assert_str_eq(pair->codes[0], "600001");
    cr_assert_str_eq(pair->codes[1], "600002");
    cr_assert_str_eq(one->codes[0], "600003");
    for (size_t i = 0; i < comparison.n_families; i++) {
        cr_assert_eq(comparison.families[i].n_members, 3);
        cr_assert_eq(comparison.families[i].n_differing,
                     strcmp(comparison.families[i].family->name, DAILY) == 0 ? 3 : 0);
    }
}

ZQ_LIVE_MAIN
