/* The server dies, as in a power cut, under zquant-init and under zquant-migrate, and comes back:
 * run again, they leave the schema and the rows of a run that nothing harmed. The server is one of
 * this test alone, from scripts/with-server, so that nobody else's dies. */
#include "killed.h"
#include "live.h"
#include "old_release.h"
#include "program.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* Set where the server is this test's own. */
#define OWN_SERVER "ZQ_TEST_OWN_SERVER"

static char database[64];

static void begin(const char *test)
{
    program_env_reset();
    snprintf(database, sizeof database, "%s", live_database(test));
    program_env_live(database);
    /* A hash, since a password is salted anew by each run. */
    program_env("ZQUANT_ADMIN_PASSWORD_HASH", "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHRzb21lc2Fsd"
                                              "A$PfpwXeGT2uZvgGYqPVdRZ3SpUPzyDvQ8Cjyc7ZgB0nA");
    killed_seed();
}

static int rounds(void)
{
    const char *times = getenv("ZQ_TEST_SERVER_KILLS"); /* set by scripts/soak */

    return times != NULL ? atoi(times) : 3;
}

/* ---- the server ---- */

static void kill_the_server(void)
{
    char path[512];
    FILE *file;
    int pid = 0;

    snprintf(path, sizeof path, "%s/pid", live_env("DIR", ""));
    file = fopen(path, "r");
    cr_assert_not_null(file, "%s", path);
    cr_assert_eq(fscanf(file, "%d", &pid), 1, "%s", path);
    fclose(file);
    cr_assert_eq(kill(pid, SIGKILL), 0, "no server has the id %d", pid);
}

static void start_the_server(void)
{
    cr_assert_eq(system(live_env("RESTART", NULL)), 0, "the server did not come back");
}

/* ---- what is run ---- */

typedef const char *const *command;

static const char *const init[] = {"zquant-init", "-q", NULL};
static const char *const upgrade[] = {"zquant-migrate", "-q", "upgrade", NULL};
static const char *const check[] = {"zquant-migrate", "-q", "check", NULL};
static const char *const adopt[] = {"zquant-migrate", "-q", "adopt", NULL};

static void expect_success(command words)
{
    program_result r = program_run(words, NULL);
    char log[600];

    snprintf(log, sizeof log, "tail -n 60 '%s/log' >&2", live_env("DIR", ""));
    if (r.status != 0)
        cr_assert_eq(system(log), 0);
    cr_assert_eq(r.status, 0, "status %d: %s", r.status, r.err);
    program_free(&r);
}

static unsigned now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (unsigned)now.tv_sec * 1000 + (unsigned)(now.tv_nsec / 1000000);
}

static void wait_ms(unsigned ms)
{
    struct timespec pause = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};

    nanosleep(&pause, NULL);
}

/* What the database is ready with: the record, and all rows but the times in them. */
static char *state(void)
{
    ZQ_AUTO(zq_db) db = live_open();
    char *history, *rows, *both = NULL;

    live_use(db, database);
    history = live_value(
        db,
        "SELECT CONCAT((SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = "
        "DATABASE()), ' tables, ', (SELECT COUNT(*) FROM zq_meta_journal), ' in the journal, ', "
        "(SELECT GROUP_CONCAT(operation, ' ', revision ORDER BY id) FROM zq_meta_history))");
    rows = old_release_rows(db, true);
    cr_assert_geq(asprintf(&both, "%s\n%s", history, rows), 0);
    free(history);
    free(rows);
    return both;
}

static void expect_state(const char *unharmed, int round)
{
    char *found = state();

    expect_success(check);
    cr_assert_str_eq(found, unharmed, "round %d", round);
    free(found);
}

/* Run these words `rounds()` times in the database that `make` leaves, kill the server at some
 * moment of the time that they take unharmed, and run them again. */
static void expect_the_next_run_completes(void (*make)(void), command words)
{
    unsigned takes_ms, started_ms, harmed = 0;
    char *unharmed;

    make();
    started_ms = now_ms();
    expect_success(words);
    takes_ms = now_ms() - started_ms + 1;
    unharmed = state();
    for (int round = 0; round < rounds(); round++) {
        pid_t pid;
        int status;

        make();
        pid = program_start(words);
        wait_ms((unsigned)rand() % takes_ms);
        kill_the_server();
        status = program_wait(pid);
        cr_assert(status == 0 || status == 2 || status == 69, "round %d: status %d", round, status);
        harmed += status != 0;
        start_the_server();
        expect_success(words);
        expect_state(unharmed, round);
    }
    fprintf(stderr, "%u of %d runs were cut short\n", harmed, rounds());
    cr_assert(harmed > 0 || rounds() < 5, "every run was faster than its server's end");
    free(unharmed);
}

/* ---- the tests ---- */

static void make_nothing(void)
{
    live_drop(database);
}

/* An unharmed database of 0.2.0, with rows, that is recorded. */
static void make_old(void)
{
    static const char *const codes[] = {"000001", NULL};
    ZQ_AUTO(zq_db) db = live_open();

    old_release_make(db, database, "0.2.0", codes);
    expect_success(adopt);
}

Test(crash, init_on_a_server_that_dies_is_completed_by_the_next_run, .timeout = 3600)
{
    begin("crash_init");
    expect_the_next_run_completes(make_nothing, init);
    live_drop(database);
}

Test(crash, an_upgrade_on_a_server_that_dies_is_completed_by_the_next_run, .timeout = 3600)
{
    begin("crash_upgrade");
    expect_the_next_run_completes(make_old, upgrade);
    live_drop(database);
}

Test(crash, a_run_that_waits_outlives_the_server, .timeout = 120)
{
    char *unharmed;

    begin("outlive");
    expect_success(init);
    unharmed = state();
    for (int round = 0; round < 2; round++) {
        pid_t pid;

        live_drop(database);
        pid = program_start((const char *const[]){"zquant-init", "-q", "--wait", "60", NULL});
        wait_ms(20 + (unsigned)rand() % 60);
        kill_the_server();
        start_the_server();
        cr_assert_eq(program_wait(pid), 0, "round %d", round);
        expect_state(unharmed, round);
    }
    free(unharmed);
    live_drop(database);
}

/* This program again, with a server of its own. */
static int run_with_own_server(int argc, char **argv)
{
    static const char runner[] = ZQ_SOURCE_DIR "/scripts/with-server";
    const char *words[32] = {runner, live_engine(), "--no-sync", "--"};

    for (int i = 0; i < argc && i < 16; i++)
        words[4 + i] = argv[i];
    setenv(OWN_SERVER, "yes", 1);
    execv(runner, (char *const *)words);
    perror(runner);
    return 1;
}

int main(int argc, char **argv)
{
    if (live_env("PORT", NULL) != NULL && live_env("RESTART", NULL) == NULL) {
        fprintf(stderr, "SKIPPED: this server cannot be killed; run by 'scripts/with-server %s'\n",
                live_engine());
        return 77;
    }
    if (live_env("PORT", NULL) != NULL && getenv(OWN_SERVER) == NULL)
        return run_with_own_server(argc, argv);
    return live_main(argc, argv);
}
