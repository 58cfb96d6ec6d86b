#include "app/kept_schema.h"
#include "app/migrate.h"

#include "app/asked.h"
#include "app/connect.h"
#include "app/events.h"
#include "app/inspect.h"
#include "app/known.h"
#include "app/rerun.h"
#include "app/show/json.h"
#include "app/show/output.h"
#include "app/show/plan_view.h"
#include "app/show/terminal.h"
#include "app/stop.h"
#include "base/clock.h"
#include "base/phrase.h"
#include "base/text.h"
#include "migrate/apply.h"
#include "migrate/ask.h"
#include "migrate/consent.h"
#include "run/runner.h"
#include "sql/ddl_write.h"

#include "release.h"

#include <jansson.h>
#include <string.h>

typedef struct run {
    zq_migration *m;
    zq_plan plan;
    const char *again;
    size_t n_run;
    unsigned long long begun_ms;
    const zq_trial *trial; /* a rehearsal; else NULL */
} run;

/* A revision that was cut short must be the first on the way. */
static zq_rc check_under_way(const run *r, zq_err *err)
{
    const zq_record *record = &r->m->record;

    if (record->under_way == NULL)
        return ZQ_OK;
    if (r->plan.path.n > 0 && strcmp(r->plan.path.legs[0].revision->id, record->under_way) == 0 &&
        strcmp(zq_direction_name(r->plan.direction), record->direction) == 0)
        return ZQ_OK;
    return zq_migration_fail_under_way(r->m, err);
}

/* zquant numbers its revisions: the next release may have one of the same number. */
static void warn_of_numbers(const run *r)
{
    for (size_t i = 0; i < r->plan.path.n; i++) {
        const zq_revision *own = r->plan.path.legs[i].revision;

        if (own->own && r->plan.direction == ZQ_UP &&
            own->id[strspn(own->id, "0123456789")] == '\0')
            zq_warn("%s:%u: ids of digits alone are zquant's, and a later release may have a '%s', "
                    "too: give yours a word, as in '%s%s'",
                    own->file, own->id_line, own->id, ZQ_OWN_PREFIX, own->id);
    }
}

/* Nothing but tables of stocks, as head has them. */
static zq_rc check_ahead(const run *r, zq_err *err)
{
    zq_migration *m = r->m;

    if (r->plan.path.n == 0 || r->plan.direction != ZQ_UP || m->position != 0 ||
        m->record.under_way != NULL)
        return ZQ_OK;
    return zq_inspect_refuse_ahead(m->app, m->db, m->database, r->plan.path.legs[0].revision->id,
                                   err);
}

static zq_rc find_path(run *r, const char *target, zq_err *err)
{
    zq_migration *m = r->m;

    ZQ_TRY(zq_chain_resolve(&m->chain, target, m->position, &r->plan.to, err));
    ZQ_TRY(zq_chain_short_path(&m->chain, m->position, r->plan.to, r->plan.direction,
                               m->record.under_way, m->app->arena, &r->plan.path, err));
    ZQ_TRY(check_under_way(r, err));
    return check_ahead(r, err);
}

/* What the way costs on this database as it is; `catalog` as in zq_forecast. */
static zq_rc find_costs(run *r, bool in_full, const zq_catalog *catalog, zq_tongue tongue,
                        zq_err *err)
{
    zq_arena *arena = r->m->app->arena;
    zq_journal journal = {.revision = r->m->record.under_way, .direction = r->m->record.direction};
    zq_journal_rows rows;
    zq_forecast forecast = {
        .db = r->m->db,
        .database = r->m->database,
        .schema = &zq_schema_head,
        .path = &r->plan.path,
        .in_full = in_full,
        .catalog = catalog,
        .tongue = tongue,
    };

    if (journal.revision != NULL) {
        ZQ_TRY(zq_journal_read(r->m->db, &journal, arena, &rows, err));
        forecast.journal = &rows;
    }
    ZQ_TRY(zq_path_fits(r->m->db, &r->plan.path, arena, err));
    return zq_forecast_read(&forecast, arena, &r->plan.costs, err);
}

/* The rows that the statements stop at as they are. */
static zq_rc ask_rows(zq_migration *m, const zq_step_costs *costs, zq_err *err)
{
    for (size_t i = 0; i < costs->n; i++) {
        for (size_t k = 0; k < costs->items[i].n_not_null; k++) {
            zq_not_null *q = &costs->items[i].not_null[k];

            ZQ_TRY(
                zq_asked_nulls(m->app, m->db, &zq_schema_head, q->table, q->column, &q->rows, err));
        }
    }
    return ZQ_OK;
}

