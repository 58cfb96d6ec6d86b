/* A server says how it wants a password to be proven, and it may be posing as one.
 *
 * Clear text is for a server whose certificate is verified. A dialog is for none: the connector
 * asks on the terminal what a greeting says before anything is verified. Of the ways that are left,
 * two hand the password over all the same: caching_sha2_password and sha256_password send the
 * password itself through TLS, and without TLS encrypted with the server's public key. That key is
 * the server's word alone, so it is asked for only on this machine, or where the user says so;
 * elsewhere it must be in a file. What TLS without a verified certificate does not protect from
 * stands in docs/settings.md.
 *
 * MariaDB's connector takes a list of the ways. It asks for the key whenever it has no file of it
 * that can be opened: it gets one in which there is no key. Oracle's library has no list: clear
 * text is off unless switched on, and what is not part of the library is not loaded. Its
 * sha256_password asks for the key in any case, and is put behind a gate. */
#include "db/auth.h"

#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef MARIADB_PACKAGE_VERSION
#define HAS_LIST 1
#else
#define HAS_LIST 0
#include <mysql/client_plugin.h>
#endif

enum { KEY_FILE_MAX = 4096 };

/* The ways that show the password to nobody but who has the other half of a key. */
#define WAYS "mysql_native_password,caching_sha2_password,sha256_password,client_ed25519,parsec"

static bool is_set(const char *text)
{
    return text != NULL && text[0] != '\0';
}

static bool is_this_machine(const zq_target *target)
{
    const char *host = target->host;

    return is_set(target->socket) || !is_set(host) || strcmp(host, "localhost") == 0 ||
           strcmp(host, "::1") == 0 ||
           (strncmp(host, "127.", 4) == 0 && strspn(host, "0123456789.") == strlen(host));
}

static bool may_ask_for_key(const zq_target *target)
{
    return target->get_server_public_key || is_this_machine(target);
}

zq_rc zq_auth_check(const zq_target *target, zq_err *err)
{
    static const char begin[] = "-----BEGIN PUBLIC KEY-----";
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_file file;

    if (!is_set(target->server_public_key))
        return ZQ_OK;
    if (zq_file_read(target->server_public_key, KEY_FILE_MAX, ZQ_FILE_PLAIN, arena, &file, err) !=
        ZQ_OK) {
        zq_err_hint(err, "check --server-public-key");
        return ZQ_E_NOINPUT;
    }
    if (strstr(file.text, begin) != NULL)
        return ZQ_OK;
    zq_fail(err, ZQ_E_CONFIG, "'%s' is not a public key", target->server_public_key);
    return zq_err_hint(err,
                       "copy 'public_key.pem' from the server's data directory, and name it by "
                       "--server-public-key");
}

#if HAS_LIST

void zq_auth_library_init(void)
{
}

void zq_auth_set(MYSQL *mysql, const zq_target *target, zq_tls mode)
{
    /* It can be opened, and has no key: the connector gives up where it would ask for one. */
    static const char no_key[] = "/dev/null";

    const bool verified = mode >= ZQ_TLS_VERIFY_CA;

    mysql_optionsv(mysql, MARIADB_OPT_RESTRICTED_AUTH,
                   verified ? WAYS ",mysql_clear_password" : WAYS);
    if (is_set(target->server_public_key))
        mysql_options(mysql, MYSQL_SERVER_PUBLIC_KEY, target->server_public_key);
    else if (!may_ask_for_key(target))
        mysql_options(mysql, MYSQL_SERVER_PUBLIC_KEY, no_key);
}

/* The connector (3.3) frees the name of the key when another is set, but not when it closes. */
void zq_auth_done(MYSQL *mysql)
{
    mysql_options(mysql, MYSQL_SERVER_PUBLIC_KEY, NULL);
}

#else

enum { AUTH_PLUGIN_ERROR = 2061 };

typedef struct auth_plugin_t auth_plugin;
static int (*sha256_login)(MYSQL_PLUGIN_VIO *vio, MYSQL *mysql);
static _Thread_local bool sha256_may_ask; /* of the connection being made */

