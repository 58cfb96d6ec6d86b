/* What the servers make of a value, a charset or an expression before they keep it.
 *
 * A default is kept in the way of its type: 1 for a DECIMAL(5,2) as 1.00, a date for a DATETIME
 * with a time of 00:00:00. An expression is known only when each word of it is on a list: a server
 * may rename a function, or move a NOT, and then the table read back would not be the table
 * predicted. */
#include "sql/alter/kit.h"

#include "sql/read/token.h"

#include "base/buf.h"
#include "sql/table/expr.h"
#include "sql/table/normal.h"
#include "sql/table/number.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* ---- numbers ---- */

/* With so many places, at least. */
static const char *write_number(const zq_number *n, size_t places, zq_arena *arena)
{
    ZQ_AUTO_BUF(out);

    if (n->negative)
        zq_buf_char(&out, '-');
    if (n->n_whole == 0)
        zq_buf_char(&out, '0');
    zq_buf_add(&out, n->whole, n->n_whole);
    if (n->n_part > 0 || places > 0)
        zq_buf_char(&out, '.');
    zq_buf_add(&out, n->part, n->n_part);
    for (size_t i = n->n_part; i < places; i++)
        zq_buf_char(&out, '0');
    return zq_arena_strdup(arena, zq_buf_text(&out));
}

/* Both servers print a number in its type's own way. */
static bool settle_number(const zq_type *type, zq_default *def, zq_arena *arena)
{
    const bool is_float = type->kind == ZQ_TYPE_FLOAT;
    zq_number n;

    if (!zq_number_read(def->text, &n))
        return false;
    if (type->kind == ZQ_TYPE_DECIMAL) {
        def->text = write_number(&n, type->scale, arena);
        return n.n_part <= type->scale;
    }
    def->text = write_number(&n, 0, arena);
    if (type->kind != ZQ_TYPE_DOUBLE && !is_float)
        return n.n_part == 0;
    /* Short enough to be exact, and not so small that it is printed with an exponent. */
    return n.n_whole + n.n_part <= (is_float ? 6 : 15) &&
           (n.n_whole > 0 || n.n_part == 0 || strspn(n.part, "0") < 4);
}

/* ---- other values ---- */

static bool settle_enum(const zq_type *type, zq_default *def)
{
    for (size_t i = 0; type->values != NULL && type->values[i] != NULL; i++) {
        if (strcasecmp(type->values[i], def->text) == 0) {
            def->text = type->values[i];
            return true;
        }
    }
    return type->kind == ZQ_TYPE_SET && *def->text == '\0';
}

/* Does the text look like the pattern, with a digit for each '0'? Gives what is left. */
static const char *looks_like(const char *text, const char *pattern)
{
    for (; *pattern != '\0'; pattern++, text++) {
        if (*pattern == '0' ? !isdigit((unsigned char)*text) : *text != *pattern)
            return NULL;
    }
    return text;
}

/* The fraction of a second as long as its type has it. */
static bool settle_fraction(const zq_type *type, zq_default *def, const char *rest, zq_arena *arena)
{
    if (*rest != '\0')
        return *rest == '.' && type->length > 0 && strlen(rest) == type->length + 1 &&
               strspn(rest + 1, "0123456789") == type->length;
    if (type->length > 0)
        def->text = zq_arena_printf(arena, "%s.%.*s", def->text, (int)type->length, "000000");
    return true;
}

static bool settle_time(const zq_type *type, zq_default *def, zq_arena *arena)
{
    const char *rest;

    if (type->kind == ZQ_TYPE_DATE || type->kind == ZQ_TYPE_YEAR) {
        rest = looks_like(def->text, type->kind == ZQ_TYPE_DATE ? "0000-00-00" : "0000");
        return rest != NULL && *rest == '\0';
    }
    if (type->kind != ZQ_TYPE_TIME) {
        rest = looks_like(def->text, "0000-00-00");
        if (rest != NULL && *rest == '\0')
            def->text = zq_arena_printf(arena, "%s 00:00:00", def->text);
    }
    rest = looks_like(def->text, type->kind == ZQ_TYPE_TIME ? "00:00:00" : "0000-00-00 00:00:00");
    return rest != NULL && settle_fraction(type, def, rest, arena);
}

/* ---- charsets ---- */

/* MariaDB 11.5 gave all of Unicode another default. */
static bool default_differs(zq_flavor flavor, const char *charset)
{
    return flavor == ZQ_MARIADB &&
           (strncmp(charset, "utf", 3) == 0 || strcmp(charset, "ucs2") == 0);
}