static zq_rc check_consent(run *r, zq_err *err)
{
    const zq_settings *settings = r->m->app->settings;
    const bool allowed[] = {
        [ZQ_FINDS_LOSS] = zq_settings_flag(settings, ZQ_SET_ALLOW_DATA_LOSS),
        [ZQ_FINDS_LOCKING] = zq_settings_flag(settings, ZQ_SET_ALLOW_LOCKING),
        [ZQ_FINDS_UNKNOWN] = zq_settings_flag(settings, ZQ_SET_ALLOW_UNKNOWN),
        [ZQ_FINDS_UNREVIEWED] = zq_settings_flag(settings, ZQ_SET_ALLOW_UNREVIEWED),
    };

    ZQ_TRY(find_costs(r, false, NULL, ZQ_USERS_LANGUAGE, err));
    return zq_findings_consent(&r->plan.costs.findings, allowed, r->m->app->arena, err);
}

/* Also one that a squash leads past: members may be as it has them. */
static bool is_on_way(const run *r, size_t at)
{
    size_t from = r->m->position, to = r->plan.to;

    return from < to ? from <= at && at <= to : to <= at && at <= from;
}

/* Those that the way begins, passes and ends at, and whose schema is kept; reading one takes a
 * millisecond. */
static zq_rc know_schemas(const run *r, zq_apply *out, zq_err *err)
{
    zq_arena *arena = r->m->app->arena;
    zq_known *known = ZQ_NEW_ARRAY(arena, zq_known, r->m->chain.n + 1);

    out->known = known;
    for (size_t at = 1; at <= r->m->chain.n; at++) {
        const zq_revision *revision = zq_chain_at(&r->m->chain, at);
        zq_known *one = &known[out->n_known];

        if (!is_on_way(r, at))
            continue;
        ZQ_TRY(zq_kept_schema_at(&r->m->chain, at, arena, &one->schema, err));
        one->revision = revision->id;
        one->release = revision->release;
        out->n_known += one->schema != NULL;
    }
    return ZQ_OK;
}

/* Which statement of the way it is. */
static void pass_on(void *context, const zq_statement *parsed, zq_algorithm way,
                    unsigned long long us)
{
    const run *r = context;
    size_t n = 0;

    for (size_t l = 0; l < r->plan.path.n; l++) {
        for (size_t i = 0; i < r->plan.path.legs[l].section->n; i++, n++) {
            if (&r->plan.path.legs[l].section->statements[i].parsed == parsed)
                r->trial->ran(r->trial->context, n, way, us);
        }
    }
}

/* In a scratch database nobody waits, and nothing is lost. */
static void be_a_rehearsal(run *r, zq_apply *a)
{
    a->jobs = 1;
    a->leave_members = true;
    a->rules.allow_locking = true;
    a->rules.ran = r->trial->ran == NULL ? NULL : pass_on;
    a->rules.ran_context = r;
    a->left = r->trial->left;
    a->left_context = r->trial->context;
}

static zq_rc apply(run *r, zq_err *err)
{
    zq_app *app = r->m->app;
    const zq_settings *settings = app->settings;
    zq_watch watch = zq_events_watch(app);
    zq_apply a = {
        .db = r->m->db,
        .database = r->m->database,
        .jobs = (unsigned)zq_settings_num(settings, ZQ_SET_JOBS),
        .open = zq_connect_open,
        .open_context = app,
        .schema = &zq_schema_head,
        .rules = {.lock_wait_s = (unsigned)zq_settings_num(settings, ZQ_SET_LOCK_WAIT),
                  .lock_timeout_ms = zq_settings_ms(settings, ZQ_SET_LOCK_TIMEOUT),
                  .allow_locking = zq_settings_flag(settings, ZQ_SET_ALLOW_LOCKING),
                  .database = r->m->database,
                  .watch = &watch,
                  .lease = r->m->lease},
        .max_errors = (unsigned)zq_settings_num(settings, ZQ_SET_MAX_ERRORS),
        .leave_members = zq_settings_flag(settings, ZQ_SET_LEAVE_MEMBERS),
        .again = r->again,
        .resume = zq_rerun_other(app, "zquant-migrate resume"),
        .leaving = zq_arena_printf(app->arena, "%s --leave-members", r->again),
        .fixes = zq_rerun_other(app, "zquant-migrate check --fixes --against"),
        .stamp = zq_rerun_other(app, "zquant-migrate stamp"),
        .tool_version = ZQ_VERSION,
        .token = zq_lease_token(r->m->lease),
    };

    if (r->trial != NULL)
        be_a_rehearsal(r, &a);
    ZQ_TRY(know_schemas(r, &a, err));
    zq_stop_finish_first();
    return zq_apply_path(&a, &r->m->chain, &r->plan.path, err);
}

