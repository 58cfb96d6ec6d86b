#include "model/canon_read.h"

#include "base/language.h"
#include "model/quote.h"

#include <string.h>
#include <strings.h>

bool zq_canon_read_next_line(zq_canon_reader *r)
{
    const char *newline;

    if (r->wrong != NULL || r->end == r->text_end)
        return false;
    r->start = r->at = r->line == 0 ? r->end : r->end + 1;
    if (r->start == r->text_end)
        return false;
    newline = memchr(r->start, '\n', (size_t)(r->text_end - r->start));
    r->end = newline != NULL ? newline : r->text_end;
    r->line++;
    return true;
}

bool zq_canon_read_at_end(const zq_canon_reader *r)
{
    return r->at == r->end;
}

void zq_canon_read_fail(zq_canon_reader *r, const char *wrong)
{
    if (r->wrong == NULL)
        r->wrong = wrong;
}

bool zq_canon_read_looking_at(const zq_canon_reader *r, const char *text)
{
    size_t length = strlen(text);

    return r->wrong == NULL && (size_t)(r->end - r->at) >= length &&
           strncasecmp(r->at, text, length) == 0;
}

bool zq_canon_read_skip(zq_canon_reader *r, const char *text)
{
    bool here = zq_canon_read_looking_at(r, text);

    if (here)
        r->at += strlen(text);
    return here;
}

void zq_canon_read_expect(zq_canon_reader *r, const char *text, const char *wrong)
{
    if (!zq_canon_read_skip(r, text))
        zq_canon_read_fail(r, wrong);
}

const char *zq_canon_read_name(zq_canon_reader *r)
{
    const char *name = r->wrong != NULL ? NULL : zq_unquote_name(&r->at, r->end, r->arena);

    if (name == NULL)
        zq_canon_read_fail(r, "expected a name");
    return name;
}

const char *zq_canon_read_quoted(zq_canon_reader *r, char quote)
{
    const char *text = r->wrong != NULL ? NULL : zq_unquote(&r->at, r->end, quote, r->arena);

    if (text == NULL)
        zq_canon_read_fail(r, quote == '"' ? N_("expected a text in double quotes")
                                           : N_("expected a text in quotes"));
    return text;
}

unsigned zq_canon_read_number(zq_canon_reader *r)
{
    unsigned number = 0;
    bool any = false;

    while (r->wrong == NULL && r->at < r->end && *r->at >= '0' && *r->at <= '9') {
        if (__builtin_mul_overflow(number, 10u, &number) ||
            __builtin_add_overflow(number, (unsigned)(*r->at - '0'), &number))
            zq_canon_read_fail(r, "the number is too large");
        r->at++;
        any = true;
    }
    if (!any)
        zq_canon_read_fail(r, "expected a number");
    return number;
}

unsigned zq_canon_read_length(zq_canon_reader *r)
{
    unsigned length;

    zq_canon_read_expect(r, "(", "expected '('");
    length = zq_canon_read_number(r);
    zq_canon_read_expect(r, ")", "expected ')'");
    return length;
}
