#include "rev/step_kit.h"

#include "run/members_ddl.h"

#include <string.h>

/* Statements `from` to before `end`, which are walked through the members together. */
typedef struct family_step {
    zq_walk *walk;
    size_t from;
    size_t end;
} family_step;

static zq_rc record_forms(void *context, size_t s, const char *before, const char *first,
                          const char *after, zq_err *err)
{
    family_step *f = context;
    zq_journal_row row = zq_step_row(f->walk, f->from + s, ZQ_JOURNAL_STARTED);

    row.before = before;
    row.after = after;
    row.position = first;
    return zq_step_flush(f->walk, &row, err);
}

/* ---- words ---- */

static const char *where(const family_step *f)
{
    const zq_rev_statement *s = f->walk->leg->section->statements;
    const char *first = zq_step_where(f->walk, &s[f->from]);

    return f->end == f->from + 1
               ? first
               : zq_arena_printf(f->walk->arena, "%s-%u", first, s[f->end - 1].line);
}

static void tell_of_family(const family_step *f, const zq_member_result *r)
{
    const zq_watch *watch = f->walk->apply->rules.watch;
    const char *family = f->walk->leg->section->statements[f->from].family;
    ZQ_AUTO_BUF(names);

    if (r->n_members > 0)
        zq_watch_tell(watch, ZQ_TELL_NOTE, "%s: '%s': %zu of %zu members changed, %zu were already",
                      where(f), family, r->n_changed, r->n_members, r->n_done_before);
    for (size_t i = 0; i < r->n_left && i < ZQ_MEMBERS_NAMED; i++)
        zq_buf_printf(&names, "%s'%s'", i > 0 ? ", " : "", r->left[i]);
    if (r->n_left > 0)
        zq_watch_tell(watch, ZQ_TELL_WARN,
                      "%s: %zu %s of '%s' differ from the others and were left as they are: %s%s",
                      where(f), r->n_left, r->n_left == 1 ? "member" : "members", family,
                      zq_buf_text(&names), r->n_left > ZQ_MEMBERS_NAMED ? " ..." : "");
}

/* The sentences of families that were stopped: what there is to go on with. */
static zq_rc family_failed(const family_step *f, const zq_member_result *r, zq_rc rc)
{
    const zq_watch *watch = f->walk->apply->rules.watch;

    if (r->n_failed > 1)
        zq_watch_tell(watch, ZQ_TELL_WARN, "%s: the statement failed on %zu members", where(f),
                      r->n_failed);
    if (r->n_changed > 0)
        zq_watch_tell(watch, ZQ_TELL_SAY, "%s: %zu of %zu members are done", where(f),
                      r->n_changed + r->n_done_before, r->n_members);
    return rc;
}

/* ---- which statements ---- */

/* Statements of one family that only add, or only drop, go through its members together: each
 * table is opened once, and a member's own form tells how many of them it has. */
static bool goes_along(const zq_rev_statement *a, const zq_rev_statement *b)
{
    zq_trend trend = zq_ddl_trend(&a->is);

    return trend != ZQ_TREND_NONE && zq_step_kind_of(b) == ZQ_STEP_FAMILY &&
           strcmp(a->family, b->family) == 0 && zq_ddl_trend(&b->is) == trend;
}

static size_t end_of(const zq_walk *w, size_t i)
{
    const zq_rev_section *section = w->leg->section;
    size_t end = i + 1;

    while (end < section->n && goes_along(&section->statements[i], &section->statements[end]))
        end++;
    return end;
}

/* What the journal knows of one of the statements; `out_run` is false when it is done. */
static zq_rc statement_of(zq_walk *w, size_t i, zq_member_ddl *out, bool *out_run, zq_err *err)
{
    const zq_rev_statement *s = &w->leg->section->statements[i];
    zq_journal_row row = zq_step_found(w, i);

    *out_run = true;
    *out = (zq_member_ddl){
        .text = s->text,
        .is = &s->is,
        .where = zq_step_where(w, s),
        .before = row.before,
        .after = row.after,
        .first = row.position,
    };
    if (zq_step_has_failed(&row))
        return ZQ_OK;
    if (row.state == ZQ_JOURNAL_STARTED && zq_step_only_rows_tell(&s->is))
        return zq_step_not_told(w, i, &row, err);
    return zq_step_resume_rows(w, i, out_run, err);
}

/* ---- running them ---- */

/* What the revision has SET is only in its session. */
static bool has_set(const family_step *f)
{
    for (size_t i = 0; i < f->from; i++) {
        const zq_rev_statement *s = &f->walk->leg->section->statements[i];

        if (zq_step_kind_of(s) == ZQ_STEP_SESSION || s->is.kind == ZQ_STATEMENT_UNKNOWN)
            return true;
    }
    return false;
}

static zq_rc run_statements(family_step *f, const zq_member_ddl *statements, zq_err *err)
{
    zq_walk *w = f->walk;
    const zq_apply *a = w->apply;
    zq_member_result result = {0};
    bool in_session = has_set(f);
    zq_member_step step = {
        .walk = {.db = a->db,
                 .session = in_session ? w->session : NULL,
                 .database = a->database,
                 .jobs = in_session ? 1 : a->jobs,
                 .open = a->open,
                 .open_context = a->open_context,
                 .schema = a->schema,
                 .family = w->leg->section->statements[f->from].family,
                 .rules = &a->rules,
                 .max_errors = a->max_errors},
        .statements = statements,
        .n = f->end - f->from,
        .found_out = record_forms,
        .context = f,
    };
    zq_rc rc = zq_members_run(&step, w->arena, &result, err);

    tell_of_family(f, &result);
    /* Then none has it, and the statement may still be mended. */
    if (result.first_refused)
        zq_step_note_failure(w, f->from + result.refused);
    return rc == ZQ_OK ? ZQ_OK : family_failed(f, &result, rc);
}

zq_rc zq_step_family(zq_walk *w, size_t i, zq_err *err)
{
    family_step f = {.walk = w, .from = i, .end = end_of(w, i)};
    zq_member_ddl *statements;

    if (i < w->family_end)
        return ZQ_OK;
    statements = ZQ_NEW_ARRAY(w->arena, zq_member_ddl, f.end - i);
    for (size_t k = i; k < f.end; k++) {
        bool run;

        ZQ_TRY(statement_of(w, k, &statements[k - i], &run, err));
        if (!run && k == i)
            return ZQ_OK;
        if (!run)
            f.end = k;
    }
    ZQ_TRY(run_statements(&f, statements, err));
    w->family_end = f.end;
    for (size_t k = i; k < f.end; k++) {
        zq_journal_row row = zq_step_row(w, k, ZQ_JOURNAL_DONE);

        ZQ_TRY(zq_step_note_done(w, &row, err));
    }
    return ZQ_OK;
}
