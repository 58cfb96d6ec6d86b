/* A database as an older release of zquant left it, with rows in every table and members in every
 * family; and what is in it, as one text. */
#ifndef ZQ_TEST_OLD_RELEASE_H
#define ZQ_TEST_OLD_RELEASE_H

#include "db/db.h"
#include "stocks.h"

#include <stdbool.h>

/* Make the database `name` as zquant `release` ("0.2.0") would, without our zq_meta_*: members
 * for each of `codes` (ends in NULL), two rows in each table. */
void old_release_make(zq_db *db, const char *name, const char *release, const char *const *codes);

/* Make the members of one more code in the connection's default database, in the form that they
 * have at `release`. */
void old_release_add_members(zq_db *db, const char *release, const char *code);

/* The same for `n` stocks as the application makes them. */
void old_release_add_stocks(zq_db *db, const char *release, int n, const stocks_ways *ways);

/* As old_release_make, with all tables in another collation: what comes of a database that was made
 * with the server's own default. */
void old_release_make_collated(zq_db *db, const char *name, const char *release,
                               const char *const *codes, const char *collation);

/* Load the database that the published application made at `release` on this engine, where its dump
 * lies beside the project; false: it does not. */
bool old_release_load_sample(zq_db *db, const char *name, const char *release);

/* Every value of every row of the application's tables in the default database, sorted by table;
 * malloc'ed. Columns whose names end in `_time` or `_at` are left out when `without_times`: some
 * are given the time of the upgrade. */
char *old_release_rows(zq_db *db, bool without_times);

#endif
