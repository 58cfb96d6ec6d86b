#include "base/ini.h"

#include "base/buf.h"

#include <criterion/criterion.h>
#include <string.h>

static zq_rc note(void *context, const zq_ini_item *item, zq_err *err)
{
    zq_buf *out = context;

    (void)err;
    switch (item->kind) {
    case ZQ_INI_SECTION:
        zq_buf_printf(out, "%u [%s]|", item->line, item->section);
        break;
    case ZQ_INI_VALUE:
        zq_buf_printf(out, "%u %s.%s=%s|", item->line, item->section, item->key, item->value);
        break;
    case ZQ_INI_MORE:
        zq_buf_printf(out, "%u %s.%s+%s|", item->line, item->section, item->key, item->value);
        break;
    case ZQ_INI_MISTAKE:
        zq_buf_printf(out, "%u !%s|", item->line, item->value);
        break;
    }
    return ZQ_OK;
}

static void expect_n(const char *text, size_t length, const char *wanted)
{
    ZQ_AUTO_BUF(out);
    zq_err err = {0};

    cr_assert_eq(zq_ini_parse(text, length, note, &out, &err), ZQ_OK);
    cr_assert_str_eq(zq_buf_text(&out), wanted);
}

static void expect(const char *text, const char *wanted)
{
    expect_n(text, strlen(text), wanted);
}

Test(ini, sections_keys_and_values_come_with_their_lines)
{
    expect("a = 1\n; comment\n[s]\nb: 2 \r\n\n[t] \nc=\n", "1 .a=1|3 [s]|4 s.b=2|6 [t]|7 t.c=|");
}

Test(ini, a_semicolon_or_hash_in_a_value_does_not_cut_it)
{
    expect("[s]\npassword = a ;b #c\nlist = x ; y\n", "1 [s]|2 s.password=a ;b #c|3 s.list=x ; y|");
}

Test(ini, a_line_over_200_bytes_is_whole)
{
    ZQ_AUTO_BUF(text);
    ZQ_AUTO_BUF(wanted);

    zq_buf_str(&text, "[s]\nk = ");
    zq_buf_str(&wanted, "1 [s]|2 s.k=");
    for (int i = 0; i < 4000; i++) {
        zq_buf_char(&text, 'x');
        zq_buf_char(&wanted, 'x');
    }
    zq_buf_str(&text, "\nlast = 1");
    zq_buf_str(&wanted, "|3 s.last=1|");
    expect(zq_buf_text(&text), zq_buf_text(&wanted));
}

Test(ini, the_longest_line_is_taken_and_one_byte_more_is_a_mistake)
{
    for (size_t length = ZQ_INI_LINE_MAX; length <= ZQ_INI_LINE_MAX + 1; length++) {
        ZQ_AUTO_BUF(text);
        ZQ_AUTO_BUF(wanted);

        zq_buf_str(&text, "k=");
        zq_buf_str(&wanted, "1 .k=");
        while (text.length < length) {
            zq_buf_char(&text, 'x');
            zq_buf_char(&wanted, 'x');
        }
        zq_buf_str(&text, "\n");
        zq_buf_str(&wanted, "|");
        expect(zq_buf_text(&text), length == ZQ_INI_LINE_MAX
                                       ? zq_buf_text(&wanted)
                                       : "1 !a line of 4097 bytes is too long (at most 4096)|");
    }
}

Test(ini, names_of_sections_and_keys_over_49_bytes_are_whole)
{
#define FIFTY "0123456789012345678901234567890123456789012345678x"
    expect("[" FIFTY FIFTY "]\n" FIFTY "y = 1\n  2\n",
           "1 [" FIFTY FIFTY "]|2 " FIFTY FIFTY "." FIFTY "y=1|3 " FIFTY FIFTY "." FIFTY "y+2|");
}

Test(ini, only_a_line_deeper_than_its_key_continues_it)
{
    expect("[s]\na =\n  x\n\n  # no\n  y = 1\nb = 2\n",
           "1 [s]|2 s.a=|3 s.a+x|6 s.a+y = 1|7 s.b=2|");
    expect("[s]\n  a = 1\n  b = 2\n    3\n  [t]\n  c = 4\n",
           "1 [s]|2 s.a=1|3 s.b=2|4 s.b+3|5 [t]|6 t.c=4|");
}

Test(ini, every_mistake_is_told_with_its_line)
{
    expect("[s]\nnothing\n[open\n[t] x\nk = \xFF\nj = a\x01\nok = 1\n= 2\n",
           "1 [s]|2 !neither 'key = value' nor '[section]'|3 !']' is missing|4 !text after ']'|"
           "5 !not UTF-8|6 !a control character|7 .ok=1|8 .=2|");
    expect_n("a = 1\0 2\nb = 3", 14, "1 !a NUL byte|2 .b=3|");
}

Test(ini, a_byte_order_mark_is_skipped_and_utf_16_is_a_mistake)
{
    expect("\xEF\xBB\xBF[s]\na = 1\n", "1 [s]|2 s.a=1|");
    expect_n("\xFF\xFE[\0]\0\n\0", 8, "1 !a NUL byte|2 !a NUL byte|");
}

static zq_rc stop_at_once(void *context, const zq_ini_item *item, zq_err *err)
{
    ++*(int *)context;
    return zq_fail(err, ZQ_E_CONFIG, "stopped at line %u", item->line);
}

Test(ini, the_callback_can_end_the_walk)
{
    int calls = 0;
    zq_err err = {0};

    cr_assert_eq(zq_ini_parse("\na = 1\nb = 2\n", 13, stop_at_once, &calls, &err), ZQ_E_CONFIG);
    cr_assert_eq(calls, 1);
    cr_assert_str_eq(err.message, "stopped at line 2");
}
