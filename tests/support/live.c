#include "live.h"

#include "sql/ddl_write.h"
#include "sql/sql.h"

#include <criterion/criterion.h>
#include <ctype.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *live_engine(void)
{
    const char *engine = getenv("ZQ_TEST_ENGINE");

    return engine != NULL ? engine : "mariadb";
}

zq_flavor live_flavor(void)
{
    return strcmp(live_engine(), "mysql") == 0 ? ZQ_MYSQL : ZQ_MARIADB;
}

const char *live_flavor_name(void)
{
    return zq_flavor_name(live_flavor());
}

/* The variable that has this of the server. */
static void live_key(const char *name, char *key, size_t size)
{
    snprintf(key, size, "ZQ_TEST_%s_%s", live_engine(), name);
    for (char *c = key; *c != '\0'; c++)
        *c = *c == '-' ? '_' : (char)toupper((unsigned char)*c);
}

const char *live_env(const char *name, const char *fallback)
{
    char key[128];
    const char *value;

    live_key(name, key, sizeof key);
    value = getenv(key);
    return value != NULL && *value != '\0' ? value : fallback;
}

/* MariaDB's connector reads all of the system's certificate authorities for every connection, some
 * 30 ms of processor time: our own programs do not let it (app/connect.c). */
static void hide_system_cas(void)
{
    setenv("SSL_CERT_FILE", "/dev/null", 1);
    setenv("SSL_CERT_DIR", "/dev/null", 1);
}

int live_main(int argc, char **argv)
{
    struct criterion_test_set *tests;
    int failed = 0;

    hide_system_cas();
    if (live_env("PORT", NULL) == NULL) {
        fprintf(stderr, "SKIPPED: no %s server; run by 'scripts/with-server %s COMMAND'\n",
                live_engine(), live_engine());
        return 77;
    }
    tests = criterion_initialize();
    /* The tests of a file share a server, and some of them its accounts, its global variables or
     * its life; ctest runs files side by side instead. */
    criterion_options.jobs = 1;
    if (criterion_handle_args(argc, argv, true))
        failed = !criterion_run_all_tests(tests);
    criterion_finalize(tests);
    return failed;
}

/* What names a server becomes what names the other one. */
static void take_the_other_server(void)
{
    static const char *const names[] = {"HOST",     "PORT", "SOCKET", "USER",
                                        "PASSWORD", "DIR",  "RESTART"};

    for (size_t i = 0; i < ZQ_LEN(names); i++) {
        char key[128], other[32];

        snprintf(other, sizeof other, "TLS_%s", names[i]);
        live_key(names[i], key, sizeof key);
        setenv(key, live_env(other, ""), 1);
    }
}

int live_main_alone(int argc, char **argv)
{
    if (live_env("PORT", NULL) != NULL && live_env("TLS_PORT", NULL) == NULL) {
        fprintf(stderr,
                "SKIPPED: these need a second %s server; run by 'scripts/with-server %s,%s-tls "
                "COMMAND'\n",
                live_engine(), live_engine(), live_engine());
        return 77;
    }
    take_the_other_server();
    return live_main(argc, argv);
}

zq_target live_target(void)
{
    return (zq_target){
        .host = live_env("HOST", "127.0.0.1"),
        .port = (unsigned)atoi(live_env("PORT", "0")),
        .user = live_env("USER", "root"),
        .password = live_env("PASSWORD", NULL),
        .tls = ZQ_TLS_PREFERRED,
        .connect_timeout_ms = 10000,
        .program_name = "zquant-test",
    };
}

zq_db *live_open(void)
{
    zq_target target = live_target();
    zq_db *db = NULL;
    zq_err err = {0};

    cr_assert_eq(zq_db_open(&target, &db, &err), ZQ_OK, "%s: %s", err.message, err.detail);
    return db;
}

void live_exec(zq_db *db, const char *sql)
{
    zq_err err = {0};

    cr_assert_eq(zq_db_exec(db, sql, &err), ZQ_OK, "%s: %s: %.200s", err.message, err.detail, sql);
}

