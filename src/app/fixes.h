/* Statements for what a check found. */
#ifndef ZQ_APP_FIXES_H
#define ZQ_APP_FIXES_H

#include "base/buf.h"
#include "run/compare.h"
#include "sql/flavor.h"

/* What to write about. */
typedef struct zq_fixes {
    const char *database;
    const char *measure; /* "zquant 0.4.0": what the comparison is with */
    const zq_comparison *comparison;
    const zq_schema *live;   /* the tables that are there, families left out */
    const char *default_fix; /* a statement for the database's default charset; NULL: not needed */
    zq_flavor flavor;
} zq_fixes;

/* The statement that gives the indexes of one member their own names: those of `renames` from
 * `*at` on, which is moved behind them. In `arena`. */
zq_rc zq_fixes_rename(const zq_rename *renames, size_t n, size_t *at, zq_arena *arena,
                      const char **out, zq_err *err);

/* Append a script of statements that take the differences away which statements can take away
 * without losing or inventing a value; what is left to people is in comments. */
zq_rc zq_fixes_write(zq_buf *out, const zq_fixes *fixes, zq_arena *arena, zq_err *err);

#endif
