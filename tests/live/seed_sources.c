/* Where roles, permissions and grants come from is remembered: a start without the folder of seeds
 * that a database was made with takes nothing away and grants nothing back. */
#include "cli.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define GRANTS                                                                                 \
    "SELECT GROUP_CONCAT(CONCAT(r.name, '/', p.name) ORDER BY r.id, p.id SEPARATOR ' ') FROM " \
    "zq_app_role_permissions g JOIN zq_app_roles r ON r.id = g.role_id JOIN "                  \
    "zq_app_permissions p ON p.id = g.permission_id WHERE r.name <> 'admin' AND p.name LIKE "  \
    "'backtest:%'"
#define ROLES                                                                                 \
    "SELECT GROUP_CONCAT(CONCAT(id, ':', name, '=', description) ORDER BY id SEPARATOR ' ') " \
    "FROM zq_app_roles"
#define THEIR_ROLES "1:admin=系统管理员 2:researcher=quant 3:user=量化平台用户 4:guest=visitor"
#define THEIR_GRANTS "researcher/backtest:read user/backtest:read guest/backtest:read"

/* An operator's own roles, in a folder, and a database rebuilt from them. */
static void begin(void)
{
    cli_begin("sources");
    program_env("ZQUANT_ADMIN_PASSWORD", "Correct1!horse");
    EXPECT(0, NULL, "zquant-init");
    cli_change("INSERT INTO zq_app_roles (name, description, created_time, updated_time) VALUES "
               "('guest', 'visitor', NOW(), NOW());"
               "INSERT INTO zq_app_role_permissions (role_id, permission_id, created_time, "
               "updated_time) SELECT r.id, p.id, NOW(), NOW() FROM zq_app_roles r JOIN "
               "zq_app_permissions p WHERE r.name = 'guest' AND p.name = 'backtest:read';"
               "UPDATE zq_app_roles SET description = 'quant' WHERE name = 'researcher';"
               "DELETE FROM zq_app_role_permissions WHERE role_id = 2 AND permission_id = (SELECT "
               "id FROM zq_app_permissions WHERE name = 'backtest:run')");
    EXPECT(0, NULL, "zquant-init", "seeds", "export", "kept");
    live_drop(cli_database());
    EXPECT(0, NULL, "zquant-init", "--seeds", "kept");
}

TestSuite(seed_sources, .init = begin, .fini = cli_end, .timeout = 120);

static void expect_theirs(void)
{
    cli_expect_value(THEIR_ROLES, ROLES);
    cli_expect_value(THEIR_GRANTS, GRANTS);
}

Test(seed_sources, a_start_without_the_folder_changes_nothing)
{
    char *before = cli_rows();
    char *after;

    SAYS(0, "nothing to do", "zquant-init");
    EXPECT(0, NULL, "zquant-init", "seeds", "apply");
    after = cli_rows();
    cr_assert_str_eq(before, after);
    expect_theirs();
    SAYS(0, "nothing to do", "zquant-init", "--seeds", "kept");
    free(before);
    free(after);
}

/* A ready database, not made from the folder: what an operator would do by hand. */
Test(seed_sources, an_import_puts_all_back_as_edits_of_operators)
{
    char *before = cli_rows();
    char *after;

    live_drop(cli_database());
    EXPECT(0, NULL, "zquant-init", "--no-admin");
    SAYS(0,
         "administrator 'admin' is not made, for the file does not hold his hash: run 'zquant-init "
         "admin create --admin-username admin --admin-email admin@zquant.com'\n",
         "zquant-init", "seeds", "import", "kept");
    expect_theirs();
    cli_expect_value("4", "SELECT id FROM zq_app_roles WHERE name = 'guest'");
    after = cli_rows();
    SAYS(0, "nothing to do", "zquant-init", "--no-admin");
    EXPECT(0, NULL, "zquant-init", "seeds", "apply");
    expect_theirs();
    SAYS(0, "are up to date, nothing to do", "zquant-init", "seeds", "import", "kept");
    free(before);
    before = cli_rows();
    cr_assert_str_eq(before, after);
    SAYS(1, "is kept", "zquant-init", "seeds", "diff");
    free(before);
    free(after);
}

