#include "seed/seeds.h"
#include "seed/seedwrite.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first half is roles.ini, the second, after a NUL, permissions.ini. What is taken must be
 * written and read back to the same; what is not must name file and line. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const char *text = (const char *)data;
    const char *middle = size == 0 ? NULL : memchr(text, '\0', size);
    size_t first = middle == NULL ? size : (size_t)(middle - text);
    zq_seed_text roles = {"roles.ini", text, first};
    zq_seed_text permissions = {"permissions.ini", middle == NULL ? "" : middle + 1,
                                middle == NULL ? 0 : size - first - 1};
    zq_seed_mistakes mistakes = {0};
    zq_seeds seeds;
    zq_seeds again;
    zq_err err = {0};
    const char *texts[2];

    if (zq_seeds_parse(&roles, &permissions, arena, &seeds, &mistakes, &err) != ZQ_OK) {
        if (mistakes.n == 0 || mistakes.items[0].line == 0)
            abort();
        return 0;
    }
    zq_seedwrite_text(&seeds, arena, &texts[0], &texts[1]);
    roles = (zq_seed_text){"roles.ini", texts[0], strlen(texts[0])};
    permissions = (zq_seed_text){"permissions.ini", texts[1], strlen(texts[1])};
    if (zq_seeds_parse(&roles, &permissions, arena, &again, NULL, &err) != ZQ_OK ||
        strcmp(seeds.digest, again.digest) != 0)
        abort();
    return 0;
}
