#include "base/clock.h"

#include <criterion/criterion.h>
#include <string.h>

/* The C library's own, which must not be called in a signal handler. */
static void expect_as_library(time_t when)
{
    char text[ZQ_UTC_TEXT], wanted[64];
    struct tm utc;

    gmtime_r(&when, &utc);
    strftime(wanted, sizeof wanted, "%Y-%m-%dT%H:%M:%SZ", &utc);
    zq_utc_text(when, text);
    cr_assert_str_eq(text, wanted);
}

Test(clock, every_day_until_the_year_9999_is_as_the_library_has_it)
{
    const time_t end = 253402300800;

    for (time_t day = 0; day < end; day += 86400) {
        expect_as_library(day);
        expect_as_library(day + 86399 - day / 86400 % 86399);
    }
}

Test(clock, what_cannot_be_written_is_the_beginning_of_1970)
{
    char text[ZQ_UTC_TEXT];

    zq_utc_text(253402300800, text);
    cr_assert_str_eq(text, "1970-01-01T00:00:00Z");
    zq_utc_text(-1, text);
    cr_assert_str_eq(text, "1970-01-01T00:00:00Z");
}

Test(clock, now_is_between_two_looks_at_the_clock)
{
    char text[ZQ_UTC_MS_TEXT], before[ZQ_UTC_TEXT], after[ZQ_UTC_TEXT];

    zq_utc_text(time(NULL) - 1, before);
    zq_utc_now_text(text);
    zq_utc_text(time(NULL) + 1, after);
    cr_assert_eq(strlen(text), strlen("2026-01-04T10:20:30.123Z"));
    cr_assert(strcmp(before, text) < 0 && strcmp(text, after) < 0, "%s %s %s", before, text, after);
    cr_assert_eq(text[19], '.');
    cr_assert_eq(strspn(text + 20, "0123456789"), 3);
}
