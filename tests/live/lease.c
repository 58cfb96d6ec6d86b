#include "run/lease.h"

#include "live.h"

#include "base/clock.h"
#include "base/language.h"
#include "run/session_lock.h"
#include "run/transact.h"

#include "release.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *database;

static zq_db *begin(const char *name)
{
    zq_db *db = live_open();

    database = live_database(name);
    live_make_database(db, database);
    return db;
}

static zq_lease_request request_over(zq_db *db, unsigned timeout_ms)
{
    return (zq_lease_request){.db = db,
                              .database = database,
                              .program = "zquant-test",
                              .schema = &zq_schema_head,
                              .may_make = true,
                              .timeout_ms = timeout_ms};
}

static zq_lease *take(zq_db *db)
{
    zq_lease_request request = request_over(db, 5000);
    zq_lease *lease = NULL;
    zq_err err = {0};

    cr_assert_eq(zq_lease_take(&request, &lease, &err), ZQ_OK, "%s: %s", err.message, err.detail);
    return lease;
}

static void change(zq_db *db, const char *what)
{
    char sql[512];

    snprintf(sql, sizeof sql, "UPDATE `%s`.zq_meta_lease SET %s", database, what);
    live_exec(db, sql);
}

static void expect_row(zq_db *db, unsigned long long token, bool held)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_lease_row row;
    zq_err err = {0};

    cr_assert_eq(zq_lease_read(db, database, arena, &row, &err), ZQ_OK, "%s", err.message);
    cr_assert(row.there);
    cr_assert_eq(row.token, token, "%llu", row.token);
    cr_assert_eq(row.holder != NULL, held);
}

Test(lease, it_makes_its_table_counts_its_holders_and_is_given_back)
{
    ZQ_AUTO(zq_db) db = begin("lease");

    for (unsigned long long token = 1; token <= 3; token++) {
        zq_lease *lease = take(db);

        cr_assert_eq(zq_lease_token(lease), token);
        expect_row(db, token, true);
        zq_lease_release(lease);
        expect_row(db, token, false);
    }
    live_drop(database);
}

/* ---- a client that is gone, of which its server knows nothing ---- */

/* A lock of `part` of a run on this database, over that connection. */
static void hold(zq_db *db, const char *part)
{
    char name[ZQ_LOCK_NAME], sql[128];

    zq_lock_name(database, part, name);
    snprintf(sql, sizeof sql, "DO GET_LOCK('%s', 0)", name);
    live_exec(db, sql);
}

/* Wait for the lease as one who gives its holder half a second. */
static zq_rc wait_for_silent(zq_db *db, zq_err *err)
{
    zq_lease_request request = request_over(db, 3000);
    ZQ_AUTO(zq_lease) lease = NULL;

    request.silent_ms = 500;
    return zq_lease_take(&request, &lease, err);
}

Test(lease, a_holder_that_should_beat_and_does_not_is_ended_while_its_server_keeps_it)
{
    ZQ_AUTO(zq_db) holder = begin("lease_silent");
    ZQ_AUTO(zq_db) heart = live_open();
    ZQ_AUTO(zq_db) other = live_open();
    zq_lease *lease = take(holder);
    zq_err err = {0};

    hold(heart, "heart");
    cr_assert_eq(wait_for_silent(other, &err), ZQ_OK, "%s: %s", err.message, err.detail);
    cr_assert_eq(zq_db_exec(holder, "DO 1", NULL), ZQ_E_LOST);
    cr_assert_eq(zq_db_exec(heart, "DO 1", NULL), ZQ_E_LOST);
    zq_lease_release(lease);
    live_drop(database);
}

Test(lease, a_holder_without_a_connection_to_beat_with_is_waited_for)
{
    ZQ_AUTO(zq_db) holder = begin("lease_heartless");
    ZQ_AUTO(zq_db) other = live_open();
    zq_lease *lease = take(holder);
    zq_err err = {0};

    cr_assert_eq(wait_for_silent(other, &err), ZQ_E_LOCKED);
    live_exec(holder, "DO 1");
    zq_lease_release(lease);
    live_drop(database);
}

static zq_rc open_heart(void *context, zq_db **out_db, zq_err *err)
{
    const zq_target target = live_target();

    (void)context;
    return zq_db_open(&target, out_db, err);
}

static void wait_for_one(zq_db *db, const char *sql)
{
    bool found = false;

    for (int tries = 0; tries < 600 && !found; tries++) {
        char *value = live_value(db, sql);

        found = strcmp(value, "1") == 0;
        free(value);
        live_exec(db, "DO SLEEP(0.05)");
    }
    cr_assert(found, "%s", sql);
}

