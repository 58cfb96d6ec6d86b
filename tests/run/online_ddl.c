#include "run/online_ddl.h"

#include "base/clock.h"
#include "db/errors.h"
#include "sql/read/statement.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static zq_algorithm first_way(const char *text)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_statement parsed;

    zq_statement_read(text, strlen(text), arena, &parsed);
    return zq_online_first(&parsed);
}

Test(alter, what_may_be_instant_is_asked_for_that_first)
{
    cr_assert_eq(first_way("ALTER TABLE t ADD COLUMN a int"), ZQ_ALGORITHM_INSTANT);
    cr_assert_eq(first_way("ALTER TABLE t DROP COLUMN a, CHANGE COLUMN b c int"),
                 ZQ_ALGORITHM_INSTANT);
    cr_assert_eq(first_way("ALTER TABLE t ADD `index` int"), ZQ_ALGORITHM_INSTANT);
    cr_assert_eq(first_way("ALTER TABLE t ADD (a int DEFAULT (1), key_b int)"),
                 ZQ_ALGORITHM_INSTANT);
}

Test(alter, what_adds_or_drops_an_index_is_never_instant)
{
    cr_assert_eq(first_way("ALTER TABLE t ADD INDEX a (a)"), ZQ_ALGORITHM_INPLACE);
    cr_assert_eq(first_way("alter table t add column a int, add unique key (a)"),
                 ZQ_ALGORITHM_INPLACE);
    cr_assert_eq(first_way("ALTER TABLE t DROP KEY a"), ZQ_ALGORITHM_INPLACE);
    cr_assert_eq(first_way("CREATE INDEX a ON t (a)"), ZQ_ALGORITHM_INPLACE);
}

Test(alter, what_has_no_place_for_the_question_or_asks_itself_runs_as_it_stands)
{
    cr_assert_eq(first_way("CREATE TABLE t (a int)"), ZQ_ALGORITHM_ANY);
    cr_assert_eq(first_way("RENAME TABLE a TO b"), ZQ_ALGORITHM_ANY);
    cr_assert_eq(first_way("ALTER TABLE t ADD a int, ALGORITHM=COPY"), ZQ_ALGORITHM_ANY);
}

static zq_ddl_direction trend_of(const char *text)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_statement parsed;

    zq_statement_read(text, strlen(text), arena, &parsed);
    return zq_online_direction(&parsed);
}

Test(alter, a_statement_only_adds_or_only_drops_when_each_of_its_actions_does)
{
    cr_assert_eq(trend_of("ALTER TABLE {table} ADD INDEX a (a)"), ZQ_DDL_ADDS);
    cr_assert_eq(trend_of("alter table `{table}` add (a int, b int), /* x */ add key (a, b)"),
                 ZQ_DDL_ADDS);
    cr_assert_eq(trend_of("ALTER TABLE {table} DROP INDEX a, DROP COLUMN b"), ZQ_DDL_DROPS);
    cr_assert_eq(trend_of("ALTER TABLE IF EXISTS {table} ADD a int"), ZQ_DDL_ADDS);
}

Test(alter, what_does_both_or_something_else_has_no_trend)
{
    cr_assert_eq(trend_of("ALTER TABLE {table} ADD INDEX a (a), DROP INDEX b"), ZQ_DDL_MIXES);
    cr_assert_eq(trend_of("ALTER TABLE {table} DROP PRIMARY KEY, ADD PRIMARY KEY (a)"),
                 ZQ_DDL_MIXES);
    cr_assert_eq(trend_of("ALTER TABLE {table} ADD INDEX a (a), ALGORITHM=COPY"), ZQ_DDL_MIXES);
    cr_assert_eq(trend_of("ALTER TABLE {table} MODIFY a int"), ZQ_DDL_MIXES);
    cr_assert_eq(trend_of("ALTER TABLE {table} FORCE"), ZQ_DDL_MIXES);
    cr_assert_eq(trend_of("CREATE INDEX a ON {table} (a)"), ZQ_DDL_MIXES);
}

static bool is_stopped(void *context)
{
    return *(bool *)context;
}

Test(alter, the_failure_stays_when_the_time_to_try_again_is_over)
{
    static const zq_watch quiet = {0};
    zq_online_rules rules = {.lock_timeout_ms = 0, .watch = &quiet};
    zq_backoff backoff = {.rules = &rules};
    zq_err err = {0};

    zq_fail(&err, ZQ_E_LOCKED, "locked");
    cr_assert_eq(zq_backoff_wait(&backoff, &err), ZQ_E_LOCKED);
    cr_assert_str_eq(err.message, "locked");
}

