/* A text that grows. */
#ifndef ZQ_BASE_BUF_H
#define ZQ_BASE_BUF_H

#include <stdarg.h>
#include <stddef.h>

/* `text` is always terminated by NUL once anything was added; it may hold NULs of its own.
 * Start with `zq_buf b = {0};` and end with zq_buf_done. Growing never fails (zq_out_of_memory). */
typedef struct zq_buf {
    char *text;
    size_t length;
    size_t capacity;
} zq_buf;

void zq_buf_done(zq_buf *buf);
void zq_buf_clear(zq_buf *buf); /* empty it, keep the memory */

void zq_buf_add(zq_buf *buf, const char *bytes, size_t length);
void zq_buf_str(zq_buf *buf, const char *text);
void zq_buf_char(zq_buf *buf, char c);
void zq_buf_printf(zq_buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void zq_buf_vprintf(zq_buf *buf, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

/* What is in it, "" when nothing was added; valid until the buffer changes. */
const char *zq_buf_text(const zq_buf *buf);

/* `ZQ_AUTO_BUF(sql);` declares an empty buffer that frees itself at the end of its scope. */
#define ZQ_AUTO_BUF(name) __attribute__((cleanup(zq_buf_done))) zq_buf name = {0}

#endif
