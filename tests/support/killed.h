/* Programs that are killed at a moment left to chance. */
#ifndef ZQ_TEST_KILLED_H
#define ZQ_TEST_KILLED_H

#include <stdbool.h>

/* Seed rand() by ZQ_TEST_SEED, else by chance; printed, so that a failure can be run again. */
void killed_seed(void);

/* Start `words`, and kill it at a moment of the `takes_ms` that it takes unharmed; false when it
 * had ended by then, as it may on a machine that has less to do now: a test goes on until one was
 * hit, see KILLED_TRIES. */
bool killed_within(const char *const *words, unsigned takes_ms);

/* What `words` take unharmed, in milliseconds; it must succeed. */
unsigned killed_takes(const char *const *words);

/* After so many rounds without a kill, none is to be had. */
#define KILLED_TRIES 50

#endif