Test(alter, a_wait_is_ended_by_the_user)
{
    bool stopped = true;
    zq_watch watch = {.stopped = is_stopped, .context = &stopped};
    zq_online_rules rules = {.lock_timeout_ms = 60000, .watch = &watch};
    zq_backoff backoff = {.rules = &rules};
    zq_err err = {0};

    zq_fail(&err, ZQ_E_LOCKED, "locked");
    cr_assert_eq(zq_backoff_wait(&backoff, &err), ZQ_E_INTERRUPTED);
}

/* Each is half of it at least: who waits for whom is not to stay in step. */
Test(alter, the_pauses_grow)
{
    static const unsigned least_ms[] = {100, 200, 400};
    static const zq_watch quiet = {0};
    zq_online_rules rules = {.lock_timeout_ms = 60000, .watch = &quiet};
    zq_backoff backoff = {.rules = &rules};
    zq_err err = {0};

    for (size_t i = 0; i < ZQ_LEN(least_ms); i++) {
        const unsigned long long began_ms = zq_now_ms();

        cr_assert_eq(zq_backoff_wait(&backoff, &err), ZQ_OK);
        cr_assert_geq(zq_now_ms() - began_ms, least_ms[i]);
    }
}

/* ---- an index that InnoDB remembers ---- */

/* A server that refuses the name of an index so many times; what it was asked, in order. */
typedef struct stale {
    unsigned refusals;
    char asked[512];
} stale;

static zq_rc stale_run(void *impl, const char *sql, size_t length, zq_raw_fn *take, void *context,
                       size_t *out_done, unsigned long long *out_affected, zq_err *err)
{
    static const zq_server_error refusal = {1280, "42000", "Incorrect index name 'ix'"};
    stale *of = impl;
    size_t n = strlen(of->asked);

    (void)take;
    (void)context;
    (void)out_affected;
    snprintf(of->asked + n, sizeof of->asked - n, "%.*s\n", (int)length, sql);
    if (strncmp(sql, "ALTER", 5) == 0 && of->refusals > 0) {
        of->refusals--;
        return zq_errors_fail_statement(err, &refusal);
    }
    *out_done = 1;
    return ZQ_OK;
}

static void stale_finish(void *impl)
{
    (void)impl;
}

static zq_rc add_index(stale *of, zq_flavor flavor, zq_err *err)
{
    static const zq_port port = {.run = stale_run, .finish = stale_finish};
    static const zq_watch quiet = {0};
    const zq_server server = {flavor, 90700, "9.7.0"};
    const zq_online_rules rules = {.lock_timeout_ms = 60000, .watch = &quiet};
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO(zq_db) db = zq_db_over(&port, of, &server, 7);
    zq_statement parsed;
    const zq_online_ddl ddl = {
        .text = "ALTER TABLE t ADD INDEX ix (a)", .parsed = &parsed, .name = "t"};
    zq_algorithm way = ZQ_ALGORITHM_ANY;

    zq_statement_read(ddl.text, strlen(ddl.text), arena, &parsed);
    return zq_online_run(db, &rules, &ddl, &way, err);
}

Test(alter, an_index_that_only_the_cache_has_is_made_once_the_table_was_closed)
{
    stale of = {.refusals = 1};

    cr_assert_eq(add_index(&of, ZQ_MYSQL, NULL), ZQ_OK);
    cr_assert_str_eq(of.asked, "ALTER TABLE t ADD INDEX ix (a)\nFLUSH LOCAL TABLES `t`\n"
                               "ALTER TABLE t ADD INDEX ix (a)\n");
}

Test(alter, a_name_that_stays_refused_is_reported_with_what_may_be_behind_it)
{
    stale of = {.refusals = 99};
    zq_err err = {0};

    cr_assert_eq(add_index(&of, ZQ_MYSQL, &err), ZQ_E_SERVER);
    cr_assert_eq(of.refusals, 95);
    cr_assert_str_eq(err.detail,
                     "Incorrect index name 'ix' (1280); if an index can have that name, an ALTER "
                     "that was cut short has left it in InnoDB's cache, until the server is "
                     "restarted");
}

Test(alter, on_mariadb_such_a_name_is_refused_at_once)
{
    stale of = {.refusals = 99};
    zq_err err = {0};

    cr_assert_eq(add_index(&of, ZQ_MARIADB, &err), ZQ_E_SERVER);
    cr_assert_eq(of.refusals, 98);
    cr_assert_str_eq(err.detail, "Incorrect index name 'ix' (1280)");
}
