#include "base/text.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static const char *shown(const char *text)
{
    static zq_buf out;

    zq_buf_clear(&out);
    zq_text_show(&out, text, strlen(text));
    return zq_buf_text(&out);
}

Test(text, plain_text_stays_as_it_is)
{
    static const char text[] = "caf\xC3\xA9 \xE4\xB8\xAD\xE6\x96\x87 \xF0\x9F\x98\x80 C:\\dir 'x'";

    cr_assert(zq_text_is_plain(text, strlen(text)));
    cr_assert_str_eq(shown(text), text);
}

Test(text, each_control_character_is_spelled_out)
{
    for (unsigned c = 1; c <= 0x9F; c++) {
        char text[3] = {(char)c};
        char wanted[16];

        if (c >= 0x20 && c < 0x7F)
            continue;
        if (c >= 0x80)
            memcpy(text, (char[]){(char)0xC2, (char)c, '\0'}, 3);
        snprintf(wanted, sizeof wanted, "<U+%04X>", c);
        cr_expect_not(zq_text_is_plain(text, strlen(text)), "%x", c);
        cr_expect_str_eq(shown(text), wanted);
    }
}

Test(text, what_turns_or_hides_writing_is_spelled_out)
{
    cr_expect_str_eq(shown("a\xE2\x80\xAE"
                           "b"),
                     "a<U+202E>b");
    cr_expect_str_eq(shown("\xE2\x81\xA6\xE2\x81\xA9\xD8\x9C"), "<U+2066><U+2069><U+061C>");
    cr_expect_str_eq(shown("\xE2\x80\xA8\xE2\x80\x8B\xEF\xBB\xBF"), "<U+2028><U+200B><U+FEFF>");
    cr_expect_str_eq(shown("\xF3\xA0\x81\x81"), "<U+E0041>");
}

Test(text, bytes_that_are_not_utf8_are_spelled_out)
{
    cr_expect_str_eq(shown("a\xFF\x9B"
                           "1m"),
                     "a<FF><9B>1m");
    cr_expect_str_eq(shown("\xED\xA0\x80"), "<ED><A0><80>");
    cr_expect_str_eq(shown("\xE4\xB8"), "<E4><B8>");
    cr_expect_not(zq_text_is_plain("\xC0\x80", 2));
    cr_expect_not(zq_text_is_plain("a\0b", 3));
}

Test(text, only_a_text_with_lines_of_its_own_keeps_its_line_feeds)
{
    ZQ_AUTO_BUF(out);

    zq_text_show_lines(&out, "a\nb\r\x1B[1m\n", strlen("a\nb\r\x1B[1m\n"));
    cr_assert_str_eq(zq_buf_text(&out), "a\nb<U+000D><U+001B>[1m\n");
}

Test(text, a_format_shows_each_text_and_counts_characters)
{
    const char *volatile nothing = NULL; /* as in an empty buffer */
    ZQ_AUTO_BUF(out);

    zq_text_printf(&out, "%s|%-6s|%*s|%.2s|%c%%\n", "a\nb", "caf\xC3\xA9", 3, "\xE4\xB8\xAD", "xyz",
                   'c');
    cr_expect_str_eq(zq_buf_text(&out), "a<U+000A>b|caf\xC3\xA9  |  \xE4\xB8\xAD|xy|c%\n");
    zq_buf_clear(&out);
    zq_text_printf(&out, "[%.*s|%3s]", 0, nothing, nothing);
    cr_expect_str_eq(zq_buf_text(&out), "[|   ]");
    zq_buf_clear(&out);
    zq_text_printf(&out, "%u %-4d| %04o %zu %lu %lld %.1f %.*f %+d %x", 7U, -3, 0644, sizeof "ab",
                   8UL, -9LL, 1.25, 0, 2.5, 5, 255);
    cr_expect_str_eq(zq_buf_text(&out), "7 -3  | 0644 3 8 -9 1.2 2 +5 ff");
}

Test(text, json_gets_escapes_and_keeps_its_layout)
{
    ZQ_AUTO_BUF(out);

    zq_text_show_json(&out,
                      "{\n  \"a\": \"\x7F\xC2\x9B\xE2\x80\xAE\xF3\xA0\x81\x81\xC3\xA9\\n\"\n}");
    cr_assert_str_eq(zq_buf_text(&out),
                     "{\n  \"a\": \"\\u007f\\u009b\\u202e\\udb40\\udc41\xC3\xA9\\n\"\n}");
}

Test(text, a_comment_is_one_line_without_a_backslash)
{
    ZQ_AUTO_BUF(out);

    zq_comment(&out, "role '%s'", "x\n\\! touch /tmp/owned\r\n-- ");
    cr_assert_str_eq(zq_buf_text(&out), "-- role 'x<U+000A><U+005C>! touch /tmp/owned"
                                        "<U+000D><U+000A>-- '\n");
}
