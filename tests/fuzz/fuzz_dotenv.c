#include "app/settings/dotenv.h"
#include "fuzz_vault.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static zq_rc check_item(void *context, const zq_dotenv_item *item, zq_err *err)
{
    unsigned *last = context;

    (void)err;
    if (item->key == NULL || item->line < *last)
        abort();
    *last = item->line;
    return ZQ_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const environment[] = {"HOME=/home/me", "A=a", NULL};
    zq_vault *vault = zq_fuzz_vault();
    zq_err err = {0};
    unsigned last = 1;

    if (zq_dotenv_parse(".env", (const char *)data, size, environment, vault, check_item, &last,
                        &err) != ZQ_OK &&
        strncmp(err.message, ".env:", 5) != 0)
        abort();
    return 0;
}
