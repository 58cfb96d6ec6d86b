/* Every mode of TLS against servers with certificates of our own: what is let in, what is refused,
 * in which words and with which exit status. The servers are those of scripts/with-server
 * mariadb-tls and mysql-tls: their certificate is good for 'localhost', not for '127.0.0.1'. */
#include "fake_server.h"
#include "live.h"
#include "program.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <criterion/options.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char *file(const char *name)
{
    static char paths[4][256];
    static size_t next;
    char *path = paths[next++ % ZQ_LEN(paths)];

    snprintf(path, sizeof paths[0], "%s/tls/%s", live_env("TLS_DIR", ""), name);
    return path;
}

static zq_target target_of(const char *host, zq_tls mode, const char *ca)
{
    zq_target target = live_target();

    target.host = host;
    target.port = (unsigned)atoi(live_env("TLS_PORT", "0"));
    target.tls = mode;
    target.tls_ca = ca == NULL ? NULL : file(ca);
    return target;
}

static zq_db *open_root(void)
{
    zq_target target = target_of("127.0.0.1", ZQ_TLS_PREFERRED, NULL);
    zq_db *db = NULL;
    zq_err err = {0};

    cr_assert_eq(zq_db_open(&target, &db, &err), ZQ_OK, "%s: %s", err.message, err.detail);
    return db;
}

/* ---- the certificate of the server ---- */

static void copy_file(const char *from, const char *to)
{
    char text[8192];
    FILE *in = fopen(file(from), "r");
    FILE *out = fopen(file(to), "w");
    size_t n;

    cr_assert_not_null(in, "%s", from);
    cr_assert_not_null(out, "%s", to);
    n = fread(text, 1, sizeof text, in);
    cr_assert_eq(fwrite(text, 1, n, out), n);
    fclose(in);
    cr_assert_eq(fclose(out), 0);
}

/* From here on the server shows this one; with broken.pem MySQL offers no TLS. */
static void use_certificate(const char *name)
{
    ZQ_AUTO(zq_db) db = open_root();

    copy_file(name, "server.pem");
    live_exec(db, live_flavor() == ZQ_MYSQL ? "ALTER INSTANCE RELOAD TLS NO ROLLBACK ON ERROR"
                                            : "FLUSH SSL");
}

static void use_good_certificate(void)
{
    use_certificate("good.pem");
}

/* ---- one try ---- */

typedef enum outcome { PLAIN, ENCRYPTED, UNVERIFIED, NO_TLS } outcome;

typedef struct
try {
    const char *host;
    zq_tls mode;
    const char *ca;
    outcome good;    /* with the good certificate */
    outcome expired; /* with the expired one */
    outcome none;    /* on a server without TLS */
}
try;

static const try tries[] = {
    {"127.0.0.1", ZQ_TLS_DISABLED, NULL, PLAIN, PLAIN, PLAIN},
    {"127.0.0.1", ZQ_TLS_DISABLED, "other-ca.pem", PLAIN, PLAIN, PLAIN},
    {"127.0.0.1", ZQ_TLS_PREFERRED, NULL, ENCRYPTED, ENCRYPTED, PLAIN},
    {"127.0.0.1", ZQ_TLS_PREFERRED, "other-ca.pem", ENCRYPTED, ENCRYPTED, PLAIN},
    {"127.0.0.1", ZQ_TLS_REQUIRED, NULL, ENCRYPTED, ENCRYPTED, NO_TLS},
    {"127.0.0.1", ZQ_TLS_REQUIRED, "other-ca.pem", ENCRYPTED, ENCRYPTED, NO_TLS},
    {"localhost", ZQ_TLS_VERIFY_CA, "ca.pem", ENCRYPTED, UNVERIFIED, NO_TLS},
    {"127.0.0.1", ZQ_TLS_VERIFY_CA, "ca.pem", ENCRYPTED, UNVERIFIED, NO_TLS},
    {"localhost", ZQ_TLS_VERIFY_CA, "other-ca.pem", UNVERIFIED, UNVERIFIED, NO_TLS},
    {"localhost", ZQ_TLS_VERIFY_IDENTITY, "ca.pem", ENCRYPTED, UNVERIFIED, NO_TLS},
    {"127.0.0.1", ZQ_TLS_VERIFY_IDENTITY, "ca.pem", UNVERIFIED, UNVERIFIED, NO_TLS},
    {"localhost", ZQ_TLS_VERIFY_IDENTITY, "other-ca.pem", UNVERIFIED, UNVERIFIED, NO_TLS},
};

