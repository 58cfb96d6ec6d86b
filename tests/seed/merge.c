#include "seed/merge/rbac_merge.h"
#include "seed/record_text.h"

#include "base/buf.h"

#include <criterion/criterion.h>
#include <string.h>

#define S ZQ_IN_SEEDS
#define L ZQ_IN_LAST
#define D ZQ_IN_DATABASE

static zq_arena *arena;

static void begin(void)
{
    arena = zq_arena_open();
}

static void end(void)
{
    zq_arena_close(arena);
}

TestSuite(merge, .init = begin, .fini = end);

/* ---- building the three sides ---- */

/* "role=words: permission permission; ..." and "permission=words ..."; words may be missing. */
typedef struct side {
    const char *roles;
    const char *permissions;
} side;

static zq_seeds seeds_of(side from)
{
    ZQ_AUTO_BUF(roles);
    ZQ_AUTO_BUF(permissions);
    zq_seeds seeds = {0};
    zq_err err = {0};
    zq_seed_text texts[2];
    char *copy = zq_arena_strdup(arena, from.roles);
    char *at = NULL;

    for (char *role = strtok_r(copy, ";", &at); role != NULL; role = strtok_r(NULL, ";", &at)) {
        char *list = strstr(role, ": ");
        char *words = strchr(role, '=');
        bool frozen = role[0] == '!';

        cr_assert_not_null(list);
        *list = '\0';
        if (words != NULL)
            *words = '\0';
        zq_buf_printf(&roles, "[%s]\ndescription = %s\npermissions = %s\nreconcile = %s\n",
                      role + frozen, words != NULL ? words + 1 : "", list + 2,
                      frozen ? "no" : "yes");
    }
    copy = zq_arena_strdup(arena, from.permissions);
    for (char *p = strtok_r(copy, " ", &at); p != NULL; p = strtok_r(NULL, " ", &at)) {
        char *words = strchr(p, '=');

        if (words != NULL)
            *words = '\0';
        zq_buf_printf(&permissions, "[%s]\ndescription = %s\n", p, words != NULL ? words + 1 : "");
    }
    texts[0] = (zq_seed_text){"roles", zq_buf_text(&roles), roles.length};
    texts[1] = (zq_seed_text){"permissions", zq_buf_text(&permissions), permissions.length};
    cr_assert_eq(zq_seeds_parse(&texts[0], &texts[1], arena, &seeds, NULL, &err), ZQ_OK, "%s\n%s",
                 err.message, err.detail);
    return seeds;
}

/* A database with these rows; ids count from 11 for roles and from 101 for permissions. */
static zq_rbac database_of(side from)
{
    zq_seeds seeds = seeds_of(from);
    zq_rbac_role *roles = ZQ_NEW_ARRAY(arena, zq_rbac_role, seeds.n_roles);
    zq_rbac_permission *permissions = ZQ_NEW_ARRAY(arena, zq_rbac_permission, seeds.n_permissions);
    zq_rbac_grant *grants = ZQ_NEW_ARRAY(arena, zq_rbac_grant, seeds.n_grants);

    for (size_t i = 0; i < seeds.n_roles; i++)
        roles[i] =
            (zq_rbac_role){11 + (long long)i, seeds.roles[i].name, seeds.roles[i].description, 0};
    for (size_t i = 0; i < seeds.n_permissions; i++)
        permissions[i] = (zq_rbac_permission){
            101 + (long long)i, seeds.permissions[i].name, seeds.permissions[i].resource,
            seeds.permissions[i].action, seeds.permissions[i].description};
    for (size_t i = 0; i < seeds.n_grants; i++)
        grants[i] = (zq_rbac_grant){11 + seeds.grants[i].role, 101 + seeds.grants[i].permission};
    return (zq_rbac){.roles = roles,
                     .n_roles = seeds.n_roles,
                     .permissions = permissions,
                     .n_permissions = seeds.n_permissions,
                     .grants = grants,
                     .n_grants = seeds.n_grants};
}

