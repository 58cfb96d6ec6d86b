#include "app/dotenv.h"

#include "base/buf.h"
#include "base/utf8.h"

#include <sodium.h>
#include <stdbool.h>
#include <string.h>

/* What has been read so far, for ${NAME}. */
typedef struct binding {
    struct binding *before;
    zq_dotenv_item item;
} binding;

typedef struct cursor {
    const char *at;
    const char *end;
    unsigned line;

    const char *file;
    const char *const *environment;
    zq_vault *vault;
    binding *bindings; /* the newest first */
    zq_err *err;
} cursor;

/* A piece of the text. */
typedef struct piece {
    const char *start;
    size_t length;
} piece;

static zq_rc fail_at(const cursor *c, unsigned line, const char *what)
{
    zq_fail(c->err, ZQ_E_CONFIG, "%s:%u: %s", c->file, line, what);
    zq_err_hint(c->err, "write KEY=value, or KEY='value' when it holds spaces, '#' or quotes");
    return ZQ_E_CONFIG;
}

/* The bytes of the white space character (Python's str.isspace) at `at`; 0: it is none. */
static size_t space_length(const char *at, const char *end)
{
    static const char *const wide[] = {
        "\xC2\x85",     "\xC2\xA0",     "\xE1\x9A\x80", "\xE2\x80\x80", "\xE2\x80\x81",
        "\xE2\x80\x82", "\xE2\x80\x83", "\xE2\x80\x84", "\xE2\x80\x85", "\xE2\x80\x86",
        "\xE2\x80\x87", "\xE2\x80\x88", "\xE2\x80\x89", "\xE2\x80\x8A", "\xE2\x80\xA8",
        "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80",
    };
    unsigned char first = at < end ? (unsigned char)*at : 'x';

    if (first == ' ' || (first >= '\t' && first <= '\r') || (first >= 0x1C && first <= 0x1F))
        return 1;
    for (size_t i = 0; i < ZQ_LEN(wide) && first >= 0x80; i++) {
        size_t length = strlen(wide[i]);

        if ((size_t)(end - at) >= length && memcmp(at, wide[i], length) == 0)
            return length;
    }
    return 0;
}

static bool at_newline(const cursor *c)
{
    return c->at < c->end && (*c->at == '\n' || *c->at == '\r');
}

static bool at_char(const cursor *c, char wanted)
{
    return c->at < c->end && *c->at == wanted;
}

/* Step over `length` bytes, counting "\r\n", "\n" and "\r" as line ends. */
static void step(cursor *c, size_t length)
{
    const char *to = c->at + length;

    for (; c->at < to; c->at++) {
        bool is_pair = *c->at == '\r' && c->at + 1 < c->end && c->at[1] == '\n';

        if ((*c->at == '\n') || (*c->at == '\r' && !is_pair))
            c->line++;
    }
}

static void skip_all_space(cursor *c)
{
    size_t length;

    while ((length = space_length(c->at, c->end)) > 0)
        step(c, length);
}

/* Within the line; the number of bytes skipped. */
static size_t skip_space(cursor *c)
{
    const char *start = c->at;
    size_t length;

    while (!at_newline(c) && (length = space_length(c->at, c->end)) > 0)
        c->at += length;
    return (size_t)(c->at - start);
}

static void skip_to_line_end(cursor *c)
{
    while (c->at < c->end && !at_newline(c))
        c->at++;
}

static void skip_export(cursor *c)
{
    static const char word[] = "export";
    size_t length = sizeof word - 1;
    cursor after = *c;

    if ((size_t)(c->end - c->at) < length || memcmp(c->at, word, length) != 0)
        return;
    after.at += length;
    if (skip_space(&after) > 0)
        c->at = after.at;
}

static zq_rc read_key(cursor *c, piece *out_key)
{
    const char *start = c->at;

    if (at_char(c, '\'')) {
        const char *close = memchr(c->at + 1, '\'', (size_t)(c->end - c->at) - 1);

        if (close == NULL || close == start + 1)
            return fail_at(c, c->line, "the quote before the key is not closed");
        *out_key = (piece){start + 1, (size_t)(close - start) - 1};
        step(c, (size_t)(close + 1 - start));
        return ZQ_OK;
    }
    while (c->at < c->end && *c->at != '=' && *c->at != '#' && space_length(c->at, c->end) == 0)
        c->at++;
    if (c->at == start)
        return fail_at(c, c->line, "there is no key before '='");
    *out_key = (piece){start, (size_t)(c->at - start)};
    return ZQ_OK;
}

