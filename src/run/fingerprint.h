/* What a table is at this moment, as a digest of its canonical form: the same on every server for
 * the same table, whatever the order of its indexes, the server's spelling, or a dump between. */
#ifndef ZQ_RUN_FINGERPRINT_H
#define ZQ_RUN_FINGERPRINT_H

#include "base/buf.h"
#include "base/digest.h"
#include "db/db.h"
#include "model/schema.h"

/* Begins each digest and says which form it is of, so that what another build wrote is known for
 * what it is, and not taken for a change. */
#define ZQ_FINGERPRINT_FORM "c2-"

/* "" when the table is not there. */
typedef struct zq_fingerprint {
    char hex[ZQ_DIGEST_HEX];
} zq_fingerprint;

/* Is it a digest of the form that this build makes? */
bool zq_fingerprint_is_known(const char *digest);

/* The digest of a table as it was read: of its canonical form (model/canon.h) without what a
 * foreign key refers to, which changes with the other table, and without what two servers say
 * differently of the same table: names that they make up for checks, encryption, characters that
 * one of them cannot show. */
void zq_fingerprint_table(const zq_table *table, zq_fingerprint *out);

/* The digest of a table, called `name`, as SHOW CREATE TABLE gives it. */
void zq_fingerprint_definition(const char *definition, size_t length, zq_flavor flavor,
                               const char *name, zq_fingerprint *out);

/* Is what SHOW CREATE TABLE gives that of a view? */
bool zq_definition_is_view(const char *definition);

/* Look at each of `names` in the connection's default database, in one round trip where every table
 * is there.
 *
 * Of a view it is looked only whether it is there: its text changes with its tables, and with the
 * server. A failure begins with ZQ_CANNOT_LOOK and the table's name. */
#define ZQ_CANNOT_LOOK "cannot look at "
zq_rc zq_fingerprints_read(zq_db *db, const char *const *names, size_t n,
                           zq_fingerprint *out_prints, zq_err *err);

/* What SHOW CREATE TABLE gives of each of `names` in the connection's default database, in one
 * round trip where every table is there; NULL for one that is not. In `arena`. */
zq_rc zq_definitions_read(zq_db *db, const char *const *names, size_t n, zq_arena *arena,
                          const char **out_definitions, zq_err *err);

/* One digest for several tables; their order does not matter. */
void zq_fingerprints_digest(const char *const *names, const zq_fingerprint *prints, size_t n,
                            char out_hex[ZQ_DIGEST_HEX]);

/* Append SQL as words with one space between them: without comments, backticks and the marks of
 * executable comments, in lower case but for what stands in quotes. */
void zq_fingerprint_add_words(zq_buf *out, const char *sql);

/* The digest of any text, in the form of this build. */
void zq_fingerprint_text(const zq_buf *text, char out_hex[ZQ_DIGEST_HEX]);

#endif
