/* The schemas that are compiled in. */
#ifndef ZQ_SCHEMA_RELEASE_H
#define ZQ_SCHEMA_RELEASE_H

#include "model/schema.h"

/* What the newest release wants: 25 tables and 5 families of zquant 0.4.0, and our zq_meta_*. */
extern const zq_schema zq_schema_head;

/* The known releases, oldest first, each with its canonical text (zq_release_text). */
typedef struct zq_release {
    const char *name;     /* "0.4.0" */
    const char *revision; /* "0003" */
    const char *id;       /* its schema id, 64 hexadecimal digits */
} zq_release;

extern const zq_release zq_releases[];
extern const size_t zq_n_releases;

/* The canonical text of one of them (see model/canon.h). Unpacked when it is first asked for, and
 * kept. */
const char *zq_release_text(const zq_release *release);

/* A release that is another's first revision without some of its tables, and has none of its own:
 * 0.1.0 is 0.2.0 without five. */
typedef struct zq_older_release {
    const char *name;
    const zq_release *completed; /* what it is when they are made */
    const char *const *lacks;    /* ends in NULL */
} zq_older_release;

extern const zq_older_release zq_release_0_1_0;

/* The newest of them. */
const zq_release *zq_release_head(void);

#endif
