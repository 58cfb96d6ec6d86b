#include "app/settings/dotenv.h"
#include "base/buf.h"
#include "chinese.h"

#include <criterion/criterion.h>
#include <sodium.h>
#include <string.h>

static zq_rc note(void *context, const zq_dotenv_item *item, zq_err *err)
{
    (void)err;
    zq_buf_printf(context, "%u:%s", item->line, item->key);
    if (item->value != NULL)
        zq_buf_printf(context, "=<%s>", item->value);
    zq_buf_char(context, '|');
    return ZQ_OK;
}

static zq_rc parse(const char *text, size_t length, zq_buf *out, zq_err *err)
{
    ZQ_AUTO_BUF(ignored);
    zq_err chinese = {0};
    static const char *const environment[] = {"HOME=/home/me", "A=environment", "EMPTY=", NULL};
    ZQ_AUTO(zq_vault) vault = zq_vault_open();

    EXPECT_CHINESE(
        zq_dotenv_parse(".env", text, length, environment, vault, note, &ignored, &chinese),
        chinese);
    return zq_dotenv_parse(".env", text, length, environment, vault, note, out, err);
}

/* What python-dotenv gives for the same text; the cases of its tests/test_parser.py are among
 * these. Its release 0.21 differs only in "a= #c", where it gave "#c". */
static const struct {
    const char *text;
    const char *items;
} cases[] = {
    {"", ""},
    {"a=b", "1:a=<b>|"},
    {"'a'=b", "1:a=<b>|"},
    {"[=b", "1:[=<b>|"},
    {" a = b ", "1:a=<b>|"},
    {"export a=b", "1:a=<b>|"},
    {" export 'a'=b", "1:a=<b>|"},
    {"export\ta=b", "1:a=<b>|"},
    {"exporta=b", "1:exporta=<b>|"},
    {"export=b", "1:export=<b>|"},
    {"export =b", NULL},
    {"# a=b", ""},
    {"export # a", ""},
    {"a=b#c", "1:a=<b#c>|"},
    {"a=b #c", "1:a=<b>|"},
    {"a=b \t # c # d", "1:a=<b>|"},
    {"a= #c", "1:a=<>|"},
    {"a=#b", "1:a=<#b>|"},
    {"a=b\t#c", "1:a=<b>|"},
    {"a=b c", "1:a=<b c>|"},
    {"a=b\tc", "1:a=<b\tc>|"},
    {"a=b  c", "1:a=<b  c>|"},
    {"a=b\xC2\xA0 c", "1:a=<b\xC2\xA0 c>|"},
    {"a=b\xC2\xA0", "1:a=<b>|"},
    {"a=b\xE3\x80\x80#c", "1:a=<b>|"},
    {"a=b c ", "1:a=<b c>|"},
    {"a=b=c", "1:a=<b=c>|"},
    {"a='b c '", "1:a=<b c >|"},
    {"a=\"b c \"", "1:a=<b c >|"},
    {"a=b'c'", "1:a=<b'c'>|"},
    {"a='b' # c", "1:a=<b>|"},
    {"a='b'#c", "1:a=<b>|"},
    {"a='b#c'", "1:a=<b#c>|"},
    {"export export_a=1", "1:export_a=<1>|"},
    {"export port=8000", "1:port=<8000>|"},
    {"a=\"b\nc\"", "1:a=<b\nc>|"},
    {"a='b\nc'", "1:a=<b\nc>|"},
    {"a='b\r\nc'\r\nd=e", "1:a=<b\nc>|3:d=<e>|"},
    {"a=\"b\\nc\"", "1:a=<b\nc>|"},
    {"a='b\\nc'", "1:a=<b\\nc>|"},
    {"a=b\\nc", "1:a=<b\\nc>|"},
    {"a=\"b\\\"c\"", "1:a=<b\"c>|"},
    {"a='b\\'c'", "1:a=<b'c>|"},
    {"a=\"\\a\\b\\f\\n\\r\\t\\v\\\\\\'\\\"\\x\\$\"", "1:a=<\a\b\f\n\r\t\v\\'\"\\x\\$>|"},
    {"a='\\\\ \\\" \\n'", "1:a=<\\ \\\" \\n>|"},
    {"a='b\\'", "1:a=<b\\>|"},
    {"a=\"b\\\\\"", "1:a=<b\\>|"},
    {"a=''", "1:a=<>|"},
    {"a=\xC3\xA0", "1:a=<\xC3\xA0>|"},
    {"a=\"\xC3\xA0\"", "1:a=<\xC3\xA0>|"},
    {"no_value_var", "1:no_value_var|"},
    {"no_value_var # c", "1:no_value_var|"},
    {"a=b\nc=d", "1:a=<b>|2:c=<d>|"},
    {"a=b\rc=d", "1:a=<b>|2:c=<d>|"},
    {"a=b\r\nc=d", "1:a=<b>|2:c=<d>|"},
    {"a=\nb=c", "1:a=<>|2:b=<c>|"},
    {"a=b\n\nc=d", "1:a=<b>|3:c=<d>|"},
    {"\n\n", ""},
    {"# comment\na=\"b\nc\"\nd=e\n", "2:a=<b\nc>|4:d=<e>|"},
    {"uglyKey[%$=\"S3cr3t_P4ssw#rD\" #\na=b", "1:uglyKey[%$=<S3cr3t_P4ssw#rD>|2:a=<b>|"},
    {"\xEF\xBB\xBF"
     "a=b\nc=d",
     "1:a=<b>|2:c=<d>|"},
    /* variables */
    {"x=1\ny=${x}", "1:x=<1>|2:y=<1>|"},
    {"y=${x}\nx=1", "1:y=<>|2:x=<1>|"},
    {"y=$x $ { ${", "1:y=<$x $ { ${>|"},
    {"y=${HOME}/a", "1:y=</home/me/a>|"},
    {"A=file\ny=${A}", "1:A=<file>|2:y=<file>|"},
    {"y=${NO:-b c}", "1:y=<b c>|"},
    {"y=${EMPTY:-b}", "1:y=<>|"},
    {"y=${HOME:-b}", "1:y=</home/me>|"},
    {"y=${HOME:b}", "1:y=<${HOME:b}>|"},
    {"y='${HOME}'", "1:y=</home/me>|"},
    {"x='${y}'\ny=1\nz=${x}", "1:x=<>|2:y=<1>|3:z=<>|"},
    {"n\ny=${n:-d}", "1:n|2:y=<>|"},
};

