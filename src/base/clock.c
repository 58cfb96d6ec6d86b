#include "base/clock.h"

#include <string.h>

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

void zq_utc_text(time_t when, char out[ZQ_UTC_TEXT])
{
    struct tm utc;

    if (gmtime_r(&when, &utc) == NULL ||
        strftime(out, ZQ_UTC_TEXT, "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
        memcpy(out, "1970-01-01T00:00:00Z", ZQ_UTC_TEXT);
}
