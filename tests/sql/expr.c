#include "sql/table/expr.h"

#include <criterion/criterion.h>
#include <string.h>

static void assert_normal(const char *text, const char *expected)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();

    cr_assert_str_eq(zq_expr_normal(text, strlen(text), arena), expected);
}

/* The same expression as MySQL and as MariaDB print it. */
Test(expr, an_interval_is_the_same_on_both_servers)
{
    assert_normal("(now() + interval 1 day)", "current_timestamp() + interval 1 day");
    assert_normal("current_timestamp() + interval 1 day", "current_timestamp() + interval 1 day");
}

Test(expr, a_case_is_the_same_on_both_servers)
{
    const char *normal = "case when `a` = 1 then 'one' else 'many' end";

    assert_normal("(case when (`a` = 1) then _utf8mb4'one' else _utf8mb4'many' end)", normal);
    assert_normal("case when `a` = 1 then 'one' else 'many' end", normal);
    assert_normal("CASE `a` WHEN 1 THEN 'one' WHEN 2 THEN 'two' END",
                  "case `a` when 1 then 'one' when 2 then 'two' end");
}

Test(expr, a_cast_is_the_same_on_both_servers)
{
    assert_normal("cast(`b` as char(10) charset utf8mb4)", "cast(`b` as char(10))");
    assert_normal("cast(`b` as char(10) charset latin1)", "cast(`b` as char(10) charset latin1)");
    assert_normal("CAST((`a` + 1) AS SIGNED)", "cast(`a` + 1 as signed)");
}

Test(expr, what_is_not_understood_is_left_as_it_is)
{
    assert_normal(" case when 1 ", "case when 1");
    assert_normal("interval", "interval");
    assert_normal("cast(1 2)", "cast(1 2)");
}
