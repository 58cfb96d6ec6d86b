#include "rev/chain.h"

#include "base/buf.h"
#include "release.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static zq_arena *arena;
static zq_err err;

static void open_arena(void)
{
    arena = zq_arena_open();
    memset(&err, 0, sizeof err);
}

static void close_arena(void)
{
    zq_arena_close(arena);
}

TestSuite(chain, .init = open_arena, .fini = close_arena);

static zq_revision revision(const char *id, const char *revises)
{
    return (zq_revision){
        .file = zq_arena_printf(arena, "%s.sql", id),
        .id = id,
        .revises = revises,
        .id_line = 1,
        .revises_line = 2,
        .release_line = 3,
        .title = id,
    };
}

/* base, 0001 (0.2.0), 0002 (0.3.0), 0003, f00d */
static zq_chain four(void)
{
    zq_revision *r = ZQ_NEW_ARRAY(arena, zq_revision, 4);
    zq_chain chain;

    r[0] = revision("0003", "0002");
    r[1] = revision("0001", NULL);
    r[2] = revision("f00d", "0003");
    r[3] = revision("0002", "0001");
    r[1].release = "0.2.0";
    r[3].release = "0.3.0";
    r[3].irreversible = "the rows are gone";
    strcpy(r[1].checksum, "aaaa");
    strcpy(r[3].checksum, "bbbb");
    strcpy(r[0].checksum, "cccc");
    cr_assert_eq(zq_chain_build(r, 4, arena, &chain, &err), ZQ_OK, "%s", err.message);
    return chain;
}

Test(chain, revisions_are_put_in_order)
{
    zq_chain chain = four();

    cr_assert_eq(chain.n, 4);
    cr_expect_str_eq(chain.items[0]->id, "0001");
    cr_expect_str_eq(chain.items[1]->id, "0002");
    cr_expect_str_eq(chain.items[2]->id, "0003");
    cr_expect_str_eq(chain.items[3]->id, "f00d");
    cr_expect_str_eq(zq_chain_name(&chain, 0), "base");
    cr_expect_str_eq(zq_chain_name(&chain, 4), "f00d");
    cr_expect_null(zq_chain_at(&chain, 0));
}

static const char *build_failure(const zq_revision *revisions, size_t n)
{
    zq_chain chain;

    cr_assert_eq(zq_chain_build(revisions, n, arena, &chain, &err), ZQ_E_DATA);
    return err.message;
}

Test(chain, what_is_not_one_line_is_named_with_file_and_line)
{
    zq_revision twice[] = {revision("a", NULL), revision("a", "b")};
    zq_revision heads[] = {revision("a", NULL), revision("b", "a"), revision("c", "a")};
    zq_revision bases[] = {revision("a", NULL), revision("b", NULL)};
    zq_revision gap[] = {revision("a", NULL), revision("c", "b")};
    zq_revision circle[] = {revision("a", NULL), revision("b", "c"), revision("c", "b")};
    zq_revision self[] = {revision("a", "a")};
    zq_revision releases[] = {revision("a", NULL), revision("b", "a")};

    releases[0].release = releases[1].release = "1.0";
    twice[1].file = "x/a_again.sql";
    cr_expect_str_eq(build_failure(twice, 2),
                     "x/a_again.sql:1: revision 'a' is in 'a.sql' already");
    cr_expect_str_eq(build_failure(heads, 3),
                     "c.sql:2: two heads: 'c' revises 'a', and 'b' in 'b.sql' does");
    cr_expect_str_eq(err.hint, "let one of the two revise the other");
    cr_expect_str_eq(build_failure(bases, 2), "b.sql:2: two first revisions: 'b' begins at base, "
                                              "and 'a' in 'a.sql' does");
    cr_expect_str_eq(build_failure(gap, 2), "c.sql:2: a gap: 'c' revises 'b', which is not there");
    cr_expect_str_eq(build_failure(circle, 3),
                     "b.sql:2: a circle: 'b' revises 'c', which comes after it");
    cr_expect_str_eq(build_failure(self, 1),
                     "a.sql:2: a circle: 'a' revises 'a', which comes after it");
    cr_expect_str_eq(build_failure(releases, 2),
                     "b.sql:3: release '1.0' is revision 'a' already, in 'a.sql'");
}

