/* What a run would do, statement by statement, and what each costs: for whoever decides on it.
 * Every writer here writes the same data, that of the dry run (rev/forecast.h). */
#ifndef ZQ_APP_PLAN_H
#define ZQ_APP_PLAN_H

#include "app/migrate.h"
#include "base/buf.h"
#include "rev/ask.h"
#include "rev/forecast.h"
#include "run/compare.h"

typedef struct zq_plan {
    const zq_migration *m;
    zq_direction direction;
    size_t from, to; /* positions in the chain */
    const zq_path *path;
    const zq_step_costs *costs;
    const zq_asked_list *asked;
    const zq_catalog *catalog;        /* the database as it is; NULL: not read */
    const zq_comparison *differences; /* from what it is to be; NULL: that is not known */
} zq_plan;

/* "0003 (zquant 0.4.0)", "base". In the run's arena. */
const char *zq_plan_place(const zq_plan *plan, size_t position);

/* The options that a run needs, each with a space before it: " --allow-locking"; "" for none. In
 * the run's arena. */
const char *zq_plan_options(const zq_plan *plan);

/* How long a revision took when this database ran it last, in this direction; -1: not known. */
long long zq_plan_last_ms(const zq_migration *m, const zq_leg *leg);

/* "0.8 s", "12 min"; "" when it is negative. In `arena`. */
const char *zq_duration_words(long long ms, zq_arena *arena);

/* A JSON array (a json_t *): an object for each statement. */
void *zq_plan_steps_json(const zq_plan *plan);

/* For a terminal of `width` columns. */
void zq_plan_text(zq_buf *out, const zq_plan *plan, size_t width);
/* For a pull request. */
void zq_plan_markdown(zq_buf *out, const zq_plan *plan);
/* One page, with the differences and the tables concerned, written to `path`. */
zq_rc zq_plan_html(const zq_plan *plan, const char *path, zq_err *err);

#endif
