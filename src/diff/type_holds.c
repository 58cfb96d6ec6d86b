/* Whether every value of one type fits another, from the types alone.
 *
 * Types fall into groups of one measure (bits, digits, characters, bytes), and within a group the
 * larger measure holds the smaller; a few pairs of groups hold each other (a year in an integer, an
 * integer in a decimal). Characters become bytes by the charset's longest. Rows are not looked at:
 * what does not fit in principle is called narrowing, and when in doubt the answer is no. */
#include "diff/type_holds.h"

#include "base/err.h"

#include <string.h>

/* ---- what kinds there are ---- */

typedef enum family {
    INTEGERS,
    DECIMALS,
    REALS,
    BITS,
    TEXTS, /* of a given length */
    LONG_TEXTS,
    BYTES,
    LONG_BYTES,
    CHOICES,
    MOMENTS,
    TIMES,
    YEARS,
    JSONS,
    OTHERS,
} family;

/* `size` is what the family counts in: bits of an integer, of a real number's mantissa, bytes. */
static const struct kind {
    family family;
    unsigned long long size;
    unsigned digits; /* of an integer: those of its largest value */
} kinds[ZQ_TYPE_OTHER + 1] = {
    [ZQ_TYPE_TINYINT] = {INTEGERS, 8, 3},
    [ZQ_TYPE_BOOL] = {INTEGERS, 8, 3},
    [ZQ_TYPE_SMALLINT] = {INTEGERS, 16, 5},
    [ZQ_TYPE_MEDIUMINT] = {INTEGERS, 24, 8},
    [ZQ_TYPE_INT] = {INTEGERS, 32, 10},
    [ZQ_TYPE_BIGINT] = {INTEGERS, 64, 20},
    [ZQ_TYPE_FLOAT] = {REALS, 24, 6},
    [ZQ_TYPE_DOUBLE] = {REALS, 53, 15},
    [ZQ_TYPE_DECIMAL] = {DECIMALS},
    [ZQ_TYPE_BIT] = {BITS},
    [ZQ_TYPE_CHAR] = {TEXTS},
    [ZQ_TYPE_VARCHAR] = {TEXTS},
    [ZQ_TYPE_BINARY] = {BYTES},
    [ZQ_TYPE_VARBINARY] = {BYTES},
    [ZQ_TYPE_TINYTEXT] = {LONG_TEXTS, 255},
    [ZQ_TYPE_TEXT] = {LONG_TEXTS, 65535},
    [ZQ_TYPE_MEDIUMTEXT] = {LONG_TEXTS, 16777215},
    [ZQ_TYPE_LONGTEXT] = {LONG_TEXTS, 4294967295},
    [ZQ_TYPE_TINYBLOB] = {LONG_BYTES, 255},
    [ZQ_TYPE_BLOB] = {LONG_BYTES, 65535},
    [ZQ_TYPE_MEDIUMBLOB] = {LONG_BYTES, 16777215},
    [ZQ_TYPE_LONGBLOB] = {LONG_BYTES, 4294967295},
    [ZQ_TYPE_ENUM] = {CHOICES},
    [ZQ_TYPE_SET] = {CHOICES},
    [ZQ_TYPE_DATE] = {MOMENTS},
    [ZQ_TYPE_TIME] = {TIMES},
    [ZQ_TYPE_DATETIME] = {MOMENTS},
    [ZQ_TYPE_TIMESTAMP] = {MOMENTS},
    [ZQ_TYPE_YEAR] = {YEARS},
    [ZQ_TYPE_JSON] = {JSONS, 4294967295},
    [ZQ_TYPE_OTHER] = {OTHERS},
};

static family family_of(const zq_type *type)
{
    return kinds[type->kind].family;
}

static unsigned long long size_of(const zq_type *type)
{
    return kinds[type->kind].size;
}

/* ---- charsets ---- */

static bool is_one_of(const char *word, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (strcmp(word, *words) == 0)
            return true;
    }
    return false;
}

