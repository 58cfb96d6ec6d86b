/* Seeds as files. */
#ifndef ZQ_SEED_SEEDWRITE_H
#define ZQ_SEED_SEEDWRITE_H

#include "base/arena.h"
#include "seed/seed.h"

/* The two files as zq_seedwrite_write writes them: the same bytes for the same seeds, every grant
 * by its own name, quotes only where they are needed. Reading them back gives the same seeds. */
void zq_seedwrite_text(const zq_seeds *seeds, zq_arena *arena, const char **out_roles,
                       const char **out_permissions);

/* Write roles.ini, permissions.ini and administrators.ini into `dir`, which is made when it is
 * missing. Each is whole or was not touched; files that are there are replaced only with `replace`.
 * The last one is for its owner alone when it holds hashes.
 * Fails with ZQ_E_IO, and with ZQ_E_USAGE when a file is there. */
zq_rc zq_seedwrite_write(const zq_seeds *seeds, const zq_seed_admins *admins, const char *dir,
                         bool replace, zq_err *err);

#endif
