/* What a revision does, as steps for a sink (run/runner.h). Pure. */
#ifndef ZQ_REV_STEPS_H
#define ZQ_REV_STEPS_H

#include "base/arena.h"
#include "diff/plan.h"
#include "rev/leg.h"

/* One step for each statement of the leg, in their order. Each is a stage of its own, whose number
 * is the statement's, since the next may rest on what it leaves; it says "line 12". In `arena`. */
zq_steps zq_leg_steps(const zq_leg *leg, zq_arena *arena);

#endif
