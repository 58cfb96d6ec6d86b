/* Families: one table for each stock, named by a pattern that ends in "{code}". */
#ifndef ZQ_MODEL_FAMILY_H
#define ZQ_MODEL_FAMILY_H

#include "base/arena.h"
#include "model/schema.h"

enum { ZQ_CODE_MAX = 20 };

/* The family that owns a base table of this name, or NULL; `out_code` (if not NULL) gets where in
 * `name` its code starts.
 *
 * The longest matching prefix owns a table, so that zq_data_tustock_daily_basic_600001 is not a
 * member of zq_data_tustock_daily_{code}; where what follows that prefix is not a code, no family
 * owns it. A code matches [a-z0-9_]{1,20}. A table that `schema` names outright is never a member.
 * Views are the caller's to leave out: a member is a base table. */
const zq_table *zq_family_of(const zq_schema *schema, const char *name, const char **out_code);

/* `text` with every "{code}" replaced by `code`; a copy in `arena`. */
char *zq_family_expand(zq_arena *arena, const char *text, const char *code);

/* The family's table as its member `code` has it: name, index and key names expanded. In `arena`.
 */
const zq_table *zq_family_member(zq_arena *arena, const zq_table *family, const char *code);

/* Does an open family leave `column` of a member to the application? It does when the column is not
 * one of the family's, and is what the application adds: a nullable number that is computed nowhere
 * but by it. Such a column is neither a difference nor part of what the member is. */
bool zq_family_leaves_open(const zq_table *family, const zq_column *column);

/* `member` without the columns that `family` leaves to the application; `member` itself when it has
 * none. What is compared with the family, or digested, is this. In `arena`. */
const zq_table *zq_family_closed(zq_arena *arena, const zq_table *family, const zq_table *member);

/* The inverse for one identifier of a member: the family's own pattern for it, when one of
 * `pattern_names` (ends in NULL; the family's identifiers of that kind) expands to it. An
 * identifier that the family does not know gets "{code}" for every whole word that is the code, so
 * that members with the same oddity have the same form: "ix_zq_x_600001_a" is "ix_zq_x_{code}_a".
 * Such a result never equals one of the patterns. In `arena`, or one of the patterns. */
const char *zq_family_fold(zq_arena *arena, const char *const *pattern_names, const char *name,
                           const char *code);

/* The same for the name of an index, which may carry the code of another member: the indexes of a
 * member that was made by CREATE TABLE ... LIKE another keep their names. Such a name gives the
 * pattern, too, and sets `*out_other`, else false: "ix_zq_x_000001_a" of member 600000 is
 * "ix_zq_x_{code}_a". Where several patterns fit, the one that leaves the shortest code; a code
 * that is this member's and more ("600000_my") is not another member's. */
const char *zq_family_fold_index(zq_arena *arena, const char *const *pattern_names,
                                 const char *name, const char *code, bool *out_other);

/* The same for all names of a member's table: its indexes, foreign keys with what they refer to,
 * and extras. An index that carries the code of another member, and comes to the same name as
 * another index of the table, stays what it is called. Gives how many carry one and do not. In
 * `arena`. */
size_t zq_family_fold_table(zq_arena *arena, zq_table *io_table, const char *const *index_names,
                            const char *const *key_names, const char *code);

#endif
