#include "lint.h"

#include "model/family.h"

#include <string.h>
#include <strings.h>

enum {
    NAME_MAX_CHARS = 64, /* MySQL manual, 11.2.1 "Identifier Length Limits" */

    /* A code is what stands before the dot of a ts_code, a varchar(10). Release 0.3.0 has names of
     * indexes that are too long with a code of 20 characters, though those make good table names.
     */
    INDEX_CODE_MAX = 10,
};

/* Where we are, for messages. */
typedef struct place {
    const zq_schema *schema;
    const zq_table *table;
    zq_err *err;
} place;

#define FAIL(p, format, ...) \
    return zq_fail((p)->err, ZQ_E_MODEL, "table '%s': " format, (p)->table->name, __VA_ARGS__)

/* ---- names ---- */

static size_t count_chars(const char *text)
{
    size_t n = 0;

    for (; *text != '\0'; text++)
        n += ((unsigned char)*text & 0xC0) != 0x80;
    return n;
}

/* The length a name grows to with a code of `code_length` characters. */
static size_t expanded_length(const char *name, size_t code_length)
{
    size_t n = count_chars(name);
    size_t mark = strlen(ZQ_CODE);

    while ((name = strstr(name, ZQ_CODE)) != NULL) {
        n = n - mark + code_length;
        name += mark;
    }
    return n;
}

static zq_rc check_name(const place *p, const char *what, const char *name)
{
    if (name == NULL || *name == '\0')
        FAIL(p, "%s has no name", what);
    if (expanded_length(name, INDEX_CODE_MAX) > NAME_MAX_CHARS)
        FAIL(p, "%s '%s' has a name of more than %d characters", what, name, NAME_MAX_CHARS);
    if (strstr(name, ZQ_CODE) != NULL && !zq_table_is_family(p->table))
        FAIL(p, "%s '%s' has " ZQ_CODE " in its name, but the table is no family", what, name);
    return ZQ_OK;
}

/* ---- columns ---- */

static bool is_whole_text(const zq_type *type)
{
    return type->kind >= ZQ_TYPE_TINYTEXT && type->kind <= ZQ_TYPE_LONGBLOB;
}

static bool can_count(const zq_type *type)
{
    return type->kind <= ZQ_TYPE_DOUBLE;
}

static bool leads_an_index(const zq_table *table, const char *const *columns)
{
    size_t n = zq_names_count(columns);

    for (size_t i = 0; i < table->n_indexes; i++) {
        const zq_index *index = &table->indexes[i];
        size_t same = 0;

        if (index->kind == ZQ_FULLTEXT || index->kind == ZQ_SPATIAL)
            continue;
        while (same < n && same < zq_index_parts_count(index->parts) &&
               index->parts[same].column != NULL && index->parts[same].length == 0 &&
               strcasecmp(index->parts[same].column, columns[same]) == 0)
            same++;
        if (same == n)
            return true;
    }
    return false;
}

static zq_rc check_type(const place *p, const zq_column *column)
{
    const zq_type *type = &column->type;
    zq_type_args args = zq_type_infos[type->kind].args;

    if ((args == ZQ_ARGS_SCALE || type->kind == ZQ_TYPE_BIT) && type->length == 0)
        FAIL(p, "column '%s' has a type without digits", column->name);
    if (args == ZQ_ARGS_SCALE && type->scale > type->length)
        FAIL(p, "column '%s' has more places than digits", column->name);
    if (args == ZQ_ARGS_FRACTION && type->length > 6)
        FAIL(p, "column '%s' has more than 6 digits of a second", column->name);
    if (args == ZQ_ARGS_VALUES && zq_names_count(type->values) == 0)
        FAIL(p, "column '%s' has a type without values", column->name);
    if (type->kind == ZQ_TYPE_OTHER && (type->other == NULL || *type->other == '\0'))
        FAIL(p, "column '%s' has no type", column->name);
    return ZQ_OK;
}

static zq_rc check_auto_increment(const place *p, const zq_column *column)
{
    if (!(column->flags & ZQ_AUTO_INCREMENT))
        return ZQ_OK;
    if (column->def.kind != ZQ_DEFAULT_NONE)
        FAIL(p, "column '%s' has both a default and AUTO_INCREMENT", column->name);
    if (!can_count(&column->type))
        FAIL(p, "column '%s' has AUTO_INCREMENT on a type that cannot count", column->name);
    if (!leads_an_index(p->table, ZQ_COLS(column->name)))
        FAIL(p, "column '%s' has AUTO_INCREMENT and is first in no index", column->name);
    for (const zq_column *other = p->table->columns; other < column; other++)
        if (other->flags & ZQ_AUTO_INCREMENT)
            FAIL(p, "columns '%s' and '%s' both have AUTO_INCREMENT", other->name, column->name);
    return ZQ_OK;
}

