#include "seed/seeds.h"
#include "seed/seedwrite.h"

#include "base/buf.h"
#include "chinese.h"
#include "release.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PERMISSIONS "[a:x]\ndescription = 1\n[a:y]\ndescription = 2\n[b:x]\ndescription =\n"

static zq_arena *arena;

static void begin(void)
{
    arena = zq_arena_open();
}

static void end(void)
{
    zq_arena_close(arena);
}

TestSuite(seeds, .init = begin, .fini = end);

static zq_seed_text text_of(const char *file, const char *text)
{
    return (zq_seed_text){file, text, strlen(text)};
}

static zq_seeds parse(const char *roles, const char *permissions)
{
    zq_seed_text r = text_of("roles.ini", roles);
    zq_seed_text p = text_of("permissions.ini", permissions);
    zq_seeds seeds = {0};
    zq_err err = {0};

    cr_assert_eq(zq_seeds_parse(&r, &p, arena, &seeds, NULL, &err), ZQ_OK, "%s\n%s", err.message,
                 err.detail);
    return seeds;
}

/* Each mistake on a line. */
static void expect_mistakes(const char *roles, const char *permissions, const char *wanted)
{
    zq_seed_text r = text_of("roles.ini", roles);
    zq_seed_text p = text_of("permissions.ini", permissions);
    zq_seeds seeds = {0};
    zq_seed_mistakes mistakes = {0};
    ZQ_AUTO_BUF(found);
    zq_err err = {0};

    cr_assert_eq(zq_seeds_parse(&r, &p, arena, &seeds, &mistakes, &err), ZQ_E_DATA, "no mistake");
    for (size_t i = 0; i < mistakes.n; i++)
        zq_buf_printf(&found, "%s:%u: %s\n", mistakes.items[i].file, mistakes.items[i].line,
                      mistakes.items[i].words);
    cr_assert_str_eq(zq_buf_text(&found), wanted);
    cr_assert_eq(seeds.n_roles, 0, "the output was touched");
    EXPECT_CHINESE(zq_seeds_parse(&r, &p, arena, &seeds, NULL, &err), err);
    expect_chinese(err.detail);
}

/* The facts beside which the product is held: lines of a TSV file without its heading. */
static const char *grants_text(const zq_seeds *seeds)
{
    ZQ_AUTO_BUF(out);

    for (size_t i = 0; i < seeds->n_grants; i++)
        zq_buf_printf(&out, "%s\t%s\n", seeds->roles[seeds->grants[i].role].name,
                      seeds->permissions[seeds->grants[i].permission].name);
    return zq_arena_strdup(arena, zq_buf_text(&out));
}

/* The facts: a TSV file without its heading. */
static const char *facts(const char *name)
{
    ZQ_AUTO_BUF(out);
    char line[512];
    bool first = true;
    FILE *file = fopen(zq_arena_printf(arena, ZQ_SOURCE_DIR "/tests/facts/rbac.%s.tsv", name), "r");

    cr_assert_not_null(file, "%s", name);
    while (fgets(line, sizeof line, file) != NULL) {
        if (!first)
            zq_buf_str(&out, line);
        first = false;
    }
    fclose(file);
    return zq_arena_strdup(arena, zq_buf_text(&out));
}

static void expect_facts(const zq_seeds *seeds)
{
    ZQ_AUTO_BUF(roles);
    ZQ_AUTO_BUF(permissions);

    for (size_t i = 0; i < seeds->n_roles; i++)
        zq_buf_printf(&roles, "%s\t%s\n", seeds->roles[i].name, seeds->roles[i].description);
    for (size_t i = 0; i < seeds->n_permissions; i++) {
        const zq_seed_permission *p = &seeds->permissions[i];

        zq_buf_printf(&permissions, "%s\t%s\t%s\t%s\n", p->name, p->resource, p->action,
                      p->description);
    }
    cr_assert_str_eq(zq_buf_text(&roles), facts("roles"));
    cr_assert_str_eq(zq_buf_text(&permissions), facts("permissions"));
    cr_assert_str_eq(grants_text(seeds), facts("grants"));
}

Test(seeds, what_is_not_seen_is_refused_with_its_place)
{
    expect_mistakes("[\"a\\x1B[2Jb\"]\ndescription = \"x\\x07\"\npermissions =\n"
                    "[c]\ndescription = \"one\\ntwo\\tx\"\npermissions =\n",
                    "[\"p\\nq:x\"]\ndescription =\n[p:y]\ndescription = \"\\x7F\"\n",
                    "permissions.ini:1: a permission's name has a control character or one that is "
                    "not seen\n"
                    "permissions.ini:4: 'description' has a control character or one that is not "
                    "seen\n"
                    "roles.ini:1: a role's name has a control character or one that is not seen\n");
}

