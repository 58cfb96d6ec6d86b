/* What zq_meta_history remembers of a revision; the same for an online run and for a script. */
#ifndef ZQ_MIGRATE_HISTORY_H
#define ZQ_MIGRATE_HISTORY_H

#include "rev/chain.h"
#include "run/install.h"

/* The entry for a database that is at `position` after `operation` ("upgrade", "downgrade",
 * "stamp", "adopt"): the revision that was applied last there, with its checksum and schema id; at
 * base an empty revision. The duration is left open (-1). Texts belong to the chain. */
#define ZQ_OPERATION_SQUASH "squash" /* of each revision that a squash stood for */

zq_history_entry zq_revision_history(const zq_chain *chain, size_t position, const char *operation,
                                     const char *tool_version);

#endif
