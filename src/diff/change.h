/* What differs between two schemas, as data, and in words. */
#ifndef ZQ_DIFF_CHANGE_H
#define ZQ_DIFF_CHANGE_H

#include "base/arena.h"
#include "model/schema.h"

/* One row for each operation: its code, its name in output and JSON, its reverse. */
#define ZQ_OP_LIST(X)                                                 \
    X(CREATE_TABLE, "create-table", DROP_TABLE)                       \
    X(DROP_TABLE, "drop-table", CREATE_TABLE)                         \
    X(ALTER_TABLE, "alter-table", ALTER_TABLE) /* options, comment */ \
    X(ADD_COLUMN, "add-column", DROP_COLUMN)                          \
    X(DROP_COLUMN, "drop-column", ADD_COLUMN)                         \
    X(ALTER_COLUMN, "alter-column", ALTER_COLUMN)                     \
    X(MOVE_COLUMN, "move-column", MOVE_COLUMN)                        \
    X(ADD_INDEX, "add-index", DROP_INDEX)                             \
    X(DROP_INDEX, "drop-index", ADD_INDEX)                            \
    X(ALTER_INDEX, "alter-index", ALTER_INDEX)                        \
    X(ADD_FOREIGN_KEY, "add-foreign-key", DROP_FOREIGN_KEY)           \
    X(DROP_FOREIGN_KEY, "drop-foreign-key", ADD_FOREIGN_KEY)          \
    X(ALTER_FOREIGN_KEY, "alter-foreign-key", ALTER_FOREIGN_KEY)      \
    X(ADD_EXTRA, "add-extra", DROP_EXTRA)                             \
    X(DROP_EXTRA, "drop-extra", ADD_EXTRA)

typedef enum zq_op {
#define ZQ_OP_ENUM_(op, name, reverse) ZQ_OP_##op,
    ZQ_OP_LIST(ZQ_OP_ENUM_)
#undef ZQ_OP_ENUM_
} zq_op;

/* What of a table, column, index or key differs: bits of zq_change.mask. */
enum {
    ZQ_DIFF_TYPE = 1u << 0,
    ZQ_DIFF_NULL = 1u << 1,
    ZQ_DIFF_DEFAULT = 1u << 2,
    ZQ_DIFF_ON_UPDATE = 1u << 3,
    ZQ_DIFF_AUTO_INCREMENT = 1u << 4,
    ZQ_DIFF_CHARSET = 1u << 5,
    ZQ_DIFF_COLLATION = 1u << 6,
    ZQ_DIFF_COMMENT = 1u << 7,
    ZQ_DIFF_POSITION = 1u << 8,
    ZQ_DIFF_GENERATED = 1u << 9,
    ZQ_DIFF_VISIBLE = 1u << 10,
    ZQ_DIFF_KIND = 1u << 11,
    ZQ_DIFF_PARTS = 1u << 12,
    ZQ_DIFF_TARGET = 1u << 13,
    ZQ_DIFF_RULES = 1u << 14,
    ZQ_DIFF_ENGINE = 1u << 15,
};

/* One difference. To go from `actual` to `desired`, do `op`; the object is in `actual` (from) and
 * `desired` (to), NULL where it has none. */
typedef struct zq_change {
    zq_op op;
    const zq_table *actual;
    const zq_table *desired;
    const char *table;  /* its name; "{code}" for a family */
    const char *object; /* the column's, index's or key's name; NULL: the table itself */
    const void *from;   /* const zq_column *, zq_index *, zq_foreign_key * or zq_extra * */
    const void *to;
    unsigned mask;
    const char *expected; /* in words or SQL: what the descriptors say; "" when nothing */
    const char *found;    /* the same for what is there */
    const char *after;    /* ADD_ and MOVE_COLUMN: the column before it; NULL: first */
} zq_change;

typedef struct zq_changes {
    const zq_change *items;
    size_t n;
} zq_changes;

/* Compare what we want with what is there.
 *
 * Pure: no I/O, nothing allocated outside `arena`; the order of the inputs does not matter.
 * `out` is sorted by table, then by operation, and is empty when the two agree. Families are
 * compared like tables. Fails only with ZQ_E_MODEL, when `desired` contradicts itself. */
zq_rc zq_diff(const zq_schema *desired, const zq_schema *actual, zq_arena *arena, zq_changes *out,
              zq_err *err);

/* The same for one table; either may be NULL. */
zq_rc zq_diff_table(const zq_table *desired, const zq_table *actual, zq_arena *arena,
                    zq_changes *out, zq_err *err);

const char *zq_op_name(zq_op op); /* "add-column" */
zq_op zq_op_reverse(zq_op op);

/* What the change is, in a sentence for people: "column 'x' is missing", "index 'i' is on (a), not
 * (a, b)". In `arena`. */
const char *zq_change_say(const zq_change *change, zq_arena *arena);

#endif
