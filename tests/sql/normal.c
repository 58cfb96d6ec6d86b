#include "sql/table/normal.h"
#include "sql/table/expr.h"
#include "sql/table/reconcile.h"

#include "base/buf.h"
#include "sql/table/show_create_read.h"

#include <criterion/criterion.h>
#include <string.h>

/* ---- types ---- */

Test(normal, a_type_has_one_spelling)
{
    static const struct {
        const char *server;
        const char *normal;
    } cases[] = {
        {"int(11)", "int"},
        {"int", "int"},
        {"INT(11) unsigned", "int unsigned"},
        {"bigint(20) unsigned", "bigint unsigned"},
        {"tinyint(1)", "tinyint(1)"},
        {"tinyint(4)", "tinyint"},
        {"tinyint", "tinyint"},
        {"tinyint(1) unsigned", "tinyint unsigned"},
        {"smallint(6)", "smallint"},
        {"mediumint(8)", "mediumint"},
        {"year(4)", "year"},
        {"year", "year"},
        {"float", "float"},
        {"double unsigned", "double unsigned"},
        {"decimal(10,0)", "decimal(10,0)"},
        {"decimal(10,2) unsigned", "decimal(10,2) unsigned"},
        {"decimal(5)", "decimal(5,0)"},
        {"bit(1)", "bit(1)"},
        {"char(1)", "char(1)"},
        {"char", "char(1)"},
        {"varchar(255)", "varchar(255)"},
        {"binary(16)", "binary(16)"},
        {"varbinary(3)", "varbinary(3)"},
        {"longtext", "longtext"},
        {"enum('a','b''c','d\\\\e')", "enum('a','b''c','d\\\\e')"},
        {"set('x','y')", "set('x','y')"},
        {"datetime", "datetime"},
        {"datetime(3)", "datetime(3)"},
        {"timestamp(6)", "timestamp(6)"},
        {"time(2)", "time(2)"},
        {"json", "json"},
        {"int(5) unsigned zerofill", "int(5) unsigned zerofill"},
        {"float(7,3)", "float(7,3)"},
        {"double(10,2) unsigned", "double(10,2) unsigned"},
        {"geometry", "geometry"},
        {"POINT", "point"},
        {"inet6", "inet6"},
        {"vector(3)", "vector(3)"},
    };

    for (size_t i = 0; i < ZQ_LEN(cases); i++) {
        ZQ_AUTO(zq_arena) arena = zq_arena_open();
        ZQ_AUTO_BUF(out);
        zq_cursor cursor = zq_cursor_on(cases[i].server, strlen(cases[i].server));
        const zq_type type = zq_normal_type(&cursor, arena);

        zq_type_write(&out, &type);
        cr_expect_str_eq(zq_buf_text(&out), cases[i].normal, "%s: %s", cases[i].server,
                         zq_buf_text(&out));
        cr_expect(zq_cursor_at_end(&cursor), "%s", cases[i].server);
    }
}

Test(normal, a_boolean_is_no_tinyint)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_cursor a = zq_cursor_on("tinyint(1)", 10), b = zq_cursor_on("tinyint(4)", 10);

    cr_expect_eq(zq_normal_type(&a, arena).kind, ZQ_TYPE_BOOL);
    cr_expect_eq(zq_normal_type(&b, arena).kind, ZQ_TYPE_TINYINT);
}

/* ---- defaults ---- */

