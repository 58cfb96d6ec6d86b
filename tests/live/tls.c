/* TLS: each mode against each kind of certificate, and the ways to log in that depend on it. Most
 * of it needs a server of its own, by scripts/with-tls. */
#include "live.h"

#include "base/arena.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static zq_arena *arena;

static void begin(void)
{
    arena = zq_arena_open();
}

static void end(void)
{
    zq_arena_close(arena);
}

TestSuite(tls, .init = begin, .fini = end, .timeout = 60);

static const char *cert(const char *name)
{
    const char *dir = getenv("ZQ_TEST_TLS_CERTS");

    if (dir == NULL)
        cr_skip_test("needs a server of its own: scripts/with-tls %s COMMAND", live_engine());
    return zq_arena_printf(arena, "%s/%s", dir, name);
}

/* Let the server show another certificate. MySQL looks at it first and refuses an expired one: then
 * the test has nothing to try. */
static void serve(const char *name)
{
    ZQ_AUTO(zq_db) db = live_open();
    const char *to = getenv("ZQ_TEST_TLS_SERVER");
    const char *dir = cert("");
    zq_err err = {0};

    cr_assert_eq(system(zq_arena_printf(arena,
                                        "cat %s%s-cert.pem > %s/server-cert.pem && "
                                        "cat %s%s-key.pem > %s/server-key.pem && "
                                        "{ [ %sca.pem -ef %s/ca.pem ] || "
                                        "cat %sca.pem > %s/ca.pem; }",
                                        dir, name, to, dir, name, to, dir, to, dir, to)),
                 0);
    if (live_flavor() == ZQ_MARIADB)
        live_exec(db, "FLUSH SSL");
    else if (zq_db_exec(db, "ALTER INSTANCE RELOAD TLS", &err) != ZQ_OK)
        cr_skip_test("the server itself refuses the certificate '%s': %s", name, err.detail);
}

static zq_rc connect_with(zq_tls mode, const char *ca, const char *host, char **out_cipher,
                          zq_err *err)
{
    zq_target target = live_target();
    ZQ_AUTO(zq_db) db = NULL;

    target.tls = mode;
    target.tls_ca = ca;
    target.host = host;
    *err = (zq_err){0};
    ZQ_TRY(zq_db_open(&target, &db, err));
    if (out_cipher != NULL) {
        zq_rows rows;

        ZQ_TRY(
            zq_db_query(db, "SHOW SESSION STATUS LIKE 'Ssl_cipher'", NULL, 0, arena, &rows, err));
        *out_cipher = zq_arena_strdup(arena, zq_rows_at(&rows, 0, 1));
    }
    return ZQ_OK;
}

static void expect_encrypted(bool encrypted, zq_tls mode, const char *ca, const char *host)
{
    zq_err err;
    char *cipher = NULL;

    cr_assert_eq(connect_with(mode, ca, host, &cipher, &err), ZQ_OK, "mode %d: %s: %s", (int)mode,
                 err.message, err.detail);
    cr_assert_eq(*cipher != '\0', encrypted, "mode %d: cipher '%s'", (int)mode, cipher);
}

/* A refusal that waiting cannot mend, and that names the address and a setting to look at. */
static void expect_refusal(zq_tls mode, const char *ca, const char *host)
{
    zq_err err;
    zq_rc rc = connect_with(mode, ca, host, NULL, &err);

    cr_assert_eq(rc, ZQ_E_CONFIG, "mode %d: %s %s: %s", (int)mode, zq_rc_name(rc), err.message,
                 err.detail);
    cr_assert_not_null(strstr(err.message, "cannot connect to '"), "%s", err.message);
    cr_assert_not_null(strstr(err.hint, "--tls"), "%s", err.hint);
}

Test(tls, a_server_with_tls_is_spoken_to_in_tls_unless_that_is_disabled)
{
    serve("good");
    expect_encrypted(false, ZQ_TLS_DISABLED, NULL, "127.0.0.1");
    expect_encrypted(true, ZQ_TLS_PREFERRED, NULL, "127.0.0.1");
    expect_encrypted(true, ZQ_TLS_REQUIRED, NULL, "127.0.0.1");
    expect_encrypted(true, ZQ_TLS_VERIFY_CA, cert("ca.pem"), "127.0.0.1");
    expect_encrypted(true, ZQ_TLS_VERIFY_IDENTITY, cert("ca.pem"), "localhost");
    expect_encrypted(true, ZQ_TLS_VERIFY_IDENTITY, cert("ca.pem"), "127.0.0.1");
}

