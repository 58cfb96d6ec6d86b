/* zq:batch: one statement in ranges of a key, a transaction for each. */
#include "migrate/step_batch.h"

#include "migrate/batch_key.h"
#include "migrate/step_commit.h"
#include "migrate/step_journal.h"
#include "migrate/step_say.h"
#include "sql/read/placeholder.h"

#include <string.h>

/* The last key of the range after `from` (NULL: of the first range); NULL when there is none. */
static zq_rc next_key(const zq_walk *w, const zq_rev_statement *s, zq_key_class class,
                      const char *from, const char **out, zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    const char *text;
    zq_rows rows;

    zq_key_write_question(&sql, s, class, from);
    ZQ_TRY(zq_sql_finish(&sql, &text, err));
    ZQ_TRY(zq_db_query(w->apply->db, text, NULL, 0, "TI", w->arena, &rows, err));
    *out = rows.n == 0 ? NULL : zq_rows_at(&rows, 0, 0);
    if (*out == NULL)
        return ZQ_OK;
    return zq_key_check(s, class, from, *out, zq_rows_at(&rows, 0, 1), err);
}

static zq_rc with_range(const zq_walk *w, const zq_rev_statement *s, zq_sql *range,
                        const char **out, zq_err *err)
{
    zq_binding binding = {.name = "range"};

    ZQ_TRY(zq_sql_finish(range, &binding.value, err));
    *out = zq_placeholder_fill(w->arena, s->text, s->length, &binding, 1);
    return ZQ_OK;
}

static zq_rc range_text(const zq_walk *w, const zq_rev_statement *s, zq_key_class class,
                        const char *from, const char *to, const char **out, zq_err *err)
{
    ZQ_AUTO_SQL(range);

    zq_sql_lit(&range, "(");
    if (from != NULL) {
        zq_key_write_bound(&range, s, class, ZQ_KEY_ABOVE, from);
        zq_sql_lit(&range, " AND ");
    }
    zq_key_write_bound(&range, s, class, ZQ_KEY_UP_TO, to);
    zq_sql_lit(&range, ")");
    return with_range(w, s, &range, out, err);
}

/* The statement for the rows that have no key; NULL when there are none. IS NULL would find zero
 * dates too. */
static zq_rc keyless_text(const zq_walk *w, const zq_rev_statement *s, const char **out,
                          zq_err *err)
{
    ZQ_AUTO_SQL(range);
    const char *text;
    bool any;

    zq_sql_lit(&range, "(");
    zq_sql_ident(&range, s->key);
    zq_sql_lit(&range, " <=> NULL)");
    ZQ_TRY(zq_sql_finish(&range, &text, err));
    ZQ_TRY(zq_key_any(w->apply->db, s, text, &any, err));
    *out = NULL;
    return any ? with_range(w, s, &range, out, err) : ZQ_OK;
}

/* The last transaction: what has no key, and that the step is done. */
static zq_rc finish(zq_walk *w, size_t i, zq_journal_row *row, zq_err *err)
{
    const char *text;

    row->state = ZQ_JOURNAL_DONE;
    ZQ_TRY(keyless_text(w, &w->leg->section->statements[i], &text, err));
    if (text == NULL)
        return zq_step_note_done(w, row, err);
    ZQ_TRY(zq_step_commit(w, i, text, row, err));
    w->n_done++;
    return ZQ_OK;
}

zq_rc zq_step_check_batch(const zq_walk *w, size_t i, zq_err *err)
{
    const zq_rev_statement *s = &w->leg->section->statements[i];
    zq_journal_row row = zq_step_found(w, i);

    if (!zq_step_has_failed(&row) || row.position == NULL || !zq_step_text_changed(w, i, &row))
        return ZQ_OK;
    zq_fail(
        err, ZQ_E_DIFFERS,
        "%s: cannot continue: the batches that stood here are done up to key '%s', and the file "
        "has another statement now",
        zq_step_where(w, s), row.position);
    zq_err_hint(err, "restore the file; or undo what they did, run '%s --repeat %zu', then '%s'",
                w->apply->resume, i + 1, w->apply->again);
    return ZQ_E_DIFFERS;
}

zq_rc zq_step_batch(zq_walk *w, size_t i, zq_err *err)
{
    const zq_rev_statement *s = &w->leg->section->statements[i];
    zq_journal_row row = zq_step_row(w, i, ZQ_JOURNAL_STARTED);
    zq_key_class class;
    bool run;

    ZQ_TRY(zq_step_resume_rows(w, i, &run, err));
    if (!run)
        return ZQ_OK;
    row.position = zq_step_found(w, i).position;
    ZQ_TRY(zq_key_read(w->apply->db, s, row.position, &class, err));
    for (;;) {
        const char *to;
        const char *text;

        if (zq_watch_stopped(w->apply->rules.watch))
            return zq_fail(err, ZQ_E_INTERRUPTED, "stopped");
        ZQ_TRY(next_key(w, s, class, row.position, &to, err));
        if (to == NULL)
            return finish(w, i, &row, err);
        ZQ_TRY(range_text(w, s, class, row.position, to, &text, err));
        row.position = to;
        ZQ_TRY(zq_step_commit(w, i, text, &row, err));
    }
}
