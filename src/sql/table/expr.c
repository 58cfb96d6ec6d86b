/* An expression in one spelling.
 *
 * MariaDB and MySQL print the same expression with other parentheses, other names of functions, and
 * other spaces; MySQL adds the charset of each string. So an expression is read by the precedence
 * of its operators (each operand with all that binds tighter), and written again with the fewest
 * parentheses, which is how MariaDB prints it. What is not understood (a subquery, a variable,
 * words between arguments) stays in the server's words: then two spellings differ, and the
 * difference is shown. A table of all functions was given up: a call needs only its name and its
 * commas.
 *
 * The file is long because the grammar is recursive: operands hold expressions. */
#include "sql/table/expr.h"

#include "base/buf.h"
#include "sql/table/cursor.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { DEPTH_MAX = 200 };

/* As MySQL's manual has it, 14.4.1 "Operator Precedence", from loose to tight. */
enum {
    PREC_NONE,
    PREC_OR,
    PREC_XOR,
    PREC_AND,
    PREC_NOT,
    PREC_BETWEEN,
    PREC_COMPARE,
    PREC_BIT_OR,
    PREC_BIT_AND,
    PREC_SHIFT,
    PREC_ADD,
    PREC_MULTIPLY,
    PREC_POWER,
    PREC_UNARY,
    PREC_COLLATE,
    PREC_PRIMARY,
};

/* An expression read so far: its normal text, and how tightly its outermost operator binds. */
typedef struct expr {
    const char *text; /* NULL: what stands there is not understood */
    int level;
} expr;

#define UNKNOWN ((expr){NULL, PREC_NONE})

typedef struct expr_reader {
    zq_cursor cursor;
    zq_arena *arena;
    unsigned depth;
} expr_reader;

/* Operands and operators, as long as these bind at least as tightly as `lowest`. */
static expr read_expr(expr_reader *r, int lowest);

/* Its text, in parentheses when it binds less tightly than `level`. */
static const char *wrap(zq_arena *arena, expr e, int level)
{
    return e.level < level ? zq_arena_printf(arena, "(%s)", e.text) : e.text;
}

/* ---- operands ---- */

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
static expr read_name(expr_reader *r)
{
    const char *name, *text;

    zq_cursor_ident(&r->cursor, r->arena, &name);
    text = zq_arena_printf(r->arena, "`%s`", name);
    while (zq_cursor_sees(&r->cursor, '.')) {
        zq_cursor_char(&r->cursor, '.');
        if (!zq_cursor_ident(&r->cursor, r->arena, &name))
            return UNKNOWN;
        text = zq_arena_printf(r->arena, "%s.`%s`", text, name);
    }
    return (expr){text, PREC_PRIMARY};
}

static expr read_string(expr_reader *r)
{
    const char *text;
    size_t length;

    zq_cursor_string(&r->cursor, r->arena, &text, &length);
    return (expr){quote(r->arena, text, length), PREC_PRIMARY};
}

/* "(a, b)": a list; "(a)": just a, since its level says where parentheses are needed. */
static expr read_list(expr_reader *r)
{
    const char *text = "";
    expr item = UNKNOWN;
    unsigned n = 0;

    zq_cursor_char(&r->cursor, '(');
    while (!zq_cursor_sees(&r->cursor, ')')) {
        item = read_expr(r, PREC_NONE);
        if (item.text == NULL)
            return UNKNOWN;
        text = n++ == 0 ? item.text : zq_arena_printf(r->arena, "%s,%s", text, item.text);
        if (!zq_cursor_char(&r->cursor, ','))
            break;
    }
    if (!zq_cursor_char(&r->cursor, ')'))
        return UNKNOWN;
    return n == 1 ? item : (expr){text, PREC_NONE};
}

static const char *function_name(zq_arena *arena, const char *text, size_t length)
{
    char *name = zq_arena_lower(arena, text, length);

    for (size_t i = 0; i < sizeof function_names / sizeof *function_names; i++) {
        if (strcmp(function_names[i][0], name) == 0)
            return function_names[i][1];
    }
    return name;
}