Test(normal, a_default_has_one_spelling)
{
    static const zq_type text = ZQ_VARCHAR(50), number = ZQ_INT, bytes = ZQ_VARBINARY(20);
    static const zq_type fixed = {.kind = ZQ_TYPE_BINARY, .length = 4};
    static const zq_type time = ZQ_DATETIME_MS, bits = {.kind = ZQ_TYPE_BIT, .length = 5};
    static const struct {
        const zq_type *type;
        const char *server;
        zq_default_kind kind;
        const char *text;
    } cases[] = {
        {&text, "NULL", ZQ_DEFAULT_NONE, NULL},
        {&text, "'NULL'", ZQ_DEFAULT_LITERAL, "NULL"},
        {&text, "''", ZQ_DEFAULT_LITERAL, ""},
        {&text, "'it''s'", ZQ_DEFAULT_LITERAL, "it's"},
        {&text, "'a\\nb\\\\c'", ZQ_DEFAULT_LITERAL, "a\nb\\c"},
        {&text, "('x')", ZQ_DEFAULT_LITERAL, "x"},
        {&text, "(_utf8mb4'x')", ZQ_DEFAULT_LITERAL, "x"},
        {&text, "_utf8mb4'x'", ZQ_DEFAULT_LITERAL, "x"},
        {&text, "0xF09F988078", ZQ_DEFAULT_LITERAL, "😀x"},
        {&text, "'current_timestamp'", ZQ_DEFAULT_LITERAL, "current_timestamp"},
        {&text, "uuid()", ZQ_DEFAULT_EXPR, "(uuid())"},
        {&text, "(uuid())", ZQ_DEFAULT_EXPR, "(uuid())"},
        {&text, "concat('a','b')", ZQ_DEFAULT_EXPR, "(concat('a','b'))"},
        {&text, "(concat(_utf8mb4'a',_utf8mb4'b'))", ZQ_DEFAULT_EXPR, "(concat('a','b'))"},
        {&number, "5", ZQ_DEFAULT_LITERAL, "5"},
        {&number, "'5'", ZQ_DEFAULT_LITERAL, "5"},
        {&number, "-5", ZQ_DEFAULT_LITERAL, "-5"},
        {&number, "(5)", ZQ_DEFAULT_LITERAL, "5"},
        {&number, "((1 + (2 * 3)))", ZQ_DEFAULT_EXPR, "(1 + 2 * 3)"},
        {&number, "(1 + 2 * 3)", ZQ_DEFAULT_EXPR, "(1 + 2 * 3)"},
        {&time, "current_timestamp()", ZQ_DEFAULT_EXPR, "CURRENT_TIMESTAMP"},
        {&time, "CURRENT_TIMESTAMP", ZQ_DEFAULT_EXPR, "CURRENT_TIMESTAMP"},
        {&time, "current_timestamp(3)", ZQ_DEFAULT_EXPR, "CURRENT_TIMESTAMP(3)"},
        {&time, "NOW(3)", ZQ_DEFAULT_EXPR, "CURRENT_TIMESTAMP(3)"},
        {&time, "(now())", ZQ_DEFAULT_EXPR, "CURRENT_TIMESTAMP"},
        {&time, "'2020-01-01 00:00:00.000'", ZQ_DEFAULT_LITERAL, "2020-01-01 00:00:00.000"},
        {&bits, "b'101'", ZQ_DEFAULT_EXPR, "b'101'"},
        {&bytes, "0x00FF", ZQ_DEFAULT_EXPR, "0x00FF"},
        {&bytes, "'\\0\xFF'", ZQ_DEFAULT_EXPR, "0x00FF"},
        {&bytes, "'ab'", ZQ_DEFAULT_LITERAL, "ab"},
        {&bytes, "x'6162'", ZQ_DEFAULT_LITERAL, "ab"},
        {&bytes, "x''", ZQ_DEFAULT_LITERAL, ""},
        {&bytes, "x'6'", ZQ_DEFAULT_LITERAL, ""},
        {&fixed, "'ab\\0\\0'", ZQ_DEFAULT_LITERAL, "ab"},
        {&fixed, "0x61620000", ZQ_DEFAULT_LITERAL, "ab"},
    };

    for (size_t i = 0; i < ZQ_LEN(cases); i++) {
        ZQ_AUTO(zq_arena) arena = zq_arena_open();
        zq_cursor cursor = zq_cursor_on(cases[i].server, strlen(cases[i].server));
        const zq_default found = zq_normal_default(&cursor, cases[i].type, "utf8mb4", arena);

        cr_expect_eq(found.kind, cases[i].kind, "%s", cases[i].server);
        cr_expect(zq_cursor_at_end(&cursor), "%s", cases[i].server);
        if (cases[i].text != NULL && found.text != NULL)
            cr_expect_str_eq(found.text, cases[i].text, "%s: %s", cases[i].server, found.text);
        else
            cr_expect_eq(found.text, cases[i].text, "%s", cases[i].server);
    }
}

/* ---- expressions ---- */

