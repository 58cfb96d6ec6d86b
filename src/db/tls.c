#include "db/tls.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* MariaDB Connector/C and Oracle's libmysqlclient share most of one interface, but not this. */
#ifdef MARIADB_PACKAGE_VERSION
#define HAS_SSL_MODE 0
#else
#define HAS_SSL_MODE 1
#endif

static bool is_set(const char *text)
{
    return text != NULL && text[0] != '\0';
}

/* ---- settings ---- */

/* A file that TLS needs: better named here than in a library's words. */
static zq_rc check_file(const char *option, const char *path, zq_err *err)
{
    if (!is_set(path) || access(path, R_OK) == 0)
        return ZQ_OK;
    zq_fail(err, ZQ_E_NOINPUT, "cannot read '%s'", path);
    zq_err_detail(err, "%s", strerror(errno));
    zq_err_hint(err, "check %s", option);
    return ZQ_E_NOINPUT;
}

zq_rc zq_tls_check(const zq_target *target, zq_err *err)
{
    if (target->tls >= ZQ_TLS_VERIFY_CA && !is_set(target->tls_ca)) {
        zq_fail(err, ZQ_E_CONFIG, "the server's certificate cannot be verified without a CA");
        zq_err_hint(err, "give the CA's certificate by --tls-ca");
        return ZQ_E_CONFIG;
    }
    if (target->tls == ZQ_TLS_DISABLED)
        return ZQ_OK;
    ZQ_TRY(check_file("--tls-ca", target->tls_ca, err));
    ZQ_TRY(check_file("--tls-cert", target->tls_cert, err));
    return check_file("--tls-key", target->tls_key, err);
}

static void set_files(MYSQL *mysql, const zq_target *target, zq_tls mode)
{
    /* MariaDB's connector verifies against a CA whenever it has one: it gets none unless asked. */
    if (mode >= ZQ_TLS_VERIFY_CA)
        mysql_options(mysql, MYSQL_OPT_SSL_CA, target->tls_ca);
    if (is_set(target->tls_cert))
        mysql_options(mysql, MYSQL_OPT_SSL_CERT, target->tls_cert);
    if (is_set(target->tls_key))
        mysql_options(mysql, MYSQL_OPT_SSL_KEY, target->tls_key);
}

#if HAS_SSL_MODE

static bool is_not_offered(const char *words)
{
    return strcasestr(words, "SSL is required") != NULL;
}

void zq_tls_set(MYSQL *mysql, const zq_target *target, zq_tls mode)
{
    static const unsigned modes[] = {
        [ZQ_TLS_DISABLED] = SSL_MODE_DISABLED,
        [ZQ_TLS_PREFERRED] = SSL_MODE_PREFERRED,
        [ZQ_TLS_REQUIRED] = SSL_MODE_REQUIRED,
        [ZQ_TLS_VERIFY_CA] = SSL_MODE_VERIFY_CA,
        [ZQ_TLS_VERIFY_IDENTITY] = SSL_MODE_VERIFY_IDENTITY,
    };
    const unsigned ssl_mode = modes[mode];
    /* Without TLS, caching_sha2_password encrypts the password with the server's key. */
    const bool get_key = mode < ZQ_TLS_REQUIRED;

    mysql_options(mysql, MYSQL_OPT_SSL_MODE, &ssl_mode);
    mysql_options(mysql, MYSQL_OPT_GET_SERVER_PUBLIC_KEY, &get_key);
    if (mode != ZQ_TLS_DISABLED)
        set_files(mysql, target, mode);
}

#else

/* What the greeting of the connection being made says. */
static _Thread_local enum { NOT_SEEN, OFFERED, NOT_OFFERED } offer;

/* The first packet: 3 bytes of length, 1 of number; then the protocol's version, the server's
 * version up to a NUL, 13 bytes, and the lower half of the capabilities (MySQL
 * "Protocol::HandshakeV10"). An error packet instead ("too many connections") is for the library to
 * tell. */
static void read_offer(int fd)
{
    enum { HEADER = 4, PROTOCOL = 10, CAPABILITY_SSL = 0x800 };
    unsigned char text[512] = {0};
    const ssize_t n = recv(fd, text, sizeof text - 1, MSG_PEEK | MSG_DONTWAIT);
    size_t at;

    if (n <= HEADER + 1 || text[HEADER] != PROTOCOL)
        return;
    at = HEADER + 1 + strlen((const char *)text + HEADER + 1) + 1 + 13;
    if (at + 2 <= (size_t)n)
        offer = ((text[at] | text[at + 1] << 8) & CAPABILITY_SSL) != 0 ? OFFERED : NOT_OFFERED;
}

/* The library waits here for its socket; `timeout_ms` 0 is for ever.
 *
 * Unless it checks the name too, it logs in without TLS when the server, or who is between, does
 * not offer it. So the greeting is looked at on the same connection, before the library reads it
 * and sends anything; a server that does not offer TLS is hung up on. */
