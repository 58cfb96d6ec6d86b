#include "rev/step.h"

#include "run/members.h"
#include "sql/lexer.h"

#include <string.h>

/* How a statement is kept from being lost or run twice. */
typedef enum step_kind {
    STEP_TABLES,  /* DDL: the tables tell */
    STEP_OBJECTS, /* DDL on triggers, routines, events: they tell */
    STEP_ROWS,    /* one transaction with its journal row */
    STEP_REPEAT,  /* leaves schema and rows alone: may run twice */
    STEP_SESSION, /* lasts as long as the connection: runs every time */
    STEP_BATCH,   /* a transaction for each range */
    STEP_FAMILY,  /* DDL on members: they tell */
    STEP_MEMBERS, /* rows of members: a transaction for each */
} step_kind;

static step_kind kind_of_plain(const zq_statement *is)
{
    switch (is->kind) {
    case ZQ_STATEMENT_DDL:
        return is->n_tables > 0 && is->object != ZQ_OBJECT_TRIGGER ? STEP_TABLES : STEP_OBJECTS;
    case ZQ_STATEMENT_ADMIN:
    case ZQ_STATEMENT_READ:
        return STEP_REPEAT;
    case ZQ_STATEMENT_SESSION:
        return STEP_SESSION;
    default:
        return STEP_ROWS;
    }
}

static step_kind kind_of(const zq_rev_statement *s)
{
    if (s->block == ZQ_BLOCK_BATCH)
        return STEP_BATCH;
    if (s->block == ZQ_BLOCK_PLAIN)
        return kind_of_plain(&s->is);
    return s->is.kind == ZQ_STATEMENT_DDL && s->is.object == ZQ_OBJECT_TABLE ? STEP_FAMILY
                                                                             : STEP_MEMBERS;
}

/* ---- words ---- */

/* The statement's beginning, in one line. */
static const char *excerpt(const zq_rev_statement *s, zq_arena *arena)
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

static const char *where_of(const zq_walk *w, const zq_rev_statement *s)
{
    return zq_arena_printf(w->arena, "%s:%u", w->leg->revision->file, s->line);
}

static void hint_to_go_on(const zq_walk *w, zq_rc rc, zq_err *err)
{
    const char *again = w->apply->again;

    if (rc == ZQ_E_LOST || rc == ZQ_E_UNAVAILABLE)
        zq_err_hint(err, "run '%s' when the server answers: it finds out what was done, and goes on",
                    again);
    else if (rc == ZQ_E_LOCKED)
        zq_err_hint(err, "run '%s' to go on, or allow more time with --lock-timeout", again);
    else if (rc == ZQ_E_INTERRUPTED)
        zq_err_hint(err, "run '%s' to go on", again);
    else if (w->n_done == 0)
        zq_err_hint(err, "mend the cause, then run '%s' again", again);
    else
        zq_err_hint(err,
                    "mend the cause, then run '%s' to go on with this statement; the %zu before it "
                    "%s done",
                    again, w->n_done, w->n_done == 1 ? "is" : "are");
}

zq_rc zq_step_fail(const zq_walk *w, size_t i, zq_rc rc, zq_err *err)
{
    const zq_rev_statement *s = &w->leg->section->statements[i];

    if (err == NULL)
        return rc;
    if (rc == ZQ_E_INTERRUPTED) {
        zq_fail(err, rc, "stopped in revision '%s', with %zu of its %zu statements done",
                w->leg->revision->id, w->n_done, w->leg->section->n);
        hint_to_go_on(w, rc, err);
        return rc;
    }
    if (s->block != ZQ_BLOCK_FAMILY || strncmp(err->message, w->leg->revision->file,
                                               strlen(w->leg->revision->file)) != 0)
        zq_err_prefix(err, "%s: cannot run '%s': ", where_of(w, s), excerpt(s, w->arena));
    if (rc != ZQ_E_USAGE && rc != ZQ_E_DENIED)
        hint_to_go_on(w, rc, err);
    return rc;
}

/* ---- the journal ---- */

