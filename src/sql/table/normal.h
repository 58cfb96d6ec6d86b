/* One spelling for what the servers spell in many ways. Pure. */
#ifndef ZQ_SQL_TABLE_NORMAL_H
#define ZQ_SQL_TABLE_NORMAL_H

#include "base/arena.h"
#include "model/schema.h"
#include "sql/flavor.h"
#include "sql/table/cursor.h"
#include "sql/table/expr.h"

/* Read a column's type as SHOW CREATE TABLE and COLUMN_TYPE spell it, from the cursor on: display
 * widths are dropped, tinyint(1) is BOOL, what the model does not know (ZEROFILL, float(7,3),
 * geometry ...) is OTHER in the server's words, in lower case. Texts in `arena`. */
zq_type zq_normal_type(zq_cursor *cursor, zq_arena *arena);

/* Read what follows DEFAULT, from the cursor on. `type` is the column's, `charset` its charset.
 *
 * The word NULL gives ZQ_DEFAULT_NONE. Quoted and bare numbers are the same literal. A string that
 * a zq_default's text cannot hold (bytes that are not UTF-8, a NUL) is the expression 0x and its
 * bytes. Functions without parentheses and with empty ones are the same (CURRENT_TIMESTAMP, NOW(),
 * current_timestamp()); every other expression stands in one pair of parentheses, in the normal
 * form of zq_expr_normal(); one that is a mere literal is a literal. */
zq_default zq_normal_default(zq_cursor *cursor, const zq_type *type, const char *charset,
                             zq_arena *arena);

/* What follows ON UPDATE: "CURRENT_TIMESTAMP" or "CURRENT_TIMESTAMP(3)". */
const char *zq_normal_now(zq_cursor *cursor, zq_arena *arena);

/* In lower case; "utf8" and "utf8_..." are "utf8mb3" and "utf8mb3_..." since MySQL 8.0.28 and
 * MariaDB 10.6. */
const char *zq_normal_charset(const char *name, zq_arena *arena);

/* The collation a charset has when none is named; compiled into the servers (MySQL manual, 12.2;
 * MariaDB documentation, "Supported Character Sets and Collations"). NULL for an unknown one. */
const char *zq_default_collation(const char *charset, zq_flavor flavor);

/* The charset a collation belongs to; in `arena`. */
const char *zq_collation_charset(const char *collation, zq_arena *arena);

#endif
