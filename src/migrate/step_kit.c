#include "migrate/step_kit.h"

#include "run/transact.h"

#include <string.h>
#include <strings.h>

static zq_step_kind kind_of_plain(const zq_rev_statement *s)
{
    const zq_statement *is = &s->is;

    if (zq_runs_once(s))
        return ZQ_STEP_ROWS;
    switch (is->kind) {
    case ZQ_STATEMENT_DDL:
        return is->n_tables > 0 && is->object != ZQ_OBJECT_TRIGGER ? ZQ_STEP_TABLES
                                                                   : ZQ_STEP_OBJECTS;
    case ZQ_STATEMENT_ADMIN:
        return ZQ_STEP_REPEAT;
    default:
        return ZQ_STEP_SESSION;
    }
}

/* The member itself, and nothing else: not CREATE TABLE copy_{code}. */
static bool changes_the_member(const zq_statement *is)
{
    return is->kind == ZQ_STATEMENT_DDL && is->object == ZQ_OBJECT_TABLE && is->n_tables == 1 &&
           strcmp(is->tables[0], "{table}") == 0;
}

zq_step_kind zq_step_kind_of(const zq_rev_statement *s)
{
    if (s->block == ZQ_BLOCK_BATCH)
        return ZQ_STEP_BATCH;
    if (s->block == ZQ_BLOCK_PLAIN)
        return kind_of_plain(s);
    return changes_the_member(&s->is) ? ZQ_STEP_FAMILY : ZQ_STEP_MEMBERS;
}

bool zq_step_touches(const zq_statement *is, const char *table)
{
    for (size_t i = 0; i < is->n_tables; i++) {
        if (strcasecmp(is->tables[i], table) == 0)
            return true;
    }
    return false;
}

const char *const *zq_step_names_of(const zq_statement *is, size_t *out_n)
{
    bool others = is->n_tables == 0 || is->object == ZQ_OBJECT_TRIGGER;

    *out_n = others ? is->n_names : is->n_tables;
    return others ? is->names : is->tables;
}

/* ---- words ---- */

/* The statement's beginning, in one line. */
const char *zq_step_excerpt(const zq_rev_statement *s, zq_arena *arena)
{
    enum { MOST = 72 };
    char *text = zq_arena_alloc(arena, MOST + 4);
    size_t n = 0;

    for (const char *c = s->text; *c != '\0' && n < MOST; c++) {
        bool space = *c == ' ' || *c == '\n' || *c == '\t' || *c == '\r';

        if (!space)
            text[n++] = *c;
        else if (n > 0 && text[n - 1] != ' ')
            text[n++] = ' ';
    }
    if (n == MOST) {
        /* Not in the middle of a character. */
        while (n > 0 && ((unsigned char)text[n - 1] & 0xC0) == 0x80)
            n--;
        n -= n > 0 && (unsigned char)text[n - 1] >= 0xC0;
        memcpy(text + n, "...", 4);
    }
    return text;
}

const char *zq_step_where(const zq_walk *w, const zq_rev_statement *s)
{
    return zq_arena_printf(w->arena, "%s:%u", w->leg->revision->file, s->line);
}

const char *zq_step_changes(const zq_statement *is, zq_arena *arena)
{
    ZQ_AUTO_BUF(list);
    size_t n;
    const char *const *names = zq_step_names_of(is, &n);

    for (size_t i = 0; i < n; i++)
        zq_buf_printf(&list, "%s'%s'", i > 0 ? ", " : "", names[i]);
    return n == 0 ? "the database" : zq_arena_strdup(arena, zq_buf_text(&list));
}

/* ---- the journal ---- */

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

zq_rc zq_step_journal_all(const zq_walk *w, const zq_journal_row *more, size_t n_more,
                          const char **out, zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    size_t n = w->pending.n + n_more;
    zq_journal_row *rows = ZQ_NEW_ARRAY(w->arena, zq_journal_row, n + 1);
    const char *text;

    *out = NULL;
    if (n == 0)
        return ZQ_OK;
    memcpy(rows, w->pending.rows, w->pending.n * sizeof *rows);
    if (n_more > 0)
        memcpy(rows + w->pending.n, more, n_more * sizeof *rows);
    zq_journal_write(&sql, &w->journal, rows, n);
    ZQ_TRY(zq_sql_finish(&sql, &text, err));
    *out = zq_arena_strdup(w->arena, text);
    return ZQ_OK;
}

zq_rc zq_step_journal(const zq_walk *w, const zq_journal_row *row, const char **out, zq_err *err)
{
    return zq_step_journal_all(w, row, row != NULL, out, err);
}

zq_rc zq_step_write(const zq_walk *w, const char *text, zq_err *err)
{
    zq_rc rc = zq_transact(w->apply->db, w->apply->rules.lease, text, NULL, 0, NULL, NULL, err);

    if (rc != ZQ_OK && rc != ZQ_E_TAKEN)
        zq_err_prefix(err, "cannot write the journal: ");
    return rc;
}

zq_rc zq_step_flush(zq_walk *w, const zq_journal_row *row, zq_err *err)
{
    const char *text;

    ZQ_TRY(zq_step_journal(w, row, &text, err));
    if (text != NULL)
        ZQ_TRY(zq_step_write(w, text, err));
    w->pending.n = 0;
    return ZQ_OK;
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

zq_rc zq_step_stop(const zq_walk *w, size_t i, const zq_journal_rule *rule, const char *what,
                   zq_err *err)
{
    const zq_rev_statement *s = &w->leg->section->statements[i];

    zq_journal_stop(rule, w->leg->revision->file, s->line, what, err);
    zq_err_hint(err, "'%s' shows what was expected, what was found, and the ways out",
                w->apply->resume);
    return ZQ_E_DIFFERS;
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
    zq_journal_rule rule = zq_journal_decide_rows(row.state, zq_step_text_changed(w, i, &row));

    if (rule.resume == ZQ_RESUME_STOP)
        return zq_step_stop(w, i, &rule, zq_step_changes(&s->is, w->arena), err);
    *out_run = rule.resume == ZQ_RESUME_RUN;
    w->n_done += !*out_run;
    return ZQ_OK;
}