Test(chain, no_revision_is_a_chain_too)
{
    zq_chain chain;
    size_t position = 9;

    cr_assert_eq(zq_chain_build(NULL, 0, arena, &chain, &err), ZQ_OK);
    cr_expect_eq(chain.n, 0);
    cr_expect_eq(zq_chain_resolve(&chain, "head", 0, &position, &err), ZQ_OK);
    cr_expect_eq(position, 0);
}

static const struct {
    const char *target;
    size_t current, position;
} targets[] = {
    {"base", 3, 0}, {"head", 1, 4},  {"0001", 0, 1},  {"0002", 0, 2}, {"f00d", 0, 4},
    {"f", 0, 4},    {"0.2.0", 0, 1}, {"0.3.0", 4, 2}, {"+1", 0, 1},   {"+2", 2, 4},
    {"-1", 1, 0},   {"-3", 4, 1},    {"+0", 2, 2},
};

Test(chain, a_target_is_an_id_a_prefix_a_release_head_base_or_relative)
{
    zq_chain chain = four();

    for (size_t i = 0; i < ZQ_LEN(targets); i++) {
        size_t position = 99;

        cr_expect_eq(
            zq_chain_resolve(&chain, targets[i].target, targets[i].current, &position, &err), ZQ_OK,
            "%s: %s", targets[i].target, err.message);
        cr_expect_eq(position, targets[i].position, "%s gave %zu", targets[i].target, position);
    }
}

static const struct {
    const char *target;
    size_t current;
    const char *message, *hint;
} no_targets[] = {
    {"0009", 0, "there is no revision '0009'",
     "see 'zquant-migrate history' for those that there are"},
    {"", 0, "there is no revision ''", "see 'zquant-migrate history' for those that there are"},
    {"heads", 0, "there is no revision 'heads'", "did you mean 'head'?"},
    {"HEAD", 0, "there is no revision 'HEAD'", "did you mean 'head'?"},
    {"zero", 0, "there is no revision 'zero'", "did you mean 'base'?"},
    {"v0.3.0", 0, "there is no revision 'v0.3.0'", "did you mean '0.3.0'?"},
    {"r2", 0, "there is no revision 'r2'", "did you mean '0002'?"},
    {"2", 0, "there is no revision '2'",
     "'0002' is a revision; '+2' and '-2' are so many from where the database is"},
    {"head~1", 0, "there is no revision 'head~1'",
     "see 'zquant-migrate history' for those that there are"},
    {"0001:0002", 0, "there is no revision '0001:0002'",
     "FROM:TO is for a script: add --sql; else name one revision"},
    {"000", 0, "'000' is the beginning of 3 revisions: 0001, 0002, 0003",
     "write more of the revision you mean"},
    {"+3", 2, "'+3' leads beyond head: the database is at '0002'", ""},
    {"-3", 2, "'-3' leads beyond base: the database is at '0002'", ""},
    {"+x", 0, "'+x' is not a number of revisions", ""},
    {"-", 0, "'-' is not a number of revisions", ""},
    {"+-1", 0, "'+-1' is not a number of revisions", ""},
    {"+99999999999999999999", 0,
     "'+99999999999999999999' leads beyond head: the database is at 'base'", ""},
};

Test(chain, a_target_that_is_none_is_explained)
{
    zq_chain chain = four();
    size_t position = 99;

    for (size_t i = 0; i < ZQ_LEN(no_targets); i++) {
        cr_expect_eq(
            zq_chain_resolve(&chain, no_targets[i].target, no_targets[i].current, &position, &err),
            ZQ_E_USAGE);
        cr_expect_str_eq(err.message, no_targets[i].message);
        cr_expect_str_eq(err.hint, no_targets[i].hint);
    }
    cr_expect_eq(position, 99);
}

