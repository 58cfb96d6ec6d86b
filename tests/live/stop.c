#include "cli.h"

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
    cli_begin("lock");
    program_env("ZQUANT_NO_ADMIN", "yes");
    expect_shown("nobody is at work\n");
    EXPECT(0, NULL, "zquant-init", "--quiet");
    expect_shown("nobody is at work\n");
    hold_lock();
    expect_shown("zquant-init, process 3 on pod-1, connection 42 of db3:3306, since 2026-01-04 "
                 "00:00:00.000\n");
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

ZQ_LIVE_MAIN
