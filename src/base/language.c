#include "base/language.h"

#include "embed/zh_cn.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

static bool chinese;

void zq_language_set(const char *locale)
{
    const char *charset = locale == NULL ? NULL : strchr(locale, '.');

    chinese = charset != NULL && strncmp(locale, "zh_CN", strlen("zh_CN")) == 0 &&
              (strcasecmp(charset, ".UTF-8") == 0 || strcasecmp(charset, ".utf8") == 0);
}

/* One by one: a few of them are asked for in a run, or all for --help, once. */
const char *zq_tr(const char *text)
{
    for (size_t i = 0; chinese && i < sizeof zq_zh_cn / sizeof zq_zh_cn[0]; i++) {
        if (strcmp(zq_zh_cn[i][0], text) == 0)
            return zq_zh_cn[i][1];
    }
    return text;
}
