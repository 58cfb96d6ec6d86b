/* zquant-migrate check, as its users run it: exit status, every line, the JSON document. */
#include "model/canon.h"
#include "model/family.h"

#include "live.h"
#include "program.h"
#include "release.h"
#include "runbook.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAILY "zq_data_tustock_daily_"

static char database[64];
static zq_db *db;
static zq_arena *arena;

/* Make the tables of `schema`, and four members of each of its families. */
static void create_schema(const zq_schema *schema)
{
    static const char *const codes[] = {"600001", "600002", "600003", "600004"};

    for (size_t i = 0; i < schema->n_tables; i++) {
        if (!zq_table_is_family(schema->tables[i]))
            live_make_table(db, schema->tables[i]);
        for (size_t j = 0; zq_table_is_family(schema->tables[i]) && j < ZQ_LEN(codes); j++)
            live_make_table(db, zq_family_member(arena, schema->tables[i], codes[j]));
    }
}

static void begin(void)
{
    arena = zq_arena_open();
    db = live_open();
    program_env_reset();
    snprintf(database, sizeof database, "%s", live_database("check"));
    program_env_live(database);
    live_make_database(db, database);
    live_exec(db, "SET foreign_key_checks = 0");
}

static void end(void)
{
    live_drop(database);
    zq_db_close(db);
    zq_arena_close(arena);
}

TestSuite(check, .init = begin, .fini = end, .timeout = 300);

static void record(const char *revision)
{
    char sql[256];

    snprintf(sql, sizeof sql,
             "INSERT INTO zq_meta_history (revision, operation, tool_version, applied_by, "
             "applied_time) VALUES ('%s', 'install', '0', 'x', NOW(3))",
             revision);
    live_exec(db, sql);
}

/* A database as zquant-init leaves it. */
static void make_ready(void)
{
    create_schema(&zq_schema_head);
    record(zq_release_head()->revision);
}

/* One that the Python initialiser of a release made. */
static void make_release(const char *name)
{
    for (size_t i = 0; i < zq_n_releases; i++) {
        const zq_schema *schema;

        if (strcmp(zq_releases[i].name, name) != 0)
            continue;
        cr_assert_eq(zq_canon_parse(zq_release_text(&zq_releases[i]),
                                    strlen(zq_release_text(&zq_releases[i])), arena, &schema, NULL),
                     ZQ_OK);
        create_schema(schema);
    }
}

/* Run it, and hold exit status, output and messages against what is wanted, word for word. */
static void expect(int status, const char *out, const char *err, const char *const *words)
{
    program_result r = program_run(words, NULL);

    cr_assert_eq(r.status, status, "status %d, not %d: %s%s", r.status, status, r.out, r.err);
    if (out != NULL)
        cr_assert_str_eq(r.out, out);
    if (err != NULL)
        cr_assert_str_eq(r.err, err);
    program_free(&r);
}
#define EXPECT(status, out, err, ...) \
    expect((status), (out), (err),    \
           (const char *const[]){"zquant-migrate", "check", __VA_ARGS__, NULL})

#define HINT \
    "hint: run 'zquant-migrate check --fixes' for the statements that fix what statements can\n"

#define MEMBERS                                                               \
    "zq_data_tustock_daily_basic_{code}: 4 members, all as they should be\n"  \
    "zq_data_tustock_daily_{code}: 4 members, all as they should be\n"        \
    "zq_data_tustock_factor_{code}: 4 members, all as they should be\n"       \
    "zq_data_tustock_stkfactorpro_{code}: 4 members, all as they should be\n" \
    "zq_quant_factor_spacex_{code}: 4 members, all as they should be\n"

Test(check, a_ready_database_is_exactly_what_it_should_be)
{
    make_ready();
    EXPECT(0, MEMBERS "the schema is exactly that of zquant 0.4.0\n", "", "--no-color");
}

/* The lines that docs/check.md shows. */
static const char *lines_of_the_page(void)
{
    runbook_block *blocks;
    size_t n = runbook_read("docs/check", ".md", arena, &blocks);
    size_t i = 0;

    while (i < n && strcmp(blocks[i].heading, "Lines") != 0)
        i++;
    cr_assert_lt(i, n, "docs/check.md shows no lines");
    return blocks[i].text;
}

