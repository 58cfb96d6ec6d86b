/* A statement of DDL. It commits by itself, so nothing can say in the same breath that it is done:
 * the digest of its tables is written before, and another run compares. As before: it has not run,
 * and runs. Otherwise, and as the statement means it: it is done. Otherwise, and not as it means:
 * somebody else was there, and the run stops. docs/journal.md has the whole table. */
#include "migrate/step.h"

#include "base/clock.h"
#include "base/language.h"
#include "migrate/step_group.h"
#include "rev/statement_cost.h"
#include "rev/step_kind.h"
#include "run/online_ddl.h"

#include <string.h>
#include <strings.h>

static bool share_a_table(const zq_statement *a, const zq_statement *b)
{
    for (size_t t = 0; t < a->n_tables; t++) {
        if (zq_step_touches(b, a->tables[t]))
            return true;
    }
    return false;
}

static bool share_a_name(const zq_statement *a, const zq_statement *b)
{
    for (size_t i = 0; a->object == b->object && i < a->n_names; i++) {
        for (size_t j = 0; j < b->n_names; j++) {
            if (strcasecmp(a->names[i], b->names[j]) == 0)
                return true;
        }
    }
    return false;
}

/* A trigger goes with its table. */
static bool changes_the_same(const zq_rev_statement *a, const zq_rev_statement *b)
{
    zq_step_kind kind = zq_step_kind_of(b);

    if (zq_step_kind_of(a) == ZQ_STEP_OBJECTS && kind == ZQ_STEP_OBJECTS)
        return share_a_name(&a->parsed, &b->parsed);
    return kind == ZQ_STEP_TABLES && share_a_table(&a->parsed, &b->parsed);
}

/* The next statement that was begun and changes the same; 0: none. It is as that one left it, and
 * tells nothing of this one. */
static size_t overtaken_by(const zq_walk *w, size_t i)
{
    const zq_rev_section *section = w->leg->section;

    for (size_t j = i + 1; j < section->n; j++) {
        if (zq_step_found(w, j).state != ZQ_JOURNAL_NONE &&
            changes_the_same(&section->statements[i], &section->statements[j]))
            return j;
    }
    return 0;
}

/* The tables after a statement that is done, and perhaps overtaken by a later one. */
static zq_tables_now compare_done(const zq_walk *w, size_t i, const zq_journal_row *row,
                                  const char *now)
{
    const zq_rev_statement *s = &w->leg->section->statements[i];
    zq_tables_now tables = zq_tables_compare(row->state, now, row->before, NULL, row->after);
    size_t later = overtaken_by(w, i);
    zq_journal_row later_row = zq_step_found(w, later);

    /* Nobody has dropped it: its time was over. */
    if (s->parsed.vanishes && strcmp(now, zq_step_digest_of_none(&s->parsed, w->arena)) == 0)
        return ZQ_TABLES_AS_MEANT;

    if (later == 0 || tables == ZQ_TABLES_AS_MEANT)
        return tables;
    if (!zq_step_has_failed(&later_row))
        return ZQ_TABLES_AS_MEANT;
    if (tables != ZQ_TABLES_OTHERWISE)
        return tables;
    zq_watch_tell(w->apply->rules.watch, ZQ_TELL_WARN,
                  "%s: %s was changed after the statement was done; taken for the fix of line %u",
                  zq_step_where(w, s), zq_step_changes(&s->parsed, w->arena),
                  w->leg->section->statements[later].line);
    return ZQ_TABLES_AS_MEANT;
}

/* The statement's text. On MariaDB, DROP TABLE or VIEW of several is atomic for each, not as a
 * whole (MariaDB documentation, "Atomic DDL"): what another run left of them is dropped. */
