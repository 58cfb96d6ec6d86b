#include "faulty.h"
#include "live.h"

#include "base/buf.h"
#include "db/catalog.h"
#include "model/canon.h"
#include "model/family.h"
#include "release.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void create_all(zq_db *db, const zq_schema *schema, zq_arena *arena,
                       const char *const *codes)
{
    live_exec(db, "SET foreign_key_checks = 0");
    for (size_t i = 0; i < schema->n_tables; i++) {
        if (!zq_table_is_family(schema->tables[i]))
            live_make_table(db, schema->tables[i]);
        else
            for (size_t k = 0; codes[k] != NULL; k++)
                live_make_table(db, zq_family_member(arena, schema->tables[i], codes[k]));
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

    live_make_database(db, database);
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

/* ---- what the model cannot express ---- */

static const zq_column two_columns[] = {
    {"id", ZQ_INT, ZQ_NOT_NULL},
    {"a", ZQ_VARCHAR(20)},
};
static const zq_index on_id[] = {{"PRIMARY", ZQ_PRIMARY, ZQ_ON("id")}};
static const zq_table table_t = {
    .name = "t", .columns = two_columns, .n_columns = 2, .indexes = on_id, .n_indexes = 1};
static const zq_index member_indexes[] = {
    {"PRIMARY", ZQ_PRIMARY, ZQ_ON("id")},
    {"ix_f_{code}_a", ZQ_INDEX, ZQ_ON("a")},
};
static const zq_table family_f = {.name = "f_{code}",
                                  .columns = two_columns,
                                  .n_columns = 2,
                                  .indexes = member_indexes,
                                  .n_indexes = 2};
static const zq_table family_f_more = {.name = "f_more_{code}",
                                       .columns = two_columns,
                                       .n_columns = 2,
                                       .indexes = on_id,
                                       .n_indexes = 1};
static const zq_table *const small_tables[] = {&table_t, &family_f, &family_f_more};
static const zq_schema small = {small_tables, ZQ_LEN(small_tables)};

static void expect_extra(const char *alter, const char *kind, const char *name, const char *text)
{
    const char *database = live_database("extra");
    ZQ_AUTO(zq_db) db = live_open();
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_catalog catalog;
    const zq_table *found;

    live_make_database(db, database);
    live_make_table(db, &table_t);
    live_exec(db, alter);
    catalog = read_all(db, database, &small, arena);
    found = zq_schema_table(&catalog.schema, "t");
    cr_assert_not_null(found, "%s", alter);
    cr_assert_eq(found->n_extras, 1, "%s: %zu extras", alter, found->n_extras);
    cr_expect_str_eq(found->extras[0].kind, kind, "%s: %s", alter, found->extras[0].kind);
    cr_expect_str_eq(found->extras[0].name, name, "%s: %s", alter, found->extras[0].name);
    cr_expect_str_eq(found->extras[0].text, text, "%s: %s", alter, found->extras[0].text);
    live_drop(database);
}

Test(catalog, what_the_model_cannot_express_is_carried_along)
{
    expect_extra("ALTER TABLE t ADD CONSTRAINT c1 CHECK (id > 0 AND a <> 'it''s')", "check", "c1",
                 "`id` > 0 and `a` <> 'it''s'");
    expect_extra("CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 'x'", "trigger", "g",
                 "BEFORE INSERT SET NEW.a = 'x'");
    expect_extra("ALTER TABLE t ROW_FORMAT=COMPRESSED", "option", "ROW_FORMAT",
                 "ROW_FORMAT=COMPRESSED");
    expect_extra("ALTER TABLE t STATS_PERSISTENT=0", "option", "STATS_PERSISTENT",
                 "STATS_PERSISTENT=0");
    expect_extra("DROP TABLE t; CREATE VIEW t AS SELECT 1 AS id", "view", "", "VIEW");
}

Test(catalog, partitions_are_carried_along)
{
    expect_extra("ALTER TABLE t PARTITION BY HASH (id) PARTITIONS 2", "partitions", "",
                 live_flavor() == ZQ_MYSQL ? "PARTITION BY HASH (`id`)\nPARTITIONS 2"
                                           : "PARTITION BY HASH (`id`)\nPARTITIONS 2");
}

Test(catalog, what_only_one_of_the_servers_has_is_carried_along)
{
    if (live_flavor() == ZQ_MYSQL) {
        expect_extra("ALTER TABLE t ADD CONSTRAINT c1 CHECK (id > 0) NOT ENFORCED", "check", "c1",
                     "`id` > 0 not enforced");
        expect_extra("ALTER TABLE t COMPRESSION='zlib'", "option", "COMPRESSION",
                     "COMPRESSION='zlib'");
        return;
    }
    expect_extra("ALTER TABLE t ADD SYSTEM VERSIONING", "option", "WITH SYSTEM VERSIONING",
                 "WITH SYSTEM VERSIONING");
    expect_extra("ALTER TABLE t MODIFY COLUMN a varchar(20) COMPRESSED", "column", "a",
                 "COMPRESSED");
    expect_extra("DROP TABLE t; CREATE SEQUENCE t", "sequence", "", "SEQUENCE");
    expect_extra("ALTER TABLE t MODIFY COLUMN a varchar(20) CHECK (a <> 'x')", "check", "a",
                 "`a` <> 'x'");
}

Test(catalog, auto_increment_counters_are_nothing)
{
    const char *database = live_database("counter");
    ZQ_AUTO(zq_db) db = live_open();
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_catalog catalog;

    live_make_database(db, database);
    live_make_table(db, &table_t);
    live_exec(db, "ALTER TABLE t AUTO_INCREMENT = 1000");
    catalog = read_all(db, database, &small, arena);
    expect_same(&table_t, zq_schema_table(&catalog.schema, "t"));
    live_drop(database);
}

/* ---- what is not ours ---- */

Test(catalog, other_tables_are_named_and_views_are_counted)
{
    const char *database = live_database("others '\" \\ \xE5\xBA\x93");
    ZQ_AUTO(zq_db) db = live_open();
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    char *lower = live_value(db, "SELECT @@lower_case_table_names");
    const bool folds = strcmp(lower, "0") != 0;
    zq_catalog catalog;

    free(lower);
    if (folds) /* then a table F_1 is one of ours */
        cr_skip_test("this server turns the names of tables to lower case");
    live_make_database(db, database);
    live_exec(db,
              "CREATE TABLE zzz (id int); CREATE TABLE `F_1` (id int); CREATE TABLE `f_A` (id int);"
              "CREATE TABLE alembic_version (v int); CREATE TABLE `f_` (id int);"
              "CREATE TABLE `a``b` (id int); CREATE TABLE zq_meta_other (id int);"
              "CREATE TABLE f_123456789012345678901 (id int);"
              "CREATE VIEW f_view AS SELECT 1 AS id; CREATE VIEW v AS SELECT 1 AS id");
    catalog = read_all(db, database, &small, arena);
    cr_assert(catalog.exists);
    cr_assert_eq(catalog.schema.n_tables, 0);
    cr_assert_eq(catalog.n_views, 2);
    cr_assert(catalog.has_alembic);
    cr_assert_eq(catalog.n_foreign_tables, 7);
    cr_expect_str_eq(catalog.foreign_tables[0], "F_1");
    cr_expect_str_eq(catalog.foreign_tables[1], "a`b");
    cr_expect_str_eq(catalog.foreign_tables[2], "alembic_version");
    cr_expect_str_eq(catalog.foreign_tables[3], "f_");
    cr_expect_str_eq(catalog.foreign_tables[4], "f_123456789012345678901");
    cr_expect_str_eq(catalog.foreign_tables[5], "f_A");
    cr_expect_str_eq(catalog.foreign_tables[6], "zzz");
    for (size_t i = 0; i < catalog.n_forms; i++)
        cr_expect_eq(catalog.forms[i].n_members, 0);
    live_drop(database);
}

Test(catalog, a_database_that_is_not_there_has_nothing)
{
    ZQ_AUTO(zq_db) db = live_open();
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_catalog catalog = read_all(db, "zqt_no_such_database", &small, arena);

    cr_assert_not(catalog.exists);
    cr_assert_eq(catalog.schema.n_tables, 0);
    cr_assert_eq(catalog.n_forms, 0);
}

Test(catalog, an_empty_database_is_read_in_one_round_trip)
{
    const char *database = live_database("empty");
    ZQ_AUTO(zq_db) db = live_open();
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    unsigned before;
    zq_catalog catalog;

    live_exec(db, "SET @a = 1");
    live_make_database(db, database);
    before = zq_db_round_trips(db);
    catalog = read_all(db, database, &small, arena);
    cr_assert(catalog.exists);
    cr_assert_eq(zq_db_round_trips(db) - before, 1);
    live_drop(database);
}

/* ---- members ---- */

static const zq_form *form_at(const zq_catalog *catalog, size_t i, const zq_table *family,
                              size_t n_members, const char *codes)
{
    const zq_form *form = &catalog->forms[i];
    ZQ_AUTO_BUF(text);

    cr_assert_lt(i, catalog->n_forms);
    cr_expect_eq(form->family, family, "%zu: %s", i, form->family->name);
    cr_expect_eq(form->n_members, n_members, "%zu: %zu", i, form->n_members);
    for (size_t k = 0; !form->conforms && k < form->n_members; k++)
        zq_buf_printf(&text, "%s%s", k > 0 ? "," : "", form->codes[k]);
    cr_expect_str_eq(zq_buf_text(&text), codes, "%zu: %s", i, zq_buf_text(&text));
    return form;
}

Test(catalog, members_are_told_apart_by_their_form)
{
    static const char *const codes[] = {"1", "2", "3", "4", "600001", "600002", "more", NULL};
    const char *database = live_database("members");
    ZQ_AUTO(zq_db) db = live_open();
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const zq_form *form;
    zq_catalog catalog;

    live_make_database(db, database);
    create_all(db, &small, arena, codes);
    live_exec(db, "ALTER TABLE f_2 DROP COLUMN a; ALTER TABLE f_600002 DROP COLUMN a;"
                  "ALTER TABLE f_3 COMMENT 'x'; ALTER TABLE f_more_1 ADD CHECK (id > 0)");
    catalog = read_all(db, database, &small, arena);
    cr_assert_eq(catalog.n_forms, 5);
    form = form_at(&catalog, 0, &family_f_more, 6, "");
    form = form_at(&catalog, 1, &family_f_more, 1, "1");
    cr_expect_eq(form->table->n_extras, 1);
    cr_expect_str_eq(form->table->extras[0].text, "`id` > 0");
    form = form_at(&catalog, 2, &family_f, 4, "");
    cr_expect(form->conforms);
    form = form_at(&catalog, 3, &family_f, 2, "2,600002");
    cr_expect_eq(form->table->n_columns, 1);
    cr_expect_str_eq(form->table->name, "f_{code}");
    form = form_at(&catalog, 4, &family_f, 1, "3");
    cr_expect_str_eq(form->table->comment, "x");
    live_drop(database);
}

/* How many statements the server has had from this connection. */
static unsigned long statements_of(zq_db *db)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_rows rows;
    zq_err err = {0};

    cr_assert_eq(
        live_query(db, "SHOW SESSION STATUS LIKE 'Questions'", NULL, 0, arena, &rows, &err), ZQ_OK);
    return strtoul(zq_rows_at(&rows, 0, 1), NULL, 10);
}

/* One member of each form is read by SHOW CREATE TABLE; of the others rows of the catalog tell. */
Test(catalog, more_members_of_the_same_forms_take_no_more_statements)
{
    static const char *const few[] = {"1", "2", NULL};
    static const char *const more[] = {"3",  "4",  "5",  "6",  "7",  "8",  "9",
                                       "10", "11", "12", "13", "14", "15", NULL};
    const char *database = live_database("more_members");
    ZQ_AUTO(zq_db) db = live_open();
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    unsigned long took[2];

    live_make_database(db, database);
    create_all(db, &small, arena, few);
    for (size_t i = 0; i < 2; i++) {
        const unsigned long before = statements_of(db);

        cr_assert_eq(read_all(db, database, &small, arena).n_forms, 2);
        took[i] = statements_of(db) - before;
        for (size_t k = 0; i == 0 && more[k] != NULL; k++) {
            live_make_table(db, zq_family_member(arena, &family_f, more[k]));
            live_make_table(db, zq_family_member(arena, &family_f_more, more[k]));
        }
    }
    cr_assert_eq(took[1], took[0], "%lu, not %lu", took[1], took[0]);
    live_drop(database);
}

/* Each changes f_1 alone; the reader must see it. */
Test(catalog, whatever_a_member_has_of_its_own_is_seen, .timeout = 120)
{
    static const char *const changes[] = {
        "ALTER TABLE f_1 MODIFY a varchar(21)",
        "ALTER TABLE f_1 MODIFY a varchar(20) NOT NULL",
        "ALTER TABLE f_1 MODIFY a varchar(20) DEFAULT 'x'",
        "ALTER TABLE f_1 MODIFY a varchar(20) DEFAULT ''",
        "ALTER TABLE f_1 MODIFY a varchar(20) DEFAULT 'NULL'",
        "ALTER TABLE f_1 MODIFY a varchar(20) DEFAULT '😀'",
        "ALTER TABLE f_1 MODIFY a varchar(20) COMMENT 'c'",
        "ALTER TABLE f_1 MODIFY a varchar(20) COLLATE utf8mb4_bin",
        "ALTER TABLE f_1 MODIFY a varchar(20) CHARACTER SET latin1",
        "ALTER TABLE f_1 MODIFY a varchar(20) INVISIBLE",
        "ALTER TABLE f_1 MODIFY a varchar(20) FIRST",
        "ALTER TABLE f_1 MODIFY id int NOT NULL AUTO_INCREMENT",
        "ALTER TABLE f_1 MODIFY id bigint NOT NULL",
        "ALTER TABLE f_1 MODIFY id int unsigned NOT NULL",
        "ALTER TABLE f_1 ADD b int",
        "ALTER TABLE f_1 ADD b int AS (id + 1)",
        "ALTER TABLE f_1 DROP COLUMN a",
        "ALTER TABLE f_1 DROP PRIMARY KEY",
        "ALTER TABLE f_1 DROP INDEX ix_f_1_a",
        "ALTER TABLE f_1 DROP INDEX ix_f_1_a, ADD INDEX ix_f_1_b (a)",
        "ALTER TABLE f_1 DROP INDEX ix_f_1_a, ADD INDEX ix_f_1_a (a(5))",
        "ALTER TABLE f_1 DROP INDEX ix_f_1_a, ADD INDEX ix_f_1_a (a DESC)",
        "ALTER TABLE f_1 DROP INDEX ix_f_1_a, ADD INDEX ix_f_1_a (a, id)",
        "ALTER TABLE f_1 DROP INDEX ix_f_1_a, ADD UNIQUE INDEX ix_f_1_a (a)",
        "ALTER TABLE f_1 DROP INDEX ix_f_1_a, ADD FULLTEXT INDEX ix_f_1_a (a)",
        "ALTER TABLE f_1 DROP INDEX ix_f_1_a, ADD INDEX ix_f_1_a (a) COMMENT 'c'",
        "ALTER TABLE f_1 ADD CONSTRAINT c CHECK (id > 0)",
        "ALTER TABLE f_1 ADD CONSTRAINT c FOREIGN KEY (id) REFERENCES t (id)",
        "ALTER TABLE f_1 PARTITION BY HASH (id) PARTITIONS 2",
        "ALTER TABLE f_1 ROW_FORMAT=REDUNDANT",
        "ALTER TABLE f_1 COMMENT 'c'",
        "ALTER TABLE f_1 DEFAULT COLLATE utf8mb4_bin",
        "ALTER TABLE f_1 ENGINE=MyISAM",
        "CREATE TRIGGER g BEFORE INSERT ON f_1 FOR EACH ROW SET NEW.a = 'x'",
    };
    static const char *const codes[] = {"1", "2", "3", NULL};
    const char *database = live_database("own");
    ZQ_AUTO(zq_db) db = live_open();
    ZQ_AUTO(zq_arena) arena = zq_arena_open();

    live_make_database(db, database);
    live_exec(db, "/*!80030 SET sql_generate_invisible_primary_key = 0 */");
    create_all(db, &small, arena, codes);
    for (size_t i = 0; i < ZQ_LEN(changes); i++) {
        zq_catalog catalog;

        live_exec(db, "DROP TABLE f_1");
        live_make_table(db, zq_family_member(arena, &family_f, "1"));
        live_exec(db, changes[i]);
        catalog = read_all(db, database, &small, arena);
        cr_assert_eq(catalog.n_forms, 3, "%s: %zu forms", changes[i], catalog.n_forms);
        form_at(&catalog, 0, &family_f_more, 3, "");
        form_at(&catalog, 1, &family_f, 2, "");
        form_at(&catalog, 2, &family_f, 1, "1");
    }
    live_drop(database);
}

/* ---- what goes wrong ---- */

Test(catalog, any_call_that_fails_fails_the_reading, .timeout = 120)
{
    static const char *const codes[] = {"1", "2", NULL};
    static const faulty_kind kinds[] = {FAULTY_REFUSED, FAULTY_LOST_BEFORE, FAULTY_LOST_AFTER};
    const char *database = live_database("faults");
    ZQ_AUTO(zq_db) db = live_open();
    ZQ_AUTO(zq_arena) arena = zq_arena_open();

    live_make_database(db, database);
    create_all(db, &small, arena, codes);
    for (size_t k = 0; k < ZQ_LEN(kinds); k++) {
        faulty plan = {.kind = kinds[k], .failed = true};

        for (unsigned n = 1; plan.failed; n++) {
            ZQ_AUTO(zq_db) broken = NULL;
            zq_catalog catalog = {.n_views = 99};
            zq_err err = {0};
            zq_rc rc;

            plan = (faulty){.kind = kinds[k], .fail_at = n};
            broken = faulty_over(live_open(), &plan);
            rc = zq_catalog_read(broken, NULL, database, &small, arena, &catalog, &err);
            cr_assert_eq(rc != ZQ_OK, plan.failed, "call %u: %s", n, zq_rc_name(rc));
            if (plan.failed) {
                cr_assert_eq(rc, kinds[k] == FAULTY_REFUSED ? ZQ_E_SERVER : ZQ_E_LOST);
                cr_assert_eq(catalog.n_views, 99, "outputs are written only on success");
                cr_assert(strlen(err.message) > 0);
            }
        }
    }
    live_drop(database);
}

/* A connection before whose second call something happens on another one. */
typedef struct meddling {
    zq_db *inner;
    const char *sql;
    unsigned calls;
} meddling;

static zq_rc meddle(void *impl, const char *sql, size_t length, zq_raw_fn *take, void *context,
                    size_t *out_done, unsigned long long *out_affected, zq_err *err)
{
    meddling *of = impl;

    if (++of->calls == 2) {
        ZQ_AUTO(zq_db) other = live_open();

        live_exec(other, of->sql);
    }
    return zq_db_pass(of->inner, sql, length, take, context, out_done, out_affected, err);
}

static void close_meddling(void *impl)
{
    zq_db_close(((meddling *)impl)->inner);
}

static zq_rc read_while(const char *database, const char *sql, zq_catalog *out, zq_arena *arena,
                        zq_err *err)
{
    static const zq_port port = {meddle, close_meddling};
    meddling of = {.inner = live_open(), .sql = sql};
    ZQ_AUTO(zq_db) db = zq_db_over(&port, &of, zq_db_server(of.inner), 0);

    return zq_catalog_read(db, NULL, database, &small, arena, out, err);
}

Test(catalog, what_goes_away_while_it_is_read_is_read_as_gone)
{
    static const char *const codes[] = {"1", "2", NULL};
    const char *database = live_database("gone");
    ZQ_AUTO(zq_db) db = live_open();
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    char sql[128];
    zq_catalog catalog;
    zq_err err = {0};

    live_make_database(db, database);
    create_all(db, &small, arena, codes);
    snprintf(sql, sizeof sql, "DROP TABLE `%s`.t", database);
    cr_assert_eq(read_while(database, sql, &catalog, arena, &err), ZQ_OK, "%s: %s", err.message,
                 err.detail);
    cr_expect_eq(catalog.schema.n_tables, 0);
    live_make_table(db, &table_t);
    snprintf(sql, sizeof sql, "DROP DATABASE `%s`", database);
    cr_assert_eq(read_while(database, sql, &catalog, arena, &err), ZQ_OK, "%s: %s", err.message,
                 err.detail);
    cr_expect_not(catalog.exists);
    live_drop(database);
}

Test(catalog, a_connection_that_is_killed_while_it_reads_is_an_error)
{
    static const char *const codes[] = {"1", "2", NULL};
    const char *database = live_database("killed");
    ZQ_AUTO(zq_db) db = live_open();
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_db *inner = live_open();
    static const zq_port port = {meddle, close_meddling};
    char sql[64];
    meddling of = {.inner = inner, .sql = sql};
    ZQ_AUTO(zq_db) broken = zq_db_over(&port, &of, zq_db_server(inner), 0);
    zq_catalog catalog;
    zq_err err = {0};

    live_make_database(db, database);
    create_all(db, &small, arena, codes);
    snprintf(sql, sizeof sql, "KILL %llu", zq_db_connection_id(inner));
    cr_assert_eq(zq_catalog_read(broken, NULL, database, &small, arena, &catalog, &err), ZQ_E_LOST);
    cr_expect_str_eq(err.message, "cannot read table 't': the connection to the server was lost",
                     "%s", err.message);
    cr_expect_str_eq(err.hint, "run it again when the server answers");
    live_drop(database);
}

/* ---- privileges ---- */

static zq_db *open_as(const char *user, const char *password)
{
    zq_target target = live_target();
    zq_db *db = NULL;
    zq_err err = {0};

    target.user = user;
    target.password = password;
    cr_assert_eq(zq_db_open(&target, &db, &err), ZQ_OK, "%s: %s", err.message, err.detail);
    return db;
}

static zq_rc read_as(const char *database, const char *privilege, const char *on,
                     const zq_schema *wanted, zq_catalog *out, zq_arena *arena, zq_err *err)
{
    ZQ_AUTO(zq_db) root = live_open();
    ZQ_AUTO(zq_db) db = NULL;
    ZQ_AUTO_BUF(sql);
    zq_rc rc;

    zq_buf_printf(
        &sql,
        "DROP USER IF EXISTS zqt_reader@'%%', zqt_reader@localhost;"
        "CREATE USER zqt_reader@'%%' IDENTIFIED BY 'x', zqt_reader@localhost IDENTIFIED BY 'x';");
    if (privilege != NULL)
        zq_buf_printf(&sql, "GRANT %s ON `%s`.%s TO zqt_reader@'%%', zqt_reader@localhost",
                      privilege, database, on);
    live_exec(root, sql.text);
    db = open_as("zqt_reader", "x");
    rc = zq_catalog_read(db, NULL, database, wanted, arena, out, err);
    live_exec(root, "DROP USER zqt_reader@'%', zqt_reader@localhost");
    return rc;
}

Test(catalog, what_may_not_be_seen_is_not_called_missing)
{
    static const zq_table other = {
        .name = "other", .columns = two_columns, .n_columns = 2, .indexes = on_id, .n_indexes = 1};
    static const zq_table *const tables[] = {&table_t, &other};
    static const zq_schema both = {tables, 2};
    const char *database = live_database("denied");
    ZQ_AUTO(zq_db) db = live_open();
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_catalog catalog;
    zq_err err = {0};
    char expected[200];

    live_make_database(db, database);
    live_make_table(db, &table_t);
    live_make_table(db, &other);

    cr_assert_eq(read_as(database, NULL, NULL, &both, &catalog, arena, &err), ZQ_E_DENIED);
    snprintf(expected, sizeof expected, "cannot see database '%s': access denied", database);
    cr_expect_str_eq(err.message, expected, "%s", err.message);
    cr_expect_str_eq(err.hint, "grant what is missing, see 'zquant-init grants'");

    cr_assert_eq(read_as(database, "SELECT", "t", &both, &catalog, arena, &err), ZQ_E_DENIED);
    cr_expect_str_eq(err.message, "cannot see whether table 'other' is there: access denied");

    cr_assert_eq(read_as(database, "SELECT (id)", "t", &both, &catalog, arena, &err), ZQ_E_DENIED);

    cr_assert_eq(read_as(database, "SELECT", "*", &both, &catalog, arena, &err), ZQ_OK, "%s: %s",
                 err.message, err.detail);
    cr_expect_eq(catalog.schema.n_tables, 2);

    live_exec(db, "DROP TABLE other");
    cr_assert_eq(read_as(database, "SELECT", "*", &both, &catalog, arena, &err), ZQ_OK);
    cr_expect_eq(catalog.schema.n_tables, 1);
    live_drop(database);
}

ZQ_LIVE_MAIN