static zq_rc check_column(const place *p, const zq_column *column)
{
    ZQ_TRY(check_name(p, "column", column->name));
    for (const zq_column *other = p->table->columns; other < column; other++)
        if (strcasecmp(other->name, column->name) == 0)
            FAIL(p, "column '%s' is there twice", column->name);
    ZQ_TRY(check_type(p, column));
    if (column->generated != NULL && *column->generated != '\0' &&
        (column->def.kind != ZQ_DEFAULT_NONE || column->flags & ZQ_AUTO_INCREMENT))
        FAIL(p, "column '%s' is generated and has a value of its own", column->name);
    return check_auto_increment(p, column);
}

static zq_rc check_columns(const place *p)
{
    if (p->table->n_columns == 0)
        FAIL(p, "%s", "it has no columns");
    for (size_t i = 0; i < p->table->n_columns; i++)
        ZQ_TRY(check_column(p, &p->table->columns[i]));
    return ZQ_OK;
}

/* ---- indexes ---- */

static const zq_column *find_column(const zq_table *table, const char *name)
{
    for (size_t i = 0; i < table->n_columns; i++)
        if (strcasecmp(table->columns[i].name, name) == 0)
            return &table->columns[i];
    return NULL;
}

static zq_rc check_part(const place *p, const zq_index *index, const zq_key_part *part)
{
    const zq_column *column;

    if (part->column == NULL)
        return ZQ_OK;
    column = find_column(p->table, part->column);
    if (column == NULL)
        FAIL(p, "index '%s' is on column '%s', which is not there", index->name, part->column);
    for (const zq_key_part *other = index->parts; other < part; other++)
        if (other->column != NULL && strcasecmp(other->column, part->column) == 0)
            FAIL(p, "index '%s' is on column '%s' twice", index->name, part->column);
    if (index->kind == ZQ_PRIMARY && !(column->flags & ZQ_NOT_NULL))
        FAIL(p, "the primary key is on column '%s', which can be NULL", part->column);
    if (is_whole_text(&column->type) && part->length == 0 && index->kind != ZQ_FULLTEXT)
        FAIL(p, "index '%s' needs a length for column '%s'", index->name, part->column);
    return ZQ_OK;
}

static zq_rc check_index(const place *p, const zq_index *index)
{
    ZQ_TRY(check_name(p, "index", index->name));
    for (const zq_index *other = p->table->indexes; other < index; other++)
        if (strcasecmp(other->name, index->name) == 0)
            FAIL(p, "index '%s' is there twice", index->name);
    if ((index->kind == ZQ_PRIMARY) != (strcmp(index->name, "PRIMARY") == 0))
        FAIL(p, "index '%s': the primary key, and no other, is called PRIMARY", index->name);
    if (zq_index_parts_count(index->parts) == 0)
        FAIL(p, "index '%s' has no columns", index->name);
    for (size_t i = 0; i < zq_index_parts_count(index->parts); i++)
        ZQ_TRY(check_part(p, index, &index->parts[i]));
    return ZQ_OK;
}

static zq_rc check_indexes(const place *p)
{
    for (size_t i = 0; i < p->table->n_indexes; i++)
        ZQ_TRY(check_index(p, &p->table->indexes[i]));
    return ZQ_OK;
}

/* ---- foreign keys ---- */

/* InnoDB wants the same type; texts may differ in length, not in collation (MySQL manual, 15.1.20.5
 * "FOREIGN KEY Constraints"). */
static bool types_fit(const zq_table *table, const zq_column *column, const zq_table *target,
                      const zq_column *ref)
{
    if (zq_type_is_text(&column->type) && zq_type_is_text(&ref->type))
        return strcmp(zq_column_collation(table, column), zq_column_collation(target, ref)) == 0;
    return zq_type_equal(&column->type, &ref->type);
}

