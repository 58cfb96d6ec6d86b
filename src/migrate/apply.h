/* Revisions run against a server, each statement effectively once. docs/journal.md
 * says how; whoever runs it holds the lease. */
#ifndef ZQ_MIGRATE_APPLY_H
#define ZQ_MIGRATE_APPLY_H

#include "migrate/walk.h"

/* Run the legs of a path, one after the other: every statement of each that the journal does not
 * say is done; then the schema is held against what the revision says it is, and in one
 * transaction the history gets its row and the journal is emptied.
 *
 * Members of a family to which a statement cannot be applied, or which are not as the revision has
 * them, are named and left; then the revision is recorded only with `leave_members`.
 *
 * Killed anywhere and run again, it goes on where it was. A failure names file, line, statement
 * and what the server said, and hints at the command to continue with. Fails with ZQ_E_DIFFERS when
 * somebody else changed what the journal speaks of, when the schema is not what it should be, or
 * when members are left; ZQ_E_USAGE when a statement needs more locking than the rules allow;
 * ZQ_E_INTERRUPTED when the user stopped it; else as zq_db_run does. */
zq_rc zq_apply_path(const zq_apply *apply, const zq_chain *chain, const zq_path *path, zq_err *err);

#endif
