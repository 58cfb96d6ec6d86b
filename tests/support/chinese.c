#include "chinese.h"

#include <criterion/criterion.h>
#include <string.h>

static size_t small_letters(const char *text)
{
    return strspn(text, "abcdefghijklmnopqrstuvwxyz");
}

/* Behind a name in quotes, a placeholder, or one character. */
static const char *next(const char *at)
{
    static const char open[] = "'\"{`", close[] = "'\"}`";
    const char *kind = strchr(open, *at);
    const char *end = kind == NULL ? NULL : strchr(at + 1, close[kind - open]);

    return end == NULL ? at + 1 : end + 1;
}

void expect_chinese(const char *message)
{
    for (const char *at = message; *at != '\0';) {
        size_t first = small_letters(at);
        size_t second = first > 1 && at[first] == ' ' ? small_letters(at + first + 1) : 0;

        cr_expect(second < 2, "not translated: '%s' in '%s'", at, message);
        if (second > 1)
            return;
        at = first > 0 ? at + first : next(at);
    }
}
