/* The user's own revisions, moved behind those of a new release. Pure.
 *
 * A release adds revisions after the one that the user's first revises, so both revise the same. A
 * rebase rewrites the headers of the user's files: the first revises zquant's newest, and one whose
 * id zquant has for itself by now gets another. Where such a revision was applied to a database
 * already, the record goes back to the last one of zquant's below it, and remembers it as ahead
 * (run/ahead.h). */
#ifndef ZQ_REV_REBASE_H
#define ZQ_REV_REBASE_H

#include "rev/chain.h"

/* One file. */
typedef struct zq_rebased {
    const zq_revision *was;
    const zq_revision *becomes; /* as it shall be; `was` itself where nothing changes */
    bool there_already; /* a rebase was cut short: `becomes` is another file, and `was` is left over
                         */
} zq_rebased;

typedef struct zq_rebase {
    const zq_rebased *files; /* the user's own, in the order in which they come */
    size_t n;
    zq_chain chain; /* all revisions as they shall be */
} zq_rebase;

/* What becomes of the files. Where the user's own are several lines that begin at zquant's, they
 * become one, in the order of what they begin at. Fails as zq_chain_build does about what a rebase
 * cannot settle. In `arena`. */
zq_rc zq_rebase_plan(const zq_revisions *revisions, zq_arena *arena, zq_rebase *out, zq_err *err);

/* What becomes of a database's record. */
typedef struct zq_rebase_record {
    size_t at;                       /* the position in the new chain that it goes back to */
    const zq_revision *const *ahead; /* what it has of the user's own, oldest first */
    size_t n_ahead;                  /* 0: nothing of its record changes */
} zq_rebase_record;

/* Look at the rows of the history, oldest first. Fails with ZQ_E_DIFFERS when the database is at a
 * revision that is not known, and with ZQ_E_DATA when an applied file has changed in more than what
 * a rebase changes. */
zq_rc zq_rebase_look(const zq_rebase *rebase, const zq_applied *rows, size_t n, zq_arena *arena,
                     zq_rebase_record *out, zq_err *err);

/* Where what is ahead and what shall be run before it may not go together: a line for each, NULL at
 * the end. Both change the same table, or one does what nobody can know. In `arena`. */
zq_rc zq_rebase_conflicts(const zq_rebase *rebase, const zq_rebase_record *record, zq_arena *arena,
                          const char *const **out, size_t *out_n, zq_err *err);

#endif
