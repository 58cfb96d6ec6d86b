/* What an account may see: servers leave out what it may not, and say nothing. */
#ifndef ZQ_DB_SIGHT_H
#define ZQ_DB_SIGHT_H

#include "db/db.h"

/* "root@%" in `*out_account` when the account lacks `privilege` ("TRIGGER") on all of `database`,
 * else NULL. Who has it by a role is not looked for: a role leaves it open. In `arena`. Fails as
 * zq_db_query does. */
zq_rc zq_sight_lacks(zq_db *db, const char *privilege, const char *database, zq_arena *arena,
                     const char **out_account, zq_err *err);

#endif
