/* Families: one table for each stock, named by a pattern with "{code}" in it. */
#ifndef ZQ_MODEL_FAMILY_H
#define ZQ_MODEL_FAMILY_H

#include "base/arena.h"
#include "model/schema.h"

enum { ZQ_CODE_MAX = 20 };

/* The family that owns a base table of this name, or NULL; `out_code` (if not NULL) gets where in
 * `name` its code starts.
 *
 * The longest matching prefix owns a table, so that zq_data_tustock_daily_basic_600001 is no member
 * of zq_data_tustock_daily_{code}. A code matches [a-z0-9_]{1,20}. A table that `schema` names
 * outright is never a member. Views are the caller's to leave out: a member is a base table. */
const zq_table *zq_family_of(const zq_schema *schema, const char *name, const char **out_code);

/* `text` with every "{code}" replaced by `code`; in `arena`. */
char *zq_family_expand(zq_arena *arena, const char *text, const char *code);

/* The family's table as its member `code` has it: name, index and key names expanded. In `arena`.
 */
const zq_table *zq_family_member(zq_arena *arena, const zq_table *family, const char *code);

/* The inverse for one identifier of a member: the code written back as "{code}" where the
 * family's own pattern for that identifier has it. `pattern_names` (ends in NULL) are the family's
 * identifiers of that kind; an identifier that matches none is returned as it is. */
const char *zq_family_fold(zq_arena *arena, const char *const *pattern_names, const char *name,
                           const char *code);

#endif
