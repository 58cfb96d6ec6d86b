#include "app/inspect.h"

#include "app/differences.h"
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

static size_t count_differing(const zq_comparison *comparison)
{
    size_t n = 0;

    for (size_t i = 0; i < comparison->n_families; i++)
        n += comparison->families[i].n_differing;
    return n;
}

/* Of a revision that is no release, it is not known what its members should be. */
zq_rc zq_app_members_left(zq_app *app, zq_db *db, const char *database, const char *revision,
                          size_t n_left, const char **out, zq_err *err)
{
    const zq_release *release = revision == NULL ? NULL : zq_app_release_at(revision);
    zq_catalog catalog;
    zq_comparison comparison;

    *out = NULL;
    if (n_left > 0 && release != NULL) {
        ZQ_TRY(zq_app_compare(app, db, database, release, &catalog, &comparison, err));
        n_left = count_differing(&comparison);
    }
    if (n_left > 0)
        *out = zq_arena_printf(
            app->arena,
            "%zu %s of families %s left as %s by revision '%s': 'zquant-migrate check%s%s' names "
            "what differs",
            n_left, n_left == 1 ? "member" : "members", n_left == 1 ? "was" : "were",
            n_left == 1 ? "it was" : "they were", revision, release == NULL ? "" : " --against ",
            release == NULL ? "" : release->name);
    return ZQ_OK;
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
