#include "sql/table/expr_parts.h"

#include "base/buf.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* The same function under two names: what MariaDB prints, and what MySQL prints. */
static const char *const function_names[][2] = {
    {"ucase", "upper"},         {"lcase", "lower"},  {"now", "current_timestamp"},
    {"substring", "substr"},    {"mid", "substr"},   {"character_length", "char_length"},
    {"octet_length", "length"}, {"ceil", "ceiling"}, {"power", "pow"},
};

static const char *quote(zq_arena *arena, const char *text, size_t length)
{
    ZQ_AUTO_BUF(out);

    zq_buf_char(&out, '\'');
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\'' || text[i] == '\\')
            zq_buf_char(&out, text[i]);
        zq_buf_char(&out, text[i]);
    }
    zq_buf_char(&out, '\'');
    return zq_arena_strndup(arena, out.text, out.length);
}

/* `a`.`b`, or a column without its table. */
static zq_expr read_name(zq_expr_reader *r)
{
    const char *name, *text;

    zq_cursor_ident(&r->cursor, r->arena, &name);
    text = zq_arena_printf(r->arena, "`%s`", name);
    while (zq_cursor_sees(&r->cursor, '.')) {
        zq_cursor_char(&r->cursor, '.');
        if (!zq_cursor_ident(&r->cursor, r->arena, &name))
            return ZQ_EXPR_UNKNOWN;
        text = zq_arena_printf(r->arena, "%s.`%s`", text, name);
    }
    return (zq_expr){text, ZQ_PREC_PRIMARY};
}

static zq_expr read_string(zq_expr_reader *r)
{
    const char *text;
    size_t length;

    zq_cursor_string(&r->cursor, r->arena, &text, &length);
    return (zq_expr){quote(r->arena, text, length), ZQ_PREC_PRIMARY};
}

zq_expr zq_expr_list(zq_expr_reader *r)
{
    const char *text = "";
    zq_expr item = ZQ_EXPR_UNKNOWN;
    unsigned n = 0;

    zq_cursor_char(&r->cursor, '(');
    while (!zq_cursor_sees(&r->cursor, ')')) {
        item = zq_expr_read(r, ZQ_PREC_NONE);
        if (item.text == NULL)
            return ZQ_EXPR_UNKNOWN;
        text = n++ == 0 ? item.text : zq_arena_printf(r->arena, "%s,%s", text, item.text);
        if (!zq_cursor_char(&r->cursor, ','))
            break;
    }
    if (!zq_cursor_char(&r->cursor, ')'))
        return ZQ_EXPR_UNKNOWN;
    return n == 1 ? item : (zq_expr){text, ZQ_PREC_NONE};
}

static const char *function_name(zq_arena *arena, const char *text, size_t length)
{
    char *name = zq_arena_strndup(arena, text, length);

    for (char *c = name; *c != '\0'; c++)
        *c = (char)tolower((unsigned char)*c);
    for (size_t i = 0; i < sizeof function_names / sizeof *function_names; i++) {
        if (strcmp(function_names[i][0], name) == 0)
            return function_names[i][1];
    }
    return name;
}

/* "cast(x as char(5))": MySQL adds the charset of the session that made it, which is ours. */
static zq_expr read_cast(zq_expr_reader *r)
{
    zq_cursor inner, after;
    const char *inside, *type;
    size_t length;
    zq_expr value;

    if (!zq_cursor_parens(&r->cursor, &inside, &length))
        return ZQ_EXPR_UNKNOWN;
    after = r->cursor;
    r->cursor = zq_cursor_on(inside, length);
    value = zq_expr_read(r, ZQ_PREC_NONE);
    inner = r->cursor;
    r->cursor = after;
    if (value.text == NULL || !zq_cursor_words(&inner, "as"))
        return ZQ_EXPR_UNKNOWN;
    zq_cursor_space(&inner);
    length = (size_t)(inner.end - inner.at);
    type = function_name(r->arena, inner.at, length);
    if (length > 16 && strcmp(type + length - 16, " charset utf8mb4") == 0)
        type = zq_arena_strndup(r->arena, type, length - 16);
    return (zq_expr){zq_arena_printf(r->arena, "cast(%s as %s)", value.text, type),
                     ZQ_PREC_PRIMARY};
}

