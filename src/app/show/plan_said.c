/* What is said of a plan, statement by statement, whoever reads it: the writers only spell it. */
#include "app/show/plan_said.h"

#include "app/show/words.h"
#include "migrate/consent.h"
#include "migrate/record.h"

#include <string.h>

const char *zq_plan_view_place(const zq_plan *plan, size_t position, zq_tongue tongue)
{
    const zq_revision *revision = zq_chain_at(&plan->m->chain, position);

    if (revision == NULL || revision->release == NULL)
        return zq_chain_name(&plan->m->chain, position);
    return zq_printf_in(tongue, plan->m->app->arena, "%s (zquant %s)", revision->id,
                        revision->release);
}

/* The options that a run needs, each with a space before it: " --allow-locking"; "" for none. */
static const char *options_of(const zq_plan *plan)
{
    return zq_findings_options(&plan->costs.findings, plan->m->app->arena);
}

const char *zq_plan_view_title(const zq_chain *chain, const zq_leg *leg, zq_arena *arena)
{
    const zq_revision *r = leg->revision;

    if (r->squash_last != NULL)
        return zq_arena_printf(arena, "upgrade to %s by the squash %s: %s",
                               zq_chain_name(chain, leg->to), r->id, r->title);
    return zq_arena_printf(arena, "%s %s: %s", leg->direction == ZQ_UP ? "upgrade to" : "undo",
                           r->id, r->title);
}

/* How long a revision took when this database ran it last, in this direction; -1: not known. */
static long long last_ms_of(const zq_migration *m, const zq_leg *leg)
{
    const char *operation = leg->revision->squash_last != NULL ? ZQ_OPERATION_SQUASH
                            : leg->direction == ZQ_UP          ? "upgrade"
                                                               : "downgrade";
    const char *to = leg->to == 0 ? "" : zq_chain_name(&m->chain, leg->to);

    for (size_t i = m->record.n; i > 0; i--) {
        if (strcmp(m->record.applied[i - 1].operation, operation) == 0 &&
            strcmp(m->record.applied[i - 1].revision, to) == 0)
            return m->record.rows[i - 1].duration_ms;
    }
    return -1;
}

static const char *const *headings_of(const zq_plan *plan)
{
    static const char *const planned[ZQ_PLAN_CELLS] = {"Line", "Statement", "Table", "Rows",
                                                       "Size", "Algorithm", "Lock"};
    static const char *const rehearsed[ZQ_PLAN_CELLS] = {"Line",   "Statement", "Table",  "Took",
                                                         "On all", "Foretold",  "Granted"};

    return plan->rehearsed == NULL ? planned : rehearsed;
}

const zq_rehearsed *zq_plan_said_seen(const zq_plan *plan, const zq_step_cost *cost)
{
    return plan->rehearsed == NULL ? NULL : &plan->rehearsed[cost - plan->costs.items];
}

/* What is not an ALTER TABLE is run as it stands, and locks nobody out. */
static bool is_asked(const zq_step_cost *cost)
{
    return cost->method != ZQ_METHOD_NONE;
}

const char *zq_plan_said_granted(const zq_step_cost *cost, const zq_rehearsed *seen)
{
    static const char *const names[] = {
        [ZQ_ALGORITHM_INSTANT] = "INSTANT",
        [ZQ_ALGORITHM_INPLACE] = "INPLACE",
        [ZQ_ALGORITHM_ANY] = "copy or lock",
        [ZQ_N_ALGORITHMS] = "",
    };

    if (!is_asked(cost))
        return NULL;
    return seen->n == 0 ? "" : names[seen->way];
}

static bool is_worse(const zq_step_cost *cost, const zq_rehearsed *seen)
{
    if (seen->n == 0 || !is_asked(cost) || seen->way == ZQ_N_ALGORITHMS)
        return false;
    if (cost->method == ZQ_METHOD_INSTANT)
        return seen->way > ZQ_ALGORITHM_INSTANT;
    return cost->lock == ZQ_STEP_LOCK_NONE && seen->way > ZQ_ALGORITHM_INPLACE;
}

static const char *verb_of(const zq_rev_statement *s)
{
    return *s->parsed.verb != '\0' ? s->parsed.verb : "(other)";
}

