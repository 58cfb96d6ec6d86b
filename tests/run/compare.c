#include "run/compare.h"

#include "model/canon.h"
#include "model/family.h"

#include "release.h"

#include <criterion/criterion.h>
#include <string.h>

static zq_arena *arena;
static zq_known known[3];

static void open_arena(void)
{
    zq_err err = {0};

    arena = zq_arena_open();
    cr_assert_eq(zq_n_releases, ZQ_LEN(known));
    for (size_t i = 0; i < zq_n_releases; i++) {
        known[i].release = zq_releases[i].name;
        known[i].revision = zq_releases[i].revision;
        cr_assert_eq(zq_canon_parse(zq_release_text(&zq_releases[i]),
                                    strlen(zq_release_text(&zq_releases[i])), arena,
                                    &known[i].schema, &err),
                     ZQ_OK, "%s", err.message);
    }
}

static void close_arena(void)
{
    zq_arena_close(arena);
}

TestSuite(compare, .init = open_arena, .fini = close_arena);

/* A database as the catalog reader gives it that has exactly the tables of `schema`, and no member
 * of a family. */
static zq_catalog database_of(const zq_schema *schema)
{
    const zq_table **tables = ZQ_NEW_ARRAY(arena, const zq_table *, schema->n_tables + 1);
    zq_catalog catalog = {.exists = true, .charset = ZQ_CHARSET, .collation = ZQ_COLLATION};

    for (size_t i = 0; i < schema->n_tables; i++) {
        if (!zq_table_is_family(schema->tables[i]))
            tables[catalog.schema.n_tables++] = schema->tables[i];
    }
    catalog.schema.tables = tables;
    return catalog;
}

static const zq_table *family_of(const zq_schema *schema)
{
    return zq_schema_table(schema, "zq_data_tustock_daily_{code}");
}

/* The family without its last column. */
static const zq_table *shorter(const zq_table *family)
{
    zq_table *copy = ZQ_NEW(arena, zq_table);

    *copy = *family;
    copy->n_columns--;
    return copy;
}

static zq_comparison compare(const zq_schema *desired, const zq_catalog *catalog)
{
    zq_comparison comparison;
    zq_err err = {0};

    cr_assert_eq(zq_compare(desired, catalog, arena, &comparison, &err), ZQ_OK, "%s", err.message);
    return comparison;
}

static zq_recognition recognise(const zq_catalog *catalog)
{
    zq_recognition recognition;
    zq_err err = {0};

    cr_assert_eq(zq_recognise(catalog, known, ZQ_LEN(known), arena, &recognition, &err), ZQ_OK,
                 "%s", err.message);
    return recognition;
}

Test(compare, a_ready_database_without_members_does_not_differ)
{
    zq_catalog catalog = database_of(&zq_schema_head);
    zq_comparison comparison = compare(&zq_schema_head, &catalog);

    cr_assert_eq(comparison.n_differences, 0);
    cr_assert_eq(comparison.n_families, 5);
    cr_assert_eq(comparison.families[0].n_members, 0);
}

Test(compare, a_database_without_our_bookkeeping_does_not_lack_it)
{
    zq_catalog catalog = database_of(known[2].schema);

    cr_assert_eq(compare(&zq_schema_head, &catalog).n_differences, 0);
}

Test(compare, a_database_with_part_of_our_bookkeeping_lacks_the_rest)
{
    zq_catalog catalog = database_of(&zq_schema_head);
    zq_comparison comparison;

    for (size_t i = 0; i < catalog.schema.n_tables; i++) {
        if (strcmp(catalog.schema.tables[i]->name, "zq_meta_lease") != 0)
            continue;
        ((const zq_table **)catalog.schema.tables)[i] =
            catalog.schema.tables[--catalog.schema.n_tables];
    }
    comparison = compare(&zq_schema_head, &catalog);
    cr_assert_eq(comparison.n_differences, 1);
    cr_assert_str_eq(comparison.changes.items[0].table, "zq_meta_lease");
    cr_assert_eq(compare(known[2].schema, &catalog).n_differences, 0);
}

