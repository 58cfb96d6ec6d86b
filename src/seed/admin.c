#include "seed/admin.h"

#include "base/language.h"
#include "base/text.h"
#include "base/utf8.h"
#include "sql/sql.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { USERNAME_MAX = 50, EMAIL_MAX = 100 };

static zq_rc check_text(const char *text, const char *noun, size_t max, zq_err *err)
{
    if (text == NULL || *text == '\0')
        return zq_fail(err, ZQ_E_CONFIG, "the administrator's %s is empty", noun);
    if (!zq_utf8_valid(text, strlen(text)))
        return zq_fail(err, ZQ_E_CONFIG, "the administrator's %s is not UTF-8", noun);
    if (!zq_text_is_plain(text, strlen(text)))
        return zq_fail(err, ZQ_E_CONFIG,
                       "the administrator's %s has a control character or one that is not seen",
                       noun);
    if (zq_utf8_count(text) > max)
        return zq_fail(err, ZQ_E_CONFIG,
                       "the administrator's %s has %zu characters, and may have at most %zu", noun,
                       zq_utf8_count(text), max);
    return ZQ_OK;
}

zq_rc zq_admin_identity_check(const zq_admin_identity *who, zq_err *err)
{
    const char *at;

    ZQ_TRY(check_text(who->username, zq_tr("name"), USERNAME_MAX, err));
    ZQ_TRY(check_text(who->email, zq_tr("e-mail address"), EMAIL_MAX, err));
    ZQ_TRY(check_text(who->role, zq_tr("role"), ZQ_ROLE_NAME_MAX, err));
    at = strchr(who->email, '@');
    if (at == NULL || at == who->email || at[1] == '\0' || strpbrk(who->email, " \t\r\n") != NULL)
        return zq_fail(err, ZQ_E_CONFIG, "'%s' is not an e-mail address", who->email);
    return ZQ_OK;
}

/* ---- what the application takes for an address ---- */

enum { LOCAL_MAX = 64, DOMAIN_MAX = 253, LABEL_MAX = 63 };

/* RFC 5322, 3.2.3 (atext), and RFC 6531, 3.3: whatever is beyond ASCII. */
static bool is_atom(const char *text, size_t length, const char *marks)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];

        if (c < 0x80 && !isalnum(c) && strchr(marks, c) == NULL)
            return false;
        if (c == '.' && (i == 0 || i + 1 == length || text[i - 1] == '.'))
            return false;
    }
    return length > 0;
}

static bool labels_are_good(const char *domain)
{
    for (const char *label = domain; *label != '\0';) {
        size_t length = strcspn(label, ".");

        if (length == 0 || length > LABEL_MAX || label[0] == '-' || label[length - 1] == '-')
            return false;
        label += length + (label[length] == '.');
    }
    return true;
}

/* IANA, "Special-Use Domain Names": never an address that anybody can write to. */
static bool is_special(const char *domain)
{
    static const char *const special[] = {"arpa", "invalid", "local", "localhost", "onion", "test"};
    const char *last = strrchr(domain, '.');

    for (size_t i = 0; i < ZQ_LEN(special); i++) {
        if (strcasecmp(last == NULL ? domain : last + 1, special[i]) == 0)
            return true;
    }
    return false;
}

const char *zq_admin_email_trouble(const char *email)
{
    const char *at = strchr(email, '@');
    const char *domain = at + 1;
    size_t local = (size_t)(at - email);

    if (!is_atom(email, local, "!#$%&'*+-/=?^_`{|}~.") || local > LOCAL_MAX)
        return "what stands before its '@' is not what an address has there";
    if (is_special(domain))
        return "its domain is one for special use (.local, .test, .invalid, .localhost ...)";
    if (strchr(domain, '.') == NULL)
        return "its domain has no dot";
    if (!is_atom(domain, strlen(domain), "-.") || strlen(domain) > DOMAIN_MAX ||
        !labels_are_good(domain))
        return "what stands after its '@' is not a domain";
    if (isdigit((unsigned char)domain[strlen(domain) - 1]))
        return "its domain ends in a digit";
    return NULL;
}

/* Whether the role is there once the merge has been done. */
static bool has_role(const zq_rbac_merged *merged, const char *role)
{
    for (size_t i = 0; i < merged->n_roles; i++) {
        const zq_rbac_decision *d = &merged->decisions[i];

        if (zq_seed_name_cmp(d->role, role) == 0)
            return d->verdict == ZQ_VERDICT_ADD ||
                   ((d->where & ZQ_IN_DATABASE) && d->verdict != ZQ_VERDICT_REMOVE);
    }
    return false;
}

const zq_rbac_user *zq_admin_taker(const zq_rbac *now, const zq_admin_identity *who,
                                   bool *out_has_name)
{
    *out_has_name = true;
    for (size_t i = 0; i < now->n_takers; i++) {
        if (zq_seed_name_cmp(now->takers[i].username, who->username) == 0)
            return &now->takers[i];
    }
    *out_has_name = false;
    return now->n_takers > 0 ? &now->takers[0] : NULL;
}

zq_rc zq_admin_need_role(const zq_rbac_merged *merged, const char *role, zq_err *err)
{
    if (has_role(merged, role))
        return ZQ_OK;
    zq_fail(err, ZQ_E_DATA, "cannot make the administrator: there is no role '%s'", role);
    return zq_err_hint(err,
                       "add it to 'roles.ini', restore it by 'zquant-init seeds apply --prune "
                       "--role %s', or choose another by '--admin-role'",
                       role);
}

