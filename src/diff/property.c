/* The words for each property; and comparison, which is comparison of those words.
 *
 * Words cost a little memory and time; in return nothing can differ without being said, or be said
 * without differing. */
#include "diff/property.h"

#include "base/err.h"
#include "model/quote.h"

#include <string.h>

/* ---- words ---- */

static bool has(const char *text)
{
    return text != NULL && *text != '\0';
}

static void write_names(zq_buf *out, const char *const *names)
{
    zq_buf_char(out, '(');
    for (size_t i = 0; names[i] != NULL; i++) {
        if (i > 0)
            zq_buf_str(out, ", ");
        zq_quote_name(out, names[i]);
    }
    zq_buf_char(out, ')');
}

static void write_comment(zq_buf *out, const char *comment)
{
    zq_buf_str(out, has(comment) ? "comment " : "no comment");
    if (has(comment))
        zq_quote(out, '\'', comment);
}

/* ---- tables ---- */

static void table_engine(zq_buf *out, const zq_table *table, ZQ_UNUSED const void *object)
{
    zq_buf_printf(out, "engine %s", zq_table_engine(table));
}

static void table_charset(zq_buf *out, const zq_table *table, ZQ_UNUSED const void *object)
{
    zq_buf_printf(out, "charset %s", zq_table_charset(table));
}

static void table_collation(zq_buf *out, const zq_table *table, ZQ_UNUSED const void *object)
{
    zq_buf_printf(out, "collation %s", zq_table_collation(table));
}

static void table_comment(zq_buf *out, const zq_table *table, ZQ_UNUSED const void *object)
{
    write_comment(out, table->comment);
}

static const zq_property table_properties[] = {
    {ZQ_DIFF_ENGINE, table_engine, false},
    {ZQ_DIFF_CHARSET, table_charset, false},
    {ZQ_DIFF_COLLATION, table_collation, false},
    {ZQ_DIFF_COMMENT, table_comment, false},
};

/* ---- columns ---- */

static void column_type(zq_buf *out, ZQ_UNUSED const zq_table *table, const void *object)
{
    const zq_column *column = object;

    if (column->type.kind == ZQ_TYPE_OTHER) /* quoted: it may look like a type that we know */
        zq_quote(out, '"', column->type.other);
    else
        zq_type_write(out, &column->type);
}

static void column_charset(zq_buf *out, const zq_table *table, const void *object)
{
    const zq_column *column = object;

    if (zq_type_is_text(&column->type))
        zq_buf_printf(out, "charset %s", zq_column_charset(table, column));
}

static void column_collation(zq_buf *out, const zq_table *table, const void *object)
{
    const zq_column *column = object;

    if (zq_type_is_text(&column->type))
        zq_buf_printf(out, "collation %s", zq_column_collation(table, column));
}

static void column_generated(zq_buf *out, ZQ_UNUSED const zq_table *table, const void *object)
{
    const zq_column *column = object;

    if (!has(column->generated))
        zq_buf_str(out, "not generated");
    else
        zq_buf_printf(out, "generated as (%s) %s", column->generated,
                      column->flags & ZQ_STORED ? "stored" : "virtual");
}

static void column_null(zq_buf *out, ZQ_UNUSED const zq_table *table, const void *object)
{
    const zq_column *column = object;

    zq_buf_str(out, column->flags & ZQ_NOT_NULL ? "NOT NULL" : "NULL");
}

static void column_default(zq_buf *out, ZQ_UNUSED const zq_table *table, const void *object)
{
    const zq_column *column = object;

    switch (column->def.kind) {
    case ZQ_DEFAULT_NONE:
        zq_buf_str(out, "no default");
        return;
    case ZQ_DEFAULT_LITERAL:
        zq_buf_str(out, "default ");
        zq_quote(out, '\'', column->def.text);
        return;
    case ZQ_DEFAULT_EXPR:
        zq_buf_printf(out, "default %s", column->def.text);
        return;
    }
}

static void column_on_update(zq_buf *out, ZQ_UNUSED const zq_table *table, const void *object)
{
    const zq_column *column = object;

    if (!has(column->on_update))
        zq_buf_str(out, "no on update");
    else
        zq_buf_printf(out, "on update %s", column->on_update);
}

static void column_auto_increment(zq_buf *out, ZQ_UNUSED const zq_table *table, const void *object)
{
    const zq_column *column = object;

    zq_buf_str(out, column->flags & ZQ_AUTO_INCREMENT ? "auto_increment" : "no auto_increment");
}

static void column_visible(zq_buf *out, ZQ_UNUSED const zq_table *table, const void *object)
{
    const zq_column *column = object;

    zq_buf_str(out, column->flags & ZQ_INVISIBLE ? "invisible" : "visible");
}

static void column_comment(zq_buf *out, ZQ_UNUSED const zq_table *table, const void *object)
{
    const zq_column *column = object;

    write_comment(out, column->comment);
}

static const zq_property column_properties[] = {
    {ZQ_DIFF_TYPE, column_type, true},
    {ZQ_DIFF_CHARSET, column_charset, false},
    {ZQ_DIFF_COLLATION, column_collation, false},
    {ZQ_DIFF_GENERATED, column_generated, false},
    {ZQ_DIFF_NULL, column_null, true},
    {ZQ_DIFF_DEFAULT, column_default, false},
    {ZQ_DIFF_ON_UPDATE, column_on_update, false},
    {ZQ_DIFF_AUTO_INCREMENT, column_auto_increment, false},
    {ZQ_DIFF_VISIBLE, column_visible, false},
    {ZQ_DIFF_COMMENT, column_comment, false},
};