Test(seed_sources, an_administrator_comes_back_with_his_password_where_its_hash_was_kept)
{
    char *hash = cli_value("SELECT hashed_password FROM zq_app_users WHERE username = 'admin'");
    char *back;
    char path[256];
    struct stat about;

    cli_change("UPDATE zq_app_users SET username = 'boss' WHERE username = 'admin'");
    EXPECT(0, NULL, "zquant-init", "seeds", "export", "hashes", "--with-hashes");
    cr_assert_eq(PROGRAM("/usr/bin/grep", "-c", "hash", "kept/administrators.ini").status, 1);
    snprintf(path, sizeof path, "%s/hashes/administrators.ini", program_dir());
    cr_assert_eq(stat(path, &about), 0);
    cr_assert_eq(about.st_mode & 0777, 0600);
    live_drop(cli_database());
    EXPECT(0, NULL, "zquant-init", "--no-admin");
    program_env("ZQUANT_ADMIN_ROLE", "none");
    SAYS(65, "cannot make the administrator: there is no role 'none'\n", "zquant-init", "seeds",
         "import", "hashes");
    program_env("ZQUANT_ADMIN_ROLE", "admin");
    cr_assert_eq(chmod(path, 0666), 0);
    SAYS(0, "administrators.ini' is obeyed, but others may write it ", "zquant-init", "seeds",
         "import", "hashes", "--dry-run");
    cr_assert_eq(chmod(path, 0600), 0);
    SAYS(0, "would make the administrator 'boss', with the password that he had\n", "zquant-init",
         "seeds", "import", "hashes", "--dry-run");
    cli_expect_value("0", "SELECT COUNT(*) FROM zq_app_users");
    SAYS(0, "made the administrator 'boss', with the password that he had\n", "zquant-init",
         "seeds", "import", "hashes");
    back = cli_value("SELECT hashed_password FROM zq_app_users WHERE username = 'boss'");
    cr_assert_str_eq(back, hash);
    EXPECT(0, "", "zquant-init", "status");
    SAYS(0, "user 'boss' is there already, left as it is\n", "zquant-init", "seeds", "import",
         "hashes");
    free(hash);
    free(back);
}

Test(seed_sources, a_role_that_is_left_to_the_operators_is_exported_as_that)
{
    program_file("roles.ini",
                 "[admin]\ndescription =\npermissions = *\n[guest]\ndescription = g\n"
                 "reconcile = no\npermissions =\n",
                 0644);
    program_file("permissions.ini", "[a:b]\ndescription =\n", 0644);
    live_drop(cli_database());
    EXPECT(0, NULL, "zquant-init", "--seeds", ".");
    EXPECT(0, NULL, "zquant-init", "seeds", "apply", "--seeds", ".");
    EXPECT(0, NULL, "zquant-init", "seeds", "export", "out");
    cr_assert_eq(PROGRAM("/usr/bin/grep", "-A9", "guest", "out/roles.ini").status, 0);
    cr_assert_eq(PROGRAM("/usr/bin/grep", "-qx", "reconcile = no", "out/roles.ini").status, 0);
}

Test(seed_sources, ids_and_administrators_that_cannot_be_are_named_with_their_line)
{
    program_file("roles.ini",
                 "[admin]\nid = 0\ndescription =\npermissions = *\n[b]\nid = 7\ndescription =\n"
                 "permissions =\n[c]\nid = 7\ndescription =\npermissions =\n",
                 0644);
    program_file("permissions.ini", "[a:b]\ndescription =\n", 0644);
    EXPECT(65,
           "zquant-init: warning: ./roles.ini:1: two have the id 7\n"
           "zquant-init: warning: ./roles.ini:2: 'id' is a whole number from 1, not '0'\n"
           "zquant-init: the seed files have 2 mistakes: in '.', see above\n"
           "hint: nothing was changed; fix the files and run it again\n",
           "zquant-init", "seeds", "import", ".");
    program_file("kept/administrators.ini", "[x]\nemail = a@b.c\nhash = $2b$12$short\n", 0644);
    SAYS(65, "kept/administrators.ini:3: the administrator's password hash is damaged or cut short",
         "zquant-init", "seeds", "import", "kept");
}

