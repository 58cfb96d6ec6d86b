/* What a way through the chain costs, statement by statement, before any of it is run. */
#ifndef ZQ_MIGRATE_FORECAST_H
#define ZQ_MIGRATE_FORECAST_H

#include "base/phrase.h"
#include "db/catalog.h"
#include "migrate/batch_key.h"
#include "migrate/reach.h"
#include "rev/chain.h"
#include "run/blockers.h"
#include "run/journal.h"
#include "run/sizes.h"

typedef enum zq_finding_kind {
    ZQ_FINDS_LOSS,       /* values, rows or tables are lost: needs --allow-data-loss */
    ZQ_FINDS_LOCKING,    /* a table is copied, or writes to it blocked: needs --allow-locking */
    ZQ_FINDS_UNKNOWN,    /* nobody knows what comes of it: needs --allow-unknown */
    ZQ_FINDS_UNREVIEWED, /* a question in the file is not answered: needs --allow-unreviewed */
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

/* How the server does a statement on a table, from the best to the worst. */
typedef enum zq_method {
    ZQ_METHOD_NONE,    /* no table that is there is changed in its definition */
    ZQ_METHOD_INSTANT, /* only the dictionary changes */
    ZQ_METHOD_INPLACE, /* rows stay where they are; an index is made beside them */
    ZQ_METHOD_REBUILD, /* in place, too, but the table is written anew */
    ZQ_METHOD_COPY,    /* the table is copied */
    ZQ_METHOD_UNKNOWN,
} zq_method;

/* What the application may not do meanwhile. */
typedef enum zq_step_lock {
    ZQ_STEP_LOCK_NONE,
    ZQ_STEP_LOCK_ROWS, /* change the rows that the statement changes */
    ZQ_STEP_LOCK_ALL,  /* change any row of the table */
    ZQ_STEP_LOCK_UNKNOWN,
} zq_step_lock;

/* What a statement costs on members of a family that have the same form. */
typedef struct zq_form_cost {
    size_t n_members;
    const char *example; /* one of them; NULL: they are as the revision knows the family */
    zq_method method;
    zq_step_lock lock;
    const char *obstacle; /* why they cannot take it: "has no column 'a'"; NULL: they can */
} zq_form_cost;

/* A column that may hold NULLs before the way begins, and that the statement makes NOT NULL. */
typedef struct zq_not_null {
    const zq_table *table; /* as it is now; of a family by its pattern */
    const char *column;    /* by the name that it has now */
    const char *rows;      /* that are in the way: "3 rows with NULL in 'a' ..."; NULL: none, or it
                              was not asked (app/asked.h) */
} zq_not_null;

/* What one statement costs. Whatever is said of it, asked for or written is this. */
typedef struct zq_step_cost {
    const zq_leg *leg;
    const zq_rev_statement *statement;
    bool done;            /* the journal says so: it will not run */
    const char *obstacle; /* why its table cannot take it: "has no column 'a'"; NULL: it can */
    const char
        *table;       /* the one that it changes, or the family's pattern; NULL: none, or several */
    zq_method method; /* the worst of the forms */
    zq_step_lock lock;
    const char *why;            /* there is a lock: "column 'a' becomes bigint"; NULL: not known */
    zq_key_fault unfit;         /* of the key of a zq:batch, as far as its table is known */
    const zq_finding *findings; /* what needs consent: its losses are among it */
    size_t n_findings;
    const zq_form_cost *forms; /* of a family, the largest first; only with zq_forecast.catalog */
    size_t n_forms;
    zq_not_null *not_null; /* not where rows, or names of columns, change on the way before */
    size_t n_not_null;
    zq_size size;         /* only with zq_forecast.in_full, as the next */
    zq_blockers blockers; /* who holds, or may hold, a metadata lock on the table */
} zq_step_cost;

typedef struct zq_step_costs {
    zq_step_cost *items; /* of every statement, in the order of the way */
    size_t n;
    zq_findings findings; /* of all of them */
} zq_step_costs;

const char *zq_method_name(zq_method method);         /* "INSTANT"; "" for NONE, "?" for UNKNOWN */
const char *zq_forecast_lock_name(zq_step_lock lock); /* "NONE", "rows", "SHARED", "?" */

/* What the words of the statements tell, without a server. In `arena`. */
void zq_forecast_words(const zq_path *path, zq_tongue tongue, zq_arena *arena, zq_step_costs *out);

/* The same on a database as it is: each statement is tried on a model of its table, and what that
 * costs is said (diff/cost.h). Where the model does not understand a statement, its words count.
 *
 * What `journal` (of the first leg; NULL: nothing is under way) says is done is left out. Of a
 * family one member is looked at, or with `catalog` each form. A table that the way makes itself is
 * empty, and costs nothing. Reads nothing when the words of all statements suffice, else the tables
 * that matter in one round trip; finding a family's members takes one more, sizes another, and
 * holders of locks one for each statement on a table. Fails with ZQ_E_DATA, "FILE:LINE: what",
 * where a zq:batch goes by what cannot be a key, and as zq_db_run does. In `arena`. */
typedef struct zq_forecast {
    zq_db *db;
    const char *database;    /* its default database */
    const zq_schema *schema; /* names the families */
    const zq_path *path;
    const zq_journal_rows *journal;
    bool in_full;              /* sizes, holders of locks, and tables that consent does not need */
    const zq_catalog *catalog; /* read for `schema`; NULL: one member stands for a family */
    zq_tongue tongue;          /* of what is found */
} zq_forecast;
zq_rc zq_forecast_read(const zq_forecast *forecast, zq_arena *arena, zq_step_costs *out,
                       zq_err *err);

/* ---- the parts of it ---- */

/* A table, or a family, as it was before the way begins. */
typedef struct zq_foreseen {
    const char *name;   /* or the family's pattern */
    const char *member; /* the member that stands for the family, and its code; NULL: a table */
    const char *code;
    struct zq_foreseen *forms; /* of the family; NULL: that member alone is known */
    size_t n_forms;
    size_t n_members;    /* of a form */
    bool open;           /* ... whose members may have more columns than it shows */
    const char *example; /* of a form, the name of one of them */
    bool is_family;
    bool is_read; /* it was looked for */
    bool is_there;
    bool is_changed;       /* on the way: its rows, or names of columns */
    zq_table table;        /* when it is there */
    const zq_table *first; /* ... as it was; NULL: as it is */
} zq_foreseen;

typedef struct zq_foresight {
    const zq_path *path;
    const zq_journal_rows *journal; /* NULL: nothing is under way */
    zq_flavor flavor;
    bool in_full;
    zq_foreseen *tables; /* changed by zq_foresight_walk */
    size_t n_tables;
    zq_reach reach; /* what its statements reach */
    bool offline;   /* what nothing is known of cannot be asked for */
    zq_tongue tongue;
} zq_foresight;

/* The tables and families that must be known; fills `io->tables`. Pure. */
void zq_foresight_need(zq_foresight *io, zq_arena *arena);

/* Those that what it reaches may change, too. Pure. */
void zq_foresight_need_reached(zq_foresight *io, zq_arena *arena);

/* The member that stands for the statement's family; NULL: none is known, or it has none. */
const char *zq_foresight_member(const zq_foresight *foresight, const zq_rev_statement *statement);

/* Walk the way with what is known. Pure. */
void zq_foresight_walk(zq_foresight *foresight, zq_arena *arena, zq_step_costs *out);

#endif
