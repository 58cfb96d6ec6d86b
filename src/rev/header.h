/* The header of a revision file: its lines `-- key: value`. */
#ifndef ZQ_REV_HEADER_H
#define ZQ_REV_HEADER_H

#include "base/arena.h"
#include "base/err.h"
#include "rev/revision.h"

/* Read the lines before the first marker or statement of `revision->text` into id, revises,
 * release, title, created, schema_id and squash_*. A comment that does not look like `-- key:
 * value` is free text. Fails with ZQ_E_DATA, "NAME:LINE: what". */
zq_rc zq_header_read(zq_revision *revision, zq_arena *arena, zq_err *err);

#endif
