/* Roles, permissions and grants against a real server: what the merge plans is what happens. */
#include "live.h"

#include "base/buf.h"
#include "diff/diff.h"
#include "release.h"
#include "run/runner.h"
#include "seed/admin.h"
#include "seed/merge/rbac_merge.h"
#include "seed/rbac_read.h"
#include "seed/seedwrite.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static zq_arena *arena;
static zq_db *db;
static const char *database;
static const zq_admin_identity who = {"admin", "admin@zquant.com", "admin"};

static void run(const zq_steps *steps)
{
    zq_server_sink server = {.db = db, .database = database, .jobs = 1};
    zq_sink sink = zq_sink_server_of(&server);
    zq_err err = {0};

    cr_assert_eq(zq_run_steps(steps, &sink, &err), ZQ_OK, "%s: %s", err.message, err.detail);
}

static void begin(void)
{
    zq_schema empty = {0};
    zq_changes changes;
    zq_steps steps;
    zq_err err = {0};

    arena = zq_arena_open();
    database = live_database("seeds");
    db = live_open();
    live_make_database(db, database);
    cr_assert_eq(zq_diff(&zq_schema_head, &empty, arena, &changes, &err), ZQ_OK);
    cr_assert_eq(zq_plan_create(&changes, live_flavor(), arena, &steps, &err), ZQ_OK);
    run(&steps);
}

static void end(void)
{
    zq_db_close(db);
    live_drop(database);
    zq_arena_close(arena);
}

TestSuite(seeds, .init = begin, .fini = end);

static zq_rbac read_now(void)
{
    zq_rbac now = {0};
    zq_err err = {0};
    unsigned before = zq_db_round_trips(db);

    cr_assert_eq(zq_rbac_read(db, database, &who, arena, &now, &err), ZQ_OK, "%s: %s", err.message,
                 err.detail);
    cr_assert_eq(zq_db_round_trips(db) - before, 1);
    return now;
}

static zq_rbac_merged apply(const zq_seeds *seeds, zq_rbac_options options)
{
    zq_rbac *now = ZQ_NEW(arena, zq_rbac);
    zq_rbac_merged merged = {0};
    zq_err err = {0};

    *now = read_now();
    cr_assert_eq(zq_rbac_merge(seeds, now, &options, arena, &merged, &err), ZQ_OK, "%s",
                 err.message);
    run(&merged.steps);
    return merged;
}

static zq_seeds builtin(void)
{
    zq_seeds seeds = {0};

    cr_assert_eq(zq_seeds_builtin(arena, &seeds, NULL), ZQ_OK);
    return seeds;
}

static zq_seeds parse(const char *roles, const char *permissions)
{
    zq_seed_text r = {"roles.ini", roles, strlen(roles)};
    zq_seed_text p = {"permissions.ini", permissions, strlen(permissions)};
    zq_seeds seeds = {0};
    zq_err err = {0};

    cr_assert_eq(zq_seeds_parse(&r, &p, arena, &seeds, NULL, &err), ZQ_OK, "%s\n%s", err.message,
                 err.detail);
    return seeds;
}

static void expect(const char *sql, const char *wanted)
{
    char *value = live_value(db, sql);

    cr_assert_str_eq(value != NULL ? value : "(null)", wanted, "%s", sql);
    free(value);
}

#define GROUPED(columns, table, order)                                         \
    "SELECT COALESCE(GROUP_CONCAT(CONCAT_WS('/', " columns ") ORDER BY " order \
    " SEPARATOR ' '), '') FROM " table
#define GRANTS                                                                   \
    GROUPED("r.name, p.name",                                                    \
            "zq_app_role_permissions g JOIN zq_app_roles r ON r.id = g.role_id " \
            "JOIN zq_app_permissions p ON p.id = g.permission_id",               \
            "r.id, p.id")

/* Everything, so that two moments can be compared. */
static const char *snapshot(void)
{
    static const char *const tables[] = {"zq_app_roles", "zq_app_permissions",
                                         "zq_app_role_permissions", "zq_app_users",
                                         "zq_meta_seeds"};
    ZQ_AUTO_BUF(out);

    live_exec(db, "SET SESSION group_concat_max_len = 4000000");
    for (size_t i = 0; i < ZQ_LEN(tables); i++) {
        zq_rows rows;
        zq_err err = {0};

        cr_assert_eq(
            live_query(db, zq_arena_printf(arena, "SELECT * FROM %s ORDER BY 1, 2, 3", tables[i]),
                       NULL, 0, arena, &rows, &err),
            ZQ_OK);
        for (size_t k = 0; k < rows.n * rows.n_columns; k++)
            zq_buf_printf(&out, "%s|", rows.values[k] != NULL ? rows.values[k] : "NULL");
    }
    return zq_arena_strdup(arena, zq_buf_text(&out));
}

