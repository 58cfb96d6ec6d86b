#include "cli.h"

#include "base/buf.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static char database[64];

void cli_begin(const char *test)
{
    program_env_reset();
    snprintf(database, sizeof database, "%s", live_database(test));
    program_env_live(database);
}

void cli_end(void)
{
    if (database[0] != '\0') /* a test of the other engine has made none */
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

void cli_expect_said(int status, const char *said, const char *const *words)
{
    program_result r = program_run(words, NULL);

    cr_assert_eq(r.status, status, "status %d, not %d: %s%s", r.status, status, r.out, r.err);
    if (said != NULL)
        cr_assert_not_null(strstr(r.err, said), "%s instead of %s", r.err, said);
    program_free(&r);
}

zq_db *cli_open(void)
{
    zq_db *db = live_open();

    live_use(db, database);
    live_exec(db, "SET SESSION group_concat_max_len = 4000000");
    return db;
}

/* Of MySQL's list: a statement is still in it for a moment after its answer, so those that a test
 * gave are never taken for those of a program. */
enum { MOST_OURS = 64 };
static unsigned long long ours[MOST_OURS];
static size_t n_ours;

static zq_db *open_ours(void)
{
    zq_db *db = cli_open();

    ours[n_ours++ % MOST_OURS] = zq_db_connection_id(db);
    return db;
}

zq_db *cli_hold(const char *sql)
{
    zq_db *holder = open_ours();

    live_exec(holder, "START TRANSACTION");
    live_exec(holder, sql);
    return holder;
}

char *cli_value(const char *sql)
{
    ZQ_AUTO(zq_db) db = cli_open();

    return live_value(db, sql);
}

void cli_expect_value(const char *wanted, const char *sql)
{
    char *found = cli_value(sql);

    cr_assert_str_eq(found != NULL ? found : "(null)", wanted, "%s: %s", sql, found);
    free(found);
}

void cli_change(const char *sql)
{
    ZQ_AUTO(zq_db) db = open_ours();

    live_exec(db, sql);
}

int cli_number(const char *sql)
{
    char *value = cli_value(sql);
    int n = value == NULL ? -1 : atoi(value);

    free(value);
    return n;
}

void cli_expect_number(int wanted, const char *sql)
{
    cr_assert_eq(cli_number(sql), wanted, "%s", sql);
}

void cli_wait_for(int least, const char *sql)
{
    const struct timespec pause = {.tv_nsec = 100000000};

    for (int i = 0; i < 600 && cli_number(sql) < least; i++)
        nanosleep(&pause, NULL);
    cr_assert_geq(cli_number(sql), least, "%s", sql);
}

/* MySQL's own list of this name fails as a whole (3854) while any statement has a character of
 * four bytes. */
int cli_other(const char *where)
{
    ZQ_AUTO_BUF(sql);
    int id;

    zq_buf_printf(&sql,
                  "SELECT MAX(ID) FROM %s WHERE DB = DATABASE() AND ID NOT IN (CONNECTION_ID()",
                  live_flavor() == ZQ_MYSQL ? "performance_schema.processlist"
                                            : "information_schema.PROCESSLIST");
    for (size_t i = 0; i < n_ours && i < MOST_OURS; i++)
        zq_buf_printf(&sql, ", %llu", ours[i]);
    zq_buf_printf(&sql, ") AND %s", where);
    id = cli_number(zq_buf_text(&sql));
    return id > 0 ? id : 0;
}

int cli_wait_for_other(const char *where)
{
    const struct timespec pause = {.tv_nsec = 20000000};
    int id = cli_other(where);

    for (int i = 0; i < 3000 && id == 0; i++) {
        nanosleep(&pause, NULL);
        id = cli_other(where);
    }
    cr_assert_neq(id, 0, "nobody: %s", where);
    return id;
}

void cli_cut(int id)
{
    ZQ_AUTO(zq_db) db = cli_open();
    const struct timespec pause = {.tv_nsec = 20000000};
    char where[32];
    char sql[32];

    snprintf(where, sizeof where, "ID = %d", id);
    snprintf(sql, sizeof sql, "KILL %d", id);
    for (int i = 0; i < 3000 && cli_other(where) == id; i++) {
        zq_db_exec(db, sql, NULL);
        nanosleep(&pause, NULL);
    }
    cr_assert_eq(cli_other(where), 0, "connection %d does not end", id);
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
    ZQ_AUTO(zq_db) db = cli_open();
    ZQ_AUTO_BUF(out);

    for (size_t i = 0; i < ZQ_LEN(tables); i++) {
        zq_rows rows;
        zq_err err = {0};
        const char *sql = zq_arena_printf(arena, "SELECT * FROM %s ORDER BY 1, 2, 3", tables[i]);

        cr_assert_eq(live_query(db, sql, NULL, 0, arena, &rows, &err), ZQ_OK, "%s", err.detail);
        for (size_t k = 0; k < rows.n * rows.n_columns; k++)
            zq_buf_printf(&out, "%s|", rows.values[k] != NULL ? rows.values[k] : "NULL");
    }
    return strdup(zq_buf_text(&out));
}

char *cli_contents(void)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO(zq_db) db = cli_open();
    ZQ_AUTO_BUF(out);
    zq_rows tables;
    zq_err err = {0};

    cr_assert_eq(live_query(db,
                            "SELECT TABLE_NAME FROM information_schema.TABLES WHERE "
                            "TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME",
                            NULL, 0, arena, &tables, &err),
                 ZQ_OK);
    for (size_t i = 0; i < tables.n; i++) {
        const char *name = zq_rows_at(&tables, i, 0);
        zq_rows made;
        zq_rows sum;

        cr_assert_eq(live_query(db, zq_arena_printf(arena, "SHOW CREATE TABLE `%s`", name), NULL, 0,
                                arena, &made, &err),
                     ZQ_OK, "%s", err.detail);
        cr_assert_eq(live_query(db, zq_arena_printf(arena, "CHECKSUM TABLE `%s` EXTENDED", name),
                                NULL, 0, arena, &sum, &err),
                     ZQ_OK, "%s", err.detail);
        zq_buf_printf(&out, "%s\n%s\n", zq_rows_at(&made, 0, 1),
                      strcmp(name, "zq_meta_lease") == 0 ? "whoever had it"
                      : zq_rows_at(&sum, 0, 1) != NULL   ? zq_rows_at(&sum, 0, 1)
                                                         : "a view");
    }
    return strdup(zq_buf_text(&out));
}

void cli_expect_contents(char *before)
{
    char *after = cli_contents();

    cr_assert_str_eq(after, before);
    free(after);
    free(before);
}
