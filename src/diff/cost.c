/* What a change of a table costs, as each server does it.
 *
 * Each operation has a rule, named in its row (diff/change.h): what it could lose, and how long the
 * application waits. The rules were found by trying every change on both servers
 * (tests/live/cost.c), not by reading their manuals, which are silent on combinations; what several
 * changes cost together comes after the rules. Where the tables do not tell which way a server will
 * go, the worse is said. The file is long because a rule and what it looks at belong together. */
#include "diff/cost.h"

#include "base/buf.h"
#include "diff/diff.h"
#include "diff/rename.h"
#include "diff/type_holds.h"

#include <stdarg.h>
#include <string.h>
#include <strings.h>

/* One statement that is being judged. */
typedef struct cost_build {
    const zq_cost_request *request;
    const zq_table *before; /* with the renamed columns' new names */
    const zq_table *after;
    zq_arena *arena;
    zq_loss *losses; /* room for one for each change */
    zq_cost *out;
} cost_build;

/* ---- notes ---- */

__attribute__((format(printf, 2, 3))) static const char *say(const cost_build *j,
                                                             const char *format, ...)
{
    va_list args;
    const char *text;

    va_start(args, format);
    text = zq_vprintf_in(j->request->tongue, j->arena, format, args);
    va_end(args);
    return text;
}

static void block(cost_build *j, zq_blocking blocking, const char *why)
{
    if (blocking <= j->out->blocking)
        return;
    j->out->blocking = blocking;
    j->out->why = blocking == ZQ_BLOCKING_REBUILD ? NULL : why;
}

static void lose(cost_build *j, zq_op op, const char *what)
{
    j->losses[j->out->n_losses++] = (zq_loss){op, what};
}

/* ---- columns ---- */

static bool has_index_on(const zq_table *table, const char *column)
{
    for (size_t i = 0; i < table->n_indexes; i++) {
        for (const zq_key_part *p = table->indexes[i].parts;
             p->column != NULL || p->expression != NULL; p++) {
            if (p->column != NULL && strcmp(p->column, column) == 0)
                return true;
        }
    }
    return false;
}

static bool indexes_virtual(const zq_table *table)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        if (zq_column_is_virtual(&table->columns[i]) && has_index_on(table, table->columns[i].name))
            return true;
    }
    return false;
}

static bool has_stored(const zq_table *table)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        if (zq_column_is_generated(&table->columns[i]) && table->columns[i].flags & ZQ_STORED)
            return true;
    }
    return false;
}

static bool is_last(const cost_build *j, const char *name)
{
    size_t i = j->after->n_columns;

    while (i > 0 && strcmp(j->after->columns[i - 1].name, name) != 0) {
        if (zq_table_column(j->before, j->after->columns[--i].name) != NULL)
            return false;
    }
    return true;
}

/* DEFAULT CURRENT_TIMESTAMP is one value for all rows, another expression may be one for each. */
static bool is_computed(const zq_default *def)
{
    return def->kind == ZQ_DEFAULT_EXPR && strncmp(def->text, "CURRENT_TIMESTAMP", 17) != 0;
}

static void cost_add_column(cost_build *j, const zq_change *change)
{
    const zq_column *column = change->to;

    if (column->flags & ZQ_AUTO_INCREMENT)
        block(j, ZQ_BLOCKING_WRITES, say(j, "column '%s' counts up", column->name));
    if (zq_column_is_virtual(column)) {
        if (!is_last(j, column->name))
            block(j, ZQ_BLOCKING_COPY,
                  say(j, "the virtual column '%s' is not put at the end", column->name));
        return;
    }
    if (zq_column_is_generated(column))
        block(j, ZQ_BLOCKING_COPY, say(j, "the values of column '%s' are generated", column->name));
    if (is_computed(&column->def))
        block(j, ZQ_BLOCKING_COPY,
              say(j, "the default of column '%s' is an expression", column->name));
    block(j, ZQ_BLOCKING_REBUILD, NULL);
}

