/* One revision file, read into plain data. docs/revisions.md describes the format. Pure.
 *
 * Every mistake is named with file and line, and found before anything of the file is run. */
#ifndef ZQ_REV_REVISION_FILE_H
#define ZQ_REV_REVISION_FILE_H

#include "base/arena.h"
#include "base/err.h"
#include "model/schema.h"
#include "rev/revision.h"

/* Read the file's text. `name` is the file's name, for messages; behind its folders it must begin
 * with the revision's id. The results point into `arena` and into `text`, which must live as long.
 *
 * Fails with ZQ_E_DATA, "NAME:LINE: what". Needs no database; what a family or a batch names is
 * looked at by zq_revision_file_lint. */
zq_rc zq_revision_file_read(const char *name, const char *text, size_t length, zq_arena *arena,
                            zq_revision *out, zq_err *err);

/* The same without the statements: both sections stay empty, and no mistake in them is found.
 * `checksum` is that of the text, where it is known already, in hexadecimal; else NULL. */
zq_rc zq_revision_file_read_head(const char *name, const char *text, size_t length,
                                 const char *checksum, zq_arena *arena, zq_revision *out,
                                 zq_err *err);

/* The same revision with its statements: itself when it has them, else another. In `arena`. */
zq_rc zq_revision_file_complete(const zq_revision *revision, zq_arena *arena,
                                const zq_revision **out, zq_err *err);

/* Begins such a line that was put aside. */
#define ZQ_SCHEMA_ID_WAS "-- before a rebase: schema-id:"

/* What becomes of the line `-- schema-id:`. */
typedef enum zq_schema_id_line {
    ZQ_SCHEMA_ID_STAYS,
    ZQ_SCHEMA_ID_ASIDE, /* it is a free comment from then on, because it is not true any more */
    ZQ_SCHEMA_ID_BACK,  /* such a comment is the line that it was */
} zq_schema_id_line;

/* The text of the same file with another id and another `revises` ("base" for the first one), all
 * else as it is. In `arena`. */
const char *zq_revision_file_with(const zq_revision *revision, const char *id, const char *revises,
                                  zq_schema_id_line schema_id, zq_arena *arena);

/* Does every zq:family name a family of `schema`? Fails with ZQ_E_DATA, "NAME:LINE: what". */
zq_rc zq_revision_file_lint(const zq_revision *revision, const zq_schema *schema, zq_err *err);

/* The checksum that history remembers: SHA-256 of the text with each CRLF as LF, without a byte
 * order mark and without DOS's end of file (0x1A), so that a checkout under another system has the
 * same. */
void zq_revision_file_checksum(const char *text, size_t length, char out_hex[ZQ_DIGEST_HEX]);

#endif
