/* Statements that spare the rows that are there, and whoever works with them. Pure. */
#ifndef ZQ_REV_GENTLE_H
#define ZQ_REV_GENTLE_H

#include "diff/rename_given.h"
#include "rev/draft.h"

/* A statement that shall come before the one that alters its table, with what to say over it. */
typedef struct zq_settling {
    const char *table;  /* as it is called by then, or the family's pattern */
    const char *family; /* the pattern; NULL: a table */
    const char *text;   /* NULL: only the note, over the statement that alters the table */
    const char *note;   /* NULL: none */
    bool asks;          /* people must decide on it */
} zq_settling;

typedef struct zq_gentle {
    bool asks;                /* what nobody has decided gets a mark (zq:unreviewed) */
    zq_rename_pairs guesses;  /* renames that nobody has confirmed */
    const char *const *empty; /* tables without rows, by the names that they get */
    size_t n_empty;
    const zq_settling *settlings;
    size_t n_settlings;
} zq_gentle;

/* Does it add a column that old rows have no value for: NOT NULL, and without a default? */
bool zq_gentle_is_hard(const zq_change *change);

/* A value for rows that have none, as SQL: "0", "''", "CURRENT_TIMESTAMP"; NULL: nobody knows one.
 * In `arena`. */
const char *zq_gentle_value(const zq_type *type, zq_arena *arena);

/* zq_draft_plan of `way`, from each `actual` to its `desired`, in the form that a careful
 * administrator would choose. A NOT NULL column without a default is added with one, or, where its
 * type has none, with NULLs that are filled; a statement of its own takes that away. In `arena`;
 * fails as zq_draft_plan does. */
zq_rc zq_gentle_draft(const zq_changes *way, zq_flavor flavor, const zq_gentle *with,
                      zq_arena *arena, zq_draft_body *out, zq_err *err);

#endif
