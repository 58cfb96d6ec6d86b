#include "run/lease.h"

#include "live.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static zq_rc count_waits(void *context, const char *holder, unsigned waited_ms, zq_err *err)
{
    (void)waited_ms;
    (void)err;
    cr_assert(strncmp(holder, "connection ", 11) == 0, "%s", holder);
    ++*(unsigned *)context;
    return ZQ_OK;
}

Test(lease, a_second_taker_waits_is_told_who_holds_it_and_gives_up_in_time)
{
    ZQ_AUTO(zq_db) first = live_open();
    ZQ_AUTO(zq_db) second = live_open();
    ZQ_AUTO(zq_lease) held = NULL;
    ZQ_AUTO(zq_lease) wanted = NULL;
    unsigned waits = 0;
    zq_err err = {0};

    cr_assert_eq(zq_lease_take(first, "zqt_lease", 1000, NULL, NULL, &held, &err), ZQ_OK);
    cr_assert_eq(zq_lease_take(second, "zqt_lease", 2000, count_waits, &waits, &wanted, &err),
                 ZQ_E_LOCKED);
    cr_assert_eq(waits, 1);
    cr_assert_str_eq(err.message, "another run has held the lock for over 2 s");
    cr_assert_str_eq(err.hint, "wait for it to finish, or allow more time with --lock-timeout");
    cr_assert(strstr(err.detail, "held by connection ") == err.detail, "%s", err.detail);
    cr_assert_null(wanted);
}

static void expect_answer(zq_db *db, const char *answer)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const char *question = zq_lease_question("zqt_lease_q", arena);
    zq_err err = {0};
    zq_rows rows;

    cr_assert_eq(live_query(db, question, NULL, 0, arena, &rows, &err), ZQ_OK, "%s", err.message);
    cr_assert_str_eq(zq_rows_at(&rows, 0, 0), answer);
}

Test(lease, the_question_takes_it_when_it_is_free_and_does_not_wait)
{
    ZQ_AUTO(zq_db) first = live_open();
    ZQ_AUTO(zq_db) second = live_open();
    zq_lease *held;
    zq_err err = {0};

    expect_answer(first, "1");
    expect_answer(second, "0");
    held = zq_lease_held(first, "zqt_lease_q");
    zq_lease_release(held);
    cr_assert_eq(zq_lease_take(second, "zqt_lease_q", 0, NULL, NULL, &held, &err), ZQ_OK);
    zq_lease_release(held);
}

Test(lease, other_databases_have_leases_of_their_own)
{
    ZQ_AUTO(zq_db) first = live_open();
    ZQ_AUTO(zq_db) second = live_open();
    ZQ_AUTO(zq_lease) one = NULL;
    ZQ_AUTO(zq_lease) two = NULL;
    zq_err err = {0};

    cr_assert_eq(zq_lease_take(first, "zqt_lease_a", 0, NULL, NULL, &one, &err), ZQ_OK);
    cr_assert_eq(zq_lease_take(second, "zqt_lease_b", 0, NULL, NULL, &two, &err), ZQ_OK);
}

Test(lease, a_holder_that_dies_loses_it_at_once)
{
    zq_db *first = live_open();
    ZQ_AUTO(zq_db) second = live_open();
    zq_lease *lost = NULL;
    ZQ_AUTO(zq_lease) taken = NULL;
    char sql[64];
    zq_err err = {0};

    cr_assert_eq(zq_lease_take(first, "zqt_lease_c", 0, NULL, NULL, &lost, &err), ZQ_OK);
    snprintf(sql, sizeof sql, "KILL %llu", zq_db_connection_id(first));
    live_exec(second, sql);
    cr_assert_eq(zq_lease_take(second, "zqt_lease_c", 2000, NULL, NULL, &taken, &err), ZQ_OK, "%s",
                 err.message);
    zq_lease_release(lost);
    zq_db_close(first);
}

ZQ_LIVE_MAIN
