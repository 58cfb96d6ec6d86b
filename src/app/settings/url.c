/* Takes a URL apart as SQLAlchemy does, from the left: the application and these programs must
 * reach the same server by the same text. What SQLAlchemy would pass on to a driver is taken where
 * we have a setting for it, and named as ignored or refused where we have none. */
#include "app/settings/url.h"

#include "base/buf.h"
#include "base/language.h"
#include "base/text.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { MOST_IGNORED = 8 }; /* as many are named */

/* What a parameter is to us. */
typedef enum param_kind {
    PARAM_SETTING, /* its text is the setting's */
    PARAM_TLS,     /* true means the mode `mode` */
    PARAM_DRIVER,  /* for the application's driver alone */
} param_kind;

static const struct param {
    const char *name;
    param_kind kind;
    zq_setting which;
    const char *mode;
} params[] = {
    {"charset", PARAM_SETTING, ZQ_SET_CHARSET},
    {"unix_socket", PARAM_SETTING, ZQ_SET_SOCKET},
    {"socket", PARAM_SETTING, ZQ_SET_SOCKET},
    {"connect_timeout", PARAM_SETTING, ZQ_SET_CONNECT_TIMEOUT},
    {"ssl_ca", PARAM_SETTING, ZQ_SET_TLS_CA},
    {"ssl_cert", PARAM_SETTING, ZQ_SET_TLS_CERT},
    {"ssl_key", PARAM_SETTING, ZQ_SET_TLS_KEY},
    {"ssl_mode", PARAM_SETTING, ZQ_SET_TLS},
    {"ssl_verify_identity", PARAM_TLS, ZQ_SET_TLS, "verify-identity"},
    {"ssl_verify_cert", PARAM_TLS, ZQ_SET_TLS, "verify-ca"},
    {"ssl_disabled", PARAM_TLS, ZQ_SET_TLS, "disabled"},
    {"ssl", PARAM_TLS, ZQ_SET_TLS, "required"},
    {"autocommit", PARAM_DRIVER},
    {"binary_prefix", PARAM_DRIVER},
    {"client_flag", PARAM_DRIVER},
    {"collation", PARAM_DRIVER},
    {"local_infile", PARAM_DRIVER},
    {"max_allowed_packet", PARAM_DRIVER},
    {"program_name", PARAM_DRIVER},
    {"read_timeout", PARAM_DRIVER},
    {"sql_mode", PARAM_DRIVER},
    {"use_unicode", PARAM_DRIVER},
    {"write_timeout", PARAM_DRIVER},
};

/* %XX decoded, and '+' as a space in parameters. `what` is for the message. */
static zq_rc decode(const char *start, size_t length, bool plus, const char *what, zq_vault *vault,
                    const char **out_text, zq_err *err)
{
    char *text = zq_vault_strndup(vault, start, length);
    size_t n = 0;

    for (size_t i = 0; i < length; i++) {
        int high = start[i] == '%' && i + 2 < length ? zq_hex_digit(start[i + 1]) : -1;
        int low = high >= 0 ? zq_hex_digit(start[i + 2]) : -1;

        if (start[i] == '%' && low < 0) {
            zq_fail(err, ZQ_E_CONFIG, "the %s has a '%%' without two hexadecimal digits",
                    zq_tr(what));
            return zq_err_hint(err, "write '%%25' for a '%%' in a URL");
        }
        if (low >= 0 && high * 16 + low == 0)
            return zq_fail(err, ZQ_E_CONFIG, "the %s holds a NUL byte", zq_tr(what));
        if (low >= 0) {
            text[n++] = (char)(high * 16 + low);
            i += 2;
        } else {
            text[n++] = plus && start[i] == '+' ? ' ' : start[i];
        }
    }
    text[n] = '\0';
    *out_text = text;
    return ZQ_OK;
}

static void add_part(zq_url *url, zq_setting which, const char *subject, const char *text)
{
    for (size_t i = 0; i < url->n_parts; i++) {
        if (url->parts[i].which == which) {
            url->parts[i] = (zq_url_part){which, subject, text};
            return;
        }
    }
    url->parts[url->n_parts++] = (zq_url_part){which, subject, text};
}

/* ---- scheme ---- */

