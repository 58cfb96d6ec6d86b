/* Finds and fills "{word}" in a statement.
 *
 * A placeholder may be a part of a name, stand in backticks or in a string, so it is looked for
 * within tokens, and only comments are left alone. It is filled as text: what is put in must be
 * harmless in all of those places, which the names and codes of families are. */
#include "sql/read/placeholder.h"

#include "base/buf.h"
#include "sql/read/token.h"

#include <string.h>

/* The length of a {word} at `text`, braces included; 0 when there is none. */
static size_t placeholder_at(const char *text, size_t length)
{
    size_t i = 1;

    if (length < 3 || text[0] != '{')
        return 0;
    while (i < length && text[i] >= 'a' && text[i] <= 'z')
        i++;
    return i > 1 && i < length && text[i] == '}' ? i + 1 : 0;
}

static bool is_comment(const zq_token *token)
{
    return token->kind == ZQ_TOKEN_LINE_COMMENT || token->kind == ZQ_TOKEN_COMMENT;
}

size_t zq_placeholder_list(const char *text, size_t length, zq_arena *arena,
                           const zq_placeholder **out)
{
    zq_scanner scanner = {.text = text, .length = length, .line = 1};
    size_t n = 0, size;
    zq_placeholder *found = NULL;

    for (zq_token t = zq_scan(&scanner); t.kind != ZQ_TOKEN_END; t = zq_scan(&scanner)) {
        unsigned line = t.line;

        for (size_t i = 0; i < t.length && !is_comment(&t); i++) {
            line += t.text[i] == '\n';
            if ((size = placeholder_at(t.text + i, t.length - i)) == 0)
                continue;
            *ZQ_APPEND(arena, found, n) = (zq_placeholder){
                .name = zq_arena_strndup(arena, t.text + i + 1, size - 2),
                .line = line,
                .in_string = t.kind == ZQ_TOKEN_STRING,
            };
        }
    }
    *out = found;
    return n;
}

static const char *bound(const zq_binding *bindings, size_t n, const char *name, size_t length)
{
    for (size_t i = 0; i < n; i++)
        if (strlen(bindings[i].name) == length && memcmp(bindings[i].name, name, length) == 0)
            return bindings[i].value;
    return NULL;
}

static void expand_into(zq_buf *buf, const char *text, size_t length, const zq_binding *bindings,
                        size_t n_bindings)
{
    for (size_t i = 0; i < length;) {
        size_t size = placeholder_at(text + i, length - i);
        const char *value = size == 0 ? NULL : bound(bindings, n_bindings, text + i + 1, size - 2);

        if (value != NULL)
            zq_buf_str(buf, value);
        else
            zq_buf_char(buf, text[i]);
        i += value != NULL ? size : 1;
    }
}

char *zq_placeholder_fill(zq_arena *arena, const char *text, size_t length,
                          const zq_binding *bindings, size_t n_bindings)
{
    zq_scanner scanner = {.text = text, .length = length, .line = 1};
    const char *copied = text;
    ZQ_AUTO_BUF(buf);

    for (zq_token t = zq_scan(&scanner); t.kind != ZQ_TOKEN_END; t = zq_scan(&scanner)) {
        zq_buf_add(&buf, copied, (size_t)(t.text - copied));
        if (is_comment(&t))
            zq_buf_add(&buf, t.text, t.length);
        else
            expand_into(&buf, t.text, t.length, bindings, n_bindings);
        copied = t.text + t.length;
    }
    zq_buf_add(&buf, copied, (size_t)(text + length - copied));
    return zq_arena_strndup(arena, zq_buf_text(&buf), buf.length);
}
