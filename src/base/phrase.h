/* Phrases that are put together before they are said, or kept. */
#ifndef ZQ_BASE_PHRASE_H
#define ZQ_BASE_PHRASE_H

#include "base/arena.h"
#include "base/language.h"

#include <stdarg.h>

/* Words that go into a file, the database or JSON, too, are English in every language. */
typedef enum zq_tongue {
    ZQ_ENGLISH,
    ZQ_USERS_LANGUAGE,
} zq_tongue;

/* What a format makes of its arguments; in `arena`. */
const char *zq_printf_in(zq_tongue tongue, zq_arena *arena, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
const char *zq_vprintf_in(zq_tongue tongue, zq_arena *arena, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));

/* What a text is that one of the catalog's formats with a single '%s' has made, of a name: for
 * words that are kept in English ("has no column 'a'"), when they are shown. `text` itself where
 * that is not found. */
const char *zq_phrase_made(zq_arena *arena, const char *text);

#define zq_tr_printf(arena, ...) zq_printf_in(ZQ_USERS_LANGUAGE, (arena), __VA_ARGS__)

#endif
