/* The statement that takes a table's differences away. Pure. */
#ifndef ZQ_DIFF_FIX_H
#define ZQ_DIFF_FIX_H

#include "diff/change.h"
#include "sql/flavor.h"
#include "sql/sql.h"

/* Append "ALTER TABLE `<table>` ..." with what undoes those of `changes`, all of this one table,
 * that a statement can undo without losing or inventing a value: a collation, a column or an index
 * that is missing or different. Nothing is appended when there is none; `out_left` (room for all)
 * gets the others, which are for people: what is there too much may be wanted, a value that a row
 * needs is not ours to choose, and a table is made by zquant-init. */
void zq_fix_table(zq_sql *sql, const char *table, const zq_change *const *changes, size_t n,
                  zq_flavor flavor, const zq_change **out_left, size_t *out_n_left);

#endif