static void record(zq_rbac *rbac, side from)
{
    zq_seeds seeds = seeds_of(from);
    size_t n = seeds.n_roles + seeds.n_permissions + seeds.n_grants + 1;
    zq_rbac_record *rows = ZQ_NEW_ARRAY(arena, zq_rbac_record, n);
    size_t at = 0;

    for (size_t i = 0; i < seeds.n_roles; i++)
        rows[at++] = (zq_rbac_record){"role", seeds.roles[i].name, "",
                                      zq_record_text_encode(arena, &seeds.roles[i].description, 1)};
    for (size_t i = 0; i < seeds.n_permissions; i++) {
        const char *words[] = {seeds.permissions[i].description, seeds.permissions[i].resource,
                               seeds.permissions[i].action};

        rows[at++] = (zq_rbac_record){"permission", "", seeds.permissions[i].name,
                                      zq_record_text_encode(arena, words, 3)};
    }
    for (size_t i = 0; i < seeds.n_grants; i++)
        rows[at++] = (zq_rbac_record){"grant", seeds.roles[seeds.grants[i].role].name,
                                      seeds.permissions[seeds.grants[i].permission].name, ""};
    rows[at++] = (zq_rbac_record){"digest", "", "", zq_arena_strdup(arena, seeds.digest)};
    rbac->records = rows;
    rbac->n_records = n;
    rbac->digest = rows[n - 1].content;
}

static zq_rbac_merged merge_with(side seeds, const zq_rbac *now, zq_rbac_options options)
{
    zq_seeds *wanted = ZQ_NEW(arena, zq_seeds);
    zq_rbac_merged merged = {0};
    zq_err err = {0};

    *wanted = seeds_of(seeds);
    cr_assert_eq(zq_rbac_merge(wanted, now, &options, arena, &merged, &err), ZQ_OK, "%s",
                 err.message);
    return merged;
}

static zq_rbac_merged merge(side seeds, side last, side database, zq_rbac_options options)
{
    zq_rbac *now = ZQ_NEW(arena, zq_rbac);

    *now = database_of(database);
    record(now, last);
    return merge_with(seeds, now, options);
}

static const zq_rbac_decision *decision(const zq_rbac_merged *merged, zq_rbac_kind kind,
                                        const char *role, const char *permission)
{
    for (size_t i = 0; i < merged->n; i++) {
        const zq_rbac_decision *d = &merged->decisions[i];

        if (d->kind == kind && (role == NULL || strcmp(d->role, role) == 0) &&
            (permission == NULL || strcmp(d->permission, permission) == 0))
            return d;
    }
    cr_assert_fail("no decision about %s %s", role != NULL ? role : "", permission);
    return NULL;
}

static void expect_verdict(const zq_rbac_merged *merged, zq_rbac_kind kind, const char *role,
                           const char *permission, zq_verdict wanted)
{
    const zq_rbac_decision *d = decision(merged, kind, role, permission);

    cr_assert_eq(d->verdict, wanted, "%s %s: %s, not %s", role != NULL ? role : "",
                 permission != NULL ? permission : "", zq_verdict_name(d->verdict),
                 zq_verdict_name(wanted));
}

static const char *steps_text(const zq_rbac_merged *merged)
{
    ZQ_AUTO_BUF(out);

    for (size_t i = 0; i < merged->steps.n; i++)
        zq_buf_printf(&out, "%s\n", merged->steps.items[i].say);
    return zq_arena_strdup(arena, zq_buf_text(&out));
}

/* ---- the table: one test for each row ---- */

/* A role 'x', a permission 'p:x' and, when there are no words, a grant (r, p:g), each where `where`
 * says, with these words there; and what becomes of them without and with prune. */
