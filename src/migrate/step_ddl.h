/* DDL: what it changes tells whether it has happened. */
#ifndef ZQ_MIGRATE_STEP_DDL_H
#define ZQ_MIGRATE_STEP_DDL_H

#include "migrate/walk.h"

zq_rc zq_step_ddl(zq_walk *walk, size_t i, zq_err *err);

/* How what DDL statement `i` changes is now, beside what the journal says; in words. `*out_fits`: a
 * run can continue with it. */
zq_rc zq_step_found_words(zq_walk *walk, size_t i, const char **out, bool *out_fits, zq_err *err);

#endif