/* ---- what is said to people ---- */

/* What a run would ask for; NULL when it is not a dry run: then it has been asked for. */
static json_t *consent_json(const zq_plan *plan, bool dry)
{
    json_t *needed = dry ? json_array() : NULL;

    for (size_t i = 0; dry && i < plan->costs.findings.n; i++) {
        const zq_finding *f = &plan->costs.findings.items[i];

        json_array_append_new(needed, json_pack("{s:s, s:I, s:s, s:s}", "file", f->file, "line",
                                                (json_int_t)f->line, "what", f->what, "option",
                                                zq_finding_option(f->kind)));
    }
    return needed;
}

/* What the server could not be asked about, or does not understand: its words. */
static json_t *asked_json(const zq_plan *plan, bool understood)
{
    json_t *list = json_array();

    for (size_t i = 0; i < plan->asked.n; i++) {
        const zq_asked *a = &plan->asked.items[i];

        if ((a->words == NULL) != understood)
            continue;
        json_array_append_new(list, json_pack("{s:s, s:I, s:s*}", "file", a->file, "line",
                                              (json_int_t)a->statement->line, "server", a->words));
    }
    return list;
}

static zq_rc print_json(const zq_plan *plan, bool dry, zq_err *err)
{
    json_t *applied = json_array();

    for (size_t i = 0; i < plan->path.n; i++)
        json_array_append_new(applied, json_pack("{s:s, s:s, s:I}", "revision",
                                                 plan->path.legs[i].revision->id, "direction",
                                                 zq_direction_name(plan->direction), "statements",
                                                 (json_int_t)plan->path.legs[i].section->n));
    return zq_out_json(
        json_pack("{s:s, s:s, s:s, s:b, s:o, s:o*, s:o*, s:o*, s:o*, s:o*}", "database",
                  plan->m->database, "from", zq_chain_name(&plan->m->chain, plan->from), "revision",
                  zq_chain_name(&plan->m->chain, dry ? plan->from : plan->to), "dry_run", dry,
                  dry ? "pending" : "applied", applied, "needs_consent", consent_json(plan, dry),
                  "not_understood", dry ? asked_json(plan, false) : NULL, "not_asked",
                  dry ? asked_json(plan, true) : NULL, "steps",
                  dry ? zq_plan_view_steps_json(plan) : NULL, "remarks",
                  plan->rehearsed != NULL ? zq_json_names(plan->remarks, plan->n_remarks) : NULL),
        err);
}

static void write_asked(zq_buf *out, const zq_asked_list *asked, const zq_rev_statement *s)
{
    for (size_t i = 0; i < asked->n; i++) {
        const zq_asked *a = &asked->items[i];

        if (a->statement == s && a->words == NULL)
            zq_comment(out, "the server could not be asked whether it understands this");
        else if (a->statement == s)
            zq_comment(out, "the server does not understand this: %s", a->words);
    }
}

static void write_statement(zq_buf *out, const zq_asked_list *asked, const zq_step_cost *cost)
{
    const zq_rev_statement *s = cost->statement;

    for (size_t i = 0; i < cost->n_findings; i++)
        zq_comment(out, "%s: needs %s", cost->findings[i].what,
                   zq_finding_option(cost->findings[i].kind));
    write_asked(out, asked, s);
    if (s->block == ZQ_BLOCK_FAMILY)
        zq_comment(out, "on every member of %s:", s->family);
    if (s->block == ZQ_BLOCK_BATCH)
        zq_comment(out, "in ranges of %lu keys of %s.%s:", s->size, s->table, s->key);
    zq_buf_printf(out, "%s;\n", s->text);
}

/* The blocks and the history are not for a client to run: a script is another thing. */
static zq_rc write_head(const run *r, zq_buf *out, zq_err *err)
{
    ZQ_AUTO_SQL(sql);

    zq_ddl_begin_script(&sql, r->m->database, false);
    zq_comment(out, "To read. A script for a client: '%s --sql %s:%s'.",
               r->plan.direction == ZQ_UP ? "zquant-migrate upgrade" : "zquant-migrate downgrade",
               zq_chain_name(&r->m->chain, r->m->position),
               zq_chain_name(&r->m->chain, r->plan.to));
    return zq_sql_append(&sql, out, err);
}

