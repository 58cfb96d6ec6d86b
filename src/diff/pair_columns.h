/* The columns of two tables. */
#ifndef ZQ_DIFF_PAIR_COLUMNS_H
#define ZQ_DIFF_PAIR_COLUMNS_H

#include "diff/pair.h"

/* All changes of the pair's columns. */
void zq_pair_columns(zq_pair *w);

#endif
