/* Plain statements that are not DDL: on rows, for the session, or such as may run twice. */
#ifndef ZQ_MIGRATE_PLAIN_H
#define ZQ_MIGRATE_PLAIN_H

#include "migrate/walk.h"

zq_rc zq_step_rows(zq_walk *walk, size_t i, zq_err *err);
zq_rc zq_step_repeat(zq_walk *walk, size_t i, zq_err *err);
zq_rc zq_step_session(zq_walk *walk, size_t i, zq_err *err);

#endif
