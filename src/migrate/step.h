/* One statement of a revision, run or found done. */
#ifndef ZQ_MIGRATE_STEP_H
#define ZQ_MIGRATE_STEP_H

#include "migrate/walk.h"

/* Run statement `i` of the leg's section, unless it is done. */
zq_rc zq_step_run(zq_walk *walk, size_t i, zq_err *err);

#endif
