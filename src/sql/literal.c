/* Arguments in a statement, and how they are written out.
 *
 * Statements travel with '?' and their arguments apart; only for a script, and for one round trip
 * of several statements, are they written out. A '?' counts outside of strings, names and comments.
 * What stands in a literal is escaped for the session of zq_session_sql(). */
#include "sql/literal.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

/* Room for any number, and for NULL. */
enum { NUMBER_MAX = 24 };

/* Step over what starts at `at` and may hold a '?' that is not a placeholder: a string, a quoted
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

static void write_text(const zq_arg *arg, zq_arg_add *add, void *context)
{
    add(context, "'", 1);
    for (size_t i = 0; i < arg->length; i++) {
        char bytes[2];

        add(context, bytes, zq_literal_byte(arg->text[i], bytes));
    }
    add(context, "'", 1);
}

static void write_number(long long number, zq_arg_add *add, void *context)
{
    char text[NUMBER_MAX];

    add(context, text, (size_t)snprintf(text, sizeof text, "%lld", number));
}

size_t zq_arg_expanded_max(const char *sql, const zq_arg *args, size_t n_args)
{
    size_t length = strlen(sql);

    for (size_t i = 0; i < n_args; i++)
        length += args[i].kind == ZQ_ARG_TEXT ? 2 * args[i].length + 2 : NUMBER_MAX;
    return length;
}

/* Is there something in it that nobody sees, and that has no escape of its own? */
static bool needs_hex(const zq_arg *arg)
{
    static const char escaped[] = "\n\r\x1a"; /* and NUL */
    size_t start = 0;

    for (size_t i = 0; i <= arg->length; i++) {
        if (i < arg->length && memchr(escaped, arg->text[i], sizeof escaped) == NULL)
            continue;
        if (!zq_text_is_plain(arg->text + start, i - start))
            return true;
        start = i + 1;
    }
    return false;
}

static void write_hex(const zq_arg *arg, zq_arg_add *add, void *context)
{
    char digits[3];

    add(context, "_utf8mb4 X'", 11);
    for (size_t i = 0; i < arg->length; i++) {
        snprintf(digits, sizeof digits, "%02X", (unsigned char)arg->text[i]);
        add(context, digits, 2);
    }
    add(context, "'", 1);
}

void zq_arg_expand(const char *sql, const zq_arg *args, size_t n_args, bool seen, zq_arg_add *add,
                   void *context)
{
    const char *rest = sql;

    for (size_t i = 0; i < n_args; i++) {
        const char *mark = zq_arg_next(rest);

        if (mark == NULL)
            break;
        add(context, rest, (size_t)(mark - rest));
        if (args[i].kind == ZQ_ARG_TEXT && seen && needs_hex(&args[i]))
            write_hex(&args[i], add, context);
        else if (args[i].kind == ZQ_ARG_TEXT)
            write_text(&args[i], add, context);
        else if (args[i].kind == ZQ_ARG_INT)
            write_number(args[i].number, add, context);
        else
            add(context, "NULL", 4);
        rest = mark + 1;
    }
    add(context, rest, strlen(rest));
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

const char *zq_quoted_end(const char *at, const char *end)
{
    const char quote = *at;

    for (at++; at < end; at++) {
        if (*at == '\\' && quote != '`')
            at++;
        else if (*at == quote && at + 1 < end && at[1] == quote)
            at++;
        else if (*at == quote)
            return at + 1;
    }
    return NULL;
}
