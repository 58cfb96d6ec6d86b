/* Where the administrator's password comes from, and where a random one goes. */
#ifndef ZQ_APP_ADMIN_SECRET_H
#define ZQ_APP_ADMIN_SECRET_H

#include "app/app.h"
#include "base/secret.h"
#include "seed/rbac.h"

#include <stdbool.h>

typedef struct zq_admin_secret zq_admin_secret;

/* Ask for the password on the terminal, where it is to come from there: --admin-password-prompt,
 * and none of the sources before it. *out_typed is NULL where it is not; the caller closes it. Call
 * it before a lease is taken: nobody shall wait for somebody who types. */
zq_rc zq_admin_secret_ask(zq_app *app, zq_secret **out_typed, zq_err *err);

/* Find the password, in this order: a hash made elsewhere, the password's file, the password
 * itself, `typed` or the terminal with --admin-password-prompt, else a random one; refuse one that
 * breaks the rule; and start hashing it on a thread of its own. With --admin-hash auto the kind is
 * bcrypt where the users in `now` have it, else argon2id.
 *
 * The file of --admin-password-out must be new, and that is checked here. With `resume`, one that a
 * run killed before it knew its password to be in use has left is replaced. Call it before anything
 * is changed; close the result with zq_admin_secret_close, also after a failure later on. */
zq_rc zq_admin_secret_begin(zq_app *app, zq_secret *typed, bool resume, const zq_rbac *now,
                            zq_admin_secret **out, zq_err *err);

/* Wait for the hash; it belongs to `secret`. May be called again. Once this has returned, a random
 * password is in the file of --admin-password-out, on the disk, with mode 1600 until
 * zq_admin_secret_show: store the hash only now, and the
 * password cannot be lost. */
zq_rc zq_admin_secret_hash(zq_admin_secret *secret, const char **out_hash, zq_err *err);

/* Once the user has it: show a random password on standard error, once, or say which file has it;
 * and say what the application must know where argon2id was chosen for want of a hash that shows
 * what it knows. */
zq_rc zq_admin_secret_show(const zq_app *app, zq_admin_secret *secret, const char *username,
                           zq_err *err);

/* Nobody has the password: take the file that this run has written away again. */
void zq_admin_secret_drop(const zq_admin_secret *secret);

/* There is an administrator, whom a run that was killed may have made: let no later run replace the
 * file that it has left. */
void zq_admin_secret_keep(const zq_app *app);

void zq_admin_secret_close(zq_admin_secret *secret);
ZQ_AUTO_DEFINE(zq_admin_secret, zq_admin_secret_close);

/* Show a random password on standard error, once: "the <whose> '<name>', shown only now: ...",
 * where `whose` is "password of", say, in N_(). */
zq_rc zq_admin_secret_show_other(const zq_app *app, const char *whose, const char *name,
                                 zq_secret *secret, zq_err *err);

/* Which setting gives a password or hash ("ZQUANT_ADMIN_PASSWORD", "--admin-password-file"), to say
 * that it was in vain; NULL when none does. Reads no file. */
const char *zq_admin_secret_given(const zq_app *app);

#endif
