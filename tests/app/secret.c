#include "app/settings/guard.h"
#include "app/settings/prompt.h"
#include "app/settings/vault.h"

#include "sandbox.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <sodium.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static zq_vault *open_vault(void)
{
    cr_assert_geq(sodium_init(), 0);
    return zq_vault_open();
}

Test(secret, a_vault_gives_zeroed_aligned_memory_of_any_size)
{
    ZQ_AUTO(zq_vault) vault = open_vault();
    char *texts[100];

    for (size_t i = 0; i < ZQ_LEN(texts); i++) {
        size_t size = i * i * 13 + 1;

        texts[i] = zq_vault_alloc(vault, size);
        cr_assert_eq((uintptr_t)texts[i] % 16, 0);
        for (size_t j = 0; j < size; j++)
            cr_assert_eq(texts[i][j], 0);
        memset(texts[i], (int)i, size);
    }
    for (size_t i = 0; i < ZQ_LEN(texts); i++)
        cr_assert_eq(texts[i][i * i * 13], (char)i);
    cr_assert_str_eq(zq_vault_strdup(vault, "a"), "a");
    cr_assert_null(zq_vault_strdup(vault, NULL));
    cr_assert_str_eq(zq_vault_printf(vault, "%s:%d", "a", 3), "a:3");
}

Test(secret, a_file_is_read_through_a_pipe_too)
{
    ZQ_AUTO(zq_vault) vault = open_vault();
    const char *text = NULL;
    zq_err err = {0};
    char path[32];
    int ends[2];

    cr_assert_eq(pipe(ends), 0);
    cr_assert_eq(write(ends[1], "pass word\n", 10), 10);
    close(ends[1]);
    snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
    cr_assert_eq(zq_vault_read_secret(vault, path, &text, NULL, &err), ZQ_OK, "%s", err.message);
    cr_assert_str_eq(text, "pass word");
}

Test(secret, a_file_with_a_nul_byte_is_refused)
{
    ZQ_AUTO(zq_vault) vault = open_vault();
    const char *text = NULL;
    zq_err err = {0};
    int fd;

    sandbox_enter();
    fd = open("pw", O_WRONLY | O_CREAT, 0600);
    cr_assert_eq(write(fd, "a\0b", 3), 3);
    close(fd);
    cr_assert_eq(zq_vault_read_secret(vault, "pw", &text, NULL, &err), ZQ_E_CONFIG);
    cr_assert_str_eq(err.message, "'pw' holds a NUL byte");
}

Test(secret, an_optional_file_may_be_missing)
{
    ZQ_AUTO(zq_vault) vault = open_vault();
    zq_file file = {.length = 3};
    zq_err err = {0};

    cr_assert_eq(zq_vault_read(vault, "/nowhere/at/all", 10, ZQ_FILE_FOUND, &file, &err), ZQ_OK);
    cr_assert_null(file.text);
}

Test(secret, no_core_is_written_while_guarded)
{
    struct rlimit before;
    struct rlimit limit;

    cr_assert_eq(getrlimit(RLIMIT_CORE, &before), 0);
    zq_guard();
    cr_assert_eq(getrlimit(RLIMIT_CORE, &limit), 0);
    cr_assert_eq(limit.rlim_cur, 0);
    zq_unguard();
    cr_assert_eq(getrlimit(RLIMIT_CORE, &limit), 0);
    cr_assert_eq(limit.rlim_cur, before.rlim_cur);
}

/* ---- a terminal ---- */

/* In a child with a terminal of its own, ask for a secret and write the answer to `to`. */
static void ask(int slave, int to, bool twice)
{
    ZQ_AUTO(zq_vault) vault = open_vault();
    const char *text = NULL;
    zq_err err = {0};
    zq_rc rc;

    setsid();
    ioctl(slave, TIOCSCTTY, 0);
    rc = zq_prompt_secret(vault, "Password of 'admin'", twice, &text, &err);
    dprintf(to, "%s", rc == ZQ_OK ? text : err.message);
    _exit(rc == ZQ_OK ? 0 : 1);
}

