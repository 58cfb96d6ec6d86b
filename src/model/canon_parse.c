/* Reads a canonical text back.
 *
 * The grammar is followed loosely (case, order, what may be left out), and in the end the schema is
 * written again and compared with the text: only what the writer would have written is taken. So
 * the rules of the form stand in one place, the writer. */
#include "model/canon.h"

#include "base/language.h"
#include "model/canon_read.h"

#include <string.h>

/* ---- lists: items pile up in a buffer and move to the arena when their number is known ---- */

static void push(zq_buf *list, const void *item, size_t size)
{
    zq_buf_add(list, item, size);
}

static const void *keep(zq_canon_reader *r, const zq_buf *list)
{
    void *items = zq_arena_alloc(r->arena, list->length + 1);

    if (list->length > 0)
        memcpy(items, list->text, list->length);
    return items;
}

/* "(a, b)": names, or values in single quotes. */
static const char *const *read_list(zq_canon_reader *r, bool quoted)
{
    ZQ_AUTO_BUF(list);
    const char *item = NULL;

    zq_canon_read_expect(r, "(", "expected '('");
    while (r->wrong == NULL && !zq_canon_read_looking_at(r, ")")) {
        if (list.length > 0)
            zq_canon_read_expect(r, ", ", "expected ', ' or ')'");
        item = quoted ? zq_canon_read_quoted(r, '\'') : zq_canon_read_name(r);
        push(&list, &item, sizeof item);
    }
    zq_canon_read_expect(r, ")", "expected ')'");
    item = NULL;
    push(&list, &item, sizeof item);
    return keep(r, &list);
}

/* "(a, b(10) desc, "lower(c)")" */
static const zq_key_part *read_parts(zq_canon_reader *r)
{
    ZQ_AUTO_BUF(list);
    const zq_key_part none = {0};

    zq_canon_read_expect(r, "(", "expected '('");
    while (r->wrong == NULL && !zq_canon_read_looking_at(r, ")")) {
        zq_key_part part = {0};

        if (list.length > 0)
            zq_canon_read_expect(r, ", ", "expected ', ' or ')'");
        if (zq_canon_read_looking_at(r, "\""))
            part.expression = zq_canon_read_quoted(r, '"');
        else
            part.column = zq_canon_read_name(r);
        if (zq_canon_read_looking_at(r, "("))
            part.length = zq_canon_read_length(r);
        part.descending = zq_canon_read_skip(r, " desc");
        push(&list, &part, sizeof part);
    }
    zq_canon_read_expect(r, ")", "expected ')'");
    push(&list, &none, sizeof none);
    return keep(r, &list);
}

/* ---- the lines of a table ---- */

static zq_type_kind read_kind(zq_canon_reader *r)
{
    for (int kind = 0; kind < ZQ_TYPE_OTHER; kind++) {
        const zq_type_info *info = &zq_type_infos[kind];
        const char *after = r->at + strlen(info->sql);

        if (!zq_canon_read_looking_at(r, info->sql))
            continue;
        if (after == r->end || *after == ' ' || (*after == '(' && info->args != ZQ_ARGS_NONE)) {
            r->at = after;
            return (zq_type_kind)kind;
        }
    }
    zq_canon_read_fail(r, "expected a type");
    return ZQ_TYPE_OTHER;
}

static zq_type read_type(zq_canon_reader *r)
{
    zq_type type = {.kind = ZQ_TYPE_OTHER};

    if (zq_canon_read_skip(r, "other ")) {
        type.other = zq_canon_read_quoted(r, '"');
        return type;
    }
    type.kind = read_kind(r);
    switch (zq_type_infos[type.kind].args) {
    case ZQ_ARGS_NONE:
        break;
    case ZQ_ARGS_LENGTH:
        type.length = zq_canon_read_length(r);
        break;
    case ZQ_ARGS_SCALE:
        zq_canon_read_expect(r, "(", "expected '('");
        type.length = zq_canon_read_number(r);
        zq_canon_read_expect(r, ",", "expected ','");
        type.scale = zq_canon_read_number(r);
        zq_canon_read_expect(r, ")", "expected ')'");
        break;
    case ZQ_ARGS_FRACTION:
        if (zq_canon_read_looking_at(r, "("))
            type.length = zq_canon_read_length(r);
        break;
    case ZQ_ARGS_VALUES:
        type.values = read_list(r, true);
        break;
    }
    type.is_unsigned = zq_canon_read_skip(r, " unsigned");
    return type;
}

static zq_default read_default(zq_canon_reader *r)
{
    zq_default def = {ZQ_DEFAULT_NONE, NULL};

    if (zq_canon_read_skip(r, " default ")) {
        bool is_sql = zq_canon_read_looking_at(r, "\"");

        def.kind = is_sql ? ZQ_DEFAULT_EXPR : ZQ_DEFAULT_LITERAL;
        def.text = zq_canon_read_quoted(r, is_sql ? '"' : '\'');
    }
    return def;
}

