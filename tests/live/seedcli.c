/* The seeds commands as their users run them. */
#include "cli.h"

#include "base/buf.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GRANTS_OF(role)                                                       \
    "SELECT COALESCE(GROUP_CONCAT(p.name ORDER BY p.id SEPARATOR ' '), '') "  \
    "FROM zq_app_role_permissions g JOIN zq_app_roles r ON r.id = g.role_id " \
    "JOIN zq_app_permissions p ON p.id = g.permission_id WHERE r.name = '" role "'"

static void begin(void)
{
    cli_begin("seedcli");
    program_env("ZQUANT_NO_ADMIN", "yes");
}

TestSuite(seedcli, .init = begin, .fini = cli_end, .timeout = 120);

static void write_seeds(const char *roles, const char *permissions)
{
    program_file("roles.ini", roles, 0644);
    program_file("permissions.ini", permissions, 0644);
}

Test(seedcli, status_asks_for_no_administrator_where_none_is_wanted_and_for_no_seeds)
{
    EXPECT(0, NULL, "zquant-init");
    cli_change("DELETE FROM zq_meta_seeds WHERE kind = 'digest'");
    EXPECT(0, "", "zquant-init", "status");
    program_env("ZQUANT_NO_ADMIN", "");
    EXPECT(1,
           "zquant-init: there is no administrator\n"
           "hint: run 'zquant-init init' to make it ready\n",
           "zquant-init", "status");
}

Test(seedcli, a_dry_run_is_refused_where_the_real_one_would_be)
{
    char wanted[256];

    EXPECT(0, NULL, "zquant-init");
    cli_change("UPDATE zq_meta_history SET revision = '0002', checksum = NULL");
    snprintf(wanted, sizeof wanted,
             "zquant-init: database '%s' is not ready for this: the database is at an older "
             "revision\nhint: run 'zquant-migrate upgrade' first\n",
             cli_database());
    EXPECT(1, wanted, "zquant-init", "seeds", "apply");
    EXPECT(1, wanted, "zquant-init", "seeds", "apply", "--dry-run");
    EXPECT(1, wanted, "zquant-init", "admin", "create", "--dry-run");
}

static char *read_whole(const char *dir, const char *name)
{
    ZQ_AUTO_BUF(out);
    char path[512];
    char chunk[4096];
    size_t got;
    FILE *file;

    snprintf(path, sizeof path, "%s/%s/%s", program_dir(), dir, name);
    file = fopen(path, "r");
    cr_assert_not_null(file, "%s", path);
    while ((got = fread(chunk, 1, sizeof chunk, file)) > 0)
        zq_buf_add(&out, chunk, got);
    fclose(file);
    return strdup(zq_buf_text(&out));
}

static void revoke_and_grant(void)
{
    cli_change("DELETE FROM zq_app_role_permissions WHERE role_id = 3 AND permission_id = "
               "(SELECT id FROM zq_app_permissions WHERE name = 'data:read')");
    cli_change("INSERT INTO zq_app_role_permissions (role_id, permission_id, created_time, "
               "updated_time) SELECT 3, id, NOW(), NOW() FROM zq_app_permissions "
               "WHERE name = 'data:write'");
}

Test(seedcli, show_prints_the_seeds_without_a_connection)
{
    program_result r;

    program_env("DB_HOST", "no-such-host.invalid");
    write_seeds("[r]\ndescription = 角色\npermissions = a:*\n",
                "[a:x]\ndescription =\n[a:y]\ndescription = z\n");
    r = PROGRAM("zquant-init", "seeds", "show", "--seeds", ".");
    cr_assert_eq(r.status, 0, "%s", r.err);
    cr_assert_str_eq(r.out,
                     "; roles.ini\n[r]\ndescription = 角色\npermissions =\n    a:x\n    a:y\n"
                     "\n; permissions.ini\n[a:x]\ndescription =\n\n[a:y]\ndescription = z\n");
    program_free(&r);
}

