/* Walks the legs of a path. Of each: what does the journal have of it; its statements
 * through the journaled sink, which chooses by their kind who runs each; then the schema is held
 * against the revision's own, and one transaction writes the history and empties the journal. */
#include "migrate/apply.h"

#include "base/clock.h"
#include "base/language.h"
#include "migrate/record.h"
#include "migrate/step.h"
#include "migrate/step_group.h"
#include "migrate/step_session.h"
#include "model/canon.h"
#include "model/family.h"
#include "rev/step_kind.h"
#include "run/fingerprint.h"
#include "run/session_lock.h"

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
    const char *first;              /* the first of them, in words; NULL when it is unknown */
    const zq_deviation *deviations; /* members of families that are not as they should be */
    size_t n_deviations;
} finding;

static zq_rc find_differences(const goal *g, const zq_catalog *catalog, zq_arena *arena,
                              finding *out, zq_err *err)
{
    zq_comparison comparison;

    if (g->schema == NULL) {
        out->differs = out->id[0] != '\0' && strcmp(out->id, g->id) != 0;
        return ZQ_OK;
    }
    ZQ_TRY(zq_compare(g->schema, catalog, arena, &comparison, err));
    out->deviations = comparison.deviations;
    out->n_deviations = comparison.n_deviations;
    out->n_differences = comparison.changes.n;
    out->differs = comparison.changes.n > 0;
    if (out->differs)
        out->first = zq_arena_printf(
            arena, "%s: %s", comparison.changes.items[0].table,
            zq_change_say_in(ZQ_USERS_LANGUAGE, &comparison.changes.items[0], arena));
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
    live = zq_compare_schema(&catalog, wanted, arena);
    if (live != NULL)
        zq_canon_id(live, out->id);
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
        zq_err_detail(err,
                      f->n_differences == 1 ? N_("%zu difference, the first: %s")
                                            : N_("%zu differences, the first: %s"),
                      f->n_differences, f->first);
    else
        zq_err_detail(err, "its schema id is %s", f->id);
    return zq_err_hint(err, "fix the differences and run '%s', or take it as it is with '%s %s'",
                       w->apply->again, w->apply->stamp, to);
}

/* ---- members that are left ---- */

static const char *say_deviation(const zq_deviation *d, const char *revision, zq_arena *arena)
{
    const char *first = d->changes.n == 0 ? "" : zq_change_say(&d->changes.items[0], arena);

    if (d->changes.n < 2)
        return zq_arena_printf(arena, "differs from revision '%s': %s", revision, first);
    return zq_arena_printf(arena, "differs from revision '%s': %s, and %zu more", revision, first,
                           d->changes.n - 1);
}

static bool deviates(const finding *f, const char *family, const char *code)
{
    for (size_t i = 0; i < f->n_deviations; i++) {
        const zq_deviation *d = &f->deviations[i];

        for (size_t k = 0; k < d->n_members; k++) {
            if (strcmp(d->family->name, family) == 0 && strcmp(d->codes[k], code) == 0)
                return true;
        }
    }
    return false;
}

/* Members that are as a revision has them that the next leg of the path leads to, or past, are
 * ahead, as tables of stocks are that were restored without the others: its statements will find
 * themselves done. */
static zq_rc find_ahead(const zq_walk *w, const zq_chain *chain, finding *out, size_t *out_n,
                        zq_err *err)
{
    const zq_leg *next = w->leg + 1;

    *out_n = 0;
    if (next >= w->path->legs + w->path->n || next->direction != ZQ_UP)
        return ZQ_OK;
    for (size_t at = next->from + 1; at <= next->to; at++) {
        goal g = goal_at(w->apply, chain, at);

        if (g.schema != NULL)
            ZQ_TRY(look_at_schema(w->apply, &g, w->arena, &out[(*out_n)++], err));
    }
    return ZQ_OK;
}

static bool is_ahead(const finding *ahead, size_t n, const char *family, const char *code)
{
    for (size_t i = 0; i < n; i++) {
        if (!deviates(&ahead[i], family, code))
            return true;
    }
    return false;
}

