/* Errors are values: a code that a caller may branch on, and words for people. */
#ifndef ZQ_BASE_ERR_H
#define ZQ_BASE_ERR_H

#include <stddef.h>

/* Every code, the exit status it ends a program with, and what it stands for.
 * The statuses are sysexits(3)'s where it has one; docs/exit-codes.md is checked against this list.
 */
#define ZQ_RC_LIST(X)                                                  \
    X(ZQ_OK, 0, "done")                                                \
    X(ZQ_E_DIFFERS, 1, "differences, pending revisions, or not ready") \
    X(ZQ_E_SERVER, 2, "the server refused a statement")                \
    X(ZQ_E_READ_ONLY, 2, "the server is read only")                    \
    X(ZQ_E_INTERRUPTED, 2, "stopped by a signal")                      \
    X(ZQ_E_IO, 2, "a file or stream could not be written")             \
    X(ZQ_E_MODEL, 2, "the compiled-in schema contradicts itself")      \
    X(ZQ_E_MEMORY, 2, "not enough memory for what was asked")          \
    X(ZQ_E_USAGE, 64, "bad usage")                                     \
    X(ZQ_E_DATA, 65, "bad data: seeds, a revision file, a password")   \
    X(ZQ_E_NOINPUT, 66, "a file that cannot be read")                  \
    X(ZQ_E_UNAVAILABLE, 69, "the server cannot be reached")            \
    X(ZQ_E_LOST, 69, "the connection was lost")                        \
    X(ZQ_E_LOCKED, 75, "a lock was held too long by another")          \
    X(ZQ_E_TAKEN, 75, "another run took over")                         \
    X(ZQ_E_ANSWER, 76, "the server answered something else")           \
    X(ZQ_E_DENIED, 77, "privilege or password refused")                \
    X(ZQ_E_CONFIG, 78, "bad configuration")

typedef enum zq_rc {
#define ZQ_RC_ENUM(code, status, words) code,
    ZQ_RC_LIST(ZQ_RC_ENUM)
#undef ZQ_RC_ENUM
} zq_rc;

/* What a server refused a statement for, where somebody asks; db/errors.c alone sets it, from the
 * server's number. */
typedef enum zq_cause {
    ZQ_CAUSE_OTHER,
    ZQ_CAUSE_NO_DATABASE,
    ZQ_CAUSE_NO_TABLE,
    ZQ_CAUSE_NO_OBJECT, /* a trigger, a sequence */
    ZQ_CAUSE_NO_COLUMN,
    ZQ_CAUSE_NO_KEY,
    ZQ_CAUSE_NO_TABLE_TO_DROP,
    ZQ_CAUSE_NOTHING_TO_DROP, /* a column, a key */
    ZQ_CAUSE_DUPLICATE_ROW,
    ZQ_CAUSE_DUPLICATE_COLUMN,
    ZQ_CAUSE_DUPLICATE_NAME, /* of a key or a constraint */
    ZQ_CAUSE_DATABASE_DENIED,
    ZQ_CAUSE_TABLE_DENIED,
    ZQ_CAUSE_COLUMN_DENIED,
    ZQ_CAUSE_BAD_VIEW, /* over what is gone */
    ZQ_CAUSE_BAD_INDEX_NAME,
    ZQ_CAUSE_USER_LIMIT,   /* connections, statements of an hour ... of this account */
    ZQ_CAUSE_BAD_ACCOUNT,  /* an account that cannot be made, or is there already */
    ZQ_CAUSE_BAD_TEXT,     /* whatever the tables are */
    ZQ_CAUSE_MANY_ROWS,    /* from a subquery that must give one */
    ZQ_CAUSE_NOT_PREPARED, /* the server prepares no statements of this kind */
    ZQ_CAUSE_NOT_THAT_WAY, /* by the ALGORITHM or LOCK asked for; nothing happened */
    ZQ_CAUSE_GAVE_WAY      /* to another transaction, or to another node's change; it is undone */
} zq_cause;

/* What failed, why, and the next command. Owned by the caller and of fixed size, so that
 * reporting a failure cannot fail; texts that are too long are cut at a character and end in "...".
 */
typedef struct zq_err {
    zq_rc code;
    char message[512];     /* lower case, no full stop, names in 'quotes' */
    char detail[1024];     /* what the server or the system said; may be empty */
    char hint[1024];       /* one sentence with the next command; may be empty */
    unsigned server_errno; /* MySQL's or MariaDB's error number, to be shown; 0 when none */
    char sqlstate[6];
    zq_cause cause;
} zq_err;

/* Fill `err` and return `code`, so that a function can end in `return zq_fail(...)`.
 * A later zq_fail replaces everything; the others add to the last one, and return its code, too.
 * `err` may be NULL: then only the code travels. */
zq_rc zq_fail(zq_err *err, zq_rc code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
zq_rc zq_err_detail(zq_err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
zq_rc zq_err_hint(zq_err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* zq_fail with what the system said of `errno` as the detail; for ZQ_E_IO, with a hint where it is
 * the place that does not take what is written there. */
zq_rc zq_fail_errno(zq_err *err, zq_rc code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Give `from` on, to a caller who may not want it: `err` may be NULL. Gives its code. */
zq_rc zq_err_give(zq_err *err, const zq_err *from);

/* Put words in front of the message: "cannot create table 'x': " before what the server said. */
zq_rc zq_err_prefix(zq_err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

const char *zq_rc_name(zq_rc code);  /* "ZQ_E_DATA" */
const char *zq_rc_words(zq_rc code); /* "bad data: ..." */
int zq_rc_exit_status(zq_rc code);

/* Leave the function with the error of `expression`, when it has one. */
#define ZQ_TRY(expression)               \
    do {                                 \
        zq_rc zq_try_rc_ = (expression); \
        if (zq_try_rc_ != ZQ_OK)         \
            return zq_try_rc_;           \
    } while (0)

#define ZQ_LEN(array) (sizeof(array) / sizeof((array)[0]))

/* In front of a parameter that a function has because its type wants it. */
#define ZQ_UNUSED __attribute__((unused))

/* Declare a handle that closes itself at the end of its scope:
 * `ZQ_AUTO(zq_db) db = NULL;` calls zq_db_close(db) when it is not NULL. A type takes part by
 * ZQ_AUTO_DEFINE(type, close_function) in its header. */
#define ZQ_AUTO(type) __attribute__((cleanup(type##_auto_))) type *
#define ZQ_AUTO_DEFINE(type, close_function)       \
    static inline void type##_auto_(type **handle) \
    {                                              \
        if (*handle != NULL)                       \
            close_function(*handle);               \
    }                                              \
    struct zq_swallow_semicolon_

#endif
