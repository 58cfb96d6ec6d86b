/* A server that answers and refuses, for it is read only or full: for an account without special
 * rights, since the account of the tests may go on all the same. */
#include "own_revision.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define READ_ONLY_HINT                                                                         \
    "if the server is a replica, connect to the primary; else run this again once it accepts " \
    "writes"

static void make_account(void)
{
    ZQ_AUTO(zq_db) db = live_open();
    char sql[512];

    snprintf(sql, sizeof sql,
             "DROP USER IF EXISTS zqt_reader@localhost, zqt_reader@'127.0.0.1';"
             "CREATE USER zqt_reader@localhost IDENTIFIED BY 'S3cret!pw',"
             " zqt_reader@'127.0.0.1' IDENTIFIED BY 'S3cret!pw';"
             "GRANT ALL ON `%s`.* TO zqt_reader@localhost, zqt_reader@'127.0.0.1'",
             cli_database());
    live_exec(db, sql);
    program_env("DB_USER", "zqt_reader");
    program_env("DB_PASSWORD", "S3cret!pw");
    program_env("ZQUANT_ADMIN_PASSWORD", "Correct1!horse");
}

static void set_read_only(bool on)
{
    ZQ_AUTO(zq_db) db = live_open();

    live_exec(db, on ? "SET GLOBAL read_only = 1" : "SET GLOBAL read_only = 0");
}

static void end(void)
{
    ZQ_AUTO(zq_db) db = live_open();

    set_read_only(false);
    live_exec(db, "SET GLOBAL init_connect = ''");
    live_exec(db, "DROP USER IF EXISTS zqt_reader@localhost, zqt_reader@'127.0.0.1'");
    cli_end();
}

TestSuite(unwilling, .fini = end, .timeout = 120);

/* The server's own words, with its number. */
static const char *words_of_read_only(bool super)
{
    static char words[128];

    snprintf(words, sizeof words,
             "The %s server is running with the --%sread-only option so it cannot execute this "
             "statement (1290)",
             live_flavor() == ZQ_MYSQL ? "MySQL" : "MariaDB", super ? "super-" : "");
    return words;
}

Test(unwilling, a_server_that_is_read_only)
{
    char wanted[512];
    program_result r;

    cli_begin("unwilling");
    make_account();
    snprintf(wanted, sizeof wanted,
             "zquant-init: the server is read only: read_only is ON\nhint: " READ_ONLY_HINT "\n");
    set_read_only(true);
    r = PROGRAM("zquant-init");
    set_read_only(false);
    cr_assert_eq(r.status, 2, "%d: %s", r.status, r.err);
    cr_assert_str_eq(r.err, wanted);
    program_free(&r);
    cr_assert(!cli_database_exists());
}

Test(unwilling, a_server_that_is_read_only_and_a_database_that_lacks_something)
{
    char wanted[512];
    program_result r;
    char *before;

    cli_begin("unwilling");
    program_env("ZQUANT_ADMIN_PASSWORD", "Correct1!horse");
    EXPECT(0, NULL, "zquant-init", "-q", "--no-admin");
    cli_change("DROP TABLE zq_meta_lease; DELETE FROM zq_app_role_permissions WHERE role_id = 3");
    before = cli_contents();
    make_account();
    set_read_only(true);
    r = PROGRAM("zquant-init");
    set_read_only(false);
    snprintf(wanted, sizeof wanted,
             "zquant-init: the server is read only: read_only is ON\nhint: " READ_ONLY_HINT "\n");
    cr_assert_eq(r.status, 2, "%d: %s", r.status, r.err);
    cr_assert_str_eq(r.err, wanted);
    program_free(&r);
    cli_expect_contents(before);
}

Test(unwilling, a_replica_that_is_ready_is_no_hindrance)
{
    program_result r;
    char *before;

    cli_begin("unwilling");
    program_env("ZQUANT_ADMIN_PASSWORD", "Correct1!horse");
    EXPECT(0, NULL, "zquant-init", "-q");
    before = cli_contents();
    make_account();
    set_read_only(true);
    r = PROGRAM("zquant-init");
    set_read_only(false);
    cr_assert_eq(r.status, 0, "%d: %s", r.status, r.err);
    program_free(&r);
    cli_expect_contents(before);
}

