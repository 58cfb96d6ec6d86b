#include "sql/alter_parts.h"

#include <string.h>

enum { MAX_KEY_BYTES = 3072 }; /* of a part; InnoDB's own limit (MySQL manual, 17.21) */

static bool words(zq_alter *a, const char *text)
{
    return zq_cursor_words(&a->made.cursor, text);
}

static bool name(zq_alter *a, const char **out)
{
    return zq_cursor_name(&a->made.cursor, a->made.arena, out);
}

/* Which index of `before`; n_indexes: none. */
static size_t find_before(const zq_alter *a, const char *index)
{
    size_t i = 0;

    while (i < a->before->n_indexes && !zq_alter_same_name(a->before->indexes[i].name, index))
        i++;
    return i;
}

/* ---- clauses ---- */

void zq_alter_index_on(zq_alter *a, zq_index_kind kind, const char *column)
{
    zq_index *index = zq_create_add_index(&a->made);
    zq_key_part *parts = ZQ_NEW_ARRAY(a->made.arena, zq_key_part, 2);

    parts[0].column = column;
    index->kind = kind;
    index->parts = parts;
    index->name = kind == ZQ_PRIMARY ? "PRIMARY" : NULL;
}

static void skip_algorithm(zq_alter *a)
{
    if (!words(a, "USING BTREE"))
        words(a, "USING HASH");
}

/* Up to the next clause, or ALGORITHM and LOCK, which CREATE INDEX ends in without a comma. */
static bool read_options(zq_alter *a, zq_index *index)
{
    zq_cursor *cursor = &a->made.cursor;

    for (;;) {
        zq_cursor ahead = *cursor;

        if (zq_cursor_at_end(cursor) || zq_cursor_sees(cursor, ',') ||
            zq_cursor_words(&ahead, "ALGORITHM") || zq_cursor_words(&ahead, "LOCK"))
            return true;
        if (!words(a, "VISIBLE") && !words(a, "NOT IGNORED") &&
            !zq_create_index_option(&a->made, index))
            return false;
    }
}

/* MariaDB orders all parts upwards before 10.8, and has no expressions. */
static bool parts_told(const zq_alter *a, const zq_index *index)
{
    for (size_t i = 0; i < zq_key_parts_count(index->parts); i++) {
        const zq_key_part *part = &index->parts[i];

        if (a->made.flavor == ZQ_MARIADB && (part->descending || part->expression != NULL))
            return false;
        if (i == 0 && part->column == NULL && index->name == NULL)
            return false;
    }
    return true;
}

/* From the parts on. */
static bool read_body(zq_alter *a, zq_index *index)
{
    zq_index read = *index; /* the array may grow meanwhile */
    const size_t at = a->made.table.n_indexes - 1;
    const size_t n_extras = a->made.table.n_extras;

    skip_algorithm(a);
    if (!zq_create_key_parts(&a->made, &read) || a->made.table.n_extras != n_extras ||
        !read_options(a, &read) || !parts_told(a, &read))
        return false;
    a->made.indexes[at] = read;
    return true;
}

static bool sees_name(zq_alter *a)
{
    zq_cursor ahead = a->made.cursor;

    return !zq_cursor_sees(&ahead, '(') && !zq_cursor_words(&ahead, "USING");
}

bool zq_alter_add_index(zq_alter *a, zq_index_kind kind, const char *constraint)
{
    zq_index *index;
    const char *called = constraint;
    bool if_not_exists;

    if (!zq_alter_if_not_exists(a, &if_not_exists) || (sees_name(a) && !name(a, &called)))
        return false;
    index = zq_create_add_index(&a->made);
    index->kind = kind;
    index->name = kind == ZQ_PRIMARY ? "PRIMARY" : called;
    if (!read_body(a, index))
        return false;
    if (if_not_exists && index->name != NULL && find_before(a, index->name) < a->before->n_indexes)
        a->made.table.n_indexes--;
    return true;
}

bool zq_alter_create_index(zq_alter *a)
{
    zq_index *index = zq_create_add_index(&a->made);
    const char *table;
    bool if_not_exists;

    index->kind = ZQ_INDEX;
    if (words(a, "UNIQUE"))
        index->kind = ZQ_UNIQUE;
    else if (words(a, "FULLTEXT"))
        index->kind = ZQ_FULLTEXT;
    else if (words(a, "SPATIAL"))
        index->kind = ZQ_SPATIAL;
    if (!words(a, "INDEX") || !zq_alter_if_not_exists(a, &if_not_exists) || !name(a, &index->name))
        return false;
    skip_algorithm(a);
    if (!words(a, "ON") || !name(a, &table) ||
        (zq_cursor_char(&a->made.cursor, '.') && !name(a, &table)) || !read_body(a, index))
        return false;
    if (if_not_exists && find_before(a, index->name) < a->before->n_indexes)
        a->made.table.n_indexes--;
    return true;
}