/* What those who wait go by. */
Test(lease, a_run_of_more_than_two_seconds_beats_over_a_connection_that_has_a_lock)
{
    ZQ_AUTO(zq_db) db = begin("lease_heart");
    zq_lease_request request = request_over(db, 5000);
    char name[ZQ_LOCK_NAME], sql[128];
    zq_lease *lease = NULL;
    zq_err err = {0};
    char *value;

    request.open = open_heart;
    zq_lock_name(database, "heart", name);
    snprintf(sql, sizeof sql, "SELECT IS_USED_LOCK('%s') IS NOT NULL", name);
    cr_assert_eq(zq_lease_take(&request, &lease, &err), ZQ_OK, "%s", err.message);
    value = live_value(db, sql);
    cr_expect_str_eq(value, "0");
    free(value);
    wait_for_one(db, sql);
    snprintf(sql, sizeof sql, "SELECT beat > 0 FROM `%s`.zq_meta_lease WHERE id = 1", database);
    wait_for_one(db, sql);
    zq_lease_release(lease);
    live_drop(database);
}

static zq_rc count_up(void *context, const char *holder, unsigned waited_ms, zq_err *err)
{
    (void)holder;
    (void)waited_ms;
    (void)err;
    change(context, "beat = beat + 1");
    return ZQ_OK;
}

Test(lease, a_holder_that_beats_is_waited_for)
{
    ZQ_AUTO(zq_db) holder = begin("lease_beats");
    ZQ_AUTO(zq_db) heart = live_open();
    ZQ_AUTO(zq_db) other = live_open();
    zq_lease *lease = take(holder), *second = NULL;
    zq_lease_request request = request_over(other, 3000);
    zq_err err = {0};

    hold(heart, "heart");
    request.silent_ms = 500;
    request.on_wait = count_up;
    request.wait_context = heart;
    cr_assert_eq(zq_lease_take(&request, &second, &err), ZQ_E_LOCKED);
    live_exec(holder, "DO 1");
    zq_lease_release(lease);
    live_drop(database);
}

/* Somebody else's connection may have the lock that our row does not speak of: an older build's. */
Test(lease, one_who_is_not_named_in_the_row_is_waited_for)
{
    ZQ_AUTO(zq_db) holder = begin("lease_unnamed");
    ZQ_AUTO(zq_db) heart = live_open();
    ZQ_AUTO(zq_db) other = live_open();
    zq_lease *lease = take(holder);
    zq_err err = {0};

    change(holder, "connection_id = 1");
    hold(heart, "heart");
    cr_assert_eq(wait_for_silent(other, &err), ZQ_E_LOCKED);
    live_exec(holder, "DO 1");
    live_exec(heart, "DO 1");
    zq_lease_release(lease);
    live_drop(database);
}

static void expect_held(zq_db *db, const char *by)
{
    zq_lease_request request = request_over(db, 1000);
    zq_lease *lease = NULL;
    zq_err err = {0};

    cr_assert_eq(zq_lease_take(&request, &lease, &err), ZQ_E_LOCKED);
    cr_assert_str_eq(err.message, "another run has held the lock for over 1 s");
    cr_assert(strstr(err.detail, by) != NULL, "%s", err.detail);
    live_exec(db, "DO RELEASE_ALL_LOCKS()");
}

Test(lease, a_holder_on_another_node_is_waited_for_and_named)
{
    ZQ_AUTO(zq_db) db = begin("lease");
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_lease_request request = request_over(db, 1000);
    zq_lease *lease = NULL;
    zq_err err = {0};

    zq_lease_release(take(db));
    change(db, "holder = 'zquant-init, process 7 on there', node = 'db2:3306'");
    expect_held(db, "held by zquant-init, process 7 on there, over db2:3306, since ");
    zq_language_set("zh_CN.UTF-8");
    cr_expect_str_eq(zq_lease_say_holder("zquant-init, process 7 on there", arena),
                     "zquant-init（主机 there 上的进程 7）");
    cr_expect_str_eq(zq_lease_say_holder("somebody", arena), "somebody");
    cr_expect_eq(zq_lease_take(&request, &lease, &err), ZQ_E_LOCKED);
    zq_language_set(NULL);
    cr_expect_str_eq(err.message, "另一次运行持有锁已超过 1 秒");
    cr_expect_not_null(
        strstr(err.detail, "zquant-init（主机 there 上的进程 7），经由 db2:3306，始于 "), "%s",
        err.detail);
    live_exec(db, "DO RELEASE_ALL_LOCKS()");
    live_drop(database);
}