Test(seeds, a_fresh_database_has_what_zquant_has_in_the_same_order)
{
    zq_seeds seeds = builtin();
    ZQ_AUTO_BUF(wanted);

    apply(&seeds, (zq_rbac_options){0});
    live_exec(db, "SET SESSION group_concat_max_len = 1000000");
    expect(GROUPED("name, description", "zq_app_roles", "id"),
           "admin/系统管理员 researcher/策略研究员 user/量化平台用户");
    expect("SELECT CONCAT(MIN(id), '-', MAX(id), ' ', COUNT(*)) FROM zq_app_permissions",
           "1-25 25");
    for (size_t i = 0; i < seeds.n_permissions; i++)
        zq_buf_printf(&wanted, "%s%s/%s/%s/%s", i == 0 ? "" : " ", seeds.permissions[i].name,
                      seeds.permissions[i].resource, seeds.permissions[i].action,
                      seeds.permissions[i].description);
    expect(GROUPED("name, resource, action, description", "zq_app_permissions", "id"),
           zq_buf_text(&wanted));
    zq_buf_clear(&wanted);
    for (size_t i = 0; i < seeds.n_grants; i++)
        zq_buf_printf(&wanted, "%s%s/%s", i == 0 ? "" : " ", seeds.roles[seeds.grants[i].role].name,
                      seeds.permissions[seeds.grants[i].permission].name);
    expect(GRANTS, zq_buf_text(&wanted));
    expect("SELECT COUNT(*) FROM zq_app_role_permissions WHERE created_by = 'admin' "
           "AND updated_by = 'admin' AND created_time = updated_time "
           "AND created_time > NOW() - INTERVAL 1 MINUTE",
           "37");
    expect("SELECT content FROM zq_meta_seeds WHERE kind = 'digest'", seeds.digest);
}

Test(seeds, the_second_run_changes_nothing_and_the_same_steps_again_add_nothing)
{
    zq_seeds seeds = builtin();
    zq_rbac_merged first = apply(&seeds, (zq_rbac_options){0});
    const char *before = snapshot();
    zq_rbac_merged second = apply(&seeds, (zq_rbac_options){0});

    cr_assert_eq(second.steps.n, 0);
    cr_assert_str_eq(snapshot(), before);
    run(&first.steps);
    cr_assert_str_eq(snapshot(), before);
}

Test(seeds, what_operators_changed_survives_a_new_release)
{
    zq_seeds old = parse("[r]\ndescription = old\npermissions = a:*\n[gone]\ndescription =\n"
                         "permissions = a:x\n",
                         "[a:x]\ndescription = x\n[a:y]\ndescription = y\n[a:z]\ndescription = z\n"
                         "[old:one]\ndescription =\n");
    zq_seeds new = parse("[r]\ndescription = new\npermissions = *\n[s]\ndescription =\n"
                         "permissions = b:*\n",
                         "[a:x]\ndescription = better\n[a:y]\ndescription = y2\n"
                         "[a:z]\ndescription = z\n[b:n]\ndescription = new\n");

    apply(&old, (zq_rbac_options){0});
    live_exec(db, "DELETE FROM zq_app_role_permissions WHERE permission_id = "
                  "(SELECT id FROM zq_app_permissions WHERE name = 'a:z') AND role_id = 4");
    live_exec(db, "UPDATE zq_app_permissions SET description = 'mine' WHERE name = 'a:y'");
    live_exec(db, "INSERT INTO zq_app_permissions (name, resource, action, created_time, "
                  "updated_time) VALUES ('op:own', 'op', 'own', NOW(), NOW())");
    live_exec(db, "INSERT INTO zq_app_role_permissions (role_id, permission_id, created_time, "
                  "updated_time) SELECT 4, id, NOW(), NOW() FROM zq_app_permissions "
                  "WHERE name = 'op:own'");
    apply(&new, (zq_rbac_options){0});
    expect(GRANTS, "r/a:x r/a:y r/op:own r/b:n s/b:n");
    expect(GROUPED("name, description", "zq_app_permissions", "id"),
           "a:x/better a:y/mine a:z/z op:own b:n/new");
    expect(GROUPED("name, description", "zq_app_roles", "id"), "r/new s");
    cr_assert_eq(apply(&new, (zq_rbac_options){0}).steps.n, 0);
    cr_assert_not(apply(&new, (zq_rbac_options){.prune = true}).differs);
    expect(GRANTS, "r/a:x r/a:y r/a:z r/b:n s/b:n");
    expect(GROUPED("name, description", "zq_app_permissions", "id"),
           "a:x/better a:y/y2 a:z/z b:n/new");
    cr_assert_eq(apply(&new, (zq_rbac_options){.prune = true}).steps.n, 0);
}

Test(seeds, a_database_without_a_record_is_read_and_taken_over)
{
    zq_seeds seeds = builtin();
    zq_rbac now;

    apply(&seeds, (zq_rbac_options){0});
    live_exec(db, "DELETE FROM zq_app_role_permissions WHERE role_id = 3");
    live_exec(db, "DROP TABLE zq_meta_seeds");
    now = read_now();
    cr_assert_eq(now.n_roles, 3);
    cr_assert_eq(now.n_grants, 35);
    cr_assert_eq(now.n_records, 0);
    cr_assert_null(now.digest);
}