Test(seeds, the_builtin_ones_and_those_of_the_python_initialiser_are_the_facts_row_for_row)
{
    zq_seeds seeds = {0};

    cr_assert_eq(zq_seeds_builtin(arena, &seeds, NULL), ZQ_OK);
    expect_facts(&seeds);
    cr_assert_eq(zq_seeds_python(arena, &seeds, NULL), ZQ_OK);
    expect_facts(&seeds);
}

static unsigned column_length(const char *table, const char *column)
{
    return zq_table_column(zq_schema_table(&zq_schema_head, table), column)->type.length;
}

Test(seeds, the_sizes_that_are_checked_are_those_of_the_columns)
{
    cr_assert_eq(column_length("zq_app_roles", "name"), ZQ_ROLE_NAME_MAX);
    cr_assert_eq(column_length("zq_app_roles", "description"), ZQ_DESCRIPTION_MAX);
    cr_assert_eq(column_length("zq_app_permissions", "name"), ZQ_PERMISSION_NAME_MAX);
    cr_assert_eq(column_length("zq_app_permissions", "resource"), ZQ_RESOURCE_MAX);
    cr_assert_eq(column_length("zq_app_permissions", "action"), ZQ_ACTION_MAX);
    cr_assert_eq(column_length("zq_app_permissions", "description"), ZQ_DESCRIPTION_MAX);
    cr_assert_eq(column_length("zq_meta_seeds", "role_name"), ZQ_ROLE_NAME_MAX);
    cr_assert_eq(column_length("zq_meta_seeds", "permission_name"), ZQ_PERMISSION_NAME_MAX);
    cr_assert_geq(column_length("zq_meta_seeds", "content"),
                  2 * (ZQ_DESCRIPTION_MAX + ZQ_RESOURCE_MAX + ZQ_ACTION_MAX) + 2);
}

Test(seeds, the_builtin_ones_are_those_of_zquant)
{
    zq_seeds seeds = {0};
    zq_seeds python = {0};
    zq_err err = {0};

    cr_assert_eq(zq_seeds_builtin(arena, &seeds, &err), ZQ_OK, "%s\n%s", err.message, err.detail);
    cr_assert_eq(zq_seeds_python(arena, &python, &err), ZQ_OK, "%s\n%s", err.message, err.detail);
    cr_assert_eq(seeds.n_roles, 3);
    cr_assert_eq(seeds.n_permissions, 25);
    cr_assert_eq(seeds.n_grants, 37);
    cr_assert_str_eq(seeds.roles[0].name, "admin");
    cr_assert_str_eq(seeds.roles[0].description, "系统管理员");
    cr_assert_str_eq(seeds.roles[2].description, "量化平台用户");
    cr_assert_str_eq(seeds.permissions[0].name, "user:create");
    cr_assert_str_eq(seeds.permissions[12].description, "创建API密钥");
    cr_assert_str_eq(seeds.permissions[12].resource, "apikey");
    cr_assert_str_eq(seeds.permissions[24].action, "delete");
    cr_assert_str_eq(grants_text(&seeds), grants_text(&python));
}

Test(seeds, wildcards_resolve_against_the_permissions_there_are)
{
    zq_seeds seeds = parse("[all]\ndescription =\npermissions = *\n"
                           "[some]\ndescription =\npermissions =\n  a:*,\n  b:x\n"
                           "[none]\ndescription =\npermissions =\n",
                           PERMISSIONS);

    cr_assert_str_eq(grants_text(&seeds), "all\ta:x\nall\ta:y\nall\tb:x\n"
                                          "some\ta:x\nsome\ta:y\nsome\tb:x\n");
    cr_assert_eq(seeds.grants[3].line, 7);
    cr_assert_eq(seeds.grants[5].line, 8);
}

