#include "seed/hash.h"

#include "base/language.h"
#include "base/secret.h"
#include "seed/memory.h"

#include <crypt.h>
#include <pthread.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One row for each kind; memory in bytes. */
static const struct {
    const char *name;
    unsigned long long passes;
    size_t memory;
} kinds[] = {
    [ZQ_HASH_ARGON2ID] = {"argon2id", crypto_pwhash_OPSLIMIT_INTERACTIVE,
                          crypto_pwhash_MEMLIMIT_INTERACTIVE},
    [ZQ_HASH_ARGON2ID_MODERATE] = {"argon2id-moderate", crypto_pwhash_OPSLIMIT_MODERATE,
                                   crypto_pwhash_MEMLIMIT_MODERATE},
    [ZQ_HASH_ARGON2ID_SENSITIVE] = {"argon2id-sensitive", crypto_pwhash_OPSLIMIT_SENSITIVE,
                                    crypto_pwhash_MEMLIMIT_SENSITIVE},
    [ZQ_HASH_BCRYPT] = {"bcrypt", 0, 0},
};

enum { BCRYPT_COST = 12, BCRYPT_BYTES = 72, BCRYPT_LENGTH = 60, MIB = 1024 * 1024 };

/* Room for what is not argon2id's: connections, results, threads. */
static const size_t besides = (size_t)4 * MIB;

/* By how many MiB what is in use differs from run to run: the store grows in steps of 2
 * (zq_memory_share_store), and a thread that connects may have taken the next one or not. */
static const unsigned differs = 4;

static const char *smaller(zq_hash_kind kind)
{
    return kind == ZQ_HASH_ARGON2ID ? "--admin-hash bcrypt" : "--admin-hash argon2id";
}

/* Is there room for a hash, and for a stack of so many bytes, of which little is used? What the
 * control group (version 2 or 1) and RLIMIT_AS still allow is looked at. */
static zq_rc check_room(zq_hash_kind kind, size_t stack, zq_err *err)
{
    zq_memory_room room = zq_memory_left("");
    unsigned long long needed =
        kinds[kind].memory + besides + (room.address_space ? (unsigned long long)stack : 0);

    if (kinds[kind].memory == 0 || !room.limited || room.left >= needed)
        return ZQ_OK;
    zq_fail(err, ZQ_E_MEMORY,
            "to hash a password by %s takes %llu MiB of memory, and %llu are left",
            kinds[kind].name, needed / MIB, room.left / MIB);
    zq_err_detail(err, "the %s allows %llu MiB, of which %llu MiB are in use", room.what,
                  room.limit / MIB, room.used / MIB);
    return zq_err_hint(err, "raise the limit to %llu MiB, or use '%s'",
                       (room.used + needed) / MIB + differs, smaller(kind));
}

/* The room has been checked. */
static zq_rc hash_argon2id(zq_hash_kind kind, const char *password, char out_hash[ZQ_HASH_MAX],
                           zq_err *err)
{
    char hash[crypto_pwhash_STRBYTES];

    if (crypto_pwhash_str_alg(hash, password, strlen(password), kinds[kind].passes,
                              kinds[kind].memory, crypto_pwhash_ALG_ARGON2ID13) != 0) {
        zq_fail(err, ZQ_E_MEMORY, "%s needs %zu MiB of memory, which could not be had",
                kinds[kind].name, kinds[kind].memory / MIB);
        return zq_err_hint(err, "raise the memory limit, or use '%s'", smaller(kind));
    }
    memcpy(out_hash, hash, sizeof hash);
    return ZQ_OK;
}

static zq_rc check_length(zq_hash_kind kind, const char *password, zq_err *err)
{
    if (kind != ZQ_HASH_BCRYPT || strlen(password) <= BCRYPT_BYTES)
        return ZQ_OK;
    zq_fail(err, ZQ_E_DATA,
            "bcrypt looks at the first %d bytes of a password, and this one has %zu", BCRYPT_BYTES,
            strlen(password));
    return zq_err_hint(err, "choose a shorter password; where the application knows argon2id, "
                            "'--admin-hash argon2id' takes a longer one");
}

