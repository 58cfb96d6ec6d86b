#include "seed/native_password.h"

#include <sodium.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* SHA-1 (RFC 3174), which libsodium has not: mysql_native_password is the only thing here that
 * needs it, and it is MariaDB's default. */
enum { BLOCK = 64, DIGEST = 20, MESSAGE_MAX = 256 };

static uint32_t rotate(uint32_t value, unsigned bits)
{
    return value << bits | value >> (32 - bits);
}

static void take_block(uint32_t state[5], const unsigned char *block)
{
    uint32_t w[80];
    uint32_t s[5];

    for (size_t t = 0; t < 16; t++)
        w[t] = (uint32_t)block[4 * t] << 24 | (uint32_t)block[4 * t + 1] << 16 |
               (uint32_t)block[4 * t + 2] << 8 | block[4 * t + 3];
    for (int t = 16; t < 80; t++)
        w[t] = rotate(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
    memcpy(s, state, sizeof s);
    for (int t = 0; t < 80; t++) {
        static const uint32_t constants[] = {0x5A827999, 0x6ED9EBA1, 0x8F1BBCDC, 0xCA62C1D6};
        uint32_t choice = t < 20   ? (s[1] & s[2]) | (~s[1] & s[3])
                          : t < 40 ? s[1] ^ s[2] ^ s[3]
                          : t < 60 ? (s[1] & s[2]) | (s[1] & s[3]) | (s[2] & s[3])
                                   : s[1] ^ s[2] ^ s[3];
        uint32_t next = rotate(s[0], 5) + choice + s[4] + w[t] + constants[t / 20];

        s[4] = s[3];
        s[3] = s[2];
        s[2] = rotate(s[1], 30);
        s[1] = s[0];
        s[0] = next;
    }
    for (int i = 0; i < 5; i++)
        state[i] += s[i];
    sodium_memzero(w, sizeof w);
}

/* At most MESSAGE_MAX bytes. */
static void sha1(const unsigned char *message, size_t length, unsigned char out[DIGEST])
{
    uint32_t state[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
    unsigned char padded[MESSAGE_MAX + 2 * BLOCK] = {0};
    size_t size = (length + 8) / BLOCK * BLOCK + BLOCK;
    uint64_t bits = (uint64_t)length * 8;

    memcpy(padded, message, length);
    padded[length] = 0x80;
    for (int i = 0; i < 8; i++)
        padded[size - 1 - (size_t)i] = (unsigned char)(bits >> (8 * i));
    for (size_t at = 0; at < size; at += BLOCK)
        take_block(state, padded + at);
    for (int i = 0; i < DIGEST; i++)
        out[i] = (unsigned char)(state[i / 4] >> (24 - 8 * (i % 4)));
    sodium_memzero(padded, sizeof padded);
}

void zq_native_hash(const char *password, char out_hash[ZQ_NATIVE_HASH])
{
    unsigned char once[DIGEST];
    unsigned char twice[DIGEST];
    size_t length = strnlen(password, MESSAGE_MAX);

    sha1((const unsigned char *)password, length, once);
    sha1(once, sizeof once, twice);
    out_hash[0] = '*';
    for (size_t i = 0; i < DIGEST; i++)
        snprintf(out_hash + 1 + 2 * i, 3, "%02X", (unsigned)twice[i]);
    sodium_memzero(once, sizeof once);
}

/* MariaDB documentation, "Authentication Plugin - ed25519": the password is the seed of RFC 8032,
 * 5.1.5, of whatever length. */
void zq_ed25519_hash(const char *password, char out_hash[ZQ_ED25519_HASH])
{
    unsigned char expanded[crypto_hash_sha512_BYTES];
    unsigned char key[crypto_core_ed25519_BYTES];

    crypto_hash_sha512(expanded, (const unsigned char *)password, strlen(password));
    expanded[0] &= 0xF8;
    expanded[31] = (unsigned char)((expanded[31] & 0x7F) | 0x40);
    /* Fails on zero only, which a clamped scalar is not. */
    if (crypto_scalarmult_ed25519_base_noclamp(key, expanded) != 0)
        memset(key, 0, sizeof key);
    sodium_bin2base64(out_hash, ZQ_ED25519_HASH, key, sizeof key,
                      sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
    sodium_memzero(expanded, sizeof expanded);
}