static zq_rc text_of(const zq_walk *w, size_t i, const char **out, zq_err *err)
{
    const zq_rev_statement *s = &w->leg->section->statements[i];
    zq_journal_row row = zq_step_found(w, i);
    ZQ_AUTO_SQL(sql);

    *out = s->text;
    if (!zq_step_drops(&s->parsed) || s->parsed.n_tables == 0 || row.state != ZQ_JOURNAL_STARTED ||
        zq_step_has_failed(&row))
        return ZQ_OK;
    zq_sql_add(&sql, "%-s IF EXISTS ", s->parsed.verb);
    for (size_t t = 0; t < s->parsed.n_tables; t++)
        zq_sql_add(&sql, "%-s`%s`", t > 0 ? ", " : "", s->parsed.tables[t]);
    return zq_sql_keep(&sql, w->arena, out, err);
}

static zq_online_ddl ddl_of(const zq_walk *w, size_t i)
{
    const zq_rev_statement *s = &w->leg->section->statements[i];

    return (zq_online_ddl){.text = s->text, .parsed = &s->parsed};
}

/* May a statement that was under way, and that only rows tell of, be run again? Where there are no
 * rows, none can be lost. */
static zq_rc check_rows(const zq_walk *w, size_t i, const zq_journal_row *row, zq_err *err)
{
    const zq_statement *parsed = &w->leg->section->statements[i].parsed;
    ZQ_AUTO_SQL(sql);
    zq_rows rows;

    if (parsed->swaps || parsed->n_tables != 1)
        return zq_step_unknown(w, i, parsed, row, err);
    zq_sql_add(&sql, "SELECT 1 FROM `%s` LIMIT 1", parsed->tables[0]);
    ZQ_TRY(zq_db_query_sql(w->apply->db, &sql, "i", w->arena, &rows, err));
    return rows.n == 0 ? ZQ_OK : zq_step_unknown(w, i, parsed, row, err);
}

/* A statement that another build has begun, or that changes what may not be looked at: how that was
 * is not known, so only what the statement means can tell. */
static zq_rc compare_unknown(const zq_walk *w, size_t i, const zq_journal_row *row,
                             zq_tables_now *out, zq_err *err)
{
    const zq_online_ddl ddl = ddl_of(w, i);

    switch (zq_step_is_done(w, &ddl)) {
    case ZQ_DONE:
        *out = ZQ_TABLES_AS_MEANT;
        return ZQ_OK;
    case ZQ_DONE_NOT:
        *out = ZQ_TABLES_AS_BEFORE;
        return ZQ_OK;
    default:
        return zq_step_unknown(w, i, ddl.parsed, row, err);
    }
}

/* What the journal and the tables say about a statement that another run began. */
static zq_rc resume_ddl(zq_walk *w, size_t i, const char *now, bool *out_run, zq_err *err)
{
    const zq_rev_statement *s = &w->leg->section->statements[i];
    zq_journal_row row = zq_step_found(w, i);
    bool changed = zq_step_text_changed(w, i, &row);
    zq_tables_now tables = ZQ_TABLES_OTHERWISE;
    const zq_online_ddl ddl = ddl_of(w, i);
    zq_journal_rule rule;

    if (zq_step_has_failed(&row))
        row = (zq_journal_row){.step = row.step, .state = ZQ_JOURNAL_NONE};
    if (row.state == ZQ_JOURNAL_DONE)
        tables = compare_done(w, i, &row, now);
    else if (row.state == ZQ_JOURNAL_STARTED && strcmp(row.before, ZQ_STEP_BEFORE_UNKNOWN) == 0)
        ZQ_TRY(compare_unknown(w, i, &row, &tables, err));
    else
        tables = zq_step_compare_begun(w, &ddl, &row, now);
    if (row.state == ZQ_JOURNAL_STARTED && tables == ZQ_TABLES_AS_BEFORE &&
        zq_online_only_rows_show(&s->parsed))
        ZQ_TRY(check_rows(w, i, &row, err));
    rule = zq_journal_rule_decide(row.state, changed && row.state != ZQ_JOURNAL_NONE, tables);
    *out_run = rule.resume == ZQ_RESUME_RUN;
    if (rule.resume == ZQ_RESUME_STOP)
        return zq_step_stop(w, i, &rule, zq_step_changes(&s->parsed, w->arena), err);
    if (rule.resume == ZQ_RESUME_SKIP)
        w->n_done++;
    if (rule.resume != ZQ_RESUME_MARK_DONE)
        return ZQ_OK;
    row.state = ZQ_JOURNAL_DONE;
    row.after = zq_arena_strdup(w->arena, now);
    return zq_step_note_done(w, &row, err);
}