Test(seedcli, diff_shows_seeds_record_and_database_side_by_side)
{
    program_result r;

    write_seeds("[r]\ndescription =\npermissions = a:x, a:y\n[角色]\ndescription =\n"
                "permissions = a:x\n",
                "[a:x]\ndescription =\n[a:y]\ndescription = old\n");
    EXPECT(0, NULL, "zquant-init", "--seeds", ".");
    EXPECT(0, "", "zquant-init", "seeds", "diff", "--seeds", ".");
    cli_change("DELETE FROM zq_app_role_permissions WHERE role_id = 4 AND permission_id = 2");
    write_seeds("[r]\ndescription =\npermissions = *\n[角色]\ndescription =\npermissions = a:y\n",
                "[a:x]\ndescription =\n[a:y]\ndescription = new\n[b:z]\ndescription =\n");
    r = PROGRAM("zquant-init", "seeds", "diff", "--seeds", ".");
    cr_assert_eq(r.status, 1);
    cr_assert_str_eq(r.err, "zquant-init: 'seeds apply' would change 5 rows\n"
                            "hint: 'zquant-init seeds apply --dry-run' shows how\n");
    cr_assert_str_eq(
        r.out,
        "permission        r     角色\n"
        "                  SLD   SLD\n"
        "a:x         SLD   SLD   .LD-\n"
        "a:y         SLD~  SL.=  S..+\n"
        "b:z         S..+  S..+  ...\n"
        "\n"
        "S in the seeds, L last applied, D in the database; 'seeds apply' would: + add, - remove, "
        "~ change\n"
        "its words, = keep what an operator did, ! wait for a role or permission that is not "
        "there\n"
        "permission 'a:y' takes the words of the seeds\n"
        "permission 'b:z' is added\n"
        "role 'r' is not granted 'a:y' again: an operator revoked it\n"
        "role 'r' is granted 'b:z'\n"
        "role '角色' loses 'a:x': the seeds do not grant it\n"
        "role '角色' is granted 'a:y'\n");
    program_free(&r);
}

Test(seedcli, diff_in_json_names_every_cell)
{
    program_result r;
    json_t *document;
    json_error_t error;

    EXPECT(0, NULL, "zquant-init");
    revoke_and_grant();
    r = PROGRAM("zquant-init", "seeds", "diff", "--json");
    cr_assert_eq(r.status, 1);
    document = json_loads(r.out, 0, &error);
    cr_assert_not_null(document, "%s: %s", error.text, r.out);
    cr_assert_eq(json_array_size(json_object_get(document, "roles")), 3);
    cr_assert_eq(json_array_size(json_object_get(document, "permissions")), 25);
    cr_assert_eq(json_array_size(json_object_get(document, "grants")), 38);
    cr_assert_eq(json_integer_value(json_object_get(document, "changes")), 0);
    cr_assert(json_is_true(json_object_get(document, "differs")));
    json_decref(document);
    program_free(&r);
}

Test(seedcli, apply_keeps_what_operators_did_and_prune_takes_it_back)
{
    EXPECT(0, NULL, "zquant-init");
    revoke_and_grant();
    EXPECT(0,
           "zquant-init: role 'user' is not granted 'data:read' again: an operator revoked it\n"
           "zquant-init: role 'user' keeps 'data:write': an operator granted it\n"
           "zquant-init: roles, permissions and grants are up to date, nothing to do\n",
           "zquant-init", "seeds", "apply");
    cli_expect_value("data:write backtest:read", GRANTS_OF("user"));
    EXPECT(0,
           "zquant-init: role 'user' is granted 'data:read'\n"
           "zquant-init: role 'user' loses 'data:write': the seeds do not grant it\n"
           "zquant-init: changed 2 rows of roles, permissions and grants\n",
           "zquant-init", "seeds", "apply", "--prune");
    cli_expect_value("data:read backtest:read", GRANTS_OF("user"));
    EXPECT(0, "", "zquant-init", "seeds", "diff");
}

