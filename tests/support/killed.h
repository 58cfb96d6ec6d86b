/* Programs that are killed at a moment left to chance. */
#ifndef ZQ_TEST_KILLED_H
#define ZQ_TEST_KILLED_H

#include <stdbool.h>

/* Seed rand() by ZQ_TEST_SEED, else by chance; printed, so that a failure can be run again. */
void killed_seed(void);

/* Start `words`, and kill it after `ms`; false when it had ended by then. */
bool killed_after(const char *const *words, unsigned ms);

#endif
