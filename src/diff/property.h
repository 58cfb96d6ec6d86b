/* The properties that an object of the schema is compared by, each written in words.
 *
 * Two objects differ in a property exactly when their words for it differ, so what is compared and
 * what is shown cannot drift apart. */
#ifndef ZQ_DIFF_PROPERTY_H
#define ZQ_DIFF_PROPERTY_H

#include "base/buf.h"
#include "diff/change.h"

/* One property: its ZQ_DIFF_ bit, and its words for an object of `table`. No words at all: the
 * object has no such property (a number has no charset), and it is not compared. */
typedef struct zq_property {
    unsigned bit;
    void (*write)(zq_buf *out, const zq_table *table, const void *object);
    bool always; /* said in every full description */
} zq_property;

/* All of one kind of object. */
typedef struct zq_properties {
    const zq_property *items;
    size_t n;
} zq_properties;

extern const zq_properties zq_properties_table;       /* object: const zq_table * */
extern const zq_properties zq_properties_column;      /* object: const zq_column * */
extern const zq_properties zq_properties_index;       /* object: const zq_index * */
extern const zq_properties zq_properties_foreign_key; /* object: const zq_foreign_key * */

/* In which properties the two differ: ZQ_DIFF_ bits. */
unsigned zq_properties_compare(const zq_properties *properties, const zq_table *table_a,
                               const void *a, const zq_table *table_b, const void *b);

/* Append the words for the properties in `mask`, with ", " between them. */
void zq_properties_write(zq_buf *out, const zq_properties *properties, const zq_table *table,
                         const void *object, unsigned mask);

/* Append a full description: every property but those in which the object is as `plain`, one with
 * nothing said beyond what must be. */
void zq_properties_describe(zq_buf *out, const zq_properties *properties, const zq_table *table,
                            const void *object, const void *plain);

#endif
