/* A server that is killed while revisions run on it: one of its own, so that no other test is
 * harmed. MariaDB only, whose server can be started from its own package. */
#include "live.h"
#include "program.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char server[] = "/usr/sbin/mariadbd";
static const char installer[] = "/usr/bin/mariadb-install-db";

static char folder[128];
static char port[16];

static void wait_ms(unsigned ms)
{
    struct timespec pause = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};

    nanosleep(&pause, NULL);
}

static pid_t start_server(void)
{
    char datadir[160], socket[160], port_option[32];
    const char *const words[] = {server,
                                 "--no-defaults",
                                 "--user=root",
                                 "--bind-address=127.0.0.1",
                                 "--innodb-buffer-pool-size=32M",
                                 datadir,
                                 socket,
                                 port_option,
                                 NULL};

    snprintf(datadir, sizeof datadir, "--datadir=%s", folder);
    snprintf(socket, sizeof socket, "--socket=%s/s", folder);
    snprintf(port_option, sizeof port_option, "--port=%s", port);
    return program_start(words);
}

static void make_server(void)
{
    char datadir[160];
    program_result r;

    snprintf(folder, sizeof folder, "%s/server", program_dir());
    snprintf(port, sizeof port, "%ld", 20000 + (long)getpid() % 10000);
    snprintf(datadir, sizeof datadir, "--datadir=%s", folder);
    r = PROGRAM(installer, "--no-defaults", "--auth-root-authentication-method=normal",
                "--user=root", datadir);
    cr_assert_eq(r.status, 0, "%s", r.err);
    program_free(&r);
}

static void kill_server(pid_t pid)
{
    kill(pid, SIGKILL);
    program_wait(pid);
}

/* Run zquant-migrate, waiting for the server; its status. */
static int migrate(const char *command)
{
    program_result r = PROGRAM("zquant-migrate", command, "--wait", "60");
    int status = r.status;

    if (status != 0)
        fprintf(stderr, "%s", r.err);
    program_free(&r);
    return status;
}

Test(server_crash, killed_while_revisions_run_it_ends_as_an_unharmed_run_does, .timeout = 300)
{
    static const char *const upgrade[] = {"zquant-migrate", "upgrade", NULL};
    pid_t running;

    if (access(server, X_OK) != 0 || access(installer, X_OK) != 0 || geteuid() != 0 ||
        live_flavor() != ZQ_MARIADB)
        cr_skip_test("no MariaDB server to start");
    program_env_reset();
    make_server();
    program_env("DB_HOST", "127.0.0.1");
    program_env("DB_PORT", port);
    program_env("DB_USER", "root");
    program_env("DB_NAME", "zqt_crash");
    running = start_server();
    srand((unsigned)time(NULL));
    for (int round = 0; round < 3; round++) {
        pid_t tool;

        {
            program_result r = PROGRAM("zquant-init", "--wait", "60", "--no-admin");

            cr_assert_eq(r.status, 0, "%s", r.err);
            program_free(&r);
        }
        {
            program_result r = PROGRAM("zquant-migrate", "downgrade", "0001", "--allow-data-loss");

            cr_assert_eq(r.status, 0, "%s", r.err);
            program_free(&r);
        }
        tool = program_start(upgrade);
        wait_ms(50 + (unsigned)rand() % 1500);
        kill_server(running);
        program_wait(tool);
        running = start_server();
        cr_assert_eq(migrate("upgrade"), 0);
        cr_assert_eq(migrate("check"), 0);
    }
    kill_server(running);
    {
        program_result r = PROGRAM("/bin/rm", "-rf", folder);

        program_free(&r);
    }
}

ZQ_LIVE_MAIN
