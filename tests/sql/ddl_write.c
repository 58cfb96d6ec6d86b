#include "sql/ddl_write.h"

#include "golden.h"
#include "release.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static const zq_flavor flavors[] = {ZQ_MYSQL, ZQ_MARIADB};

static const char *text_of(zq_sql *sql)
{
    const char *text = NULL;
    zq_err err = {0};

    cr_assert_eq(zq_sql_finish(sql, &text, &err), ZQ_OK, "%s", err.message);
    return text;
}

static void assert_column(const zq_column *column, zq_flavor flavor, const char *expected)
{
    ZQ_AUTO_SQL(sql);

    zq_ddl_column(&sql, column, flavor);
    cr_assert_str_eq(text_of(&sql), expected);
}

static void assert_index(const zq_index *index, zq_flavor flavor, const char *expected)
{
    ZQ_AUTO_SQL(sql);

    zq_ddl_index(&sql, index, flavor);
    cr_assert_str_eq(text_of(&sql), expected);
}

static void assert_refused(zq_sql *sql, const char *message)
{
    const char *text;
    zq_err err = {0};

    cr_assert_eq(zq_sql_finish(sql, &text, &err), ZQ_E_DATA);
    cr_assert_str_eq(err.message, message);
}

/* ---- the tables of the newest release ---- */

Test(ddl_write, each_table_of_the_newest_release_is_made_as_its_golden_file_says_on_both_flavours)
{
    for (size_t f = 0; f < ZQ_LEN(flavors); f++) {
        for (size_t i = 0; i < zq_schema_head.n_tables; i++) {
            const zq_table *table = zq_schema_head.tables[i];
            ZQ_AUTO_SQL(sql);
            char path[256];

            zq_ddl_create_table(&sql, table, false, flavors[f]);
            zq_sql_lit(&sql, ";\n");
            snprintf(path, sizeof path, "ddl/%s.sql", table->name);
            golden_check(path, text_of(&sql));
        }
    }
}

static void assert_is_a_table(const char *name)
{
    char table[256];

    snprintf(table, sizeof table, "%.*s", (int)strcspn(name, "."), name);
    cr_assert_not_null(zq_schema_table(&zq_schema_head, table), "%s is no table's", name);
}

Test(ddl_write, each_golden_file_is_of_a_table_of_the_newest_release)
{
    cr_assert_eq(golden_each("ddl", assert_is_a_table), (int)zq_schema_head.n_tables);
}

/* ---- what the newest release does not use ---- */

Test(ddl_write, a_database_is_made_with_its_charset_spelled_out)
{
    ZQ_AUTO_SQL(sql);

    zq_ddl_create_database(&sql, "my`db");
    cr_assert_str_eq(text_of(&sql), "CREATE DATABASE IF NOT EXISTS `my``db` CHARACTER SET utf8mb4 "
                                    "COLLATE utf8mb4_unicode_ci");
}

Test(ddl_write, a_nullable_timestamp_says_so)
{
    static const zq_column nullable = {"t", {.kind = ZQ_TYPE_TIMESTAMP, .length = 3}};
    static const zq_column both = {
        .name = "t",
        .type = {.kind = ZQ_TYPE_TIMESTAMP},
        .flags = ZQ_NOT_NULL,
        .def = ZQ_DEFAULT_SQL("CURRENT_TIMESTAMP"),
        .on_update = "CURRENT_TIMESTAMP",
    };

    assert_column(&nullable, ZQ_MYSQL, "`t` timestamp(3) NULL");
    assert_column(&both, ZQ_MYSQL,
                  "`t` timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP");
}

Test(ddl_write, a_column_has_everything_it_can_have_in_an_order_both_servers_take)
{
    static const zq_column column = {
        .name = "c",
        .type = ZQ_VARCHAR(10),
        .flags = ZQ_NOT_NULL | ZQ_INVISIBLE,
        .comment = "it's a \\",
        .def = ZQ_DEFAULT("a'b"),
        .charset = "latin1",
        .collation = "latin1_bin",
    };
    const char *expected = "`c` varchar(10) CHARACTER SET latin1 COLLATE latin1_bin NOT NULL "
                           "DEFAULT 'a''b' INVISIBLE COMMENT 'it''s a \\\\'";

    assert_column(&column, ZQ_MYSQL, expected);
    assert_column(&column, ZQ_MARIADB, expected);
}

Test(ddl_write, values_of_an_enum_may_hold_quotes_backslashes_and_newlines)
{
    const zq_column column = {"e", ZQ_ENUM("a'b", "c\\d", "e\nf", "g,h")};

    assert_column(&column, ZQ_MYSQL, "`e` enum('a''b','c\\\\d','e\\nf','g,h')");
}

Test(ddl_write, mysql_takes_the_default_of_a_text_only_as_an_expression)
{
    static const zq_column column = {.name = "t", .type = ZQ_TEXT, .def = ZQ_DEFAULT("x")};

    assert_column(&column, ZQ_MYSQL, "`t` text DEFAULT ('x')");
    assert_column(&column, ZQ_MARIADB, "`t` text DEFAULT 'x'");
}

Test(ddl_write, a_default_may_be_an_expression)
{
    static const zq_column column = {
        .name = "u", .type = ZQ_CHAR(36), .flags = ZQ_NOT_NULL, .def = ZQ_DEFAULT_SQL("(uuid())")};

    assert_column(&column, ZQ_MARIADB, "`u` char(36) NOT NULL DEFAULT (uuid())");
}

