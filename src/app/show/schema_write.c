#include "app/show/schema_write.h"

#include "app/show/json.h"
#include "base/text.h"
#include "model/canon.h"
#include "sql/ddl_write.h"

#include <stdlib.h>
#include <string.h>

static int by_name(const void *a, const void *b)
{
    return strcmp((*(const zq_table *const *)a)->name, (*(const zq_table *const *)b)->name);
}

const zq_table *const *zq_schema_write_order(const zq_schema *schema, zq_arena *arena)
{
    const zq_table **tables = ZQ_NEW_ARRAY(arena, const zq_table *, schema->n_tables + 1);
    size_t n = 0;

    for (size_t i = 0; i < schema->n_tables; i++) {
        if (!zq_table_is_meta(schema->tables[i]))
            tables[n++] = schema->tables[i];
    }
    qsort(tables, n, sizeof *tables, by_name);
    return tables;
}

/* ---- SQL ---- */

static void comment_lines(zq_buf *out, const char *text)
{
    for (const char *end; *text != '\0'; text = *end == '\0' ? end : end + 1) {
        end = text + strcspn(text, "\n");
        zq_comment(out, "%.*s", (int)(end - text), text);
    }
}

static zq_rc write_create(zq_buf *out, const zq_table *table, zq_flavor flavor, zq_err *err)
{
    ZQ_AUTO_SQL(sql);
    zq_table plain = *table;
    const char *text;

    plain.n_extras = 0;
    zq_ddl_create_table(&sql, &plain, false, flavor);
    zq_sql_lit(&sql, ";\n");
    if (zq_sql_finish(&sql, &text, err) != ZQ_OK)
        return zq_err_prefix(err, "table '%s' ", table->name);
    zq_buf_char(out, '\n');
    for (size_t i = 0; i < table->n_extras; i++)
        zq_comment(out, "left out: %s %s: %s", table->extras[i].kind,
                   table->extras[i].name != NULL ? table->extras[i].name : "",
                   table->extras[i].text);
    if (!zq_table_is_family(table)) {
        zq_buf_str(out, text);
        return ZQ_OK;
    }
    zq_comment(out, "The application makes one such table for each stock:");
    comment_lines(out, text);
    return ZQ_OK;
}

zq_rc zq_schema_write_sql(zq_buf *out, const zq_schema *schema, zq_flavor flavor, zq_arena *arena,
                          zq_err *err)
{
    const zq_table *const *tables = zq_schema_write_order(schema, arena);

    zq_buf_str(out, zq_session_sql());
    zq_buf_str(out, ";\nSET foreign_key_checks = 0;\n");
    for (size_t i = 0; tables[i] != NULL; i++)
        ZQ_TRY(write_create(out, tables[i], flavor, err));
    zq_buf_str(out, "\nSET foreign_key_checks = 1;\n");
    return ZQ_OK;
}

/* ---- JSON ---- */

static json_t *column_json(const zq_table *table, const zq_column *c)
{
    ZQ_AUTO_BUF(type);

    zq_type_write(&type, &c->type);
    return json_pack(
        "{s:s, s:s, s:b, s:b, s:o, s:o, s:o, s:o, s:b, s:b, s:o, s:o, s:o}", "name", c->name,
        "type", c->type.kind == ZQ_TYPE_OTHER ? c->type.other : zq_buf_text(&type), "not_null",
        (c->flags & ZQ_NOT_NULL) != 0, "auto_increment", (c->flags & ZQ_AUTO_INCREMENT) != 0,
        "default", c->def.kind == ZQ_DEFAULT_LITERAL ? json_string(c->def.text) : json_null(),
        "default_sql", c->def.kind == ZQ_DEFAULT_EXPR ? json_string(c->def.text) : json_null(),
        "on_update", zq_json_text(c->on_update), "generated", zq_json_text(c->generated), "stored",
        (c->flags & ZQ_STORED) != 0, "invisible", (c->flags & ZQ_INVISIBLE) != 0, "charset",
        zq_json_text(zq_column_charset(table, c)), "collation",
        zq_json_text(zq_column_collation(table, c)), "comment", zq_json_text(c->comment));
}

static json_t *index_json(const zq_index *index)
{
    json_t *parts = json_array();

    for (size_t i = 0; i < zq_index_parts_count(index->parts); i++) {
        const zq_key_part *p = &index->parts[i];

        json_array_append_new(parts,
                              json_pack("{s:o, s:o, s:o, s:b}", "column", zq_json_text(p->column),
                                        "expression", zq_json_text(p->expression), "length",
                                        p->length > 0 ? json_integer(p->length) : json_null(),
                                        "descending", p->descending));
    }
    return json_pack("{s:s, s:s, s:o, s:b, s:o, s:o}", "name", index->name, "kind",
                     zq_index_kind_sql(index->kind), "parts", parts, "invisible",
                     (index->flags & ZQ_INVISIBLE) != 0, "parser", zq_json_text(index->parser),
                     "comment", zq_json_text(index->comment));
}

static json_t *key_json(const zq_foreign_key *key)
{
    return json_pack("{s:s, s:o, s:o, s:s, s:o, s:s, s:s}", "name", key->name, "columns",
                     zq_json_names(key->columns, zq_names_count(key->columns)),
                     "references_database", zq_json_text(key->ref_schema), "references",
                     key->ref_table, "references_columns",
                     zq_json_names(key->ref_columns, zq_names_count(key->ref_columns)), "on_update",
                     zq_rule_sql(key->on_update), "on_delete", zq_rule_sql(key->on_delete));
}

static json_t *table_json(const zq_table *t)
{
    json_t *columns = json_array(), *indexes = json_array(), *keys = json_array();
    json_t *extras = json_array();

    for (size_t i = 0; i < t->n_columns; i++)
        json_array_append_new(columns, column_json(t, &t->columns[i]));
    for (size_t i = 0; i < t->n_indexes; i++)
        json_array_append_new(indexes, index_json(&t->indexes[i]));
    for (size_t i = 0; i < t->n_foreign_keys; i++)
        json_array_append_new(keys, key_json(&t->foreign_keys[i]));
    for (size_t i = 0; i < t->n_extras; i++)
        json_array_append_new(extras,
                              json_pack("{s:s, s:s?, s:s?}", "kind", t->extras[i].kind, "name",
                                        t->extras[i].name, "text", t->extras[i].text));
    return json_pack("{s:s, s:b, s:b, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o}", "name", t->name,
                     "family", zq_table_is_family(t), "open", t->open, "engine", zq_table_engine(t),
                     "charset", zq_table_charset(t), "collation", zq_table_collation(t), "comment",
                     zq_json_text(t->comment), "columns", columns, "indexes", indexes,
                     "foreign_keys", keys, "extras", extras);
}

void *zq_schema_write_json(const zq_schema *schema, zq_arena *arena)
{
    const zq_table *const *tables = zq_schema_write_order(schema, arena);
    json_t *list = json_array();
    char id[ZQ_DIGEST_HEX];

    zq_canon_id(schema, id);
    for (size_t i = 0; tables[i] != NULL; i++)
        json_array_append_new(list, table_json(tables[i]));
    return json_pack("{s:s, s:o}", "schema_id", id, "tables", list);
}
