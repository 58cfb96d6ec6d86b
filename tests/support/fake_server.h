/* A server that is posing as one: it greets as MySQL or MariaDB do, asks for the password in the
 * way it is set to, and keeps what it was sent. On loopback, in a thread of the test's. */
#ifndef ZQ_TEST_FAKE_SERVER_H
#define ZQ_TEST_FAKE_SERVER_H

#include "base/buf.h"

#include <stdbool.h>

typedef enum fake_ask {
    FAKE_GREET,  /* the greeting names the plugin */
    FAKE_SWITCH, /* the greeting names mysql_native_password, and then the server asks for another
                  */
} fake_ask;

typedef struct fake_server {
    const char *plugin;
    fake_ask ask;
    bool tls;         /* offer it, with a certificate of its own */
    bool in_pieces;   /* send the greeting byte for byte */
    const char *file; /* write the certificate there (PEM) before anything is accepted; or NULL */

    unsigned port;  /* where it listens */
    zq_buf sent;    /* all that the client sent, as the server read it: inside of TLS where it is */
    bool encrypted; /* TLS was begun */
    bool knows;     /* what it decrypted with a key of its own holds the password */
    const char *password; /* the one that `knows` looks for */
    struct fake_thread *thread;
} fake_server;

/* Listen for one client; `end` waits until it has gone, `done` frees what was kept. */
void fake_server_begin(fake_server *server);
void fake_server_end(fake_server *server);
void fake_server_done(fake_server *server);

/* Does what was sent hold the password, as it is or combined with the scramble that the server
 * chose, or encrypted for a key of the server's own? */
bool fake_server_knows(const fake_server *server);

/* A proxy in front of 127.0.0.1:`to`: it clears the flag of TLS in the greeting and looks at what
 * the client sends. One client; `sent` and the rest as above. */
void fake_proxy_begin(fake_server *server, unsigned to);

/* The pieces that other servers of tests are made of: a greeting, and a port of loopback. */
void fake_greeting(zq_buf *out, bool tls, const char *plugin);
int fake_listen(unsigned *out_port);

#endif
