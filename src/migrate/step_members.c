/* Statements for each of a family's members that do not change the member itself: its rows, or
 * something else (a trigger, a view, CREATE TABLE copy_{code}). Each member has a row of the
 * journal of its own, so that it is done or not, whatever its name and whenever it came. Rows
 * commit with that row; of DDL, what it changes for this member tells, as it does outside a family.
 */
#include "migrate/step.h"

#include "model/family.h"
#include "run/member_form.h"
#include "run/members.h"
#include "sql/read/placeholder.h"
#include "sql/read/statement.h"

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

    if (why == NULL && member->other == NULL)
        return false;
    zq_member_line(&line, text);
    left = (zq_left_member){
        .family = s->family,
        .name = zq_arena_strdup(w->arena, member->name),
        .statement = r->i,
        .where = zq_step_where(w, s),
        .why = why,
        .lacks = member->other != NULL ? "" : zq_arena_strdup(w->arena, zq_buf_text(&line)),
    };
    if (why == NULL)
        left.why = zq_arena_printf(w->arena, "is a %s", member->other);
    zq_step_add_left(w, &left);
    return true;
}

/* ---- DDL ---- */

/* Else the walk would find it, and make one more for it, without an end. */
static zq_rc check_no_member(const rows_step *r, const zq_statement *parsed, zq_err *err)
{
    const zq_walk *w = r->walk;
    const zq_rev_statement *s = &w->leg->section->statements[r->i];

    for (size_t t = 0; zq_statement_is(parsed, "CREATE TABLE") && t < parsed->n_tables; t++) {
        const zq_table *family = zq_family_of(w->apply->schema, parsed->tables[t], NULL);

        if (family == NULL || strcmp(family->name, s->family) != 0)
            continue;
        return zq_fail(err, ZQ_E_DATA,
                       "'%s' would be a member of the family itself: begin the names of such "
                       "tables otherwise, 'copy_{code}' for example",
                       parsed->tables[t]);
    }
    return ZQ_OK;
}

/* Has a run that was cut short at this member done it? */
static zq_rc resume_ddl(const rows_step *r, const zq_online_ddl *ddl, const zq_journal_row *found,
                        const char *now, bool *out_run, zq_err *err)
{
    zq_walk *w = r->walk;
    zq_tables_now tables;
    zq_journal_rule rule;

    *out_run = true;
    if (found->state == ZQ_JOURNAL_NONE || found->before == NULL)
        return ZQ_OK;
    tables = zq_step_compare_begun(w, ddl, found, now);
    if (strcmp(found->before, ZQ_STEP_BEFORE_UNKNOWN) == 0 ||
        (tables == ZQ_TABLES_AS_BEFORE && zq_online_only_rows_show(ddl->parsed)))
        return zq_step_unknown(w, r->i, ddl->parsed, found, err);
    rule = zq_journal_rule_decide(found->state, false, tables);
    if (rule.resume == ZQ_RESUME_STOP)
        return zq_step_stop(w, r->i, &rule, zq_step_changes(ddl->parsed, w->arena), err);
    *out_run = rule.resume == ZQ_RESUME_RUN;
    return ZQ_OK;
}

static zq_rc run_ddl(const rows_step *r, const zq_online_ddl *ddl, zq_journal_row *row, zq_err *err)
{
    zq_walk *w = r->walk;
    zq_algorithm way = zq_online_first(ddl->parsed);
    zq_rc rc;

    row->state = ZQ_JOURNAL_STARTED;
    ZQ_TRY(zq_step_flush(w, row, err));
    rc = zq_online_run(w->session, &w->apply->rules, ddl, &way, err);
    /* It has not happened. When this cannot be written either, what it changes is as before. */
    if (rc != ZQ_OK && rc != ZQ_E_LOST)
        zq_step_drop(w, row->step, NULL);
    return rc;
}

static zq_rc visit_ddl(const rows_step *r, const char *member, const char *text,
                       const zq_journal_row *found, zq_err *err)
{
    zq_walk *w = r->walk;
    zq_journal_row row =
        zq_step_member_row(w, r->key, zq_arena_strdup(w->arena, member), ZQ_JOURNAL_DONE);
    zq_statement parsed;
    zq_online_ddl ddl = {.text = text,
                         .parsed = &parsed,
                         .name = member,
                         .looker = w->apply->db,
                         .warned = w->warned};
    const char *now;
    bool run;

    zq_statement_read(text, strlen(text), w->arena, &parsed);
    if (parsed.n_tables > 0)
        ddl.name = parsed.tables[0];
    ZQ_TRY(check_no_member(r, &parsed, err));
    ZQ_TRY(zq_step_look(w, &parsed, &now, err));
    ZQ_TRY(resume_ddl(r, &ddl, found, now, &run, err));
    row.before = run ? now : found->before;
    if (run)
        ZQ_TRY(run_ddl(r, &ddl, &row, err));
    row.state = ZQ_JOURNAL_DONE;
    return zq_online_only_rows_show(&parsed) ? zq_step_flush(w, &row, err)
                                             : zq_step_note(w, &row, err);
}

/* ---- the walk ---- */

static zq_rc visit_rows(const rows_step *r, const char *member, const char *text,
                        const zq_journal_row *found, zq_err *err)
{
    zq_walk *w = r->walk;
    zq_journal_row row;

    if (zq_step_is_half_done(w, r->i, found))
        return zq_step_half_done(w, r->i, found, NULL, err);
    row = zq_step_member_row(w, r->key, member, ZQ_JOURNAL_DONE);
    return zq_step_commit(w, r->i, text, &row, err);
}

static zq_rc visit(void *context, ZQ_UNUSED zq_db *db, const zq_member *member,
                   ZQ_UNUSED const void *looks, ZQ_UNUSED size_t at, zq_err *err)
{
    const rows_step *r = context;
    zq_walk *w = r->walk;
    const zq_rev_statement *s = &w->leg->section->statements[r->i];
    const zq_journal_row found = zq_step_member_found(w, r->key, member->name);
    zq_binding bindings[] = {{"table", member->name}, {"code", member->code}};
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const char *text = zq_placeholder_fill(arena, s->text, s->length, bindings, ZQ_LEN(bindings));
    zq_rc rc;

    if (found.state == ZQ_JOURNAL_DONE || leave(r, member, text))
        return ZQ_OK;
    rc = s->parsed.kind == ZQ_STATEMENT_DDL ? visit_ddl(r, member->name, text, &found, err)
                                            : visit_rows(r, member->name, text, &found, err);
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