Test(check, each_difference_is_a_line_and_members_that_differ_alike_share_one)
{
    make_ready();
    live_exec(db, "ALTER TABLE zq_app_users MODIFY username varchar(60), DROP INDEX "
                  "ix_zq_app_users_id; ALTER TABLE zq_app_roles COMMENT = 'mine';"
                  "ALTER TABLE " DAILY "600001 DROP COLUMN vol;"
                  "ALTER TABLE " DAILY "600002 DROP COLUMN vol;"
                  "ALTER TABLE " DAILY "600004 DROP COLUMN low");
    EXPECT(
        1,
        zq_arena_printf(arena,
                        "%szq_data_tustock_daily_basic_{code}: 4 members, all as they should be\n"
                        "zq_data_tustock_daily_{code}: 4 members, 3 differ from zquant 0.4.0\n"
                        "zq_data_tustock_factor_{code}: 4 members, all as they should be\n"
                        "zq_data_tustock_stkfactorpro_{code}: 4 members, all as they should be\n"
                        "zq_quant_factor_spacex_{code}: 4 members, all as they should be\n",
                        lines_of_the_page()),
        "zquant-migrate: the schema differs from that of zquant 0.4.0: 5 differences\n" HINT,
        "--no-color");
}

Test(check, tables_of_others_are_counted_and_named_only_when_asked)
{
    make_ready();
    live_exec(db, "CREATE TABLE mine (id int); CREATE TABLE `a b` (id int)");
    EXPECT(0,
           MEMBERS "2 tables are not zquant's and left alone\n"
                   "the schema is exactly that of zquant 0.4.0\n",
           "", "--no-color");
    EXPECT(0,
           MEMBERS "2 tables are not zquant's and left alone\n  a b\n  mine\n"
                   "the schema is exactly that of zquant 0.4.0\n",
           NULL, "-v");
}

Test(check, another_default_charset_is_a_warning_with_what_fixes_it)
{
    char wanted[512], sql[256];

    make_ready();
    snprintf(sql, sizeof sql, "ALTER DATABASE `%s` CHARACTER SET latin1 COLLATE latin1_bin",
             database);
    live_exec(db, sql);
    snprintf(wanted, sizeof wanted,
             "zquant-migrate: warning: database '%s' has the defaults latin1 and latin1_bin, not "
             "utf8mb4 and utf8mb4_unicode_ci: the tables that the application makes for new stocks "
             "take them; to fix it: ALTER DATABASE `%s` CHARACTER SET utf8mb4 COLLATE "
             "utf8mb4_unicode_ci\n",
             database, database);
    EXPECT(0, NULL, wanted, "--no-color");
}

Test(check, a_database_that_is_missing_is_said_to_be)
{
    char wanted[512];

    live_drop(database);
    snprintf(wanted, sizeof wanted,
             "zquant-migrate: database '%s' does not exist\nhint: run 'zquant-init' to make it\n",
             database);
    EXPECT(1, "", wanted, "--no-color");
}

Test(check, a_database_without_our_tables_lacks_them_all)
{
    EXPECT(1, NULL,
           "zquant-migrate: the schema differs from that of zquant 0.4.0: 25 differences\n"
           "hint: run 'zquant-init' to make what is missing\n",
           "--no-color");
}

/* ---- releases ---- */

Test(check, against_names_the_release_to_compare_with)
{
    make_release("0.3.0");
    EXPECT(0, MEMBERS "the schema is exactly that of zquant 0.3.0\n", "", "--no-color", "--against",
           "0.3.0");
    EXPECT(0, MEMBERS "the schema is exactly that of zquant 0.3.0\n", "", "--no-color", "--against",
           "0002");
    EXPECT(1, NULL,
           "zquant-migrate: the schema differs from that of zquant 0.2.0: 154 differences\n" HINT,
           "--no-color", "--against", "0.2.0");
}

Test(check, an_unknown_release_is_refused_before_anything_is_asked)
{
    EXPECT(64, "",
           "zquant-migrate: there is no release or revision '0.9'\nhint: known are 0.2.0 (revision "
           "0001), 0.3.0 (revision 0002), 0.4.0 (revision 0003)\n",
           "--no-color", "--against", "0.9");
}

