/* What a way through the chain throws away, before any of it is run. */
#ifndef ZQ_REV_CONSENT_H
#define ZQ_REV_CONSENT_H

#include "rev/chain.h"

typedef struct zq_loss {
    const char *file;
    unsigned line;
    const char *what; /* "drops the columns 'a' and 'b' of 'zq_app_users'" */
} zq_loss;

/* Every statement on the way whose words say that data is lost, in order. In `arena`. */
size_t zq_path_losses(const zq_path *path, zq_arena *arena, const zq_loss **out);

/* Fails with ZQ_E_USAGE when there is a loss and `allowed` is false; the message names the first,
 * "FILE:LINE: drops ...", the detail the others, the hint the option. */
zq_rc zq_path_consent(const zq_path *path, bool allowed, zq_arena *arena, zq_err *err);

#endif
