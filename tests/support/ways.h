/* One revision, run in each of the ways that there are, on the same database: by the vendors'
 * clients alone, as the truth; by zquant-migrate; as an offline script by either client. */
#ifndef ZQ_TEST_WAYS_H
#define ZQ_TEST_WAYS_H

#include "cli.h"

typedef enum ways_client {
    WAYS_MARIADB, /* MariaDB's `mariadb` */
    WAYS_MYSQL,   /* Oracle's `mysql`, in its chroot */
} ways_client;

/* own_begin: a database at head, without an administrator. */
void ways_begin(const char *test);

/* Is that client there? One of them is. */
bool ways_has(ways_client client);

/* Let the client run a script in the database; free the result by program_free. */
program_result ways_run(ways_client client, const char *script);

/* Take away all that is not zquant's, and each member and record of a revision after the newest of
 * zquant's; then run `setup` in the session that revisions have. */
void ways_reset(const char *setup);

/* All that is not zquant's, and the members: definitions, rows, routines, triggers, events; then
 * what is recorded, and what is under way. As malloc'ed text. */
char *ways_contents(void);

/* Run the revision files in program_dir() online; they may lose data, and lock. */
program_result ways_online(void);

/* The same as an offline script; its text in `out`, which stays empty when it is refused. */
program_result ways_script(void);

#endif
