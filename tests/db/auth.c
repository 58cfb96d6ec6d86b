/* Whom the password is given, by each way of proving it and each mode of TLS: servers that are
 * posing ask for it in all ways there are, and what they were sent is searched for it. */
#include "db/db.h"
#include "fake_server.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PASSWORD "S3cret-of-the-account"

/* Both are 127.0.0.1; that the second is this machine is not for us to know. */
#define NEAR "127.0.0.1"
#define FAR "0x7f.1"

static const char *const mode_names[] = {"disabled", "preferred", "required", "verify-ca",
                                         "verify-identity"};

static zq_target target_of(const fake_server *server, const char *host, zq_tls mode)
{
    return (zq_target){
        .host = host,
        .port = server->port,
        .user = "zq",
        .password = PASSWORD,
        .tls = mode,
        .connect_timeout_ms = 2000,
    };
}

/* One login; gives its error. The server keeps what it was sent. */
static zq_err log_in(fake_server *server, zq_target *target)
{
    zq_db *db = NULL;
    zq_err err = {0};

    setenv("SSL_CERT_FILE", "/dev/null", 1);
    setenv("SSL_CERT_DIR", "/dev/null", 1);
    cr_assert_neq(zq_db_open(target, &db, &err), ZQ_OK, "no server ever lets us in");
    fake_server_end(server);
    return err;
}

/* ---- all ways, all modes ---- */

typedef enum gives {
    NEVER,  /* in no mode without a verified certificate */
    BY_TLS, /* to whoever has TLS; without it, encrypted for a key that is asked for */
} gives;

static const struct {
    const char *plugin;
    gives gives;
} plugins[] = {
    {"mysql_native_password", NEVER},
    {"caching_sha2_password", BY_TLS},
    {"sha256_password", BY_TLS},
    {"mysql_clear_password", NEVER},
    {"dialog", NEVER},
    {"client_ed25519", NEVER},
    {"mysql_old_password", NEVER},
    {"auth_gssapi_client", NEVER},
    {"authentication_oci_client", NEVER},
    {"", NEVER},
};

static bool may_know(gives how, zq_tls mode, bool tls, const char *host)
{
    if (how == NEVER || mode >= ZQ_TLS_VERIFY_CA)
        return false;
    if (mode == ZQ_TLS_REQUIRED || (mode == ZQ_TLS_PREFERRED && tls))
        return tls;
    return strcmp(host, NEAR) == 0;
}

static void try_all(const char *host, bool tls, fake_ask ask)
{
    for (size_t i = 0; i < ZQ_LEN(plugins); i++) {
        for (zq_tls mode = ZQ_TLS_DISABLED; mode <= ZQ_TLS_VERIFY_IDENTITY; mode++) {
            fake_server server = {
                .plugin = plugins[i].plugin, .ask = ask, .tls = tls, .password = PASSWORD};
            zq_target target;
            zq_err err;

            fake_server_begin(&server);
            target = target_of(&server, host, mode);
            target.tls_ca = "/etc/passwd"; /* no certificate is signed by what is in there */
            err = log_in(&server, &target);
            if (!may_know(plugins[i].gives, mode, tls, host))
                cr_expect_not(fake_server_knows(&server), "%s %s, tls %d, %s, at %s: %s: %s",
                              plugins[i].plugin, mode_names[mode], tls,
                              ask == FAKE_GREET ? "greeting" : "switch", host, err.message,
                              err.detail);
            if (mode >= ZQ_TLS_REQUIRED && !tls)
                cr_expect_eq(server.sent.length, 0, "%s %s: %s", plugins[i].plugin,
                             mode_names[mode], err.message);
            fake_server_done(&server);
        }
    }
}

Test(auth, no_way_and_no_mode_gives_the_password_to_a_server_far_away_without_tls, .timeout = 120)
{
    try_all(FAR, false, FAKE_GREET);
    try_all(FAR, false, FAKE_SWITCH);
}

Test(auth, near_by_only_the_way_of_a_public_key_does, .timeout = 120)
{
    try_all(NEAR, false, FAKE_GREET);
    try_all(NEAR, false, FAKE_SWITCH);
}

Test(auth, tls_that_is_not_verified_lets_no_other_way_in, .timeout = 120)
{
    try_all(FAR, true, FAKE_GREET);
    try_all(FAR, true, FAKE_SWITCH);
}

/* ---- that the search finds something ---- */

static void expect_known(const char *plugin, bool tls, const char *host, zq_tls mode, bool get)
{
    fake_server server = {.plugin = plugin, .ask = FAKE_SWITCH, .tls = tls, .password = PASSWORD};
    zq_target target;
    zq_err err;

    fake_server_begin(&server);
    target = target_of(&server, host, mode);
    target.get_server_public_key = get;
    err = log_in(&server, &target);
    cr_expect(fake_server_knows(&server), "%s %s at %s: %s: %s", plugin, mode_names[mode], host,
              err.message, err.detail);
    cr_expect_eq(server.encrypted, tls);
    fake_server_done(&server);
}

Test(auth, who_is_asked_by_name_for_a_key_and_who_has_tls_may_read_the_password)
{
    static const char *const both[] = {"caching_sha2_password", "sha256_password"};

    for (size_t i = 0; i < ZQ_LEN(both); i++) {
        expect_known(both[i], false, FAR, ZQ_TLS_PREFERRED, true);
        expect_known(both[i], false, FAR, ZQ_TLS_DISABLED, true);
        expect_known(both[i], false, NEAR, ZQ_TLS_PREFERRED, false);
        expect_known(both[i], true, FAR, ZQ_TLS_PREFERRED, false);
        expect_known(both[i], true, FAR, ZQ_TLS_REQUIRED, false);
    }
}