static void expect_refused(const zq_target *target, outcome expected, zq_rc rc, const zq_err *err)
{
    char words[512];

    cr_assert_eq(rc, ZQ_E_CONFIG, "%s: %s", zq_rc_name(rc), err->message);
    snprintf(words, sizeof words, "cannot connect to 'root@%s:%u': %s", target->host, target->port,
             expected == NO_TLS ? "the server does not offer TLS"
                                : "the server's certificate cannot be verified");
    cr_assert_str_eq(err->message, words);
    if (expected == NO_TLS)
        snprintf(words, sizeof words, "%s",
                 target->tls == ZQ_TLS_REQUIRED ? "let a DBA switch it on, or use --tls preferred"
                                                : "let a DBA switch it on");
    else if (target->tls == ZQ_TLS_VERIFY_CA)
        snprintf(words, sizeof words,
                 "it must not have expired, and the CA in '%s' (--tls-ca) must have signed it",
                 target->tls_ca);
    else
        snprintf(words, sizeof words,
                 "it must not have expired, the CA in '%s' (--tls-ca) must have signed it, and it "
                 "must name '%s' (unless you use --tls verify-ca)",
                 target->tls_ca, target->host);
    cr_assert_str_eq(err->hint, words);
}

static void expect(const zq_target *target, outcome expected)
{
    ZQ_AUTO(zq_db) db = NULL;
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_rows rows;
    zq_err err = {0};
    zq_rc rc = zq_db_open(target, &db, &err);

    if (expected >= UNVERIFIED) {
        expect_refused(target, expected, rc, &err);
        return;
    }
    cr_assert_eq(rc, ZQ_OK, "mode %d, %s: %s: %s", (int)target->tls, target->host, err.message,
                 err.detail);
    cr_assert_eq(
        live_query(db, "SHOW SESSION STATUS LIKE 'Ssl_cipher'", NULL, 0, arena, &rows, &err),
        ZQ_OK);
    cr_assert_eq(zq_rows_at(&rows, 0, 1)[0] != '\0', expected == ENCRYPTED, "mode %d: '%s'",
                 (int)target->tls, zq_rows_at(&rows, 0, 1));
}

static zq_target target_of_try(const try *t)
{
    return target_of(t->host, t->mode, t->ca);
}

/* ---- the modes ---- */

Test(tls, a_good_certificate_is_let_in_by_its_own_ca_and_name)
{
    for (size_t i = 0; i < ZQ_LEN(tries); i++) {
        zq_target target = target_of_try(&tries[i]);

        expect(&target, tries[i].good);
    }
}

Test(tls, an_expired_certificate_is_refused_where_certificates_are_verified,
     .fini = use_good_certificate)
{
    use_certificate("expired.pem");
    for (size_t i = 0; i < ZQ_LEN(tries); i++) {
        zq_target target = target_of_try(&tries[i]);

        expect(&target, tries[i].expired);
    }
}

/* Whether our plain server encrypts all the same, as MariaDB does since 11.4, with a certificate
 * that it makes itself, and that no authority has signed. */
static bool has_tls_of_its_own(void)
{
    zq_target target = target_of("127.0.0.1", ZQ_TLS_PREFERRED, NULL);
    ZQ_AUTO(zq_db) db = NULL;
    zq_err err = {0};
    char *cipher;
    bool has;

    if (live_flavor() == ZQ_MYSQL)
        return false;
    target.port = (unsigned)atoi(live_env("PORT", "0"));
    cr_assert_eq(zq_db_open(&target, &db, &err), ZQ_OK, "%s", err.message);
    cipher = live_value(db, "SELECT VARIABLE_VALUE FROM information_schema.SESSION_STATUS WHERE "
                            "VARIABLE_NAME = 'Ssl_cipher'");
    has = cipher != NULL && *cipher != '\0';
    free(cipher);
    return has;
}

