#include "app/settings/url.h"
#include "base/buf.h"

#include <criterion/criterion.h>
#include <sodium.h>
#include <string.h>

static const struct {
    const char *url;
    const char *parts; /* as list() writes them */
} good[] = {
    {"mysql://host/db", "host=host port=3306 database=db "},
    {"mysql+pymysql://user:p%40ss@host:3306/zquant?charset=utf8mb4",
     "user=user password=p@ss host=host port=3306 database=zquant charset=utf8mb4 "},
    {"MySQL+asyncmy://u@h", "user=u host=h port=3306 "},
    {"mariadb+mariadbconnector://u:@h:1/", "user=u password= host=h port=1 "},
    {"mysql://:secret@h/", "password=secret host=h port=3306 "},
    {"mysql://u:a:b/c?d#e@h:65535/d", "user=u password=a:b/c?d#e host=h port=65535 database=d "},
    {"mysql://u%3A%2f:%25%20+@h/d", "user=u:/ password=% + host=h port=3306 database=d "},
    {"mysql://u:p@[::1]:3307/d", "user=u password=p host=::1 port=3307 database=d "},
    {"mysql://[fe80::1%25eth0]", "host=fe80::1%eth0 port=3306 "},
    {"mysql://u:p@/d?unix_socket=/run/my%20sql.sock",
     "user=u password=p database=d socket=/run/my sql.sock "},
    {"mysql://u:p@%2Frun%2Fmysqld.sock/d", "user=u password=p socket=/run/mysqld.sock database=d "},
    {"mysql:///d", "database=d "},
    {"mysql://", ""},
    {"mysql://h/%E4%B8%AD%60", "host=h port=3306 database=\xE4\xB8\xAD` "},
    {"mysql://h?ssl_ca=/ca.pem&ssl_cert=/c+d.pem&ssl_key=/k.pem&ssl_mode=VERIFY_CA",
     "host=h port=3306 tls-ca=/ca.pem tls-cert=/c d.pem tls-key=/k.pem tls=VERIFY_CA "},
    {"mysql://h?ssl-ca=/ca.pem&ssl-mode=REQUIRED", "host=h port=3306 tls-ca=/ca.pem tls=REQUIRED "},
    {"mysql://h?ssl_verify_identity=true&ssl_verify_cert=1&ssl=true",
     "host=h port=3306 tls=verify-identity "},
    {"mysql://h?ssl_verify_cert=true&ssl_verify_identity=false", "host=h port=3306 tls=verify-ca "},
    {"mysql://h?ssl_mode=VERIFY_IDENTITY&ssl=true&ssl_verify_cert=1&ssl_mode=REQUIRED",
     "host=h port=3306 tls=VERIFY_IDENTITY "},
    {"mysql://h?ssl=true&ssl_mode=Verify-CA", "host=h port=3306 tls=Verify-CA "},
    {"mysql://h?ssl_mode=verify&ssl=true", "host=h port=3306 tls=verify "},
    {"mysql://h?ssl_disabled=true", "host=h port=3306 tls=disabled "},
    {"mysql://h?connect_timeout=7&read_timeout=3&autocommit=true&&",
     "host=h port=3306 connect-timeout=7 "},
    {"mysql://h?pool=3&charset=utf8&x%20y", "host=h port=3306 charset=utf8 (pool, x y)"},
};

static void list(const zq_url *url, zq_buf *out)
{
    for (size_t i = 0; i < url->n_parts; i++)
        zq_buf_printf(out, "%s=%s ", zq_options[url->parts[i].which].name, url->parts[i].text);
    if (url->ignored != NULL)
        zq_buf_printf(out, "(%s)", url->ignored);
}

Test(url, a_url_is_taken_apart_as_sqlalchemy_does)
{
    cr_assert_geq(sodium_init(), 0);
    for (size_t i = 0; i < ZQ_LEN(good); i++) {
        ZQ_AUTO(zq_vault) vault = zq_vault_open();
        ZQ_AUTO_BUF(parts);
        zq_err err = {0};
        zq_url url;

        cr_assert_eq(zq_url_parse(good[i].url, vault, &url, &err), ZQ_OK, "%s: %s", good[i].url,
                     err.message);
        list(&url, &parts);
        cr_assert_str_eq(zq_buf_text(&parts), good[i].parts, "%s: %s", good[i].url,
                         zq_buf_text(&parts));
    }
}