Test(auth, a_verified_server_may_ask_in_the_clear)
{
    static const char path[] = "auth-ca.pem";
    fake_server server = {.plugin = "mysql_clear_password",
                          .ask = FAKE_SWITCH,
                          .tls = true,
                          .file = path,
                          .password = PASSWORD};
    zq_target target;
    zq_err err;

    fake_server_begin(&server);
    target = target_of(&server, "localhost", ZQ_TLS_VERIFY_IDENTITY);
    target.tls_ca = path;
    err = log_in(&server, &target);
    cr_expect(fake_server_knows(&server), "%s: %s", err.message, err.detail);
    fake_server_done(&server);
    unlink(path);
}

/* ---- words ---- */

static void expect_words(fake_server server, zq_target target, const char *words, const char *hint)
{
    char message[256];
    zq_err err;

    server.password = PASSWORD;
    fake_server_begin(&server);
    target.port = server.port;
    target.user = "zq";
    target.password = PASSWORD;
    target.connect_timeout_ms = 2000;
    err = log_in(&server, &target);
    snprintf(message, sizeof message, "cannot connect to 'zq@%s:%u': %s", target.host, server.port,
             words);
    cr_expect_str_eq(err.message, message, "%s (%s)", err.message, err.detail);
    cr_expect_str_eq(err.hint, hint);
    cr_expect_eq(err.code, ZQ_E_CONFIG);
    cr_expect_not(fake_server_knows(&server));
    fake_server_done(&server);
}

#define UNSAFE_WAY "the server asks for a way to log in that may give the password away"
#define UNSAFE_HINT                                                                 \
    "let the account use caching_sha2_password, ed25519 or mysql_native_password; " \
    "mysql_clear_password needs --tls verify-identity"
#define NEEDS_SAFE "the account's way to log in needs a safe connection"
#define NEEDS_HINT "use --tls required, or give the server's public key by --server-public-key"

Test(auth, what_is_refused_is_named_with_the_way_out)
{
    for (fake_ask ask = FAKE_GREET; ask <= FAKE_SWITCH; ask++) {
        expect_words((fake_server){.plugin = "mysql_clear_password", .ask = ask},
                     (zq_target){.host = FAR, .tls = ZQ_TLS_PREFERRED}, UNSAFE_WAY, UNSAFE_HINT);
        /* Oracle's library takes a greeting that names a way it does not know for no wish. */
        expect_words((fake_server){.plugin = "dialog", .ask = FAKE_SWITCH, .tls = true},
                     (zq_target){.host = NEAR, .tls = ZQ_TLS_REQUIRED}, UNSAFE_WAY, UNSAFE_HINT);
        expect_words((fake_server){.plugin = "caching_sha2_password", .ask = ask},
                     (zq_target){.host = FAR, .tls = ZQ_TLS_PREFERRED}, NEEDS_SAFE, NEEDS_HINT);
        expect_words((fake_server){.plugin = "sha256_password", .ask = ask},
                     (zq_target){.host = FAR, .tls = ZQ_TLS_DISABLED}, NEEDS_SAFE, NEEDS_HINT);
    }
}

Test(auth, a_greeting_in_pieces_hides_nothing)
{
    expect_words((fake_server){.plugin = "mysql_native_password", .in_pieces = true},
                 (zq_target){.host = NEAR, .tls = ZQ_TLS_REQUIRED}, "the server does not offer TLS",
                 "let a DBA switch it on, or use --tls preferred");
    expect_words((fake_server){.plugin = "caching_sha2_password", .in_pieces = true},
                 (zq_target){.host = FAR, .tls = ZQ_TLS_PREFERRED}, NEEDS_SAFE, NEEDS_HINT);
}

/* The key is somebody else's: what was encrypted with it is of no use to this server. */
Test(auth, a_key_in_a_file_is_the_only_one_that_is_used)
{
    static const char path[] = "auth-key.pem";
    FILE *file = fopen(path, "w");

    fputs("-----BEGIN PUBLIC KEY-----\n"
          "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAwhvqCC+37A+UXgcvDl+7\n"
          "nbVjDI3QErdZBkI1VypVBMkKKWHMNLMdHk0bIKL+1aDYRRCBZZhW3wFxHCsBIRO6\n"
          "-----END PUBLIC KEY-----\n",
          file);
    fclose(file);
    for (size_t i = 0; i < 2; i++) {
        fake_server server = {.plugin = i == 0 ? "caching_sha2_password" : "sha256_password",
                              .ask = FAKE_SWITCH,
                              .password = PASSWORD};
        zq_target target;

        fake_server_begin(&server);
        target = target_of(&server, FAR, ZQ_TLS_PREFERRED);
        target.server_public_key = path;
        log_in(&server, &target);
        cr_expect_not(fake_server_knows(&server), "%s", server.plugin);
        fake_server_done(&server);
    }
    unlink(path);
}

Test(auth, a_file_without_a_key_is_refused_before_a_connection_is_made)
{
    zq_target target = {.host = FAR, .port = 1, .server_public_key = "/nonexistent/key.pem"};
    zq_db *db = NULL;
    zq_err err = {0};

    cr_assert_eq(zq_db_open(&target, &db, &err), ZQ_E_NOINPUT);
    cr_assert_str_eq(err.message, "cannot read '/nonexistent/key.pem'");
    cr_assert_str_eq(err.hint, "check --server-public-key");
    target.server_public_key = "/etc/passwd";
    cr_assert_eq(zq_db_open(&target, &db, &err), ZQ_E_CONFIG);
    cr_assert_str_eq(err.message, "'/etc/passwd' is not a public key");
}
