/* Statements on the rows of a family's members: a transaction for each member, with a row of the
 * journal of its own, so that a member is done or not, whatever its name and whenever it came. */
#include "rev/step_kit.h"

#include "run/members.h"
#include "sql/lexer.h"

#include <stdlib.h>
#include <string.h>

typedef struct rows_step {
    zq_walk *walk;
    size_t i;
    const char *key;              /* of this statement's rows in the journal */
    const zq_journal_row **found; /* what another run left of them, by the members' names */
    size_t n_found;
} rows_step;

static int by_position(const void *a, const void *b)
{
    return strcmp((*(const zq_journal_row *const *)a)->position,
                  (*(const zq_journal_row *const *)b)->position);
}

static int name_to_row(const void *name, const void *row)
{
    return strcmp(name, (*(const zq_journal_row *const *)row)->position);
}

/* A revision may hold the same statement twice: its number is a part of the key. */
const char *zq_step_member_key(const zq_walk *w, size_t i)
{
    const char *text =
        zq_arena_printf(w->arena, "%zu %s", i + 1, w->leg->section->statements[i].text);
    char *hex = zq_arena_alloc(w->arena, ZQ_DIGEST_HEX);

    zq_digest_hex(text, strlen(text), hex);
    return hex;
}

static void read_found(rows_step *r)
{
    zq_walk *w = r->walk;

    r->key = zq_step_member_key(w, r->i);
    r->found = ZQ_NEW_ARRAY(w->arena, const zq_journal_row *, w->found.n + 1);
    for (size_t k = 0; k < w->found.n; k++) {
        const zq_journal_row *row = &w->found.items[k];

        if (zq_journal_is_member(row) && strcmp(row->statement, r->key) == 0)
            r->found[r->n_found++] = row;
    }
    if (r->n_found > 1)
        qsort(r->found, r->n_found, sizeof *r->found, by_position);
}

static const zq_journal_row *found_of(const rows_step *r, const char *name)
{
    const zq_journal_row **row = NULL;

    if (r->n_found > 0)
        row = bsearch(name, r->found, r->n_found, sizeof *r->found, name_to_row);
    return row == NULL ? NULL : *row;
}

/* The number of a row of its own. */
static unsigned next_step(zq_walk *w)
{
    if (w->next_member == 0) {
        w->next_member = ZQ_JOURNAL_MEMBERS;
        for (size_t k = 0; k < w->found.n; k++) {
            if (zq_journal_is_member(&w->found.items[k]))
                w->next_member = w->found.items[k].step + 1;
        }
    }
    return w->next_member++;
}

static zq_rc visit(void *context, zq_db *db, const zq_member *member, zq_err *err)
{
    const rows_step *r = context;
    zq_walk *w = r->walk;
    const zq_rev_statement *s = &w->leg->section->statements[r->i];
    const zq_journal_row *found = found_of(r, member->name);
    zq_binding bindings[] = {{"table", member->name}, {"code", member->code}};
    zq_journal_row row = {.state = ZQ_JOURNAL_DONE, .statement = r->key, .position = member->name};
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_rc rc;

    (void)db; /* is the one of the walk: there is no other */
    if (found != NULL && found->state == ZQ_JOURNAL_DONE)
        return ZQ_OK;
    if (found != NULL && zq_step_is_half_done(w, r->i, found))
        return zq_step_half_done(w, r->i, found, NULL, err);
    row.step = found != NULL ? found->step : next_step(w);
    rc = zq_step_commit(w, r->i,
                        zq_statement_expand(arena, s->text, s->length, bindings, ZQ_LEN(bindings)),
                        &row, err);
    if (rc != ZQ_OK && rc != ZQ_E_DIFFERS)
        zq_err_prefix(err, "%s: cannot run the statement on '%s': ", zq_step_where(w, s),
                      member->name);
    return rc;
}

/* On one connection: what the revision has SET is only there. */
zq_rc zq_step_members(zq_walk *w, size_t i, zq_err *err)
{
    const zq_apply *a = w->apply;
    zq_journal_row row = zq_step_row(w, i, ZQ_JOURNAL_STARTED);
    rows_step r = {.walk = w, .i = i};
    zq_member_walk walk = {
        .db = a->db,
        .database = a->database,
        .jobs = 1,
        .schema = a->schema,
        .family = w->leg->section->statements[i].family,
        .rules = &a->rules,
        .max_errors = a->max_errors,
        .visit = visit,
        .context = &r,
    };
    zq_member_walked walked;
    const zq_member *members;
    size_t n;
    bool run;

    ZQ_TRY(zq_step_resume_rows(w, i, &run, err));
    if (!run)
        return ZQ_OK;
    read_found(&r);
    ZQ_TRY(zq_step_note(w, &row, err));
    ZQ_TRY(
        zq_members_list(a->db, a->database, a->schema, walk.family, w->arena, &members, &n, err));
    ZQ_TRY(zq_members_walk(&walk, members, n, w->arena, &walked, err));
    row.state = ZQ_JOURNAL_DONE;
    return zq_step_note_done(w, &row, err);
}