static void expect_row(unsigned where, const char *seeds_words, const char *last_words,
                       const char *database_words, zq_verdict plain, zq_verdict pruned)
{
    const char *words[] = {seeds_words, last_words, database_words};
    bool same = strcmp(seeds_words, last_words) == 0 && strcmp(last_words, database_words) == 0;
    side sides[3];

    for (int i = 0; i < 3; i++) {
        bool in = (where & (1u << i)) != 0;

        sides[i].roles = zq_arena_printf(arena, "r: %s%s%s%s", in && same ? "p:g" : "",
                                         in ? ";x=" : "", in ? words[i] : "", in ? ": " : "");
        sides[i].permissions =
            zq_arena_printf(arena, "p:g%s%s", in ? " p:x=" : "", in ? words[i] : "");
    }
    for (int prune = 0; prune < 2; prune++) {
        zq_rbac_merged merged =
            merge(sides[0], sides[1], sides[2], (zq_rbac_options){.prune = prune == 1});
        zq_verdict wanted = prune ? pruned : plain;

        expect_verdict(&merged, ZQ_RBAC_ROLE, "x", NULL, wanted);
        expect_verdict(&merged, ZQ_RBAC_PERMISSION, NULL, "p:x", wanted);
        if (same)
            expect_verdict(&merged, ZQ_RBAC_GRANT, "r", "p:g", wanted);
        cr_assert_eq(decision(&merged, ZQ_RBAC_ROLE, "x", NULL)->where, where);
    }
}

Test(merge, what_is_new_in_the_seeds_is_added)
{
    expect_row(S, "w", "w", "w", ZQ_VERDICT_ADD, ZQ_VERDICT_ADD);
}

Test(merge, what_is_gone_from_seeds_and_database_is_forgotten)
{
    expect_row(L, "w", "w", "w", ZQ_VERDICT_FORGET, ZQ_VERDICT_FORGET);
}

Test(merge, what_an_operator_added_stays_unless_pruned)
{
    expect_row(D, "w", "w", "w", ZQ_VERDICT_KEEP_ADDED, ZQ_VERDICT_REMOVE);
}

Test(merge, what_an_operator_removed_stays_removed_unless_pruned)
{
    expect_row(S | L, "w", "w", "w", ZQ_VERDICT_KEEP_REMOVED, ZQ_VERDICT_ADD);
}

Test(merge, what_is_gone_from_the_seeds_and_as_it_was_is_removed)
{
    expect_row(L | D, "w", "w", "w", ZQ_VERDICT_REMOVE, ZQ_VERDICT_REMOVE);
}

Test(merge, what_is_gone_from_the_seeds_but_an_operator_changed_stays_unless_pruned)
{
    expect_row(L | D, "w", "w", "operator", ZQ_VERDICT_KEEP_CHANGED, ZQ_VERDICT_REMOVE);
}

Test(merge, what_an_operator_added_before_the_seeds_did_is_taken_as_it_is)
{
    expect_row(S | D, "w", "w", "w", ZQ_VERDICT_NOTHING, ZQ_VERDICT_NOTHING);
}

Test(merge, words_an_operator_chose_before_the_seeds_did_stay_unless_pruned)
{
    expect_row(S | D, "seeds", "w", "operator", ZQ_VERDICT_KEEP_CHANGED, ZQ_VERDICT_UPDATE);
}

Test(merge, what_nobody_changed_needs_nothing)
{
    expect_row(S | L | D, "w", "w", "w", ZQ_VERDICT_NOTHING, ZQ_VERDICT_NOTHING);
}

Test(merge, words_that_the_seeds_changed_are_updated)
{
    expect_row(S | L | D, "new", "w", "w", ZQ_VERDICT_UPDATE, ZQ_VERDICT_UPDATE);
}

Test(merge, words_that_an_operator_changed_stay_unless_pruned)
{
    expect_row(S | L | D, "w", "w", "operator", ZQ_VERDICT_KEEP_CHANGED, ZQ_VERDICT_UPDATE);
}

