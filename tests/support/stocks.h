/* The tables of stocks as the application makes them: not like their neighbours to the letter.
 *
 * The same seed gives the same tables, whatever else is made beside them. */
#ifndef ZQ_TEST_STOCKS_H
#define ZQ_TEST_STOCKS_H

#include "base/buf.h"
#include "base/err.h"
#include "model/schema.h"

#include <stdint.h>

/* What of the application's ways the tables show. */
typedef struct stocks_ways {
    uint64_t seed;
    bool shuffled; /* the indexes of each in an order of its own (SQLAlchemy keeps them in a set) */
    bool charsets; /* some name the charset of their columns, as a dump of MySQL's does */
    bool factors;  /* an open family's have columns of the application's, each its own choice */
    bool like;     /* each third is made by CREATE TABLE ... LIKE the first stock's */
    bool copies;   /* each tenth has two copies, _bak and _old, made in that way */
    int rows;      /* in each */
} stocks_ways;

/* The code of a stock, counted from 0: 600000 and so on. `out` has room for ZQ_CODE_MAX + 1. */
void stocks_code(int stock, char *out);

/* Append the statements, each ended by ";\n", that make the tables of one stock in every family of
 * `schema`. With `like` or `copies` they make the first stock's tables too unless they are there.
 */
zq_rc stocks_write(zq_buf *out, const zq_schema *schema, int stock, const stocks_ways *ways,
                   zq_err *err);

/* Append a value for a column, in SQL, that differs from row to row: rows are counted from 1. */
void stocks_write_value(zq_buf *sql, const zq_column *column, int row);

#endif
