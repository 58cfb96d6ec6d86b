/* The clauses of ALTER TABLE that do the changes of a table. Pure text. */
#ifndef ZQ_DIFF_CLAUSE_H
#define ZQ_DIFF_CLAUSE_H

#include "diff/change.h"
#include "sql/flavor.h"
#include "sql/sql.h"

/* One ALTER TABLE under construction; nothing is written before its first clause. */
typedef struct zq_clauses {
    zq_sql *sql;
    const char *table;
    zq_flavor flavor;
    size_t n;      /* clauses so far */
    bool in_lines; /* each begins a line */
} zq_clauses;

/* Begin a clause that the caller writes: "ALTER TABLE `t` ", or ", "; with a line break for the
 * space when they stand in lines. */
void zq_clauses_begin(zq_clauses *clauses);

/* Append what does the change, as its row in the table of operations says. MOVE_COLUMN says all
 * that the column shall be, and so does the ALTER_COLUMN of the same column that comes after it;
 * either says the RENAME_COLUMN of its column, too, which comes before it.
 * What no clause can do sticks as an error of `sql` (zq_sql_refuse): a table that is really a view,
 * a column that becomes or stops being virtual, or is renamed and stands in an expression, an
 * extra, and a foreign key that changes, which takes two statements. */
void zq_clauses_add(zq_clauses *clauses, const zq_change *change);

#endif
