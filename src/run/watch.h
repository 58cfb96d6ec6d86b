/* What a long run tells, and how it is asked to stop; below app nothing prints. */
#ifndef ZQ_RUN_WATCH_H
#define ZQ_RUN_WATCH_H

#include <stdbool.h>
#include <stddef.h>

typedef enum zq_tell {
    ZQ_TELL_NOTE, /* detail */
    ZQ_TELL_SAY,  /* a step done */
    ZQ_TELL_WARN, /* something to look at */
} zq_tell;

/* Each may be NULL. `tell` and `progress` may be called from any thread, one at a time is the
 * callee's to see to; `stopped` from any thread, often. */
typedef struct zq_watch {
    void (*tell)(void *context, zq_tell weight, const char *text);
    /* `done` of `total` (0: over); `what` as in "tables". */
    void (*progress)(void *context, const char *what, size_t done, size_t total);
    /* Has the user asked to stop? What is under way is then finished, and nothing begun. */
    bool (*stopped)(void *context);
    void *context;
} zq_watch;

void zq_watch_tell(const zq_watch *watch, zq_tell weight, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void zq_watch_progress(const zq_watch *watch, const char *what, size_t done, size_t total);
bool zq_watch_stopped(const zq_watch *watch);

#endif
