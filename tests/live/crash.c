/* The server dies under zquant-init, as in a power cut, and comes back. Runs under
 * scripts/with-server, which gives the command that does it. */
#include "live.h"
#include "program.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char database[64];

static void kill_and_restart_the_server(void)
{
    cr_assert_eq(system(live_env("RESTART", NULL)), 0, "the server did not come back");
}

static void expect_complete(int round)
{
    static const char question[] =
        "SELECT CONCAT_WS(' ', (SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA "
        "= "
        "DATABASE()), (SELECT COUNT(*) FROM zq_app_roles), (SELECT COUNT(*) FROM "
        "zq_app_permissions), (SELECT COUNT(*) FROM zq_app_role_permissions), (SELECT COUNT(*) "
        "FROM "
        "zq_app_users), (SELECT GROUP_CONCAT(revision) FROM zq_meta_history), (SELECT COUNT(*) "
        "FROM "
        "zq_meta_journal))";
    ZQ_AUTO(zq_db) db = live_open();
    char sql[128];
    char *found;

    snprintf(sql, sizeof sql, "USE `%s`", database);
    live_exec(db, sql);
    found = live_value(db, question);
    cr_assert_str_eq(found, "29 3 25 37 1 0003 0", "round %d", round);
    free(found);
}

Test(crash, the_server_killed_at_random_leaves_what_the_next_run_completes, .timeout = 600)
{
    const char *times = getenv("ZQ_TEST_KILLS");
    int kills = times != NULL ? atoi(times) : 4;

    program_env_reset();
    snprintf(database, sizeof database, "%s", live_database("crash"));
    program_env_live(database);
    program_env("ZQUANT_ADMIN_PASSWORD", "Correct1!horse");
    srand((unsigned)getpid());
    for (int round = 0; round < kills; round++) {
        pid_t pid = program_start((const char *const[]){"zquant-init", "-q", NULL});
        program_result again;
        int status;

        usleep((useconds_t)(rand() % 200) * 1000);
        kill_and_restart_the_server();
        status = program_wait(pid);
        cr_assert(status == 0 || status == 2 || status == 69, "round %d: status %d", round, status);
        again = PROGRAM("zquant-init", "-q", "--wait", "60");
        cr_assert_eq(again.status, 0, "round %d: %s", round, again.err);
        program_free(&again);
        expect_complete(round);
        again = PROGRAM("zquant-migrate", "-q", "check");
        cr_assert_eq(again.status, 0, "round %d: %s", round, again.err);
        program_free(&again);
        live_drop(database);
    }
}

Test(crash, a_run_that_waits_outlives_the_server, .timeout = 120)
{
    program_env_reset();
    snprintf(database, sizeof database, "%s", live_database("outlive"));
    program_env_live(database);
    program_env("ZQUANT_ADMIN_PASSWORD", "Correct1!horse");
    for (int round = 0; round < 2; round++) {
        pid_t pid = program_start((const char *const[]){"zquant-init", "-q", "--wait", "60", NULL});

        usleep((useconds_t)(20 + rand() % 60) * 1000);
        kill_and_restart_the_server();
        cr_assert_eq(program_wait(pid), 0, "round %d", round);
        expect_complete(round);
        live_drop(database);
    }
}

int main(int argc, char **argv)
{
    if (live_env("PORT", NULL) != NULL && live_env("RESTART", NULL) == NULL) {
        fprintf(stderr, "SKIPPED: this server cannot be killed; run by 'scripts/with-server %s'\n",
                live_engine());
        return 77;
    }
    return live_main(argc, argv);
}