Test(tls, a_server_without_tls_is_refused_where_tls_is_required, .fini = use_good_certificate)
{
    const bool own = has_tls_of_its_own();

    if (live_flavor() == ZQ_MYSQL)
        use_certificate("broken.pem");
    for (size_t i = 0; i < ZQ_LEN(tries); i++) {
        zq_target target = target_of_try(&tries[i]);

        /* Our plain MariaDB has none, or one that cannot be verified. */
        if (live_flavor() == ZQ_MARIADB)
            target.port = (unsigned)atoi(live_env("PORT", "0"));
        expect(&target, own ? tries[i].expired : tries[i].none);
    }
}

/* ---- who is between ---- */

typedef struct imposter {
    int listener;
    size_t received;
} imposter;

/* A greeting as MySQL's, but for the capability of TLS; then count what comes. */
static void *pose(void *argument)
{
    static const unsigned char greeting[] = "\x4a\0\0\0\x0a"
                                            "8.0.40\0"
                                            "\x01\0\0\0"
                                            "abcdefgh\0"
                                            "\xff\xf7\x2d\x02\0\xff\x81\x15\0\0\0\0\0\0\0\0\0\0"
                                            "ijklmnopqrst\0"
                                            "mysql_native_password";
    imposter *of = argument;
    char text[512];
    ssize_t n;
    int fd = accept(of->listener, NULL, NULL);

    if (write(fd, greeting, sizeof greeting) != (ssize_t)sizeof greeting)
        abort();
    while ((n = read(fd, text, sizeof text)) > 0)
        of->received += (size_t)n;
    close(fd);
    return NULL;
}

static void meet_imposter(zq_tls mode)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof address;
    imposter of = {.listener = socket(AF_INET, SOCK_STREAM, 0)};
    zq_target target = target_of("127.0.0.1", mode, "ca.pem");
    pthread_t thread;

    cr_assert_eq(bind(of.listener, (struct sockaddr *)&address, size), 0);
    cr_assert_eq(listen(of.listener, 1), 0);
    getsockname(of.listener, (struct sockaddr *)&address, &size);
    pthread_create(&thread, NULL, pose, &of);
    target.port = ntohs(address.sin_port);
    target.password = "S3cret!pw";
    target.connect_timeout_ms = 2000;
    expect(&target, NO_TLS);
    pthread_join(thread, NULL);
    close(of.listener);
    cr_assert_eq(of.received, 0, "mode %d: %zu bytes were sent", (int)mode, of.received);
}

Test(tls, who_takes_tls_away_is_told_neither_user_nor_password, .timeout = 20)
{
    meet_imposter(ZQ_TLS_REQUIRED);
    meet_imposter(ZQ_TLS_VERIFY_CA);
    meet_imposter(ZQ_TLS_VERIFY_IDENTITY);
}

/* ---- the program ---- */

/* `init --dry-run` with these options; "%s" in `message` stands for the port. */
static void run(const char *mode, const char *host, const char *ca, int status, const char *message)
{
    program_result r;
    char line[512];

    r = PROGRAM("zquant-init", "init", "--dry-run", "--tls", mode, "-H", host, "-u", "root", "-P",
                live_env("TLS_PORT", "0"), ca != NULL ? "--tls-ca" : "-q",
                ca != NULL ? file(ca) : "-q");
    cr_assert_eq(r.status, status, "%s %s: %d: %s", mode, host, r.status, r.err);
    if (message != NULL) {
        snprintf(line, sizeof line, "zquant-init: cannot connect to 'root@%s:%s': %s", host,
                 live_env("TLS_PORT", "0"), message);
        cr_assert_not_null(strstr(r.err, line), "%s instead of %s", r.err, line);
        cr_assert_not_null(strstr(r.err, "\nhint: "), "%s", r.err);
    }
    program_free(&r);
}