static bool drop_named(zq_alter *a, const char *dropped, bool if_exists)
{
    const size_t at = find_before(a, dropped);

    if (at == a->before->n_indexes)
        return if_exists || a->repeated || zq_alter_refuse(a);
    a->index_names[at] = NULL;
    return true;
}

bool zq_alter_drop_index(zq_alter *a)
{
    const char *dropped;
    bool if_exists;

    return zq_alter_if_exists(a, &if_exists) && name(a, &dropped) &&
           drop_named(a, dropped, if_exists);
}

bool zq_alter_drop_primary(zq_alter *a)
{
    return drop_named(a, "PRIMARY", false);
}

bool zq_alter_rename_index(zq_alter *a)
{
    const char *old, *to;
    bool if_exists;
    size_t at;

    if (!zq_alter_if_exists(a, &if_exists) || !name(a, &old) || !words(a, "TO") || !name(a, &to))
        return false;
    at = find_before(a, old);
    if (at == a->before->n_indexes)
        return if_exists || (a->repeated && find_before(a, to) < at) || zq_alter_refuse(a);
    if (a->index_names[at] != a->before->indexes[at].name)
        return false;
    a->index_names[at] = to;
    return true;
}

bool zq_alter_alter_index(zq_alter *a)
{
    const char *altered;
    bool if_exists, invisible;
    size_t at;

    if (!zq_alter_if_exists(a, &if_exists) || !name(a, &altered))
        return false;
    invisible = words(a, "INVISIBLE") || words(a, "IGNORED");
    if (!invisible && !words(a, "VISIBLE") && !words(a, "NOT IGNORED"))
        return false;
    at = find_before(a, altered);
    if (at == a->before->n_indexes)
        return if_exists || zq_alter_refuse(a);
    a->index_flags[at] &= ~(unsigned)ZQ_INVISIBLE;
    a->index_flags[at] |= invisible ? ZQ_INVISIBLE : 0;
    return true;
}

/* ---- what becomes of those that were there ---- */

/* Without the columns that are dropped, and with the new names of the others. */
static bool keep_parts(zq_alter *a, zq_index *index)
{
    const size_t n = zq_key_parts_count(index->parts);
    zq_key_part *parts = ZQ_NEW_ARRAY(a->made.arena, zq_key_part, n + 1);
    size_t kept = 0;

    for (size_t i = 0; i < n; i++) {
        parts[kept] = index->parts[i];
        if (parts[kept].column != NULL)
            parts[kept].column = zq_alter_new_name(a, parts[kept].column);
        kept += parts[kept].column != NULL || parts[kept].expression != NULL;
    }
    parts[kept] = (zq_key_part){.column = NULL};
    index->parts = parts;
    /* MariaDB refuses to take a column out of a unique key of several. */
    return kept == n || kept == 0 || a->made.flavor != ZQ_MARIADB ||
           (index->kind != ZQ_UNIQUE && index->kind != ZQ_PRIMARY);
}

static bool keep_indexes(zq_alter *a, zq_table *out, zq_index *indexes)
{
    for (size_t i = 0; i < a->before->n_indexes; i++) {
        zq_index *index = &indexes[out->n_indexes];

        if (a->index_names[i] == NULL)
            continue;
        *index = a->before->indexes[i];
        index->name = a->index_names[i];
        index->flags = a->index_flags[i];
        if (!keep_parts(a, index))
            return false;
        out->n_indexes += zq_key_parts_count(index->parts) > 0;
    }
    return true;
}

/* ---- what is new ---- */

/* Columns as their table spells them. A column that is not there is an obstacle. */
static bool spell_parts(zq_alter *a, const zq_table *table, zq_index *index)
{
    zq_key_part *parts = (zq_key_part *)index->parts; /* made by this reader */

    for (size_t i = 0; i < zq_key_parts_count(parts); i++) {
        const zq_column *column;

        if (parts[i].expression != NULL) {
            if (!zq_alter_expr_known(parts[i].expression, table, a->made.arena))
                return false;
            continue;
        }
        column = zq_alter_find_column(table, parts[i].column);
        if (column == NULL)
            return zq_alter_refuse(a);
        parts[i].column = column->name;
    }
    return true;
}

static bool covers(const zq_index *index, const zq_key_part *parts)
{
    const size_t n = zq_key_parts_count(parts);

    if (zq_key_parts_count(index->parts) < n || index->kind == ZQ_FULLTEXT ||
        index->kind == ZQ_SPATIAL)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (index->parts[i].column == NULL || index->parts[i].length != 0 ||
            !zq_alter_same_name(index->parts[i].column, parts[i].column))
            return false;
    }
    return true;
}

/* Is the index that a foreign key asked for needless? Of two such, the longer one stays, or the
 * later one. */
static bool is_needless(const zq_alter *a, const zq_table *out, const zq_index *generated)
{
    for (size_t i = 0; i < out->n_indexes; i++) {
        if (covers(&out->indexes[i], generated->parts))
            return true;
    }
    for (size_t i = 0; i < a->made.table.n_indexes; i++) {
        const zq_index *other = &a->made.indexes[i];

        if (other == generated || !covers(other, generated->parts))
            continue;
        if (!(other->flags & ZQ_ALTER_GENERATED) || other > generated ||
            zq_key_parts_count(other->parts) > zq_key_parts_count(generated->parts))
            return true;
    }
    return false;
}

