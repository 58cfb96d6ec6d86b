/* The dialect of python-dotenv, in time and memory that grow with the file alone. Names are found
 * in a hash table; what ${NAME} adds is bounded for the file as a whole, since each line may double
 * the one before it; and no text is searched twice for a '}' that is not there. */
#include "app/settings/dotenv.h"

#include "base/buf.h"
#include "base/language.h"
#include "base/utf8.h"

#include <sodium.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* A variable that ${NAME} may stand for: of the environment, or of a line before. */
typedef struct binding {
    struct binding *before; /* of the same bucket */
    const char *name;
    size_t length; /* of the name */
    const char *value;
} binding;

/* `seed` is random for each reading, so that nobody can fill one bucket with all names. */
typedef struct bindings {
    binding **buckets;
    size_t n_buckets; /* a power of two */
    unsigned char seed[crypto_shorthash_KEYBYTES];
} bindings;

typedef struct cursor {
    const char *at;
    const char *end;
    unsigned line;

    const char *file;
    zq_vault *vault;
    bindings known;
    size_t added; /* bytes that ${NAME} has added */
    zq_err *err;
} cursor;

/* A piece of the text. */
typedef struct piece {
    const char *start;
    size_t length;
} piece;

static zq_rc fail_at(const cursor *c, unsigned line, const char *what)
{
    zq_fail(c->err, ZQ_E_CONFIG, "%s:%u: %s", c->file, line, zq_tr(what));
    return zq_err_hint(c->err,
                       "write KEY=value, or KEY='value' when it holds spaces, '#' or quotes");
}

/* The bytes of the white space character (Python's str.isspace) at `at`; 0: not one. */
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

/* ---- ${NAME} ---- */

static binding **bucket_of(const bindings *known, const char *name, size_t length)
{
    unsigned char hash[crypto_shorthash_BYTES];
    uint64_t number;

    crypto_shorthash(hash, (const unsigned char *)name, length, known->seed);
    memcpy(&number, hash, sizeof number);
    return &known->buckets[number & (known->n_buckets - 1)];
}

static void bind(cursor *c, const char *name, size_t length, const char *value)
{
    binding **bucket = bucket_of(&c->known, name, length);
    binding *b = zq_vault_alloc(c->vault, sizeof *b);

    *b = (binding){.before = *bucket, .name = name, .length = length, .value = value};
    *bucket = b;
}

/* Begin with the environment. Of two of a name, getenv finds the first. */
static void bind_environment(cursor *c, const char *const *environment)
{
    size_t n = 0;

    while (environment != NULL && environment[n] != NULL)
        n++;
    c->known.n_buckets = 64;
    while (c->known.n_buckets < n + (size_t)(c->end - c->at) / 8)
        c->known.n_buckets *= 2;
    c->known.buckets = zq_vault_alloc(c->vault, c->known.n_buckets * sizeof(binding *));
    crypto_shorthash_keygen(c->known.seed);
    while (n-- > 0) {
        size_t length = strcspn(environment[n], "=");

        if (environment[n][length] == '=')
            bind(c, environment[n], length, environment[n] + length + 1);
    }
}

/* A name's text: from a line before, else from the environment; NULL: nowhere. */
static const char *find_variable(const cursor *c, piece name)
{
    const binding *b = *bucket_of(&c->known, name.start, name.length);

    while (b != NULL && (b->length != name.length || memcmp(b->name, name.start, name.length) != 0))
        b = b->before;
    return b == NULL ? NULL : b->value == NULL ? "" : b->value;
}

/* A value that is looked through from left to right, and the marks ahead, as far as they were
 * looked for: each is `end` when there is none, and is behind the place of looking once it is
 * passed. */
typedef struct seeker {
    const char *end;
    const char *mark;  /* the next '}' or ':' */
    const char *close; /* the next '}' */
} seeker;

static const char *next_mark(seeker *s, const char *from)
{
    if (s->mark < from) {
        s->mark = from;
        while (s->mark < s->end && *s->mark != '}' && *s->mark != ':')
            s->mark++;
    }
    return s->mark;
}