/* Members that took every statement, or had it, and still are not as the revision has them. */
static zq_rc leave_deviating(zq_walk *w, const zq_chain *chain, const finding *f, zq_err *err)
{
    const char *revision = zq_chain_name(chain, w->leg->to);
    finding *ahead = ZQ_NEW_ARRAY(w->arena, finding, chain->n + 1);
    size_t n_ahead = 0;

    if (f->n_deviations > 0)
        ZQ_TRY(find_ahead(w, chain, ahead, &n_ahead, err));
    for (size_t i = 0; i < f->n_deviations; i++) {
        const zq_deviation *d = &f->deviations[i];
        zq_left_member left = {
            .family = d->family->name,
            .statement = w->leg->section->n,
            .where = w->leg->revision->file,
            .why = say_deviation(d, revision, w->arena),
            .lacks = "",
            .took_all = true,
        };

        for (size_t k = 0; k < d->n_members; k++) {
            left.name = zq_family_expand(w->arena, d->family->name, d->codes[k]);
            if (zq_step_why_left(w, left.family, left.name) == NULL &&
                !is_ahead(ahead, n_ahead, left.family, d->codes[k]))
                zq_step_add_left(w, &left);
        }
    }
    return ZQ_OK;
}

static zq_rc fail_left(const zq_walk *w, const zq_chain *chain, zq_err *err)
{
    const zq_revision *to = zq_chain_at(chain, w->leg->to);

    zq_fail(err, ZQ_E_DIFFERS,
            w->n_left == 1
                ? N_("revision '%s' is done but for %zu member of families, and so is not recorded")
                : N_("revision '%s' is done but for %zu members of families, and so is not "
                     "recorded"),
            w->leg->revision->id, w->n_left);
    if (to != NULL && to->release != NULL)
        zq_err_hint(err,
                    "'%s %s' has the statements that fix what statements can; then run '%s', or "
                    "record the revision as it is with '%s'",
                    w->apply->fixes, to->release, w->apply->again, w->apply->leaving);
    else
        zq_err_hint(
            err, "fix what is in the way and run '%s', or record the revision as it is with '%s'",
            w->apply->again, w->apply->leaving);
    return ZQ_E_DIFFERS;
}

/* ---- one leg ---- */

static bool is_of_another_build(const zq_journal_row *row)
{
    return row->before != NULL && row->statement != NULL &&
           strcmp(row->before, row->statement) != 0 && !zq_fingerprint_is_known(row->before);
}

/* Rows of a build that made another kind of digest. What is done is done; whether something that
 * was started has happened must be read from what it means. */
static void forget_unknown_digests(zq_walk *w)
{
    zq_journal_row *rows = ZQ_NEW_ARRAY(w->arena, zq_journal_row, w->found.n + 1);
    bool unknown = false;

    for (size_t i = 0; i < w->found.n; i++) {
        rows[i] = w->found.items[i];
        if (!is_of_another_build(&rows[i]))
            continue;
        rows[i].before = ZQ_STEP_BEFORE_UNKNOWN;
        rows[i].after = NULL;
        unknown = true;
    }
    w->found.items = rows;
    if (unknown)
        zq_watch_tell(
            w->apply->rules.watch, ZQ_TELL_WARN,
            "the journal of revision '%s' was written by another version of this program: "
            "what it says is done is taken for done, and what was started is read from "
            "the tables",
            w->leg->revision->id);
}

/* Nobody knows what a script that has no digests has done but the one who ran it. */
static zq_rc fail_script(const zq_walk *w, zq_err *err)
{
    const zq_revision *r = w->leg->revision;

    zq_fail(err, ZQ_E_DIFFERS, "%s:1: a script of '--sql' was cut short in revision '%s', at %s",
            r->file, r->id, zq_journal_row_of(&w->found, ZQ_JOURNAL_SCRIPT).position);
    return zq_err_hint(
        err, "run the rest of the script from there; or '%s' shows how to continue without it",
        w->apply->resume);
}

/* A database that was not what its revision says before the leg need not be after it. `exact`: the
 * leg before this one has just found that it is. */
