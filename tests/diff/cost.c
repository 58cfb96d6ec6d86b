#include "diff/cost.h"

#include "diff/type_holds.h"
#include "sql/table/show_create_read.h"

#include <criterion/criterion.h>
#include <string.h>

static zq_table table_of(const char *columns, zq_arena *arena)
{
    const char *text =
        zq_arena_printf(arena,
                        "CREATE TABLE `t` (\n  %s\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 "
                        "COLLATE=utf8mb4_unicode_ci",
                        columns);
    zq_table table;
    zq_err err = {0};

    cr_assert_eq(zq_show_create_read(text, strlen(text), ZQ_MYSQL, arena, &table, &err), ZQ_OK,
                 "%s", err.message);
    return table;
}

/* `renamed`: old name, new name, old ...; ends in NULL. */
static void mark(zq_table *table, const char *const *renamed)
{
    for (; renamed != NULL && *renamed != NULL; renamed += 2) {
        for (size_t i = 0; i < table->n_columns; i++) {
            if (strcmp(table->columns[i].name, renamed[1]) == 0)
                ((zq_column *)table->columns)[i].was = renamed[0];
        }
    }
}

static zq_cost cost_of(const char *before, const char *after, const char *const *renamed,
                       zq_arena *arena)
{
    zq_table from = table_of(before, arena);
    zq_table to = table_of(after, arena);
    zq_cost_request request = {
        .before = &from, .after = &to, .predicted = true, .name = "'t'", .flavor = ZQ_MYSQL};
    zq_cost cost;
    zq_err err = {0};

    mark(&to, renamed);
    cr_assert_eq(zq_cost_of(&request, arena, &cost, &err), ZQ_OK, "%s", err.message);
    return cost;
}

static const struct {
    const char *before, *after;
    bool loses;
} types[] = {
    {"varchar(50)", "varchar(60)", false},
    {"varchar(50)", "varchar(49)", true},
    {"varchar(50)", "char(50)", true},
    {"char(50)", "varchar(50)", false},
    {"varchar(50)", "text", false},
    {"varchar(20000)", "text", true},
    {"text", "varchar(16000)", true},
    {"text", "mediumtext", false},
    {"mediumtext", "text", true},
    {"varchar(50)", "varbinary(200)", false},
    {"varchar(50)", "varbinary(100)", true},
    {"varbinary(20)", "varchar(20)", true},
    {"varbinary(20)", "varbinary(30)", false},
    {"varbinary(20)", "binary(30)", true},
    {"blob", "tinyblob", true},
    {"text", "json", true},
    {"json", "longtext", false},
    {"json", "text", true},
    {"tinyint", "tinyint(1)", false},
    {"int", "bigint", false},
    {"bigint", "int", true},
    {"int", "int unsigned", true},
    {"int unsigned", "int", true},
    {"int unsigned", "bigint", false},
    {"int", "bigint unsigned", true},
    {"int", "double", false},
    {"bigint", "double", true},
    {"int", "float", true},
    {"double", "int", true},
    {"double", "float", true},
    {"float", "double", false},
    {"double", "decimal(30,10)", true},
    {"decimal(10,3)", "decimal(12,3)", false},
    {"decimal(10,3)", "decimal(10,2)", true},
    {"decimal(10,3)", "decimal(10,4)", true},
    {"decimal(10,3)", "double", false},
    {"decimal(20,3)", "double", true},
    {"decimal(10,0)", "bigint", true},
    {"int", "decimal(10,0)", false},
    {"int", "decimal(10,2)", true},
    {"int", "varchar(11)", false},
    {"int", "varchar(10)", true},
    {"decimal(5,2)", "varchar(8)", false},
    {"varchar(10)", "int", true},
    {"varchar(10)", "date", true},
    {"bit(4)", "bit(5)", false},
    {"bit(4)", "bit(3)", true},
    {"bit(8)", "tinyint unsigned", false},
    {"bit(8)", "tinyint", true},
    {"enum('a','b')", "enum('b','a','c')", false},
    {"enum('a','b')", "enum('a')", true},
    {"enum('a','bc')", "varchar(2)", false},
    {"enum('a','bc')", "varchar(1)", true},
    {"enum('a','b')", "set('a','b')", false},
    {"set('a','b')", "enum('a','b')", true},
    {"set('a','b')", "varchar(4)", false},
    {"set('a','b')", "set('a')", true},
    {"varchar(1)", "enum('a','b')", true},
    {"datetime", "datetime(3)", false},
    {"datetime(3)", "datetime", true},
    {"datetime", "date", true},
    {"date", "datetime", false},
    {"datetime", "timestamp NULL", true},
    {"timestamp NULL", "datetime", false},
    {"time(3)", "time", true},
    {"time", "time(3)", false},
    {"datetime", "varchar(19)", false},
    {"date", "varchar(9)", true},
    {"year", "smallint", false},
    {"year", "tinyint", true},
    {"int", "year", true},
    {"geometry", "point", true},
    {"varchar(50) CHARACTER SET latin1", "varchar(50)", false},
    {"varchar(50)", "varchar(50) CHARACTER SET latin1", true},
    {"varchar(50) CHARACTER SET utf8mb3", "varchar(50)", false},
    {"varchar(50)", "varchar(50) CHARACTER SET utf8mb3", true},
    {"varchar(50) CHARACTER SET latin1", "varchar(50) CHARACTER SET utf8mb3", false},
    {"text CHARACTER SET latin1", "text", true},
    {"text CHARACTER SET latin1", "mediumtext", false},
    {"text CHARACTER SET utf8mb3", "text", false},
    {"varchar(50)", "varchar(50) COLLATE utf8mb4_bin", false},
    {"varchar(50)", "varchar(50) NOT NULL", false},
};