Test(merge, words_that_both_changed_stay_the_operators_unless_pruned)
{
    expect_row(S | L | D, "new", "w", "operator", ZQ_VERDICT_KEEP_CHANGED, ZQ_VERDICT_UPDATE);
}

Test(merge, words_that_both_changed_alike_need_nothing)
{
    expect_row(S | L | D, "new", "w", "new", ZQ_VERDICT_NOTHING, ZQ_VERDICT_NOTHING);
}

/* ---- whole walks ---- */

Test(merge, a_fresh_install_takes_few_statements_and_is_recorded)
{
    zq_seeds seeds = {0};
    zq_rbac_merged merged = {0};
    zq_rbac_options options = {.stage = 7};
    zq_err err = {0};

    cr_assert_eq(zq_seeds_builtin(arena, &seeds, &err), ZQ_OK);
    cr_assert_eq(zq_rbac_merge(&seeds, &zq_rbac_empty, &options, arena, &merged, &err), ZQ_OK);
    cr_assert_str_eq(steps_text(&merged), "add 3 roles\n"
                                          "add 25 permissions\n"
                                          "grant 25 permissions to role 'admin'\n"
                                          "grant 10 permissions to role 'researcher'\n"
                                          "grant 2 permissions to role 'user'\n"
                                          "forget what was last applied\n"
                                          "record what is applied\n");
    cr_assert_eq(merged.n_changes, 65);
    cr_assert_not(merged.taken_over);
    cr_assert_not(merged.differs);
    cr_assert_eq(merged.steps.items[0].stage, 7);
    cr_assert(merged.steps.items[0].changes_rows && merged.steps.items[0].in_order);
    cr_assert_str_eq(
        merged.steps.items[0].text,
        "INSERT INTO `zq_app_roles` (`id`, `name`, `description`, `created_by`, `created_time`, "
        "`updated_by`, `updated_time`) SELECT s.n, s.name, s.description, 'admin', NOW(), "
        "'admin', NOW() FROM (SELECT 1 AS n, ? AS name, ? AS description UNION ALL SELECT 2, ?, ? "
        "UNION ALL SELECT 3, ?, ?) AS s WHERE NOT EXISTS (SELECT 1 FROM `zq_app_roles` AS t WHERE "
        "t.name = s.name) ORDER BY s.n");
    cr_assert_eq(merged.steps.items[0].n_args, 6);
    cr_assert_str_eq(merged.steps.items[0].args[3].text, "策略研究员");
}

Test(merge, a_database_that_is_as_recorded_takes_no_step)
{
    side all = {"r=x: a:*;s: a:y", "a:x=1 a:y=2"};
    zq_rbac_merged merged = merge(all, all, all, (zq_rbac_options){0});

    cr_assert_eq(merged.steps.n, 0, "%s", steps_text(&merged));
    cr_assert_not(merged.differs);
}

Test(merge, what_operators_did_takes_no_step_either)
{
    side seeds = {"r=x: a:*;s: a:y", "a:x=1 a:y=2 a:z"};
    side now = {"r=mine: a:x, b:b;t: b:b", "a:x=1 b:b a:y=other"};
    zq_rbac_merged merged = merge(seeds, seeds, now, (zq_rbac_options){0});

    cr_assert_eq(merged.steps.n, 0, "%s", steps_text(&merged));
    cr_assert(merged.differs);
    cr_assert_str_eq(decision(&merged, ZQ_RBAC_ROLE, "r", NULL)->say,
                     "role 'r' keeps the description an operator gave it");
    cr_assert_str_eq(decision(&merged, ZQ_RBAC_ROLE, "s", NULL)->say,
                     "role 's' stays removed: an operator removed it");
    cr_assert_str_eq(decision(&merged, ZQ_RBAC_ROLE, "t", NULL)->say,
                     "role 't' stays: an operator added it");
    cr_assert_str_eq(decision(&merged, ZQ_RBAC_PERMISSION, NULL, "a:y")->say,
                     "permission 'a:y' keeps the words an operator gave it");
    cr_assert_str_eq(decision(&merged, ZQ_RBAC_GRANT, "r", "a:y")->say,
                     "role 'r' is not granted 'a:y' again: an operator revoked it");
    cr_assert_str_eq(decision(&merged, ZQ_RBAC_GRANT, "r", "b:b")->say,
                     "role 'r' keeps 'b:b': an operator granted it");
}

