#include "diff/plan.h"
#include "diff/diff.h"

#include "release.h"

#include <criterion/criterion.h>
#include <string.h>

static zq_changes changes_from(const zq_schema *desired, const zq_schema *actual, zq_arena *arena)
{
    zq_changes changes;
    zq_err err = {0};

    cr_assert_eq(zq_diff(desired, actual, arena, &changes, &err), ZQ_OK, "%s", err.message);
    return changes;
}

Test(plan, a_fresh_install_makes_the_tables_of_the_tool_first_and_no_family)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const zq_schema nothing = {0};
    zq_changes changes = changes_from(&zq_schema_head, &nothing, arena);
    zq_steps steps;
    size_t families = 0;

    for (size_t i = 0; i < zq_schema_head.n_tables; i++)
        families += zq_table_is_family(zq_schema_head.tables[i]);
    cr_assert_eq(families, 5);
    cr_assert_eq(zq_plan_create(&changes, ZQ_MYSQL, arena, &steps, NULL), ZQ_OK);
    cr_assert_eq(steps.n, zq_schema_head.n_tables - families);
    for (size_t i = 0; i < steps.n; i++) {
        const zq_step *step = &steps.items[i];

        cr_assert_eq(step->stage, zq_table_is_meta(step->change->desired) ? 0u : 1u);
        cr_assert(i == 0 || step[-1].stage <= step->stage);
        cr_assert_null(strstr(step->text, ZQ_CODE));
        cr_assert_eq(step->n_args, 0);
        cr_assert_not(step->changes_rows);
    }
}

Test(plan, a_step_says_what_it_makes)
{
    static const zq_column columns[] = {{"a", ZQ_INT}};
    static const zq_table table = {.name = "it's", .columns = columns, .n_columns = 1};
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const zq_table *tables[] = {&table};
    const zq_schema schema = {tables, 1}, nothing = {0};
    zq_changes changes = changes_from(&schema, &nothing, arena);
    zq_steps steps;

    cr_assert_eq(zq_plan_create(&changes, ZQ_MARIADB, arena, &steps, NULL), ZQ_OK);
    cr_assert_eq(steps.n, 1);
    cr_assert_str_eq(steps.items[0].say, "create table 'it's'");
    cr_assert_str_eq(steps.items[0].text,
                     "CREATE TABLE IF NOT EXISTS `it's` (\n  `a` int\n) ENGINE=InnoDB DEFAULT "
                     "CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci");
    cr_assert_eq(steps.items[0].change, &changes.items[0]);
}

Test(plan, only_what_is_missing_is_made_and_nothing_is_altered_or_dropped)
{
    static const zq_column columns[] = {{"a", ZQ_INT}, {"b", ZQ_INT}};
    static const zq_table wide = {.name = "t", .columns = columns, .n_columns = 2};
    static const zq_table narrow = {.name = "t", .columns = columns, .n_columns = 1};
    static const zq_table other = {.name = "u", .columns = columns, .n_columns = 1};
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const zq_table *one[] = {&wide}, *two[] = {&narrow, &other};
    const zq_schema desired = {one, 1}, actual = {two, 2};
    zq_changes changes = changes_from(&desired, &actual, arena);
    zq_steps steps;

    cr_assert_eq(changes.n, 2);
    cr_assert_eq(zq_plan_create(&changes, ZQ_MARIADB, arena, &steps, NULL), ZQ_OK);
    cr_assert_eq(steps.n, 0);
}

Test(plan, a_table_that_cannot_be_written_is_named)
{
    static const zq_column columns[] = {{"", ZQ_INT}};
    static const zq_table table = {.name = "t", .columns = columns, .n_columns = 1};
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const zq_table *tables[] = {&table};
    const zq_schema schema = {tables, 1}, nothing = {0};
    zq_changes changes = changes_from(&schema, &nothing, arena);
    zq_steps steps = {.n = 99};
    zq_err err = {0};

    cr_assert_eq(zq_plan_create(&changes, ZQ_MARIADB, arena, &steps, &err), ZQ_E_DATA);
    cr_assert_str_eq(err.message, "table 't' cannot be written as SQL: a name is empty: ''");
    cr_assert_eq(steps.n, 99);
}