/* ---- indexes ---- */

static void index_kind(zq_buf *out, ZQ_UNUSED const zq_table *table, const void *object)
{
    static const char *const words[] = {"primary", "unique", "not unique", "fulltext", "spatial"};
    const zq_index *index = object;

    zq_buf_str(out, words[index->kind]);
}

static void write_part(zq_buf *out, const zq_key_part *part)
{
    if (part->column != NULL)
        zq_quote_name(out, part->column);
    else
        zq_buf_printf(out, "(%s)", part->expression);
    if (part->length > 0)
        zq_buf_printf(out, "(%u)", part->length);
    if (part->descending)
        zq_buf_str(out, " desc");
}

static void index_parts(zq_buf *out, ZQ_UNUSED const zq_table *table, const void *object)
{
    const zq_index *index = object;

    zq_buf_str(out, "on (");
    for (size_t i = 0; i < zq_index_parts_count(index->parts); i++) {
        if (i > 0)
            zq_buf_str(out, ", ");
        write_part(out, &index->parts[i]);
    }
    zq_buf_char(out, ')');
}

static void index_parser(zq_buf *out, ZQ_UNUSED const zq_table *table, const void *object)
{
    const zq_index *index = object;

    if (!has(index->parser))
        zq_buf_str(out, "the built-in parser");
    else
        zq_buf_printf(out, "parser %s", index->parser);
}

static void index_visible(zq_buf *out, ZQ_UNUSED const zq_table *table, const void *object)
{
    const zq_index *index = object;

    zq_buf_str(out, index->flags & ZQ_INVISIBLE ? "invisible" : "visible");
}

static void index_comment(zq_buf *out, ZQ_UNUSED const zq_table *table, const void *object)
{
    const zq_index *index = object;

    write_comment(out, index->comment);
}

static const zq_property index_properties[] = {
    {ZQ_DIFF_KIND, index_kind, false},       {ZQ_DIFF_PARTS, index_parts, true},
    {ZQ_DIFF_PARSER, index_parser, false},   {ZQ_DIFF_VISIBLE, index_visible, false},
    {ZQ_DIFF_COMMENT, index_comment, false},
};

/* ---- foreign keys ---- */

static void key_columns(zq_buf *out, ZQ_UNUSED const zq_table *table, const void *object)
{
    const zq_foreign_key *key = object;

    zq_buf_str(out, "on ");
    write_names(out, key->columns);
}

static void key_target(zq_buf *out, ZQ_UNUSED const zq_table *table, const void *object)
{
    const zq_foreign_key *key = object;

    zq_buf_str(out, "references ");
    if (has(key->ref_schema)) {
        zq_quote_name(out, key->ref_schema);
        zq_buf_char(out, '.');
    }
    zq_quote_name(out, key->ref_table);
    zq_buf_char(out, ' ');
    write_names(out, key->ref_columns);
}

static void key_rules(zq_buf *out, ZQ_UNUSED const zq_table *table, const void *object)
{
    const zq_foreign_key *key = object;

    zq_buf_printf(out, "on delete %s, on update %s", zq_rule_sql(key->on_delete),
                  zq_rule_sql(key->on_update));
}

static const zq_property key_properties[] = {
    {ZQ_DIFF_PARTS, key_columns, true},
    {ZQ_DIFF_TARGET, key_target, true},
    {ZQ_DIFF_RULES, key_rules, false},
};

/* ---- all of them ---- */

const zq_properties zq_properties_table = {table_properties, ZQ_LEN(table_properties)};
const zq_properties zq_properties_column = {column_properties, ZQ_LEN(column_properties)};
const zq_properties zq_properties_index = {index_properties, ZQ_LEN(index_properties)};
const zq_properties zq_properties_foreign_key = {key_properties, ZQ_LEN(key_properties)};

static bool same_words(const zq_buf *a, const zq_buf *b)
{
    return a->length == b->length && memcmp(zq_buf_text(a), zq_buf_text(b), a->length) == 0;
}

unsigned zq_properties_compare(const zq_properties *properties, const zq_table *table_a,
                               const void *a, const zq_table *table_b, const void *b)
{
    ZQ_AUTO_BUF(words_a);
    ZQ_AUTO_BUF(words_b);
    unsigned mask = 0;

    for (size_t i = 0; i < properties->n; i++) {
        zq_buf_clear(&words_a);
        zq_buf_clear(&words_b);
        properties->items[i].write(&words_a, table_a, a);
        properties->items[i].write(&words_b, table_b, b);
        if (words_a.length > 0 && words_b.length > 0 && !same_words(&words_a, &words_b))
            mask |= properties->items[i].bit;
    }
    return mask;
}

void zq_properties_write(zq_buf *out, const zq_properties *properties, const zq_table *table,
                         const void *object, unsigned mask)
{
    size_t start = out->length;

    for (size_t i = 0; i < properties->n; i++) {
        if (!(properties->items[i].bit & mask))
            continue;
        if (out->length > start)
            zq_buf_str(out, ", ");
        properties->items[i].write(out, table, object);
    }
}

void zq_properties_describe(zq_buf *out, const zq_properties *properties, const zq_table *table,
                            const void *object, const void *plain)
{
    unsigned mask = zq_properties_compare(properties, table, object, table, plain);

    for (size_t i = 0; i < properties->n; i++) {
        if (properties->items[i].always)
            mask |= properties->items[i].bit;
    }
    zq_properties_write(out, properties, table, object, mask);
}
