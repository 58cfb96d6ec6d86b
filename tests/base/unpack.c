#include "base/unpack.h"

#include <criterion/criterion.h>

/* "one", "two", "three", each with a NUL behind it: `printf 'one\0two\0three\0' | gzip -9n | od -An
 * -tu1`. */
Test(unpack, texts_are_found_one_by_one)
{
    static const unsigned char packed[] = {31, 139, 8,  0,  0,   0,   0,  0,   2,  3,  203, 207,
                                           75, 101, 40, 41, 207, 103, 40, 201, 40, 74, 77,  101,
                                           0,  0,   98, 59, 236, 131, 14, 0,   0,  0};
    char out[sizeof "one" + sizeof "two" + sizeof "three"];
    const char *texts[3];

    ZQ_UNPACK_TEXTS(packed, out, texts);
    cr_assert_str_eq(texts[0], "one");
    cr_assert_str_eq(texts[1], "two");
    cr_assert_str_eq(texts[2], "three");
}
