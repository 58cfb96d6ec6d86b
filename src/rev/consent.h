/* What is found on a way needs the user's consent, before any of it is run. */
#ifndef ZQ_REV_CONSENT_H
#define ZQ_REV_CONSENT_H

#include "rev/forecast.h"

/* How many of a kind there are. */
size_t zq_findings_count(const zq_findings *findings, zq_finding_kind kind);

/* Fails with ZQ_E_USAGE when there is a loss and `allow_loss` is false, or a lock and
 * `allow_locking` is; the message names the first that is not allowed, "FILE:LINE: drops ...", the
 * detail the others, the hint the options. */
zq_rc zq_findings_consent(const zq_findings *findings, bool allow_loss, bool allow_locking,
                          zq_arena *arena, zq_err *err);

#endif
