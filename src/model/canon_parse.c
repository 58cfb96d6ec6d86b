#include "model/canon.h"

#include "model/quote.h"

#include <string.h>
#include <strings.h>

/* Reads one line at a time. The first thing that is wrong sticks in `wrong`; from then on nothing
 * is read any more, so that the functions below can follow the grammar without looking back. */
typedef struct reader {
    const char *at;       /* where in the line we are */
    const char *end;      /* of the line */
    const char *start;    /* of the line */
    const char *text_end; /* of the whole text */
    unsigned line;
    const char *wrong; /* "expected ..."; NULL while all is well */
    zq_arena *arena;
} reader;

/* ---- lines ---- */

static bool next_line(reader *r)
{
    const char *newline;

    if (r->wrong != NULL || r->end == r->text_end)
        return false;
    r->start = r->at = r->line == 0 ? r->end : r->end + 1;
    if (r->start == r->text_end)
        return false;
    newline = memchr(r->start, '\n', (size_t)(r->text_end - r->start));
    r->end = newline != NULL ? newline : r->text_end;
    r->line++;
    return true;
}

static bool at_end(const reader *r)
{
    return r->at == r->end;
}

/* ---- words ---- */

static void fail(reader *r, const char *wrong)
{
    if (r->wrong == NULL)
        r->wrong = wrong;
}

static bool looking_at(const reader *r, const char *text)
{
    size_t length = strlen(text);

    return r->wrong == NULL && (size_t)(r->end - r->at) >= length &&
           strncasecmp(r->at, text, length) == 0;
}

/* Step over `text`, when it stands here. Case is left to the final comparison. */
static bool skip(reader *r, const char *text)
{
    bool here = looking_at(r, text);

    if (here)
        r->at += strlen(text);
    return here;
}

static void expect(reader *r, const char *text, const char *wrong)
{
    if (!skip(r, text))
        fail(r, wrong);
}

static const char *read_name(reader *r)
{
    const char *name = r->wrong != NULL ? NULL : zq_unquote_name(&r->at, r->end, r->arena);

    if (name == NULL)
        fail(r, "expected a name");
    return name;
}

static const char *read_quoted(reader *r, char quote)
{
    const char *text = r->wrong != NULL ? NULL : zq_unquote(&r->at, r->end, quote, r->arena);

    if (text == NULL)
        fail(r, quote == '"' ? "expected a text in double quotes" : "expected a text in quotes");
    return text;
}

static unsigned read_number(reader *r)
{
    unsigned number = 0;
    bool any = false;

    while (r->wrong == NULL && r->at < r->end && *r->at >= '0' && *r->at <= '9') {
        if (__builtin_mul_overflow(number, 10u, &number) ||
            __builtin_add_overflow(number, (unsigned)(*r->at - '0'), &number))
            fail(r, "the number is too large");
        r->at++;
        any = true;
    }
    if (!any)
        fail(r, "expected a number");
    return number;
}

/* "(7)" */
static unsigned read_length(reader *r)
{
    unsigned length;

    expect(r, "(", "expected '('");
    length = read_number(r);
    expect(r, ")", "expected ')'");
    return length;
}

/* ---- lists: items pile up in a buffer and move to the arena when their number is known ---- */

static void push(zq_buf *list, const void *item, size_t size)
{
    zq_buf_add(list, item, size);
}

static const void *keep(reader *r, const zq_buf *list)
{
    void *items = zq_arena_alloc(r->arena, list->length + 1);

    if (list->length > 0)
        memcpy(items, list->text, list->length);
    return items;
}

/* "(a, b)": names, or values in single quotes. */
static const char *const *read_list(reader *r, bool quoted)
{
    ZQ_AUTO_BUF(list);
    const char *item = NULL;

    expect(r, "(", "expected '('");
    while (r->wrong == NULL && !looking_at(r, ")")) {
        if (list.length > 0)
            expect(r, ", ", "expected ', ' or ')'");
        item = quoted ? read_quoted(r, '\'') : read_name(r);
        push(&list, &item, sizeof item);
    }
    expect(r, ")", "expected ')'");
    item = NULL;
    push(&list, &item, sizeof item);
    return keep(r, &list);
}

