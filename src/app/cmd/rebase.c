#include "rev/rebase.h"
#include "app/cmd/commands.h"
#include "app/connect.h"
#include "app/kept_schema.h"
#include "app/migrate.h"
#include "app/rerun.h"
#include "base/file.h"
#include "base/language.h"

#include "release.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>
#include <unistd.h>

typedef struct rebase {
    zq_migration *m;
    zq_rebase plan;
    zq_rebase_record record;
    const char *const *conflicts;
    size_t n_conflicts;
    size_t n_changed; /* files */
} rebase;

static zq_rc open_files(zq_app *app, rebase *r, zq_err *err)
{
    const char *dir = zq_settings_text(app->settings, ZQ_SET_DIR);
    zq_revisions revisions;

    if (dir == NULL) {
        zq_fail(err, ZQ_E_USAGE, "rebase needs the folder of your own revisions");
        return zq_err_hint(err, "name it with --dir DIR");
    }
    ZQ_TRY(zq_revisions_read(dir, &zq_schema_head, app->arena, &revisions, err));
    if (revisions.doubt != NULL)
        zq_warn("%s", revisions.doubt);
    ZQ_TRY(zq_rebase_plan(&revisions, app->arena, &r->plan, err));
    for (size_t i = 0; i < r->plan.n; i++)
        r->n_changed += r->plan.files[i].becomes != r->plan.files[i].was;
    return ZQ_OK;
}

/* What was cut short is not applied, and not unapplied. */
static zq_rc check_under_way(const rebase *r, zq_err *err)
{
    zq_migration *m = r->m;

    if (m->record.under_way == NULL)
        return ZQ_OK;
    ZQ_TRY(zq_migration_is_at_work(m, &m->record.at_work, err));
    if (m->record.at_work)
        return zq_migration_fail_under_way(m, err);
    zq_fail(err, ZQ_E_DIFFERS, "revision '%s' was cut short, and must be completed first",
            m->record.under_way);
    return zq_err_hint(err,
                       "run the command that was cut short again, by the build that began it; '%s' "
                       "shows what was done, and the ways out",
                       zq_rerun_other(m->app, "zquant-migrate resume"));
}

static zq_rc look(rebase *r, zq_err *err)
{
    const zq_record *record = &r->m->record;
    zq_arena *arena = r->m->app->arena;

    ZQ_TRY(check_under_way(r, err));
    ZQ_TRY(zq_rebase_look(&r->plan, record->applied, record->n, arena, &r->record, err));
    return zq_rebase_conflicts(&r->plan, &r->record, arena, &r->conflicts, &r->n_conflicts, err);
}

/* ---- what people are shown ---- */

static void say_files(const rebase *r, bool dry)
{
    for (size_t i = 0; i < r->plan.n; i++) {
        const zq_rebased *f = &r->plan.files[i];

        if (f->becomes == f->was)
            continue;
        if (strcmp(f->becomes->file, f->was->file) != 0)
            zq_say(dry ? N_("%s would become %s, revision '%s', which revises '%s'")
                       : N_("%s is now %s, revision '%s', which revises '%s'"),
                   f->was->file, f->becomes->file, f->becomes->id, zq_revision_revises(f->becomes));
        else
            zq_say(dry ? N_("%s would revise '%s' instead of '%s'")
                       : N_("%s revises now '%s' instead of '%s'"),
                   f->becomes->file, zq_revision_revises(f->becomes), zq_revision_revises(f->was));
    }
}

static void say_record(const rebase *r, bool dry)
{
    const zq_app *app = r->m->app;

    if (r->record.n_ahead == 0) {
        zq_say(r->n_changed == 0
                   ? N_("nothing is to be moved; the record of database '%s' stays as "
                        "it is")
               : dry ? N_("the record of database '%s' would stay as it is")
                     : N_("the record of database '%s' stays as it is"),
               r->m->database);
        return;
    }
    for (size_t i = 0; i < r->record.n_ahead; i++)
        zq_say(dry ? N_("revision '%s' is in the database, and would not be run again")
                   : N_("revision '%s' is in the database, and will not be run again"),
               r->record.ahead[i]->id);
    zq_say(dry ? N_("database '%s' would be recorded at revision %s; what comes after it is run by "
                    "'%s'")
               : N_("database '%s' is recorded at revision %s; what comes after it is run by '%s'"),
           r->m->database, zq_chain_name(&r->plan.chain, r->record.at),
           zq_rerun_other(app, "zquant-migrate upgrade"));
}

static json_t *files_json(const rebase *r)
{
    json_t *list = json_array();

    for (size_t i = 0; i < r->plan.n; i++) {
        const zq_rebased *f = &r->plan.files[i];

        json_array_append_new(
            list, json_pack("{s:s, s:s, s:s, s:s, s:b}", "file", f->was->file, "becomes",
                            f->becomes->file, "revision", f->becomes->id, "revises",
                            zq_revision_revises(f->becomes), "changed", f->becomes != f->was));
    }
    return list;
}

