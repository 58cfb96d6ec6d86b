/* Rows of members, a transaction for each; DDL on something else for each. */
#ifndef ZQ_MIGRATE_STEP_MEMBERS_H
#define ZQ_MIGRATE_STEP_MEMBERS_H

#include "migrate/walk.h"

zq_rc zq_step_members(zq_walk *walk, size_t i, zq_err *err);

#endif
