#include "model/family.h"

#include "base/err.h"
#include "release.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static const char *owner(const char *name)
{
    const zq_table *family = zq_family_of(&zq_schema_head, name, NULL);

    return family != NULL ? family->name : "none";
}

Test(family, a_table_belongs_to_the_family_with_the_longest_prefix)
{
    static const struct {
        const char *name, *family, *code;
    } cases[] = {
        {"zq_data_tustock_daily_600001", "zq_data_tustock_daily_{code}", "600001"},
        {"zq_data_tustock_daily_basic_600001", "zq_data_tustock_daily_basic_{code}", "600001"},
        {"zq_data_tustock_daily_basic_basic_1", "zq_data_tustock_daily_basic_{code}", "basic_1"},
        {"zq_data_tustock_daily_basi_600001", "zq_data_tustock_daily_{code}", "basi_600001"},
        {"zq_data_tustock_daily_basic", "zq_data_tustock_daily_{code}", "basic"},
        {"zq_data_tustock_factor_000001", "zq_data_tustock_factor_{code}", "000001"},
        {"zq_data_tustock_stkfactorpro_430001", "zq_data_tustock_stkfactorpro_{code}", "430001"},
        {"zq_quant_factor_spacex_000001", "zq_quant_factor_spacex_{code}", "000001"},
        {"zq_data_tustock_daily_a", "zq_data_tustock_daily_{code}", "a"},
        {"zq_data_tustock_daily__", "zq_data_tustock_daily_{code}", "_"},
        {"zq_data_tustock_daily_a2345678901234567890", "zq_data_tustock_daily_{code}",
         "a2345678901234567890"},
        /* a view's name: that it is one is the caller's to know */
        {"zq_data_tustock_daily_view_part_3", "zq_data_tustock_daily_{code}", "view_part_3"},
    };

    for (size_t i = 0; i < ZQ_LEN(cases); i++) {
        const char *code = NULL;

        cr_assert_str_eq(owner(cases[i].name), cases[i].family, "%s", cases[i].name);
        zq_family_of(&zq_schema_head, cases[i].name, &code);
        cr_assert_str_eq(code, cases[i].code, "%s", cases[i].name);
    }
}

Test(family, what_is_no_code_makes_no_member)
{
    static const char *const names[] = {
        "zq_data_tustock_daily_",
        "zq_data_tustock_daily",
        "zq_data_tustock_daily_basic_", /* no stock called "basic_" */
        "zq_data_tustock_daily_a23456789012345678901",
        "zq_data_tustock_daily_600001.SZ",
        "zq_data_tustock_daily_600001-sz",
        "zq_data_tustock_daily_A00001",
        "zq_data_tustock_daily_中",
        "zq_data_tustock_daily_ ",
        "zq_data_tustock_daily_{code}",
        "ZQ_DATA_TUSTOCK_DAILY_600001",
        "my_zq_data_tustock_daily_600001",
        "zq_data_tustock_stockbasic",
        "zq_quant_factor_configs",
        "zq_meta_history",
        "alembic_version",
        "",
    };
    const char *code = "untouched";

    for (size_t i = 0; i < ZQ_LEN(names); i++) {
        cr_assert_null(zq_family_of(&zq_schema_head, names[i], &code), "%s", names[i]);
        cr_assert_str_eq(code, "untouched");
    }
}

Test(family, a_table_that_the_schema_names_outright_is_never_a_member)
{
    static const zq_table family = {.name = "x_{code}"}, longer = {.name = "x_a_{code}"},
                          named = {.name = "x_a_b"};
    static const zq_table *const orders[][3] = {
        {&family, &longer, &named},
        {&named, &longer, &family},
        {&longer, &named, &family},
    };

    for (size_t i = 0; i < ZQ_LEN(orders); i++) {
        zq_schema schema = {orders[i], 3};

        cr_assert_null(zq_family_of(&schema, "x_a_b", NULL));
        cr_assert_eq(zq_family_of(&schema, "x_a_c", NULL), &longer);
        cr_assert_eq(zq_family_of(&schema, "x_b", NULL), &family);
    }
}

