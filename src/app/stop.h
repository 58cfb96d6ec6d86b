/* TERM, INT and HUP, from the first moment on, also as the first process of a container, whose
 * signals do nothing by default. */
#ifndef ZQ_APP_STOP_H
#define ZQ_APP_STOP_H

#include <stdbool.h>

/* A signal ends the program at once, with status 128 + its number: nothing of ours needs to be
 * undone. What was ignored stays ignored (nohup). */
void zq_stop_listen(void);

/* From here on the first one lets what is under way finish; a second one ends the program at once.
 */
void zq_stop_finish_first(void);

/* Undo that, until it is asked for again. */
void zq_stop_at_once(void);

/* What a signal that ends the program at once leaves on standard output: `text`, which must last;
 * NULL: nothing, as at first. */
void zq_stop_last_words(const char *text);

/* What SIGUSR1 is answered with on standard error, from any moment on, also while the program waits
 * for the server: `before_time` and the time (NULL: neither), `before`, where it is, `between`, the
 * seconds since zq_stop_listen, `after`. Those four must last; `where` is copied, and may be set
 * from one thread at a time. */
void zq_stop_answer(const char *before_time, const char *before, const char *between,
                    const char *after);
void zq_stop_where(const char *where);

/* The signal that asked for it; 0: none has. */
int zq_stop_signal(void);

#endif
