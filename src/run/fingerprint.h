/* What a table is at this moment, as a digest: to be compared with what the same table on the same
 * server was a moment ago. Cheap enough to ask before and after each statement, unlike the
 * canonical form, which is what tables on different servers are compared by. */
#ifndef ZQ_RUN_FINGERPRINT_H
#define ZQ_RUN_FINGERPRINT_H

#include "base/digest.h"
#include "db/db.h"

/* SHA-256 of a definition; "" when the table is not there. */
typedef struct zq_print {
    char hex[ZQ_DIGEST_HEX];
} zq_print;

/* Run `sql` (NULL or "": nothing), which has `n_sql` statements, then look at each of `names` in
 * the connection's default database, all in one round trip where every table is there.
 *
 * A definition is the text of SHOW CREATE TABLE without what a running application changes (the
 * AUTO_INCREMENT counter) and without what a foreign key refers to, which changes with the other
 * table. Views are looked at likewise. `out_done` (may be NULL) gets how many of the `n_sql`
 * statements succeeded; a failure of one of them is the result. One of a look begins with
 * ZQ_CANNOT_LOOK and the table's name. */
#define ZQ_CANNOT_LOOK "cannot look at "
zq_rc zq_prints_read(zq_db *db, const char *sql, size_t n_sql, const char *const *names, size_t n,
                     zq_print *out_prints, size_t *out_done, zq_err *err);

/* What SHOW CREATE TABLE gives of each of `names` in the connection's default database, in one
 * round trip where every table is there; NULL for one that is not. In `arena`. */
zq_rc zq_definitions_read(zq_db *db, const char *const *names, size_t n, zq_arena *arena,
                          const char **out_definitions, zq_err *err);

/* One digest for several tables; their order does not matter. */
void zq_prints_digest(const char *const *names, const zq_print *prints, size_t n,
                      char out_hex[ZQ_DIGEST_HEX]);

/* The triggers, routines and events of the default database, their text included. */
zq_rc zq_objects_digest(zq_db *db, char out_hex[ZQ_DIGEST_HEX], zq_err *err);

/* The digest of a definition as SHOW CREATE TABLE gives it. With `code` (may be NULL) it is that of
 * a member of a family called `table`: its name and code are written back, so that members of the
 * same form have the same digest. Pure. */
void zq_definition_digest(const char *definition, const char *table, const char *code,
                          char out_hex[ZQ_DIGEST_HEX]);

#endif