/* The quote that ends what starts after c->at: the first one without a backslash before it, or else
 * the last one with, as python-dotenv's expression '((?:\\'|[^'])*)' finds it by going back. */
static const char *closing_quote(const cursor *c)
{
    char quote = *c->at;
    const char *fallback = NULL;

    for (const char *p = c->at + 1; p < c->end; p++) {
        if (*p != quote)
            continue;
        if (p[-1] != '\\' || p - 1 == c->at)
            return p;
        fallback = p;
    }
    return fallback;
}

static void add_unescaped(zq_buf *out, const char *at, const char *end, char quote)
{
    static const char letters[] = "\\'\"abfnrtv";
    static const char meant[] = "\\'\"\a\b\f\n\r\t\v";

    for (; at < end; at++) {
        const char *letter =
            *at == '\\' && at + 1 < end && at[1] != '\0' ? strchr(letters, at[1]) : NULL;

        if (letter != NULL && (quote == '"' || letter - letters < 2)) {
            zq_buf_char(out, meant[letter - letters]);
            at++;
        } else if (*at == '\r') {
            /* Python opens text files with universal newlines. */
            zq_buf_char(out, '\n');
            at += at + 1 < end && at[1] == '\n';
        } else {
            zq_buf_char(out, *at);
        }
    }
}

static zq_rc read_quoted(cursor *c, zq_buf *out)
{
    const char *close = closing_quote(c);

    if (close == NULL)
        return fail_at(c, c->line, "the quote is not closed");
    add_unescaped(out, c->at + 1, close, *c->at);
    step(c, (size_t)(close + 1 - c->at));
    return ZQ_OK;
}

/* Up to white space and '#', or the end of the line, without the white space before that. */
static void read_unquoted(cursor *c, bool after_space, zq_buf *out)
{
    const char *start = c->at;
    const char *keep = c->at;
    bool spaced = after_space;

    while (c->at < c->end && !at_newline(c) && !(spaced && *c->at == '#')) {
        size_t length = space_length(c->at, c->end);

        spaced = length > 0;
        c->at += spaced ? length : 1;
        if (!spaced)
            keep = c->at;
    }
    skip_to_line_end(c);
    zq_buf_add(out, start, (size_t)(keep - start));
}

/* A name's text: from a line before, else from the environment; NULL: nowhere. */
static const char *find_variable(const cursor *c, piece name)
{
    for (const binding *b = c->bindings; b != NULL; b = b->before) {
        if (strncmp(b->item.key, name.start, name.length) == 0 && b->item.key[name.length] == '\0')
            return b->item.value == NULL ? "" : b->item.value;
    }
    for (const char *const *e = c->environment; e != NULL && *e != NULL; e++) {
        if (strncmp(*e, name.start, name.length) == 0 && (*e)[name.length] == '=')
            return *e + name.length + 1;
    }
    return NULL;
}

/* Read "${NAME}" or "${NAME:-default}" at `at`; its bytes, or 0 when there is none. */
static size_t read_reference(const char *at, const char *end, piece *out_name, piece *out_default)
{
    const char *p = at + 2;
    const char *close;

    if (end - at < 3 || at[0] != '$' || at[1] != '{')
        return 0;
    while (p < end && *p != '}' && *p != ':')
        p++;
    *out_name = (piece){at + 2, (size_t)(p - at) - 2};
    *out_default = (piece){"", 0};
    if (p < end && *p == '}')
        return (size_t)(p + 1 - at);
    if (end - p < 3 || p[1] != '-')
        return 0;
    close = memchr(p + 2, '}', (size_t)(end - p) - 2);
    if (close == NULL)
        return 0;
    *out_default = (piece){p + 2, (size_t)(close - p) - 2};
    return (size_t)(close + 1 - at);
}

