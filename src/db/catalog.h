/* Read a live database into the same plain structs as the descriptors.
 *
 * All vendor spelling is normalised here, on the way in, and nowhere else (sql/table/normal.h). */
#ifndef ZQ_DB_CATALOG_H
#define ZQ_DB_CATALOG_H

#include "db/db.h"
#include "model/schema.h"

/* Members of one family that have the same form. A view or a sequence that is called like the table
 * of a stock is one too, in a form of its own with an extra "view" or "sequence". */
typedef struct zq_form {
    const zq_table *family;
    const zq_table *table; /* one member, its code written back as "{code}"; NULL when conforming */
    bool conforms;         /* equal to the family */
    size_t n_members;
    const char *const *codes; /* the members' codes, sorted; all of them unless conforming */
} zq_form;

/* A column that members of an open family have of the application (model/family.h). */
typedef struct zq_open_column {
    const zq_table *family;
    const char *name;
    size_t n_members; /* that have it */
} zq_open_column;

/* An index of a member whose name carries another member's code: what CREATE TABLE ... LIKE leaves.
 * In its form it has the name that it should have. */
typedef struct zq_rename {
    const zq_table *family;
    const char *table; /* the member */
    const char *from;
    const char *to;
} zq_rename;

typedef struct zq_catalog {
    bool exists;         /* the database is there; the rest is empty when it is not */
    const char *charset; /* the database's default */
    const char *collation;
    zq_schema schema;     /* tables that `wanted` names outright and that are there */
    const zq_form *forms; /* by family name, the conforming form first (with or without members),
                             then by size */
    size_t n_forms;
    const zq_open_column *open_columns; /* by family, then by name; no part of any form */
    size_t n_open_columns;
    const zq_rename *renames; /* by family, table and name */
    size_t n_renames;
    size_t n_foreign_tables; /* not ours: neither named nor a member, zq_meta_* included in ours */
    const char *const *foreign_tables; /* their names, sorted */
    size_t n_views;                    /* views, wherever they are */
    bool has_alembic;                  /* a table alembic_version is there */
} zq_catalog;

/* Read database `name`: the tables of `wanted` in full, members of its families by form, the
 * rest by name. A handful of queries whatever the size, no query per table; memory does not grow
 * with rows or columns of members, only with their number (some 60 bytes for each).
 *
 * A name of `wanted` that is a view is read as a table with an extra "view". Where a server cannot
 * tell whether something is as wanted (it keeps '?' for a character beyond the Basic Multilingual
 * Plane, or spells an expression in its own way), it is read as wanted.
 *
 * With `helper` (may be NULL) a second connection is opened there while there are many members to
 * read. Fails with ZQ_E_DENIED when a table cannot be seen in full, ZQ_E_SERVER, ZQ_E_LOST; a table
 * that goes away while it is read makes it read again. Results in `arena`. */
zq_rc zq_catalog_read(zq_db *db, const zq_target *helper, const char *name, const zq_schema *wanted,
                      zq_arena *arena, zq_catalog *out, zq_err *err);

#endif
