/* The schema as plain data: what we want (compiled in), what a release had (its canonical text)
 * and what is there (read from a server) are all this struct.
 *
 * Nothing here owns memory: descriptors are static, everything else lives in an arena.
 * Texts are UTF-8. A NULL text means "none" or "as the table says". */
#ifndef ZQ_MODEL_SCHEMA_H
#define ZQ_MODEL_SCHEMA_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

/* ---- types ---- */

/* name in SQL, and what its parentheses may hold */
#define ZQ_TYPE_LIST(X)                 \
    X(TINYINT, "tinyint", NONE)         \
    X(BOOL, "tinyint(1)", NONE)         \
    X(SMALLINT, "smallint", NONE)       \
    X(MEDIUMINT, "mediumint", NONE)     \
    X(INT, "int", NONE)                 \
    X(BIGINT, "bigint", NONE)           \
    X(FLOAT, "float", NONE)             \
    X(DOUBLE, "double", NONE)           \
    X(DECIMAL, "decimal", SCALE)        \
    X(BIT, "bit", LENGTH)               \
    X(CHAR, "char", LENGTH)             \
    X(VARCHAR, "varchar", LENGTH)       \
    X(BINARY, "binary", LENGTH)         \
    X(VARBINARY, "varbinary", LENGTH)   \
    X(TINYTEXT, "tinytext", NONE)       \
    X(TEXT, "text", NONE)               \
    X(MEDIUMTEXT, "mediumtext", NONE)   \
    X(LONGTEXT, "longtext", NONE)       \
    X(TINYBLOB, "tinyblob", NONE)       \
    X(BLOB, "blob", NONE)               \
    X(MEDIUMBLOB, "mediumblob", NONE)   \
    X(LONGBLOB, "longblob", NONE)       \
    X(ENUM, "enum", VALUES)             \
    X(SET, "set", VALUES)               \
    X(DATE, "date", NONE)               \
    X(TIME, "time", FRACTION)           \
    X(DATETIME, "datetime", FRACTION)   \
    X(TIMESTAMP, "timestamp", FRACTION) \
    X(YEAR, "year", NONE)               \
    X(JSON, "json", NONE)               \
    X(OTHER, "", NONE) /* a type the model does not know: `other` holds the server's words */

typedef enum zq_type_kind {
#define ZQ_TYPE_ENUM_(name, sql, args) ZQ_TYPE_##name,
    ZQ_TYPE_LIST(ZQ_TYPE_ENUM_)
#undef ZQ_TYPE_ENUM_
} zq_type_kind;

/* What the parentheses of a type hold; FRACTION may be missing. */
typedef enum zq_type_args {
    ZQ_ARGS_NONE,
    ZQ_ARGS_LENGTH,
    ZQ_ARGS_SCALE,
    ZQ_ARGS_FRACTION,
    ZQ_ARGS_VALUES,
} zq_type_args;

typedef struct zq_type_info {
    const char *sql; /* its name, "" for OTHER */
    zq_type_args args;
} zq_type_info;

/* By zq_type_kind. */
extern const zq_type_info zq_type_infos[ZQ_TYPE_OTHER + 1];

typedef struct zq_type {
    zq_type_kind kind;
    unsigned length;           /* characters, bytes, bits, digits, or digits of a second */
    unsigned scale;            /* DECIMAL only */
    bool is_unsigned;          /* numbers only; ZEROFILL is not in the model: it reads as OTHER */
    const char *const *values; /* ENUM and SET: ends in NULL; unquoted */
    const char *other;         /* OTHER: the type as the server wrote it */
} zq_type;

