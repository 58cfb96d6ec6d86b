/* One upgrade for those of several revisions. Pure. */
#ifndef ZQ_REV_SQUASH_H
#define ZQ_REV_SQUASH_H

#include "rev/chain.h"
#include "rev/new_revision.h"

typedef struct zq_squashed {
    zq_draft draft;  /* for zq_new_revision_save: the header, the template and the upgrade */
    size_t n_before; /* statements of the revisions */
    size_t n;        /* those that are left */
} zq_squashed;

/* What the revisions between two positions do on the way up, in their order, without the indexes
 * that one adds and a later one drops. `title` may be NULL. In `arena`.
 *
 * Fails with ZQ_E_USAGE when it is from base, of fewer than two revisions, or there already, and
 * with ZQ_E_DATA, "FILE:LINE: what", on a statement that means something else beside those of
 * another revision: one of the session, one whose words do not say what it does, an open question,
 * one that needs a DELIMITER. */
zq_rc zq_squash_make(const zq_chain *chain, size_t from, size_t to, const char *title,
                     zq_arena *arena, zq_squashed *out, zq_err *err);

#endif