Test(chain, a_range_for_a_script_has_two_ends_or_begins_at_base)
{
    zq_chain chain = four();
    size_t from = 9, to = 9;

    cr_expect_eq(zq_chain_resolve_range(&chain, "head", &from, &to, &err), ZQ_OK);
    cr_expect(from == 0 && to == 4);
    cr_expect_eq(zq_chain_resolve_range(&chain, "0.2.0:0.3.0", &from, &to, &err), ZQ_OK);
    cr_expect(from == 1 && to == 2);
    cr_expect_eq(zq_chain_resolve_range(&chain, "f00d:-2", &from, &to, &err), ZQ_OK);
    cr_expect(from == 4 && to == 2);
    cr_expect_eq(zq_chain_resolve_range(&chain, "9:0001", &from, &to, &err), ZQ_E_USAGE);
    cr_expect_str_eq(err.message, "there is no revision '9'");
}

Test(chain, a_path_lists_what_to_run_in_which_direction)
{
    zq_chain chain = four();
    zq_path path;

    cr_assert_eq(zq_chain_path(&chain, 1, 3, ZQ_UP, arena, &path, &err), ZQ_OK);
    cr_assert_eq(path.n, 2);
    cr_expect_str_eq(path.legs[0].revision->id, "0002");
    cr_expect_eq(path.legs[0].section, &path.legs[0].revision->upgrade);
    cr_expect_eq(path.legs[0].to, 2);
    cr_expect_str_eq(path.legs[1].revision->id, "0003");
    cr_assert_eq(zq_chain_path(&chain, 4, 2, ZQ_DOWN, arena, &path, &err), ZQ_OK);
    cr_assert_eq(path.n, 2);
    cr_expect_str_eq(path.legs[0].revision->id, "f00d");
    cr_expect_eq(path.legs[0].section, &path.legs[0].revision->downgrade);
    cr_expect_str_eq(path.legs[1].revision->id, "0003");
    cr_expect_eq(path.legs[1].to, 2);
    cr_assert_eq(zq_chain_path(&chain, 2, 2, ZQ_UP, arena, &path, &err), ZQ_OK);
    cr_expect_eq(path.n, 0);
}

Test(chain, a_path_against_its_direction_names_the_right_command)
{
    zq_chain chain = four();
    zq_path path;

    cr_expect_eq(zq_chain_path(&chain, 3, 1, ZQ_UP, arena, &path, &err), ZQ_E_USAGE);
    cr_expect_str_eq(err.message, "'0001' is older than '0003'");
    cr_expect_str_eq(err.hint, "use 'zquant-migrate downgrade 0001'");
    cr_expect_eq(zq_chain_path(&chain, 1, 3, ZQ_DOWN, arena, &path, &err), ZQ_E_USAGE);
    cr_expect_str_eq(err.message, "'0003' is newer than '0001'");
    cr_expect_str_eq(err.hint, "use 'zquant-migrate upgrade 0003'");
}

Test(chain, what_cannot_be_undone_ends_a_way_down)
{
    zq_chain chain = four();
    zq_path path;

    cr_expect_eq(zq_chain_path(&chain, 4, 1, ZQ_DOWN, arena, &path, &err), ZQ_E_USAGE);
    cr_expect_str_eq(err.message, "revision '0002' cannot be undone: the rows are gone");
    cr_expect_eq(zq_chain_path(&chain, 1, 4, ZQ_UP, arena, &path, &err), ZQ_OK);
}

Test(chain, the_history_tells_where_the_database_is)
{
    static const zq_applied rows[] = {
        {"0001", "upgrade", "aaaa"}, {"0002", "upgrade", "bbbb"}, {"0003", "upgrade", "old"},
        {"0002", "downgrade", "x"},  {"0003", "stamp", NULL},     {"0003", "upgrade", "cccc"},
        {"", "downgrade", NULL},     {"f00d", "install", NULL},
    };
    zq_chain chain = four();
    size_t position = 9;

    cr_expect_eq(zq_chain_verify(&chain, rows, 2, &position, &err), ZQ_OK);
    cr_expect_eq(position, 2);
    cr_expect_eq(zq_chain_verify(&chain, rows, 4, &position, &err), ZQ_OK,
                 "a revision that was taken back may change");
    cr_expect_eq(position, 2);
    cr_expect_eq(zq_chain_verify(&chain, rows, 6, &position, &err), ZQ_OK);
    cr_expect_eq(position, 3);
    cr_expect_eq(zq_chain_verify(&chain, rows, 7, &position, &err), ZQ_OK);
    cr_expect_eq(position, 0);
    cr_expect_eq(zq_chain_verify(&chain, rows, 8, &position, &err), ZQ_OK);
    cr_expect_eq(position, 4);
}

