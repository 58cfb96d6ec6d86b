/* Reads roles, permissions and grants from a database. */
#ifndef ZQ_SEED_RBAC_READ_H
#define ZQ_SEED_RBAC_READ_H

#include "seed/rbac.h"

/* Read what `database` has, in one round trip. One without zq_meta_seeds (the Python initialiser
 * made it) has no record. Everything in `arena`. Its tables must be there: see zq_rbac_has_tables.
 */
zq_rc zq_rbac_read(zq_db *db, const char *database, const zq_admin_identity *admin, zq_arena *arena,
                   zq_rbac *out, zq_err *err);

#endif