static const char *read_was(zq_canon_reader *r)
{
    return zq_canon_read_skip(r, " was ") ? zq_canon_read_name(r) : NULL;
}

static zq_column read_column(zq_canon_reader *r)
{
    zq_column column = {.name = zq_canon_read_name(r)};

    zq_canon_read_expect(r, " ", "expected a type");
    column.type = read_type(r);
    if (zq_canon_read_skip(r, " charset "))
        column.charset = zq_canon_read_name(r);
    if (zq_canon_read_skip(r, " collate "))
        column.collation = zq_canon_read_name(r);
    if (zq_canon_read_skip(r, " as ")) {
        column.generated = zq_canon_read_quoted(r, '"');
        if (zq_canon_read_skip(r, " stored"))
            column.flags |= ZQ_STORED;
        else
            zq_canon_read_expect(r, " virtual", "expected 'stored' or 'virtual'");
    }
    if (zq_canon_read_skip(r, " not null"))
        column.flags |= ZQ_NOT_NULL;
    if (zq_canon_read_skip(r, " auto_increment"))
        column.flags |= ZQ_AUTO_INCREMENT;
    column.def = read_default(r);
    if (zq_canon_read_skip(r, " on update "))
        column.on_update = zq_canon_read_quoted(r, '"');
    if (zq_canon_read_skip(r, " invisible"))
        column.flags |= ZQ_INVISIBLE;
    if (zq_canon_read_skip(r, " comment "))
        column.comment = zq_canon_read_quoted(r, '\'');
    column.was = read_was(r);
    return column;
}

static zq_index read_index(zq_canon_reader *r)
{
    zq_index index = {.name = "PRIMARY"};
    int kind = ZQ_PRIMARY;

    while (kind <= ZQ_SPATIAL && !zq_canon_read_skip(r, zq_index_kind_sql((zq_index_kind)kind)))
        kind++;
    if (kind > ZQ_SPATIAL) {
        zq_canon_read_fail(r, "expected a column, a key, a foreign key or an extra");
        return index;
    }
    index.kind = (zq_index_kind)kind;
    zq_canon_read_expect(r, " ", "expected a name");
    if (index.kind != ZQ_PRIMARY || !zq_canon_read_looking_at(r, "(")) {
        index.name = zq_canon_read_name(r);
        zq_canon_read_expect(r, " ", "expected '('");
    }
    index.parts = read_parts(r);
    if (zq_canon_read_skip(r, " parser "))
        index.parser = zq_canon_read_name(r);
    if (zq_canon_read_skip(r, " invisible"))
        index.flags |= ZQ_INVISIBLE;
    if (zq_canon_read_skip(r, " comment "))
        index.comment = zq_canon_read_quoted(r, '\'');
    index.was = read_was(r);
    return index;
}

static zq_rule read_rule(zq_canon_reader *r, const char *keyword)
{
    if (!zq_canon_read_skip(r, keyword))
        return ZQ_RESTRICT;
    for (int rule = ZQ_CASCADE; rule <= ZQ_SET_DEFAULT; rule++)
        if (zq_canon_read_skip(r, zq_rule_sql((zq_rule)rule)))
            return (zq_rule)rule;
    zq_canon_read_fail(r, "expected 'cascade', 'set null' or 'set default'");
    return ZQ_RESTRICT;
}

static zq_foreign_key read_foreign_key(zq_canon_reader *r)
{
    zq_foreign_key key = {.name = zq_canon_read_name(r)};

    zq_canon_read_expect(r, " ", "expected '('");
    key.columns = read_list(r, false);
    zq_canon_read_expect(r, " references ", "expected 'references'");
    key.ref_table = zq_canon_read_name(r);
    if (zq_canon_read_skip(r, ".")) {
        key.ref_schema = key.ref_table;
        key.ref_table = zq_canon_read_name(r);
    }
    zq_canon_read_expect(r, " ", "expected '('");
    key.ref_columns = read_list(r, false);
    key.on_update = read_rule(r, " on update ");
    key.on_delete = read_rule(r, " on delete ");
    return key;
}

static zq_extra read_extra(zq_canon_reader *r)
{
    zq_extra extra = {.kind = zq_canon_read_name(r), .name = ""};

    zq_canon_read_expect(r, " ", "expected a text in double quotes");
    if (!zq_canon_read_looking_at(r, "\"")) {
        extra.name = zq_canon_read_name(r);
        zq_canon_read_expect(r, " ", "expected a text in double quotes");
    }
    extra.text = zq_canon_read_quoted(r, '"');
    return extra;
}