static zq_rc read_scheme(const char *text, const char **out_rest, zq_err *err)
{
    static const char *const schemes[] = {"mysql", "mariadb"};
    const char *colon = strstr(text, "://");
    size_t length = colon == NULL ? 0 : strcspn(text, "+:");

    for (size_t i = 0; i < ZQ_LEN(schemes) && colon != NULL; i++) {
        if (strlen(schemes[i]) == length && strncasecmp(text, schemes[i], length) == 0 &&
            length + strspn(text + length, "+abcdefghijklmnopqrstuvwxyz0123456789_") ==
                (size_t)(colon - text)) {
            *out_rest = colon + 3;
            return ZQ_OK;
        }
    }
    zq_fail(err, ZQ_E_CONFIG, "the URL does not begin with mysql:// or mariadb://");
    return zq_err_hint(err, "write mysql://USER:PASSWORD@HOST:PORT/DATABASE");
}

/* ---- user:password@ ---- */

/* The '@' that ends user and password, NULL when there are none. A password may hold '/' and ':',
 * a user neither. */
static const char *find_at(const char *rest, size_t *out_user_length)
{
    *out_user_length = strcspn(rest, ":/@");
    if (rest[*out_user_length] == '@')
        return rest + *out_user_length;
    return rest[*out_user_length] == ':' ? strchr(rest, '@') : NULL;
}

static zq_rc read_login(const char **rest, zq_vault *vault, zq_url *url, zq_err *err)
{
    size_t user_length;
    const char *at = find_at(*rest, &user_length);
    const char *text = "";

    if (at == NULL)
        return ZQ_OK;
    if (user_length > 0) {
        ZQ_TRY(decode(*rest, user_length, false, N_("user"), vault, &text, err));
        add_part(url, ZQ_SET_USER, "user", text);
    }
    if (*rest + user_length < at) {
        const char *password = *rest + user_length + 1;

        ZQ_TRY(decode(password, (size_t)(at - password), false, N_("password"), vault, &text, err));
        add_part(url, ZQ_SET_PASSWORD, "password", text);
    }
    *rest = at + 1;
    if (memchr(*rest, '@', strcspn(*rest, "/?")) != NULL) {
        zq_fail(err, ZQ_E_CONFIG, "the URL has more than one '@' before the host");
        return zq_err_hint(err, "write '%%40' for an '@' in the user or the password");
    }
    return ZQ_OK;
}

/* ---- host:port ---- */

static zq_rc read_host(const char **rest, zq_vault *vault, zq_url *url, bool *out_found,
                       zq_err *err)
{
    const char *start = *rest;
    size_t length = strcspn(start, ":/?");
    const char *text = "";

    *out_found = false;
    if (*start == '[') {
        length = strcspn(start, "]/?");
        if (start[length] != ']')
            return zq_fail(err, ZQ_E_CONFIG, "the URL's '[' has no ']'");
        start++;
        length--;
        *rest = start + length + 1;
        if (**rest != '\0' && strchr(":/?", **rest) == NULL)
            return zq_fail(err, ZQ_E_CONFIG, "the URL has text behind ']'");
    } else {
        *rest = start + length;
    }
    if (length == 0)
        return ZQ_OK;
    ZQ_TRY(decode(start, length, false, N_("host"), vault, &text, err));
    *out_found = *text != '/';
    if (*text == '/')
        add_part(url, ZQ_SET_SOCKET, "socket", text);
    else
        add_part(url, ZQ_SET_HOST, "host", text);
    return ZQ_OK;
}

static zq_rc read_port(const char **rest, zq_vault *vault, zq_url *url, bool host, zq_err *err)
{
    const char *digits = **rest == ':' ? *rest + 1 : *rest;
    size_t length = **rest == ':' ? strcspn(digits, "/?") : 0;
    long port = 0;

    *rest = digits + length;
    if (length == 0) {
        if (host)
            add_part(url, ZQ_SET_PORT, "port", "3306");
        return ZQ_OK;
    }
    for (size_t i = 0; i < length && port >= 0; i++)
        port = digits[i] >= '0' && digits[i] <= '9' && port < 100000 ? port * 10 + digits[i] - '0'
                                                                     : -1;
    if (port < 1 || port > 65535) {
        /* Not shown: with a '/' or '@' in the wrong place it could be a piece of the password. */
        zq_fail(err, ZQ_E_CONFIG, "the URL's port must be a whole number from 1 to 65535");
        return zq_err_hint(
            err, "write ':', '/', '@' and '%%' of a password as %%3A, %%2F, %%40 and %%25");
    }
    add_part(url, ZQ_SET_PORT, "port", zq_vault_strndup(vault, digits, length));
    return ZQ_OK;
}

