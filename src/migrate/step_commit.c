/* Statements whose row of the journal commits with them. */
#include "migrate/step_commit.h"

#include "migrate/step_journal.h"
#include "migrate/step_kept.h"
#include "migrate/step_say.h"
#include "run/alter.h"
#include "run/transact.h"

#include <string.h>

/* ---- statements that may commit by themselves ---- */

/* Whose words do not tell. */
static bool may_commit(const zq_rev_statement *s)
{
    return s->is.kind == ZQ_STATEMENT_UNKNOWN;
}

bool zq_step_is_half_done(const zq_walk *w, size_t i, const zq_journal_row *row)
{
    return may_commit(&w->leg->section->statements[i]) && row->state == ZQ_JOURNAL_STARTED &&
           row->before != NULL;
}

zq_rc zq_step_not_told(const zq_walk *w, size_t i, const zq_statement *is,
                       const zq_journal_row *row, zq_err *err)
{
    const zq_rev_statement *s = &w->leg->section->statements[i];

    zq_fail(err, ZQ_E_DIFFERS,
            strcmp(row->before, ZQ_STEP_BEFORE_UNKNOWN) == 0
                ? "%s: cannot continue: a run was cut short at '%s', and whether it has happened "
                  "cannot be read from %s"
                : "%s: cannot continue: a run was cut short at '%s', and %s may look the same "
                  "after it: that does not say whether it has happened",
            zq_step_where(w, s), zq_step_excerpt(s, w->arena), zq_step_changes(is, w->arena));
    zq_err_hint(err, "look: if it has, run '%s --accept %zu', if not '%s --repeat %zu'; then '%s'",
                w->apply->resume, i + 1, w->apply->resume, i + 1, w->apply->again);
    return ZQ_E_DIFFERS;
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
    zq_err_hint(err,
                "look what it did; to leave it at that, run '%s --accept %zu', once it is undone "
                "'%s --repeat %zu'; then '%s'",
                w->apply->resume, i + 1, w->apply->resume, i + 1, w->apply->again);
    return ZQ_E_DIFFERS;
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
    zq_err_hint(err, "run '%s' again: it finds out what is done", w->apply->again);
    return ZQ_E_DIFFERS;
}

/* Begin the transaction with the journal's row. One that this run has not found must be new. */
static zq_rc begin(const zq_walk *w, size_t i, const zq_journal_row *row, zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    const char *text;
    bool is_new =
        zq_journal_row_of(&w->found, row->step).state == ZQ_JOURNAL_NONE && row->step != w->written;
    zq_rc rc;

    zq_sql_rawz(&sql, begin_text);
    zq_sql_lit(&sql, ";");
    if (is_new)
        zq_journal_add(&sql, &w->journal, row);
    else
        zq_journal_write(&sql, &w->journal, row, 1);
    ZQ_TRY(zq_sql_finish(&sql, &text, err));
    rc = zq_db_exec(w->session, text, err);
    if (rc != ZQ_OK && rc != ZQ_E_LOST && err->cause == ZQ_CAUSE_DUPLICATE_ROW && is_new)
        return fail_taken(w, i, err);
    if (rc != ZQ_OK)
        zq_err_prefix(err, "cannot write the journal: ");
    return rc;
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

/* The user's statement, and all that is to be on record with it. `done` (may be NULL) comes last:
 * after it, nothing may be half done. */
static zq_rc run_and_commit(zq_walk *w, size_t i, const char *text, const zq_journal_row *done,
                            zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO_SQL(sql);
    const char *fence = zq_lease_fence(w->apply->rules.lease);
    zq_rows warnings;
    zq_kept kept;
    const char *ours;
    zq_rc rc;

    ZQ_TRY(zq_db_exec(w->session, text, err));
    warnings = zq_warnings_read(w->session, arena);
    ZQ_TRY(zq_step_keep(w, i, &kept, err));
    if (kept.journal != NULL) {
        zq_sql_rawz(&sql, kept.journal);
        zq_sql_lit(&sql, ";");
    }
    if (done != NULL) {
        zq_journal_write(&sql, &w->journal, done, 1);
        zq_sql_lit(&sql, ";");
    }
    /* Last, since it keeps the lease's row, and so its beat, from everybody else. */
    if (*fence != '\0') {
        zq_sql_rawz(&sql, fence);
        zq_sql_lit(&sql, ";");
    }
    zq_sql_rawz(&sql, commit_text);
    ZQ_TRY(zq_sql_finish(&sql, &ours, err));
    rc = zq_db_exec(w->session, ours, err);
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
    *err = own;
    return rc;
}

/* ---- the others ---- */

static zq_rc try_plain(zq_walk *w, size_t i, const char *text, const zq_journal_row *row,
                       zq_err *err)
{
    zq_rc rc = begin(w, i, row, err);

    if (rc == ZQ_OK)
        rc = run_and_commit(w, i, text, NULL, err);
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
        if (rc != ZQ_OK) {
            *err = local;
            return rc;
        }
    }
}
