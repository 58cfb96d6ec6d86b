/* Secrets: memory that is locked, kept out of core dumps and wiped, and the files they come from.
 */
#ifndef ZQ_APP_SETTINGS_VAULT_H
#define ZQ_APP_SETTINGS_VAULT_H

#include "base/err.h"
#include "base/file.h"

#include <stdbool.h>
#include <stddef.h>

/* Memory from sodium_malloc, freed and wiped all at once. Settings keep everything in one, so that
 * nobody has to know which of them are secret. Needs sodium_init(). */
typedef struct zq_vault zq_vault;
zq_vault *zq_vault_open(void);
void zq_vault_close(zq_vault *vault);
ZQ_AUTO_DEFINE(zq_vault, zq_vault_close);

/* Zeroed; never NULL (zq_out_of_memory). Copies end in NUL; a copy of NULL is NULL. */
void *zq_vault_alloc(zq_vault *vault, size_t size);
char *zq_vault_strndup(zq_vault *vault, const char *text, size_t length);
char *zq_vault_strdup(zq_vault *vault, const char *text);
char *zq_vault_printf(zq_vault *vault, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* As zq_file_read, into a vault. */
zq_rc zq_vault_read(zq_vault *vault, const char *path, size_t most, zq_file_kind kind,
                    zq_file *out_file, zq_err *err);

/* Fail with ZQ_E_CONFIG, and the command that fixes it, when others may read what the user could
 * keep from them (zq_trust_exposure); `what` is in it: "a password". */
zq_rc zq_vault_refuse_open(const char *path, const zq_file_facts *facts, const char *what,
                           zq_err *err);

enum { ZQ_SECRET_MAX = 4096 };

/* The secret that a file holds: one line, without its line end and without a byte order mark. Fails
 * with ZQ_E_NOINPUT or, when it is empty, has more lines, a NUL, or more than ZQ_SECRET_MAX bytes,
 * with ZQ_E_CONFIG. */
zq_rc zq_vault_read_secret(zq_vault *vault, const char *path, const char **out_text,
                           zq_file_facts *out_facts, zq_err *err);

#endif
