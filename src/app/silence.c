/* Whoever waits for a statement waits in the client library, which calls nobody back. So a thread
 * looks once a second for how long the connections have been waiting; it begins with the first of
 * them, since later, while a password is hashed, a new one would be waited for (seed/memory.h). */
#include "app/silence.h"

#include "db/db.h"

#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <time.h>

enum { SAY_EVERY_S = 10 };

static void (*say)(unsigned seconds);

bool zq_silence_is_due(unsigned silent_s, unsigned *io_said_s)
{
    const unsigned now_s = silent_s - silent_s % SAY_EVERY_S;
    const bool due = now_s > *io_said_s;

    *io_said_s = now_s;
    return due;
}

static void *watch(void *unused)
{
    const struct timespec second = {.tv_sec = 1};
    unsigned said_s = 0;

    (void)unused;
    for (;;) {
        nanosleep(&second, NULL);
        if (zq_silence_is_due((unsigned)(zq_db_silent_ms() / 1000), &said_s))
            say(said_s);
    }
    return NULL;
}

/* Signals are for the threads that work. */
static void begin(void)
{
    pthread_attr_t detached;
    pthread_t thread;
    sigset_t all, before;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_attr_init(&detached);
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    pthread_create(&thread, &detached, watch, NULL);
    pthread_attr_destroy(&detached);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void zq_silence_watch(void (*wanted)(unsigned seconds))
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    if (say == NULL)
        say = wanted;
    pthread_once(&once, begin);
}