static int wait_and_look(my_socket fd, my_bool reading, int timeout_ms)
{
    struct pollfd wait = {.fd = fd, .events = reading ? POLLIN : POLLOUT};
    int n;

    timeout_ms = timeout_ms > 0 ? timeout_ms : -1;
    while ((n = poll(&wait, 1, timeout_ms)) < 0 && errno == EINTR)
        continue;
    if (n == 1 && !reading && offer == NOT_SEEN && (wait.revents & (POLLERR | POLLHUP)) == 0) {
        wait.events = POLLIN;
        while ((n = poll(&wait, 1, timeout_ms)) < 0 && errno == EINTR)
            continue;
    }
    if (n == 1 && offer == NOT_SEEN && (wait.revents & POLLIN) != 0)
        read_offer(fd);
    if (offer == NOT_OFFERED)
        shutdown(fd, SHUT_RDWR);
    if (n == 0)
        errno = ETIMEDOUT;
    return n;
}

/* From 3.4 on, the connector verifies all or nothing. */
static bool verifies_ca_alone(void)
{
    int major = 0, minor = 0;

    sscanf(mysql_get_client_info(), "%d.%d", &major, &minor);
    return major == 3 && minor < 4;
}

static bool is_not_offered(const char *words)
{
    return offer == NOT_OFFERED || strcasestr(words, "SSL is required") != NULL;
}

/* MariaDB's connector knows "use TLS if it is offered" and "verify the host's name, which includes
 * the CA, and insist". Verifying the CA alone is what it does with a CA and without the check of
 * the name (mariadb-connector-c 3.3, my_auth.c, ma_pvio.c and secure/openssl.c). */
void zq_tls_set(MYSQL *mysql, const zq_target *target, zq_tls mode)
{
    const my_bool use = mode != ZQ_TLS_DISABLED;
    const my_bool verify =
        mode == ZQ_TLS_VERIFY_IDENTITY || (mode == ZQ_TLS_VERIFY_CA && !verifies_ca_alone());

    mysql_options(mysql, MYSQL_OPT_SSL_ENFORCE, &use);
    mysql_options(mysql, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify);
    offer = NOT_SEEN;
    if (mode >= ZQ_TLS_REQUIRED)
        mysql_optionsv(mysql, MARIADB_OPT_IO_WAIT, wait_and_look);
    if (use)
        set_files(mysql, target, mode);
}

#endif

/* ---- what became of it ---- */

static zq_rc fail_not_offered(zq_tls mode, const char *where, zq_err *err)
{
    zq_fail(err, ZQ_E_CONFIG, "cannot connect to '%s': the server does not offer TLS", where);
    zq_err_hint(err, mode == ZQ_TLS_REQUIRED ? "let a DBA switch it on, or use --tls preferred"
                                             : "let a DBA switch it on");
    return ZQ_E_CONFIG;
}

zq_rc zq_tls_confirm(MYSQL *mysql, zq_tls mode, const char *where, zq_err *err)
{
#if !HAS_SSL_MODE
    /* Only the login is looked at; from here on other threads may use the connection. */
    mysql_optionsv(mysql, MARIADB_OPT_IO_WAIT, NULL);
#endif
    if (mode >= ZQ_TLS_REQUIRED && mysql_get_ssl_cipher(mysql) == NULL)
        return fail_not_offered(mode, where, err);
    return ZQ_OK;
}

/* Did the server's certificate fail, and not a file of ours, or our own certificate there? */
static bool is_unverified(const char *words)
{
    return strcasestr(words, "certificate") != NULL &&
           strcasestr(words, "no certificate") == NULL && strcasestr(words, "alert") == NULL;
}

static void hint_files(const zq_target *target, zq_tls mode, zq_err *err)
{
    const bool ca = mode >= ZQ_TLS_VERIFY_CA;
    const bool own = is_set(target->tls_cert) || is_set(target->tls_key);

    zq_err_hint(err, "check %s%s%s", ca ? "--tls-ca" : "", ca && own ? ", " : "",
                own  ? "--tls-cert and --tls-key"
                : ca ? ""
                     : "--tls, and --tls-cert and --tls-key when the server wants them");
}

zq_rc zq_tls_explain(const zq_target *target, zq_tls mode, const zq_server_error *error,
                     const char *where, zq_err *err)
{
    enum { SSL_CONNECTION_ERROR = 2026, ACCESS_DENIED = 1045 };

    if (mode >= ZQ_TLS_REQUIRED && is_not_offered(error->words))
        return fail_not_offered(mode, where, err);
    if (error->number == ACCESS_DENIED && mode == ZQ_TLS_DISABLED && is_set(target->host))
        zq_err_hint(err, "check --user and --password-file, and use --tls required where the "
                         "server or the account wants TLS");
    if (error->number != SSL_CONNECTION_ERROR || err->code != ZQ_E_CONFIG)
        return err->code;
    if (mode < ZQ_TLS_VERIFY_CA || !is_unverified(error->words)) {
        hint_files(target, mode, err);
        return err->code;
    }
    zq_fail(err, ZQ_E_CONFIG, "cannot connect to '%s': the server's certificate cannot be verified",
            where);
    zq_err_detail(err, "%s (%u)", error->words, error->number);
    if (mode == ZQ_TLS_VERIFY_CA)
        zq_err_hint(err,
                    "it must not have expired, and the CA in '%s' (--tls-ca) must have signed it",
                    target->tls_ca);
    else
        zq_err_hint(
            err,
            "it must not have expired, the CA in '%s' (--tls-ca) must have signed it, and it "
            "must name '%s' (unless you use --tls verify-ca)",
            target->tls_ca, target->host);
    return ZQ_E_CONFIG;
}
