/* Offline scripts, run by the mysql client: the same schema and history as an online run leaves. */
#include "base/buf.h"
#include "live.h"
#include "migrate/record.h"
#include "migrate/script.h"
#include "model/canon.h"
#include "model/family.h"
#include "program.h"
#include "release.h"
#include "run/compare.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static zq_arena *arena;
static zq_db *db;
static const char *database;
static zq_chain chain;

static void set_up(const char *test)
{
    zq_err err = {0};

    arena = zq_arena_open();
    database = live_database(test);
    db = live_open();
    cr_assert_eq(zq_chain_load(NULL, &zq_schema_head, arena, &chain, &err), ZQ_OK, "%s",
                 err.message);
}

static void tear_down(void)
{
    zq_db_close(db);
    live_drop(database);
    zq_arena_close(arena);
}

static const char *script(size_t from, size_t to)
{
    zq_direction direction = to < from ? ZQ_DOWN : ZQ_UP;
    zq_script s = {
        .chain = &chain,
        .from = from,
        .direction = direction,
        .database = database,
        .schema = &zq_schema_head,
        .tool_version = ZQ_VERSION,
        .flavor = live_flavor(),
    };
    ZQ_AUTO_BUF(out);
    zq_path path;
    zq_err err = {0};

    cr_assert_eq(zq_chain_path(&chain, from, to, direction, arena, &path, &err), ZQ_OK);
    cr_assert_eq(zq_script_write(&s, &path, arena, &out, &err), ZQ_OK, "%s", err.message);
    return zq_arena_strdup(arena, zq_buf_text(&out));
}

/* Hand a script to the mysql client, as a DBA does; its exit status, and what it said. */
static int run_client(const char *text, const char **out_said)
{
    program_result result = program_mysql(NULL, text);
    int status = result.status;

    *out_said = zq_arena_strdup(arena, result.err);
    program_free(&result);
    return status;
}

static void run_script(size_t from, size_t to)
{
    const char *said;

    cr_assert_eq(run_client(script(from, to), &said), 0, "%zu to %zu: %s", from, to, said);
}

static void assert_at(size_t position)
{
    const zq_revision *at = zq_chain_at(&chain, position);
    const zq_schema *wanted, *schema;
    char id[ZQ_DIGEST_HEX];
    zq_catalog catalog;
    zq_err err = {0};

    cr_assert_eq(zq_canon_parse(zq_release_text(&zq_releases[position - 1]),
                                strlen(zq_release_text(&zq_releases[position - 1])), arena, &wanted,
                                &err),
                 ZQ_OK);
    cr_assert_eq(zq_catalog_read(db, NULL, database, wanted, arena, &catalog, &err), ZQ_OK, "%s %s",
                 err.message, err.detail);
    schema = zq_compare_schema(&catalog, wanted, arena);
    cr_assert_not_null(schema);
    zq_canon_id(schema, id);
    cr_assert_str_eq(id, at->schema_id, "at %s", at->id);
}

static void make_members(const char *code)
{
    const zq_schema *first;
    zq_err err = {0};

    cr_assert_eq(zq_canon_parse(zq_release_text(&zq_releases[0]),
                                strlen(zq_release_text(&zq_releases[0])), arena, &first, &err),
                 ZQ_OK);
    live_use(db, database);
    for (size_t i = 0; i < first->n_tables; i++) {
        if (zq_table_is_family(first->tables[i]))
            live_make_table(db, zq_family_member(arena, first->tables[i], code));
    }
}

/* Rows with keys that lie apart, so that ranges by number of rows and by value differ. */
static void fill(void)
{
    live_exec(db, "SET foreign_key_checks = 0");
    live_exec(db, "INSERT INTO zq_task_task_executions "
                  "(id, task_id, status, start_time, retry_count, created_at) VALUES "
                  "(1, 1, 'PENDING', NOW(), 0, '2024-01-01'), "
                  "(5000, 1, 'PENDING', NOW(), 0, '2024-01-02'), "
                  "(2000000000, 1, 'PENDING', NOW(), 0, '2024-01-03')");
}

static const struct {
    size_t to;
    const char *operation;
} history[] = {{1, "upgrade"},   {2, "upgrade"}, {3, "upgrade"}, {2, "downgrade"},
               {1, "downgrade"}, {2, "upgrade"}, {3, "upgrade"}};

/* Every row that a run writes, with every column that does not depend on the hour. */
static void assert_history(void)
{
    zq_rows rows;
    zq_err err = {0};

    cr_assert_eq(live_query(db,
                            "SELECT revision, operation, release_name, title, checksum, "
                            "schema_id, tool_version FROM zq_meta_history ORDER BY id",
                            NULL, 0, arena, &rows, &err),
                 ZQ_OK, "%s", err.detail);
    cr_assert_eq(rows.n, ZQ_LEN(history));
    for (size_t i = 0; i < ZQ_LEN(history); i++) {
        zq_history_entry e =
            zq_record_history(&chain, history[i].to, history[i].operation, ZQ_VERSION);
        const char *want[] = {e.revision, e.operation, e.release_name, e.title,
                              e.checksum, e.schema_id, e.tool_version};

        for (size_t c = 0; c < ZQ_LEN(want); c++)
            cr_expect_str_eq(zq_rows_at(&rows, i, c), want[c], "row %zu", i);
    }
}