/* It may be a failover: --wait sees it through. */
static void *end_read_only_soon(void *context)
{
    const struct timespec pause = {.tv_nsec = 300000000};

    nanosleep(&pause, NULL);
    set_read_only(false);
    return context;
}

Test(unwilling, a_server_that_is_read_only_for_a_while_is_waited_for)
{
    pthread_t thread;
    program_result r;

    cli_begin("unwilling");
    make_account();
    set_read_only(true);
    cr_assert_eq(pthread_create(&thread, NULL, end_read_only_soon, NULL), 0);
    r = PROGRAM("zquant-init", "--wait", "60");
    pthread_join(thread, NULL);
    cr_assert_eq(r.status, 0, "%d: %s", r.status, r.err);
    cr_assert_not_null(strstr(r.err, ": the server is read only; trying again, up to 60 s more\n"),
                       "%s", r.err);
    program_free(&r);
}

/* For who has no right to go on all the same, each session begins with it. */
Test(unwilling, what_would_not_reach_the_replicas_is_refused_by_name)
{
    ZQ_AUTO(zq_db) db = live_open();
    program_result r;

    cli_begin("unwilling");
    make_account();
    live_exec(db, live_flavor() == ZQ_MYSQL
                      ? "GRANT SESSION_VARIABLES_ADMIN ON *.* TO zqt_reader@localhost, "
                        "zqt_reader@'127.0.0.1'"
                      : "GRANT BINLOG ADMIN ON *.* TO zqt_reader@localhost, "
                        "zqt_reader@'127.0.0.1'");
    live_exec(db, "SET GLOBAL init_connect = 'SET sql_log_bin = 0'");
    r = PROGRAM("zquant-init");
    cr_assert_eq(r.status, 78, "%d: %s", r.status, r.err);
    cr_assert_str_eq(r.err, "zquant-init: sql_log_bin is OFF: what is changed here would not reach "
                            "the others\nhint: see what sets it, as init_connect may\n");
    program_free(&r);
    cr_assert(!cli_database_exists());
}

/* Even for root: MariaDB has no such setting. */
Test(unwilling, a_mysql_server_that_is_super_read_only)
{
    ZQ_AUTO(zq_db) db = live_open();
    char wanted[512];
    program_result r;

    if (live_flavor() != ZQ_MYSQL)
        return;
    own_begin("unwilling");
    live_exec(db, "SET GLOBAL super_read_only = 1");
    r = PROGRAM("zquant-migrate", "stamp", "0002");
    live_exec(db, "SET GLOBAL read_only = 0");
    snprintf(wanted, sizeof wanted,
             "zquant-migrate: the server is read only: super_read_only is ON\nhint: " //
             READ_ONLY_HINT "\n");
    cr_assert_eq(r.status, 2, "%d: %s", r.status, r.err);
    cr_assert_str_eq(r.err, wanted);
    program_free(&r);
}

/* The second statement waits for `context`, which has its table; meanwhile the server becomes read
 * only. */
static void *become_read_only(void *context)
{
    cli_wait_for_other("STATE LIKE 'Waiting for table metadata lock%'");
    set_read_only(true);
    zq_db_close(context);
    return NULL;
}

Test(unwilling, a_server_that_becomes_read_only_stops_an_upgrade_that_goes_on_later)
{
    char wanted[768];
    pthread_t thread;
    program_result r;

    own_begin("unwilling");
    make_account();
    cli_change("CREATE TABLE zq_t_a (id int PRIMARY KEY); CREATE TABLE zq_t_b LIKE zq_t_a");
    own_write("ALTER TABLE zq_t_a ADD COLUMN x int;\nALTER TABLE zq_t_b ADD COLUMN x int;", NULL);
    cr_assert_eq(pthread_create(&thread, NULL, become_read_only, cli_hold("SELECT * FROM zq_t_b")),
                 0);
    r = PROGRAM("zquant-migrate", "upgrade", "--dir", ".", "--lock-wait", "1", "-q");
    pthread_join(thread, NULL);
    set_read_only(false);
    snprintf(wanted, sizeof wanted,
             "zquant-migrate: ./t1.sql:8: cannot run 'ALTER TABLE zq_t_b ADD COLUMN x int': the "
             "server is read only: %s\nhint: run 'zquant-migrate upgrade --dir .' on the primary "
             "if this is a replica, else once the server accepts writes: it finds out what was "
             "done, and continues\n",
             words_of_read_only(false));
    cr_assert_eq(r.status, 2, "%d: %s", r.status, r.err);
    cr_assert_str_eq(r.err, wanted);
    program_free(&r);
    OWN_SAYS(0, "revision 't1' was cut short; continuing where it stopped", "zquant-migrate",
             "upgrade");
}

