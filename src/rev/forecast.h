/* What a way through the chain costs, statement by statement, before any of it is run. */
#ifndef ZQ_REV_FORECAST_H
#define ZQ_REV_FORECAST_H

#include "db/db.h"
#include "rev/chain.h"
#include "run/journal.h"

typedef enum zq_finding_kind {
    ZQ_FINDS_LOSS,    /* values, rows or tables are lost: needs --allow-data-loss */
    ZQ_FINDS_LOCKING, /* a table is copied, or writes to it blocked: needs --allow-locking */
    ZQ_FINDS_UNKNOWN, /* nobody knows what comes of it: needs --allow-unknown */
    ZQ_FINDING_KINDS,
} zq_finding_kind;

typedef struct zq_finding {
    zq_finding_kind kind;
    const char *file;
    unsigned line;
    const zq_rev_statement *statement;
    const char *what; /* "drops the columns 'a' and 'b' of 'zq_app_users'" */
} zq_finding;

typedef struct zq_findings {
    const zq_finding *items; /* in the order of the way */
    size_t n;
} zq_findings;

/* What the words of the statements tell, without a server. In `arena`. */
void zq_forecast_words(const zq_path *path, zq_arena *arena, zq_findings *out);

/* The same on a database as it is: each statement is tried on a model of its table, and what that
 * costs is told (diff/cost.h). Where the model does not understand a statement, its words count.
 *
 * What `journal` (of the first leg; NULL: nothing is under way) says is done is left out. Of a
 * family one member is looked at. A table that the way makes itself is empty, and costs nothing.
 * Reads nothing when the words of all statements suffice, else the tables that matter in one round
 * trip; finding a family's members takes one more. Fails as zq_db_run does. In `arena`. */
typedef struct zq_forecast {
    zq_db *db;
    const char *database;    /* its default database */
    const zq_schema *schema; /* names the families */
    const zq_path *path;
    const zq_journal_rows *journal;
} zq_forecast;
zq_rc zq_forecast_read(const zq_forecast *forecast, zq_arena *arena, zq_findings *out, zq_err *err);

/* ---- the parts of it ---- */

/* A table, or a family, as it was before the way begins. */
typedef struct zq_foreseen {
    const char *name;   /* or the family's pattern */
    const char *member; /* the member that stands for the family, and its code; NULL: a table */
    const char *code;
    bool is_family;
    bool is_read; /* it was looked for */
    bool is_there;
    zq_table table; /* when it is there */
} zq_foreseen;

typedef struct zq_foresight {
    const zq_path *path;
    const zq_journal_rows *journal; /* NULL: nothing is under way */
    zq_flavor flavor;
    zq_foreseen *tables; /* changed by zq_foresight_walk */
    size_t n_tables;
} zq_foresight;

/* The tables and families that must be known; fills `io->tables`. Pure. */
void zq_foresight_need(zq_foresight *io, zq_arena *arena);

/* Walk the way with what is known. Pure. */
void zq_foresight_walk(zq_foresight *foresight, zq_arena *arena, zq_findings *out);

#endif