static const char *digest_of(const zq_rev_statement *s, zq_arena *arena)
{
    char *hex = zq_arena_alloc(arena, ZQ_DIGEST_HEX);

    zq_digest_hex(s->text, s->length, hex);
    return hex;
}

static zq_journal_row found_row(const zq_walk *w, size_t i)
{
    return zq_journal_row_of(&w->found, (unsigned)i + 1);
}

static zq_journal_row new_row(const zq_walk *w, size_t i, zq_journal_state state)
{
    return (zq_journal_row){
        .step = (unsigned)i + 1,
        .state = state,
        .statement = digest_of(&w->leg->section->statements[i], w->arena),
    };
}

static bool text_changed(const zq_walk *w, size_t i, const zq_journal_row *row)
{
    return row->state != ZQ_JOURNAL_NONE && row->statement != NULL &&
           strcmp(row->statement, digest_of(&w->leg->section->statements[i], w->arena)) != 0;
}

/* What waits, and `row` (may be NULL), as one statement; NULL when there is nothing. */
static zq_rc journal_text(const zq_walk *w, const zq_journal_row *row, const char **out,
                          zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    zq_journal_row rows[ZQ_LEN(w->pending.rows) + 1];
    size_t n = w->pending.n;
    const char *text;

    *out = NULL;
    memcpy(rows, w->pending.rows, n * sizeof *rows);
    if (row != NULL)
        rows[n++] = *row;
    if (n == 0)
        return ZQ_OK;
    zq_journal_write(&sql, &w->journal, rows, n);
    ZQ_TRY(zq_sql_finish(&sql, &text, err));
    *out = zq_arena_strdup(w->arena, text);
    return ZQ_OK;
}

static zq_rc flush(zq_walk *w, const zq_journal_row *row, zq_err *err)
{
    const char *text;

    ZQ_TRY(journal_text(w, row, &text, err));
    if (text != NULL)
        ZQ_TRY(zq_db_exec(w->apply->db, text, err));
    w->pending.n = 0;
    return ZQ_OK;
}

/* The record that it is done goes along with whatever is written next; until then, its being
 * started and the tables tell. */
static zq_rc note_done(zq_walk *w, const zq_journal_row *row, zq_err *err)
{
    w->n_done++;
    if (w->pending.n + 1 == ZQ_LEN(w->pending.rows))
        return flush(w, row, err);
    w->pending.rows[w->pending.n++] = *row;
    return ZQ_OK;
}

static zq_rc stop(const zq_walk *w, size_t i, const zq_journal_rule *rule, const char *what,
                  zq_err *err)
{
    const zq_rev_statement *s = &w->leg->section->statements[i];

    return zq_journal_stop(rule, w->leg->revision->file, s->line, what, err);
}

/* ---- DDL ---- */

bool zq_step_touches(const zq_rev_statement *statement, const char *table)
{
    for (size_t i = 0; i < statement->is.n_tables; i++) {
        if (strcmp(statement->is.tables[i], table) == 0)
            return true;
    }
    return false;
}

/* A statement that the server refused, and that therefore has not happened: somebody is to mend the
 * cause, and may change the table for that. */
static bool has_failed(const zq_journal_row *row)
{
    return row->state == ZQ_JOURNAL_STARTED && row->before == NULL;
}

static bool share_a_table(const zq_statement *a, const zq_rev_statement *b)
{
    for (size_t t = 0; t < a->n_tables; t++) {
        if (zq_step_touches(b, a->tables[t]))
            return true;
    }
    return false;
}

/* The next statement that was begun and touches one of the same tables; 0: none. The tables are as
 * that one left them, and tell nothing of this one. */
static size_t overtaken_by(const zq_walk *w, size_t i)
{
    const zq_rev_section *section = w->leg->section;

    for (size_t j = i + 1; j < section->n; j++) {
        if (found_row(w, j).state != ZQ_JOURNAL_NONE &&
            kind_of(&section->statements[j]) == STEP_TABLES &&
            share_a_table(&section->statements[i].is, &section->statements[j]))
            return j;
    }
    return 0;
}

