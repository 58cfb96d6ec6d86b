/* Asks of a text that a server wrote: do these words stand here?
 *
 * A server spells the same thing in one way, so a reader knows what may come and tries one after
 * the other; that is shorter than a grammar over tokens (sql/read/token.c), which statements that
 * people write need. What stands in version comments counts: the server that wrote it means it. */
#include "sql/table/cursor.h"

#include "sql/literal.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static size_t left(const zq_cursor *cursor)
{
    return (size_t)(cursor->end - cursor->at);
}

static bool starts(const zq_cursor *cursor, const char *text)
{
    const size_t length = strlen(text);

    return left(cursor) >= length && memcmp(cursor->at, text, length) == 0;
}

static void skip_until(zq_cursor *cursor, const char *text)
{
    const char *found = memmem(cursor->at, left(cursor), text, strlen(text));

    cursor->at = found != NULL ? found + strlen(text) : cursor->end;
}

static bool skip_version_mark(zq_cursor *cursor)
{
    if (!starts(cursor, "/*!") && !starts(cursor, "/*M!"))
        return false;
    cursor->at += cursor->at[2] == 'M' ? 4 : 3;
    while (cursor->at < cursor->end && isdigit((unsigned char)*cursor->at))
        cursor->at++;
    return true;
}

static bool is_identifier(char c)
{
    return isalnum((unsigned char)c) || (unsigned char)c >= 0x80 ||
           (c != '\0' && strchr("_${}", c) != NULL);
}

static bool is_bare(char c)
{
    return isalnum((unsigned char)c) || (unsigned char)c >= 0x80 || strchr("_$.+-@", c) != NULL;
}

/* A piece that is not ended goes to the end. */
static const char *quoted_end(const zq_cursor *cursor)
{
    const char *end = zq_quoted_end(cursor->at, cursor->end);

    return end != NULL ? end : cursor->end;
}

static bool is_quote(char c)
{
    return c == '\'' || c == '"' || c == '`';
}

static char unescape(char c)
{
    switch (c) {
    case '0':
        return '\0';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    case 'b':
        return '\b';
    case 'Z':
        return '\x1a';
    default:
        return c;
    }
}

/* The content of the quoted piece [at, end), unescaped. */
static const char *unquote(const char *at, const char *end, zq_arena *arena, size_t *out_length)
{
    const char quote = *at;
    char *text = zq_arena_alloc(arena, (size_t)(end - at));
    size_t n = 0;

    for (at++; at < end - 1; at++) {
        if (*at == quote)
            at++;
        else if (*at == '\\' && quote != '`') {
            text[n++] = unescape(*++at);
            continue;
        }
        text[n++] = *at;
    }
    text[n] = '\0';
    if (out_length != NULL)
        *out_length = n;
    return text;
}

zq_cursor zq_cursor_on(const char *text, size_t length)
{
    return (zq_cursor){text, text + length};
}

void zq_cursor_space(zq_cursor *cursor)
{
    while (cursor->at < cursor->end) {
        if (isspace((unsigned char)*cursor->at))
            cursor->at++;
        else if (starts(cursor, "*/"))
            cursor->at += 2;
        else if (starts(cursor, "/*")) {
            if (!skip_version_mark(cursor))
                skip_until(cursor, "*/");
        } else
            return;
    }
}

bool zq_cursor_at_end(zq_cursor *cursor)
{
    zq_cursor_space(cursor);
    return cursor->at >= cursor->end;
}

bool zq_cursor_sees(zq_cursor *cursor, char c)
{
    return !zq_cursor_at_end(cursor) && *cursor->at == c;
}

bool zq_cursor_char(zq_cursor *cursor, char c)
{
    if (!zq_cursor_sees(cursor, c))
        return false;
    cursor->at++;
    return true;
}

static bool one_word(zq_cursor *cursor, const char *word, size_t length)
{
    zq_cursor_space(cursor);
    if (left(cursor) < length || strncasecmp(cursor->at, word, length) != 0)
        return false;
    if (left(cursor) > length && is_identifier(cursor->at[length]))
        return false;
    cursor->at += length;
    return true;
}

bool zq_cursor_words(zq_cursor *cursor, const char *words)
{
    zq_cursor ahead = *cursor;

    while (*words != '\0') {
        const size_t length = strcspn(words, " ");

        if (!one_word(&ahead, words, length))
            return false;
        words += length;
        words += strspn(words, " ");
    }
    *cursor = ahead;
    return true;
}

bool zq_cursor_ident(zq_cursor *cursor, zq_arena *arena, const char **out_name)
{
    const char *end;

    if (!zq_cursor_sees(cursor, '`'))
        return false;
    end = quoted_end(cursor);
    *out_name = unquote(cursor->at, end, arena, NULL);
    cursor->at = end;
    return true;
}

bool zq_cursor_name(zq_cursor *cursor, zq_arena *arena, const char **out_name)
{
    const char *start;

    if (zq_cursor_ident(cursor, arena, out_name))
        return true;
    for (start = cursor->at; cursor->at < cursor->end && is_identifier(*cursor->at);)
        cursor->at++;
    *out_name = zq_arena_strndup(arena, start, (size_t)(cursor->at - start));
    return cursor->at > start;
}

bool zq_cursor_string(zq_cursor *cursor, zq_arena *arena, const char **out_text, size_t *out_length)
{
    const char *end;

    if (!zq_cursor_sees(cursor, '\''))
        return false;
    end = quoted_end(cursor);
    *out_text = unquote(cursor->at, end, arena, out_length);
    cursor->at = end;
    return true;
}

bool zq_cursor_bare(zq_cursor *cursor, const char **out_text, size_t *out_length)
{
    const char *start;

    zq_cursor_space(cursor);
    start = cursor->at;
    while (cursor->at < cursor->end && *cursor->at != '\0' && is_bare(*cursor->at))
        cursor->at++;
    *out_text = start;
    *out_length = (size_t)(cursor->at - start);
    return cursor->at > start;
}

bool zq_cursor_number(zq_cursor *cursor, unsigned *out_number)
{
    unsigned number = 0;

    if (zq_cursor_at_end(cursor) || !isdigit((unsigned char)*cursor->at))
        return false;
    while (cursor->at < cursor->end && isdigit((unsigned char)*cursor->at))
        number = number * 10 + (unsigned)(*cursor->at++ - '0');
    *out_number = number;
    return true;
}

/* Step over text up to one of `stops` outside quotes and parentheses. */
static void skip_balanced(zq_cursor *cursor, const char *stops)
{
    unsigned depth = 0;

    while (cursor->at < cursor->end) {
        const char c = *cursor->at;

        if (is_quote(c)) {
            cursor->at = quoted_end(cursor);
            continue;
        }
        if (depth == 0 && c != '\0' && (strchr(stops, c) != NULL || starts(cursor, "*/")))
            return;
        if (c == '(')
            depth++;
        else if (c == ')' && depth > 0)
            depth--;
        cursor->at++;
    }
}

bool zq_cursor_parens(zq_cursor *cursor, const char **out_text, size_t *out_length)
{
    const char *start;

    if (!zq_cursor_char(cursor, '('))
        return false;
    start = cursor->at;
    skip_balanced(cursor, ")");
    *out_text = start;
    *out_length = (size_t)(cursor->at - start);
    return zq_cursor_char(cursor, ')');
}

void zq_cursor_rest(zq_cursor *cursor, const char **out_text, size_t *out_length)
{
    zq_cursor_space(cursor);
    *out_text = cursor->at;
    skip_balanced(cursor, ",)");
    *out_length = (size_t)(cursor->at - *out_text);
}
