#include "app/settings/mycnf.h"
#include "base/buf.h"
#include "chinese.h"

#include <criterion/criterion.h>
#include <sodium.h>
#include <string.h>

static zq_rc note(void *context, const zq_mycnf_item *item, zq_err *err)
{
    (void)err;
    zq_buf_printf(context, "%u:%s%s.%s", item->line, item->include ? "include " : "", item->group,
                  item->key);
    if (item->value != NULL)
        zq_buf_printf(context, "=<%s>", item->value);
    zq_buf_char(context, '|');
    return ZQ_OK;
}

static zq_rc parse(const char *text, size_t length, zq_buf *out, zq_err *err)
{
    ZQ_AUTO_BUF(ignored);
    zq_err chinese = {0};
    ZQ_AUTO(zq_vault) vault = zq_vault_open();

    EXPECT_CHINESE(
        zq_mycnf_parse("/home/me/.my.cnf", text, length, vault, note, &ignored, &chinese), chinese);
    return zq_mycnf_parse("/home/me/.my.cnf", text, length, vault, note, out, err);
}

/* What `my_print_defaults --show client` makes of the same lines. */
static const struct {
    const char *text;
    const char *items;
} cases[] = {
    {"", ""},
    {"# a\n; b\n\n  # c\n", ""},
    {"[client]\nhost=a\nport = 3307 \n", "2:client.host=<a>|3:client.port=<3307>|"},
    {"[client ]\r\n  user\t=\tme\r\n", "2:client.user=<me>|"},
    {"[ client]\nuser=me\n[client] # c\nport=1\n", "2: client.user=<me>|4:client.port=<1>|"},
    {"[client]\ncompress\n", "2:client.compress|"},
    {"[client]\npassword=\n", "2:client.password=<>|"},
    {"[client]\npassword=a#b\n", "2:client.password=<a>|"},
    {"[client]\npassword=a;b ;c\n", "2:client.password=<a;b ;c>|"},
    {"[client]\npassword=\"a#b\" # c\n", "2:client.password=<a#b>|"},
    {"[client]\npassword='a\"#b'\n", "2:client.password=<a\"#b>|"},
    {"[client]\npassword=\"a\\\"#b\"\n", "2:client.password=<a\"#b>|"},
    {"[client]\npassword=\" a b \"\n", "2:client.password=< a b >|"},
    {"[client]\npassword=a\\sb\\tc\\nd\\\\e\\xf\n", "2:client.password=<a b\tc\nd\\e\\xf>|"},
    {"[client]\npassword=a=b\n", "2:client.password=<a=b>|"},
    {"[client]\npassword='a\n", "2:client.password=<'a>|"},
    {"[client]\nloose-ssl-mode=REQUIRED\n", "2:client.ssl-mode=<REQUIRED>|"},
    {"[mysqld]\nport=1\n[zquant]\ndatabase=d", "2:mysqld.port=<1>|4:zquant.database=<d>|"},
    {"!include /etc/x\n[client]\n!includedir /etc/y\n",
     "1:include .!include|3:include .!includedir|"},
};

Test(mycnf, option_files_are_read_as_client_programs_read_them)
{
    cr_assert_geq(sodium_init(), 0);
    for (size_t i = 0; i < ZQ_LEN(cases); i++) {
        ZQ_AUTO_BUF(items);
        zq_err err = {0};

        cr_assert_eq(parse(cases[i].text, strlen(cases[i].text), &items, &err), ZQ_OK,
                     "case %zu: %s", i, err.message);
        cr_assert_str_eq(zq_buf_text(&items), cases[i].items, "case %zu: %s", i,
                         zq_buf_text(&items));
    }
}

static zq_rc parse_long(size_t length, zq_err *err)
{
    static char text[5000];
    ZQ_AUTO_BUF(items);

    memset(text, 'x', sizeof text);
    memcpy(text, "[client]\n", 9);
    return parse(text, 9 + length, &items, err);
}

Test(mycnf, what_client_programs_refuse_or_would_cut_is_an_error_with_its_line)
{
    ZQ_AUTO_BUF(items);
    zq_err err = {0};

    cr_assert_geq(sodium_init(), 0);
    cr_assert_eq(parse("\nhost=a", 7, &items, &err), ZQ_E_CONFIG);
    cr_assert_str_eq(err.message, "/home/me/.my.cnf:2: an option stands before any [group]");
    cr_assert_eq(parse("[client", 7, &items, &err), ZQ_E_CONFIG);
    cr_assert_str_eq(err.message, "/home/me/.my.cnf:1: the group has no ']'");
    cr_assert_eq(parse("[client]\na\0b", 12, &items, &err), ZQ_E_CONFIG);
    cr_assert_str_eq(err.message, "/home/me/.my.cnf:2: there is a NUL byte");
    cr_assert_eq(parse_long(4095, &err), ZQ_OK);
    cr_assert_eq(parse_long(4096, &err), ZQ_E_CONFIG);
    cr_assert_str_eq(err.message, "/home/me/.my.cnf:2: the line is too long (at most 4095 bytes)");
}
