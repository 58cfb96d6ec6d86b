/* tests/golden/diff/<case>: two canonical texts, and what differs. */
#include "diff/diff.h"
#include "model/canon.h"

#include "golden.h"
#include "release.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static const zq_schema *read_schema(const char *test_case, const char *file, zq_arena *arena)
{
    ZQ_AUTO_BUF(text);
    const zq_schema *schema = NULL;
    char path[512];
    zq_err err = {0};

    snprintf(path, sizeof path, "diff/%s/%s", test_case, file);
    cr_assert(golden_read(path, &text), "there is no %s", golden_path(path));
    cr_assert_eq(zq_canon_parse(zq_buf_text(&text), text.length, arena, &schema, &err), ZQ_OK,
                 "%s: %s: %s", path, err.message, err.detail);
    return schema;
}

static void check_differences(const zq_schema *desired, const zq_schema *actual, const char *path)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    ZQ_AUTO_BUF(out);
    zq_changes changes;

    cr_assert_eq(zq_diff(desired, actual, arena, &changes, NULL), ZQ_OK);
    for (size_t i = 0; i < changes.n; i++)
        zq_buf_printf(&out, "%s %s: %s\n", changes.items[i].table, zq_op_kind(changes.items[i].op),
                      zq_change_say(&changes.items[i], arena));
    golden_check(path, zq_buf_text(&out));
}

static void check_case(const char *test_case)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const zq_schema *desired = read_schema(test_case, "desired.txt", arena);
    const zq_schema *actual = read_schema(test_case, "actual.txt", arena);
    char path[512];

    snprintf(path, sizeof path, "diff/%s/expected.txt", test_case);
    check_differences(desired, actual, path);
}

Test(golden, each_case_differs_as_its_file_says)
{
    cr_assert_geq(golden_each("diff", check_case), 8);
}

static const zq_schema *release_schema(size_t which, zq_arena *arena)
{
    const zq_schema *schema = NULL;
    zq_err err = {0};

    cr_assert_eq(zq_canon_parse(zq_release_text(&zq_releases[which]),
                                strlen(zq_release_text(&zq_releases[which])), arena, &schema, &err),
                 ZQ_OK, "%s", err.message);
    return schema;
}

Test(golden, each_release_differs_from_the_one_before_as_its_file_says)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();

    for (size_t i = 1; i < zq_n_releases; i++) {
        char path[512];

        snprintf(path, sizeof path, "releases/%s-to-%s.txt", zq_releases[i - 1].name,
                 zq_releases[i].name);
        check_differences(release_schema(i, arena), release_schema(i - 1, arena), path);
    }
}
