/* Roles across, permissions down, as text with columns that line up, Chinese names too. */
#ifndef ZQ_APP_SHOW_RBAC_TABLE_H
#define ZQ_APP_SHOW_RBAC_TABLE_H

#include "base/buf.h"
#include "seed/merge/rbac_merge.h"

/* Whether the seeds of a folder brought any of it, while the built-in ones are merged. */
bool zq_matrix_has_folder(const zq_rbac_merged *merged);

/* Append the table of all decisions: a mark of three characters for each role, permission and
 * grant, S in the seeds, L last applied, D in the database, and what would be done about it; with
 * zq_matrix_has_folder of four, with F last applied from a folder before the D. */
void zq_matrix_write(zq_buf *out, const zq_rbac_merged *merged);

#endif
