/* What the readers of CREATE TABLE's parts share. */
#ifndef ZQ_SQL_TABLE_CREATE_PARTS_H
#define ZQ_SQL_TABLE_CREATE_PARTS_H

#include "model/schema.h"
#include "sql/flavor.h"
#include "sql/table/cursor.h"

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

/* One more at the end, all zeros; valid until the next one is added. */
zq_index *zq_create_add_index(zq_create *b);
zq_foreign_key *zq_create_add_key(zq_create *b);

/* Something that the model has no place for. Texts are kept, not copied. */
void zq_create_extra(zq_create *b, const char *kind, const char *name, const char *text);

/* A comment as the model has it: NULL for an empty one. */
const char *zq_create_comment(const char *text);

/* A copy without white space at the end. */
const char *zq_create_trimmed(zq_create *b, const char *start, const char *end);

/* Read a column's line into `column`, which is all zeros. */
void zq_create_column(zq_create *b, zq_column *column);

/* One attribute of a column that the model has: false, and the cursor left alone, when none stands
 * there. A check is an extra. */
bool zq_create_attribute(zq_create *b, zq_column *column);

/* An index or a constraint as it stands in its line; false, and the cursor anywhere, when it is
 * none. */
bool zq_create_index(zq_create *b);
bool zq_create_constraint(zq_create *b);

/* "(a, b(10))" of an index, and one of the options after it that the model has. */
bool zq_create_key_parts(zq_create *b, zq_index *index);
bool zq_create_index_option(zq_create *b, zq_index *index);

/* What follows FOREIGN KEY: a new key called `name`. */
bool zq_create_foreign_key(zq_create *b, const char *name);

/* Fill in what the servers leave out because it goes without saying, and leave out what the model
 * does: a column's charset that is its table's. */
void zq_create_settle_charsets(zq_create *b);

#endif
