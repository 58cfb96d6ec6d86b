#include "diff/cost.h"

#include "diff/danger.h"

#include <string.h>
#include <strings.h>

/* ---- columns that were renamed ---- */

static const char *renamed(const zq_cost_request *request, const char *name)
{
    for (const char *const *r = request->renamed; r != NULL && *r != NULL; r += 2) {
        if (strcasecmp(r[0], name) == 0)
            return r[1];
    }
    return name;
}

static const zq_column *rename_columns(const zq_cost_request *request, zq_arena *arena)
{
    const zq_table *table = request->before;
    zq_column *columns = ZQ_NEW_ARRAY(arena, zq_column, table->n_columns + 1);

    for (size_t i = 0; i < table->n_columns; i++) {
        columns[i] = table->columns[i];
        columns[i].name = renamed(request, columns[i].name);
    }
    return columns;
}

static const zq_index *rename_parts(const zq_cost_request *request, zq_arena *arena)
{
    const zq_table *table = request->before;
    zq_index *indexes = ZQ_NEW_ARRAY(arena, zq_index, table->n_indexes + 1);

    for (size_t i = 0; i < table->n_indexes; i++) {
        size_t n = zq_key_parts_count(table->indexes[i].parts);
        zq_key_part *parts = ZQ_NEW_ARRAY(arena, zq_key_part, n + 1);

        for (size_t k = 0; k < n; k++) {
            parts[k] = table->indexes[i].parts[k];
            if (parts[k].column != NULL)
                parts[k].column = renamed(request, parts[k].column);
        }
        indexes[i] = table->indexes[i];
        indexes[i].parts = parts;
    }
    return indexes;
}

static const zq_foreign_key *rename_keys(const zq_cost_request *request, zq_arena *arena)
{
    const zq_table *table = request->before;
    zq_foreign_key *keys = ZQ_NEW_ARRAY(arena, zq_foreign_key, table->n_foreign_keys + 1);

    for (size_t i = 0; i < table->n_foreign_keys; i++) {
        size_t n = zq_names_count(table->foreign_keys[i].columns);
        const char **columns = ZQ_NEW_ARRAY(arena, const char *, n + 1);

        for (size_t k = 0; k < n; k++)
            columns[k] = renamed(request, table->foreign_keys[i].columns[k]);
        keys[i] = table->foreign_keys[i];
        keys[i].columns = columns;
    }
    return keys;
}

/* The table before, with the new names of the columns that are renamed. */
static const zq_table *rename_all(const zq_cost_request *request, zq_arena *arena)
{
    zq_table *table;

    if (request->before == NULL || request->renamed == NULL || request->renamed[0] == NULL)
        return request->before;
    table = ZQ_NEW(arena, zq_table);
    *table = *request->before;
    table->columns = rename_columns(request, arena);
    table->indexes = rename_parts(request, arena);
    table->foreign_keys = rename_keys(request, arena);
    return table;
}

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
        if (whole && !index->parts[0].expression)
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
static void judge_rebuild(zq_judge *j)
{
    bool mysql = j->request->flavor == ZQ_MYSQL;

    if (j->out->toll != ZQ_TOLL_REBUILDS)
        return;
    if (has_index_of_kind(j->before, ZQ_FULLTEXT) && has_index_of_kind(j->after, ZQ_FULLTEXT))
        zq_judge_raise(j, mysql ? ZQ_TOLL_COPIES : ZQ_TOLL_BLOCKS,
                       "it has a fulltext index, which is made anew");
    else if (has_index_of_kind(j->after, ZQ_SPATIAL))
        zq_judge_raise(j, ZQ_TOLL_BLOCKS, "it has a spatial index, which is made anew");
    else if (!mysql && zq_table_indexes_virtual(j->after))
        zq_judge_raise(j, ZQ_TOLL_BLOCKS, "it has an indexed virtual column, which is made anew");
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
static void judge_virtual(zq_judge *j, const zq_changes *changes)
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
            moves_others = moves_others || !zq_column_is_last(j, column->name);
        else
            moves_others =
                moves_others || changes->n > 1 || zq_table_indexes_virtual(change->desired);
    }
    if (n_virtual > 0 && n_virtual + n_dropped_indexes < changes->n)
        zq_judge_raise(j, ZQ_TOLL_COPIES,
                       "a virtual column comes or goes together with other changes");
    else if (moves_others && j->request->flavor == ZQ_MARIADB && has_virtual(j->after))
        zq_judge_raise(j, ZQ_TOLL_COPIES, "columns are put in or taken out next to virtual ones");
}

/* Other engines change names, comments and defaults; for all else they copy the table. */
static void judge_engine(zq_judge *j, const zq_changes *changes)
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
        zq_judge_raise(j, ZQ_TOLL_COPIES,
                       zq_arena_printf(j->arena, "its engine is %s", zq_table_engine(j->before)));
}

zq_rc zq_cost_of(const zq_cost_request *request, zq_arena *arena, zq_cost *out, zq_err *err)
{
    zq_cost cost = {.toll = ZQ_TOLL_NONE};
    zq_judge j = {
        .request = request,
        .before = rename_all(request, arena),
        .after = request->after,
        .arena = arena,
        .out = &cost,
    };
    zq_changes changes;

    ZQ_TRY(zq_diff_table(j.after, j.before, arena, &changes, err));
    cost.losses = j.losses = ZQ_NEW_ARRAY(arena, zq_loss, changes.n + 1);
    if (request->rebuilds)
        zq_judge_raise(&j, ZQ_TOLL_REBUILDS, NULL);
    for (size_t i = 0; i < changes.n; i++)
        zq_op_danger(changes.items[i].op)(&j, &changes.items[i]);
    if (j.before != NULL && j.after != NULL) {
        if (has_order(j.before) && !has_order(j.after))
            zq_judge_raise(&j, ZQ_TOLL_COPIES, "it is left without a primary key");
        judge_virtual(&j, &changes);
        judge_rebuild(&j);
        judge_engine(&j, &changes);
    }
    *out = cost;
    return ZQ_OK;
}
