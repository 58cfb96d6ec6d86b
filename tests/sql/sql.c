#include "sql/sql.h"

#include <criterion/criterion.h>
#include <string.h>

/* The text of `sql`, which must be well. */
static const char *text_of(zq_sql *sql)
{
    const char *text = NULL;
    zq_err err = {0};

    cr_assert_eq(zq_sql_finish(sql, &text, &err), ZQ_OK, "%s", err.message);
    return text;
}

static void assert_refused(const char *name, const char *message)
{
    ZQ_AUTO_SQL(sql);
    const char *text = "untouched";
    zq_err err = {0};

    zq_sql_ident(&sql, name);
    cr_assert_eq(zq_sql_finish(&sql, &text, &err), ZQ_E_DATA);
    cr_assert_str_eq(err.message, message);
    cr_assert_str_eq(text, "untouched");
}

Test(sql, a_statement_is_the_verbs_in_their_order)
{
    ZQ_AUTO_SQL(sql);

    zq_sql_lit(&sql, "SELECT ");
    zq_sql_num(&sql, -1);
    zq_sql_lit(&sql, ", ");
    zq_sql_unum(&sql, 18446744073709551615ULL);
    zq_sql_lit(&sql, " FROM ");
    zq_sql_ident(&sql, "t");
    cr_assert_str_eq(text_of(&sql), "SELECT -1, 18446744073709551615 FROM `t`");
}

Test(sql, the_quotes_around_a_piece_say_what_it_is)
{
    const char *volatile none = NULL; /* a NULL that gcc sees it warns of */
    ZQ_AUTO_SQL(sql);

    zq_sql_add(&sql, "%-s `%s`.`%s` WHERE a = '%s' AND b <> '%s' AND c LIKE '%%x%%'",
               "SELECT 1 FROM", "a`b", "t", "it's", none);
    zq_sql_add(&sql, " LIMIT %u, %zu", 4294967295U, (size_t)2);
    cr_assert_str_eq(text_of(&sql), "SELECT 1 FROM `a``b`.`t` WHERE a = 'it''s' AND b <> NULL AND "
                                    "c LIKE '%x%' LIMIT 4294967295, 2");
}

Test(sql, numbers_of_every_size_are_written_as_they_are)
{
    ZQ_AUTO_SQL(sql);

    zq_sql_add(&sql, "%d %u %ld %lu %lld %llu %zu", -1, 1U, -2L, 2UL, -9223372036854775807LL,
               18446744073709551615ULL, (size_t)3);
    cr_assert_str_eq(text_of(&sql), "-1 1 -2 2 -9223372036854775807 18446744073709551615 3");
}

Test(sql, a_piece_that_has_no_quotes_is_refused)
{
    ZQ_AUTO_SQL(bare);
    ZQ_AUTO_SQL(half);
    const char *text;
    zq_err err = {0};

    zq_sql_add(&bare, "SELECT 1 FROM t WHERE a = %s", "1 OR 1");
    cr_assert_eq(zq_sql_finish(&bare, &text, &err), ZQ_E_DATA);
    cr_assert_str_eq(err.message, "cannot be written as SQL: a piece has no quotes: '1 OR 1'");
    zq_sql_add(&half, "SELECT 'x%s'", "it's");
    cr_assert_eq(zq_sql_finish(&half, &text, &err), ZQ_E_DATA);
    cr_assert_str_eq(err.message, "cannot be written as SQL: a piece has no quotes: 'it's'");
}

Test(sql, a_name_that_cannot_be_one_is_refused_among_others)
{
    ZQ_AUTO_SQL(sql);
    const char *text;
    zq_err err = {0};

    zq_sql_add(&sql, "SELECT `%s` FROM `%s`", "", "t");
    cr_assert_eq(zq_sql_finish(&sql, &text, &err), ZQ_E_DATA);
    cr_assert_str_eq(err.message, "cannot be written as SQL: a name is empty: ''");
}

Test(sql, nothing_written_is_the_empty_text)
{
    ZQ_AUTO_SQL(sql);

    cr_assert_str_eq(text_of(&sql), "");
}

