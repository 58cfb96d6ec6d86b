#include "rev/apply.h"

#include "base/clock.h"
#include "model/canon.h"
#include "rev/history.h"
#include "rev/step.h"

#include <string.h>

/* ---- is the schema what it should be? ---- */

/* What is known of the schema at a place in the chain. */
typedef struct goal {
    const zq_schema *schema; /* NULL: nothing is known but the id */
    const char *id;          /* NULL: nothing at all */
} goal;

static goal goal_at(const zq_apply *apply, const zq_chain *chain, size_t position)
{
    const zq_revision *r = zq_chain_at(chain, position);
    goal g = {0};

    if (r == NULL)
        return g;
    g.id = r->schema_id;
    for (size_t i = 0; i < apply->n_known; i++) {
        if (strcmp(apply->known[i].revision, r->id) == 0)
            g.schema = apply->known[i].schema;
    }
    return g;
}

typedef struct finding {
    bool differs;
    char id[ZQ_DIGEST_HEX]; /* of the database; "" when its members differ among themselves */
    size_t n_differences;
    const char *first; /* the first of them, in words; NULL when it cannot be told */
} finding;

/* Tables of a family that are not like the others were named when their step left them: they are
 * no reason to stop. */
static zq_rc find_differences(const goal *g, const zq_catalog *catalog, zq_arena *arena,
                              finding *out, zq_err *err)
{
    zq_comparison comparison;

    if (g->schema == NULL) {
        out->differs = out->id[0] != '\0' && strcmp(out->id, g->id) != 0;
        return ZQ_OK;
    }
    ZQ_TRY(zq_compare(g->schema, catalog, arena, &comparison, err));
    out->n_differences = comparison.changes.n;
    out->differs = comparison.changes.n > 0;
    if (out->differs)
        out->first = zq_arena_printf(arena, "%s: %s", comparison.changes.items[0].table,
                                     zq_change_say(&comparison.changes.items[0], arena));
    return ZQ_OK;
}

static zq_rc look_at_schema(const zq_apply *apply, const goal *g, zq_arena *arena, finding *out,
                            zq_err *err)
{
    const zq_schema *wanted = g->schema != NULL ? g->schema : apply->schema;
    const zq_schema *live;
    zq_catalog catalog;

    *out = (finding){0};
    if (g->id == NULL)
        return ZQ_OK;
    ZQ_TRY(zq_catalog_read(apply->db, NULL, apply->database, wanted, arena, &catalog, err));
    live = zq_catalog_schema(&catalog, wanted, arena);
    if (live != NULL)
        zq_schema_id(live, out->id);
    return find_differences(g, &catalog, arena, out, err);
}

static zq_rc fail_schema(const zq_walk *w, const finding *f, const char *to, zq_err *err)
{
    const zq_revision *r = w->leg->revision;

    zq_fail(err, ZQ_E_DIFFERS,
            "%s:1: all statements of revision '%s' are done, but the schema is "
            "not what it should be after them",
            r->file, r->id);
    if (f->first != NULL)
        zq_err_detail(err, "%zu %s, the first: %s", f->n_differences,
                      f->n_differences == 1 ? "difference" : "differences", f->first);
    else
        zq_err_detail(err, "its schema id is %s", f->id);
    zq_err_hint(err, "mend the differences and run '%s', or take it as it is with '%s %s'",
                w->apply->again, w->apply->stamp, to);
    return ZQ_E_DIFFERS;
}

/* ---- one leg ---- */

/* Nobody knows what a script that has no digests has done but the one who ran it. */
static zq_rc fail_script(const zq_walk *w, zq_err *err)
{
    const zq_revision *r = w->leg->revision;

    zq_fail(err, ZQ_E_DIFFERS, "%s:1: a script of '--sql' was cut short in revision '%s', at %s",
            r->file, r->id, zq_journal_row_of(&w->found, ZQ_JOURNAL_SCRIPT).position);
    zq_err_hint(err,
                "run the rest of the script from there; or undo what it did, run \"DELETE FROM "
                "zq_meta_journal WHERE revision = '%s'\", then '%s'",
                r->id, w->apply->again);
    return ZQ_E_DIFFERS;
}

