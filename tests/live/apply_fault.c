/* A revision with a statement of every kind, over a connection that fails at call 1, 2, 3 ... */
#include "base/buf.h"
#include "faulty.h"
#include "live.h"
#include "migrate/apply.h"
#include "migrate/record.h"
#include "release.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static const char revision_text[] =
    "-- revision: t1\n-- revises: base\n-- title: every kind of statement\n"
    "-- created: 2026-01-04T00:00:00Z\n\n"
    "-- zq:upgrade\n"
    "SET @step = 10;\n"
    "CREATE TABLE zq_t_one (id int PRIMARY KEY, a int) ENGINE=InnoDB;\n"
    "INSERT INTO zq_t_one VALUES (1, 1), (2, 2), (3, 3), (4, 4), (5, 5);\n"
    "ALTER TABLE zq_t_one ADD COLUMN b int;\n"
    "ALTER TABLE zq_t_one ADD INDEX ix_a (a);\n"
    "UPDATE zq_t_one SET a = a + @step;\n"
    "-- zq:batch table=zq_t_one key=id size=2\n"
    "UPDATE zq_t_one SET b = IFNULL(b, 0) + 1 WHERE {range};\n"
    "-- zq:end\n"
    "-- zq:family zq_data_tustock_daily\n"
    "ALTER TABLE {table} ADD INDEX ix_{table}_x (x);\n"
    "UPDATE {table} SET x = x + 1;\n"
    "-- zq:end\n"
    "CREATE VIEW zq_t_view AS SELECT id FROM zq_t_one;\n"
    "CREATE TRIGGER zq_t_trigger BEFORE INSERT ON zq_t_one FOR EACH ROW SET NEW.a = 7;\n"
    "ANALYZE TABLE zq_t_one;\n\n"
    "-- zq:downgrade\n"
    "DROP VIEW zq_t_view;\n"
    "DROP TABLE zq_t_one;\n";

static zq_arena *arena;
static const char *database;
static zq_chain chain;
static zq_path path;

static void set_up(const char *test)
{
    zq_revision *revision;
    zq_err err = {0};

    arena = zq_arena_open();
    revision = ZQ_NEW(arena, zq_revision);
    database = live_database(test);
    cr_assert_eq(zq_revision_file_read("t1_every.sql", revision_text, strlen(revision_text), arena,
                                       revision, &err),
                 ZQ_OK, "%s", err.message);
    cr_assert_eq(zq_chain_build(revision, 1, arena, &chain, &err), ZQ_OK, "%s", err.message);
    cr_assert_eq(zq_chain_path(&chain, 0, 1, ZQ_UP, arena, &path, &err), ZQ_OK);
}

static void make_database(zq_db *db)
{
    live_drop(database);
    live_make_database(db, database);
    for (size_t i = 0; i < zq_schema_head.n_tables; i++) {
        if (zq_table_is_meta(zq_schema_head.tables[i]))
            live_make_table(db, zq_schema_head.tables[i]);
    }
}

/* As it was before the revision. The tables of the bookkeeping are kept, and emptied: to make them
 * anew for each call would take most of the time. */
static void make_tables(zq_db *db)
{
    live_exec(db, "DROP VIEW IF EXISTS zq_t_view; DROP TABLE IF EXISTS zq_t_one, "
                  "zq_data_tustock_daily_000001, zq_data_tustock_daily_000002; "
                  "CREATE TABLE zq_data_tustock_daily_000001 (x int); "
                  "CREATE TABLE zq_data_tustock_daily_000002 (x int); "
                  "INSERT INTO zq_data_tustock_daily_000001 VALUES (1); "
                  "INSERT INTO zq_data_tustock_daily_000002 VALUES (2)");
    for (size_t i = 0; i < zq_schema_head.n_tables; i++) {
        if (zq_table_is_meta(zq_schema_head.tables[i]))
            live_exec(db,
                      zq_arena_printf(arena, "DELETE FROM `%s`", zq_schema_head.tables[i]->name));
    }
}

/* The revision's own session fails along; `context` is the plan. */
static zq_rc open_session(void *context, zq_db **out_db, zq_err *err)
{
    faulty *plan = context;

    if (__atomic_add_fetch(&plan->calls, 1, __ATOMIC_SEQ_CST) == plan->fail_at) {
        plan->failed = true;
        plan->looked = false;
        return zq_fail(err, ZQ_E_UNAVAILABLE, "no connection");
    }
    *out_db = faulty_over(live_open(), plan);
    return ZQ_OK;
}

