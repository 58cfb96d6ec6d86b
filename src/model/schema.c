#include "model/schema.h"

#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

const zq_type_info zq_type_infos[] = {
#define TYPE_ROW(name, sql, args) [ZQ_TYPE_##name] = {sql, ZQ_ARGS_##args},
    ZQ_TYPE_LIST(TYPE_ROW)
#undef TYPE_ROW
};

static const char *or_default(const char *text, const char *fallback)
{
    return text != NULL && *text != '\0' ? text : fallback;
}

static bool same_text(const char *a, const char *b)
{
    return strcmp(or_default(a, ""), or_default(b, "")) == 0;
}

static void write_value(zq_buf *out, const char *value)
{
    zq_buf_char(out, '\'');
    for (const char *c = value; *c != '\0'; c++) {
        if (*c == '\'' || *c == '\\')
            zq_buf_char(out, *c);
        zq_buf_char(out, *c);
    }
    zq_buf_char(out, '\'');
}

static void write_values(zq_buf *out, const char *const *values)
{
    zq_buf_char(out, '(');
    for (size_t i = 0; values != NULL && values[i] != NULL; i++) {
        if (i > 0)
            zq_buf_char(out, ',');
        write_value(out, values[i]);
    }
    zq_buf_char(out, ')');
}

const char *zq_table_engine(const zq_table *table)
{
    return or_default(table->engine, ZQ_ENGINE);
}

const char *zq_table_charset(const zq_table *table)
{
    return or_default(table->charset, ZQ_CHARSET);
}

const char *zq_table_collation(const zq_table *table)
{
    return or_default(table->collation, ZQ_COLLATION);
}

bool zq_table_is_family(const zq_table *table)
{
    return strstr(table->name, ZQ_CODE) != NULL;
}

bool zq_table_is_meta(const zq_table *table)
{
    return strncmp(table->name, ZQ_META_PREFIX, strlen(ZQ_META_PREFIX)) == 0;
}

const zq_table *zq_schema_table(const zq_schema *schema, const char *name)
{
    for (size_t i = 0; i < schema->n_tables; i++)
        if (strcmp(schema->tables[i]->name, name) == 0)
            return schema->tables[i];
    return NULL;
}

void zq_schema_add(zq_schema *schema, const zq_table *table, zq_arena *arena)
{
    const zq_table **tables =
        zq_arena_grow(arena, (void *)schema->tables, sizeof *tables, schema->n_tables);

    tables[schema->n_tables++] = table;
    schema->tables = tables;
}

bool zq_column_is_generated(const zq_column *column)
{
    return column->generated != NULL && *column->generated != '\0';
}

bool zq_column_is_virtual(const zq_column *column)
{
    return zq_column_is_generated(column) && !(column->flags & ZQ_STORED);
}

const zq_column *zq_table_column(const zq_table *table, const char *name)
{
    for (size_t i = 0; i < table->n_columns; i++)
        if (strcmp(table->columns[i].name, name) == 0)
            return &table->columns[i];
    return NULL;
}

const zq_index *zq_table_index(const zq_table *table, const char *name)
{
    for (size_t i = 0; i < table->n_indexes; i++)
        if (strcmp(table->indexes[i].name, name) == 0)
            return &table->indexes[i];
    return NULL;
}

size_t zq_index_parts_count(const zq_key_part *parts)
{
    size_t n = 0;

    while (parts != NULL && (parts[n].column != NULL || parts[n].expression != NULL))
        n++;
    return n;
}

size_t zq_names_count(const char *const *names)
{
    size_t n = 0;

    while (names != NULL && names[n] != NULL)
        n++;
    return n;
}

bool zq_names_equal(const char *const *a, const char *const *b)
{
    size_t n = zq_names_count(a);

    if (n != zq_names_count(b))
        return false;
    for (size_t i = 0; i < n; i++)
        if (strcmp(a[i], b[i]) != 0)
            return false;
    return true;
}

