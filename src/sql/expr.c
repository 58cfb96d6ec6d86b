#include "sql/normal.h"

#include "base/buf.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* An expression read so far: its normal text, and how tightly its outermost operator binds. */
typedef struct piece {
    const char *text; /* NULL: what stands there is not understood */
    int level;
} piece;

typedef struct reader {
    zq_cursor cursor;
    zq_arena *arena;
    unsigned depth;
} reader;

/* As MySQL's manual has it, 14.4.1 "Operator Precedence", from loose to tight. */
enum {
    LEVEL_NONE,
    LEVEL_OR,
    LEVEL_XOR,
    LEVEL_AND,
    LEVEL_NOT,
    LEVEL_BETWEEN,
    LEVEL_COMPARE,
    LEVEL_BIT_OR,
    LEVEL_BIT_AND,
    LEVEL_SHIFT,
    LEVEL_ADD,
    LEVEL_MULTIPLY,
    LEVEL_POWER,
    LEVEL_UNARY,
    LEVEL_COLLATE,
    LEVEL_PRIMARY,
    DEPTH_MAX = 200,
};

typedef struct op {
    const char *spelled; /* longer ones first */
    const char *normal;
    int level;
} op;

static const op symbol_ops[] = {
    {"<=>", "<=>", LEVEL_COMPARE}, {"->>", "->>", LEVEL_COLLATE}, {"->", "->", LEVEL_COLLATE},
    {"<<", "<<", LEVEL_SHIFT},     {">>", ">>", LEVEL_SHIFT},     {"<=", "<=", LEVEL_COMPARE},
    {">=", ">=", LEVEL_COMPARE},   {"<>", "<>", LEVEL_COMPARE},   {"!=", "<>", LEVEL_COMPARE},
    {"||", "or", LEVEL_OR},        {"&&", "and", LEVEL_AND},      {"=", "=", LEVEL_COMPARE},
    {"<", "<", LEVEL_COMPARE},     {">", ">", LEVEL_COMPARE},     {"|", "|", LEVEL_BIT_OR},
    {"&", "&", LEVEL_BIT_AND},     {"+", "+", LEVEL_ADD},         {"-", "-", LEVEL_ADD},
    {"*", "*", LEVEL_MULTIPLY},    {"/", "/", LEVEL_MULTIPLY},    {"%", "%", LEVEL_MULTIPLY},
    {"^", "^", LEVEL_POWER},
};

static const op word_ops[] = {
    {"or", "or", LEVEL_OR},
    {"xor", "xor", LEVEL_XOR},
    {"and", "and", LEVEL_AND},
    {"not in", "not in", LEVEL_COMPARE},
    {"in", "in", LEVEL_COMPARE},
    {"not like", "not like", LEVEL_COMPARE},
    {"like", "like", LEVEL_COMPARE},
    {"not regexp", "not regexp", LEVEL_COMPARE},
    {"regexp", "regexp", LEVEL_COMPARE},
    {"rlike", "regexp", LEVEL_COMPARE},
    {"is not", "is not", LEVEL_COMPARE},
    {"is", "is", LEVEL_COMPARE},
    {"not between", "not between", LEVEL_BETWEEN},
    {"between", "between", LEVEL_BETWEEN},
    {"div", "div", LEVEL_MULTIPLY},
    {"mod", "%", LEVEL_MULTIPLY},
    {"collate", "collate", LEVEL_COLLATE},
};

/* The same function under two names: what MariaDB prints, and what MySQL prints. */
static const char *const function_names[][2] = {
    {"ucase", "upper"},         {"lcase", "lower"},  {"now", "current_timestamp"},
    {"substring", "substr"},    {"mid", "substr"},   {"character_length", "char_length"},
    {"octet_length", "length"}, {"ceil", "ceiling"}, {"power", "pow"},
};

static const piece nothing = {NULL, LEVEL_NONE};