static void fill_cells(const zq_plan *plan, const zq_step_cost *cost,
                       const char *out[ZQ_PLAN_CELLS])
{
    zq_arena *arena = plan->m->app->arena;
    const zq_rehearsed *seen = zq_plan_said_seen(plan, cost);
    const zq_rev_statement *s = cost->statement;
    bool on_table = cost->size.known && !cost->done;

    out[0] = zq_arena_printf(arena, "%u", s->line);
    out[1] = verb_of(s);
    out[2] = cost->table != NULL      ? cost->table
             : s->parsed.n_tables > 0 ? s->parsed.tables[0]
             : s->parsed.name != NULL ? s->parsed.name
                                      : "";
    out[3] = on_table ? zq_words_rows(cost->size.rows, arena) : "";
    out[4] = on_table ? zq_words_bytes(cost->size.bytes, arena) : "";
    out[5] = zq_method_name(cost->method);
    out[6] = cost->method == ZQ_METHOD_NONE && cost->lock == ZQ_STEP_LOCK_NONE
                 ? ""
                 : zq_forecast_lock_name(cost->lock);
    if (seen == NULL)
        return;
    out[3] = seen->n == 0 ? "" : zq_words_duration((long long)(seen->us / 1000), arena);
    out[4] = seen->n == 0 ? "" : zq_words_duration(seen->whole_ms, arena);
    out[6] = is_asked(cost) ? zq_plan_said_granted(cost, seen) : "";
}

static const char *form_note(const zq_form_cost *form, zq_arena *arena)
{
    const char *like = form->example == NULL ? " as the revision knows them"
                                             : zq_arena_printf(arena, " like %s", form->example);

    if (form->obstacle != NULL)
        return zq_arena_printf(arena, "%zu%s: left as they are: %s", form->n_members, like,
                               form->obstacle);
    if (form->method == ZQ_METHOD_NONE)
        return zq_arena_printf(arena, "%zu%s: done already", form->n_members, like);
    return zq_arena_printf(arena, "%zu%s: %s, lock %s", form->n_members, like,
                           zq_method_name(form->method), zq_forecast_lock_name(form->lock));
}

static const char *blocker_note(const zq_blocker *b, bool certain, zq_arena *arena)
{
    return zq_arena_printf(arena, "connection %s of '%s' %s a metadata lock%s%s, for %s s%s%s",
                           b->connection_id, b->account, certain ? "has" : "may have",
                           *b->table != '\0' ? " on " : "", b->table, b->seconds,
                           *b->statement != '\0' ? ": " : "", b->statement);
}

static void add(zq_plan_notes *all, bool bad, const char *text)
{
    all->items[all->n++] = (zq_plan_note){text, bad};
}

/* What there is to say of a statement beside its cells. */
static zq_plan_notes notes_of(const zq_plan *plan, const zq_step_cost *cost)
{
    zq_arena *arena = plan->m->app->arena;
    bool of_forms = cost->n_forms > 1 ||
                    (cost->n_forms == 1 &&
                     (cost->forms[0].obstacle != NULL || cost->forms[0].method == ZQ_METHOD_NONE));
    zq_plan_notes all = {.items = ZQ_NEW_ARRAY(arena, zq_plan_note,
                                               cost->n_findings + cost->n_forms + cost->n_not_null +
                                                   cost->blockers.n + 6)};
    const zq_rehearsed *seen = zq_plan_said_seen(plan, cost);

    if (seen != NULL && is_worse(cost, seen))
        add(&all, true, "the server granted less than was foretold");
    if (seen != NULL && is_asked(cost) && seen->way == ZQ_ALGORITHM_ANY && seen->whole_ms >= 0)
        add(&all, true,
            zq_arena_printf(arena, "would block writes for about %s",
                            zq_words_duration(seen->whole_ms, arena)));
    if (cost->done)
        add(&all, false, "done by the run that was cut short");
    if (cost->size.known && strstr(cost->table, ZQ_CODE) != NULL)
        add(&all, false, zq_arena_printf(arena, "on %llu tables", cost->size.n_tables));
    if (cost->obstacle != NULL)
        add(&all, true, zq_arena_printf(arena, "cannot be run: the table %s", cost->obstacle));
    for (size_t i = 0; of_forms && i < cost->n_forms; i++)
        add(&all, cost->forms[i].obstacle != NULL, form_note(&cost->forms[i], arena));
    for (size_t i = 0; i < cost->n_findings; i++)
        add(&all, true,
            zq_arena_printf(arena, "%s: needs %s", cost->findings[i].what,
                            zq_finding_option(cost->findings[i].kind)));
    for (size_t i = 0; i < cost->n_not_null; i++) {
        if (cost->not_null[i].rows != NULL)
            add(&all, true, cost->not_null[i].rows);
    }
    for (size_t i = 0; cost->blockers.certain && i < cost->blockers.n; i++)
        add(&all, true, blocker_note(&cost->blockers.items[i], true, arena));
    return all;
}