/* "cast(x as char(5))": MySQL adds the charset of the session that made it, which is ours. */
static expr read_cast(expr_reader *r)
{
    zq_cursor inner, after;
    const char *inside, *type;
    size_t length;
    expr value;

    if (!zq_cursor_parens(&r->cursor, &inside, &length))
        return UNKNOWN;
    after = r->cursor;
    r->cursor = zq_cursor_on(inside, length);
    value = read_expr(r, PREC_NONE);
    inner = r->cursor;
    r->cursor = after;
    if (value.text == NULL || !zq_cursor_words(&inner, "as"))
        return UNKNOWN;
    zq_cursor_space(&inner);
    length = (size_t)(inner.end - inner.at);
    type = function_name(r->arena, inner.at, length);
    if (length > 16 && strcmp(type + length - 16, " charset utf8mb4") == 0)
        type = zq_arena_strndup(r->arena, type, length - 16);
    return (expr){zq_arena_printf(r->arena, "cast(%s as %s)", value.text, type), PREC_PRIMARY};
}

/* Arguments; those with words between them ("x as char(5)", "year from d") are kept as they are. */
static expr read_call(expr_reader *r, const char *name)
{
    const zq_cursor start = r->cursor;
    const char *inside;
    size_t length;
    expr arguments = read_list(r);

    if (arguments.text != NULL)
        return (expr){zq_arena_printf(r->arena, "%s(%s)", name, arguments.text), PREC_PRIMARY};
    r->cursor = start;
    if (strcmp(name, "cast") == 0)
        return read_cast(r);
    if (!zq_cursor_parens(&r->cursor, &inside, &length))
        return UNKNOWN;
    return (expr){zq_arena_printf(r->arena, "%s(%.*s)", name, (int)length, inside), PREC_PRIMARY};
}

static const char *const introducers[] = {"_utf8mb4", "_utf8mb3", "_utf8",
                                          "_latin1",  "_ascii",   NULL};

/* Words that are not a column's name: the rest of what stands bare is taken for one. */
static const char *const constants[] = {
    "null", "true", "false", "current_timestamp", "current_date", "current_time", "unknown", NULL};

static bool is_one_of(const char *const *words, const char *text, size_t length)
{
    while (*words != NULL && (strlen(*words) != length || strncasecmp(*words, text, length) != 0))
        words++;
    return *words != NULL;
}

static size_t bare_word(const expr_reader *r)
{
    size_t n = 0;

    while (r->cursor.at + n < r->cursor.end &&
           (isalnum((unsigned char)r->cursor.at[n]) || r->cursor.at[n] == '_' ||
            r->cursor.at[n] == '$' || (unsigned char)r->cursor.at[n] >= 0x80))
        n++;
    return n;
}

static expr read_number(expr_reader *r)
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
    return (expr){zq_arena_strndup(r->arena, start, (size_t)(at - start)), PREC_PRIMARY};
}

static expr read_word(expr_reader *r)
{
    const char *start = r->cursor.at;
    const size_t length = bare_word(r);

    if (length == 0)
        return UNKNOWN;
    r->cursor.at += length;
    if (zq_cursor_sees(&r->cursor, '\'') && is_one_of(introducers, start, length))
        return read_string(r);
    if (zq_cursor_sees(&r->cursor, '(') && start[length] == '(')
        return read_call(r, function_name(r->arena, start, length));
    if (zq_cursor_sees(&r->cursor, '\''))
        return UNKNOWN;
    if (is_one_of(constants, start, length))
        return (expr){function_name(r->arena, start, length), PREC_PRIMARY};
    return (expr){zq_arena_printf(r->arena, "`%.*s`", (int)length, start), PREC_PRIMARY};
}

/* "interval 1 day", as it stands beside + and -. */
static expr read_interval(expr_reader *r)
{
    expr amount = read_expr(r, PREC_BIT_OR);
    const char *unit;

    if (amount.text == NULL || !zq_cursor_name(&r->cursor, r->arena, &unit))
        return UNKNOWN;
    return (expr){zq_arena_printf(r->arena, "interval %s %s", wrap(r->arena, amount, PREC_BIT_OR),
                                  function_name(r->arena, unit, strlen(unit))),
                  PREC_PRIMARY};
}

/* One " when 1", " then 2", " else 3" of a case, when it stands there: `*text` grows by it. */
static bool read_branch(expr_reader *r, const char *word, const char **text)
{
    expr value;

    if (*text == NULL || !zq_cursor_words(&r->cursor, word))
        return false;
    value = read_expr(r, PREC_NONE);
    *text =
        value.text == NULL ? NULL : zq_arena_printf(r->arena, "%s %s %s", *text, word, value.text);
    return *text != NULL;
}