Test(seedcli, apply_can_be_asked_for_one_role)
{
    EXPECT(0, NULL, "zquant-init");
    cli_change("DELETE FROM zq_app_role_permissions");
    EXPECT(0, NULL, "zquant-init", "seeds", "apply", "--prune", "--role", "user");
    cli_expect_value("data:read backtest:read", GRANTS_OF("user"));
    cli_expect_value("", GRANTS_OF("admin"));
    EXPECT(64,
           "zquant-init: there is no role 'nobody', in the seeds or in the database\n"
           "hint: 'zquant-init seeds diff' lists the roles\n",
           "zquant-init", "seeds", "apply", "--role", "nobody");
}

Test(seedcli, a_dry_run_prints_the_statements_and_changes_nothing)
{
    program_result r;
    char *before;
    char *after;

    EXPECT(0, NULL, "zquant-init");
    EXPECT(0, "zquant-init: roles, permissions and grants are up to date, nothing would be done\n",
           "zquant-init", "seeds", "apply", "--dry-run");
    revoke_and_grant();
    before = cli_rows();
    r = PROGRAM("zquant-init", "seeds", "apply", "--prune", "--dry-run");
    cr_assert_eq(r.status, 0);
    cr_assert_not_null(strstr(r.out, "-- grant 1 permission to role 'user'\nINSERT INTO "), "%s",
                       r.out);
    after = cli_rows();
    cr_assert_str_eq(before, after);
    free(before);
    free(after);
    program_free(&r);
}

Test(seedcli, a_new_release_of_the_seeds_reaches_a_ready_database_by_init)
{
    EXPECT(0, NULL, "zquant-init");
    revoke_and_grant();
    EXPECT(0, NULL, "zquant-init", "seeds", "export", "new");
    cli_change("DELETE FROM zq_app_role_permissions WHERE role_id = 2");
    EXPECT(0, NULL, "zquant-init", "--seeds", "new");
    cli_expect_value("", GRANTS_OF("researcher"));
    cli_expect_value("data:write backtest:read", GRANTS_OF("user"));
}

Test(seedcli, export_rebuild_and_export_give_identical_files)
{
    static const char *const names[] = {"roles.ini", "permissions.ini", "administrators.ini"};

    EXPECT(0, NULL, "zquant-init");
    revoke_and_grant();
    cli_change("UPDATE zq_app_roles SET description = '  \\n;\\\"x ' WHERE id = 2");
    cli_change("UPDATE zq_app_permissions SET name = 'a]b,*', description = NULL WHERE id = 3");
    cli_change("INSERT INTO zq_app_roles (id, name, description, created_time, updated_time) "
               "VALUES (77, '角色 🐂', '', NOW(), NOW())");
    EXPECT(0, NULL, "zquant-init", "seeds", "export", "first");
    live_drop(cli_database());
    EXPECT(0, NULL, "zquant-init", "--seeds", "first");
    EXPECT(0, NULL, "zquant-init", "seeds", "export", "second");
    for (size_t i = 0; i < ZQ_LEN(names); i++) {
        char *first = read_whole("first", names[i]);
        char *second = read_whole("second", names[i]);

        cr_assert_str_eq(first, second);
        free(first);
        free(second);
    }
    EXPECT(0, "", "zquant-init", "seeds", "diff", "--seeds", "first");
    EXPECT(64,
           "zquant-init: 'first/roles.ini' is there already\n"
           "hint: name a directory without 'roles.ini', or replace it by '--replace'\n",
           "zquant-init", "seeds", "export", "first");
    EXPECT(0, NULL, "zquant-init", "seeds", "export", "first", "--replace");
}