Test(dotenv, what_python_dotenv_reads_is_read)
{
    cr_assert_geq(sodium_init(), 0);
    for (size_t i = 0; i < ZQ_LEN(cases); i++) {
        ZQ_AUTO_BUF(items);
        zq_err err = {0};
        zq_rc rc = parse(cases[i].text, strlen(cases[i].text), &items, &err);

        if (cases[i].items == NULL) {
            cr_assert_eq(rc, ZQ_E_CONFIG, "case %zu: %s", i, cases[i].text);
            continue;
        }
        cr_assert_eq(rc, ZQ_OK, "case %zu: %s: %s", i, cases[i].text, err.message);
        cr_assert_str_eq(zq_buf_text(&items), cases[i].items, "case %zu: %s: %s", i, cases[i].text,
                         zq_buf_text(&items));
    }
}

static const struct {
    const char *text;
    size_t length; /* 0: strlen */
    const char *message;
} broken[] = {
    {"a: b", 0, ".env:1: this is neither KEY=value nor a comment"},
    {"a=b\n\n=c", 0, ".env:3: there is no key before '='"},
    {"x=1\na=\"\nb=c", 0, ".env:2: the quote is not closed"},
    {"a='b\nc\n", 0, ".env:1: the quote is not closed"},
    {"'a=b", 0, ".env:1: the quote before the key is not closed"},
    {"''=b", 0, ".env:1: the quote before the key is not closed"},
    {"x=1\nPASSWORD='sec'ret", 0, ".env:2: there is text behind the closing quote"},
    {"x=\"1\n2\"\ny z", 0, ".env:3: this is neither KEY=value nor a comment"},
    {"a=b\nc=\xFF", 0, ".env:2: this is not UTF-8"},
    {"a=b\nc=\0", 7, ".env:2: there is a NUL byte"},
};

Test(dotenv, a_line_that_python_dotenv_cannot_read_is_an_error_with_its_line)
{
    cr_assert_geq(sodium_init(), 0);
    for (size_t i = 0; i < ZQ_LEN(broken); i++) {
        ZQ_AUTO_BUF(items);
        zq_err err = {0};
        size_t length = broken[i].length != 0 ? broken[i].length : strlen(broken[i].text);

        cr_assert_eq(parse(broken[i].text, length, &items, &err), ZQ_E_CONFIG, "case %zu", i);
        cr_assert_str_eq(err.message, broken[i].message, "case %zu: %s", i, err.message);
        cr_assert_str_eq(err.hint,
                         "write KEY=value, or KEY='value' when it holds spaces, '#' or quotes");
    }
}

Test(dotenv, a_value_may_be_very_long)
{
    static char text[200000];
    ZQ_AUTO_BUF(items);
    zq_err err = {0};

    cr_assert_geq(sodium_init(), 0);
    memset(text, 'x', sizeof text - 1);
    memcpy(text, "a=", 2);
    cr_assert_eq(parse(text, strlen(text), &items, &err), ZQ_OK);
    cr_assert_eq(items.length, strlen("1:a=<>|") + sizeof text - 1 - 2);
}