Test(merge, pruning_makes_the_database_equal_to_the_seeds)
{
    side seeds = {"r=x: a:*;s: a:y", "a:x=1 a:y=2"};
    side now = {"r=mine: a:x, b:b;t: b:b", "a:x=1 b:b a:y=other"};
    zq_rbac_merged merged = merge(seeds, seeds, now, (zq_rbac_options){.prune = true});

    cr_assert_str_eq(steps_text(&merged), "add 1 role\n"
                                          "update role 'r'\n"
                                          "update permission 'a:y'\n"
                                          "grant 1 permission to role 'r'\n"
                                          "grant 1 permission to role 's'\n"
                                          "revoke 1 permission from role 'r'\n"
                                          "revoke 1 permission from role 't'\n"
                                          "remove role 't'\n"
                                          "remove permission 'b:b'\n");
    cr_assert_not(merged.differs);
    cr_assert_eq(merged.n_changes, 9);
}

Test(merge, an_update_changes_only_what_is_still_as_it_was_read)
{
    zq_rbac_merged merged = merge((side){"r=new: ", ""}, (side){"r=old: ", ""},
                                  (side){"r=old: ", ""}, (zq_rbac_options){0});

    cr_assert_str_eq(merged.steps.items[0].text,
                     "UPDATE `zq_app_roles` SET `description` = ?, `updated_by` = 'admin', "
                     "`updated_time` = NOW() WHERE `id` = 11 AND `description` <=> ?");
    cr_assert_str_eq(merged.steps.items[0].args[0].text, "new");
    cr_assert_str_eq(merged.steps.items[0].args[1].text, "old");
}

Test(merge, a_role_with_users_that_disappears_from_the_seeds_stays_with_its_grants)
{
    side before = {"r: a:x;gone: a:x, a:y", "a:x a:y"};
    zq_rbac now = database_of(before);
    zq_rbac_role roles[2] = {now.roles[0], now.roles[1]};

    roles[1].n_users = 3;
    now.roles = roles;
    record(&now, before);
    for (int prune = 0; prune < 2; prune++) {
        zq_rbac_merged merged =
            merge_with((side){"r: a:x", "a:x"}, &now, (zq_rbac_options){.prune = prune == 1});

        cr_assert_str_eq(decision(&merged, ZQ_RBAC_ROLE, "gone", NULL)->say,
                         "role 'gone' is gone from the seeds, but 3 users have it: it stays, with "
                         "its grants");
        expect_verdict(&merged, ZQ_RBAC_GRANT, "gone", "a:y", ZQ_VERDICT_KEEP_USED);
        cr_assert_str_eq(decision(&merged, ZQ_RBAC_PERMISSION, NULL, "a:y")->say,
                         "permission 'a:y' is gone from the seeds, but a role has it: it stays");
        cr_assert_str_eq(steps_text(&merged), "forget what was last applied\n"
                                              "record what is applied\n");
        cr_assert(merged.differs);
    }
}

Test(merge, a_role_without_users_that_disappears_from_the_seeds_goes_with_its_grants)
{
    side before = {"r: a:x;gone: a:x, a:y", "a:x a:y"};
    zq_rbac_merged merged =
        merge((side){"r: a:x", "a:x a:y"}, before, before, (zq_rbac_options){0});

    cr_assert_str_eq(steps_text(&merged), "revoke 2 permissions from role 'gone'\n"
                                          "remove role 'gone'\n"
                                          "forget what was last applied\n"
                                          "record what is applied\n");
    cr_assert_str_eq(merged.steps.items[0].text,
                     "DELETE FROM `zq_app_role_permissions` WHERE `role_id` = 12 AND "
                     "`permission_id` IN (101, 102)");
}

