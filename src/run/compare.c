#include "run/compare.h"

#include "model/family.h"

#include <stdlib.h>
#include <string.h>

/* ---- tables ---- */

static bool has_meta(const zq_schema *schema)
{
    for (size_t i = 0; i < schema->n_tables; i++) {
        if (zq_table_is_meta(schema->tables[i]))
            return true;
    }
    return false;
}

/* The tables without families, and with or without zq_meta_*. */
static zq_schema plain_tables(const zq_schema *schema, bool with_meta, zq_arena *arena)
{
    const zq_table **tables = ZQ_NEW_ARRAY(arena, const zq_table *, schema->n_tables + 1);
    size_t n = 0;

    for (size_t i = 0; i < schema->n_tables; i++) {
        const zq_table *table = schema->tables[i];

        if (!zq_table_is_family(table) && (with_meta || !zq_table_is_meta(table)))
            tables[n++] = table;
    }
    return (zq_schema){.tables = tables, .n_tables = n};
}

/* ---- families ---- */

static int compare_tables(const void *a, const void *b)
{
    return strcmp((*(const zq_table *const *)a)->name, (*(const zq_table *const *)b)->name);
}

/* The families of a schema, by name. */
static const zq_table **families_of(const zq_schema *schema, size_t *out_n, zq_arena *arena)
{
    const zq_table **families = ZQ_NEW_ARRAY(arena, const zq_table *, schema->n_tables + 1);
    size_t n = 0;

    for (size_t i = 0; i < schema->n_tables; i++) {
        if (zq_table_is_family(schema->tables[i]))
            families[n++] = schema->tables[i];
    }
    qsort(families, n, sizeof *families, compare_tables);
    *out_n = n;
    return families;
}

static const zq_table *form_table(const zq_form *form)
{
    return form->conforms ? form->family : form->table;
}

/* A form that no member has is only what the family itself looks like. */
static bool is_of(const zq_form *form, const zq_table *family)
{
    return form->n_members > 0 && strcmp(form->family->name, family->name) == 0;
}

/* How a form differs from its family. One member alone is spoken of by its own names. */
static zq_rc deviation_of(const zq_table *family, const zq_form *form, zq_arena *arena,
                          zq_deviation *out, zq_err *err)
{
    const zq_table *desired = family;
    const zq_table *actual = form_table(form);

    if (form->n_members == 1 && form->codes != NULL) {
        desired = zq_family_member(arena, desired, form->codes[0]);
        actual = zq_family_member(arena, actual, form->codes[0]);
    }
    *out = (zq_deviation){.family = family, .n_members = form->n_members, .codes = form->codes};
    return zq_diff_table(desired, actual, arena, &out->changes, err);
}

static void find_open_columns(const zq_catalog *catalog, zq_family_count *count)
{
    for (size_t i = 0; i < catalog->n_open_columns; i++) {
        const zq_open_column *column = &catalog->open_columns[i];

        if (strcmp(column->family->name, count->family->name) != 0)
            continue;
        if (count->n_open_columns++ == 0)
            count->open_columns = column;
    }
}

static void find_renames(const zq_catalog *catalog, zq_family_count *count)
{
    for (size_t i = 0; i < catalog->n_renames; i++) {
        if (strcmp(catalog->renames[i].family->name, count->family->name) != 0)
            continue;
        if (count->n_renames++ == 0)
            count->renames = &catalog->renames[i];
    }
}

static zq_rc compare_families(const zq_schema *desired, const zq_catalog *catalog, zq_arena *arena,
                              zq_comparison *out, zq_err *err)
{
    const zq_table **families = families_of(desired, &out->n_families, arena);
    zq_family_count *counts = ZQ_NEW_ARRAY(arena, zq_family_count, out->n_families + 1);
    zq_deviation *deviations = ZQ_NEW_ARRAY(arena, zq_deviation, catalog->n_forms + 1);

    for (size_t i = 0; i < out->n_families; i++) {
        counts[i].family = families[i];
        find_open_columns(catalog, &counts[i]);
        find_renames(catalog, &counts[i]);
        for (size_t j = 0; j < catalog->n_forms; j++) {
            const zq_form *form = &catalog->forms[j];
            zq_deviation *deviation = &deviations[out->n_deviations];

            if (!is_of(form, families[i]))
                continue;
            counts[i].n_members += form->n_members;
            ZQ_TRY(deviation_of(families[i], form, arena, deviation, err));
            if (deviation->changes.n == 0)
                continue;
            counts[i].n_differing += form->n_members;
            out->n_differences += deviation->changes.n;
            out->n_deviations++;
        }
    }
    out->families = counts;
    out->deviations = deviations;
    return ZQ_OK;
}

zq_rc zq_compare(const zq_schema *desired, const zq_catalog *catalog, zq_arena *arena,
                 zq_comparison *out, zq_err *err)
{
    bool with_meta = has_meta(desired) && has_meta(&catalog->schema);
    zq_schema to = plain_tables(desired, with_meta, arena);
    zq_schema from = plain_tables(&catalog->schema, with_meta, arena);
    zq_comparison comparison = {0};

    ZQ_TRY(zq_diff(&to, &from, arena, &comparison.changes, err));
    comparison.n_differences = comparison.changes.n;
    ZQ_TRY(compare_families(desired, catalog, arena, &comparison, err));
    *out = comparison;
    return ZQ_OK;
}

const zq_schema *zq_catalog_schema(const zq_catalog *catalog, const zq_schema *wanted,
                                   zq_arena *arena)
{
    zq_schema *schema = ZQ_NEW(arena, zq_schema);
    size_t n_families;
    const zq_table **families = families_of(wanted, &n_families, arena);
    const zq_table **tables =
        ZQ_NEW_ARRAY(arena, const zq_table *, catalog->schema.n_tables + n_families + 1);

    *schema = plain_tables(&catalog->schema, true, arena);
    for (size_t i = 0; i < schema->n_tables; i++)
        tables[i] = schema->tables[i];
    for (size_t i = 0; i < n_families; i++) {
        const zq_form *only = NULL;

        for (size_t j = 0; j < catalog->n_forms; j++) {
            if (!is_of(&catalog->forms[j], families[i]))
                continue;
            if (only != NULL)
                return NULL;
            only = &catalog->forms[j];
        }
        tables[schema->n_tables++] = only != NULL ? form_table(only) : families[i];
    }
    schema->tables = tables;
    return schema;
}

zq_rc zq_recognise(const zq_catalog *catalog, const zq_known *known, size_t n_known,
                   zq_arena *arena, zq_recognition *out, zq_err *err)
{
    zq_recognition best = {0};

    for (size_t i = n_known; i-- > 0;) {
        zq_comparison comparison;

        ZQ_TRY(zq_compare(known[i].schema, catalog, arena, &comparison, err));
        if (best.release != NULL && comparison.n_differences >= best.comparison.n_differences)
            continue;
        best = (zq_recognition){
            .release = &known[i],
            .exact = comparison.n_differences == 0,
            .comparison = comparison,
        };
    }
    *out = best;
    return ZQ_OK;
}
