/* Tell another spelling of the same from another thing. Pure. */
#ifndef ZQ_SQL_TABLE_RECONCILE_H
#define ZQ_SQL_TABLE_RECONCILE_H

#include "base/arena.h"
#include "model/schema.h"

/* Take over the wanted spelling where `actual` means the same: a number written otherwise (1.5 and
 * 1.50), an expression written otherwise, and characters beyond the Basic Multilingual Plane, which
 * neither server keeps in comments and enum values: it stores '?' instead, and so nothing more is
 * known. `actual` is changed, its arrays are not: new ones are made in `arena`. */
void zq_reconcile(zq_table *actual, const zq_table *wanted, zq_arena *arena);

#endif
