/* Statements that are started together: each on one table, and none on that of another. */
#ifndef ZQ_MIGRATE_STEP_GROUP_H
#define ZQ_MIGRATE_STEP_GROUP_H

#include "migrate/walk.h"
#include "run/fingerprint.h"
#include "run/transact.h"

/* Is it on one table, whose look tells whether it is done, and has no other run begun it? */
bool zq_group_may_join(const zq_walk *walk, size_t i);

/* The group that begins with statement `first`; there is none at the section's end. */
zq_group zq_group_from(const zq_walk *walk, size_t first);

/* How many tables its statements have, and, in `out` (may be NULL), their names in order; none for
 * a statement on other objects. */
size_t zq_group_tables(const zq_walk *walk, const zq_group *group, const char **out);

/* From what a look at these saw, the digest of each statement's tables. In the walk's arena. */
void zq_group_digests(const zq_walk *walk, const zq_group *group, const zq_fingerprint *prints,
                      const char **out);

/* Look at the tables of groups, and note how long that takes. */
zq_rc zq_group_look(zq_walk *walk, const char *const *names, size_t n, zq_fingerprint *out,
                    zq_err *err);

/* Let walk->group be that of statement `i`, its tables looked at. */
zq_rc zq_group_reach(zq_walk *walk, size_t i, zq_err *err);

/* Write over `db` what waits, and that all of the group are started, with `then` (may be NULL)
 * behind it: zq_transact_then. */
zq_rc zq_group_begin(zq_walk *walk, zq_db *db, zq_tail *then, zq_err *err);

/* Is `i` its last? It is when the group has taken long. */
bool zq_group_closes(zq_walk *walk, size_t i);

/* Note that those before `end` are done, and the digests of their tables. */
zq_rc zq_group_done(zq_walk *walk, size_t end, const char *const *after, zq_err *err);

/* To be called when the leg is left because of a failure, the connection being alive: the journal
 * gets all that is known. When that fails, the tables say which statements were started. */
void zq_group_leave(zq_walk *walk);

/* Statements that were only written down as started, by a run that was cut short before it sent
 * them, and those that failed and are gone from the file: `walk->found` loses their rows, so that
 * the file may have others in their place, or none. */
zq_rc zq_group_drop_not_begun(zq_walk *walk, zq_err *err);

#endif