Test(check, an_unrecorded_database_is_recognised)
{
    make_release("0.3.0");
    EXPECT(1, NULL,
           "zquant-migrate: no revision is recorded; the schema is exactly that of zquant 0.3.0 "
           "(revision 0002)\nhint: run 'zquant-migrate adopt' to record it\n",
           "--no-color");
}

Test(check, an_unrecorded_database_that_is_no_release_is_told_what_differs_from_the_nearest)
{
    make_release("0.2.0");
    live_exec(db, "ALTER TABLE zq_app_users DROP COLUMN email");
    EXPECT(1,
           "zq_app_users: column 'email' is missing: varchar(100), NOT NULL, after 'username'\n"
           "zq_app_users: unique index 'ix_zq_app_users_email' is missing: on (email)\n" MEMBERS,
           "zquant-migrate: no revision is recorded; the schema is that of no release: the "
           "nearest is zquant 0.2.0 (revision 0001), with 2 differences\n"
           "hint: fix the differences ('zquant-migrate check --fixes' has statements), or run "
           "'zquant-migrate adopt --as 0001' to take it for that\n",
           "--no-color");
}

Test(check, a_recorded_older_revision_is_to_be_upgraded)
{
    const zq_table *history = zq_schema_table(&zq_schema_head, "zq_meta_history");

    make_release("0.3.0");
    live_make_table(db, history);
    record("0002");
    EXPECT(1, NULL,
           "zquant-migrate: the schema differs from that of zquant 0.4.0: 89 differences\n"
           "hint: it is at revision '0002'; run 'zquant-migrate upgrade'\n",
           "--no-color");
}

/* ---- the other commands that meet such a database ---- */

Test(check, init_records_an_unrecorded_database_as_the_release_that_it_is)
{
    char message[512];
    char *found;

    make_release("0.3.0");
    snprintf(message, sizeof message,
             "zquant-init: database '%s' is at revision '0002' (zquant 0.3.0), this build is for "
             "'0003' (0.4.0)\nhint: run 'zquant-migrate upgrade', or this again with --upgrade\n",
             database);
    expect(1, "", message, (const char *const[]){"zquant-init", "init", "-q", "--no-admin", NULL});
    found = live_value(db, "SELECT CONCAT_WS(' ', revision, operation) FROM zq_meta_history");
    cr_assert_str_eq(found, "0002 adopt");
    free(found);
}

Test(check, init_tells_what_differs_from_the_nearest_release)
{
    make_release("0.3.0");
    live_exec(db, "ALTER TABLE zq_app_roles COMMENT = 'mine'");
    expect(1, "table 'zq_app_roles': expected no comment, found comment 'mine'\n",
           "zquant-init: no revision is recorded; the schema is that of no release: the nearest is "
           "zquant 0.3.0 (revision 0002), with 1 difference\n"
           "hint: fix the differences ('zquant-migrate check --fixes' has statements), or run "
           "'zquant-migrate adopt --as 0002' to take it for that\n",
           (const char *const[]){"zquant-init", "init", "--no-color", "--no-admin", NULL});
}

Test(check, status_tells_which_release_an_unrecorded_database_is)
{
    program_result r;

    make_release("0.3.0");
    r = PROGRAM("zquant-init", "status", "--no-color");
    cr_assert_eq(r.status, 1);
    cr_assert_str_eq(r.err, "zquant-init: no revision is recorded; the schema is exactly that of "
                            "zquant 0.3.0 (revision 0002)\nhint: run 'zquant-migrate adopt' to "
                            "record it\n");
    cr_assert_not_null(strstr(r.out, "status    no revision is recorded; the schema is exactly"));
    program_free(&r);
}

/* ---- JSON ---- */

static json_t *json(int status)
{
    program_result r = PROGRAM("zquant-migrate", "check", "--json", "--no-color");
    json_t *document = json_loads(r.out, 0, NULL);

    cr_assert_eq(r.status, status, "%s", r.err);
    cr_assert_not_null(document, "%s", r.out);
    program_free(&r);
    return document;
}

static const char *text(const json_t *object, const char *key)
{
    const char *value = json_string_value(json_object_get(object, key));

    return value == NULL ? "(none)" : value;
}

