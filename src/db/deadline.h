/* An end to what is done with a connection, however slowly the other side answers: the client
 * libraries only bound each single read, and a name service not at all. Within src/db only. */
#ifndef ZQ_DB_DEADLINE_H
#define ZQ_DB_DEADLINE_H

#include "base/err.h"

#include <mysql.h>
#include <poll.h>
#include <stdbool.h>

/* From here to zq_deadline_end, what this thread does with `mysql` fails when it takes longer than
 * `ms`, as if the connection were lost. 0: without a bound. `socket` is that of a connection; -1:
 * there is none yet. They do not nest. */
void zq_deadline_begin(const MYSQL *mysql, int socket, unsigned ms);

/* Gives whether time was over. */
bool zq_deadline_end(void);

/* Wait for a name service to say where `host` is, or that it is nowhere; an address needs none.
 * Fails with ZQ_E_UNAVAILABLE when it is unknown; one that does not answer in time is left to
 * zq_deadline_end. Once a name service of this process has answered it is not asked again here: the
 * library asks it each time. */
zq_rc zq_deadline_resolve(const char *host, const char *where, zq_err *err);

#ifdef MARIADB_PACKAGE_VERSION

/* As poll(2) for one socket, the connector's, and no longer than there is time. */
int zq_deadline_poll(struct pollfd *wait, int timeout_ms);

/* What the connector calls to wait for a socket (MARIADB_OPT_IO_WAIT). */
int zq_deadline_wait(my_socket fd, my_bool reading, int timeout_ms);

#endif

#endif
