#include "run/member_form.h"

#include "sql/flavor.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define FAMILY "zq_x_{code}"

static const char *const patterns[] = {"ix_zq_x_{code}_a", "ix_zq_x_{code}_b", NULL};

#define TABLE(name, indexes)                                                            \
    "CREATE TABLE `" name "` (\n  `id` int NOT NULL,\n  `a` int,\n  `b` int,\n" indexes \
    "  PRIMARY KEY (`id`)\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci"

static zq_member_form read_form(zq_arena *arena, const char *definition, const char *code)
{
    zq_member_form form;

    cr_assert_eq(zq_member_form_read(definition, strlen(definition), ZQ_MYSQL, FAMILY, code,
                                     patterns, arena, &form, NULL),
                 ZQ_OK);
    return form;
}

Test(member_form, members_are_alike_whatever_the_order_of_indexes_and_whoevers_code_they_carry)
{
    static const struct {
        const char *definition, *code;
        size_t n_other;
    } same[] = {
        {TABLE("zq_x_1", "  KEY `ix_zq_x_1_a` (`a`),\n  KEY `ix_zq_x_1_b` (`b`),\n"), "1", 0},
        {TABLE("zq_x_1", "  KEY `ix_zq_x_1_b` (`b`),\n  KEY `ix_zq_x_1_a` (`a`),\n"), "1", 0},
        {TABLE("zq_x_2_bak", "  KEY `ix_zq_x_2_a` (`a`),\n  KEY `ix_zq_x_2_b` (`b`),\n"), "2_bak",
         2},
        {TABLE("zq_x_b", "  KEY `ix_zq_x_9_a` (`a`),\n  KEY `ix_zq_x_b_b` (`b`),\n"), "b", 1},
    };
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const zq_member_form first = read_form(arena, same[0].definition, same[0].code);

    for (size_t i = 0; i < ZQ_LEN(same); i++) {
        const zq_member_form form = read_form(arena, same[i].definition, same[i].code);

        cr_assert_str_eq(form.print.hex, first.print.hex, "%zu", i);
        cr_assert_str_eq(form.table.name, FAMILY);
        cr_assert_eq(form.n_other, same[i].n_other, "%zu", i);
    }
    cr_assert_str_neq(
        read_form(arena, TABLE("zq_x_1", "  KEY `ix_zq_x_1_a` (`a`),\n"), "1").print.hex,
        first.print.hex);
}

Test(member_form, of_two_indexes_that_mean_the_same_name_the_members_own_has_it)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const zq_member_form form = read_form(
        arena, TABLE("zq_x_2", "  KEY `ix_zq_x_1_a` (`a`),\n  KEY `ix_zq_x_2_a` (`b`),\n"), "2");

    cr_assert_str_eq(form.table.indexes[0].name, "ix_zq_x_1_a");
    cr_assert_str_eq(form.table.indexes[1].name, "ix_zq_x_{code}_a");
    cr_assert_eq(form.n_other, 0);
}

Test(member_form, of_two_indexes_of_other_members_that_mean_the_same_name_neither_has_it)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const zq_member_form form = read_form(
        arena, TABLE("zq_x_3", "  KEY `ix_zq_x_1_a` (`a`),\n  KEY `ix_zq_x_2_a` (`b`),\n"), "3");

    cr_assert_str_eq(form.table.indexes[0].name, "ix_zq_x_1_a");
    cr_assert_str_eq(form.table.indexes[1].name, "ix_zq_x_2_a");
    cr_assert_eq(form.n_other, 0);
}

Test(member_form, a_statement_names_the_indexes_that_are_really_there)
{
    static const struct {
        const char *text, *written;
    } cases[] = {
        {"ALTER TABLE zq_x_2 DROP INDEX ix_zq_x_2_a, DROP KEY `ix_zq_x_2_b`",
         "ALTER TABLE zq_x_2 DROP INDEX `ix_zq_x_1_a`, DROP KEY `ix_zq_x_1_b`"},
        {"ALTER TABLE zq_x_2 RENAME INDEX ix_zq_x_2_a TO ix_zq_x_2_c",
         "ALTER TABLE zq_x_2 RENAME INDEX `ix_zq_x_1_a` TO ix_zq_x_2_c"},
        {"DROP INDEX ix_zq_x_2_a ON zq_x_2", "DROP INDEX `ix_zq_x_1_a` ON zq_x_2"},
        {"ALTER TABLE zq_x_2 DROP INDEX IF EXISTS ix_zq_x_2_a",
         "ALTER TABLE zq_x_2 DROP INDEX IF EXISTS `ix_zq_x_1_a`"},
        {"ALTER TABLE zq_x_2 ALTER INDEX ix_zq_x_2_b INVISIBLE /* ix_zq_x_2_a */",
         "ALTER TABLE zq_x_2 ALTER INDEX `ix_zq_x_1_b` INVISIBLE /* ix_zq_x_2_a */"},
        {"ALTER TABLE zq_x_2 DROP INDEX other, DROP COLUMN ix_zq_x_2_a",
         "ALTER TABLE zq_x_2 DROP INDEX other, DROP COLUMN ix_zq_x_2_a"},
        {"ALTER TABLE zq_x_2 ADD INDEX ix_zq_x_2_a (a)",
         "ALTER TABLE zq_x_2 ADD INDEX ix_zq_x_2_a (a)"},
    };
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const zq_member_form form = read_form(
        arena, TABLE("zq_x_2", "  KEY `ix_zq_x_1_a` (`a`),\n  KEY `ix_zq_x_1_b` (`b`),\n"), "2");

    for (size_t i = 0; i < ZQ_LEN(cases); i++)
        cr_assert_str_eq(zq_member_form_write(&form, "2", cases[i].text, arena), cases[i].written);
}

Test(member_form, the_revisions_own_statements_say_what_indexes_are_called)
{
    static const char text[] = "ALTER TABLE {table} DROP INDEX ix_{table}_old, ADD INDEX "
                               "`uq_{code}_x` (a) COMMENT 'of {code}'";
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const char **found = NULL;

    cr_assert_eq(zq_member_patterns(text, FAMILY, arena, &found, 0), 2);
    cr_assert_str_eq(found[0], "ix_zq_x_{code}_old");
    cr_assert_str_eq(found[1], "uq_{code}_x");
}
