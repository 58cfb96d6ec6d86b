/* Statements whose row of the journal commits with them. */
#include "migrate/step.h"

#include "base/language.h"
#include "run/online_ddl.h"

#include <string.h>

/* ---- statements that may commit by themselves ---- */

/* Whose words do not tell. */
static bool may_commit(const zq_rev_statement *s)
{
    return s->parsed.kind == ZQ_STATEMENT_UNKNOWN;
}

bool zq_step_is_half_done(const zq_walk *w, size_t i, const zq_journal_row *row)
{
    return may_commit(&w->leg->section->statements[i]) && row->state == ZQ_JOURNAL_STARTED &&
           row->before != NULL;
}

zq_rc zq_step_unknown(const zq_walk *w, size_t i, const zq_statement *parsed,
                      const zq_journal_row *row, zq_err *err)
{
    const zq_rev_statement *s = &w->leg->section->statements[i];

    zq_fail(
        err, ZQ_E_DIFFERS,
        strcmp(row->before, ZQ_STEP_BEFORE_UNKNOWN) == 0
            ? N_("%s: cannot continue: a run was cut short at '%s', and whether it has happened "
                 "cannot be read from %s")
            : N_("%s: cannot continue: a run was cut short at '%s', and %s may look the same "
                 "after it: that does not say whether it has happened"),
        zq_step_where(w, s), zq_step_excerpt(s, w->arena), zq_step_changes(parsed, w->arena));
    return zq_err_hint(
        err, "look: if it has, run '%s --accept %zu', if not '%s --repeat %zu'; then '%s'",
        w->apply->resume, i + 1, w->apply->resume, i + 1, w->apply->again);
}

zq_rc zq_step_half_done(const zq_walk *w, size_t i, const zq_journal_row *row,
                        const char *server_words, zq_err *err)
{
    const zq_rev_statement *s = &w->leg->section->statements[i];
    const char *of =
        row->position == NULL ? "" : zq_arena_printf(w->arena, " on '%s'", row->position);

    zq_fail(
        err, ZQ_E_DIFFERS,
        "%s: cannot continue: '%s' was cut short%s, and had committed by itself what it had done "
        "until then",
        zq_step_where(w, s), zq_step_excerpt(s, w->arena), of);
    if (server_words != NULL)
        zq_err_detail(err, "%s", server_words);
    return zq_err_hint(
        err,
        "look what it did; to leave it at that, run '%s --accept %zu', once it is undone "
        "'%s --repeat %zu'; then '%s'",
        w->apply->resume, i + 1, w->apply->resume, i + 1, w->apply->again);
}

/* The row that is there when, and only when, the statement has committed. */
static zq_journal_row mark_of(const zq_journal_row *row)
{
    zq_journal_row mark = *row;

    mark.state = ZQ_JOURNAL_STARTED;
    mark.before = row->statement;
    return mark;
}

/* Each text is either ours or the user's, never both: what a server says of a mistake quotes the
 * text up to its end. Whatever the session has been SET to, ours mean the same. */
static const char begin_text[] = "START TRANSACTION";
static const char commit_text[] = "COMMIT AND NO CHAIN NO RELEASE";
static const char roll_back_text[] = "ROLLBACK AND NO CHAIN NO RELEASE";

static zq_rc fail_taken(const zq_walk *w, size_t i, zq_err *err)
{
    const zq_rev_statement *s = &w->leg->section->statements[i];

    zq_fail(err, ZQ_E_DIFFERS, "%s: another run has done '%s' meanwhile", zq_step_where(w, s),
            zq_step_excerpt(s, w->arena));
    return zq_err_hint(err, "run '%s' again: it finds out what is done", w->apply->again);
}

/* A row that this run has not found must be new. */
static bool is_new(const zq_walk *w, const zq_journal_row *row)
{
    return zq_journal_row_of(&w->found, row->step).state == ZQ_JOURNAL_NONE &&
           row->step != w->written;
}

static void write_begin(const zq_walk *w, const zq_journal_row *row, zq_sql *sql)
{
    zq_sql_add(sql, "%-s;", begin_text);
    if (is_new(w, row))
        zq_journal_add(sql, &w->journal, row);
    else
        zq_journal_write(sql, &w->journal, row, 1);
}

/* The transaction could not begin with the row. */
static zq_rc fail_begin(const zq_walk *w, size_t i, const zq_journal_row *row, zq_rc rc,
                        zq_err *err)
{
    if (rc != ZQ_E_LOST && err->cause == ZQ_CAUSE_DUPLICATE_ROW && is_new(w, row))
        return fail_taken(w, i, err);
    zq_err_prefix(err, "cannot write the journal: ");
    return rc;
}

static zq_rc begin(const zq_walk *w, size_t i, const zq_journal_row *row, zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    zq_rc rc;

    write_begin(w, row, &sql);
    rc = zq_db_run_sql(w->session, &sql, NULL, NULL, err);
    return rc == ZQ_OK ? ZQ_OK : fail_begin(w, i, row, rc, err);
}

static zq_rc roll_back(const zq_walk *w, zq_rc rc)
{
    if (rc != ZQ_E_LOST)
        zq_db_exec(w->session, roll_back_text, NULL);
    return rc;
}

/* Whether the statement that failed had committed: what is still open is rolled back, and takes the
 * mark along. */
static zq_rc has_committed(const zq_walk *w, const zq_journal_row *row, bool *out, zq_err *err)
{
    zq_journal_rows now;
    zq_journal_row mark;

    ZQ_TRY(zq_db_exec(w->session, roll_back_text, err));
    ZQ_TRY(zq_journal_read(w->apply->db, &w->journal, w->arena, &now, err));
    mark = zq_journal_row_of(&now, row->step);
    *out = mark.state == ZQ_JOURNAL_STARTED && mark.before != NULL;
    return ZQ_OK;
}

