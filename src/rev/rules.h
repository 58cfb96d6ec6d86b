/* What a statement of a revision may not be, or not in its block. */
#ifndef ZQ_REV_RULES_H
#define ZQ_REV_RULES_H

#include "rev/revision.h"

/* One statement, that is whole. Placeholders where they are bound and where they are needed; no
 * transactions, no other database, nothing on zq_meta_*; only rows in a batch. Fails with
 * ZQ_E_DATA, "FILE:LINE: what". */
zq_rc zq_rev_statement_check(const char *file, const zq_rev_statement *statement, zq_arena *arena,
                             zq_err *err);

#endif
