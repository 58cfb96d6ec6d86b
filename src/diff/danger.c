#include "diff/danger.h"

#include "base/buf.h"
#include "diff/narrow.h"

#include <string.h>

/* ---- notes ---- */

void zq_judge_raise(zq_judge *j, zq_toll toll, const char *why)
{
    if (toll <= j->out->toll)
        return;
    j->out->toll = toll;
    j->out->why = toll == ZQ_TOLL_REBUILDS ? NULL : why;
}

void zq_judge_lose(zq_judge *j, zq_op op, const char *what)
{
    j->losses[j->out->n_losses++] = (zq_loss){op, what};
}

/* ---- columns ---- */

bool zq_column_is_generated(const zq_column *column)
{
    return column->generated != NULL && *column->generated != '\0';
}

bool zq_column_is_virtual(const zq_column *column)
{
    return zq_column_is_generated(column) && !(column->flags & ZQ_STORED);
}

bool zq_table_indexes(const zq_table *table, const char *column)
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

bool zq_table_indexes_virtual(const zq_table *table)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        if (zq_column_is_virtual(&table->columns[i]) &&
            zq_table_indexes(table, table->columns[i].name))
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

bool zq_column_is_last(const zq_judge *j, const char *name)
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

void zq_danger_add_column(zq_judge *j, const zq_change *change)
{
    const zq_column *column = change->to;

    if (column->flags & ZQ_AUTO_INCREMENT)
        zq_judge_raise(j, ZQ_TOLL_BLOCKS,
                       zq_arena_printf(j->arena, "column '%s' counts up", column->name));
    if (zq_column_is_virtual(column)) {
        if (!zq_column_is_last(j, column->name))
            zq_judge_raise(j, ZQ_TOLL_COPIES,
                           zq_arena_printf(j->arena,
                                           "the virtual column '%s' is not put at the end",
                                           column->name));
        return;
    }
    if (zq_column_is_generated(column))
        zq_judge_raise(
            j, ZQ_TOLL_COPIES,
            zq_arena_printf(j->arena, "the values of column '%s' are generated", column->name));
    if (is_computed(&column->def))
        zq_judge_raise(
            j, ZQ_TOLL_COPIES,
            zq_arena_printf(j->arena, "the default of column '%s' is an expression", column->name));
    zq_judge_raise(j, ZQ_TOLL_REBUILDS, NULL);
}

void zq_danger_drop_column(zq_judge *j, const zq_change *change)
{
    const zq_column *column = change->from;

    if (zq_column_is_virtual(column))
        return;
    if (!zq_column_is_generated(column))
        zq_judge_lose(j, change->op,
                      zq_arena_printf(j->arena, "drops the column '%s' of %s", column->name,
                                      j->request->name));
    zq_judge_raise(j, ZQ_TOLL_REBUILDS, NULL);
}

void zq_danger_move_column(zq_judge *j, const zq_change *change)
{
    const zq_column *column = change->to;

    if (j->request->flavor == ZQ_MARIADB && zq_column_is_generated(column))
        zq_judge_raise(
            j, ZQ_TOLL_COPIES,
            zq_arena_printf(j->arena, "the generated column '%s' is moved", column->name));
    zq_judge_raise(j, ZQ_TOLL_REBUILDS, NULL);
}

/* ---- what a column may be changed to where it stands ---- */

/* Rows keep the length of a value in one byte or in two, as its column's longest needs. */
static bool grows_in_place(const zq_judge *j, const zq_column *from, const zq_column *to)
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