/* clang-format off */
#define ZQ_TINYINT {.kind = ZQ_TYPE_TINYINT}
#define ZQ_BOOL {.kind = ZQ_TYPE_BOOL}
#define ZQ_SMALLINT {.kind = ZQ_TYPE_SMALLINT}
#define ZQ_INT {.kind = ZQ_TYPE_INT}
#define ZQ_INT_UNSIGNED {.kind = ZQ_TYPE_INT, .is_unsigned = true}
#define ZQ_BIGINT {.kind = ZQ_TYPE_BIGINT}
#define ZQ_BIGINT_UNSIGNED {.kind = ZQ_TYPE_BIGINT, .is_unsigned = true}
#define ZQ_FLOAT {.kind = ZQ_TYPE_FLOAT}
#define ZQ_DOUBLE {.kind = ZQ_TYPE_DOUBLE}
#define ZQ_DECIMAL(digits, places) {.kind = ZQ_TYPE_DECIMAL, .length = (digits), .scale = (places)}
#define ZQ_CHAR(n) {.kind = ZQ_TYPE_CHAR, .length = (n)}
#define ZQ_VARCHAR(n) {.kind = ZQ_TYPE_VARCHAR, .length = (n)}
#define ZQ_VARBINARY(n) {.kind = ZQ_TYPE_VARBINARY, .length = (n)}
#define ZQ_TEXT {.kind = ZQ_TYPE_TEXT}
#define ZQ_MEDIUMTEXT {.kind = ZQ_TYPE_MEDIUMTEXT}
#define ZQ_LONGTEXT {.kind = ZQ_TYPE_LONGTEXT}
#define ZQ_BLOB {.kind = ZQ_TYPE_BLOB}
#define ZQ_ENUM(...) {.kind = ZQ_TYPE_ENUM, .values = (const char *const[]){__VA_ARGS__, NULL}}
#define ZQ_DATE {.kind = ZQ_TYPE_DATE}
#define ZQ_DATETIME {.kind = ZQ_TYPE_DATETIME}
#define ZQ_DATETIME_MS {.kind = ZQ_TYPE_DATETIME, .length = 3}
#define ZQ_JSON {.kind = ZQ_TYPE_JSON}
/* clang-format on */

/* ---- columns ---- */

enum {
    ZQ_NOT_NULL = 1u << 0,
    ZQ_AUTO_INCREMENT = 1u << 1,
    ZQ_INVISIBLE = 1u << 2, /* columns and indexes */
    ZQ_STORED = 1u << 3,    /* a generated column that is stored, not virtual */
};

typedef enum zq_default_kind {
    ZQ_DEFAULT_NONE,    /* no default; for a nullable column the same as NULL */
    ZQ_DEFAULT_LITERAL, /* `text` is the value, unquoted: 0, abc, 2026-01-01 00:00:00 */
    ZQ_DEFAULT_EXPR,    /* `text` is SQL in normal spelling: CURRENT_TIMESTAMP(3), (uuid()) */
} zq_default_kind;

typedef struct zq_default {
    zq_default_kind kind;
    const char *text;
} zq_default;

typedef struct zq_column {
    const char *name;
    zq_type type;
    unsigned flags;
    const char *comment;
    zq_default def;
    const char *on_update; /* CURRENT_TIMESTAMP or CURRENT_TIMESTAMP(n) */
    const char *generated; /* the expression of a generated column */
    const char *charset;   /* NULL: the table's */
    const char *collation; /* NULL: the table's */
    const char *was;       /* what it was called before; no part of the schema id */
} zq_column;

/* clang-format off */
#define ZQ_DEFAULT(value) {ZQ_DEFAULT_LITERAL, (value)}
#define ZQ_DEFAULT_SQL(sql) {ZQ_DEFAULT_EXPR, (sql)}
/* clang-format on */

/* ---- indexes and keys ---- */

typedef enum zq_index_kind {
    ZQ_PRIMARY,
    ZQ_UNIQUE,
    ZQ_INDEX,
    ZQ_FULLTEXT,
    ZQ_SPATIAL,
} zq_index_kind;

typedef struct zq_key_part {
    const char *column; /* NULL: the part is an expression */
    unsigned length;    /* prefix in characters (bytes for binary types); 0: the whole column */
    bool descending;
    const char *expression; /* without the outer parentheses; NULL: the part is a column */
} zq_key_part;

typedef struct zq_index {
    const char *name; /* "PRIMARY" for the primary key */
    zq_index_kind kind;
    const zq_key_part *parts; /* ends in a part with neither column nor expression */
    unsigned flags;           /* ZQ_INVISIBLE */
    const char *comment;
    const char *parser; /* FULLTEXT only */
    const char *was;    /* what it was called before; no part of the schema id */
} zq_index;

#define ZQ_ON(...) ((const zq_key_part[]){ZQ_EACH_(ZQ_PART_, __VA_ARGS__){.column = NULL}})
#define ZQ_PART_(name) {.column = (name)},
#define ZQ_EACH_(f, ...) ZQ_EACH_N_(__VA_ARGS__, 4, 3, 2, 1, 0)(f, __VA_ARGS__)
#define ZQ_EACH_N_(a, b, c, d, n, ...) ZQ_EACH_##n##_
#define ZQ_EACH_1_(f, a) f(a)
#define ZQ_EACH_2_(f, a, b) f(a) f(b)
#define ZQ_EACH_3_(f, a, b, c) f(a) f(b) f(c)
#define ZQ_EACH_4_(f, a, b, c, d) f(a) f(b) f(c) f(d)

typedef enum zq_rule {
    ZQ_RESTRICT, /* stands for NO ACTION too: InnoDB treats them alike */
    ZQ_CASCADE,
    ZQ_SET_NULL,
    ZQ_SET_DEFAULT,
} zq_rule;