static zq_rc digest_now(zq_walk *w, size_t i, char hex[ZQ_DIGEST_HEX], zq_err *err)
{
    const zq_rev_statement *s = &w->leg->section->statements[i];
    zq_print *prints;

    if (kind_of(s) == STEP_OBJECTS)
        return zq_objects_digest(w->apply->db, hex, err);
    if (w->has_looked && w->looked_step == i) {
        memcpy(hex, w->looked, ZQ_DIGEST_HEX);
        return ZQ_OK;
    }
    prints = ZQ_NEW_ARRAY(w->arena, zq_print, s->is.n_tables);
    ZQ_TRY(zq_prints_read(w->apply->db, NULL, 0, s->is.tables, s->is.n_tables, prints, NULL, err));
    zq_prints_digest(s->is.tables, prints, s->is.n_tables, hex);
    return ZQ_OK;
}

static const char *table_list(const zq_rev_statement *s, zq_arena *arena)
{
    ZQ_AUTO_BUF(list);

    for (size_t i = 0; i < s->is.n_tables; i++)
        zq_buf_printf(&list, "%s'%s'", i > 0 ? ", " : "", s->is.tables[i]);
    return s->is.n_tables == 0 ? "the database" : zq_arena_strdup(arena, zq_buf_text(&list));
}

/* The tables after a statement that is done, and perhaps overtaken by a later one. */
static zq_tables_now compare_done(const zq_walk *w, size_t i, const zq_journal_row *row,
                                  const char *now)
{
    const zq_rev_statement *s = &w->leg->section->statements[i];
    zq_tables_now tables = zq_tables_compare(row->state, now, row->before, NULL, row->after);
    size_t later = overtaken_by(w, i);
    zq_journal_row later_row = found_row(w, later);

    if (later == 0 || tables == ZQ_TABLES_AS_MEANT)
        return tables;
    if (!has_failed(&later_row))
        return ZQ_TABLES_AS_MEANT;
    if (tables != ZQ_TABLES_OTHERWISE)
        return tables;
    zq_watch_tell(w->apply->rules.watch, ZQ_TELL_WARN,
                  "%s: %s was changed after the statement was done; taken for the mend of line %u",
                  where_of(w, s), table_list(s, w->arena),
                  w->leg->section->statements[later].line);
    return ZQ_TABLES_AS_MEANT;
}

/* What the journal and the tables say about a statement that another run began. */
static zq_rc resume_ddl(zq_walk *w, size_t i, const char *now, bool *out_run, zq_err *err)
{
    const zq_rev_statement *s = &w->leg->section->statements[i];
    zq_journal_row row = found_row(w, i);
    bool changed = text_changed(w, i, &row);
    zq_tables_now tables;
    zq_journal_rule rule;

    if (has_failed(&row))
        row = (zq_journal_row){.step = row.step, .state = ZQ_JOURNAL_NONE};
    if (row.state == ZQ_JOURNAL_DONE)
        tables = compare_done(w, i, &row, now);
    else
        tables = zq_tables_compare(row.state, now, row.before, NULL, row.after);
    rule = zq_journal_decide(row.state, changed && row.state != ZQ_JOURNAL_NONE, tables);
    *out_run = rule.resume == ZQ_RESUME_RUN;
    if (rule.resume == ZQ_RESUME_STOP)
        return stop(w, i, &rule, table_list(s, w->arena), err);
    if (rule.resume == ZQ_RESUME_SKIP)
        w->n_done++;
    if (rule.resume != ZQ_RESUME_MARK_DONE)
        return ZQ_OK;
    row.state = ZQ_JOURNAL_DONE;
    row.after = zq_arena_strdup(w->arena, now);
    return note_done(w, &row, err);
}

/* The tables to look at after statement `i`: its own, then those of the next one, so that one
 * round trip serves for both. */
