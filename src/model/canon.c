/* Writes a schema as its one text (docs/canonical-form.md).
 *
 * Whatever has no order is sorted by its bytes, and whatever goes without saying is left out, so
 * that equal schemas have equal texts. The schema id is a digest of it and is recorded in
 * databases: a change here makes all of them unknown. */
#include "model/canon.h"

#include "model/quote.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static bool has(const char *text)
{
    return text != NULL && *text != '\0';
}

/* ---- words of a line ---- */

static void word(zq_buf *out, const char *text)
{
    zq_buf_char(out, ' ');
    zq_buf_str(out, text);
}

static void lower_word(zq_buf *out, const char *sql)
{
    zq_buf_char(out, ' ');
    for (; *sql != '\0'; sql++)
        zq_buf_char(out, (char)tolower((unsigned char)*sql));
}

static void word_name(zq_buf *out, const char *keyword, const char *name)
{
    word(out, keyword);
    zq_buf_char(out, ' ');
    zq_quote_name(out, name);
}

static void word_quoted(zq_buf *out, const char *keyword, char quote, const char *text)
{
    word(out, keyword);
    zq_buf_char(out, ' ');
    zq_quote(out, quote, text);
}

static void names(zq_buf *out, const char *const *list)
{
    zq_buf_str(out, " (");
    for (size_t i = 0; list != NULL && list[i] != NULL; i++) {
        zq_buf_str(out, i > 0 ? ", " : "");
        zq_quote_name(out, list[i]);
    }
    zq_buf_char(out, ')');
}

static void parts(zq_buf *out, const zq_key_part *list)
{
    size_t n = zq_index_parts_count(list);

    zq_buf_str(out, " (");
    for (size_t i = 0; i < n; i++) {
        zq_buf_str(out, i > 0 ? ", " : "");
        if (list[i].column != NULL)
            zq_quote_name(out, list[i].column);
        else
            zq_quote(out, '"', list[i].expression);
        if (list[i].length > 0)
            zq_buf_printf(out, "(%u)", list[i].length);
        if (list[i].descending)
            word(out, "desc");
    }
    zq_buf_char(out, ')');
}

static void values(zq_buf *out, const char *keyword, const char *const *list)
{
    word(out, keyword);
    zq_buf_char(out, '(');
    for (size_t i = 0; list != NULL && list[i] != NULL; i++) {
        zq_buf_str(out, i > 0 ? ", " : "");
        zq_quote(out, '\'', list[i]);
    }
    zq_buf_char(out, ')');
}

/* ---- lines ---- */

static void write_type(zq_buf *out, const zq_type *type)
{
    switch (type->kind) {
    case ZQ_TYPE_ENUM:
        values(out, "enum", type->values);
        break;
    case ZQ_TYPE_SET:
        values(out, "set", type->values);
        break;
    case ZQ_TYPE_OTHER:
        word_quoted(out, "other", '"', type->other);
        break;
    default:
        zq_buf_char(out, ' ');
        zq_type_write(out, type);
    }
}

static void write_default(zq_buf *out, const zq_default *def)
{
    if (def->kind == ZQ_DEFAULT_LITERAL)
        word_quoted(out, "default", '\'', def->text);
    else if (def->kind == ZQ_DEFAULT_EXPR)
        word_quoted(out, "default", '"', def->text);
}

/* What a table, a column or an index was called before: the id leaves it out. */
static void write_was(zq_buf *out, const char *was)
{
    if (has(was))
        word_name(out, "was", was);
}

static void write_column(zq_buf *out, const zq_table *table, const zq_column *column,
                         bool annotated)
{
    const char *charset = zq_column_charset(table, column);
    const char *collation = zq_column_collation(table, column);

    zq_buf_char(out, ' ');
    word_name(out, "column", column->name);
    write_type(out, &column->type);
    if (has(charset) && strcmp(charset, zq_table_charset(table)) != 0)
        word_name(out, "charset", charset);
    if (has(collation) && strcmp(collation, zq_table_collation(table)) != 0)
        word_name(out, "collate", collation);
    if (has(column->generated)) {
        word_quoted(out, "as", '"', column->generated);
        word(out, column->flags & ZQ_STORED ? "stored" : "virtual");
    }
    if (column->flags & ZQ_NOT_NULL)
        word(out, "not null");
    if (column->flags & ZQ_AUTO_INCREMENT)
        word(out, "auto_increment");
    write_default(out, &column->def);
    if (has(column->on_update))
        word_quoted(out, "on update", '"', column->on_update);
    if (column->flags & ZQ_INVISIBLE)
        word(out, "invisible");
    if (has(column->comment))
        word_quoted(out, "comment", '\'', column->comment);
    if (annotated)
        write_was(out, column->was);
    zq_buf_char(out, '\n');
}

static void write_index(zq_buf *out, const zq_index *index, bool annotated)
{
    zq_buf_char(out, ' ');
    lower_word(out, zq_index_kind_sql(index->kind));
    if (index->kind != ZQ_PRIMARY || strcmp(index->name, "PRIMARY") != 0) {
        zq_buf_char(out, ' ');
        zq_quote_name(out, index->name);
    }
    parts(out, index->parts);
    if (has(index->parser))
        word_name(out, "parser", index->parser);
    if (index->flags & ZQ_INVISIBLE)
        word(out, "invisible");
    if (has(index->comment))
        word_quoted(out, "comment", '\'', index->comment);
    if (annotated)
        write_was(out, index->was);
    zq_buf_char(out, '\n');
}