Test(family, a_member_has_its_code_in_all_its_names)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const zq_table *family = &(zq_table){
        .name = "x_{code}",
        .columns = &(zq_column){"{code}", ZQ_INT},
        .n_columns = 1,
        .indexes = (zq_index[]){{"PRIMARY"}, {"ix_x_{code}_a"}, {"{code}_{code}"}},
        .n_indexes = 3,
        .foreign_keys = &(zq_foreign_key){"x_{code}_ibfk_1", .ref_table = "y_{code}"},
        .n_foreign_keys = 1,
    };
    const zq_table *member = zq_family_member(arena, family, "600001");

    cr_assert_str_eq(member->name, "x_600001");
    cr_assert_str_eq(member->indexes[0].name, "PRIMARY");
    cr_assert_str_eq(member->indexes[1].name, "ix_x_600001_a");
    cr_assert_str_eq(member->indexes[2].name, "600001_600001");
    cr_assert_str_eq(member->foreign_keys[0].name, "x_600001_ibfk_1");
    cr_assert_str_eq(member->foreign_keys[0].ref_table, "y_600001");
    cr_assert_str_eq(member->columns[0].name, "{code}", "a column is no member's own");
    cr_assert_str_eq(family->indexes[1].name, "ix_x_{code}_a");
}

Test(family, folding_is_the_inverse_of_expanding_for_every_name_and_odd_code)
{
    static const char *const codes[] = {
        "600001",       "0",       "a",       "_",   "id",
        "daily",        "ts_code", "tustock", "zq",  "ix",
        "basic_600001", "code",    "date",    "x_x", "a2345678901234567890"};
    ZQ_AUTO(zq_arena) arena = zq_arena_open();

    for (size_t t = 0; t < zq_schema_head.n_tables; t++) {
        const zq_table *family = zq_schema_head.tables[t];
        const char *patterns[16] = {NULL};

        for (size_t i = 0; i < family->n_indexes; i++)
            patterns[i] = family->indexes[i].name;
        for (size_t i = 0; i < family->n_indexes && zq_table_is_family(family); i++)
            for (size_t c = 0; c < ZQ_LEN(codes); c++)
                cr_assert_eq(zq_family_fold(arena, patterns,
                                            zq_family_expand(arena, patterns[i], codes[c]),
                                            codes[c]),
                             patterns[i], "%s with %s", patterns[i], codes[c]);
    }
}

Test(family, a_name_that_the_family_does_not_know_folds_at_whole_words)
{
    static const char *const patterns[] = {"PRIMARY", "ix_x_{code}_a", NULL};
    static const struct {
        const char *name, *code, *folded;
    } cases[] = {
        {"ix_x_600001_a", "600001", "ix_x_{code}_a"},
        {"PRIMARY", "600001", "PRIMARY"},
        {"ix_x_600001_b", "600001", "ix_x_{code}_b"},
        {"600001", "600001", "{code}"},
        {"b_600001", "600001", "b_{code}"},
        {"600001_600001", "600001", "{code}_{code}"},
        {"ix_x_6000012_b", "600001", "ix_x_6000012_b"},
        {"ix_x1600001_b", "600001", "ix_x1600001_b"},
        {"ix_x_600002_a", "600001", "ix_x_600002_a"},
        {"idx", "id", "idx"},
        {"id_idx_id", "id", "{code}_idx_{code}"},
        {"", "id", ""},
    };
    ZQ_AUTO(zq_arena) arena = zq_arena_open();

    for (size_t i = 0; i < ZQ_LEN(cases); i++)
        cr_assert_str_eq(zq_family_fold(arena, patterns, cases[i].name, cases[i].code),
                         cases[i].folded);
}

Test(family, twenty_seven_thousand_names_find_their_families)
{
    static const char *const prefixes[] = {
        "zq_data_tustock_daily_", "zq_data_tustock_daily_basic_", "zq_data_tustock_factor_",
        "zq_data_tustock_stkfactorpro_", "zq_quant_factor_spacex_"};

    for (int stock = 600000; stock < 605400; stock++)
        for (size_t p = 0; p < ZQ_LEN(prefixes); p++) {
            char name[65];
            const char *code = NULL;
            const zq_table *family;

            snprintf(name, sizeof name, "%s%d", prefixes[p], stock);
            family = zq_family_of(&zq_schema_head, name, &code);
            cr_assert_eq(code, name + strlen(prefixes[p]));
            cr_assert_eq(strncmp(family->name, prefixes[p], strlen(prefixes[p])), 0);
            cr_assert_str_eq(family->name + strlen(prefixes[p]), "{code}");
        }
}

