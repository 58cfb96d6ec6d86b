/* What to do next, where an error does not say it itself. */
#ifndef ZQ_APP_NEXT_STEP_H
#define ZQ_APP_NEXT_STEP_H

#include "base/err.h"

/* Give `err` a hint by its kind, unless it has one. `command` is NULL where none was found. */
void zq_next_step(const char *program, const char *command, zq_err *err);

#endif