Test(merge, a_permission_that_an_operator_renamed_is_not_added_again)
{
    side seeds = {"r: a:x", "a:x"};
    zq_rbac now = database_of((side){"r: b:y", "b:y"});
    zq_rbac_permission renamed = now.permissions[0];
    zq_rbac_merged merged;

    renamed.resource = "a";
    renamed.action = "x";
    now.permissions = &renamed;
    record(&now, seeds);
    merged = merge_with(seeds, &now, (zq_rbac_options){0});
    cr_assert_str_eq(decision(&merged, ZQ_RBAC_PERMISSION, NULL, "a:x")->say,
                     "permission 'a:x' is called 'b:y' now: an operator renamed it");
    cr_assert_eq(merged.steps.n, 0);
}

Test(merge, a_new_grant_of_a_permission_that_an_operator_removed_waits)
{
    zq_rbac_merged merged = merge((side){"r: a:x;s: a:x", "a:x"}, (side){"r: a:x;s: ", "a:x"},
                                  (side){"r: ;s: ", ""}, (zq_rbac_options){0});

    expect_verdict(&merged, ZQ_RBAC_GRANT, "r", "a:x", ZQ_VERDICT_KEEP_REMOVED);
    cr_assert_str_eq(decision(&merged, ZQ_RBAC_GRANT, "s", "a:x")->say,
                     "role 's' cannot be granted 'a:x': permission 'a:x' is not there");
    cr_assert_str_eq(steps_text(&merged), "forget what was last applied\nrecord what is applied\n");
    /* Two roles, a permission, a grant, the digest, and the mark that says whose it is. */
    cr_assert_eq(merged.steps.items[1].n_args, 6 * 4, "the waiting grant is not on record");
}

Test(merge, a_role_with_reconcile_no_is_made_once_and_then_left_alone)
{
    zq_rbac_merged fresh =
        merge_with((side){"!r: a:x", "a:x"}, &zq_rbac_empty, (zq_rbac_options){0});
    zq_rbac_merged later = merge((side){"!r=new: a:x, a:y", "a:x a:y"}, (side){"r: a:x", "a:x a:y"},
                                 (side){"r: a:x", "a:x a:y"}, (zq_rbac_options){.prune = true});

    expect_verdict(&fresh, ZQ_RBAC_GRANT, "r", "a:x", ZQ_VERDICT_ADD);
    expect_verdict(&later, ZQ_RBAC_ROLE, "r", NULL, ZQ_VERDICT_LEAVE);
    expect_verdict(&later, ZQ_RBAC_GRANT, "r", "a:y", ZQ_VERDICT_LEAVE);
    cr_assert_str_eq(decision(&later, ZQ_RBAC_ROLE, "r", NULL)->say,
                     "role 'r' is left alone: reconcile = no");
    cr_assert_eq(later.n_changes, 0);
}

Test(merge, asked_for_one_role_it_touches_that_role_and_the_permissions_it_needs)
{
    side seeds = {"r: a:x;s: a:y, a:z", "a:x a:y a:z=new a:w"};
    side now = {"r: ;s: ", "a:z"};
    zq_rbac_merged merged = merge(seeds, now, now, (zq_rbac_options){.role = "S"});

    cr_assert_str_eq(steps_text(&merged), "add 1 permission\n"
                                          "grant 2 permissions to role 's'\n"
                                          "forget what was last applied\n"
                                          "record what is applied\n");
    expect_verdict(&merged, ZQ_RBAC_GRANT, "r", "a:x", ZQ_VERDICT_LEAVE);
}

