/* What can be known of a database's rows without a certificate: do they hold together? */
#ifndef ZQ_RUN_SOUNDNESS_H
#define ZQ_RUN_SOUNDNESS_H

#include "db/db.h"
#include "model/schema.h"
#include "run/fault.h"
#include "run/inventory.h"
#include "run/tally.h"

typedef struct zq_soundness {
    zq_db *db;
    const char *database;       /* its default database */
    const zq_schema *schema;    /* names the families */
    const zq_tallies *tables;   /* by zq_tally_list */
    const zq_inventory *things; /* by zq_inventory_read */
    const char *admin_role;
} zq_soundness;

/* Add to `out` a fault for each foreign key with orphans (and how many rows they are), each view
 * that does not open, each definer that is not an account, each AUTO_INCREMENT counter that is not
 * above the greatest key, each family that has no table for some of the stocks that
 * zq_data_tustock_stockbasic lists, and where nobody who is active has the administrator's role.
 *
 * What cannot be looked at is a fault, too. Fails only as a lost connection does. */
zq_rc zq_soundness_read(const zq_soundness *what, zq_faults *out, zq_err *err);

#endif