static bool type_stays(const zq_judge *j, const zq_column *from, const zq_column *to)
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
static zq_toll toll_of_charset(const zq_judge *j, const zq_column *from, const zq_column *to)
{
    const char *before = zq_column_charset(j->before, from);
    const char *after = zq_column_charset(j->after, to);

    if (strcmp(before, after) != 0 &&
        (strcmp(before, "utf8mb3") != 0 || strcmp(after, "utf8mb4") != 0))
        return ZQ_TOLL_COPIES;
    if (to->type.kind == ZQ_TYPE_VARCHAR && !grows_in_place(j, from, to))
        return ZQ_TOLL_COPIES;
    if (is_choice(to))
        return j->request->flavor == ZQ_MYSQL ? ZQ_TOLL_NONE : ZQ_TOLL_COPIES;
    if (!zq_table_indexes(j->before, from->name))
        return ZQ_TOLL_NONE;
    return j->request->flavor == ZQ_MYSQL ? ZQ_TOLL_COPIES : ZQ_TOLL_REBUILDS;
}

/* ---- changes of a column ---- */

static const char *describe(zq_judge *j, const zq_column *column)
{
    ZQ_AUTO_BUF(out);

    zq_type_write(&out, &column->type);
    return zq_arena_strdup(j->arena, zq_buf_text(&out));
}

static void lose_values(zq_judge *j, const zq_change *change)
{
    const zq_column *from = change->from;
    const zq_column *to = change->to;
    const char *before = zq_column_charset(j->before, from);
    const char *after = zq_column_charset(j->after, to);
    const char *what = NULL;

    if (zq_column_is_generated(from))
        return;
    if (zq_column_is_generated(to))
        what = zq_arena_printf(j->arena, "puts generated values into the column '%s' of %s",
                               to->name, j->request->name);
    else if (!zq_type_holds(&to->type, after, &from->type, before))
        what = zq_arena_printf(j->arena, "narrows the column '%s' of %s from %s to %s", to->name,
                               j->request->name, describe(j, from), describe(j, to));
    else if (zq_type_is_text(&from->type) && zq_type_is_text(&to->type) &&
             !zq_charset_holds(after, before))
        what = zq_arena_printf(j->arena, "narrows the column '%s' of %s from charset %s to %s",
                               to->name, j->request->name, before, after);
    if (what != NULL)
        zq_judge_lose(j, change->op, what);
}

static void alter_generated(zq_judge *j, const zq_change *change)
{
    const zq_column *to = change->to;
    const zq_column *from = change->from;
    bool stored = (to->flags | from->flags) & ZQ_STORED;

    if (change->mask & (ZQ_DIFF_GENERATED | ZQ_DIFF_TYPE | ZQ_DIFF_CHARSET) ||
        (stored && j->request->flavor == ZQ_MARIADB))
        zq_judge_raise(j, ZQ_TOLL_COPIES,
                       zq_arena_printf(j->arena, "the generated column '%s' changes", to->name));
}

/* MariaDB cannot fill the generated columns while it turns NULLs down. */
static void alter_null(zq_judge *j, const zq_column *to)
{
    bool needs_copy =
        j->request->flavor == ZQ_MARIADB && to->flags & ZQ_NOT_NULL &&
        (has_stored(j->before) || has_stored(j->after) || zq_table_indexes_virtual(j->after));

    if (needs_copy)
        zq_judge_raise(j, ZQ_TOLL_COPIES,
                       zq_arena_printf(j->arena,
                                       "column '%s' becomes NOT NULL, next to generated columns",
                                       to->name));
    zq_judge_raise(j, ZQ_TOLL_REBUILDS, NULL);
}

static void alter_counter(zq_judge *j, const zq_column *to)
{
    if (to->flags & ZQ_AUTO_INCREMENT || j->request->flavor == ZQ_MYSQL)
        zq_judge_raise(j, ZQ_TOLL_COPIES,
                       zq_arena_printf(j->arena, "column '%s' %s", to->name,
                                       to->flags & ZQ_AUTO_INCREMENT ? "begins to count up"
                                                                     : "no longer counts up"));
}

