#include "run/alter.h"
#include "sql/read/statement_read.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static zq_algorithm first_way(const char *text)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_statement is;

    zq_statement_read(text, strlen(text), arena, &is);
    return zq_way_first(&is);
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

static zq_trend trend_of(const char *text)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_statement is;

    zq_statement_read(text, strlen(text), arena, &is);
    return zq_ddl_trend(&is);
}

Test(alter, a_statement_only_adds_or_only_drops_when_each_of_its_actions_does)
{
    cr_assert_eq(trend_of("ALTER TABLE {table} ADD INDEX a (a)"), ZQ_TREND_ADDS);
    cr_assert_eq(trend_of("alter table `{table}` add (a int, b int), /* x */ add key (a, b)"),
                 ZQ_TREND_ADDS);
    cr_assert_eq(trend_of("ALTER TABLE {table} DROP INDEX a, DROP COLUMN b"), ZQ_TREND_DROPS);
    cr_assert_eq(trend_of("ALTER TABLE IF EXISTS {table} ADD a int"), ZQ_TREND_ADDS);
}

Test(alter, what_does_both_or_something_else_has_no_trend)
{
    cr_assert_eq(trend_of("ALTER TABLE {table} ADD INDEX a (a), DROP INDEX b"), ZQ_TREND_NONE);
    cr_assert_eq(trend_of("ALTER TABLE {table} DROP PRIMARY KEY, ADD PRIMARY KEY (a)"),
                 ZQ_TREND_NONE);
    cr_assert_eq(trend_of("ALTER TABLE {table} ADD INDEX a (a), ALGORITHM=COPY"), ZQ_TREND_NONE);
    cr_assert_eq(trend_of("ALTER TABLE {table} MODIFY a int"), ZQ_TREND_NONE);
    cr_assert_eq(trend_of("ALTER TABLE {table} FORCE"), ZQ_TREND_NONE);
    cr_assert_eq(trend_of("CREATE INDEX a ON {table} (a)"), ZQ_TREND_NONE);
}

static bool is_stopped(void *context)
{
    return *(bool *)context;
}

Test(alter, the_failure_stays_when_the_time_to_try_again_is_over)
{
    static const zq_watch quiet = {0};
    zq_ddl_rules rules = {.lock_timeout_ms = 0, .watch = &quiet};
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
    zq_ddl_rules rules = {.lock_timeout_ms = 60000, .watch = &watch};
    zq_backoff backoff = {.rules = &rules};
    zq_err err = {0};

    zq_fail(&err, ZQ_E_LOCKED, "locked");
    cr_assert_eq(zq_backoff_wait(&backoff, &err), ZQ_E_INTERRUPTED);
}

static const char *joined(const char *first, const char *second)
{
    static char out[256];
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const char *text = zq_ddl_join(first, second, arena);

    if (text == NULL)
        return NULL;
    snprintf(out, sizeof out, "%s", text);
    return out;
}

Test(alter, statements_on_the_same_member_are_joined_into_one)
{
    cr_expect_str_eq(joined("ALTER TABLE {table} ADD INDEX a (a) -- one",
                            "alter table {table} ADD INDEX ix_{table}_b (b)"),
                     "ALTER TABLE {table} ADD INDEX a (a) -- one\n, ADD INDEX ix_{table}_b (b)");
    cr_expect_null(joined("ALTER TABLE {table} ADD INDEX a (a)", "CREATE INDEX b ON {table} (b)"));
    cr_expect_null(joined("ALTER TABLE {table} ADD INDEX a (a)",
                          "ALTER TABLE zq_quant_factor_spacex_{code} ADD INDEX ix_{table} (b)"));
}
