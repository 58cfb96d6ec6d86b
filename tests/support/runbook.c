#include "runbook.h"

#include "base/buf.h"
#include "dump.h"
#include "live.h"
#include "program.h"

#include <criterion/criterion.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MOST_BLOCKS = 64 };

/* ---- reading ---- */

char *runbook_page(const char *page, const char *language)
{
    char path[512];
    size_t size = 1 << 19;
    char *text = calloc(1, size);
    FILE *file;

    snprintf(path, sizeof path, ZQ_SOURCE_DIR "/%s%s", page, language);
    file = fopen(path, "r");
    cr_assert_not_null(file, "%s is missing", path);
    cr_assert_lt(fread(text, 1, size - 1, file), size - 1, "%s is too long for this test", path);
    fclose(file);
    return text;
}

size_t runbook_read(const char *page, const char *language, zq_arena *arena, runbook_block **out)
{
    char *text = runbook_page(page, language);
    runbook_block *blocks = ZQ_NEW_ARRAY(arena, runbook_block, MOST_BLOCKS);
    const char *heading = "";
    const char *begun = NULL; /* the block that is open */
    size_t n = 0;

    for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1) {
        if (strncmp(line, "```", 3) == 0 && begun != NULL) {
            cr_assert_lt(n, (size_t)MOST_BLOCKS);
            blocks[n++] = (runbook_block){page, heading,
                                          zq_arena_strndup(arena, begun, (size_t)(line - begun))};
            begun = NULL;
        } else if (strncmp(line, "```", 3) == 0) {
            begun = line + strcspn(line, "\n") + 1;
        } else if (begun == NULL && *line == '#') {
            line += strspn(line, "# ");
            heading = zq_arena_strndup(arena, line, strcspn(line, "\n"));
        }
    }
    cr_assert_null(begun, "a block without an end");
    free(text);
    *out = blocks;
    return n;
}

/* ---- running ---- */

typedef struct run {
    const char *database;
    const char *folder;
    zq_arena *arena;
    int status; /* of the last command */
    zq_buf now; /* the block as it should be */
} run;

/* What stands in a page, and what it is here; only as a word of its own, with one of `around` on
 * both sides. */
static const char *replaced(const char *text, const char *what, const char *with,
                            const char *around, zq_arena *arena)
{
    ZQ_AUTO_BUF(out);
    char before = '\n';

    while (*text != '\0') {
        size_t length = strncmp(text, what, strlen(what)) == 0 ? strlen(what) : 0;

        if (length > 0 && strchr(around, before) != NULL && strchr(around, text[length]) != NULL) {
            zq_buf_str(&out, with);
            text += length;
            before = text[-1];
        } else {
            before = *text;
            zq_buf_char(&out, *text++);
        }
    }
    return zq_arena_strdup(arena, zq_buf_text(&out));
}

static const char *command_here(const run *r, const char *text)
{
    const char *client = live_flavor() == ZQ_MYSQL ? "mysql" : "mariadb";

    text = replaced(text, "zquant", r->database, " \n'`\"", r->arena);
    text = replaced(text, "mariadb", client, " \n", r->arena);
    text = replaced(text, "/backup/zquant", r->folder, " \n'=", r->arena);
    return replaced(text, "/var/lib/mysql", zq_arena_printf(r->arena, "%s-data", r->folder), "=\n",
                    r->arena);
}

static const char *output_here(const run *r, const char *text)
{
    return replaced(text, "zquant", r->database, "'`", r->arena);
}

static program_result shell(const char *status, const char *text, zq_arena *arena)
{
    return PROGRAM("/bin/sh", "-c",
                   zq_arena_printf(arena,
                                   "PATH=%s/bin:" ZQ_TEST_BUILD_DIR ":$PATH; exec 2>&1; %s\n%s",
                                   program_dir(), status, text));
}

static void run_script(run *r, const char *text)
{
    program_result result = shell("set -e", command_here(r, text), r->arena);

    cr_assert_eq(result.status, 0, "status %d: %s%s", result.status, text, result.out);
    program_free(&result);
}

/* In place of how much there is and how long it takes: "#". Spaces are one. */
static const char *without_figures(const char *text, zq_arena *arena)
{
    static const char figures[] = "([0-9]+ +)?[0-9.]+ +([kMG]?B|m?s)|(rehearsal)_[0-9a-f_]+| +";
    ZQ_AUTO_BUF(out);
    regmatch_t at[4];
    regex_t pattern;

    cr_assert_eq(regcomp(&pattern, figures, REG_EXTENDED), 0);
    for (; regexec(&pattern, text, 4, at, 0) == 0; text += at[0].rm_eo) {
        bool spaces = at[2].rm_so < 0 && at[3].rm_so < 0;

        zq_buf_add(&out, text, (size_t)at[0].rm_so);
        zq_buf_char(&out, spaces ? ' ' : '#');
    }
    zq_buf_str(&out, text);
    regfree(&pattern);
    return zq_arena_strdup(arena, zq_buf_text(&out));
}

