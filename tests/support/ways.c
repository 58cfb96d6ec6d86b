#include "ways.h"

#include "base/buf.h"
#include "own_revision.h"
#include "sql/flavor.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What is not zquant's, and what is a member: its name ends in a code of digits. */
#define NOT_OURS(name) "(" name " NOT LIKE 'zq\\_%' OR " name " REGEXP '_[0-9]{6}$')"

void ways_begin(const char *test)
{
    own_begin(test);
}

/* ---- clients ---- */

/* The chroot that the server of MySQL runs in, which has the client too; NULL: there is none. */
static const char *chroot_dir(void)
{
    static char dir[512];
    const char *server = getenv("ZQ_TEST_MYSQL_DIR");
    const char *end = server != NULL ? strstr(server, "/data/") : NULL;

    if (end == NULL || geteuid() != 0)
        return NULL;
    snprintf(dir, sizeof dir, "%.*s", (int)(end - server), server);
    /* Seen from inside of it, it is not there. */
    return access(dir, X_OK) == 0 ? dir : NULL;
}

/* Inside of the chroot, Oracle's is the only one. */
bool ways_has(ways_client client)
{
    if (client == WAYS_MARIADB)
        return access("/usr/bin/mariadb", X_OK) == 0;
    return access("/usr/bin/mariadb", X_OK) != 0 || chroot_dir() != NULL;
}

program_result ways_run(ways_client client, const char *script)
{
    char host[128], port[32], user[128];
    const char *words[16];
    size_t n = 0;

    if (client == WAYS_MYSQL && chroot_dir() != NULL) {
        words[n++] = ZQ_SOURCE_DIR "/scripts/lib/chroot-exec";
        words[n++] = chroot_dir();
        words[n++] = "mysql";
    } else {
        words[n++] = client == WAYS_MYSQL ? "/usr/bin/mysql" : "/usr/bin/mariadb";
    }
    snprintf(host, sizeof host, "--host=%s", live_env("HOST", "127.0.0.1"));
    snprintf(port, sizeof port, "--port=%s", live_env("PORT", "0"));
    snprintf(user, sizeof user, "--user=%s", live_env("USER", "root"));
    /* On the command line Oracle's client would warn of it. */
    program_env("MYSQL_PWD", live_env("PASSWORD", ""));
    words[n++] = "--no-defaults";
    words[n++] = "--default-character-set=utf8mb4";
    words[n++] = "--comments";
    words[n++] = host;
    words[n++] = port;
    words[n++] = user;
    words[n++] = cli_database();
    words[n] = NULL;
    return program_run(words, script);
}

/* ---- the database ---- */

/* Run each statement that a query gives. */
static void run_each(zq_db *db, const char *query)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_rows rows;
    zq_err err = {0};

    cr_assert_eq(live_query(db, query, NULL, 0, arena, &rows, &err), ZQ_OK, "%s: %s", err.detail,
                 query);
    for (size_t i = 0; i < rows.n; i++)
        live_exec(db, zq_rows_at(&rows, i, 0));
}

void ways_reset(const char *setup)
{
    ZQ_AUTO(zq_db) db = cli_open();

    live_exec(db, "SET foreign_key_checks = 0");
    run_each(db, "SELECT CONCAT('DROP ', CASE TABLE_TYPE WHEN 'VIEW' THEN 'VIEW' WHEN 'SEQUENCE' "
                 "THEN 'SEQUENCE' ELSE 'TABLE' END, ' `', REPLACE(TABLE_NAME, '`', '``'), '`') "
                 "FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND " NOT_OURS(
                     "TABLE_NAME"));
    run_each(db, "SELECT CONCAT('DROP ', ROUTINE_TYPE, ' `', ROUTINE_NAME, '`') "
                 "FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE()");
    run_each(db, "SELECT CONCAT('DROP EVENT `', EVENT_NAME, '`') "
                 "FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE()");
    live_exec(db, "DELETE FROM zq_meta_journal; DELETE FROM zq_meta_history WHERE revision NOT IN "
                  "('0001', '0002', '0003')");
    live_exec(db, "SET foreign_key_checks = 1");
    if (*setup != '\0')
        live_exec(db, setup);
}

static void add_rows(zq_db *db, const char *query, zq_buf *out)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_rows rows;
    zq_err err = {0};

    cr_assert_eq(live_query(db, query, NULL, 0, arena, &rows, &err), ZQ_OK, "%s: %s", err.detail,
                 query);
    for (size_t i = 0; i < rows.n; i++) {
        for (size_t c = 0; c < rows.n_columns; c++) {
            const char *value = zq_rows_at(&rows, i, c);

            zq_buf_printf(out, "%s|", value != NULL ? value : "NULL");
        }
        zq_buf_char(out, '\n');
    }
}

