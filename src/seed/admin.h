/* The administrator: the one user that a fresh database needs. */
#ifndef ZQ_SEED_ADMIN_H
#define ZQ_SEED_ADMIN_H

#include "seed/decision.h"

/* Whether name, e-mail and role can be what they are to be: not empty, within their columns, an
 * address with an '@'. Fails with ZQ_E_CONFIG. */
zq_rc zq_admin_identity_check(const zq_admin_identity *who, zq_err *err);

/* Why the application (pydantic's EmailStr, which is the package email-validator) would not take an
 * address that zq_admin_identity_check has let pass; NULL: it would. An administrator with such an
 * address is stored, and the application fails at each answer that shows him. */
const char *zq_admin_email_trouble(const char *email);

/* The user that has the administrator's name, else the one that has the e-mail, else NULL. */
const zq_rbac_user *zq_admin_taker(const zq_rbac *now, const zq_admin_identity *who,
                                   bool *out_has_name);

/* Fails with ZQ_E_DATA when the role will not be there after `merged`: nobody would be made. */
zq_rc zq_admin_need_role(const zq_rbac_merged *merged, const char *role, zq_err *err);

/* Whether an administrator is to be made. There is one when any user, active or not, has the
 * administrator's role: then *out_existing is that user, else NULL.
 *
 * Fails, before anything is changed, with ZQ_E_DATA: when another user has the name or the e-mail;
 * when the role will not be there after `merged`. */
zq_rc zq_admin_needed(const zq_rbac *now, const zq_rbac_merged *merged,
                      const zq_admin_identity *who, const zq_rbac_user **out_existing, zq_err *err);

/* The step that makes the administrator, with the hash as a bound argument. It does nothing when a
 * user has the role by then, so two runs cannot make two. Texts stay the caller's. */
zq_step zq_admin_insert(const zq_admin_identity *who, const char *hash, unsigned stage,
                        zq_arena *arena);

/* The same, whether or not there is an administrator already: for `admin create`. */
zq_step zq_admin_insert_another(const zq_admin_identity *who, const char *hash, unsigned stage,
                                zq_arena *arena);

/* The step that sets `*out_has` when the administrator is there with just this hash, so that it is
 * ours and nobody else's. */
zq_step zq_admin_ask(const zq_admin_identity *who, const char *hash, bool *out_has, unsigned stage,
                     zq_arena *arena);

/* The same asked at once, of a database that is not the connection's default one. Fails as the
 * query does. */
zq_rc zq_admin_has_hash(zq_db *db, const char *database, const zq_admin_identity *who,
                        const char *hash, bool *out_has, zq_err *err);

/* The step that gives a user a new password hash. Nothing else of the user changes. */
zq_step zq_admin_rehash(const zq_rbac_user *user, const char *hash, unsigned stage,
                        zq_arena *arena);

#endif
