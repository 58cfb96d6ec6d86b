/* A program that hashes one password and does nothing else: what argon2id itself takes. */
#include <sodium.h>

int main(void)
{
    char hash[crypto_pwhash_STRBYTES];

    if (sodium_init() < 0)
        return 1;
    return crypto_pwhash_str(hash, "x", 1, crypto_pwhash_OPSLIMIT_INTERACTIVE,
                             crypto_pwhash_MEMLIMIT_INTERACTIVE);
}
