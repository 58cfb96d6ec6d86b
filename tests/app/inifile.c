#include "app/settings/inifile.h"
#include "base/buf.h"
#include "chinese.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static zq_rc note(void *context, const zq_inifile_item *item, zq_err *err)
{
    (void)err;
    zq_buf_printf(context, "%u:%s=<%s>|", item->line, item->option->name, item->value);
    return ZQ_OK;
}

static void note_foreign(void *context, unsigned line, const char *section, const char *nearest)
{
    zq_buf_printf(context, "%u:[%s]%s|", line, section, nearest == NULL ? "" : nearest);
}

static zq_rc parse(const char *text, size_t length, zq_buf *out, zq_err *err)
{
    ZQ_AUTO_BUF(ignored);
    zq_err chinese = {0};
    EXPECT_CHINESE(
        zq_inifile_parse("zquant.ini", text, length, note, note_foreign, &ignored, &chinese),
        chinese);
    return zq_inifile_parse("zquant.ini", text, length, note, note_foreign, out, err);
}

static const struct {
    const char *text;
    const char *items;
} cases[] = {
    {"", ""},
    {"; a\n# b\n\n[connection]\nhost = db\nport: 3307\n", "5:host=<db>|6:port=<3307>|"},
    {"\xEF\xBB\xBF[connection]\r\nhost=db\r\n", "2:host=<db>|"},
    {"[connection]\npassword = a ;b #c = d\n", "2:password=<a ;b #c = d>|"},
    {"[connection]\npassword = \"a\"\n", "2:password=<\"a\">|"},
    {"[connection]\npassword =\n", "2:password=<>|"},
    {"  [connection]\n  tls_ca = /a\n  tls-key = /b\n", "2:tls-ca=</a>|3:tls-key=</b>|"},
    {"[admin]\nusername=me\n[connection]\nuser=you\n", "2:admin-username=<me>|4:user=<you>|"},
    {"[app]\nhost=x\nwhatever=y\n[comon]\nwait=3\n[common]\nwait=4\n",
     "1:[app]|4:[comon]common|7:wait=<4>|"},
    {"[connection]\nhost = \xE4\xB8\xAD\n", "2:host=<\xE4\xB8\xAD>|"},
};

Test(inifile, keys_of_our_sections_are_read_and_others_are_left_alone)
{
    for (size_t i = 0; i < ZQ_LEN(cases); i++) {
        ZQ_AUTO_BUF(items);
        zq_err err = {0};

        cr_assert_eq(parse(cases[i].text, strlen(cases[i].text), &items, &err), ZQ_OK,
                     "case %zu: %s", i, err.message);
        cr_assert_str_eq(zq_buf_text(&items), cases[i].items, "case %zu: %s", i,
                         zq_buf_text(&items));
    }
}

static const struct {
    const char *text;
    const char *message;
    const char *hint;
} broken[] = {
    {"host=a", "zquant.ini:1: 'host' stands before any section",
     "put a line [connection], [common], [init], [migrate] or [admin] above it"},
    {"[connection]\nhots=a", "zquant.ini:2: unknown key 'hots' in [connection]",
     "did you mean 'host'?"},
    {"[common]\nport=a", "zquant.ini:2: unknown key 'port' in [common]",
     "'port' belongs into [connection]"},
    {"[common]\nxyzzy=a", "zquant.ini:2: unknown key 'xyzzy' in [common]",
     "'config' lists the settings, and zquant.ini of the source has all keys"},
    {"[connection]\nhost = a\n  secret\n",
     "zquant.ini:3: an indented line would continue 'host', which has one line",
     "begin the line as far left as the one of 'host'"},
    {"[connection]\n\nhost", "zquant.ini:3: neither 'key = value' nor '[section]'", ""},
    {"[connection\nhost=a", "zquant.ini:1: ']' is missing", ""},
    {"[connection] x\nhost=a", "zquant.ini:1: text after ']'", ""},
    {"[connection]\nhost=\xFF", "zquant.ini:2: not UTF-8", ""},
};

Test(inifile, a_line_that_cannot_be_understood_is_an_error_with_its_line)
{
    for (size_t i = 0; i < ZQ_LEN(broken); i++) {
        ZQ_AUTO_BUF(items);
        zq_err err = {0};

        cr_assert_eq(parse(broken[i].text, strlen(broken[i].text), &items, &err), ZQ_E_CONFIG,
                     "case %zu", i);
        cr_assert_str_eq(err.message, broken[i].message, "case %zu: %s", i, err.message);
        cr_assert_str_eq(err.hint, broken[i].hint, "case %zu: %s", i, err.hint);
    }
}

Test(inifile, a_line_is_read_whole_or_refused)
{
    static char text[8192];
    size_t head = (size_t)snprintf(text, sizeof text, "[connection]\npassword=");
    size_t value = 4096 - strlen("password=");
    ZQ_AUTO_BUF(items);
    zq_err err = {0};

    memset(text + head, 'x', sizeof text - head);
    cr_assert_eq(parse(text, head + value, &items, &err), ZQ_OK, "%s", err.message);
    cr_assert_eq(items.length, strlen("2:password=<>|") + value);
    cr_assert_eq(parse(text, head + value + 1, &items, &err), ZQ_E_CONFIG);
    cr_assert_str_eq(err.message, "zquant.ini:2: a line of 4097 bytes is too long (at most 4096)");
}
