/* A bar for long work: on a terminal only, and only when it lasts. */
#ifndef ZQ_APP_PROGRESS_H
#define ZQ_APP_PROGRESS_H

#include <stddef.h>

/* Begin to count to `total`; `what` as in "tables", and lives until zq_progress_end. One at a time.
 */
void zq_progress_begin(const char *what, size_t total);

/* `done` of them are done now. May be called from any thread, as often as one likes: on a terminal
 * the bar is drawn at most ten times a second, from the first second on; elsewhere a line is said
 * every ten seconds. */
void zq_progress_set(size_t done);
void zq_progress_end(void);

/* Take the bar off the screen before something else is printed; the next zq_progress_set draws it
 * again. */
void zq_progress_hide(void);

#endif
