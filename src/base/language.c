#include "base/language.h"

#include "base/unpack.h"
#include "embed/zh_ids"
#include "embed/zq_zh_texts.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

enum { N_TEXTS = sizeof zq_zh_ids / sizeof zq_zh_ids[0] };

static bool chinese;
static const char *texts[N_TEXTS];

static void unpack_texts(void)
{
    static char unpacked[zq_zh_texts_SIZE];

    ZQ_UNPACK_TEXTS(zq_zh_texts, unpacked, texts);
}

void zq_language_set(const char *locale)
{
    const char *charset = locale == NULL ? NULL : strchr(locale, '.');

    chinese = charset != NULL && strncmp(locale, "zh_CN", strlen("zh_CN")) == 0 &&
              (strcasecmp(charset, ".UTF-8") == 0 || strcasecmp(charset, ".utf8") == 0);
    if (chinese && texts[0] == NULL)
        unpack_texts();
}

/* One by one: a few of them are asked for in a run, or all for --help, once. */
const char *zq_tr(const char *text)
{
    for (size_t i = 0; chinese && i < N_TEXTS; i++) {
        if (strcmp(zq_zh_ids[i], text) == 0)
            return texts[i];
    }
    return text;
}

const char *zq_tr_source(size_t i)
{
    return chinese && i < N_TEXTS ? zq_zh_ids[i] : NULL;
}
