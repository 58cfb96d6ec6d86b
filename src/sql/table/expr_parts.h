/* What the files of the reader of expressions share; of no use elsewhere. */
#ifndef ZQ_SQL_TABLE_EXPR_PARTS_H
#define ZQ_SQL_TABLE_EXPR_PARTS_H

#include "sql/table/cursor.h"

/* As MySQL's manual has it, 14.4.1 "Operator Precedence", from loose to tight. */
enum {
    ZQ_PREC_NONE,
    ZQ_PREC_OR,
    ZQ_PREC_XOR,
    ZQ_PREC_AND,
    ZQ_PREC_NOT,
    ZQ_PREC_BETWEEN,
    ZQ_PREC_COMPARE,
    ZQ_PREC_BIT_OR,
    ZQ_PREC_BIT_AND,
    ZQ_PREC_SHIFT,
    ZQ_PREC_ADD,
    ZQ_PREC_MULTIPLY,
    ZQ_PREC_POWER,
    ZQ_PREC_UNARY,
    ZQ_PREC_COLLATE,
    ZQ_PREC_PRIMARY,
};

/* An expression read so far: its normal text, and how tightly its outermost operator binds. */
typedef struct zq_expr {
    const char *text; /* NULL: what stands there is not understood */
    int level;
} zq_expr;

#define ZQ_EXPR_UNKNOWN ((zq_expr){NULL, ZQ_PREC_NONE})

typedef struct zq_expr_reader {
    zq_cursor cursor;
    zq_arena *arena;
    unsigned depth;
} zq_expr_reader;

/* Operands and operators, as long as these bind at least as tightly as `lowest`. */
zq_expr zq_expr_read(zq_expr_reader *r, int lowest);

/* What stands between operators: a name, a constant, a call, a CASE, something with a sign before
 * it or in parentheses. */
zq_expr zq_expr_operand(zq_expr_reader *r);

/* "(a, b)": a list; "(a)": just a, since its level says where parentheses are needed. */
zq_expr zq_expr_list(zq_expr_reader *r);

/* Its text, in parentheses when it binds less tightly than `level`. */
const char *zq_expr_wrap(zq_arena *arena, zq_expr e, int level);

#endif