static atomic_bool beating;

static void *keep_beating(void *context)
{
    while (beating) {
        change(context, "beat = beat + 1");
        live_exec(context, "DO SLEEP(0.1)");
    }
    return NULL;
}

/* Take it while the row speaks of a holder on another node; `beats`: whose beat moves. */
static zq_rc take_from_another_node(bool beats, zq_err *err)
{
    ZQ_AUTO(zq_db) db = begin(beats ? "lease_alive" : "lease_dead");
    ZQ_AUTO(zq_db) other = live_open();
    const zq_lease_request request = request_over(db, beats ? 14000 : 60000);
    ZQ_AUTO(zq_lease) lease = NULL;
    pthread_t thread;
    zq_rc rc;

    zq_lease_release(take(db));
    change(db, "holder = 'zquant-init, process 7 on there', node = 'db2:3306'");
    beating = beats;
    pthread_create(&thread, NULL, keep_beating, other);
    rc = zq_lease_take(&request, &lease, err);
    beating = false;
    pthread_join(thread, NULL);
    live_drop(database);
    return rc;
}

Test(lease, a_holder_on_another_node_is_followed_when_its_beat_has_not_moved_for_12_seconds)
{
    const unsigned long long began_ms = zq_now_ms();
    zq_err err = {0};

    cr_assert_eq(take_from_another_node(false, &err), ZQ_OK, "%s", err.message);
    cr_assert_geq(zq_now_ms() - began_ms, 12000);
}

Test(lease, a_holder_on_another_node_whose_beat_moves_is_not_followed)
{
    zq_err err = {0};

    cr_assert_eq(take_from_another_node(true, &err), ZQ_E_LOCKED);
}

Test(lease, a_run_over_another_node_is_at_work_when_its_beat_moves)
{
    ZQ_AUTO(zq_db) db = begin("lease_elsewhere");
    ZQ_AUTO(zq_db) other = live_open();
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const char *who = "";
    pthread_t thread;
    zq_err err = {0};

    zq_lease_release(take(db));
    cr_assert_eq(zq_lease_elsewhere(db, database, ZQ_LEASE_LOOK_MS, arena, &who, &err), ZQ_OK, "%s",
                 err.message);
    cr_assert_null(who);
    change(db, "holder = 'zquant-init, process 7 on there', node = 'db2:3306'");
    beating = true;
    pthread_create(&thread, NULL, keep_beating, other);
    cr_assert_eq(zq_lease_elsewhere(db, database, ZQ_LEASE_LOOK_MS, arena, &who, &err), ZQ_OK, "%s",
                 err.message);
    beating = false;
    pthread_join(thread, NULL);
    cr_assert_not_null(who);
    cr_assert_not_null(strstr(who, "zquant-init, process 7 on there, over db2:3306, since "), "%s",
                       who);
    change(db, "node = CONCAT(@@hostname, ':', @@port)");
    cr_assert_eq(zq_lease_elsewhere(db, database, ZQ_LEASE_LOOK_MS, arena, &who, &err), ZQ_OK, "%s",
                 err.message);
    cr_assert_null(who);
    live_drop(database);
}

Test(lease, the_row_of_another_server_is_void_as_in_a_backup_that_was_restored)
{
    ZQ_AUTO(zq_db) db = begin("lease");
    zq_lease *lease;

    zq_lease_release(take(db));
    change(db, "holder = 'somebody', node = 'db2:3306', server = 'another'");
    lease = take(db);
    cr_assert_eq(zq_lease_token(lease), 2);
    zq_lease_release(lease);
    live_drop(database);
}

static void kill_connection(zq_db *by, zq_db *whose)
{
    char sql[64];

    snprintf(sql, sizeof sql, "KILL %llu", zq_db_connection_id(whose));
    live_exec(by, sql);
}

Test(lease, a_run_that_lost_its_connection_is_followed_at_once_and_what_it_left_at_work_is_ended)
{
    zq_db *first = begin("lease");
    ZQ_AUTO(zq_db) worker = live_open();
    ZQ_AUTO(zq_db) second = live_open();
    const zq_online_rules rules = {.database = database, .lock_timeout_ms = 5000};
    zq_lease *lost = take(first);
    zq_lease *taken;
    zq_err err = {0};

    cr_assert_eq(zq_session_lock(worker, &rules, 3, &err), ZQ_OK, "%s", err.message);
    kill_connection(second, first);
    taken = take(second);
    cr_assert_eq(zq_lease_token(taken), 2);
    cr_assert_eq(zq_db_exec(worker, "DO 1", &err), ZQ_E_LOST);
    zq_lease_release(lost);
    expect_row(second, 2, true);
    zq_lease_release(taken);
    zq_db_close(first);
    live_drop(database);
}

