/* Which family a table belongs to, and its names with the code put in or taken out.
 *
 * Prefixes of families begin with each other (..._daily_ and ..._daily_basic_), so the longest one
 * that fits owns a table. A code stands in other names of a member too, in the middle of them, and
 * may look like a part of the family's own name: it is replaced only between underscores or at an
 * end, and only where the family has it. */
#include "model/family.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static bool is_code_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

static bool is_code(const char *text, size_t length)
{
    if (length == 0 || length > ZQ_CODE_MAX)
        return false;
    for (size_t i = 0; i < length; i++)
        if (!is_code_char(text[i]))
            return false;
    return true;
}

/* Does `pattern` with every "{code}" replaced by `code` give `name`? */
static bool expands_to(const char *pattern, const char *code, const char *name)
{
    size_t code_length = strlen(code);
    const char *mark;

    while ((mark = strstr(pattern, ZQ_CODE)) != NULL) {
        size_t before = (size_t)(mark - pattern);

        if (strncmp(pattern, name, before) != 0 || strncmp(code, name + before, code_length) != 0)
            return false;
        pattern = mark + strlen(ZQ_CODE);
        name += before + code_length;
    }
    return strcmp(pattern, name) == 0;
}

/* Replace `from` by `to`; where `whole_words`, only between underscores or at the ends. */
static char *replace(zq_arena *arena, const char *text, const char *from, const char *to,
                     bool whole_words)
{
    size_t length = strlen(text), from_length = strlen(from), to_length = strlen(to);
    size_t most = from_length == 0 ? 0 : length / from_length;
    char *result = zq_arena_alloc(arena, length + most * to_length + 1);
    char *end = result;
    const char *start = text;

    while (*text != '\0') {
        bool match = from_length > 0 && strncmp(text, from, from_length) == 0;

        if (match && whole_words)
            match = (text == start || !isalnum((unsigned char)text[-1])) &&
                    !isalnum((unsigned char)text[from_length]);
        if (match) {
            end = mempcpy(end, to, to_length);
            text += from_length;
        } else {
            *end++ = *text++;
        }
    }
    *end = '\0';
    return result;
}

static const zq_index *member_indexes(zq_arena *arena, const zq_table *family, const char *code)
{
    zq_index *indexes = ZQ_NEW_ARRAY(arena, zq_index, family->n_indexes);

    for (size_t i = 0; i < family->n_indexes; i++) {
        indexes[i] = family->indexes[i];
        indexes[i].name = zq_family_expand(arena, indexes[i].name, code);
    }
    return indexes;
}

static const zq_foreign_key *member_keys(zq_arena *arena, const zq_table *family, const char *code)
{
    zq_foreign_key *keys = ZQ_NEW_ARRAY(arena, zq_foreign_key, family->n_foreign_keys);

    for (size_t i = 0; i < family->n_foreign_keys; i++) {
        keys[i] = family->foreign_keys[i];
        keys[i].name = zq_family_expand(arena, keys[i].name, code);
        keys[i].ref_table = zq_family_expand(arena, keys[i].ref_table, code);
    }
    return keys;
}

const zq_table *zq_family_of(const zq_schema *schema, const char *name, const char **out_code)
{
    const zq_table *owner = NULL;
    size_t longest = 0;

    for (size_t i = 0; i < schema->n_tables; i++) {
        const zq_table *table = schema->tables[i];
        const char *mark = strstr(table->name, ZQ_CODE);
        size_t prefix = mark == NULL ? 0 : (size_t)(mark - table->name);

        if (mark == NULL && strcmp(table->name, name) == 0)
            return NULL;
        if (mark != NULL && prefix >= longest && strncmp(table->name, name, prefix) == 0) {
            owner = table;
            longest = prefix;
        }
    }
    if (owner == NULL || !is_code(name + longest, strlen(name + longest)))
        return NULL;
    if (out_code != NULL)
        *out_code = name + longest;
    return owner;
}

char *zq_family_expand(zq_arena *arena, const char *text, const char *code)
{
    return replace(arena, text, ZQ_CODE, code, false);
}

const zq_table *zq_family_member(zq_arena *arena, const zq_table *family, const char *code)
{
    zq_table *member = ZQ_NEW(arena, zq_table);

    *member = *family;
    member->name = zq_family_expand(arena, family->name, code);
    member->indexes = member_indexes(arena, family, code);
    member->foreign_keys = member_keys(arena, family, code);
    return member;
}

bool zq_family_leaves_open(const zq_table *family, const zq_column *column)
{
    return family->open && zq_type_is_number(&column->type) && column->flags == 0 &&
           column->generated == NULL && zq_table_column(family, column->name) == NULL;
}

