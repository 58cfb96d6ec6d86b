/* The terminal itself: how wide it is, and the line at its foot. */
#ifndef ZQ_APP_SHOW_TERMINAL_H
#define ZQ_APP_SHOW_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

/* Does `fd` obey colours and the clearing of a line? A terminal does, but for TERM=dumb or none. */
bool zq_terminal_obeys(int fd);

/* Columns of the terminal that standard output is; 100 when it is not one. */
size_t zq_terminal_width(void);

/* Columns that a line at the foot of standard error may have. */
size_t zq_terminal_columns(void);

/* Put `line` at the foot of standard error, in place of the one there. From any thread. */
void zq_terminal_draw(const char *line);

/* Take that line off before something else is printed, if there is one. From any thread. */
void zq_terminal_erase(void);

#endif
