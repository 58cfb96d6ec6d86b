#include "base/clock.h"

#include <time.h>

unsigned long long zq_now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (unsigned long long)now.tv_sec * 1000000 + (unsigned long long)now.tv_nsec / 1000;
}

unsigned long long zq_now_ms(void)
{
    return zq_now_us() / 1000;
}