/* A database that was not what its revision says before the leg need not be after it. `exact`: the
 * leg before this one has just found that it is. */
static zq_rc begin_leg(zq_walk *w, const zq_chain *chain, size_t from, bool exact, zq_err *err)
{
    finding f;
    goal g = goal_at(w->apply, chain, from);

    ZQ_TRY(zq_journal_read(w->apply->db, &w->journal, w->arena, &w->found, err));
    w->as_found = zq_journal_row_of(&w->found, ZQ_JOURNAL_AS_FOUND).state != ZQ_JOURNAL_NONE;
    if (zq_journal_row_of(&w->found, ZQ_JOURNAL_SCRIPT).state != ZQ_JOURNAL_NONE)
        return fail_script(w, err);
    if (w->found.n > 0) {
        zq_watch_tell(w->apply->rules.watch, ZQ_TELL_SAY,
                      "revision '%s' was cut short; going on where it was", w->leg->revision->id);
        return zq_step_drop_not_begun(w, err);
    }
    if (exact)
        return ZQ_OK;
    ZQ_TRY(look_at_schema(w->apply, &g, w->arena, &f, err));
    if (!f.differs)
        return ZQ_OK;
    zq_watch_tell(w->apply->rules.watch, ZQ_TELL_WARN,
                  "the schema is not exactly that of revision '%s'%s%s", zq_chain_name(chain, from),
                  f.first != NULL ? ": " : "", f.first != NULL ? f.first : "");
    w->as_found = true;
    w->pending.rows[w->pending.n++] =
        (zq_journal_row){.step = ZQ_JOURNAL_AS_FOUND, .state = ZQ_JOURNAL_DONE};
    return ZQ_OK;
}

/* The statements that the file lost since the journal was written. */
static zq_rc check_journal(const zq_walk *w, zq_err *err)
{
    for (size_t i = 0; i < w->found.n; i++) {
        unsigned step = w->found.items[i].step;

        if (step <= w->leg->section->n || step >= ZQ_JOURNAL_MEMBERS)
            continue;
        zq_fail(err, ZQ_E_DIFFERS,
                "%s:%u: cannot go on: statement %u was begun, and the file has only %zu",
                w->leg->revision->file, w->leg->section->line, step, w->leg->section->n);
        zq_err_hint(err, "restore the file as it was, and mend only what was not begun");
        return ZQ_E_DIFFERS;
    }
    return ZQ_OK;
}

static zq_rc run_statements(zq_walk *w, zq_err *err)
{
    for (size_t i = 0; i < w->leg->section->n; i++) {
        zq_rc rc = ZQ_OK;

        if (zq_watch_stopped(w->apply->rules.watch))
            rc = ZQ_E_INTERRUPTED;
        else
            rc = zq_step_run(w, i, err);
        if (rc != ZQ_OK && rc != ZQ_E_LOST)
            zq_step_leave(w);
        if (rc == ZQ_E_DIFFERS)
            return rc;
        if (rc != ZQ_OK)
            return zq_step_fail(w, i, rc, err);
    }
    return ZQ_OK;
}

/* The history's row and the end of the journal, in one transaction. */
static zq_rc complete(const zq_walk *w, const zq_chain *chain, const char *schema_id,
                      long long duration_ms, zq_err *err)
{
    const char *operation = w->leg->direction == ZQ_UP ? "upgrade" : "downgrade";
    zq_history_entry entry =
        zq_revision_history(chain, w->leg->to, operation, w->apply->tool_version);
    ZQ_AUTO_SQL(sql);
    zq_step history;
    const char *text;
    zq_rc rc;

    entry.schema_id = schema_id;
    entry.duration_ms = duration_ms;
    history = zq_history_step(&entry, w->arena);
    zq_sql_lit(&sql, "START TRANSACTION;");
    zq_sql_rawz(&sql, history.text);
    zq_sql_lit(&sql, ";");
    zq_journal_clear(&sql, w->journal.revision);
    zq_sql_lit(&sql, ";COMMIT");
    ZQ_TRY(zq_sql_finish(&sql, &text, err));
    rc = zq_db_run(w->apply->db, text, history.args, history.n_args, NULL, NULL, err);
    if (rc != ZQ_OK) {
        if (rc != ZQ_E_LOST)
            zq_db_exec(w->apply->db, "ROLLBACK", NULL);
        zq_err_prefix(err, "cannot record revision '%s': ", w->leg->revision->id);
        if (rc != ZQ_E_READ_ONLY)
            zq_err_hint(err, "run '%s' again", w->apply->again);
    }
    return rc;
}

