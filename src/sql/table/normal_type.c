/* One spelling for types.
 *
 * Types are read as servers print them and as people write them, synonyms included. What servers
 * have given up is dropped (the width of an integer), what means another type becomes that
 * (FLOAT(30), BOOLEAN), and a type that the model does not know is kept in the server's words, in
 * lower case. */
#include "sql/table/normal.h"

#include <string.h>

static bool find_kind(const char *name, zq_type_kind *out_kind)
{
    for (int kind = 0; kind < ZQ_TYPE_OTHER; kind++) {
        if (kind != ZQ_TYPE_BOOL && strcmp(zq_type_infos[kind].sql, name) == 0) {
            *out_kind = (zq_type_kind)kind;
            return true;
        }
    }
    return false;
}

/* What people write and no server does (MySQL manual, 13.9 "Using Data Types from Other Database
 * Engines"; the longer ones first). */
static bool read_synonym(zq_cursor *cursor, zq_type_kind *out_kind)
{
    static const struct {
        const char *words;
        zq_type_kind kind;
    } rows[] = {
        {"INTEGER", ZQ_TYPE_INT},
        {"BOOL", ZQ_TYPE_BOOL},
        {"BOOLEAN", ZQ_TYPE_BOOL},
        {"DEC", ZQ_TYPE_DECIMAL},
        {"NUMERIC", ZQ_TYPE_DECIMAL},
        {"FIXED", ZQ_TYPE_DECIMAL},
        {"DOUBLE PRECISION", ZQ_TYPE_DOUBLE},
        {"REAL", ZQ_TYPE_DOUBLE},
        {"FLOAT4", ZQ_TYPE_FLOAT},
        {"FLOAT8", ZQ_TYPE_DOUBLE},
        {"INT1", ZQ_TYPE_TINYINT},
        {"INT2", ZQ_TYPE_SMALLINT},
        {"INT3", ZQ_TYPE_MEDIUMINT},
        {"INT4", ZQ_TYPE_INT},
        {"INT8", ZQ_TYPE_BIGINT},
        {"MIDDLEINT", ZQ_TYPE_MEDIUMINT},
        {"CHARACTER VARYING", ZQ_TYPE_VARCHAR},
        {"CHAR VARYING", ZQ_TYPE_VARCHAR},
        {"VARCHARACTER", ZQ_TYPE_VARCHAR},
        {"CHARACTER", ZQ_TYPE_CHAR},
        {"LONG VARBINARY", ZQ_TYPE_MEDIUMBLOB},
        {"LONG VARCHAR", ZQ_TYPE_MEDIUMTEXT},
        {"LONG", ZQ_TYPE_MEDIUMTEXT},
    };

    for (size_t i = 0; i < ZQ_LEN(rows); i++) {
        if (zq_cursor_words(cursor, rows[i].words)) {
            *out_kind = rows[i].kind;
            return true;
        }
    }
    return false;
}

static const char *const *read_values(zq_cursor *cursor, zq_arena *arena)
{
    const char **values = NULL;
    const char *value;
    size_t n = 0;

    if (zq_cursor_char(cursor, '(')) {
        while (zq_cursor_string(cursor, arena, &value, NULL)) {
            *ZQ_APPEND(arena, values, n) = value;
            zq_cursor_char(cursor, ',');
        }
        zq_cursor_char(cursor, ')');
    }
    return zq_arena_grow(arena, values, sizeof *values, n);
}

/* "(10)", "(10,2)", or nothing; gives how many numbers there were. */
static unsigned read_lengths(zq_cursor *cursor, zq_type *type)
{
    unsigned n = 0;

    if (!zq_cursor_char(cursor, '('))
        return 0;
    n += zq_cursor_number(cursor, &type->length);
    if (zq_cursor_char(cursor, ','))
        n += zq_cursor_number(cursor, &type->scale);
    zq_cursor_char(cursor, ')');
    return n;
}

static zq_type other_type(const char *start, const char *end, zq_arena *arena)
{
    /* NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage): both point into one text that was read */
    while (end > start && strchr(" \t\n", end[-1]) != NULL)
        end--;
    return (zq_type){.kind = ZQ_TYPE_OTHER,
                     .other = zq_arena_lower(arena, start, (size_t)(end - start))};
}

static bool is_integer(zq_type_kind kind)
{
    return kind <= ZQ_TYPE_BIGINT;
}

/* What the numbers in the parentheses mean. */
static bool fit_lengths(zq_type *type, unsigned n)
{
    if (type->kind == ZQ_TYPE_FLOAT && n == 1) {
        /* FLOAT(p) asks for so many bits; the server keeps the type only. */
        type->kind = type->length <= 24 ? ZQ_TYPE_FLOAT : ZQ_TYPE_DOUBLE;
        type->length = 0;
        return true;
    }
    if (is_integer(type->kind) || type->kind == ZQ_TYPE_YEAR) {
        if (type->kind == ZQ_TYPE_TINYINT && n == 1 && type->length == 1 && !type->is_unsigned)
            type->kind = ZQ_TYPE_BOOL;
        type->length = 0;
        return true;
    }
    switch (zq_type_infos[type->kind].args) {
    case ZQ_ARGS_NONE:
        return n == 0;
    case ZQ_ARGS_LENGTH:
        type->length = n == 0 ? 1 : type->length;
        return true;
    case ZQ_ARGS_SCALE:
        type->length = n == 0 ? 10 : type->length;
        return true;
    default:
        return true;
    }
}

zq_type zq_normal_type(zq_cursor *cursor, zq_arena *arena)
{
    zq_type type = {0};
    const char *start, *inside;
    size_t length;
    unsigned n;

    zq_cursor_space(cursor);
    start = cursor->at;
    if (!read_synonym(cursor, &type.kind)) {
        if (!zq_cursor_bare(cursor, &start, &length))
            return other_type("", "", arena);
        if (!find_kind(zq_arena_lower(arena, start, length), &type.kind)) {
            if (zq_cursor_sees(cursor, '('))
                zq_cursor_parens(cursor, &inside, &length);
            return other_type(start, cursor->at, arena);
        }
    }
    if (type.kind == ZQ_TYPE_ENUM || type.kind == ZQ_TYPE_SET) {
        type.values = read_values(cursor, arena);
        return type;
    }
    n = read_lengths(cursor, &type);
    type.is_unsigned = zq_cursor_words(cursor, "unsigned");
    zq_cursor_words(cursor, "signed");
    if (zq_cursor_words(cursor, "zerofill") || !fit_lengths(&type, n))
        return other_type(start, cursor->at, arena);
    return type;
}
