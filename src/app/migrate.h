/* What the commands of zquant-migrate share: the chain, what the database says, and a run. */
#ifndef ZQ_APP_MIGRATE_H
#define ZQ_APP_MIGRATE_H

#include "app/app.h"
#include "db/db.h"
#include "migrate/record.h"
#include "rev/chain.h"
#include "run/lease.h"

typedef struct zq_migration {
    zq_app *app;
    zq_db *db;       /* NULL until zq_migration_connect */
    zq_lease *lease; /* NULL until zq_migration_lock */
    const char *database;
    zq_chain chain;
    zq_record record;
    size_t position; /* in the chain; 0 when nothing is recorded */
} zq_migration;

/* `ZQ_AUTO_MIGRATION(m);` gives back its lease and closes its connection at the end of its scope.
 */
void zq_migration_done(zq_migration *migration);
#define ZQ_AUTO_MIGRATION(name) __attribute__((cleanup(zq_migration_done))) zq_migration name = {0}

/* Read the revisions, --dir included; no connection is made. */
zq_rc zq_migration_open(zq_app *app, zq_migration *out, zq_err *err);

/* The same for a command that is a way out: files that are wrong are warned of, and left out. */
zq_rc zq_migration_open_anyhow(zq_app *app, zq_migration *out, zq_err *err);

/* Connect, and read where the database is. A database that is not there, or that has no record, is
 * no error yet. Fails as zq_chain_verify does. */
zq_rc zq_migration_connect(zq_migration *migration, zq_err *err);
/* The same, for commands that are ways out: a place that the files do not lead to is not a failure,
 * but said in `out_trouble`, and the position is 0 then. */
zq_rc zq_migration_connect_anyhow(zq_migration *migration, zq_err *out_trouble, zq_err *err);
/* The same as zq_migration_connect, over the connection that it has. */
zq_rc zq_migration_read(zq_migration *migration, zq_err *err);

/* Fail unless the database has a record of a revision, and name the command that gives it one. */
zq_rc zq_migration_need_record(const zq_migration *migration, zq_err *err);
/* The same, but base is a place too: a database in which there is nothing of ours. */
zq_rc zq_migration_need_place(const zq_migration *migration, zq_err *err);

/* Fail when head is recorded, and tables are gone or are not those of head: nothing to do is not
 * the same as nothing to say. One round trip. */
zq_rc zq_migration_need_tables(const zq_migration *migration, zq_err *err);

/* Is somebody at the revision that is under way, on whatever node? May take some seconds, on a
 * cluster. */
zq_rc zq_migration_is_at_work(const zq_migration *migration, bool *out, zq_err *err);

/* Fail because a revision was cut short, and name the command that completes it. */
zq_rc zq_migration_fail_under_way(const zq_migration *migration, zq_err *err);

/* The revision that is recorded, whether a file has it or not; "base" at base. */
const char *zq_migration_recorded(const zq_migration *migration);

/* Take the lease, unless it is held, and read again where the database is. */
zq_rc zq_migration_lock(zq_migration *migration, zq_err *err);
zq_rc zq_migration_lock_anyhow(zq_migration *migration, zq_err *out_trouble, zq_err *err);

/* Make the zq_meta_* tables that are missing. */
zq_rc zq_migration_make_meta(zq_migration *migration, zq_err *err);

/* Make those of these `n` tables of `schema` that are missing. */
zq_rc zq_migration_make_tables(zq_migration *migration, const zq_schema *schema,
                               const char *const *names, size_t n, zq_err *err);

/* Bring the database to `target` ("head", "+1", ...; NULL: head), up or down, as the settings say;
 * with --dry-run print what would be run. Says what it does, and prints the result with --json.
 * A database without any of our tables is at base. */
zq_rc zq_migration_run(zq_migration *migration, const char *target, zq_direction direction,
                       zq_err *err);

/* Print the way as a script, without a connection. `words` is "FROM:TO", or up also "TO", from base
 * then; NULL: all of it. */
zq_rc zq_migration_script(zq_migration *migration, const char *words, zq_direction direction,
                          zq_err *err);

/* ---- for init ---- */

/* Record a database that has no record as the release whose schema it has exactly; one that is no
 * known release is refused with ZQ_E_DIFFERS, after what differs from the nearest was printed. */
zq_rc zq_migration_adopt_exact(zq_app *app, zq_err *err);

/* Run the pending revisions over a connection whose default database is the settings', under the
 * lease of whoever calls. */
zq_rc zq_migration_upgrade(zq_app *app, zq_db *db, zq_lease *lease, zq_err *err);

#endif
