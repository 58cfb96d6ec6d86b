#include "seed/account.h"
#include "seed/native_password.h"

#include <criterion/criterion.h>
#include <string.h>

static void expect(const char *password, const char *wanted)
{
    char hash[ZQ_NATIVE_HASH];

    zq_native_hash(password, hash);
    cr_assert_str_eq(hash, wanted, "of %zu bytes", strlen(password));
}

/* What PASSWORD() of MariaDB 10.11 gives, at the lengths where SHA-1 begins another block. */
Test(account, native_hashes_are_those_of_the_server)
{
    static const struct {
        size_t length;
        const char *hash;
    } of_x[] = {
        {1, "*B69027D44F6E5EDC07F1AEAD1477967B16F28227"},
        {54, "*E78A33CBA006FA0ACD2B6749E7DF6CD7AC56BE1A"},
        {55, "*3B97DFF1D813B8121C2BF09E414F3F6E5FBAA9A7"},
        {56, "*F8AD7BACAE306F202A5701C435620063951C788B"},
        {63, "*22CE7D03D7251F2A17C9978760E8C09A82EE2240"},
        {64, "*62D7C819FD0303B45450282566389BD13274DA04"},
        {65, "*1A680E44A6138AB67C637207C95B1490A2F90086"},
        {119, "*9C6127206E3C1FAF3C07ED45E023623292F71664"},
        {120, "*95C2857ABB7BCACE5AC7E34A4885811CFCD9CC1D"},
        {200, "*A63433D0DC9E95ED513F7534B7BBAF43F80E213D"},
    };

    for (size_t i = 0; i < ZQ_LEN(of_x); i++) {
        char password[256] = "";

        memset(password, 'x', of_x[i].length);
        expect(password, of_x[i].hash);
    }
    expect("password", "*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19");
    expect("密码🙂", "*98EFBF56D119363BAAF905073F47F58809A4F257");
}

Test(account, names_may_have_a_host)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_account account;
    zq_err err = {0};

    cr_assert_eq(zq_account_parse("app", arena, &account, &err), ZQ_OK);
    cr_assert_str_eq(account.host, "%");
    cr_assert_eq(zq_account_parse("a@b@10.0.0.%", arena, &account, &err), ZQ_OK);
    cr_assert_str_eq(account.user, "a@b");
    cr_assert_str_eq(account.host, "10.0.0.%");
    cr_assert_eq(zq_account_parse("@h", arena, &account, &err), ZQ_E_USAGE);
    cr_assert_eq(zq_account_parse("u@", arena, &account, &err), ZQ_E_USAGE);
    cr_assert_eq(zq_account_parse("'u'@'h'", arena, &account, &err), ZQ_E_USAGE);
    cr_assert_str_eq(err.message, "''u'@'h'' is not a database account");
}

Test(account, a_new_account_s_password_is_never_in_the_text)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_account account = {"app", "%"};
    char secret[ZQ_ACCOUNT_SECRET_MAX];
    const char *sql;

    zq_account_create_sql(ZQ_MYSQL, &account, "password", arena, &sql, secret, NULL);
    cr_assert_str_eq(sql, "CREATE USER 'app'@'%' IDENTIFIED BY ?");
    cr_assert_str_eq(secret, "password");
    zq_account_create_sql(ZQ_MARIADB, &account, "password", arena, &sql, secret, NULL);
    cr_assert_str_eq(sql, "CREATE USER 'app'@'%' IDENTIFIED BY PASSWORD ?");
    cr_assert_str_eq(secret, "*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19");
    account.ed25519 = true;
    zq_account_create_sql(ZQ_MARIADB, &account, "secret", arena, &sql, secret, NULL);
    cr_assert_str_eq(sql, "CREATE USER 'app'@'%' IDENTIFIED VIA ed25519 USING ?");
    /* What ed25519_password() of MariaDB 10.11 gives. */
    cr_assert_str_eq(secret, "ZIgUREUg5PVgQ6LskhXmO+eZLS0nC8be6HPjYWR4YJY");
}
