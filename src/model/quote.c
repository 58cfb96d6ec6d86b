/* Quotes texts so that one line holds anything, and reads them back.
 *
 * Three kinds of quotes share one set of escapes. What a terminal or an editor would not show where
 * it stands is written as bytes, so that two texts which look alike are not taken for one. */
#include "model/quote.h"

#include "base/text.h"
#include "base/utf8.h"

#include <string.h>

enum { MALFORMED = -1, CLOSED = -2 };

static bool is_bare(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("_${}", c) != NULL);
}

static void escape(zq_buf *out, unsigned char c)
{
    static const char named[] = "\\\\\nn\rr\tt";

    for (const char *pair = named; *pair != '\0'; pair += 2)
        if ((unsigned char)pair[0] == c) {
            zq_buf_char(out, '\\');
            zq_buf_char(out, pair[1]);
            return;
        }
    zq_buf_printf(out, "\\x%02x", c);
}

/* The character that the escape at `*at` (after the backslash) stands for, or MALFORMED. */
static int unescape(const char **at, const char *end)
{
    const char *c = *at;

    if (c == end)
        return MALFORMED;
    *at += 1;
    switch (*c) {
    case '\\':
        return '\\';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    case 'x':
        if (end - c < 3 || zq_hex_digit(c[1]) < 0 || zq_hex_digit(c[2]) < 0)
            return MALFORMED;
        *at += 2;
        return zq_hex_digit(c[1]) * 16 + zq_hex_digit(c[2]);
    default:
        return MALFORMED;
    }
}

/* The next character within quotes, CLOSED at the closing quote, or MALFORMED. */
static int next_char(const char **at, const char *end, char quote)
{
    char c;

    if (*at == end)
        return MALFORMED;
    c = *(*at)++;
    if (c == '\\')
        return unescape(at, end);
    if (c == quote) {
        if (*at == end || **at != quote)
            return CLOSED;
        *at += 1;
    }
    return (unsigned char)c;
}

void zq_quote(zq_buf *out, char quote, const char *text)
{
    zq_buf_char(out, quote);
    while (text != NULL && *text != '\0') {
        unsigned char c = (unsigned char)*text;
        size_t length = zq_utf8_length(text, strnlen(text, 4));

        if (length == 0 || c == '\\' || !zq_text_is_plain(text, length)) {
            for (size_t i = 0; i == 0 || i < length; i++)
                escape(out, (unsigned char)*text++);
            continue;
        }
        if (*text == quote)
            zq_buf_char(out, quote);
        zq_buf_add(out, text, length);
        text += length;
    }
    zq_buf_char(out, quote);
}

void zq_quote_name(zq_buf *out, const char *name)
{
    size_t length = 0;

    while (name != NULL && is_bare(name[length]))
        length++;
    if (length > 0 && name[length] == '\0')
        zq_buf_add(out, name, length);
    else
        zq_quote(out, '`', name);
}

char *zq_unquote(const char **at, const char *end, char quote, zq_arena *arena)
{
    ZQ_AUTO_BUF(text);
    int c;

    if (*at == end || **at != quote)
        return NULL;
    *at += 1;
    while ((c = next_char(at, end, quote)) > 0)
        zq_buf_char(&text, (char)c);
    return c != CLOSED ? NULL : zq_arena_strndup(arena, zq_buf_text(&text), text.length);
}

char *zq_unquote_name(const char **at, const char *end, zq_arena *arena)
{
    const char *start = *at;

    if (start < end && *start == '`')
        return zq_unquote(at, end, '`', arena);
    while (*at < end && is_bare(**at))
        *at += 1;
    return *at == start ? NULL : zq_arena_strndup(arena, start, (size_t)(*at - start));
}
