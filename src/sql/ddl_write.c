/* Writes tables as statements that make them, with everything said that a server's own settings
 * could change.
 *
 * What one vendor does not have, or cannot write in this way, sticks as an error of the statement:
 * less than the model says is never made. MySQL takes a default of a TEXT, BLOB or JSON only as an
 * expression, so there a literal stands in parentheses. */
#include "sql/ddl_write.h"

static bool has(const char *text)
{
    return text != NULL && *text != '\0';
}

/* What follows each part of a list but the first. */
static void separate(zq_sql *sql, size_t i, const char *separator)
{
    if (i > 0)
        zq_sql_rawz(sql, separator);
}

static void write_idents(zq_sql *sql, const char *const *names)
{
    zq_sql_lit(sql, "(");
    for (size_t i = 0; names[i] != NULL; i++) {
        separate(sql, i, ",");
        zq_sql_ident(sql, names[i]);
    }
    zq_sql_lit(sql, ")");
}

/* Values are written here rather than by zq_type_write: only a string of SQL's own escapes the
 * backslash. */
static void write_type(zq_sql *sql, const zq_type *type)
{
    if (type->kind != ZQ_TYPE_ENUM && type->kind != ZQ_TYPE_SET) {
        zq_type_write(&sql->text, type);
        return;
    }
    zq_sql_rawz(sql, type->kind == ZQ_TYPE_ENUM ? "enum(" : "set(");
    for (size_t i = 0; type->values[i] != NULL; i++) {
        separate(sql, i, ",");
        zq_sql_str(sql, type->values[i]);
    }
    zq_sql_lit(sql, ")");
}

static void write_charset(zq_sql *sql, const zq_column *column)
{
    if (has(column->charset))
        zq_sql_add(sql, " CHARACTER SET %-s", column->charset);
    if (has(column->collation))
        zq_sql_add(sql, " COLLATE %-s", column->collation);
}

/* MySQL takes a default for these only as an expression (MySQL manual, 13.6 "Data Type Default
 * Values"); MariaDB takes both. */
static bool default_must_be_expression(const zq_type *type, zq_flavor flavor)
{
    return flavor == ZQ_MYSQL && (zq_type_is_long(type) || type->kind == ZQ_TYPE_JSON);
}

static void write_default(zq_sql *sql, const zq_column *column, zq_flavor flavor)
{
    bool expression = default_must_be_expression(&column->type, flavor);

    switch (column->def.kind) {
    case ZQ_DEFAULT_NONE:
        return;
    case ZQ_DEFAULT_EXPR:
        zq_sql_add(sql, " DEFAULT %-s", column->def.text);
        return;
    case ZQ_DEFAULT_LITERAL:
        zq_sql_add(sql, " DEFAULT %-s'%s'%-s", expression ? "(" : "", column->def.text,
                   expression ? ")" : "");
        return;
    }
}

/* MariaDB's grammar has neither NULL nor NOT NULL after a generated column. A nullable TIMESTAMP
 * says NULL, or becomes NOT NULL where explicit_defaults_for_timestamp is off. */
static void write_nullability(zq_sql *sql, const zq_column *column, zq_flavor flavor)
{
    if (has(column->generated) && flavor == ZQ_MARIADB) {
        if (column->flags & ZQ_NOT_NULL)
            zq_sql_refuse(sql, "MariaDB has no generated column that is NOT NULL", column->name);
        return;
    }
    if (column->flags & ZQ_NOT_NULL)
        zq_sql_lit(sql, " NOT NULL");
    else if (column->type.kind == ZQ_TYPE_TIMESTAMP)
        zq_sql_lit(sql, " NULL");
}

static void write_generated(zq_sql *sql, const zq_column *column)
{
    if (has(column->generated))
        zq_sql_add(sql, " GENERATED ALWAYS AS (%-s) %-s", column->generated,
                   column->flags & ZQ_STORED ? "STORED" : "VIRTUAL");
}

static void write_comment(zq_sql *sql, const char *before, const char *comment)
{
    if (has(comment))
        zq_sql_add(sql, "%-s'%s'", before, comment);
}

static void write_part(zq_sql *sql, const zq_key_part *part, zq_flavor flavor)
{
    if (part->column != NULL) {
        zq_sql_ident(sql, part->column);
    } else {
        if (flavor == ZQ_MARIADB)
            zq_sql_refuse(sql, "MariaDB has no index over an expression", part->expression);
        zq_sql_add(sql, "(%-s)", part->expression);
    }
    if (part->length > 0)
        zq_sql_add(sql, "(%u)", part->length);
    if (part->descending)
        zq_sql_lit(sql, " DESC");
}

static void write_rule(zq_sql *sql, const char *event, zq_rule rule)
{
    if (rule == ZQ_RESTRICT) /* what both servers do when nothing is said */
        return;
    zq_sql_add(sql, "%-s%-s", event, zq_rule_sql(rule));
}