typedef struct collecting {
    zq_arena *arena;
    zq_rows *rows;
} collecting;

static zq_rc collect(void *context, size_t statement, size_t n, const char *const *values,
                     const size_t *lengths, zq_err *err)
{
    collecting *to = context;
    zq_rows *rows = to->rows;

    (void)err;
    cr_assert_eq(statement, 0, "one statement at a time");
    rows->n_columns = n;
    if (values == NULL)
        return ZQ_OK;
    rows->values = zq_arena_grow(to->arena, rows->values, n * sizeof *rows->values, rows->n);
    for (size_t i = 0; i < n; i++) {
        if (values[i] != NULL)
            rows->values[rows->n * n + i] = zq_arena_strndup(to->arena, values[i], lengths[i]);
    }
    rows->n++;
    return ZQ_OK;
}

zq_rc live_query(zq_db *db, const char *sql, const zq_arg *args, size_t n_args, zq_arena *arena,
                 zq_rows *out_rows, zq_err *err)
{
    collecting to = {arena, out_rows};
    ZQ_AUTO_SQL(text);
    const char *sent;
    unsigned long long affected = 0;
    size_t done = 0;

    *out_rows = (zq_rows){0};
    zq_sql_expand(&text, sql, args, n_args);
    ZQ_TRY(zq_sql_finish(&text, &sent, err));
    return zq_db_pass(db, sent, strlen(sent), collect, &to, &done, &affected, err);
}

char *live_value(zq_db *db, const char *sql)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_rows rows;
    zq_err err = {0};
    const char *value;

    cr_assert_eq(live_query(db, sql, NULL, 0, arena, &rows, &err), ZQ_OK, "%s: %s: %.200s",
                 err.message, err.detail, sql);
    value = rows.n == 0 ? NULL : zq_rows_at(&rows, 0, 0);
    return value == NULL ? NULL : strdup(value);
}

const char *live_database(const char *test)
{
    static char name[64];

    snprintf(name, sizeof name, "zqt_%.40s_%ld", test, (long)getpid());
    live_drop(name);
    return name;
}

static void exec_built(zq_db *db, zq_sql *sql)
{
    const char *text;
    zq_err err = {0};

    cr_assert_eq(zq_sql_finish(sql, &text, &err), ZQ_OK, "%s", err.message);
    live_exec(db, text);
}

void live_use(zq_db *db, const char *database)
{
    ZQ_AUTO_SQL(sql);

    zq_sql_lit(&sql, "USE ");
    zq_sql_ident(&sql, database);
    exec_built(db, &sql);
}

void live_make_database(zq_db *db, const char *database)
{
    ZQ_AUTO_SQL(sql);

    zq_ddl_create_database(&sql, database);
    exec_built(db, &sql);
    live_use(db, database);
}

void live_make_table(zq_db *db, const zq_table *table)
{
    ZQ_AUTO_SQL(sql);

    zq_ddl_create_table(&sql, table, false, live_flavor());
    exec_built(db, &sql);
}

/* MariaDB leaves a database that has no table any more, but a file that a killed server forgot. */
static void remove_stray_files(const char *database)
{
    char path[512];
    glob_t files;

    snprintf(path, sizeof path, "%s/data/%s/*", live_env("DIR", "."), database);
    cr_assert_eq(glob(path, 0, NULL, &files), 0, "%s", path);
    for (size_t i = 0; i < files.gl_pathc; i++)
        cr_assert_eq(unlink(files.gl_pathv[i]), 0, "%s", files.gl_pathv[i]);
    globfree(&files);
}

void live_drop(const char *database)
{
    enum { CANNOT_REMOVE_DIRECTORY = 1010 };
    ZQ_AUTO(zq_db) db = live_open();
    char sql[256];
    zq_err err = {0};

    snprintf(sql, sizeof sql, "DROP DATABASE IF EXISTS `%s`", database);
    if (zq_db_exec(db, sql, &err) == ZQ_OK)
        return;
    cr_assert_eq(err.server_errno, CANNOT_REMOVE_DIRECTORY, "%s", err.detail);
    remove_stray_files(database);
    live_exec(db, sql);
}
