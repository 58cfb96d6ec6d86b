/* What a run, or a script, left when it was cut short: each statement with what the journal and the
 * tables say of it, and the ways out. Nothing is guessed: where the file of the revision is not
 * there, only the rows of the journal are shown. */
#include "migrate/unfinished.h"

#include "base/language.h"
#include "migrate/step.h"
#include "rev/kept.h"
#include "rev/step_kind.h"

#include <stdio.h>
#include <string.h>

static zq_rc begin(const zq_apply *apply, const zq_leg *leg, const char *revision,
                   const char *direction, zq_arena *arena, zq_walk *out, zq_err *err)
{
    size_t n = leg != NULL ? leg->section->n : 0;

    *out = (zq_walk){
        .apply = apply,
        .leg = leg,
        .session = apply->db,
        .arena = arena,
        .journal = {.revision = revision, .direction = direction, .token = apply->token},
        .digests = ZQ_NEW_ARRAY(arena, const char *, n + 1),
    };
    return zq_journal_read(apply->db, &out->journal, arena, &out->found, err);
}

/* ---- looking ---- */

/* A member of statement `i` whose statement committed something by itself and was cut short. */
static bool is_open_member(const zq_walk *w, size_t i, const zq_journal_row *row)
{
    return zq_journal_is_member(row) && row->state == ZQ_JOURNAL_STARTED &&
           strcmp(row->statement, zq_step_member_key(w, i)) == 0;
}

static const char *state_of(const zq_walk *w, const zq_journal_row *row, bool *out_open)
{
    *out_open = row->state == ZQ_JOURNAL_STARTED;
    if (row->state == ZQ_JOURNAL_NONE)
        return "to do";
    if (row->state == ZQ_JOURNAL_DONE)
        return "done";
    if (zq_step_has_failed(row) && row->position == NULL)
        return row->statement == NULL ? "failed" : "begun";
    return row->position == NULL ? "started"
                                 : zq_arena_printf(w->arena, "started (%s)", row->position);
}

static zq_rc look_at(zq_walk *w, size_t i, zq_unfinished_step *out, zq_err *err)
{
    const zq_rev_statement *s = &w->leg->section->statements[i];
    zq_journal_row row = zq_step_found(w, i);
    zq_step_kind kind = zq_step_kind_of(s);
    bool fits;

    *out = (zq_unfinished_step){
        .step = (unsigned)i + 1, .line = s->line, .statement = zq_step_excerpt(s, w->arena)};
    out->state = state_of(w, &row, &out->open);
    for (size_t k = 0; k < w->found.n; k++) {
        if (is_open_member(w, i, &w->found.items[k])) {
            out->open = true;
            out->found =
                zq_arena_printf(w->arena, "it was cut short on '%s'", w->found.items[k].position);
        }
    }
    if (row.state == ZQ_JOURNAL_NONE || (kind != ZQ_STEP_TABLES && kind != ZQ_STEP_OBJECTS))
        return ZQ_OK;
    ZQ_TRY(zq_step_found_words(w, i, &out->found, &fits, err));
    out->open = out->open || !fits;
    return ZQ_OK;
}

/* ---- a script ---- */

/* The statement where a script was cut short; the number of statements when all were done. */
static size_t place_of(const zq_rev_section *section, const char *script)
{
    unsigned line;
    size_t i = 0;

    if (sscanf(script, "line %u", &line) != 1)
        return section->n;
    while (i < section->n && section->statements[i].line != line)
        i++;
    return i;
}

static void read_script(const zq_walk *w, zq_unfinished *out)
{
    const zq_rev_section *section = w->leg->section;
    size_t at = place_of(section, out->script);
    zq_unfinished_step *steps = ZQ_NEW_ARRAY(w->arena, zq_unfinished_step, section->n + 1);

    /* Behind the last one, only the record is missing. */
    if (at == section->n && at > 0)
        at--;
    for (size_t i = 0; i < section->n; i++)
        steps[i] = (zq_unfinished_step){
            .step = (unsigned)i + 1,
            .line = section->statements[i].line,
            .statement = zq_step_excerpt(&section->statements[i], w->arena),
            .state = i < at    ? "done"
                     : i == at ? "started"
                               : "to do",
            .open = i == at,
        };
    out->steps = steps;
    out->n = section->n;
}

/* What a script has had in its session is gone, and how far its blocks came only it can use. */
static zq_rc check_script(const zq_walk *w, const zq_unfinished *r, unsigned step, zq_err *err)
{
    const zq_rev_section *section = w->leg->section;
    bool in_block = strstr(r->script, ", done") != NULL;
    const zq_kept_name *names;

    if (!r->steps[step - 1].open) {
        zq_fail(err, ZQ_E_USAGE, "the script was cut short at another step than %u", step);
        return zq_err_hint(err, "see 'zquant-migrate resume' for the one");
    }
    if (!in_block && (step == 1 || zq_kept_names(section, w->arena, &names) == 0))
        return ZQ_OK;
    zq_fail(err, ZQ_E_DIFFERS,
            in_block ? N_("only the script itself can continue: it has done a part of its block")
                     : N_("only the script itself can continue: the values of its @variables are "
                          "in its session"));
    return zq_err_hint(err, "run the rest of it from %s on, or give it up with --forget",
                       r->script);
}

