/* What a section's session statements evaluate to, as far as its words tell. Pure. */
#ifndef ZQ_REV_KEPT_H
#define ZQ_REV_KEPT_H

#include "rev/revision.h"

/* A value that outlives its statement in the session. */
typedef struct zq_kept_name {
    const char *read; /* an expression that gives it: "@`id`" */
    bool insert_id;   /* it is LAST_INSERT_ID() */
} zq_kept_name;

/* The @variables that the section names, and LAST_INSERT_ID() where it does. In `arena`. */
size_t zq_kept_names(const zq_rev_section *section, zq_arena *arena, const zq_kept_name **out);

/* Does the statement do nothing but give variables their values? Once they are kept, it need not,
 * and must not, run again. */
bool zq_kept_instead(const zq_rev_statement *statement);

/* Does it run in one transaction with its row of the journal? What changes rows does, what nobody
 * knows, and what evaluates something: a stored function in it, or behind a view, may change rows.
 */
bool zq_runs_once(const zq_rev_statement *statement);

/* Fails with ZQ_E_DATA, "FILE:LINE: what", at the first statement whose value would be another in a
 * resumed run and cannot be kept: rows of a temporary table that come from elsewhere, a setting
 * that is computed; and at ROW_COUNT(), which in a revision is not of the statement before. */
zq_rc zq_kept_check(const char *file, const zq_rev_section *section, zq_err *err);

#endif