Test(normal, an_expression_has_one_spelling)
{
    static const struct {
        const char *server;
        const char *normal;
    } cases[] = {
        {"((`a` + `b`) * 2)", "(`a` + `b`) * 2"},
        {"(`a`+`b`)*2", "(`a` + `b`) * 2"},
        {"(`a` + (`b` * 2))", "`a` + `b` * 2"},
        {"((`a` + `b`) + `c`)", "`a` + `b` + `c`"},
        {"(`a` - (`b` - `c`))", "`a` - (`b` - `c`)"},
        {"(((`i` <> 7) and (`a` <> _utf8mb4'x')) or (`b` not in (1,2)))",
         "`i` <> 7 and `a` <> 'x' or `b` not in (1,2)"},
        {"`i` <> 7 and `a` <> 'x' or `b` not in (1,2)",
         "`i` <> 7 and `a` <> 'x' or `b` not in (1,2)"},
        {"(`a` and (`b` or `c`))", "`a` and (`b` or `c`)"},
        {"ucase(`a`)", "upper(`a`)"},
        {"UPPER(`a`)", "upper(`a`)"},
        {"json_valid(`j`)", "json_valid(`j`)"},
        {"(`a` is not null)", "`a` is not null"},
        {"(`a` between 1 and (2 + 3))", "`a` between 1 and 2 + 3"},
        {"-(1)", "-1"},
        {"(0 = `a`)", "`a` = 0"},
        {"not `a`", "`a` = 0"},
        {"'it''s'", "'it''s'"},
        {"'it\\'s'", "'it''s'"},
        {"now()", "current_timestamp()"},
        {"a + b", "`a` + `b`"},
        {"`t`.`a` != 1", "`t`.`a` <> 1"},
        {"1e-5 + 2", "1e-5 + 2"},
        {"1-5", "1 - 5"},
        {"json_extract(`j`,_utf8mb4'$.a')", "json_extract(`j`,'$.a')"},
        {"cast(`a` as char(10) charset utf8mb4)", "cast(`a` as char(10))"},
        {"(`a` collate utf8mb4_bin)", "`a` collate utf8mb4_bin"},
        {"  case when `a` then 1 end ", "case when `a` then 1 end"},
        {"((((", "(((("},
        {"", ""},
    };

    for (size_t i = 0; i < ZQ_LEN(cases); i++) {
        ZQ_AUTO(zq_arena) arena = zq_arena_open();
        const char *normal = zq_expr_normal(cases[i].server, strlen(cases[i].server), arena);

        cr_expect_str_eq(normal, cases[i].normal, "%s: %s", cases[i].server, normal);
        cr_expect_str_eq(zq_expr_normal(normal, strlen(normal), arena), normal, "%s: not stable",
                         normal);
    }
}

Test(normal, an_expression_nested_too_deeply_is_kept_as_it_is)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    char deep[20001];

    memset(deep, '(', sizeof deep - 1);
    deep[sizeof deep - 1] = '\0';
    cr_assert_str_eq(zq_expr_normal(deep, strlen(deep), arena), deep);
}

/* ---- charsets ---- */

Test(normal, utf8_is_utf8mb3)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();

    cr_expect_str_eq(zq_normal_charset("utf8", arena), "utf8mb3");
    cr_expect_str_eq(zq_normal_charset("utf8_bin", arena), "utf8mb3_bin");
    cr_expect_str_eq(zq_normal_charset("utf8mb4_bin", arena), "utf8mb4_bin");
    cr_expect_str_eq(zq_collation_charset("utf8_general_ci", arena), "utf8mb3");
    cr_expect_str_eq(zq_collation_charset("utf8mb4_0900_ai_ci", arena), "utf8mb4");
    cr_expect_str_eq(zq_collation_charset("binary", arena), "binary");
    cr_expect_str_eq(zq_default_collation("utf8mb4", ZQ_MYSQL), "utf8mb4_0900_ai_ci");
    cr_expect_str_eq(zq_default_collation("utf8mb4", ZQ_MARIADB), "utf8mb4_general_ci");
    cr_expect_str_eq(zq_default_collation("latin1", ZQ_MYSQL), "latin1_swedish_ci");
    cr_expect_null(zq_default_collation("klingon", ZQ_MYSQL));
}

/* ---- adopting ---- */

static const char *adopt_comment(const char *kept, const char *wanted, zq_arena *arena)
{
    const zq_table a = {.name = "t", .comment = wanted};
    zq_table b = {.name = "t", .comment = kept};

    zq_reconcile(&b, &a, arena);
    return b.comment;
}

