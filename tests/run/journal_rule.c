#include "run/journal_rule.h"

#include <criterion/criterion.h>
#include <string.h>

#define CELL(name, state, changed, now, wanted)                                   \
    Test(journal_rule, name)                                                      \
    {                                                                             \
        zq_journal_rule rule =                                                    \
            zq_journal_rule_decide(ZQ_JOURNAL_##state, changed, ZQ_TABLES_##now); \
                                                                                  \
        cr_expect_eq(rule.resume, ZQ_RESUME_##wanted);                            \
        cr_expect_eq(rule.why != NULL, rule.resume == ZQ_RESUME_STOP);            \
    }

CELL(not_started_and_as_before_is_run, NONE, false, AS_BEFORE, RUN)
CELL(not_started_and_as_meant_stops, NONE, false, AS_MEANT, STOP)
CELL(not_started_and_otherwise_stops, NONE, false, OTHERWISE, STOP)
CELL(started_and_as_before_is_run, STARTED, false, AS_BEFORE, RUN)
CELL(started_and_as_meant_is_marked_done, STARTED, false, AS_MEANT, MARK_DONE)
CELL(started_and_otherwise_stops, STARTED, false, OTHERWISE, STOP)
CELL(done_and_as_before_stops, DONE, false, AS_BEFORE, STOP)
CELL(done_and_as_meant_is_skipped, DONE, false, AS_MEANT, SKIP)
CELL(done_and_otherwise_stops, DONE, false, OTHERWISE, STOP)
CELL(mended_not_started_and_as_before_is_run, NONE, true, AS_BEFORE, RUN)
CELL(mended_not_started_and_as_meant_stops, NONE, true, AS_MEANT, STOP)
CELL(mended_not_started_and_otherwise_stops, NONE, true, OTHERWISE, STOP)
CELL(mended_started_and_as_before_is_run, STARTED, true, AS_BEFORE, RUN)
CELL(mended_started_and_as_meant_stops, STARTED, true, AS_MEANT, STOP)
CELL(mended_started_and_otherwise_stops, STARTED, true, OTHERWISE, STOP)
CELL(mended_done_and_as_before_stops, DONE, true, AS_BEFORE, STOP)
CELL(mended_done_and_as_meant_stops, DONE, true, AS_MEANT, STOP)
CELL(mended_done_and_otherwise_stops, DONE, true, OTHERWISE, STOP)

Test(journal_rule, rows_are_run_until_they_are_done)
{
    cr_expect_eq(zq_journal_rule_decide_rows(ZQ_JOURNAL_NONE, false).resume, ZQ_RESUME_RUN);
    cr_expect_eq(zq_journal_rule_decide_rows(ZQ_JOURNAL_STARTED, false).resume, ZQ_RESUME_RUN);
    cr_expect_eq(zq_journal_rule_decide_rows(ZQ_JOURNAL_DONE, false).resume, ZQ_RESUME_SKIP);
}

Test(journal_rule, rows_that_are_done_in_part_may_not_get_another_statement)
{
    cr_expect_eq(zq_journal_rule_decide_rows(ZQ_JOURNAL_NONE, true).resume, ZQ_RESUME_RUN);
    cr_expect_eq(zq_journal_rule_decide_rows(ZQ_JOURNAL_STARTED, true).resume, ZQ_RESUME_STOP);
    cr_expect_eq(zq_journal_rule_decide_rows(ZQ_JOURNAL_DONE, true).resume, ZQ_RESUME_STOP);
}

static const struct {
    zq_journal_state state;
    const char *now, *before, *meant, *after;
    zq_tables_now wanted;
} comparisons[] = {
    /* no row: nothing may have happened */
    {ZQ_JOURNAL_NONE, "a", "a", "b", NULL, ZQ_TABLES_AS_BEFORE},
    {ZQ_JOURNAL_NONE, "b", "a", "b", NULL, ZQ_TABLES_AS_MEANT},
    {ZQ_JOURNAL_NONE, "c", "a", "b", NULL, ZQ_TABLES_OTHERWISE},
    {ZQ_JOURNAL_NONE, "c", "a", NULL, NULL, ZQ_TABLES_OTHERWISE},
    {ZQ_JOURNAL_NONE, "c", NULL, "b", NULL, ZQ_TABLES_AS_BEFORE},
    {ZQ_JOURNAL_NONE, "b", NULL, "b", NULL, ZQ_TABLES_AS_MEANT},
    {ZQ_JOURNAL_NONE, "c", NULL, NULL, NULL, ZQ_TABLES_AS_BEFORE},
    /* started: the statement happened or not */
    {ZQ_JOURNAL_STARTED, "a", "a", "b", NULL, ZQ_TABLES_AS_BEFORE},
    {ZQ_JOURNAL_STARTED, "b", "a", "b", NULL, ZQ_TABLES_AS_MEANT},
    {ZQ_JOURNAL_STARTED, "c", "a", "b", NULL, ZQ_TABLES_OTHERWISE},
    {ZQ_JOURNAL_STARTED, "c", "a", NULL, NULL, ZQ_TABLES_AS_MEANT},
    {ZQ_JOURNAL_STARTED, "a", "a", "a", NULL, ZQ_TABLES_AS_BEFORE},
    {ZQ_JOURNAL_STARTED, "a", NULL, NULL, NULL, ZQ_TABLES_OTHERWISE},
    /* done: what was recorded counts */
    {ZQ_JOURNAL_DONE, "b", "a", NULL, "b", ZQ_TABLES_AS_MEANT},
    {ZQ_JOURNAL_DONE, "a", "a", "b", "b", ZQ_TABLES_AS_BEFORE},
    {ZQ_JOURNAL_DONE, "c", "a", "c", "b", ZQ_TABLES_OTHERWISE},
    {ZQ_JOURNAL_DONE, "a", "a", NULL, "a", ZQ_TABLES_AS_MEANT},
    {ZQ_JOURNAL_DONE, "a", "a", NULL, NULL, ZQ_TABLES_AS_MEANT},
};

Test(journal_rule, digests_tell_whether_tables_are_as_before_as_meant_or_otherwise)
{
    for (size_t i = 0; i < ZQ_LEN(comparisons); i++)
        cr_expect_eq(zq_tables_compare(comparisons[i].state, comparisons[i].now,
                                       comparisons[i].before, comparisons[i].meant,
                                       comparisons[i].after),
                     comparisons[i].wanted, "row %zu", i);
}

Test(journal_rule, a_stop_says_where_and_why)
{
    zq_journal_rule rule = zq_journal_rule_decide(ZQ_JOURNAL_DONE, false, ZQ_TABLES_AS_BEFORE);
    zq_err err = {0};

    cr_expect_eq(zq_journal_rule_stop(&rule, "0002_x.sql", 7, "'zq_app_users'", &err),
                 ZQ_E_DIFFERS);
    cr_expect_str_eq(
        err.message,
        "0002_x.sql:7: cannot continue: 'zq_app_users' is as before the statement, which "
        "was done: it was undone");
}
