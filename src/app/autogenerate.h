/* The text of a revision from what differs between two sides. */
#ifndef ZQ_APP_AUTOGENERATE_H
#define ZQ_APP_AUTOGENERATE_H

#include "app/app.h"
#include "rev/chain.h"

typedef struct zq_drafted {
    size_t n_changes; /* 0: the two are the same, and all that follows is empty */
    const char *from; /* the sides, for messages */
    const char *to;
    const zq_schema *schema; /* what the revision leads to */
    const char *upgrade;     /* SQL as it stands in the file */
    const char *downgrade;
    size_t n_statements;     /* of the upgrade */
    size_t n_unreviewed;     /* questions that nobody has answered */
    const char *const *left; /* what no statement does: "zq_x: table ..." */
    size_t n_left;
} zq_drafted;

/* Compare the sides that --from and --to name, with the renames of --rename and those that people
 * agree to on the terminal, and write both directions. A database as `from` must be at the newest
 * revision and be what that has it to be, else the command that brings it there is named
 * (ZQ_E_DIFFERS). In the run's arena. */
zq_rc zq_autogenerate(zq_app *app, const zq_chain *chain, zq_drafted *out, zq_err *err);

#endif