Test(family, an_index_that_carries_another_members_code_is_the_familys_all_the_same)
{
    static const char *const patterns[] = {"ix_zq_x_{code}_time", "ix_zq_x_{code}_made_time",
                                           "uq_x_{code}_{code}", "plain", NULL};
    static const struct {
        const char *name, *code, *folded;
        bool other;
    } cases[] = {
        {"ix_zq_x_600000_time", "600000", "ix_zq_x_{code}_time", false},
        {"ix_zq_x_000001_time", "600000", "ix_zq_x_{code}_time", true},
        {"ix_zq_x_000001_made_time", "600000", "ix_zq_x_{code}_made_time", true},
        {"uq_x_000001_000001", "600000", "uq_x_{code}_{code}", true},
        {"uq_x_000001_000002", "600000", "uq_x_000001_000002", false},
        {"plain", "600000", "plain", false},
        /* of a copy, with the name of what it is a copy of, and the other way round */
        {"ix_zq_x_600000_time", "600000_bak", "ix_zq_x_{code}_time", true},
        {"ix_zq_x_600000_bak_time", "600000", "ix_zq_x_{code}_bak_time", false},
        /* codes end at what is not a code */
        {"ix_zq_x_00-01_time", "600000", "ix_zq_x_00-01_time", false},
        {"ix_zq_x_a23456789012345678901_time", "1", "ix_zq_x_a23456789012345678901_time", false},
        {"ix_zq_x_time", "600000", "ix_zq_x_time", false},
    };
    ZQ_AUTO(zq_arena) arena = zq_arena_open();

    for (size_t i = 0; i < ZQ_LEN(cases); i++) {
        bool other = !cases[i].other;

        cr_assert_str_eq(
            zq_family_fold_index(arena, patterns, cases[i].name, cases[i].code, &other),
            cases[i].folded, "%s of %s", cases[i].name, cases[i].code);
        cr_assert_eq(other, cases[i].other, "%s of %s", cases[i].name, cases[i].code);
    }
}

/* ---- open families ---- */

static const zq_column own_columns[] = {
    {"id", ZQ_INT, ZQ_NOT_NULL},
    {"factor", ZQ_DOUBLE, 0},
};
static const zq_table open_family = {
    .name = "f_{code}", .columns = own_columns, .n_columns = 2, .open = true};

Test(family, an_open_one_leaves_numbers_that_may_be_null_to_the_application)
{
    static const struct {
        zq_column column;
        bool left;
    } cases[] = {
        {{"ma5_tr", ZQ_DOUBLE, 0, "5日均换手率"}, true},
        {{"golden_cross", ZQ_INT, 0}, true},
        {{"flag", ZQ_BOOL, 0}, true},
        {{"price", ZQ_DECIMAL(10, 2), 0, .def = ZQ_DEFAULT("0")}, true},
        {{"factor", ZQ_DOUBLE, 0}, false},
        {{"factor", ZQ_INT, 0}, false},
        {{"needed", ZQ_DOUBLE, ZQ_NOT_NULL}, false},
        {{"hidden", ZQ_DOUBLE, ZQ_INVISIBLE}, false},
        {{"counter", ZQ_INT, ZQ_AUTO_INCREMENT}, false},
        {{"twice", ZQ_INT, 0, .generated = "`id` * 2"}, false},
        {{"note", ZQ_VARCHAR(20), 0}, false},
        {{"day", ZQ_DATE, 0}, false},
        {{"bits", {.kind = ZQ_TYPE_BIT, .length = 1}, 0}, false},
        {{"spot", {.kind = ZQ_TYPE_OTHER, .other = "point"}, 0}, false},
    };
    const zq_table closed_family = {.name = "f_{code}", .columns = own_columns, .n_columns = 2};

    for (size_t i = 0; i < ZQ_LEN(cases); i++) {
        cr_assert_eq(zq_family_leaves_open(&open_family, &cases[i].column), cases[i].left, "%s",
                     cases[i].column.name);
        cr_assert_not(zq_family_leaves_open(&closed_family, &cases[i].column));
    }
}

Test(family, a_member_is_compared_without_the_columns_that_are_the_applications)
{
    static const zq_column columns[] = {
        {"ma5_tr", ZQ_DOUBLE, 0},    {"id", ZQ_INT, ZQ_NOT_NULL}, {"ma10_tr", ZQ_DOUBLE, 0},
        {"note", ZQ_VARCHAR(20), 0}, {"factor", ZQ_DOUBLE, 0},
    };
    const zq_table member = {.name = "f_600001", .columns = columns, .n_columns = 5};
    const zq_table plain = {.name = "f_600001", .columns = own_columns, .n_columns = 2};
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const zq_table *closed = zq_family_closed(arena, &open_family, &member);

    cr_assert_str_eq(closed->name, "f_600001");
    cr_assert_eq(closed->n_columns, 3);
    cr_assert_str_eq(closed->columns[0].name, "id");
    cr_assert_str_eq(closed->columns[1].name, "note");
    cr_assert_str_eq(closed->columns[2].name, "factor");
    cr_assert_eq(zq_family_closed(arena, &open_family, &plain), &plain);
}