/* The question is asked along with the state; what another run has done since is not in that. */
Test(lease, a_run_that_was_at_work_since_the_question_is_known_when_the_row_is_taken)
{
    ZQ_AUTO(zq_db) db = begin("lease_moved");
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const zq_lease_request request = request_over(db, 5000);

    zq_lease_release(take(db));
    for (unsigned others = 0; others < 3; others++) {
        char *answer = live_value(db, zq_lease_question(database, true, arena));
        zq_lease *lease = zq_lease_locked(&request, answer);
        bool moved;
        zq_err err = {0};

        cr_assert_not_null(lease, "%s", answer);
        free(answer);
        for (unsigned i = 0; i < others; i++)
            change(db, "token = token + 1");
        cr_assert_eq(zq_lease_claim(lease, &moved, &err), ZQ_OK, "%s", err.message);
        cr_expect_eq(moved, others > 0, "%u", others);
        zq_lease_release(lease);
    }
    live_drop(database);
}

static zq_rc note(zq_db *db, const zq_lease *lease, const char *who, zq_err *err)
{
    zq_arg arg = zq_arg_text(who);

    return zq_transact(db, lease, "INSERT INTO notes VALUES (?)", &arg, 1, NULL, NULL, err);
}

static void expect_notes(zq_db *db, const char *wanted)
{
    char *got = live_value(db, "SELECT GROUP_CONCAT(who ORDER BY who) FROM notes");

    cr_assert_str_eq(got, wanted);
    free(got);
}

Test(lease, a_run_that_was_followed_changes_nothing_any_more)
{
    ZQ_AUTO(zq_db) db = begin("lease");
    zq_lease *lease = take(db);
    zq_err err = {0};

    live_use(db, database);
    live_exec(db, "CREATE TABLE notes (who varchar(20))");
    cr_assert_eq(note(db, lease, "first", &err), ZQ_OK, "%s", err.message);
    change(db, "token = token + 1, holder = 'another'");
    cr_assert_eq(note(db, lease, "late", &err), ZQ_E_TAKEN);
    cr_assert_str_eq(err.message, "another run took over, because this one seemed to be gone");
    cr_assert_str_eq(err.hint,
                     "run it again: it waits for the other, and continues where that ended");
    expect_notes(db, "first");
    zq_lease_release(lease);
    expect_row(db, 2, true);
    live_drop(database);
}

/* ---- what is sent behind a transaction ---- */

/* Note "before" in a transaction, with three notes behind it, of which number `fails` (0: none) is
 * refused. */
static zq_rc note_then(zq_db *db, const zq_lease *lease, const char *text, size_t fails,
                       zq_tail *out, zq_err *err)
{
    static const zq_answer answer = {.columns = "", .times = 3};
    static const zq_answers answers = {.items = &answer, .n = 1};
    static char tail[256];

    snprintf(tail, sizeof tail,
             "INSERT INTO %s VALUES ('one');INSERT INTO %s VALUES ('two');"
             "INSERT INTO %s VALUES ('three')",
             fails == 1 ? "missing" : "notes", fails == 2 ? "missing" : "notes",
             fails == 3 ? "missing" : "notes");
    *out = (zq_tail){.text = tail, .answers = &answers};
    return zq_transact_then(db, lease, text, out, err);
}

