#include "app/settings/mycnf.h"
#include "fuzz_vault.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static zq_rc check_item(void *context, const zq_mycnf_item *item, zq_err *err)
{
    (void)context;
    (void)err;
    if (item->group == NULL || item->key == NULL || *item->key == '\0' || item->line == 0)
        abort();
    return ZQ_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    zq_vault *vault = zq_fuzz_vault();
    zq_err err = {0};

    if (zq_mycnf_parse("my.cnf", (const char *)data, size, vault, check_item, NULL, &err) !=
            ZQ_OK &&
        strncmp(err.message, "my.cnf:", 7) != 0)
        abort();
    return 0;
}
