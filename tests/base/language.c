#include "base/language.h"
#include "base/err.h"
#include "base/phrase.h"

#include <criterion/criterion.h>

static void speak_english(void)
{
    zq_language_set(NULL);
}

TestSuite(language, .fini = speak_english);

Test(language, english_is_what_the_code_says)
{
    cr_assert_str_eq(zq_tr("unknown command '%s'"), "unknown command '%s'");
    zq_language_set("de_DE.UTF-8");
    cr_assert_str_eq(zq_tr("unknown command '%s'"), "unknown command '%s'");
    zq_language_set("zh_CN.GBK");
    cr_assert_str_eq(zq_tr("unknown command '%s'"), "unknown command '%s'",
                     "the catalog is UTF-8, which a terminal of GBK cannot show");
}

Test(language, chinese_is_spoken_where_the_locale_says_so)
{
    zq_language_set("zh_CN.UTF-8");
    cr_assert_str_eq(zq_tr("unknown command '%s'"), "未知命令 '%s'");
    cr_assert_str_eq(zq_tr("a text that nobody wrote"), "a text that nobody wrote");
}

Test(language, errors_and_their_hints_are_born_in_it)
{
    zq_err err = {0};

    zq_language_set("zh_CN.UTF-8");
    zq_fail(&err, ZQ_E_USAGE, "unknown command '%s'", "x");
    zq_err_hint(&err, "did you mean '%s'?", "y");
    cr_assert_str_eq(err.message, "未知命令 'x'");
    cr_assert_str_eq(err.hint, "您是不是要用 'y'？");
}

Test(language, words_that_are_kept_in_english_are_said_in_it)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();

    cr_assert_str_eq(zq_phrase_made(arena, "has no column 'a'"), "has no column 'a'");
    zq_language_set("zh_CN.UTF-8");
    cr_assert_str_eq(zq_phrase_made(arena, "has no column 'a'"), "没有列 'a'");
    cr_assert_str_eq(zq_phrase_made(arena, "is a view"), "是视图");
    cr_assert_str_eq(zq_phrase_made(arena, "has no column 'a' already'"),
                     "has no column 'a' already'",
                     "a name that could be cut in two ways is left as it is");
}

Test(language, a_file_gets_english_and_a_person_their_own)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();

    zq_language_set("zh_CN.UTF-8");
    cr_assert_str_eq(zq_printf_in(ZQ_ENGLISH, arena, "drops the table %s", "'t'"),
                     "drops the table 't'");
    cr_assert_str_eq(zq_printf_in(ZQ_USERS_LANGUAGE, arena, "drops the table %s", "'t'"),
                     "删除表 't'");
}
