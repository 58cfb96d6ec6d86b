/* Clauses about foreign keys and checks, and the foreign keys that they leave.
 *
 * A key without a name is called <table>_ibfk_<n>, and both servers go on from the highest number,
 * that of a key dropped in the same statement included. Checks without a name are numbered
 * differently by each server, and are not predicted. */
#include "sql/alter/kit.h"

#include "sql/table/expr.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- clauses ---- */

/* Both servers make an index for a foreign key that none serves: called like the key, or, when that
 * has no name, like its first column. */
static void add_generated(zq_alter *a, const zq_foreign_key *key)
{
    const size_t n = zq_names_count(key->columns);
    zq_key_part *parts = ZQ_NEW_ARRAY(a->made.arena, zq_key_part, n + 1);
    zq_index *index = zq_parts_add_index(&a->made);

    for (size_t i = 0; i < n; i++)
        parts[i].column = key->columns[i];
    index->name = *key->name != '\0' ? key->name : NULL;
    index->kind = ZQ_INDEX;
    index->flags = ZQ_ALTER_GENERATED;
    index->parts = parts;
}

bool zq_alter_add_foreign_key(zq_alter *a, const char *constraint)
{
    const zq_foreign_key *key;

    /* A name of its own for the index is taken otherwise by each server. */
    if (!zq_cursor_sees(&a->made.cursor, '(') || !zq_parts_foreign_key(&a->made, constraint))
        return false;
    key = &a->made.keys[a->made.table.n_foreign_keys - 1];
    if (key->ref_schema != NULL || key->on_delete == ZQ_SET_DEFAULT ||
        key->on_update == ZQ_SET_DEFAULT)
        return false;
    add_generated(a, key);
    return true;
}

bool zq_alter_add_check(zq_alter *a, const char *constraint)
{
    const char *text;
    size_t length;

    /* Each server numbers those without a name in its own way. */
    if (*constraint == '\0' || !zq_cursor_parens(&a->made.cursor, &text, &length))
        return false;
    text = zq_expr_normal(text, length, a->made.arena);
    if (zq_alter_words(a, "NOT ENFORCED"))
        text = zq_arena_printf(a->made.arena, "%s not enforced", text);
    else
        zq_alter_words(a, "ENFORCED");
    zq_parts_extra(&a->made, "check", constraint, text);
    return true;
}

static size_t find_key(const zq_alter *a, const char *key)
{
    size_t i = 0;

    while (i < a->before->n_foreign_keys &&
           !zq_alter_same_name(a->before->foreign_keys[i].name, key))
        i++;
    return i;
}

bool zq_alter_drop_foreign_key(zq_alter *a)
{
    const char *dropped;
    bool if_exists;
    size_t at;

    if (!zq_alter_if_exists(a, &if_exists) || !zq_alter_name(a, &dropped))
        return false;
    at = find_key(a, dropped);
    if (at == a->before->n_foreign_keys)
        return if_exists || a->repeated || zq_alter_refuse(a, "has no foreign key '%s'", dropped);
    a->keys_dropped[at] = true;
    return true;
}

static size_t find_check(const zq_alter *a, const char *check)
{
    size_t i = 0;

    while (i < a->before->n_extras && (strcmp(a->before->extras[i].kind, "check") != 0 ||
                                       !zq_alter_same_name(a->before->extras[i].name, check)))
        i++;
    return i;
}

static size_t find_unique(const zq_alter *a, const char *index)
{
    size_t i = 0;

    while (i < a->before->n_indexes && (a->before->indexes[i].kind != ZQ_UNIQUE ||
                                        !zq_alter_same_name(a->before->indexes[i].name, index)))
        i++;
    return i;
}

/* DROP CONSTRAINT: a foreign key, a check, a unique index. */
bool zq_alter_drop_constraint(zq_alter *a)
{
    const char *dropped;
    bool if_exists;
    size_t key, check, unique;
    unsigned n;

    if (!zq_alter_if_exists(a, &if_exists) || !zq_alter_name(a, &dropped))
        return false;
    key = find_key(a, dropped);
    check = find_check(a, dropped);
    unique = find_unique(a, dropped);
    n = (key < a->before->n_foreign_keys) + (check < a->before->n_extras) +
        (unique < a->before->n_indexes);
    if (n == 0)
        return if_exists || a->repeated || zq_alter_refuse(a, "has no constraint '%s'", dropped);
    if (n > 1 || zq_alter_find_column(a->before, dropped) != NULL)
        return false;
    if (key < a->before->n_foreign_keys)
        a->keys_dropped[key] = true;
    else if (check < a->before->n_extras)
        a->extras_dropped[check] = true;
    else
        a->index_names[unique] = NULL;
    return true;
}

/* ---- put together ---- */

static bool refers_to_itself(const zq_alter *a, const zq_foreign_key *key)
{
    return key->ref_schema == NULL && zq_alter_same_name(key->ref_table, a->before->name);
}

