/* docs/servers.md: each row of its table, asked of the server. */
#include "live.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SMILE "\xF0\x9F\x98\x80"
#define LOST "????" /* in a text of its own, since ??' is a trigraph */

#define COLUMN(what, name)                                   \
    "SELECT " what " FROM information_schema.COLUMNS WHERE " \
    "TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'one' AND "  \
    "COLUMN_NAME = '" name "'"
#define TABLE(what, name)                                   \
    "SELECT " what " FROM information_schema.TABLES WHERE " \
    "TABLE_SCHEMA = DATABASE() AND TABLE_NAME = '" name "'"
#define CHECK                                                       \
    "SELECT CHECK_CLAUSE FROM information_schema.CHECK_CONSTRAINTS" \
    " WHERE CONSTRAINT_SCHEMA = DATABASE()"
#define EXPIRY "information_schema_stats_expiry"

/* A row as the page has it, and of each flavor a question with its answer. */
static const struct {
    const char *row;
    struct {
        const char *asked, *answer;
    } mysql, mariadb;
} rows[] = {
    {"`COLUMN_DEFAULT` of a nullable column without default | NULL | the string `NULL`",
     {COLUMN("COLUMN_DEFAULT IS NULL", "a"), "1"},
     {COLUMN("COLUMN_DEFAULT", "a"), "NULL"}},
    {"string defaults in information_schema | bare | quoted",
     {COLUMN("COLUMN_DEFAULT", "b"), "x"},
     {COLUMN("COLUMN_DEFAULT", "b"), "'x'"}},
    {"expression defaults | bare, `DEFAULT_GENERATED` in EXTRA | `current_timestamp()`",
     {COLUMN("CONCAT_WS(' ', COLUMN_DEFAULT, EXTRA)", "c"), "CURRENT_TIMESTAMP DEFAULT_GENERATED"},
     {COLUMN("COLUMN_DEFAULT", "c"), "current_timestamp()"}},
    {"`int` | `int` | `int(11)`",
     {COLUMN("COLUMN_TYPE", "id"), "int"},
     {COLUMN("COLUMN_TYPE", "id"), "int(11)"}},
    {"default collation of utf8mb4 | `utf8mb4_0900_ai_ci` | `utf8mb4_general_ci`; from 11.5 "
     "`utf8mb4_uca1400_ai_ci`",
     {TABLE("TABLE_COLLATION", "one"), "utf8mb4_0900_ai_ci"},
     {TABLE("TABLE_COLLATION", "one"), "utf8mb4_general_ci"}},
    {"JSON | a type | `longtext` with a `json_valid` check",
     {COLUMN("COLUMN_TYPE", "j"), "json"},
     {CHECK, "json_valid(`j`)"}},
    {"a DROP of several tables, one of which is missing | drops none | drops the others",
     {TABLE("COUNT(*)", "other"), "1"},
     {TABLE("COUNT(*)", "other"), "0"}},
    {"`lock_wait_timeout` by default | a year | a day",
     {"SELECT @@GLOBAL.lock_wait_timeout", "31536000"},
     {"SELECT @@GLOBAL.lock_wait_timeout", "86400"}},
    {"statistics in information_schema | cached for a day (`" EXPIRY "`) | live",
     {"SELECT @@GLOBAL." EXPIRY, "86400"},
     {"SELECT COUNT(*) FROM information_schema.SYSTEM_VARIABLES WHERE VARIABLE_NAME = '" EXPIRY "'",
      "0"}},
    {"a 4-byte character in an expression | encoded twice in information_schema, `????` in SHOW "
     "CREATE | `????` in information_schema, itself in SHOW CREATE",
     {COLUMN("HEX(GENERATION_EXPRESSION) LIKE '%C3B0C29FC298C280%'", "g"), "1"},
     {COLUMN("GENERATION_EXPRESSION", "g"), "concat(`a`,'" LOST "')"}},
    {"order of names in information_schema | by their bytes | `utf8mb3_general_ci`",
     {TABLE("COLLATION(TABLE_NAME)", "one"), "utf8mb3_bin"},
     {TABLE("COLLATION(TABLE_NAME)", "one"), "utf8mb3_general_ci"}},
};

/* The page; static storage. */
static const char *read_page(void)
{
    static char page[8192];
    FILE *file = fopen(ZQ_SOURCE_DIR "/docs/servers.md", "r");

    cr_assert_not_null(file);
    cr_assert_lt(fread(page, 1, sizeof page - 1, file), sizeof page - 1);
    fclose(file);
    return page;
}

static void make_tables(zq_db *db)
{
    live_exec(db, "CREATE TABLE one (id int NOT NULL PRIMARY KEY, a varchar(9), b varchar(9) "
                  "DEFAULT 'x', c datetime DEFAULT CURRENT_TIMESTAMP, j json, g varchar(9) AS "
                  "(CONCAT(a, '" SMILE "'))) DEFAULT CHARSET = utf8mb4;"
                  "CREATE TABLE other (id int)");
    cr_assert_neq(zq_db_exec(db, "DROP TABLE other, missing", NULL), ZQ_OK);
}

static void expect_shown(zq_db *db, const char *words)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_rows shown;
    zq_err err = {0};

    cr_assert_eq(live_query(db, "SHOW CREATE TABLE one", NULL, 0, arena, &shown, &err), ZQ_OK, "%s",
                 err.detail);
    cr_expect_not_null(strstr(zq_rows_at(&shown, 0, 1), words), "%s", zq_rows_at(&shown, 0, 1));
}

Test(servers, differ_as_the_page_says)
{
    const bool mysql = live_flavor() == ZQ_MYSQL;
    const char *page = read_page();
    ZQ_AUTO(zq_db) db = live_open();
    const char *database = live_database("servers");
    size_t n = 0;

    live_make_database(db, database);
    live_use(db, database);
    make_tables(db);
    for (size_t i = 0; i < ZQ_LEN(rows); i++) {
        char *answer = live_value(db, mysql ? rows[i].mysql.asked : rows[i].mariadb.asked);
        char line[256];

        snprintf(line, sizeof line, "\n| %s |\n", rows[i].row);
        cr_expect_not_null(strstr(page, line), "docs/servers.md has no row%s", line);
        cr_expect_str_eq(answer, mysql ? rows[i].mysql.answer : rows[i].mariadb.answer, "%s: %s",
                         rows[i].row, answer);
        free(answer);
    }
    expect_shown(db, mysql ? "concat(`a`,_utf8mb4'" LOST "')" : "concat(`a`,'" SMILE "')");
    for (const char *at = strstr(page, "\n| "); at != NULL; at = strstr(at + 1, "\n| "))
        n++;
    cr_expect_eq(n, ZQ_LEN(rows) + 1, "docs/servers.md has a row that nobody asks for");
    live_drop(database);
}

ZQ_LIVE_MAIN
