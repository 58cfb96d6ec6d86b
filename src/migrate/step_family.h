/* DDL on the members of a family: they tell whether it has happened. */
#ifndef ZQ_MIGRATE_STEP_FAMILY_H
#define ZQ_MIGRATE_STEP_FAMILY_H

#include "migrate/walk.h"

zq_rc zq_step_family(zq_walk *walk, size_t i, zq_err *err);

#endif