static zq_rc hash_bcrypt(const char *password, char out_hash[ZQ_HASH_MAX], zq_err *err)
{
    ZQ_AUTO(zq_secret) work = NULL;
    char salt[CRYPT_GENSALT_OUTPUT_SIZE];
    const char *hash;

    work = zq_secret_new(NULL, sizeof(struct crypt_data));
    if (crypt_gensalt_rn("$2b$", BCRYPT_COST, NULL, 0, salt, sizeof salt) == NULL)
        return zq_fail(err, ZQ_E_MEMORY, "libcrypt cannot make a salt for bcrypt");
    hash = crypt_rn(password, salt, zq_secret_text(work), sizeof(struct crypt_data));
    if (hash == NULL || strlen(hash) != BCRYPT_LENGTH)
        return zq_fail(err, ZQ_E_MEMORY, "libcrypt cannot make a bcrypt hash");
    memcpy(out_hash, hash, BCRYPT_LENGTH + 1);
    return ZQ_OK;
}

static zq_rc hash_checked(zq_hash_kind kind, const char *password, char out_hash[ZQ_HASH_MAX],
                          zq_err *err)
{
    if (sodium_init() < 0)
        return zq_fail(err, ZQ_E_MEMORY, "libsodium cannot start");
    return kind == ZQ_HASH_BCRYPT ? hash_bcrypt(password, out_hash, err)
                                  : hash_argon2id(kind, password, out_hash, err);
}

/* ---- on a thread ---- */

struct zq_hash_job {
    pthread_t thread;
    zq_hash_kind kind;
    zq_secret *password;
    char hash[ZQ_HASH_MAX];
    zq_rc rc;
    zq_err err;
};

static void *run_job(void *argument)
{
    zq_hash_job *job = argument;

    job->rc = hash_checked(job->kind, zq_secret_text(job->password), job->hash, &job->err);
    return NULL;
}

zq_rc zq_hash_begin(zq_hash_kind kind, const char *password, zq_hash_job **out_job, zq_err *err)
{
    zq_hash_job *job;
    pthread_attr_t usual;
    size_t stack = 0;
    int number;

    ZQ_TRY(check_length(kind, password, err));
    pthread_attr_init(&usual);
    pthread_attr_getstacksize(&usual, &stack);
    pthread_attr_destroy(&usual);
    zq_memory_share_store();
    ZQ_TRY(check_room(kind, stack, err));
    job = calloc(1, sizeof *job);
    if (job == NULL)
        return zq_fail(err, ZQ_E_MEMORY, "not enough memory for a thread");
    job->kind = kind;
    job->password = zq_secret_new(password, strlen(password));
    number = pthread_create(&job->thread, NULL, run_job, job);
    if (number != 0) {
        zq_secret_close(job->password);
        free(job);
        zq_fail(err, ZQ_E_MEMORY, "cannot start a thread for the password hash");
        return zq_err_detail(err, "%s", strerror(number));
    }
    *out_job = job;
    return ZQ_OK;
}

zq_rc zq_hash_end(zq_hash_job *job, char out_hash[ZQ_HASH_MAX], zq_err *err)
{
    zq_rc rc;

    pthread_join(job->thread, NULL);
    rc = job->rc;
    if (rc != ZQ_OK && err != NULL)
        *err = job->err;
    if (rc == ZQ_OK && out_hash != NULL)
        memcpy(out_hash, job->hash, sizeof job->hash);
    zq_secret_close(job->password);
    sodium_memzero(job, sizeof *job);
    free(job);
    return rc;
}

/* ---- hashes made elsewhere ---- */

/* Step over a number that stands after `before`; false when it is not there. One too large for its
 * type becomes the largest. */
static bool take_number(const char **at, const char *before, unsigned long *out)
{
    size_t length = strlen(before);
    char *end;

    if (strncmp(*at, before, length) != 0 || (*at)[length] < '0' || (*at)[length] > '9')
        return false;
    *out = strtoul(*at + length, &end, 10);
    *at = end;
    return true;
}

/* Step over "$" and base64 that stands for at least `bytes` bytes. */
static bool take_base64(const char **at, size_t bytes)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t length;

    if (**at != '$')
        return false;
    length = strspn(*at + 1, digits);
    *at += 1 + length;
    return length % 4 != 1 && length * 3 / 4 >= bytes;
}

