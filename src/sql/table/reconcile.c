/* What a server kept of a table is compared with what was wanted, and where the two mean the same,
 * the wanted spelling is taken over: so a comparison of texts, later, finds true differences only.
 * It is asked for what a server cannot keep (four-byte characters in comments, which become '?')
 * and for numbers, times and expressions in another spelling. Nothing else is forgiven. */
#include "sql/table/reconcile.h"

#include "sql/table/expr.h"
#include "sql/table/number.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Is `kept` what a server keeps of `wanted`: '?' for a character of four bytes, or '?' for each of
 * its bytes? */
static bool is_degraded(const char *wanted, const char *kept)
{
    for (; *wanted != '\0'; wanted++) {
        if ((unsigned char)*wanted < 0xF0) {
            if (*wanted != *kept++)
                return false;
            continue;
        }
        if (strncmp(wanted, kept, 4) == 0)
            kept += 4;
        else if (strncmp(kept, "????", 4) == 0)
            kept += 4;
        else if (*kept == '?')
            kept += 1;
        else
            return false;
        wanted += strnlen(wanted, 4) - 1;
    }
    return *kept == '\0';
}

/* `wanted` where `kept` may stand for it, else `kept`. */
static const char *take_text(const char *kept, const char *wanted)
{
    if (kept == NULL || wanted == NULL || strcmp(kept, wanted) == 0)
        return kept;
    return is_degraded(wanted, kept) ? wanted : kept;
}

static const char *const *take_values(const char *const *kept, const char *const *wanted,
                                      zq_arena *arena)
{
    const size_t n = zq_names_count(kept);
    const char **values = ZQ_NEW_ARRAY(arena, const char *, n + 1);

    for (size_t i = 0; i < n; i++)
        values[i] = i < zq_names_count(wanted) ? take_text(kept[i], wanted[i]) : kept[i];
    return values;
}

static bool same_number(const char *a, const char *b, const zq_type *type)
{
    zq_number x, y;

    if (type->kind == ZQ_TYPE_FLOAT || type->kind == ZQ_TYPE_DOUBLE)
        return strtod(a, NULL) == strtod(b, NULL);
    return zq_number_read(a, &x) && zq_number_read(b, &y) && x.negative == y.negative &&
           x.n_whole == y.n_whole && x.n_part == y.n_part &&
           memcmp(x.whole, y.whole, x.n_whole) == 0 && memcmp(x.part, y.part, x.n_part) == 0;
}

/* How long a time is without zeros at the end of its fraction and without a time of 00:00:00. */
static size_t time_length(const char *text)
{
    size_t n = strlen(text);

    if (strchr(text, '.') != NULL) {
        while (text[n - 1] == '0')
            n--;
        n -= text[n - 1] == '.';
    }
    return n > 9 && strncmp(text + n - 9, " 00:00:00", 9) == 0 ? n - 9 : n;
}

static bool same_time(const char *a, const char *b)
{
    return time_length(a) == time_length(b) && strncmp(a, b, time_length(a)) == 0;
}

static bool is_time(zq_type_kind kind)
{
    return kind >= ZQ_TYPE_DATE && kind <= ZQ_TYPE_TIMESTAMP;
}

static bool same_expr(const char *a, const char *b, zq_arena *arena)
{
    return strcmp(zq_expr_normal(a, strlen(a), arena), zq_expr_normal(b, strlen(b), arena)) == 0;
}

static zq_default take_default(zq_default kept, const zq_column *wanted, zq_arena *arena)
{
    const zq_default *other = &wanted->def;
    bool same = false;

    if (kept.kind == ZQ_DEFAULT_NONE || other->kind != kept.kind || other->text == NULL)
        return kept;
    if (kept.kind == ZQ_DEFAULT_EXPR)
        same = same_expr(kept.text, other->text, arena);
    else if (zq_type_is_number(&wanted->type))
        same = same_number(kept.text, other->text, &wanted->type);
    else if (is_time(wanted->type.kind))
        same = same_time(kept.text, other->text);
    return same || is_degraded(other->text, kept.text) ? *other : kept;
}

static const char *take_expr(const char *kept, const char *wanted, zq_arena *arena)
{
    if (kept == NULL || wanted == NULL)
        return kept;
    wanted = same_expr(kept, wanted, arena) ? wanted : take_text(kept, wanted);
    return is_degraded(wanted, kept) || same_expr(kept, wanted, arena) ? wanted : kept;
}

static void take_column(zq_column *kept, const zq_column *wanted, zq_arena *arena)
{
    if (wanted == NULL)
        return;
    kept->comment = take_text(kept->comment, wanted->comment);
    if (kept->type.kind == wanted->type.kind && kept->type.values != NULL)
        kept->type.values = take_values(kept->type.values, wanted->type.values, arena);
    kept->def = take_default(kept->def, wanted, arena);
    kept->generated = take_expr(kept->generated, wanted->generated, arena);
}

static void take_index(zq_index *kept, const zq_index *wanted, zq_arena *arena)
{
    const size_t n = zq_index_parts_count(kept->parts);
    zq_key_part *parts;

    if (wanted == NULL)
        return;
    kept->comment = take_text(kept->comment, wanted->comment);
    if (n != zq_index_parts_count(wanted->parts))
        return;
    parts = ZQ_NEW_ARRAY(arena, zq_key_part, n + 1);
    for (size_t i = 0; i < n; i++) {
        parts[i] = kept->parts[i];
        parts[i].expression = take_expr(parts[i].expression, wanted->parts[i].expression, arena);
    }
    kept->parts = parts;
}

void zq_reconcile(zq_table *actual, const zq_table *wanted, zq_arena *arena)
{
    zq_column *columns = ZQ_NEW_ARRAY(arena, zq_column, actual->n_columns);
    zq_index *indexes = ZQ_NEW_ARRAY(arena, zq_index, actual->n_indexes);

    for (size_t i = 0; i < actual->n_columns; i++) {
        columns[i] = actual->columns[i];
        take_column(&columns[i], zq_table_column(wanted, columns[i].name), arena);
    }
    for (size_t i = 0; i < actual->n_indexes; i++) {
        indexes[i] = actual->indexes[i];
        take_index(&indexes[i], zq_table_index(wanted, indexes[i].name), arena);
    }
    actual->columns = columns;
    actual->indexes = indexes;
    actual->comment = take_text(actual->comment, wanted->comment);
}