Test(normal, a_question_mark_may_stand_for_a_character_of_four_bytes)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();

    cr_expect_str_eq(adopt_comment("? c", "😀 c", arena), "😀 c");
    cr_expect_str_eq(adopt_comment("???? c", "😀 c", arena), "😀 c");
    cr_expect_str_eq(adopt_comment("😀 c", "😀 c", arena), "😀 c");
    cr_expect_str_eq(adopt_comment("?", "中", arena), "?");
    cr_expect_str_eq(adopt_comment("? d", "😀 c", arena), "? d");
    cr_expect_str_eq(adopt_comment("? c", "a c", arena), "? c");
    cr_expect_str_eq(adopt_comment("😁 c", "😀 c", arena), "😁 c");
    cr_expect_str_eq(adopt_comment("?? c", "😀? c", arena), "😀? c");
    cr_expect_null(adopt_comment(NULL, "😀 c", arena));
}

static const char *adopt_default(zq_type type, const char *kept, const char *wanted,
                                 zq_arena *arena)
{
    const zq_column a = {.name = "c", .type = type, .def = {ZQ_DEFAULT_LITERAL, wanted}};
    const zq_column b = {.name = "c", .type = type, .def = {ZQ_DEFAULT_LITERAL, kept}};
    const zq_table from = {.name = "t", .columns = &a, .n_columns = 1};
    zq_table to = {.name = "t", .columns = &b, .n_columns = 1};

    zq_reconcile(&to, &from, arena);
    return to.columns[0].def.text;
}

Test(normal, the_same_value_is_read_in_the_wanted_spelling)
{
    static const struct {
        zq_type type;
        const char *kept, *wanted;
        bool same;
    } cases[] = {
        {ZQ_DECIMAL(10, 2), "1.50", "1.5", true},
        {ZQ_DECIMAL(10, 2), "1.50", "1.51", false},
        {ZQ_DECIMAL(10, 2), "-0.00", "0", true},
        {ZQ_DECIMAL(10, 2), "-1.00", "1", false},
        {ZQ_INT, "7", "007", true},
        {ZQ_INT, "70", "7", false},
        {ZQ_DOUBLE, "1e30", "1000000000000000000000000000000", true},
        {ZQ_DATETIME_MS, "2020-01-01 00:00:00.000", "2020-01-01 00:00:00", true},
        {ZQ_DATETIME_MS, "2020-01-01 00:00:00.000", "2020-01-01", true},
        {ZQ_DATETIME_MS, "2020-01-01 00:00:00.500", "2020-01-01 00:00:00.5", true},
        {ZQ_DATETIME_MS, "2020-01-01 00:00:00.500", "2020-01-01 00:00:00", false},
        {ZQ_VARCHAR(5), "1.50", "1.5", false},
    };

    for (size_t i = 0; i < ZQ_LEN(cases); i++) {
        ZQ_AUTO(zq_arena) arena = zq_arena_open();
        const char *text = adopt_default(cases[i].type, cases[i].kept, cases[i].wanted, arena);

        cr_expect_str_eq(text, cases[i].same ? cases[i].wanted : cases[i].kept, "%s, %s",
                         cases[i].kept, cases[i].wanted);
    }
}

/* ---- whole tables ---- */

static zq_table parse(const char *text, zq_flavor flavor, zq_arena *arena)
{
    zq_table table = {0};
    zq_err err = {0};

    cr_assert_eq(zq_show_create_read(text, strlen(text), flavor, arena, &table, &err), ZQ_OK,
                 "%s: %s", err.message, err.detail);
    return table;
}

Test(create, what_goes_without_saying_is_filled_in)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const zq_table table = parse("CREATE TABLE `t` (\n"
                                 "  `a` varchar(10) CHARACTER SET latin1 NOT NULL,\n"
                                 "  `b` varchar(10) COLLATE utf8_bin DEFAULT NULL,\n"
                                 "  `c` varchar(10) DEFAULT NULL,\n"
                                 "  `d` varchar(10) CHARACTER SET utf8 COLLATE utf8_general_ci\n"
                                 ") ENGINE=InnoDB AUTO_INCREMENT=77 DEFAULT CHARSET=utf8",
                                 ZQ_MYSQL, arena);

    cr_expect_str_eq(table.name, "t");
    cr_expect_str_eq(table.charset, "utf8mb3");
    cr_expect_str_eq(table.collation, "utf8mb3_general_ci");
    cr_expect_eq(table.n_columns, 4);
    cr_expect_eq(table.n_extras, 0);
    cr_expect_str_eq(table.columns[0].collation, "latin1_swedish_ci");
    cr_expect_str_eq(table.columns[1].charset, "utf8mb3");
    cr_expect_null(table.columns[2].collation);
    cr_expect_null(table.columns[3].collation);
}