Test(chain, an_applied_file_that_has_changed_is_named)
{
    static const zq_applied rows[] = {{"0001", "upgrade", "old"}, {"0002", "upgrade", "bbbb"}};
    zq_chain chain = four();
    size_t position = 9;

    cr_expect_eq(zq_chain_verify(&chain, rows, 2, &position, &err), ZQ_E_DATA);
    cr_expect_str_eq(err.message, "0001.sql:1: revision '0001' has changed since it was applied");
    cr_expect_str_eq(err.detail, "its checksum was old and is aaaa");
    cr_expect_str_eq(err.hint, "if a revision of your own was called '0001', name its folder with "
                               "--dir and run 'zquant-migrate rebase'; else use the build that "
                               "applied it");
    cr_expect_eq(position, 9);
}

Test(chain, a_revision_that_is_not_known_is_left_alone)
{
    static const zq_applied rows[] = {{"0099", "upgrade", NULL}};
    zq_chain chain = four();
    size_t position = 9;

    cr_expect_eq(zq_chain_verify(&chain, rows, 1, &position, &err), ZQ_E_DIFFERS);
    cr_expect_str_eq(err.message, "the database is at revision '0099', which is not known here");
}

/* ---- the embedded set and a folder ---- */

Test(chain, the_embedded_revisions_are_the_releases_each_with_its_schema_id)
{
    zq_chain chain;

    cr_assert_eq(zq_chain_load(NULL, &zq_schema_head, arena, &chain, &err), ZQ_OK, "%s",
                 err.message);
    cr_assert_geq(chain.n, zq_n_releases);
    for (size_t i = 0; i < zq_n_releases; i++) {
        size_t position = 0;

        cr_assert(zq_chain_find(&chain, zq_releases[i].revision, &position));
        cr_expect_str_eq(zq_chain_at(&chain, position)->release, zq_releases[i].name);
        cr_expect_str_eq(zq_chain_at(&chain, position)->schema_id, zq_releases[i].id);
    }
    cr_expect_str_eq(zq_chain_name(&chain, chain.n), zq_release_head()->revision);
}

static const char *folder(void)
{
    static char name[64];

    strcpy(name, "/tmp/zq_chain_XXXXXX");
    cr_assert_not_null(mkdtemp(name));
    return name;
}

static void put(const char *dir, const char *name, const char *text)
{
    char path[160];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", dir, name);
    file = fopen(path, "w");
    cr_assert_not_null(file);
    cr_assert_geq(fputs(text, file), 0);
    cr_assert_eq(fclose(file), 0);
}

static void remove_folder(const char *dir)
{
    char command[128];

    snprintf(command, sizeof command, "rm -r '%s'", dir);
    cr_assert_eq(system(command), 0);
}

#define MINE                                                                                \
    "-- revision: 0100\n-- revises: 0003\n-- title: mine\n"                                 \
    "-- created: 2026-01-04T00:00:00Z\n-- zq:upgrade\n"                                     \
    "-- zq:family zq_data_tustock_daily\nALTER TABLE {table} COMMENT ''; -- x\n-- zq:end\n" \
    "-- zq:downgrade\n"

