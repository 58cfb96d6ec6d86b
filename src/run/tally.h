/* What the rows of each table of a database come to: how many there are, and a sum over them that
 * is the same on whatever server, and in whatever order, the same rows are read. */
#ifndef ZQ_RUN_TALLY_H
#define ZQ_RUN_TALLY_H

#include "db/db.h"
#include "run/watch.h"

enum { ZQ_TALLY_HEX = 33 /* 128 bits in hexadecimal, with the NUL */ };

typedef struct zq_tally_column {
    const char *name;
    bool is_json;     /* MySQL keeps JSON in a spelling of its own, MariaDB as it was written */
    bool may_be_json; /* of the type that MariaDB has for it */
} zq_tally_column;

/* The columns that are read of a table, in their order; tables that have the same share one. */
typedef struct zq_tally_form {
    const zq_tally_column *columns;
    size_t n;
} zq_tally_form;

typedef struct zq_tally {
    const char *name;
    const zq_tally_form *form;
    unsigned long long counter; /* the next AUTO_INCREMENT value; 0: the table has none */
    const char *counts;         /* the column that it is for */
    bool transactional;         /* InnoDB: read in the snapshot */
    /* by zq_tally_read */
    unsigned long long rows;
    char sum[ZQ_TALLY_HEX];
    const char *problem; /* why it could not be read; NULL: it was */
} zq_tally;

typedef struct zq_tallies {
    zq_tally *items; /* by name, as strcmp sorts */
    size_t n;
    const zq_tally_form *const *forms; /* each once */
    size_t n_forms;
} zq_tallies;

/* In their order; and the one of that name, NULL: there is none. */
void zq_tally_sort(zq_tallies *tallies);
zq_tally *zq_tally_find(const zq_tallies *tallies, const char *name);

/* The tables of `database` with their columns (generated ones left out: no dump holds their values)
 * and counters; views are not tables, and zq_meta_* are left out, because what they hold is about
 * the server at hand. No row is read. Fails as zq_db_run does. In `arena`. */
zq_rc zq_tally_list(zq_db *db, const char *database, zq_arena *arena, zq_tallies *out, zq_err *err);

/* Are there as many tables now? Of one that came and one that went, the latter cannot be read. */
zq_rc zq_tally_is_complete(zq_db *db, const char *database, const zq_tallies *tallies, bool *out,
                           zq_err *err);

/* Read all rows of `n` tables and fill in what they come to, each table in constant memory, over
 * `n_dbs` connections side by side (1 or more, with the database as their default one), in one
 * snapshot if the caller has begun one on each. A table that cannot be read (it is gone, was
 * altered meanwhile, may not be seen) has a `problem`, in `arena`, and stops nothing; fails only
 * when a connection does, or when `watch` says stop (ZQ_E_INTERRUPTED). */
zq_rc zq_tally_read(zq_db *const *dbs, size_t n_dbs, zq_tally *tables, size_t n,
                    const zq_watch *watch, zq_arena *arena, zq_err *err);

#endif
