#include "run/lock.h"

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

Test(lock, a_second_taker_waits_is_told_who_holds_it_and_gives_up_in_time)
{
    ZQ_AUTO(zq_db) first = live_open();
    ZQ_AUTO(zq_db) second = live_open();
    unsigned waits = 0;
    zq_err err = {0};

    cr_assert_eq(zq_lock_take(first, "zqt_lock", 1000, NULL, NULL, &err), ZQ_OK);
    cr_assert_eq(zq_lock_take(second, "zqt_lock", 2000, count_waits, &waits, &err), ZQ_E_LOCKED);
    cr_assert_eq(waits, 1);
    cr_assert_str_eq(err.message, "another run has held the lock for over 2 s");
    cr_assert_str_eq(err.hint, "wait for it to finish, or allow more time with --lock-timeout");
    cr_assert(strstr(err.detail, "held by connection ") == err.detail, "%s", err.detail);
}

Test(lock, databases_and_parts_of_a_run_have_names_of_their_own)
{
    char a[ZQ_LOCK_NAME], b[ZQ_LOCK_NAME], part[ZQ_LOCK_NAME];

    zq_lock_name("a", NULL, a);
    zq_lock_name("b", NULL, b);
    zq_lock_name("a", "session", part);
    cr_assert_str_neq(a, b);
    cr_assert_str_neq(a, part);
}

Test(lock, a_holder_that_dies_loses_it_at_once)
{
    zq_db *first = live_open();
    ZQ_AUTO(zq_db) second = live_open();
    char sql[64];
    zq_err err = {0};

    cr_assert_eq(zq_lock_take(first, "zqt_lock_c", 0, NULL, NULL, &err), ZQ_OK);
    snprintf(sql, sizeof sql, "KILL %llu", zq_db_connection_id(first));
    live_exec(second, sql);
    cr_assert_eq(zq_lock_take(second, "zqt_lock_c", 2000, NULL, NULL, &err), ZQ_OK, "%s",
                 err.message);
    zq_db_close(first);
}

Test(lock, whoever_does_not_give_it_back_in_time_is_ended)
{
    zq_db *first = live_open();
    ZQ_AUTO(zq_db) second = live_open();
    zq_err err = {0};

    cr_assert_eq(zq_lock_take(first, "zqt_lock_d", 0, NULL, NULL, &err), ZQ_OK);
    cr_assert_eq(zq_lock_clear(second, "zqt_lock_d", 0, 5000, &err), ZQ_OK, "%s", err.message);
    cr_assert_eq(zq_db_exec(first, "DO 1", &err), ZQ_E_LOST);
    zq_db_close(first);
}

Test(lock, a_connection_that_does_not_end_in_time_is_named)
{
    zq_db *first = live_open();
    ZQ_AUTO(zq_db) second = live_open();
    char message[80];
    zq_err err = {0};

    cr_assert_eq(zq_lock_take(first, "zqt_lock_e", 0, NULL, NULL, &err), ZQ_OK);
    cr_assert_eq(zq_lock_clear(second, "zqt_lock_e", 0, 0, &err), ZQ_E_LOCKED);
    snprintf(message, sizeof message, "connection %llu of a run that is gone is still open",
             zq_db_connection_id(first));
    cr_assert_str_eq(err.message, message);
    zq_db_close(first);
}

ZQ_LIVE_MAIN
