/* What zquant takes for a password, and passwords made at random. */
#ifndef ZQ_SEED_PASSWORD_H
#define ZQ_SEED_PASSWORD_H

#include "base/secret.h"

enum { ZQ_PASSWORD_MIN = 8, ZQ_PASSWORD_MAX = 128 }; /* characters */

/* zquant's own rule: 8 to 128 characters with an upper-case letter, a lower-case letter, a digit
 * and one of !@#$%^&*()_+-=[]{}|;:,.<>? And ours: nothing that is not seen, and nothing that may be
 * spelled in more than one way. Fails with ZQ_E_DATA and says all that is missing; never quotes the
 * password. */
zq_rc zq_password_check(const char *password, zq_err *err);

/* A random password of at least 128 bits that keeps the rule, without letters and digits that look
 * alike, selected as a whole by a double click and safe in any shell. */
zq_secret *zq_password_make(void);

#endif
