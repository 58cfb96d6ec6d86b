#include "migrate/step.h"

#include <string.h>

static const char *digest_of(const zq_walk *w, size_t i)
{
    const zq_rev_statement *s = &w->leg->section->statements[i];

    if (w->digests[i] == NULL) {
        char *hex = zq_arena_alloc(w->arena, ZQ_DIGEST_HEX);
        const char *text = s->text;

        /* The last key of a batch is one of this column. */
        if (s->block == ZQ_BLOCK_BATCH)
            text = zq_arena_printf(w->arena, "%s %s %s", s->table, s->key, s->text);
        zq_digest_hex(text, strlen(text), hex);
        w->digests[i] = hex;
    }
    return w->digests[i];
}

zq_journal_row zq_step_found(const zq_walk *w, size_t i)
{
    return zq_journal_row_of(&w->found, (unsigned)i + 1);
}

zq_journal_row zq_step_row(const zq_walk *w, size_t i, zq_journal_state state)
{
    return (zq_journal_row){
        .step = (unsigned)i + 1,
        .state = state,
        .statement = digest_of(w, i),
    };
}

bool zq_step_text_changed(const zq_walk *w, size_t i, const zq_journal_row *row)
{
    return row->state != ZQ_JOURNAL_NONE && row->statement != NULL &&
           strcmp(row->statement, digest_of(w, i)) != 0;
}

/* All that waits, and `n_more` more rows, as one statement; NULL when there is nothing. */
static zq_rc journal_text(const zq_walk *w, const zq_journal_row *more, size_t n_more,
                          const char **out, zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    size_t n = w->pending.n + n_more;
    zq_journal_row *rows = ZQ_NEW_ARRAY(w->arena, zq_journal_row, n + 1);

    *out = NULL;
    if (n == 0)
        return ZQ_OK;
    memcpy(rows, w->pending.rows, w->pending.n * sizeof *rows);
    if (n_more > 0)
        memcpy(rows + w->pending.n, more, n_more * sizeof *rows);
    zq_journal_write(&sql, &w->journal, rows, n);
    ZQ_TRY(zq_sql_keep(&sql, w->arena, out, err));
    return ZQ_OK;
}

static zq_rc write_then(const zq_walk *w, zq_db *db, const char *text, zq_tail *then, zq_err *err)
{
    zq_rc rc = zq_transact_then(db, w->apply->rules.lease, text, then, err);

    /* With something behind it, it is not known of which of them the connection was lost. */
    if (rc != ZQ_OK && rc != ZQ_E_TAKEN && (then == NULL || rc != ZQ_E_LOST))
        zq_err_prefix(err, "cannot write the journal: ");
    return rc;
}

zq_rc zq_step_write(const zq_walk *w, zq_sql *sql, zq_err *err)
{
    const char *text;

    ZQ_TRY(zq_sql_finish(sql, &text, err));
    return write_then(w, w->apply->db, text, NULL, err);
}

zq_rc zq_step_drop(const zq_walk *w, unsigned step, zq_err *err)
{
    ZQ_AUTO_SQL(sql);

    zq_journal_drop(&sql, &w->journal, step);
    return zq_step_write(w, &sql, err);
}

zq_rc zq_step_flush_then(zq_walk *w, const zq_journal_row *rows, size_t n, zq_db *db, zq_tail *then,
                         zq_err *err)
{
    const char *text;

    ZQ_TRY(journal_text(w, rows, n, &text, err));
    if (text != NULL)
        ZQ_TRY(write_then(w, db, text, then, err));
    w->pending.n = 0;
    return ZQ_OK;
}

zq_rc zq_step_flush(zq_walk *w, const zq_journal_row *row, zq_err *err)
{
    return zq_step_flush_then(w, row, row != NULL, w->apply->db, NULL, err);
}

zq_rc zq_step_note(zq_walk *w, const zq_journal_row *row, zq_err *err)
{
    if (w->pending.n + 1 == ZQ_LEN(w->pending.rows))
        return zq_step_flush(w, row, err);
    w->pending.rows[w->pending.n++] = *row;
    return ZQ_OK;
}

/* The record that it is done goes along with whatever is written next; until then, its being
 * started and the tables tell. */
zq_rc zq_step_note_done(zq_walk *w, const zq_journal_row *row, zq_err *err)
{
    w->n_done++;
    return zq_step_note(w, row, err);
}

/* A statement that the server refused, and that therefore has not happened: somebody has to fix the
 * cause, and may change the table for that. */
bool zq_step_has_failed(const zq_journal_row *row)
{
    return row->state == ZQ_JOURNAL_STARTED && row->before == NULL;
}

/* When this cannot be written either, the next run finds the tables as before, which is as good
 * unless they are changed until then. */
void zq_step_note_failure(zq_walk *w, size_t i)
{
    zq_journal_row row = zq_step_row(w, i, ZQ_JOURNAL_STARTED);

    zq_step_flush(w, &row, NULL);
}

/* Whether a statement whose journal row commits with it is to be run. */
zq_rc zq_step_resume_rows(zq_walk *w, size_t i, bool *out_run, zq_err *err)
{
    const zq_rev_statement *s = &w->leg->section->statements[i];
    zq_journal_row row = zq_step_found(w, i);
    zq_journal_rule rule = zq_journal_rule_decide_rows(row.state, zq_step_text_changed(w, i, &row));

    if (rule.resume == ZQ_RESUME_STOP)
        return zq_step_stop(w, i, &rule, zq_step_changes(&s->parsed, w->arena), err);
    *out_run = rule.resume == ZQ_RESUME_RUN;
    w->n_done += !*out_run;
    return ZQ_OK;
}
