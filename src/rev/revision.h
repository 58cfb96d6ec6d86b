/* What a revision is, as plain data. Pure. */
#ifndef ZQ_REV_REVISION_H
#define ZQ_REV_REVISION_H

#include "base/digest.h"
#include "sql/read/statement.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    ZQ_REVISION_FILE_MAX = 16 * 1024 * 1024, /* bytes */
    ZQ_REVISION_ID_MAX = 64,                 /* characters of zq_meta_history.revision */
    ZQ_BATCH_SIZE = 10000,                   /* keys, where zq:batch gives no size */
    ZQ_BATCH_SIZE_MAX = 1000000,
};

#define ZQ_REVISION_BASE "base" /* what the first revision revises */

typedef enum zq_block {
    ZQ_BLOCK_PLAIN,
    ZQ_BLOCK_FAMILY, /* once for every member */
    ZQ_BLOCK_BATCH,  /* once for every range of keys */
} zq_block;

/* One statement of a revision, which is one step of its journal. */
typedef struct zq_rev_statement {
    const char *text; /* without delimiter, terminated by NUL, placeholders as they are */
    size_t length;
    unsigned line;          /* in the file, counts from 1 */
    zq_statement parsed;    /* what its words say */
    bool temporary;         /* it changes temporary tables of the section's own, and nothing else */
    bool temporary_too;     /* it changes one, and may change others */
    bool temporary_perhaps; /* it runs what stands elsewhere, and there is one */
    const char *unreviewed; /* a question that nobody has answered (zq:unreviewed); NULL: none */
    unsigned unreviewed_line; /* of it */
    zq_block block;
    const char *family; /* FAMILY: the pattern, "zq_data_tustock_daily_{code}" */
    const char *table;  /* BATCH: whose keys are walked through */
    const char *key;    /* BATCH: its column */
    unsigned long size; /* BATCH: rows in a range */
} zq_rev_statement;

typedef struct zq_rev_section {
    const zq_rev_statement *statements;
    size_t n;
    unsigned line; /* of its marker */
} zq_rev_section;

typedef struct zq_revision {
    const char *file; /* its name, for messages: "0002_uniform_audit_columns.sql" */
    const char *text; /* all of it, without a byte order mark, each CRLF as LF */
    size_t length;
    const char *id;      /* "0002" */
    const char *revises; /* NULL: the first one */
    const char *release; /* "0.3.0"; NULL: none */
    const char *title;
    const char *created;   /* "2026-01-04T00:00:00Z" */
    const char *schema_id; /* what the schema is after it, 64 hexadecimal digits; NULL: not said */
    unsigned id_line;      /* lines of the header entries */
    unsigned revises_line;
    unsigned release_line;
    unsigned schema_id_line;   /* 0: it has none */
    const char *squash_first;  /* a squash: it does what the revisions from this one ... */
    const char *squash_last;   /* ... to this one do; NULL: it is a revision as others are */
    const char *squash_digest; /* of their files (zq_chain_digest) */
    unsigned squash_line;
    zq_rev_section upgrade;
    zq_rev_section downgrade; /* empty when it is irreversible */
    const char *irreversible; /* why it cannot be undone; NULL: it can */
    bool is_head;             /* of the file's statements nothing is known yet */
    bool own;                 /* the user's, from a folder; else compiled in */
    char checksum[ZQ_DIGEST_HEX];
} zq_revision;

/* The id that it revises, "base" for the first one. */
const char *zq_revision_revises(const zq_revision *revision);

/* Is this a revision's id: 1 to 64 of a-z, 0-9 and '-', not beginning with '-', and none of the
 * words that name a target? */
bool zq_revision_id_valid(const char *id);

#endif