/* MySQL manual, 12.10.1, "Maxlen". */
unsigned zq_charset_bytes(const char *charset)
{
    static const char *const known[][16] = {
        {"latin1", "ascii", "binary", "latin2", "latin5", "latin7", "cp1250", "cp1251", "cp1256",
         "cp1257", "koi8r", "koi8u", "greek", "hebrew", "tis620"},
        {"gbk", "gb2312", "big5", "ucs2", "sjis", "cp932", "euckr"},
        {"utf8mb3", "ujis", "eucjpms"},
        {"utf8mb4", "utf16", "utf16le", "utf32", "gb18030"},
    };

    for (unsigned i = 0; i < ZQ_LEN(known); i++) {
        if (is_one_of(charset, known[i]))
            return i + 1;
    }
    return 0;
}

static unsigned bytes_of_character(const char *charset)
{
    unsigned bytes = zq_charset_bytes(charset);

    return bytes == 0 ? 4 : bytes;
}

bool zq_charset_holds(const char *to, const char *from)
{
    static const char *const all[] = {"utf8mb4", "utf16", "utf16le", "utf32", NULL};
    /* Nothing beyond the Basic Multilingual Plane. */
    static const char *const planar[] = {"latin1", "latin2", "latin5", "latin7", "ascii", "ucs2",
                                         "gbk",    "gb2312", "cp1250", "cp1251", NULL};

    if (strcmp(to, from) == 0 || is_one_of(to, all))
        return true;
    if (strcmp(to, "utf8mb3") == 0 || strcmp(to, "ucs2") == 0)
        return is_one_of(from, planar) || strcmp(from, "utf8mb3") == 0;
    return strcmp(from, "ascii") == 0 && is_one_of(to, planar);
}

/* ---- how long a value is as text ---- */

static size_t longest(const char *const *values)
{
    size_t most = 0;

    for (; *values != NULL; values++) {
        if (strlen(*values) > most)
            most = strlen(*values);
    }
    return most;
}

static size_t all_listed(const char *const *values)
{
    size_t length = 0;

    for (; *values != NULL; values++)
        length += strlen(*values) + 1;
    return length;
}

/* "-123.45", ".5" has a zero before the point. */
static unsigned long long width_of_number(const zq_type *type)
{
    enum { REAL = 32 };
    unsigned sign = !type->is_unsigned;

    if (family_of(type) == REALS)
        return REAL;
    if (family_of(type) == INTEGERS)
        return kinds[type->kind].digits + sign;
    return type->length + sign + (type->scale > 0 ? 2 : 0);
}

static unsigned long long width_of_moment(const zq_type *type)
{
    unsigned fraction = type->length > 0 ? type->length + 1 : 0;

    return type->kind == ZQ_TYPE_DATE ? 10 : 19 + fraction;
}

/* The characters that a value of the type can have. */
static unsigned long long width_of(const zq_type *type)
{
    switch (family_of(type)) {
    case INTEGERS:
    case DECIMALS:
    case REALS:
        return width_of_number(type);
    case TEXTS:
        return type->length;
    case LONG_TEXTS:
    case JSONS:
        return size_of(type);
    case CHOICES:
        return type->kind == ZQ_TYPE_ENUM ? longest(type->values) : all_listed(type->values);
    case MOMENTS:
        return width_of_moment(type);
    case TIMES:
        return 10 + (type->length > 0 ? type->length + 1 : 0);
    case YEARS:
        return 4;
    default:
        return (unsigned long long)-1;
    }
}

/* ---- what holds what ---- */

static bool integer_holds(const zq_type *to, const zq_type *from)
{
    unsigned long long bits = size_of(to);

    if (family_of(from) == YEARS)
        return bits >= 16;
    if (family_of(from) == BITS)
        return bits - !to->is_unsigned >= from->length;
    if (family_of(from) != INTEGERS)
        return false;
    if (from->is_unsigned && !to->is_unsigned)
        return bits > size_of(from);
    return bits >= size_of(from) && to->is_unsigned == from->is_unsigned;
}

static bool decimal_holds(const zq_type *to, const zq_type *from)
{
    unsigned whole = to->length - to->scale;

    if (family_of(from) == YEARS)
        return whole >= 4;
    if (to->is_unsigned && !from->is_unsigned)
        return false;
    if (family_of(from) == INTEGERS)
        return whole >= kinds[from->kind].digits;
    return family_of(from) == DECIMALS && to->scale >= from->scale &&
           whole >= from->length - from->scale;
}