Test(create, what_the_model_has_no_place_for_is_an_extra)
{
    static const struct {
        const char *text, *kind, *name, *extra;
    } cases[] = {
        {"CREATE TABLE `t` (`a` int SRID 4326) ENGINE=InnoDB", "column", "a", "SRID 4326"},
        {"CREATE TABLE `t` (`a` int /*!80003 SRID 0 */) ENGINE=InnoDB", "column", "a", "SRID 0"},
        {"CREATE TABLE `t` (`a` int /*M!100301 COMPRESSED*/ DEFAULT NULL) ENGINE=InnoDB", "column",
         "a", "COMPRESSED"},
        {"CREATE TABLE `t` (`a` int CHECK (`a` > 0)) ENGINE=InnoDB", "check", "a", "`a` > 0"},
        {"CREATE TABLE `t` (`a` int, CONSTRAINT `c` CHECK ((`a` > 0)) /*!80016 NOT ENFORCED */)",
         "check", "c", "`a` > 0 not enforced"},
        {"CREATE TABLE `t` (`a` int, PERIOD FOR `p` (`s`, `e`)) ENGINE=InnoDB", "clause", "",
         "PERIOD FOR `p` (`s`, `e`)"},
        {"CREATE TABLE `t` (`a` int, KEY `k` (`a`) KEY_BLOCK_SIZE=8) ENGINE=InnoDB", "index", "k",
         "KEY_BLOCK_SIZE=8"},
        {"CREATE TABLE `t` (`a` int) ENGINE=InnoDB ROW_FORMAT=COMPRESSED", "option", "ROW_FORMAT",
         "ROW_FORMAT=COMPRESSED"},
        {"CREATE TABLE `t` (`a` int) /*!50100 TABLESPACE `x` */ ENGINE=InnoDB", "option",
         "TABLESPACE", "TABLESPACE `x`"},
        {"CREATE TABLE `t` (`a` int) ENGINE=InnoDB `page_compressed`='ON'", "option",
         "page_compressed", "`page_compressed`='ON'"},
        {"CREATE TABLE `t` (`a` int) ENGINE=InnoDB WITH SYSTEM VERSIONING", "option",
         "WITH SYSTEM VERSIONING", "WITH SYSTEM VERSIONING"},
        {"CREATE TABLE `t` (`a` int) ENGINE=InnoDB\n/*!50100 PARTITION BY HASH (`a`)\n"
         "PARTITIONS 2 */",
         "partitions", "", "PARTITION BY HASH (`a`)\nPARTITIONS 2"},
        {"CREATE TABLE `t` (`a` int) ENGINE=InnoDB\n PARTITION BY HASH (`a`)", "partitions", "",
         "PARTITION BY HASH (`a`)"},
    };

    for (size_t i = 0; i < ZQ_LEN(cases); i++) {
        ZQ_AUTO(zq_arena) arena = zq_arena_open();
        const zq_table table = parse(cases[i].text, ZQ_MYSQL, arena);

        cr_assert_eq(table.n_extras, 1, "%s: %zu extras", cases[i].text, table.n_extras);
        cr_expect_str_eq(table.extras[0].kind, cases[i].kind, "%s", cases[i].text);
        cr_expect_str_eq(table.extras[0].name, cases[i].name, "%s", cases[i].text);
        cr_expect_str_eq(table.extras[0].text, cases[i].extra, "%s: %s", cases[i].text,
                         table.extras[0].text);
        cr_expect_eq(table.n_columns, 1, "%s", cases[i].text);
    }
}