static const char *const *looks_of(const zq_walk *w, size_t i, size_t *out_n, size_t *out_n_own)
{
    const zq_rev_section *section = w->leg->section;
    const zq_rev_statement *s = &section->statements[i];
    const zq_rev_statement *next = i + 1 < section->n ? s + 1 : NULL;
    const char **names;
    size_t n = 0;

    if (next != NULL &&
        (kind_of(next) != STEP_TABLES || found_row(w, i + 1).state != ZQ_JOURNAL_NONE))
        next = NULL;
    names = ZQ_NEW_ARRAY(w->arena, const char *,
                         s->is.n_tables + (next != NULL ? next->is.n_tables : 0) + 1);
    for (size_t t = 0; kind_of(s) == STEP_TABLES && t < s->is.n_tables; t++)
        names[n++] = s->is.tables[t];
    *out_n_own = n;
    for (size_t t = 0; next != NULL && t < next->is.n_tables; t++)
        names[n++] = next->is.tables[t];
    *out_n = n;
    return names;
}

/* When this cannot be written either, the next run finds the tables as before, which is as good
 * unless they are changed until then. */
static void note_failure(zq_walk *w, size_t i)
{
    zq_journal_row row = new_row(w, i, ZQ_JOURNAL_STARTED);

    flush(w, &row, NULL);
}

static zq_rc run_ddl(zq_walk *w, size_t i, const char *before, zq_err *err)
{
    const zq_rev_statement *s = &w->leg->section->statements[i];
    zq_journal_row row = new_row(w, i, ZQ_JOURNAL_STARTED);
    size_t n_own;
    zq_ddl ddl = {.text = s->text,
                  .is = &s->is,
                  .name = s->is.n_tables > 0 ? s->is.tables[0] : w->apply->database};
    zq_way way = zq_way_first(s->text, &s->is);
    zq_print *prints;
    char *after = zq_arena_alloc(w->arena, ZQ_DIGEST_HEX);
    bool ran;
    zq_rc rc;

    row.before = zq_arena_strdup(w->arena, before);
    ddl.looks = looks_of(w, i, &ddl.n_looks, &n_own);
    prints = ZQ_NEW_ARRAY(w->arena, zq_print, ddl.n_looks + 1);
    ZQ_TRY(journal_text(w, &row, &ddl.before, err));
    rc = zq_ddl_run(w->apply->db, &w->apply->rules, &ddl, &way, prints, &ran, err);
    if (rc != ZQ_OK) {
        if (rc != ZQ_E_LOST && !ran)
            note_failure(w, i);
        return rc;
    }
    w->pending.n = 0;
    w->has_looked = ddl.n_looks > n_own;
    w->looked_step = i + 1;
    zq_prints_digest(ddl.looks + n_own, prints + n_own, ddl.n_looks - n_own, w->looked);
    if (kind_of(s) == STEP_TABLES)
        zq_prints_digest(ddl.looks, prints, n_own, after);
    else
        ZQ_TRY(zq_objects_digest(w->apply->db, after, err));
    row.state = ZQ_JOURNAL_DONE;
    row.after = after;
    return note_done(w, &row, err);
}

static zq_rc step_ddl(zq_walk *w, size_t i, zq_err *err)
{
    char now[ZQ_DIGEST_HEX];
    bool run = true;

    ZQ_TRY(digest_now(w, i, now, err));
    ZQ_TRY(resume_ddl(w, i, now, &run, err));
    return run ? run_ddl(w, i, now, err) : ZQ_OK;
}

/* ---- rows ---- */

/* Whether a statement whose journal row commits with it is to be run. */
static zq_rc resume_rows(zq_walk *w, size_t i, bool *out_run, zq_err *err)
{
    const zq_rev_statement *s = &w->leg->section->statements[i];
    zq_journal_row row = found_row(w, i);
    zq_journal_rule rule = zq_journal_decide_rows(row.state, text_changed(w, i, &row));

    if (rule.resume == ZQ_RESUME_STOP)
        return stop(w, i, &rule, table_list(s, w->arena), err);
    *out_run = rule.resume == ZQ_RESUME_RUN;
    w->n_done += !*out_run;
    return ZQ_OK;
}

/* One transaction: the statement, its row, and what waits. Tried again when a lock is in the
 * way. */
