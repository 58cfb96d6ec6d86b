#include "app/show/json.h"

json_t *zq_json_text(const char *text)
{
    return text == NULL || *text == '\0' ? json_null() : json_string(text);
}

json_t *zq_json_names(const char *const *names, size_t n)
{
    json_t *list = json_array();

    for (size_t i = 0; names != NULL && i < n; i++)
        json_array_append_new(list, json_string(names[i]));
    return list;
}
