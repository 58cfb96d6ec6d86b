#include "sql/flavor.h"

#include <criterion/criterion.h>

Test(flavor, versions_are_read_as_servers_spell_them)
{
    static const struct {
        const char *text;
        zq_flavor flavor;
        unsigned version;
    } cases[] = {
        {"10.11.19-MariaDB-0+deb12u1", ZQ_MARIADB, 101119},
        {"5.5.5-10.6.4-MariaDB", ZQ_MARIADB, 100604},
        {"5.5.5-10.6.4-MariaDB-1:10.6.4+maria~focal-log", ZQ_MARIADB, 100604},
        {"11.4.2-MariaDB-ubu2404", ZQ_MARIADB, 110402},
        {"9.7.4-2", ZQ_MYSQL, 90704},
        {"8.0.36", ZQ_MYSQL, 80036},
        {"8.0.35-0ubuntu0.22.04.1", ZQ_MYSQL, 80035},
        {"8.4.0-commercial", ZQ_MYSQL, 80400},
        {"8.0.34-26.1-log", ZQ_MYSQL, 80034},
        {"8.0", ZQ_MYSQL, 80000},
    };

    for (size_t i = 0; i < ZQ_LEN(cases); i++) {
        zq_server server;
        zq_err err = {0};

        cr_assert_eq(zq_server_parse(cases[i].text, &server, &err), ZQ_OK, "%s: %s", cases[i].text,
                     err.message);
        cr_assert_eq(server.flavor, cases[i].flavor, "%s", cases[i].text);
        cr_assert_eq(server.version, cases[i].version, "%s: %u", cases[i].text, server.version);
        cr_assert_str_eq(server.version_text, cases[i].text);
    }
}

Test(flavor, old_servers_are_named_and_refused)
{
    static const struct {
        const char *text;
        const char *message;
    } cases[] = {
        {"5.7.44-log", "the server is MySQL 5.7.44, which is too old"},
        {"5.5.5-10.5.23-MariaDB", "the server is MariaDB 10.5.23, which is too old"},
        {"10.3.39-MariaDB", "the server is MariaDB 10.3.39, which is too old"},
    };

    for (size_t i = 0; i < ZQ_LEN(cases); i++) {
        zq_server server;
        zq_err err = {0};

        cr_assert_eq(zq_server_parse(cases[i].text, &server, &err), ZQ_E_SERVER);
        cr_assert_str_eq(err.message, cases[i].message);
        cr_assert_str_eq(err.hint, "upgrade the server to MySQL 8.0 or MariaDB 10.6, or later");
    }
}

Test(flavor, what_is_no_version_is_refused)
{
    static const char *const texts[] = {"", "x", "-1.2", "MariaDB", "10"};

    for (size_t i = 0; i < ZQ_LEN(texts); i++) {
        zq_server server;

        cr_assert_eq(zq_server_parse(texts[i], &server, NULL), ZQ_E_SERVER, "%s", texts[i]);
    }
}
