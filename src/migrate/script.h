/* A way through the chain as a script for the `mysql` client, for servers that only a DBA may
 * touch. No connection is made. */
#ifndef ZQ_MIGRATE_SCRIPT_H
#define ZQ_MIGRATE_SCRIPT_H

#include "base/buf.h"
#include "rev/chain.h"
#include "sql/flavor.h"

typedef struct zq_script {
    const zq_chain *chain;
    size_t from; /* position where the script begins */
    zq_direction direction;
    const char *database;    /* that it uses, and creates when `from` is base */
    const zq_schema *schema; /* zq_meta_*, and the families that are known by their prefixes */
    const char *tool_version;
    zq_flavor flavor;
    bool allow_unknown; /* it may meet triggers and views that nobody has looked at */
} zq_script;

/* Append the script for `path`, which begins at `script->from`.
 *
 * It leaves what an online run leaves: the same schema, the same rows in zq_meta_history (but for
 * times, durations and the account). It refuses, by an error that ends the client, a database that
 * is not at `from` or that has a run under way, and, unless it may, one with triggers on what it
 * changes or views among what it names. Statements for members of families and for ranges
 * of keys are run by procedures that the script creates and drops again: they read the members and
 * keys that are there then.
 *
 * Fails with ZQ_E_DATA for a name that cannot be written. */
zq_rc zq_script_write(const zq_script *script, const zq_path *path, zq_arena *arena, zq_buf *out,
                      zq_err *err);

#endif