Test(sql, a_string_is_escaped_so_that_it_ends_where_it_ends)
{
    ZQ_AUTO_SQL(sql);

    zq_sql_str(&sql, "it's \"a\" \\ line\nand\r\x1a \xF0\x9F\x98\x80");
    cr_assert_str_eq(text_of(&sql), "'it''s \"a\" \\\\ line\\nand\\r\\Z \xF0\x9F\x98\x80'");
}

Test(sql, a_string_may_hold_nuls)
{
    ZQ_AUTO_SQL(sql);

    zq_sql_strn(&sql, "a\0b", 3);
    cr_assert_str_eq(text_of(&sql), "'a\\0b'");
}

Test(sql, a_string_for_any_session_has_no_byte_that_one_can_read_differently)
{
    ZQ_AUTO_SQL(sql);

    zq_sql_str_anywhere(&sql, "a-Z_0.9: x");
    zq_sql_lit(&sql, ", ");
    zq_sql_str_anywhere(&sql, "C:\\t");
    zq_sql_lit(&sql, ", ");
    zq_sql_str_anywhere(&sql, "it's");
    zq_sql_lit(&sql, ", ");
    zq_sql_str_anywhere(&sql, "\xe4\xb8\xad");
    zq_sql_lit(&sql, ", ");
    zq_sql_str_anywhere(&sql, NULL);
    cr_assert_str_eq(text_of(&sql), "'a-Z_0.9: x', _utf8mb4 x'433a5c74', _utf8mb4 x'69742773', "
                                    "_utf8mb4 x'e4b8ad', NULL");
}

Test(sql, no_string_is_the_keyword_null)
{
    ZQ_AUTO_SQL(sql);

    zq_sql_str(&sql, NULL);
    cr_assert_str_eq(text_of(&sql), "NULL");
}

Test(sql, a_backtick_in_a_name_is_doubled)
{
    ZQ_AUTO_SQL(sql);

    zq_sql_ident(&sql, "a`b 'c' \"d\" \\e");
    cr_assert_str_eq(text_of(&sql), "`a``b 'c' \"d\" \\e`");
}

Test(sql, a_name_may_have_64_characters_of_any_length)
{
    ZQ_AUTO_SQL(sql);
    char name[64 * 3 + 1] = "";

    for (int i = 0; i < 64; i++)
        strcat(name, "\xE4\xB8\xAD");
    zq_sql_ident(&sql, name);
    cr_assert_eq(strlen(text_of(&sql)), 64 * 3 + 2);
}

Test(sql, a_bad_name_is_refused_with_the_reason)
{
    const char *too_long = "a1234567890123456789012345678901234567890123456789012345678901234";

    cr_assert_eq(strlen(too_long), 65);
    assert_refused("", "cannot be written as SQL: a name is empty: ''");
    assert_refused(NULL, "cannot be written as SQL: a name is empty: ''");
    assert_refused("a ", "cannot be written as SQL: a name ends in a space: 'a '");
    assert_refused(too_long, "cannot be written as SQL: a name is longer than 64 characters: "
                             "'a1234567890123456789012345678901234567890123456789012345678901234'");
    assert_refused("x\xF0\x9F\x98\x80",
                   "cannot be written as SQL: a name holds what is not a character of the Basic "
                   "Multilingual Plane in UTF-8: 'x\xF0\x9F\x98\x80'");
}

Test(sql, a_name_that_is_not_utf8_is_refused)
{
    static const char *const names[] = {"\x80",         "a\xC3",        "\xC0\xAF", "\xE4\xB8",
                                        "\xE0\x80\x80", "\xED\xA0\x80", "\xFF",     NULL};

    for (size_t i = 0; names[i] != NULL; i++) {
        ZQ_AUTO_SQL(sql);
        const char *text;

        zq_sql_ident(&sql, names[i]);
        cr_assert_eq(zq_sql_finish(&sql, &text, NULL), ZQ_E_DATA, "name %zu", i);
    }
}

Test(sql, the_first_error_sticks_until_the_statement_is_cleared)
{
    ZQ_AUTO_SQL(sql);
    const char *text;
    zq_err err = {0};

    zq_sql_ident(&sql, "");
    zq_sql_refuse(&sql, "this came later", "x");
    zq_sql_ident(&sql, "good");
    cr_assert_eq(zq_sql_finish(&sql, &text, &err), ZQ_E_DATA);
    cr_assert_str_eq(err.message, "cannot be written as SQL: a name is empty: ''");
}
