/* What a way through the chain says itself that would keep the application waiting, before any of
 * it is run. What only the server can tell is refused when its statement comes (run/alter.h). */
#ifndef ZQ_REV_LOCKING_H
#define ZQ_REV_LOCKING_H

#include "rev/chain.h"

/* Fails with ZQ_E_USAGE when a statement asks for ALGORITHM=COPY, LOCK=SHARED or LOCK=EXCLUSIVE and
 * `allowed` is false; names the first one, and the option. */
zq_rc zq_path_locking(const zq_path *path, bool allowed, zq_err *err);

#endif