Test(seeds, a_star_within_a_name_is_a_name_in_quotes_and_a_mistake_without)
{
    zq_seeds seeds = parse("[r]\ndescription =\npermissions = \"a:*\"\n",
                           "[a:*]\ndescription =\n[a:x]\ndescription =\n");

    cr_assert_str_eq(grants_text(&seeds), "r\ta:*\n");
    expect_mistakes("[r]\ndescription =\npermissions = a:x*, *:x, c:*, *a\n", PERMISSIONS,
                    "roles.ini:3: 'a:x*' is not a wildcard: those are '*' and 'resource:*'\n"
                    "roles.ini:3: '*:x' is not a wildcard: those are '*' and 'resource:*'\n"
                    "roles.ini:3: 'c:*' matches no permission\n"
                    "roles.ini:3: '*a' is not a wildcard: those are '*' and 'resource:*'\n");
}

Test(seeds, all_mistakes_are_told_at_once_with_file_and_line)
{
    expect_mistakes(
        "stray = 1\n[r]\npermissions = a:x, nope, a:x\ncolour = red\n[R]\ndescription = \"x\n"
        "permissions =\nreconcile = maybe\npermissions = a:x\nnonsense\n[ s ]\n[]\n",
        "[p]\ndescription = 1\n  2\n[:x]\n[q:]\ndescription =\nresource =\naction = z\n",
        "permissions.ini:1: permission 'p' has no 'resource', and its name is not "
        "'resource:action'\n"
        "permissions.ini:1: permission 'p' has no 'action', and its name is not "
        "'resource:action'\n"
        "permissions.ini:3: 'description' takes one line (write \"\\n\" in quotes for a line "
        "break)\n"
        "permissions.ini:4: permission ':x' has no 'description'\n"
        "permissions.ini:4: permission ':x' has no 'resource', and its name is not "
        "'resource:action'\n"
        "permissions.ini:4: permission ':x' has no 'action', and its name is not "
        "'resource:action'\n"
        "permissions.ini:7: 'resource' is empty\n"
        "roles.ini:1: key 'stray' stands before the first [role]\n"
        "roles.ini:2: role 'r' has no 'description'\n"
        "roles.ini:3: unknown permission 'a:x' in role 'r'\n"
        "roles.ini:3: unknown permission 'nope' in role 'r'\n"
        "roles.ini:3: unknown permission 'a:x' in role 'r'\n"
        "roles.ini:4: unknown key 'colour' (a role has 'description', 'permissions', "
        "'reconcile', 'id')\n"
        "roles.ini:5: role 'R' is there twice, first in line 2\n"
        "roles.ini:6: a closing quote is missing\n"
        "roles.ini:8: 'reconcile' is yes or no, not 'maybe'\n"
        "roles.ini:9: 'permissions' is given twice, first in line 7\n"
        "roles.ini:10: neither 'key = value' nor '[section]'\n"
        "roles.ini:11: white space around a role's name\n"
        "roles.ini:12: a role's name is empty\n");
}

Test(seeds, what_follows_a_wrong_heading_is_not_taken_for_the_section_before_it)
{
    expect_mistakes("[r]\ndescription =\npermissions =\n[s\ndescription =\npermissions = a:x\n"
                    "[t] x\ndescription =\n",
                    PERMISSIONS, "roles.ini:4: ']' is missing\nroles.ini:7: text after ']'\n");
}

Test(seeds, one_mistake_is_the_message_and_several_are_its_detail)
{
    zq_seed_text one = text_of("d/roles.ini", "[r]\ndescription =\npermissions = nope\n");
    zq_seed_text two =
        text_of("d/roles.ini", "[r]\ndescription =\npermissions = nope\n  neither\n");
    zq_seed_text permissions = text_of("d/permissions.ini", PERMISSIONS);
    zq_seeds seeds = {0};
    zq_err err = {0};

    zq_seeds_parse(&one, &permissions, arena, &seeds, NULL, &err);
    cr_assert_str_eq(err.message, "d/roles.ini:3: unknown permission 'nope' in role 'r'");
    cr_assert_str_eq(err.hint, "nothing was changed; fix the files and run it again");
    zq_seeds_parse(&two, &permissions, arena, &seeds, NULL, &err);
    cr_assert_str_eq(err.message, "the seed files have 2 mistakes");
    cr_assert_str_eq(err.detail, "d/roles.ini:3: unknown permission 'nope' in role 'r'\n"
                                 "d/roles.ini:4: unknown permission 'neither' in role 'r'");
}

static const char *repeated(const char *piece, size_t n)
{
    ZQ_AUTO_BUF(out);

    for (size_t i = 0; i < n; i++)
        zq_buf_str(&out, piece);
    return zq_arena_strdup(arena, zq_buf_text(&out));
}