static const char *next_close(seeker *s, const char *from)
{
    if (s->close < from) {
        s->close = memchr(from, '}', (size_t)(s->end - from));
        if (s->close == NULL)
            s->close = s->end;
    }
    return s->close;
}

/* Read "${NAME}" or "${NAME:-default}" at `at`; its bytes, or 0 when there is none. */
static size_t read_reference(seeker *s, const char *at, piece *out_name, piece *out_default)
{
    const char *p;
    const char *close;

    if (s->end - at < 3 || at[0] != '$' || at[1] != '{')
        return 0;
    p = next_mark(s, at + 2);
    *out_name = (piece){at + 2, (size_t)(p - at) - 2};
    *out_default = (piece){"", 0};
    if (p < s->end && *p == '}')
        return (size_t)(p + 1 - at);
    if (s->end - p < 3 || p[1] != '-')
        return 0;
    close = next_close(s, p + 2);
    if (close == s->end)
        return 0;
    *out_default = (piece){p + 2, (size_t)(close - p) - 2};
    return (size_t)(close + 1 - at);
}

static zq_rc add_resolved(cursor *c, const zq_buf *raw, unsigned line, zq_buf *out)
{
    const char *at = zq_buf_text(raw);
    seeker s = {.end = at + raw->length, .mark = at, .close = at};

    while (at < s.end) {
        piece name;
        piece fallback;
        size_t length = read_reference(&s, at, &name, &fallback);
        const char *value;

        if (length == 0) {
            zq_buf_char(out, *at++);
            continue;
        }
        value = find_variable(c, name);
        if (value != NULL)
            fallback = (piece){value, strlen(value)};
        c->added += fallback.length;
        if (c->added > ZQ_DOTENV_ADDED_MAX) {
            zq_fail(c->err, ZQ_E_CONFIG,
                    "%s:%u: the '${...}' up to here stand for more than %d bytes", c->file, line,
                    ZQ_DOTENV_ADDED_MAX);
            return zq_err_hint(c->err,
                               "write the value itself; each '${...}' repeats all that its name "
                               "stands for");
        }
        zq_buf_add(out, fallback.start, fallback.length);
        at += length;
    }
    return ZQ_OK;
}

/* ---- lines ---- */

static zq_rc read_value(cursor *c, const char **out_value)
{
    zq_buf raw = {0};
    zq_buf resolved = {0};
    unsigned line = c->line;
    zq_rc rc = ZQ_OK;
    size_t spaces;

    c->at++;
    spaces = skip_space(c);
    if (at_char(c, '\'') || at_char(c, '"'))
        rc = read_quoted(c, &raw);
    else
        read_unquoted(c, spaces > 0, &raw);
    if (rc == ZQ_OK)
        rc = add_resolved(c, &raw, line, &resolved);
    if (rc == ZQ_OK)
        *out_value = zq_vault_strndup(c->vault, zq_buf_text(&resolved), resolved.length);
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
                       quoted ? N_("there is text behind the closing quote")
                              : N_("this is neither KEY=value nor a comment"));
    return ZQ_OK;
}

/* A comment gives an item without a key. */
static zq_rc read_binding(cursor *c, zq_dotenv_item *out_item)
{
    unsigned line = c->line;
    piece key = {0};
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
    cursor c = {
        .at = text, .end = text + length, .line = 1, .file = file, .vault = vault, .err = err};

    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        c.at += 3;
    ZQ_TRY(check_bytes(&c));
    bind_environment(&c, environment);
    for (;;) {
        zq_dotenv_item item;

        skip_all_space(&c);
        if (c.at == c.end)
            return ZQ_OK;
        ZQ_TRY(read_binding(&c, &item));
        if (item.key == NULL)
            continue;
        ZQ_TRY(on_item(context, &item, err));
        bind(&c, item.key, strlen(item.key), item.value);
    }
}
