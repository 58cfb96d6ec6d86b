/* Steps, and how changes become such. Pure. */
#ifndef ZQ_DIFF_PLAN_H
#define ZQ_DIFF_PLAN_H

#include "diff/change.h"
#include "sql/flavor.h"
#include "sql/literal.h"

/* One statement, what it is for, and where it came from: a difference (zq_plan_create, _changes), a
 * line of a revision (rev/leg.h), or ourselves. Steps of the same stage may run side by side. */
typedef struct zq_step {
    unsigned stage;
    const char *text; /* one SQL statement, no semicolon; '?' for each argument */
    const zq_arg *args;
    size_t n_args;
    const char *say;                        /* "create table 'zq_app_users'" */
    const zq_change *change;                /* NULL: the step comes from somewhere else */
    const struct zq_rev_statement *revised; /* likewise: of a revision, with all that was read of
                                               it; its text is sent as it is, without arguments */
    bool changes_rows; /* runs in one transaction with the other row steps of its stage */
    bool in_order;     /* the steps of its stage run one after the other, on one connection */
    bool *out_found;   /* set when the statement gives a row; NULL: none is expected */
} zq_step;

typedef struct zq_steps {
    const zq_step *items;
    size_t n;
} zq_steps;

/* The steps that create what `changes` says is missing, and nothing else: one stage, foreign
 * key checks being off. Our own zq_meta_* come in a stage before. All in `arena`. */
zq_rc zq_plan_create(const zq_changes *changes, zq_flavor flavor, zq_arena *arena,
                     zq_steps *out_steps, zq_err *err);

/* The stages of zq_plan_changes. */
enum { ZQ_STAGE_NAMES, ZQ_STAGE_OLD_KEYS, ZQ_STAGE_TABLES, ZQ_STAGE_NEW_KEYS };

typedef enum zq_plan_direction {
    ZQ_PLAN_FORTH, /* from `actual` to `desired` */
    ZQ_PLAN_BACK,
} zq_plan_direction;

/* The steps that do all of `changes`, in four stages: tables are renamed, foreign keys are dropped,
 * tables are made, altered and dropped, foreign keys are added. A key that stays is dropped and
 * added too, while a column of it becomes of another type, charset or collation. ZQ_PLAN_BACK
 * undoes them: from each `desired` to its `actual`, as far as definitions go. All of the changes of
 * a table are wanted, in zq_diff's order; a family is planned like a table, its name is the
 * pattern. All in `arena`.
 *
 * Fails with ZQ_E_DATA, naming table and reason, when there is something that no statement does
 * (zq_clauses_add): a family is not renamed, nor a table to a name that is not free by then. */
zq_rc zq_plan_changes(const zq_changes *changes, zq_plan_direction direction, zq_flavor flavor,
                      zq_arena *arena, zq_steps *out_steps, zq_err *err);

/* Why no statement does the change: "a column cannot become virtual, or stop being it: 'v'"; NULL:
 * one does. In `arena`. */
const char *zq_plan_obstacle(const zq_change *change, zq_flavor flavor, zq_arena *arena);

#endif