static piece read_level(reader *r, int lowest);

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

static const char *wrap(zq_arena *arena, piece p, int level)
{
    return p.level < level ? zq_arena_printf(arena, "(%s)", p.text) : p.text;
}

/* `a`.`b`, or a column without its table. */
static piece read_name(reader *r)
{
    const char *name, *text;

    zq_cursor_ident(&r->cursor, r->arena, &name);
    text = zq_arena_printf(r->arena, "`%s`", name);
    while (zq_cursor_sees(&r->cursor, '.')) {
        zq_cursor_char(&r->cursor, '.');
        if (!zq_cursor_ident(&r->cursor, r->arena, &name))
            return nothing;
        text = zq_arena_printf(r->arena, "%s.`%s`", text, name);
    }
    return (piece){text, LEVEL_PRIMARY};
}

static piece read_string(reader *r)
{
    const char *text;
    size_t length;

    zq_cursor_string(&r->cursor, r->arena, &text, &length);
    return (piece){quote(r->arena, text, length), LEVEL_PRIMARY};
}

/* "(a, b)": a list; "(a)": just a, since its level says where parentheses are needed. */
static piece read_list(reader *r)
{
    const char *text = "";
    piece item = nothing;
    unsigned n = 0;

    zq_cursor_char(&r->cursor, '(');
    while (!zq_cursor_sees(&r->cursor, ')')) {
        item = read_level(r, LEVEL_NONE);
        if (item.text == NULL)
            return nothing;
        text = n++ == 0 ? item.text : zq_arena_printf(r->arena, "%s,%s", text, item.text);
        if (!zq_cursor_char(&r->cursor, ','))
            break;
    }
    if (!zq_cursor_char(&r->cursor, ')'))
        return nothing;
    return n == 1 ? item : (piece){text, LEVEL_NONE};
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
static piece read_cast(reader *r)
{
    zq_cursor inner, after;
    const char *inside, *type;
    size_t length;
    piece value;

    if (!zq_cursor_parens(&r->cursor, &inside, &length))
        return nothing;
    after = r->cursor;
    r->cursor = zq_cursor_on(inside, length);
    value = read_level(r, LEVEL_NONE);
    inner = r->cursor;
    r->cursor = after;
    if (value.text == NULL || !zq_cursor_words(&inner, "as"))
        return nothing;
    zq_cursor_space(&inner);
    length = (size_t)(inner.end - inner.at);
    type = function_name(r->arena, inner.at, length);
    if (length > 16 && strcmp(type + length - 16, " charset utf8mb4") == 0)
        type = zq_arena_strndup(r->arena, type, length - 16);
    return (piece){zq_arena_printf(r->arena, "cast(%s as %s)", value.text, type), LEVEL_PRIMARY};
}

/* Arguments; those with words between them ("x as char(5)", "year from d") are kept as they are. */
static piece read_call(reader *r, const char *name)
{
    const zq_cursor start = r->cursor;
    const char *inside;
    size_t length;
    piece arguments = read_list(r);

    if (arguments.text != NULL)
        return (piece){zq_arena_printf(r->arena, "%s(%s)", name, arguments.text), LEVEL_PRIMARY};
    r->cursor = start;
    if (strcmp(name, "cast") == 0)
        return read_cast(r);
    if (!zq_cursor_parens(&r->cursor, &inside, &length))
        return nothing;
    return (piece){zq_arena_printf(r->arena, "%s(%.*s)", name, (int)length, inside), LEVEL_PRIMARY};
}

static bool is_introducer(const char *text, size_t length)
{
    static const char *const known[] = {"_utf8mb4", "_utf8mb3", "_utf8", "_latin1", "_ascii"};

    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strlen(known[i]) == length && strncasecmp(known[i], text, length) == 0)
            return true;
    }
    return false;
}