/* ---- /database ---- */

static zq_rc read_database(const char **rest, zq_vault *vault, zq_url *url, zq_err *err)
{
    const char *start = **rest == '/' ? *rest + 1 : *rest;
    size_t length = strcspn(start, "?");
    const char *text = "";

    *rest = start + length;
    if (length == 0)
        return ZQ_OK;
    /* What stands before it was meant for the user and the password, and must not become a name. */
    if (memchr(start, '@', length) != NULL) {
        zq_fail(err, ZQ_E_CONFIG, "the URL has an '@' behind the host");
        return zq_err_hint(err,
                           "write ':', '/', '@' and '%%' of a user or password as %%3A, %%2F, %%40 "
                           "and %%25");
    }
    ZQ_TRY(decode(start, length, false, N_("database"), vault, &text, err));
    add_part(url, ZQ_SET_DATABASE, "database", text);
    return ZQ_OK;
}

/* ---- ?name=value&... ---- */

static bool is_true(const char *text)
{
    return *text == '\0' || strcasecmp(text, "true") == 0 || strcasecmp(text, "yes") == 0 ||
           strcasecmp(text, "on") == 0 || strcmp(text, "1") == 0;
}

static const struct param *find_param(const char *name)
{
    char plain[32];

    if (strlen(name) >= sizeof plain)
        return NULL;
    for (size_t i = 0; i <= strlen(name); i++)
        plain[i] = name[i] == '-' ? '_' : name[i];
    for (size_t i = 0; i < ZQ_LEN(params); i++) {
        if (strcmp(params[i].name, plain) == 0)
            return &params[i];
    }
    return NULL;
}

/* Written as MySQL does, too: VERIFY_CA. */
static bool is_mode(const char *text, const char *mode)
{
    size_t i = 0;

    while (text[i] != '\0' && (text[i] == '_' ? '-' : tolower((unsigned char)text[i])) == mode[i])
        i++;
    return text[i] == '\0' && mode[i] == '\0';
}

/* How much a mode asks for. A text that is not a mode comes last: it must not be lost, but refused.
 */
static size_t strength(const char *text)
{
    static const char *const modes[] = {"disabled", "preferred", "required", "verify-ca",
                                        "verify-identity"};
    size_t i = 0;

    while (i < ZQ_LEN(modes) && !is_mode(text, modes[i]))
        i++;
    return i;
}

/* Of several words about the mode the one that asks for most counts. */
static void add_mode(zq_url *url, const char *subject, const char *mode)
{
    const char *before = zq_url_get(url, ZQ_SET_TLS);

    if (*mode != '\0' && (before == NULL || strength(mode) > strength(before)))
        add_part(url, ZQ_SET_TLS, subject, mode);
}

static zq_rc take_param(zq_url *url, const char *name, const char *text, zq_vault *vault,
                        zq_err *err)
{
    const struct param *param = find_param(name);

    if (param == NULL && (strncmp(name, "ssl", 3) == 0 || strncmp(name, "tls", 3) == 0)) {
        zq_fail(err, ZQ_E_CONFIG, "the URL's parameter '%s' is not known", name);
        return zq_err_hint(err, "TLS is set by ssl_mode, ssl_ca, ssl_cert and ssl_key");
    }
    if (param == NULL) {
        if (url->n_ignored < MOST_IGNORED)
            url->ignored =
                url->n_ignored == 0 ? name : zq_vault_printf(vault, "%s, %s", url->ignored, name);
        else if (url->n_ignored == MOST_IGNORED)
            url->ignored = zq_vault_printf(vault, "%s, ...", url->ignored);
        url->n_ignored++;
        return ZQ_OK;
    }
    if (param->kind == PARAM_TLS && is_true(text))
        add_mode(url, param->name, param->mode);
    else if (param->kind == PARAM_SETTING && param->which == ZQ_SET_TLS)
        add_mode(url, param->name, text);
    else if (param->kind == PARAM_SETTING)
        add_part(url, param->which, param->name, text);
    return ZQ_OK;
}

