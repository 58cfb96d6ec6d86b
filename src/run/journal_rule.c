#include "run/journal_rule.h"

#include "base/language.h"

#include <string.h>

enum { N_STATES = ZQ_JOURNAL_DONE + 1, N_NOW = ZQ_TABLES_OTHERWISE + 1 };

#define RUN                 \
    {                       \
        ZQ_RESUME_RUN, NULL \
    }
#define MARK_DONE                 \
    {                             \
        ZQ_RESUME_MARK_DONE, NULL \
    }
#define SKIP                 \
    {                        \
        ZQ_RESUME_SKIP, NULL \
    }
#define STOP(why)             \
    {                         \
        ZQ_RESUME_STOP, (why) \
    }

/* clang-format off */

/* The statement is the one that the journal speaks of. */
static const zq_journal_rule rules[N_STATES][N_NOW] = {
    [ZQ_JOURNAL_NONE] = {
        [ZQ_TABLES_AS_BEFORE] = RUN,
        [ZQ_TABLES_AS_MEANT] = STOP(N_("is changed already, and not by a run of this revision")),
        [ZQ_TABLES_OTHERWISE] = STOP(N_("is not as the revision expects it")),
    },
    [ZQ_JOURNAL_STARTED] = {
        [ZQ_TABLES_AS_BEFORE] = RUN,
        [ZQ_TABLES_AS_MEANT] = MARK_DONE,
        [ZQ_TABLES_OTHERWISE] = STOP(N_("was changed otherwise after the statement was started")),
    },
    [ZQ_JOURNAL_DONE] = {
        [ZQ_TABLES_AS_BEFORE] = STOP(N_("is as before the statement, which was done: it was undone")),
        [ZQ_TABLES_AS_MEANT] = SKIP,
        [ZQ_TABLES_OTHERWISE] = STOP(N_("was changed after the statement was done")),
    },
};

/* The file was changed since. What has happened may not change any more. */
static const zq_journal_rule rules_text_changed[N_STATES][N_NOW] = {
    [ZQ_JOURNAL_NONE] = {
        [ZQ_TABLES_AS_BEFORE] = RUN,
        [ZQ_TABLES_AS_MEANT] = STOP(N_("is changed already, and not by a run of this revision")),
        [ZQ_TABLES_OTHERWISE] = STOP(N_("is not as the revision expects it")),
    },
    [ZQ_JOURNAL_STARTED] = {
        [ZQ_TABLES_AS_BEFORE] = RUN,
        [ZQ_TABLES_AS_MEANT] = STOP(N_("was changed by the statement that stood here before")),
        [ZQ_TABLES_OTHERWISE] = STOP(N_("was changed by the statement that stood here before")),
    },
    [ZQ_JOURNAL_DONE] = {
        [ZQ_TABLES_AS_BEFORE] = STOP(N_("was done by another statement than the file has now")),
        [ZQ_TABLES_AS_MEANT] = STOP(N_("was done by another statement than the file has now")),
        [ZQ_TABLES_OTHERWISE] = STOP(N_("was done by another statement than the file has now")),
    },
};

static const zq_journal_rule rules_rows[N_STATES] = {
    [ZQ_JOURNAL_NONE] = RUN,
    [ZQ_JOURNAL_STARTED] = RUN,
    [ZQ_JOURNAL_DONE] = SKIP,
};

static const zq_journal_rule rules_rows_text_changed[N_STATES] = {
    [ZQ_JOURNAL_NONE] = RUN,
    [ZQ_JOURNAL_STARTED] = STOP(N_("is half done by another statement than the file has now")),
    [ZQ_JOURNAL_DONE] = STOP(N_("was done by another statement than the file has now")),
};

/* clang-format on */

static bool same(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

/* A statement may leave no trace in the digest, as OPTIMIZE or a rebuild does: then what is before
 * it is what is after it, and the journal alone tells. So `done` looks at `after` first. */
zq_tables_now zq_tables_compare(zq_journal_state state, const char *now, const char *before,
                                const char *meant, const char *after)
{
    if (state == ZQ_JOURNAL_DONE && (after == NULL || same(now, after)))
        return ZQ_TABLES_AS_MEANT;
    if (same(now, before))
        return ZQ_TABLES_AS_BEFORE;
    if (state != ZQ_JOURNAL_DONE && same(now, meant))
        return ZQ_TABLES_AS_MEANT;
    if (state == ZQ_JOURNAL_NONE && before == NULL)
        return ZQ_TABLES_AS_BEFORE;
    if (state == ZQ_JOURNAL_STARTED && meant == NULL && before != NULL)
        return ZQ_TABLES_AS_MEANT;
    return ZQ_TABLES_OTHERWISE;
}

zq_journal_rule zq_journal_rule_decide(zq_journal_state state, bool text_changed, zq_tables_now now)
{
    return text_changed ? rules_text_changed[state][now] : rules[state][now];
}

zq_journal_rule zq_journal_rule_decide_rows(zq_journal_state state, bool text_changed)
{
    return text_changed ? rules_rows_text_changed[state] : rules_rows[state];
}

zq_rc zq_journal_rule_stop(const zq_journal_rule *rule, const char *file, unsigned line,
                           const char *tables, zq_err *err)
{
    return zq_fail(err, ZQ_E_DIFFERS, "%s:%u: cannot continue: %s %s", file, line, tables,
                   zq_tr(rule->why));
}