static const zq_index *find_named(const zq_table *table, const char *index)
{
    for (size_t i = 0; i < table->n_indexes; i++) {
        if (zq_alter_same_name(table->indexes[i].name, index))
            return &table->indexes[i];
    }
    return NULL;
}

/* The name that both servers make up: that of the first column, with a number when it is taken. */
static const char *free_name(const zq_alter *a, const zq_table *table, const char *column)
{
    const char *made_up = column;

    for (unsigned i = 2;
         find_named(table, made_up) != NULL || zq_alter_same_name(made_up, "PRIMARY"); i++)
        made_up = zq_arena_printf(a->made.arena, "%s_%u", column, i);
    return made_up;
}

static bool same_parts(const zq_index *x, const zq_index *y)
{
    return x->kind == y->kind && covers(x, y->parts) && covers(y, x->parts);
}

/* A repeated statement meets what it made the first time. */
static bool replaces(zq_table *out, zq_index *indexes, zq_index *index)
{
    for (size_t i = 0; i < out->n_indexes; i++) {
        if (index->name != NULL ? zq_alter_same_name(indexes[i].name, index->name)
                                : same_parts(&indexes[i], index)) {
            index->name = indexes[i].name;
            indexes[i] = *index;
            return true;
        }
    }
    return false;
}

static bool add_indexes(zq_alter *a, zq_table *out, zq_index *indexes)
{
    for (size_t i = 0; i < a->made.table.n_indexes; i++) {
        if (!spell_parts(a, out, &a->made.indexes[i]))
            return false;
    }
    for (size_t i = 0; i < a->made.table.n_indexes && !a->refused; i++) {
        zq_index *index = &a->made.indexes[i];

        if ((index->flags & ZQ_ALTER_GENERATED) && is_needless(a, out, index))
            continue;
        if (a->repeated && replaces(out, indexes, index))
            continue;
        if (index->name == NULL)
            index->name = free_name(a, out, index->parts[0].column);
        if (find_named(out, index->name) != NULL)
            return zq_alter_refuse(a);
        indexes[out->n_indexes] = *index;
        indexes[out->n_indexes++].flags &= ~ZQ_ALTER_GENERATED;
    }
    return true;
}

/* ---- what the columns make of the parts ---- */

static bool has_length(zq_type_kind kind)
{
    return kind == ZQ_TYPE_CHAR || kind == ZQ_TYPE_VARCHAR || kind == ZQ_TYPE_BINARY ||
           kind == ZQ_TYPE_VARBINARY;
}

static bool is_long(zq_type_kind kind)
{
    return kind >= ZQ_TYPE_TINYTEXT && kind <= ZQ_TYPE_LONGBLOB;
}

static bool settle_part(const zq_table *table, zq_index_kind kind, zq_key_part *part)
{
    const zq_column *column = part->column == NULL ? NULL : zq_table_column(table, part->column);
    unsigned length;

    if (column == NULL || kind == ZQ_FULLTEXT || kind == ZQ_SPATIAL)
        return true;
    if (!is_long(column->type.kind) &&
        (!has_length(column->type.kind) || part->length >= column->type.length))
        part->length = 0;
    if (is_long(column->type.kind) && part->length == 0)
        return false;
    length = part->length != 0 ? part->length : column->type.length;
    return (!has_length(column->type.kind) && part->length == 0) ||
           length * (zq_type_is_text(&column->type) ? 4 : 1) <= MAX_KEY_BYTES;
}

static bool settle_parts(zq_alter *a, const zq_table *table, zq_index *index)
{
    const size_t n = zq_key_parts_count(index->parts);
    zq_key_part *parts = ZQ_NEW_ARRAY(a->made.arena, zq_key_part, n + 1);

    memcpy(parts, index->parts, n * sizeof *parts);
    index->parts = parts;
    for (size_t i = 0; i < n; i++) {
        zq_column *column = NULL;

        if (!settle_part(table, index->kind, &parts[i]))
            return false;
        if (index->kind == ZQ_PRIMARY && parts[i].column != NULL)
            column = (zq_column *)zq_table_column(table, parts[i].column);
        if (column != NULL)
            column->flags |= ZQ_NOT_NULL;
    }
    return true;
}

bool zq_alter_settle_indexes(zq_alter *a, zq_table *out)
{
    zq_index *indexes =
        ZQ_NEW_ARRAY(a->made.arena, zq_index, a->before->n_indexes + a->made.table.n_indexes + 1);

    out->indexes = indexes;
    out->n_indexes = 0;
    if (!keep_indexes(a, out, indexes) || !add_indexes(a, out, indexes))
        return false;
    for (size_t i = 0; i < out->n_indexes && !a->refused; i++) {
        if (!settle_parts(a, out, &indexes[i]))
            return false;
    }
    return a->refused || zq_alter_keys_served(a, out);
}
