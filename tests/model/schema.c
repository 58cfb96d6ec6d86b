#include "model/schema.h"

#include "base/buf.h"
#include "base/err.h"
#include "release.h"

#include <criterion/criterion.h>

Test(schema, things_are_found_by_their_exact_name)
{
    const zq_table *users = zq_schema_table(&zq_schema_head, "zq_app_users");

    cr_assert_not_null(users);
    cr_assert_null(zq_schema_table(&zq_schema_head, "zq_app_Users"));
    cr_assert_null(zq_schema_table(&zq_schema_head, "zq_app_user"));
    cr_assert_str_eq(zq_table_column(users, "email")->name, "email");
    cr_assert_null(zq_table_column(users, "Email"));
    cr_assert_str_eq(zq_table_index(users, "role_id")->name, "role_id");
    cr_assert_null(zq_table_index(users, "primary"));
}

Test(schema, a_table_says_what_it_is)
{
    const zq_table *daily = zq_schema_table(&zq_schema_head, "zq_data_tustock_daily_{code}");

    cr_assert(zq_table_is_family(daily));
    cr_assert(!zq_table_is_meta(daily));
    cr_assert(zq_table_is_meta(zq_schema_table(&zq_schema_head, "zq_meta_lease")));
    cr_assert(!zq_table_is_meta(&(zq_table){.name = "my_zq_meta_lease"}));
    cr_assert(!zq_table_is_family(&(zq_table){.name = "zq_data_tustock_daily_code"}));
}

Test(schema, a_table_without_options_has_the_defaults)
{
    zq_table plain = {.name = "t", .engine = "", .charset = NULL},
             other = {
                 .name = "t", .engine = "Aria", .charset = "latin1", .collation = "latin1_bin"};

    cr_assert_str_eq(zq_table_engine(&plain), "InnoDB");
    cr_assert_str_eq(zq_table_charset(&plain), "utf8mb4");
    cr_assert_str_eq(zq_table_collation(&plain), "utf8mb4_unicode_ci");
    cr_assert_str_eq(zq_table_engine(&other), "Aria");
    cr_assert_str_eq(zq_table_charset(&other), "latin1");
    cr_assert_str_eq(zq_table_collation(&other), "latin1_bin");
}

Test(schema, a_text_column_has_the_charset_of_its_table_unless_it_has_its_own)
{
    zq_table table = {.name = "t", .charset = "latin1", .collation = "latin1_bin"};
    zq_column plain = {"a", ZQ_TEXT}, number = {"b", ZQ_INT, .charset = "latin2"},
              own = {"c", ZQ_TEXT, .charset = "ascii", .collation = "ascii_bin"};

    cr_assert_str_eq(zq_column_charset(&table, &plain), "latin1");
    cr_assert_str_eq(zq_column_collation(&table, &plain), "latin1_bin");
    cr_assert_str_eq(zq_column_charset(&table, &number), "");
    cr_assert_str_eq(zq_column_collation(&table, &number), "");
    cr_assert_str_eq(zq_column_charset(&table, &own), "ascii");
    cr_assert_str_eq(zq_column_collation(&table, &own), "ascii_bin");
}

