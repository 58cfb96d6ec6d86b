#include "app/stop.h"

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t asked;
static volatile sig_atomic_t finishes;
static const char *_Atomic last_words;

static void stop(int number)
{
    const char *text = atomic_load(&last_words);

    if (finishes && asked == 0) {
        asked = number;
        return;
    }
    if (text != NULL && write(STDOUT_FILENO, text, strlen(text)) < 0)
        _exit(128 + number);
    _exit(128 + number);
}

void zq_stop_last_words(const char *text)
{
    atomic_store(&last_words, text);
}

void zq_stop_listen(void)
{
    static const int numbers[] = {SIGTERM, SIGINT, SIGHUP};
    struct sigaction action = {.sa_handler = stop, .sa_flags = SA_RESTART};

    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        struct sigaction before;

        if (sigaction(numbers[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            sigaction(numbers[i], &action, NULL);
    }
}

void zq_stop_finish_first(void)
{
    finishes = 1;
}

void zq_stop_at_once(void)
{
    finishes = 0;
}

int zq_stop_signal(void)
{
    return asked;
}
