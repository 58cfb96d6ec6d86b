/* What a change of a table costs: values that could be lost, and the application's patience. Pure.
 */
#ifndef ZQ_DIFF_COST_H
#define ZQ_DIFF_COST_H

#include "base/phrase.h"
#include "diff/change.h"
#include "sql/flavor.h"

/* From the best to the worst. */
typedef enum zq_blocking {
    ZQ_BLOCKING_NONE,
    ZQ_BLOCKING_REBUILD, /* the table is written anew; its rows may be read and written meanwhile */
    ZQ_BLOCKING_WRITES,  /* rows may only be read */
    ZQ_BLOCKING_COPY,    /* the server copies the table, and rows may only be read */
} zq_blocking;

/* "none", "rebuild", "writes", "copy": for programs. */
const char *zq_blocking_name(zq_blocking blocking);

/* One statement on one table. */
typedef struct zq_cost_request {
    const zq_table *before;
    const zq_table *after; /* what it renames has `was` */
    const char *name;      /* of the table, as sentences have it: "'zq_app_users'" */
    zq_flavor flavor;
    bool predicted;   /* `after` is zq_predict's: nothing else has `was` (zq_renaming_of: sure) */
    bool checks_keys; /* foreign_key_checks is on */
    bool rebuilds;    /* the statement asks for it: FORCE, ENGINE= */
    zq_tongue tongue; /* of the sentences */
} zq_cost_request;

typedef struct zq_loss {
    zq_op op;
    const char *what; /* "narrows the column 'a' of 't' from varchar(50) to varchar(20)" */
} zq_loss;

typedef struct zq_cost {
    const zq_loss *losses;
    size_t n_losses;
    zq_blocking blocking;
    bool instant;    /* only the dictionary changes; of REBUILD: unless MySQL has done so often */
    const char *why; /* "the type of column 'a' changes"; NULL for NONE and REBUILDS */
} zq_cost;

/* What it costs to make `after` of `before` in one ALTER TABLE.
 *
 * A loss is a column that goes, and one whose new type, charset or expression cannot hold all that
 * the old one can, whatever its values are. The blocking is what the server grants at best: BLOCKS
 * and COPIES are what it refuses to do with ALGORITHM=INPLACE, LOCK=NONE. As tried on MariaDB 10.11
 * and MySQL 9.7, statement by statement (tests/live/cost.c); where the two cannot be distinguished
 * from the tables alone, the worse one; so a change that is not called instant may be.
 *
 * Fails as zq_diff_table does. In `arena`; `out` points into the request. */
zq_rc zq_cost_of(const zq_cost_request *request, zq_arena *arena, zq_cost *out, zq_err *err);

#endif
