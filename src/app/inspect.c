#include "app/inspect.h"

#include "app/differences.h"
#include "app/wanted.h"
#include "model/canon.h"

/* What is to be read for a comparison with `desired`: its tables, and those of ours that it does
 * not have, so that they are seen as ours. */
static const zq_schema *with_head(const zq_schema *desired, zq_arena *arena)
{
    zq_schema *schema = ZQ_NEW(arena, zq_schema);
    const zq_table **tables =
        ZQ_NEW_ARRAY(arena, const zq_table *, desired->n_tables + zq_schema_head.n_tables + 1);

    for (size_t i = 0; i < desired->n_tables; i++)
        tables[schema->n_tables++] = desired->tables[i];
    for (size_t i = 0; i < zq_schema_head.n_tables; i++) {
        if (zq_schema_table(desired, zq_schema_head.tables[i]->name) == NULL)
            tables[schema->n_tables++] = zq_schema_head.tables[i];
    }
    schema->tables = tables;
    return schema;
}

zq_rc zq_app_compare(zq_app *app, zq_db *db, const char *database, const zq_release *release,
                     zq_catalog *out_catalog, zq_comparison *out_comparison, zq_err *err)
{
    const zq_schema *desired = &zq_schema_head;

    if (release != NULL)
        ZQ_TRY(zq_app_release_schema(release, app->arena, &desired, err));
    ZQ_TRY(zq_catalog_read(db, &app->target, database, with_head(desired, app->arena), app->arena,
                           out_catalog, err));
    return zq_compare(desired, out_catalog, app->arena, out_comparison, err);
}

zq_rc zq_app_recognise(zq_app *app, const zq_catalog *catalog, zq_recognition *out, zq_err *err)
{
    zq_known *known = ZQ_NEW_ARRAY(app->arena, zq_known, zq_n_releases);

    for (size_t i = 0; i < zq_n_releases; i++)
        ZQ_TRY(zq_app_known(&zq_releases[i], app->arena, &known[i], err));
    return zq_recognise(catalog, known, zq_n_releases, app->arena, out, err);
}

const char *zq_app_schema_id(zq_app *app, const zq_catalog *catalog)
{
    const zq_schema *schema = zq_catalog_schema(catalog, &zq_schema_head, app->arena);
    char id[ZQ_DIGEST_HEX];

    if (schema == NULL || catalog->schema.n_tables == 0)
        return NULL;
    zq_schema_id(schema, id);
    return zq_arena_strdup(app->arena, id);
}

zq_rc zq_app_refuse_unrecorded(const zq_app *app, const zq_recognition *recognition, zq_err *err)
{
    zq_fail(err, ZQ_E_DIFFERS, "no revision is recorded; %s",
            zq_recognition_words(recognition, app->arena));
    if (recognition->exact)
        zq_err_hint(err, "run 'zquant-migrate adopt' to record it");
    else
        zq_err_hint(err,
                    "mend the differences, or run 'zquant-migrate adopt --as %s' to take it for "
                    "that",
                    recognition->release->revision);
    return ZQ_E_DIFFERS;
}

zq_rc zq_app_refuse_lost(const zq_app *app, const char *database, const zq_state *state,
                         zq_err *err)
{
    zq_fail(err, ZQ_E_DIFFERS, "database '%s' was ready once, and %s gone: '%s'%s", database,
            zq_count_words(state->n_missing, "table is", "tables are", app->arena),
            state->missing[0], state->n_missing > 1 ? " and others" : "");
    zq_err_hint(err, "restore them from a backup, or run 'zquant-init --recreate-missing' to make "
                     "them anew, without rows");
    return ZQ_E_DIFFERS;
}

/* An older dump that was restored over a newer record is the usual way into this. */
zq_rc zq_app_refuse_changed(zq_app *app, zq_db *db, const char *database, const zq_state *state,
                            zq_err *err)
{
    zq_catalog catalog;
    zq_comparison comparison;
    zq_recognition found;

    ZQ_TRY(zq_app_compare(app, db, database, NULL, &catalog, &comparison, err));
    ZQ_TRY(zq_app_recognise(app, &catalog, &found, err));
    zq_fail(err, ZQ_E_DIFFERS, "database '%s' is recorded at revision '%s', but %s not its: '%s'%s",
            database, zq_app_revision_name(state->revision),
            zq_count_words(state->n_changed, "table is", "tables are", app->arena), state->changed,
            state->n_changed > 1 ? " and others" : "");
    if (found.exact)
        zq_err_hint(err,
                    "its tables are exactly those of zquant %s, as after a restore of an older "
                    "dump: run 'zquant-migrate stamp %s', then 'zquant-migrate upgrade'",
                    found.release->release, found.release->revision);
    else
        zq_err_hint(err, "run 'zquant-migrate check' to see each difference");
    return ZQ_E_DIFFERS;
}

zq_rc zq_app_tell_unrecorded(zq_app *app, zq_db *db, const char *database, zq_err *err)
{
    ZQ_AUTO_BUF(out);
    zq_catalog catalog;
    zq_comparison comparison;
    zq_recognition recognition;

    ZQ_TRY(zq_app_compare(app, db, database, NULL, &catalog, &comparison, err));
    ZQ_TRY(zq_app_recognise(app, &catalog, &recognition, err));
    zq_differences_text(&out, &recognition.comparison,
                        zq_settings_flag(app->settings, ZQ_SET_VERBOSE), app->arena);
    if (!zq_settings_flag(app->settings, ZQ_SET_JSON))
        ZQ_TRY(zq_out_str(zq_buf_text(&out), err));
    return zq_app_refuse_unrecorded(app, &recognition, err);
}
