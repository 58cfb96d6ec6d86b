/* Which indexes a table has after the statement.
 *
 * Both servers make an index for a foreign key that none serves, name what has no name, and drop an
 * index that they had made themselves as soon as another one serves the key. Which ones they had
 * made cannot be seen in a table; they are guessed by their names, and where the guess matters the
 * answer is "unknown". Prefix lengths that cover the whole column are not kept. */
#include "sql/alter/kit.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { MAX_KEY_BYTES = 3072 }; /* of a part; InnoDB's own limit (MySQL manual, 17.21) */

/* ---- what becomes of those that were there ---- */

/* Without the columns that are dropped, and with the new names of the others. */
static bool keep_parts(zq_alter *a, zq_index *index)
{
    const size_t n = zq_index_parts_count(index->parts);
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

static const zq_index *find_named(const zq_table *table, const char *index)
{
    for (size_t i = 0; i < table->n_indexes; i++) {
        if (zq_alter_same_name(table->indexes[i].name, index))
            return &table->indexes[i];
    }
    return NULL;
}

static bool keep_indexes(zq_alter *a, zq_table *out, zq_index *indexes)
{
    for (size_t i = 0; i < a->before->n_indexes; i++) {
        zq_index *index = &indexes[out->n_indexes];

        if (a->index_names[i] == NULL)
            continue;
        if (find_named(out, a->index_names[i]) != NULL)
            return zq_alter_refuse(a, "has an index '%s' already", a->index_names[i]);
        *index = a->before->indexes[i];
        index->name = a->index_names[i];
        index->was = index->name != a->before->indexes[i].name ? a->before->indexes[i].name : NULL;
        index->flags = a->index_flags[i];
        if (!keep_parts(a, index))
            return false;
        out->n_indexes += zq_index_parts_count(index->parts) > 0;
    }
    return true;
}

/* ---- what is new ---- */

/* Columns as their table spells them. A column that is not there is an obstacle. */
static bool spell_parts(zq_alter *a, const zq_table *table, zq_index *index)
{
    zq_key_part *parts = (zq_key_part *)index->parts; /* made by this reader */

    for (size_t i = 0; i < zq_index_parts_count(parts); i++) {
        const zq_column *column;

        if (parts[i].expression != NULL) {
            if (!zq_alter_expr_known(parts[i].expression, table, a->made.arena))
                return false;
            continue;
        }
        column = zq_alter_find_column(table, parts[i].column);
        if (column == NULL)
            return zq_alter_refuse(a, "has no column '%s'", parts[i].column);
        parts[i].column = column->name;
    }
    return true;
}

static bool covers(const zq_index *index, const zq_key_part *parts)
{
    const size_t n = zq_index_parts_count(parts);

    if (zq_index_parts_count(index->parts) < n || index->kind == ZQ_FULLTEXT ||
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
            zq_index_parts_count(other->parts) > zq_index_parts_count(generated->parts))
            return true;
    }
    return false;
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
    const size_t n = zq_index_parts_count(x->parts);

    if (x->kind != y->kind || zq_index_parts_count(y->parts) != n)
        return false;
    for (size_t i = 0; i < n; i++) {
        const zq_key_part *p = &x->parts[i], *q = &y->parts[i];

        if (p->column == NULL || q->column == NULL || strcmp(p->column, q->column) != 0 ||
            p->length != q->length)
            return false;
    }
    return true;
}

/* Both servers take an index that is dropped and added again for one that stays when only its
 * visibility differs, and leave that as it was. */
static bool may_stay_hidden(const zq_alter *a, const zq_index *index)
{
    const zq_index *was = find_named(a->before, index->name);

    return was != NULL && ((was->flags ^ index->flags) & ZQ_INVISIBLE) && same_parts(was, index);
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

/* The server drops an index that it has made for a foreign key when another serves as well. Which
 * ones it has made cannot be seen, and they outlive their key; but they are called like the key, or
 * like its first column. */
static bool may_be_generated(const zq_alter *a, const zq_index *index)
{
    const char *column = index->parts[0].column;
    const size_t length = column != NULL ? strlen(column) : 0;

    if (index->kind != ZQ_INDEX || length == 0)
        return false;
    for (size_t i = 0; i < a->before->n_foreign_keys; i++) {
        if (zq_alter_same_name(a->before->foreign_keys[i].name, index->name))
            return true;
    }
    return strcasestr(index->name, "fk") != NULL ||
           (strncasecmp(index->name, column, length) == 0 &&
            (index->name[length] == '\0' || index->name[length] == '_'));
}

static bool takes_place(const zq_alter *a, const zq_index *kept, size_t n_kept,
                        const zq_index *index)
{
    for (size_t i = 0; i < n_kept; i++) {
        if (may_be_generated(a, &kept[i]) && covers(index, kept[i].parts))
            return true;
    }
    return false;
}

static bool add_indexes(zq_alter *a, zq_table *out, zq_index *indexes)
{
    const size_t n_kept = out->n_indexes;

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
        if (takes_place(a, indexes, n_kept, index))
            return false;
        if (index->name == NULL)
            index->name = free_name(a, out, index->parts[0].column);
        if (find_named(out, index->name) != NULL)
            return zq_alter_refuse(a, "has an index '%s' already", index->name);
        if (may_stay_hidden(a, index))
            return false;
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

/* How many bytes a character may take; four where it is not known. */
static unsigned char_bytes(const zq_table *table, const zq_column *column)
{
    const char *charset = zq_column_charset(table, column);

    if (*charset == '\0' || strcmp(charset, "latin1") == 0 || strcmp(charset, "ascii") == 0)
        return 1;
    return strcmp(charset, "utf8mb3") == 0 ? 3 : 4;
}

static bool settle_part(const zq_table *table, zq_index_kind kind, zq_key_part *part)
{
    const zq_column *column = part->column == NULL ? NULL : zq_table_column(table, part->column);
    unsigned length;

    if (column == NULL || kind == ZQ_FULLTEXT || kind == ZQ_SPATIAL)
        return true;
    if (!zq_type_is_long(&column->type) &&
        (!has_length(column->type.kind) || part->length >= column->type.length))
        part->length = 0;
    if (zq_type_is_long(&column->type) && part->length == 0)
        return false;
    length = part->length != 0 ? part->length : column->type.length;
    return (!has_length(column->type.kind) && part->length == 0) ||
           length * char_bytes(table, column) <= MAX_KEY_BYTES;
}

static bool settle_parts(zq_alter *a, const zq_table *table, zq_index *index)
{
    const size_t n = zq_index_parts_count(index->parts);
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

/* A foreign key's columns, as the parts of an index. */
static const zq_key_part *parts_of(const zq_alter *a, const zq_foreign_key *key)
{
    const size_t n = zq_names_count(key->columns);
    zq_key_part *parts = ZQ_NEW_ARRAY(a->made.arena, zq_key_part, n + 1);

    for (size_t i = 0; i < n; i++)
        parts[i].column = key->columns[i];
    return parts;
}

/* No server drops the last index that serves a foreign key. */
static bool keys_served(const zq_alter *a, const zq_table *table)
{
    for (size_t i = 0; i < table->n_foreign_keys; i++) {
        const zq_key_part *parts = parts_of(a, &table->foreign_keys[i]);
        size_t at = 0;

        while (at < table->n_indexes && !covers(&table->indexes[at], parts))
            at++;
        if (at == table->n_indexes)
            return false;
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
    return a->refused || keys_served(a, out);
}
