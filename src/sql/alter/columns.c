/* Clauses about columns, and the order of columns that they leave.
 *
 * A column is looked up in the table as it was before the statement, under its old name, and only
 * one clause may speak of it: the servers allow more, and differ in what that means. New and moved
 * columns are put in one after the other, as the servers do it, so that AFTER can name a column
 * that the same statement adds. A column whose name stands in an expression is not predicted when
 * it goes or is renamed: one server follows, the other refuses. */
#include "sql/alter/kit.h"

#include <ctype.h>
#include <string.h>

/* ---- what changes ---- */

/* Two clauses about the same column: what they mean together is not known. */
static bool record(zq_alter *a, zq_alter_column change)
{
    size_t at;

    if (change.old != NULL && zq_alter_change_of(a, change.old, &at))
        return false;
    *ZQ_APPEND(a->made.arena, a->columns, a->n_columns) = change;
    return true;
}

/* ---- clauses ---- */

static bool read_place(zq_alter *a, zq_alter_column *change)
{
    if (zq_alter_words(a, "FIRST"))
        change->moves = true;
    else if (zq_alter_words(a, "AFTER")) {
        change->moves = true;
        return zq_alter_name(a, &change->after);
    }
    return true;
}

static bool add_one(zq_alter *a, bool if_not_exists, bool with_place)
{
    zq_alter_column change = {.defined = true};
    const size_t n_indexes = a->made.table.n_indexes;
    const zq_column *there;

    if (!zq_alter_name(a, &change.column.name) || !zq_alter_definition(a, &change.column) ||
        (with_place && !read_place(a, &change)))
        return false;
    there = zq_alter_find_column(a->before, change.column.name);
    if (there != NULL && if_not_exists) {
        a->made.table.n_indexes = n_indexes;
        return true;
    }
    if (there != NULL && a->repeated) {
        size_t at;

        change.old = there->name;
        /* Dropped, to be made anew: that is what is there. */
        if (zq_alter_change_of(a, there->name, &at) && a->columns[at].column.name == NULL) {
            a->columns[at] = change;
            return true;
        }
    }
    return record(a, change);
}

bool zq_alter_add_column(zq_alter *a)
{
    bool if_not_exists;

    zq_alter_words(a, "COLUMN");
    if (!zq_alter_if_not_exists(a, &if_not_exists))
        return false;
    if (!zq_cursor_char(&a->made.cursor, '('))
        return add_one(a, if_not_exists, true);
    do {
        if (!add_one(a, if_not_exists, false))
            return false;
    } while (zq_cursor_char(&a->made.cursor, ','));
    return zq_cursor_char(&a->made.cursor, ')');
}

bool zq_alter_drop_column(zq_alter *a)
{
    const char *dropped;
    const zq_column *there;
    bool if_exists;

    zq_alter_words(a, "COLUMN");
    if (!zq_alter_if_exists(a, &if_exists) || !zq_alter_name(a, &dropped))
        return false;
    if (!zq_alter_words(a, "RESTRICT"))
        zq_alter_words(a, "CASCADE");
    there = zq_alter_find_column(a->before, dropped);
    if (there == NULL)
        return if_exists || a->repeated || zq_alter_refuse(a, "has no column '%s'", dropped);
    return record(a, (zq_alter_column){.old = there->name});
}

/* `old` is to be `change->column`, whose definition comes next. */
static bool redefine(zq_alter *a, const char *old, bool if_exists, zq_alter_column *change)
{
    const zq_column *there = zq_alter_find_column(a->before, old);

    if (there == NULL && a->repeated)
        there = zq_alter_find_column(a->before, change->column.name);
    if (!zq_alter_definition(a, &change->column) || !read_place(a, change))
        return false;
    if (there == NULL)
        return if_exists || zq_alter_refuse(a, "has no column '%s'", old);
    change->old = there->name;
    change->defined = true;
    return record(a, *change);
}

bool zq_alter_modify(zq_alter *a)
{
    zq_alter_column change = {0};
    bool if_exists;

    /* Both servers take over the name as it is written here, in another case too. */
    zq_alter_words(a, "COLUMN");
    return zq_alter_if_exists(a, &if_exists) && zq_alter_name(a, &change.column.name) &&
           redefine(a, change.column.name, if_exists, &change);
}