/* Where a counter stands, and what it gave, is not part of what a table is: an insert that is
 * undone, or done in portions, leaves a gap. */
static void add_definition(zq_db *db, const char *query, zq_buf *out)
{
    ZQ_AUTO_BUF(text);
    const char *rest;
    const char *at;

    add_rows(db, query, &text);
    for (rest = zq_buf_text(&text); (at = strstr(rest, " AUTO_INCREMENT=")) != NULL; rest = at) {
        zq_buf_add(out, rest, (size_t)(at - rest));
        at += strlen(" AUTO_INCREMENT=");
        at += strspn(at, "0123456789");
    }
    zq_buf_str(out, rest);
}

static void add_table(zq_db *db, const char *name, zq_buf *out)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO_BUF(columns);
    ZQ_AUTO_BUF(order);
    zq_rows all;
    size_t n = 0;
    zq_err err = {0};

    add_definition(db, zq_arena_printf(arena, "SHOW CREATE TABLE %s", name), out);
    cr_assert_eq(live_query(db, zq_arena_printf(arena, "SHOW COLUMNS FROM %s", name), NULL, 0,
                            arena, &all, &err),
                 ZQ_OK, "%s: %s", name, err.detail);
    for (size_t i = 0; i < all.n; i++) {
        const char *column = zq_rows_at(&all, i, 0);

        if (strcmp(zq_rows_at(&all, i, 5), "auto_increment") == 0)
            continue;
        zq_buf_str(&columns, n > 0 ? ", `" : "`");
        for (; *column != '\0'; column++)
            zq_buf_printf(&columns, *column == '`' ? "``" : "%c", *column);
        zq_buf_str(&columns, "`");
        zq_buf_printf(&order, "%s%zu", n > 0 ? ", " : "", n + 1);
        n++;
    }
    add_rows(db,
             zq_arena_printf(arena, "SELECT %s FROM %s ORDER BY %s", zq_buf_text(&columns), name,
                             zq_buf_text(&order)),
             out);
}

char *ways_contents(void)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO(zq_db) db = cli_open();
    ZQ_AUTO_BUF(out);
    zq_rows tables;
    zq_err err = {0};

    /* Each type is shown as what it is. */
    live_exec(db, "SET time_zone = '+00:00'");
    cr_assert_eq(live_query(db,
                            "SELECT CONCAT('`', REPLACE(TABLE_NAME, '`', '``'), '`') FROM "
                            "information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND "
                            "TABLE_TYPE IN ('BASE TABLE', 'VIEW') AND " NOT_OURS(
                                "TABLE_NAME") " ORDER BY TABLE_NAME",
                            NULL, 0, arena, &tables, &err),
                 ZQ_OK, "%s", err.detail);
    for (size_t i = 0; i < tables.n; i++)
        add_table(db, zq_rows_at(&tables, i, 0), &out);
    add_rows(db,
             "SELECT ROUTINE_TYPE, ROUTINE_NAME, ROUTINE_DEFINITION, SQL_MODE, "
             "CHARACTER_SET_CLIENT, COLLATION_CONNECTION, DATABASE_COLLATION FROM "
             "information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE() ORDER BY 1, 2",
             &out);
    add_rows(db,
             "SELECT TRIGGER_NAME, EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION, "
             "ACTION_STATEMENT, SQL_MODE, CHARACTER_SET_CLIENT, COLLATION_CONNECTION FROM "
             "information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE() ORDER BY 1",
             &out);
    add_rows(db,
             "SELECT EVENT_NAME, EVENT_DEFINITION, SQL_MODE, TIME_ZONE, STATUS FROM "
             "information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE() ORDER BY 1",
             &out);
    return strdup(zq_buf_text(&out));
}

/* ---- our ways ---- */

program_result ways_online(void)
{
    return PROGRAM("zquant-migrate", "upgrade", "--quiet", "--allow-data-loss", "--allow-locking",
                   "--allow-unknown", "--dir", ".");
}

program_result ways_script(void)
{
    return PROGRAM("zquant-migrate", "upgrade", "--quiet", "--flavor",
                   live_flavor() == ZQ_MYSQL ? "mysql" : "mariadb", "--sql", "0003:head",
                   "--allow-unknown", "--dir", ".");
}
