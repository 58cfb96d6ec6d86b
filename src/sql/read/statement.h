/* What a statement is and does. Plain data; sql/read/statement_read.c makes it from the words.
 *
 * Whatever is decided about a statement (how it is run and journalled, what it costs, what it needs
 * consent for, what it may not touch) is decided by this. */
#ifndef ZQ_SQL_READ_STATEMENT_H
#define ZQ_SQL_READ_STATEMENT_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

enum { ZQ_STATEMENT_NAMES_MAX = 4096 }; /* tables, or clauses, of one statement */

typedef enum zq_statement_kind {
    ZQ_STATEMENT_UNKNOWN,     /* its words do not say how it commits: CALL, anything not listed */
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
    ZQ_OBJECT_EVENT,
    ZQ_OBJECT_SEQUENCE,
    ZQ_OBJECT_DATABASE,
    ZQ_OBJECT_USER, /* or a role */
} zq_statement_object;

/* What a statement throws away, where its words say so. */
enum {
    ZQ_LOSES_TABLE = 1u << 0,     /* DROP TABLE */
    ZQ_LOSES_COLUMN = 1u << 1,    /* ALTER TABLE ... DROP COLUMN */
    ZQ_LOSES_ROWS = 1u << 2,      /* DELETE, REPLACE, TRUNCATE, also of a partition */
    ZQ_LOSES_PARTITION = 1u << 3, /* ALTER TABLE ... DROP PARTITION */
    ZQ_LOSES_DATABASE = 1u << 4,  /* DROP DATABASE */
    ZQ_LOSES_SEQUENCE = 1u << 5,  /* DROP SEQUENCE: how far it was */
    ZQ_LOSES_KEPT = 1u << 6,      /* ENGINE=BLACKHOLE keeps no rows, MEMORY none over a restart */
};

/* One action of ALTER TABLE, CREATE INDEX, DROP INDEX or RENAME TABLE, one option of CREATE TABLE
 * (ENGINE), one assignment of SET. */
typedef struct zq_clause {
    const char *verb;     /* "ADD", "DROP", "MODIFY", "ENGINE", "SET" ...; "": not understood */
    const char *object;   /* "COLUMN", "INDEX", "FULLTEXT", "EXPRESSION" (an index over one),
                             "PARTITION", "FOREIGN", "GLOBAL" ...; "": not said */
    const char *name;     /* of what it is about, without quotes; NULL: not said */
    const char *new_name; /* CHANGE, RENAME: what that is called then; an option's value; or NULL */
    bool refers;          /* REFERENCES stands in it: a column may bring its own foreign key */
    const char *text;     /* where it stands in the statement */
    size_t length;
} zq_clause;

typedef struct zq_statement {
    zq_statement_kind kind;
    zq_statement_object object;
    const char *verb;         /* its leading words, upper case: "ALTER TABLE"; "" when unknown */
    const char *name;         /* of the procedure that is called, the statement that is prepared,
                                 and the first of `names`; or NULL */
    const char *const *names; /* triggers, routines, events, sequences, databases or accounts
                                 (USER@HOST) that it makes, changes or drops, ends in NULL */
    size_t n_names;
    const char *const *tables; /* tables (or views) it changes, without quotes, ends in NULL */
    size_t n_tables;
    bool joins;                  /* UPDATE or DELETE that names several tables */
    bool tables_known;           /* `tables` is all of them; else the words leave it open */
    const char *const *mentions; /* tables named anywhere in it, bodies included, ends in NULL */
    size_t n_mentions;
    const char *const *calls; /* routines that are called anywhere in it, bodies included: "f", or
                                 "database.f"; ends in NULL */
    size_t n_calls;
    const char *body;    /* a body that is only stored begins here in the text; NULL: it has none */
    bool other_database; /* something in it is named with its database */
    bool too_many;       /* more than ZQ_STATEMENT_NAMES_MAX */
    const char *meta;    /* a name of ours (zq_meta_*) that stands in it; or NULL */
    unsigned loses;      /* ZQ_LOSES_* */
    const zq_clause *clauses;
    size_t n_clauses;
    const char *const *renamed; /* ALTER TABLE ... CHANGE or RENAME COLUMN: old name, new name, old
                                   ..., ends in NULL; NULL: none */
    bool swaps;          /* RENAME TABLE in a circle, EXCHANGE PARTITION: the names stay, and what
                            is behind them changes places */
    bool vanishes;       /* an event that the server drops when its time is over */
    bool makes_empty;    /* CREATE TABLE: there is a new table afterwards, without rows */
    bool filled;         /* CREATE TABLE from a query */
    bool from_client;    /* LOAD DATA LOCAL: the file is where the client is */
    bool alters;         /* ALTER TABLE, CREATE INDEX, DROP INDEX: takes ALGORITHM and LOCK */
    bool has_algorithm;  /* the text says ALGORITHM= itself */
    bool has_lock;       /* the text says LOCK= itself */
    bool escapes_quote;  /* a string in it has a backslash before its quote: in a session with
                            NO_BACKSLASH_ESCAPES it would end there */
    bool escapes_double; /* one in "": with ANSI_QUOTES it is a name, and ends there */
    bool opaque;         /* its words do not say what it does: CALL, EXECUTE ... */
    size_t length;       /* of the statement, without a ';' that ends it */
    unsigned more_line;  /* a second statement begins in this line of the text; 0: there is none */
    unsigned open_line; /* a compound body begins in this line and is not ended; 0: there is none */
} zq_statement;

/* The first clause with this verb, for example "ENGINE"; NULL when there is none. */
const zq_clause *zq_statement_clause(const zq_statement *statement, const char *verb);

/* The first routine that it calls. What is a table in it as well, as in WITH x (a) AS ... FROM x,
 * does not count; NULL: none. */
const char *zq_statement_call(const zq_statement *statement);

bool zq_statement_is(const zq_statement *statement, const char *verb);

/* ---- statement_read.c: conservatively, and without a server. Pure ---- */

/* Read one statement, as zq_split_next gives it. Never fails: what is not understood is
 * ZQ_STATEMENT_UNKNOWN and opaque, and an unknown table leaves tables_known false. Names
 * in `arena`, clauses point into `text`; "{table}" is a name like any other.
 *
 * What runs another statement (SET STATEMENT ... FOR, ANALYZE UPDATE, EXECUTE IMMEDIATE '...',
 * BEGIN NOT ATOMIC) is what that does. Of a body that is only stored (routine, trigger, event), the
 * names are read. What stands in executable comments counts, and so does what is left where a
 * server does not look at them. */
void zq_statement_read(const char *text, size_t length, zq_arena *arena, zq_statement *out);

/* What the body of a routine, a trigger or an event does when it runs: as one statement of the kind
 * UNKNOWN. What it calls is in `calls`, and does not make it opaque. In `arena`. */
void zq_statement_read_body(const char *body, size_t length, zq_arena *arena, zq_statement *out);

#endif
