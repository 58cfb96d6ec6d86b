/* What a long run tells, and how it is asked to stop; below app nothing prints. */
#ifndef ZQ_RUN_WATCH_H
#define ZQ_RUN_WATCH_H

#include <stdbool.h>
#include <stddef.h>

typedef enum zq_tell {
    ZQ_TELL_NOTE, /* detail */
    ZQ_TELL_DONE, /* how long something took: detail, but for whoever sits and watches */
    ZQ_TELL_SAY,  /* a step done */
    ZQ_TELL_WARN, /* something to look at */
} zq_tell;

/* A step of a revision: it begins, or has ended. */
typedef struct zq_watch_step {
    const char *revision;
    size_t leg; /* of `legs` revisions, from 1 on */
    size_t legs;
    size_t step; /* of `steps` statements, from 1 on */
    size_t steps;
    const char *object; /* what it is about, a family or a table; NULL: that is not known */
    const char *file;
    unsigned line;
    bool ended;
    unsigned long long ms; /* that it took, when it has ended */
} zq_watch_step;

/* Each may be NULL. `tell` and `progress` may be called from any thread, one at a time is the
 * callee's to see to; `stopped` from any thread, often. */
typedef struct zq_watch {
    void (*tell)(void *context, zq_tell weight, const char *text);
    /* `done` of `total` (0: over); `what` as in "tables". */
    void (*progress)(void *context, const char *what, size_t done, size_t total);
    /* NULL: the last revision is done. The texts live until the next call. */
    void (*step)(void *context, const zq_watch_step *step);
    /* Has the user asked to stop? What is under way is then finished, and nothing begun. */
    bool (*stopped)(void *context);
    void *context;
} zq_watch;

void zq_watch_tell(const zq_watch *watch, zq_tell weight, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void zq_watch_progress(const zq_watch *watch, const char *what, size_t done, size_t total);
void zq_watch_at(const zq_watch *watch, const zq_watch_step *step);
bool zq_watch_stopped(const zq_watch *watch);

#endif
