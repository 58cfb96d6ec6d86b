#include "app/settings/url.h"
#include "fuzz_vault.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    zq_arena *arena = zq_arena_open();
    zq_vault *vault = zq_fuzz_vault();
    zq_err err = {0};
    zq_url url;
    char *text;

    text = zq_vault_strndup(vault, (const char *)data, size);
    if (zq_url_parse(text, vault, &url, &err) == ZQ_OK) {
        for (size_t i = 0; i < url.n_parts; i++) {
            if (url.parts[i].text == NULL || zq_url_get(&url, url.parts[i].which) == NULL)
                abort();
        }
    } else if (err.message[0] == '\0') {
        abort();
    }
    zq_url_shown(text, arena);
    zq_arena_close(arena);
    return 0;
}