Test(compare, members_that_conform_are_counted)
{
    zq_catalog catalog = database_of(&zq_schema_head);
    const zq_table *family = family_of(&zq_schema_head);
    const zq_form forms[] = {{.family = family, .conforms = true, .n_members = 5000}};
    zq_comparison comparison;

    catalog.forms = forms;
    catalog.n_forms = 1;
    comparison = compare(&zq_schema_head, &catalog);
    cr_assert_eq(comparison.n_differences, 0);
    cr_assert_eq(comparison.n_deviations, 0);
    for (size_t i = 0; i < comparison.n_families; i++)
        cr_assert_eq(comparison.families[i].n_members,
                     comparison.families[i].family == family ? 5000 : 0);
}

Test(compare, members_that_differ_alike_are_one_difference)
{
    static const char *const codes[] = {"600001", "600002", "600003"};
    zq_catalog catalog = database_of(&zq_schema_head);
    const zq_table *family = family_of(&zq_schema_head);
    const zq_form forms[] = {
        {.family = family, .conforms = true, .n_members = 10},
        {.family = family, .table = shorter(family), .n_members = 3, .codes = codes},
    };
    zq_comparison comparison;
    const zq_change *change;

    catalog.forms = forms;
    catalog.n_forms = 2;
    comparison = compare(&zq_schema_head, &catalog);
    cr_assert_eq(comparison.n_differences, 1);
    cr_assert_eq(comparison.changes.n, 0);
    cr_assert_eq(comparison.n_deviations, 1);
    change = &comparison.deviations[0].changes.items[0];
    cr_assert_eq(comparison.deviations[0].n_members, 3);
    cr_assert_eq(comparison.deviations[0].codes, codes);
    cr_assert_eq(change->op, ZQ_OP_ADD_COLUMN);
    cr_assert_str_eq(change->table, "zq_data_tustock_daily_{code}");
    cr_assert_str_eq(change->object, "updated_time");
    for (size_t i = 0; i < comparison.n_families; i++) {
        if (comparison.families[i].family == family) {
            cr_assert_eq(comparison.families[i].n_members, 13);
            cr_assert_eq(comparison.families[i].n_differing, 3);
        }
    }
}

Test(compare, one_member_that_differs_is_spoken_of_by_its_own_names)
{
    static const char *const codes[] = {"600001"};
    zq_catalog catalog = database_of(&zq_schema_head);
    const zq_table *family = family_of(&zq_schema_head);
    zq_table without_indexes = *family;
    const zq_form forms[] = {
        {.family = family, .table = &without_indexes, .n_members = 1, .codes = codes}};
    zq_comparison comparison;

    without_indexes.n_indexes = 0;
    catalog.forms = forms;
    catalog.n_forms = 1;
    comparison = compare(&zq_schema_head, &catalog);
    cr_assert_eq(comparison.n_differences, family->n_indexes);
    for (size_t i = 0; i < family->n_indexes; i++) {
        const zq_change *change = &comparison.deviations[0].changes.items[i];

        cr_assert_str_eq(change->table, "zq_data_tustock_daily_600001");
        cr_assert_null(strstr(change->object, ZQ_CODE), "%s", change->object);
    }
}

/* ---- the schema id of a database ---- */

Test(compare, the_schema_id_of_a_ready_database_is_that_of_its_release)
{
    zq_catalog catalog = database_of(&zq_schema_head);
    const zq_table *family = family_of(&zq_schema_head);
    const zq_form forms[] = {{.family = family, .conforms = true, .n_members = 10}};
    char id[ZQ_DIGEST_HEX];

    zq_canon_id(zq_compare_schema(&catalog, &zq_schema_head, arena), id);
    cr_assert_str_eq(id, zq_release_head()->id);
    catalog.forms = forms;
    catalog.n_forms = 1;
    zq_canon_id(zq_compare_schema(&catalog, &zq_schema_head, arena), id);
    cr_assert_str_eq(id, zq_release_head()->id);
}

