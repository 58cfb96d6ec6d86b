/* How large tables are, as the server estimates it. */
#ifndef ZQ_RUN_SIZES_H
#define ZQ_RUN_SIZES_H

#include "base/arena.h"
#include "db/db.h"
#include "model/schema.h"

/* A table, or all members of a family. */
typedef struct zq_size {
    const char *name;            /* of the table, or the family's pattern */
    bool known;                  /* there is such a table, and it can be seen */
    unsigned long long n_tables; /* 1, or the members that are there */
    unsigned long long rows;
    unsigned long long bytes; /* with indexes */
} zq_size;

/* Fill in the sizes of those with these names: one query, whatever their number. A family is one of
 * `schema`. The number of rows is InnoDB's guess, which may be wrong by half. Fails as zq_db_run
 * does. */
zq_rc zq_sizes_read(zq_db *db, const char *database, const zq_schema *schema, zq_size *io_sizes,
                    size_t n, zq_err *err);

#endif
