/* Zero false differences: what was made from the model reads back as the model, the first time. */
#include "app/show/differences.h"
#include "db/catalog.h"
#include "model/canon.h"
#include "model/family.h"
#include "run/compare.h"

#include "live.h"
#include "odd.h"
#include "release.h"

#include <criterion/criterion.h>
#include <string.h>

static void create_all(zq_db *db, const zq_schema *schema)
{
    live_exec(db, "SET foreign_key_checks = 0");
    for (size_t i = 0; i < schema->n_tables; i++) {
        if (!zq_table_is_family(schema->tables[i]))
            live_make_table(db, schema->tables[i]);
    }
}

static void read_catalog(zq_db *db, const char *name, const zq_schema *wanted, zq_arena *arena,
                         zq_catalog *out)
{
    zq_err err = {0};

    cr_assert_eq(zq_catalog_read(db, NULL, name, wanted, arena, out, &err), ZQ_OK, "%s: %s",
                 err.message, err.detail);
}

/* Every difference, a line each. */
static const char *differences(const zq_comparison *comparison, zq_arena *arena)
{
    ZQ_AUTO_BUF(out);

    zq_differences_text(&out, comparison, true, arena);
    return zq_arena_strdup(arena, zq_buf_text(&out));
}

static void assert_reads_back(const char *test, const zq_schema *schema, zq_arena *arena)
{
    ZQ_AUTO(zq_db) db = live_open();
    const char *name = live_database(test);
    zq_catalog catalog;
    zq_comparison comparison;

    live_make_database(db, name);
    create_all(db, schema);
    read_catalog(db, name, schema, arena, &catalog);
    live_drop(name);
    cr_assert_eq(zq_compare(schema, &catalog, arena, &comparison, NULL), ZQ_OK);
    cr_assert_eq(comparison.n_differences, 0, "%zu differences:\n%s", comparison.n_differences,
                 differences(&comparison, arena));
    cr_assert_eq(catalog.schema.n_tables, schema->n_tables);
    cr_assert_eq(catalog.n_foreign_tables, 0);
}

Test(apply, odd_tables_read_back_as_they_were_meant)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const zq_schema *schema = odd_schema(live_flavor(), arena);

    cr_assert_geq(schema->n_tables, 300);
    assert_reads_back("odd", schema, arena);
}

/* Read for another schema, the server's spelling is all there is: still the canonical form of
 * what can be told at all must be the same, so that two servers have one schema id. */
Test(apply, a_fresh_install_reads_back_as_the_descriptors)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO(zq_db) db = live_open();
    const char *name = live_database("apply");
    static const char *const codes[] = {"000001", "600001", "a_b", "688981"};
    zq_catalog catalog;
    zq_comparison comparison;
    char id[ZQ_DIGEST_HEX];

    live_make_database(db, name);
    create_all(db, &zq_schema_head);
    for (size_t i = 0; i < zq_schema_head.n_tables; i++) {
        const zq_table *table = zq_schema_head.tables[i];

        for (size_t j = 0; zq_table_is_family(table) && j < ZQ_LEN(codes); j++)
            live_make_table(db, zq_family_member(arena, table, codes[j]));
    }
    read_catalog(db, name, &zq_schema_head, arena, &catalog);
    live_drop(name);
    cr_assert_eq(zq_compare(&zq_schema_head, &catalog, arena, &comparison, NULL), ZQ_OK);
    cr_assert_eq(comparison.n_differences, 0, "%s", differences(&comparison, arena));
    for (size_t i = 0; i < comparison.n_families; i++)
        cr_assert_eq(comparison.families[i].n_members, ZQ_LEN(codes));
    zq_canon_id(zq_compare_schema(&catalog, &zq_schema_head, arena), id);
    cr_assert_str_eq(id, zq_release_head()->id);
}

/* Each release, made from its canonical text, is recognised. */
Test(apply, each_release_that_is_made_is_recognised)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_known *known = ZQ_NEW_ARRAY(arena, zq_known, zq_n_releases);

    for (size_t i = 0; i < zq_n_releases; i++) {
        known[i].release = zq_releases[i].name;
        cr_assert_eq(zq_canon_parse(zq_release_text(&zq_releases[i]),
                                    strlen(zq_release_text(&zq_releases[i])), arena,
                                    &known[i].schema, NULL),
                     ZQ_OK);
    }
    for (size_t i = 0; i < zq_n_releases; i++) {
        ZQ_AUTO(zq_db) db = live_open();
        const char *name = live_database("releases");
        zq_catalog catalog;
        zq_recognition recognition;

        live_make_database(db, name);
        create_all(db, known[i].schema);
        for (size_t j = 0; j < known[i].schema->n_tables; j++) {
            if (zq_table_is_family(known[i].schema->tables[j]))
                live_make_table(db, zq_family_member(arena, known[i].schema->tables[j], "600001"));
        }
        read_catalog(db, name, &zq_schema_head, arena, &catalog);
        live_drop(name);
        cr_assert_eq(zq_recognise(&catalog, known, zq_n_releases, arena, &recognition, NULL),
                     ZQ_OK);
        cr_assert_str_eq(recognition.release->release, zq_releases[i].name);
        cr_assert(recognition.exact, "%s:\n%s", zq_releases[i].name,
                  differences(&recognition.comparison, arena));
    }
}

ZQ_LIVE_MAIN
