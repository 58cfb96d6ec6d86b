/* The body of a revision file: its markers, and the statements between them. */
#ifndef ZQ_REV_BODY_H
#define ZQ_REV_BODY_H

#include "rev/revision.h"

/* Read the statements of `revision->text` into `upgrade` and `downgrade`, or why there is no way
 * back into `irreversible`; the header is stepped over as a comment. Both sections must be there.
 * Fails with ZQ_E_DATA, "NAME:LINE: what". */
zq_rc zq_body_read(zq_revision *revision, zq_arena *arena, zq_err *err);

#endif
