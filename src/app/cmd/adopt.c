#include "app/cmd/commands.h"
#include "app/head.h"
#include "app/inspect.h"
#include "app/migrate.h"
#include "app/show/differences.h"
#include "app/show/json.h"

#include "base/language.h"
#include "base/text.h"

#include <jansson.h>
#include <string.h>

typedef struct adoption {
    zq_migration m;
    zq_catalog catalog;
    zq_comparison head; /* with what this build wants; not shown */
    zq_recognition found;
    const zq_release *as; /* what to record it as */
} adoption;

/* ---- finding out ---- */

static zq_rc refuse(const adoption *a, zq_err *err)
{
    const zq_migration *m = &a->m;

    if (!m->record.database_exists)
        return zq_head_fail_missing(m->database, err);
    if (m->record.install_started) {
        zq_fail(err, ZQ_E_DIFFERS, "an install of database '%s' was cut short", m->database);
        zq_err_hint(err, "run 'zquant-init' to complete it");
    } else if (m->record.under_way != NULL) {
        return zq_migration_fail_under_way(m, err);
    } else {
        zq_fail(err, ZQ_E_DIFFERS, "database '%s' has none of zquant's tables", m->database);
        zq_err_hint(err, "run 'zquant-init' to make them");
    }
    return ZQ_E_DIFFERS;
}

static bool has_tables(const zq_catalog *catalog)
{
    for (size_t i = 0; i < catalog->schema.n_tables; i++) {
        if (!zq_table_is_meta(catalog->schema.tables[i]))
            return true;
    }
    return false;
}

static zq_rc find_out(zq_app *app, adoption *a, zq_err *err)
{
    ZQ_TRY(zq_migration_open(app, &a->m, err));
    ZQ_TRY(zq_migration_connect(&a->m, err));
    if (!a->m.record.database_exists || a->m.record.install_started)
        return refuse(a, err);
    if (!zq_record_is_empty(&a->m.record))
        return ZQ_OK;
    if (a->m.record.under_way != NULL)
        return refuse(a, err);
    ZQ_TRY(zq_inspect_compare(app, a->m.db, a->m.database, NULL, &a->catalog, &a->head, err));
    if (!has_tables(&a->catalog))
        return refuse(a, err);
    return zq_inspect_recognise(app, &a->catalog, &a->found, err);
}

/* Hold the database against the release that it shall be taken for. */
static zq_rc take_for(zq_app *app, adoption *a, const char *name, zq_err *err)
{
    zq_known *known;

    ZQ_TRY(zq_known_release(name, &a->as, err));
    if (strcmp(a->as->revision, a->found.release->revision) == 0)
        return ZQ_OK;
    known = ZQ_NEW(app->arena, zq_known);
    ZQ_TRY(zq_known_of(a->as, app->arena, known, err));
    return zq_recognise(&a->catalog, known, 1, app->arena, &a->found, err);
}

/* ---- telling ---- */

static zq_rc print_json(const zq_app *app, const adoption *a, bool adopted, zq_err *err)
{
    const zq_known *release = a->found.release;

    return zq_out_json(
        json_pack("{s:s, s:b, s:s, s:s, s:b, s:o, s:o, s:b}", "database", a->m.database, "adopted",
                  adopted, "release", release->release, "revision", release->revision, "exact",
                  a->found.exact, "made_tables",
                  zq_json_names(a->found.missing, adopted ? a->found.n_missing : 0), "differences",
                  zq_differences_json(&a->found.comparison, app->arena), "alembic_version",
                  a->catalog.has_alembic),
        err);
}

static zq_rc fail_differs(const zq_app *app, const adoption *a, zq_err *err)
{
    ZQ_TRY(zq_inspect_print_differences(app, &a->found.comparison, err));
    ZQ_TRY(print_json(app, a, false, err));
    zq_fail(err, ZQ_E_DIFFERS, "%s", zq_recognition_words(&a->found, app->arena));
    return zq_inspect_hint_unrecorded(app, &a->found, err);
}

/* ---- doing it ---- */

/* The schema id that is recorded is what the database is, not what it is taken for. */
static const char *id_of(zq_app *app, const adoption *a)
{
    return a->found.exact ? a->as->id : zq_inspect_schema_id(app, &a->catalog, &zq_schema_head);
}

