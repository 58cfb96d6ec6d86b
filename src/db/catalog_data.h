/* What a database has, as the catalog is read (db/catalog.h). */
#ifndef ZQ_DB_CATALOG_DATA_H
#define ZQ_DB_CATALOG_DATA_H

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

#endif