static zq_rc commit_with(zq_walk *w, const char *text, const zq_journal_row *row, zq_err *err)
{
    zq_backoff backoff = {.rules = &w->apply->rules};
    const char *journal;
    const char *all;

    ZQ_TRY(journal_text(w, row, &journal, err));
    all = zq_arena_printf(w->arena, "START TRANSACTION;%s;%s;COMMIT", text, journal);
    for (;;) {
        zq_err local = {0};
        zq_rc rc = zq_db_exec(w->apply->db, all, &local);

        if (rc == ZQ_OK) {
            w->pending.n = 0;
            return ZQ_OK;
        }
        if (rc != ZQ_E_LOST)
            zq_db_exec(w->apply->db, "ROLLBACK", NULL);
        if (rc == ZQ_E_LOCKED)
            rc = zq_backoff_wait(&backoff, &local);
        if (rc != ZQ_OK) {
            *err = local;
            return rc;
        }
    }
}

static zq_rc step_rows(zq_walk *w, size_t i, zq_err *err)
{
    zq_journal_row row = new_row(w, i, ZQ_JOURNAL_DONE);
    bool run;

    ZQ_TRY(resume_rows(w, i, &run, err));
    if (!run)
        return ZQ_OK;
    ZQ_TRY(commit_with(w, w->leg->section->statements[i].text, &row, err));
    w->n_done++;
    return ZQ_OK;
}

static zq_rc step_repeat(zq_walk *w, size_t i, zq_err *err)
{
    zq_journal_row row = new_row(w, i, ZQ_JOURNAL_DONE);
    bool run;

    ZQ_TRY(resume_rows(w, i, &run, err));
    if (!run)
        return ZQ_OK;
    ZQ_TRY(zq_db_exec(w->apply->db, w->leg->section->statements[i].text, err));
    return note_done(w, &row, err);
}

static zq_rc step_session(zq_walk *w, size_t i, zq_err *err)
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

static zq_rc step_batch(zq_walk *w, size_t i, zq_err *err)
{
    const zq_rev_statement *s = &w->leg->section->statements[i];
    zq_journal_row row = new_row(w, i, ZQ_JOURNAL_STARTED);
    const char *from = found_row(w, i).position;
    bool run;

    ZQ_TRY(resume_rows(w, i, &run, err));
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
        ZQ_TRY(commit_with(w, text, &row, err));
        from = to;
    }
    row.state = ZQ_JOURNAL_DONE;
    row.position = from;
    return note_done(w, &row, err);
}

/* ---- families ---- */

typedef struct family_step {
    zq_walk *walk;
    size_t i;
} family_step;

static zq_rc record_forms(void *context, const char *before, const char *first, const char *after,
                          zq_err *err)
{
    family_step *f = context;
    zq_journal_row row = new_row(f->walk, f->i, ZQ_JOURNAL_STARTED);

    row.before = before;
    row.after = after;
    row.position = first;
    return flush(f->walk, &row, err);
}

static void tell_of_family(const zq_walk *w, const zq_rev_statement *s, const zq_member_result *r)
{
    const zq_watch *watch = w->apply->rules.watch;
    ZQ_AUTO_BUF(names);

    if (r->n_members > 0)
        zq_watch_tell(watch, ZQ_TELL_NOTE, "%s: '%s': %zu of %zu members changed, %zu were already",
                      where_of(w, s), s->family, r->n_changed, r->n_members, r->n_done_before);
    for (size_t i = 0; i < r->n_left && i < ZQ_MEMBERS_NAMED; i++)
        zq_buf_printf(&names, "%s'%s'", i > 0 ? ", " : "", r->left[i]);
    if (r->n_left > 0)
        zq_watch_tell(watch, ZQ_TELL_WARN,
                      "%s: %zu %s of '%s' differ from the others and were left as they are: %s%s",
                      where_of(w, s), r->n_left, r->n_left == 1 ? "member" : "members", s->family,
                      zq_buf_text(&names), r->n_left > ZQ_MEMBERS_NAMED ? " ..." : "");
}

