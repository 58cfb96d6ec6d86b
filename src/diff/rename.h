/* What tables, columns and indexes are called before and after: who was whom. Pure. */
#ifndef ZQ_DIFF_RENAME_H
#define ZQ_DIFF_RENAME_H

#include "base/arena.h"
#include "base/err.h"
#include "model/schema.h"

/* One table and the names in it. */
typedef struct zq_renaming {
    const zq_table *from; /* as it is */
    const zq_table *to;   /* as it shall be, under another name perhaps; NULL: it goes */
    const char **columns; /* by place in `from`: what it will be called; NULL: it goes, and another
                             column takes its name */
    const char **indexes; /* the same */
    bool renames;         /* something in it is renamed, the table itself not counted */
    const zq_table *view; /* `from` under the new names, without columns whose name is taken */
} zq_renaming;

/* Do two of `table`'s columns, or two of its indexes, claim to have been the same one?
 * ZQ_E_MODEL. */
zq_rc zq_renaming_check(const zq_table *table, zq_err *err);

/* Which columns and indexes of `from` are called otherwise in `to`, by what `to` says they were
 * (zq_column.was). It counts when the new name is not there yet; when `sure`, always.
 * What `from` says that its own were counts when `to` is how it was, unless `sure`. An index that
 * differs in more than its name is not renamed: it is dropped and made. The view has what foreign
 * keys refer to as it was. All in `arena`. */
zq_renaming zq_renaming_of(const zq_table *to, const zq_table *from, bool sure, zq_arena *arena);

/* The same for the tables of two schemas: one for each of `actual`, in its order. The views follow
 * renamed tables and columns in what foreign keys refer to, and in the names that InnoDB gave them
 * ("<table>_ibfk_1"). Fails when two tables claim to have been the same one. */
zq_rc zq_renamings_of(const zq_schema *desired, const zq_schema *actual, bool sure, zq_arena *arena,
                      zq_renaming **out, zq_err *err);

#endif
