/* Clauses about indexes.
 *
 * An index is looked up in the table as it was before the statement: a drop or a new name is noted
 * beside it, a new one is collected. What becomes of all of them is decided at the end
 * (indexes_result.c), when columns and foreign keys are known. Each server has words of its own for
 * an index that is not used; the other one's are not understood. */
#include "sql/alter/kit.h"

/* Which index of `before`; n_indexes: none. */
static size_t find_before(const zq_alter *a, const char *index)
{
    size_t i = 0;

    while (i < a->before->n_indexes && !zq_alter_same_name(a->before->indexes[i].name, index))
        i++;
    return i;
}

/* ---- clauses ---- */

static void skip_algorithm(zq_alter *a)
{
    if (!zq_alter_words(a, "USING BTREE"))
        zq_alter_words(a, "USING HASH");
}

/* Each server has words of its own for it. */
static bool read_visibility(zq_alter *a, unsigned *flags)
{
    const bool mysql = a->made.flavor == ZQ_MYSQL;
    const bool hidden = zq_alter_words(a, mysql ? "INVISIBLE" : "IGNORED");

    if (!hidden && !zq_alter_words(a, mysql ? "VISIBLE" : "NOT IGNORED"))
        return false;
    *flags &= ~(unsigned)ZQ_INVISIBLE;
    *flags |= hidden ? ZQ_INVISIBLE : 0;
    return true;
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
        if (zq_cursor_words(&ahead, "INVISIBLE") && a->made.flavor == ZQ_MARIADB)
            return false;
        if (zq_cursor_words(&ahead, "IGNORED") && a->made.flavor == ZQ_MYSQL)
            return false;
        if (!read_visibility(a, &index->flags) && !zq_parts_index_option(&a->made, index))
            return false;
    }
}

/* MariaDB orders all parts upwards before 10.8, and has no expressions. */
static bool parts_known(const zq_alter *a, const zq_index *index)
{
    for (size_t i = 0; i < zq_index_parts_count(index->parts); i++) {
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
    if (!zq_parts_key_parts(&a->made, &read) || a->made.table.n_extras != n_extras ||
        !read_options(a, &read) || !parts_known(a, &read))
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

    if (!zq_alter_if_not_exists(a, &if_not_exists) || (sees_name(a) && !zq_alter_name(a, &called)))
        return false;
    index = zq_parts_add_index(&a->made);
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
    zq_index *index = zq_parts_add_index(&a->made);
    const char *table;
    bool if_not_exists;

    index->kind = ZQ_INDEX;
    if (zq_alter_words(a, "UNIQUE"))
        index->kind = ZQ_UNIQUE;
    else if (zq_alter_words(a, "FULLTEXT"))
        index->kind = ZQ_FULLTEXT;
    else if (zq_alter_words(a, "SPATIAL"))
        index->kind = ZQ_SPATIAL;
    if (!zq_alter_words(a, "INDEX") || !zq_alter_if_not_exists(a, &if_not_exists) ||
        !zq_alter_name(a, &index->name))
        return false;
    skip_algorithm(a);
    if (!zq_alter_words(a, "ON") || !zq_alter_name(a, &table) ||
        (zq_cursor_char(&a->made.cursor, '.') && !zq_alter_name(a, &table)) || !read_body(a, index))
        return false;
    if (if_not_exists && find_before(a, index->name) < a->before->n_indexes)
        a->made.table.n_indexes--;
    return true;
}

static bool drop_named(zq_alter *a, const char *dropped, bool if_exists)
{
    const size_t at = find_before(a, dropped);

    if (at == a->before->n_indexes)
        return if_exists || a->repeated || zq_alter_refuse(a, "has no index '%s'", dropped);
    a->index_names[at] = NULL;
    return true;
}

bool zq_alter_drop_index(zq_alter *a)
{
    const char *dropped;
    bool if_exists;

    return zq_alter_if_exists(a, &if_exists) && zq_alter_name(a, &dropped) &&
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

    if (!zq_alter_if_exists(a, &if_exists) || !zq_alter_name(a, &old) || !zq_alter_words(a, "TO") ||
        !zq_alter_name(a, &to))
        return false;
    at = find_before(a, old);
    if (at == a->before->n_indexes)
        return if_exists || (a->repeated && find_before(a, to) < at) ||
               zq_alter_refuse(a, "has no index '%s'", old);
    if (a->index_names[at] != a->before->indexes[at].name)
        return false;
    a->index_names[at] = to;
    return true;
}

bool zq_alter_alter_index(zq_alter *a)
{
    const char *altered;
    unsigned none = 0;
    bool if_exists;
    size_t at;

    if (!zq_alter_if_exists(a, &if_exists) || !zq_alter_name(a, &altered))
        return false;
    at = find_before(a, altered);
    if (!read_visibility(a, at < a->before->n_indexes ? &a->index_flags[at] : &none))
        return false;
    return at < a->before->n_indexes || if_exists ||
           zq_alter_refuse(a, "has no index '%s'", altered);
}