/* Arguments; those with words between them ("x as char(5)", "year from d") are kept as they are. */
static zq_expr read_call(zq_expr_reader *r, const char *name)
{
    const zq_cursor start = r->cursor;
    const char *inside;
    size_t length;
    zq_expr arguments = zq_expr_list(r);

    if (arguments.text != NULL)
        return (zq_expr){zq_arena_printf(r->arena, "%s(%s)", name, arguments.text),
                         ZQ_PREC_PRIMARY};
    r->cursor = start;
    if (strcmp(name, "cast") == 0)
        return read_cast(r);
    if (!zq_cursor_parens(&r->cursor, &inside, &length))
        return ZQ_EXPR_UNKNOWN;
    return (zq_expr){zq_arena_printf(r->arena, "%s(%.*s)", name, (int)length, inside),
                     ZQ_PREC_PRIMARY};
}

static const char *const introducers[] = {"_utf8mb4", "_utf8mb3", "_utf8",
                                          "_latin1",  "_ascii",   NULL};

/* Words that are no column's name: the rest of what stands bare is taken for one. */
static const char *const constants[] = {
    "null", "true", "false", "current_timestamp", "current_date", "current_time", "unknown", NULL};

static bool is_one_of(const char *const *words, const char *text, size_t length)
{
    while (*words != NULL && (strlen(*words) != length || strncasecmp(*words, text, length) != 0))
        words++;
    return *words != NULL;
}

static size_t bare_word(const zq_expr_reader *r)
{
    size_t n = 0;

    while (r->cursor.at + n < r->cursor.end &&
           (isalnum((unsigned char)r->cursor.at[n]) || r->cursor.at[n] == '_' ||
            r->cursor.at[n] == '$' || (unsigned char)r->cursor.at[n] >= 0x80))
        n++;
    return n;
}

static zq_expr read_number(zq_expr_reader *r)
{
    const char *start = r->cursor.at;
    const char *at = start;

    while (at < r->cursor.end && (isalnum((unsigned char)*at) || *at == '.'))
        at++;
    if (at < r->cursor.end && (*at == '-' || *at == '+') && tolower((unsigned char)at[-1]) == 'e' &&
        !(start[0] == '0' && start[1] == 'x')) {
        at++;
        while (at < r->cursor.end && isdigit((unsigned char)*at))
            at++;
    }
    r->cursor.at = at;
    return (zq_expr){zq_arena_strndup(r->arena, start, (size_t)(at - start)), ZQ_PREC_PRIMARY};
}

static zq_expr read_word(zq_expr_reader *r)
{
    const char *start = r->cursor.at;
    const size_t length = bare_word(r);

    if (length == 0)
        return ZQ_EXPR_UNKNOWN;
    r->cursor.at += length;
    if (zq_cursor_sees(&r->cursor, '\'') && is_one_of(introducers, start, length))
        return read_string(r);
    if (zq_cursor_sees(&r->cursor, '(') && start[length] == '(')
        return read_call(r, function_name(r->arena, start, length));
    if (zq_cursor_sees(&r->cursor, '\''))
        return ZQ_EXPR_UNKNOWN;
    if (is_one_of(constants, start, length))
        return (zq_expr){function_name(r->arena, start, length), ZQ_PREC_PRIMARY};
    return (zq_expr){zq_arena_printf(r->arena, "`%.*s`", (int)length, start), ZQ_PREC_PRIMARY};
}

