/* Statements that are started together: each on one table, and none on that of another. */
#include "migrate/step_group.h"

#include "base/clock.h"
#include "migrate/step.h"
#include "rev/step_kind.h"
#include "run/fingerprint.h"

#include <string.h>

/* A group ends when its statements have taken this long, and so many times as long as the look
 * before it took: what is done is to be on record soon, but not more often because the server is
 * far away. */
enum { LONG_MS = 100, LONG_LOOKS = 4 };

static const zq_statement *statement_of(const zq_walk *w, size_t i)
{
    return &w->leg->section->statements[i].parsed;
}

/* ---- which statements ---- */

/* One table, of which nothing but this statement makes another. A view is as its tables are: what
 * MariaDB shows of one changes when a column that it names is gone. */
static bool is_on_one_table(const zq_walk *w, size_t i)
{
    const zq_statement *parsed = statement_of(w, i);

    return zq_step_kind_of(&w->leg->section->statements[i]) == ZQ_STEP_TABLES &&
           parsed->object == ZQ_OBJECT_TABLE && parsed->tables_known && parsed->n_tables == 1 &&
           !w->leg->section->statements[i].temporary;
}

/* The journal alone tells that it is done. */
static bool must_be_noted(const zq_walk *w, size_t i)
{
    const zq_rev_statement *s = &w->leg->section->statements[i];
    zq_step_kind kind = zq_step_kind_of(s);

    return (kind == ZQ_STEP_TABLES || kind == ZQ_STEP_OBJECTS) &&
           zq_online_only_rows_show(&s->parsed);
}

bool zq_group_may_join(const zq_walk *w, size_t i)
{
    return is_on_one_table(w, i) && !must_be_noted(w, i) &&
           zq_step_found(w, i).state == ZQ_JOURNAL_NONE;
}

static bool is_table_of(const zq_walk *w, size_t first, size_t end, const char *table)
{
    for (size_t i = first; i < end; i++) {
        if (zq_step_touches(statement_of(w, i), table))
            return true;
    }
    return false;
}

zq_group zq_group_from(const zq_walk *w, size_t first)
{
    zq_group group = {.first = first, .at = first, .end = first};

    if (first == w->leg->section->n)
        return group;
    group.end++;
    if (!zq_group_may_join(w, first))
        return group;
    while (group.end < w->leg->section->n && group.end - first < ZQ_GROUP_MOST &&
           zq_group_may_join(w, group.end) &&
           !is_table_of(w, first, group.end, statement_of(w, group.end)->tables[0]))
        group.end++;
    return group;
}

/* ---- their tables ---- */

size_t zq_group_tables(const zq_walk *w, const zq_group *group, const char **out)
{
    size_t n = 0;

    for (size_t i = group->first; i < group->end; i++) {
        const zq_statement *parsed = statement_of(w, i);

        for (size_t t = 0; zq_step_kind_of(&w->leg->section->statements[i]) == ZQ_STEP_TABLES &&
                           t < parsed->n_tables;
             t++) {
            if (out != NULL)
                out[n] = parsed->tables[t];
            n++;
        }
    }
    return n;
}

void zq_group_digests(const zq_walk *w, const zq_group *group, const zq_fingerprint *prints,
                      const char **out)
{
    for (size_t i = group->first; i < group->end; i++) {
        const zq_statement *parsed = statement_of(w, i);
        char *hex = zq_arena_alloc(w->arena, ZQ_DIGEST_HEX);

        zq_fingerprints_digest(parsed->tables, prints, parsed->n_tables, hex);
        out[i - group->first] = hex;
        prints += parsed->n_tables;
    }
}

zq_rc zq_group_look(zq_walk *w, const char *const *names, size_t n, zq_fingerprint *out,
                    zq_err *err)
{
    const unsigned long long asked_ms = zq_now_ms();

    ZQ_TRY(zq_fingerprints_read(w->apply->db, names, n, out, err));
    w->look_ms = zq_now_ms() - asked_ms;
    return ZQ_OK;
}

zq_rc zq_group_reach(zq_walk *w, size_t i, zq_err *err)
{
    const char **names;
    zq_fingerprint *prints;
    size_t n;

    if (i >= w->group.first && i < w->group.end)
        return ZQ_OK;
    w->group = zq_group_from(w, i);
    if (zq_step_kind_of(&w->leg->section->statements[i]) == ZQ_STEP_OBJECTS)
        return zq_step_look(w, statement_of(w, i), &w->group.before[0], err);
    n = zq_group_tables(w, &w->group, NULL);
    names = ZQ_NEW_ARRAY(w->arena, const char *, n + 1);
    prints = ZQ_NEW_ARRAY(w->arena, zq_fingerprint, n + 1);
    zq_group_tables(w, &w->group, names);
    ZQ_TRY(zq_group_look(w, names, n, prints, err));
    zq_group_digests(w, &w->group, prints, w->group.before);
    return ZQ_OK;
}

/* ---- their rows of the journal ---- */

/* The row of one of its statements, as started. Where the table tells whether it was, its name
 * stands in it, for a later run (zq_group_drop_not_begun). */