Test(check, json_says_of_a_ready_database_that_it_is_at_head)
{
    json_t *document;

    make_ready();
    document = json(0);
    cr_assert(json_is_true(json_object_get(document, "at_head")));
    cr_assert_eq(json_array_size(json_object_get(document, "differences")), 0);
    cr_assert_eq(json_array_size(json_object_get(document, "families")), 5);
    cr_assert_str_eq(text(document, "revision"), zq_release_head()->revision);
    cr_assert_str_eq(text(document, "schema_id"), zq_release_head()->id);
    json_decref(document);
}

/* Each key has its place in docs/check.md; those of a failure are in docs/operations.md. */
static void expect_on_the_page(json_t *document, json_t *difference, json_t *family)
{
    json_t *const objects[] = {document, difference, family};
    char *page = runbook_page("docs/check", ".md");
    char *failures = runbook_page("docs/operations", ".md");
    const char *keys = strstr(page, "\n## `--json`\n");
    const char *key;
    json_t *value;

    cr_assert_not_null(keys);
    for (size_t i = 0; i < ZQ_LEN(objects); i++) {
        json_object_foreach(objects[i], key, value)
        {
            char words[64];

            snprintf(words, sizeof words, "`%s`", key);
            cr_expect(strstr(keys, words) != NULL || strstr(failures, words) != NULL,
                      "docs/check.md has no %s", words);
        }
    }
    free(failures);
    free(page);
}

Test(check, json_has_every_difference_family_and_foreign_table)
{
    json_t *document, *first, *second, *family, *foreign;

    make_ready();
    live_exec(db, "ALTER TABLE zq_app_users MODIFY username varchar(60) NOT NULL;"
                  "ALTER TABLE " DAILY "600002 DROP COLUMN vol; CREATE TABLE mine (id int)");
    document = json(1);
    first = json_array_get(json_object_get(document, "differences"), 0);
    second = json_array_get(json_object_get(document, "differences"), 1);
    family = json_array_get(json_object_get(document, "families"), 1);
    foreign = json_object_get(document, "foreign_tables");
    cr_assert_eq(json_array_size(json_object_get(document, "differences")), 2);
    cr_assert_str_eq(text(first, "table"), "zq_app_users");
    cr_assert_str_eq(text(first, "kind"), "different-column");
    cr_assert_str_eq(text(first, "object"), "username");
    cr_assert_str_eq(text(first, "expected"), "varchar(50)");
    cr_assert_str_eq(text(first, "actual"), "varchar(60)");
    cr_assert_str_eq(text(second, "table"), DAILY "600002");
    cr_assert_str_eq(text(second, "kind"), "missing-column");
    cr_assert(json_is_null(json_object_get(second, "actual")));
    cr_assert_str_eq(text(family, "name"), DAILY "{code}");
    cr_assert_eq(json_integer_value(json_object_get(family, "members")), 4);
    cr_assert_eq(json_integer_value(json_object_get(family, "differing")), 1);
    cr_assert_eq(json_integer_value(json_object_get(foreign, "count")), 1);
    cr_assert_str_eq(json_string_value(json_array_get(json_object_get(foreign, "names"), 0)),
                     "mine");
    cr_assert(json_is_null(json_object_get(document, "schema_id")));
    expect_on_the_page(document, first, family);
    json_decref(document);
}

Test(check, json_says_which_release_an_unrecorded_database_is)
{
    json_t *document, *recognised;

    make_release("0.2.0");
    document = json(1);
    recognised = json_object_get(document, "recognised");
    cr_assert_not(json_is_true(json_object_get(document, "at_head")));
    cr_assert(json_is_null(json_object_get(document, "revision")));
    cr_assert_str_eq(text(recognised, "release"), "0.2.0");
    cr_assert(json_is_true(json_object_get(recognised, "exact")));
    cr_assert_str_eq(text(document, "schema_id"), zq_releases[0].id);
    json_decref(document);
}

/* As a terminal shows it, or a log that takes both streams. */
Test(check, the_differences_come_before_what_is_said_of_them)
{
    program_result r = program_run(
        (const char *const[]){"/bin/sh", "-c", ZQ_BUILD_DIR "/zquant-migrate check 2>&1", NULL},
        NULL);

    cr_assert_eq(r.status, 1);
    cr_assert_str_eq(
        strstr(r.out, "zquant-migrate: the schema differs"),
        "zquant-migrate: the schema differs from that of zquant 0.4.0: 25 differences\n"
        "hint: run 'zquant-init' to make what is missing\n");
    program_free(&r);
}

ZQ_LIVE_MAIN
