/* The rows of a table, or of all members of a family, asked by SQL. */
#ifndef ZQ_APP_ASKED_ROWS_H
#define ZQ_APP_ASKED_ROWS_H

#include "app/app.h"
#include "db/db.h"
#include "run/members.h"

typedef struct zq_asked_table {
    zq_app *app;
    zq_db *db;
    const zq_schema *schema; /* says which table is whose member */
    const char *name;        /* as it is now; of a family its pattern */
    bool is_family;
    zq_member *members; /* those that are tables; one that goes meanwhile leaves the list */
    size_t n_members;
} zq_asked_table;

/* In both texts "{code}" stands for a member's code. */
typedef struct zq_row_question {
    const char *count; /* a SELECT that gives one number */
    const char *keys;  /* one that gives a text for each of a few rows, ZQ_ASKED_KEYS at most; NULL:
                          nothing tells the rows apart */
} zq_row_question;

enum { ZQ_ASKED_KEYS = 5 };

typedef struct zq_row_answer {
    unsigned long long rows;
    size_t n_members; /* that have such rows */
    const char *keys; /* "3, 7"; of members "000001: 3, 600000: 7"; "" */
} zq_row_answer;

/* Begin with `table`, and list the members of a family. In the run's arena. */
zq_rc zq_asked_rows_open(zq_app *app, zq_db *db, const zq_schema *schema, const zq_table *table,
                         zq_asked_table *out, zq_err *err);

/* Has it no row, or no member that has one? */
zq_rc zq_asked_rows_is_empty(zq_asked_table *table, bool *out, zq_err *err);

/* Count, and fetch keys. Members are asked some dozens at a time, each once; how far it is is
 * shown. In the run's arena. Fails as zq_db_query does. */
zq_rc zq_asked_rows_ask(zq_asked_table *table, const zq_row_question *question, zq_row_answer *out,
                        zq_err *err);

#endif