static const struct {
    const char *sql;
    zq_type type;
} types[] = {
    {"tinyint", ZQ_TINYINT},
    {"tinyint(1)", ZQ_BOOL},
    {"smallint", ZQ_SMALLINT},
    {"int", ZQ_INT},
    {"int unsigned", ZQ_INT_UNSIGNED},
    {"bigint", ZQ_BIGINT},
    {"bigint unsigned", ZQ_BIGINT_UNSIGNED},
    {"float", ZQ_FLOAT},
    {"double", ZQ_DOUBLE},
    {"decimal(10,3)", ZQ_DECIMAL(10, 3)},
    {"decimal(10,0)", ZQ_DECIMAL(10, 0)},
    {"decimal(11,3)", ZQ_DECIMAL(11, 3)},
    {"bit(8)", {.kind = ZQ_TYPE_BIT, .length = 8}},
    {"char(64)", ZQ_CHAR(64)},
    {"varchar(50)", ZQ_VARCHAR(50)},
    {"varchar(51)", ZQ_VARCHAR(51)},
    {"varchar(0)", ZQ_VARCHAR(0)},
    {"varbinary(50)", ZQ_VARBINARY(50)},
    {"text", ZQ_TEXT},
    {"mediumtext", ZQ_MEDIUMTEXT},
    {"longtext", ZQ_LONGTEXT},
    {"blob", ZQ_BLOB},
    {"date", ZQ_DATE},
    {"datetime", ZQ_DATETIME},
    {"datetime(3)", ZQ_DATETIME_MS},
    {"timestamp(6)", {.kind = ZQ_TYPE_TIMESTAMP, .length = 6}},
    {"json", ZQ_JSON},
    {"enum('a','b')", ZQ_ENUM("a", "b")},
    {"enum('b','a')", ZQ_ENUM("b", "a")},
    {"enum('a,b')", ZQ_ENUM("a,b")},
    {"enum('it''s','back\\\\slash','')", ZQ_ENUM("it's", "back\\slash", "")},
    {"set('a','b')", {.kind = ZQ_TYPE_SET, .values = (const char *const[]){"a", "b", NULL}}},
    {"point", {.kind = ZQ_TYPE_OTHER, .other = "point"}},
    {"geometry", {.kind = ZQ_TYPE_OTHER, .other = "geometry"}},
};

Test(schema, a_type_is_written_as_sql_has_it)
{
    for (size_t i = 0; i < ZQ_LEN(types); i++) {
        ZQ_AUTO_BUF(text);

        zq_type_write(&text, &types[i].type);
        cr_assert_str_eq(zq_buf_text(&text), types[i].sql);
    }
}

Test(schema, types_are_equal_when_their_sql_is)
{
    for (size_t i = 0; i < ZQ_LEN(types); i++)
        for (size_t j = 0; j < ZQ_LEN(types); j++)
            cr_assert_eq(zq_type_equal(&types[i].type, &types[j].type), i == j, "%s and %s",
                         types[i].sql, types[j].sql);
    cr_assert(zq_type_equal(&(zq_type){.kind = ZQ_TYPE_INT, .length = 11},
                            &(zq_type){.kind = ZQ_TYPE_INT}),
              "a width is not part of an int");
}

Test(schema, lists_of_names_are_equal_in_order)
{
    cr_assert(zq_names_equal(ZQ_COLS("a", "b"), ZQ_COLS("a", "b")));
    cr_assert(!zq_names_equal(ZQ_COLS("a", "b"), ZQ_COLS("b", "a")));
    cr_assert(!zq_names_equal(ZQ_COLS("a", "b"), ZQ_COLS("a")));
    cr_assert(zq_names_equal(NULL, (const char *const[]){NULL}));
    cr_assert_eq(zq_names_count(NULL), 0);
    cr_assert_eq(zq_index_parts_count(NULL), 0);
    cr_assert_eq(zq_index_parts_count(ZQ_ON("a", "b", "c")), 3);
    cr_assert_eq(zq_index_parts_count((const zq_key_part[]){{.expression = "1"}, {NULL}}), 1);
}

Test(schema, rules_and_kinds_have_the_words_of_sql)
{
    cr_assert_str_eq(zq_rule_sql(ZQ_RESTRICT), "RESTRICT");
    cr_assert_str_eq(zq_rule_sql(ZQ_CASCADE), "CASCADE");
    cr_assert_str_eq(zq_rule_sql(ZQ_SET_NULL), "SET NULL");
    cr_assert_str_eq(zq_rule_sql(ZQ_SET_DEFAULT), "SET DEFAULT");
    cr_assert_str_eq(zq_index_kind_sql(ZQ_PRIMARY), "PRIMARY KEY");
    cr_assert_str_eq(zq_index_kind_sql(ZQ_UNIQUE), "UNIQUE KEY");
    cr_assert_str_eq(zq_index_kind_sql(ZQ_INDEX), "KEY");
    cr_assert_str_eq(zq_index_kind_sql(ZQ_FULLTEXT), "FULLTEXT KEY");
    cr_assert_str_eq(zq_index_kind_sql(ZQ_SPATIAL), "SPATIAL KEY");
}
