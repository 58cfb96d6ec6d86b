/* What it takes to make a database ready, as steps: for a server, a dry run, or a script. */
#ifndef ZQ_RUN_INSTALL_H
#define ZQ_RUN_INSTALL_H

#include "diff/plan.h"
#include "model/schema.h"
#include "run/book.h"
#include "run/state.h"

/* The first two stages of making a database ready: history, journal and a mark that an install is
 * under way, in order on one connection; then the tables that are missing, side by side. A database
 * that is at head already gets no mark. Pure; all in `arena`. */
zq_rc zq_install_plan_tables(const zq_schema *schema, const zq_state *state, const char *revision,
                             zq_flavor flavor, zq_arena *arena, zq_steps *out_steps, zq_err *err);

/* The third stage, one transaction: roles, permissions and grants, which need nothing but the
 * tables. In `arena`. */
zq_steps zq_install_plan_rows(const zq_steps *rows, zq_arena *arena);

/* The last, another: `admin` (the administrator, and whatever goes with it; may be empty), the
 * entry in the history, and the mark removed; these two not when the database is at head already.
 * `last` (may be NULL) is what the transaction ends with. Nothing to do gives no steps. Pure; in
 * `arena`. */
zq_steps zq_install_plan_end(const zq_state *state, const zq_steps *admin,
                             const zq_history_entry *entry, const zq_step *last, zq_arena *arena);

#endif