static const struct {
    const char *url;
    const char *message;
    const char *hint;
} bad[] = {
    {"", "the URL does not begin with mysql:// or mariadb://",
     "write mysql://USER:PASSWORD@HOST:PORT/DATABASE"},
    {"host:3306/zquant", "the URL does not begin with mysql:// or mariadb://",
     "write mysql://USER:PASSWORD@HOST:PORT/DATABASE"},
    {"postgresql://u:secret@h/d", "the URL does not begin with mysql:// or mariadb://",
     "write mysql://USER:PASSWORD@HOST:PORT/DATABASE"},
    {"mysqlx://h", "the URL does not begin with mysql:// or mariadb://",
     "write mysql://USER:PASSWORD@HOST:PORT/DATABASE"},
    {"mysql+://h:x/", "the URL's port must be a whole number from 1 to 65535",
     "write ':', '/', '@' and '%' of a password as %3A, %2F, %40 and %25"},
    {"mysql://u:sec@ret@h/d", "the URL has more than one '@' before the host",
     "write '%40' for an '@' in the user or the password"},
    {"mysql://u:sec%ret@h/d", "the password has a '%' without two hexadecimal digits",
     "write '%25' for a '%' in a URL"},
    {"mysql://u:secret%@h/d", "the password has a '%' without two hexadecimal digits",
     "write '%25' for a '%' in a URL"},
    {"mysql://u:secret%4@h/d", "the password has a '%' without two hexadecimal digits",
     "write '%25' for a '%' in a URL"},
    {"mysql://u:sec%00ret@h/d", "the password holds a NUL byte", ""},
    {"mysql://u%zz:secret@h/d", "the user has a '%' without two hexadecimal digits",
     "write '%25' for a '%' in a URL"},
    {"mysql://h:0/d", "the URL's port must be a whole number from 1 to 65535",
     "write ':', '/', '@' and '%' of a password as %3A, %2F, %40 and %25"},
    {"mysql://h:65536/d", "the URL's port must be a whole number from 1 to 65535",
     "write ':', '/', '@' and '%' of a password as %3A, %2F, %40 and %25"},
    {"mysql://h:99999999999999999999/d", "the URL's port must be a whole number from 1 to 65535",
     "write ':', '/', '@' and '%' of a password as %3A, %2F, %40 and %25"},
    {"mysql://user:se:cret/d", "the URL's port must be a whole number from 1 to 65535",
     "write ':', '/', '@' and '%' of a password as %3A, %2F, %40 and %25"},
    {"mysql://u:p@[::1/d", "the URL's '[' has no ']'", ""},
    {"mysql://u:p@[::1]x/d", "the URL has text behind ']'", ""},
    {"mysql://h/d?charset=%", "the parameter has a '%' without two hexadecimal digits",
     "write '%25' for a '%' in a URL"},
    {"mysql://h/d?ssl_chekc_hostname=true", "the URL's parameter 'ssl_chekc_hostname' is not known",
     "TLS is set by ssl_mode, ssl_ca, ssl_cert and ssl_key"},
};

Test(url, a_bad_url_is_refused_without_showing_it)
{
    cr_assert_geq(sodium_init(), 0);
    for (size_t i = 0; i < ZQ_LEN(bad); i++) {
        ZQ_AUTO(zq_vault) vault = zq_vault_open();
        zq_err err = {0};
        zq_url url;

        cr_assert_eq(zq_url_parse(bad[i].url, vault, &url, &err), ZQ_E_CONFIG, "%s", bad[i].url);
        cr_assert_str_eq(err.message, bad[i].message, "%s: %s", bad[i].url, err.message);
        cr_assert_str_eq(err.hint, bad[i].hint, "%s: %s", bad[i].url, err.hint);
        cr_assert_null(strstr(err.message, "sec"));
    }
}

Test(url, what_is_shown_of_a_url_is_written_from_its_parts)
{
    static const char *const shown[][2] = {
        {"mysql+pymysql://u:se:c/ret@h:1/d?charset=utf8&x=y",
         "mysql+pymysql://u:********@h:1/d?charset=utf8"},
        {"mysql://u@h:1/d", "mysql://u@h:1/d"},
        {"mysql://h/d", "mysql://h:3306/d"},
        {"mysql://u%40x:s@[::1]:1/d", "mysql://u%40x:********@[::1]:1/d"},
        {"mysql://u:s@/d?unix_socket=/run/m.sock&read_timeout=secret",
         "mysql://u:********@/d?unix_socket=/run/m.sock"},
        {"mysql://u:s@h/%E4%B8%AD%1B[1m", "mysql://u:********@h:3306/%E4%B8%AD%1B%5B1m"},
        {"mysql://:s@h/d?secret=secret", "mysql://:********@h:3306/d"},
        {"mysql://u:secret@secret@h/d", "********"},
        {"mysql://secret/secret@h/d", "********"},
        {"mysql://u:secret/d", "********"},
        {"secret", "********"},
    };
    ZQ_AUTO(zq_arena) arena = zq_arena_open();

    cr_assert_geq(sodium_init(), 0);
    for (size_t i = 0; i < ZQ_LEN(shown); i++)
        cr_expect_str_eq(zq_url_shown(shown[i][0], arena), shown[i][1], "%s became %s", shown[i][0],
                         zq_url_shown(shown[i][0], arena));
}
