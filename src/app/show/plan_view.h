/* What a run would do, statement by statement, and what each costs: for whoever decides on it.
 * Every writer here writes the same data, that of the dry run (migrate/forecast.h). */
#ifndef ZQ_APP_SHOW_PLAN_VIEW_H
#define ZQ_APP_SHOW_PLAN_VIEW_H

#include "app/migrate.h"
#include "base/buf.h"
#include "migrate/ask.h"
#include "migrate/forecast.h"
#include "run/compare.h"
#include "run/online_ddl.h"
#include "sql/alter/algorithm.h"

/* How a statement went in a rehearsal. */
typedef struct zq_rehearsed {
    size_t n;              /* how often it ran: once for each member that was copied */
    zq_algorithm way;      /* the worst that was granted; ZQ_N_ALGORITHMS: it is not DDL */
    unsigned long long us; /* all of them together */
    long long whole_ms;    /* on all rows and members, as an estimate; -1: there is none */
} zq_rehearsed;

typedef struct zq_plan {
    const zq_migration *m;
    zq_direction direction;
    size_t from, to; /* positions in the chain */
    zq_path path;
    zq_step_costs costs;
    zq_asked_list asked;              /* where it is not run */
    const zq_catalog *catalog;        /* the database as it is; NULL: not read */
    const zq_comparison *differences; /* from what it is to be; NULL: that is not known */
    const zq_rehearsed *rehearsed;    /* of each statement; NULL: it is a plan */
    const char *const *remarks;       /* on the rehearsal */
    size_t n_remarks;
} zq_plan;

/* ---- making one ---- */

/* What a run to `target` (NULL: head), up or down, would do. Reads the whole catalog; changes
 * nothing, and takes no lease. Fails as a dry run does. In the run's arena. */
zq_rc zq_plan_view_foresee(zq_migration *migration, const char *target, zq_plan *out, zq_err *err);

/* The same, and print it as the settings say. */
zq_rc zq_plan_view_plan(zq_migration *migration, const char *target, zq_err *err);

/* Who hears of a rehearsal. */
typedef struct zq_trial {
    /* Of each statement of the way, as it was done; may be NULL. */
    void (*ran)(void *context, size_t statement, zq_algorithm way, unsigned long long us);
    void (*left)(void *context, const char *member);
    void *context;
} zq_trial;

/* Run a scratch database, whose lease the migration holds, to the position `to`. Nothing is asked
 * for, and members that cannot be changed are left. */
zq_rc zq_plan_view_rehearse(zq_migration *migration, size_t to, zq_direction direction,
                            const zq_trial *trial, zq_err *err);

/* ---- writing it ---- */

/* Do the options for how it is written go together? Fails with ZQ_E_USAGE. */
zq_rc zq_plan_view_check_words(const zq_app *app, zq_err *err);

/* Print it as text, with --json or --markdown, or write a page with --html. */
zq_rc zq_plan_view_write(const zq_plan *plan, zq_err *err);

/* "0003 (zquant 0.4.0)", "base". In the run's arena. */
const char *zq_plan_view_place(const zq_plan *plan, size_t position, zq_tongue tongue);

/* "upgrade to 0002: uniform audit columns", "undo ...", "upgrade to 0003 by the squash ...". In
 * `arena`. */
const char *zq_plan_view_title(const zq_chain *chain, const zq_leg *leg, zq_arena *arena);

/* A JSON array (a json_t *): an object for each statement. */
void *zq_plan_view_steps_json(const zq_plan *plan);

/* For a terminal of `width` columns. */
void zq_plan_view_text(zq_buf *out, const zq_plan *plan, size_t width);
/* For a pull request. */
void zq_plan_view_markdown(zq_buf *out, const zq_plan *plan);
/* One page, with the differences and the tables concerned, written to `path`. */
zq_rc zq_plan_view_html(const zq_plan *plan, const char *path, zq_err *err);

#endif