zq_rc zq_admin_needed(const zq_rbac *now, const zq_rbac_merged *merged,
                      const zq_admin_identity *who, const zq_rbac_user **out_existing, zq_err *err)
{
    const zq_rbac_user *user;
    bool name;

    if (now->admin != NULL) {
        *out_existing = now->admin;
        return ZQ_OK;
    }
    user = zq_admin_taker(now, who, &name);
    if (user != NULL) {
        zq_fail(err, ZQ_E_DATA,
                name ? N_("cannot make the administrator: user '%s' (role '%s') has the name '%s' "
                          "already")
                     : N_("cannot make the administrator: user '%s' (role '%s') has the e-mail "
                          "address '%s' already"),
                user->username, user->role != NULL ? user->role : zq_tr(N_("none")),
                name ? who->username : who->email);
        return zq_err_hint(err,
                           name ? N_("give that user the role '%s', or choose another name by "
                                     "'--admin-username'; '--no-admin' goes without one")
                                : N_("give that user the role '%s', or choose another address by "
                                     "'--admin-email'; '--no-admin' goes without one"),
                           who->role);
    }
    ZQ_TRY(zq_admin_need_role(merged, who->role, err));
    *out_existing = NULL;
    return ZQ_OK;
}

/* The first user has id 1, whatever this server or an earlier try has made of the counter. */
#define INSERT_ADMIN                                                                               \
    "INSERT INTO `zq_app_users` (`id`, `username`, `email`, `hashed_password`, `role_id`, "        \
    "`is_active`, `created_by`, `created_time`, `updated_by`, `updated_time`) "                    \
    "SELECT CASE WHEN EXISTS (SELECT 1 FROM `zq_app_users`) THEN NULL ELSE 1 END, ?, ?, ?, r.id, " \
    "1, 'admin', NOW(), 'admin', NOW() FROM `zq_app_roles` AS r "                                  \
    "WHERE r.name = ?"

static zq_step insert_step(const char *text, const zq_admin_identity *who, const char *hash,
                           unsigned stage, zq_arena *arena)
{
    zq_arg *args = ZQ_NEW_ARRAY(arena, zq_arg, 4);

    args[0] = zq_arg_text(who->username);
    args[1] = zq_arg_text(who->email);
    args[2] = zq_arg_text(hash);
    args[3] = zq_arg_text(who->role);
    return (zq_step){
        .stage = stage,
        .text = text,
        .args = args,
        .n_args = 4,
        .say = zq_arena_printf(arena, "make the administrator '%s'", who->username),
        .changes_rows = true,
        .in_order = true,
    };
}

zq_step zq_admin_insert(const zq_admin_identity *who, const char *hash, unsigned stage,
                        zq_arena *arena)
{
    return insert_step(INSERT_ADMIN " AND NOT EXISTS (SELECT 1 FROM `zq_app_users` AS u "
                                    "WHERE u.role_id = r.id)",
                       who, hash, stage, arena);
}

zq_step zq_admin_insert_another(const zq_admin_identity *who, const char *hash, unsigned stage,
                                zq_arena *arena)
{
    return insert_step(INSERT_ADMIN, who, hash, stage, arena);
}

zq_step zq_admin_ask(const zq_admin_identity *who, const char *hash, bool *out_has, unsigned stage,
                     zq_arena *arena)
{
    zq_arg *args = ZQ_NEW_ARRAY(arena, zq_arg, 2);

    args[0] = zq_arg_text(who->username);
    args[1] = zq_arg_text(hash);
    return (zq_step){
        .stage = stage,
        .text = "SELECT 1 FROM `zq_app_users` WHERE `username` = ? AND `hashed_password` = ?",
        .args = args,
        .n_args = 2,
        .say = zq_arena_printf(arena, "look whether '%s' is the administrator", who->username),
        .changes_rows = true,
        .in_order = true,
        .out_found = out_has,
    };
}

zq_rc zq_admin_has_hash(zq_db *db, const char *database, const zq_admin_identity *who,
                        const char *hash, bool *out_has, zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO_SQL(sql);
    zq_step ask = zq_admin_ask(who, hash, out_has, 0, arena);
    zq_rows rows;

    zq_sql_add(&sql, "USE `%s`", database);
    ZQ_TRY(zq_db_run_sql(db, &sql, NULL, NULL, err));
    ZQ_TRY(zq_db_query(db, ask.text, ask.args, ask.n_args, "i", arena, &rows, err));
    *out_has = rows.n > 0;
    return ZQ_OK;
}

zq_step zq_admin_rehash(const zq_rbac_user *user, const char *hash, unsigned stage, zq_arena *arena)
{
    zq_arg *args = ZQ_NEW_ARRAY(arena, zq_arg, 2);

    args[0] = zq_arg_text(hash);
    args[1] = zq_arg_int(user->id);
    return (zq_step){
        .stage = stage,
        .text = "UPDATE `zq_app_users` SET `hashed_password` = ?, `updated_by` = 'admin', "
                "`updated_time` = NOW() WHERE `id` = ?",
        .args = args,
        .n_args = 2,
        .say = zq_arena_printf(arena, "change the password of '%s'", user->username),
        .changes_rows = true,
        .in_order = true,
    };
}
