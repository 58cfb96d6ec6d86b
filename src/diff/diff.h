/* The differences between two schemas. Pure. */
#ifndef ZQ_DIFF_DIFF_H
#define ZQ_DIFF_DIFF_H

#include "base/err.h"
#include "diff/change.h"

/* Compare what we want with what is there.
 *
 * Pure: no I/O, nothing allocated outside `arena`; the order of the tables, indexes, keys and
 * extras of the inputs does not matter. `out` is empty exactly when the two have the same canonical
 * form (but for zq_meta_*, which are compared too). It is sorted by table; within one, the table
 * itself, columns (those too many first, then by their place in `desired`: done in this order,
 * each `after` is where it should be by then), indexes, keys and extras by name.
 *
 * Columns are matched by name. The fewest columns that must move are reported as moved: an added
 * column moves no other. Families are compared like tables. What `desired`
 * says was called otherwise (`was`) is a rename while the old name is there and the new one is not,
 * and compared under its new name (diff/rename.h). `out` points into the inputs.
 *
 * Fails only with ZQ_E_MODEL, when `desired` names something twice, or two things were one. */
zq_rc zq_diff(const zq_schema *desired, const zq_schema *actual, zq_arena *arena, zq_changes *out,
              zq_err *err);

/* The same for one table; either may be NULL. Two tables are compared whatever their names. */
zq_rc zq_diff_table(const zq_table *desired, const zq_table *actual, zq_arena *arena,
                    zq_changes *out, zq_err *err);

/* The changes that lead back from each `desired` of `changes` to its `actual`; all of the changes
 * of a table are wanted. What was renamed is renamed back. `out` points to copies of the tables. */
zq_rc zq_diff_reverse(const zq_changes *changes, zq_arena *arena, zq_changes *out, zq_err *err);

#endif