#define UNVERIFIED_WORDS "the server's certificate cannot be verified: "

Test(tls, the_program_ends_with_the_status_of_bad_configuration, .fini = use_good_certificate)
{
    program_env_reset();
    program_env("DB_PASSWORD", live_env("PASSWORD", ""));
    run("preferred", "127.0.0.1", NULL, 0, NULL);
    run("required", "127.0.0.1", NULL, 0, NULL);
    run("verify-ca", "127.0.0.1", "ca.pem", 0, NULL);
    run("verify-identity", "localhost", "ca.pem", 0, NULL);
    run("verify-ca", "localhost", "other-ca.pem", 78, UNVERIFIED_WORDS);
    run("verify-identity", "127.0.0.1", "ca.pem", 78, UNVERIFIED_WORDS);
    use_certificate("expired.pem");
    run("verify-ca", "localhost", "ca.pem", 78, UNVERIFIED_WORDS);
    run("required", "localhost", NULL, 0, NULL);
}

/* What asks for less does not take away what asks for more. */
Test(tls, a_url_that_asks_twice_gets_the_stricter_mode)
{
    program_result r;
    char url[512];

    program_env_reset();
    snprintf(url, sizeof url,
             "mysql://root@127.0.0.1:%s/zqt_none?ssl_mode=VERIFY_IDENTITY&ssl=true&ssl_ca=%s",
             live_env("TLS_PORT", "0"), file("ca.pem"));
    program_env("DATABASE_URL", url);
    r = PROGRAM("zquant-init", "--dry-run");
    cr_assert_eq(r.status, 78, "%d: %s", r.status, r.err);
    cr_assert_not_null(strstr(r.err, UNVERIFIED_WORDS), "%s", r.err);
    program_free(&r);
    program_env_reset();
}

Test(tls, files_that_are_none_are_refused_by_name)
{
    zq_target target = target_of("localhost", ZQ_TLS_VERIFY_CA, "broken.pem");
    zq_db *db = NULL;
    zq_err err = {0};
    char words[256];

    cr_assert_eq(zq_db_open(&target, &db, &err), ZQ_E_CONFIG, "%s", err.message);
    snprintf(words, sizeof words, "cannot connect to 'root@localhost:%u': TLS failed", target.port);
    cr_assert_str_eq(err.message, words);
    cr_assert_str_eq(err.hint, "check --tls-ca");

    target = target_of("localhost", ZQ_TLS_REQUIRED, NULL);
    target.tls_cert = file("client.pem");
    target.tls_key = file("server-key.pem");
    cr_assert_eq(zq_db_open(&target, &db, &err), ZQ_E_CONFIG, "%s", err.message);
    cr_assert_str_eq(err.message, words);
    cr_assert_str_eq(err.hint, "check --tls-cert and --tls-key");
    target.tls_key = "/nonexistent/key.pem";
    cr_assert_eq(zq_db_open(&target, &db, &err), ZQ_E_NOINPUT, "%s", err.message);
    cr_assert_str_eq(err.message, "cannot read '/nonexistent/key.pem'");
    cr_assert_str_eq(err.hint, "check --tls-key");
}

/* ---- accounts ---- */

#define PASSWORD "S3cret!pw"
#define DENIED "check --user and --password-file"
#define DENIED_PLAIN                                                                            \
    "check --user and --password-file, and use --tls required where the server or the account " \
    "wants TLS"

/* An account from anywhere, for this test alone. */
static void make_account(const char *identified, const char *require)
{
    ZQ_AUTO(zq_db) db = open_root();
    char sql[512];

    snprintf(sql, sizeof sql,
             "DROP USER IF EXISTS zq_tls@'%%', zq_tls@localhost;"
             "CREATE USER zq_tls@'%%' IDENTIFIED %s %s; CREATE USER zq_tls@localhost IDENTIFIED "
             "%s %s",
             identified, require, identified, require);
    live_exec(db, sql);
}