static void cost_drop_column(cost_build *j, const zq_change *change)
{
    const zq_column *column = change->from;

    if (zq_column_is_virtual(column))
        return;
    if (!zq_column_is_generated(column))
        lose(j, change->op, say(j, "drops the column '%s' of %s", column->name, j->request->name));
    block(j, ZQ_BLOCKING_REBUILD, NULL);
}

static void cost_move_column(cost_build *j, const zq_change *change)
{
    const zq_column *column = change->to;

    if (j->request->flavor == ZQ_MARIADB && zq_column_is_generated(column))
        block(j, ZQ_BLOCKING_COPY, say(j, "the generated column '%s' is moved", column->name));
    block(j, ZQ_BLOCKING_REBUILD, NULL);
}

/* ---- what a column may be changed to where it stands ---- */

/* Rows keep the length of a value in one byte or in two, as its column's longest needs. */
static bool grows_in_place(const cost_build *j, const zq_column *from, const zq_column *to)
{
    unsigned before = from->type.length;
    unsigned after = to->type.length;

    if (to->type.kind == ZQ_TYPE_VARCHAR) {
        before *= zq_charset_bytes(zq_column_charset(j->before, from));
        after *= zq_charset_bytes(zq_column_charset(j->after, to));
    }
    return to->type.length >= from->type.length && before > 0 && (before < 256) == (after < 256);
}

/* Bytes that a row needs for an ENUM of so many values, or a SET. */
static size_t bytes_of_choice(zq_type_kind kind, size_t n)
{
    if (kind == ZQ_TYPE_ENUM)
        return n < 256 ? 1 : 2;
    return n <= 32 ? (n + 7) / 8 : 8;
}

static bool appends(const zq_type *from, const zq_type *to)
{
    size_t n_from = zq_names_count(from->values);
    size_t n_to = zq_names_count(to->values);

    if (n_from > n_to || bytes_of_choice(to->kind, n_from) != bytes_of_choice(to->kind, n_to))
        return false;
    for (size_t i = 0; i < n_from; i++) {
        if (strcmp(from->values[i], to->values[i]) != 0)
            return false;
    }
    return true;
}

static bool type_stays(const cost_build *j, const zq_column *from, const zq_column *to)
{
    zq_type_kind kind = to->type.kind;

    /* tinyint and tinyint(1) are one type to a server. */
    if ((kind == ZQ_TYPE_BOOL && from->type.kind == ZQ_TYPE_TINYINT) ||
        (kind == ZQ_TYPE_TINYINT && from->type.kind == ZQ_TYPE_BOOL))
        return to->type.is_unsigned == from->type.is_unsigned;
    if (kind != from->type.kind)
        return false;
    if (kind == ZQ_TYPE_VARCHAR || kind == ZQ_TYPE_VARBINARY)
        return grows_in_place(j, from, to);
    if (kind == ZQ_TYPE_ENUM || kind == ZQ_TYPE_SET)
        return appends(&from->type, &to->type);
    return false;
}

static bool is_choice(const zq_column *column)
{
    return column->type.kind == ZQ_TYPE_ENUM || column->type.kind == ZQ_TYPE_SET;
}

/* Only utf8mb3 is utf8mb4 byte for byte. An index is in the order of the collation. */
static zq_blocking blocking_of_charset(const cost_build *j, const zq_column *from,
                                       const zq_column *to)
{
    const char *before = zq_column_charset(j->before, from);
    const char *after = zq_column_charset(j->after, to);

    if (strcmp(before, after) != 0 &&
        (strcmp(before, "utf8mb3") != 0 || strcmp(after, "utf8mb4") != 0))
        return ZQ_BLOCKING_COPY;
    if (to->type.kind == ZQ_TYPE_VARCHAR && !grows_in_place(j, from, to))
        return ZQ_BLOCKING_COPY;
    if (is_choice(to))
        return j->request->flavor == ZQ_MYSQL ? ZQ_BLOCKING_NONE : ZQ_BLOCKING_COPY;
    if (!has_index_on(j->before, from->name))
        return ZQ_BLOCKING_NONE;
    return j->request->flavor == ZQ_MYSQL ? ZQ_BLOCKING_COPY : ZQ_BLOCKING_REBUILD;
}

