/* A live database held against a schema: where the catalog meets the diff. Pure. */
#ifndef ZQ_RUN_COMPARE_H
#define ZQ_RUN_COMPARE_H

#include "db/catalog.h"
#include "diff/change.h"

/* Members of a family that differ from it in the same way. */
typedef struct zq_deviation {
    const zq_table *family;
    zq_changes changes; /* names hold "{code}", but for one member alone: then they are its own */
    size_t n_members;
    const char *const *codes; /* theirs, sorted */
} zq_deviation;

typedef struct zq_family_count {
    const zq_table *family;
    size_t n_members;
    size_t n_differing;
    const zq_open_column *open_columns; /* what its members have of the application, by name */
    size_t n_open_columns;
    const zq_rename *renames; /* indexes of its members that carry another code, by table */
    size_t n_renames;
} zq_family_count;

typedef struct zq_comparison {
    zq_changes changes; /* tables that the schema names outright */
    const zq_deviation *deviations;
    size_t n_deviations;
    const zq_family_count *families; /* every family of the schema, by name */
    size_t n_families;
    size_t n_differences; /* changes in all; members that differ alike count once */
} zq_comparison;

/* What the members of a form look like. */
const zq_table *zq_form_table(const zq_form *form);

/* Compare a database with `desired`. A family without members is as wanted. A table whose collation
 * is another, and its columns' with it, differs in that once. zq_meta_* take part
 * only when `desired` names them and at least one is there: a database that we have never touched
 * does not lack them.
 *
 * `catalog` was read for `desired`, or for another schema with the same families: what head wants,
 * when `desired` is an older release. Fails as zq_diff does. All in `arena`; `out` points into the
 * inputs. */
zq_rc zq_compare(const zq_schema *desired, const zq_catalog *catalog, zq_arena *arena,
                 zq_comparison *out, zq_err *err);

/* The database as one schema: its tables and one form of each family; a family without members
 * is as in `wanted`. NULL when members of one family differ among themselves. Its zq_canon_id is
 * the database's. In `arena`. */
const zq_schema *zq_compare_schema(const zq_catalog *catalog, const zq_schema *wanted,
                                   zq_arena *arena);

/* ---- which release is it? ---- */

/* A release to tell from others; plain data, so that this floor need not know schema/. */
typedef struct zq_known {
    const char *release;  /* "0.3.0" */
    const char *revision; /* "0002" */
    const zq_schema *schema;
    const char *const
        *may_lack; /* tables that it need not have: a release before the first
                      revision is that revision without them; ends in NULL; NULL: none */
} zq_known;

typedef struct zq_recognition {
    const zq_known *release; /* the one it is, or the nearest: fewest differences that are more than
                                a collation, then newest */
    bool exact;              /* no difference at all, every member of every family included */
    zq_comparison comparison;   /* with that release; empty when exact */
    const char *const *missing; /* of the release's may_lack, those that are not there */
    size_t n_missing;
    const char *collation; /* all that differs is that some tables have this one instead; or NULL */
    size_t n_collated;     /* how many tables, members included */
} zq_recognition;

/* Tell which of `known` (oldest first, at least one) a database is. Fails as zq_compare does. */
zq_rc zq_recognise(const zq_catalog *catalog, const zq_known *known, size_t n_known,
                   zq_arena *arena, zq_recognition *out, zq_err *err);

#endif