Test(create, indexes_and_keys_are_read)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const zq_table table =
        parse("CREATE TABLE `t``1` (\n"
              "  `a` int NOT NULL AUTO_INCREMENT COMMENT 'it''s, (a) \\'comment\\'',\n"
              "  `b` int GENERATED ALWAYS AS ((`a` + 1)) STORED /*!80023 INVISIBLE */,\n"
              "  PRIMARY KEY (`a`),\n"
              "  UNIQUE KEY `u` (`b` DESC,`a`) USING BTREE COMMENT 'x',\n"
              "  KEY `f` ((lower(`a`)),`b`(5)) /*!80000 INVISIBLE */,\n"
              "  FULLTEXT KEY `ft` (`b`) /*!50100 WITH PARSER `ngram` */ ,\n"
              "  CONSTRAINT `fk` FOREIGN KEY (`a`, `b`) REFERENCES `d`.`p` (`x`, `y`) ON DELETE "
              "CASCADE ON UPDATE NO ACTION\n"
              ") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci COMMENT='c'",
              ZQ_MYSQL, arena);

    cr_expect_str_eq(table.name, "t`1");
    cr_expect_str_eq(table.comment, "c");
    cr_expect_eq(table.n_extras, 0);
    cr_expect_eq(table.columns[0].flags, ZQ_NOT_NULL | ZQ_AUTO_INCREMENT);
    cr_expect_str_eq(table.columns[0].comment, "it's, (a) 'comment'");
    cr_expect_eq(table.columns[1].flags, ZQ_STORED | ZQ_INVISIBLE);
    cr_expect_str_eq(table.columns[1].generated, "`a` + 1");
    cr_assert_eq(table.n_indexes, 4);
    cr_expect_str_eq(table.indexes[0].name, "PRIMARY");
    cr_expect_eq(table.indexes[1].kind, ZQ_UNIQUE);
    cr_expect(table.indexes[1].parts[0].descending);
    cr_expect_str_eq(table.indexes[1].comment, "x");
    cr_expect_str_eq(table.indexes[2].parts[0].expression, "lower(`a`)");
    cr_expect_eq(table.indexes[2].parts[1].length, 5);
    cr_expect_eq(table.indexes[2].flags, ZQ_INVISIBLE);
    cr_expect_str_eq(table.indexes[3].parser, "ngram");
    cr_assert_eq(table.n_foreign_keys, 1);
    cr_expect_str_eq(table.foreign_keys[0].ref_schema, "d");
    cr_expect_str_eq(table.foreign_keys[0].ref_columns[1], "y");
    cr_expect_eq(table.foreign_keys[0].on_delete, ZQ_CASCADE);
    cr_expect_eq(table.foreign_keys[0].on_update, ZQ_RESTRICT);
}

Test(create, what_is_no_table_is_refused)
{
    static const char *const texts[] = {"", "CREATE VIEW `v` AS SELECT 1", "CREATE TABLE `t`",
                                        "CREATE TABLE `t` (`a` int"};

    for (size_t i = 0; i < ZQ_LEN(texts); i++) {
        ZQ_AUTO(zq_arena) arena = zq_arena_open();
        zq_table table;

        cr_expect_eq(zq_show_create_read(texts[i], strlen(texts[i]), ZQ_MYSQL, arena, &table, NULL),
                     ZQ_E_SERVER, "%s", texts[i]);
    }
}

/* Any cut of a real statement ends in a table or in an error, never in a crash or a loop. */
Test(create, every_part_of_a_statement_is_survived)
{
    static const char text[] =
        "CREATE TABLE `t` (\n  `a` enum('x','y''z') CHARACTER SET latin1 DEFAULT 'x' CHECK (`a` <> "
        "'('), \n  `b` bit(5) DEFAULT b'101', `c` int GENERATED ALWAYS AS (`b` + 1) VIRTUAL,"
        " KEY `k` ((lower(`a`)), `b`(5) DESC) COMMENT 'x' /*!80000 INVISIBLE */, CONSTRAINT `f` "
        "FOREIGN KEY (`a`) REFERENCES `p` (`x`) ON DELETE SET NULL) ENGINE=InnoDB COMMENT='c' "
        "PARTITION BY HASH (`a`)";

    for (size_t n = 0; n < sizeof text; n++) {
        ZQ_AUTO(zq_arena) arena = zq_arena_open();
        zq_table table;

        zq_show_create_read(text, n, ZQ_MARIADB, arena, &table, NULL);
        zq_show_create_read(text + n, sizeof text - 1 - n, ZQ_MARIADB, arena, &table, NULL);
    }
}