zq_rc zq_step_found_words(zq_walk *w, size_t i, const char **out, bool *out_fits, zq_err *err)
{
    static const char *const words[] = {
        [ZQ_TABLES_AS_BEFORE] = "is as it was before",
        [ZQ_TABLES_AS_MEANT] = "is as the statement leaves it",
        [ZQ_TABLES_OTHERWISE] = "is neither as it was before nor as the statement leaves it",
    };
    const zq_rev_statement *s = &w->leg->section->statements[i];
    zq_journal_row row = zq_step_found(w, i);
    const zq_online_ddl ddl = ddl_of(w, i);
    zq_tables_now tables;

    *out = NULL;
    *out_fits = true;
    if (zq_step_has_failed(&row) || (row.state == ZQ_JOURNAL_DONE && row.after == NULL))
        return ZQ_OK;
    ZQ_TRY(zq_group_reach(w, i, err));
    tables = row.state == ZQ_JOURNAL_DONE
                 ? compare_done(w, i, &row, w->group.before[i - w->group.first])
                 : zq_step_compare_begun(w, &ddl, &row, w->group.before[i - w->group.first]);
    *out_fits = tables != ZQ_TABLES_OTHERWISE &&
                (row.state != ZQ_JOURNAL_DONE || tables == ZQ_TABLES_AS_MEANT);
    *out = zq_arena_printf(w->arena, "expected: as the statement leaves %s; found: %s %s",
                           s->parsed.n_tables > 1 ? "them" : "it",
                           zq_step_changes(&s->parsed, w->arena), words[tables]);
    if (*out_fits)
        *out = zq_arena_printf(w->arena, "%s %s", zq_step_changes(&s->parsed, w->arena),
                               words[tables]);
    return ZQ_OK;
}

/* There is nothing to drop. Who dropped it, or whether it was ever there, cannot be known. */
static bool is_absence(zq_cause cause)
{
    return cause == ZQ_CAUSE_NO_TABLE_TO_DROP || cause == ZQ_CAUSE_NOTHING_TO_DROP;
}

/* The server refused the statement, which has not happened: at least not now. */
static zq_rc fail_ddl(zq_walk *w, size_t i, zq_rc rc, zq_err *err)
{
    const zq_rev_statement *s = &w->leg->section->statements[i];
    zq_journal_rule rule = zq_journal_rule_decide(ZQ_JOURNAL_NONE, false, ZQ_TABLES_AS_MEANT);
    /* Without the statement's digest: nothing of it is left, and the file may do without it. */
    const zq_journal_row failed = {.step = (unsigned)i + 1, .state = ZQ_JOURNAL_STARTED};
    bool absent = err != NULL && is_absence(err->cause);
    char detail[sizeof err->detail];

    zq_step_flush(w, &failed, NULL);
    if (err == NULL || !zq_step_done_by_another(w, i, err->cause))
        return rc;
    memcpy(detail, err->detail, sizeof detail);
    if (absent)
        rule.why = zq_step_drops(&s->parsed)
                       ? N_("is not there, and no run of this revision has dropped it")
                       : N_("does not have what this statement drops, and no run of this "
                            "revision has dropped it");
    rc = zq_step_stop(w, i, &rule, zq_step_changes(&s->parsed, w->arena), err);
    zq_err_detail(err, "%s", detail);
    if (absent)
        zq_err_hint(err, "bring it back, or correct its name in the file, then run '%s' again",
                    w->apply->again);
    return rc;
}

/* The tables to look at after the last of a group: its own, then those of the next one, so that one
 * round trip serves for both. */