Test(ddl_write, a_generated_column_says_how_it_is_kept)
{
    static const zq_column virtual_column = {.name = "g", .type = ZQ_INT, .generated = "`a` + 1"};
    static const zq_column stored = {
        .name = "g", .type = ZQ_INT, .flags = ZQ_STORED | ZQ_NOT_NULL, .generated = "`a` + 1"};
    ZQ_AUTO_SQL(sql);

    assert_column(&virtual_column, ZQ_MARIADB, "`g` int GENERATED ALWAYS AS (`a` + 1) VIRTUAL");
    assert_column(&stored, ZQ_MYSQL, "`g` int GENERATED ALWAYS AS (`a` + 1) STORED NOT NULL");
    zq_ddl_column(&sql, &stored, ZQ_MARIADB);
    assert_refused(&sql, "cannot be written as SQL: MariaDB has no generated column that is NOT "
                         "NULL: 'g'");
}

Test(ddl_write, an_index_may_have_prefixes_and_descending_parts)
{
    static const zq_key_part parts[] = {
        {.column = "a"}, {.column = "b", .length = 10}, {.column = "c", .descending = true}, {0}};
    const zq_index index = {.name = "i", .kind = ZQ_UNIQUE, .parts = parts, .comment = "it's"};

    assert_index(&index, ZQ_MYSQL, "UNIQUE KEY `i` (`a`,`b`(10),`c` DESC) COMMENT 'it''s'");
}

Test(ddl_write, an_invisible_index_is_called_ignored_by_mariadb)
{
    const zq_index index = {"i", ZQ_INDEX, ZQ_ON("a"), ZQ_INVISIBLE};

    assert_index(&index, ZQ_MYSQL, "KEY `i` (`a`) INVISIBLE");
    assert_index(&index, ZQ_MARIADB, "KEY `i` (`a`) IGNORED");
}

Test(ddl_write, a_fulltext_index_names_its_parser)
{
    const zq_index index = {
        .name = "i", .kind = ZQ_FULLTEXT, .parts = ZQ_ON("a", "b"), .parser = "ngram"};

    assert_index(&index, ZQ_MYSQL, "FULLTEXT KEY `i` (`a`,`b`) WITH PARSER `ngram`");
}

Test(ddl_write, an_index_over_an_expression_is_refused_for_mariadb)
{
    static const zq_key_part parts[] = {{.expression = "lower(`a`)"}, {0}};
    const zq_index index = {.name = "i", .kind = ZQ_INDEX, .parts = parts};
    ZQ_AUTO_SQL(sql);

    assert_index(&index, ZQ_MYSQL, "KEY `i` ((lower(`a`)))");
    zq_ddl_index(&sql, &index, ZQ_MARIADB);
    assert_refused(&sql, "cannot be written as SQL: MariaDB has no index over an expression: "
                         "'lower(`a`)'");
}

Test(ddl_write, a_foreign_key_says_its_rules_but_for_restrict)
{
    const zq_foreign_key key = {
        .name = "f",
        .columns = ZQ_COLS("a", "b"),
        .ref_table = "t",
        .ref_columns = ZQ_COLS("x", "y"),
        .on_delete = ZQ_CASCADE,
        .on_update = ZQ_SET_NULL,
        .ref_schema = "other",
    };
    const zq_foreign_key plain = {"f", ZQ_COLS("a"), "t", ZQ_COLS("x")};
    ZQ_AUTO_SQL(sql);
    ZQ_AUTO_SQL(without);

    zq_ddl_foreign_key(&sql, &key);
    cr_assert_str_eq(text_of(&sql), "CONSTRAINT `f` FOREIGN KEY (`a`,`b`) REFERENCES `other`.`t` "
                                    "(`x`,`y`) ON DELETE CASCADE ON UPDATE SET NULL");
    zq_ddl_foreign_key(&without, &plain);
    cr_assert_str_eq(text_of(&without), "CONSTRAINT `f` FOREIGN KEY (`a`) REFERENCES `t` (`x`)");
}

Test(ddl_write, a_table_says_its_engine_charset_collation_and_comment)
{
    static const zq_column columns[] = {{"id", ZQ_INT, ZQ_NOT_NULL}};
    static const zq_table table = {
        .name = "t", .columns = columns, .n_columns = 1, .comment = "it's"};
    ZQ_AUTO_SQL(sql);

    zq_ddl_create_table(&sql, &table, true, ZQ_MYSQL);
    cr_assert_str_eq(text_of(&sql),
                     "CREATE TABLE IF NOT EXISTS `t` (\n  `id` int NOT NULL\n) ENGINE=InnoDB "
                     "DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci COMMENT='it''s'");
}

Test(ddl_write, a_table_with_what_the_model_cannot_make_is_refused)
{
    static const zq_column columns[] = {{"id", ZQ_INT, ZQ_NOT_NULL}};
    static const zq_extra extras[] = {{"check", "c", "(`id` > 0)"}};
    static const zq_table table = {
        .name = "t", .columns = columns, .n_columns = 1, .extras = extras, .n_extras = 1};
    ZQ_AUTO_SQL(sql);

    zq_ddl_create_table(&sql, &table, false, ZQ_MYSQL);
    assert_refused(&sql, "cannot be written as SQL: a table has what the model cannot make: "
                         "'(`id` > 0)'");
}
