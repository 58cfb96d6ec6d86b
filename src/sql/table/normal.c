/* One spelling for charsets, collations and defaults.
 *
 * The two servers print the same default as 'x', "x", 0x78 or (_utf8mb4'x'), and call the same
 * charset utf8 and utf8mb3; which is printed depends on type, release and bytes. Each is read into
 * the one value that it stands for. What cannot be read so is kept as an expression in the server's
 * words: then it differs, and the difference is seen. */
#include "sql/table/normal.h"
#include "base/text.h"
#include "sql/table/expr.h"

#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- charsets ---- */

const char *zq_normal_charset(const char *text, zq_arena *arena)
{
    char *name;

    if (text == NULL)
        return NULL;
    name = zq_arena_lower(arena, text, strlen(text));
    if (strcmp(name, "utf8") == 0)
        return "utf8mb3";
    if (strncmp(name, "utf8_", 5) == 0)
        return zq_arena_printf(arena, "utf8mb3_%s", name + 5);
    return name;
}

const char *zq_collation_charset(const char *collation, zq_arena *arena)
{
    return zq_normal_charset(zq_arena_strndup(arena, collation, strcspn(collation, "_")), arena);
}

const char *zq_default_collation(const char *charset, zq_flavor flavor)
{
    static const struct {
        const char *charset;
        const char *collation;
    } rows[] = {
        {"armscii8", "armscii8_general_ci"}, {"ascii", "ascii_general_ci"},
        {"big5", "big5_chinese_ci"},         {"binary", "binary"},
        {"cp1250", "cp1250_general_ci"},     {"cp1251", "cp1251_general_ci"},
        {"cp1256", "cp1256_general_ci"},     {"cp1257", "cp1257_general_ci"},
        {"cp850", "cp850_general_ci"},       {"cp852", "cp852_general_ci"},
        {"cp866", "cp866_general_ci"},       {"cp932", "cp932_japanese_ci"},
        {"dec8", "dec8_swedish_ci"},         {"eucjpms", "eucjpms_japanese_ci"},
        {"euckr", "euckr_korean_ci"},        {"gb18030", "gb18030_chinese_ci"},
        {"gb2312", "gb2312_chinese_ci"},     {"gbk", "gbk_chinese_ci"},
        {"geostd8", "geostd8_general_ci"},   {"greek", "greek_general_ci"},
        {"hebrew", "hebrew_general_ci"},     {"hp8", "hp8_english_ci"},
        {"keybcs2", "keybcs2_general_ci"},   {"koi8r", "koi8r_general_ci"},
        {"koi8u", "koi8u_general_ci"},       {"latin1", "latin1_swedish_ci"},
        {"latin2", "latin2_general_ci"},     {"latin5", "latin5_turkish_ci"},
        {"latin7", "latin7_general_ci"},     {"macce", "macce_general_ci"},
        {"macroman", "macroman_general_ci"}, {"sjis", "sjis_japanese_ci"},
        {"swe7", "swe7_swedish_ci"},         {"tis620", "tis620_thai_ci"},
        {"ucs2", "ucs2_general_ci"},         {"ujis", "ujis_japanese_ci"},
        {"utf16", "utf16_general_ci"},       {"utf16le", "utf16le_general_ci"},
        {"utf32", "utf32_general_ci"},       {"utf8mb3", "utf8mb3_general_ci"},
    };

    if (strcmp(charset, "utf8mb4") == 0)
        return flavor == ZQ_MYSQL ? "utf8mb4_0900_ai_ci" : "utf8mb4_general_ci";
    for (size_t i = 0; i < ZQ_LEN(rows); i++) {
        if (strcmp(rows[i].charset, charset) == 0)
            return rows[i].collation;
    }
    return NULL;
}

/* ---- defaults ---- */

static bool is_binary(zq_type_kind kind)
{
    return kind == ZQ_TYPE_BINARY || kind == ZQ_TYPE_VARBINARY ||
           (kind >= ZQ_TYPE_TINYBLOB && kind <= ZQ_TYPE_LONGBLOB);
}

/* Can a zq_default hold these bytes as text? */
static bool is_text(const char *bytes, size_t length)
{
    return memchr(bytes, '\0', length) == NULL && zq_utf8_valid(bytes, length);
}

static zq_default from_bytes(const char *bytes, size_t length, const zq_type *type, zq_arena *arena)
{
    char *hex;

    if (type->kind == ZQ_TYPE_BINARY) {
        while (length > 0 && bytes[length - 1] == '\0')
            length--;
    }
    if (is_text(bytes, length))
        return (zq_default){ZQ_DEFAULT_LITERAL, zq_arena_strndup(arena, bytes, length)};
    hex = zq_arena_alloc(arena, 2 * length + 3);
    memcpy(hex, "0x", sizeof "0x");
    for (size_t i = 0; i < length; i++)
        snprintf(hex + 2 + 2 * i, 3, "%02X", (unsigned char)bytes[i]);
    return (zq_default){ZQ_DEFAULT_EXPR, hex};
}

/* MySQL writes a default that its own utf8mb3 cannot hold as 0x and the bytes in the column's
 * charset; MariaDB 11.8 writes those of binary columns as x'..'. */
