/* A clock that only goes forward, and one that people read. */
#ifndef ZQ_BASE_CLOCK_H
#define ZQ_BASE_CLOCK_H

#include <time.h>

/* Milliseconds, and microseconds, since some moment of the past. */
unsigned long long zq_now_ms(void);
unsigned long long zq_now_us(void);

/* "2026-01-04T10:20:30Z"; the beginning of 1970 for what is before it, or in a year that has more
 * than four digits. Both may be called in a signal handler. */
enum { ZQ_UTC_TEXT = sizeof "2026-01-04T10:20:30Z" };
void zq_utc_text(time_t when, char out[ZQ_UTC_TEXT]);

/* "2026-01-04T10:20:30.123Z": now. */
enum { ZQ_UTC_MS_TEXT = sizeof "2026-01-04T10:20:30.123Z" };
void zq_utc_now_text(char out[ZQ_UTC_MS_TEXT]);

#endif
