/* Included before everything else by the copy of the parsers that tests/app/linear.c counts: what
 * the library's functions walk over counts like the steps of our own code, which the compiler
 * counts by
 * __sanitizer_cov_trace_pc. */
#ifndef ZQ_TEST_COUNTED_H
#define ZQ_TEST_COUNTED_H

#include <string.h>

extern unsigned long long zq_counted_steps;

#define ZQ_COUNT(n) (zq_counted_steps += (n) / 8 + 1)

static inline size_t zq_counted_strlen(const char *text)
{
    size_t n = strlen(text);

    ZQ_COUNT(n);
    return n;
}

static inline void *zq_counted_memchr(const void *text, int c, size_t n)
{
    const char *found = memchr(text, c, n);

    ZQ_COUNT(found != NULL ? (size_t)(found - (const char *)text) : n);
    return (void *)found;
}

static inline char *zq_counted_strchr(const char *text, int c)
{
    char *found = (char *)strchr(text, c);

    ZQ_COUNT(found != NULL ? (size_t)(found - text) : strlen(text));
    return found;
}

static inline size_t zq_counted_strcspn(const char *text, const char *reject)
{
    size_t n = strcspn(text, reject);

    ZQ_COUNT(n);
    return n;
}

static inline size_t zq_counted_strspn(const char *text, const char *accept)
{
    size_t n = strspn(text, accept);

    ZQ_COUNT(n);
    return n;
}

static inline char *zq_counted_strpbrk(const char *text, const char *accept)
{
    ZQ_COUNT(strcspn(text, accept));
    return (char *)strpbrk(text, accept);
}

static inline char *zq_counted_strstr(const char *text, const char *wanted)
{
    char *found = (char *)strstr(text, wanted);

    ZQ_COUNT(found != NULL ? (size_t)(found - text) : strlen(text));
    return found;
}

static inline void *zq_counted_memcpy(void *to, const void *from, size_t n)
{
    ZQ_COUNT(n);
    return memcpy(to, from, n);
}

static inline void *zq_counted_memset(void *to, int c, size_t n)
{
    ZQ_COUNT(n);
    return memset(to, c, n);
}

/* Newer C libraries have some of them as macros. */
#undef memchr
#undef strchr
#undef strpbrk
#undef strstr
#define strlen zq_counted_strlen
#define memchr zq_counted_memchr
#define strchr zq_counted_strchr
#define strcspn zq_counted_strcspn
#define strspn zq_counted_strspn
#define strpbrk zq_counted_strpbrk
#define strstr zq_counted_strstr
#define memcpy zq_counted_memcpy
#define memset zq_counted_memset

#endif
