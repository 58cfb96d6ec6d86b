/* Statements on the rows of a family's members: a transaction for each member, with a row of the
 * journal of its own, so that a member is done or not, whatever its name and whenever it came. */
#include "rev/step_kit.h"

#include "run/member_form.h"
#include "run/members.h"
#include "sql/read/placeholder.h"

#include <string.h>

typedef struct rows_step {
    zq_walk *walk;
    size_t i;
    const char *key; /* of this statement's rows in the journal */
} rows_step;

/* One that is not a table, or that an earlier statement has left. */
static bool leave(const rows_step *r, const zq_member *member, const char *text)
{
    zq_walk *w = r->walk;
    const zq_rev_statement *s = &w->leg->section->statements[r->i];
    const char *why = zq_step_why_left(w, s->family, member->name);
    ZQ_AUTO_BUF(line);
    zq_left_member left;

    if (why == NULL && member->is == NULL)
        return false;
    zq_member_line(&line, text);
    left = (zq_left_member){
        .family = s->family,
        .name = zq_arena_strdup(w->arena, member->name),
        .statement = r->i,
        .where = zq_step_where(w, s),
        .why = why,
        .lacks = member->is != NULL ? "" : zq_arena_strdup(w->arena, zq_buf_text(&line)),
    };
    if (why == NULL)
        left.why = zq_arena_printf(w->arena, "is a %s", member->is);
    zq_step_add_left(w, &left);
    return true;
}

static zq_rc visit(void *context, zq_db *db, const zq_member *member, zq_err *err)
{
    const rows_step *r = context;
    zq_walk *w = r->walk;
    const zq_rev_statement *s = &w->leg->section->statements[r->i];
    const zq_journal_row found = zq_step_member_found(w, r->key, member->name);
    zq_binding bindings[] = {{"table", member->name}, {"code", member->code}};
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const char *text = zq_placeholder_fill(arena, s->text, s->length, bindings, ZQ_LEN(bindings));
    zq_journal_row row;
    zq_rc rc;

    (void)db; /* is the one of the walk: there is no other */
    if (found.state == ZQ_JOURNAL_DONE || leave(r, member, text))
        return ZQ_OK;
    if (zq_step_is_half_done(w, r->i, &found))
        return zq_step_half_done(w, r->i, &found, NULL, err);
    row = zq_step_member_row(w, r->key, member->name, ZQ_JOURNAL_DONE);
    rc = zq_step_commit(w, r->i, text, &row, err);
    if (rc != ZQ_OK && rc != ZQ_E_DIFFERS)
        zq_err_prefix(err, "%s: cannot run the statement on '%s': ", zq_step_where(w, s),
                      member->name);
    return rc;
}

/* On one connection: what the revision has SET is only there. */
static zq_rc walk_members(rows_step *r, const char *const *only, size_t n_only, zq_err *err)
{
    zq_walk *w = r->walk;
    const zq_apply *a = w->apply;
    zq_member_walk walk = {
        .db = a->db,
        .database = a->database,
        .jobs = 1,
        .schema = a->schema,
        .family = w->leg->section->statements[r->i].family,
        .rules = &a->rules,
        .max_errors = a->max_errors,
        .these_only = only != NULL,
        .visit = visit,
        .context = r,
    };
    zq_member_walked walked;
    zq_member *members;
    size_t n;

    ZQ_TRY(
        zq_members_list(a->db, a->database, a->schema, walk.family, w->arena, &members, &n, err));
    if (only != NULL)
        n = zq_members_keep(members, n, only, n_only);
    return zq_members_walk(&walk, members, n, w->arena, &walked, err);
}

zq_rc zq_step_members(zq_walk *w, size_t i, zq_err *err)
{
    const char *family = w->leg->section->statements[i].family;
    zq_journal_row row = zq_step_row(w, i, ZQ_JOURNAL_STARTED);
    rows_step r = {.walk = w, .i = i, .key = zq_step_member_key(w, i)};
    const char *const *before;
    size_t n_before;
    bool run;

    ZQ_TRY(zq_step_resume_rows(w, i, &run, err));
    before = zq_step_left_found(w, r.key, &n_before);
    if (!run && n_before == 0)
        return ZQ_OK;
    if (run)
        ZQ_TRY(zq_step_note(w, &row, err));
    ZQ_TRY(walk_members(&r, run ? NULL : before, n_before, err));
    ZQ_TRY(zq_step_note_left(w, i, family, before, n_before, err));
    row.state = ZQ_JOURNAL_DONE;
    return run ? zq_step_note_done(w, &row, err) : ZQ_OK;
}