/* Words that are no column's name: the rest of what stands bare is taken for one. */
static bool is_constant(const char *text, size_t length)
{
    static const char *const known[] = {
        "null", "true", "false", "current_timestamp", "current_date", "current_time", "unknown"};

    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strlen(known[i]) == length && strncasecmp(known[i], text, length) == 0)
            return true;
    }
    return false;
}

static size_t bare_word(const reader *r)
{
    size_t n = 0;

    while (r->cursor.at + n < r->cursor.end &&
           (isalnum((unsigned char)r->cursor.at[n]) || r->cursor.at[n] == '_' ||
            r->cursor.at[n] == '$' || (unsigned char)r->cursor.at[n] >= 0x80))
        n++;
    return n;
}

static piece read_number(reader *r)
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
    return (piece){zq_arena_strndup(r->arena, start, (size_t)(at - start)), LEVEL_PRIMARY};
}

static piece read_word(reader *r)
{
    const char *start = r->cursor.at;
    const size_t length = bare_word(r);

    if (length == 0)
        return nothing;
    r->cursor.at += length;
    if (zq_cursor_sees(&r->cursor, '\'') && is_introducer(start, length))
        return read_string(r);
    if (zq_cursor_sees(&r->cursor, '(') && start[length] == '(')
        return read_call(r, function_name(r->arena, start, length));
    if (zq_cursor_sees(&r->cursor, '\''))
        return nothing;
    if (is_constant(start, length))
        return (piece){function_name(r->arena, start, length), LEVEL_PRIMARY};
    return (piece){zq_arena_printf(r->arena, "`%.*s`", (int)length, start), LEVEL_PRIMARY};
}

/* "interval 1 day", as it stands beside + and -. */
static piece read_interval(reader *r)
{
    piece amount = read_level(r, LEVEL_BIT_OR);
    const char *unit;

    if (amount.text == NULL || !zq_cursor_name(&r->cursor, r->arena, &unit))
        return nothing;
    return (piece){zq_arena_printf(r->arena, "interval %s %s", wrap(r->arena, amount, LEVEL_BIT_OR),
                                   function_name(r->arena, unit, strlen(unit))),
                   LEVEL_PRIMARY};
}

/* One " when 1", " then 2", " else 3" of a case, when it stands there: `*text` grows by it. */
static bool read_branch(reader *r, const char *word, const char **text)
{
    piece value;

    if (*text == NULL || !zq_cursor_words(&r->cursor, word))
        return false;
    value = read_level(r, LEVEL_NONE);
    *text =
        value.text == NULL ? NULL : zq_arena_printf(r->arena, "%s %s %s", *text, word, value.text);
    return *text != NULL;
}

static piece read_case(reader *r)
{
    const char *text = "case";
    zq_cursor ahead = r->cursor;

    if (!zq_cursor_words(&ahead, "when")) {
        piece value = read_level(r, LEVEL_NONE);

        if (value.text == NULL)
            return nothing;
        text = zq_arena_printf(r->arena, "case %s", value.text);
    }
    while (read_branch(r, "when", &text)) {
        if (!read_branch(r, "then", &text))
            return nothing;
    }
    read_branch(r, "else", &text);
    if (text == NULL || !zq_cursor_words(&r->cursor, "end"))
        return nothing;
    return (piece){zq_arena_printf(r->arena, "%s end", text), LEVEL_PRIMARY};
}

static piece read_unary(reader *r, const char *sign, int level)
{
    piece operand = read_level(r, level);

    if (operand.text == NULL)
        return nothing;
    return (piece){zq_arena_printf(r->arena, "%s%s", sign, wrap(r->arena, operand, level)), level};
}

/* Both servers turn the NOT of a value into a comparison with 0. */
static piece read_not(reader *r)
{
    piece operand = read_level(r, LEVEL_NOT);

    if (operand.text != NULL && operand.level > LEVEL_COMPARE)
        return (piece){zq_arena_printf(r->arena, "%s = 0", operand.text), LEVEL_COMPARE};
    if (operand.text == NULL)
        return nothing;
    return (piece){zq_arena_printf(r->arena, "not %s", wrap(r->arena, operand, LEVEL_NOT)),
                   LEVEL_NOT};
}