static void read_head(zq_canon_reader *r, zq_table *table)
{
    zq_canon_read_expect(r, "table ", "expected a table");
    table->name = zq_canon_read_name(r);
    zq_canon_read_expect(r, " engine ", "expected 'engine'");
    table->engine = zq_canon_read_name(r);
    zq_canon_read_expect(r, " charset ", "expected 'charset'");
    table->charset = zq_canon_read_name(r);
    zq_canon_read_expect(r, " collate ", "expected 'collate'");
    table->collation = zq_canon_read_name(r);
    if (zq_canon_read_skip(r, " comment "))
        table->comment = zq_canon_read_quoted(r, '\'');
    table->was = read_was(r);
    if (!zq_canon_read_at_end(r))
        zq_canon_read_fail(r, "expected the end of the line");
}

/* A table with its lines, up to the empty line that follows it or to the end. */
static const zq_table *read_table(zq_canon_reader *r)
{
    zq_table *table = ZQ_NEW(r->arena, zq_table);
    ZQ_AUTO_BUF(columns);
    ZQ_AUTO_BUF(indexes);
    ZQ_AUTO_BUF(keys);
    ZQ_AUTO_BUF(extras);

    read_head(r, table);
    while (zq_canon_read_next_line(r) && !zq_canon_read_at_end(r)) {
        zq_canon_read_expect(r, "  ", "expected two spaces");
        if (zq_canon_read_skip(r, "open")) {
            table->open = true;
        } else if (zq_canon_read_skip(r, "column ")) {
            zq_column column = read_column(r);
            push(&columns, &column, sizeof column);
        } else if (zq_canon_read_skip(r, "foreign key ")) {
            zq_foreign_key key = read_foreign_key(r);
            push(&keys, &key, sizeof key);
        } else if (zq_canon_read_skip(r, "extra ")) {
            zq_extra extra = read_extra(r);
            push(&extras, &extra, sizeof extra);
        } else {
            zq_index index = read_index(r);
            push(&indexes, &index, sizeof index);
        }
        if (!zq_canon_read_at_end(r))
            zq_canon_read_fail(r, "expected the end of the line");
    }
    table->columns = keep(r, &columns);
    table->n_columns = columns.length / sizeof(zq_column);
    table->indexes = keep(r, &indexes);
    table->n_indexes = indexes.length / sizeof(zq_index);
    table->foreign_keys = keep(r, &keys);
    table->n_foreign_keys = keys.length / sizeof(zq_foreign_key);
    table->extras = keep(r, &extras);
    table->n_extras = extras.length / sizeof(zq_extra);
    return table;
}

/* One schema has one form: whatever reads well but is written in another way is refused. */
static void check_form(zq_canon_reader *r, const char *text, const zq_schema *schema)
{
    ZQ_AUTO_BUF(form);
    size_t length = (size_t)(r->text_end - text), same = 0;

    zq_canon_schema(&form, schema);
    while (same < length && same < form.length && text[same] == form.text[same])
        same++;
    if (same == length && same == form.length)
        return;
    zq_canon_read_fail(r, "this is not the canonical form");
    r->line = 1;
    r->start = text;
    for (size_t i = 0; i < same; i++)
        if (text[i] == '\n') {
            r->line++;
            r->start = text + i + 1;
        }
    r->end = r->start;
    while (r->end < r->text_end && *r->end != '\n')
        r->end++;
}

/* `name` may be NULL. */
static zq_rc parse(const char *name, const char *text, size_t length, zq_arena *arena,
                   const zq_schema **out_schema, zq_err *err)
{
    zq_canon_reader r = {.end = text, .text_end = text + length, .arena = arena};
    zq_schema *schema = ZQ_NEW(arena, zq_schema);
    ZQ_AUTO_BUF(tables);

    while (zq_canon_read_next_line(&r)) {
        const zq_table *table = read_table(&r);
        push(&tables, &table, sizeof table);
    }
    schema->tables = keep(&r, &tables);
    schema->n_tables = tables.length / sizeof *schema->tables;
    if (r.wrong == NULL)
        check_form(&r, text, schema);
    if (r.wrong != NULL) {
        if (name != NULL)
            zq_fail(err, ZQ_E_DATA, "%s:%u: %s", name, r.line, zq_tr(r.wrong));
        else
            zq_fail(err, ZQ_E_DATA, "canonical text, line %u: %s", r.line, zq_tr(r.wrong));
        return zq_err_detail(err, "%.*s", (int)(r.end - r.start), r.start);
    }
    *out_schema = schema;
    return ZQ_OK;
}

zq_rc zq_canon_parse(const char *text, size_t length, zq_arena *arena, const zq_schema **out_schema,
                     zq_err *err)
{
    return parse(NULL, text, length, arena, out_schema, err);
}

zq_rc zq_canon_parse_file(const char *name, const char *text, size_t length, zq_arena *arena,
                          const zq_schema **out_schema, zq_err *err)
{
    return parse(name, text, length, arena, out_schema, err);
}
