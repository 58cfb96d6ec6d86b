/* Pieces of JSON documents. */
#ifndef ZQ_APP_SHOW_JSON_H
#define ZQ_APP_SHOW_JSON_H

#include <jansson.h>

/* A string; null for NULL and for "". */
json_t *zq_json_text(const char *text);

/* An array of `n` strings; an empty one when `names` is NULL. */
json_t *zq_json_names(const char *const *names, size_t n);

#endif