bool zq_names_have(const char *const *names, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void zq_names_sort(const char **names, size_t n)
{
    if (n > 1)
        qsort((void *)names, n, sizeof *names, by_text);
}

bool zq_names_sorted_have(const char *const *names, size_t n, const char *name)
{
    return n > 0 && bsearch(&name, names, n, sizeof *names, by_text) != NULL;
}

const char *zq_column_charset(const zq_table *table, const zq_column *column)
{
    return zq_type_is_text(&column->type) ? or_default(column->charset, zq_table_charset(table))
                                          : "";
}

const char *zq_column_collation(const zq_table *table, const zq_column *column)
{
    return zq_type_is_text(&column->type) ? or_default(column->collation, zq_table_collation(table))
                                          : "";
}

void zq_type_write(zq_buf *out, const zq_type *type)
{
    zq_buf_str(out, zq_type_infos[type->kind].sql);
    switch (zq_type_infos[type->kind].args) {
    case ZQ_ARGS_NONE:
        break;
    case ZQ_ARGS_LENGTH:
        zq_buf_printf(out, "(%u)", type->length);
        break;
    case ZQ_ARGS_SCALE:
        zq_buf_printf(out, "(%u,%u)", type->length, type->scale);
        break;
    case ZQ_ARGS_FRACTION:
        if (type->length > 0)
            zq_buf_printf(out, "(%u)", type->length);
        break;
    case ZQ_ARGS_VALUES:
        write_values(out, type->values);
        break;
    }
    if (type->kind == ZQ_TYPE_OTHER)
        zq_buf_str(out, or_default(type->other, ""));
    if (type->is_unsigned && zq_type_is_number(type))
        zq_buf_str(out, " unsigned");
}

bool zq_type_equal(const zq_type *a, const zq_type *b)
{
    zq_type_args args = zq_type_infos[a->kind].args;

    if (a->kind != b->kind)
        return false;
    if (zq_type_is_number(a) && a->is_unsigned != b->is_unsigned)
        return false;
    if (args == ZQ_ARGS_VALUES)
        return zq_names_equal(a->values, b->values);
    if (args == ZQ_ARGS_SCALE && a->scale != b->scale)
        return false;
    if (args != ZQ_ARGS_NONE && a->length != b->length)
        return false;
    return a->kind != ZQ_TYPE_OTHER || same_text(a->other, b->other);
}

bool zq_type_is_text(const zq_type *type)
{
    switch (type->kind) {
    case ZQ_TYPE_CHAR:
    case ZQ_TYPE_VARCHAR:
    case ZQ_TYPE_TINYTEXT:
    case ZQ_TYPE_TEXT:
    case ZQ_TYPE_MEDIUMTEXT:
    case ZQ_TYPE_LONGTEXT:
    case ZQ_TYPE_ENUM:
    case ZQ_TYPE_SET:
        return true;
    default:
        return false;
    }
}

bool zq_type_is_long(const zq_type *type)
{
    return type->kind >= ZQ_TYPE_TINYTEXT && type->kind <= ZQ_TYPE_LONGBLOB;
}

bool zq_type_is_number(const zq_type *type)
{
    return type->kind <= ZQ_TYPE_DECIMAL;
}

const char *zq_rule_sql(zq_rule rule)
{
    static const char *const words[] = {
        [ZQ_RESTRICT] = "RESTRICT",
        [ZQ_CASCADE] = "CASCADE",
        [ZQ_SET_NULL] = "SET NULL",
        [ZQ_SET_DEFAULT] = "SET DEFAULT",
    };

    return words[rule];
}

const char *zq_index_kind_sql(zq_index_kind kind)
{
    static const char *const words[] = {
        [ZQ_PRIMARY] = "PRIMARY KEY",   [ZQ_UNIQUE] = "UNIQUE KEY",   [ZQ_INDEX] = "KEY",
        [ZQ_FULLTEXT] = "FULLTEXT KEY", [ZQ_SPATIAL] = "SPATIAL KEY",
    };

    return words[kind];
}
