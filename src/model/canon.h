/* The canonical form of a schema: text that is the same on every server for the same schema, and
 * the schema id, its SHA-256.
 *
 * No auto-increment counters, no display widths, no vendor spelling; tables, indexes and foreign
 * keys sorted by name in byte order; columns in their order. docs/canonical-form.md gives the
 * grammar. */
#ifndef ZQ_MODEL_CANON_H
#define ZQ_MODEL_CANON_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/digest.h"
#include "model/schema.h"

/* Append one table's form: what it is, without annotations. */
void zq_canon_table(zq_buf *out, const zq_table *table);

/* Append the form of all tables and families, sorted by name, without zq_meta_*: the journal's
 * own shape is not part of what a release is. Annotations ("open", "was NAME") are written too. */
void zq_canon_schema(zq_buf *out, const zq_schema *schema);

/* SHA-256 of zq_canon_schema's text without its annotations, in hexadecimal. */
void zq_canon_id(const zq_schema *schema, char out_id[ZQ_DIGEST_HEX]);

/* Read a canonical text back: the inverse of zq_canon_schema. Everything in `arena`.
 * Fails with ZQ_E_DATA naming the line. */
zq_rc zq_canon_parse(const char *text, size_t length, zq_arena *arena, const zq_schema **out_schema,
                     zq_err *err);

/* The same for the text of a file: the message begins with "NAME:LINE: ". */
zq_rc zq_canon_parse_file(const char *name, const char *text, size_t length, zq_arena *arena,
                          const zq_schema **out_schema, zq_err *err);

#endif
