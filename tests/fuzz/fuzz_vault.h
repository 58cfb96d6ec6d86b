/* A vault for many inputs: to make one (guard pages, mlock) takes longer than to read an input. */
#ifndef ZQ_FUZZ_VAULT_H
#define ZQ_FUZZ_VAULT_H

#include "app/settings/vault.h"

#include <sodium.h>
#include <stdlib.h>

/* Returns a vault that stays good until the next call. */
static inline zq_vault *zq_fuzz_vault(void)
{
    static zq_vault *vault;
    static unsigned inputs;

    if (sodium_init() < 0)
        abort();
    if (vault != NULL && ++inputs % 64 == 0) {
        zq_vault_close(vault);
        vault = NULL;
    }
    if (vault == NULL)
        vault = zq_vault_open();
    return vault;
}

#endif
