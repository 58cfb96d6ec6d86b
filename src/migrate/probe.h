/* What is asked of a server to learn whether a statement has happened. */
#ifndef ZQ_MIGRATE_PROBE_H
#define ZQ_MIGRATE_PROBE_H

#include "migrate/walk.h"
#include "sql/alter/predict.h"

/* One digest of what it changes, as it is now; in the walk's arena. */
zq_rc zq_step_look(const zq_walk *walk, const zq_statement *parsed, const char **out, zq_err *err);

/* The digest of what is not there. */
const char *zq_step_digest_of_none(const zq_statement *parsed, zq_arena *arena);

/* Is the table as the statement leaves it? Looks at the table: for when something is wrong, or
 * another run was cut short, not for each statement. Unknown for all but ALTER TABLE, CREATE INDEX
 * and DROP INDEX. */
zq_done zq_step_is_done(const zq_walk *walk, const zq_online_ddl *ddl);

bool zq_step_drops(const zq_statement *parsed); /* all that it names */

/* How what it changes is, whose digest is `now`, seen from the statement, which is not done. */
zq_tables_now zq_step_compare_begun(const zq_walk *walk, const zq_online_ddl *ddl,
                                    const zq_journal_row *row, const char *now);

/* The server refused statement `i` for this cause: because somebody else did it already? Unknown,
 * and so false, where an earlier statement of the revision touches the table. */
bool zq_step_done_by_another(const zq_walk *walk, size_t i, zq_cause cause);

#endif
