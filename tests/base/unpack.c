#include "base/unpack.h"
#include "base/err.h"

#include <criterion/criterion.h>
#include <string.h>

Test(unpack, bytes_stand_for_themselves_or_for_what_is_there_already)
{
    static const unsigned char packed[] = {3, 'a', 'b', 'c', ' ', 128 + 4, 4, 0, 0, '!'};
    char out[32] = "";

    cr_assert_eq(zq_unpack(packed, sizeof packed, out, sizeof out), 13);
    cr_assert_str_eq(out, "abc abc abc !");
}

Test(unpack, bytes_repeat_what_they_are_writing)
{
    static const unsigned char packed[] = {0, 'x', 255, 1, 0};
    char out[256] = "";

    cr_assert_eq(zq_unpack(packed, sizeof packed, out, sizeof out), 132);
    cr_assert_eq(strspn(out, "x"), 132);
}

Test(unpack, texts_are_found_one_by_one)
{
    static const unsigned char packed[] = {5, 'o', 'n', 'e', 0, 't', 'w', 1, 'o', 0};
    char out[sizeof "one" + sizeof "two"];
    const char *texts[2];

    ZQ_UNPACK_TEXTS(packed, out, texts);
    cr_assert_str_eq(texts[0], "one");
    cr_assert_str_eq(texts[1], "two");
}

/* Whatever the bytes are, and however little room there is: the sanitizers see a step too far. */
Test(unpack, broken_bytes_end_it_where_they_are)
{
    static const struct {
        unsigned char packed[4];
        size_t n, size, given;
    } cases[] = {
        {{9, 'a'}, 2, 8, 0},           /* bytes that are not there */
        {{0, 'a', 128, 1}, 4, 8, 1},   /* half of a distance */
        {{0, 'a', 128}, 3, 8, 1},      /* none of it */
        {{128, 1, 0}, 3, 8, 0},        /* before the first byte */
        {{0, 'a', 128, 0}, 4, 8, 1},   /* no step back */
        {{2, 'a', 'b', 'c'}, 4, 2, 0}, /* more than there is room for */
    };

    for (size_t i = 0; i < ZQ_LEN(cases); i++) {
        char out[8];

        cr_assert_eq(zq_unpack(cases[i].packed, cases[i].n, out, cases[i].size), cases[i].given,
                     "case %zu", i);
    }
}
