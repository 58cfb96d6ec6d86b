#include "sql/sql.h"

#include "base/language.h"
#include "base/utf8.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { IDENT_MAX = 64 };

static bool is_beyond_bmp(const char *text)
{
    while (*text != '\0' && (unsigned char)*text < 0xF0)
        text++;
    return *text != '\0';
}

const char *zq_sql_ident_problem(const char *name)
{
    if (name == NULL || *name == '\0')
        return "a name is empty";
    if (!zq_utf8_valid(name, strlen(name)) || is_beyond_bmp(name))
        return "a name holds what is not a character of the Basic Multilingual Plane in UTF-8";
    if (zq_utf8_count(name) > IDENT_MAX)
        return "a name is longer than 64 characters";
    if (name[strlen(name) - 1] == ' ')
        return "a name ends in a space";
    return NULL;
}

void zq_sql_done(zq_sql *sql)
{
    zq_buf_done(&sql->text);
    *sql = (zq_sql){0};
}

void zq_sql_refuse(zq_sql *sql, const char *wrong, const char *piece)
{
    if (sql->wrong != NULL)
        return;
    sql->wrong = wrong;
    snprintf(sql->piece, sizeof sql->piece, "%s", piece == NULL ? "" : piece);
}

void zq_sql_ident(zq_sql *sql, const char *name)
{
    const char *problem = zq_sql_ident_problem(name);

    if (problem != NULL) {
        zq_sql_refuse(sql, problem, name);
        return;
    }
    zq_buf_char(&sql->text, '`');
    for (const char *c = name; *c != '\0'; c++) {
        if (*c == '`')
            zq_buf_char(&sql->text, '`');
        zq_buf_char(&sql->text, *c);
    }
    zq_buf_char(&sql->text, '`');
}

void zq_sql_strn(zq_sql *sql, const char *text, size_t length)
{
    zq_buf_char(&sql->text, '\'');
    for (size_t i = 0; i < length; i++) {
        char bytes[2];

        zq_buf_add(&sql->text, bytes, zq_literal_byte(text[i], bytes));
    }
    zq_buf_char(&sql->text, '\'');
}

void zq_sql_str(zq_sql *sql, const char *text)
{
    if (text == NULL)
        zq_sql_lit(sql, "NULL");
    else
        zq_sql_strn(sql, text, strlen(text));
}

void zq_sql_str_anywhere(zq_sql *sql, const char *text)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "-_.: ";

    if (text == NULL || text[strspn(text, plain)] == '\0') {
        zq_sql_str(sql, text);
        return;
    }
    zq_sql_lit(sql, "_utf8mb4 x'");
    for (const char *c = text; *c != '\0'; c++)
        zq_buf_printf(&sql->text, "%02x", (unsigned char)*c);
    zq_sql_lit(sql, "'");
}

void zq_sql_num(zq_sql *sql, long long number)
{
    zq_buf_printf(&sql->text, "%lld", number);
}

void zq_sql_unum(zq_sql *sql, unsigned long long number)
{
    zq_buf_printf(&sql->text, "%llu", number);
}

void zq_sql_raw(zq_sql *sql, const char *text, size_t length)
{
    zq_buf_add(&sql->text, text, length);
}

void zq_sql_rawz(zq_sql *sql, const char *text)
{
    zq_buf_str(&sql->text, text);
}

/* ---- several at once ---- */

/* `at` is behind a percent sign; gives what is behind the conversion. */
static const char *add_number(zq_sql *sql, const char *at, va_list *args)
{
    const size_t size = strspn(at, "lz");
    const bool is_signed = at[size] == 'd';

    if (at[size] != 'd' && at[size] != 'u')
        zq_sql_refuse(sql, "a conversion is not known", at);
    else if (size == 2)
        is_signed ? zq_sql_num(sql, va_arg(*args, long long))
                  : zq_sql_unum(sql, va_arg(*args, unsigned long long));
    else if (size == 1)
        is_signed ? zq_sql_num(sql, va_arg(*args, long))
                  : zq_sql_unum(sql, va_arg(*args, unsigned long));
    else
        is_signed ? zq_sql_num(sql, va_arg(*args, int)) : zq_sql_unum(sql, va_arg(*args, unsigned));
    return at + size + (at[size] != '\0');
}

void zq_sql_format(zq_sql *sql, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    for (const char *at; (at = strchr(format, '%')) != NULL;) {
        const char quote = at > format && at[1] == 's' && at[2] == at[-1] ? at[-1] : '\0';
        const bool quoted = quote == '`' || quote == '\'';

        zq_sql_raw(sql, format, (size_t)(at - format) - quoted);
        format = at + 2 + (quoted || at[1] == '-');
        if (quote == '`')
            zq_sql_ident(sql, va_arg(args, const char *));
        else if (quote == '\'')
            zq_sql_str(sql, va_arg(args, const char *));
        else if (at[1] == '%')
            zq_sql_lit(sql, "%");
        else if (at[1] == 's')
            zq_sql_refuse(sql, "a piece has no quotes", va_arg(args, const char *));
        else if (at[1] == '-' && at[2] == 's')
            zq_sql_rawz(sql, va_arg(args, const char *));
        else
            format = add_number(sql, at + 1, &args);
    }
    va_end(args);
    zq_sql_rawz(sql, format);
}

static void add_piece(void *context, const char *bytes, size_t length)
{
    zq_sql_raw(context, bytes, length);
}

void zq_sql_expand(zq_sql *sql, const char *text, const zq_arg *args, size_t n_args)
{
    zq_arg_expand(text, args, n_args, true, add_piece, sql);
}

zq_rc zq_sql_finish(zq_sql *sql, const char **out_text, zq_err *err)
{
    if (sql->wrong != NULL)
        return zq_fail(err, ZQ_E_DATA, "cannot be written as SQL: %s: '%s'", zq_tr(sql->wrong),
                       sql->piece);
    *out_text = zq_buf_text(&sql->text);
    return ZQ_OK;
}

zq_rc zq_sql_keep(zq_sql *sql, zq_arena *arena, const char **out_text, zq_err *err)
{
    const char *text = NULL;

    ZQ_TRY(zq_sql_finish(sql, &text, err));
    *out_text = zq_arena_strdup(arena, text);
    return ZQ_OK;
}

zq_rc zq_sql_append(zq_sql *sql, zq_buf *out, zq_err *err)
{
    const char *text = NULL;

    ZQ_TRY(zq_sql_finish(sql, &text, err));
    zq_buf_str(out, text);
    return ZQ_OK;
}
