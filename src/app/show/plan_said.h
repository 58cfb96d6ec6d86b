/* What is said of a plan, whoever reads it: for those who write it. */
#ifndef ZQ_APP_SHOW_PLAN_SAID_H
#define ZQ_APP_SHOW_PLAN_SAID_H

#include "app/show/plan_view.h"

enum { ZQ_PLAN_CELLS = 7 };

typedef struct zq_plan_note {
    const char *text;
    bool bad; /* it is in the way, or asks for consent */
} zq_plan_note;

typedef struct zq_plan_notes {
    zq_plan_note *items;
    size_t n;
} zq_plan_notes;

typedef struct zq_said_statement {
    const char *cells[ZQ_PLAN_CELLS];
    zq_plan_notes notes;
    const char *sql;
} zq_said_statement;

typedef struct zq_said_leg {
    const char *title;
    bool ahead; /* it is only recorded */
    zq_said_statement *items;
    size_t n;
} zq_said_leg;

typedef struct zq_said {
    const char *title;           /* "plan for database 'zquant': 0001 (zquant 0.2.0) to ..." */
    const char *const *headings; /* of the cells */
    zq_said_leg *legs;
    size_t n_legs;
    size_t n;              /* statements in all */
    const char *about;     /* "Locks": what the remarks are about */
    zq_plan_notes remarks; /* on the whole */
    const char *options;   /* that it needs: "--allow-locking"; "" */
} zq_said;

/* In the run's arena. */
zq_said zq_plan_said(const zq_plan *plan);

/* How a statement went in the rehearsal; NULL: it is a plan. */
const zq_rehearsed *zq_plan_said_seen(const zq_plan *plan, const zq_step_cost *cost);

/* What the server granted then, "INSTANT"; "" when it did not run; NULL when it is not an ALTER
 * TABLE, and none is asked for. */
const char *zq_plan_said_granted(const zq_step_cost *cost, const zq_rehearsed *seen);

#endif
