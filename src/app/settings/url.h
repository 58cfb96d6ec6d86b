/* DATABASE_URL, as SQLAlchemy takes it apart. */
#ifndef ZQ_APP_SETTINGS_URL_H
#define ZQ_APP_SETTINGS_URL_H

#include "app/settings/option.h"
#include "app/settings/vault.h"
#include "base/arena.h"
#include "base/err.h"

typedef struct zq_url_part {
    zq_setting which;
    const char *subject; /* "host", "ssl_ca": as it is called in the URL */
    const char *text;
} zq_url_part;

typedef struct zq_url {
    zq_url_part parts[ZQ_SET_COUNT_];
    size_t n_parts;
    const char *ignored; /* parameters that mean nothing here: "a, b, ..."; NULL: none */
    size_t n_ignored;
} zq_url;

/* Take "mysql://user:password@host:port/database?name=value" apart: mysql or mariadb with any
 * "+driver", %XX decoded, [::1], unix_socket, charset, connect_timeout, ssl_ca, ssl_cert, ssl_key,
 * ssl_mode, ssl_verify_cert, ssl_verify_identity, ssl_disabled. A host without a port means port
 * 3306; a host that begins with '/' (as %2F) is a socket.
 *
 * Parameters of the application's driver are skipped, unknown ones noted in `ignored`; unknown ones
 * about TLS fail, because to leave one out could weaken what was asked for. Texts are in `vault`.
 * Fails with ZQ_E_CONFIG; no message shows any part that could be the password. */
zq_rc zq_url_parse(const char *text, zq_vault *vault, zq_url *out_url, zq_err *err);

/* The text of a part, or NULL. */
const char *zq_url_get(const zq_url *url, zq_setting which);

/* The URL for people, written from the parts that were understood: "********" stands for a
 * password, and for all of a URL that cannot be read. In `arena`. */
const char *zq_url_shown(const char *text, zq_arena *arena);

#endif
