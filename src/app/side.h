/* The sides of a comparison: a schema, wherever it is. */
#ifndef ZQ_APP_SIDE_H
#define ZQ_APP_SIDE_H

#include "app/app.h"
#include "db/db.h"
#include "rev/chain.h"
#include "rev/draft.h"
#include "run/compare.h"

typedef enum zq_side_kind {
    ZQ_SIDE_MODELS,   /* "models": what is compiled in */
    ZQ_SIDE_LIVE,     /* "live": the database */
    ZQ_SIDE_REVISION, /* a revision, a unique prefix of one, a release, "head", "base" */
    ZQ_SIDE_FILE,     /* a canonical text: a name with a '/' or that ends in ".txt"; "-" */
} zq_side_kind;

typedef struct zq_side {
    zq_side_kind kind;
    const char *label;       /* for messages: "database 'zquant'", "zquant 0.3.0", "'head.txt'" */
    const char *revision;    /* of REVISION its id, of LIVE the one recorded; NULL: none, or base */
    const zq_schema *schema; /* without zq_meta_*; in LIVE a family has the form that most of its
                                members have */
    zq_flavor flavor;        /* LIVE */
    const zq_catalog *catalog; /* LIVE */
} zq_side;

/* What kind of side a name stands for. */
zq_side_kind zq_side_kind_of(const char *name);

/* Read the side that `name` stands for, LIVE left out. In the run's arena. Fails with ZQ_E_USAGE
 * when it is not one, and as zq_kept_schema_read and zq_kept_schema_need do. */
zq_rc zq_side_read(zq_app *app, const zq_chain *chain, const char *name, zq_side *out, zq_err *err);

/* Read the database, its tables and members seen with the names of `other`. What families without
 * members look like is what the recorded revision has them as; where that is not known, `other`.
 * With `all`, tables that nobody here knows are read too when their names begin with "zq_", as
 * those of a newer release do, and are warned of. Fails with ZQ_E_DIFFERS when there is no such
 * database.
 */
zq_rc zq_side_read_live(zq_app *app, zq_db *db, const zq_chain *chain, const zq_schema *other,
                        bool all, zq_side *out, zq_err *err);

/* Read one side, live or not: with `all` when it is. */
zq_rc zq_side_read_any(zq_app *app, const zq_chain *chain, const char *name, zq_side *out,
                       zq_err *err);

/* Read both sides; both cannot be live. What is come to is read with `all`. */
zq_rc zq_sides_read(zq_app *app, const zq_chain *chain, const char *from, const char *to,
                    zq_side *out_from, zq_side *out_to, zq_err *err);

/* What goes from one side to the other. */
typedef struct zq_between {
    zq_changes changes;        /* of tables, and of families whose members are all alike */
    const zq_deviation *forms; /* of other families, each form that has to change */
    size_t n_forms;
    size_t n; /* changes in all; members that differ alike count once */
} zq_between;

/* Compare them. Fails as zq_diff does. In `arena`. */
zq_rc zq_sides_compare(const zq_side *from, const zq_side *to, zq_arena *arena, zq_between *out,
                       zq_err *err);

/* The statements for that. Fails as zq_draft_plan does. In `arena`. */
zq_rc zq_sides_draft(const zq_between *between, zq_flavor flavor, zq_arena *arena,
                     zq_draft_body *out, zq_err *err);

#endif
