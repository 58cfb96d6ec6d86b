#include "migrate/step.h"

zq_rc zq_step_rows(zq_walk *w, size_t i, zq_err *err)
{
    zq_journal_row row = zq_step_row(w, i, ZQ_JOURNAL_DONE);
    zq_journal_row found = zq_step_found(w, i);
    bool run;

    ZQ_TRY(zq_step_resume_rows(w, i, &run, err));
    if (!run)
        return ZQ_OK;
    if (zq_step_is_half_done(w, i, &found))
        return zq_step_half_done(w, i, &found, NULL, err);
    ZQ_TRY(zq_step_commit(w, i, w->leg->section->statements[i].text, &row, err));
    w->n_done++;
    return ZQ_OK;
}

/* Run it, and note that it is done; what it left in the session is on record at once, since the
 * statements to come may use it. */
static zq_rc run_and_note(zq_walk *w, size_t i, zq_err *err)
{
    zq_journal_row row = zq_step_row(w, i, ZQ_JOURNAL_DONE);
    ZQ_AUTO_SQL(sql);
    zq_kept kept;

    ZQ_TRY(zq_db_exec(w->session, w->leg->section->statements[i].text, err));
    zq_warnings_show(w->warned, w->session);
    ZQ_TRY(zq_step_keep(w, i, &kept, err));
    if (kept.journal != NULL) {
        zq_sql_rawz(&sql, kept.journal);
        ZQ_TRY(zq_step_write(w, &sql, err));
    }
    zq_step_kept(w, &kept);
    return zq_step_note_done(w, &row, err);
}

zq_rc zq_step_repeat(zq_walk *w, size_t i, zq_err *err)
{
    bool run;

    ZQ_TRY(zq_step_resume_rows(w, i, &run, err));
    return run ? run_and_note(w, i, err) : ZQ_OK;
}

/* It dies with its connection, and so runs in every run; but a value that was evaluated once stays
 * what it was. */
zq_rc zq_step_run_session(zq_walk *w, size_t i, zq_err *err)
{
    const zq_rev_statement *s = &w->leg->section->statements[i];
    zq_journal_row found = zq_step_found(w, i);
    bool done = found.state == ZQ_JOURNAL_DONE && !zq_step_text_changed(w, i, &found);

    if (w->n_names == 0) {
        w->n_done++;
        ZQ_TRY(zq_db_exec(w->session, s->text, err));
        if (!done)
            zq_warnings_show(w->warned, w->session);
        return ZQ_OK;
    }
    if (!done)
        return run_and_note(w, i, err);
    w->n_done++;
    if (!zq_kept_instead(s))
        ZQ_TRY(zq_db_exec(w->session, s->text, err));
    return zq_step_give_back(w, i, err);
}
