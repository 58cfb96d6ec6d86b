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

/* Read and tell. */
void zq_warnings_show(zq_warned *warned, zq_db *db);

/* One statement, whose text may end in a comment; `warned` is for what the server warns of in it.
 */
typedef struct zq_warned_text {
    const char *text;
    zq_warned *warned;
} zq_warned_text;

/* `n` texts as one, each followed by its warnings, for whoever sends it, perhaps with something
 * before it or behind; the answers to it in `out`, of which every second is one of warnings, and
 * shows these. Nothing follows a text that is refused. In `arena`. */
const char *zq_warnings_join(const zq_warned_text *texts, size_t n, zq_arena *arena,
                             zq_answers *out);

/* The statement whose answer is warnings, its columns (zq_answer), and to tell a row of it. */
#define ZQ_SHOW_WARNINGS "SHOW WARNINGS"
#define ZQ_WARNING_COLUMNS "tit"
void zq_warnings_take(zq_warned *warned, const zq_row *row);

/* The statement has run for the last time: tell how many were not shown. */
void zq_warnings_end(zq_warned *warned);

#endif
