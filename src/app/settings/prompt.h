/* Secrets that are typed. */
#ifndef ZQ_APP_SETTINGS_PROMPT_H
#define ZQ_APP_SETTINGS_PROMPT_H

#include "app/settings/vault.h"

/* Ask for a secret on the terminal, without showing what is typed; `label` as in "Password of
 * 'admin'". With `twice`, ask again until both are the same. Fails with ZQ_E_USAGE when there is no
 * terminal, with ZQ_E_INTERRUPTED at its end (Ctrl-D). */
zq_rc zq_prompt_secret(zq_vault *vault, const char *label, bool twice, const char **out_text,
                       zq_err *err);

#endif