static int open_terminal(void)
{
    int master = posix_openpt(O_RDWR | O_NOCTTY);

    cr_assert_geq(master, 0);
    cr_assert_eq(grantpt(master) + unlockpt(master), 0);
    return master;
}

/* Type `typed` into a terminal that is being asked; what it showed, what was read, and the status
 * of who asked. */
static int converse_on(int master, const char *typed, bool twice, char *shown, char *read_text,
                       size_t size)
{
    int slave = open(ptsname(master), O_RDWR | O_NOCTTY);
    int status = 0;
    int result[2];
    size_t n = 0;
    ssize_t got;
    pid_t pid;

    cr_assert_geq(slave, 0);
    cr_assert_eq(pipe(result), 0);
    pid = fork();
    if (pid == 0)
        ask(slave, result[1], twice);
    close(result[1]);
    /* The question first: typing before it would be thrown away with the echo. */
    for (const char *c = typed; *c != '\0'; c += strcspn(c, "\n") + 1) {
        size_t seen = n;

        while (memmem(shown + seen, n - seen, ": ", 2) == NULL) {
            got = read(master, shown + n, size - n - 1);
            cr_assert_gt(got, 0);
            n += (size_t)got;
        }
        usleep(50000);
        cr_assert_gt(write(master, c, strcspn(c, "\n") + 1), 0);
    }
    got = read(result[0], read_text, size - 1);
    read_text[got > 0 ? got : 0] = '\0';
    got = read(master, shown + n, size - n - 1);
    n += got > 0 ? (size_t)got : 0;
    shown[n] = '\0';
    waitpid(pid, &status, 0);
    close(slave);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void converse(const char *typed, bool twice, char *shown, char *read_text, size_t size)
{
    int master = open_terminal();

    cr_assert_eq(converse_on(master, typed, twice, shown, read_text, size), 0);
    close(master);
}

Test(secret, what_is_typed_at_the_prompt_is_not_shown, .timeout = 20)
{
    char shown[512] = "";
    char text[512] = "";

    converse("s3cret word\n", false, shown, text, sizeof text);
    cr_assert_str_eq(text, "s3cret word");
    cr_assert_not_null(strstr(shown, "Password of 'admin': "), "%s", shown);
    cr_assert_null(strstr(shown, "s3cret"), "%s", shown);
}

Test(secret, an_interrupted_prompt_leaves_the_terminal_as_it_was, .timeout = 20)
{
    char shown[512] = "";
    char text[512] = "";
    struct termios terminal;
    int master = open_terminal();

    cr_assert_eq(converse_on(master, "\003\n", false, shown, text, sizeof text), 128 + SIGINT);
    cr_assert_eq(tcgetattr(master, &terminal), 0);
    cr_assert((terminal.c_lflag & ECHO) != 0);
    close(master);
}

Test(secret, two_answers_that_differ_are_asked_for_again, .timeout = 20)
{
    char shown[512] = "";
    char text[512] = "";

    converse("one\ntwo\nthree\nthree\n", true, shown, text, sizeof text);
    cr_assert_str_eq(text, "three");
    cr_assert_not_null(strstr(shown, "they differ; once more"), "%s", shown);
    cr_assert_null(strstr(shown, "three"), "%s", shown);
}

Test(secret, without_a_terminal_there_is_no_prompt)
{
    ZQ_AUTO(zq_vault) vault = open_vault();
    const char *text = NULL;
    zq_err err = {0};

    setsid();
    cr_assert_eq(zq_prompt_secret(vault, "Password", false, &text, &err), ZQ_E_USAGE);
    cr_assert_str_eq(err.message, "there is no terminal to ask for a password on");
    cr_assert_str_eq(err.hint, "give it by a file instead, see '--help'");
}