static zq_rc print_json(const rebase *r, bool dry, zq_err *err)
{
    json_t *ahead = json_array(), *conflicts = json_array();

    for (size_t i = 0; i < r->record.n_ahead; i++)
        json_array_append_new(ahead, json_string(r->record.ahead[i]->id));
    for (size_t i = 0; i < r->n_conflicts; i++)
        json_array_append_new(conflicts, json_string(r->conflicts[i]));
    return zq_out_json(
        json_pack("{s:s, s:b, s:o, s:s?, s:o, s:o}", "database", r->m->database, "dry_run", dry,
                  "files", files_json(r), "revision",
                  r->record.n_ahead > 0 ? zq_chain_name(&r->plan.chain, r->record.at) : NULL,
                  "ahead", ahead, "conflicts", conflicts),
        err);
}

static zq_rc check_conflicts(const rebase *r, bool dry, zq_err *err)
{
    const zq_app *app = r->m->app;

    if (r->n_conflicts == 0 || zq_settings_flag(app->settings, ZQ_SET_ALLOW_UNKNOWN))
        return ZQ_OK;
    for (size_t i = 0; i < r->n_conflicts; i++)
        zq_warn("%s", r->conflicts[i]);
    if (dry)
        return ZQ_OK;
    zq_fail(err, ZQ_E_USAGE,
            "your revisions were run before those that come before them now, and change the same");
    return zq_err_hint(
        err,
        "see that they go together in either order, and that there is a backup, then "
        "run '%s'",
        zq_rerun_same(app, "zquant-migrate rebase --allow-unknown"));
}

/* ---- the work ---- */

static zq_rc write_file(const zq_rebased *f, zq_err *err)
{
    ZQ_AUTO(zq_new_file) file = NULL;
    bool renamed = strcmp(f->becomes->file, f->was->file) != 0;

    if (f->becomes == f->was)
        return ZQ_OK;
    if (!f->there_already) {
        ZQ_TRY(zq_new_file_write(f->becomes->file, f->becomes->text, f->becomes->length, 0644,
                                 &file, err));
        ZQ_TRY(zq_new_file_place(file, !renamed, err));
    }
    if (renamed && unlink(f->was->file) != 0 && errno != ENOENT)
        return zq_fail_errno(err, ZQ_E_IO, "cannot remove '%s'", f->was->file);
    return ZQ_OK;
}

/* What such a revision leads to has become another schema: a text that was kept would be held
 * against every database. */
static zq_rc drop_schema(const rebase *r, const char *revision_file, zq_err *err)
{
    const zq_app *app = r->m->app;
    const char *path = zq_kept_schema_file_of(revision_file, app->arena);

    if (unlink(path) == 0)
        zq_warn("'%s' is removed: with what comes before it now, revision '%s' leads to another "
                "schema; '%s' prints that at a database that is upgraded",
                path, revision_file, zq_rerun_other(app, "zquant-migrate show --schema live"));
    else if (errno != ENOENT)
        return zq_fail_errno(err, ZQ_E_IO, "cannot remove '%s'", path);
    return ZQ_OK;
}

/* The files first: when this ends between the two, what is recorded is recognised by them. */
static zq_rc run(rebase *r, zq_err *err)
{
    zq_migration *m = r->m;
    zq_err trouble;

    ZQ_TRY(zq_migration_lock_anyhow(m, &trouble, err));
    ZQ_TRY(look(r, err));
    ZQ_TRY(check_conflicts(r, false, err));
    for (size_t i = 0; i < r->plan.n && r->n_changed > 0; i++)
        ZQ_TRY(drop_schema(r, r->plan.files[i].was->file, err));
    for (size_t i = 0; i < r->plan.n; i++)
        ZQ_TRY(write_file(&r->plan.files[i], err));
    if (r->record.n_ahead == 0)
        return ZQ_OK;
    return zq_record_rebase(m->db, m->lease, &r->plan.chain, &r->record, ZQ_VERSION, err);
}

zq_rc zq_cmd_rebase(zq_app *app, zq_err *err)
{
    ZQ_AUTO_MIGRATION(m);
    rebase r = {.m = &m};
    bool dry = zq_settings_flag(app->settings, ZQ_SET_DRY_RUN);
    zq_err trouble;

    ZQ_TRY(open_files(app, &r, err));
    m.app = app;
    m.database = zq_settings_text(app->settings, ZQ_SET_DATABASE);
    m.chain = r.plan.chain;
    ZQ_TRY(zq_migration_connect_anyhow(&m, &trouble, err));
    ZQ_TRY(look(&r, err));
    if (dry)
        ZQ_TRY(check_conflicts(&r, true, err));
    else
        ZQ_TRY(run(&r, err));
    say_files(&r, dry);
    say_record(&r, dry);
    return print_json(&r, dry, err);
}
