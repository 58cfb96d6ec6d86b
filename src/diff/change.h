/* What differs between two schemas, as data, and in words. */
#ifndef ZQ_DIFF_CHANGE_H
#define ZQ_DIFF_CHANGE_H

#include "base/phrase.h"
#include "model/schema.h"

/* One row for each operation: its code, its name, its reverse; what the difference is called that
 * it removes; what kind of object it is done to, a function object_* in diff/change.c; the sentence
 * for people, where {object} is "column 'x'", {expected} and {found} are the change's; what it
 * costs, a function cost_* in diff/cost.c; its clause of ALTER TABLE, a function clause_* in
 * diff/clause.c. A row with a part missing does not build. */
#define ZQ_SAY_MISSING N_("{object} is missing: {expected}")
#define ZQ_SAY_UNEXPECTED N_("{object} should not be there: {found}")
#define ZQ_SAY_RENAMED N_("{object} is still called '{found}'")
#define ZQ_SAY_DIFFERENT N_("{object}: expected {expected}, found {found}")
/* clang-format off */
#define ZQ_OP_LIST(X)                                                                                                                                                  \
    X(CREATE_TABLE,      "create-table",       DROP_TABLE,         "missing-table",           table,         ZQ_SAY_MISSING,      none,              none)             \
    X(DROP_TABLE,        "drop-table",         CREATE_TABLE,       "unexpected-table",        table,         ZQ_SAY_UNEXPECTED,   drop_table,        none)             \
    X(ALTER_TABLE,       "alter-table",        ALTER_TABLE,        "different-table",         table,         ZQ_SAY_DIFFERENT,    alter_table,       alter_table)      \
    X(RENAME_TABLE,      "rename-table",       RENAME_TABLE,       "renamed-table",           table,         ZQ_SAY_RENAMED,      none,              none)             \
    X(ADD_COLUMN,        "add-column",         DROP_COLUMN,        "missing-column",          column,        ZQ_SAY_MISSING,      add_column,        add_column)       \
    X(DROP_COLUMN,       "drop-column",        ADD_COLUMN,         "unexpected-column",       column,        ZQ_SAY_UNEXPECTED,   drop_column,       drop_column)      \
    X(ALTER_COLUMN,      "alter-column",       ALTER_COLUMN,       "different-column",        column,        ZQ_SAY_DIFFERENT,    alter_column,      alter_column)     \
    X(MOVE_COLUMN,       "move-column",        MOVE_COLUMN,        "moved-column",            column,        ZQ_SAY_DIFFERENT,    move_column,       move_column)      \
    X(RENAME_COLUMN,     "rename-column",      RENAME_COLUMN,      "renamed-column",          column,        ZQ_SAY_RENAMED,      none,              rename_column)    \
    X(ADD_INDEX,         "add-index",          DROP_INDEX,         "missing-index",           index,         ZQ_SAY_MISSING,      index,             add_index)        \
    X(DROP_INDEX,        "drop-index",         ADD_INDEX,          "unexpected-index",        index,         ZQ_SAY_UNEXPECTED,   index,             drop_index)       \
    X(ALTER_INDEX,       "alter-index",        ALTER_INDEX,        "different-index",         index,         ZQ_SAY_DIFFERENT,    index,             alter_index)      \
    X(RENAME_INDEX,      "rename-index",       RENAME_INDEX,       "renamed-index",           index,         ZQ_SAY_RENAMED,      none,              rename_index)     \
    X(ADD_FOREIGN_KEY,   "add-foreign-key",    DROP_FOREIGN_KEY,   "missing-foreign-key",     foreign_key,   ZQ_SAY_MISSING,      add_foreign_key,   add_foreign_key)  \
    X(DROP_FOREIGN_KEY,  "drop-foreign-key",   ADD_FOREIGN_KEY,    "unexpected-foreign-key",  foreign_key,   ZQ_SAY_UNEXPECTED,   none,              drop_foreign_key) \
    X(ALTER_FOREIGN_KEY, "alter-foreign-key",  ALTER_FOREIGN_KEY,  "different-foreign-key",   foreign_key,   ZQ_SAY_DIFFERENT,    add_foreign_key,   two_statements)   \
    X(ADD_EXTRA,         "add-extra",          DROP_EXTRA,         "missing-extra",           extra,         ZQ_SAY_MISSING,      add_extra,         refused)          \
    X(DROP_EXTRA,        "drop-extra",         ADD_EXTRA,          "unexpected-extra",        extra,         ZQ_SAY_UNEXPECTED,   drop_extra,        refused)
/* clang-format on */

typedef enum zq_op {
#define ZQ_OP_ENUM_(op, name, reverse, kind, object, say, cost, clause) ZQ_OP_##op,
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
    ZQ_DIFF_KIND = 1u << 11, /* of index; of a table that is really a view */
    ZQ_DIFF_PARTS = 1u << 12,
    ZQ_DIFF_TARGET = 1u << 13,
    ZQ_DIFF_RULES = 1u << 14,
    ZQ_DIFF_ENGINE = 1u << 15,
    ZQ_DIFF_PARSER = 1u << 16,
};

/* One difference. To go from `actual` to `desired`, do `op`; the object is in `actual` (from) and
 * `desired` (to), NULL where it has none. What is renamed is compared under its new name: `from` of
 * what else differs in it has that name already. */
typedef struct zq_change {
    zq_op op;
    const zq_table *actual;
    const zq_table *desired;
    const char *table;  /* its name; "{code}" for a family */
    const char *object; /* the column's, index's, key's or extra's name; NULL: the table itself */
    const void *from;   /* const zq_column *, zq_index *, zq_foreign_key * or zq_extra *; for
                           RENAME_TABLE, NULL */
    const void *to;
    unsigned mask;        /* ALTER_ and MOVE_ only: what differs */
    const char *expected; /* in words: what the descriptors say of what differs; "" when nothing */
    const char *found;    /* the same for what is there */
    const char *after;    /* ADD_ and MOVE_COLUMN: the column before it; NULL: first */
    const char *was;      /* RENAME_: its name in `actual`; ALTER_ and MOVE_COLUMN too, when the
                             column is renamed besides; else NULL */
} zq_change;

typedef struct zq_changes {
    const zq_change *items;
    size_t n;
} zq_changes;

const char *zq_op_kind(zq_op op); /* "missing-column": what is wrong before it is done */

/* What the change is, in a sentence for people, without the table's name: "column 'x' is missing:
 * int NOT NULL", "index 'i': expected on (a, b), found on (a)". In `arena`. */
const char *zq_change_say(const zq_change *change, zq_arena *arena);

/* The same in a message: what is expected and found stays as it is in SQL. */
const char *zq_change_say_in(zq_tongue tongue, const zq_change *change, zq_arena *arena);

#endif