void zq_danger_alter_column(zq_judge *j, const zq_change *change)
{
    const zq_column *from = change->from;
    const zq_column *to = change->to;

    lose_values(j, change);
    if (zq_column_is_generated(from) || zq_column_is_generated(to)) {
        alter_generated(j, change);
        return;
    }
    if (change->mask & ZQ_DIFF_TYPE && !type_stays(j, from, to))
        zq_judge_raise(j, ZQ_TOLL_COPIES,
                       zq_arena_printf(j->arena, "column '%s' becomes %s, from %s", to->name,
                                       describe(j, to), describe(j, from)));
    if (change->mask & (ZQ_DIFF_CHARSET | ZQ_DIFF_COLLATION))
        zq_judge_raise(
            j, toll_of_charset(j, from, to),
            zq_arena_printf(j->arena, "the charset or collation of column '%s' changes", to->name));
    if (change->mask & ZQ_DIFF_NULL)
        alter_null(j, to);
    if (change->mask & ZQ_DIFF_AUTO_INCREMENT)
        alter_counter(j, to);
}

/* ---- tables, indexes, keys, and what the model cannot express ---- */

void zq_danger_none(zq_judge *j, const zq_change *change)
{
    (void)j;
    (void)change;
}

void zq_danger_drop_table(zq_judge *j, const zq_change *change)
{
    zq_judge_lose(j, change->op, zq_arena_printf(j->arena, "drops %s", j->request->name));
}

void zq_danger_alter_table(zq_judge *j, const zq_change *change)
{
    if (change->mask & ZQ_DIFF_ENGINE)
        zq_judge_raise(j, ZQ_TOLL_COPIES,
                       zq_arena_printf(j->arena, "its engine becomes %s, from %s",
                                       zq_table_engine(change->desired),
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

void zq_danger_index(zq_judge *j, const zq_change *change)
{
    const zq_index *to = change->to;
    const zq_index *index = to != NULL ? to : change->from;
    bool made = to != NULL && (change->from == NULL || change->mask & ~(unsigned)ZQ_DIFF_VISIBLE);

    if (made && (to->kind == ZQ_FULLTEXT || to->kind == ZQ_SPATIAL))
        zq_judge_raise(j, ZQ_TOLL_BLOCKS,
                       zq_arena_printf(j->arena, "'%s' is a %s index", to->name,
                                       to->kind == ZQ_FULLTEXT ? "fulltext" : "spatial"));
    if (made && has_expression(to))
        zq_judge_raise(j, ZQ_TOLL_BLOCKS,
                       zq_arena_printf(j->arena, "the index '%s' is over an expression", to->name));
    /* Rows are kept in the order of the primary key; without one, of a unique key. */
    if (index->kind == ZQ_PRIMARY ||
        (index->kind == ZQ_UNIQUE && (zq_table_index(j->before, "PRIMARY") == NULL ||
                                      zq_table_index(j->after, "PRIMARY") == NULL)))
        zq_judge_raise(j, ZQ_TOLL_REBUILDS, NULL);
}

void zq_danger_add_foreign_key(zq_judge *j, const zq_change *change)
{
    if (j->request->checks_keys)
        zq_judge_raise(j, ZQ_TOLL_COPIES,
                       zq_arena_printf(j->arena, "the foreign key '%s' is checked row by row",
                                       change->object));
}

void zq_danger_add_extra(zq_judge *j, const zq_change *change)
{
    const zq_extra *extra = change->to;

    if (strcmp(extra->kind, "check") == 0)
        zq_judge_raise(j, ZQ_TOLL_COPIES, "a CHECK is made");
    else if (strcmp(extra->kind, "option") == 0)
        zq_judge_raise(j, ZQ_TOLL_REBUILDS, NULL);
    else
        zq_judge_raise(j, ZQ_TOLL_COPIES, zq_arena_printf(j->arena, "its %s change", extra->kind));
}

void zq_danger_drop_extra(zq_judge *j, const zq_change *change)
{
    const zq_extra *extra = change->from;

    if (strcmp(extra->kind, "option") == 0)
        zq_judge_raise(j, ZQ_TOLL_REBUILDS, NULL);
    else if (strcmp(extra->kind, "partitions") == 0)
        zq_judge_raise(j, ZQ_TOLL_COPIES, "its partitions change");
}
