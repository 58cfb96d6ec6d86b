#include "db/tls.h"

#include "base/language.h"
#include "db/deadline.h"

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
    return zq_err_hint(err, "check %s", option);
}

zq_rc zq_tls_check(const zq_target *target, zq_err *err)
{
    if (target->tls >= ZQ_TLS_VERIFY_CA && !is_set(target->tls_ca)) {
        zq_fail(err, ZQ_E_CONFIG, "the server's certificate cannot be verified without a CA");
        return zq_err_hint(err, "give the CA's certificate by --tls-ca");
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

static bool is_a_server(void)
{
    return true; /* the library judges */
}

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

    mysql_options(mysql, MYSQL_OPT_SSL_MODE, &ssl_mode);
    if (mode != ZQ_TLS_DISABLED)
        set_files(mysql, target, mode);
}

#else

/* The login under way in this thread, and what its server's greeting says. */
static _Thread_local struct {
    MYSQL *mysql;
    zq_tls mode;
    enum { NOT_SEEN, OFFERED, NOT_OFFERED, NOT_A_GREETING } offer;
} login;

enum { HEADER = 4, GREETING_MAX = 1024 };

/* The first packet: 3 bytes of length, 1 of number; then the protocol's version, the server's
 * version up to a NUL, 13 bytes, and the lower half of the capabilities (MySQL
 * "Protocol::HandshakeV10"). An error packet instead ("too many connections") is for the library to
 * report: it sends nothing after it. */
static void read_offer(const unsigned char *text, size_t n)
{
    enum { PROTOCOL = 10, ERROR = 0xff, CAPABILITY_SSL = 0x800 };
    const unsigned char *nul = memchr(text + HEADER + 1, '\0', n - HEADER - 1);
    const size_t at = nul == NULL ? n : (size_t)(nul - text) + 1 + 13;

    if (text[HEADER] == ERROR)
        login.offer = OFFERED;
    else if (text[HEADER] != PROTOCOL || at + 2 > n)
        login.offer = NOT_A_GREETING;
    else
        login.offer =
            ((text[at] | text[at + 1] << 8) & CAPABILITY_SSL) != 0 ? OFFERED : NOT_OFFERED;
}

/* Look at the greeting, however many pieces it comes in, and leave it where it is. poll(2) waits
 * for as many bytes as SO_RCVLOWAT says. Gives what it does. */
static int look(int fd, int timeout_ms)
{
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    unsigned char text[HEADER + GREETING_MAX];
    int wanted = HEADER + 1, one = 1, n = 1;

    while (login.offer == NOT_SEEN && n == 1) {
        ssize_t length;

        setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &wanted, sizeof wanted);
        n = zq_deadline_poll(&wait, timeout_ms);
        length = n == 1 ? recv(fd, text, sizeof text, MSG_PEEK | MSG_DONTWAIT) : 0;
        if (length < wanted) /* it has ended, or time is over */
            break;
        wanted = HEADER + (text[0] | text[1] << 8 | text[2] << 16);
        if (wanted <= HEADER || wanted > (int)sizeof text)
            login.offer = NOT_A_GREETING;
        else if (length >= wanted)
            read_offer(text, (size_t)wanted);
    }
    setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &one, sizeof one);
    return n;
}

/* Only a server that offers TLS is answered with it. The connector takes TLS that it was allowed to
 * use for TLS that is in use, and would send a password through it in the clear. */
static void do_without_tls(MYSQL *mysql)
{
    const my_bool no = 0;

    mysql_options(mysql, MYSQL_OPT_SSL_ENFORCE, &no);
    mysql_options(mysql, MYSQL_OPT_SSL_CERT, NULL);
    mysql_options(mysql, MYSQL_OPT_SSL_KEY, NULL);
}

/* What has come can still be read, so that the library may go on to ask the user ("dialog"): no way
 * to log in is left. */
static void hang_up(MYSQL *mysql, int fd)
{
    const int reason = errno; /* why there is no connection, as the library will say */

    mysql_optionsv(mysql, MARIADB_OPT_RESTRICTED_AUTH, "-");
    shutdown(fd, SHUT_RDWR);
    errno = reason;
}