Test(tls, a_wrong_authority_is_refused_where_one_is_asked_for)
{
    serve("good");
    expect_refusal(ZQ_TLS_VERIFY_CA, cert("other-ca.pem"), "127.0.0.1");
    expect_refusal(ZQ_TLS_VERIFY_IDENTITY, cert("other-ca.pem"), "127.0.0.1");
}

Test(tls, a_certificate_for_another_host_is_refused_where_identity_counts)
{
    serve("stranger");
    expect_encrypted(true, ZQ_TLS_REQUIRED, NULL, "127.0.0.1");
    expect_encrypted(true, ZQ_TLS_VERIFY_CA, cert("ca.pem"), "127.0.0.1");
    expect_refusal(ZQ_TLS_VERIFY_IDENTITY, cert("ca.pem"), "127.0.0.1");
    expect_refusal(ZQ_TLS_VERIFY_IDENTITY, cert("ca.pem"), "localhost");
    serve("good");
}

Test(tls, an_expired_certificate_is_refused_where_one_is_verified)
{
    serve("expired");
    expect_encrypted(true, ZQ_TLS_REQUIRED, NULL, "127.0.0.1");
    expect_refusal(ZQ_TLS_VERIFY_CA, cert("ca.pem"), "127.0.0.1");
    expect_refusal(ZQ_TLS_VERIFY_IDENTITY, cert("ca.pem"), "127.0.0.1");
    serve("good");
}

static bool server_has_tls(void)
{
    ZQ_AUTO(zq_db) db = live_open();
    char *has;
    bool yes;

    if (live_flavor() == ZQ_MYSQL)
        return true;
    has = live_value(db, "SELECT @@have_ssl");
    yes = strcmp(has, "YES") == 0;
    free(has);
    return yes;
}

Test(tls, a_server_without_tls_is_refused_where_tls_is_required)
{
    if (server_has_tls())
        cr_skip_test("the server has TLS");
    expect_encrypted(false, ZQ_TLS_PREFERRED, NULL, "127.0.0.1");
    expect_refusal(ZQ_TLS_REQUIRED, NULL, "127.0.0.1");
}

/* ---- logging in ---- */

static zq_rc log_in(const char *user, const char *password, zq_tls mode, zq_err *err)
{
    zq_target target = live_target();
    ZQ_AUTO(zq_db) db = NULL;

    target.user = user;
    target.password = password;
    target.tls = mode;
    return zq_db_open(&target, &db, err);
}

Test(tls, caching_sha2_password_logs_in_with_and_without_tls)
{
    static const zq_tls modes[] = {ZQ_TLS_REQUIRED, ZQ_TLS_DISABLED};

    if (live_flavor() != ZQ_MYSQL)
        cr_skip_test("MySQL's");
    for (size_t i = 0; i < ZQ_LEN(modes); i++) {
        ZQ_AUTO(zq_db) db = live_open();
        zq_err err = {0};

        /* A new account each time: once it has logged in, the server remembers it. */
        live_exec(db, "DROP USER IF EXISTS zqt_sha2");
        live_exec(db, "CREATE USER zqt_sha2 IDENTIFIED WITH caching_sha2_password BY 'S3cret!x'");
        cr_assert_eq(log_in("zqt_sha2", "S3cret!x", modes[i], &err), ZQ_OK, "%s: %s", err.message,
                     err.detail);
        cr_assert_eq(log_in("zqt_sha2", "wrong", modes[i], &err), ZQ_E_DENIED, "%s", err.message);
        live_exec(db, "DROP USER zqt_sha2");
    }
}

Test(tls, ed25519_logs_in)
{
    ZQ_AUTO(zq_db) db = live_open();
    zq_err err = {0};

    if (live_flavor() != ZQ_MARIADB || getenv("ZQ_TEST_TLS_CERTS") == NULL)
        cr_skip_test("MariaDB's, and needs a server of its own");
    if (zq_db_exec(db, "INSTALL SONAME 'auth_ed25519'", &err) != ZQ_OK)
        cr_skip_test("the server has no auth_ed25519: %s", err.detail);
    live_exec(db, "CREATE OR REPLACE USER zqt_ed@localhost IDENTIFIED VIA ed25519 USING "
                  "PASSWORD('S3cret!x')");
    cr_assert_eq(log_in("zqt_ed", "S3cret!x", ZQ_TLS_PREFERRED, &err), ZQ_OK, "%s: %s", err.message,
                 err.detail);
    cr_assert_eq(log_in("zqt_ed", "wrong", ZQ_TLS_PREFERRED, &err), ZQ_E_DENIED);
    live_exec(db, "DROP USER zqt_ed@localhost");
    live_exec(db, "UNINSTALL SONAME 'auth_ed25519'");
}

ZQ_LIVE_MAIN