static zq_rc read_params(const char *rest, zq_vault *vault, zq_url *url, zq_err *err)
{
    if (*rest == '\0')
        return ZQ_OK;
    for (const char *at = rest + 1; *at != '\0';) {
        size_t length = strcspn(at, "&");
        size_t name_length = strcspn(at, "&=");
        size_t skip = name_length < length ? name_length + 1 : length;
        const char *name = "";
        const char *text = "";

        if (length > 0) {
            ZQ_TRY(decode(at, name_length, true, N_("name of a parameter"), vault, &name, err));
            ZQ_TRY(decode(at + skip, length - skip, true, N_("parameter"), vault, &text, err));
            ZQ_TRY(take_param(url, name, text, vault, err));
        }
        at += length;
        at += *at == '&';
    }
    return ZQ_OK;
}

/* ---- all of it ---- */

const char *zq_url_get(const zq_url *url, zq_setting which)
{
    for (size_t i = 0; i < url->n_parts; i++) {
        if (url->parts[i].which == which)
            return url->parts[i].text;
    }
    return NULL;
}

zq_rc zq_url_parse(const char *text, zq_vault *vault, zq_url *out_url, zq_err *err)
{
    zq_url url = {0};
    bool host = false;
    const char *rest = text;

    ZQ_TRY(read_scheme(text, &rest, err));
    ZQ_TRY(read_login(&rest, vault, &url, err));
    ZQ_TRY(read_host(&rest, vault, &url, &host, err));
    ZQ_TRY(read_port(&rest, vault, &url, host, err));
    ZQ_TRY(read_database(&rest, vault, &url, err));
    ZQ_TRY(read_params(rest, vault, &url, err));
    *out_url = url;
    return ZQ_OK;
}

/* ---- for people ---- */

/* As it would be written, %XX for what has a meaning of its own; UTF-8 stays. */
static void add_encoded(zq_buf *out, const char *text)
{
    static const char safe[] = "-._~/";

    for (const unsigned char *c = (const unsigned char *)text; *c != '\0'; c++) {
        if (isalnum(*c) || strchr(safe, (char)*c) != NULL ||
            (*c >= 0x80 && zq_text_is_plain(text, strlen(text))))
            zq_buf_char(out, (char)*c);
        else
            zq_buf_printf(out, "%%%02X", *c);
    }
}

static void add_place(zq_buf *out, const zq_url *url)
{
    const char *user = zq_url_get(url, ZQ_SET_USER);
    const char *password = zq_url_get(url, ZQ_SET_PASSWORD);
    const char *host = zq_url_get(url, ZQ_SET_HOST);
    const char *port = zq_url_get(url, ZQ_SET_PORT);
    const char *database = zq_url_get(url, ZQ_SET_DATABASE);

    if (user != NULL)
        add_encoded(out, user);
    if (password != NULL)
        zq_buf_str(out, ":********");
    if (user != NULL || password != NULL)
        zq_buf_char(out, '@');
    if (host != NULL && strspn(host, "0123456789abcdefABCDEF:.") == strlen(host) &&
        strchr(host, ':') != NULL)
        zq_buf_printf(out, "[%s]", host);
    else if (host != NULL)
        add_encoded(out, host);
    if (port != NULL)
        zq_buf_printf(out, ":%s", port);
    if (database != NULL) {
        zq_buf_char(out, '/');
        add_encoded(out, database);
    }
}

static bool is_param(const zq_url_part *part)
{
    return find_param(part->subject) != NULL;
}

const char *zq_url_shown(const char *text, zq_arena *arena)
{
    ZQ_AUTO(zq_vault) vault = zq_vault_open();
    ZQ_AUTO_BUF(out);
    zq_url url;
    size_t n = 0;

    if (zq_url_parse(text, vault, &url, NULL) != ZQ_OK)
        return "********";
    zq_buf_add(&out, text, (size_t)(strstr(text, "://") - text) + 3);
    add_place(&out, &url);
    for (size_t i = 0; i < url.n_parts; i++) {
        if (!is_param(&url.parts[i]))
            continue;
        zq_buf_printf(&out, "%c%s=", n++ == 0 ? '?' : '&', url.parts[i].subject);
        add_encoded(&out, url.parts[i].text);
    }
    return zq_arena_strdup(arena, zq_buf_text(&out));
}
