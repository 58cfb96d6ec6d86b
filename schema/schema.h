/* The schemas that are compiled in. */
#ifndef ZQ_SCHEMA_SCHEMA_H
#define ZQ_SCHEMA_SCHEMA_H

#include "model/schema.h"

/* What the newest release wants: 25 tables and 5 families of zquant 0.4.0, and our zq_meta_*. */
extern const zq_schema zq_schema_head;

/* The known releases, oldest first, each with its canonical text (see model/canon.h). */
typedef struct zq_release {
    const char *name;     /* "0.4.0" */
    const char *revision; /* "0003" */
    const char *id;       /* its schema id, 64 hexadecimal digits */
    const char *canonical;
    size_t canonical_length;
} zq_release;

extern const zq_release zq_releases[];
extern const size_t zq_n_releases;

/* The newest of them. */
const zq_release *zq_release_head(void);

#endif
