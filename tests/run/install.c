#include "run/install.h"

#include "release.h"

#include <criterion/criterion.h>
#include <string.h>

static const zq_history_entry entry = {
    .revision = "0003", .operation = "install", .tool_version = "0.4.0", .duration_ms = -1};

static zq_steps tables(zq_arena *arena, const zq_state *state)
{
    zq_steps steps = {0};
    zq_err err = {0};

    cr_assert_eq(
        zq_install_plan_tables(&zq_schema_head, state, "0003", ZQ_MARIADB, arena, &steps, &err),
        ZQ_OK, "%s", err.message);
    return steps;
}

static zq_state empty_database(zq_arena *arena)
{
    const char **missing = ZQ_NEW_ARRAY(arena, const char *, zq_schema_head.n_tables);
    zq_state state = {.condition = ZQ_DB_EMPTY, .missing = missing, .n_missing_meta = 4};

    for (size_t i = 0; i < zq_schema_head.n_tables; i++) {
        const zq_table *table = zq_schema_head.tables[i];

        if (!zq_table_is_family(table) && !zq_table_is_meta(table))
            missing[state.n_missing++] = table->name;
    }
    return state;
}

Test(install, a_fresh_database_gets_the_mark_before_any_table)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_state state = empty_database(arena);
    zq_steps steps = tables(arena, &state);

    cr_assert_eq(steps.n, 4 + 1 + 25);
    cr_assert_str_eq(steps.items[0].say, "create table 'zq_meta_history'");
    cr_assert_str_eq(steps.items[1].say, "create table 'zq_meta_journal'");
    cr_assert_str_eq(steps.items[2].say, "mark that an install is under way");
    for (size_t i = 0; i < 3; i++) {
        cr_assert(steps.items[i].in_order);
        cr_assert_eq(steps.items[i].stage, steps.items[0].stage);
    }
    for (size_t i = 3; i < steps.n; i++) {
        cr_assert(strncmp(steps.items[i].say, "create table 'zq_", 17) == 0);
        cr_assert(!steps.items[i].changes_rows && !steps.items[i].in_order);
        cr_assert_gt(steps.items[i].stage, steps.items[2].stage);
    }
}

Test(install, a_fresh_database_loses_the_mark_in_the_transaction_that_records_it)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_state state = empty_database(arena);
    const zq_step last = {.text = "UPDATE ...", .say = "give something back"};
    zq_steps steps = zq_install_plan_end(&state, &(zq_steps){0}, &entry, &last, arena);

    cr_assert_eq(steps.n, 3);
    cr_assert_str_eq(steps.items[0].say, "record revision 0003");
    cr_assert_str_eq(steps.items[1].say, "remove the mark of the install");
    cr_assert_str_eq(steps.items[2].say, "give something back");
    for (size_t i = 0; i < steps.n; i++) {
        cr_assert(steps.items[i].changes_rows);
        cr_assert_eq(steps.items[i].stage, steps.items[0].stage);
    }
}

/* The roles are there before the one who needs his password hashed, whoever is killed between. */
Test(install, the_administrator_is_made_with_the_record_and_after_the_roles)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_state state = empty_database(arena);
    zq_step row = {.text = "INSERT ...", .say = "some row"};
    zq_steps given = {.items = &row, .n = 1};
    zq_steps rows = zq_install_plan_rows(&given, arena);
    zq_steps end = zq_install_plan_end(&state, &given, &entry, NULL, arena);

    cr_assert_eq(rows.n, 1);
    cr_assert_eq(end.n, 3);
    cr_assert(rows.items[0].changes_rows && end.items[0].changes_rows);
    cr_assert_lt(rows.items[0].stage, end.items[0].stage);
    cr_assert_eq(end.items[0].stage, end.items[2].stage);
}

Test(install, a_ready_database_needs_nothing)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_state state = {.condition = ZQ_DB_READY, .revision = "0003"};

    cr_assert_eq(tables(arena, &state).n, 0);
    cr_assert_eq(zq_install_plan_end(&state, &(zq_steps){0}, &entry, NULL, arena).n, 0);
}

Test(install, a_table_that_is_missing_at_head_is_made_without_a_mark_or_an_entry)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const char *const missing[] = {"zq_app_configs"};
    zq_state state = {
        .condition = ZQ_DB_INCOMPLETE, .revision = "0003", .missing = missing, .n_missing = 1};
    zq_steps steps = tables(arena, &state);

    cr_assert_eq(steps.n, 1);
    cr_assert_str_eq(steps.items[0].say, "create table 'zq_app_configs'");
    cr_assert_eq(zq_install_plan_end(&state, &(zq_steps){0}, &entry, NULL, arena).n, 0);
}
