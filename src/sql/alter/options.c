/* Options of the table, in ALTER TABLE and behind CREATE INDEX.
 *
 * Three kinds: those in the model (comment, engine, charset), those that leave no trace in a
 * definition (FORCE, AUTO_INCREMENT), after which nobody can see whether the statement has run, and
 * those that SHOW CREATE TABLE repeats as they are, which are extras. CONVERT TO is predicted only
 * where no column becomes a longer type. */
#include "sql/alter/kit.h"

#include "sql/table/normal.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static bool name(zq_alter *a, const char **out)
{
    zq_cursor_char(&a->made.cursor, '=');
    return zq_alter_name(a, out);
}

/* ---- charsets ---- */

static bool read_charset(zq_alter *a)
{
    const char *text;

    if (!name(a, &text))
        return false;
    a->charset = zq_normal_charset(text, a->made.arena);
    a->recharset = true;
    return true;
}

static bool read_collation(zq_alter *a)
{
    const char *text;

    if (!name(a, &text))
        return false;
    a->collation = zq_normal_charset(text, a->made.arena);
    a->recharset = true;
    return true;
}

static bool read_convert(zq_alter *a)
{
    a->converts = true;
    return (zq_alter_words(a, "TO CHARACTER SET") || zq_alter_words(a, "TO CHARSET")) &&
           read_charset(a) && (!zq_alter_words(a, "COLLATE") || read_collation(a));
}

/* A text in another charset may need more bytes, and becomes a longer type then. */
static bool converts_text(const zq_table *out, const zq_table *before)
{
    for (size_t i = 0; i < out->n_columns; i++) {
        const zq_column *column = &out->columns[i];

        if (column->type.kind >= ZQ_TYPE_TINYTEXT && column->type.kind <= ZQ_TYPE_MEDIUMTEXT &&
            strcmp(zq_column_charset(before, column), zq_table_charset(out)) != 0)
            return true;
    }
    return false;
}

static bool convert(zq_alter *a, zq_table *out)
{
    if (converts_text(out, a->before))
        return false;
    for (size_t i = 0; i < a->n_columns; i++) {
        if (a->columns[i].defined)
            return false;
    }
    for (size_t i = 0; i < out->n_columns; i++)
        a->made.columns[i].charset = a->made.columns[i].collation = NULL;
    return true;
}

static bool settle_charsets(zq_alter *a, zq_table *out)
{
    if (a->recharset) {
        if (!zq_alter_settle_charset(a, &a->charset, &a->collation))
            return false;
        out->charset = a->charset;
        out->collation = a->collation;
    }
    if (a->converts && !convert(a, out))
        return false;
    a->made.table = *out;
    zq_parts_settle_charsets(&a->made);
    return true;
}

/* ---- options ---- */

static bool read_comment(zq_alter *a)
{
    const char *text;

    zq_cursor_char(&a->made.cursor, '=');
    if (!zq_cursor_string(&a->made.cursor, a->made.arena, &text, NULL))
        return false;
    a->made.table.comment = *text != '\0' ? text : NULL;
    return true;
}

/* Others have options, and ways to print indexes, of their own. */
static bool read_engine(zq_alter *a)
{
    static const char *const names[] = {"InnoDB", "MyISAM"};
    const char *engine;

    if (!name(a, &engine))
        return false;
    if (strcasecmp(engine, zq_table_engine(a->before)) == 0) {
        a->traceless = true; /* rebuilds it */
        return true;
    }
    for (size_t i = 0; i < ZQ_LEN(names); i++) {
        if (strcasecmp(engine, names[i]) == 0 && a->before->n_foreign_keys == 0) {
            a->made.table.engine = names[i];
            return true;
        }
    }
    return false;
}

static bool read_ignored(zq_alter *a)
{
    const char *text;

    return name(a, &text);
}

static bool read_traceless(zq_alter *a)
{
    a->traceless = true;
    return true;
}

static bool read_counter(zq_alter *a)
{
    return read_traceless(a) && read_ignored(a);
}

static const struct {
    const char *words;
    bool (*read)(zq_alter *a);
} options[] = {
    {"ALGORITHM", read_ignored},       {"LOCK", read_ignored},
    {"AUTO_INCREMENT", read_counter},  {"FORCE", read_traceless},
    {"ENABLE KEYS", read_traceless},   {"DISABLE KEYS", read_traceless},
    {"COMMENT", read_comment},         {"ENGINE", read_engine},
    {"CONVERT", read_convert},         {"DEFAULT CHARACTER SET", read_charset},
    {"DEFAULT CHARSET", read_charset}, {"CHARACTER SET", read_charset},
    {"CHARSET", read_charset},         {"DEFAULT COLLATE", read_collation},
    {"COLLATE", read_collation},
};

