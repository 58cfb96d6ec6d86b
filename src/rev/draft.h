/* The statements of one direction of a revision, and its text, from what differs between two
 * schemas. Pure. */
#ifndef ZQ_REV_DRAFT_H
#define ZQ_REV_DRAFT_H

#include "base/buf.h"
#include "diff/cost.h"
#include "diff/plan.h"

/* Members of a family, where not all of them are meant. */
typedef struct zq_draft_members {
    const char *const *codes;
    size_t n;
} zq_draft_members;

/* One statement on one table; of a family, on each of its members. */
typedef struct zq_draft_statement {
    const char *text;                /* without its semicolon */
    const char *table;               /* its name, or the family's pattern */
    const char *family;              /* the pattern; NULL: a table */
    const zq_draft_members *members; /* of the family; NULL: all */
    zq_changes changes;              /* all of the table, in zq_diff's order */
    zq_cost cost;
    unsigned stage;   /* ZQ_STAGE_ */
    const char *note; /* lines to stand before it, as comments; NULL: none */
} zq_draft_statement;

typedef struct zq_draft_body {
    zq_draft_statement *items;
    size_t n;
    const zq_change *const *left; /* what no statement does */
    const char *const *why_left;  /* "left to you: ..." is followed by this */
    size_t n_left;
} zq_draft_body;

/* What goes from `actual` to `desired` of each change (ZQ_PLAN_FORTH), or back: zq_plan_changes
 * without what is not for a revision. That is `left`: what a table has and no statement of ours
 * makes or drops (a CHECK, a trigger, a view in its place), and a family that comes or goes, whose
 * tables are the application's to make and nobody's to drop. In `arena`. */
zq_rc zq_draft_plan(const zq_changes *changes, zq_plan_direction direction, zq_flavor flavor,
                    zq_arena *arena, zq_draft_body *out, zq_err *err);

/* Append `more` to `io`. In `arena`. */
void zq_draft_join(zq_draft_body *io, const zq_draft_body *more, zq_arena *arena);

/* Append the text as it stands in a revision file: what it costs in a comment over each statement,
 * each ended by a semicolon, those of a family in a block of their own, or, for some members, once
 * for each. What is left is said in comments at the end. */
void zq_draft_write(zq_buf *out, const zq_draft_body *body, zq_arena *arena);

#endif