/* "interval 1 day", as it stands beside + and -. */
static zq_expr read_interval(zq_expr_reader *r)
{
    zq_expr amount = zq_expr_read(r, ZQ_PREC_BIT_OR);
    const char *unit;

    if (amount.text == NULL || !zq_cursor_name(&r->cursor, r->arena, &unit))
        return ZQ_EXPR_UNKNOWN;
    return (zq_expr){zq_arena_printf(r->arena, "interval %s %s",
                                     zq_expr_wrap(r->arena, amount, ZQ_PREC_BIT_OR),
                                     function_name(r->arena, unit, strlen(unit))),
                     ZQ_PREC_PRIMARY};
}

/* One " when 1", " then 2", " else 3" of a case, when it stands there: `*text` grows by it. */
static bool read_branch(zq_expr_reader *r, const char *word, const char **text)
{
    zq_expr value;

    if (*text == NULL || !zq_cursor_words(&r->cursor, word))
        return false;
    value = zq_expr_read(r, ZQ_PREC_NONE);
    *text =
        value.text == NULL ? NULL : zq_arena_printf(r->arena, "%s %s %s", *text, word, value.text);
    return *text != NULL;
}

static zq_expr read_case(zq_expr_reader *r)
{
    const char *text = "case";
    zq_cursor ahead = r->cursor;

    if (!zq_cursor_words(&ahead, "when")) {
        zq_expr value = zq_expr_read(r, ZQ_PREC_NONE);

        if (value.text == NULL)
            return ZQ_EXPR_UNKNOWN;
        text = zq_arena_printf(r->arena, "case %s", value.text);
    }
    while (read_branch(r, "when", &text)) {
        if (!read_branch(r, "then", &text))
            return ZQ_EXPR_UNKNOWN;
    }
    read_branch(r, "else", &text);
    if (text == NULL || !zq_cursor_words(&r->cursor, "end"))
        return ZQ_EXPR_UNKNOWN;
    return (zq_expr){zq_arena_printf(r->arena, "%s end", text), ZQ_PREC_PRIMARY};
}

static zq_expr read_unary(zq_expr_reader *r, const char *sign, int level)
{
    zq_expr operand = zq_expr_read(r, level);

    if (operand.text == NULL)
        return ZQ_EXPR_UNKNOWN;
    return (zq_expr){
        zq_arena_printf(r->arena, "%s%s", sign, zq_expr_wrap(r->arena, operand, level)), level};
}

/* Both servers turn the NOT of a value into a comparison with 0. */
static zq_expr read_not(zq_expr_reader *r)
{
    zq_expr operand = zq_expr_read(r, ZQ_PREC_NOT);

    if (operand.text != NULL && operand.level > ZQ_PREC_COMPARE)
        return (zq_expr){zq_arena_printf(r->arena, "%s = 0", operand.text), ZQ_PREC_COMPARE};
    if (operand.text == NULL)
        return ZQ_EXPR_UNKNOWN;
    return (zq_expr){
        zq_arena_printf(r->arena, "not %s", zq_expr_wrap(r->arena, operand, ZQ_PREC_NOT)),
        ZQ_PREC_NOT};
}

zq_expr zq_expr_operand(zq_expr_reader *r)
{
    if (zq_cursor_at_end(&r->cursor))
        return ZQ_EXPR_UNKNOWN;
    if (*r->cursor.at == '`')
        return read_name(r);
    if (*r->cursor.at == '\'')
        return read_string(r);
    if (*r->cursor.at == '(')
        return zq_expr_list(r);
    if (isdigit((unsigned char)*r->cursor.at))
        return read_number(r);
    if (zq_cursor_char(&r->cursor, '-'))
        return read_unary(r, "-", ZQ_PREC_UNARY);
    if (zq_cursor_char(&r->cursor, '~'))
        return read_unary(r, "~", ZQ_PREC_UNARY);
    if (zq_cursor_words(&r->cursor, "not"))
        return read_not(r);
    if (zq_cursor_words(&r->cursor, "case"))
        return read_case(r);
    if (zq_cursor_words(&r->cursor, "interval"))
        return read_interval(r);
    if (zq_cursor_words(&r->cursor, "exists"))
        return ZQ_EXPR_UNKNOWN;
    return read_word(r);
}
