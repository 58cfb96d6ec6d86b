/* The rows of zq_meta_seeds: what was last applied, of the built-in seeds and of those of a folder.
 */
#ifndef ZQ_SEED_SEED_RECORD_H
#define ZQ_SEED_SEED_RECORD_H

#include "seed/rbac.h"

/* A list of rows in an arena. */
typedef struct zq_record_rows {
    zq_rbac_record *items;
    size_t n;
} zq_record_rows;

void zq_seed_record_add(zq_arena *arena, zq_record_rows *rows, zq_rbac_record row);

/* The rows of seeds that were applied as a whole, with their digest. Texts stay the seeds'. */
void zq_seed_record_seeds(const zq_seeds *seeds, zq_arena *arena, zq_record_rows *out);

/* All rows that the table shall have, of what was last applied of the built-in seeds and of those
 * of a folder. */
void zq_seed_record_join(const zq_record_rows *builtin, const zq_record_rows *folder,
                         zq_arena *arena, zq_record_rows *out);

/* Tell the rows of the table apart, into `records` and `folder_records` of `out` with what belongs
 * to them. Builds before the two were kept apart wrote either without saying which: then it is the
 * digest that tells. */
zq_rc zq_seed_record_split(const zq_record_rows *rows, zq_arena *arena, zq_rbac *out, zq_err *err);

#endif