static int sha256_gate(MYSQL_PLUGIN_VIO *vio, MYSQL *mysql)
{
    if (sha256_may_ask || mysql_get_ssl_cipher(mysql) != NULL)
        return sha256_login(vio, mysql);
    return AUTH_PLUGIN_ERROR;
}

/* mysql_native_password is a file beside the library from 9.0 on: it is loaded before the folder of
 * such files is closed. */
void zq_auth_library_init(void)
{
    MYSQL mysql;
    auth_plugin *sha256;

    mysql_init(&mysql);
    mysql_client_find_plugin(&mysql, "mysql_native_password", MYSQL_CLIENT_AUTHENTICATION_PLUGIN);
    sha256 = (auth_plugin *)mysql_client_find_plugin(&mysql, "sha256_password",
                                                     MYSQL_CLIENT_AUTHENTICATION_PLUGIN);
    if (sha256 != NULL) {
        sha256_login = sha256->authenticate_user;
        sha256->authenticate_user = sha256_gate;
    }
    mysql_close(&mysql);
}

void zq_auth_set(MYSQL *mysql, const zq_target *target, zq_tls mode)
{
    static const char no_folder[] = "/dev/null";
    const bool verified = mode >= ZQ_TLS_VERIFY_CA;
    const bool ask = may_ask_for_key(target);

    mysql_options(mysql, MYSQL_ENABLE_CLEARTEXT_PLUGIN, &verified);
    if (!verified)
        mysql_options(mysql, MYSQL_PLUGIN_DIR, no_folder);
    mysql_options(mysql, MYSQL_OPT_GET_SERVER_PUBLIC_KEY, &ask);
    if (is_set(target->server_public_key))
        mysql_options(mysql, MYSQL_SERVER_PUBLIC_KEY, target->server_public_key);
    sha256_may_ask = ask;
}

void zq_auth_done(ZQ_UNUSED MYSQL *mysql)
{
}

#endif

/* ---- what became of it ---- */

/* The plugin that the library names in its words, "... plugin 'dialog' cannot ...", is one of ours.
 */
static bool names_a_way(const char *words)
{
    const char *name = strchr(words, '\'');
    const char *end = name != NULL ? strchr(name + 1, '\'') : NULL;
    char text[64];

    if (end == NULL)
        return false;
    snprintf(text, sizeof text, "%.*s", (int)(end - name - 1), name + 1);
    return strstr(WAYS, text) != NULL;
}

static bool is_unsafe_way(const zq_server_error *error, zq_tls mode)
{
    enum { CANNOT_LOAD = 2059, NOT_ALLOWED = 5010 };

    return error->number == NOT_ALLOWED || (error->number == CANNOT_LOAD && !HAS_LIST &&
                                            mode < ZQ_TLS_VERIFY_CA && !names_a_way(error->words));
}

zq_rc zq_auth_explain(const zq_target *target, zq_tls mode, const zq_server_error *error,
                      const char *where, zq_err *err)
{
    enum { UNKNOWN_ERROR = 2000, PLUGIN_ERROR = 2061 };

    if (is_unsafe_way(error, mode)) {
        zq_fail(err, ZQ_E_CONFIG,
                "cannot connect to '%s': the server asks for a way to log in that may give the "
                "password away",
                where);
        return zq_err_hint(
            err, "let the account use caching_sha2_password, ed25519 or "
                 "mysql_native_password; mysql_clear_password needs --tls verify-identity");
    }
    if (mode < ZQ_TLS_REQUIRED && !may_ask_for_key(target) &&
        (error->number == UNKNOWN_ERROR || error->number == PLUGIN_ERROR)) {
        zq_fail(err, ZQ_E_CONFIG,
                "cannot connect to '%s': the account's way to log in needs a safe connection",
                where);
        return zq_err_hint(err, "use --tls required, or give the server's public key by "
                                "--server-public-key");
    }
    return err->code;
}
