#include "app/settings/mycnf.h"

#include "base/language.h"

#include <string.h>

typedef struct reader {
    const char *file;
    zq_vault *vault;
    zq_mycnf_fn *on_item;
    void *context;
    zq_err *err;
    const char *group; /* NULL: none yet */
    unsigned line;
} reader;

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static char *trim(char *text, char *end)
{
    while (text < end && is_space(*text))
        text++;
    while (end > text && is_space(end[-1]))
        end--;
    *end = '\0';
    return text;
}

static zq_rc fail_at(const reader *r, const char *what)
{
    return zq_fail(r->err, ZQ_E_CONFIG, "%s:%u: %s", r->file, r->line, zq_tr(what));
}

/* A '#' outside of quotes ends the line; so do the client programs, even inside of a password. */
static void cut_comment(char *text)
{
    char quote = '\0';
    bool escaped = false;

    for (; *text != '\0'; text++) {
        if ((*text == '\'' || *text == '"') && !escaped) {
            if (quote == '\0')
                quote = *text;
            else if (quote == *text)
                quote = '\0';
        }
        if (quote == '\0' && *text == '#') {
            *text = '\0';
            return;
        }
        escaped = quote != '\0' && *text == '\\' && !escaped;
    }
}

static char *unquote(char *text)
{
    size_t length = strlen(text);

    if (length >= 2 && (*text == '"' || *text == '\'') && text[length - 1] == *text) {
        text[length - 1] = '\0';
        return text + 1;
    }
    return text;
}

static void unescape(char *text)
{
    static const char letters[] = "ntrbs\"'\\";
    static const char meant[] = "\n\t\r\b \"'\\";
    char *out = text;

    for (const char *at = text; *at != '\0'; at++) {
        const char *letter = *at == '\\' && at[1] != '\0' ? strchr(letters, at[1]) : NULL;

        *out++ = letter != NULL ? meant[letter - letters] : *at;
        at += letter != NULL;
    }
    *out = '\0';
}

static zq_rc take_group(reader *r, char *line)
{
    char *close = strchr(line, ']');

    if (close == NULL)
        return fail_at(r, "the group has no ']'");
    /* Only the end is trimmed: to the client programs "[ client]" is another group. */
    while (close > line + 1 && is_space(close[-1]))
        close--;
    *close = '\0';
    r->group = line + 1;
    return ZQ_OK;
}

static zq_rc take_include(const reader *r, char *line)
{
    zq_mycnf_item item = {.line = r->line, .group = "", .key = line, .include = true};

    line[strcspn(line, " \t")] = '\0';
    return r->on_item(r->context, &item, r->err);
}

static zq_rc take_option(const reader *r, char *line)
{
    char *equals;
    zq_mycnf_item item = {.line = r->line, .group = r->group};

    if (r->group == NULL)
        return fail_at(r, "an option stands before any [group]");
    cut_comment(line);
    equals = strchr(line, '=');
    if (equals != NULL) {
        char *value = unquote(trim(equals + 1, equals + strlen(equals)));

        unescape(value);
        item.value = value;
    }
    item.key = trim(line, equals != NULL ? equals : line + strlen(line));
    if (strncmp(item.key, "loose-", 6) == 0 || strncmp(item.key, "loose_", 6) == 0)
        item.key += 6;
    return *item.key == '\0' ? ZQ_OK : r->on_item(r->context, &item, r->err);
}

static zq_rc take_line(reader *r, const char *start, size_t length)
{
    char *copy;
    char *line;

    if (memchr(start, '\0', length) != NULL)
        return fail_at(r, "there is a NUL byte");
    if (length >= ZQ_MYCNF_LINE_MAX)
        return fail_at(r, "the line is too long (at most 4095 bytes)");
    copy = zq_vault_strndup(r->vault, start, length);
    line = trim(copy, copy + length);
    switch (*line) {
    case '\0':
    case '#':
    case ';':
        return ZQ_OK;
    case '!':
        return take_include(r, line);
    case '[':
        return take_group(r, line);
    default:
        return take_option(r, line);
    }
}

zq_rc zq_mycnf_parse(const char *file, const char *text, size_t length, zq_vault *vault,
                     zq_mycnf_fn *on_item, void *context, zq_err *err)
{
    reader r = {.file = file, .vault = vault, .on_item = on_item, .context = context, .err = err};

    for (const char *at = text; at < text + length;) {
        const char *stop = memchr(at, '\n', (size_t)(text + length - at));
        size_t line_length = (size_t)((stop != NULL ? stop : text + length) - at);

        r.line++;
        ZQ_TRY(take_line(&r, at, line_length));
        at += line_length + (stop != NULL);
    }
    return ZQ_OK;
}
