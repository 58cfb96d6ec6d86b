#include "sql/table/create_parts.h"

#include "sql/table/normal.h"

#include <string.h>

/* ---- indexes ---- */

static bool read_part(zq_create *b, zq_key_part *part)
{
    zq_cursor *cursor = &b->cursor;
    const char *text;
    size_t length;

    if (zq_cursor_parens(cursor, &text, &length))
        part->expression = zq_normal_expr(text, length, b->arena);
    else if (!zq_cursor_name(cursor, b->arena, &part->column))
        return false;
    if (part->column != NULL && zq_cursor_char(cursor, '(')) {
        zq_cursor_number(cursor, &part->length);
        zq_cursor_char(cursor, ')');
    }
    part->descending = zq_cursor_words(cursor, "DESC");
    if (!part->descending)
        zq_cursor_words(cursor, "ASC");
    return true;
}

bool zq_create_key_parts(zq_create *b, zq_index *index)
{
    zq_key_part *parts = NULL;
    size_t n = 0;

    if (!zq_cursor_char(&b->cursor, '('))
        return false;
    do {
        parts = zq_arena_grow(b->arena, parts, sizeof *parts, n);
        if (!read_part(b, &parts[n++]))
            return false;
        if (zq_cursor_words(&b->cursor, "WITHOUT OVERLAPS"))
            zq_create_extra(b, "index", index->name, "WITHOUT OVERLAPS");
    } while (zq_cursor_char(&b->cursor, ','));
    index->parts = zq_arena_grow(b->arena, parts, sizeof *parts, n);
    return zq_cursor_char(&b->cursor, ')');
}

bool zq_create_index_option(zq_create *b, zq_index *index)
{
    zq_cursor *cursor = &b->cursor;
    const char *text;

    /* InnoDB has one kind of index, whatever was asked for. */
    if (zq_cursor_words(cursor, "USING BTREE") || zq_cursor_words(cursor, "USING HASH"))
        return true;
    if (zq_cursor_words(cursor, "INVISIBLE") || zq_cursor_words(cursor, "IGNORED"))
        index->flags |= ZQ_INVISIBLE;
    else if (zq_cursor_words(cursor, "COMMENT") && zq_cursor_string(cursor, b->arena, &text, NULL))
        index->comment = zq_create_comment(text);
    else if (zq_cursor_words(cursor, "WITH PARSER") && zq_cursor_name(cursor, b->arena, &text))
        index->parser = text;
    else
        return false;
    return true;
}

static void read_index_options(zq_create *b, zq_index *index)
{
    zq_cursor *cursor = &b->cursor;
    const char *text;
    size_t length;

    while (!zq_cursor_sees(cursor, ',') && !zq_cursor_sees(cursor, ')') &&
           !zq_cursor_at_end(cursor)) {
        if (zq_create_index_option(b, index))
            continue;
        zq_cursor_rest(cursor, &text, &length);
        zq_create_extra(b, "index", index->name, zq_create_trimmed(b, text, text + length));
    }
}

bool zq_create_index(zq_create *b)
{
    static const struct {
        const char *words;
        zq_index_kind kind;
    } kinds[] = {
        {"PRIMARY KEY", ZQ_PRIMARY},   {"UNIQUE KEY", ZQ_UNIQUE},   {"KEY", ZQ_INDEX},
        {"FULLTEXT KEY", ZQ_FULLTEXT}, {"SPATIAL KEY", ZQ_SPATIAL},
    };

    for (size_t i = 0; i < ZQ_LEN(kinds); i++) {
        zq_index *index;

        if (!zq_cursor_words(&b->cursor, kinds[i].words))
            continue;
        index = zq_create_add_index(b);
        index->kind = kinds[i].kind;
        index->name = "PRIMARY";
        if (index->kind != ZQ_PRIMARY && !zq_cursor_name(&b->cursor, b->arena, &index->name))
            return false;
        if (!zq_create_key_parts(b, index))
            return false;
        read_index_options(b, index);
        return true;
    }
    return false;
}

/* ---- constraints ---- */

static const char *const *read_names(zq_create *b)
{
    const char **names = NULL;
    size_t n = 0;
    const char *name;

    if (!zq_cursor_char(&b->cursor, '('))
        return NULL;
    while (zq_cursor_name(&b->cursor, b->arena, &name)) {
        names = zq_arena_grow(b->arena, names, sizeof *names, n);
        names[n++] = name;
        zq_cursor_char(&b->cursor, ',');
    }
    return zq_cursor_char(&b->cursor, ')') && n > 0
               ? zq_arena_grow(b->arena, names, sizeof *names, n)
               : NULL;
}

static zq_rule read_rule(zq_cursor *cursor)
{
    if (zq_cursor_words(cursor, "CASCADE"))
        return ZQ_CASCADE;
    if (zq_cursor_words(cursor, "SET NULL"))
        return ZQ_SET_NULL;
    if (zq_cursor_words(cursor, "SET DEFAULT"))
        return ZQ_SET_DEFAULT;
    if (!zq_cursor_words(cursor, "NO ACTION"))
        zq_cursor_words(cursor, "RESTRICT");
    return ZQ_RESTRICT;
}

bool zq_create_foreign_key(zq_create *b, const char *name)
{
    zq_foreign_key *key = zq_create_add_key(b);
    zq_cursor *cursor = &b->cursor;

    key->name = name;
    key->columns = read_names(b);
    if (key->columns == NULL || !zq_cursor_words(cursor, "REFERENCES") ||
        !zq_cursor_name(cursor, b->arena, &key->ref_table))
        return false;
    if (zq_cursor_char(cursor, '.')) {
        key->ref_schema = key->ref_table;
        if (!zq_cursor_name(cursor, b->arena, &key->ref_table))
            return false;
    }
    key->ref_columns = read_names(b);
    for (;;) {
        if (zq_cursor_words(cursor, "ON DELETE"))
            key->on_delete = read_rule(cursor);
        else if (zq_cursor_words(cursor, "ON UPDATE"))
            key->on_update = read_rule(cursor);
        else
            return key->ref_columns != NULL;
    }
}

bool zq_create_constraint(zq_create *b)
{
    const char *name = "", *text;
    size_t length;

    if (zq_cursor_words(&b->cursor, "CONSTRAINT") && !zq_cursor_name(&b->cursor, b->arena, &name))
        return false;
    if (zq_cursor_words(&b->cursor, "FOREIGN KEY"))
        return zq_create_foreign_key(b, name);
    if (!zq_cursor_words(&b->cursor, "CHECK") || !zq_cursor_parens(&b->cursor, &text, &length))
        return false;
    text = zq_normal_expr(text, length, b->arena);
    if (zq_cursor_words(&b->cursor, "NOT ENFORCED"))
        text = zq_arena_printf(b->arena, "%s not enforced", text);
    zq_create_extra(b, "check", name, text);
    return true;
}