Test(compare, the_schema_id_tells_members_that_all_differ_alike)
{
    static const char *const codes[] = {"600001", "600002"};
    zq_catalog catalog = database_of(&zq_schema_head);
    const zq_table *family = family_of(&zq_schema_head);
    const zq_form forms[] = {
        {.family = family, .conforms = true, .n_members = 0},
        {.family = family, .table = shorter(family), .n_members = 2, .codes = codes}};
    char id[ZQ_DIGEST_HEX];

    catalog.forms = forms;
    catalog.n_forms = 2;
    zq_canon_id(zq_compare_schema(&catalog, &zq_schema_head, arena), id);
    cr_assert_str_neq(id, zq_release_head()->id);
}

Test(compare, a_family_of_several_forms_has_no_schema_id)
{
    static const char *const codes[] = {"600001"};
    zq_catalog catalog = database_of(&zq_schema_head);
    const zq_table *family = family_of(&zq_schema_head);
    const zq_form forms[] = {
        {.family = family, .conforms = true, .n_members = 1},
        {.family = family, .table = shorter(family), .n_members = 1, .codes = codes}};

    catalog.forms = forms;
    catalog.n_forms = 2;
    cr_assert_null(zq_compare_schema(&catalog, &zq_schema_head, arena));
}

/* ---- recognition ---- */

Test(compare, each_release_is_recognised)
{
    for (size_t i = 0; i < ZQ_LEN(known); i++) {
        zq_catalog catalog = database_of(known[i].schema);
        zq_recognition recognition = recognise(&catalog);

        cr_assert(recognition.exact);
        cr_assert_str_eq(recognition.release->release, known[i].release);
    }
}

/* The catalog was read for head's families: members that are as an older release had them conform
 * to nothing there. */
Test(compare, an_older_release_is_recognised_by_its_members_too)
{
    static const char *const codes[] = {"600001", "600002"};
    zq_catalog catalog = database_of(known[1].schema);
    const zq_form forms[] = {
        {.family = family_of(&zq_schema_head), .conforms = true, .n_members = 0},
        {.family = family_of(&zq_schema_head),
         .table = family_of(known[1].schema),
         .n_members = 2,
         .codes = codes}};
    zq_recognition recognition;

    catalog.forms = forms;
    catalog.n_forms = 2;
    recognition = recognise(&catalog);
    cr_assert(recognition.exact);
    cr_assert_str_eq(recognition.release->release, "0.3.0");
}

Test(compare, one_member_of_another_release_is_a_difference)
{
    static const char *const codes[] = {"600001"};
    zq_catalog catalog = database_of(known[2].schema);
    const zq_form forms[] = {
        {.family = family_of(&zq_schema_head), .conforms = true, .n_members = 9},
        {.family = family_of(&zq_schema_head),
         .table = family_of(known[1].schema),
         .n_members = 1,
         .codes = codes}};
    zq_recognition recognition;

    catalog.forms = forms;
    catalog.n_forms = 2;
    recognition = recognise(&catalog);
    cr_assert_not(recognition.exact);
    cr_assert_str_eq(recognition.release->release, "0.4.0");
    cr_assert_eq(recognition.comparison.n_differences, 2);
    cr_assert_str_eq(zq_change_say(&recognition.comparison.deviations[0].changes.items[0], arena),
                     "index 'ix_zq_data_tustock_daily_600001_created_time' should not be there: on "
                     "(created_time)");
}

Test(compare, the_nearest_release_is_named_with_every_difference)
{
    for (size_t i = 0; i < ZQ_LEN(known); i++) {
        zq_catalog catalog = database_of(known[i].schema);
        zq_table users = *zq_schema_table(known[i].schema, "zq_app_users");
        zq_recognition recognition;

        users.comment = "mine";
        users.n_columns--;
        for (size_t j = 0; j < catalog.schema.n_tables; j++) {
            if (strcmp(catalog.schema.tables[j]->name, users.name) == 0)
                ((const zq_table **)catalog.schema.tables)[j] = &users;
        }
        recognition = recognise(&catalog);
        cr_assert_not(recognition.exact);
        cr_assert_str_eq(recognition.release->release, known[i].release);
        cr_assert_eq(recognition.comparison.n_differences, 2);
        cr_assert_eq(recognition.comparison.changes.items[0].op, ZQ_OP_ALTER_TABLE);
        cr_assert_eq(recognition.comparison.changes.items[1].op, ZQ_OP_ADD_COLUMN);
    }
}
