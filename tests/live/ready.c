/* The library's walk to a ready database, with connections that fail at every call. */
#include "seed/ready.h"

#include "faulty.h"
#include "live.h"
#include "release.h"

#include <criterion/criterion.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const revisions[] = {"0001", "0002", "0003", NULL};
static const zq_admin_identity admin = {
    .username = "admin", .email = "admin@zquant.com", .role = "admin"};

static zq_rc hash_begin(void *context, bool resume, const zq_rbac *now, zq_err *err)
{
    (void)context;
    (void)resume;
    (void)now;
    (void)err;
    return ZQ_OK;
}

static zq_rc hash_end(void *context, const char **out_hash, zq_err *err)
{
    (void)context;
    (void)err;
    *out_hash = "$argon2id$v=19$m=65536,t=2,p=1$c2FsdA$aGFzaA";
    return ZQ_OK;
}

static zq_rc open_another(void *context, zq_db **out_db, zq_err *err)
{
    zq_target target = live_target();

    ZQ_TRY(zq_db_open(&target, out_db, err));
    if (context != NULL)
        *out_db = faulty_over(*out_db, context);
    return ZQ_OK;
}

static zq_rc make_ready_with(const char *database, faulty *plan, zq_hash_source hash,
                             zq_ready_result *out, zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO(zq_db) db = NULL;
    zq_seeds seeds;
    zq_ready_request request = {
        .open = open_another,
        .open_context = plan,
        .database = database,
        .wanted = {.schema = &zq_schema_head, .revisions = revisions},
        .seeds = &seeds,
        .admin = &admin,
        .hash = hash,
        .entry = {.revision = "0003",
                  .operation = "install",
                  .release_name = "0.4.0",
                  .tool_version = "test",
                  .duration_ms = -1},
        .jobs = 2,
        .lease = {.timeout_ms = 10000},
    };

    cr_assert_eq(zq_seeds_builtin(arena, &seeds, err), ZQ_OK, "%s", err->message);
    ZQ_TRY(open_another(plan, &db, err));
    request.db = db;
    return zq_make_ready(&request, arena, out, err);
}

static zq_rc make_ready(const char *database, faulty *plan, zq_ready_result *out, zq_err *err)
{
    const zq_hash_source hash = {.begin = hash_begin, .end = hash_end};

    return make_ready_with(database, plan, hash, out, err);
}

/* All that two databases must have in common, as one text; times, counters and hashes left out. */
static char *snapshot(const char *database)
{
    static const char *const questions[] = {
        "SELECT GROUP_CONCAT(TABLE_NAME ORDER BY TABLE_NAME) FROM information_schema.TABLES "
        "WHERE TABLE_SCHEMA = DATABASE()",
        "SELECT GROUP_CONCAT(CONCAT_WS('|', id, name, description) ORDER BY id) FROM zq_app_roles",
        "SELECT GROUP_CONCAT(CONCAT_WS('|', id, name, resource, action, description) ORDER BY id) "
        "FROM zq_app_permissions",
        "SELECT GROUP_CONCAT(CONCAT_WS('|', role_id, permission_id) "
        "ORDER BY role_id, permission_id) FROM zq_app_role_permissions",
        "SELECT GROUP_CONCAT(CONCAT_WS('|', username, email, role_id, is_active) ORDER BY id) "
        "FROM zq_app_users",
        "SELECT GROUP_CONCAT(CONCAT_WS('|', revision, operation, release_name)) "
        "FROM zq_meta_history",
        "SELECT COUNT(*) FROM zq_meta_journal",
        "SELECT GROUP_CONCAT(CONCAT_WS('|', kind, role_name, permission_name, content) "
        "ORDER BY kind, role_name, permission_name) FROM zq_meta_seeds",
    };
    ZQ_AUTO(zq_db) db = live_open();
    char sql[512];
    char *text = strdup("");

    snprintf(sql, sizeof sql, "USE `%s`; SET SESSION group_concat_max_len = 1000000", database);
    live_exec(db, sql);
    for (size_t i = 0; i < ZQ_LEN(questions); i++) {
        char *answer = live_value(db, questions[i]);
        char *longer = NULL;

        cr_assert_geq(asprintf(&longer, "%s%s\n", text, answer != NULL ? answer : "-"), 0);
        free(text);
        free(answer);
        text = longer;
    }
    return text;
}

