/* What the server says about the statements of a way before they run. */
#ifndef ZQ_MIGRATE_ASK_H
#define ZQ_MIGRATE_ASK_H

#include "db/db.h"
#include "rev/chain.h"

/* What came of asking about one statement. */
typedef struct zq_asked {
    const char *file;
    const zq_rev_statement *statement;
    const char *words; /* the server's, who does not understand it; NULL: it could not be asked */
} zq_asked;

typedef struct zq_asked_list {
    const zq_asked *items; /* in the order of the way; those that the server understands are not in
                              it */
    size_t n;
} zq_asked_list;

/* Ask the server by PREPARE, which reads a statement and does not run it. What it has against the
 * tables, which earlier statements may make, does not count. The session is as ours (zq_db_open)
 * before; a statement after the revision has SET sql_mode is not asked about. Fails as zq_db_run
 * does, when the connection is lost. In `arena`. */
zq_rc zq_path_ask(zq_db *db, const zq_path *path, zq_arena *arena, zq_asked_list *out, zq_err *err);

/* Fails with ZQ_E_DATA, "FILE:LINE: the server does not understand ...", at the first that it does
 * not understand; the detail has the server's words. */
zq_rc zq_ask_check(const zq_asked_list *asked, zq_err *err);

/* Is each statement short enough to be sent? Asks only when one is long. Fails with ZQ_E_DATA,
 * "FILE:LINE: what", and as zq_db_run does. */
zq_rc zq_path_fits(zq_db *db, const zq_path *path, zq_arena *arena, zq_err *err);

#endif
