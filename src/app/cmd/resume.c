#include "app/cmd/commands.h"
#include "app/connect.h"
#include "app/events.h"
#include "app/head.h"
#include "app/migrate.h"
#include "app/rerun.h"
#include "base/language.h"
#include "base/text.h"
#include "migrate/unfinished.h"
#include "run/session_lock.h"

#include "release.h"

#include <jansson.h>
#include <string.h>

typedef struct resume {
    zq_migration *m;
    zq_apply apply;
    zq_path path;
    zq_unfinished found;
    const char *command; /* "zquant-migrate resume", with the options that it needs */
} resume;

/* A downgrade or upgrade of one revision; without its file there is none. */
static zq_rc find_leg(resume *r, const zq_leg **out, zq_err *err)
{
    zq_migration *m = r->m;
    bool up = strcmp(m->record.direction, "up") == 0;
    zq_squash way;

    *out = NULL;
    if (!zq_chain_find_way(&m->chain, m->record.under_way, &way))
        return ZQ_OK;
    ZQ_TRY(zq_chain_short_path(&m->chain, up ? way.from : way.to, up ? way.to : way.from,
                               up ? ZQ_UP : ZQ_DOWN, m->record.under_way, m->app->arena, &r->path,
                               err));
    *out = r->path.legs;
    return ZQ_OK;
}

static zq_rc read(resume *r, zq_err *err)
{
    const zq_record *record = &r->m->record;
    const zq_leg *leg;

    ZQ_TRY(find_leg(r, &leg, err));
    return zq_unfinished_read(&r->apply, leg, record->under_way, record->direction,
                              r->m->app->arena, &r->found, err);
}

/* ---- what people are shown ---- */

static zq_rc print_json(const resume *r, zq_err *err)
{
    const zq_unfinished *f = &r->found;
    json_t *steps = json_array();

    for (size_t i = 0; i < f->n; i++) {
        const zq_unfinished_step *s = &f->steps[i];

        json_array_append_new(steps,
                              json_pack("{s:I, s:I, s:s, s:s, s:s?}", "step", (json_int_t)s->step,
                                        "line", (json_int_t)s->line, "statement", s->statement,
                                        "state", s->state, "found", s->found));
    }
    return zq_out_json(json_pack("{s:s, s:s, s:s, s:s?, s:b, s:o}", "database", r->m->database,
                                 "revision", f->revision, "direction", f->direction, "file",
                                 f->leg != NULL ? f->leg->revision->file : NULL, "at_work",
                                 r->m->record.at_work, "steps", steps),
                       err);
}

static void write_ways(const resume *r, zq_buf *out)
{
    const zq_unfinished *f = &r->found;
    zq_app *app = r->m->app;
    bool up = strcmp(f->direction, "up") == 0;
    const char *target = f->leg != NULL ? zq_chain_name(&r->m->chain, f->leg->to) : "";

    zq_buf_str(out, "\n");
    if (f->script != NULL)
        zq_text_printf(out, "to continue:             run the rest of the script, or decide about "
                            "the step at which it was cut short\n");
    if (f->leg != NULL)
        zq_text_printf(out, "%s%s\n",
                       f->script != NULL ? "  and then:              "
                                         : "to continue:             ",
                       zq_rerun_other(app, zq_arena_printf(app->arena, "zquant-migrate %s %s",
                                                           up ? "upgrade" : "downgrade", target)));
    for (size_t i = 0; f->leg != NULL && i < f->n; i++) {
        if (f->steps[i].open)
            zq_text_printf(out, "to take step %u as done:  %s --accept %u\n", f->steps[i].step,
                           r->command, f->steps[i].step);
        if (f->steps[i].open && strcmp(f->steps[i].state, "failed") != 0)
            zq_text_printf(out, "to run step %u again:     %s --repeat %u\n", f->steps[i].step,
                           r->command, f->steps[i].step);
    }
    zq_text_printf(out, "to give it up:           %s --forget\n", r->command);
}

static zq_rc print_text(const resume *r, zq_err *err)
{
    const zq_unfinished *f = &r->found;
    ZQ_AUTO_BUF(out);

    zq_text_printf(&out, "revision %s (%s), %s\n", f->revision, f->direction,
                   f->leg != NULL ? f->leg->revision->file : "whose file is not known here");
    if (f->script != NULL)
        zq_text_printf(&out, "      a script of '--sql' was cut short at %s\n", f->script);
    for (size_t i = 0; i < f->n; i++) {
        const zq_unfinished_step *s = &f->steps[i];

        zq_text_printf(&out, "%4u  %-8s", s->step, s->state);
        if (s->line > 0)
            zq_text_printf(&out, "  line %u: %s", s->line, s->statement);
        zq_buf_char(&out, '\n');
        if (s->found != NULL)
            zq_text_printf(&out, "      %s\n", s->found);
    }
    if (!r->m->record.at_work)
        write_ways(r, &out);
    return zq_out_lines(zq_buf_text(&out), err);
}

static zq_rc show(const resume *r, zq_err *err)
{
    ZQ_TRY(zq_migration_is_at_work(r->m, &r->m->record.at_work, err));
    if (zq_settings_flag(r->m->app->settings, ZQ_SET_JSON))
        return print_json(r, err);
    if (r->m->record.at_work)
        zq_warn("it is under way now: wait until it has ended");
    return print_text(r, err);
}