/* The fence is last, since it keeps the lease's row, and so its beat, from everybody else. */
static void write_commit(const zq_walk *w, zq_sql *sql)
{
    const char *fence = zq_lease_fence(w->apply->rules.lease);

    if (*fence != '\0')
        zq_sql_add(sql, "%-s;", fence);
    zq_sql_rawz(sql, commit_text);
}

/* The user's statement, and all that is to be on record with it. `done` (may be NULL) comes last:
 * after it, nothing may be half done. */
static zq_rc run_and_commit(zq_walk *w, size_t i, const char *text, const zq_journal_row *done,
                            zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO_SQL(sql);
    zq_rows warnings;
    zq_kept kept;
    zq_rc rc;

    ZQ_TRY(zq_db_exec(w->session, text, err));
    warnings = zq_warnings_read(w->session, arena);
    ZQ_TRY(zq_step_keep(w, i, &kept, err));
    if (kept.journal != NULL)
        zq_sql_add(&sql, "%-s;", kept.journal);
    if (done != NULL) {
        zq_journal_write(&sql, &w->journal, done, 1);
        zq_sql_lit(&sql, ";");
    }
    write_commit(w, &sql);
    rc = zq_db_run_sql(w->session, &sql, NULL, NULL, err);
    if (rc != ZQ_OK)
        return zq_transact_failed(rc, w->apply->rules.lease, err);
    zq_warnings_tell(w->warned, &warnings);
    zq_step_kept(w, &kept);
    return ZQ_OK;
}

static zq_rc try_marked(zq_walk *w, size_t i, const char *text, const zq_journal_row *row,
                        zq_err *err)
{
    zq_journal_row mark = mark_of(row);
    zq_err own = {0};
    bool committed;
    zq_rc rc = begin(w, i, &mark, err);

    if (rc != ZQ_OK)
        return roll_back(w, rc);
    rc = run_and_commit(w, i, text, row, &own);
    if (rc == ZQ_OK)
        return ZQ_OK;
    if (rc != ZQ_E_LOST) {
        ZQ_TRY(has_committed(w, row, &committed, err));
        if (committed)
            return zq_step_half_done(w, i, row, own.detail, err);
    }
    return zq_err_give(err, &own);
}

/* ---- the others ---- */

/* Of what is sent together: its second statement is the journal's, its third the revision's. */
enum { AT_STATEMENT = 2, AT_WARNINGS = 3 };

static zq_rc take_warning(void *context, size_t statement, const zq_row *row, ZQ_UNUSED zq_err *err)
{
    const zq_walk *w = context;

    if (statement == AT_WARNINGS)
        zq_warnings_take(w->warned, row);
    return ZQ_OK;
}

/* A text that is compiled in may share its round trip with ours: nothing is quoted of it that
 * nobody may read. Not where the session is asked for values between them. */
static bool goes_together(const zq_walk *w)
{
    return !w->leg->revision->own && w->n_names == 0 && w->apply->rules.ran == NULL &&
           *zq_lease_fence(w->apply->rules.lease) != '\0';
}

static zq_rc try_together(zq_walk *w, size_t i, const char *text, const zq_journal_row *row,
                          zq_err *err)
{
    static const zq_answer answers[] = {
        {.columns = ""}, {.columns = ""},  {.columns = ""}, {.columns = ZQ_WARNING_COLUMNS},
        {.columns = ""}, {.columns = "I"}, {.columns = ""},
    };
    const zq_answers all = {answers, ZQ_LEN(answers), take_warning, w};
    ZQ_AUTO_SQL(sql);
    size_t done = 0;
    zq_rc rc;

    write_begin(w, row, &sql);
    zq_sql_add(&sql, ";%-s\n;" ZQ_SHOW_WARNINGS ";", text);
    write_commit(w, &sql);
    rc = zq_db_run_sql(w->session, &sql, &all, &done, err);
    if (rc != ZQ_OK && done < AT_STATEMENT)
        return fail_begin(w, i, row, rc, err);
    return rc == ZQ_OK || done <= AT_WARNINGS ? rc
                                              : zq_transact_failed(rc, w->apply->rules.lease, err);
}

static zq_rc try_plain(zq_walk *w, size_t i, const char *text, const zq_journal_row *row,
                       zq_err *err)
{
    zq_rc rc;

    if (goes_together(w)) {
        rc = try_together(w, i, text, row, err);
    } else {
        rc = begin(w, i, row, err);
        if (rc == ZQ_OK)
            rc = run_and_commit(w, i, text, NULL, err);
    }
    return rc == ZQ_OK ? ZQ_OK : roll_back(w, rc);
}

zq_rc zq_step_commit(zq_walk *w, size_t i, const char *text, const zq_journal_row *row, zq_err *err)
{
    zq_backoff backoff = {.rules = &w->apply->rules};
    bool marked = may_commit(&w->leg->section->statements[i]);

    ZQ_TRY(zq_step_flush(w, NULL, err));
    ZQ_TRY(zq_lease_ask(w->apply->rules.lease, w->apply->db, err));
    for (;;) {
        zq_err local = {0};
        zq_rc rc =
            marked ? try_marked(w, i, text, row, &local) : try_plain(w, i, text, row, &local);

        if (rc == ZQ_OK) {
            w->written = row->step;
            return ZQ_OK;
        }
        if (rc == ZQ_E_LOCKED)
            rc = zq_backoff_wait(&backoff, &local);
        if (rc == ZQ_OK)
            rc = zq_step_give_back_all(w, &local);
        if (rc != ZQ_OK)
            return zq_err_give(err, &local);
    }
}
