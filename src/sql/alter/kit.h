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

#endif
