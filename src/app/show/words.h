/* Numbers as people read them. Each in `arena`. */
#ifndef ZQ_APP_SHOW_WORDS_H
#define ZQ_APP_SHOW_WORDS_H

#include "base/arena.h"

/* "0.80 s", "12 min"; "" when it is negative: not known. */
const char *zq_words_duration(long long ms, zq_arena *arena);

/* "66 kB" */
const char *zq_words_bytes(unsigned long long bytes, zq_arena *arena);

/* "1234", "250 k" */
const char *zq_words_rows(unsigned long long rows, zq_arena *arena);

#endif