static zq_default from_hex(const char *digits, size_t length, const zq_type *type,
                           const char *charset, zq_arena *arena)
{
    char *bytes = zq_arena_alloc(arena, length / 2 + 1);

    for (size_t i = 0; i + 1 < length; i += 2)
        bytes[i / 2] = (char)(zq_hex_digit(digits[i]) * 16 + zq_hex_digit(digits[i + 1]));
    if (is_binary(type->kind) || strcmp(charset, "utf8mb4") == 0 || strcmp(charset, "utf8mb3") == 0)
        return from_bytes(bytes, length / 2, type, arena);
    return (zq_default){ZQ_DEFAULT_EXPR, zq_arena_printf(arena, "0x%.*s", (int)length, digits)};
}

/* The digits in "CURRENT_TIMESTAMP(3)" and its other names; false when it is not one of them. */
static bool read_now(zq_cursor *cursor, unsigned *out_digits)
{
    static const char *const names[] = {"CURRENT_TIMESTAMP", "NOW", "LOCALTIME", "LOCALTIMESTAMP"};
    zq_cursor ahead = *cursor;

    *out_digits = 0;
    for (size_t i = 0; i < ZQ_LEN(names); i++) {
        if (!zq_cursor_words(&ahead, names[i]))
            continue;
        if (zq_cursor_char(&ahead, '(')) {
            zq_cursor_number(&ahead, out_digits);
            if (!zq_cursor_char(&ahead, ')'))
                return false;
        }
        *cursor = ahead;
        return true;
    }
    return false;
}

static const char *now_text(unsigned digits, zq_arena *arena)
{
    return digits == 0 ? "CURRENT_TIMESTAMP"
                       : zq_arena_printf(arena, "CURRENT_TIMESTAMP(%u)", digits);
}

const char *zq_normal_now(zq_cursor *cursor, zq_arena *arena)
{
    const char *text;
    size_t length;
    unsigned digits;

    if (read_now(cursor, &digits))
        return now_text(digits, arena);
    zq_cursor_rest(cursor, &text, &length);
    return zq_arena_strndup(arena, text, length);
}

static bool is_number(const char *text, size_t length)
{
    char copy[80], *end;

    if (length == 0 || length >= sizeof copy || strspn(text, "0123456789+-.eE") < length)
        return false;
    memcpy(copy, text, length);
    copy[length] = '\0';
    strtod(copy, &end);
    return *end == '\0';
}

/* An expression in parentheses or a call. A mere string or number in it is a literal after all:
 * MySQL takes a TEXT's default only that way. */
static zq_default from_expr(const char *text, size_t length, const zq_type *type, zq_arena *arena)
{
    const char *normal = zq_expr_normal(text, length, arena);
    zq_cursor cursor = zq_cursor_on(normal, strlen(normal));
    const char *literal;
    size_t n;
    unsigned digits;

    if (zq_cursor_string(&cursor, arena, &literal, &n) && zq_cursor_at_end(&cursor))
        return from_bytes(literal, n, type, arena);
    cursor = zq_cursor_on(normal, strlen(normal));
    if (read_now(&cursor, &digits) && zq_cursor_at_end(&cursor))
        return (zq_default){ZQ_DEFAULT_EXPR, now_text(digits, arena)};
    if (is_number(normal, strlen(normal)))
        return (zq_default){ZQ_DEFAULT_LITERAL, normal};
    return (zq_default){ZQ_DEFAULT_EXPR, zq_arena_printf(arena, "(%s)", normal)};
}

/* A word that is not a quoted string: a number, 0x.., x'..', b'..', a call, an introducer. */
static zq_default from_word(zq_cursor *cursor, const zq_type *type, const char *charset,
                            zq_arena *arena)
{
    const char *start, *inside, *text;
    size_t length, n;

    zq_cursor_bare(cursor, &start, &length);
    if (length > 2 && start[0] == '0' && start[1] == 'x')
        return from_hex(start + 2, length - 2, type, charset, arena);
    if (length == 1 && start[0] == 'x' && zq_cursor_string(cursor, arena, &text, &n))
        return from_hex(text, n, type, charset, arena);
    if (length == 1 && start[0] == 'b' && zq_cursor_string(cursor, arena, &text, NULL))
        return (zq_default){ZQ_DEFAULT_EXPR, zq_arena_printf(arena, "b'%s'", text)};
    if (is_number(start, length))
        return (zq_default){ZQ_DEFAULT_LITERAL, zq_arena_strndup(arena, start, length)};
    if (length > 0 && start[0] == '_')
        zq_cursor_string(cursor, arena, &text, &n);
    else if (zq_cursor_sees(cursor, '('))
        zq_cursor_parens(cursor, &inside, &n);
    return from_expr(start, (size_t)(cursor->at - start), type, arena);
}

zq_default zq_normal_default(zq_cursor *cursor, const zq_type *type, const char *charset,
                             zq_arena *arena)
{
    const char *text;
    size_t length;
    unsigned digits;

    if (zq_cursor_words(cursor, "NULL"))
        return (zq_default){ZQ_DEFAULT_NONE, NULL};
    if (zq_cursor_string(cursor, arena, &text, &length))
        return from_bytes(text, length, type, arena);
    if (read_now(cursor, &digits))
        return (zq_default){ZQ_DEFAULT_EXPR, now_text(digits, arena)};
    if (zq_cursor_parens(cursor, &text, &length))
        return from_expr(text, length, type, arena);
    return from_word(cursor, type, charset, arena);
}
