/* A statement that changes a table, under way: what the readers of its clauses collect. */
#ifndef ZQ_SQL_ALTER_KIT_H
#define ZQ_SQL_ALTER_KIT_H

#include "sql/table/parts.h"

/* A column that the statement adds, changes, or drops. */
typedef struct zq_alter_column {
    const char *old;  /* its name before; NULL: it is new */
    zq_column column; /* as it will be; its name is NULL when it is dropped */
    bool moves;       /* FIRST, or AFTER `after` */
    const char *after;
    bool defined; /* by a definition of its own, not by what it was */
} zq_alter_column;

/* A statement under way. The servers do not care about the order of drops and adds: what is there
 * before is marked first, what is new is collected, and both are put together at the end. */
typedef struct zq_alter {
    zq_parts made; /* its cursor is on the text; its table has the options as they will be, and its
                       arrays what is new */
    const zq_table *before;
    bool repeated; /* what is there already, or gone already, is not an obstacle */
    bool refused;
    const char *why;     /* it is */
    bool traceless;      /* does something that the definition does not show */
    bool recharset;      /* the table's own charset changes */
    const char *charset; /* ... to this, as far as it is said */
    const char *collation;
    bool converts; /* ... and that of every column */
    zq_alter_column *columns;
    size_t n_columns;
    const char **index_names; /* by index of `before`: as it will be called; NULL: dropped */
    unsigned *index_flags;
    bool *keys_dropped;
    bool *extras_dropped;
} zq_alter;

/* An index that the server makes for a foreign key, and may leave out; in zq_index.flags. */
enum { ZQ_ALTER_GENERATED = 1u << 30 };

/* ---- what stands at the cursor: zq_cursor_words and zq_cursor_name ---- */

static inline bool zq_alter_words(zq_alter *a, const char *text)
{
    return zq_cursor_words(&a->made.cursor, text);
}

static inline bool zq_alter_name(zq_alter *a, const char **out)
{
    return zq_cursor_name(&a->made.cursor, a->made.arena, out);
}

/* ---- what they share ---- */

/* The statement cannot succeed, because of what the table has or has not: "has no column 'a'". The
 * first reason counts. True: it was understood. */
bool zq_alter_refuse(zq_alter *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* IF EXISTS, IF NOT EXISTS: MariaDB's alone. False when it is not understood. */
bool zq_alter_if_exists(zq_alter *a, bool *out_if);
bool zq_alter_if_not_exists(zq_alter *a, bool *out_if);

/* Names of columns, indexes and constraints are the same in any case. */
bool zq_alter_same_name(const char *x, const char *y);
const zq_column *zq_alter_find_column(const zq_table *table, const char *name);

/* Which of `a->columns` changes or drops the column `old` of `before`; false: none does. */
bool zq_alter_change_of(const zq_alter *a, const char *old, size_t *out);

/* What column `name` of `before` is called afterwards; NULL when it is dropped. */
const char *zq_alter_new_name(const zq_alter *a, const char *name);

/* An index without a name on one column, as UNIQUE and PRIMARY KEY among its attributes make it. */
void zq_alter_index_on(zq_alter *a, zq_index_kind kind, const char *column);

/* ---- values.c: values and expressions in the form in which the servers keep them ---- */

/* Bring a column as it was written to the form in which the server has it: its default, its
 * charset. False when that is not known. */
bool zq_alter_column_settled(zq_alter *a, zq_column *column);

/* Fill in which of the two is missing; NULL: is not said. False when it is not known. */
bool zq_alter_settle_charset(const zq_alter *a, const char **io_charset, const char **io_collation);

/* Is it an expression in normal form that the servers print as it stands, of columns of `table`
 * alone? */
bool zq_alter_expr_known(const char *expression, const zq_table *table, zq_arena *arena);

/* ---- define.c: a column's definition, as people write it ---- */

/* A column's definition after its name, up to FIRST, AFTER, a ',' or a ')'; and what follows
 * DEFAULT. False when it is not understood. */
bool zq_alter_definition(zq_alter *a, zq_column *column);
bool zq_alter_default(zq_alter *a, zq_column *column);

/* ---- columns.c: ADD, DROP, MODIFY, CHANGE, RENAME and ALTER COLUMN ---- */

/* Clauses: the cursor is after their words; false when they are not understood. */
bool zq_alter_add_column(zq_alter *a);
bool zq_alter_drop_column(zq_alter *a);
bool zq_alter_modify(zq_alter *a);
bool zq_alter_change(zq_alter *a);
bool zq_alter_rename_column(zq_alter *a);

/* Does an expression, a partition or a check of `table` speak of the column? Dropping or renaming
 * it is then refused, or followed, differently by each server. */
bool zq_alter_is_mentioned(const zq_table *table, const char *column);
bool zq_alter_alter_column(zq_alter *a);

/* At the end, put together what was there and what the clauses say; false when it is not known.
 */
bool zq_alter_settle_columns(zq_alter *a, zq_table *out);

/* ---- indexes.c: ADD, DROP, RENAME and ALTER INDEX; CREATE INDEX ---- */

/* Clauses: the cursor is after their words; false when they are not understood. */
bool zq_alter_add_index(zq_alter *a, zq_index_kind kind, const char *name);
bool zq_alter_drop_index(zq_alter *a);
bool zq_alter_drop_primary(zq_alter *a);
bool zq_alter_rename_index(zq_alter *a);
bool zq_alter_alter_index(zq_alter *a);
bool zq_alter_create_index(zq_alter *a); /* after CREATE */

/* ---- keys.c: foreign keys and checks ---- */

/* Clauses: the cursor is after their words; false when they are not understood. */
bool zq_alter_add_foreign_key(zq_alter *a, const char *name);
bool zq_alter_add_check(zq_alter *a, const char *name);
bool zq_alter_drop_foreign_key(zq_alter *a);
bool zq_alter_drop_constraint(zq_alter *a);

/* At the end, put together what was there and what the clauses say; false when it is not known.
 */
bool zq_alter_settle_keys(zq_alter *a, zq_table *out); /* before the indexes */

/* ---- options.c: options of the table ---- */

/* A table option, ALGORITHM and LOCK among them: reads its own words. */
bool zq_alter_option(zq_alter *a);

/* At the end, put together what was there and what the clauses say; false when it is not known.
 */
bool zq_alter_settle_options(zq_alter *a, zq_table *out);

/* ---- indexes_result.c: which indexes the table has afterwards ---- */

/* Put together those that were there and those that are new, once columns and foreign keys are;
 * false when it is not known. */
bool zq_alter_settle_indexes(zq_alter *a, zq_table *out);

#endif
