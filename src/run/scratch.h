/* A database of our own on the same server, to try things in: made, marked, and always removed. */
#ifndef ZQ_RUN_SCRATCH_H
#define ZQ_RUN_SCRATCH_H

#include "base/arena.h"
#include "db/db.h"

#define ZQ_SCRATCH_PREFIX "zq_rehearsal_"
enum { ZQ_SCRATCH_NAME = 64 };

/* A new name: the prefix, a random part, and a digest of that, so that nobody has such a name by
 * chance. */
void zq_scratch_name(char out[ZQ_SCRATCH_NAME]);

/* Is it such a name, the digest included? Pure. */
bool zq_scratch_is_name(const char *name);

/* Make the database with these defaults, and our mark in it: a table that says of what it is a
 * rehearsal. Fails as zq_db_run does. */
zq_rc zq_scratch_make(zq_db *db, const char *name, const char *of, const char *charset,
                      const char *collation, zq_err *err);

/* Drop it, if its name and its mark say that it is one: nothing else is ever dropped. One without
 * any table needs no mark. `*out_dropped`: it is gone. The connection's default database is another
 * one. */
zq_rc zq_scratch_drop(zq_db *db, const char *name, bool *out_dropped, zq_err *err);

/* The databases with such names that this account can see. In `arena`. */
zq_rc zq_scratch_list(zq_db *db, zq_arena *arena, const char *const **out_names, size_t *out_n,
                      zq_err *err);

#endif
