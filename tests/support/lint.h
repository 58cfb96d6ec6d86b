/* Does a schema make sense? Asked of the descriptors and of the texts of the releases. */
#ifndef ZQ_TEST_LINT_H
#define ZQ_TEST_LINT_H

#include "base/err.h"
#include "model/schema.h"

/* Fails with ZQ_E_MODEL at the first contradiction, naming table and object; what no server would
 * make, or what it would make otherwise than written:
 * - a name that is empty, given twice (columns and indexes: without regard to case), or longer than
 *   64 characters (a family's own name with a code of 20 characters, its other names with one of
 *   10, what ts_code can hold);
 * - a table without columns; a type without its digits or values; a column with both a default and
 *   AUTO_INCREMENT, or generated and with either; AUTO_INCREMENT twice, on a type that cannot
 *   count, or on a column that leads no index;
 * - an index without columns, on a column twice, on one that is not there, on a nullable one in the
 *   primary key, on a whole text; a primary key that is not called PRIMARY;
 * - a foreign key whose columns, target, types or target index do not fit, without an index of its
 *   own (the server would add one), or with the name of another table's (names of foreign keys are
 *   shared by the whole database);
 * - a family whose name does not end in "{code}" (so that two could own the same member); "{code}"
 *   in a name of a table that is not a family. */
zq_rc zq_schema_lint(const zq_schema *schema, zq_err *err);

#endif