static expr read_case(expr_reader *r)
{
    const char *text = "case";
    zq_cursor ahead = r->cursor;

    if (!zq_cursor_words(&ahead, "when")) {
        expr value = read_expr(r, PREC_NONE);

        if (value.text == NULL)
            return UNKNOWN;
        text = zq_arena_printf(r->arena, "case %s", value.text);
    }
    while (read_branch(r, "when", &text)) {
        if (!read_branch(r, "then", &text))
            return UNKNOWN;
    }
    read_branch(r, "else", &text);
    if (text == NULL || !zq_cursor_words(&r->cursor, "end"))
        return UNKNOWN;
    return (expr){zq_arena_printf(r->arena, "%s end", text), PREC_PRIMARY};
}

static expr read_unary(expr_reader *r, const char *sign, int level)
{
    expr operand = read_expr(r, level);

    if (operand.text == NULL)
        return UNKNOWN;
    return (expr){zq_arena_printf(r->arena, "%s%s", sign, wrap(r->arena, operand, level)), level};
}

/* Both servers turn the NOT of a value into a comparison with 0. */
static expr read_not(expr_reader *r)
{
    expr operand = read_expr(r, PREC_NOT);

    if (operand.text != NULL && operand.level > PREC_COMPARE)
        return (expr){zq_arena_printf(r->arena, "%s = 0", operand.text), PREC_COMPARE};
    if (operand.text == NULL)
        return UNKNOWN;
    return (expr){zq_arena_printf(r->arena, "not %s", wrap(r->arena, operand, PREC_NOT)), PREC_NOT};
}

/* What stands between operators: a name, a constant, a call, a CASE, something with a sign before
 * it or in parentheses. */
static expr read_operand(expr_reader *r)
{
    if (zq_cursor_at_end(&r->cursor))
        return UNKNOWN;
    if (*r->cursor.at == '`')
        return read_name(r);
    if (*r->cursor.at == '\'')
        return read_string(r);
    if (*r->cursor.at == '(')
        return read_list(r);
    if (isdigit((unsigned char)*r->cursor.at))
        return read_number(r);
    if (zq_cursor_char(&r->cursor, '-'))
        return read_unary(r, "-", PREC_UNARY);
    if (zq_cursor_char(&r->cursor, '~'))
        return read_unary(r, "~", PREC_UNARY);
    if (zq_cursor_words(&r->cursor, "not"))
        return read_not(r);
    if (zq_cursor_words(&r->cursor, "case"))
        return read_case(r);
    if (zq_cursor_words(&r->cursor, "interval"))
        return read_interval(r);
    if (zq_cursor_words(&r->cursor, "exists"))
        return UNKNOWN;
    return read_word(r);
}

/* ---- operators ---- */

typedef struct op {
    const char *spelled; /* longer ones first */
    const char *normal;
    int level;
} op;

static const op symbol_ops[] = {
    {"<=>", "<=>", PREC_COMPARE}, {"->>", "->>", PREC_COLLATE}, {"->", "->", PREC_COLLATE},
    {"<<", "<<", PREC_SHIFT},     {">>", ">>", PREC_SHIFT},     {"<=", "<=", PREC_COMPARE},
    {">=", ">=", PREC_COMPARE},   {"<>", "<>", PREC_COMPARE},   {"!=", "<>", PREC_COMPARE},
    {"||", "or", PREC_OR},        {"&&", "and", PREC_AND},      {"=", "=", PREC_COMPARE},
    {"<", "<", PREC_COMPARE},     {">", ">", PREC_COMPARE},     {"|", "|", PREC_BIT_OR},
    {"&", "&", PREC_BIT_AND},     {"+", "+", PREC_ADD},         {"-", "-", PREC_ADD},
    {"*", "*", PREC_MULTIPLY},    {"/", "/", PREC_MULTIPLY},    {"%", "%", PREC_MULTIPLY},
    {"^", "^", PREC_POWER},
};

static const op word_ops[] = {
    {"or", "or", PREC_OR},
    {"xor", "xor", PREC_XOR},
    {"and", "and", PREC_AND},
    {"not in", "not in", PREC_COMPARE},
    {"in", "in", PREC_COMPARE},
    {"not like", "not like", PREC_COMPARE},
    {"like", "like", PREC_COMPARE},
    {"not regexp", "not regexp", PREC_COMPARE},
    {"regexp", "regexp", PREC_COMPARE},
    {"rlike", "regexp", PREC_COMPARE},
    {"is not", "is not", PREC_COMPARE},
    {"is", "is", PREC_COMPARE},
    {"not between", "not between", PREC_BETWEEN},
    {"between", "between", PREC_BETWEEN},
    {"div", "div", PREC_MULTIPLY},
    {"mod", "%", PREC_MULTIPLY},
    {"collate", "collate", PREC_COLLATE},
};

