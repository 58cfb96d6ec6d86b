/* What the server warns of in a statement that it has run: a key that it has shortened, a value
 * that it has cut. */
#ifndef ZQ_RUN_WARNINGS_H
#define ZQ_RUN_WARNINGS_H

#include "db/db.h"
#include "run/watch.h"

#include <stdatomic.h>

/* One statement of a file, which may run many times: on each member, in each batch. */
typedef struct zq_warned {
    const char *where; /* FILE:LINE */
    const zq_watch *watch;
    atomic_uint shown, more;
} zq_warned;

/* The warnings of the last statement over `db`, which was the only one of its run; asks the server
 * only when it has said that there are some. Few notes, and no deprecations: they say nothing of
 * what was done. Empty, too, when they cannot be had. In `arena`. */
zq_rows zq_warnings_read(zq_db *db, zq_arena *arena);

/* Tell them, the first few of a statement; the others are counted. From any thread. */
void zq_warnings_tell(zq_warned *warned, const zq_rows *warnings);

/* The same of one row of SHOW WARNINGS, if it is worth it. */
void zq_warnings_take(zq_warned *warned, const zq_row *row);

/* Read and tell. */
void zq_warnings_show(zq_warned *warned, zq_db *db);

/* The statement has run for the last time: tell how many were not shown. */
void zq_warnings_end(zq_warned *warned);

#endif