static zq_rc begin_leg(zq_walk *w, const zq_chain *chain, bool exact, zq_err *err)
{
    finding f;
    goal g = goal_at(w->apply, chain, w->leg->from);

    ZQ_TRY(zq_journal_read(w->apply->db, &w->journal, w->arena, &w->found, err));
    forget_unknown_digests(w);
    w->before = g.schema;
    w->as_found = zq_journal_row_of(&w->found, ZQ_JOURNAL_AS_FOUND).state != ZQ_JOURNAL_NONE;
    if (zq_journal_row_of(&w->found, ZQ_JOURNAL_SCRIPT).state != ZQ_JOURNAL_NONE)
        return fail_script(w, err);
    if (w->found.n > 0) {
        zq_watch_tell(w->apply->rules.watch, ZQ_TELL_SAY,
                      "revision '%s' was cut short; continuing where it stopped",
                      w->leg->revision->id);
        return zq_group_drop_not_begun(w, err);
    }
    w->exact = exact;
    if (exact)
        return ZQ_OK;
    ZQ_TRY(look_at_schema(w->apply, &g, w->arena, &f, err));
    w->exact = !f.differs && f.n_deviations == 0;
    if (!f.differs)
        return ZQ_OK;
    zq_watch_tell(w->apply->rules.watch, ZQ_TELL_WARN,
                  "the schema is not exactly that of revision '%s'%s%s",
                  zq_chain_name(chain, w->leg->from), f.first != NULL ? zq_tr(N_(": ")) : "",
                  f.first != NULL ? f.first : "");
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
                "%s:%u: cannot continue: statement %u was begun, and the file has only %zu",
                w->leg->revision->file, w->leg->section->line, step, w->leg->section->n);
        return zq_err_hint(err, "restore the file as it was, and change only what was not begun");
    }
    return ZQ_OK;
}

/* Who runs a statement, by its kind. */
static zq_rc run_kind(zq_walk *w, size_t i, zq_err *err)
{
    static zq_rc (*const runners[])(zq_walk *, size_t, zq_err *) = {
        [ZQ_STEP_TABLES] = zq_step_ddl,          [ZQ_STEP_OBJECTS] = zq_step_ddl,
        [ZQ_STEP_ROWS] = zq_step_rows,           [ZQ_STEP_REPEAT] = zq_step_repeat,
        [ZQ_STEP_SESSION] = zq_step_run_session, [ZQ_STEP_BATCH] = zq_step_batch,
        [ZQ_STEP_FAMILY] = zq_step_family,       [ZQ_STEP_MEMBERS] = zq_step_members,
    };

    const zq_rev_statement *s = &w->leg->section->statements[i];
    const zq_step_kind kind = zq_step_kind_of(s);

    ZQ_TRY(zq_step_check_batch(w, i, err));
    /* Temporary tables of the section's own die with their connection. */
    if (s->temporary)
        return zq_step_run_session(w, i, err);
    if (kind != ZQ_STEP_SESSION)
        ZQ_TRY(zq_step_give_back(w, i, err));
    return runners[kind](w, i, err);
}

static zq_rc run_step(zq_walk *w, size_t i, zq_err *err)
{
    zq_rc rc;

    w->warned = ZQ_NEW(w->arena, zq_warned);
    *w->warned = zq_step_warned(w, i);
    rc = run_kind(w, i, err);
    zq_warnings_end(w->warned);
    return rc;
}

/* DDL tells itself how it was done (run/online_ddl.h). */
static zq_rc run_statement(zq_walk *w, size_t i, zq_err *err)
{
    const zq_statement *parsed = &w->leg->section->statements[i].parsed;
    const zq_online_rules *rules = &w->apply->rules;
    unsigned long long began = zq_now_us();
    zq_rc rc = run_step(w, i, err);

    if (rc == ZQ_OK && rules->ran != NULL && parsed->kind != ZQ_STATEMENT_DDL)
        rules->ran(rules->ran_context, parsed, ZQ_N_ALGORITHMS, zq_now_us() - began);
    return rc;
}

/* What statement `i` is about, for whoever watches. */
static zq_watch_step step_at(const zq_walk *w, size_t i)
{
    const zq_rev_statement *s = &w->leg->section->statements[i];

    return (zq_watch_step){
        .revision = w->leg->revision->id,
        .leg = (size_t)(w->leg - w->path->legs) + 1,
        .legs = w->path->n,
        .step = i + 1,
        .steps = w->leg->section->n,
        .object = s->block == ZQ_BLOCK_FAMILY ? s->family
                  : s->parsed.n_tables > 0    ? s->parsed.tables[0]
                                              : NULL,
        .file = w->leg->revision->file,
        .line = s->line,
    };
}

