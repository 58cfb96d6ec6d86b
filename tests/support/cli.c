#include "cli.h"

#include "base/buf.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char database[64];

void cli_begin(const char *test)
{
    program_env_reset();
    snprintf(database, sizeof database, "%s", live_database(test));
    program_env_live(database);
}

void cli_end(void)
{
    live_drop(database);
}

const char *cli_database(void)
{
    return database;
}

void cli_expect(int status, const char *messages, const char *const *words)
{
    program_result r = program_run(words, NULL);

    cr_assert_eq(r.status, status, "status %d, not %d: %s", r.status, status, r.err);
    if (messages != NULL)
        cr_assert_str_eq(r.err, messages);
    program_free(&r);
}

static zq_db *open_database(void)
{
    zq_db *db = live_open();
    char sql[128];

    snprintf(sql, sizeof sql, "USE `%s`", database);
    live_exec(db, sql);
    live_exec(db, "SET SESSION group_concat_max_len = 4000000");
    return db;
}

char *cli_value(const char *sql)
{
    ZQ_AUTO(zq_db) db = open_database();

    return live_value(db, sql);
}

void cli_expect_value(const char *wanted, const char *sql)
{
    char *found = cli_value(sql);

    cr_assert_str_eq(found != NULL ? found : "(null)", wanted, "%s", sql);
    free(found);
}

void cli_change(const char *sql)
{
    ZQ_AUTO(zq_db) db = open_database();

    live_exec(db, sql);
}

bool cli_database_exists(void)
{
    ZQ_AUTO(zq_db) db = live_open();
    char sql[192];
    char *found;
    bool exists;

    snprintf(sql, sizeof sql,
             "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = '%s'",
             database);
    found = live_value(db, sql);
    exists = found != NULL;
    free(found);
    return exists;
}

char *cli_rows(void)
{
    static const char *const tables[] = {"zq_app_roles", "zq_app_permissions",
                                         "zq_app_role_permissions", "zq_app_users",
                                         "zq_meta_seeds"};
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO(zq_db) db = open_database();
    ZQ_AUTO_BUF(out);

    for (size_t i = 0; i < ZQ_LEN(tables); i++) {
        zq_rows rows;
        zq_err err = {0};
        const char *sql = zq_arena_printf(arena, "SELECT * FROM %s ORDER BY 1, 2, 3", tables[i]);

        cr_assert_eq(zq_db_query(db, sql, NULL, 0, arena, &rows, &err), ZQ_OK, "%s", err.detail);
        for (size_t k = 0; k < rows.n * rows.n_columns; k++)
            zq_buf_printf(&out, "%s|", rows.values[k] != NULL ? rows.values[k] : "NULL");
    }
    return strdup(zq_buf_text(&out));
}
