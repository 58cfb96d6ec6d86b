/* What is said of a statement: where it stands, what it changes, how to continue when it fails. */
#ifndef ZQ_MIGRATE_STEP_SAY_H
#define ZQ_MIGRATE_STEP_SAY_H

#include "migrate/walk.h"

/* Does it change this table? With lower_case_table_names, zq_A is zq_a. */
bool zq_step_touches(const zq_statement *statement, const char *table);

/* What a statement changes: its tables, or its other objects. */
const char *const *zq_step_names_of(const zq_statement *parsed, size_t *out_n);

const char *zq_step_excerpt(const zq_rev_statement *statement, zq_arena *arena);   /* in one line */
const char *zq_step_where(const zq_walk *walk, const zq_rev_statement *statement); /* "FILE:LINE" */
const char *zq_step_changes(const zq_statement *parsed,
                            zq_arena *arena); /* "'a', 'b'": names of it */

/* To tell what the server warns of in statement `i`; the walk has it of the one at hand. */
zq_warned zq_step_warned(const zq_walk *walk, size_t i);

/* The journal and the tables disagree: fails with ZQ_E_DIFFERS, `what` being what it changes. */
zq_rc zq_step_stop(const zq_walk *walk, size_t i, const zq_journal_rule *rule, const char *what,
                   zq_err *err);

/* Put into `err` where in the file it happened, and how to continue. Gives `rc`. */
zq_rc zq_step_fail(const zq_walk *walk, size_t i, zq_rc rc, zq_err *err);

#endif
