/* The user's own language. What the code says is English; po/zh_CN.po has what that is in Chinese.
 */
#ifndef ZQ_BASE_LANGUAGE_H
#define ZQ_BASE_LANGUAGE_H

#include <stddef.h>

/* Speak the language of a locale from now on: "zh_CN.UTF-8" is Chinese, all others, and NULL, are
 * English. The locale need not be installed: the catalog is compiled in. */
void zq_language_set(const char *locale);

/* What a text, or a format with the same arguments, is in the language at hand; `text` itself where
 * that has nothing for it. */
const char *zq_tr(const char *text);

/* The catalog's own texts and formats, in turn; NULL: English is spoken, or there are no more. */
const char *zq_tr_source(size_t i);

/* A text or format that is chosen before it is said: this is how the catalog's tools find it. */
#define N_(text) text

#endif