Test(merge, a_role_that_is_nowhere_cannot_be_asked_for)
{
    zq_seeds seeds = seeds_of((side){"r: ", ""});
    zq_rbac_options options = {.role = "nope"};
    zq_rbac_merged merged;
    zq_err err = {0};

    cr_assert_eq(zq_rbac_merge(&seeds, &zq_rbac_empty, &options, arena, &merged, &err), ZQ_E_USAGE);
    cr_assert_str_eq(err.message, "there is no role 'nope', in the seeds or in the database");
}

Test(merge, a_name_that_differs_only_in_case_is_the_same_name)
{
    zq_rbac_merged merged = merge((side){"admin: a:x", "a:x"}, (side){"admin: a:x", "a:x"},
                                  (side){"Admin: A:x", "A:x"}, (zq_rbac_options){0});

    cr_assert_eq(merged.n_changes, 0);
    expect_verdict(&merged, ZQ_RBAC_ROLE, "Admin", NULL, ZQ_VERDICT_NOTHING);
}

Test(merge, a_database_of_the_python_initialiser_is_taken_over_without_granting_anything_back)
{
    zq_seeds seeds = {0};
    zq_rbac now;
    zq_rbac_merged merged = {0};
    zq_rbac_options options = {0};
    zq_err err = {0};

    cr_assert_eq(zq_seeds_builtin(arena, &seeds, &err), ZQ_OK);
    now = database_of((side){"admin=系统管理员: user:create;user=other: data:read",
                             "user:create=创建用户 data:read=查看数据"});
    cr_assert_eq(zq_rbac_merge(&seeds, &now, &options, arena, &merged, &err), ZQ_OK);
    cr_assert(merged.taken_over);
    cr_assert_eq(merged.n_changes, 0, "%s", steps_text(&merged));
    cr_assert_str_eq(steps_text(&merged), "forget what was last applied\nrecord what is applied\n");
    expect_verdict(&merged, ZQ_RBAC_ROLE, "researcher", NULL, ZQ_VERDICT_KEEP_REMOVED);
    expect_verdict(&merged, ZQ_RBAC_GRANT, "user", "backtest:read", ZQ_VERDICT_KEEP_REMOVED);
}

Test(merge, what_a_new_release_adds_reaches_a_database_of_the_python_initialiser)
{
    zq_rbac now = database_of((side){"admin: user:create", "user:create"});
    zq_rbac_merged merged = merge_with(
        (side){"admin: user:create, report:read;auditor: report:read", "user:create report:read"},
        &now, (zq_rbac_options){0});

    expect_verdict(&merged, ZQ_RBAC_PERMISSION, NULL, "report:read", ZQ_VERDICT_ADD);
    expect_verdict(&merged, ZQ_RBAC_GRANT, "admin", "report:read", ZQ_VERDICT_ADD);
    expect_verdict(&merged, ZQ_RBAC_ROLE, "auditor", NULL, ZQ_VERDICT_ADD);
}

Test(merge, tables_that_the_python_initialiser_left_empty_are_filled)
{
    zq_seeds seeds = {0};
    zq_rbac now = database_of((side){"admin=系统管理员: ", ""});
    zq_rbac_merged merged = {0};
    zq_rbac_options options = {0};
    zq_err err = {0};

    cr_assert_eq(zq_seeds_builtin(arena, &seeds, &err), ZQ_OK);
    cr_assert_eq(zq_rbac_merge(&seeds, &now, &options, arena, &merged, &err), ZQ_OK);
    expect_verdict(&merged, ZQ_RBAC_PERMISSION, NULL, "user:create", ZQ_VERDICT_ADD);
    expect_verdict(&merged, ZQ_RBAC_GRANT, "admin", "user:create", ZQ_VERDICT_ADD);
}

Test(merge, recorded_words_come_back_as_they_were)
{
    const char *const words[] = {"a\\N\tb", NULL, ""};
    const char *back[3];

    zq_record_text_decode(arena, zq_record_text_encode(arena, words, 3), back, 3);
    cr_assert_str_eq(back[0], "a\\N\tb");
    cr_assert_null(back[1]);
    cr_assert_str_eq(back[2], "");
}
