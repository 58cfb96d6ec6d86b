/* Rows, and what a statement answers with. */
#ifndef ZQ_DB_ROW_H
#define ZQ_DB_ROW_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

/* What a server sends is input: it may be posing as one, or be another's. So each run says what
 * its statements answer with, and a row reaches its caller only when it is like that. */

/* How many rows. */
typedef enum zq_row_count {
    ZQ_ANY_ROWS,
    ZQ_AT_MOST_ONE_ROW,
    ZQ_ONE_ROW,
} zq_row_count;

/* What one statement, or several of a kind in a row, answers with. */
typedef struct zq_answer {
    /* A letter for each column: 't' a text, 'i' a whole number; 'T' and 'I' may be NULL as well. A
     * '+' at the end: further columns may follow, and are not looked at. "": no rows. NULL:
     * whatever it is, it is dropped. */
    const char *columns;
    zq_row_count rows;
    size_t times; /* statements of this kind; 0 means 1 */
} zq_answer;

/* SHOW CREATE TABLE: a name and a definition; of a view also its character sets. */
#define ZQ_SHOW_CREATE_COLUMNS "tt+"

/* One row, like its answer says, valid only while the callback runs. */
typedef struct zq_row zq_row;

/* The text of a column that the answer names, terminated by NUL; NULL is SQL's NULL, where the
 * answer allows it, and a column that the answer does not name. */
const char *zq_row_text(const zq_row *row, size_t column);
size_t zq_row_length(const zq_row *row, size_t column); /* 0 of a NULL */

/* Called for each row as it arrives; `statement` counts from 0 within one zq_db_run. An error
 * that it returns ends the run: what the server still sends is dropped (it runs the statements
 * that it was sent to their end), and the connection stays usable. */
typedef zq_rc zq_row_fn(void *context, size_t statement, const zq_row *row, zq_err *err);

/* The answers to all statements of one run, in order, and who takes their rows. */
typedef struct zq_answers {
    const zq_answer *items;
    size_t n;
    zq_row_fn *take;
    void *context;
    bool streams; /* `take` keeps none of its rows: there may be any number of them */
    /* NULL, or called when the server has answered a statement, before its rows: one without
     * columns is done. `statement` as in `take`. */
    void (*answered)(void *context, size_t statement);
} zq_answers;

#endif