/* The sentences of families that were stopped: what there is to go on with. */
static zq_rc family_failed(const zq_walk *w, const zq_rev_statement *s, const zq_member_result *r,
                           zq_rc rc)
{
    if (r->n_failed > 1)
        zq_watch_tell(w->apply->rules.watch, ZQ_TELL_WARN, "%s: the statement failed on %zu members",
                      where_of(w, s), r->n_failed);
    if (r->n_changed > 0)
        zq_watch_tell(w->apply->rules.watch, ZQ_TELL_SAY, "%s: %zu of %zu members are done",
                      where_of(w, s), r->n_changed + r->n_done_before, r->n_members);
    return rc;
}

static zq_rc step_family(zq_walk *w, size_t i, zq_err *err)
{
    const zq_rev_statement *s = &w->leg->section->statements[i];
    const zq_apply *a = w->apply;
    zq_journal_row row = found_row(w, i);
    family_step f = {w, i};
    zq_member_result result = {0};
    zq_member_step step = {
        .db = a->db,
        .database = a->database,
        .jobs = a->jobs,
        .open = a->open,
        .open_context = a->open_context,
        .schema = a->schema,
        .family = s->family,
        .text = s->text,
        .is = &s->is,
        .where = where_of(w, s),
        .rules = &a->rules,
        .max_errors = a->max_errors,
        .before = row.before,
        .after = row.after,
        .first = row.position,
        .found_out = record_forms,
        .context = &f,
    };
    bool run = true;
    zq_rc rc;

    if (!has_failed(&row))
        ZQ_TRY(resume_rows(w, i, &run, err));
    if (!run)
        return ZQ_OK;
    rc = zq_members_run(&step, w->arena, &result, err);
    tell_of_family(w, s, &result);
    /* Refused on the first member: then none has it, and the statement may still be mended. */
    if (rc != ZQ_OK && rc != ZQ_E_LOST && step.after == NULL && result.n_changed == 0)
        note_failure(w, i);
    if (rc != ZQ_OK)
        return family_failed(w, s, &result, rc);
    row = new_row(w, i, ZQ_JOURNAL_DONE);
    return note_done(w, &row, err);
}

/* Rows of members: which are done is kept as the last name, in the order of names. */
static zq_rc step_members(zq_walk *w, size_t i, zq_err *err)
{
    const zq_rev_statement *s = &w->leg->section->statements[i];
    zq_journal_row row = new_row(w, i, ZQ_JOURNAL_STARTED);
    const char *from = found_row(w, i).position;
    const zq_member *members;
    size_t n;
    bool run;

    ZQ_TRY(resume_rows(w, i, &run, err));
    if (!run)
        return ZQ_OK;
    ZQ_TRY(zq_members_list(w->apply->db, w->apply->database, w->apply->schema, s->family, w->arena,
                           &members, &n, err));
    for (size_t m = 0; m < n; m++) {
        zq_binding bindings[] = {{"table", members[m].name}, {"code", members[m].code}};

        if (from != NULL && strcmp(members[m].name, from) <= 0)
            continue;
        if (zq_watch_stopped(w->apply->rules.watch))
            return zq_fail(err, ZQ_E_INTERRUPTED, "stopped");
        row.position = members[m].name;
        ZQ_TRY(commit_with(w,
                           zq_statement_expand(w->arena, s->text, s->length, bindings,
                                               ZQ_LEN(bindings)),
                           &row, err));
        zq_watch_progress(w->apply->rules.watch, "tables", m + 1, n);
    }
    zq_watch_progress(w->apply->rules.watch, "tables", 0, 0);
    row.state = ZQ_JOURNAL_DONE;
    return note_done(w, &row, err);
}

/* ---- all ---- */

zq_rc zq_step_run(zq_walk *w, size_t i, zq_err *err)
{
    static zq_rc (*const runners[])(zq_walk *, size_t, zq_err *) = {
        [STEP_TABLES] = step_ddl,    [STEP_OBJECTS] = step_ddl,     [STEP_ROWS] = step_rows,
        [STEP_REPEAT] = step_repeat, [STEP_SESSION] = step_session, [STEP_BATCH] = step_batch,
        [STEP_FAMILY] = step_family, [STEP_MEMBERS] = step_members,
    };

    return runners[kind_of(&w->leg->section->statements[i])](w, i, err);
}
