/* zq:batch: one statement in ranges of a key, a transaction for each. */
#include "rev/step_kit.h"

#include "base/utf8.h"
#include "sql/lexer.h"

#include <string.h>

/* Keys stand in ranges as strings, whatever their type: a constant becomes the column's type, so an
 * index is used, and codes such as 000001 are compared as the text that they are. */
static void write_key(zq_sql *sql, const zq_rev_statement *s, const char *than, const char *key)
{
    zq_sql_ident(sql, s->key);
    zq_sql_rawz(sql, than);
    zq_sql_str(sql, key);
}

/* The journal remembers keys as text: bytes are none, and a FLOAT of MySQL's is shown rounded, so
 * that the same key comes again and again. */
static zq_rc check_key(const zq_rev_statement *s, const char *from, const zq_rows *rows,
                       zq_err *err)
{
    const char *key = zq_rows_at(rows, 0, 0);
    const char *nul = zq_rows_at(rows, 0, 1);
    bool again = from != NULL && strcmp(from, key) == 0;

    if (!again && zq_utf8_valid(key, strlen(key)) && nul != NULL && strcmp(nul, "0") == 0)
        return ZQ_OK;
    return zq_fail(err, ZQ_E_DATA,
                   "column '%s' of '%s' cannot be the key: batches go by text, whole numbers, "
                   "decimals and times",
                   s->key, s->table);
}

/* The last key of the range after `from` (NULL: of the first range); NULL when there is none. */
static zq_rc next_key(zq_walk *w, const zq_rev_statement *s, const char *from, const char **out,
                      zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    const char *text;
    zq_rows rows;

    zq_sql_lit(&sql, "SELECT MAX(k), "
                     "LOCATE(CHAR(0), CAST(CAST(MAX(k) AS CHAR) AS BINARY)) FROM (SELECT ");
    zq_sql_ident(&sql, s->key);
    zq_sql_lit(&sql, " AS k FROM ");
    zq_sql_ident(&sql, s->table);
    zq_sql_lit(&sql, " WHERE ");
    if (from != NULL) {
        write_key(&sql, s, " > ", from);
    } else {
        zq_sql_ident(&sql, s->key);
        zq_sql_lit(&sql, " IS NOT NULL");
    }
    zq_sql_lit(&sql, " ORDER BY 1 LIMIT ");
    zq_sql_unum(&sql, s->size);
    zq_sql_lit(&sql, ") some");
    ZQ_TRY(zq_sql_finish(&sql, &text, err));
    ZQ_TRY(zq_db_query(w->apply->db, text, NULL, 0, "TI", w->arena, &rows, err));
    *out = rows.n == 0 ? NULL : zq_rows_at(&rows, 0, 0);
    return *out == NULL ? ZQ_OK : check_key(s, from, &rows, err);
}

static zq_rc with_range(const zq_walk *w, const zq_rev_statement *s, zq_sql *range,
                        const char **out, zq_err *err)
{
    zq_binding binding = {.name = "range"};

    ZQ_TRY(zq_sql_finish(range, &binding.value, err));
    *out = zq_statement_expand(w->arena, s->text, s->length, &binding, 1);
    return ZQ_OK;
}

static zq_rc range_text(const zq_walk *w, const zq_rev_statement *s, const char *from,
                        const char *to, const char **out, zq_err *err)
{
    ZQ_AUTO_SQL(range);

    zq_sql_lit(&range, "(");
    if (from != NULL) {
        write_key(&range, s, " > ", from);
        zq_sql_lit(&range, " AND ");
    }
    write_key(&range, s, " <= ", to);
    zq_sql_lit(&range, ")");
    return with_range(w, s, &range, out, err);
}

/* The statement for the rows that have no key; NULL when there are none. IS NULL would find zero
 * dates too. */
static zq_rc keyless_text(const zq_walk *w, const zq_rev_statement *s, const char **out,
                          zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    ZQ_AUTO_SQL(range);
    const char *text;
    zq_rows rows;

    zq_sql_lit(&range, "(");
    zq_sql_ident(&range, s->key);
    zq_sql_lit(&range, " <=> NULL)");
    zq_sql_lit(&sql, "SELECT 1 FROM ");
    zq_sql_ident(&sql, s->table);
    zq_sql_lit(&sql, " WHERE ");
    zq_sql_ident(&sql, s->key);
    zq_sql_lit(&sql, " <=> NULL LIMIT 1");
    ZQ_TRY(zq_sql_finish(&sql, &text, err));
    ZQ_TRY(zq_db_query(w->apply->db, text, NULL, 0, "i", w->arena, &rows, err));
    *out = NULL;
    return rows.n == 0 ? ZQ_OK : with_range(w, s, &range, out, err);
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
    zq_fail(err, ZQ_E_DIFFERS,
            "%s: cannot go on: the batches that stood here are done up to key '%s', and the file "
            "has another statement now",
            zq_step_where(w, s), row.position);
    zq_err_hint(err,
                "restore the file; or undo what they did, run \"DELETE FROM zq_meta_journal %s\", "
                "then '%s'",
                zq_step_row_of(w, &row), w->apply->again);
    return ZQ_E_DIFFERS;
}

zq_rc zq_step_batch(zq_walk *w, size_t i, zq_err *err)
{
    const zq_rev_statement *s = &w->leg->section->statements[i];
    zq_journal_row row = zq_step_row(w, i, ZQ_JOURNAL_STARTED);
    bool run;

    ZQ_TRY(zq_step_resume_rows(w, i, &run, err));
    if (!run)
        return ZQ_OK;
    row.position = zq_step_found(w, i).position;
    for (;;) {
        const char *to;
        const char *text;

        if (zq_watch_stopped(w->apply->rules.watch))
            return zq_fail(err, ZQ_E_INTERRUPTED, "stopped");
        ZQ_TRY(next_key(w, s, row.position, &to, err));
        if (to == NULL)
            return finish(w, i, &row, err);
        ZQ_TRY(range_text(w, s, row.position, to, &text, err));
        row.position = to;
        ZQ_TRY(zq_step_commit(w, i, text, &row, err));
    }
}