static zq_rc settle(const zq_walk *w, const zq_chain *chain, const char **out_id, zq_err *err)
{
    goal g = goal_at(w->apply, chain, w->leg->to);
    finding f;

    ZQ_TRY(look_at_schema(w->apply, &g, w->arena, &f, err));
    *out_id = g.id;
    if (!f.differs)
        return ZQ_OK;
    if (!w->as_found)
        return fail_schema(w, &f, zq_chain_name(chain, w->leg->to), err);
    *out_id = f.id[0] == '\0' ? NULL : zq_arena_strdup(w->arena, f.id);
    zq_watch_tell(w->apply->rules.watch, ZQ_TELL_WARN,
                  "the schema is not exactly that of revision '%s', and was not before%s%s",
                  zq_chain_name(chain, w->leg->to), f.first != NULL ? ": " : "",
                  f.first != NULL ? f.first : "");
    return ZQ_OK;
}

static void say_begin(const zq_walk *w, const zq_chain *chain)
{
    const zq_revision *r = w->leg->revision;

    if (w->leg->direction == ZQ_UP)
        zq_watch_tell(w->apply->rules.watch, ZQ_TELL_SAY, "upgrading to %s: %s", r->id, r->title);
    else
        zq_watch_tell(w->apply->rules.watch, ZQ_TELL_SAY, "downgrading from %s to %s: %s", r->id,
                      zq_chain_name(chain, w->leg->to), r->title);
}

static zq_rc run_leg(const zq_apply *apply, const zq_chain *chain, const zq_path *path,
                     const zq_leg *leg, bool *io_exact, zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO(zq_db) own = NULL;
    unsigned long long started = zq_now_ms();
    size_t from = leg->direction == ZQ_UP ? leg->to - 1 : leg->to + 1;
    const char *id;
    zq_walk w = {
        .apply = apply,
        .path = path,
        .leg = leg,
        .arena = arena,
        .journal = {.revision = leg->revision->id,
                    .direction = zq_direction_name(leg->direction),
                    .token = apply->token},
    };

    w.digests = ZQ_NEW_ARRAY(arena, const char *, leg->section->n + 1);
    say_begin(&w, chain);
    ZQ_TRY(begin_leg(&w, chain, from, *io_exact, err));
    ZQ_TRY(check_journal(&w, err));
    ZQ_TRY(zq_step_begin_session(&w, &own, err));
    ZQ_TRY(run_statements(&w, err));
    ZQ_TRY(settle(&w, chain, &id, err));
    *io_exact = !w.as_found && id != NULL;
    ZQ_TRY(complete(&w, chain, id, (long long)(zq_now_ms() - started), err));
    zq_watch_tell(apply->rules.watch, ZQ_TELL_NOTE, "%zu statements in %.2f s", w.n_done,
                  (double)(zq_now_ms() - started) / 1000);
    return ZQ_OK;
}

zq_rc zq_apply_path(const zq_apply *apply, const zq_chain *chain, const zq_path *path, zq_err *err)
{
    bool exact = false;

    ZQ_TRY(zq_step_wait_for_sessions(apply, err));
    ZQ_TRY(zq_ddl_begin(apply->db, &apply->rules, err));
    for (size_t i = 0; i < path->n; i++)
        ZQ_TRY(run_leg(apply, chain, path, &path->legs[i], &exact, err));
    return ZQ_OK;
}