static void write_foreign_key(zq_buf *out, const zq_foreign_key *key)
{
    zq_buf_char(out, ' ');
    word_name(out, "foreign key", key->name);
    names(out, key->columns);
    word(out, "references ");
    if (has(key->ref_schema)) {
        zq_quote_name(out, key->ref_schema);
        zq_buf_char(out, '.');
    }
    zq_quote_name(out, key->ref_table);
    names(out, key->ref_columns);
    if (key->on_update != ZQ_RESTRICT) {
        word(out, "on update");
        lower_word(out, zq_rule_sql(key->on_update));
    }
    if (key->on_delete != ZQ_RESTRICT) {
        word(out, "on delete");
        lower_word(out, zq_rule_sql(key->on_delete));
    }
    zq_buf_char(out, '\n');
}

static void write_extra(zq_buf *out, const zq_extra *extra)
{
    zq_buf_char(out, ' ');
    word_name(out, "extra", extra->kind);
    if (has(extra->name)) {
        zq_buf_char(out, ' ');
        zq_quote_name(out, extra->name);
    }
    zq_buf_char(out, ' ');
    zq_quote(out, '"', extra->text);
    zq_buf_char(out, '\n');
}

/* A line of its own, which the id leaves out. */
static void write_open(zq_buf *out, const zq_table *table)
{
    if (table->open)
        zq_buf_str(out, "  open\n");
}

static void write_head(zq_buf *out, const zq_table *table, bool annotated)
{
    zq_buf_str(out, "table ");
    zq_quote_name(out, table->name);
    word_name(out, "engine", zq_table_engine(table));
    word_name(out, "charset", zq_table_charset(table));
    word_name(out, "collate", zq_table_collation(table));
    if (has(table->comment))
        word_quoted(out, "comment", '\'', table->comment);
    if (annotated)
        write_was(out, table->was);
    zq_buf_char(out, '\n');
}

/* ---- order ---- */

static const char *text_of(const char *text)
{
    return text != NULL ? text : "";
}

static int by_index_name(const void *a, const void *b)
{
    return strcmp((*(const zq_index *const *)a)->name, (*(const zq_index *const *)b)->name);
}

static int by_key_name(const void *a, const void *b)
{
    return strcmp((*(const zq_foreign_key *const *)a)->name,
                  (*(const zq_foreign_key *const *)b)->name);
}

static int by_extra(const void *a, const void *b)
{
    const zq_extra *x = *(const zq_extra *const *)a, *y = *(const zq_extra *const *)b;
    int order = strcmp(text_of(x->kind), text_of(y->kind));

    if (order == 0)
        order = strcmp(text_of(x->name), text_of(y->name));
    return order != 0 ? order : strcmp(text_of(x->text), text_of(y->text));
}

static int by_table_name(const void *a, const void *b)
{
    return strcmp((*(const zq_table *const *)a)->name, (*(const zq_table *const *)b)->name);
}

/* Pointers to the `n` items of `size` bytes from `items`, sorted. */
static const void **sorted(zq_arena *arena, const void *items, size_t n, size_t size,
                           int (*order)(const void *, const void *))
{
    const void **list = ZQ_NEW_ARRAY(arena, const void *, n);

    for (size_t i = 0; i < n; i++)
        list[i] = (const char *)items + i * size;
    if (n > 1)
        qsort(list, n, sizeof *list, order);
    return list;
}

/* ---- the form ---- */

static void write_lines(zq_buf *out, const zq_table *table, bool annotated)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const void **list;

    for (size_t i = 0; i < table->n_columns; i++)
        write_column(out, table, &table->columns[i], annotated);
    list = sorted(arena, table->indexes, table->n_indexes, sizeof(zq_index), by_index_name);
    for (size_t i = 0; i < table->n_indexes; i++)
        write_index(out, list[i], annotated);
    list = sorted(arena, table->foreign_keys, table->n_foreign_keys, sizeof(zq_foreign_key),
                  by_key_name);
    for (size_t i = 0; i < table->n_foreign_keys; i++)
        write_foreign_key(out, list[i]);
    list = sorted(arena, table->extras, table->n_extras, sizeof(zq_extra), by_extra);
    for (size_t i = 0; i < table->n_extras; i++)
        write_extra(out, list[i]);
}

static void write_schema(zq_buf *out, const zq_schema *schema, bool annotated)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const zq_table **list = ZQ_NEW_ARRAY(arena, const zq_table *, schema->n_tables);
    size_t n = 0;

    for (size_t i = 0; i < schema->n_tables; i++)
        if (!zq_table_is_meta(schema->tables[i]))
            list[n++] = schema->tables[i];
    if (n > 1)
        qsort(list, n, sizeof *list, by_table_name);
    for (size_t i = 0; i < n; i++) {
        zq_buf_str(out, i > 0 ? "\n" : "");
        write_head(out, list[i], annotated);
        if (annotated)
            write_open(out, list[i]);
        write_lines(out, list[i], annotated);
    }
}

void zq_canon_table(zq_buf *out, const zq_table *table)
{
    write_head(out, table, false);
    write_lines(out, table, false);
}

void zq_canon_schema(zq_buf *out, const zq_schema *schema)
{
    write_schema(out, schema, true);
}

void zq_canon_id(const zq_schema *schema, char out_id[ZQ_DIGEST_HEX])
{
    ZQ_AUTO_BUF(text);

    write_schema(&text, schema, false);
    zq_digest_hex(zq_buf_text(&text), text.length, out_id);
}