typedef struct zq_foreign_key {
    const char *name;
    const char *const *columns; /* ends in NULL */
    const char *ref_table;
    const char *const *ref_columns; /* ends in NULL */
    zq_rule on_update;
    zq_rule on_delete;
    const char *ref_schema; /* NULL: the same database */
} zq_foreign_key;

#define ZQ_COLS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* ---- tables ---- */

/* Something that is there and that the rest of the model cannot express: a CHECK constraint,
 * partitions, a trigger, an explicit ROW_FORMAT. It is carried along in the server's words, so
 * that it is reported, and never ignored or invented. */
typedef struct zq_extra {
    const char *kind; /* "check", "partitions", "trigger", "option", "view" ... */
    const char *name; /* may be "" */
    const char *text;
} zq_extra;

typedef struct zq_table {
    const char *name; /* holds "{code}" when it describes a family */
    const zq_column *columns;
    size_t n_columns;
    const zq_index *indexes;
    size_t n_indexes;
    const zq_foreign_key *foreign_keys;
    size_t n_foreign_keys;
    const zq_extra *extras;
    size_t n_extras;
    const char *comment;
    const char *engine;               /* NULL: InnoDB */
    const char *charset;              /* NULL: utf8mb4 */
    const char *collation;            /* NULL: utf8mb4_unicode_ci */
    const char *const *other_indexes; /* a family: names of its indexes in other releases, by which
                                         those of members are known too; ends in NULL; NULL: none */
    const char *was;                  /* what it was called before; no part of the schema id */
    bool open; /* a family whose members may have columns of the application's (model/family.h) */
} zq_table;

/* A set of tables and families, in no particular order. */
typedef struct zq_schema {
    const zq_table *const *tables;
    size_t n_tables;
} zq_schema;

#define ZQ_ENGINE "InnoDB"
#define ZQ_CHARSET "utf8mb4"
#define ZQ_COLLATION "utf8mb4_unicode_ci"
#define ZQ_CODE "{code}"
#define ZQ_META_PREFIX "zq_meta_"

/* What a table's engine, charset and collation are, with the defaults filled in. */
const char *zq_table_engine(const zq_table *table);
const char *zq_table_charset(const zq_table *table);
const char *zq_table_collation(const zq_table *table);

bool zq_table_is_family(const zq_table *table);
bool zq_table_is_meta(const zq_table *table);

/* Has the column an expression in place of values; and is that computed whenever it is read? */
bool zq_column_is_generated(const zq_column *column);
bool zq_column_is_virtual(const zq_column *column);

/* The one with that name (case counts), or NULL. */
const zq_table *zq_schema_table(const zq_schema *schema, const char *name);
const zq_column *zq_table_column(const zq_table *table, const char *name);
const zq_index *zq_table_index(const zq_table *table, const char *name);

/* Add one to a schema that was zeroed before the first; the list of tables is in `arena`. */
void zq_schema_add(zq_schema *schema, const zq_table *table, zq_arena *arena);

size_t zq_index_parts_count(const zq_key_part *parts);
size_t zq_names_count(const char *const *names);
bool zq_names_equal(const char *const *a, const char *const *b);
/* Is it one of the `n` names? Case counts. */
bool zq_names_have(const char *const *names, size_t n, const char *name);

/* In the order of strcmp; and the same question of names that were sorted so, by halves. */
void zq_names_sort(const char **names, size_t n);
bool zq_names_sorted_have(const char *const *names, size_t n, const char *name);

/* A column's charset and collation, its table's filled in; "" when its type has none. */
const char *zq_column_charset(const zq_table *table, const zq_column *column);
const char *zq_column_collation(const zq_table *table, const zq_column *column);

/* The type as SQL writes it, flavour-free: "int unsigned", "varchar(50)", "enum('a','it''s')".
 * Backslashes escape in the values, as under zq_session_sql(). Fields that the kind does not have
 * (the length of an int) are neither written nor compared. */
struct zq_buf;
void zq_type_write(struct zq_buf *out, const zq_type *type);
bool zq_type_equal(const zq_type *a, const zq_type *b);
bool zq_type_is_text(const zq_type *type);   /* has a charset: char, varchar, text, enum, set */
bool zq_type_is_long(const zq_type *type);   /* from tinytext to longblob */
bool zq_type_is_number(const zq_type *type); /* can be unsigned: from tinyint to decimal */

const char *zq_rule_sql(zq_rule rule);             /* "RESTRICT" */
const char *zq_index_kind_sql(zq_index_kind kind); /* "UNIQUE KEY" */

#endif