static void write_database(zq_sql *sql, const char *verb, const char *name)
{
    zq_sql_add(sql, "%-s`%s` CHARACTER SET " ZQ_CHARSET " COLLATE " ZQ_COLLATION, verb, name);
}

void zq_ddl_create_database(zq_sql *sql, const char *name)
{
    write_database(sql, "CREATE DATABASE IF NOT EXISTS ", name);
}

void zq_ddl_alter_database(zq_sql *sql, const char *name)
{
    write_database(sql, "ALTER DATABASE ", name);
}

void zq_ddl_begin_script(zq_sql *sql, const char *database, bool create)
{
    zq_sql_add(sql, "%-s;\n", zq_session_sql());
    if (create) {
        zq_ddl_create_database(sql, database);
        zq_sql_lit(sql, ";\n");
    }
    zq_sql_add(sql, "USE `%s`;\n\n", database);
}

void zq_ddl_column(zq_sql *sql, const zq_column *column, zq_flavor flavor)
{
    zq_sql_ident(sql, column->name);
    zq_sql_lit(sql, " ");
    write_type(sql, &column->type);
    write_charset(sql, column);
    write_generated(sql, column);
    write_nullability(sql, column, flavor);
    write_default(sql, column, flavor);
    if (has(column->on_update))
        zq_sql_add(sql, " ON UPDATE %-s", column->on_update);
    if (column->flags & ZQ_AUTO_INCREMENT)
        zq_sql_lit(sql, " AUTO_INCREMENT");
    if (column->flags & ZQ_INVISIBLE)
        zq_sql_lit(sql, " INVISIBLE");
    write_comment(sql, " COMMENT ", column->comment);
}

void zq_ddl_index(zq_sql *sql, const zq_index *index, zq_flavor flavor)
{
    zq_sql_rawz(sql, zq_index_kind_sql(index->kind));
    if (index->kind != ZQ_PRIMARY)
        zq_sql_add(sql, " `%s`", index->name);
    zq_sql_lit(sql, " (");
    for (size_t i = 0; i < zq_index_parts_count(index->parts); i++) {
        separate(sql, i, ",");
        write_part(sql, &index->parts[i], flavor);
    }
    zq_sql_lit(sql, ")");
    if (has(index->parser))
        zq_sql_add(sql, " WITH PARSER `%s`", index->parser);
    if (index->flags & ZQ_INVISIBLE)
        zq_sql_rawz(sql, flavor == ZQ_MARIADB ? " IGNORED" : " INVISIBLE");
    write_comment(sql, " COMMENT ", index->comment);
}

void zq_ddl_rename_index(zq_sql *sql, const char *from, const char *to)
{
    zq_sql_add(sql, "RENAME INDEX `%s` TO `%s`", from, to);
}

void zq_ddl_foreign_key(zq_sql *sql, const zq_foreign_key *key)
{
    zq_sql_add(sql, "CONSTRAINT `%s` FOREIGN KEY ", key->name);
    write_idents(sql, key->columns);
    zq_sql_lit(sql, " REFERENCES ");
    if (has(key->ref_schema))
        zq_sql_add(sql, "`%s`.", key->ref_schema);
    zq_sql_add(sql, "`%s` ", key->ref_table);
    write_idents(sql, key->ref_columns);
    write_rule(sql, " ON DELETE ", key->on_delete);
    write_rule(sql, " ON UPDATE ", key->on_update);
}

static void write_table_options(zq_sql *sql, const zq_table *table)
{
    zq_sql_add(sql, "ENGINE=%-s DEFAULT CHARSET=%-s COLLATE=%-s", zq_table_engine(table),
               zq_table_charset(table), zq_table_collation(table));
    write_comment(sql, " COMMENT=", table->comment);
}

void zq_ddl_create_table(zq_sql *sql, const zq_table *table, bool if_not_exists, zq_flavor flavor)
{
    zq_sql_rawz(sql, if_not_exists ? "CREATE TABLE IF NOT EXISTS " : "CREATE TABLE ");
    zq_sql_ident(sql, table->name);
    zq_sql_lit(sql, " (");
    for (size_t i = 0; i < table->n_columns; i++) {
        zq_sql_rawz(sql, i == 0 ? "\n  " : ",\n  ");
        zq_ddl_column(sql, &table->columns[i], flavor);
    }
    for (size_t i = 0; i < table->n_indexes; i++) {
        zq_sql_lit(sql, ",\n  ");
        zq_ddl_index(sql, &table->indexes[i], flavor);
    }
    for (size_t i = 0; i < table->n_foreign_keys; i++) {
        zq_sql_lit(sql, ",\n  ");
        zq_ddl_foreign_key(sql, &table->foreign_keys[i]);
    }
    zq_sql_lit(sql, "\n) ");
    write_table_options(sql, table);
    if (table->n_extras > 0)
        zq_sql_refuse(sql, "a table has what the model cannot make", table->extras[0].text);
}
