/* What is found on a way needs the user's consent, before any of it is run. */
#ifndef ZQ_MIGRATE_CONSENT_H
#define ZQ_MIGRATE_CONSENT_H

#include "migrate/forecast.h"

/* How many of a kind there are. */
size_t zq_findings_count(const zq_findings *findings, zq_finding_kind kind);

/* "--allow-data-loss" */
const char *zq_finding_option(zq_finding_kind kind);

/* All that are needed, each with a space before it. In `arena`. */
const char *zq_findings_options(const zq_findings *findings, zq_arena *arena);

/* Fails with ZQ_E_USAGE when there is one of a kind that is not allowed; the message names the
 * first, "FILE:LINE: drops ...", the detail the others, the hint the options. */
zq_rc zq_findings_consent(const zq_findings *findings, const bool allowed[ZQ_FINDING_KINDS],
                          zq_arena *arena, zq_err *err);

#endif