Test(seedcli, all_mistakes_are_told_and_nothing_is_changed)
{
    char *before;
    char *after;

    write_seeds("[r]\ndescription =\npermissions = nope\n[r]\npermissions =\n",
                "[a:x]\ndescription =\n");
    EXPECT(65,
           "zquant-init: warning: ./roles.ini:3: unknown permission 'nope' in role 'r'\n"
           "zquant-init: warning: ./roles.ini:4: role 'r' has no 'description'\n"
           "zquant-init: warning: ./roles.ini:4: role 'r' is there twice, first in line 1\n"
           "zquant-init: the seed files have 3 mistakes: in '.', see above\n"
           "hint: nothing was changed; fix the files and run it again\n",
           "zquant-init", "--seeds", ".", "-q");
    cr_assert_not(cli_database_exists());
    EXPECT(0, NULL, "zquant-init");
    before = cli_rows();
    EXPECT(65, NULL, "zquant-init", "seeds", "apply", "--seeds", ".");
    after = cli_rows();
    cr_assert_str_eq(before, after);
    free(before);
    free(after);
    EXPECT(66,
           "zquant-init: cannot read 'nowhere/permissions.ini': No such file or "
           "directory\n"
           "hint: a directory of seeds holds 'roles.ini' and 'permissions.ini'; 'zquant-init seeds "
           "export DIR' writes both\n",
           "zquant-init", "--seeds", "nowhere");
}

Test(seedcli, a_role_with_users_that_is_gone_from_the_seeds_stays_even_when_pruned)
{
    EXPECT(0, NULL, "zquant-init");
    cli_change("INSERT INTO zq_app_users (username, email, hashed_password, role_id, is_active, "
               "created_time, updated_time) VALUES ('u', 'u@y.org', 'x', 3, 1, NOW(), NOW())");
    write_seeds("[admin]\ndescription =\npermissions = *\n", "[data:read]\ndescription =\n");
    EXPECT(1, NULL, "zquant-init", "seeds", "apply", "--prune", "--seeds", ".");
    cli_expect_value("data:read backtest:read", GRANTS_OF("user"));
    cli_expect_value("admin user", "SELECT GROUP_CONCAT(name ORDER BY id SEPARATOR ' ') "
                                   "FROM zq_app_roles");
    cli_expect_value("data:read backtest:read",
                     "SELECT GROUP_CONCAT(name ORDER BY id SEPARATOR ' ') FROM zq_app_permissions");
}

/* What the Python initialiser leaves, once operators have revoked and granted: all but our tables.
 */
Test(seedcli, an_adopted_database_is_taken_over_without_granting_anything_back)
{
    EXPECT(0, NULL, "zquant-init");
    revoke_and_grant();
    cli_change("DROP TABLE zq_meta_history, zq_meta_journal, zq_meta_lease, zq_meta_seeds");
    EXPECT(1, NULL, "zquant-init", "seeds", "apply");
    EXPECT(0, NULL, "zquant-migrate", "adopt");
    EXPECT(0, NULL, "zquant-init");
    cli_expect_value("data:write backtest:read", GRANTS_OF("user"));
    cli_expect_value("1", "SELECT COUNT(*) FROM zq_meta_seeds WHERE kind = 'digest'");
    EXPECT(0,
           "zquant-init: role 'user' is not granted 'data:read' again: an operator revoked it\n"
           "zquant-init: role 'user' keeps 'data:write': an operator granted it\n"
           "zquant-init: roles, permissions and grants are up to date, nothing to do\n",
           "zquant-init", "seeds", "apply");
}

Test(seedcli, the_commands_need_a_database_that_is_ready)
{
    char wanted[256];

    snprintf(wanted, sizeof wanted,
             "zquant-init: database '%s' is not ready for this: the database does not exist\n"
             "hint: run 'zquant-init' first\n",
             cli_database());
    EXPECT(1, wanted, "zquant-init", "seeds", "diff");
    EXPECT(1, wanted, "zquant-init", "seeds", "apply");
    EXPECT(1, wanted, "zquant-init", "seeds", "export", "x");
}

ZQ_LIVE_MAIN
