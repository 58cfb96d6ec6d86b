/* Where a long run is: one line at the foot of a terminal, a line now and then elsewhere, and the
 * answer to SIGUSR1. */
#ifndef ZQ_APP_SHOW_PROGRESS_H
#define ZQ_APP_SHOW_PROGRESS_H

#include "app/show/output.h"
#include "base/buf.h"

#include <stddef.h>

/* Begin to count to `total`; `what` as in "tables", and lives until zq_progress_end. One at a time.
 */
void zq_progress_begin(const char *what, size_t total);

/* `done` of them are done now. May be called from any thread, as often as one likes: on a terminal
 * the line is drawn at most ten times a second, from the first second of the run on; elsewhere a
 * line is said every ten seconds. */
void zq_progress_set(size_t done);
void zq_progress_end(void);

/* A step of a revision has begun or ended. Its texts must last until the next one, or the NULL that
 * ends the last revision. */
void zq_progress_step(const zq_watch_step *step);

/* Add the line, at most `columns` wide: the bar, the rate and the object give way, in this order.
 */
void zq_progress_line(zq_buf *out, const zq_place *place, size_t columns);

#endif
