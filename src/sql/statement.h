/* What a statement is, as far as its words tell: conservatively, and without a server. Pure. */
#ifndef ZQ_SQL_STATEMENT_H
#define ZQ_SQL_STATEMENT_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

typedef enum zq_statement_kind {
    ZQ_STATEMENT_UNKNOWN,     /* cannot be told from its words: CALL, XA, anything not listed */
    ZQ_STATEMENT_DDL,         /* changes the schema, and commits by itself */
    ZQ_STATEMENT_ADMIN,       /* commits by itself, leaves the schema: ANALYZE, FLUSH, GRANT */
    ZQ_STATEMENT_ROWS,        /* changes rows, belongs in a transaction */
    ZQ_STATEMENT_SESSION,     /* lasts as long as its connection: SET, CREATE TEMPORARY TABLE */
    ZQ_STATEMENT_READ,        /* SELECT, SHOW, DO */
    ZQ_STATEMENT_TRANSACTION, /* BEGIN, COMMIT, LOCK TABLES, SET autocommit */
    ZQ_STATEMENT_USE,         /* changes the default database */
} zq_statement_kind;

typedef enum zq_statement_object {
    ZQ_OBJECT_NONE,
    ZQ_OBJECT_TABLE, /* its columns, indexes and keys too */
    ZQ_OBJECT_VIEW,
    ZQ_OBJECT_TRIGGER,
    ZQ_OBJECT_ROUTINE,
    ZQ_OBJECT_OTHER, /* database, event, user, server, tablespace ... */
} zq_statement_object;

/* What a statement throws away, where its words say so. */
enum {
    ZQ_LOSES_TABLE = 1u << 0,     /* DROP TABLE */
    ZQ_LOSES_COLUMN = 1u << 1,    /* ALTER TABLE ... DROP COLUMN */
    ZQ_LOSES_ROWS = 1u << 2,      /* DELETE, REPLACE, TRUNCATE, also of a partition */
    ZQ_LOSES_PARTITION = 1u << 3, /* ALTER TABLE ... DROP PARTITION */
    ZQ_LOSES_DATABASE = 1u << 4,  /* DROP DATABASE */
};

typedef struct zq_statement {
    zq_statement_kind kind;
    zq_statement_object object;
    const char *verb;          /* its leading words, upper case: "ALTER TABLE"; "" when unknown */
    const char *const *tables; /* tables (or views) it changes, without quotes, ends in NULL */
    size_t n_tables;
    bool tables_known;          /* `tables` is all of them; else the words leave it open */
    bool other_database;        /* a name of `tables` was given as database.table */
    unsigned loses;             /* ZQ_LOSES_* */
    const char *const *dropped; /* LOSES_COLUMN: the columns' names, ends in NULL; else NULL */
    const char *const *renamed; /* ALTER TABLE ... CHANGE or RENAME COLUMN: old name, new name, old
                                   ..., ends in NULL; NULL: none */
    bool retypes;       /* ALTER TABLE ... MODIFY or CHANGE: values may have to fit a new type */
    bool swaps;         /* RENAME TABLE in a circle, EXCHANGE PARTITION: the names stay, and what
                           is behind them changes places */
    bool alters;        /* ALTER TABLE, CREATE INDEX, DROP INDEX: takes ALGORITHM and LOCK */
    bool has_algorithm; /* the text says ALGORITHM= itself */
    bool has_lock;      /* the text says LOCK= itself */
} zq_statement;

/* Read one statement, as zq_lexer_next gives it. Never fails: what is not understood is
 * ZQ_STATEMENT_UNKNOWN, and a table that cannot be told leaves tables_known false. Names in
 * `arena`; "{table}" is a name like any other. */
void zq_statement_read(const char *text, size_t length, zq_arena *arena, zq_statement *out);

#endif
