/* A way through the revisions, as plain data, and its steps for a sink (run/runner.h). Pure. */
#ifndef ZQ_REV_LEG_H
#define ZQ_REV_LEG_H

#include "diff/plan.h"
#include "rev/revision.h"

typedef enum zq_direction {
    ZQ_UP,
    ZQ_DOWN,
} zq_direction;

const char *zq_direction_name(zq_direction direction); /* "up", "down", as the journal has them */

/* What the way before a statement says about the tables that it changes (rev/made.h). */
enum {
    ZQ_FACT_NEW = 1u << 0,       /* all were made on the way, and nothing was put into them */
    ZQ_FACT_TEMPORARY = 1u << 1, /* all are temporary tables of the revision's own */
    ZQ_FACT_UNSAFE = 1u << 2, /* it changes rows of one made with an engine without transactions */
};

/* One revision on a way. */
typedef struct zq_leg {
    const zq_revision *revision;
    zq_direction direction;
    const zq_rev_section *section; /* what to run */
    const unsigned *facts;         /* of each statement: ZQ_FACT_* */
    size_t from, to;               /* the positions where it begins and ends: neighbours, but of a
                                      squash */
    bool ahead;                    /* it is in the database already: `section` is empty */
} zq_leg;

typedef struct zq_path {
    const zq_leg *legs; /* empty when there is nothing to do */
    size_t n;
} zq_path;

/* One step for each statement of the leg, in their order. Each is a stage of its own, whose number
 * is the statement's, since the next may rest on what it leaves; it says "line 12". In `arena`. */
zq_steps zq_leg_steps(const zq_leg *leg, zq_arena *arena);

#endif
