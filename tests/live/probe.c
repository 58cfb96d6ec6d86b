#include "live.h"

#include "db/probe.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static const zq_table users = {.name = "zq_app_users"};
static const zq_table missing = {.name = "zq_app_missing"};
static const zq_table view = {.name = "zq_app_view"};
static const zq_table family = {.name = "zq_data_{code}"};
static const zq_table *const tables[] = {&users, &missing, &family, &view};
static const zq_schema wanted = {tables, ZQ_LEN(tables)};

static void ask(zq_db *db, const char *database, zq_arena *arena, zq_rows *rows)
{
    ZQ_AUTO_SQL(sql);
    const char *text = NULL;
    zq_err err = {0};

    zq_probe_tables(&sql, &wanted, database, zq_db_server(db)->flavor);
    cr_assert_eq(zq_sql_finish(&sql, &text, &err), ZQ_OK, "%s", err.message);
    cr_assert_eq(live_query(db, text, NULL, 0, arena, rows, &err), ZQ_OK, "%s: %s", err.message,
                 err.detail);
}

static const char *type_of(const zq_rows *rows, const char *name)
{
    for (size_t i = 0; i < rows->n; i++) {
        if (strcmp(zq_rows_at(rows, i, 0), name) == 0)
            return zq_rows_at(rows, i, 1);
    }
    return NULL;
}

Test(probe, tables_that_are_there_are_listed_with_their_type)
{
    const char *database = live_database("probe '\"\\ 库");
    ZQ_AUTO(zq_db) db = live_open();
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    char sql[1024];
    zq_rows rows;

    snprintf(sql, sizeof sql,
             "CREATE DATABASE `%s`; USE `%s`; CREATE TABLE zq_app_users (id int);"
             "CREATE TABLE other (id int); CREATE TABLE zq_data_1 (id int);"
             "CREATE VIEW zq_app_view AS SELECT 1 AS a",
             database, database);
    live_exec(db, sql);
    ask(db, database, arena, &rows);
    cr_assert_eq(rows.n, 2);
    cr_assert_str_eq(type_of(&rows, "zq_app_users"), "BASE TABLE");
    cr_assert_str_eq(type_of(&rows, "zq_app_view"), "VIEW");
    live_drop(database);
}

Test(probe, a_database_that_is_not_there_has_no_tables)
{
    ZQ_AUTO(zq_db) db = live_open();
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_rows rows;

    ask(db, "zqt_no_such_database", arena, &rows);
    cr_assert_eq(rows.n, 0);
}

ZQ_LIVE_MAIN
