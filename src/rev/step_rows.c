#include "rev/step_kit.h"

#include "sql/lexer.h"

#include <string.h>

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
    ZQ_TRY(zq_db_exec(w->apply->db, w->leg->section->statements[i].text, err));
    return zq_step_note_done(w, &row, err);
}

zq_rc zq_step_session(zq_walk *w, size_t i, zq_err *err)
{
    w->n_done++;
    return zq_db_exec(w->apply->db, w->leg->section->statements[i].text, err);
}

/* ---- batches ---- */

/* A key as it stands in a range: whole numbers bare, so that an index on them is used. */
static void write_key(zq_sql *sql, const char *key)
{
    size_t digits = strspn(key + (*key == '-'), "0123456789");

    if (digits > 0 && key[digits + (*key == '-')] == '\0')
        zq_sql_rawz(sql, key);
    else
        zq_sql_str(sql, key);
}

/* The last key of the range after `from` (NULL: of the first range); NULL when there is none. */
static zq_rc next_key(zq_walk *w, const zq_rev_statement *s, const char *from, const char **out,
                      zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    const char *text;
    zq_rows rows;

    zq_sql_lit(&sql, "SELECT MAX(k) FROM (SELECT ");
    zq_sql_ident(&sql, s->key);
    zq_sql_lit(&sql, " AS k FROM ");
    zq_sql_ident(&sql, s->table);
    if (from != NULL) {
        zq_sql_lit(&sql, " WHERE ");
        zq_sql_ident(&sql, s->key);
        zq_sql_lit(&sql, " > ");
        write_key(&sql, from);
    }
    zq_sql_lit(&sql, " ORDER BY 1 LIMIT ");
    zq_sql_unum(&sql, s->size);
    zq_sql_lit(&sql, ") some");
    ZQ_TRY(zq_sql_finish(&sql, &text, err));
    ZQ_TRY(zq_db_query(w->apply->db, text, NULL, 0, w->arena, &rows, err));
    *out = rows.n == 0 ? NULL : zq_rows_at(&rows, 0, 0);
    return ZQ_OK;
}

static zq_rc range_text(zq_walk *w, const zq_rev_statement *s, const char *from, const char *to,
                        const char **out, zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    zq_binding range = {.name = "range"};
    const char *text;

    zq_sql_lit(&sql, "(");
    if (from != NULL) {
        zq_sql_ident(&sql, s->key);
        zq_sql_lit(&sql, " > ");
        write_key(&sql, from);
        zq_sql_lit(&sql, " AND ");
    }
    zq_sql_ident(&sql, s->key);
    zq_sql_lit(&sql, " <= ");
    write_key(&sql, to);
    zq_sql_lit(&sql, ")");
    ZQ_TRY(zq_sql_finish(&sql, &text, err));
    range.value = text;
    *out = zq_statement_expand(w->arena, s->text, s->length, &range, 1);
    return ZQ_OK;
}

zq_rc zq_step_batch(zq_walk *w, size_t i, zq_err *err)
{
    const zq_rev_statement *s = &w->leg->section->statements[i];
    zq_journal_row row = zq_step_row(w, i, ZQ_JOURNAL_STARTED);
    const char *from = zq_step_found(w, i).position;
    bool run;

    ZQ_TRY(zq_step_resume_rows(w, i, &run, err));
    if (!run)
        return ZQ_OK;
    for (;;) {
        const char *to;
        const char *text;

        if (zq_watch_stopped(w->apply->rules.watch))
            return zq_fail(err, ZQ_E_INTERRUPTED, "stopped");
        ZQ_TRY(next_key(w, s, from, &to, err));
        if (to == NULL)
            break;
        ZQ_TRY(range_text(w, s, from, to, &text, err));
        row.position = to;
        ZQ_TRY(zq_step_commit(w, i, text, &row, err));
        from = to;
    }
    row.state = ZQ_JOURNAL_DONE;
    row.position = from;
    return zq_step_note_done(w, &row, err);
}
