#include "seed/password.h"

#include <criterion/criterion.h>
#include <string.h>

static void expect(const char *password, const char *message)
{
    zq_err err = {0};
    zq_rc rc = zq_password_check(password, &err);

    cr_assert_eq(rc, message == NULL ? ZQ_OK : ZQ_E_DATA, "%s", password);
    cr_assert_str_eq(err.message, message == NULL ? "" : message);
}

Test(password, the_rule_is_that_of_zquant)
{
    expect("Abcdef1!", NULL);
    expect("Abcde1!", "the password has 7 characters, and needs at least 8");
    expect("", "the password has 0 characters, and needs at least 8");
    expect("abcdef1!", "the password lacks an upper-case letter");
    expect("ABCDEF1!", "the password lacks a lower-case letter");
    expect("Abcdefg!", "the password lacks a digit");
    expect("Abcdefg1", "the password lacks one of !@#$%^&*()_+-=[]{}|;:,.<>?");
    expect("        ", "the password lacks an upper-case letter, a lower-case letter, a digit, one "
                       "of !@#$%^&*()_+-=[]{}|;:,.<>?");
    expect("密码密码密Ab1!", NULL);
    expect("Abcdef1!\xFF", "the password is not UTF-8");
}

Test(password, what_is_not_seen_or_has_two_spellings_is_refused)
{
    static const char unseen[] = "the password has a control character or one that is not seen";

    expect("Abcdef1!\t", unseen);
    expect("Abc\033[2Jdef1!", unseen);
    expect("Abcdef1!\xE2\x80\x8B", unseen); /* a space of no width */
    expect("Abcd\xC3\xA9"
           "f1!",
           NULL); /* one character, composed */
    expect("Abcde\xCC\x81"
           "f1!",
           "the password has U+0301, which keyboards and systems spell in more than one way");
    expect("Abcdef1!\xE2\x84\xAB",
           "the password has U+212B, which keyboards and systems spell in more than one way");
    expect("Ab1!한국어パスワード密码", NULL);
}

Test(password, length_counts_in_characters)
{
    char text[4 * 129 + 1] = "Ab1!";

    for (int i = 4; i < 128; i++)
        strcat(text, "密");
    expect(text, NULL);
    strcat(text, "密");
    expect(text, "the password has 129 characters, and may have at most 128");
}

Test(password, each_special_character_counts)
{
    static const char specials[] = "!@#$%^&*()_+-=[]{}|;:,.<>?";

    for (const char *c = specials; *c != '\0'; c++) {
        char text[] = "Abcdefg1?";

        text[8] = *c;
        expect(text, NULL);
    }
    expect("Abcdefg1~", "the password lacks one of !@#$%^&*()_+-=[]{}|;:,.<>?");
    expect("Abcdefg1'", "the password lacks one of !@#$%^&*()_+-=[]{}|;:,.<>?");
}

Test(password, made_ones_keep_the_rule_and_are_easy_to_read)
{
    char last[64] = "";

    for (int i = 0; i < 200; i++) {
        ZQ_AUTO(zq_secret) secret = zq_password_make();
        const char *text = zq_secret_text(secret);

        expect(text, NULL);
        cr_assert_eq(strlen(text), 27);
        cr_assert_eq(strspn(text, "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789_"), 27);
        cr_assert_str_neq(text, last);
        memcpy(last, text, 28);
    }
}
