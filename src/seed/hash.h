/* Password hashes: argon2id by libsodium, bcrypt by libxcrypt. */
#ifndef ZQ_SEED_HASH_H
#define ZQ_SEED_HASH_H

#include "base/err.h"

#include <stddef.h>

typedef enum zq_hash_kind {
    ZQ_HASH_ARGON2ID, /* libsodium's interactive parameters: 64 MiB */
    ZQ_HASH_ARGON2ID_MODERATE,
    ZQ_HASH_ARGON2ID_SENSITIVE,
    ZQ_HASH_BCRYPT, /* $2b$ with cost 12 */
} zq_hash_kind;

enum { ZQ_HASH_MAX = 256 }; /* with the NUL; the column takes 255 */

/* Hash a password on a thread of its own. zq_hash_begin takes a copy of it; each job needs one
 * zq_hash_end, which waits for it, gives its result and frees it. With `out_hash` NULL the result
 * is dropped. Fails with ZQ_E_MEMORY, and with ZQ_E_DATA for a password of more than the 72 bytes
 * that bcrypt looks at. */
typedef struct zq_hash_job zq_hash_job;
zq_rc zq_hash_begin(zq_hash_kind kind, const char *password, zq_hash_job **out_job, zq_err *err);
zq_rc zq_hash_end(zq_hash_job *job, char out_hash[ZQ_HASH_MAX], zq_err *err);

/* Whether a text made elsewhere is an argon2id or bcrypt hash that the application can check:
 * complete, with parameters in range, and none that would keep it busy at each login: argon2id with
 * more than 1 GiB, 20 passes or 16 lanes, bcrypt with a cost over 16. Fails with ZQ_E_DATA; never
 * quotes it. */
zq_rc zq_hash_check(const char *hash, zq_err *err);

/* Why a hash that zq_hash_check has let pass is weaker than OWASP's Password Storage Cheat Sheet
 * wants it at least; NULL: it is not. */
const char *zq_hash_weak(const char *hash);

#endif