static zq_rc run_watched(zq_walk *w, size_t i, zq_err *err)
{
    zq_watch_step step = step_at(w, i);
    unsigned long long began_ms = zq_now_ms();

    zq_watch_at(w->apply->rules.watch, &step);
    ZQ_TRY(run_statement(w, i, err));
    step.ended = true;
    step.ms = zq_now_ms() - began_ms;
    zq_watch_at(w->apply->rules.watch, &step);
    return ZQ_OK;
}

/* The journaled sink: each step runs unless the journal says that it is done, and its stage is its
 * number in the journal. */
static zq_rc run_journaled(void *context, const zq_step *steps, size_t n, zq_err *err)
{
    zq_walk *w = context;

    for (size_t k = 0; k < n; k++) {
        const size_t i = steps[k].stage;
        zq_rc rc = ZQ_OK;

        if (zq_watch_stopped(w->apply->rules.watch))
            rc = ZQ_E_INTERRUPTED;
        else
            rc = run_watched(w, i, err);
        if (rc != ZQ_OK && rc != ZQ_E_LOST)
            zq_group_leave(w);
        if (rc == ZQ_E_DIFFERS)
            return rc;
        if (rc != ZQ_OK)
            return zq_step_fail(w, i, rc, err);
    }
    return ZQ_OK;
}

/* A row that outlives the revision: that members were left, for whoever asks for the state. */
static void write_left(const zq_walk *w, zq_sql *sql)
{
    const zq_journal_row left = {
        .step = ZQ_JOURNAL_LEFT,
        .state = ZQ_JOURNAL_DONE,
        .position = zq_arena_printf(w->arena, "%zu", w->n_left),
    };

    zq_sql_lit(sql, ";");
    zq_journal_write(sql, &w->journal, &left, 1);
}

/* A squash is recorded as the revisions that it stands for, so that whoever reads the history finds
 * them done, and can undo them one by one: nobody has seen the schemas between them. */
static void add_entries(zq_record_entries *e, const zq_walk *w, const zq_chain *chain,
                        const char *schema_id, long long duration_ms)
{
    const zq_leg *leg = w->leg;
    bool squash = leg->revision->squash_last != NULL;
    const char *operation = squash                    ? ZQ_OPERATION_SQUASH
                            : leg->direction == ZQ_UP ? "upgrade"
                                                      : "downgrade";

    for (size_t at = squash ? leg->from + 1 : leg->to; at <= leg->to; at++) {
        zq_history_entry entry = zq_record_history(chain, at, operation, w->apply->tool_version);

        entry.schema_id = at == leg->to ? schema_id : NULL;
        entry.duration_ms = at == leg->to ? duration_ms : -1;
        zq_record_entry(e, &entry);
    }
}

/* The history's rows and the end of the journal, in one transaction. */
static zq_rc complete(const zq_walk *w, const zq_chain *chain, const char *schema_id,
                      long long duration_ms, zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    zq_record_entries e = {.arena = w->arena, .sql = &sql};
    const char *text;
    zq_rc rc;

    add_entries(&e, w, chain, schema_id, duration_ms);
    zq_sql_lit(&sql, ";");
    zq_journal_clear(&sql, w->journal.revision);
    if (w->n_left > 0)
        write_left(w, &sql);
    ZQ_TRY(zq_sql_finish(&sql, &text, err));
    rc = zq_transact(w->apply->db, w->apply->rules.lease, text, e.args, e.n, NULL, NULL, err);
    if (rc != ZQ_OK) {
        zq_err_prefix(err, "cannot record revision '%s': ", w->leg->revision->id);
        if (rc != ZQ_E_READ_ONLY && rc != ZQ_E_TAKEN)
            zq_err_hint(err, "run '%s' again", w->apply->again);
    }
    return rc;
}

