/* What a way through the chain throws away or blocks, as far as the words of its statements tell.
 * Pure; asked before anything is run. */
#ifndef ZQ_REV_CONSENT_H
#define ZQ_REV_CONSENT_H

#include "rev/chain.h"

enum {
    ZQ_CONSENT_DATA_LOSS = 1u << 0,
    ZQ_CONSENT_LOCKING = 1u << 1, /* says ALGORITHM=COPY, LOCK=SHARED or LOCK=EXCLUSIVE itself */
};

typedef struct zq_worry {
    unsigned consent; /* the one that it needs */
    const zq_leg *leg;
    const zq_rev_statement *statement;
    const char *say; /* "drops columns of 'zq_app_users'" */
} zq_worry;

/* Every statement that needs consent, in order; in `arena`. */
size_t zq_worries(const zq_path *path, zq_arena *arena, const zq_worry **out);

/* Fails with ZQ_E_USAGE when one needs a consent that is not among `given`, naming file, line and
 * what is lost, and the option that gives it. */
zq_rc zq_consent_check(const zq_worry *worries, size_t n, unsigned given, zq_err *err);

#endif