/* The library waits here for its socket.
 *
 * Unless it checks the name too, it logs in without TLS when the server, or who is between, does
 * not offer it. So the greeting is looked at on the same connection, before the library reads it
 * and sends anything; a server that does not offer TLS where it is wanted is hung up on, and so is
 * one whose greeting was not seen whole. */
static int wait_and_look(my_socket fd, my_bool reading, int timeout_ms)
{
    struct pollfd wait = {.fd = fd, .events = reading ? POLLIN : POLLOUT};
    int n = zq_deadline_poll(&wait, timeout_ms);

    if (n == 1 && login.offer == NOT_SEEN && (wait.revents & (POLLERR | POLLHUP)) == 0)
        n = look(fd, timeout_ms);
    if (login.offer == OFFERED)
        return n;
    if (login.offer == NOT_OFFERED && login.mode == ZQ_TLS_PREFERRED)
        do_without_tls(login.mysql);
    else
        hang_up(login.mysql, fd);
    return n;
}

/* From 3.4 on, the connector verifies all or nothing. */
static bool verifies_ca_alone(void)
{
    int major = 0, minor = 0;

    sscanf(mysql_get_client_info(), "%d.%d", &major, &minor);
    return major == 3 && minor < 4;
}

static bool is_a_server(void)
{
    return login.offer != NOT_A_GREETING;
}

static bool is_not_offered(const char *words)
{
    return login.offer == NOT_OFFERED || strcasestr(words, "SSL is required") != NULL;
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
    memset(&login, 0, sizeof login);
    login.mysql = mysql;
    login.mode = mode;
    mysql_optionsv(mysql, MARIADB_OPT_IO_WAIT, use ? wait_and_look : zq_deadline_wait);
    if (use)
        set_files(mysql, target, mode);
}

#endif

/* ---- what became of it ---- */

static zq_rc fail_not_offered(zq_tls mode, const char *where, zq_err *err)
{
    zq_fail(err, ZQ_E_CONFIG, "cannot connect to '%s': the server does not offer TLS", where);
    return zq_err_hint(err, mode == ZQ_TLS_REQUIRED
                                ? N_("let a DBA switch it on, or use --tls preferred")
                                : N_("let a DBA switch it on"));
}

zq_rc zq_tls_confirm(MYSQL *mysql, zq_tls mode, const char *where, zq_err *err)
{
#if !HAS_SSL_MODE
    /* Only the login is looked at; from here on other threads may use the connection. */
    mysql_optionsv(mysql, MARIADB_OPT_IO_WAIT, zq_deadline_wait);
#endif
    if (mode >= ZQ_TLS_REQUIRED && mysql_get_ssl_cipher(mysql) == NULL)
        return fail_not_offered(mode, where, err);
    return ZQ_OK;
}

/* Did the server's certificate fail, and not a file of ours, or our own certificate there? */
static bool is_unverified(const char *words)
{
    if (strcasestr(words, "hostname verification") != NULL)
        return true;
    return strcasestr(words, "certificate") != NULL &&
           strcasestr(words, "no certificate") == NULL && strcasestr(words, "alert") == NULL;
}

static void hint_files(const zq_target *target, zq_tls mode, zq_err *err)
{
    const bool ca = mode >= ZQ_TLS_VERIFY_CA;
    const bool own = is_set(target->tls_cert) || is_set(target->tls_key);

    zq_err_hint(err, ca && own ? N_("check --tls-ca, --tls-cert and --tls-key")
                     : own     ? N_("check --tls-cert and --tls-key")
                     : ca      ? N_("check --tls-ca")
                          : N_("check --tls, and --tls-cert and --tls-key when the server wants "
                               "them"));
}

zq_rc zq_tls_explain(const zq_target *target, zq_tls mode, const zq_server_error *error,
                     const char *where, zq_err *err)
{
    enum { SSL_CONNECTION_ERROR = 2026, ACCESS_DENIED = 1045 };
    static const zq_server_error not_a_server = {2007, "HY000", "the greeting is not one"};

    if (!is_a_server())
        return zq_errors_fail_connect(err, &not_a_server, where);
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