/* The sink of a dry run: says what each step is and costs. */
typedef struct saying {
    const zq_asked_list *asked;
    const zq_step_cost *cost; /* of the next step */
    zq_buf *out;
} saying;

static zq_rc say_steps(void *context, const zq_step *steps, size_t n, zq_err *err)
{
    saying *s = context;

    (void)steps;
    (void)err;
    for (size_t k = 0; k < n; k++)
        write_statement(s->out, s->asked, s->cost++);
    return ZQ_OK;
}

static zq_rc print_dry_run(const run *r, zq_err *err)
{
    ZQ_AUTO_BUF(out);
    saying s = {&r->plan.asked, r->plan.costs.items, &out};
    const zq_sink sink = {.run = say_steps, .context = &s};

    if (r->plan.path.n > 0)
        ZQ_TRY(write_head(r, &out, err));
    for (size_t i = 0; i < r->plan.path.n; i++) {
        const zq_leg *leg = &r->plan.path.legs[i];
        const zq_steps steps = zq_leg_steps(leg, r->m->app->arena);

        zq_comment(&out, "%s", zq_plan_view_title(&r->m->chain, leg, r->m->app->arena));
        zq_buf_char(&out, '\n');
        ZQ_TRY(zq_run_steps(&steps, &sink, err));
        zq_buf_char(&out, '\n');
    }
    return zq_out_exact(zq_buf_text(&out), err);
}

static zq_rc dry_run(run *r, zq_err *err)
{
    bool json = zq_settings_flag(r->m->app->settings, ZQ_SET_JSON);

    ZQ_TRY(find_costs(r, json, NULL, ZQ_ENGLISH, err));
    if (json)
        ZQ_TRY(ask_rows(r->m, &r->plan.costs, err));
    ZQ_TRY(zq_path_ask(r->m->db, &r->plan.path, r->m->app->arena, &r->plan.asked, err));
    if (json) {
        ZQ_TRY(print_json(&r->plan, true, err));
        return zq_ask_check(&r->plan.asked, err);
    }
    if (r->plan.path.n == 0)
        zq_say("database '%s' is at revision %s, nothing would be done", r->m->database,
               zq_plan_view_place(&r->plan, r->plan.to, ZQ_USERS_LANGUAGE));
    ZQ_TRY(print_dry_run(r, err));
    return zq_ask_check(&r->plan.asked, err);
}

static void note_figures(const run *r)
{
    const zq_migration *m = r->m;

    m->app->figures.revision = zq_chain_name(&m->chain, r->plan.to);
    m->app->figures.head = zq_chain_name(&m->chain, m->chain.n);
    m->app->figures.pending = (long)(m->chain.n - r->plan.to);
}

static zq_rc finish(const run *r, zq_err *err)
{
    note_figures(r);
    zq_say(r->plan.path.n == 0 ? N_("database '%s' is at revision %s, nothing to do")
                               : N_("database '%s' is at revision %s"),
           r->m->database, zq_plan_view_place(&r->plan, r->plan.to, ZQ_USERS_LANGUAGE));
    if (r->n_run > 0 && zq_output_is_watched())
        zq_say(r->n_run == 1 ? N_("%zu revision in %.1f s") : N_("%zu revisions in %.1f s"),
               r->n_run, (double)(zq_now_ms() - r->begun_ms) / 1000);
    return print_json(&r->plan, false, err);
}

/* ---- the walk ---- */

static const char *command_again(const run *r, const char *target)
{
    zq_app *app = r->m->app;
    const char *verb = r->plan.direction == ZQ_UP ? "upgrade" : "downgrade";

    if (r->plan.direction == ZQ_UP && strcmp(target, "head") == 0)
        return zq_rerun_same(app, "zquant-migrate upgrade");
    return zq_rerun_same(app, zq_arena_printf(app->arena, "zquant-migrate %s %s", verb,
                                              zq_chain_name(&r->m->chain, r->plan.to)));
}

/* With something to do, the database is looked at again under the lease: another run may have done
 * it meanwhile, or undone more. A relative target is meant from where the database was first. */