bool zq_alter_settle_charset(const zq_alter *a, const char **io_charset, const char **io_collation)
{
    const char *charset = *io_charset;

    if (*io_collation != NULL)
        charset = zq_collation_charset(*io_collation, a->made.arena);
    if (charset == NULL || (*io_charset != NULL && strcmp(charset, *io_charset) != 0))
        return false;
    if (strcmp(charset, "binary") == 0 || zq_default_collation(charset, a->made.flavor) == NULL)
        return false;
    if (*io_collation == NULL && default_differs(a->made.flavor, charset))
        return false;
    if (*io_collation == NULL)
        *io_collation = zq_default_collation(charset, a->made.flavor);
    *io_charset = charset;
    return true;
}

/* ---- columns ---- */

/* A literal default as the servers print it. */
static bool settle_literal(const zq_alter *a, zq_column *column)
{
    const zq_type *type = &column->type;
    zq_default *def = &column->def;

    if (zq_type_is_number(type))
        return settle_number(type, def, a->made.arena);
    switch (type->kind) {
    case ZQ_TYPE_BIT:
    case ZQ_TYPE_OTHER:
        return false;
    case ZQ_TYPE_ENUM:
    case ZQ_TYPE_SET:
        return settle_enum(type, def);
    case ZQ_TYPE_DATE:
    case ZQ_TYPE_TIME:
    case ZQ_TYPE_DATETIME:
    case ZQ_TYPE_TIMESTAMP:
    case ZQ_TYPE_YEAR:
        return settle_time(type, def, a->made.arena);
    case ZQ_TYPE_CHAR:
        return *def->text == '\0' || def->text[strlen(def->text) - 1] != ' ';
    case ZQ_TYPE_JSON:
        return a->made.flavor == ZQ_MARIADB;
    default:
        return true;
    }
}

bool zq_alter_column_settled(zq_alter *a, zq_column *column)
{
    if (column->charset != NULL || column->collation != NULL) {
        if (!zq_type_is_text(&column->type) ||
            !zq_alter_settle_charset(a, &column->charset, &column->collation))
            return false;
    }
    if (column->on_update != NULL && strncmp(column->on_update, "CURRENT_TIMESTAMP", 17) != 0)
        return false;
    return column->def.kind != ZQ_DEFAULT_LITERAL || settle_literal(a, column);
}

/* ---- expressions ---- */

static bool is_one_of(const zq_token *token, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (zq_token_is(token, *words))
            return true;
    }
    return false;
}

/* Functions that neither server prints as another, and words that are not functions. */
static bool is_known_word(const zq_token *token, const zq_token *next)
{
    static const char *const negated[] = {"IN", "BETWEEN", "NULL", NULL};
    static const char *const functions[] = {
        "LOWER",      "UPPER",  "CONCAT", "LENGTH", "CHAR_LENGTH", "COALESCE",
        "IFNULL",     "NULLIF", "IF",     "ABS",    "FLOOR",       "ROUND",
        "JSON_VALID", "UUID",   "IN",     "AND",    "OR",          NULL,
    };
    static const char *const others[] = {
        "AND",  "OR",   "IN",   "BETWEEN", "IS",  "NULL", "LIKE",
        "CASE", "WHEN", "THEN", "ELSE",    "END", "DIV",  NULL,
    };

    if (strspn(token->text, "0123456789") >= token->length)
        return true;
    /* NOT of anything else is moved, or turned into what is left without it. */
    if (zq_token_is(token, "NOT"))
        return is_one_of(next, negated);
    return is_one_of(token, zq_token_is_sign(next, '(') ? functions : others);
}

static bool is_column(const zq_token *token, const zq_table *table, zq_arena *arena)
{
    const char *column = zq_arena_strndup(arena, token->text + 1, token->length - 2);

    return zq_table_column(table, column) != NULL;
}

bool zq_alter_expr_known(const char *expression, const zq_table *table, zq_arena *arena)
{
    zq_scanner scanner = {.text = expression, .length = strlen(expression), .line = 1};
    zq_token token = zq_scan(&scanner);

    if (!zq_expr_is_known(expression, strlen(expression), arena) ||
        strstr(expression, "->") != NULL)
        return false;
    while (token.kind != ZQ_TOKEN_END) {
        zq_token next = zq_scan(&scanner);

        if (token.kind == ZQ_TOKEN_NAME && !is_column(&token, table, arena))
            return false;
        if (token.kind == ZQ_TOKEN_WORD && !is_known_word(&token, &next))
            return false;
        token = next;
    }
    return true;
}