static void add_resolved(const cursor *c, const zq_buf *raw, zq_buf *out)
{
    const char *at = zq_buf_text(raw);
    const char *end = at + raw->length;

    while (at < end) {
        piece name;
        piece fallback;
        size_t length = read_reference(at, end, &name, &fallback);
        const char *value;

        if (length == 0) {
            zq_buf_char(out, *at++);
            continue;
        }
        value = find_variable(c, name);
        if (value != NULL)
            zq_buf_str(out, value);
        else
            zq_buf_add(out, fallback.start, fallback.length);
        at += length;
    }
}

static zq_rc read_value(cursor *c, const char **out_value)
{
    zq_buf raw = {0};
    zq_buf resolved = {0};
    zq_rc rc = ZQ_OK;
    size_t spaces;

    c->at++;
    spaces = skip_space(c);
    if (at_char(c, '\'') || at_char(c, '"'))
        rc = read_quoted(c, &raw);
    else
        read_unquoted(c, spaces > 0, &raw);
    if (rc == ZQ_OK) {
        add_resolved(c, &raw, &resolved);
        *out_value = zq_vault_strndup(c->vault, zq_buf_text(&resolved), resolved.length);
    }
    /* The buffers are ordinary memory, and this may be a password. */
    if (raw.text != NULL)
        sodium_memzero(raw.text, raw.capacity);
    if (resolved.text != NULL)
        sodium_memzero(resolved.text, resolved.capacity);
    zq_buf_done(&raw);
    zq_buf_done(&resolved);
    return rc;
}

/* Behind a value only a comment may follow; behind what was quoted, too. */
static zq_rc end_line(cursor *c, unsigned line, bool quoted)
{
    skip_space(c);
    if (at_char(c, '#'))
        skip_to_line_end(c);
    if (c->at < c->end && !at_newline(c))
        return fail_at(c, line,
                       quoted ? "there is text behind the closing quote"
                              : "this is neither KEY=value nor a comment");
    return ZQ_OK;
}

/* A comment gives an item without a key. */
static zq_rc read_binding(cursor *c, zq_dotenv_item *out_item)
{
    unsigned line = c->line;
    piece key;
    const char *value = NULL;

    *out_item = (zq_dotenv_item){0};
    skip_export(c);
    if (at_char(c, '#')) {
        skip_to_line_end(c);
        return ZQ_OK;
    }
    ZQ_TRY(read_key(c, &key));
    skip_space(c);
    if (at_char(c, '='))
        ZQ_TRY(read_value(c, &value));
    ZQ_TRY(end_line(c, line, value != NULL));
    *out_item = (zq_dotenv_item){
        .line = line, .key = zq_vault_strndup(c->vault, key.start, key.length), .value = value};
    return ZQ_OK;
}

static zq_rc check_bytes(const cursor *c)
{
    const char *nul = memchr(c->at, '\0', (size_t)(c->end - c->at));
    cursor to = *c;

    if (nul != NULL) {
        step(&to, (size_t)(nul - to.at));
        return fail_at(c, to.line, "there is a NUL byte");
    }
    while (to.at < to.end) {
        const char *stop = memchr(to.at, '\n', (size_t)(to.end - to.at));
        size_t length = stop != NULL ? (size_t)(stop + 1 - to.at) : (size_t)(to.end - to.at);

        if (!zq_utf8_valid(to.at, length))
            return fail_at(c, to.line, "this is not UTF-8");
        step(&to, length);
    }
    return ZQ_OK;
}

zq_rc zq_dotenv_parse(const char *file, const char *text, size_t length,
                      const char *const *environment, zq_vault *vault, zq_dotenv_fn *on_item,
                      void *context, zq_err *err)
{
    cursor c = {.at = text,
                .end = text + length,
                .line = 1,
                .file = file,
                .environment = environment,
                .vault = vault,
                .err = err};

    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        c.at += 3;
    ZQ_TRY(check_bytes(&c));
    for (;;) {
        binding *b;

        skip_all_space(&c);
        if (c.at == c.end)
            return ZQ_OK;
        b = zq_vault_alloc(vault, sizeof *b);
        ZQ_TRY(read_binding(&c, &b->item));
        if (b->item.key == NULL)
            continue;
        ZQ_TRY(on_item(context, &b->item, err));
        b->before = c.bindings;
        c.bindings = b;
    }
}