/* Each line of the page must come out, in its order; "..." stands for any others. */
static void expect_lines(const run *r, const char *command, const char *wanted, const char *out)
{
    const char *rest = zq_arena_printf(r->arena, "\n%s", without_figures(out, r->arena));

    wanted = without_figures(output_here(r, wanted), r->arena);
    while (*wanted != '\0') {
        size_t length = strcspn(wanted, "\n") + 1;
        const char *line = zq_arena_printf(r->arena, "\n%.*s", (int)length, wanted);

        if (strcmp(line, "\n...\n") != 0) {
            const char *found = strstr(rest, line);

            cr_assert_not_null(found, "%sgives\n%swithout%s", command, out, line);
            rest = found + length;
        }
        wanted += length;
    }
}

static void run_command(run *r, const char *command, const char *wanted)
{
    const char *status = zq_arena_printf(r->arena, "(exit %d)", r->status);
    program_result result = shell(status, command_here(r, command), r->arena);

    if (strstr(wanted, "\n...\n") != NULL)
        expect_lines(r, command, wanted, result.out);
    else if (getenv("ZQ_GOLDEN_UPDATE") == NULL)
        cr_assert_str_eq(result.out, output_here(r, wanted), "%sgives\n%sand the page has\n%s",
                         command, result.out, wanted);
    zq_buf_printf(&r->now, "$ %s", command);
    zq_buf_str(&r->now, replaced(result.out, r->database, "zquant", "'`", r->arena));
    r->status = result.status;
    program_free(&result);
}

/* Where the next command begins, or the end. */
static const char *next_command(const char *text)
{
    const char *next = strstr(text, "\n$ ");

    return next == NULL ? text + strlen(text) : next + 1;
}

/* A command goes on behind a line that ends in "\". */
static const char *end_of_command(const char *text)
{
    const char *end = strchr(text, '\n');

    while (end[-1] == '\\')
        end = strchr(end + 1, '\n');
    return end + 1;
}

/* With ZQ_GOLDEN_UPDATE: write what came out into the page, in both languages. */
static void update_pages(const char *of, const char *was, const char *now, zq_arena *arena)
{
    static const char *const languages[] = {".md", ".zh-CN.md"};

    for (size_t i = 0; i < ZQ_LEN(languages) && strcmp(was, now) != 0; i++) {
        const char *path = zq_arena_printf(arena, ZQ_SOURCE_DIR "/%s%s", of, languages[i]);
        char *page = runbook_page(of, languages[i]);
        const char *at = strstr(page, was);
        FILE *file = at == NULL ? NULL : fopen(path, "w");

        if (file != NULL) {
            fprintf(file, "%.*s%s%s", (int)(at - page), page, now, at + strlen(was));
            fclose(file);
        }
        free(page);
    }
}

/* The clients read ~/.my.cnf; MySQL's own is in a chroot, and gets the same in words. */
static void prepare(zq_arena *arena)
{
    const char *const *words = dump_words("", NULL, NULL, arena);
    ZQ_AUTO_BUF(script);

    program_file(".my.cnf",
                 zq_arena_printf(arena, "[client]\nhost=%s\nport=%s\nuser=%s\npassword=%s\n",
                                 live_env("HOST", "127.0.0.1"), live_env("PORT", "0"),
                                 live_env("USER", "root"), live_env("PASSWORD", "")),
                 0600);
    if (live_flavor() != ZQ_MYSQL)
        return;
    zq_buf_str(&script, "#!/bin/sh\nexec");
    for (; strncmp(*words, "--default-", 10) != 0; words++)
        zq_buf_printf(&script, " %s", *words);
    zq_buf_str(&script, " \"$@\"\n");
    mkdir(zq_arena_printf(arena, "%s/bin", program_dir()), 0700);
    program_file("bin/mysqldump", zq_buf_text(&script), 0700);
}

void runbook_run(const runbook_block *block, const char *database, const char *folder)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    run r = {.database = database, .folder = folder, .arena = arena};
    const char *text = block->text;

    prepare(arena);
    if (strncmp(text, "$ ", 2) != 0) {
        run_script(&r, text);
        return;
    }
    while (*text != '\0') {
        const char *output = end_of_command(text);
        const char *next = next_command(output - 1);

        run_command(&r, zq_arena_strndup(arena, text + 2, (size_t)(output - text) - 2),
                    zq_arena_strndup(arena, output, (size_t)(next - output)));
        text = next;
    }
    if (getenv("ZQ_GOLDEN_UPDATE") != NULL)
        update_pages(block->page, block->text, zq_buf_text(&r.now), arena);
    zq_buf_done(&r.now);
}