static bool real_holds(const zq_type *to, const zq_type *from)
{
    if (to->is_unsigned && !from->is_unsigned)
        return false;
    if (family_of(from) == INTEGERS || family_of(from) == REALS)
        return size_of(to) >= size_of(from);
    return family_of(from) == DECIMALS && from->length <= kinds[to->kind].digits;
}

/* A CHAR loses the blanks at the end. */
static bool text_holds(const zq_type *to, const zq_type *from)
{
    bool may_end_in_blanks =
        family_of(from) == LONG_TEXTS || family_of(from) == JSONS || from->kind == ZQ_TYPE_VARCHAR;

    return width_of(from) <= to->length && !(to->kind == ZQ_TYPE_CHAR && may_end_in_blanks);
}

static bool long_text_holds(const zq_type *to, const char *to_charset, const zq_type *from,
                            const char *from_charset)
{
    /* The same characters have the same bytes. */
    static const char *const alike[] = {"ascii", "utf8mb3", "utf8mb4", NULL};
    bool same = strcmp(to_charset, from_charset) == 0 ||
                (is_one_of(to_charset, alike) && is_one_of(from_charset, alike));
    unsigned long long width = width_of(from);

    if (width > size_of(to))
        return false;
    if (family_of(from) == JSONS || (family_of(from) == LONG_TEXTS && same))
        return true;
    return width * bytes_of_character(to_charset) <= size_of(to);
}

/* Bytes of what is kept as it is: texts and bytes. 0: something else. */
static unsigned long long bytes_in(const zq_type *from, const char *charset)
{
    switch (family_of(from)) {
    case TEXTS:
        return (unsigned long long)from->length * bytes_of_character(charset);
    case BYTES:
        return from->length;
    case LONG_TEXTS:
    case LONG_BYTES:
        return size_of(from);
    default:
        return 0;
    }
}

/* A BINARY is filled up with zeros. */
static bool bytes_hold(const zq_type *to, const zq_type *from, const char *from_charset)
{
    unsigned long long bytes = bytes_in(from, from_charset);

    if (bytes == 0 || (to->kind == ZQ_TYPE_BINARY && from->kind != ZQ_TYPE_BINARY))
        return false;
    return bytes <= (family_of(to) == BYTES ? to->length : size_of(to));
}

static bool choice_holds(const zq_type *to, const zq_type *from)
{
    if (family_of(from) != CHOICES || (to->kind == ZQ_TYPE_ENUM && from->kind == ZQ_TYPE_SET))
        return false;
    for (const char *const *value = from->values; *value != NULL; value++) {
        if (!is_one_of(*value, to->values))
            return false;
    }
    return true;
}

/* A TIMESTAMP reaches from 1970 to 2038 only. */
static bool moment_holds(const zq_type *to, const zq_type *from)
{
    if (family_of(from) != MOMENTS || to->kind == ZQ_TYPE_DATE)
        return false;
    if (to->kind == ZQ_TYPE_TIMESTAMP && from->kind != ZQ_TYPE_TIMESTAMP)
        return false;
    return from->kind == ZQ_TYPE_DATE || to->length >= from->length;
}

bool zq_type_holds(const zq_type *to, const char *to_charset, const zq_type *from,
                   const char *from_charset)
{
    bool same = family_of(from) == family_of(to);

    if (zq_type_equal(to, from) && family_of(to) != LONG_TEXTS)
        return true;
    switch (family_of(to)) {
    case INTEGERS:
        return integer_holds(to, from);
    case DECIMALS:
        return decimal_holds(to, from);
    case REALS:
        return real_holds(to, from);
    case TEXTS:
        return text_holds(to, from);
    case LONG_TEXTS:
        return long_text_holds(to, to_charset, from, from_charset);
    case BYTES:
    case LONG_BYTES:
        return bytes_hold(to, from, from_charset);
    case CHOICES:
        return choice_holds(to, from);
    case MOMENTS:
        return moment_holds(to, from);
    case BITS:
    case TIMES:
        return same && to->length >= from->length;
    default:
        return false;
    }
}