Test(revision_script, the_mysql_client_leaves_the_schema_and_the_history_of_an_online_run)
{
    char *n;

    set_up("revision_script");
    run_script(0, 1);
    make_members("000001");
    make_members("x_9");
    fill();
    assert_at(1);
    run_script(1, 3);
    assert_at(3);
    n = live_value(db, "SELECT COUNT(*) FROM zq_task_task_executions "
                       "WHERE updated_time = created_time AND YEAR(created_time) = 2024");
    cr_expect_str_eq(n, "3");
    free(n);
    run_script(3, 1);
    assert_at(1);
    run_script(1, 3);
    assert_at(3);
    assert_history();
    n = live_value(db, "SELECT COUNT(*) FROM information_schema.ROUTINES "
                       "WHERE ROUTINE_SCHEMA = DATABASE()");
    cr_expect_str_eq(n, "0", "procedures are left behind");
    free(n);
    tear_down();
}

Test(revision_script, a_script_for_another_revision_stops_before_it_changes_anything)
{
    const char *said;

    set_up("revision_script_guard");
    run_script(0, 1);
    cr_expect_neq(run_client(script(2, 3), &said), 0);
    cr_expect_not_null(strstr(said, "the database is not at the revision where this script begins"),
                       "%s", said);
    assert_at(1);
    cr_expect_neq(run_client(script(0, 1), &said), 0);
    live_use(db, database);
    live_exec(db, "INSERT INTO zq_meta_journal (revision, direction, step, state, token, "
                  "started_time) VALUES ('0002', 'up', 1, 'started', 1, NOW(3))");
    cr_expect_neq(run_client(script(1, 2), &said), 0);
    cr_expect_not_null(strstr(said, "a run of zquant-migrate is under way or was cut short"), "%s",
                       said);
    assert_at(1);
    tear_down();
}

static const char odd[] =
    "-- revision: 0001\n-- revises: base\n-- title: it's odd\n-- created: 2026-01-04T00:00:00Z\n"
    "-- zq:upgrade\n"
    "CREATE TABLE zq_x (k varchar(20) UNIQUE, n int NOT NULL, t text);\n"
    "INSERT INTO zq_x VALUES ('a', 0, ''), ('b''', 0, ''), ('c\\\\', 0, ''), ('d;', 0, ''),"
    " ('e', 0, ''), (NULL, 0, ''), (NULL, 0, ''); -- seven\n"
    "-- zq:batch table=zq_x key=k size=2\n"
    "UPDATE zq_x SET n = n + 1, t = CONCAT(t, 'it''s; ', k) WHERE {range};\n"
    "-- zq:end\n"
    "DELIMITER $$\n"
    "CREATE TRIGGER zq_x_t BEFORE INSERT ON zq_x FOR EACH ROW\n"
    "BEGIN\n  SET NEW.n = 6 / 2;\n  SET NEW.t = 'x'; -- y;\nEND$$\n"
    "DELIMITER ;\n"
    "-- zq:downgrade\n"
    "DROP TABLE zq_x;\n";

Test(revision_script, ranges_of_text_keys_and_stored_programs_survive_the_client)
{
    zq_revision revision;
    zq_err err = {0};
    char *text;

    set_up("revision_script_odd");
    cr_assert_eq(zq_revision_file_read("0001_odd.sql", odd, sizeof odd - 1, arena, &revision, &err),
                 ZQ_OK, "%s", err.message);
    cr_assert_eq(zq_chain_build(&revision, 1, arena, &chain, &err), ZQ_OK, "%s", err.message);
    run_script(0, 1);
    live_use(db, database);
    live_exec(db, "INSERT INTO zq_x VALUES ('f', 0, '')");
    text = live_value(
        db,
        "SELECT GROUP_CONCAT(IFNULL(k, ''), '=', n, '=', IFNULL(t, '') ORDER BY k SEPARATOR '|') "
        "FROM zq_x");
    cr_expect_str_eq(text, "=1=|=1=|a=1=it's; a|b'=1=it's; b'|c\\=1=it's; c\\|d;=1=it's; d;|"
                           "e=1=it's; e|f=3=x");
    free(text);
    run_script(1, 0);
    text = live_value(db, "SELECT GROUP_CONCAT(revision, ':', operation ORDER BY id) "
                          "FROM zq_meta_history");
    cr_expect_str_eq(text, "0001:upgrade,:downgrade");
    free(text);
    tear_down();
}

ZQ_LIVE_MAIN
