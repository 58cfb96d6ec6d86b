/* What a database holds beside its tables: views, triggers, routines and events, and who may use
 * it. For a certificate: names, and digests of what they do. */
#ifndef ZQ_RUN_INVENTORY_H
#define ZQ_RUN_INVENTORY_H

#include "base/digest.h"
#include "db/db.h"

typedef struct zq_object {
    const char *kind; /* "view", "trigger", "procedure", "function", "event", "sequence" */
    const char *name;
    const char *definer;
    char digest[ZQ_DIGEST_HEX];  /* of its definition, names of this database left out */
    char columns[ZQ_DIGEST_HEX]; /* of a view: of its columns' names; else "" */
    const char *problem;         /* of a view: why it does not open; NULL: it does. Not kept in a
                                  * certificate, where `columns` is "" then */
} zq_object;

typedef struct zq_inventory {
    const zq_object *objects; /* by kind, then name */
    size_t n_objects;
    /* Each "'zquant'@'%': SELECT", or "'zquant'@'%': SELECT on zq_app_users"; what is granted for
     * all databases is left out, because it is the server's. Sorted. */
    const char *const *grants;
    size_t n_grants;
    bool sees_accounts; /* false: this account may not read mysql.*, and `grants` is not all */
    /* Definers of `objects`, "user@host", that are not accounts of the server: each once, sorted;
     * those of views that do not open for it left out. None are known when the accounts cannot be
     * seen. */
    const char *const *missing_definers;
    size_t n_missing_definers;
    /* Kinds of objects that the account may not see all of, with a space after each: "trigger event
     * ". "view": it may see that they are there, and not what they are. */
    const char *unseen;
} zq_inventory;

/* Read it. The definitions of views are spelled in each vendor's own way; those of the others are
 * kept as they were written. Fails as zq_db_run does. In `arena`. */
zq_rc zq_inventory_read(zq_db *db, const char *database, zq_arena *arena, zq_inventory *out,
                        zq_err *err);

/* Is a kind of objects among the unseen? */
bool zq_inventory_misses(const zq_inventory *inventory, const char *kind);

#endif
