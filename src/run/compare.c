/* Holds a catalog against a schema: tables one by one, families form by form, so that 27,000
 * members cost as much as the few forms that they have. Which release a database is, is found by
 * comparing it with all of them, the newest first: the fewest differences win, those of a collation
 * not counted. */
#include "run/compare.h"
#include "diff/diff.h"

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

/* ---- collations ---- */

/* Each text column of a table has the table's collation unless it says otherwise, so a table with
 * another one is one difference, not one for each of its columns. */
static bool is_implied(const zq_change *change, const zq_change *table)
{
    const unsigned both = ZQ_DIFF_CHARSET | ZQ_DIFF_COLLATION;
    const zq_column *from = change->from, *to = change->to;

    return table != NULL && change->op == ZQ_OP_ALTER_COLUMN && (change->mask & ~both) == 0 &&
           strcmp(zq_column_collation(change->actual, from), zq_table_collation(change->actual)) ==
               0 &&
           strcmp(zq_column_collation(change->desired, to), zq_table_collation(change->desired)) ==
               0;
}

static void drop_implied(zq_changes *changes, zq_arena *arena)
{
    zq_change *kept = ZQ_NEW_ARRAY(arena, zq_change, changes->n + 1);
    const zq_change *table = NULL;
    size_t n = 0;

    for (size_t i = 0; i < changes->n; i++) {
        const zq_change *change = &changes->items[i];

        if (change->op == ZQ_OP_ALTER_TABLE && (change->mask & ZQ_DIFF_COLLATION))
            table = change;
        else if (table != NULL && table->actual != change->actual)
            table = NULL;
        if (!is_implied(change, table))
            kept[n++] = *change;
    }
    *changes = (zq_changes){kept, n};
}

/* The collation of a table that differs in that alone; NULL when it differs in anything else. */
static const char *other_collation(const zq_change *change)
{
    if (change->op != ZQ_OP_ALTER_TABLE || change->mask != ZQ_DIFF_COLLATION)
        return NULL;
    return zq_table_collation(change->actual);
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

const zq_table *zq_form_table(const zq_form *form)
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
    const zq_table *actual = zq_form_table(form);

    if (form->n_members == 1 && form->codes != NULL) {
        desired = zq_family_member(arena, desired, form->codes[0]);
        actual = zq_family_member(arena, actual, form->codes[0]);
    }
    *out = (zq_deviation){.family = family, .n_members = form->n_members, .codes = form->codes};
    ZQ_TRY(zq_diff_table(desired, actual, arena, &out->changes, err));
    drop_implied(&out->changes, arena);
    return ZQ_OK;
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
    drop_implied(&comparison.changes, arena);
    comparison.n_differences = comparison.changes.n;
    ZQ_TRY(compare_families(desired, catalog, arena, &comparison, err));
    *out = comparison;
    return ZQ_OK;
}

const zq_schema *zq_compare_schema(const zq_catalog *catalog, const zq_schema *wanted,
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
        tables[schema->n_tables++] = only != NULL ? zq_form_table(only) : families[i];
    }
    schema->tables = tables;
    return schema;
}

/* ---- which release is it? ---- */

/* What differs in more than a collation, and what in that alone. */
typedef struct likeness {
    size_t n_other;
    size_t n_collated; /* tables, each member counted */
    const char *collation;
    bool mixed; /* not one collation, but several */
} likeness;

static void liken(likeness *l, const zq_changes *changes, size_t n_tables)
{
    for (size_t i = 0; i < changes->n; i++) {
        const char *collation = other_collation(&changes->items[i]);

        if (collation == NULL) {
            l->n_other++;
            continue;
        }
        l->mixed = l->mixed || (l->collation != NULL && strcmp(l->collation, collation) != 0);
        l->collation = collation;
        l->n_collated += n_tables;
    }
}

static likeness likeness_of(const zq_comparison *comparison)
{
    likeness l = {0};

    liken(&l, &comparison->changes, 1);
    for (size_t i = 0; i < comparison->n_deviations; i++)
        liken(&l, &comparison->deviations[i].changes, comparison->deviations[i].n_members);
    return l;
}

/* The schema of a release without those of its tables that may be missing, and are. */
static const zq_schema *without_missing(const zq_known *known, const zq_catalog *catalog,
                                        zq_arena *arena, const char *const **out_missing,
                                        size_t *out_n)
{
    const size_t n_may_lack = zq_names_count(known->may_lack);
    zq_schema *schema = ZQ_NEW(arena, zq_schema);
    const zq_table **tables = ZQ_NEW_ARRAY(arena, const zq_table *, known->schema->n_tables + 1);
    const char **missing = ZQ_NEW_ARRAY(arena, const char *, n_may_lack + 1);
    size_t n = 0;

    for (size_t i = 0; i < known->schema->n_tables; i++) {
        const zq_table *table = known->schema->tables[i];

        if (zq_names_have(known->may_lack, n_may_lack, table->name) &&
            zq_schema_table(&catalog->schema, table->name) == NULL)
            missing[n++] = table->name;
        else
            tables[schema->n_tables++] = table;
    }
    schema->tables = tables;
    *out_missing = missing;
    *out_n = n;
    return schema;
}

zq_rc zq_recognise(const zq_catalog *catalog, const zq_known *known, size_t n_known,
                   zq_arena *arena, zq_recognition *out, zq_err *err)
{
    zq_recognition best = {0};
    size_t fewest = 0;

    for (size_t i = n_known; i-- > 0;) {
        zq_recognition one = {.release = &known[i]};
        likeness l;

        ZQ_TRY(zq_compare(without_missing(&known[i], catalog, arena, &one.missing, &one.n_missing),
                          catalog, arena, &one.comparison, err));
        l = likeness_of(&one.comparison);
        if (best.release != NULL && l.n_other >= fewest)
            continue;
        one.exact = one.comparison.n_differences == 0;
        if (l.n_other == 0 && !l.mixed) {
            one.collation = l.collation;
            one.n_collated = l.n_collated;
        }
        best = one;
        fewest = l.n_other;
    }
    *out = best;
    return ZQ_OK;
}