Test(cost, a_type_that_cannot_hold_every_value_is_a_loss)
{
    for (size_t i = 0; i < ZQ_LEN(types); i++) {
        ZQ_AUTO(zq_arena) arena = zq_arena_open();
        zq_cost cost = cost_of(zq_arena_printf(arena, "`a` %s", types[i].before),
                               zq_arena_printf(arena, "`a` %s", types[i].after), NULL, arena);

        cr_expect_eq(cost.n_losses, types[i].loses, "%s to %s", types[i].before, types[i].after);
    }
}

static void assert_loss(const char *before, const char *after, const char *what)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_cost cost = cost_of(before, after, NULL, arena);

    cr_assert_eq(cost.n_losses, 1);
    cr_expect_str_eq(cost.losses[0].what, what);
}

Test(cost, what_is_lost_is_said_in_words)
{
    assert_loss("`a` int,\n  `b` int", "`a` int", "drops the column 'b' of 't'");
    assert_loss("`a` varchar(50)", "`a` varchar(20)",
                "narrows the column 'a' of 't' from varchar(50) to varchar(20)");
    assert_loss("`a` enum('x','y')", "`a` enum('x')",
                "narrows the column 'a' of 't' from enum('x','y') to enum('x')");
    assert_loss("`a` varchar(50)", "`a` varchar(50) CHARACTER SET latin1",
                "narrows the column 'a' of 't' from charset utf8mb4 to latin1");
    assert_loss("`a` int,\n  `b` int", "`a` int,\n  `b` int GENERATED ALWAYS AS (`a` + 1) STORED",
                "puts generated values into the column 'b' of 't'");
}

Test(cost, a_renamed_column_keeps_its_values_and_is_compared_with_what_it_was)
{
    static const char *const renamed[] = {"a", "b", "b", "a", NULL};
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_cost cost = cost_of("`a` int,\n  `b` bigint,\n  KEY `i` (`a`)",
                           "`b` int,\n  `a` bigint,\n  KEY `i` (`b`)", renamed, arena);

    cr_expect_eq(cost.n_losses, 0);
    cr_expect_eq(cost.blocking, ZQ_BLOCKING_NONE);
    cost = cost_of("`a` int,\n  `b` bigint", "`b` smallint,\n  `a` bigint", renamed, arena);
    cr_assert_eq(cost.n_losses, 1);
    cr_expect_str_eq(cost.losses[0].what, "narrows the column 'b' of 't' from int to smallint");
}

Test(cost, what_keeps_the_application_waiting_has_a_reason)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_cost cost = cost_of("`a` int", "`a` bigint", NULL, arena);

    cr_expect_eq(cost.blocking, ZQ_BLOCKING_COPY);
    cr_expect_str_eq(cost.why, "column 'a' becomes bigint, from int");
    cost = cost_of("`a` text", "`a` text,\n  FULLTEXT KEY `i` (`a`)", NULL, arena);
    cr_expect_eq(cost.blocking, ZQ_BLOCKING_WRITES);
    cr_expect_str_eq(cost.why, "'i' is a fulltext index");
    cost = cost_of("`a` int", "`a` int NOT NULL", NULL, arena);
    cr_expect_eq(cost.blocking, ZQ_BLOCKING_REBUILD);
    cr_expect_null(cost.why);
    cost = cost_of("`a` int", "`a` int", NULL, arena);
    cr_expect_eq(cost.blocking, ZQ_BLOCKING_NONE);
}