Test(seeds, values_may_fill_their_columns_and_not_one_character_more)
{
    const char *role = repeated("名", ZQ_ROLE_NAME_MAX);
    const char *permission = repeated("权", ZQ_PERMISSION_NAME_MAX);
    const char *words = repeated("描", ZQ_DESCRIPTION_MAX);
    zq_seeds seeds =
        parse(zq_arena_printf(arena, "[%s]\ndescription = %s\npermissions = %s\n", role, words,
                              permission),
              zq_arena_printf(arena, "[%s]\ndescription = %s\nresource = r\naction = a\n",
                              permission, words));

    cr_assert_str_eq(seeds.roles[0].name, role);
    cr_assert_str_eq(seeds.permissions[0].name, permission);
    cr_assert_str_eq(seeds.permissions[0].description, words);
    cr_assert_eq(seeds.n_grants, 1);
    expect_mistakes(
        zq_arena_printf(arena, "[r%s]\n[r]\ndescription = %s.\npermissions =\n", role, words),
        zq_arena_printf(arena,
                        "[p%s]\n[%s:x]\ndescription =\n[p]\ndescription =\nresource = %s\n"
                        "action = %s\n",
                        permission, repeated("r", 51), repeated("r", 51), repeated("a", 51)),
        zq_arena_printf(
            arena,
            "permissions.ini:1: a permission's name of 101 characters is too long (at most 100): "
            "'p%s'\n"
            "permissions.ini:2: the resource in '%s:x' has 51 characters (at most 50)\n"
            "permissions.ini:6: 'resource' of 51 characters is too long (at most 50)\n"
            "permissions.ini:7: 'action' of 51 characters is too long (at most 50)\n"
            "roles.ini:1: a role's name of 51 characters is too long (at most 50): 'r%s'\n"
            "roles.ini:3: 'description' of 256 characters is too long (at most 255)\n",
            permission, repeated("r", 51), role));
}

Test(seeds, names_like_sql_chinese_and_emoji_are_names)
{
    zq_seeds seeds = parse("[x'; DROP TABLE zq_app_users; --]\ndescription = 🙂 ; not a comment\n"
                           "permissions = 数据:读, 📈:🐂\n",
                           "[数据:读]\ndescription = \"a\\tb\\x41\"\n[📈:🐂]\ndescription =\n");

    cr_assert_str_eq(seeds.roles[0].name, "x'; DROP TABLE zq_app_users; --");
    cr_assert_str_eq(seeds.roles[0].description, "🙂 ; not a comment");
    cr_assert_str_eq(seeds.permissions[1].action, "🐂");
    cr_assert_str_eq(seeds.permissions[0].description, "a\tbA");
    cr_assert_eq(seeds.n_grants, 2);
}

Test(seeds, names_that_are_the_same_to_the_database_are_duplicates)
{
    expect_mistakes("[a]\ndescription =\npermissions =\n[A]\ndescription =\npermissions =\n"
                    "[\"a \"]\ndescription =\npermissions =\n[😀]\ndescription =\npermissions =\n"
                    "[😁]\ndescription =\npermissions =\n[角]\ndescription =\npermissions =\n"
                    "[色]\ndescription =\npermissions =\n",
                    PERMISSIONS,
                    "roles.ini:4: role 'A' is there twice, first in line 1\n"
                    "roles.ini:7: role 'a ' is there twice, first in line 4\n"
                    "roles.ini:13: role '😁' is there twice, first in line 10\n");
}

Test(seeds, a_byte_order_mark_is_fine_and_a_nul_byte_or_bad_utf8_is_not)
{
    zq_seed_text p = text_of("p", "\xEF\xBB\xBF" PERMISSIONS);
    zq_seed_text r = {"r", "[r]\ndescription = a\0b\npermissions = *\n[\xFF]\n", 42};
    zq_seeds seeds = {0};
    zq_err err = {0};

    parse("\xEF\xBB\xBF[r]\ndescription =\npermissions = *\n", p.text);
    cr_assert_eq(zq_seeds_parse(&r, &p, arena, &seeds, NULL, &err), ZQ_E_DATA);
    cr_assert_str_eq(err.detail, "r:1: role 'r' has no 'description'\nr:2: a NUL byte\n"
                                 "r:4: not UTF-8");
}