/* As the first builds recorded either: without saying which. */
Test(seed_sources, a_record_that_does_not_say_its_source_is_understood)
{
    static const char to_old[] = "DELETE FROM zq_meta_seeds WHERE kind NOT LIKE 'dir-%';"
                                 "UPDATE zq_meta_seeds SET kind = SUBSTRING(kind, 5)";

    cli_change(to_old);
    EXPECT(0, NULL, "zquant-init");
    expect_theirs();
    SAYS(0, "nothing to do", "zquant-init");
    SAYS(0, "nothing to do", "zquant-init", "--seeds", "kept");
    cli_change(to_old);
    EXPECT(0, NULL, "zquant-init", "--seeds", "kept");
    expect_theirs();
    SAYS(0, "nothing to do", "zquant-init");
    /* Of the built-in seeds: such a record stays as it is. */
    live_drop(cli_database());
    EXPECT(0, NULL, "zquant-init");
    cli_expect_value("0", "SELECT COUNT(*) FROM zq_meta_seeds WHERE kind = 'format'");
    SAYS(0, "nothing to do", "zquant-init");
}

Test(seed_sources, diff_shows_who_brought_what)
{
    program_result r = PROGRAM("zquant-init", "seeds", "diff");

    cr_assert_eq(r.status, 1, "%s", r.err);
    cr_assert_not_null(strstr(r.out, "S in the seeds, L last applied, F last applied from a folder "
                                     "(--seeds), D in the database;"),
                       "%s", r.out);
    cr_assert_not_null(strstr(r.out, "backtest:run       SLFD   SLFD   SL..=       ....   ....\n"),
                       "%s", r.out);
    cr_assert_not_null(strstr(r.out, "\nrole 'guest' stays: it came from a folder of seeds\n"));
    cr_assert_not_null(strstr(r.out, "\nrole 'researcher' keeps the description the seeds of a "
                                     "folder gave it\n"));
    cr_assert_not_null(strstr(r.out, "\nrole 'researcher' is not granted 'backtest:run': the seeds "
                                     "of a folder left it out\n"));
    cr_assert_not_null(strstr(r.out, "\nrole 'guest' keeps 'backtest:read': the seeds of a folder "
                                     "granted it\n"));
    program_free(&r);
    EXPECT(0, "", "zquant-init", "seeds", "diff", "--seeds", "kept");
}

Test(seed_sources, what_the_folder_no_longer_has_goes_and_an_operators_own_stays)
{
    EXPECT(0, NULL, "zquant-init");
    cli_change("INSERT INTO zq_app_roles (name, description, created_time, updated_time) VALUES "
               "('own', 'x', NOW(), NOW())");
    program_file("kept/roles.ini",
                 "[admin]\ndescription = 系统管理员\npermissions = *\n"
                 "[user]\ndescription = 量化平台用户\npermissions = backtest:read\n",
                 0644);
    EXPECT(0, NULL, "zquant-init", "--seeds", "kept");
    cli_expect_value("1:admin=系统管理员 3:user=量化平台用户 5:own=x", ROLES);
    cli_expect_value("user/backtest:read", GRANTS);
    SAYS(0, "nothing to do", "zquant-init");
    cli_expect_value("1:admin=系统管理员 3:user=量化平台用户 5:own=x", ROLES);
    /* Asked for, the built-in seeds take all of it back. */
    EXPECT(0, NULL, "zquant-init", "seeds", "apply", "--prune");
    cli_expect_value("admin,researcher,user",
                     "SELECT GROUP_CONCAT(name ORDER BY name) FROM zq_app_roles");
    cli_expect_value("37", "SELECT COUNT(*) FROM zq_app_role_permissions");
}

ZQ_LIVE_MAIN
