#include "killed.h"

#include "base/clock.h"
#include "program.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

void killed_seed(void)
{
    const char *given = getenv("ZQ_TEST_SEED");
    const unsigned seed = given != NULL ? (unsigned)strtoul(given, NULL, 10)
                                        : (unsigned)time(NULL) ^ (unsigned)getpid();

    fprintf(stderr, "ZQ_TEST_SEED=%u\n", seed);
    srand(seed);
}

bool killed_within(const char *const *words, unsigned takes_ms)
{
    const unsigned ms = (unsigned)rand() % (takes_ms + 1);
    const struct timespec pause = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};
    const pid_t pid = program_start(words);

    nanosleep(&pause, NULL);
    kill(pid, SIGKILL);
    return program_wait(pid) == 128 + SIGKILL;
}

unsigned killed_takes(const char *const *words)
{
    const unsigned long long began_ms = zq_now_ms();

    cr_assert_eq(program_wait(program_start(words)), 0);
    return (unsigned)(zq_now_ms() - began_ms);
}
