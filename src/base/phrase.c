#include "base/phrase.h"

#include <string.h>

const char *zq_vprintf_in(zq_tongue tongue, zq_arena *arena, const char *format, va_list args)
{
    return zq_arena_vprintf(arena, tongue == ZQ_ENGLISH ? format : zq_tr(format), args);
}

const char *zq_printf_in(zq_tongue tongue, zq_arena *arena, const char *format, ...)
{
    const char *text;
    va_list args;

    va_start(args, format);
    text = zq_vprintf_in(tongue, arena, format, args);
    va_end(args);
    return text;
}

/* The name between the two ends of a format; NULL: it has not made the text. */
static const char *name_in(const char *format, const char *text, zq_arena *arena)
{
    const char *hole = strstr(format, "'%s'");
    size_t head, tail, length = strlen(text);
    const char *name;

    if (hole == NULL || strchr(format, '%') != hole + 1 || strchr(hole + 2, '%') != NULL)
        return NULL;
    head = (size_t)(hole - format) + 1;
    tail = strlen(hole + strlen("'%s"));
    if (length < head + tail || strncmp(text, format, head) != 0 ||
        strcmp(text + length - tail, hole + strlen("'%s")) != 0)
        return NULL;
    name = zq_arena_strndup(arena, text + head, length - head - tail);
    return strchr(name, '\'') == NULL ? name : NULL;
}

const char *zq_phrase_made(zq_arena *arena, const char *text)
{
    const char *format;

    for (size_t i = 0; (format = zq_tr_source(i)) != NULL; i++) {
        const char *name = name_in(format, text, arena);

        if (name != NULL)
            return zq_tr_printf(arena, format, name);
    }
    return zq_tr(text);
}