static zq_rc settle(zq_walk *w, const zq_chain *chain, const char **out_id, zq_err *err)
{
    goal g = goal_at(w->apply, chain, w->leg->to);
    finding f;

    ZQ_TRY(look_at_schema(w->apply, &g, w->arena, &f, err));
    ZQ_TRY(leave_deviating(w, chain, &f, err));
    *out_id = w->n_left == 0 && f.n_deviations == 0 ? g.id : NULL;
    if (!f.differs)
        return ZQ_OK;
    if (!w->as_found)
        return fail_schema(w, &f, zq_chain_name(chain, w->leg->to), err);
    *out_id = f.id[0] == '\0' ? NULL : zq_arena_strdup(w->arena, f.id);
    zq_watch_tell(w->apply->rules.watch, ZQ_TELL_WARN,
                  "the schema is not exactly that of revision '%s', and was not before%s%s",
                  zq_chain_name(chain, w->leg->to), f.first != NULL ? zq_tr(N_(": ")) : "",
                  f.first != NULL ? f.first : "");
    return ZQ_OK;
}

static void say_begin(const zq_walk *w, const zq_chain *chain)
{
    const zq_revision *r = w->leg->revision;

    if (w->leg->ahead)
        zq_watch_tell(w->apply->rules.watch, ZQ_TELL_SAY,
                      "recording %s, which is in the database already: %s", r->id, r->title);
    else if (r->squash_last != NULL)
        zq_watch_tell(w->apply->rules.watch, ZQ_TELL_SAY, "upgrading to %s by the squash %s: %s",
                      zq_chain_name(chain, w->leg->to), r->id, r->title);
    else if (w->leg->direction == ZQ_UP)
        zq_watch_tell(w->apply->rules.watch, ZQ_TELL_SAY, "upgrading to %s: %s", r->id, r->title);
    else
        zq_watch_tell(w->apply->rules.watch, ZQ_TELL_SAY, "downgrading from %s to %s: %s", r->id,
                      zq_chain_name(chain, w->leg->to), r->title);
}

static zq_rc run_leg(const zq_apply *apply, const zq_chain *chain, const zq_path *path,
                     const zq_leg *leg, bool *io_exact, zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    __attribute__((cleanup(zq_step_session_done))) zq_step_opening session = {0};
    unsigned long long started = zq_now_ms();
    const char *id;
    zq_walk w = {
        .apply = apply,
        .path = path,
        .leg = leg,
        .arena = arena,
        .together = 4,
        .journal = {.revision = leg->revision->id,
                    .direction = zq_direction_name(leg->direction),
                    .token = apply->token},
    };

    const zq_sink sink = {.run = run_journaled, .context = &w};
    const zq_steps steps = zq_leg_steps(leg, arena);

    w.digests = ZQ_NEW_ARRAY(arena, const char *, leg->section->n + 1);
    say_begin(&w, chain);
    zq_step_session_open(&w, &session);
    ZQ_TRY(begin_leg(&w, chain, *io_exact, err));
    ZQ_TRY(check_journal(&w, err));
    ZQ_TRY(zq_step_session_begin(&w, &session, err));
    zq_step_read_members(&w);
    ZQ_TRY(zq_run_steps(&steps, &sink, err));
    ZQ_TRY(settle(&w, chain, &id, err));
    zq_step_say_left(&w);
    for (size_t i = 0; apply->left != NULL && i < w.n_left; i++)
        apply->left(apply->left_context, w.left[i].name);
    if (w.n_left > 0 && !apply->leave_members) {
        zq_group_leave(&w);
        return fail_left(&w, chain, err);
    }
    *io_exact = !w.as_found && id != NULL;
    ZQ_TRY(complete(&w, chain, id, (long long)(zq_now_ms() - started), err));
    zq_watch_tell(apply->rules.watch, ZQ_TELL_DONE, "revision '%s': %zu statements in %.2f s",
                  leg->revision->id, w.n_done, (double)(zq_now_ms() - started) / 1000);
    return ZQ_OK;
}

zq_rc zq_apply_path(const zq_apply *apply, const zq_chain *chain, const zq_path *path, zq_err *err)
{
    bool exact = false;
    zq_rc rc = ZQ_OK;

    ZQ_TRY(zq_sessions_wait(apply->db, &apply->rules, err));
    ZQ_TRY(zq_online_begin(apply->db, &apply->rules, err));
    for (size_t i = 0; i < path->n && rc == ZQ_OK; i++)
        rc = run_leg(apply, chain, path, &path->legs[i], &exact, err);
    zq_watch_at(apply->rules.watch, NULL);
    return rc;
}
