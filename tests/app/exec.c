#include "app/child.h"
#include "app/main.h"
#include "sandbox.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static zq_rc run_exec(zq_app *app, zq_err *err)
{
    return zq_child_exec(app, err);
}

static const zq_command commands[] = {
    {"init", "[-- COMMAND ARG...]", "become COMMAND", "", run_exec},
    {0},
};

/* Run the program with "-- sh -c script" in a child, its output in the file "out"; the exit status.
 */
static int become(const char *script, const char *const *environment)
{
    const zq_program program = {.name = "zquant-init",
                                .summary = "a test",
                                .options = ZQ_FOR_INIT,
                                .commands = commands,
                                .has_default = true};
    char *argv[] = {(char *)"zquant-init", (char *)"--",   (char *)"sh",
                    (char *)"-c",          (char *)script, NULL};
    int status = 0;
    pid_t pid = fork();

    cr_assert_geq(pid, 0);
    if (pid == 0) {
        int fd = open("out", O_WRONLY | O_CREAT | O_TRUNC, 0600);

        dup2(fd, STDOUT_FILENO);
        for (; *environment != NULL; environment++)
            putenv(strdup(*environment));
        _exit(zq_main(&program, 5, argv));
    }
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void expect_out(const char *wanted)
{
    char text[4096];
    FILE *file = fopen("out", "r");

    cr_assert_not_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    cr_assert_str_eq(text, wanted);
}

Test(exec, the_command_gets_its_own_status_and_words)
{
    static const char *const none[] = {NULL};

    sandbox_enter();
    cr_assert_eq(become("echo hello; exit 7", none), 7);
    expect_out("hello\n");
}

Test(exec, the_command_sees_the_applications_variables_but_no_secret_of_the_administrator)
{
    static const char *const environment[] = {
        "DB_PASSWORD=for the application", "ZQUANT_ADMIN_PASSWORD=s3cret",
        "ZQUANT_ADMIN_PASSWORD_HASH=s3cret", "ZQUANT_ADMIN_USERNAME=boss", NULL};

    sandbox_enter();
    cr_assert_eq(become("echo \"$DB_PASSWORD\"; echo \"$ZQUANT_ADMIN_USERNAME\"; "
                        "tr '\\0' '\\n' </proc/$$/environ | grep s3cret; "
                        "env | grep ZQUANT_ADMIN_PASS; exit 0",
                        environment),
                 0);
    expect_out("for the application\nboss\n");
}

Test(exec, the_command_gets_back_core_dumps_and_the_signal_of_a_closed_pipe)
{
    static const char *const none[] = {NULL};
    struct rlimit limit;
    char wanted[64];

    sandbox_enter();
    cr_assert_eq(getrlimit(RLIMIT_CORE, &limit), 0);
    limit.rlim_cur = limit.rlim_max;
    cr_assert_eq(setrlimit(RLIMIT_CORE, &limit), 0);
    cr_assert_eq(become("ulimit -Sc; grep SigIgn /proc/$$/status | tr -d '\\t'", none), 0);
    if (limit.rlim_max == RLIM_INFINITY)
        snprintf(wanted, sizeof wanted, "unlimited\nSigIgn:0000000000000000\n");
    else
        snprintf(wanted, sizeof wanted, "%llu\nSigIgn:0000000000000000\n",
                 (unsigned long long)limit.rlim_max / 512);
    expect_out(wanted);
}

Test(exec, a_command_that_is_not_there_is_told)
{
    char *words[] = {(char *)"./nowhere", NULL};
    zq_app app = {.exec = words};
    zq_err err = {0};

    sandbox_enter();
    cr_assert_eq(zq_child_exec(&app, &err), ZQ_E_NOINPUT);
    cr_assert_str_eq(err.message, "cannot run './nowhere'");
    cr_assert_str_eq(err.detail, "No such file or directory");
    words[0] = (char *)"/tmp";
    cr_assert_eq(zq_child_exec(&app, &err), ZQ_E_IO);
    cr_assert_str_eq(err.message, "cannot run '/tmp'");
    cr_assert_str_eq(err.detail, "Permission denied");
}
