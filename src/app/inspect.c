#include "app/inspect.h"

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
    ZQ_TRY(zq_catalog_read(db, NULL, database, with_head(desired, app->arena), app->arena,
                           out_catalog, err));
    return zq_compare(desired, out_catalog, app->arena, out_comparison, err);
}

zq_rc zq_app_recognise(zq_app *app, const zq_catalog *catalog, zq_recognition *out, zq_err *err)
{
    zq_known *known = ZQ_NEW_ARRAY(app->arena, zq_known, zq_n_releases);

    for (size_t i = 0; i < zq_n_releases; i++) {
        known[i].release = zq_releases[i].name;
        known[i].revision = zq_releases[i].revision;
        ZQ_TRY(zq_app_release_schema(&zq_releases[i], app->arena, &known[i].schema, err));
    }
    return zq_recognise(catalog, known, zq_n_releases, app->arena, out, err);
}