/* ---- the ways out ---- */

static size_t n_done(const zq_unfinished *f)
{
    size_t n = 0;

    for (size_t i = 0; i < f->n; i++)
        n += strcmp(f->steps[i].state, "to do") != 0 && strcmp(f->steps[i].state, "failed") != 0;
    return n;
}

/* `step` is 0 for all of them. */
static zq_rc print_done(const resume *r, const char *what, unsigned step, bool dry, zq_err *err)
{
    const zq_migration *m = r->m;

    return zq_out_json(json_pack("{s:s, s:s, s:s, s:o, s:b}", "database", m->database, "revision",
                                 r->found.revision, "done", what, "step",
                                 step == 0 ? json_null() : json_integer((json_int_t)step),
                                 "dry_run", dry),
                       err);
}

static zq_rc forget(resume *r, bool dry, zq_err *err)
{
    const zq_migration *m = r->m;
    size_t n = n_done(&r->found);

    if (!dry)
        ZQ_TRY(zq_unfinished_forget(&r->apply, &r->found, err));
    zq_say(dry ? N_("the journal of revision '%s' would be dropped")
               : N_("the journal of revision '%s' is dropped"),
           r->found.revision);
    zq_say(dry ? N_("database '%s' is at revision %s; what %zu of its statements have done would "
                    "stay")
               : N_("database '%s' is at revision %s; what %zu of its statements have done is left "
                    "as it is"),
           m->database, zq_migration_recorded(m), n);
    return print_done(r, "forget", 0, dry, err);
}

static zq_rc change(resume *r, bool accept, bool dry, zq_err *err)
{
    unsigned number =
        (unsigned)zq_settings_num(r->m->app->settings, accept ? ZQ_SET_ACCEPT : ZQ_SET_REPEAT);

    if (!dry)
        ZQ_TRY(zq_unfinished_settle(&r->apply, &r->found, number, accept, err));
    zq_say(dry && accept ? N_("step %u of revision '%s' would be taken as done")
           : dry         ? N_("step %u of revision '%s' would be taken as not begun")
           : accept      ? N_("step %u of revision '%s' is taken as done")
                         : N_("step %u of revision '%s' is taken as not begun"),
           number, r->found.revision);
    return print_done(r, accept ? "accept" : "repeat", number, dry, err);
}

static zq_rc fail_completed(const resume *r, zq_err *err)
{
    zq_fail(err, ZQ_E_DIFFERS, "it was completed meanwhile");
    return zq_err_hint(err, "'%s' says where the database is",
                       zq_rerun_other(r->m->app, "zquant-migrate current"));
}

static zq_rc run(resume *r, zq_err *err)
{
    const zq_settings *settings = r->m->app->settings;
    const char *accept = zq_settings_text(settings, ZQ_SET_ACCEPT);
    const char *repeat = zq_settings_text(settings, ZQ_SET_REPEAT);
    bool give_up = zq_settings_flag(settings, ZQ_SET_FORGET);
    bool dry = zq_settings_flag(settings, ZQ_SET_DRY_RUN);
    zq_err trouble;

    if ((accept != NULL) + (repeat != NULL) + give_up > 1)
        return zq_fail(err, ZQ_E_USAGE, "--accept, --repeat and --forget exclude each other");
    if (accept == NULL && repeat == NULL && !give_up)
        return show(r, err);
    if (!dry) {
        ZQ_TRY(zq_migration_lock_anyhow(r->m, &trouble, err));
        if (r->m->record.under_way == NULL)
            return fail_completed(r, err);
        r->apply.rules.lease = r->m->lease;
        r->apply.token = zq_lease_token(r->m->lease);
        ZQ_TRY(zq_sessions_wait(r->apply.db, &r->apply.rules, err));
        ZQ_TRY(read(r, err));
    }
    return give_up ? forget(r, dry, err) : change(r, accept != NULL, dry, err);
}

zq_rc zq_cmd_resume(zq_app *app, zq_err *err)
{
    ZQ_AUTO_MIGRATION(m);
    zq_watch watch = zq_events_watch(app);
    zq_err trouble;
    resume r = {.m = &m, .command = zq_rerun_other(app, "zquant-migrate resume")};

    ZQ_TRY(zq_migration_open_anyhow(app, &m, err));
    ZQ_TRY(zq_migration_connect_anyhow(&m, &trouble, err));
    if (trouble.code != ZQ_OK)
        zq_warn("%s", trouble.message);
    if (!m.record.database_exists)
        return zq_head_fail_missing(m.database, err);
    if (m.record.under_way == NULL) {
        zq_say("no revision of database '%s' was cut short", m.database);
        return zq_out_json(json_pack("{s:s, s:n}", "database", m.database, "revision"), err);
    }
    r.apply = (zq_apply){
        .db = m.db,
        .database = m.database,
        .schema = &zq_schema_head,
        .rules = {.database = m.database,
                  .lock_timeout_ms = zq_settings_ms(app->settings, ZQ_SET_LOCK_TIMEOUT),
                  .watch = &watch},
    };
    ZQ_TRY(read(&r, err));
    return run(&r, err);
}