/* The new names of columns; NULL when one of them is dropped. */
static const char *const *new_names(const zq_alter *a, const char *const *names)
{
    const size_t n = zq_names_count(names);
    const char **renamed = ZQ_NEW_ARRAY(a->made.arena, const char *, n + 1);

    for (size_t i = 0; i < n; i++) {
        renamed[i] = zq_alter_new_name(a, names[i]);
        if (renamed[i] == NULL)
            return NULL;
    }
    return renamed;
}

/* Columns as the table spells them; NULL when one is not there. */
static const char *const *spelled(const zq_alter *a, const zq_table *table,
                                  const char *const *names)
{
    const size_t n = zq_names_count(names);
    const char **spelling = ZQ_NEW_ARRAY(a->made.arena, const char *, n + 1);

    for (size_t i = 0; i < n; i++) {
        const zq_column *column = zq_alter_find_column(table, names[i]);

        if (column == NULL)
            return NULL;
        spelling[i] = column->name;
    }
    return spelling;
}

static bool keep_keys(const zq_alter *a, zq_table *out, zq_foreign_key *keys)
{
    for (size_t i = 0; i < a->before->n_foreign_keys; i++) {
        zq_foreign_key *key = &keys[out->n_foreign_keys];

        if (a->keys_dropped[i])
            continue;
        *key = a->before->foreign_keys[i];
        key->columns = new_names(a, key->columns);
        if (refers_to_itself(a, key))
            key->ref_columns = new_names(a, key->ref_columns);
        if (key->columns == NULL || key->ref_columns == NULL)
            return false;
        out->n_foreign_keys++;
    }
    return true;
}

/* The highest n of the names <table>_ibfk_<n>, that of dropped ones too. */
static unsigned long highest_number(const zq_table *table)
{
    const size_t length = strlen(table->name);
    unsigned long highest = 0;

    for (size_t i = 0; i < table->n_foreign_keys; i++) {
        const char *key = table->foreign_keys[i].name;
        unsigned long number;
        char *end;

        if (strncasecmp(key, table->name, length) != 0 ||
            strncasecmp(key + length, "_ibfk_", 6) != 0 || !isdigit((unsigned char)key[length + 6]))
            continue;
        number = strtoul(key + length + 6, &end, 10);
        if (*end == '\0' && number > highest)
            highest = number;
    }
    return highest;
}

static bool same_key(const zq_foreign_key *x, const zq_foreign_key *y)
{
    return zq_names_equal(x->columns, y->columns) && strcmp(x->ref_table, y->ref_table) == 0 &&
           zq_names_equal(x->ref_columns, y->ref_columns) && x->on_delete == y->on_delete &&
           x->on_update == y->on_update;
}

/* A repeated statement meets what it made the first time. */
static bool replaces(zq_table *out, zq_foreign_key *keys, zq_foreign_key *key)
{
    for (size_t i = 0; i < out->n_foreign_keys; i++) {
        if (*key->name != '\0' ? zq_alter_same_name(keys[i].name, key->name)
                               : same_key(&keys[i], key)) {
            key->name = keys[i].name;
            keys[i] = *key;
            return true;
        }
    }
    return false;
}

static bool has_key(const zq_table *table, const char *key)
{
    for (size_t i = 0; i < table->n_foreign_keys; i++) {
        if (zq_alter_same_name(table->foreign_keys[i].name, key))
            return true;
    }
    return false;
}

static bool add_keys(zq_alter *a, zq_table *out, zq_foreign_key *keys)
{
    unsigned long number = highest_number(a->before);

    for (size_t i = 0; i < a->made.table.n_foreign_keys; i++) {
        zq_foreign_key *key = &a->made.keys[i];

        key->columns = spelled(a, out, key->columns);
        if (key->columns != NULL && refers_to_itself(a, key))
            key->ref_columns = spelled(a, out, key->ref_columns);
        if (key->columns == NULL || key->ref_columns == NULL)
            return zq_alter_refuse(a, "lacks a column of the foreign key '%s'", key->name);
        if (a->repeated && replaces(out, keys, key))
            continue;
        if (*key->name == '\0')
            key->name = zq_arena_printf(a->made.arena, "%s_ibfk_%lu", a->before->name, ++number);
        if (has_key(out, key->name))
            return zq_alter_refuse(a, "has a foreign key '%s' already", key->name);
        keys[out->n_foreign_keys++] = *key;
    }
    return true;
}

bool zq_alter_settle_keys(zq_alter *a, zq_table *out)
{
    zq_foreign_key *keys =
        ZQ_NEW_ARRAY(a->made.arena, zq_foreign_key,
                     a->before->n_foreign_keys + a->made.table.n_foreign_keys + 1);

    out->foreign_keys = keys;
    out->n_foreign_keys = 0;
    return keep_keys(a, out, keys) && add_keys(a, out, keys);
}
