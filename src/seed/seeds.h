/* The roles, permissions and grants that a database shall have: compiled in from seeds/, or read
 * from a directory with the same two files, roles.ini and permissions.ini. docs/seeds.md describes
 * the files. */
#ifndef ZQ_SEED_SEEDS_H
#define ZQ_SEED_SEEDS_H

#include "base/arena.h"
#include "seed/seed.h"

/* The ones compiled in. Everything in `arena`; this holds for the functions below too. Fails with
 * ZQ_E_DATA only when a build was made from seed files that no test has seen. */
zq_rc zq_seeds_builtin(zq_arena *arena, zq_seeds *out, zq_err *err);

/* What the Python initialiser of zquant 0.2.0 to 0.4.0 wrote: never changes. */
zq_rc zq_seeds_python(zq_arena *arena, zq_seeds *out, zq_err *err);

/* Read roles.ini and permissions.ini in `dir`.
 *
 * Fails with ZQ_E_NOINPUT when a file cannot be read, and with ZQ_E_DATA when there are mistakes:
 * `out_mistakes` (may be NULL) then gets all of them, err->detail as many as it holds. */
zq_rc zq_seeds_load(const char *dir, zq_arena *arena, zq_seeds *out, zq_seed_mistakes *out_mistakes,
                    zq_err *err);

/* The same from texts; the file names are for messages. */
zq_rc zq_seeds_parse(const zq_seed_text *roles, const zq_seed_text *permissions, zq_arena *arena,
                     zq_seeds *out, zq_seed_mistakes *out_mistakes, zq_err *err);

/* Read administrators.ini in `dir`; none where it is not there. Fails as zq_seeds_load does, with
 * ZQ_E_DATA also for a hash that zq_hash_check refuses. */
zq_rc zq_seeds_admins_load(const char *dir, zq_arena *arena, zq_seed_admins *out, zq_err *err);

/* Fill in the digest of seeds that were put together by other means. */
void zq_seeds_seal(zq_seeds *seeds);

#endif
