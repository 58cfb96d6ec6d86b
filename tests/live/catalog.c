#include "live.h"

#include "base/buf.h"
#include "db/catalog.h"
#include "model/canon.h"
#include "model/family.h"
#include "schema.h"
#include "sql/ddl.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void create_database(zq_db *db, const char *name)
{
    ZQ_AUTO_SQL(sql);
    const char *text;

    zq_ddl_create_database(&sql, name);
    zq_sql_lit(&sql, ";USE ");
    zq_sql_ident(&sql, name);
    cr_assert_eq(zq_sql_finish(&sql, &text, NULL), ZQ_OK);
    live_exec(db, text);
}

static void create_table(zq_db *db, const zq_table *table)
{
    ZQ_AUTO_SQL(sql);
    const char *text;
    zq_err err = {0};

    zq_ddl_create_table(&sql, table, false, live_flavor());
    cr_assert_eq(zq_sql_finish(&sql, &text, &err), ZQ_OK, "%s", err.message);
    live_exec(db, text);
}

static void create_all(zq_db *db, const zq_schema *schema, zq_arena *arena,
                       const char *const *codes)
{
    live_exec(db, "SET foreign_key_checks = 0");
    for (size_t i = 0; i < schema->n_tables; i++) {
        if (!zq_table_is_family(schema->tables[i]))
            create_table(db, schema->tables[i]);
        else
            for (size_t k = 0; codes[k] != NULL; k++)
                create_table(db, zq_family_member(arena, schema->tables[i], codes[k]));
    }
}

static zq_catalog read_all(zq_db *db, const char *database, const zq_schema *wanted,
                           zq_arena *arena)
{
    zq_catalog catalog = {0};
    const zq_target helper = live_target();
    zq_err err = {0};

    cr_assert_eq(zq_catalog_read(db, &helper, database, wanted, arena, &catalog, &err), ZQ_OK,
                 "%s: %s", err.message, err.detail);
    return catalog;
}

static void expect_same(const zq_table *wanted, const zq_table *found)
{
    ZQ_AUTO_BUF(a);
    ZQ_AUTO_BUF(b);

    cr_assert_not_null(found, "%s", wanted->name);
    zq_canon_table(&a, wanted);
    zq_canon_table(&b, found);
    cr_assert_str_eq(zq_buf_text(&a), zq_buf_text(&b));
}

Test(catalog, what_the_descriptors_make_is_read_back_as_the_descriptors)
{
    static const char *const codes[] = {"000001", "600001", "sh", "1", "a_b", NULL};
    const char *database = live_database("head");
    ZQ_AUTO(zq_db) db = live_open();
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_catalog catalog;

    create_database(db, database);
    create_all(db, &zq_schema_head, arena, codes);
    catalog = read_all(db, database, &zq_schema_head, arena);
    cr_assert(catalog.exists);
    cr_assert_str_eq(catalog.charset, "utf8mb4");
    cr_assert_str_eq(catalog.collation, "utf8mb4_unicode_ci");
    cr_assert_eq(catalog.n_foreign_tables, 0);
    for (size_t i = 0; i < zq_schema_head.n_tables; i++) {
        const zq_table *table = zq_schema_head.tables[i];

        if (!zq_table_is_family(table))
            expect_same(table, zq_schema_table(&catalog.schema, table->name));
    }
    cr_assert_eq(catalog.n_forms, 5);
    for (size_t i = 0; i < catalog.n_forms; i++) {
        cr_assert(catalog.forms[i].conforms);
        cr_assert_eq(catalog.forms[i].n_members, 5, "%s: %zu", catalog.forms[i].family->name,
                     catalog.forms[i].n_members);
    }
    live_drop(database);
}

ZQ_LIVE_MAIN