/* ---- changes of a column ---- */

static const char *describe(cost_build *j, const zq_column *column)
{
    ZQ_AUTO_BUF(out);

    zq_type_write(&out, &column->type);
    return zq_arena_strdup(j->arena, zq_buf_text(&out));
}

static void lose_values(cost_build *j, const zq_change *change)
{
    const zq_column *from = change->from;
    const zq_column *to = change->to;
    const char *before = zq_column_charset(j->before, from);
    const char *after = zq_column_charset(j->after, to);
    const char *what = NULL;

    if (zq_column_is_generated(from))
        return;
    if (zq_column_is_generated(to))
        what =
            say(j, "puts generated values into the column '%s' of %s", to->name, j->request->name);
    else if (!zq_type_holds(&to->type, after, &from->type, before))
        what = say(j, "narrows the column '%s' of %s from %s to %s", to->name, j->request->name,
                   describe(j, from), describe(j, to));
    else if (zq_type_is_text(&from->type) && zq_type_is_text(&to->type) &&
             !zq_charset_holds(after, before))
        what = say(j, "narrows the column '%s' of %s from charset %s to %s", to->name,
                   j->request->name, before, after);
    if (what != NULL)
        lose(j, change->op, what);
}

static void alter_generated(cost_build *j, const zq_change *change)
{
    const zq_column *to = change->to;
    const zq_column *from = change->from;
    bool stored = (to->flags | from->flags) & ZQ_STORED;

    if (change->mask & (ZQ_DIFF_GENERATED | ZQ_DIFF_TYPE | ZQ_DIFF_CHARSET) ||
        (stored && j->request->flavor == ZQ_MARIADB))
        block(j, ZQ_BLOCKING_COPY, say(j, "the generated column '%s' changes", to->name));
}

/* MariaDB cannot fill the generated columns while it turns NULLs down. */
static void alter_null(cost_build *j, const zq_column *to)
{
    bool needs_copy = j->request->flavor == ZQ_MARIADB && to->flags & ZQ_NOT_NULL &&
                      (has_stored(j->before) || has_stored(j->after) || indexes_virtual(j->after));

    if (needs_copy)
        block(j, ZQ_BLOCKING_COPY,
              say(j, "column '%s' becomes NOT NULL, next to generated columns", to->name));
    block(j, ZQ_BLOCKING_REBUILD, NULL);
}

static void alter_counter(cost_build *j, const zq_column *to)
{
    if (to->flags & ZQ_AUTO_INCREMENT || j->request->flavor == ZQ_MYSQL)
        block(j, ZQ_BLOCKING_COPY,
              to->flags & ZQ_AUTO_INCREMENT ? say(j, "column '%s' begins to count up", to->name)
                                            : say(j, "column '%s' no longer counts up", to->name));
}

static void cost_alter_column(cost_build *j, const zq_change *change)
{
    const zq_column *from = change->from;
    const zq_column *to = change->to;

    lose_values(j, change);
    if (zq_column_is_generated(from) || zq_column_is_generated(to)) {
        alter_generated(j, change);
        return;
    }
    if (change->mask & ZQ_DIFF_TYPE && !type_stays(j, from, to))
        block(j, ZQ_BLOCKING_COPY,
              say(j, "column '%s' becomes %s, from %s", to->name, describe(j, to),
                  describe(j, from)));
    if (change->mask & (ZQ_DIFF_CHARSET | ZQ_DIFF_COLLATION))
        block(j, blocking_of_charset(j, from, to),
              say(j, "the charset or collation of column '%s' changes", to->name));
    if (change->mask & ZQ_DIFF_NULL)
        alter_null(j, to);
    if (change->mask & ZQ_DIFF_AUTO_INCREMENT)
        alter_counter(j, to);
}

