/* Renames that somebody names, or that look like some. Pure. */
#ifndef ZQ_DIFF_RENAME_GIVEN_H
#define ZQ_DIFF_RENAME_GIVEN_H

#include "base/arena.h"
#include "base/err.h"
#include "model/schema.h"

/* One thing that may be another under a new name. */
typedef struct zq_rename_pair {
    const char *table; /* as it is called in `to`; NULL: old_name and new_name are tables */
    const char *old_name;
    const char *new_name;
    bool index; /* an index; else a column */
} zq_rename_pair;

typedef struct zq_rename_pairs {
    const zq_rename_pair *items;
    size_t n;
} zq_rename_pairs;

/* Read "TABLE.OLD=NEW" and "OLD=NEW" (tables), separated by commas. TABLE is called as in `to` or
 * as in `from`; OLD is a column or an index of it. Fails with ZQ_E_USAGE when something is not
 * there, or is there still, or is given twice. In `arena`. */
zq_rc zq_renames_read(const char *text, const zq_schema *from, const zq_schema *to, zq_arena *arena,
                      zq_rename_pairs *out, zq_err *err);

/* What goes and what comes in its place that looks like it: a column of the same type in the same
 * table, a table with the same columns, an index over the same; `to` says nothing of them yet. In
 * `arena`. */
zq_rename_pairs zq_renames_guess(const zq_schema *from, const zq_schema *to, zq_arena *arena);

/* `to`, in which what is new says what it was. In `arena`. */
const zq_schema *zq_rename_given_apply(const zq_schema *to, const zq_rename_pairs *pairs,
                                       zq_arena *arena);

#endif