static piece read_primary(reader *r)
{
    if (zq_cursor_at_end(&r->cursor))
        return nothing;
    if (*r->cursor.at == '`')
        return read_name(r);
    if (*r->cursor.at == '\'')
        return read_string(r);
    if (*r->cursor.at == '(')
        return read_list(r);
    if (isdigit((unsigned char)*r->cursor.at))
        return read_number(r);
    if (zq_cursor_char(&r->cursor, '-'))
        return read_unary(r, "-", LEVEL_UNARY);
    if (zq_cursor_char(&r->cursor, '~'))
        return read_unary(r, "~", LEVEL_UNARY);
    if (zq_cursor_words(&r->cursor, "not"))
        return read_not(r);
    if (zq_cursor_words(&r->cursor, "case"))
        return read_case(r);
    if (zq_cursor_words(&r->cursor, "interval"))
        return read_interval(r);
    if (zq_cursor_words(&r->cursor, "exists"))
        return nothing;
    return read_word(r);
}

static const op *read_op(reader *r, int lowest)
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
static piece read_right(reader *r, const op *o)
{
    piece low, high;

    if (strcmp(o->normal, "in") == 0 || strcmp(o->normal, "not in") == 0) {
        piece list = zq_cursor_sees(&r->cursor, '(') ? read_list(r) : nothing;

        return list.text == NULL
                   ? nothing
                   : (piece){zq_arena_printf(r->arena, "(%s)", list.text), LEVEL_PRIMARY};
    }
    if (o->level == LEVEL_COLLATE && strcmp(o->normal, "collate") == 0) {
        const char *name;

        return zq_cursor_name(&r->cursor, r->arena, &name) ? (piece){name, LEVEL_PRIMARY} : nothing;
    }
    if (o->level != LEVEL_BETWEEN)
        return read_level(r, o->level + 1);
    low = read_level(r, LEVEL_BIT_OR);
    if (low.text == NULL || !zq_cursor_words(&r->cursor, "and"))
        return nothing;
    high = read_level(r, LEVEL_BETWEEN + 1);
    if (high.text == NULL)
        return nothing;
    return (piece){zq_arena_printf(r->arena, "%s and %s", wrap(r->arena, low, LEVEL_BIT_OR),
                                   wrap(r->arena, high, LEVEL_BIT_OR)),
                   LEVEL_PRIMARY};
}

static piece read_level(reader *r, int lowest)
{
    piece left;
    const op *o;

    if (++r->depth > DEPTH_MAX)
        return nothing;
    left = read_primary(r);
    while (left.text != NULL && (o = read_op(r, lowest)) != NULL) {
        piece right = read_right(r, o);

        if (right.text == NULL)
            left = nothing;
        else if (strcmp(o->normal, "=") == 0 && strcmp(left.text, "0") == 0)
            left = (piece){zq_arena_printf(r->arena, "%s = 0", wrap(r->arena, right, o->level + 1)),
                           o->level};
        else
            left = (piece){zq_arena_printf(r->arena, "%s %s %s", wrap(r->arena, left, o->level),
                                           o->normal, wrap(r->arena, right, o->level + 1)),
                           o->level};
    }
    r->depth--;
    return left;
}

bool zq_normal_understands(const char *text, size_t length, zq_arena *arena)
{
    reader r = {zq_cursor_on(text, length), arena, 0};

    return read_level(&r, LEVEL_NONE).text != NULL && zq_cursor_at_end(&r.cursor);
}

const char *zq_normal_expr(const char *text, size_t length, zq_arena *arena)
{
    reader r = {zq_cursor_on(text, length), arena, 0};
    piece whole = read_level(&r, LEVEL_NONE);

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
