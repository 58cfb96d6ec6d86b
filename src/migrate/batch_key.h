/* The key of a zq:batch: how it is read, and how the ends of a range are written. */
#ifndef ZQ_MIGRATE_BATCH_KEY_H
#define ZQ_MIGRATE_BATCH_KEY_H

#include "db/db.h"
#include "rev/revision_file.h"
#include "sql/sql.h"

/* What keeps a column from being the key of a zq:batch. */
typedef enum zq_key_fault {
    ZQ_KEY_FITS,
    ZQ_KEY_MISSING,
    ZQ_KEY_UNFIT,
} zq_key_fault;

/* What a key is, as far as writing it down goes. */
typedef enum zq_key_class {
    ZQ_KEY_NUMBER,  /* whole numbers and decimals: as they stand */
    ZQ_KEY_TEXT,    /* compared by the column's collation; ENUM and SET too */
    ZQ_KEY_TIME,    /* DATE, DATETIME, TIME, YEAR: as strings */
    ZQ_KEY_INSTANT, /* TIMESTAMP: seconds since 1970 in UTC, the same in every time zone */
} zq_key_class;

/* What a column of this type ("int", "varchar") is as a key; false: it cannot be one. */
bool zq_key_class_of(const char *type, zq_key_class *out);

/* Say why the key of `s` cannot be one: fails with ZQ_E_DATA. */
zq_rc zq_key_fail(const zq_rev_statement *s, zq_key_fault fault, zq_err *err);

/* Append the question what the key of `s` is: its row (ZQ_KEY_TYPE_COLUMNS) is type and length. */
#define ZQ_KEY_TYPE_COLUMNS "tI"
void zq_key_write_type(zq_sql *sql, const zq_rev_statement *s);

/* What it is, from the answer; `type` is NULL without a row. Fails with ZQ_E_DATA when it cannot be
 * a key: bytes and floating point, text of over 255 characters, or `position` (the last key that is
 * done; NULL: none), which is not of its class. */
zq_rc zq_key_judge(zq_db *db, const zq_rev_statement *s, const char *type, const char *length,
                   const char *position, zq_key_class *out_class, zq_err *err);

/* Append the question for the last key of the range after `from` (NULL: of the first). It gives the
 * key, and where in it a NUL stands. */
void zq_key_write_question(zq_sql *sql, const zq_rev_statement *s, zq_key_class class,
                           const char *from);

/* Is the answer a key that can be gone by? Fails with ZQ_E_DATA. */
zq_rc zq_key_check(const zq_rev_statement *s, zq_key_class class, const char *from, const char *key,
                   const char *nul, zq_err *err);

/* Append the condition for one end of a range. It finds the same rows in every session. */
typedef enum zq_key_end {
    ZQ_KEY_ABOVE,
    ZQ_KEY_UP_TO,
} zq_key_end;
void zq_key_write_bound(zq_sql *sql, const zq_rev_statement *s, zq_key_class class, zq_key_end end,
                        const char *key);

#endif
