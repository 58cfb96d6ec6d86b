#include "base/buf.h"

#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 256 };

static void reserve(zq_buf *buf, size_t more)
{
    size_t capacity = buf->capacity ? buf->capacity : FIRST_CAPACITY;
    size_t need;
    char *text;

    if (more >= SIZE_MAX / 2 - buf->length)
        zq_out_of_memory(more);
    need = buf->length + more + 1;
    if (need <= buf->capacity)
        return;
    while (capacity < need)
        capacity *= 2;
    text = realloc(buf->text, capacity);
    if (text == NULL)
        zq_out_of_memory(capacity);
    buf->text = text;
    buf->capacity = capacity;
}

void zq_buf_done(zq_buf *buf)
{
    free(buf->text);
    *buf = (zq_buf){0};
}

void zq_buf_clear(zq_buf *buf)
{
    buf->length = 0;
    if (buf->text != NULL)
        buf->text[0] = '\0';
}

void zq_buf_add(zq_buf *buf, const char *bytes, size_t length)
{
    reserve(buf, length);
    if (length > 0)
        memcpy(buf->text + buf->length, bytes, length);
    buf->length += length;
    buf->text[buf->length] = '\0';
}

void zq_buf_str(zq_buf *buf, const char *text)
{
    zq_buf_add(buf, text, strlen(text));
}

void zq_buf_char(zq_buf *buf, char c)
{
    zq_buf_add(buf, &c, 1);
}

void zq_buf_vprintf(zq_buf *buf, const char *format, va_list args)
{
    va_list again;
    int length;

    va_copy(again, args);
    length = vsnprintf(NULL, 0, format, args);
    if (length >= 0) {
        reserve(buf, (size_t)length);
        vsnprintf(buf->text + buf->length, (size_t)length + 1, format, again);
        buf->length += (size_t)length;
    }
    va_end(again);
}

void zq_buf_printf(zq_buf *buf, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    zq_buf_vprintf(buf, format, args);
    va_end(args);
}

const char *zq_buf_text(const zq_buf *buf)
{
    return buf->text == NULL ? "" : buf->text;
}
