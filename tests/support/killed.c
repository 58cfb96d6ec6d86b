#include "killed.h"

#include "program.h"

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

bool killed_after(const char *const *words, unsigned ms)
{
    const struct timespec pause = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};
    const pid_t pid = program_start(words);

    nanosleep(&pause, NULL);
    kill(pid, SIGKILL);
    return program_wait(pid) == 128 + SIGKILL;
}
