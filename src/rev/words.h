/* What the words of one statement tell of its cost, without a server. Pure. */
#ifndef ZQ_REV_WORDS_H
#define ZQ_REV_WORDS_H

#include "rev/chain.h"

/* What it throws away: "drops the columns 'a' and 'b' of 'zq_app_users'"; NULL: its words tell of
 * nothing. In `arena`. */
const char *zq_words_lose(const zq_rev_statement *statement, zq_arena *arena);

/* "'zq_app_users'", "every member of 'zq_data_tustock_daily_{code}'". In `arena`. */
const char *zq_words_name(const zq_rev_statement *statement, zq_arena *arena);

/* How a statement on a table would keep the application waiting. */
typedef struct zq_words {
    bool locks;       /* says so: ALGORITHM=COPY, LOCK=SHARED, ORDER BY, a fulltext index ... */
    bool may_lock;    /* copies, unless the table is like that already: CONVERT TO, ENGINE= */
    bool rebuilds;    /* writes the table anew: FORCE, ENGINE= */
    bool never;       /* asks the server itself to refuse rather than to block writes */
    bool never_copy;  /* or rather than to copy */
    bool leaves_open; /* only the table tells: MODIFY, ADD COLUMN, ADD FOREIGN KEY ... */
} zq_words;

/* Of ALTER TABLE, CREATE INDEX and DROP INDEX; nothing is true of others. */
zq_words zq_words_of(const zq_rev_statement *statement);

/* Are all tables that this statement of the leg changes made on the way before it, and nothing put
 * into them? Such a table has no rows to lose or to copy. */
bool zq_path_makes_all(const zq_path *path, const zq_leg *leg, size_t statement);

#endif