static const char *const *looks_of(const zq_walk *w, const zq_group *next, size_t *out_n,
                                   size_t *out_n_own)
{
    size_t n_own = zq_group_tables(w, &w->group, NULL);
    size_t n_next = zq_group_tables(w, next, NULL);
    const char **names = ZQ_NEW_ARRAY(w->arena, const char *, n_own + n_next + 1);

    zq_group_tables(w, &w->group, names);
    zq_group_tables(w, next, names + n_own);
    *out_n_own = n_own;
    *out_n = n_own + n_next;
    return names;
}

/* The group is done: how its tables are, and those of the next. */
static zq_rc close_group(zq_walk *w, const zq_group *next, const zq_fingerprint *prints,
                         size_t n_own, zq_err *err)
{
    const char *after[ZQ_GROUP_MOST];

    if (zq_step_kind_of(&w->leg->section->statements[w->group.first]) == ZQ_STEP_OBJECTS) {
        ZQ_TRY(
            zq_step_look(w, &w->leg->section->statements[w->group.first].parsed, &after[0], err));
    } else {
        zq_group_digests(w, &w->group, prints, after);
    }
    ZQ_TRY(zq_group_done(w, w->group.end, after, err));
    w->group = *next;
    if (zq_group_tables(w, next, NULL) > 0)
        zq_group_digests(w, next, prints + n_own, w->group.before);
    else
        w->group.end = w->group.first; /* it is for others to look at */
    return ZQ_OK;
}

/* A look at the tables after the last. */
static zq_rc look_and_close(zq_walk *w, size_t i, zq_err *err)
{
    zq_group next = zq_group_from(w, i + 1);
    const char *const *names;
    zq_fingerprint *prints;
    size_t n, n_own;

    names = looks_of(w, &next, &n, &n_own);
    prints = ZQ_NEW_ARRAY(w->arena, zq_fingerprint, n + 1);
    ZQ_TRY(zq_group_look(w, names, n, prints, err));
    return close_group(w, &next, prints, n_own, err);
}

/* ---- sent together ---- */

/* Over a slow network one round trip serves for many statements of a group. Only texts that are
 * compiled in are joined, since what a server says of a mistake quotes the text up to its end; and
 * as many as were quick before, so that a wish to stop is heard soon. Not on a cluster: what is
 * left of them could not be ended from another node. */

/* Statement `i`, in its gentlest way. */
static const char *gentlest(const zq_walk *w, size_t i)
{
    const zq_rev_statement *s = &w->leg->section->statements[i];
    const char *text =
        zq_algorithm_ask(&s->parsed, s->text, s->length, zq_online_first(&s->parsed), w->arena);

    return text == NULL ? s->text : text;
}

/* So many that they take about as long as one that is not quick. */
static size_t next_number(size_t n, unsigned long long took_ms)
{
    enum { QUICK_MS = 300, SLOW_MS = 1000 };

    if (took_ms > SLOW_MS)
        return 1;
    return took_ms < QUICK_MS && n * 2 <= ZQ_GROUP_MOST ? n * 2 : n;
}

static bool may_go_along(const zq_walk *w, size_t i)
{
    const zq_online_rules *rules = &w->apply->rules;

    return !w->leg->revision->own && rules->ran == NULL && !zq_lease_is_on_cluster(rules->lease) &&
           zq_group_may_join(w, i);
}

/* How many from `i` on are sent together, or behind the group's rows in the journal; 0: none. With
 * what goes before them they fit into the 16 KiB (net_buffer_length) that a server takes however
 * small its max_allowed_packet is. */
static size_t n_together(const zq_walk *w, size_t i)
{
    enum { MOST_BYTES = 6 * 1024 };
    const zq_rev_statement *s = &w->leg->section->statements[i];
    const size_t left = w->group.end - i;
    const size_t most = w->together < left ? w->together : left;
    size_t n = 1, bytes = s[0].length;

    if (!may_go_along(w, i))
        return 0;
    while (n < most && bytes + s[n].length <= MOST_BYTES)
        bytes += s[n++].length;
    return n > 1 || i == w->group.first ? n : 0;
}

