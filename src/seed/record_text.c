#include "seed/record_text.h"

#include "base/buf.h"

#include <string.h>

bool zq_record_text_same(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

const char *zq_record_text_encode(zq_arena *arena, const char *const words[], size_t n)
{
    ZQ_AUTO_BUF(out);

    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            zq_buf_char(&out, '\t');
        if (words[i] == NULL)
            zq_buf_str(&out, "\\N");
        for (const char *c = words[i]; c != NULL && *c != '\0'; c++) {
            if (*c == '\\' || *c == '\t')
                zq_buf_char(&out, '\\');
            zq_buf_char(&out, *c == '\t' ? 't' : *c);
        }
    }
    return zq_arena_strdup(arena, zq_buf_text(&out));
}

void zq_record_text_decode(zq_arena *arena, const char *content, const char *words[], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        ZQ_AUTO_BUF(out);
        bool none = content[0] == '\\' && content[1] == 'N';

        for (; *content != '\0' && *content != '\t'; content++) {
            if (*content == '\\' && content[1] != '\0') {
                content++;
                zq_buf_char(&out, *content == 't' ? '\t' : *content);
            } else {
                zq_buf_char(&out, *content);
            }
        }
        words[i] = none ? NULL : zq_arena_strdup(arena, zq_buf_text(&out));
        content += *content == '\t';
    }
}

/* A build that does not know the second word reads the first. */
const char *zq_role_encode(zq_arena *arena, const char *description, bool reconcile)
{
    const char *words[] = {description, "reconcile=no"};

    return zq_record_text_encode(arena, words, reconcile ? 1 : 2);
}

bool zq_role_is_left(zq_arena *arena, const char *content)
{
    const char *words[2];

    zq_record_text_decode(arena, content, words, 2);
    return words[1] != NULL && strcmp(words[1], "reconcile=no") == 0;
}
