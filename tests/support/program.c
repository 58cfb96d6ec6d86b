#include "program.h"

#include "live.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_VARIABLES = 64 };

static char *variables[MOST_VARIABLES + 1];
static size_t n_variables;

void program_env_reset(void)
{
    for (size_t i = 0; i < n_variables; i++)
        free(variables[i]);
    n_variables = 0;
    variables[0] = NULL;
}

void program_env(const char *name, const char *value)
{
    char *text = NULL;
    size_t length = strlen(name);
    size_t at = 0;

    cr_assert_geq(asprintf(&text, "%s=%s", name, value), 0);
    while (at < n_variables && strncmp(variables[at], text, length + 1) != 0)
        at++;
    cr_assert_lt(at, (size_t)MOST_VARIABLES);
    free(variables[at]);
    variables[at] = text;
    if (at == n_variables)
        variables[++n_variables] = NULL;
}

void program_env_live(const char *database)
{
    program_env("DB_HOST", live_env("HOST", "127.0.0.1"));
    program_env("DB_PORT", live_env("PORT", "0"));
    program_env("DB_USER", live_env("USER", "root"));
    if (live_env("PASSWORD", NULL) != NULL)
        program_env("DB_PASSWORD", live_env("PASSWORD", NULL));
    program_env("DB_NAME", database);
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *where)
{
    (void)about, (void)kind, (void)where;
    return remove(path);
}

static char dir[64];
static pid_t dir_owner;

static void remove_dir(void)
{
    /* A child that the test forked ends here, too. */
    if (getpid() == dir_owner)
        nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

const char *program_dir(void)
{
    /* Once: the child that becomes the program asks too, and must get the test's. */
    if (dir[0] == '\0') {
        dir_owner = getpid();
        snprintf(dir, sizeof dir, "/tmp/zqt_%ld", (long)dir_owner);
        /* Another process had this number once and was killed; its zquant.ini would be read. */
        remove_dir();
        atexit(remove_dir);
    }
    if (mkdir(dir, 0700) != 0 && errno != EEXIST)
        cr_assert_fail("cannot make %s", dir);
    return dir;
}

const char *program_file(const char *name, const char *content, unsigned mode)
{
    static char path[256];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", program_dir(), name);
    unlink(path);
    file = fopen(path, "w");
    cr_assert_not_null(file, "%s", path);
    fputs(content, file);
    fclose(file);
    chmod(path, mode);
    return path;
}

static void set_environment(void)
{
    program_env("PATH", getenv("PATH") != NULL ? getenv("PATH") : "/usr/bin:/bin");
    program_env("HOME", program_dir());
    program_env("LANG", "C.UTF-8");
    if (getenv("ASAN_OPTIONS") != NULL)
        program_env("ASAN_OPTIONS", getenv("ASAN_OPTIONS"));
}

static pid_t start(const char *const *words, int in, int out, int err)
{
    char path[512];
    pid_t pid;

    program_dir();
    if (strchr(words[0], '/') == NULL)
        snprintf(path, sizeof path, "%s/%s", ZQ_TEST_BUILD_DIR, words[0]);
    else
        snprintf(path, sizeof path, "%s", words[0]);
    set_environment();
    pid = fork();
    cr_assert_geq(pid, 0);
    if (pid != 0)
        return pid;
    if (chdir(dir) != 0)
        _exit(126);
    dup2(in, 0);
    dup2(out, 1);
    dup2(err, 2);
    signal(SIGPIPE, SIG_DFL);
    execve(path, (char *const *)words, variables);
    _exit(127);
}

static char *read_all(int fd)
{
    struct stat info;
    char *text;

    cr_assert_eq(fstat(fd, &info), 0);
    text = calloc(1, (size_t)info.st_size + 1);
    cr_assert_not_null(text);
    cr_assert_eq(pread(fd, text, (size_t)info.st_size, 0), (ssize_t)info.st_size);
    return text;
}

static int temporary_file(void)
{
    char path[] = "/tmp/zqt_out_XXXXXX";
    int fd = mkostemp(path, O_CLOEXEC);

    cr_assert_geq(fd, 0);
    unlink(path);
    return fd;
}

int program_wait(pid_t pid)
{
    int status = 0;

    while (waitpid(pid, &status, 0) < 0)
        cr_assert_eq(errno, EINTR);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

pid_t program_start(const char *const *words)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    pid_t pid = start(words, null, null, null);

    close(null);
    return pid;
}

program_result program_run(const char *const *words, const char *input)
{
    int in = temporary_file();
    int out = temporary_file();
    int err = temporary_file();
    program_result result = {0};

    if (input != NULL) {
        cr_assert_eq(write(in, input, strlen(input)), (ssize_t)strlen(input));
        lseek(in, 0, SEEK_SET);
    }
    result.status = program_wait(start(words, in, out, err));
    result.out = read_all(out);
    result.err = read_all(err);
    close(in);
    close(out);
    close(err);
    return result;
}

program_result program_mysql(const char *database, const char *script)
{
    char host[128], port[32], user[128];
    const char *const words[] = {"/usr/bin/mysql",
                                 "--no-defaults",
                                 "--default-character-set=utf8mb4",
                                 host,
                                 port,
                                 user,
                                 database,
                                 NULL};

    snprintf(host, sizeof host, "--host=%s", live_env("HOST", "127.0.0.1"));
    snprintf(port, sizeof port, "--port=%s", live_env("PORT", "0"));
    snprintf(user, sizeof user, "--user=%s", live_env("USER", "root"));
    /* On the command line Oracle's client would warn of it. */
    program_env("MYSQL_PWD", live_env("PASSWORD", ""));
    return program_run(words, script);
}

void program_free(program_result *result)
{
    free(result->out);
    free(result->err);
    *result = (program_result){0};
}

void program_expect(int status, const char *out, const char *err, const char *const *words)
{
    program_result r;

    program_env_reset();
    r = program_run(words, NULL);
    cr_assert_eq(r.status, status, "status %d: %s%s", r.status, r.out, r.err);
    if (out != NULL)
        cr_assert_str_eq(r.out, out);
    cr_assert_str_eq(r.err, err);
    program_free(&r);
}