static zq_rc run_under_lease(run *r, zq_err *err)
{
    const char *target = zq_chain_name(&r->m->chain, r->plan.to);

    ZQ_TRY(zq_migration_lock(r->m, err));
    ZQ_TRY(zq_migration_need_place(r->m, err));
    if (!r->m->record.has_history)
        ZQ_TRY(zq_migration_make_meta(r->m, err));
    if (r->m->position == r->plan.to && r->m->record.under_way == NULL) {
        r->plan.path = (zq_path){0};
        return ZQ_OK;
    }
    ZQ_TRY(find_path(r, target, err));
    if (r->m->position != r->plan.from)
        ZQ_TRY(check_consent(r, err));
    ZQ_TRY(apply(r, err));
    r->n_run = r->plan.path.n;
    return ZQ_OK;
}

/* Whether a revision that is under way was cut short is known when nobody else has the lease. */
static zq_rc wait_for_others(run *r, const char **target, zq_err *err)
{
    zq_migration *m = r->m;

    if (m->record.under_way == NULL || zq_settings_flag(m->app->settings, ZQ_SET_DRY_RUN))
        return ZQ_OK;
    ZQ_TRY(zq_chain_resolve(&m->chain, *target, m->position, &r->plan.to, err));
    *target = zq_chain_name(&m->chain, r->plan.to);
    ZQ_TRY(zq_migration_lock(m, err));
    return zq_migration_need_place(m, err);
}

zq_rc zq_migration_run(zq_migration *m, const char *target, zq_direction direction, zq_err *err)
{
    run r = {.m = m, .plan = {.m = m, .direction = direction}, .begun_ms = zq_now_ms()};
    const char *wanted = target == NULL ? "head" : target;

    target = m->app->place != NULL ? m->app->place : wanted;
    ZQ_TRY(zq_migration_need_place(m, err));
    ZQ_TRY(wait_for_others(&r, &target, err));
    r.plan.from = m->position;
    ZQ_TRY(find_path(&r, target, err));
    m->app->place = zq_chain_name(&m->chain, r.plan.to);
    warn_of_numbers(&r);
    r.again = command_again(&r, wanted);
    if (zq_settings_flag(m->app->settings, ZQ_SET_DRY_RUN))
        return dry_run(&r, err);
    ZQ_TRY(check_consent(&r, err));
    if (r.plan.path.n > 0)
        ZQ_TRY(run_under_lease(&r, err));
    else if (m->position == m->chain.n)
        ZQ_TRY(zq_migration_need_tables(m, err));
    return finish(&r, err);
}

/* ---- a plan ---- */

/* What is known of the schema that the way leads to, beside the database as it is. */
static zq_rc compare(const run *r, const zq_catalog *catalog, zq_comparison *out, bool *out_known,
                     zq_err *err)
{
    zq_arena *arena = r->m->app->arena;
    const zq_revision *to = zq_chain_at(&r->m->chain, r->plan.to);
    const zq_release *release = to == NULL ? NULL : zq_known_release_at(to->id);
    const zq_schema *schema;

    *out_known = release != NULL;
    if (release == NULL)
        return ZQ_OK;
    ZQ_TRY(zq_known_schema(release, arena, &schema, err));
    return zq_compare(schema, catalog, arena, out, err);
}

zq_rc zq_plan_view_check_words(const zq_app *app, zq_err *err)
{
    if (zq_settings_flag(app->settings, ZQ_SET_JSON) &&
        zq_settings_flag(app->settings, ZQ_SET_MARKDOWN))
        return zq_fail(err, ZQ_E_USAGE, "--json and --markdown do not go together");
    return ZQ_OK;
}

static const zq_paint paints[] = {
    {"  Line  ", true, ZQ_DIM},
    {"--allow-", false, ZQ_RED},
    {"  COPY", false, ZQ_YELLOW},
    {"  SHARED", false, ZQ_YELLOW},
    {"  INPLACE, rebuild", false, ZQ_YELLOW},
    {"  INSTANT", false, ZQ_GREEN},
    {0},
};