Test(lease, what_is_sent_behind_a_transaction_is_known_to_the_statement_that_failed)
{
    static const char before[] = "INSERT INTO notes VALUES ('before')";
    static const char *const left[] = {"before,one,three,two", "before", "before,one",
                                       "before,one,two"};
    ZQ_AUTO(zq_db) db = begin("lease");
    zq_lease *lease = take(db);
    zq_err err = {0};
    zq_tail tail;

    live_use(db, database);
    for (size_t fails = 0; fails <= 3; fails++) {
        live_exec(db, "DROP TABLE IF EXISTS notes; CREATE TABLE notes (who varchar(20))");
        cr_assert_eq(note_then(db, lease, before, fails, &tail, &err), ZQ_OK, "%s", err.message);
        expect_notes(db, left[fails]);
        cr_assert_eq(tail.n_done, fails == 0 ? 3 : fails - 1, "%zu", tail.n_done);
        cr_assert_eq(tail.rc, fails == 0 ? ZQ_OK : ZQ_E_SERVER);
        cr_assert_eq(tail.err.cause == ZQ_CAUSE_NO_TABLE, fails > 0);
    }
    cr_assert_eq(note_then(db, lease, "INSERT INTO missing VALUES (1)", 0, &tail, &err),
                 ZQ_E_SERVER);
    cr_assert_eq(tail.n_done, 0);
    change(db, "token = token + 1, holder = 'another'");
    cr_assert_eq(note_then(db, lease, before, 0, &tail, &err), ZQ_E_TAKEN);
    cr_assert_eq(tail.n_done, 0);
    expect_notes(db, "before,one,two");
    zq_lease_release(lease);
    live_drop(database);
}

Test(lease, a_row_that_somebody_took_away_is_no_leave_to_go_on)
{
    ZQ_AUTO(zq_db) db = begin("lease");
    zq_lease *lease = take(db);
    zq_err err = {0};

    live_use(db, database);
    live_exec(db, "CREATE TABLE notes (who varchar(20))");
    live_exec(db, "SET sql_mode = ''");
    live_exec(db, "DELETE FROM zq_meta_lease");
    cr_assert_eq(note(db, lease, "late", &err), ZQ_E_TAKEN);
    zq_lease_release(lease);
    live_drop(database);
}

Test(lease, the_table_of_an_older_build_gets_what_it_lacks)
{
    ZQ_AUTO(zq_db) db = begin("lease");

    live_use(db, database);
    live_exec(db,
              "CREATE TABLE zq_meta_lease (id tinyint NOT NULL, token bigint unsigned NOT NULL, "
              "holder varchar(255), server varchar(255), connection_id bigint unsigned, purpose "
              "varchar(64), acquired_time datetime(3), expires_time datetime(3), PRIMARY KEY "
              "(id))");
    zq_lease_release(take(db));
    expect_row(db, 1, false);
    live_drop(database);
}

Test(lease, tables_that_a_newer_build_has_brought_up_are_refused_and_left_free)
{
    ZQ_AUTO(zq_db) db = begin("lease");
    zq_lease_request request = request_over(db, 5000);
    ZQ_AUTO(zq_lease) lease = NULL;
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_err err = {0};

    zq_lease_release(take(db));
    live_use(db, database);
    live_exec(db, "INSERT INTO zq_meta_lease (id, token, beat) VALUES (2, 1, 0)");
    zq_lease_release(take(db));
    live_exec(db, "UPDATE zq_meta_lease SET token = 7 WHERE id = 2");
    cr_assert_eq(zq_lease_take(&request, &lease, &err), ZQ_E_DIFFERS);
    cr_assert_str_eq(err.message,
                     zq_arena_printf(arena,
                                     "the tables zq_meta_* of database '%s' are of version 7, and "
                                     "this build knows them up to version 1",
                                     database));
    cr_assert_str_eq(err.hint, "use the build that made them so, or a newer one");
    expect_row(db, 3, false);
    live_drop(database);
}

Test(lease, a_session_that_leaves_no_trace_in_the_binary_log_is_refused)
{
    ZQ_AUTO(zq_db) db = begin("lease_log_bin");
    zq_lease_request request = request_over(db, 5000);
    ZQ_AUTO(zq_lease) lease = NULL;
    zq_err err = {0};

    live_exec(db, "SET SESSION sql_log_bin = 0");
    cr_assert_eq(zq_lease_take(&request, &lease, &err), ZQ_E_CONFIG);
    cr_expect_not_null(strstr(err.message, "sql_log_bin is OFF"), "%s", err.message);
    live_drop(database);
}

/* The named lock, the node, the row; and both are given back. */
Test(lease, it_costs_four_round_trips)
{
    ZQ_AUTO(zq_db) db = begin("lease_trips");
    zq_lease *lease;
    unsigned before, taken;

    zq_lease_release(take(db));
    before = zq_db_round_trips(db);
    lease = take(db);
    taken = zq_db_round_trips(db);
    zq_lease_release(lease);
    cr_expect_eq(taken - before, 3, "%u", taken - before);
    cr_expect_eq(zq_db_round_trips(db) - taken, 1, "%u", zq_db_round_trips(db) - taken);
    live_drop(database);
}

ZQ_LIVE_MAIN
