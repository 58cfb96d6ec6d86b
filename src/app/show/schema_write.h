/* A schema in the forms that `show --schema` prints: for people, servers, compilers and pictures.
 * zq_meta_* are left out of all of them. Pure. */
#ifndef ZQ_APP_SHOW_SCHEMA_WRITE_H
#define ZQ_APP_SHOW_SCHEMA_WRITE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "model/schema.h"
#include "sql/flavor.h"

/* Its tables and families, sorted by name; ends in NULL. In `arena`. */
const zq_table *const *zq_schema_write_order(const zq_schema *schema, zq_arena *arena);

/* A script of CREATE statements. Those of a family are in comments, since its tables are the
 * application's to make; so is what no CREATE TABLE of ours can make. Fails with ZQ_E_DATA when the
 * flavour lacks something. */
zq_rc zq_schema_write_sql(zq_buf *out, const zq_schema *schema, zq_flavor flavor, zq_arena *arena,
                          zq_err *err);

/* Descriptors, as they stand in schema/models: C that compiles, and gives a schema
 * `zq_schema_shown` with the same schema id. */
void zq_schema_write_c(zq_buf *out, const zq_schema *schema, zq_arena *arena);

/* One document (a json_t *). */
void *zq_schema_write_json(const zq_schema *schema, zq_arena *arena);

typedef enum zq_picture {
    ZQ_PICTURE_MERMAID,
    ZQ_PICTURE_DOT,
} zq_picture;

/* A diagram: a box for each table and family, in areas by the prefix of its name ("zq_app"), and an
 * arrow for each foreign key. A box has the number of columns, or with `columns` all of them. */
void zq_schema_write_picture(zq_buf *out, const zq_schema *schema, zq_picture picture, bool columns,
                             zq_arena *arena);

/* The same as one picture of its own, in SVG. */
void zq_schema_write_svg(zq_buf *out, const zq_schema *schema, bool columns, zq_arena *arena);

/* The area of a table, the first two words of its name ("zq_app"): how long they are, and whether
 * two have the same. */
size_t zq_area_of(const char *name);
bool zq_area_same(const char *a, const char *b);

#endif
