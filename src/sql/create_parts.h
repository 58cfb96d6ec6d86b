/* What the readers of CREATE TABLE's parts share. */
#ifndef ZQ_SQL_CREATE_PARTS_H
#define ZQ_SQL_CREATE_PARTS_H

#include "model/schema.h"
#include "sql/cursor.h"
#include "sql/flavor.h"

/* A table under construction, its arrays still growing. */
typedef struct zq_create {
    zq_cursor cursor;
    zq_flavor flavor;
    zq_arena *arena;
    zq_table table;
    zq_column *columns;
    zq_index *indexes;
    zq_foreign_key *keys;
    zq_extra *extras;
} zq_create;

/* Something that the model has no place for. Texts are kept, not copied. */
void zq_create_extra(zq_create *b, const char *kind, const char *name, const char *text);

/* A copy without white space at the end. */
const char *zq_create_trimmed(zq_create *b, const char *start, const char *end);

/* Read a column's line into `column`, which is all zeros. */
void zq_create_column(zq_create *b, zq_column *column);

#endif