/* Another may have recorded it meanwhile, perhaps as something else: then `*out_done` is false. */
static zq_rc record(zq_app *app, adoption *a, bool *out_done, zq_err *err)
{
    zq_migration *m = &a->m;
    size_t position;

    ZQ_TRY(zq_migration_lock(m, err));
    *out_done = zq_record_is_empty(&m->record);
    if (!*out_done)
        return ZQ_OK;
    if (!m->record.has_history)
        ZQ_TRY(zq_migration_make_meta(m, err));
    if (a->found.n_missing > 0)
        ZQ_TRY(zq_migration_make_tables(m, a->found.release->schema, a->found.missing,
                                        a->found.n_missing, err));
    if (!zq_chain_find(&m->chain, a->as->revision, &position))
        return zq_fail(err, ZQ_E_MODEL, "revision '%s' has no file", a->as->revision);
    return zq_record_write(m->db, m->lease, &m->chain, position, "adopt", id_of(app, a), ZQ_VERSION,
                           err);
}

static const char *missing_words(const zq_app *app, const zq_recognition *found)
{
    ZQ_AUTO_BUF(out);

    for (size_t i = 0; i < found->n_missing; i++)
        zq_text_printf(&out, "%s%s", i > 0 ? ", " : "", found->missing[i]);
    return zq_arena_strdup(app->arena, zq_buf_text(&out));
}

static void say_adopted(const zq_app *app, const adoption *a, bool dry)
{
    if (a->found.n_missing > 0)
        zq_say(dry ? N_("would make %s, which zquant %s does not have: %s")
                   : N_("made %s, which zquant %s does not have: %s"),
               zq_count_said(a->found.n_missing, N_("%zu table"), N_("%zu tables"), app->arena),
               a->found.release->release, missing_words(app, &a->found));
    zq_say(dry && a->found.exact ? N_("database '%s' would be recorded as revision %s (zquant %s), "
                                      "whose schema it has exactly")
           : dry                 ? N_("database '%s' would be recorded as revision %s (zquant %s)")
           : a->found.exact
               ? N_("database '%s' is recorded as revision %s (zquant %s), whose schema it has "
                    "exactly")
               : N_("database '%s' is recorded as revision %s (zquant %s)"),
           a->m.database, a->as->revision, a->as->name);
    if (a->catalog.has_alembic)
        zq_say("the table alembic_version is not used, and was left alone");
}

/* A database that has a record keeps it. */
static zq_rc leave(zq_app *app, const adoption *a, zq_err *err)
{
    const char *now = zq_chain_name(&a->m.chain, a->m.position);
    const char *as = zq_settings_text(app->settings, ZQ_SET_AS);
    const zq_release *wanted;

    if (as != NULL) {
        ZQ_TRY(zq_known_release(as, &wanted, err));
        if (strcmp(wanted->revision, now) != 0) {
            zq_fail(err, ZQ_E_DIFFERS, "database '%s' is recorded already, as revision %s",
                    a->m.database, now);
            return zq_err_hint(err, "run 'zquant-migrate stamp %s' to record it as another",
                               wanted->revision);
        }
    }
    zq_say("database '%s' is recorded already, as revision %s; nothing to do", a->m.database, now);
    return zq_out_json(
        json_pack("{s:s, s:b, s:s}", "database", a->m.database, "adopted", false, "revision", now),
        err);
}

static zq_rc adopt(zq_app *app, adoption *a, zq_err *err)
{
    const char *as = zq_settings_text(app->settings, ZQ_SET_AS);
    bool dry = zq_settings_flag(app->settings, ZQ_SET_DRY_RUN), done = true;

    if (as == NULL && !a->found.exact)
        return fail_differs(app, a, err);
    ZQ_TRY(take_for(app, a, as != NULL ? as : a->found.release->revision, err));
    ZQ_TRY(zq_inspect_print_differences(app, &a->found.comparison, err));
    if (!dry)
        ZQ_TRY(record(app, a, &done, err));
    if (!done)
        return leave(app, a, err);
    say_adopted(app, a, dry);
    return print_json(app, a, !dry, err);
}

zq_rc zq_cmd_adopt(zq_app *app, zq_err *err)
{
    adoption a = {0};
    zq_rc rc = find_out(app, &a, err);

    if (rc == ZQ_OK && a.found.release == NULL)
        rc = leave(app, &a, err);
    else if (rc == ZQ_OK)
        rc = adopt(app, &a, err);
    zq_migration_done(&a.m);
    return rc;
}

zq_rc zq_migration_adopt_exact(zq_app *app, zq_err *err)
{
    adoption a = {0};
    zq_rc rc = find_out(app, &a, err);
    bool done = false;

    if (rc == ZQ_OK && a.found.release != NULL) {
        if (!a.found.exact) {
            rc = zq_inspect_tell_unrecorded(app, a.m.db, a.m.database, err);
        } else {
            rc = take_for(app, &a, a.found.release->revision, err);
            if (rc == ZQ_OK)
                rc = record(app, &a, &done, err);
            if (rc == ZQ_OK && done)
                say_adopted(app, &a, false);
        }
    }
    zq_migration_done(&a.m);
    return rc;
}
