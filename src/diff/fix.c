/* Chooses, of all differences of a table, those that a statement can take away without harm.
 *
 * A change is left to people when it would lose values (a column too many, a smaller type), invent
 * some (a column that rows need a value for), or rest on one that is left (an index over a missing
 * column). The clauses are those of the table of operations, but that a collation is changed by
 * CONVERT TO, which takes the columns along. */
#include "diff/fix.h"

#include "diff/clause.h"
#include "diff/type_holds.h"

#include <string.h>

typedef struct fixing {
    zq_clauses clauses;
    const char *added; /* the last column that is */
    const zq_change **left;
    size_t n_left;
    bool converts; /* the whole table gets its charset and collation */
} fixing;

/* ---- the table ---- */

#define CHARSETS ((unsigned)(ZQ_DIFF_CHARSET | ZQ_DIFF_COLLATION))

/* Another collation of the same charset keeps every value. From another charset CONVERT TO may
 * choose a larger type: that is more than was asked for. */
static bool can_convert(const zq_change *change)
{
    return change->op == ZQ_OP_ALTER_TABLE && (change->mask & CHARSETS) != 0 &&
           strcmp(zq_table_charset(change->actual), zq_table_charset(change->desired)) == 0;
}

static bool fix_alter_table(fixing *f, const zq_change *change)
{
    const unsigned can = CHARSETS | ZQ_DIFF_COMMENT;
    zq_change comment = *change;

    if ((change->mask & ~can) != 0 || ((change->mask & CHARSETS) != 0 && !can_convert(change)))
        return false;
    if (change->mask & CHARSETS) {
        zq_clauses_begin(&f->clauses);
        zq_sql_add(f->clauses.sql, "CONVERT TO CHARACTER SET %-s COLLATE %-s",
                   zq_table_charset(change->desired), zq_table_collation(change->desired));
        f->converts = true;
    }
    comment.mask &= ZQ_DIFF_COMMENT;
    zq_clauses_add(&f->clauses, &comment);
    return true;
}

/* ---- columns ---- */

/* The column that it stands behind may be missing, and left to people. */
static bool has_place(const fixing *f, const zq_change *change)
{
    return change->after == NULL || zq_table_column(change->actual, change->after) != NULL ||
           (f->added != NULL && strcmp(f->added, change->after) == 0);
}

static bool fix_add_column(fixing *f, const zq_change *change)
{
    const zq_column *column = change->to;

    if (((column->flags & ZQ_NOT_NULL) && column->def.kind == ZQ_DEFAULT_NONE) ||
        !has_place(f, change))
        return false;
    f->added = column->name;
    zq_clauses_add(&f->clauses, change);
    return true;
}

static bool keeps_values(const zq_change *change)
{
    const zq_column *from = change->from, *to = change->to;
    const char *before = zq_column_charset(change->actual, from);
    const char *after = zq_column_charset(change->desired, to);

    return !zq_column_is_generated(from) && !zq_column_is_generated(to) &&
           strcmp(before, after) == 0 && zq_type_holds(&to->type, after, &from->type, before);
}

/* A column that is moved and altered is one clause: both say all of what it shall be. */
static bool fix_column(fixing *f, const zq_change *change, bool moves)
{
    if (!keeps_values(change) || (moves && !has_place(f, change)))
        return false;
    if (!moves && f->converts && (change->mask & ~CHARSETS) == 0)
        return true;
    zq_clauses_add(&f->clauses, change);
    return true;
}

/* ---- indexes ---- */

/* A column that is missing, and left to people, has no index yet. */
static bool has_columns(const fixing *f, const zq_index *index)
{
    for (size_t i = 0; i < f->n_left; i++) {
        if (f->left[i]->op != ZQ_OP_ADD_COLUMN)
            continue;
        for (size_t k = 0; k < zq_index_parts_count(index->parts); k++) {
            const char *column = index->parts[k].column;

            if (column != NULL && strcmp(column, f->left[i]->object) == 0)
                return false;
        }
    }
    return true;
}

static bool fix_index(fixing *f, const zq_change *change)
{
    if (!has_columns(f, change->to))
        return false;
    zq_clauses_add(&f->clauses, change);
    return true;
}

static bool fix(fixing *f, const zq_change *change)
{
    switch (change->op) {
    case ZQ_OP_ALTER_TABLE:
        return fix_alter_table(f, change);
    case ZQ_OP_ADD_COLUMN:
        return fix_add_column(f, change);
    case ZQ_OP_ALTER_COLUMN:
        return fix_column(f, change, false);
    case ZQ_OP_MOVE_COLUMN:
        return fix_column(f, change, true);
    case ZQ_OP_ADD_INDEX:
    case ZQ_OP_ALTER_INDEX:
        return fix_index(f, change);
    default:
        return false;
    }
}

static bool is_altered_too(const zq_change *change, const zq_change *next)
{
    return next != NULL && change->op == ZQ_OP_MOVE_COLUMN && next->op == ZQ_OP_ALTER_COLUMN &&
           strcmp(change->object, next->object) == 0;
}

void zq_fix_table(zq_sql *sql, const char *table, const zq_change *const *changes, size_t n,
                  zq_flavor flavor, const zq_change **out_left, size_t *out_n_left)
{
    fixing f = {.clauses = {.sql = sql, .table = table, .flavor = flavor}, .left = out_left};

    for (size_t i = 0; i < n; i++) {
        const zq_change *next = i + 1 < n ? changes[i + 1] : NULL;
        const bool both = is_altered_too(changes[i], next);
        const bool done = fix(&f, changes[i]);

        if (!done)
            out_left[f.n_left++] = changes[i];
        if (both && !done)
            out_left[f.n_left++] = next;
        i += both;
    }
    *out_n_left = f.n_left;
}