static zq_rc apply(zq_db *db, faulty *plan, zq_err *err)
{
    static const zq_watch quiet = {0};
    zq_apply a = {
        .db = db,
        .database = database,
        .jobs = 1,
        .open = open_session,
        .open_context = plan,
        .schema = &zq_schema_head,
        .rules = {.lock_wait_s = 5, .lock_timeout_ms = 5000, .watch = &quiet, .database = database},
        .again = "zquant-migrate upgrade",
        .tool_version = "test",
    };

    return zq_apply_path(&a, &chain, &path, err);
}

static void add(zq_db *db, zq_buf *out, const char *sql)
{
    char *value = live_value(db, sql);

    zq_buf_printf(out, "%s\n", value == NULL ? "NULL" : value);
    free(value);
}

/* All that the revision makes, and the bookkeeping. */
static char *state_of(zq_db *db)
{
    ZQ_AUTO_BUF(out);

    add(db, &out, "SELECT GROUP_CONCAT(CONCAT(id, ' ', a, ' ', b) ORDER BY id) FROM zq_t_one");
    add(db, &out,
        "SELECT GROUP_CONCAT(CONCAT(TABLE_NAME, ' ', COLUMN_NAME, ' ', COLUMN_KEY) ORDER "
        "BY CAST(TABLE_NAME AS BINARY), ORDINAL_POSITION) FROM "
        "information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND "
        "TABLE_NAME NOT LIKE 'zq\\_meta%'");
    add(db, &out,
        "SELECT GROUP_CONCAT(TRIGGER_NAME) FROM information_schema.TRIGGERS WHERE "
        "TRIGGER_SCHEMA = DATABASE()");
    add(db, &out, "SELECT SUM(x) FROM zq_data_tustock_daily_000001");
    add(db, &out, "SELECT SUM(x) FROM zq_data_tustock_daily_000002");
    add(db, &out, "SELECT COUNT(*) FROM zq_meta_journal");
    add(db, &out, "SELECT GROUP_CONCAT(CONCAT(operation, revision, title)) FROM zq_meta_history");
    return strdup(zq_buf_text(&out));
}

/* As the program does: the path is from where the history says the database is. */
static zq_rc go_on(zq_db *db, zq_err *err)
{
    zq_record record;

    ZQ_TRY(zq_record_read(db, database, arena, &record, err));
    return zq_record_is_empty(&record) ? apply(db, &(faulty){0}, err) : ZQ_OK;
}

/* A connection lost after a call, and one before the next, find the server alike: in the short run
 * each takes every other call, which together are all. */
static unsigned step_of(faulty_kind kind)
{
    return getenv("ZQ_TEST_KILLS") != NULL || kind == FAULTY_REFUSED ? 1 : 2;
}

static void fail_each_call(const char *test, faulty_kind kind)
{
    ZQ_AUTO(zq_db) db = NULL;
    zq_err err = {0};
    char *unharmed;
    unsigned n = 1;

    set_up(test);
    db = live_open();
    make_database(db);
    make_tables(db);
    cr_assert_eq(apply(db, &(faulty){0}, &err), ZQ_OK, "%s %s", err.message, err.detail);
    unharmed = state_of(db);
    cr_assert_not_null(strstr(unharmed, "1 11 1,2 12 1,3 13 1,4 14 1,5 15 1"), "%s", unharmed);
    for (bool hit = true; hit; n += step_of(kind)) {
        faulty plan = {.fail_at = 0, .kind = kind};
        zq_db *failing = faulty_over(live_open(), &plan);
        char *state;
        zq_rc rc;

        make_tables(db);
        live_use(failing, database);
        plan = (faulty){.fail_at = n, .kind = kind};
        rc = apply(failing, &plan, &err);
        hit = plan.failed;
        zq_db_close(failing);
        if (!(plan.looked && kind == FAULTY_REFUSED))
            cr_assert_eq(hit, rc != ZQ_OK, "call %u: a failure was hidden or invented: %s", n,
                         err.message);
        cr_assert_eq(go_on(db, &err), ZQ_OK, "call %u: %s: %s", n, err.message, err.detail);
        state = state_of(db);
        cr_assert_str_eq(state, unharmed, "call %u", n);
        free(state);
    }
    cr_assert_gt(n, 15, "%u calls", n);
    free(unharmed);
    live_drop(database);
    zq_arena_close(arena);
}

Test(apply_fault, a_refused_call_is_told_and_the_next_run_completes, .timeout = 600)
{
    fail_each_call("fault_refused", FAULTY_REFUSED);
}

Test(apply_fault, a_connection_lost_before_a_call_is_told_and_the_next_run_completes,
     .timeout = 600)
{
    fail_each_call("fault_before", FAULTY_LOST_BEFORE);
}

Test(apply_fault, a_connection_lost_after_a_call_is_told_and_the_next_run_completes, .timeout = 600)
{
    fail_each_call("fault_after", FAULTY_LOST_AFTER);
}

ZQ_LIVE_MAIN
