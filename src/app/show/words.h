/* Numbers as people read them. Each in `arena`. */
#ifndef ZQ_APP_SHOW_WORDS_H
#define ZQ_APP_SHOW_WORDS_H

#include "base/arena.h"

/* "0.80 s", "12 min"; "" when it is negative: not known. */
const char *zq_duration_words(long long ms, zq_arena *arena);

/* "66 kB" */
const char *zq_bytes_words(unsigned long long bytes, zq_arena *arena);

/* "1234", "250 k" */
const char *zq_rows_words(unsigned long long rows, zq_arena *arena);

#endif