/* ---- tables, indexes, keys, and what the model cannot express ---- */

static void cost_none(ZQ_UNUSED cost_build *j, ZQ_UNUSED const zq_change *change)
{
}

static void cost_drop_table(cost_build *j, const zq_change *change)
{
    lose(j, change->op, say(j, "drops %s", j->request->name));
}

static void cost_alter_table(cost_build *j, const zq_change *change)
{
    if (change->mask & ZQ_DIFF_ENGINE)
        block(j, ZQ_BLOCKING_COPY,
              say(j, "its engine becomes %s, from %s", zq_table_engine(change->desired),
                  zq_table_engine(change->actual)));
}

static bool has_expression(const zq_index *index)
{
    for (const zq_key_part *p = index->parts; p->column != NULL || p->expression != NULL; p++) {
        if (p->expression != NULL)
            return true;
    }
    return false;
}

static bool has_partitions(const zq_table *table)
{
    for (size_t i = 0; i < table->n_extras; i++)
        if (strcmp(table->extras[i].kind, "partitions") == 0)
            return true;
    return false;
}

static void cost_index(cost_build *j, const zq_change *change)
{
    const zq_index *to = change->to;
    const zq_index *index = to != NULL ? to : change->from;
    bool made = to != NULL && (change->from == NULL || change->mask & ~(unsigned)ZQ_DIFF_VISIBLE);

    if (made && (to->kind == ZQ_FULLTEXT || to->kind == ZQ_SPATIAL))
        block(j, ZQ_BLOCKING_WRITES,
              to->kind == ZQ_FULLTEXT ? say(j, "'%s' is a fulltext index", to->name)
                                      : say(j, "'%s' is a spatial index", to->name));
    if (made && has_expression(to))
        block(j, ZQ_BLOCKING_WRITES, say(j, "the index '%s' is over an expression", to->name));
    /* Rows are kept in the order of the primary key; without one, of a unique key. */
    if (index->kind == ZQ_PRIMARY ||
        (index->kind == ZQ_UNIQUE && (zq_table_index(j->before, "PRIMARY") == NULL ||
                                      zq_table_index(j->after, "PRIMARY") == NULL)))
        block(j, ZQ_BLOCKING_REBUILD, NULL);
    /* MariaDB 11.8 does not replace it in place, which 10.11 does. */
    if (index->kind == ZQ_PRIMARY && change->from != NULL && j->request->flavor == ZQ_MARIADB &&
        has_partitions(j->before))
        block(j, ZQ_BLOCKING_COPY, say(j, "its primary key changes, and it has partitions"));
}

static void cost_add_foreign_key(cost_build *j, const zq_change *change)
{
    if (j->request->checks_keys)
        block(j, ZQ_BLOCKING_COPY,
              say(j, "the foreign key '%s' is checked row by row", change->object));
}

static void cost_add_extra(cost_build *j, const zq_change *change)
{
    const zq_extra *extra = change->to;

    if (strcmp(extra->kind, "check") == 0)
        block(j, ZQ_BLOCKING_COPY, say(j, "a CHECK is made"));
    else if (strcmp(extra->kind, "option") == 0)
        block(j, ZQ_BLOCKING_REBUILD, NULL);
    else
        block(j, ZQ_BLOCKING_COPY, say(j, "its %s change", extra->kind));
}

static void cost_drop_extra(cost_build *j, const zq_change *change)
{
    const zq_extra *extra = change->from;

    if (strcmp(extra->kind, "option") == 0)
        block(j, ZQ_BLOCKING_REBUILD, NULL);
    else if (strcmp(extra->kind, "partitions") == 0)
        block(j, ZQ_BLOCKING_COPY, say(j, "its partitions change"));
}

/* ---- the rule of each operation ---- */

static void (*const rules[])(cost_build *j, const zq_change *change) = {
#define ZQ_OP_COST_(op, name, reverse, kind, object, say, cost, clause) [ZQ_OP_##op] = cost_##cost,
    ZQ_OP_LIST(ZQ_OP_COST_)
#undef ZQ_OP_COST_
};