/* What is read back has ids. */
static const char *without_ids(const char *text)
{
    char *out = zq_arena_strdup(arena, text);

    for (char *at; (at = strstr(out, "\nid = ")) != NULL;) {
        const char *end = strchr(at + 1, '\n');

        memmove(at, end, strlen(end) + 1);
    }
    return out;
}

Test(seeds, names_and_descriptions_of_all_kinds_come_back_as_they_were)
{
    zq_seeds seeds = parse(
        "[x'; DROP TABLE zq_app_users; --]\ndescription = \"a?b\\\\n\\n'\\\"`\"\n"
        "permissions = *\n[角色]\ndescription = 🙂\npermissions = 数据:读\nreconcile = no\n",
        "[数据:读]\ndescription = \"\"\n[\"a b,c\\x5D*\"]\ndescription =\nresource = ?\n"
        "action = '\n");
    zq_rbac now;
    zq_seeds back = {0};
    const char *texts[4];

    apply(&seeds, (zq_rbac_options){0});
    cr_assert_eq(apply(&seeds, (zq_rbac_options){0}).steps.n, 0);
    now = read_now();
    zq_rbac_seeds(&now, arena, &back);
    zq_seedwrite_text(&seeds, arena, &texts[0], &texts[1]);
    zq_seedwrite_text(&back, arena, &texts[2], &texts[3]);
    cr_assert_str_eq(texts[1], without_ids(texts[3]));
    cr_assert_str_eq(now.roles[0].description, "a?b\\n\n'\"`");
    cr_assert_str_eq(now.roles[1].name, "角色");
    cr_assert_str_eq(now.roles[1].description, "🙂");
}

Test(seeds, export_rebuild_and_export_give_the_same_files)
{
    zq_seeds seeds = builtin();
    zq_seeds first = {0};
    zq_seeds second = {0};
    zq_rbac *now = ZQ_NEW(arena, zq_rbac);

    apply(&seeds, (zq_rbac_options){0});
    live_exec(db, "UPDATE zq_app_permissions SET name = 'user:make' WHERE id = 1");
    live_exec(db, "UPDATE zq_app_roles SET description = NULL WHERE id = 2");
    *now = read_now();
    zq_rbac_seeds(now, arena, &first);
    live_exec(db, "DELETE FROM zq_app_role_permissions");
    live_exec(db, "DELETE FROM zq_app_permissions");
    live_exec(db, "DELETE FROM zq_app_roles");
    live_exec(db, "DELETE FROM zq_meta_seeds");
    apply(&first, (zq_rbac_options){0});
    *now = read_now();
    zq_rbac_seeds(now, arena, &second);
    cr_assert_str_eq(first.digest, second.digest);
}

Test(seeds, ten_thousand_permissions_are_applied)
{
    ZQ_AUTO_BUF(permissions);
    zq_seeds seeds;

    for (int i = 0; i < 10000; i++)
        zq_buf_printf(&permissions, "[r%d:a%d]\ndescription = %d\n", i % 97, i, i);
    seeds = parse("[all]\ndescription =\npermissions = *\n", zq_buf_text(&permissions));
    apply(&seeds, (zq_rbac_options){0});
    expect("SELECT COUNT(*) FROM zq_app_role_permissions", "10000");
    expect("SELECT COUNT(*) FROM zq_app_permissions AS p JOIN zq_app_permissions AS q "
           "ON q.id < p.id AND CAST(q.description AS SIGNED) > CAST(p.description AS SIGNED) "
           "WHERE p.id % 100 = 0",
           "0");
    cr_assert_eq(apply(&seeds, (zq_rbac_options){0}).steps.n, 0);
}

Test(seeds, the_administrator_is_made_once)
{
    zq_seeds seeds = builtin();
    zq_step step = zq_admin_insert(&who, "$2b$x", 0, arena);
    zq_steps steps = {&step, 1};
    zq_rbac now;

    apply(&seeds, (zq_rbac_options){0});
    cr_assert_null(read_now().admin);
    run(&steps);
    run(&steps);
    expect("SELECT CONCAT_WS('/', COUNT(*), MIN(username), MIN(email), MIN(hashed_password), "
           "MIN(role_id), MIN(is_active), MIN(created_by)) FROM zq_app_users",
           "1/admin/admin@zquant.com/$2b$x/1/1/admin");
    now = read_now();
    cr_assert_str_eq(now.admin->username, "admin");
    cr_assert(now.admin->is_active);
    cr_assert_eq(now.n_takers, 1);
    cr_assert_eq(now.roles[0].n_users, 1);
    step = zq_admin_rehash(now.admin, "$2b$y", 0, arena);
    run(&steps);
    expect("SELECT hashed_password FROM zq_app_users", "$2b$y");
}

ZQ_LIVE_MAIN
