/* A word when the server is silent for long. */
#ifndef ZQ_APP_SILENCE_H
#define ZQ_APP_SILENCE_H

#include <stdbool.h>

/* From here on, until the program ends: whenever a statement has waited for the server for ten
 * seconds, and each ten seconds after that, `say` is called from a thread of its own. The first
 * call counts. */
void zq_silence_watch(void (*say)(unsigned seconds));

/* Is it time to say so, after `silent_s` seconds of silence? `*io_said_s` is what was said last. */
bool zq_silence_is_due(unsigned silent_s, unsigned *io_said_s);

#endif