static void drop_account(void)
{
    ZQ_AUTO(zq_db) db = open_root();

    live_exec(db, "DROP USER IF EXISTS zq_tls@'%', zq_tls@localhost");
}

static zq_target target_of_account(zq_tls mode)
{
    zq_target target = target_of("localhost", mode, "ca.pem");

    target.user = "zq_tls";
    target.password = PASSWORD;
    return target;
}

static void expect_denied(const zq_target *target, const char *hint)
{
    zq_db *db = NULL;
    zq_err err = {0};
    char words[256];

    cr_assert_eq(zq_db_open(target, &db, &err), ZQ_E_DENIED, "%s: %s", err.message, err.detail);
    snprintf(words, sizeof words, "cannot connect to 'zq_tls@localhost:%u': access denied",
             target->port);
    cr_assert_str_eq(err.message, words);
    cr_assert_str_eq(err.hint, hint);
}

Test(tls, an_account_that_wants_a_certificate_takes_ours_and_nothing_less, .fini = drop_account)
{
    zq_target target = target_of_account(ZQ_TLS_VERIFY_IDENTITY);

    make_account("BY '" PASSWORD "'", "REQUIRE X509");
    expect_denied(&target, DENIED);
    target.tls_cert = file("client.pem");
    target.tls_key = file("client-key.pem");
    expect(&target, ENCRYPTED);
    target.tls = ZQ_TLS_REQUIRED;
    expect(&target, ENCRYPTED);
    target.tls = ZQ_TLS_DISABLED;
    expect_denied(&target, DENIED_PLAIN);
}

Test(tls, an_account_that_wants_tls_is_let_in_by_it, .fini = drop_account)
{
    zq_target target = target_of_account(ZQ_TLS_PREFERRED);

    make_account("BY '" PASSWORD "'", "REQUIRE SSL");
    expect(&target, ENCRYPTED);
    target.tls = ZQ_TLS_DISABLED;
    expect_denied(&target, DENIED_PLAIN);
}

/* caching_sha2_password keeps what it has seen: a new account each time, so that the whole way is
 * gone. */
Test(tls, caching_sha2_password_logs_in, .fini = drop_account)
{
    static const zq_tls modes[] = {ZQ_TLS_DISABLED, ZQ_TLS_PREFERRED, ZQ_TLS_REQUIRED,
                                   ZQ_TLS_VERIFY_CA, ZQ_TLS_VERIFY_IDENTITY};

    if (live_flavor() != ZQ_MYSQL)
        cr_skip_test("MariaDB has no caching_sha2_password");
    for (size_t i = 0; i < ZQ_LEN(modes); i++) {
        zq_target target = target_of_account(modes[i]);

        make_account("WITH caching_sha2_password BY '" PASSWORD "'", "");
        expect(&target, modes[i] == ZQ_TLS_DISABLED ? PLAIN : ENCRYPTED);
        expect(&target, modes[i] == ZQ_TLS_DISABLED ? PLAIN : ENCRYPTED);
        target.password = "wrong";
        expect_denied(&target, modes[i] == ZQ_TLS_DISABLED ? DENIED_PLAIN : DENIED);
    }
}

/* Each way that an account of this server may have. */
static const struct {
    zq_flavor flavor;
    const char *identified;
    bool asks_for_key; /* the server's, when there is no TLS */
    bool mariadb_only; /* Oracle's library does not know it */
} account_ways[] = {
    {ZQ_MYSQL, "WITH caching_sha2_password BY '" PASSWORD "'", .asks_for_key = true},
    {ZQ_MYSQL, "WITH sha256_password BY '" PASSWORD "'", .asks_for_key = true},
    {ZQ_MARIADB, "BY '" PASSWORD "'"},
    {ZQ_MARIADB, "VIA ed25519 USING PASSWORD('" PASSWORD "')", .mariadb_only = true},
};

static void install_ed25519(void)
{
    ZQ_AUTO(zq_db) root = open_root();

    live_exec(root, "INSTALL PLUGIN IF NOT EXISTS ed25519 SONAME 'auth_ed25519'");
}

