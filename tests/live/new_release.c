/* How a new release of the application is taken in, as docs/new-release.md walks through it: 0.4.0
 * by a build that would know 0.3.0 as the newest. */
#include "cli.h"

#include "model/canon.h"
#include "old_release.h"
#include "release.h"
#include "runbook.h"

#include <criterion/criterion.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(new_release, .fini = cli_end, .timeout = 300);

/* What the new release's own initialiser leaves on a scratch server, with the tables of a stock: a
 * dump of that, or the same from its text. */
static void make_scratch(void)
{
    static const char *const codes[] = {"000001", "600001", NULL};
    ZQ_AUTO(zq_db) db = live_open();
    const char *release = zq_release_head()->name;

    if (!old_release_load_sample(db, cli_database(), release))
        old_release_make(db, cli_database(), release, codes);
}

static char *output(int status, const char *const *words)
{
    program_result r = program_run(words, NULL);
    char *out;

    cr_assert_eq(r.status, status, "%d: %s", r.status, r.err);
    out = strdup(r.out);
    program_free(&r);
    return out;
}
#define OUTPUT(status, ...) \
    output((status), (const char *const[]){"zquant-migrate", __VA_ARGS__, NULL})

/* No server knows what a column was called before: without " was created_at" at the ends of lines.
 */
static char *without_was(const char *text)
{
    char *copy = strdup(text), *to = copy;

    for (const char *from = text; *from != '\0'; from += *from == '\n') {
        const size_t length = strcspn(from, "\n");
        size_t end = length;

        while (end > 0 && from[end - 1] != ' ' && from[end - 1] != '\'')
            end--;
        end = end >= 5 && strncmp(from + end - 5, " was ", 5) == 0 ? end - 5 : length;
        to = mempcpy(to, from, end);
        from += length;
        if (*from == '\n')
            *to++ = '\n';
    }
    *to = '\0';
    return copy;
}

static void expect_same_as(const char *text)
{
    char *live = OUTPUT(0, "show", "--schema", "live", "-q"), *wanted = without_was(text);

    cr_assert_str_eq(live, wanted);
    free(live);
    free(wanted);
}

static void expect_compiled_id(const char *wanted)
{
    char *text = OUTPUT(0, "show", "--schema", "live", "--format", "c", "-q"), command[1024];
    char id[ZQ_DIGEST_HEX];
    void *library;

    program_file("shown.c", text, 0644);
    snprintf(command, sizeof command,
             "cd %s && cc -std=c11 -Wno-missing-field-initializers -I%s/src -I%s/schema/models "
             "-shared -fPIC -o shown.so shown.c",
             program_dir(), ZQ_SOURCE_DIR, ZQ_SOURCE_DIR);
    cr_assert_eq(system(command), 0);
    snprintf(command, sizeof command, "%s/shown.so", program_dir());
    library = dlopen(command, RTLD_NOW | RTLD_LOCAL);
    cr_assert_not_null(library, "%s", dlerror());
    zq_canon_id(dlsym(library, "zq_schema_shown"), id);
    cr_assert_str_eq(id, wanted);
    dlclose(library);
    free(text);
}

Test(new_release, what_its_initialiser_made_is_its_text_and_its_descriptors)
{
    cli_begin("new_release");
    make_scratch();
    expect_same_as(zq_release_text(zq_release_head()));
    expect_compiled_id(zq_release_head()->id);
}

/* What the page shows of `diff`, but for its first line, which names the two sides. */
static void expect_shown(const char *out)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    runbook_block *blocks;
    size_t n = runbook_read("docs/new-release", ".md", arena, &blocks);
    size_t i = 0;

    while (i < n && strncmp(blocks[i].text, "-- from ", 8) != 0)
        i++;
    cr_assert_lt(i, n, "docs/new-release.md shows no statements");
    for (const char *line = strchr(blocks[i].text, '\n') + 1; *line != '\0';
         line = strchr(line, '\n') + 1) {
        const char *wanted = zq_arena_strndup(arena, line, strcspn(line, "\n") + 1);

        cr_expect(strcmp(wanted, "    ...\n") == 0 || strstr(out, wanted) != NULL, "%s%s", wanted,
                  out);
    }
}

/* The two directions are run as one revision on a database of 0.4.0, back first. */
Test(new_release, the_statements_between_the_two_lead_there_and_back)
{
    char *there, *back, *text;

    cli_begin("new_release_way");
    make_scratch();
    EXPECT(0, NULL, "zquant-migrate", "adopt", "-q");
    there = OUTPUT(1, "diff", "--from", "0.3.0", "--to", "live", "-q");
    expect_shown(there);
    back = OUTPUT(1, "diff", "--from", "live", "--to", "0.3.0", "-q");
    text = malloc(strlen(there) + strlen(back) + 1024);
    sprintf(text,
            "-- revision: t1\n-- revises: 0003\n-- title: a test\n"
            "-- created: 2026-01-04T00:00:00Z\n-- schema-id: %s\n\n-- zq:upgrade\n%s\n"
            "-- zq:downgrade\n%s\n",
            zq_releases[1].id, back, there);
    program_file("t1.sql", text, 0644);
    program_file("t1.schema.txt", zq_release_text(&zq_releases[1]), 0644);
    EXPECT(0, NULL, "zquant-migrate", "upgrade", "-q", "--dir", ".", "--allow-data-loss",
           "--allow-locking");
    expect_same_as(zq_release_text(&zq_releases[1]));
    EXPECT(0, NULL, "zquant-migrate", "check", "-q", "--dir", ".");
    EXPECT(0, NULL, "zquant-migrate", "downgrade", "0003", "-q", "--dir", ".", "--allow-data-loss",
           "--allow-locking");
    expect_same_as(zq_release_text(&zq_releases[2]));
    EXPECT(0, NULL, "zquant-migrate", "check", "-q");
    free(there);
    free(back);
    free(text);
}

ZQ_LIVE_MAIN
