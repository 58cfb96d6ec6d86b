#include "rev/step_kit.h"

#include "run/members.h"
#include "sql/lexer.h"

#include <string.h>

typedef struct family_step {
    zq_walk *walk;
    size_t i;
} family_step;

static zq_rc record_forms(void *context, const char *before, const char *first, const char *after,
                          zq_err *err)
{
    family_step *f = context;
    zq_journal_row row = zq_step_row(f->walk, f->i, ZQ_JOURNAL_STARTED);

    row.before = before;
    row.after = after;
    row.position = first;
    return zq_step_flush(f->walk, &row, err);
}

static void tell_of_family(const zq_walk *w, const zq_rev_statement *s, const zq_member_result *r)
{
    const zq_watch *watch = w->apply->rules.watch;
    ZQ_AUTO_BUF(names);

    if (r->n_members > 0)
        zq_watch_tell(watch, ZQ_TELL_NOTE, "%s: '%s': %zu of %zu members changed, %zu were already",
                      zq_step_where(w, s), s->family, r->n_changed, r->n_members, r->n_done_before);
    for (size_t i = 0; i < r->n_left && i < ZQ_MEMBERS_NAMED; i++)
        zq_buf_printf(&names, "%s'%s'", i > 0 ? ", " : "", r->left[i]);
    if (r->n_left > 0)
        zq_watch_tell(watch, ZQ_TELL_WARN,
                      "%s: %zu %s of '%s' differ from the others and were left as they are: %s%s",
                      zq_step_where(w, s), r->n_left, r->n_left == 1 ? "member" : "members",
                      s->family, zq_buf_text(&names), r->n_left > ZQ_MEMBERS_NAMED ? " ..." : "");
}

/* The sentences of families that were stopped: what there is to go on with. */
static zq_rc family_failed(const zq_walk *w, const zq_rev_statement *s, const zq_member_result *r,
                           zq_rc rc)
{
    if (r->n_failed > 1)
        zq_watch_tell(w->apply->rules.watch, ZQ_TELL_WARN,
                      "%s: the statement failed on %zu members", zq_step_where(w, s), r->n_failed);
    if (r->n_changed > 0)
        zq_watch_tell(w->apply->rules.watch, ZQ_TELL_SAY, "%s: %zu of %zu members are done",
                      zq_step_where(w, s), r->n_changed + r->n_done_before, r->n_members);
    return rc;
}

zq_rc zq_step_family(zq_walk *w, size_t i, zq_err *err)
{
    const zq_rev_statement *s = &w->leg->section->statements[i];
    const zq_apply *a = w->apply;
    zq_journal_row row = zq_step_found(w, i);
    family_step f = {w, i};
    zq_member_result result = {0};
    zq_member_step step = {
        .db = a->db,
        .database = a->database,
        .jobs = a->jobs,
        .open = a->open,
        .open_context = a->open_context,
        .schema = a->schema,
        .family = s->family,
        .text = s->text,
        .is = &s->is,
        .where = zq_step_where(w, s),
        .rules = &a->rules,
        .max_errors = a->max_errors,
        .before = row.before,
        .after = row.after,
        .first = row.position,
        .found_out = record_forms,
        .context = &f,
    };
    bool run = true;
    zq_rc rc;

    if (!zq_step_has_failed(&row))
        ZQ_TRY(zq_step_resume_rows(w, i, &run, err));
    if (!run)
        return ZQ_OK;
    rc = zq_members_run(&step, w->arena, &result, err);
    tell_of_family(w, s, &result);
    /* Refused on the first member: then none has it, and the statement may still be mended. */
    if (rc != ZQ_OK && rc != ZQ_E_LOST && step.after == NULL && result.n_changed == 0)
        zq_step_note_failure(w, i);
    if (rc != ZQ_OK)
        return family_failed(w, s, &result, rc);
    row = zq_step_row(w, i, ZQ_JOURNAL_DONE);
    return zq_step_note_done(w, &row, err);
}

/* Rows of members: which are done is kept as the last name, in the order of names. */
zq_rc zq_step_members(zq_walk *w, size_t i, zq_err *err)
{
    const zq_rev_statement *s = &w->leg->section->statements[i];
    zq_journal_row row = zq_step_row(w, i, ZQ_JOURNAL_STARTED);
    const char *from = zq_step_found(w, i).position;
    const zq_member *members;
    size_t n;
    bool run;

    ZQ_TRY(zq_step_resume_rows(w, i, &run, err));
    if (!run)
        return ZQ_OK;
    ZQ_TRY(zq_members_list(w->apply->db, w->apply->database, w->apply->schema, s->family, w->arena,
                           &members, &n, err));
    for (size_t m = 0; m < n; m++) {
        zq_binding bindings[] = {{"table", members[m].name}, {"code", members[m].code}};

        if (from != NULL && strcmp(members[m].name, from) <= 0)
            continue;
        if (zq_watch_stopped(w->apply->rules.watch))
            return zq_fail(err, ZQ_E_INTERRUPTED, "stopped");
        row.position = members[m].name;
        ZQ_TRY(zq_step_commit(
            w, zq_statement_expand(w->arena, s->text, s->length, bindings, ZQ_LEN(bindings)), &row,
            err));
        zq_watch_progress(w->apply->rules.watch, "tables", m + 1, n);
    }
    zq_watch_progress(w->apply->rules.watch, "tables", 0, 0);
    row.state = ZQ_JOURNAL_DONE;
    return zq_step_note_done(w, &row, err);
}
