/* A revision that was cut short, seen from outside: what is done of it, and the ways out that are
 * not to run it. Whoever changes it holds the lease. */
#ifndef ZQ_MIGRATE_UNFINISHED_H
#define ZQ_MIGRATE_UNFINISHED_H

#include "migrate/apply.h"
#include "run/journal.h"

/* One statement of it. Texts in the arena of the reading. */
typedef struct zq_unfinished_step {
    unsigned step;         /* from 1 */
    unsigned line;         /* in the file; 0: the file does not have it, or is not known */
    const char *statement; /* in one line; "" like `line` */
    const char *state;     /* "done", "started", "failed", "to do" */
    const char *found; /* how what it changes is now, in words; NULL: the journal does not say */
    bool open;         /* neither done nor to do: it is for people to decide */
} zq_unfinished_step;

typedef struct zq_unfinished {
    const char *revision;
    const char *direction; /* "up" or "down" */
    const zq_leg *leg;     /* NULL: its file is not known */
    const zq_unfinished_step *steps;
    size_t n;
    const char *script; /* where a script of '--sql' was cut short: "line 12"; NULL: it was a run */
} zq_unfinished;

/* Read the journal of the revision, and look at what its statements change. `leg` may be NULL. Only
 * the fields db, database, schema and rules of `apply` are used. */
zq_rc zq_unfinished_read(const zq_apply *apply, const zq_leg *leg, const char *revision,
                         const char *direction, zq_arena *arena, zq_unfinished *out, zq_err *err);

/* Take a step as done, whatever it did (`accept`), or as not begun: then the next run runs it. Of a
 * script, that is the step where it was cut short: what comes before is done, and from there on a
 * run goes on instead of the script. Members at which it was cut short, if those there are, alone;
 * in one transaction. Fails with ZQ_E_USAGE when there is no such step, or it is done; with
 * ZQ_E_DIFFERS when only the script can continue. */
zq_rc zq_unfinished_settle(const zq_apply *apply, const zq_unfinished *resume, unsigned step,
                           bool accept, zq_err *err);

/* Drop the journal of the revision. */
zq_rc zq_unfinished_forget(const zq_apply *apply, const zq_unfinished *resume, zq_err *err);

#endif
