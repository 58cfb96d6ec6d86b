#include "cli.h"

#include "run/lock.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- signals ---- */

/* How long it takes until the program has begun to wait is not known: it ends the same way before.
 */
static void expect_ended_by(int signal)
{
    const char *const words[] = {"zquant-init", "--wait", "60", NULL};
    pid_t pid;

    cli_begin("stop");
    program_env("DB_PORT", "1");
    pid = program_start(words);
    kill(pid, signal);
    cr_assert_eq(program_wait(pid), 128 + signal);
}

Test(stop, a_wait_for_the_server_ends_at_once)
{
    expect_ended_by(SIGTERM);
    expect_ended_by(SIGINT);
    expect_ended_by(SIGHUP);
}

/* ---- giving way ---- */

/* More often than one transaction is tried. The counter goes on when that is undone. */
Test(stop, a_run_that_has_to_give_way_is_run_again)
{
    cli_begin("way");
    program_env("ZQUANT_NO_ADMIN", "yes");
    EXPECT(0, NULL, "zquant-init", "--quiet");
    cli_change("CREATE TABLE tries (n int AUTO_INCREMENT PRIMARY KEY)");
    cli_change("CREATE TRIGGER no_way BEFORE INSERT ON zq_app_users FOR EACH ROW BEGIN INSERT INTO "
               "tries VALUES (NULL); IF (SELECT MAX(n) FROM tries) < 12 THEN SIGNAL SQLSTATE "
               "'40001' SET MYSQL_ERRNO = 1213, MESSAGE_TEXT = 'Deadlock found'; END IF; END");
    program_env("ZQUANT_NO_ADMIN", "no");
    program_env("ZQUANT_ADMIN_PASSWORD", "Give-2026");
    program_env("ZQUANT_ADMIN_HASH", "bcrypt");
    SAYS(0, "a deadlock with another; trying again\n", "zquant-init");
    cli_expect_value("12", "SELECT MAX(n) FROM tries");
    cli_expect_value("1", "SELECT COUNT(*) FROM zq_app_users");
    cli_end();
}

/* ---- the lock ---- */

static void hold_lock(void)
{
    cli_change("UPDATE zq_meta_lease SET holder = 'zquant-init, process 3 on pod-1', node = "
               "'db3:3306', connection_id = 42, acquired_time = '2026-01-04 00:00:00'");
}

static void expect_shown(const char *wanted)
{
    program_result r = PROGRAM("zquant-migrate", "lock", "show");

    cr_assert_eq(r.status, 0, "%s", r.err);
    cr_assert_str_eq(r.out, wanted);
    program_free(&r);
}

Test(stop, who_has_the_lock_is_shown_and_it_can_be_taken_away)
{
    program_result r;

    cli_begin("lock");
    program_env("ZQUANT_NO_ADMIN", "yes");
    expect_shown("nobody is at work\n");
    EXPECT(0, NULL, "zquant-init", "--quiet");
    expect_shown("nobody is at work\n");
    hold_lock();
    expect_shown("zquant-init, process 3 on pod-1, connection 42 of db3:3306, since 2026-01-04 "
                 "00:00:00.000\n");
    program_env("LC_ALL", "zh_CN.UTF-8");
    expect_shown("zquant-init（主机 pod-1 上的进程 3），db3:3306 上的连接 42，始于 2026-01-04 "
                 "00:00:00.000\n");
    EXPECT(0, "zquant-migrate: 将收回锁，持有者：zquant-init（主机 pod-1 上的进程 3）\n",
           "zquant-migrate", "lock", "release", "--dry-run");
    r = PROGRAM("zquant-migrate", "lock", "show", "--json");
    cr_assert_not_null(strstr(r.out, "\"holder\": \"zquant-init, process 3 on pod-1\""), "%s",
                       r.out);
    program_free(&r);
    program_env("LC_ALL", "");
    EXPECT(0, "zquant-migrate: would take the lock from zquant-init, process 3 on pod-1\n",
           "zquant-migrate", "lock", "release", "--dry-run");
    EXPECT(0,
           "zquant-migrate: took the lock from zquant-init, process 3 on pod-1; should it be alive "
           "after all, it stops\n",
           "zquant-migrate", "lock", "release");
    cli_expect_value("2", "SELECT token FROM zq_meta_lease WHERE holder IS NULL");
    SAYS(0, "nobody is at work on database", "zquant-migrate", "lock", "release");
    hold_lock();
    cli_change("UPDATE zq_meta_lease SET server = 'of a dump'");
    expect_shown(
        "nobody is at work; zquant-init, process 3 on pod-1 was, on the server of a dump\n");
    cli_end();
}

/* A server may keep the connection of a client that is gone, and with it the lock, for hours. */
Test(stop, a_holder_that_is_gone_is_known_and_a_connection_that_its_server_keeps_is_ended)
{
    ZQ_AUTO(zq_db) db = NULL;
    char name[ZQ_LOCK_NAME], sql[256];

    cli_begin("kept");
    program_env("ZQUANT_NO_ADMIN", "yes");
    EXPECT(0, NULL, "zquant-init", "--quiet");
    db = cli_open();
    zq_lock_name(cli_database(), NULL, name);
    snprintf(sql, sizeof sql, "DO GET_LOCK('%s', 0)", name);
    live_exec(db, sql);
    live_exec(db, "UPDATE zq_meta_lease SET holder = 'zquant-init, process 3 on pod-1', node = "
                  "CONCAT(@@hostname, ':', @@port), connection_id = CONNECTION_ID(), "
                  "acquired_time = '2026-01-04 00:00:00'");
    EXPECT(0, NULL, "zquant-migrate", "lock", "release");
    cr_assert_eq(zq_db_exec(db, "DO 1", NULL), ZQ_E_LOST);
    hold_lock();
    cli_change("UPDATE zq_meta_lease SET node = CONCAT(@@hostname, ':', @@port)");
    expect_shown("nobody is at work; zquant-init, process 3 on pod-1 was, and ended without a "
                 "word\n");
    cli_end();
}

ZQ_LIVE_MAIN
