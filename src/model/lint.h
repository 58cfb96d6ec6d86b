/* Does a schema make sense? Asked of descriptors by a test, and of what a diff is given. */
#ifndef ZQ_MODEL_LINT_H
#define ZQ_MODEL_LINT_H

#include "base/err.h"
#include "model/schema.h"

/* Fails with ZQ_E_MODEL at the first contradiction, naming table and object: a name given twice or
 * longer than 64 characters (with the longest code), an index or key on a column that is not
 * there, a foreign key whose target, types or target index do not fit, a column with both a
 * default and auto-increment, a family member that could be owned by two families. */
zq_rc zq_schema_lint(const zq_schema *schema, zq_err *err);

#endif
