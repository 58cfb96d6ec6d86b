#include "base/utf8.h"

/* The bytes that may follow each kind of first byte (RFC 3629, section 4). */
static const struct {
    unsigned char first_low, first_high;   /* first byte */
    unsigned char second_low, second_high; /* second byte; the others are 80 to BF */
    size_t length;
} forms[] = {
    {0x00, 0x7F, 0x00, 0x00, 1}, {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
    {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3},
    {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
};

size_t zq_utf8_length(const char *text, size_t left)
{
    const unsigned char *at = (const unsigned char *)text;

    if (left == 0)
        return 0;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (at[0] < forms[i].first_low || at[0] > forms[i].first_high)
            continue;
        if (forms[i].length > left)
            return 0;
        for (size_t k = 1; k < forms[i].length; k++) {
            unsigned char low = k == 1 ? forms[i].second_low : 0x80;
            unsigned char high = k == 1 ? forms[i].second_high : 0xBF;

            if (at[k] < low || at[k] > high)
                return 0;
        }
        return forms[i].length;
    }
    return 0;
}

bool zq_utf8_valid(const char *text, size_t length)
{
    while (length > 0) {
        size_t step = zq_utf8_length(text, length);

        if (step == 0)
            return false;
        text += step;
        length -= step;
    }
    return true;
}

size_t zq_utf8_count(const char *text)
{
    size_t n = 0;

    for (; *text != '\0'; text++)
        n += ((unsigned char)*text & 0xC0) != 0x80;
    return n;
}
