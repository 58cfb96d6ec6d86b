/* The parts that an object of the schema is compared by, each written in words.
 *
 * Two objects differ in a part exactly when their words for it differ, so what is compared and what
 * is shown cannot drift apart. */
#ifndef ZQ_DIFF_ASPECT_H
#define ZQ_DIFF_ASPECT_H

#include "base/buf.h"
#include "diff/change.h"

/* One part: its ZQ_DIFF_ bit, and its words for an object of `table`. No words at all: the object
 * has no such part (a number has no charset), and it is not compared. */
typedef struct zq_aspect {
    unsigned bit;
    void (*write)(zq_buf *out, const zq_table *table, const void *object);
    bool always; /* said in every full description */
} zq_aspect;

/* What there is to say of one kind of object. */
typedef struct zq_noun {
    const zq_aspect *aspects;
    size_t n_aspects;
} zq_noun;

extern const zq_noun zq_noun_table;       /* object: const zq_table * */
extern const zq_noun zq_noun_column;      /* object: const zq_column * */
extern const zq_noun zq_noun_index;       /* object: const zq_index * */
extern const zq_noun zq_noun_foreign_key; /* object: const zq_foreign_key * */

/* In which aspects the two differ: ZQ_DIFF_ bits. */
unsigned zq_noun_compare(const zq_noun *noun, const zq_table *table_a, const void *a,
                         const zq_table *table_b, const void *b);

/* Append the words for the aspects in `mask`, with ", " between them. */
void zq_noun_write(zq_buf *out, const zq_noun *noun, const zq_table *table, const void *object,
                   unsigned mask);

/* Append a full description: every aspect but those in which the object is as `plain`, one with
 * nothing said beyond what must be. */
void zq_noun_describe(zq_buf *out, const zq_noun *noun, const zq_table *table, const void *object,
                      const void *plain);

#endif
