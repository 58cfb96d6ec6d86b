/* What a statement changes by way of others: stored functions and procedures that it calls,
 * triggers on the tables that it writes, views that call or write on their part. What such a body
 * does is what its words say (sql/read/statement.h). */
#ifndef ZQ_MIGRATE_REACH_H
#define ZQ_MIGRATE_REACH_H

#include "db/db.h"
#include "rev/chain.h"

typedef enum zq_hidden_kind {
    ZQ_HIDDEN_ROUTINE,
    ZQ_HIDDEN_TRIGGER,
    ZQ_HIDDEN_VIEW,
    ZQ_HIDDEN_EVENT, /* the statement's own, whose body runs by itself */
} zq_hidden_kind;

/* One of these, on the server or made on the way. */
typedef struct zq_hidden {
    zq_hidden_kind kind;
    const char *name;
    const char *table;   /* TRIGGER: it is on this one */
    const char *event;   /* TRIGGER: "INSERT", "UPDATE", "DELETE" */
    const char *said;    /* "the function '%s'", for its name */
    bool is_seen;        /* its body may be looked at, and is understood */
    zq_statement parsed; /* what its body does */
    size_t from; /* the statement on the way that makes it, counted from 1; 0: it is there */
} zq_hidden;

typedef struct zq_reach {
    const char *database; /* what is called with this before it is called here; may be NULL */
    zq_hidden *items;
    size_t n;
} zq_reach;

/* What the way itself makes. Pure; in `arena`. */
void zq_reach_made(const zq_path *path, zq_arena *arena, zq_reach *io);

/* Add what is on the server and may be reached from the way. `members` names, for each family of a
 * statement (NULL: none), the member that stands for it. One round trip for each step from one body
 * to the next, none when nothing can be reached. Fails as zq_db_run does. In `arena`. */
typedef const char *zq_reach_member(const void *context, const zq_rev_statement *statement);
zq_rc zq_reach_read(zq_db *db, const zq_path *path, zq_reach_member *member, const void *context,
                    zq_arena *arena, zq_reach *io, zq_err *err);

/* What may be reached by its name: a view, or a trigger on that table; "FAMILY_{code}" for members.
 */
typedef struct zq_reach_name {
    zq_hidden_kind kind;
    const char *name;
} zq_reach_name;

/* The names by which the way may reach views and triggers, for who cannot ask a server now. Pure;
 * in `arena`. */
size_t zq_reach_names(const zq_path *path, zq_arena *arena, const zq_reach_name **out);

/* What a statement reaches, `at` being its number on the way, counted from 1, and `member` the name
 * that stands for "{table}" (may be NULL). `*out_foreign`: something that it calls in another
 * database; NULL: nothing. In `arena`. Pure. */
size_t zq_reach_of(const zq_reach *reach, const zq_rev_statement *statement, size_t at,
                   const char *member, zq_arena *arena, const zq_hidden *const **out,
                   const char **out_foreign);

/* Is it a view that the statement writes to? Then it writes to what stands behind that. */
bool zq_reach_writes_through(const zq_hidden *hidden, const zq_rev_statement *statement);

/* The first call that nothing is known of; NULL: none. For who cannot ask a server. Pure. */
const char *zq_reach_unknown(const zq_reach *reach, const zq_rev_statement *statement, size_t at);

#endif