/* ---- what several changes cost together ---- */

/* InnoDB keeps rows in the order of the primary key, or else of the first unique one without NULL.
 */
static bool has_order(const zq_table *table)
{
    for (size_t i = 0; i < table->n_indexes; i++) {
        const zq_index *index = &table->indexes[i];
        bool whole = index->kind == ZQ_PRIMARY || index->kind == ZQ_UNIQUE;

        for (const zq_key_part *p = index->parts; whole && p->column != NULL; p++) {
            const zq_column *column = zq_table_column(table, p->column);

            whole = p->length == 0 && column != NULL && column->flags & ZQ_NOT_NULL;
        }
        if (whole && !has_expression(index))
            return true;
    }
    return false;
}

static bool has_index_of_kind(const zq_table *table, zq_index_kind kind)
{
    for (size_t i = 0; i < table->n_indexes; i++) {
        if (table->indexes[i].kind == kind)
            return true;
    }
    return false;
}

/* A table that is written anew has all its indexes made anew. */
static void judge_rebuild(cost_build *j)
{
    bool mysql = j->request->flavor == ZQ_MYSQL;

    if (j->out->blocking != ZQ_BLOCKING_REBUILD)
        return;
    if (has_index_of_kind(j->before, ZQ_FULLTEXT) && has_index_of_kind(j->after, ZQ_FULLTEXT))
        block(j, mysql ? ZQ_BLOCKING_COPY : ZQ_BLOCKING_WRITES,
              say(j, "it has a fulltext index, which is made anew"));
    else if (has_index_of_kind(j->after, ZQ_SPATIAL))
        block(j, ZQ_BLOCKING_WRITES, say(j, "it has a spatial index, which is made anew"));
    else if (!mysql && indexes_virtual(j->after))
        block(j, ZQ_BLOCKING_WRITES,
              say(j, "it has an indexed virtual column, which is made anew"));
}

static const zq_column *column_of(const zq_change *change)
{
    if (change->op != ZQ_OP_ADD_COLUMN && change->op != ZQ_OP_DROP_COLUMN)
        return NULL;
    return change->op == ZQ_OP_ADD_COLUMN ? change->to : change->from;
}

static bool has_virtual(const zq_table *table)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        if (zq_column_is_virtual(&table->columns[i]))
            return true;
    }
    return false;
}

/* Virtual columns come and go alone; and MariaDB counts them by their place. */
static void judge_virtual(cost_build *j, const zq_changes *changes)
{
    size_t n_virtual = 0, n_dropped_indexes = 0;
    bool moves_others = false;

    for (size_t i = 0; i < changes->n; i++) {
        const zq_change *change = &changes->items[i];
        const zq_column *column = column_of(change);

        n_dropped_indexes += change->op == ZQ_OP_DROP_INDEX;
        n_virtual += column != NULL && zq_column_is_virtual(column);
        if (column == NULL || zq_column_is_virtual(column))
            continue;
        if (change->op == ZQ_OP_ADD_COLUMN)
            moves_others = moves_others || !is_last(j, column->name);
        else
            moves_others = moves_others || changes->n > 1 || indexes_virtual(change->desired);
    }
    if (n_virtual > 0 && n_virtual + n_dropped_indexes < changes->n)
        block(j, ZQ_BLOCKING_COPY,
              say(j, "a virtual column comes or goes together with other changes"));
    else if (moves_others && j->request->flavor == ZQ_MARIADB && has_virtual(j->after))
        block(j, ZQ_BLOCKING_COPY, say(j, "columns are put in or taken out next to virtual ones"));
}

