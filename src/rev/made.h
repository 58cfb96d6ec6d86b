/* What the statements before it say about the tables of a statement. Pure. */
#ifndef ZQ_REV_MADE_H
#define ZQ_REV_MADE_H

#include "base/arena.h"
#include "rev/leg.h"

/* Find the statements of a section that change temporary tables of its own alone. */
void zq_section_find_temporary(zq_rev_statement *statements, size_t n, zq_arena *arena);

/* Fill in the facts of all legs, which are in the order of the way. In `arena`. */
void zq_legs_find_facts(zq_leg *legs, size_t n, zq_arena *arena);

/* Can what is done to rows of such a table be rolled back? */
bool zq_engine_has_transactions(const char *engine);

#endif
