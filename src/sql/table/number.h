/* Decimal numbers as text. Pure. */
#ifndef ZQ_SQL_TABLE_NUMBER_H
#define ZQ_SQL_TABLE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

/* Sign, and the digits before and after the point without zeros that mean nothing, so that equal
 * numbers are equal in every part. Points into the text; zero is not negative. */
typedef struct zq_number {
    bool negative;
    const char *whole;
    size_t n_whole;
    const char *part;
    size_t n_part;
} zq_number;

/* "-012.50"; false for anything else, an empty text and an exponent too. */
bool zq_number_read(const char *text, zq_number *out);

#endif