/* Other engines change names, comments and defaults; for all else they copy the table. */
static void judge_engine(cost_build *j, const zq_changes *changes)
{
    if (strcmp(zq_table_engine(j->before), ZQ_ENGINE) == 0)
        return;
    for (size_t i = 0; i < changes->n; i++) {
        if (changes->items[i].op != ZQ_OP_ALTER_COLUMN && changes->items[i].op != ZQ_OP_ALTER_TABLE)
            break;
        if (changes->items[i].mask & ~(unsigned)(ZQ_DIFF_DEFAULT | ZQ_DIFF_COMMENT))
            break;
        if (i + 1 == changes->n)
            return;
    }
    if (changes->n > 0)
        block(j, ZQ_BLOCKING_COPY, say(j, "its engine is %s", zq_table_engine(j->before)));
}

const char *zq_blocking_name(zq_blocking blocking)
{
    static const char *const names[] = {
        [ZQ_BLOCKING_NONE] = "none",
        [ZQ_BLOCKING_REBUILD] = "rebuild",
        [ZQ_BLOCKING_WRITES] = "writes",
        [ZQ_BLOCKING_COPY] = "copy",
    };

    return names[blocking];
}

/* MySQL writes the dictionary alone for fewer changes of a definition than MariaDB does. */
static bool is_instant(const zq_change *change, zq_flavor flavor)
{
    const zq_column *column = column_of(change);

    switch (change->op) {
    case ZQ_OP_ADD_COLUMN:
        return true;
    case ZQ_OP_DROP_COLUMN:
        return !zq_column_is_virtual(column) && !has_index_on(change->actual, column->name);
    case ZQ_OP_ALTER_COLUMN:
        return flavor == ZQ_MARIADB ||
               (change->mask & ~(unsigned)(ZQ_DIFF_DEFAULT | ZQ_DIFF_COMMENT)) == 0;
    case ZQ_OP_MOVE_COLUMN:
    case ZQ_OP_ALTER_TABLE:
    case ZQ_OP_DROP_FOREIGN_KEY:
        return flavor == ZQ_MARIADB;
    default:
        return false;
    }
}

static void judge_instant(cost_build *j, const zq_changes *changes)
{
    bool plain = j->before != NULL && !has_index_of_kind(j->before, ZQ_FULLTEXT);

    for (size_t i = 0; i < changes->n; i++)
        plain = plain && (changes->items[i].op == ZQ_OP_ADD_COLUMN ||
                          changes->items[i].op == ZQ_OP_DROP_COLUMN);
    for (size_t i = 0; plain && i < j->before->n_extras; i++)
        plain = strcmp(j->before->extras[i].kind, "option") != 0;
    j->out->instant = j->out->blocking == ZQ_BLOCKING_NONE ||
                      (j->out->blocking == ZQ_BLOCKING_REBUILD && plain && !j->request->rebuilds);
    for (size_t i = 0; i < changes->n; i++)
        j->out->instant = j->out->instant && is_instant(&changes->items[i], j->request->flavor);
}

zq_rc zq_cost_of(const zq_cost_request *request, zq_arena *arena, zq_cost *out, zq_err *err)
{
    zq_cost cost = {.blocking = ZQ_BLOCKING_NONE};
    cost_build j = {
        .request = request,
        .before = zq_renaming_of(request->after, request->before, request->predicted, arena).view,
        .after = request->after,
        .arena = arena,
        .out = &cost,
    };
    zq_changes changes;

    ZQ_TRY(zq_diff_table(j.after, j.before, arena, &changes, err));
    cost.losses = j.losses = ZQ_NEW_ARRAY(arena, zq_loss, changes.n + 1);
    if (request->rebuilds)
        block(&j, ZQ_BLOCKING_REBUILD, NULL);
    for (size_t i = 0; i < changes.n; i++)
        rules[changes.items[i].op](&j, &changes.items[i]);
    if (j.before != NULL && j.after != NULL) {
        if (has_order(j.before) && !has_order(j.after))
            block(&j, ZQ_BLOCKING_COPY, say(&j, "it is left without a primary key"));
        judge_virtual(&j, &changes);
        judge_rebuild(&j);
        judge_engine(&j, &changes);
    }
    judge_instant(&j, &changes);
    *out = cost;
    return ZQ_OK;
}
