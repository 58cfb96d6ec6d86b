#include "app/show/terminal.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool drawn;

bool zq_terminal_obeys(int fd)
{
    const char *term = getenv("TERM");

    return isatty(fd) && term != NULL && strcmp(term, "dumb") != 0;
}

/* 0: it is not a terminal, or it does not say. */
static size_t columns_of(int fd)
{
    struct winsize size;

    return ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

size_t zq_terminal_width(void)
{
    enum { WIDTH = 100, LEAST = 60 };
    size_t columns = columns_of(STDOUT_FILENO);

    if (columns == 0)
        return WIDTH;
    return columns < LEAST ? LEAST : columns;
}

/* One column stays free, so that no terminal wraps the line. */
size_t zq_terminal_columns(void)
{
    enum { WIDTH = 79, WIDEST = 400 };
    size_t columns = columns_of(STDERR_FILENO);

    if (columns == 0)
        return WIDTH;
    return columns < WIDEST ? columns - 1 : WIDEST;
}

void zq_terminal_draw(const char *line)
{
    pthread_mutex_lock(&lock);
    fprintf(stderr, "\r%s\033[K", line);
    fflush(stderr);
    drawn = true;
    pthread_mutex_unlock(&lock);
}

void zq_terminal_erase(void)
{
    pthread_mutex_lock(&lock);
    if (drawn)
        fprintf(stderr, "\r\033[K");
    drawn = false;
    pthread_mutex_unlock(&lock);
}