/* "(a, b(10) desc, "lower(c)")" */
static const zq_key_part *read_parts(reader *r)
{
    ZQ_AUTO_BUF(list);
    const zq_key_part none = {0};

    expect(r, "(", "expected '('");
    while (r->wrong == NULL && !looking_at(r, ")")) {
        zq_key_part part = {0};

        if (list.length > 0)
            expect(r, ", ", "expected ', ' or ')'");
        if (looking_at(r, "\""))
            part.expression = read_quoted(r, '"');
        else
            part.column = read_name(r);
        if (looking_at(r, "("))
            part.length = read_length(r);
        part.descending = skip(r, " desc");
        push(&list, &part, sizeof part);
    }
    expect(r, ")", "expected ')'");
    push(&list, &none, sizeof none);
    return keep(r, &list);
}

/* ---- the lines of a table ---- */

static zq_type_kind read_kind(reader *r)
{
    for (int kind = 0; kind < ZQ_TYPE_OTHER; kind++) {
        const zq_type_info *info = &zq_type_infos[kind];
        const char *after = r->at + strlen(info->sql);

        if (!looking_at(r, info->sql))
            continue;
        if (after == r->end || *after == ' ' || (*after == '(' && info->args != ZQ_ARGS_NONE)) {
            r->at = after;
            return (zq_type_kind)kind;
        }
    }
    fail(r, "expected a type");
    return ZQ_TYPE_OTHER;
}

static zq_type read_type(reader *r)
{
    zq_type type = {.kind = ZQ_TYPE_OTHER};

    if (skip(r, "other ")) {
        type.other = read_quoted(r, '"');
        return type;
    }
    type.kind = read_kind(r);
    switch (zq_type_infos[type.kind].args) {
    case ZQ_ARGS_NONE:
        break;
    case ZQ_ARGS_LENGTH:
        type.length = read_length(r);
        break;
    case ZQ_ARGS_SCALE:
        expect(r, "(", "expected '('");
        type.length = read_number(r);
        expect(r, ",", "expected ','");
        type.scale = read_number(r);
        expect(r, ")", "expected ')'");
        break;
    case ZQ_ARGS_FRACTION:
        if (looking_at(r, "("))
            type.length = read_length(r);
        break;
    case ZQ_ARGS_VALUES:
        type.values = read_list(r, true);
        break;
    }
    type.is_unsigned = skip(r, " unsigned");
    return type;
}

static zq_default read_default(reader *r)
{
    zq_default def = {ZQ_DEFAULT_NONE, NULL};

    if (skip(r, " default ")) {
        bool is_sql = looking_at(r, "\"");

        def.kind = is_sql ? ZQ_DEFAULT_EXPR : ZQ_DEFAULT_LITERAL;
        def.text = read_quoted(r, is_sql ? '"' : '\'');
    }
    return def;
}

static zq_column read_column(reader *r)
{
    zq_column column = {.name = read_name(r)};

    expect(r, " ", "expected a type");
    column.type = read_type(r);
    if (skip(r, " charset "))
        column.charset = read_name(r);
    if (skip(r, " collate "))
        column.collation = read_name(r);
    if (skip(r, " as ")) {
        column.generated = read_quoted(r, '"');
        if (skip(r, " stored"))
            column.flags |= ZQ_STORED;
        else
            expect(r, " virtual", "expected 'stored' or 'virtual'");
    }
    if (skip(r, " not null"))
        column.flags |= ZQ_NOT_NULL;
    if (skip(r, " auto_increment"))
        column.flags |= ZQ_AUTO_INCREMENT;
    column.def = read_default(r);
    if (skip(r, " on update "))
        column.on_update = read_quoted(r, '"');
    if (skip(r, " invisible"))
        column.flags |= ZQ_INVISIBLE;
    if (skip(r, " comment "))
        column.comment = read_quoted(r, '\'');
    return column;
}

static zq_index read_index(reader *r)
{
    zq_index index = {.name = "PRIMARY"};
    int kind = ZQ_PRIMARY;

    while (kind <= ZQ_SPATIAL && !skip(r, zq_index_kind_sql((zq_index_kind)kind)))
        kind++;
    if (kind > ZQ_SPATIAL) {
        fail(r, "expected a column, a key, a foreign key or an extra");
        return index;
    }
    index.kind = (zq_index_kind)kind;
    expect(r, " ", "expected a name");
    if (index.kind != ZQ_PRIMARY || !looking_at(r, "(")) {
        index.name = read_name(r);
        expect(r, " ", "expected '('");
    }
    index.parts = read_parts(r);
    if (skip(r, " parser "))
        index.parser = read_name(r);
    if (skip(r, " invisible"))
        index.flags |= ZQ_INVISIBLE;
    if (skip(r, " comment "))
        index.comment = read_quoted(r, '\'');
    return index;
}