zq_rc zq_plan_view_write(const zq_plan *plan, zq_err *err)
{
    const zq_app *app = plan->m->app;
    const char *page = zq_settings_text(app->settings, ZQ_SET_HTML);
    ZQ_AUTO_BUF(out);

    if (page != NULL)
        ZQ_TRY(zq_plan_view_html(plan, page, err));
    if (zq_settings_flag(app->settings, ZQ_SET_JSON))
        return print_json(plan, true, err);
    if (page == NULL && !zq_settings_flag(app->settings, ZQ_SET_MARKDOWN)) {
        zq_plan_view_text(&out, plan, zq_terminal_width());
        return zq_out_painted(zq_buf_text(&out), paints, err);
    }
    if (zq_settings_flag(app->settings, ZQ_SET_MARKDOWN))
        zq_plan_view_markdown(&out, plan);
    else
        zq_say(plan->rehearsed == NULL ? N_("wrote the plan to '%s'")
                                       : N_("wrote the rehearsal to '%s'"),
               page);
    return zq_out_lines(zq_buf_text(&out), err);
}

zq_rc zq_plan_view_foresee(zq_migration *m, const char *target, zq_plan *out, zq_err *err)
{
    zq_arena *arena = m->app->arena;
    run r = {.m = m, .plan = {.m = m}};
    zq_catalog *catalog = ZQ_NEW(arena, zq_catalog);
    zq_comparison *differences = ZQ_NEW(arena, zq_comparison);
    bool known;

    ZQ_TRY(zq_migration_need_place(m, err));
    target = target == NULL ? "head" : target;
    ZQ_TRY(zq_chain_resolve(&m->chain, target, m->position, &r.plan.to, err));
    r.plan.from = m->position;
    r.plan.direction = r.plan.to < m->position ? ZQ_DOWN : ZQ_UP;
    ZQ_TRY(find_path(&r, target, err));
    ZQ_TRY(
        zq_catalog_read(m->db, &m->app->target, m->database, &zq_schema_head, arena, catalog, err));
    ZQ_TRY(find_costs(&r, true, catalog, ZQ_ENGLISH, err));
    ZQ_TRY(zq_path_ask(m->db, &r.plan.path, arena, &r.plan.asked, err));
    ZQ_TRY(compare(&r, catalog, differences, &known, err));
    *out = r.plan;
    out->catalog = catalog;
    out->differences = known ? differences : NULL;
    return ZQ_OK;
}

zq_rc zq_plan_view_plan(zq_migration *m, const char *target, zq_err *err)
{
    zq_plan plan;

    ZQ_TRY(zq_plan_view_foresee(m, target, &plan, err));
    ZQ_TRY(ask_rows(m, &plan.costs, err));
    ZQ_TRY(zq_plan_view_write(&plan, err));
    return zq_ask_check(&plan.asked, err);
}

zq_rc zq_plan_view_rehearse(zq_migration *m, size_t to, zq_direction direction,
                            const zq_trial *trial, zq_err *err)
{
    run r = {
        .m = m,
        .plan = {.m = m, .direction = direction},
        .again = zq_rerun_same(m->app, "zquant-migrate rehearse"),
        .trial = trial,
    };

    ZQ_TRY(find_path(&r, zq_chain_name(&m->chain, to), err));
    return apply(&r, err);
}

/* No start of an application may lose data: zquant-init has no option that allows it. */
static void hint_at_loss(const run *r, zq_err *err)
{
    zq_arena *arena = r->m->app->arena;
    const char *command = zq_arena_printf(arena, "zquant-migrate upgrade%s",
                                          zq_findings_options(&r->plan.costs.findings, arena));

    zq_err_hint(err, "make sure that there is a backup, then run '%s'",
                zq_rerun_other(r->m->app, command));
}

zq_rc zq_migration_upgrade(zq_app *app, zq_db *db, zq_lease *lease, zq_err *err)
{
    zq_migration m;
    run r = {
        .m = &m, .plan = {.m = &m, .direction = ZQ_UP}, .again = zq_rerun_same(app, "zquant-init")};
    zq_rc rc;

    ZQ_TRY(zq_migration_open(app, &m, err));
    m.db = db;
    m.lease = lease;
    ZQ_TRY(zq_migration_read(&m, err));
    ZQ_TRY(zq_migration_need_place(&m, err));
    ZQ_TRY(find_path(&r, "head", err));
    rc = check_consent(&r, err);
    if (rc == ZQ_E_USAGE && (zq_findings_count(&r.plan.costs.findings, ZQ_FINDS_LOSS) > 0 ||
                             zq_findings_count(&r.plan.costs.findings, ZQ_FINDS_UNKNOWN) > 0))
        hint_at_loss(&r, err);
    if (rc == ZQ_OK && !m.record.has_history)
        ZQ_TRY(zq_migration_make_meta(&m, err));
    return rc == ZQ_OK ? apply(&r, err) : rc;
}
