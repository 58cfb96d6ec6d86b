/* What the words of one statement tell of its cost, without a server. Pure. */
#ifndef ZQ_REV_STATEMENT_COST_H
#define ZQ_REV_STATEMENT_COST_H

#include "base/phrase.h"
#include "rev/chain.h"

/* What it throws away: "drops the columns 'a' and 'b' of 'zq_app_users'"; NULL: its words tell of
 * nothing. In `arena`. */
const char *zq_statement_cost_loses(const zq_rev_statement *statement, zq_tongue tongue,
                                    zq_arena *arena);

/* Does it change the member of its family, and that alone? */
bool zq_statement_cost_of_member(const zq_rev_statement *statement);

/* What CONVERT TO a charset may lose, where nothing more is known of the table; or NULL. */
const char *zq_statement_cost_narrows(const zq_rev_statement *statement, zq_tongue tongue,
                                      zq_arena *arena);

/* Does it give a column another definition? */
bool zq_statement_cost_retypes(const zq_rev_statement *statement);

/* That nobody can know what it does: "what the procedure 'p' does cannot be known"; NULL: its words
 * tell. In `arena`. */
const char *zq_statement_cost_unknown(const zq_rev_statement *statement, zq_tongue tongue,
                                      zq_arena *arena);

/* "'zq_app_users'", "every member of 'zq_data_tustock_daily_{code}'". In `arena`. */
const char *zq_statement_cost_names(const zq_rev_statement *statement, zq_tongue tongue,
                                    zq_arena *arena);

/* How a statement on a table would keep the application waiting. */
typedef struct zq_statement_cost {
    bool locks;       /* says so: ALGORITHM=COPY, LOCK=SHARED, ORDER BY, a fulltext index ... */
    bool may_lock;    /* copies, unless the table tells otherwise: CONVERT TO, ENGINE=, CHECK,
                         a column with REFERENCES */
    bool rebuilds;    /* writes the table anew: FORCE, ENGINE= */
    bool never;       /* asks the server itself to refuse rather than to block writes */
    bool never_copy;  /* or rather than to copy */
    bool leaves_open; /* only the table tells: MODIFY, ADD COLUMN, ADD FOREIGN KEY ... */
} zq_statement_cost;

/* Of ALTER TABLE, CREATE INDEX and DROP INDEX; nothing is true of others. */
zq_statement_cost zq_statement_cost_of(const zq_rev_statement *statement);

#endif
