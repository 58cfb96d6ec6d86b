#include "hash_of.h"

#include <crypt.h>
#include <sodium.h>
#include <string.h>

bool hash_is_of(const char *hash, const char *password)
{
    struct crypt_data work = {0};
    const char *again;

    if (strncmp(hash, "$argon2id$", 10) == 0)
        return crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
    again = crypt_rn(password, hash, &work, sizeof work);
    return again != NULL && strcmp(again, hash) == 0;
}
