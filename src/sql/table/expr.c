#include "sql/table/expr_parts.h"
#include "sql/table/normal.h"

#include <ctype.h>
#include <string.h>

enum { DEPTH_MAX = 200 };

typedef struct op {
    const char *spelled; /* longer ones first */
    const char *normal;
    int level;
} op;

static const op symbol_ops[] = {
    {"<=>", "<=>", ZQ_PREC_COMPARE}, {"->>", "->>", ZQ_PREC_COLLATE}, {"->", "->", ZQ_PREC_COLLATE},
    {"<<", "<<", ZQ_PREC_SHIFT},     {">>", ">>", ZQ_PREC_SHIFT},     {"<=", "<=", ZQ_PREC_COMPARE},
    {">=", ">=", ZQ_PREC_COMPARE},   {"<>", "<>", ZQ_PREC_COMPARE},   {"!=", "<>", ZQ_PREC_COMPARE},
    {"||", "or", ZQ_PREC_OR},        {"&&", "and", ZQ_PREC_AND},      {"=", "=", ZQ_PREC_COMPARE},
    {"<", "<", ZQ_PREC_COMPARE},     {">", ">", ZQ_PREC_COMPARE},     {"|", "|", ZQ_PREC_BIT_OR},
    {"&", "&", ZQ_PREC_BIT_AND},     {"+", "+", ZQ_PREC_ADD},         {"-", "-", ZQ_PREC_ADD},
    {"*", "*", ZQ_PREC_MULTIPLY},    {"/", "/", ZQ_PREC_MULTIPLY},    {"%", "%", ZQ_PREC_MULTIPLY},
    {"^", "^", ZQ_PREC_POWER},
};

static const op word_ops[] = {
    {"or", "or", ZQ_PREC_OR},
    {"xor", "xor", ZQ_PREC_XOR},
    {"and", "and", ZQ_PREC_AND},
    {"not in", "not in", ZQ_PREC_COMPARE},
    {"in", "in", ZQ_PREC_COMPARE},
    {"not like", "not like", ZQ_PREC_COMPARE},
    {"like", "like", ZQ_PREC_COMPARE},
    {"not regexp", "not regexp", ZQ_PREC_COMPARE},
    {"regexp", "regexp", ZQ_PREC_COMPARE},
    {"rlike", "regexp", ZQ_PREC_COMPARE},
    {"is not", "is not", ZQ_PREC_COMPARE},
    {"is", "is", ZQ_PREC_COMPARE},
    {"not between", "not between", ZQ_PREC_BETWEEN},
    {"between", "between", ZQ_PREC_BETWEEN},
    {"div", "div", ZQ_PREC_MULTIPLY},
    {"mod", "%", ZQ_PREC_MULTIPLY},
    {"collate", "collate", ZQ_PREC_COLLATE},
};

const char *zq_expr_wrap(zq_arena *arena, zq_expr e, int level)
{
    return e.level < level ? zq_arena_printf(arena, "(%s)", e.text) : e.text;
}

static const op *read_op(zq_expr_reader *r, int lowest)
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
static zq_expr read_right(zq_expr_reader *r, const op *o)
{
    zq_expr low, high;

    if (strcmp(o->normal, "in") == 0 || strcmp(o->normal, "not in") == 0) {
        zq_expr list = zq_cursor_sees(&r->cursor, '(') ? zq_expr_list(r) : ZQ_EXPR_UNKNOWN;

        return list.text == NULL
                   ? ZQ_EXPR_UNKNOWN
                   : (zq_expr){zq_arena_printf(r->arena, "(%s)", list.text), ZQ_PREC_PRIMARY};
    }
    if (o->level == ZQ_PREC_COLLATE && strcmp(o->normal, "collate") == 0) {
        const char *name;

        return zq_cursor_name(&r->cursor, r->arena, &name) ? (zq_expr){name, ZQ_PREC_PRIMARY}
                                                           : ZQ_EXPR_UNKNOWN;
    }
    if (o->level != ZQ_PREC_BETWEEN)
        return zq_expr_read(r, o->level + 1);
    low = zq_expr_read(r, ZQ_PREC_BIT_OR);
    if (low.text == NULL || !zq_cursor_words(&r->cursor, "and"))
        return ZQ_EXPR_UNKNOWN;
    high = zq_expr_read(r, ZQ_PREC_BETWEEN + 1);
    if (high.text == NULL)
        return ZQ_EXPR_UNKNOWN;
    return (zq_expr){zq_arena_printf(r->arena, "%s and %s",
                                     zq_expr_wrap(r->arena, low, ZQ_PREC_BIT_OR),
                                     zq_expr_wrap(r->arena, high, ZQ_PREC_BIT_OR)),
                     ZQ_PREC_PRIMARY};
}

zq_expr zq_expr_read(zq_expr_reader *r, int lowest)
{
    zq_expr left;
    const op *o;

    if (++r->depth > DEPTH_MAX)
        return ZQ_EXPR_UNKNOWN;
    left = zq_expr_operand(r);
    while (left.text != NULL && (o = read_op(r, lowest)) != NULL) {
        zq_expr right = read_right(r, o);

        if (right.text == NULL)
            left = ZQ_EXPR_UNKNOWN;
        else if (strcmp(o->normal, "=") == 0 && strcmp(left.text, "0") == 0)
            left = (zq_expr){
                zq_arena_printf(r->arena, "%s = 0", zq_expr_wrap(r->arena, right, o->level + 1)),
                o->level};
        else
            left = (zq_expr){zq_arena_printf(r->arena, "%s %s %s",
                                             zq_expr_wrap(r->arena, left, o->level), o->normal,
                                             zq_expr_wrap(r->arena, right, o->level + 1)),
                             o->level};
    }
    r->depth--;
    return left;
}

bool zq_normal_understands(const char *text, size_t length, zq_arena *arena)
{
    zq_expr_reader r = {zq_cursor_on(text, length), arena, 0};

    return zq_expr_read(&r, ZQ_PREC_NONE).text != NULL && zq_cursor_at_end(&r.cursor);
}

const char *zq_normal_expr(const char *text, size_t length, zq_arena *arena)
{
    zq_expr_reader r = {zq_cursor_on(text, length), arena, 0};
    zq_expr whole = zq_expr_read(&r, ZQ_PREC_NONE);

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
