/* A certificate and a dump of one moment, while others write. Writers are held off by FLUSH TABLES
 * WITH READ LOCK, which is in the way of whoever tests something else on this server. */
#include "cli.h"
#include "dump.h"
#include "stocks.h"

#include "release.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static zq_arena *arena;
static char copy[80];

static void begin(void)
{
    ZQ_AUTO(zq_db) db = NULL;
    ZQ_AUTO_BUF(sql);
    const stocks_ways ways = {.seed = 3, .shuffled = true, .rows = 30};

    arena = zq_arena_open();
    cli_begin("certify");
    snprintf(copy, sizeof copy, "%s_copy", cli_database());
    program_env("ZQUANT_ADMIN_HASH", "bcrypt");
    EXPECT(0, NULL, "zquant-init", "-q");
    for (int stock = 0; stock < 6; stock++)
        cr_assert_eq(stocks_write(&sql, &zq_schema_head, stock, &ways, NULL), ZQ_OK);
    zq_buf_str(&sql, "CREATE TABLE a (id int PRIMARY KEY AUTO_INCREMENT, n int);"
                     "CREATE TABLE b LIKE a; CREATE TABLE z LIKE a");
    db = cli_open();
    live_exec(db, zq_buf_text(&sql));
}

static void end(void)
{
    live_drop(copy);
    cli_end();
    zq_arena_close(arena);
}

TestSuite(certify, .init = begin, .fini = end, .timeout = 300);

static const char *const *write_with(const char *const *program)
{
    static const char *const words[] = {"zquant-migrate", "verify", "--write", "cert", NULL};

    return dump_words_after(words, program, arena);
}

static const char *const *write_with_dump(void)
{
    return write_with(dump_words(cli_database(), NULL, NULL, arena));
}

static bool has_certificate(void)
{
    return access(zq_arena_printf(arena, "%s/cert", program_dir()), F_OK) == 0;
}

/* ---- while others write ---- */

typedef struct writing {
    pthread_t thread;
    atomic_bool stop;
    atomic_int n;
} writing;

/* The same in three tables, the first and the last of the dump among them: rows of one moment are
 * as many in each. */
static void *write_on(void *context)
{
    writing *w = context;
    ZQ_AUTO(zq_db) db = cli_open();

    while (!w->stop) {
        live_exec(db, "START TRANSACTION; INSERT INTO a (n) VALUES (1); INSERT INTO z (n) "
                      "VALUES (2); INSERT INTO b (n) VALUES (3); UPDATE "
                      "zq_data_tustock_daily_600003 SET close = close + 1 WHERE id = 5; COMMIT");
        w->n++;
    }
    return NULL;
}

Test(certify, a_dump_is_what_its_certificate_says_though_others_write_all_the_time)
{
    const char *text = getenv("ZQ_TEST_ROUNDS");
    int rounds = text == NULL ? 2 : atoi(text);
    writing w = {0};

    cr_assert_eq(pthread_create(&w.thread, NULL, write_on, &w), 0);
    for (int round = 0; round < rounds; round++) {
        int before = w.n;
        program_result r;

        while (w.n < before + 5)
            usleep(1000);
        r = program_run(write_with_dump(), NULL);
        cr_assert_eq(r.status, 0, "round %d: %s", round, r.err);
        dump_load(copy, r.out);
        program_free(&r);
        r = PROGRAM("zquant-migrate", "verify", "--no-color", "-D", copy, "cert");
        cr_assert_eq(r.status, 0, "round %d: %s%s", round, r.out, r.err);
        program_free(&r);
    }
    w.stop = true;
    pthread_join(w.thread, NULL);
    cr_assert_eq(PROGRAM("zquant-migrate", "verify", "--no-color", "cert").status, 1);
}

/* ---- programs that are not such a dump ---- */

Test(certify, without_its_dump_no_certificate_is_written)
{
    SAYS(2, "zquant-migrate: no certificate was written: '/bin/false' ended with status 1\n",
         "zquant-migrate", "verify", "--write", "cert", "--", "/bin/false");
    SAYS(2,
         "zquant-migrate: cannot run 'no-such-dump': No such file or directory\n"
         "hint: what stands behind '--' is a program and its arguments: see that it is there, and "
         "that this user may run it\n"
         "zquant-migrate: no certificate was written: 'no-such-dump' ended with status 66\n",
         "zquant-migrate", "verify", "--write", "cert", "--", "no-such-dump");
    SAYS(2,
         "zquant-migrate: no certificate was written: 'sleep' began no snapshot within 1 s, and "
         "writers are not held off longer\n"
         "hint: dump with --single-transaction and as the same user, or give it longer by "
         "'--lock-wait'\n",
         "zquant-migrate", "verify", "--write", "cert", "--lock-wait", "1", "--", "sleep", "600");
    cr_assert_not(has_certificate());
    /* Nobody is held off any more. */
    cli_change("INSERT INTO a (n) VALUES (1)");
    SAYS(64, "'-- COMMAND' goes with --write FILE\n", "zquant-migrate", "verify", "--", "true");
}

/* As some who start programs have it: no status of a child is kept then. */
Test(certify, a_dump_that_failed_is_seen_where_the_end_of_children_is_ignored)
{
    SAYS(2, "zquant-migrate: no certificate was written: '/bin/false' ended with status 1\n",
         "/usr/bin/env", "--ignore-signal=CHLD", ZQ_BUILD_DIR "/zquant-migrate", "verify",
         "--write", "cert", "--", "/bin/false");
    cr_assert_not(has_certificate());
}

/* To MariaDB it begins as those of our own do, in whose counting no letter has a case. */
Test(certify, a_table_whose_name_differs_from_ours_in_case_is_counted)
{
    cli_change("CREATE TABLE ZQ_META_own (a int)");
    EXPECT(0, NULL, "zquant-migrate", "verify", "-q", "--write", "cert", "--", "true");
    cr_assert(has_certificate());
}

Test(certify, a_program_that_does_not_obey_is_not_waited_for)
{
    const time_t begun = time(NULL);

    SAYS(2, "zquant-migrate: no certificate was written: '/bin/sh' began no snapshot within 1 s",
         "zquant-migrate", "verify", "--write", "cert", "--lock-wait", "1", "--", "/bin/sh", "-c",
         "trap '' TERM; exec sleep 60");
    cr_assert_lt(time(NULL) - begun, 40);
}

Test(certify, a_long_statement_is_not_waited_for_longer_than_that)
{
    ZQ_AUTO(zq_db) db = cli_hold("INSERT INTO a (id, n) VALUES (7, 7)");
    pid_t blocked;

    /* An INSERT that waits for that row's lock is a statement under way. */
    blocked = fork();
    if (blocked == 0) {
        ZQ_AUTO(zq_db) other = cli_open();

        zq_db_exec(other,
                   "SET SESSION innodb_lock_wait_timeout = 20; INSERT INTO a (id, n) "
                   "VALUES (7, 8)",
                   NULL);
        _exit(0);
    }
    cli_wait_for_other("INFO LIKE 'INSERT INTO a (id, n) VALUES (7, 8)%'");
    SAYS(75, "zquant-migrate: cannot hold off writers while snapshots begin: ", "zquant-migrate",
         "verify", "--write", "cert", "--lock-wait", "1", "--", "true");
    cr_assert_not(has_certificate());
    live_exec(db, "COMMIT");
    program_wait(blocked);
}

ZQ_LIVE_MAIN_ALONE
