#include "app/stop.h"

#include "base/clock.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
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

/* ---- SIGUSR1 ---- */

/* Two buffers: the handler reads the one that is not being written. */
static char places[2][512];
static const char *_Atomic place = "at work";
static struct {
    const char *before_time;
    const char *before;
    const char *between;
    const char *after;
} answer = {NULL, "", "; running for ", " s\n"};
static struct timespec begun;

void zq_stop_answer(const char *before_time, const char *before, const char *between,
                    const char *after)
{
    answer.before_time = before_time;
    answer.before = before;
    answer.between = between;
    answer.after = after;
}

void zq_stop_where(const char *where)
{
    char *to = atomic_load(&place) == places[0] ? places[1] : places[0];

    snprintf(to, sizeof places[0], "%s", where);
    atomic_store(&place, to);
}

static void add(char *line, size_t size, size_t *length, const char *text)
{
    for (; *text != '\0' && *length + 1 < size; text++)
        line[(*length)++] = *text;
}

/* Only what a signal handler may do: no buffer of stdio, no lock. */
static void say_where(int number)
{
    char line[1024];
    char digits[24];
    char time_text[ZQ_UTC_MS_TEXT];
    size_t at = sizeof digits - 1;
    size_t length = 0;
    int error = errno;
    struct timespec now;
    unsigned long long seconds;

    (void)number;
    clock_gettime(CLOCK_MONOTONIC, &now);
    seconds = (unsigned long long)(now.tv_sec - begun.tv_sec);
    digits[at] = '\0';
    do
        digits[--at] = (char)('0' + seconds % 10);
    while ((seconds /= 10) > 0);
    if (answer.before_time != NULL) {
        zq_utc_now_text(time_text);
        add(line, sizeof line, &length, answer.before_time);
        add(line, sizeof line, &length, time_text);
    }
    add(line, sizeof line, &length, answer.before);
    add(line, sizeof line, &length, atomic_load(&place));
    add(line, sizeof line, &length, answer.between);
    add(line, sizeof line, &length, digits + at);
    add(line, sizeof line, &length, answer.after);
    if (write(STDERR_FILENO, line, length) < 0)
        errno = error;
    errno = error;
}

static void listen_to(int number, void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
    struct sigaction before;

    sigemptyset(&action.sa_mask);
    if (sigaction(number, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
        sigaction(number, &action, NULL);
}

void zq_stop_listen(void)
{
    static const int numbers[] = {SIGTERM, SIGINT, SIGHUP};

    clock_gettime(CLOCK_MONOTONIC, &begun);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        listen_to(numbers[i], stop);
    listen_to(SIGUSR1, say_where);
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
