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

static void put(char *at, size_t digits, unsigned value)
{
    for (; digits > 0; digits--, value /= 10)
        at[digits - 1] = (char)('0' + value % 10);
}

/* The day of the Gregorian calendar that is so many days after the first of March of the year 0:
 * then a leap day is the last of its year. */
static void put_date(char *at, unsigned days)
{
    enum { ERA = 146097, CENTURY = 36524, FOUR_YEARS = 1461, YEAR = 365 }; /* days */
    const unsigned era = days / ERA, of_era = days % ERA;
    const unsigned years =
        (of_era - of_era / (FOUR_YEARS - 1) + of_era / CENTURY - of_era / (ERA - 1)) / YEAR;
    const unsigned of_year = of_era - (years * YEAR + years / 4 - years / 100);
    const unsigned month = (5 * of_year + 2) / 153; /* from March on: 153 days for five */

    put(at, 4, era * 400 + years + (month >= 10));
    put(at + 5, 2, month < 10 ? month + 3 : month - 9);
    put(at + 8, 2, of_year - (153 * month + 2) / 5 + 1);
}

void zq_utc_text(time_t when, char out[ZQ_UTC_TEXT])
{
    enum { DAY = 86400, DAYS_BEFORE_1970 = 719468 };
    static const time_t end = 253402300800; /* of the year 9999 */
    const unsigned of_day = when >= 0 && when < end ? (unsigned)(when % DAY) : 0;

    memcpy(out, "1970-01-01T00:00:00Z", ZQ_UTC_TEXT);
    if (when < 0 || when >= end)
        return;
    put_date(out, (unsigned)(when / DAY) + DAYS_BEFORE_1970);
    put(out + 11, 2, of_day / 3600);
    put(out + 14, 2, of_day / 60 % 60);
    put(out + 17, 2, of_day % 60);
}

void zq_utc_now_text(char out[ZQ_UTC_MS_TEXT])
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    zq_utc_text(now.tv_sec, out);
    memcpy(out + strlen("2026-01-04T10:20:30"), ".000Z", sizeof ".000Z");
    put(out + strlen("2026-01-04T10:20:30."), 3, (unsigned)(now.tv_nsec / 1000000));
}
