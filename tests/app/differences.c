#include "app/show/differences.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <string.h>

/* A table that lacks a column, and a family of which two groups of members differ. */
static zq_comparison example(zq_arena *arena)
{
    static const zq_column columns[] = {{"id", ZQ_INT, ZQ_NOT_NULL}, {"x", ZQ_DOUBLE}};
    static const zq_table wide = {.name = "zq_t", .columns = columns, .n_columns = 2};
    static const zq_table narrow = {.name = "zq_t", .columns = columns, .n_columns = 1};
    static const zq_table family = {.name = "zq_f_{code}", .columns = columns, .n_columns = 2};
    static const zq_table form = {.name = "zq_f_{code}", .columns = columns, .n_columns = 1};
    static const char *const many[] = {"1", "2", "3", "4", "5", "6"}, *const one[] = {"7"};
    zq_table *other = ZQ_NEW(arena, zq_table);
    const zq_table **wanted = ZQ_NEW_ARRAY(arena, const zq_table *, 2);
    const zq_table **there = ZQ_NEW_ARRAY(arena, const zq_table *, 1);
    zq_form *forms = ZQ_NEW_ARRAY(arena, zq_form, 2);
    zq_comparison comparison;
    zq_schema desired = {wanted, 2};
    zq_catalog catalog = {.exists = true, .schema = {there, 1}, .forms = forms, .n_forms = 2};

    *other = family;
    other->comment = "mine";
    wanted[0] = &wide;
    wanted[1] = &family;
    there[0] = &narrow;
    forms[0] = (zq_form){.family = &family, .table = &form, .n_members = 6, .codes = many};
    forms[1] = (zq_form){.family = &family, .table = other, .n_members = 1, .codes = one};
    cr_assert_eq(zq_compare(&desired, &catalog, arena, &comparison, NULL), ZQ_OK);
    return comparison;
}

Test(differences, each_is_a_line_and_members_that_differ_alike_share_one)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_comparison comparison = example(arena);
    ZQ_AUTO_BUF(out);

    zq_differences_text(&out, &comparison, false, arena);
    cr_assert_str_eq(zq_buf_text(&out),
                     "zq_t: column 'x' is missing: double, NULL, after 'id'\n"
                     "zq_f_{code}: column 'x' is missing: double, NULL, after 'id' [6 members: 1, "
                     "2, 3, 4, 5, ...]\n"
                     "table 'zq_f_7': expected no comment, found comment 'mine'\n");
    zq_buf_clear(&out);
    zq_differences_text(&out, &comparison, true, arena);
    cr_assert_not_null(strstr(zq_buf_text(&out), "[6 members: 1, 2, 3, 4, 5, 6]"));
}

Test(differences, as_json_each_has_table_kind_object_expected_and_actual)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_comparison comparison = example(arena);
    json_t *list = zq_differences_json(&comparison, arena);
    char *text = json_dumps(list, JSON_COMPACT);

    cr_assert_str_eq(
        text, "[{\"table\":\"zq_t\",\"kind\":\"missing-column\",\"object\":\"x\",\"expected\":"
              "\"double, NULL, after 'id'\",\"actual\":null,\"message\":\"column 'x' is missing: "
              "double, NULL, after 'id'\"},"
              "{\"table\":\"zq_f_{code}\",\"kind\":\"missing-column\",\"object\":\"x\","
              "\"expected\":\"double, NULL, after 'id'\",\"actual\":null,\"message\":\"column 'x' "
              "is missing: double, NULL, after 'id'\",\"members\":[\"zq_f_1\",\"zq_f_2\","
              "\"zq_f_3\",\"zq_f_4\",\"zq_f_5\",\"zq_f_6\"]},"
              "{\"table\":\"zq_f_7\",\"kind\":\"different-table\",\"object\":null,\"expected\":"
              "\"no comment\",\"actual\":\"comment 'mine'\",\"message\":\"table 'zq_f_7': expected "
              "no comment, found comment 'mine'\"}]");
    free(text);
    json_decref(list);
}

Test(differences, as_json_each_family_has_its_counts_and_forms)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_comparison comparison = example(arena);
    json_t *list = zq_families_json(&comparison, arena);
    json_t *family = json_array_get(list, 0);

    cr_assert_eq(json_array_size(list), 1);
    cr_assert_str_eq(json_string_value(json_object_get(family, "name")), "zq_f_{code}");
    cr_assert_eq(json_integer_value(json_object_get(family, "members")), 7);
    cr_assert_eq(json_integer_value(json_object_get(family, "differing")), 7);
    cr_assert_eq(json_array_size(json_object_get(family, "forms")), 2);
    json_decref(list);
}