static const op *read_op(expr_reader *r, int lowest)
{
    zq_cursor_space(&r->cursor);
    for (size_t i = 0; i < sizeof symbol_ops / sizeof *symbol_ops; i++) {
        const size_t length = strlen(symbol_ops[i].spelled);

        if ((size_t)(r->cursor.end - r->cursor.at) < length ||
            strncmp(r->cursor.at, symbol_ops[i].spelled, length) != 0)
            continue;
        if (symbol_ops[i].level < lowest)
            return NULL;
        r->cursor.at += length;
        return &symbol_ops[i];
    }
    for (size_t i = 0; i < sizeof word_ops / sizeof *word_ops; i++) {
        if (word_ops[i].level >= lowest && zq_cursor_words(&r->cursor, word_ops[i].spelled))
            return &word_ops[i];
    }
    return NULL;
}

/* What stands to the right of an operator. */
static expr read_right(expr_reader *r, const op *o)
{
    expr low, high;

    if (strcmp(o->normal, "in") == 0 || strcmp(o->normal, "not in") == 0) {
        expr list = zq_cursor_sees(&r->cursor, '(') ? read_list(r) : UNKNOWN;

        return list.text == NULL
                   ? UNKNOWN
                   : (expr){zq_arena_printf(r->arena, "(%s)", list.text), PREC_PRIMARY};
    }
    if (o->level == PREC_COLLATE && strcmp(o->normal, "collate") == 0) {
        const char *name;

        return zq_cursor_name(&r->cursor, r->arena, &name) ? (expr){name, PREC_PRIMARY} : UNKNOWN;
    }
    if (o->level != PREC_BETWEEN)
        return read_expr(r, o->level + 1);
    low = read_expr(r, PREC_BIT_OR);
    if (low.text == NULL || !zq_cursor_words(&r->cursor, "and"))
        return UNKNOWN;
    high = read_expr(r, PREC_BETWEEN + 1);
    if (high.text == NULL)
        return UNKNOWN;
    return (expr){zq_arena_printf(r->arena, "%s and %s", wrap(r->arena, low, PREC_BIT_OR),
                                  wrap(r->arena, high, PREC_BIT_OR)),
                  PREC_PRIMARY};
}

static expr read_expr(expr_reader *r, int lowest)
{
    expr left;
    const op *o;

    if (++r->depth > DEPTH_MAX)
        return UNKNOWN;
    left = read_operand(r);
    while (left.text != NULL && (o = read_op(r, lowest)) != NULL) {
        expr right = read_right(r, o);

        if (right.text == NULL)
            left = UNKNOWN;
        else if (strcmp(o->normal, "=") == 0 && strcmp(left.text, "0") == 0)
            left = (expr){zq_arena_printf(r->arena, "%s = 0", wrap(r->arena, right, o->level + 1)),
                          o->level};
        else
            left = (expr){zq_arena_printf(r->arena, "%s %s %s", wrap(r->arena, left, o->level),
                                          o->normal, wrap(r->arena, right, o->level + 1)),
                          o->level};
    }
    r->depth--;
    return left;
}

/* ---- the whole ---- */

bool zq_expr_is_known(const char *text, size_t length, zq_arena *arena)
{
    expr_reader r = {zq_cursor_on(text, length), arena, 0};

    return read_expr(&r, PREC_NONE).text != NULL && zq_cursor_at_end(&r.cursor);
}

const char *zq_expr_normal(const char *text, size_t length, zq_arena *arena)
{
    expr_reader r = {zq_cursor_on(text, length), arena, 0};
    expr whole = read_expr(&r, PREC_NONE);

    if (whole.text != NULL && zq_cursor_at_end(&r.cursor))
        return whole.text;
    /* Not understood: the server's words, as they are. */
    while (length > 0 && isspace((unsigned char)*text)) {
        text++;
        length--;
    }
    while (length > 0 && isspace((unsigned char)text[length - 1]))
        length--;
    return zq_arena_strndup(arena, text, length);
}
