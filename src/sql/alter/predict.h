/* What a statement makes of a table, from its words. Pure. */
#ifndef ZQ_SQL_ALTER_PREDICT_H
#define ZQ_SQL_ALTER_PREDICT_H

#include "base/arena.h"
#include "model/schema.h"
#include "sql/flavor.h"

typedef enum zq_prediction {
    ZQ_PREDICTED,          /* `*out_after` is the table afterwards */
    ZQ_PREDICTION_UNKNOWN, /* a clause that is not understood, or depends on more than the table */
    ZQ_PREDICTION_REFUSED, /* cannot succeed on this table: the column is not there, or is there
                           already */
} zq_prediction;

/* What ALTER TABLE, CREATE INDEX or DROP INDEX makes of `before`, if the server takes it: what
 * depends on the rows, on other tables, or on the server's limits is not looked into. `text` is one
 * statement as people write it, as run under zq_session_sql(); the name of the table in it is taken
 * for that of `before`, which may be a family when "{table}" and "{code}" in the text were replaced
 * by its patterns. `before` is in the normal form of the catalog reader, and so is `*out_after`,
 * which is filled only for ZQ_PREDICTED; it is in `arena`, and points into `before`. What the
 * statement renames has `was`, and nothing else has.
 *
 * What is said of the servers here was seen on MariaDB 10.11 and MySQL 9.7 (tests/live/
 * alter_model.c); where releases of them differ, the answer is ZQ_PREDICTION_UNKNOWN. */
zq_prediction zq_predict(const char *text, size_t length, zq_flavor flavor, const zq_table *before,
                         zq_arena *arena, zq_table *out_after);

/* Why the answer is ZQ_PREDICTION_REFUSED, in words that follow the table's name: "has no column
 * 'a'". NULL for any other answer. In `arena`. */
const char *zq_predict_obstacle(const char *text, size_t length, zq_flavor flavor,
                                const zq_table *before, zq_arena *arena);

typedef enum zq_done {
    ZQ_DONE,
    ZQ_DONE_NOT,
    ZQ_DONE_UNKNOWN,
} zq_done;

/* Is `table` as that statement leaves a table: is what it adds there already, as it adds it, and
 * what it drops gone? Nothing need be known of the table before. Unknown for what zq_predict
 * does not know, for a statement that would do something again each time ("RENAME COLUMN a TO b,
 * RENAME COLUMN b TO a"), and for one that does what leaves no trace in the definition (FORCE). */
zq_done zq_predict_is_done(const char *text, size_t length, zq_flavor flavor, const zq_table *table,
                           zq_arena *arena);

#endif
