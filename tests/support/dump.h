/* Dumps of a live database by its vendor's own program, and what comes of them elsewhere. */
#ifndef ZQ_TEST_DUMP_H
#define ZQ_TEST_DUMP_H

#include "base/arena.h"
#include "program.h"

#include <stdbool.h>

/* The words of that program, ending in NULL, for all of `database` in one snapshot, as
 * docs/recovery.md has them; `more` (may be NULL) is one more of them. In `arena`. Logs in as the
 * account of the live server unless `user` is not NULL; the password is in MYSQL_PWD. */
const char *const *dump_words(const char *database, const char *user, const char *more,
                              zq_arena *arena);

/* `words`, then "--", then dump_words: for `verify --write FILE -- ...`. */
const char *const *dump_words_after(const char *const *words, const char *const *dump,
                                    zq_arena *arena);

/* The dump itself; malloc'ed. */
char *dump_of(const char *database);

/* Make `database` anew on the live server, and load a dump into it. */
void dump_load(const char *database, const char *text);

/* From here on the live server is the other engine's ("mysql" for "mariadb"), until called again;
 * false, and nothing is changed, when it is not there. The environment of programs goes with it. */
bool dump_other_engine(void);

#endif
