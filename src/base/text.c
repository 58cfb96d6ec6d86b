#include "base/text.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- which characters ---- */

/* In ascending order. What acts instead of being seen, or is not seen at all. U+200C and U+200D,
 * which shape letters in several scripts, are left alone. */
static const struct {
    unsigned first, last;
} unseen[] = {
    {0x0000, 0x001F}, {0x007F, 0x009F}, {0x061C, 0x061C}, {0x200B, 0x200B}, {0x200E, 0x200F},
    {0x2028, 0x202E}, {0x2060, 0x206F}, {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0xE0000, 0xE007F},
};

static bool is_unseen(unsigned code)
{
    size_t i = 0;

    while (i < sizeof unseen / sizeof unseen[0] && code > unseen[i].last)
        i++;
    return i < sizeof unseen / sizeof unseen[0] && code >= unseen[i].first;
}

/* The character that begins at `text`, and its bytes in `out_length`; 0 bytes: it is not UTF-8. */
static unsigned next_character(const char *text, size_t left, size_t *out_length)
{
    static const unsigned char first_bits[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    size_t length = zq_utf8_length(text, left);
    unsigned code = (unsigned char)*text & first_bits[length];

    for (size_t i = 1; i < length; i++)
        code = code << 6 | ((unsigned char)text[i] & 0x3F);
    *out_length = length;
    return code;
}

bool zq_text_is_plain(const char *text, size_t length)
{
    for (size_t i = 0, n; i < length; i += n) {
        unsigned code = next_character(text + i, length - i, &n);

        if (n == 0 || is_unseen(code))
            return false;
    }
    return true;
}

/* ---- made visible ---- */

/* `spell` are plain characters that shall be spelled out, `keep` others that shall not. */
static void show(zq_buf *out, const char *text, size_t length, const char *spell, const char *keep)
{
    for (size_t i = 0, n; i<length; i += n> 0 ? n : 1) {
        unsigned code = next_character(text + i, length - i, &n);

        if (n == 0)
            zq_buf_printf(out, "<%02X>", (unsigned char)text[i]);
        else if (n == 1 && memchr(keep, text[i], strlen(keep)) != NULL)
            zq_buf_char(out, text[i]);
        else if (is_unseen(code) || (n == 1 && strchr(spell, text[i]) != NULL))
            zq_buf_printf(out, "<U+%04X>", code);
        else
            zq_buf_add(out, text + i, n);
    }
}

void zq_text_show(zq_buf *out, const char *text, size_t length)
{
    show(out, text, length, "", "");
}

void zq_text_show_lines(zq_buf *out, const char *text, size_t length)
{
    show(out, text, length, "", "\n\t");
}

void zq_text_show_json(zq_buf *out, const char *json)
{
    size_t length = strlen(json);

    for (size_t i = 0, n; i < length; i += n) {
        unsigned code = next_character(json + i, length - i, &n);

        /* What is ASCII is escaped already, or the layout. */
        n = n == 0 ? 1 : n;
        if (code == 0x7F || (n > 1 && is_unseen(code) && code < 0x10000))
            zq_buf_printf(out, "\\u%04x", code);
        else if (n > 1 && is_unseen(code))
            zq_buf_printf(out, "\\u%04x\\u%04x", 0xD7C0 + (code >> 10), 0xDC00 + (code & 0x3FF));
        else
            zq_buf_add(out, json + i, n);
    }
}

/* ---- formatted ---- */

/* One conversion of a format, "%-*.*s" say, with its numbers read. */
typedef struct conversion {
    char flags[6];
    int width;     /* -1: none */
    int precision; /* -1: none */
    char size[3];  /* "l", "ll", "z" or "" */
    char letter;
} conversion;

static int read_count(const char **at, va_list args)
{
    int n = 0;

    if (**at == '*') {
        (*at)++;
        return va_arg(args, int);
    }
    for (; **at >= '0' && **at <= '9'; (*at)++)
        n = n * 10 + (**at - '0');
    return n;
}

static void take(const char **at, const char *allowed, char *out, size_t size)
{
    size_t n = strspn(*at, allowed);

    snprintf(out, size, "%.*s", (int)n, *at);
    *at += n;
}

/* Read what follows the '%' at `*at`, and leave `*at` behind it. */
static conversion read_conversion(const char **at, va_list args)
{
    conversion c = {.width = -1, .precision = -1};

    (*at)++;
    take(at, "-+ #0", c.flags, sizeof c.flags);
    if (**at == '*' || (**at >= '0' && **at <= '9'))
        c.width = read_count(at, args);
    if (**at == '.') {
        (*at)++;
        c.precision = read_count(at, args);
    }
    take(at, "lz", c.size, sizeof c.size);
    c.letter = *(*at)++;
    return c;
}

/* An empty buffer has no text. */
static void add_text(zq_buf *out, const conversion *c, const char *given)
{
    const char *text = given != NULL ? given : "";
    size_t length = c->precision < 0 ? strlen(text) : strnlen(text, (size_t)c->precision);
    bool left = strchr(c->flags, '-') != NULL;
    ZQ_AUTO_BUF(shown);
    int pad;

    zq_text_show(&shown, text, length);
    pad = c->width - (int)zq_utf8_count(zq_buf_text(&shown));
    if (!left && pad > 0)
        zq_buf_printf(out, "%*s", pad, "");
    zq_buf_add(out, zq_buf_text(&shown), shown.length);
    if (left && pad > 0)
        zq_buf_printf(out, "%*s", pad, "");
}

static void add_number(zq_buf *out, const conversion *c, va_list args)
{
    char spec[64];
    char width[16] = "";
    char precision[16] = "";

    if (c->width >= 0)
        snprintf(width, sizeof width, "%d", c->width);
    if (c->precision >= 0)
        snprintf(precision, sizeof precision, ".%d", c->precision);
    snprintf(spec, sizeof spec, "%%%s%s%s%s%c", c->flags, width, precision, c->size, c->letter);
    if (c->letter == 'f')
        zq_buf_printf(out, spec, va_arg(args, double));
    else if (c->size[0] == 'z')
        zq_buf_printf(out, spec, va_arg(args, size_t));
    else if (strcmp(c->size, "ll") == 0)
        zq_buf_printf(out, spec, va_arg(args, unsigned long long));
    else if (c->size[0] == 'l')
        zq_buf_printf(out, spec, va_arg(args, unsigned long));
    else
        zq_buf_printf(out, spec, va_arg(args, unsigned));
}

void zq_text_vprintf(zq_buf *out, const char *format, va_list args)
{
    for (const char *at = format; *at != '\0';) {
        conversion c;
        char byte;

        if (*at != '%') {
            zq_buf_char(out, *at++);
            continue;
        }
        c = read_conversion(&at, args);
        if (c.letter == '%') {
            zq_buf_char(out, '%');
        } else if (c.letter == 's') {
            add_text(out, &c, va_arg(args, const char *));
        } else if (c.letter == 'c') {
            byte = (char)va_arg(args, int);
            zq_text_show(out, &byte, 1);
        } else {
            add_number(out, &c, args);
        }
    }
}

void zq_text_printf(zq_buf *out, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    zq_text_vprintf(out, format, args);
    va_end(args);
}

void zq_comment(zq_buf *out, const char *format, ...)
{
    ZQ_AUTO_BUF(line);
    va_list args;

    va_start(args, format);
    zq_buf_vprintf(&line, format, args);
    va_end(args);
    zq_buf_str(out, "-- ");
    show(out, zq_buf_text(&line), line.length, "\\", "");
    zq_buf_char(out, '\n');
}

int zq_hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

const char *zq_text_shell_quoted(const char *text, zq_arena *arena)
{
    ZQ_AUTO_BUF(out);

    zq_buf_char(&out, '\'');
    for (; *text != '\0'; text++) {
        if (*text == '\'')
            zq_buf_str(&out, "'\\''");
        else
            zq_buf_char(&out, *text);
    }
    zq_buf_char(&out, '\'');
    return zq_arena_strdup(arena, zq_buf_text(&out));
}
