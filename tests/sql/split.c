#include "sql/read/split.h"
#include "sql/read/placeholder.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

/* The pieces of `text`, each as "LINE:TEXT", markers as "LINE#TEXT", joined by '|'. */
static void split(const char *text, char *out, size_t size)
{
    zq_split lexer = zq_split_on("t.sql", text, strlen(text));
    zq_err err = {0};
    zq_piece piece;
    size_t used = 0;

    out[0] = '\0';
    for (;;) {
        cr_assert_eq(zq_split_next(&lexer, &piece, &err), ZQ_OK, "%s\n%s", err.message, text);
        if (piece.kind == ZQ_PIECE_END)
            return;
        cr_assert_eq(memcmp(text + piece.offset, piece.text, piece.length), 0);
        used += (size_t)snprintf(out + used, size - used, "%s%u%c%.*s", used > 0 ? "|" : "",
                                 piece.line, piece.kind == ZQ_PIECE_MARKER ? '#' : ':',
                                 (int)piece.length, piece.text);
    }
}

static const char *failure(const char *text)
{
    static zq_err err;
    zq_split lexer = zq_split_on("t.sql", text, strlen(text));
    zq_piece piece = {.kind = ZQ_PIECE_STATEMENT};

    while (zq_split_next(&lexer, &piece, &err) == ZQ_OK)
        if (piece.kind == ZQ_PIECE_END)
            return "no failure";
    cr_assert_eq(err.code, ZQ_E_DATA);
    return err.message;
}

static const struct {
    const char *text, *pieces;
} splits[] = {
    {"", ""},
    {" \n\t", ""},
    {"-- only\n# comments\n/* here ; */\n", ""},
    {"SELECT 1", "1:SELECT 1"},
    {"SELECT 1;\nSELECT 2;", "1:SELECT 1|2:SELECT 2"},
    {"SELECT 1;SELECT 2", "1:SELECT 1|1:SELECT 2"},
    {"\r\nSELECT\r\n1\r\n;\r\n", "2:SELECT\r\n1"},
    /* quotes */
    {"SELECT ';', \"a;b\", `c;d`;", "1:SELECT ';', \"a;b\", `c;d`"},
    {"SELECT 'it''s; \\'x\\';', \"a\"\";\\\";\";", "1:SELECT 'it''s; \\'x\\';', \"a\"\";\\\";\""},
    {"SELECT `a``;`, `b\\`;", "1:SELECT `a``;`, `b\\`"},
    {"SELECT '\\\\';SELECT 2", "1:SELECT '\\\\'|1:SELECT 2"},
    {"SELECT '-- no; # no /* no', 1;", "1:SELECT '-- no; # no /* no', 1"},
    {"SELECT 'two\nlines';\nSELECT 2;", "1:SELECT 'two\nlines'|3:SELECT 2"},
    {"SELECT '\xE4\xB8\xAD;\xE6\x96\x87';", "1:SELECT '\xE4\xB8\xAD;\xE6\x96\x87'"},
    /* comments */
    {"SELECT 1 -- it's; here\n+ 1;", "1:SELECT 1 -- it's; here\n+ 1"},
    {"SELECT 1 # it's; here\n+ 1;", "1:SELECT 1 # it's; here\n+ 1"},
    {"SELECT 1 /* it's; here */+ 1;", "1:SELECT 1 /* it's; here */+ 1"},
    {"SELECT 5--1;", "1:SELECT 5--1"},
    {"SELECT 1 --\n;", "1:SELECT 1"},
    {"-- before\nSELECT 1 -- after\n;-- behind\n", "2:SELECT 1"},
    {"SELECT 6 / 2 * 3 - 1;", "1:SELECT 6 / 2 * 3 - 1"},
    {"SELECT /*+ MAX_EXECUTION_TIME(9) ; */ 1;", "1:SELECT /*+ MAX_EXECUTION_TIME(9) ; */ 1"},
    /* executable comments are SQL */
    {"/*!40101 SET NAMES utf8 */;", "1:/*!40101 SET NAMES utf8 */"},
    {"SELECT /*M!100100 ';*/' */ + 1;", "1:SELECT /*M!100100 ';*/' */ + 1"},
    {"SELECT /*! /* ; */ 2 */;", "1:SELECT /*! /* ; */ 2 */"},
    /* DELIMITER */
    {"DELIMITER //\nSELECT 1; SELECT 2//\nDELIMITER ;\nSELECT 3;",
     "2:SELECT 1; SELECT 2|4:SELECT 3"},
    {"delimiter $$ -- why\nCREATE PROCEDURE p() BEGIN SELECT 1; END$$\n delimiter ; \nSELECT 2",
     "2:CREATE PROCEDURE p() BEGIN SELECT 1; END|4:SELECT 2"},
    {"DELIMITER ';;'\nSELECT ';;', 1; 2;;\n", "2:SELECT ';;', 1; 2"},
    {"DELIMITER ;;\n/*!50003 CREATE TRIGGER t BEGIN a; b; END */;;\nDELIMITER ;\n",
     "2:/*!50003 CREATE TRIGGER t BEGIN a; b; END */"},
    {"SELECT delimiter FROM t;", "1:SELECT delimiter FROM t"},
    {"DELIMITER go\nSELECT 1 go\nSELECT 2\ngo\n", "2:SELECT 1|3:SELECT 2"},
    {"DELIMITER --\nSELECT 1 --\nSELECT 2 --", "2:SELECT 1|3:SELECT 2"},
    {"SELECT 1;\nDELIMITER //", "1:SELECT 1"},
    /* markers */
    {"-- zq:upgrade\nSELECT 1;\n  --  zq:end  \r\n", "1#zq:upgrade|2:SELECT 1|3#zq:end"},
    {"SELECT '\n-- zq:end\n';", "1:SELECT '\n-- zq:end\n'"},
    {"/*\n-- zq:end\n*/ SELECT 1;", "3:SELECT 1"},
    {"SELECT 1; -- zq:not at the head of a line\n", "1:SELECT 1"},
    {"# zq:hash\n-- zquant:other\n", ""},
};

