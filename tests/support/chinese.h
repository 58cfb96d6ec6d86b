/* Is a message Chinese as a whole, where the user's language is? Each test of a refusal can ask. */
#ifndef TESTS_CHINESE_H
#define TESTS_CHINESE_H

#include "base/err.h"
#include "base/language.h"

/* What fails in English, tried once more: `call` fills `err` in Chinese. */
#define EXPECT_CHINESE(call, err)       \
    do {                                \
        zq_language_set("zh_CN.UTF-8"); \
        (void)(call);                   \
        zq_language_set(NULL);          \
        expect_chinese((err).message);  \
        expect_chinese((err).hint);     \
    } while (0)

/* Fails where two words of English follow each other outside of quotes and braces. */
void expect_chinese(const char *message);

#endif