static zq_rule read_rule(reader *r, const char *keyword)
{
    if (!skip(r, keyword))
        return ZQ_RESTRICT;
    for (int rule = ZQ_CASCADE; rule <= ZQ_SET_DEFAULT; rule++)
        if (skip(r, zq_rule_sql((zq_rule)rule)))
            return (zq_rule)rule;
    fail(r, "expected 'cascade', 'set null' or 'set default'");
    return ZQ_RESTRICT;
}

static zq_foreign_key read_foreign_key(reader *r)
{
    zq_foreign_key key = {.name = read_name(r)};

    expect(r, " ", "expected '('");
    key.columns = read_list(r, false);
    expect(r, " references ", "expected 'references'");
    key.ref_table = read_name(r);
    if (skip(r, ".")) {
        key.ref_schema = key.ref_table;
        key.ref_table = read_name(r);
    }
    expect(r, " ", "expected '('");
    key.ref_columns = read_list(r, false);
    key.on_update = read_rule(r, " on update ");
    key.on_delete = read_rule(r, " on delete ");
    return key;
}

static zq_extra read_extra(reader *r)
{
    zq_extra extra = {.kind = read_name(r), .name = ""};

    expect(r, " ", "expected a text in double quotes");
    if (!looking_at(r, "\"")) {
        extra.name = read_name(r);
        expect(r, " ", "expected a text in double quotes");
    }
    extra.text = read_quoted(r, '"');
    return extra;
}

static void read_head(reader *r, zq_table *table)
{
    expect(r, "table ", "expected a table");
    table->name = read_name(r);
    expect(r, " engine ", "expected 'engine'");
    table->engine = read_name(r);
    expect(r, " charset ", "expected 'charset'");
    table->charset = read_name(r);
    expect(r, " collate ", "expected 'collate'");
    table->collation = read_name(r);
    if (skip(r, " comment "))
        table->comment = read_quoted(r, '\'');
    if (!at_end(r))
        fail(r, "expected the end of the line");
}

/* A table with its lines, up to the empty line that follows it or to the end. */
static const zq_table *read_table(reader *r)
{
    zq_table *table = ZQ_NEW(r->arena, zq_table);
    ZQ_AUTO_BUF(columns);
    ZQ_AUTO_BUF(indexes);
    ZQ_AUTO_BUF(keys);
    ZQ_AUTO_BUF(extras);

    read_head(r, table);
    while (next_line(r) && !at_end(r)) {
        expect(r, "  ", "expected two spaces");
        if (skip(r, "column ")) {
            zq_column column = read_column(r);
            push(&columns, &column, sizeof column);
        } else if (skip(r, "foreign key ")) {
            zq_foreign_key key = read_foreign_key(r);
            push(&keys, &key, sizeof key);
        } else if (skip(r, "extra ")) {
            zq_extra extra = read_extra(r);
            push(&extras, &extra, sizeof extra);
        } else {
            zq_index index = read_index(r);
            push(&indexes, &index, sizeof index);
        }
        if (!at_end(r))
            fail(r, "expected the end of the line");
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
static void check_form(reader *r, const char *text, const zq_schema *schema)
{
    ZQ_AUTO_BUF(form);
    size_t length = (size_t)(r->text_end - text), same = 0;

    zq_canon_schema(&form, schema);
    while (same < length && same < form.length && text[same] == form.text[same])
        same++;
    if (same == length && same == form.length)
        return;
    fail(r, "this is not the canonical form");
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

zq_rc zq_canon_parse(const char *text, size_t length, zq_arena *arena, const zq_schema **out_schema,
                     zq_err *err)
{
    reader r = {.end = text, .text_end = text + length, .arena = arena};
    zq_schema *schema = ZQ_NEW(arena, zq_schema);
    ZQ_AUTO_BUF(tables);

    while (next_line(&r)) {
        const zq_table *table = read_table(&r);
        push(&tables, &table, sizeof table);
    }
    schema->tables = keep(&r, &tables);
    schema->n_tables = tables.length / sizeof *schema->tables;
    if (r.wrong == NULL)
        check_form(&r, text, schema);
    if (r.wrong != NULL) {
        zq_fail(err, ZQ_E_DATA, "canonical text, line %u: %s", r.line, r.wrong);
        zq_err_detail(err, "%.*s", (int)(r.end - r.start), r.start);
        return ZQ_E_DATA;
    }
    *out_schema = schema;
    return ZQ_OK;
}