/* Those that the model has no place for: NAME=VALUE, and what VALUE takes them away. */
static const struct {
    const char *name;
    const char *none;
} extras[] = {
    {"ROW_FORMAT", "DEFAULT"},
    {"STATS_PERSISTENT", "DEFAULT"},
    {"STATS_AUTO_RECALC", "DEFAULT"},
    {"STATS_SAMPLE_PAGES", "DEFAULT"},
    {"MAX_ROWS", "0"},
    {"MIN_ROWS", "0"},
    {"AVG_ROW_LENGTH", "0"},
};

static bool is_option(const zq_extra *extra, const char *option)
{
    return strcmp(extra->kind, "option") == 0 && strcasecmp(extra->name, option) == 0;
}

static bool read_extra(zq_alter *a, const char *option, const char *none)
{
    zq_parts *made = &a->made;
    const char *start;
    char *value;
    size_t length;

    zq_cursor_char(&made->cursor, '=');
    if (!zq_cursor_bare(&made->cursor, &start, &length))
        return false;
    value = zq_arena_strndup(made->arena, start, length);
    for (char *c = value; *c != '\0'; c++)
        *c = (char)toupper((unsigned char)*c);
    for (size_t i = 0; i < a->before->n_extras; i++)
        a->extras_dropped[i] = a->extras_dropped[i] || is_option(&a->before->extras[i], option);
    for (size_t i = 0; i < made->table.n_extras; i++) {
        if (is_option(&made->extras[i], option))
            return false;
    }
    if (strcmp(value, none) != 0)
        zq_parts_extra(made, "option", option,
                       zq_arena_printf(made->arena, "%s=%s", option, value));
    return true;
}

bool zq_alter_option(zq_alter *a)
{
    for (size_t i = 0; i < ZQ_LEN(options); i++) {
        if (zq_alter_words(a, options[i].words))
            return options[i].read(a);
    }
    for (size_t i = 0; i < ZQ_LEN(extras); i++) {
        if (zq_alter_words(a, extras[i].name))
            return read_extra(a, extras[i].name, extras[i].none);
    }
    return false;
}

/* ---- put together ---- */

/* A repeated statement meets the check that it made the first time. */
static bool has_check(const zq_table *out, const zq_extra *check)
{
    for (size_t i = 0; i < out->n_extras; i++) {
        if (strcmp(out->extras[i].kind, "check") == 0 &&
            zq_alter_same_name(out->extras[i].name, check->name))
            return true;
    }
    return false;
}

static bool settle_extras(zq_alter *a, zq_table *out, size_t n_new)
{
    zq_extra *kept = ZQ_NEW_ARRAY(a->made.arena, zq_extra, a->before->n_extras + n_new + 1);

    out->extras = kept;
    out->n_extras = 0;
    for (size_t i = 0; i < a->before->n_extras; i++) {
        if (!a->extras_dropped[i])
            kept[out->n_extras++] = a->before->extras[i];
    }
    for (size_t i = 0; i < n_new; i++) {
        const zq_extra *extra = &a->made.extras[i];

        if (strcmp(extra->kind, "check") == 0) {
            const size_t length = strlen(extra->text);
            const bool not_enforced =
                length > 13 && strcmp(extra->text + length - 13, " not enforced") == 0;

            if (!zq_alter_expr_known(
                    zq_arena_strndup(a->made.arena, extra->text, length - (not_enforced ? 13 : 0)),
                    out, a->made.arena))
                return false;
            if (has_check(out, extra)) {
                if (!a->repeated)
                    return zq_alter_refuse(a, "has a check '%s' already", extra->name);
                continue;
            }
        }
        kept[out->n_extras++] = *extra;
    }
    return true;
}

static bool column_known(const zq_alter *a, const zq_table *table, const zq_column *column)
{
    const zq_default *def = &column->def;

    if (column->generated != NULL && !zq_alter_expr_known(column->generated, table, a->made.arena))
        return false;
    if (def->kind != ZQ_DEFAULT_EXPR || strncmp(def->text, "CURRENT_TIMESTAMP", 17) == 0)
        return true;
    return def->text[0] == '(' && zq_alter_expr_known(def->text, table, a->made.arena);
}

bool zq_alter_settle_options(zq_alter *a, zq_table *out)
{
    const size_t n_extras = a->made.table.n_extras;

    for (size_t i = 0; i < a->n_columns; i++) {
        if (a->columns[i].column.name != NULL && !column_known(a, out, &a->columns[i].column))
            return false;
    }
    if (!settle_extras(a, out, n_extras) || !settle_charsets(a, out))
        return false;
    *out = a->made.table;
    return true;
}
