/* One statement of a revision, run or found done; what apply.c walks with. */
#ifndef ZQ_REV_STEP_H
#define ZQ_REV_STEP_H

#include "rev/apply.h"
#include "run/journal.h"

/* Rows of the journal that wait for the next round trip. */
typedef struct zq_pending {
    zq_journal_row rows[16];
    size_t n;
} zq_pending;

/* A leg that is under way. */
typedef struct zq_walk {
    const zq_apply *apply;
    const zq_path *path;
    const zq_leg *leg; /* of the path */
    zq_arena *arena;
    zq_journal journal;
    zq_journal_rows found; /* what the journal said when the leg began */
    zq_pending pending;
    bool as_found;   /* the database differed from its revision before the leg began */
    bool has_looked; /* `looked` is the digest of what statement `looked_step` will touch */
    size_t looked_step;
    char looked[ZQ_DIGEST_HEX];
    size_t family_end;    /* statements before it went through their family together */
    unsigned next_member; /* number of the next member's row; 0: not known yet */
    size_t n_done;        /* statements that are done, by this run or another */
} zq_walk;

/* Run statement `i` of the leg's section, unless it is done. */
zq_rc zq_step_run(zq_walk *walk, size_t i, zq_err *err);

/* Put into `err` where in the file it happened, and how to go on. Gives `rc`. */
zq_rc zq_step_fail(const zq_walk *walk, size_t i, zq_rc rc, zq_err *err);

#endif