static zq_rc check_key_column(const place *p, const zq_foreign_key *key, const zq_table *target,
                              size_t i)
{
    const zq_column *column = find_column(p->table, key->columns[i]);
    const zq_column *ref = find_column(target, key->ref_columns[i]);

    if (column == NULL)
        FAIL(p, "foreign key '%s' is on column '%s', which is not there", key->name,
             key->columns[i]);
    if (ref == NULL)
        FAIL(p, "foreign key '%s' refers to column '%s' of '%s', which is not there", key->name,
             key->ref_columns[i], target->name);
    if (!types_fit(p->table, column, target, ref))
        FAIL(p, "foreign key '%s': column '%s' and column '%s' of '%s' differ in type", key->name,
             column->name, ref->name, target->name);
    if ((key->on_delete == ZQ_SET_NULL || key->on_update == ZQ_SET_NULL) &&
        column->flags & ZQ_NOT_NULL)
        FAIL(p, "foreign key '%s' sets column '%s' to NULL, which it cannot be", key->name,
             column->name);
    return ZQ_OK;
}

static zq_rc check_target(const place *p, const zq_foreign_key *key)
{
    const zq_table *target = zq_schema_table(p->schema, key->ref_table);

    if (target == NULL)
        FAIL(p, "foreign key '%s' refers to table '%s', which is not there", key->name,
             key->ref_table);
    for (size_t i = 0; i < zq_names_count(key->columns); i++)
        ZQ_TRY(check_key_column(p, key, target, i));
    if (!leads_an_index(target, key->ref_columns))
        FAIL(p, "foreign key '%s' refers to columns of '%s' that no index begins with", key->name,
             target->name);
    return ZQ_OK;
}

static zq_rc check_key_name(const place *p, const zq_foreign_key *key)
{
    ZQ_TRY(check_name(p, "foreign key", key->name));
    if (zq_table_is_family(p->table) && strstr(key->name, ZQ_CODE) == NULL)
        FAIL(p, "foreign key '%s' would have the same name in every member of the family",
             key->name);
    for (size_t t = 0; t < p->schema->n_tables; t++) {
        const zq_table *table = p->schema->tables[t];

        for (size_t i = 0; i < table->n_foreign_keys; i++) {
            if (&table->foreign_keys[i] == key)
                return ZQ_OK;
            if (strcasecmp(table->foreign_keys[i].name, key->name) == 0)
                FAIL(p, "foreign key '%s' is there twice", key->name);
        }
    }
    return ZQ_OK;
}

static zq_rc check_foreign_keys(const place *p)
{
    for (size_t i = 0; i < p->table->n_foreign_keys; i++) {
        const zq_foreign_key *key = &p->table->foreign_keys[i];
        size_t n = zq_names_count(key->columns);

        ZQ_TRY(check_key_name(p, key));
        if (n == 0 || n != zq_names_count(key->ref_columns))
            FAIL(p, "foreign key '%s' does not pair its columns", key->name);
        if (key->ref_schema == NULL)
            ZQ_TRY(check_target(p, key));
        if (!leads_an_index(p->table, key->columns))
            FAIL(p, "foreign key '%s' has no index on its columns", key->name);
    }
    return ZQ_OK;
}

/* ---- tables ---- */

static zq_rc check_table_name(const place *p)
{
    const char *name = p->table->name;
    const char *mark = name == NULL ? NULL : strstr(name, ZQ_CODE);

    if (name == NULL || *name == '\0')
        return zq_fail(p->err, ZQ_E_MODEL, "a table has no name");
    if (expanded_length(name, ZQ_CODE_MAX) > NAME_MAX_CHARS)
        FAIL(p, "its name has more than %d characters", NAME_MAX_CHARS);
    if (mark != NULL && (mark == name || mark[strlen(ZQ_CODE)] != '\0'))
        FAIL(p, "the name of a family has a prefix and ends in %s", ZQ_CODE);
    for (size_t i = 0; p->schema->tables[i] != p->table; i++)
        if (strcmp(p->schema->tables[i]->name, name) == 0)
            return zq_fail(p->err, ZQ_E_MODEL, "table '%s' is there twice", name);
    return ZQ_OK;
}

zq_rc zq_schema_lint(const zq_schema *schema, zq_err *err)
{
    static zq_rc (*const checks[])(const place *) = {
        check_table_name,
        check_columns,
        check_indexes,
        check_foreign_keys,
    };

    /* All tables pass one check before any meets the next: a target's name is known to be good. */
    for (size_t c = 0; c < ZQ_LEN(checks); c++)
        for (size_t t = 0; t < schema->n_tables; t++)
            ZQ_TRY(checks[c](&(place){schema, schema->tables[t], err}));
    return ZQ_OK;
}