const zq_table *zq_family_closed(zq_arena *arena, const zq_table *family, const zq_table *member)
{
    zq_column *columns;
    zq_table *closed;
    size_t n = 0;

    for (size_t i = 0; i < member->n_columns; i++)
        n += !zq_family_leaves_open(family, &member->columns[i]);
    if (n == member->n_columns)
        return member;
    columns = ZQ_NEW_ARRAY(arena, zq_column, n + 1);
    closed = ZQ_NEW(arena, zq_table);
    *closed = *member;
    closed->columns = columns;
    closed->n_columns = 0;
    for (size_t i = 0; i < member->n_columns; i++)
        if (!zq_family_leaves_open(family, &member->columns[i]))
            columns[closed->n_columns++] = member->columns[i];
    return closed;
}

const char *zq_family_fold(zq_arena *arena, const char *const *pattern_names, const char *name,
                           const char *code)
{
    for (; *pattern_names != NULL; pattern_names++)
        if (expands_to(*pattern_names, code, name))
            return *pattern_names;
    return replace(arena, name, code, ZQ_CODE, true);
}

/* How long the code is with which `pattern` gives `name`; 0 when there is none. */
static size_t code_in(const char *pattern, const char *name)
{
    const char *mark = strstr(pattern, ZQ_CODE);
    const size_t before = mark == NULL ? 0 : (size_t)(mark - pattern);
    char code[ZQ_CODE_MAX + 1] = "";

    if (mark == NULL || strncmp(pattern, name, before) != 0)
        return 0;
    for (size_t n = 1; n <= ZQ_CODE_MAX && is_code_char(name[before + n - 1]); n++) {
        memcpy(code, name + before, n);
        code[n] = '\0';
        if (expands_to(pattern, code, name))
            return n;
    }
    return 0;
}

static bool begins_with_own(const char *pattern, const char *name, const char *code)
{
    const size_t before = (size_t)(strstr(pattern, ZQ_CODE) - pattern);
    const size_t length = strlen(code);

    return strncmp(name + before, code, length) == 0 && name[before + length] == '_';
}

const char *zq_family_fold_index(zq_arena *arena, const char *const *pattern_names,
                                 const char *name, const char *code, bool *out_other)
{
    const char *best = NULL;
    size_t shortest = 0;

    *out_other = false;
    for (const char *const *pattern = pattern_names; *pattern != NULL; pattern++) {
        if (expands_to(*pattern, code, name))
            return *pattern;
    }
    for (; *pattern_names != NULL; pattern_names++) {
        const size_t n = code_in(*pattern_names, name);

        if (n == 0 || (best != NULL && n >= shortest) ||
            begins_with_own(*pattern_names, name, code))
            continue;
        best = *pattern_names;
        shortest = n;
    }
    *out_other = best != NULL;
    return best != NULL ? best : replace(arena, name, code, ZQ_CODE, true);
}

/* Number `i` of these names stands twice. */
static bool stands_twice(const char *const *names, size_t n, size_t i)
{
    for (size_t k = 0; k < n; k++) {
        if (k != i && strcasecmp(names[k], names[i]) == 0)
            return true;
    }
    return false;
}

static size_t fold_indexes(zq_arena *arena, zq_index *indexes, size_t n,
                           const char *const *pattern_names, const char *code)
{
    static const char *const none[] = {NULL};
    const char **folded = ZQ_NEW_ARRAY(arena, const char *, n + 1);
    bool *other = ZQ_NEW_ARRAY(arena, bool, n + 1);
    size_t n_other = 0;

    for (size_t i = 0; i < n; i++)
        folded[i] = zq_family_fold_index(arena, pattern_names, indexes[i].name, code, &other[i]);
    for (size_t i = 0; i < n; i++) {
        if (other[i] && stands_twice(folded, n, i)) {
            indexes[i].name = zq_family_fold(arena, none, indexes[i].name, code);
        } else {
            indexes[i].name = folded[i];
            n_other += other[i];
        }
    }
    return n_other;
}

size_t zq_family_fold_table(zq_arena *arena, zq_table *io_table, const char *const *index_names,
                            const char *const *key_names, const char *code)
{
    static const char *const none[] = {NULL};
    zq_index *indexes = ZQ_NEW_ARRAY(arena, zq_index, io_table->n_indexes + 1);
    zq_foreign_key *keys = ZQ_NEW_ARRAY(arena, zq_foreign_key, io_table->n_foreign_keys + 1);
    zq_extra *extras = ZQ_NEW_ARRAY(arena, zq_extra, io_table->n_extras + 1);

    for (size_t i = 0; i < io_table->n_indexes; i++)
        indexes[i] = io_table->indexes[i];
    for (size_t i = 0; i < io_table->n_foreign_keys; i++) {
        keys[i] = io_table->foreign_keys[i];
        keys[i].name = zq_family_fold(arena, key_names, keys[i].name, code);
        keys[i].ref_table = zq_family_fold(arena, none, keys[i].ref_table, code);
    }
    for (size_t i = 0; i < io_table->n_extras; i++) {
        extras[i] = io_table->extras[i];
        extras[i].name = zq_family_fold(arena, none, extras[i].name, code);
    }
    io_table->indexes = indexes;
    io_table->foreign_keys = keys;
    io_table->extras = extras;
    return fold_indexes(arena, indexes, io_table->n_indexes, index_names, code);
}