Test(seeds, what_is_written_reads_back_and_is_written_alike)
{
    zq_seeds seeds =
        parse("[\"a\\x5Db\"]\ndescription = \" x\\n\\\\\\\"\"\npermissions = *\n"
              "reconcile = no\n[ok]\ndescription = \"\"\npermissions = a:x\n",
              "[a:x]\ndescription = ]\nresource = other\n[\"*\"]\ndescription =\n"
              "resource = \" r\"\naction = b\n[\"c,\\\"d\"]\ndescription = e\n"
              "resource = f\naction = g\n[\" \"]\ndescription=\nresource=a\naction=b\n");
    const char *roles[2];
    const char *permissions[2];
    zq_seeds again;

    zq_seedwrite_text(&seeds, arena, &roles[0], &permissions[0]);
    again = parse(roles[0], permissions[0]);
    zq_seedwrite_text(&again, arena, &roles[1], &permissions[1]);
    cr_assert_str_eq(roles[0], roles[1]);
    cr_assert_str_eq(permissions[0], permissions[1]);
    cr_assert_str_eq(seeds.digest, again.digest);
    cr_assert_str_eq(again.roles[0].name, "a]b");
    cr_assert_str_eq(again.roles[0].description, " x\n\\\"");
    cr_assert_not(again.roles[0].reconcile);
    cr_assert_str_eq(again.roles[1].description, "");
    cr_assert_eq(again.n_grants, 5);
}

Test(seeds, the_digest_is_of_what_is_said_and_not_of_how)
{
    zq_seeds a = parse("[r]\ndescription = x\npermissions = a:x, a:y\n", PERMISSIONS);
    zq_seeds b = parse("; other\n\n[r]\npermissions =\n  a:*\ndescription: x\n", PERMISSIONS);
    zq_seeds c = parse("[r]\ndescription = x\npermissions = a:x\n", PERMISSIONS);

    cr_assert_str_eq(a.digest, b.digest);
    cr_assert_str_neq(a.digest, c.digest);
}

Test(seeds, ten_thousand_permissions_take_less_than_a_second)
{
    ZQ_AUTO_BUF(permissions);
    ZQ_AUTO_BUF(list);
    struct timespec from;
    struct timespec to;
    zq_seeds seeds;

    zq_buf_str(&list,
               "[all]\ndescription =\npermissions = *\n[named]\ndescription =\npermissions =\n");
    for (int i = 0; i < 10000; i++) {
        zq_buf_printf(&permissions, "[r%d:a%d]\ndescription = %d\n", i % 97, i, i);
        zq_buf_printf(&list, "  r%d:a%d\n", i % 97, i);
    }
    clock_gettime(CLOCK_MONOTONIC, &from);
    seeds = parse(zq_buf_text(&list), zq_buf_text(&permissions));
    clock_gettime(CLOCK_MONOTONIC, &to);
    cr_assert_eq(seeds.n_grants, 20000);
    cr_assert_lt((double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9,
                 1.0);
}

Test(seeds, a_directory_is_written_and_read_and_never_overwritten_unasked)
{
    char dir[] = "/tmp/zq-seeds-XXXXXX";
    zq_seeds seeds = parse("[r]\ndescription = x\npermissions = a:x\n", PERMISSIONS);
    zq_seeds back = {0};
    zq_err err = {0};
    const char *inner;

    cr_assert_not_null(mkdtemp(dir));
    inner = zq_arena_printf(arena, "%s/new", dir);
    cr_assert_eq(zq_seedwrite_write(&seeds, &(zq_seed_admins){0}, inner, false, &err), ZQ_OK, "%s",
                 err.message);
    cr_assert_eq(zq_seeds_load(inner, arena, &back, NULL, &err), ZQ_OK, "%s", err.message);
    cr_assert_str_eq(back.digest, seeds.digest);
    cr_assert_eq(zq_seedwrite_write(&seeds, &(zq_seed_admins){0}, inner, false, &err), ZQ_E_USAGE);
    cr_assert_str_eq(err.message, zq_arena_printf(arena, "'%s/roles.ini' is there already", inner));
    cr_assert_eq(zq_seedwrite_write(&seeds, &(zq_seed_admins){0}, inner, true, &err), ZQ_OK);
    unlink(zq_arena_printf(arena, "%s/roles.ini", inner));
    cr_assert_eq(zq_seeds_load(inner, arena, &back, NULL, &err), ZQ_E_NOINPUT);
    cr_assert_str_eq(err.message, zq_arena_printf(arena, "cannot read '%s/roles.ini'", inner));
    cr_assert_str_eq(err.detail, "No such file or directory");
    unlink(zq_arena_printf(arena, "%s/permissions.ini", inner));
    rmdir(inner);
    rmdir(dir);
}