static char *clean_run(void)
{
    const char *database = live_database("clean");
    zq_ready_result result;
    zq_err err = {0};
    char *text;

    cr_assert_eq(make_ready(database, NULL, &result, &err), ZQ_OK, "%s: %s", err.message,
                 err.detail);
    text = snapshot(database);
    live_drop(database);
    return text;
}

static void fail_every_call(faulty_kind kind)
{
    char *expected = clean_run();
    char database[64];
    unsigned n = 1;
    bool hit = true;

    snprintf(database, sizeof database, "%s", live_database("faults"));
    for (; hit; n++) {
        faulty plan = {.fail_at = n, .kind = kind};
        zq_ready_result result;
        zq_err err = {0};
        zq_rc rc = make_ready(database, &plan, &result, &err);
        char *found;

        hit = plan.failed;
        /* A worker that cannot be had is done without; a lost lock is given back by itself. */
        if (!hit)
            cr_assert_eq(rc, ZQ_OK, "call %u: a failure was invented: %s", n, err.message);
        err = (zq_err){0};
        cr_assert_eq(make_ready(database, NULL, &result, &err), ZQ_OK, "call %u: %s: %s", n,
                     err.message, err.detail);
        found = snapshot(database);
        cr_assert_str_eq(found, expected, "call %u", n);
        free(found);
        live_drop(database);
    }
    cr_assert_gt(n, 7, "only %u calls were made: nothing was tested", n);
    free(expected);
}

Test(ready, every_refused_call_leaves_a_database_that_the_next_run_completes)
{
    fail_every_call(FAULTY_REFUSED);
}

Test(ready, every_call_lost_before_it_is_sent_leaves_a_database_that_the_next_run_completes)
{
    fail_every_call(FAULTY_LOST_BEFORE);
}

Test(ready, every_call_whose_answer_is_lost_leaves_a_database_that_the_next_run_completes)
{
    fail_every_call(FAULTY_LOST_AFTER);
}

Test(ready, a_fresh_install_takes_at_most_fifteen_round_trips_and_a_second_run_one)
{
    const char *database = live_database("trips");
    faulty plan = {0};
    zq_ready_result result;
    zq_err err = {0};

    cr_assert_eq(make_ready(database, &plan, &result, &err), ZQ_OK, "%s", err.message);
    cr_assert_eq(result.found.condition, ZQ_DB_MISSING);
    cr_assert(result.created_database && result.made_admin);
    cr_assert_eq(result.n_tables, 25);
    /* Those of the workers run side by side with the first connection's, and are counted here too.
     */
    cr_assert_leq(plan.calls, 15);
    plan.calls = 0;
    cr_assert_eq(make_ready(database, &plan, &result, &err), ZQ_OK, "%s", err.message);
    cr_assert_eq(result.found.condition, ZQ_DB_READY);
    cr_assert_eq(plan.calls, 1);
    live_drop(database);
}

static zq_rc hash_end_too_late(void *context, const char **out_hash, zq_err *err)
{
    ZQ_AUTO(zq_db) db = live_open();
    char sql[512];

    snprintf(sql, sizeof sql,
             "INSERT INTO `%s`.zq_app_users (username, email, hashed_password, role_id, is_active, "
             "created_time, updated_time) SELECT 'another', 'a@x.cn', 'h', id, 1, NOW(), NOW() "
             "FROM `%s`.zq_app_roles WHERE name = 'admin'",
             (const char *)context, (const char *)context);
    live_exec(db, sql);
    return hash_end(NULL, out_hash, err);
}

Test(ready, an_administrator_that_another_made_during_the_hashing_is_not_taken_for_ours)
{
    const char *database = live_database("late");
    zq_hash_source late = {.begin = hash_begin, .end = hash_end_too_late, .context = NULL};
    zq_ready_result result;
    zq_err err = {0};

    late.context = (void *)(uintptr_t)database;
    cr_assert_eq(make_ready_with(database, NULL, late, &result, &err), ZQ_OK, "%s", err.message);
    cr_assert_not(result.made_admin);
    live_drop(database);
}

ZQ_LIVE_MAIN
