/* One seed file as a list of its sections, before anything is known about what they mean. */
#ifndef ZQ_SEED_SEEDFILE_H
#define ZQ_SEED_SEEDFILE_H

#include "base/arena.h"
#include "seed/seed.h"

/* What is wrong, in the order it was found. */
typedef struct zq_mistake_list {
    zq_arena *arena;
    zq_seed_mistake *items;
    size_t n;
} zq_mistake_list;

void zq_mistake_add(zq_mistake_list *list, const char *file, unsigned line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

enum { ZQ_SEED_KEYS_MAX = 4 };

/* A key that a section may have. */
typedef struct zq_seed_key {
    const char *name;
    bool required;
    bool is_list;   /* names apart by commas or on lines of their own */
    size_t max;     /* characters of a value that is not a list */
    bool may_be_no; /* an empty value stands for NULL */
} zq_seed_key;

/* What a file holds. */
typedef struct zq_seed_shape {
    const char *noun; /* "role" */
    size_t name_max;
    zq_seed_key keys[ZQ_SEED_KEYS_MAX];
} zq_seed_shape;

/* One name of a list; a quoted one is never a wildcard. */
typedef struct zq_seed_item {
    const char *text;
    bool quoted;
    unsigned line;
} zq_seed_item;

typedef struct zq_seed_value {
    unsigned line; /* 0: the key is not there */
    const char *text;
    zq_seed_item *items;
    size_t n_items;
} zq_seed_value;

typedef struct zq_seed_section {
    const char *name;
    unsigned line;
    zq_seed_value values[ZQ_SEED_KEYS_MAX];
} zq_seed_section;

typedef struct zq_seed_file {
    zq_seed_section *sections;
    size_t n;
} zq_seed_file;

/* Read a file; what is wrong with it goes to `mistakes`, and what is right to `out`: sections with
 * valid, whole names and values, no name twice. */
void zq_seedfile_read(const zq_seed_text *source, const zq_seed_shape *shape, zq_arena *arena,
                      zq_seed_file *out, zq_mistake_list *mistakes);

#endif