/* Send `n` from `i` on, the first of a group behind its rows in the journal. What the server
 * refuses has not happened, and is left to be sent by itself. */
static zq_rc send_together(zq_walk *w, size_t i, size_t n, zq_err *err)
{
    const unsigned long long began_ms = zq_now_ms();
    zq_warned_text texts[ZQ_GROUP_MOST];
    zq_warned *warned = ZQ_NEW_ARRAY(w->arena, zq_warned, n);
    zq_answers answers;
    zq_tail tail = {.answers = &answers};

    for (size_t k = 0; k < n; k++) {
        warned[k] = zq_step_warned(w, i + k);
        texts[k] = (zq_warned_text){gentlest(w, i + k), &warned[k]};
    }
    ZQ_TRY(zq_lease_ask(w->apply->rules.lease, w->apply->db, err));
    tail.text = zq_warnings_join(texts, n, w->arena, &answers);
    if (i == w->group.first)
        ZQ_TRY(zq_group_begin(w, w->session, &tail, err));
    if (tail.rc == ZQ_OK && tail.n_done == 0) /* not sent so far */
        tail.rc = zq_db_run(w->session, tail.text, NULL, 0, &answers, &tail.n_done, &tail.err);
    for (size_t k = 0; k < n; k++)
        zq_warnings_end(&warned[k]);
    w->sent_end = i + (tail.n_done + 1) / 2;
    w->together = tail.rc == ZQ_OK ? next_number(w->together, zq_now_ms() - began_ms) : 1;
    if (tail.rc != ZQ_E_LOST && tail.rc != ZQ_E_ANSWER)
        return ZQ_OK;
    if (err != NULL)
        *err = tail.err;
    return tail.rc;
}

static zq_rc send(zq_walk *w, size_t i, const zq_online_rules *rules, zq_online_ddl *ddl,
                  zq_err *err)
{
    const zq_rev_statement *s = &w->leg->section->statements[i];
    const size_t n = n_together(w, i);
    zq_algorithm way = zq_online_first(&s->parsed);
    zq_rc rc = ZQ_OK;

    if (i >= w->sent_end && n > 0)
        ZQ_TRY(send_together(w, i, n, err));
    else if (i == w->group.first)
        ZQ_TRY(zq_group_begin(w, w->apply->db, NULL, err));
    if (i >= w->sent_end)
        rc = zq_online_run(w->session, rules, ddl, &way, err);
    w->group.at = i + (rc == ZQ_OK);
    if (w->group.at < w->sent_end)
        w->group.at = w->sent_end;
    if (rc != ZQ_OK)
        return rc != ZQ_E_LOST ? fail_ddl(w, i, rc, err) : rc;
    w->n_done++;
    return zq_group_closes(w, i) ? look_and_close(w, i, err) : ZQ_OK;
}

static zq_rc run_ddl(zq_walk *w, size_t i, zq_err *err)
{
    const zq_rev_statement *s = &w->leg->section->statements[i];
    zq_online_ddl ddl = {
        .parsed = &s->parsed,
        .name = s->parsed.n_tables > 0 ? s->parsed.tables[0] : w->apply->database,
        .looker = w->apply->db,
        .warned = w->warned,
    };
    zq_online_rules rules = w->apply->rules;

    /* Nobody has rows there to wait for. */
    rules.allow_locking = rules.allow_locking || (w->leg->facts[i] & ZQ_FACT_NEW) != 0;
    ZQ_TRY(text_of(w, i, &ddl.text, err));
    return send(w, i, &rules, &ddl, err);
}

zq_rc zq_step_ddl(zq_walk *w, size_t i, zq_err *err)
{
    bool run = true;

    ZQ_TRY(zq_group_reach(w, i, err));
    ZQ_TRY(resume_ddl(w, i, w->group.before[i - w->group.first], &run, err));
    return run ? run_ddl(w, i, err) : ZQ_OK;
}
