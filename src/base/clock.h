/* A clock that only goes forward. */
#ifndef ZQ_BASE_CLOCK_H
#define ZQ_BASE_CLOCK_H

/* Milliseconds, and microseconds, since some moment of the past. */
unsigned long long zq_now_ms(void);
unsigned long long zq_now_us(void);

#endif