/* What a hash costs to check. */
typedef struct cost {
    bool argon2id;
    unsigned long memory; /* KiB */
    unsigned long passes; /* of bcrypt, the cost */
    unsigned long lanes;
} cost;

/* RFC 9106, and the encoding of its reference implementation: $argon2id$v=19$m=,t=,p=$salt$hash. */
static bool read_argon2id(const char *hash, cost *out)
{
    const char *at = hash + strlen("$argon2id");
    unsigned long version;

    out->argon2id = true;
    return take_number(&at, "$v=", &version) && version == 19 &&
           take_number(&at, "$m=", &out->memory) && take_number(&at, ",t=", &out->passes) &&
           take_number(&at, ",p=", &out->lanes) && take_base64(&at, 8) && take_base64(&at, 16) &&
           *at == '\0';
}

static bool read_bcrypt(const char *hash, cost *out)
{
    static const char digits[] = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    const char *at = hash + strlen("$2b");

    return strlen(hash) == BCRYPT_LENGTH && hash[6] == '$' && take_number(&at, "$", &out->passes) &&
           at == hash + 6 && strspn(at + 1, digits) == 53;
}

/* false: it is not whole. *out_known: it is of a kind that is known here. */
static bool read_hash(const char *hash, cost *out, bool *out_known)
{
    *out = (cost){0};
    *out_known = true;
    if (strncmp(hash, "$argon2id$", 10) == 0)
        return strlen(hash) < ZQ_HASH_MAX && read_argon2id(hash, out);
    if (hash[0] == '$' && hash[1] == '2' && hash[2] != '\0' && strchr("aby", hash[2]) != NULL)
        return read_bcrypt(hash, out);
    *out_known = false;
    return false;
}

enum { KIB_MOST = 1024 * 1024, PASSES_MOST = 20, LANES_MOST = 16, COST_MOST = 16 };

static zq_rc check_cost(const cost *c, zq_err *err)
{
    bool good = c->argon2id
                    ? c->memory <= KIB_MOST && c->passes >= 1 && c->passes <= PASSES_MOST &&
                          c->lanes >= 1 && c->lanes <= LANES_MOST && c->memory >= 8 * c->lanes
                    : c->passes >= 4 && c->passes <= COST_MOST;

    if (good)
        return ZQ_OK;
    zq_fail(err, ZQ_E_DATA,
            "the administrator's password hash has parameters that no login should meet");
    return zq_err_hint(
        err, c->argon2id ? N_("m is from 8 p to 1048576 (1 GiB), t from 1 to 20, p from 1 to "
                              "16; make it anew by m=65536,t=2,p=1")
                         : N_("bcrypt's cost is from 4 to 16; make it anew by 12"));
}

zq_rc zq_hash_check(const char *hash, zq_err *err)
{
    cost c;
    bool known;

    if (read_hash(hash, &c, &known))
        return check_cost(&c, err);
    zq_fail(err, ZQ_E_DATA,
            known ? N_("the administrator's password hash is damaged or cut short")
                  : N_("the administrator's password hash is neither argon2id nor bcrypt"));
    return zq_err_hint(
        err, "it begins with '$argon2id$' or '$2b$'; shells and compose files replace '$' "
             "unless it is quoted ('...') or doubled ($$)");
}

/* OWASP, Password Storage Cheat Sheet: with less memory more passes. */
const char *zq_hash_weak(const char *hash)
{
    static const struct {
        unsigned long memory; /* KiB */
        unsigned long passes;
    } least[] = {{47104, 1}, {19456, 2}, {12288, 3}, {9216, 4}, {7168, 5}};
    cost c;
    bool known;

    if (!read_hash(hash, &c, &known))
        return NULL;
    if (!c.argon2id)
        return c.passes < 10 ? N_("bcrypt's cost should be 10 at least") : NULL;
    for (size_t i = 0; i < ZQ_LEN(least); i++) {
        if (c.memory >= least[i].memory && c.passes >= least[i].passes)
            return NULL;
    }
    return N_("argon2id's parameters should be m=19456,t=2,p=1 at least");
}
