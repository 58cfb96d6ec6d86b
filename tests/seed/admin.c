#include "seed/admin.h"
#include "seed/merge/rbac_merge.h"

#include <criterion/criterion.h>
#include <string.h>

static zq_arena *arena;
static const zq_admin_identity who = {"admin", "admin@zquant.com", "admin"};

static void begin(void)
{
    arena = zq_arena_open();
}

static void end(void)
{
    zq_arena_close(arena);
}

TestSuite(admin, .init = begin, .fini = end);

static zq_rbac_merged merged_with(const zq_rbac *now, bool prune)
{
    zq_seeds *seeds = ZQ_NEW(arena, zq_seeds);
    zq_rbac_options options = {.prune = prune};
    zq_rbac_merged merged = {0};
    zq_err err = {0};

    cr_assert_eq(zq_seeds_builtin(arena, seeds, &err), ZQ_OK);
    cr_assert_eq(zq_rbac_merge(seeds, now, &options, arena, &merged, &err), ZQ_OK);
    return merged;
}

static void expect_refusal(const zq_rbac *now, const zq_admin_identity *identity,
                           const char *message, const char *hint)
{
    zq_rbac_merged merged = merged_with(now, false);
    const zq_rbac_user *existing = NULL;
    zq_err err = {0};

    cr_assert_eq(zq_admin_needed(now, &merged, identity, &existing, &err), ZQ_E_DATA);
    cr_assert_str_eq(err.message, message);
    cr_assert_str_eq(err.hint, hint);
}

Test(admin, a_fresh_database_needs_one)
{
    zq_rbac_merged merged = merged_with(&zq_rbac_empty, false);
    const zq_rbac_user *existing = (const zq_rbac_user *)&merged;

    cr_assert_eq(zq_admin_needed(&zq_rbac_empty, &merged, &who, &existing, NULL), ZQ_OK);
    cr_assert_null(existing);
}

Test(admin, any_user_with_the_role_is_one)
{
    zq_rbac_user user = {7, "root", "root@x.org", "admin", false};
    zq_rbac now = {.admin = &user};
    zq_rbac_merged merged = merged_with(&now, false);
    const zq_rbac_user *existing = NULL;

    cr_assert_eq(zq_admin_needed(&now, &merged, &who, &existing, NULL), ZQ_OK);
    cr_assert_eq(existing, &user);
}

Test(admin, a_name_or_address_that_another_user_has_is_refused)
{
    zq_rbac_user by_name = {7, "Admin", "x@y.org", "user", true};
    zq_rbac_user by_email = {8, "other", "ADMIN@zquant.com", NULL, true};
    zq_rbac now = {.takers = &by_name, .n_takers = 1};

    expect_refusal(&now, &who,
                   "cannot make the administrator: user 'Admin' (role 'user') has the name 'admin' "
                   "already",
                   "give that user the role 'admin', or choose another name by '--admin-username'; "
                   "'--no-admin' goes without one");
    now.takers = &by_email;
    expect_refusal(&now, &who,
                   "cannot make the administrator: user 'other' (role 'none') has the e-mail "
                   "address 'admin@zquant.com' already",
                   "give that user the role 'admin', or choose another address by '--admin-email'; "
                   "'--no-admin' goes without one");
}

Test(admin, a_role_that_is_not_there_is_refused)
{
    zq_admin_identity chief = {"a", "a@b.c", "chief"};

    expect_refusal(&zq_rbac_empty, &chief,
                   "cannot make the administrator: there is no role 'chief'",
                   "add it to 'roles.ini', restore it by 'zquant-init seeds apply --prune --role "
                   "chief', or choose another by '--admin-role'");
}

Test(admin, the_role_may_be_one_that_the_merge_adds_or_one_of_the_database_alone)
{
    zq_rbac_role role = {3, "chief", NULL, 0};
    zq_rbac now = {.roles = &role, .n_roles = 1};
    zq_rbac_merged merged = merged_with(&now, false);
    zq_rbac_merged pruned = merged_with(&now, true);
    zq_admin_identity chief = {"a", "a@b.c", "Chief"};
    const zq_rbac_user *existing = NULL;

    cr_assert_eq(zq_admin_needed(&now, &merged, &chief, &existing, NULL), ZQ_OK);
    cr_assert_eq(zq_admin_needed(&now, &pruned, &chief, &existing, NULL), ZQ_E_DATA);
}

Test(admin, the_hash_is_an_argument_and_not_in_the_text)
{
    zq_step step = zq_admin_insert(&who, "$argon2id$secret", 3, arena);

    cr_assert_null(strstr(step.text, "secret"));
    cr_assert_null(strstr(step.say, "secret"));
    cr_assert_str_eq(step.say, "make the administrator 'admin'");
    cr_assert_eq(step.n_args, 4);
    cr_assert_str_eq(step.args[2].text, "$argon2id$secret");
    cr_assert(step.changes_rows);
}

Test(admin, an_identity_must_fit_its_columns)
{
    zq_admin_identity identity = who;
    zq_err err = {0};

    cr_assert_eq(zq_admin_identity_check(&identity, &err), ZQ_OK);
    identity.username = "";
    cr_assert_eq(zq_admin_identity_check(&identity, &err), ZQ_E_CONFIG);
    cr_assert_str_eq(err.message, "the administrator's name is empty");
    identity.username = "123456789012345678901234567890123456789012345678901";
    cr_assert_eq(zq_admin_identity_check(&identity, &err), ZQ_E_CONFIG);
    cr_assert_str_eq(err.message,
                     "the administrator's name has 51 characters, and may have at most 50");
    identity = who;
    identity.email = "nobody";
    cr_assert_eq(zq_admin_identity_check(&identity, &err), ZQ_E_CONFIG);
    cr_assert_str_eq(err.message, "'nobody' is not an e-mail address");
}

Test(admin, an_address_is_judged_as_the_application_judges_it)
{
    static const char *const good[] = {"admin@zquant.com", "a.b+c@x-y.example.org",
                                       "管理@例子.中国"};
    static const char special[] =
        "its domain is one for special use (.local, .test, .invalid, .localhost ...)";
    static const struct {
        const char *address;
        const char *trouble;
    } bad[] = {
        {"a@desk.local", special},
        {"a@TEST", special},
        {"a@x.localhost", special},
        {"a@b.invalid", special},
        {"a@desk", "its domain has no dot"},
        {"a@10.0.0.1", "its domain ends in a digit"},
        {"a@[10.0.0.1]", "what stands after its '@' is not a domain"},
        {"a@-x.com", "what stands after its '@' is not a domain"},
        {"a@x..com", "what stands after its '@' is not a domain"},
        {"a@x@y.com", "what stands after its '@' is not a domain"},
        {"a..b@x.com", "what stands before its '@' is not what an address has there"},
        {"\"a\"@x.com", "what stands before its '@' is not what an address has there"},
    };

    for (size_t i = 0; i < ZQ_LEN(good); i++)
        cr_expect_null(zq_admin_email_trouble(good[i]), "%s", good[i]);
    for (size_t i = 0; i < ZQ_LEN(bad); i++) {
        const char *trouble = zq_admin_email_trouble(bad[i].address);

        cr_expect_not_null(trouble, "%s", bad[i].address);
        cr_expect_str_eq(trouble, bad[i].trouble, "%s: %s", bad[i].address, trouble);
    }
}
