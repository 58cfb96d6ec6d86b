/* Golden files: what a function wrote, kept and reviewed. Run the tests with ZQ_GOLDEN_UPDATE=1 to
 * write them anew, then read the difference before you commit it. */
#ifndef ZQ_TEST_GOLDEN_H
#define ZQ_TEST_GOLDEN_H

#include "base/buf.h"

#include <stdbool.h>

/* tests/golden/<path>, in static storage until the next call. */
const char *golden_path(const char *path);

/* The test fails when tests/golden/<path> does not hold exactly `text`. With ZQ_GOLDEN_UPDATE=1 the
 * file is written instead. */
void golden_check(const char *path, const char *text);

/* Append a file of tests/golden; false when there is none. */
bool golden_read(const char *path, zq_buf *out);

/* Call `visit` with the name of each entry of tests/golden/<folder>, sorted; hidden ones left out.
 * Gives their number; the test fails when there is no such folder. */
int golden_each(const char *folder, void (*visit)(const char *name));

#endif