/* Read only from the second statement on, for a while. */
static void *be_read_only_for_a_while(void *context)
{
    become_read_only(context);
    return end_read_only_soon(NULL);
}

Test(unwilling, an_upgrade_waits_for_a_server_that_becomes_read_only_for_a_while)
{
    pthread_t thread;
    program_result r;

    own_begin("unwilling");
    make_account();
    cli_change("CREATE TABLE zq_t_a (id int PRIMARY KEY); CREATE TABLE zq_t_b LIKE zq_t_a");
    own_write("ALTER TABLE zq_t_a ADD COLUMN x int;\nALTER TABLE zq_t_b ADD COLUMN x int;", NULL);
    cr_assert_eq(
        pthread_create(&thread, NULL, be_read_only_for_a_while, cli_hold("SELECT * FROM zq_t_b")),
        0);
    r = PROGRAM("zquant-migrate", "upgrade", "+1", "--dir", ".", "--lock-wait", "1", "--wait",
                "60");
    pthread_join(thread, NULL);
    cr_assert_eq(r.status, 0, "%d: %s", r.status, r.err);
    cr_assert_not_null(strstr(r.err, "; trying again, up to 60 s more\n"), "%s", r.err);
    program_free(&r);
    OWN_SAYS(0, "at revision t1", "zquant-migrate", "upgrade");
}

/* The server says so before TLS begins, which MariaDB's connector takes for an error of its own. */
Test(unwilling, a_server_that_has_no_connection_left)
{
    enum { FEWEST = 10 }; /* that MariaDB takes */
    ZQ_AUTO(zq_db) db = live_open();
    zq_db *others[FEWEST + 1] = {NULL};
    zq_target small = live_target();
    char message[256];

    cli_begin("unwilling");
    make_account();
    small.user = "zqt_reader";
    small.password = "S3cret!pw";
    live_exec(db, "SET @was = @@GLOBAL.max_connections");
    live_exec(db, "SET GLOBAL max_connections = 10");
    for (size_t i = 0; i < ZQ_LEN(others); i++)
        zq_db_open(&small, &others[i], NULL);
    snprintf(message, sizeof message,
             "cannot connect to 'zqt_reader@127.0.0.1:%s': too many connections: Too many "
             "connections (1040)\n",
             live_env("PORT", ""));
    {
        program_result r = PROGRAM("zquant-init", "--tls", "preferred");

        live_exec(db, "SET GLOBAL max_connections = @was");
        for (size_t i = 0; i < ZQ_LEN(others); i++)
            zq_db_close(others[i]);
        cr_assert_eq(r.status, 69, "%d: %s", r.status, r.err);
        cr_assert_not_null(strstr(r.err, message), "%s", r.err);
        cr_assert_not_null(strstr(r.err, "hint: wait for a free one with --wait 30\n"));
        program_free(&r);
    }
}

/* What shares a round trip is no longer than such a server takes. */
Test(unwilling, a_server_with_the_smallest_packets)
{
    ZQ_AUTO(zq_db) db = live_open();
    program_result back, forth;

    cli_begin("unwilling");
    program_env("ZQUANT_ADMIN_PASSWORD", "Correct1!horse");
    SAYS(0, NULL, "zquant-init", "--quiet");
    live_exec(db, "SET @was = @@GLOBAL.max_allowed_packet");
    live_exec(db, "SET GLOBAL max_allowed_packet = 1024");
    back = PROGRAM("zquant-migrate", "downgrade", "0001", "--allow-data-loss", "--quiet");
    forth = PROGRAM("zquant-migrate", "upgrade", "--quiet");
    live_exec(db, "SET GLOBAL max_allowed_packet = @was");
    cr_assert_eq(back.status, 0, "%d: %s", back.status, back.err);
    cr_assert_eq(forth.status, 0, "%d: %s", forth.status, forth.err);
    program_free(&back);
    program_free(&forth);
    SAYS(0, NULL, "zquant-migrate", "check");
}

ZQ_LIVE_MAIN_ALONE
