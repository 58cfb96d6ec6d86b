#include "rev/step_kit.h"

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

zq_rc zq_step_repeat(zq_walk *w, size_t i, zq_err *err)
{
    zq_journal_row row = zq_step_row(w, i, ZQ_JOURNAL_DONE);
    bool run;

    ZQ_TRY(zq_step_resume_rows(w, i, &run, err));
    if (!run)
        return ZQ_OK;
    ZQ_TRY(zq_db_exec(w->session, w->leg->section->statements[i].text, err));
    return zq_step_note_done(w, &row, err);
}

zq_rc zq_step_session(zq_walk *w, size_t i, zq_err *err)
{
    w->n_done++;
    return zq_db_exec(w->session, w->leg->section->statements[i].text, err);
}
