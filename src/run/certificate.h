/* What a database was at one moment, and whether another one is that. */
#ifndef ZQ_RUN_CERTIFICATE_H
#define ZQ_RUN_CERTIFICATE_H

#include "model/schema.h"
#include "run/fault.h"
#include "run/inventory.h"
#include "run/tally.h"
#include "sql/flavor.h"

typedef struct zq_certificate {
    const char *written; /* "2026-11-22T09:00:00Z", by the server's clock */
    const char *tool_version;
    zq_flavor flavor;
    const char *server_version;
    const char *database;
    const char *revision;     /* "" for base; NULL: none was recorded */
    const char *schema_id;    /* NULL: members of a family differed among themselves */
    const char *seeds_digest; /* of the seeds that were last applied; NULL: none */
    const char *position;     /* in the server's binary log, or its GTIDs; NULL: not known */
    zq_tallies tables;
    zq_inventory things;
} zq_certificate;

/* A column that was renamed by the revisions between a certificate and the database. */
typedef struct zq_renamed {
    const char *table; /* a table, or a family's pattern */
    const char *from;
    const char *to;
} zq_renamed;

typedef struct zq_renames {
    const zq_renamed *items; /* in the order in which they were done */
    size_t n;
} zq_renames;

/* Let each of `live`, the tables of a database with the families of `schema`, be read by the
 * columns that `certificate` has of it, under the names that they have now, so that their sums can
 * be compared. Tables that the certificate does not have keep their own. A column that is gone is a
 * fault, and its table is not compared: its `form` becomes NULL. In the arena of `out`. */
void zq_certificate_align(const zq_certificate *certificate, const zq_schema *schema,
                          const zq_renames *renames, zq_tallies *live, zq_faults *out);

/* Add to `out` a fault for each thing in which `live` is not what `certificate` says: tables that
 * are missing or too many, numbers of rows, sums, counters that went back; views, triggers,
 * routines and events; grants. `upgraded`: revisions were run since; then what they change (views
 * that follow their tables, tables that came) is not a fault.
 *
 * Definitions of views are compared only within one vendor: each spells them in its own way. */
void zq_certificate_compare(const zq_certificate *certificate, const zq_certificate *live,
                            bool upgraded, zq_faults *out);

#endif