Test(split, a_text_is_split_as_the_mysql_client_splits_it)
{
    char pieces[512];

    for (size_t i = 0; i < ZQ_LEN(splits); i++) {
        split(splits[i].text, pieces, sizeof pieces);
        cr_expect_str_eq(pieces, splits[i].pieces, "%s\ngave %s", splits[i].text, pieces);
    }
}

static const struct {
    const char *text, *message;
} failures[] = {
    {"SELECT 1;\nSELECT 'a;\n\n", "t.sql:2: a quote ' begins here and is not ended"},
    {"SELECT \"a\\\"", "t.sql:1: a quote \" begins here and is not ended"},
    {"\nSELECT `a", "t.sql:2: a quote ` begins here and is not ended"},
    {"SELECT 1 /* a;", "t.sql:1: a comment begins here and is not ended"},
    {"SELECT 1 /*! + 1;", "t.sql:1: an executable comment of the statement that begins in line 1 "
                          "is not ended"},
    {"SELECT 1 /*! + 1", "t.sql:1: an executable comment of the statement that begins in line 1 "
                         "is not ended"},
    {"SELECT 1;;", "t.sql:1: an empty statement: nothing is before this ';'"},
    {"-- a\n;", "t.sql:2: an empty statement: nothing is before this ';'"},
    {"DELIMITER //\n//", "t.sql:2: an empty statement: nothing is before this '//'"},
    {"SELECT 1;\nDELIMITER", "t.sql:2: DELIMITER without an argument"},
    {"DELIMITER \n;", "t.sql:1: DELIMITER without an argument"},
    {"SELECT 1; DELIMITER //\nSELECT 2//", "t.sql:1: DELIMITER must begin its line"},
    {"DELIMITER a\\b\n", "t.sql:1: a delimiter with a backslash"},
    {"DELIMITER 12345678901234567890123456789012\n", "t.sql:1: a delimiter of more than 31 bytes"},
    {"SELECT 1\nDELIMITER //\n", "t.sql:2: 'DELIMITER' within the statement that begins in line 1: "
                                 "end it with ';' first"},
    {"SELECT 1\n\n-- zq:end\n", "t.sql:3: '-- zq:end' within the statement that begins in line 1: "
                                "end it with ';' first"},
    {"SELECT 1\\G\n", "t.sql:1: a backslash outside quotes: commands of the mysql client such as "
                      "\\G are not SQL"},
};

Test(split, what_cannot_be_split_is_named_with_file_and_line)
{
    for (size_t i = 0; i < ZQ_LEN(failures); i++)
        cr_expect_str_eq(failure(failures[i].text), failures[i].message, "%s\ngave %s",
                         failures[i].text, failure(failures[i].text));
}

Test(split, placeholders_are_found_outside_comments)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const char *text = "ALTER TABLE {table}\nADD INDEX `ix_{code}` (a), -- {not}\n"
                       "COMMENT '\n{range} {D} {} {d x}' /* {not} */";
    const zq_placeholder *found;

    cr_assert_eq(zq_placeholder_list(text, strlen(text), arena, &found), 3);
    cr_expect_str_eq(found[0].name, "table");
    cr_expect_eq(found[0].line, 1);
    cr_expect_not(found[0].in_string);
    cr_expect_str_eq(found[1].name, "code");
    cr_expect_eq(found[1].line, 2);
    cr_expect_not(found[1].in_string);
    cr_expect_str_eq(found[2].name, "range");
    cr_expect_eq(found[2].line, 4);
    cr_expect(found[2].in_string);
}

Test(split, placeholders_are_replaced_in_names_and_strings_but_not_in_comments)
{
    static const zq_binding bindings[] = {{"table", "zq_x_000001"}, {"code", "000001"}};
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const char *text = "ALTER TABLE {table} /* {table} */ ADD ix_{table}_a, ADD `{code}_b`"
                       " COMMENT '{code}.SZ {other}' -- {code}\n;";

    cr_expect_str_eq(zq_placeholder_fill(arena, text, strlen(text), bindings, ZQ_LEN(bindings)),
                     "ALTER TABLE zq_x_000001 /* {table} */ ADD ix_zq_x_000001_a, ADD `000001_b`"
                     " COMMENT '000001.SZ {other}' -- {code}\n;");
}