/* One login through a proxy that clears the flag of TLS; both hosts are 127.0.0.1, but that the
 * second is this machine is not for us to know. */
static void meet_proxy(size_t way, zq_tls mode, const char *host)
{
    const bool knows_way =
        !account_ways[way].mariadb_only || strncmp(zq_db_library_name(), "libmariadb", 10) == 0;
    const bool lets_in = mode <= ZQ_TLS_PREFERRED && knows_way &&
                         (!account_ways[way].asks_for_key || strcmp(host, "127.0.0.1") == 0);
    fake_server proxy = {.password = PASSWORD};
    zq_target target = target_of_account(mode);
    zq_db *db = NULL;
    zq_err err = {0};

    make_account(account_ways[way].identified, "");
    fake_proxy_begin(&proxy, (unsigned)atoi(live_env("TLS_PORT", "0")));
    target.host = host;
    target.port = proxy.port;
    target.tls_ca = mode >= ZQ_TLS_VERIFY_CA ? file("ca.pem") : NULL;
    cr_expect_eq(zq_db_open(&target, &db, &err) == ZQ_OK, lets_in, "%s, %d, %s: %s: %s",
                 account_ways[way].identified, (int)mode, host, err.message, err.detail);
    if (mode >= ZQ_TLS_REQUIRED)
        cr_expect_not_null(strstr(err.message, "': the server does not offer TLS"), "%s",
                           err.message);
    if (db != NULL)
        zq_db_close(db);
    fake_server_end(&proxy);
    cr_expect_eq(proxy.sent.length == 0, mode >= ZQ_TLS_REQUIRED, "%d", (int)mode);
    cr_expect_not(fake_server_knows(&proxy), "%s, %d, %s", account_ways[way].identified, (int)mode,
                  host);
    fake_server_done(&proxy);
}

/* MariaDB's connector would take the TLS that it may use for TLS that is there. */
Test(tls, who_takes_tls_away_gets_no_password_in_any_way, .fini = drop_account)
{
    if (live_flavor() == ZQ_MARIADB)
        install_ed25519();
    for (size_t way = 0; way < ZQ_LEN(account_ways); way++) {
        if (account_ways[way].flavor != live_flavor())
            continue;
        for (zq_tls mode = ZQ_TLS_DISABLED; mode <= ZQ_TLS_VERIFY_IDENTITY; mode++) {
            meet_proxy(way, mode, "127.0.0.1");
            meet_proxy(way, mode, "0x7f.1");
        }
    }
}

Test(tls, ed25519_logs_in_where_the_client_library_knows_it, .fini = drop_account)
{
    zq_target target = target_of_account(ZQ_TLS_PREFERRED);
    zq_db *db = NULL;
    zq_err err = {0};

    if (live_flavor() != ZQ_MARIADB)
        cr_skip_test("MySQL has no ed25519");
    install_ed25519();
    make_account("VIA ed25519 USING PASSWORD('" PASSWORD "')", "");
    if (strncmp(zq_db_library_name(), "libmariadb", 10) == 0) {
        expect(&target, ENCRYPTED);
        target.tls = ZQ_TLS_DISABLED;
        expect(&target, PLAIN);
        target.password = "wrong";
        expect_denied(&target, DENIED_PLAIN);
        return;
    }
    cr_assert_eq(zq_db_open(&target, &db, &err), ZQ_E_CONFIG, "%s: %s", err.message, err.detail);
    cr_assert_not_null(strstr(err.message, "the client library does not know the account's way"),
                       "%s", err.message);
    cr_assert_str_eq(err.hint,
                     "let the account use caching_sha2_password or mysql_native_password");
}

/* One server for all of them, whose certificate they change: one at a time. */
int main(int argc, char **argv)
{
    if (live_env("TLS_PORT", NULL) == NULL) {
        fprintf(stderr,
                "SKIPPED: no %s server with certificates; run by 'scripts/with-server "
                "%s,%s-tls COMMAND'\n",
                live_engine(), live_engine(), live_engine());
        return 77;
    }
    criterion_options.jobs = 1;
    return live_main(argc, argv);
}