Test(chain, a_folder_adds_files_of_the_users_own)
{
    const char *dir = folder();
    zq_chain chain;

    put(dir, "0100_mine.sql", MINE);
    put(dir, "README", "not a revision");
    put(dir, ".hidden.sql", "neither");
    cr_expect_eq(zq_chain_load(dir, &zq_schema_head, arena, &chain, &err), ZQ_OK, "%s",
                 err.message);
    cr_expect_str_eq(zq_chain_name(&chain, chain.n), "0100");
    put(dir, "0101.sql", "SELECT 1;");
    cr_expect_eq(zq_chain_load(dir, &zq_schema_head, arena, &chain, &err), ZQ_E_DATA);
    cr_expect_str_eq(err.message,
                     zq_arena_printf(arena, "%s/0101.sql:1: header 'revision' is missing", dir));
    remove_folder(dir);
}

/* Reading from a pipe would wait for somebody who writes. */
Test(chain, what_is_not_a_plain_file_is_refused, .timeout = 20)
{
    const char *dir = folder();
    const char *path = zq_arena_printf(arena, "%s/0101_pipe.sql", dir);
    zq_chain chain;

    cr_assert_eq(mkfifo(path, 0600), 0);
    cr_expect_eq(zq_chain_load(dir, NULL, arena, &chain, &err), ZQ_E_NOINPUT);
    cr_expect_str_eq(err.message,
                     zq_arena_printf(arena, "cannot read '%s': it is not a plain file", path));
    cr_assert_eq(unlink(path), 0);
    cr_assert_eq(mkdir(path, 0700), 0);
    cr_expect_eq(zq_chain_load(dir, NULL, arena, &chain, &err), ZQ_E_NOINPUT);
    cr_expect_str_eq(err.message,
                     zq_arena_printf(arena, "cannot read '%s': it is not a plain file", path));
    cr_assert_eq(rmdir(path), 0);
    put(dir, "mine", MINE);
    cr_assert_eq(symlink("mine", zq_arena_printf(arena, "%s/0100_mine.sql", dir)), 0);
    cr_expect_eq(zq_chain_load(dir, &zq_schema_head, arena, &chain, &err), ZQ_OK, "%s",
                 err.message);
    remove_folder(dir);
}

Test(chain, the_projects_own_folder_may_be_named)
{
    zq_chain chain, embedded;

    cr_assert_eq(zq_chain_embedded(arena, &embedded, &err), ZQ_OK);
    cr_assert_eq(zq_chain_load(ZQ_SOURCE_DIR "/schema/migrations", NULL, arena, &chain, &err),
                 ZQ_OK, "%s", err.message);
    cr_expect_eq(chain.n, embedded.n);
}

/* A checkout with CRLF would not have it: the build would be one of other revisions. */
Test(chain, the_checksums_of_the_embedded_ones_are_those_of_their_texts)
{
    zq_chain chain;

    cr_assert_eq(zq_chain_embedded(arena, &chain, &err), ZQ_OK, "%s", err.message);
    for (size_t i = 0; i < chain.n; i++) {
        char hex[ZQ_DIGEST_HEX];

        zq_revision_file_checksum(chain.items[i]->text, chain.items[i]->length, hex);
        cr_expect_str_eq(chain.items[i]->checksum, hex);
    }
}

Test(chain, the_embedded_ones_are_without_a_mistake)
{
    zq_chain chain;

    cr_assert_eq(zq_chain_embedded(arena, &chain, &err), ZQ_OK, "%s", err.message);
    for (size_t i = 0; i < chain.n; i++) {
        const zq_revision *full;

        cr_expect(chain.items[i]->is_head);
        cr_assert_eq(zq_revision_file_complete(chain.items[i], arena, &full, &err), ZQ_OK, "%s",
                     err.message);
        cr_expect_gt(full->upgrade.n, 0);
        cr_expect_eq(zq_revision_file_lint(full, &zq_schema_head, &err), ZQ_OK, "%s", err.message);
    }
}

Test(chain, a_folder_that_is_not_there_is_named)
{
    zq_chain chain;

    cr_assert_eq(zq_chain_load("/nowhere", NULL, arena, &chain, &err), ZQ_E_NOINPUT);
    cr_expect_str_eq(err.message, "cannot read '/nowhere'");
    cr_expect_str_eq(err.detail, "No such file or directory");
}
