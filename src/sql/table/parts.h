/* The parts of a table's definition, as CREATE TABLE and ALTER TABLE have them in common: columns,
 * indexes, foreign keys. Pure. */
#ifndef ZQ_SQL_TABLE_PARTS_H
#define ZQ_SQL_TABLE_PARTS_H

#include "model/schema.h"
#include "sql/flavor.h"
#include "sql/table/cursor.h"

/* A table under construction, its arrays still growing. */
typedef struct zq_parts {
    zq_cursor cursor;
    zq_flavor flavor;
    zq_arena *arena;
    zq_table table;
    zq_column *columns;
    zq_index *indexes;
    zq_foreign_key *keys;
    zq_extra *extras;
} zq_parts;

/* One more at the end, all zeros; valid until the next one is added. */
zq_index *zq_parts_add_index(zq_parts *b);

/* Something that the model has no place for. Texts are kept, not copied. */
void zq_parts_extra(zq_parts *b, const char *kind, const char *name, const char *text);

/* A comment as the model has it: NULL for an empty one. */
const char *zq_parts_comment(const char *text);

/* A copy without white space at the end. */
const char *zq_parts_trimmed(zq_parts *b, const char *start, const char *end);

/* One attribute of a column that the model has: false, and the cursor left alone, when none stands
 * there. A check is an extra. */
bool zq_parts_attribute(zq_parts *b, zq_column *column);

/* "(a, b(10))" of an index, and one of the options after it that the model has. */
bool zq_parts_key_parts(zq_parts *b, zq_index *index);
bool zq_parts_index_option(zq_parts *b, zq_index *index);

/* What follows FOREIGN KEY: a new key called `name`. */
bool zq_parts_foreign_key(zq_parts *b, const char *name);

/* Fill in what the servers leave out because it goes without saying, and leave out what the model
 * does: a column's charset that is its table's. */
void zq_parts_settle_charsets(zq_parts *b);

#endif