/* From here on, it is a run that was cut short: its journal has what the script had done. */
static zq_rc take_over_script(zq_walk *w, const zq_unfinished *r, unsigned step, bool accept,
                              zq_err *err)
{
    ZQ_AUTO_SQL(sql);

    ZQ_TRY(check_script(w, r, step, err));
    zq_journal_drop(&sql, &w->journal, ZQ_JOURNAL_SCRIPT);
    for (size_t i = 0; i < step - !accept; i++) {
        zq_journal_row row = zq_step_row(w, i, ZQ_JOURNAL_DONE);

        zq_sql_lit(&sql, ";");
        zq_journal_write(&sql, &w->journal, &row, 1);
    }
    return zq_step_write(w, &sql, err);
}

/* Without the file there are only numbers. */
static void list_rows(const zq_walk *w, zq_unfinished *out)
{
    zq_unfinished_step *steps = ZQ_NEW_ARRAY(w->arena, zq_unfinished_step, w->found.n + 1);

    for (size_t k = 0; k < w->found.n; k++) {
        zq_unfinished_step *step = &steps[out->n];

        if (w->found.items[k].step >= ZQ_JOURNAL_MEMBERS)
            continue;
        *step = (zq_unfinished_step){.step = w->found.items[k].step, .statement = ""};
        step->state = state_of(w, &w->found.items[k], &step->open);
        out->n++;
    }
    out->steps = steps;
}

zq_rc zq_unfinished_read(const zq_apply *apply, const zq_leg *leg, const char *revision,
                         const char *direction, zq_arena *arena, zq_unfinished *out, zq_err *err)
{
    zq_unfinished_step *steps;
    zq_walk w;

    ZQ_TRY(begin(apply, leg, revision, direction, arena, &w, err));
    *out = (zq_unfinished){.revision = revision, .direction = direction, .leg = leg};
    out->script = zq_journal_row_of(&w.found, ZQ_JOURNAL_SCRIPT).position;
    if (leg == NULL || out->script != NULL) {
        if (leg == NULL)
            list_rows(&w, out);
        else
            read_script(&w, out);
        return ZQ_OK;
    }
    steps = ZQ_NEW_ARRAY(arena, zq_unfinished_step, leg->section->n + 1);
    for (size_t i = 0; i < leg->section->n; i++)
        ZQ_TRY(look_at(&w, i, &steps[i], err));
    out->steps = steps;
    out->n = leg->section->n;
    return ZQ_OK;
}

/* ---- the ways out ---- */

static zq_rc check_step(const zq_unfinished *r, unsigned step, zq_err *err)
{
    if (r->leg == NULL) {
        zq_fail(err, ZQ_E_USAGE, "the file of revision '%s' is not known here", r->revision);
        zq_err_hint(err, "name its folder with --dir");
        return ZQ_E_USAGE;
    }
    if (step == 0 || step > r->n) {
        zq_fail(err, ZQ_E_USAGE, "revision '%s' has no step %u", r->revision, step);
        return zq_err_hint(err, "see 'zquant-migrate resume' for those that it has");
    }
    if (strcmp(r->steps[step - 1].state, "done") == 0 && !r->steps[step - 1].open)
        return zq_fail(err, ZQ_E_USAGE, "step %u of revision '%s' is done", step, r->revision);
    return ZQ_OK;
}

static void settle_row(const zq_walk *w, const zq_journal_row *row, bool accept, zq_sql *sql)
{
    if (sql->text.length > 0)
        zq_sql_lit(sql, ";");
    if (accept)
        zq_journal_write(sql, &w->journal, row, 1);
    else
        zq_journal_drop(sql, &w->journal, row->step);
}

zq_rc zq_unfinished_settle(const zq_apply *apply, const zq_unfinished *r, unsigned step,
                           bool accept, zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO_SQL(sql);
    zq_walk w;

    ZQ_TRY(check_step(r, step, err));
    ZQ_TRY(begin(apply, r->leg, r->revision, r->direction, arena, &w, err));
    if (r->script != NULL)
        return take_over_script(&w, r, step, accept, err);
    for (size_t k = 0; k < w.found.n; k++) {
        zq_journal_row row = w.found.items[k];

        if (!is_open_member(&w, step - 1, &row))
            continue;
        row.state = ZQ_JOURNAL_DONE;
        settle_row(&w, &row, accept, &sql);
    }
    if (sql.text.length == 0) {
        const zq_journal_row row = zq_step_row(&w, step - 1, ZQ_JOURNAL_DONE);

        settle_row(&w, &row, accept, &sql);
    }
    return zq_step_write(&w, &sql, err);
}

zq_rc zq_unfinished_forget(const zq_apply *apply, const zq_unfinished *resume, zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    const char *text;

    zq_journal_clear(&sql, resume->revision);
    ZQ_TRY(zq_sql_finish(&sql, &text, err));
    return zq_transact(apply->db, apply->rules.lease, text, NULL, 0, NULL, NULL, err);
}
