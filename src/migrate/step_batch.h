/* zq:batch: one statement in ranges of a key, a transaction for each. */
#ifndef ZQ_MIGRATE_STEP_BATCH_H
#define ZQ_MIGRATE_STEP_BATCH_H

#include "migrate/walk.h"

zq_rc zq_step_batch(zq_walk *walk, size_t i, zq_err *err);

/* Fails with ZQ_E_DIFFERS when a run was cut short among the batches of another statement than the
 * one that the file has as statement `i` now. */
zq_rc zq_step_check_batch(const zq_walk *walk, size_t i, zq_err *err);

#endif