bool zq_alter_change(zq_alter *a)
{
    zq_alter_column change = {0};
    const char *old;
    bool if_exists;

    zq_alter_words(a, "COLUMN");
    return zq_alter_if_exists(a, &if_exists) && zq_alter_name(a, &old) &&
           zq_alter_name(a, &change.column.name) && redefine(a, old, if_exists, &change);
}

bool zq_alter_rename_column(zq_alter *a)
{
    const zq_column *there;
    zq_alter_column change;
    const char *old, *to;
    bool if_exists;

    if (!zq_alter_if_exists(a, &if_exists) || !zq_alter_name(a, &old) || !zq_alter_words(a, "TO") ||
        !zq_alter_name(a, &to))
        return false;
    there = zq_alter_find_column(a->before, old);
    if (there == NULL)
        return if_exists || (a->repeated && zq_alter_find_column(a->before, to) != NULL) ||
               zq_alter_refuse(a, "has no column '%s'", old);
    change = (zq_alter_column){.old = there->name, .column = *there};
    change.column.name = to;
    return record(a, change);
}

static bool set_something(zq_alter *a, zq_column *column)
{
    if (zq_alter_words(a, "INVISIBLE"))
        column->flags |= ZQ_INVISIBLE;
    else if (zq_alter_words(a, "VISIBLE"))
        column->flags &= ~(unsigned)ZQ_INVISIBLE;
    else
        return zq_alter_words(a, "DEFAULT") && zq_alter_default(a, column) &&
               zq_alter_column_settled(a, column);
    return true;
}

bool zq_alter_alter_column(zq_alter *a)
{
    zq_alter_column change = {0};
    const zq_column *there;
    const char *old;
    bool if_exists;

    zq_alter_words(a, "COLUMN");
    if (!zq_alter_if_exists(a, &if_exists) || !zq_alter_name(a, &old))
        return false;
    there = zq_alter_find_column(a->before, old);
    if (there != NULL)
        change = (zq_alter_column){.old = there->name, .column = *there};
    if (zq_alter_words(a, "DROP DEFAULT"))
        change.column.def = (zq_default){ZQ_DEFAULT_NONE, NULL};
    else if (!zq_alter_words(a, "SET") || !set_something(a, &change.column))
        return false;
    if (there == NULL)
        return if_exists || zq_alter_refuse(a, "has no column '%s'", old);
    return record(a, change);
}

/* ---- put together ---- */

static bool is_now(const char *text)
{
    return strncmp(text, "CURRENT_TIMESTAMP", strlen("CURRENT_TIMESTAMP")) == 0;
}

static bool is_of_name(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '$' || (unsigned char)c >= 0x80;
}

/* As a name of its own, not as a part of a longer one. */
static bool names(const char *text, const char *column)
{
    const size_t length = strlen(column);

    for (const char *at = text; (at = strcasestr(at, column)) != NULL; at++) {
        if ((at == text || !is_of_name(at[-1])) && !is_of_name(at[length]))
            return true;
    }
    return false;
}

bool zq_alter_is_mentioned(const zq_table *table, const char *column)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        const zq_column *c = &table->columns[i];

        if ((c->generated != NULL && names(c->generated, column)) ||
            (c->def.kind == ZQ_DEFAULT_EXPR && !is_now(c->def.text) && names(c->def.text, column)))
            return true;
    }
    for (size_t i = 0; i < table->n_indexes; i++) {
        const zq_index *index = &table->indexes[i];

        for (size_t p = 0; p < zq_index_parts_count(index->parts); p++) {
            if (index->parts[p].expression != NULL && names(index->parts[p].expression, column))
                return true;
        }
    }
    for (size_t i = 0; i < table->n_extras; i++) {
        const zq_extra *extra = &table->extras[i];

        if (strcmp(extra->kind, "trigger") != 0 && strcmp(extra->kind, "option") != 0 &&
            (zq_alter_same_name(extra->name, column) || names(extra->text, column)))
            return true;
    }
    return false;
}

/* What MariaDB says of a column apart from it (a check of its own, COMPRESSED) is defined anew with
 * it; but a check of the table may have the same name. */
static bool own_extras_known(zq_alter *a, const zq_alter_column *change)
{
    for (size_t i = 0; i < a->before->n_extras; i++) {
        if (!zq_alter_same_name(a->before->extras[i].name, change->old))
            continue;
        if (!a->repeated || !change->defined)
            return false;
        a->extras_dropped[i] = true;
    }
    return true;
}

