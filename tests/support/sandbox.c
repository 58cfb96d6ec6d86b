#include "sandbox.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char directory[] = "/tmp/zq-test-XXXXXX";

static void leave(void)
{
    char command[64];

    if (chdir("/") == 0) {
        snprintf(command, sizeof command, "rm -rf %s", directory);
        if (system(command) != 0)
            fprintf(stderr, "cannot remove %s\n", directory);
    }
}

void sandbox_enter(void)
{
    cr_assert_not_null(mkdtemp(directory));
    cr_assert_eq(chdir(directory), 0);
    atexit(leave);
}

void sandbox_write(const char *path, unsigned mode, const char *text)
{
    FILE *file = fopen(path, "w");

    cr_assert_not_null(file);
    fputs(text, file);
    cr_assert_eq(fclose(file), 0);
    cr_assert_eq(chmod(path, mode), 0);
}

static char *read_all(const char *path)
{
    FILE *file = fopen(path, "r");
    char *text = calloc(1, 1 << 20);

    cr_assert(file != NULL && text != NULL);
    cr_assert_lt(fread(text, 1, (1 << 20) - 1, file), (1 << 20) - 1);
    fclose(file);
    remove(path);
    return text;
}

sandbox_run sandbox_sh(const char *command)
{
    static const char format[] = "env -i PATH='%s:/usr/bin:/bin' HOME='%s' sh -c '%s' "
                                 ">.out 2>.err </dev/null";
    char line[8192];
    int status;
    sandbox_run run;

    cr_assert_lt(snprintf(line, sizeof line, format, ZQ_TEST_BUILD_DIR, directory, command),
                 (int)sizeof line);
    status = system(line);
    run.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    run.out = read_all(".out");
    run.err = read_all(".err");
    return run;
}