static zq_journal_row row_of(const zq_walk *w, size_t i)
{
    zq_journal_row row = zq_step_row(w, i, ZQ_JOURNAL_STARTED);

    row.before = w->group.before[i - w->group.first];
    if (is_on_one_table(w, i) && !must_be_noted(w, i))
        row.position = statement_of(w, i)->tables[0];
    return row;
}

zq_rc zq_group_begin(zq_walk *w, zq_db *db, zq_tail *then, zq_err *err)
{
    zq_journal_row rows[ZQ_GROUP_MOST];
    zq_group *group = &w->group;
    size_t n = 0;

    w->started_end = group->end;
    for (size_t i = group->first; i < group->end; i++)
        rows[n++] = row_of(w, i);
    group->began_ms = zq_now_ms();
    group->long_ms = LONG_MS + LONG_LOOKS * w->look_ms;
    return zq_step_flush_then(w, rows, n, db, then, err);
}

bool zq_group_closes(zq_walk *w, size_t i)
{
    if (i > w->group.first && i + 1 >= w->sent_end &&
        zq_now_ms() - w->group.began_ms > w->group.long_ms)
        w->group.end = i + 1;
    return i + 1 == w->group.end;
}

zq_rc zq_group_done(zq_walk *w, size_t end, const char *const *after, zq_err *err)
{
    for (size_t i = w->group.first; i < end; i++) {
        zq_journal_row row = row_of(w, i);

        row.state = ZQ_JOURNAL_DONE;
        row.after = after[i - w->group.first];
        ZQ_TRY(zq_step_note(w, &row, err));
    }
    return must_be_noted(w, w->group.first) ? zq_step_flush(w, NULL, err) : ZQ_OK;
}

/* ---- when the leg is left before its end ---- */

/* Those that were started and not sent are none of which anything must be known. */
static void forget_rest(const zq_walk *w)
{
    ZQ_AUTO_SQL(sql);

    if (w->group.at >= w->started_end)
        return;
    zq_journal_forget(&sql, &w->journal, (unsigned)w->group.at + 1, (unsigned)w->started_end);
    (void)zq_db_run_sql(w->apply->db, &sql, NULL, NULL, NULL);
}

static zq_rc note_sent(zq_walk *w)
{
    zq_group sent = w->group;
    const char *names[ZQ_GROUP_MOST];
    const char *after[ZQ_GROUP_MOST];
    zq_fingerprint prints[ZQ_GROUP_MOST];
    size_t n;

    sent.end = sent.at;
    n = zq_group_tables(w, &sent, names);
    ZQ_TRY(zq_fingerprints_read(w->apply->db, names, n, prints, NULL));
    zq_group_digests(w, &sent, prints, after);
    return zq_group_done(w, sent.end, after, NULL);
}

void zq_group_leave(zq_walk *w)
{
    bool under_way = w->group.at > w->group.first && w->group.at < w->group.end;

    if (under_way && note_sent(w) != ZQ_OK)
        return;
    if (zq_step_flush(w, NULL, NULL) == ZQ_OK)
        forget_rest(w);
}

/* ---- what another run left ---- */

static bool was_one_of_a_group(const zq_journal_row *row)
{
    return row->state == ZQ_JOURNAL_STARTED && row->step < ZQ_JOURNAL_MEMBERS &&
           row->before != NULL && row->position != NULL;
}

/* A statement that failed as a whole, and that the file has no more. */
static bool is_gone(const zq_walk *w, const zq_journal_row *row)
{
    return row->state == ZQ_JOURNAL_STARTED && row->statement == NULL &&
           row->step > w->leg->section->n;
}

zq_rc zq_group_drop_not_begun(zq_walk *w, zq_err *err)
{
    const size_t n = w->found.n;
    zq_journal_row *kept = ZQ_NEW_ARRAY(w->arena, zq_journal_row, n + 1);
    const char **names = ZQ_NEW_ARRAY(w->arena, const char *, n + 1);
    zq_fingerprint *prints = ZQ_NEW_ARRAY(w->arena, zq_fingerprint, n + 1);
    size_t n_names = 0;
    size_t n_kept = 0;

    for (size_t i = 0; i < n; i++) {
        if (was_one_of_a_group(&w->found.items[i]))
            names[n_names++] = w->found.items[i].position;
    }
    ZQ_TRY(zq_fingerprints_read(w->apply->db, names, n_names, prints, err));
    n_names = 0;
    for (size_t i = 0; i < n; i++) {
        const zq_journal_row *row = &w->found.items[i];
        char hex[ZQ_DIGEST_HEX] = "";

        if (was_one_of_a_group(row)) {
            zq_fingerprints_digest(&names[n_names], &prints[n_names], 1, hex);
            n_names++;
        }
        if (!is_gone(w, row) && (*hex == '\0' || strcmp(hex, row->before) != 0))
            kept[n_kept++] = *row;
        else
            ZQ_TRY(zq_step_drop(w, row->step, err));
    }
    w->found = (zq_journal_rows){kept, n_kept};
    return ZQ_OK;
}
