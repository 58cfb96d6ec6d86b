#include "run/watch.h"

#include "base/language.h"

#include <stdarg.h>
#include <stdio.h>

void zq_watch_tell(const zq_watch *watch, zq_tell weight, const char *format, ...)
{
    char text[1024];
    va_list args;

    if (watch->tell == NULL)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof text, zq_tr(format), args);
    va_end(args);
    watch->tell(watch->context, weight, text);
}

void zq_watch_progress(const zq_watch *watch, const char *what, size_t done, size_t total)
{
    if (watch->progress != NULL)
        watch->progress(watch->context, what, done, total);
}

void zq_watch_at(const zq_watch *watch, const zq_watch_step *step)
{
    if (watch->step != NULL)
        watch->step(watch->context, step);
}

bool zq_watch_stopped(const zq_watch *watch)
{
    return watch->stopped != NULL && watch->stopped(watch->context);
}
