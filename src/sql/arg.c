#include "sql/arg.h"

#include <stdio.h>
#include <string.h>

/* Step over what starts at `at` and may hold a '?' that is no placeholder: a string, a quoted
 * identifier, a comment. Gives where the next piece starts, `at` itself when nothing starts here.
 */
static const char *skip_quoted(const char *at)
{
    const char quote = *at;

    for (at++; *at != '\0'; at++) {
        if (*at == '\\' && quote != '`' && at[1] != '\0')
            at++;
        else if (*at == quote && at[1] == quote)
            at++;
        else if (*at == quote)
            return at + 1;
    }
    return at;
}

static const char *skip_line(const char *at)
{
    return at + strcspn(at, "\n");
}

static const char *skip_comment(const char *at)
{
    const char *end = strstr(at + 2, "*/");

    return end != NULL ? end + 2 : at + strlen(at);
}

static const char *skip_piece(const char *at)
{
    if (*at == '\'' || *at == '"' || *at == '`')
        return skip_quoted(at);
    if (*at == '#')
        return skip_line(at);
    if (at[0] == '-' && at[1] == '-' && (at[2] == '\0' || (unsigned char)at[2] <= ' '))
        return skip_line(at);
    if (at[0] == '/' && at[1] == '*')
        return skip_comment(at);
    return at;
}

const char *zq_arg_next(const char *sql)
{
    while (*sql != '\0' && *sql != '?') {
        const char *after = skip_piece(sql);

        sql = after != sql ? after : sql + 1;
    }
    return *sql == '?' ? sql : NULL;
}

size_t zq_literal_byte(char c, char out[2])
{
    static const char special[] = "\n\r\\\x1a"; /* and NUL, which ends this text */
    static const char letters[] = "nr\\Z0";
    const char *at = memchr(special, c, sizeof special);

    if (at != NULL) {
        out[0] = '\\';
        out[1] = letters[at - special];
        return 2;
    }
    out[0] = c;
    out[1] = c;
    return c == '\'' ? 2 : 1;
}

static size_t write_text(char *out, const char *text, size_t length)
{
    char *at = out;

    *at++ = '\'';
    for (size_t i = 0; i < length; i++)
        at += zq_literal_byte(text[i], at);
    *at++ = '\'';
    return (size_t)(at - out);
}

size_t zq_arg_literal_max(const zq_arg *arg)
{
    return arg->kind == ZQ_ARG_TEXT ? 2 * arg->length + 3 : 24;
}

size_t zq_arg_literal(const zq_arg *arg, char *out)
{
    switch (arg->kind) {
    case ZQ_ARG_TEXT:
        return write_text(out, arg->text, arg->length);
    case ZQ_ARG_INT:
        return (size_t)snprintf(out, 24, "%lld", arg->number);
    case ZQ_ARG_NULL:
        break;
    }
    memcpy(out, "NULL", 4);
    return 4;
}

zq_arg zq_arg_text(const char *text)
{
    if (text == NULL)
        return (zq_arg){.kind = ZQ_ARG_NULL};
    return (zq_arg){.kind = ZQ_ARG_TEXT, .text = text, .length = strlen(text)};
}

zq_arg zq_arg_int(long long number)
{
    return (zq_arg){.kind = ZQ_ARG_INT, .number = number};
}
