/* Messages as systemd's journal has them: with fields of their own, when standard error is the
 * journal (JOURNAL_STREAM, systemd.exec(5)). */
#ifndef ZQ_APP_SHOW_JOURNALD_H
#define ZQ_APP_SHOW_JOURNALD_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>

#define ZQ_JOURNAL_SOCKET "/run/systemd/journal/socket"

/* Is standard error the stream that JOURNAL_STREAM (its text; NULL: not set) names? */
bool zq_journald_is_stderr(const char *stream);

/* Add a message: MESSAGE, PRIORITY (as syslog(3) numbers them), SYSLOG_IDENTIFIER, and of an error
 * (NULL: not one) ZQUANT_CODE, ZQUANT_DETAIL, ZQUANT_HINT and ZQUANT_ERRNO. */
void zq_journald_entry(zq_buf *out, const char *program, int priority, const char *message,
                       const zq_err *err);

/* False when nobody takes it there. */
bool zq_journald_send(const char *socket, const zq_buf *entry);

#endif
