/* zq:batch: one statement in ranges of a key, a transaction for each. */
#include "migrate/step.h"

#include "migrate/batch_key.h"
#include "sql/read/placeholder.h"

#include <string.h>

/* What comes after a key. */
typedef struct following {
    zq_arena *arena;
    const char *key;    /* the last of the next range; NULL: there is none */
    const char *nul;    /* where it has a NUL character */
    bool keyless;       /* there are rows that have no key */
    const char *type;   /* of the key's column, where it was asked for; NULL: there is none */
    const char *length; /* the same */
} following;

enum { AT_KEY, AT_KEYLESS };

static zq_rc take_following(void *context, size_t statement, const zq_row *row,
                            ZQ_UNUSED zq_err *err)
{
    following *f = context;

    f->keyless = f->keyless || statement == AT_KEYLESS;
    if (statement == AT_KEY) {
        f->key = zq_arena_strdup(f->arena, zq_row_text(row, 0));
        f->nul = zq_arena_strdup(f->arena, zq_row_text(row, 1));
    }
    return ZQ_OK;
}

/* The same behind the question for the type. */
static zq_rc take_first(void *context, size_t statement, const zq_row *row, zq_err *err)
{
    following *f = context;

    if (statement > 0)
        return take_following(context, statement - 1, row, err);
    f->type = zq_arena_strdup(f->arena, zq_row_text(row, 0));
    f->length = zq_arena_strdup(f->arena, zq_row_text(row, 1));
    return ZQ_OK;
}

/* IS NULL would find zero dates too. */
static void write_keyless(zq_sql *sql, const zq_rev_statement *s)
{
    zq_sql_add(sql, "(`%s` <=> NULL)", s->key);
}

static void write_questions(zq_sql *sql, const zq_rev_statement *s, zq_key_class class,
                            const char *from)
{
    zq_key_write_question(sql, s, class, from);
    zq_sql_lit(sql, ";SELECT 1 FROM ");
    zq_sql_ident(sql, s->table);
    zq_sql_lit(sql, " WHERE ");
    write_keyless(sql, s);
    zq_sql_lit(sql, " LIMIT 1");
}

static zq_rc check_key(const zq_rev_statement *s, zq_key_class class, const char *from,
                       const following *f, zq_err *err)
{
    return f->key == NULL ? ZQ_OK : zq_key_check(s, class, from, f->key, f->nul, err);
}

/* What comes after `from` (NULL: the beginning): both questions in one round trip. */
static zq_rc look_after(const zq_walk *w, const zq_rev_statement *s, zq_key_class class,
                        const char *from, following *out, zq_err *err)
{
    static const zq_answer answers[] = {{.columns = "TI"}, {.columns = "i"}};
    const zq_answers all = {answers, ZQ_LEN(answers), take_following, out, false};
    ZQ_AUTO_SQL(sql);

    *out = (following){.arena = w->arena};
    write_questions(&sql, s, class, from);
    ZQ_TRY(zq_db_run_sql(w->apply->db, &sql, &all, NULL, err));
    return check_key(s, class, from, out, err);
}

/* The first look, and what the key is: in one round trip where that does not depend on it. */
static zq_rc look_first(const zq_walk *w, const zq_rev_statement *s, const char *from,
                        zq_key_class *out_class, following *out, zq_err *err)
{
    static const zq_answer answers[] = {
        {.columns = ZQ_KEY_TYPE_COLUMNS}, {.columns = "TI"}, {.columns = "i"}};
    const zq_answers all = {answers, from == NULL ? ZQ_LEN(answers) : 1, take_first, out, false};
    zq_db *db = w->apply->db;
    ZQ_AUTO_SQL(sql);
    zq_err own = {0};
    size_t done = 0;
    zq_rc rc;

    *out = (following){.arena = w->arena};
    zq_key_write_type(&sql, s);
    if (from == NULL) {
        zq_sql_lit(&sql, ";");
        write_questions(&sql, s, ZQ_KEY_NUMBER, NULL);
    }
    rc = zq_db_run_sql(db, &sql, &all, &done, &own);
    if (rc == ZQ_OK || done > 0)
        ZQ_TRY(zq_key_judge(db, s, out->type, out->length, from, out_class, err));
    if (rc == ZQ_OK && (from != NULL || *out_class == ZQ_KEY_INSTANT))
        return look_after(w, s, *out_class, from, out, err);
    if (rc == ZQ_OK)
        return check_key(s, *out_class, from, out, err);
    *err = own;
    return rc;
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

/* The last transaction: what has no key, and that the step is done. */
static zq_rc finish(zq_walk *w, size_t i, const following *f, zq_journal_row *row, zq_err *err)
{
    const zq_rev_statement *s = &w->leg->section->statements[i];
    ZQ_AUTO_SQL(range);
    const char *text;

    row->state = ZQ_JOURNAL_DONE;
    if (!f->keyless)
        return zq_step_note_done(w, row, err);
    write_keyless(&range, s);
    ZQ_TRY(with_range(w, s, &range, &text, err));
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
    return zq_err_hint(err,
                       "restore the file; or undo what they did, run '%s --repeat %zu', then '%s'",
                       w->apply->resume, i + 1, w->apply->again);
}

zq_rc zq_step_batch(zq_walk *w, size_t i, zq_err *err)
{
    const zq_rev_statement *s = &w->leg->section->statements[i];
    zq_journal_row row = zq_step_row(w, i, ZQ_JOURNAL_STARTED);
    zq_key_class class;
    following next;
    bool run;

    ZQ_TRY(zq_step_resume_rows(w, i, &run, err));
    if (!run)
        return ZQ_OK;
    row.position = zq_step_found(w, i).position;
    ZQ_TRY(look_first(w, s, row.position, &class, &next, err));
    while (next.key != NULL) {
        const char *text;

        if (zq_watch_stopped(w->apply->rules.watch))
            return zq_fail(err, ZQ_E_INTERRUPTED, "stopped");
        ZQ_TRY(range_text(w, s, class, row.position, next.key, &text, err));
        row.position = next.key;
        ZQ_TRY(zq_step_commit(w, i, text, &row, err));
        ZQ_TRY(look_after(w, s, class, row.position, &next, err));
    }
    return finish(w, i, &next, &row, err);
}