static bool changes_known(zq_alter *a)
{
    for (size_t i = 0; i < a->n_columns; i++) {
        const zq_alter_column *change = &a->columns[i];
        const char *to = change->column.name;

        if (change->old == NULL)
            continue;
        if ((to == NULL || strcmp(to, change->old) != 0) &&
            zq_alter_is_mentioned(a->before, change->old))
            return false;
        if (!own_extras_known(a, change))
            return false;
    }
    return true;
}

static void insert(zq_table *out, zq_column *columns, size_t at, const zq_column *column)
{
    memmove(columns + at + 1, columns + at, (out->n_columns - at) * sizeof *columns);
    columns[at] = *column;
    out->n_columns++;
}

/* AFTER a column that is nowhere; of one that another clause makes or renames, too little is known.
 */
static bool cannot_place(zq_alter *a, const char *after)
{
    bool is_new = false;

    for (size_t i = 0; i < a->n_columns; i++)
        is_new = is_new || (a->columns[i].column.name != NULL &&
                            zq_alter_same_name(a->columns[i].column.name, after));
    return !is_new && zq_alter_find_column(a->before, after) == NULL &&
           zq_alter_refuse(a, "has no column '%s'", after);
}

/* Those that are new or move, each to its place among those that stand already. */
static bool place(zq_alter *a, zq_table *out, zq_column *columns)
{
    for (size_t i = 0; i < a->n_columns; i++) {
        const zq_alter_column *change = &a->columns[i];
        size_t at = change->moves && change->after == NULL ? 0 : out->n_columns;

        if (change->old != NULL && !change->moves)
            continue;
        if (change->after != NULL) {
            const zq_column *after = zq_alter_find_column(out, change->after);

            if (after == NULL)
                return cannot_place(a, change->after);
            at = (size_t)(after - out->columns) + 1;
        }
        insert(out, columns, at, &change->column);
    }
    return true;
}

/* A column of `before`, which has its table's charset where it says nothing: it keeps that when the
 * table gets another one. */
static zq_column kept_column(const zq_alter *a, zq_column column)
{
    column.was = NULL;
    if (a->recharset && zq_type_is_text(&column.type) && column.collation == NULL) {
        column.charset = zq_table_charset(a->before);
        column.collation = zq_table_collation(a->before);
    }
    return column;
}

static zq_column kept_under(const zq_alter *a, const zq_alter_column *change)
{
    zq_column column = kept_column(a, change->column);

    column.was = change->column.was;
    return column;
}

/* The name of a column that stands there twice, or NULL. */
static const char *doubled(const zq_table *table)
{
    for (size_t i = 1; i < table->n_columns; i++) {
        for (size_t k = 0; k < i; k++) {
            if (zq_alter_same_name(table->columns[i].name, table->columns[k].name))
                return table->columns[i].name;
        }
    }
    return NULL;
}

/* What each column was called before this statement, and no other. */
static void mark_renamed(zq_alter *a)
{
    for (size_t i = 0; i < a->n_columns; i++) {
        zq_alter_column *change = &a->columns[i];
        const char *now = change->column.name;

        change->column.was = change->old != NULL && now != NULL && strcmp(now, change->old) != 0
                                 ? change->old
                                 : NULL;
    }
}

bool zq_alter_settle_columns(zq_alter *a, zq_table *out)
{
    const zq_table *before = a->before;
    zq_column *columns =
        ZQ_NEW_ARRAY(a->made.arena, zq_column, before->n_columns + a->n_columns + 1);
    const char *twice;
    size_t at;

    mark_renamed(a);
    out->columns = columns;
    out->n_columns = 0;
    for (size_t i = 0; i < before->n_columns; i++) {
        if (!zq_alter_change_of(a, before->columns[i].name, &at))
            columns[out->n_columns++] = kept_column(a, before->columns[i]);
        else if (a->columns[at].column.name != NULL && !a->columns[at].moves)
            columns[out->n_columns++] =
                a->columns[at].defined ? a->columns[at].column : kept_under(a, &a->columns[at]);
    }
    if (!changes_known(a) || !place(a, out, columns) || out->n_columns == 0)
        return false;
    a->made.columns = columns;
    twice = doubled(out);
    return twice == NULL || zq_alter_refuse(a, "has a column '%s' already", twice);
}