/* Who may be in the way of all, where the server does not say on which table. */
static zq_plan_notes waiting_notes(const zq_plan *plan)
{
    zq_arena *arena = plan->m->app->arena;
    const zq_step_cost *on_table = NULL;
    zq_plan_notes all = {0};

    for (size_t i = 0; on_table == NULL && i < plan->costs.n; i++) {
        if (plan->costs.items[i].size.known)
            on_table = &plan->costs.items[i];
    }
    if (on_table == NULL || on_table->blockers.certain || on_table->blockers.complete)
        return all;
    all.items = ZQ_NEW_ARRAY(arena, zq_plan_note, on_table->blockers.n + 1);
    add(&all, false,
        zq_arena_printf(arena, "who has a metadata lock on which table cannot be known here: %s",
                        zq_db_server(plan->m->db)->flavor == ZQ_MARIADB
                            ? "that needs the plugin METADATA_LOCK_INFO and the privilege PROCESS"
                            : "that needs SELECT on performance_schema"));
    for (size_t i = 0; i < on_table->blockers.n; i++)
        add(&all, false, blocker_note(&on_table->blockers.items[i], false, arena));
    return all;
}

static const char *leg_title(const zq_plan *plan, const zq_leg *leg)
{
    zq_arena *arena = plan->m->app->arena;
    const char *last = zq_words_duration(last_ms_of(plan->m, leg), arena);

    return zq_arena_printf(arena, "%s%s%s%s", zq_plan_view_title(&plan->m->chain, leg, arena),
                           *last == '\0' ? "" : " (last time: ", last, *last == '\0' ? "" : ")");
}

static zq_plan_notes remarks_of(const zq_plan *plan)
{
    zq_plan_notes all = {.items =
                             ZQ_NEW_ARRAY(plan->m->app->arena, zq_plan_note, plan->n_remarks + 1)};

    for (size_t i = 0; i < plan->n_remarks; i++)
        add(&all, false, plan->remarks[i]);
    return all;
}

/* ---- all of it ---- */

static zq_said_leg say_leg(const zq_plan *plan, const zq_leg *leg)
{
    zq_said_leg said = {.title = leg_title(plan, leg), .ahead = leg->ahead};

    said.items = ZQ_NEW_ARRAY(plan->m->app->arena, zq_said_statement, plan->costs.n + 1);
    for (size_t i = 0; i < plan->costs.n; i++) {
        const zq_step_cost *cost = &plan->costs.items[i];
        zq_said_statement *s = &said.items[said.n];

        if (cost->leg != leg)
            continue;
        said.n++;
        fill_cells(plan, cost, s->cells);
        s->notes = notes_of(plan, cost);
        s->sql = cost->statement->text;
    }
    return said;
}

zq_said zq_plan_said(const zq_plan *plan)
{
    zq_arena *arena = plan->m->app->arena;
    zq_said said = {
        .title =
            zq_arena_printf(arena, "%s database '%s': %s to %s",
                            plan->rehearsed == NULL ? "plan for" : "rehearsal for",
                            plan->m->database, zq_plan_view_place(plan, plan->from, ZQ_ENGLISH),
                            zq_plan_view_place(plan, plan->to, ZQ_ENGLISH)),
        .headings = headings_of(plan),
        .legs = ZQ_NEW_ARRAY(arena, zq_said_leg, plan->path.n + 1),
        .n_legs = plan->path.n,
        .n = plan->costs.n,
        .about = plan->rehearsed == NULL ? "Locks" : "Rehearsed",
        .remarks = plan->rehearsed == NULL ? waiting_notes(plan) : remarks_of(plan),
        .options = options_of(plan),
    };

    said.options += *said.options == ' ';
    for (size_t i = 0; i < said.n_legs; i++)
        said.legs[i] = say_leg(plan, &plan->path.legs[i]);
    return said;
}
