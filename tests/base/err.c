#include "base/err.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

Test(err, a_failure_carries_its_code_and_words)
{
    zq_err err = {0};

    cr_assert_eq(zq_fail(&err, ZQ_E_DATA, "bad key '%s'", "x"), ZQ_E_DATA);
    cr_assert_eq(zq_err_detail(&err, "line %d", 3), ZQ_E_DATA);
    cr_assert_eq(zq_err_prefix(&err, "cannot read '%s': ", "a.ini"), ZQ_E_DATA);
    cr_assert_str_eq(err.message, "cannot read 'a.ini': bad key 'x'");
    cr_assert_str_eq(err.detail, "line 3");
    cr_assert_str_eq(err.hint, "");
}

Test(err, what_the_system_said_is_the_detail)
{
    zq_err err = {0};

    errno = ENOSPC;
    cr_assert_eq(zq_fail_errno(&err, ZQ_E_IO, "cannot write '%s'", "x"), ZQ_E_IO);
    cr_assert_str_eq(err.message, "cannot write 'x'");
    cr_assert_str_eq(err.detail, "No space left on device");
}

Test(err, where_nobody_looks_the_code_travels_all_the_same)
{
    zq_fail(NULL, ZQ_E_DATA, "bad");
    zq_fail(NULL, ZQ_E_LOST, "gone");
    cr_assert_eq(zq_err_hint(NULL, "run it again"), ZQ_E_LOST);
}

Test(err, a_text_that_is_too_long_is_cut_at_a_character)
{
    zq_err err = {0};
    char text[2000];
    size_t length;

    for (size_t i = 0; i + 3 < sizeof text; i += 3)
        memcpy(text + i, "\xE4\xB8\xAD", 4);
    zq_fail(&err, ZQ_E_DATA, "%s", text);
    length = strlen(err.message);
    cr_assert_lt(length, sizeof err.message);
    cr_assert_str_eq(err.message + length - 3, "...");
    cr_assert_eq((length - 3) % 3, 0);
}

Test(err, what_is_not_utf8_becomes_question_marks)
{
    zq_err err = {0};

    zq_fail(&err, ZQ_E_DATA, "'%.4s' \xFF \xE4\xB8\xAD", "\xE4\xB8\xAD\xE6\x96\x87");
    cr_expect_str_eq(err.message, "'\xE4\xB8\xAD?' ? \xE4\xB8\xAD");
    zq_err_detail(&err, "\xE4\xB8");
    cr_expect_str_eq(err.detail, "??");
}

Test(err, exit_statuses_are_those_of_the_contract)
{
    cr_assert_eq(zq_rc_exit_status(ZQ_OK), 0);
    cr_assert_eq(zq_rc_exit_status(ZQ_E_DIFFERS), 1);
    cr_assert_eq(zq_rc_exit_status(ZQ_E_SERVER), 2);
    cr_assert_eq(zq_rc_exit_status(ZQ_E_USAGE), 64);
    cr_assert_eq(zq_rc_exit_status(ZQ_E_DATA), 65);
    cr_assert_eq(zq_rc_exit_status(ZQ_E_NOINPUT), 66);
    cr_assert_eq(zq_rc_exit_status(ZQ_E_UNAVAILABLE), 69);
    cr_assert_eq(zq_rc_exit_status(ZQ_E_LOCKED), 75);
    cr_assert_eq(zq_rc_exit_status(ZQ_E_DENIED), 77);
    cr_assert_eq(zq_rc_exit_status(ZQ_E_CONFIG), 78);
}
