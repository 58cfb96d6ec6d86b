/* What a run leaves behind holds no password: what it printed, the server's binary log in either
 * format, and the core of a program that dies. */
#include "live.h"
#include "program.h"
#include "secrets.h"

#include <criterion/criterion.h>
#include <criterion/options.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

Test(remains, no_command_of_either_program_prints_a_password, .fini = secrets_end, .timeout = 120)
{
    secrets_begin("prints");
    secrets_each(secrets_run);
}

/* ---- the binary log ---- */

/* The server with a binary log is the one with certificates. It gets the format that is wanted, and
 * a new file. */
static void use_binary_log(const char *format)
{
    char sql[64];

    setenv(live_flavor() == ZQ_MYSQL ? "ZQ_TEST_MYSQL_PORT" : "ZQ_TEST_MARIADB_PORT",
           live_env("TLS_PORT", "0"), 1);
    setenv(live_flavor() == ZQ_MYSQL ? "ZQ_TEST_MYSQL_SOCKET" : "ZQ_TEST_MARIADB_SOCKET",
           live_env("TLS_SOCKET", ""), 1);
    {
        ZQ_AUTO(zq_db) db = live_open();

        snprintf(sql, sizeof sql, "SET GLOBAL binlog_format = '%s'", format);
        live_exec(db, sql);
        live_exec(db, "FLUSH BINARY LOGS");
    }
}

/* The newest file of the log, whole. */
static char *read_log(size_t *out_length)
{
    ZQ_AUTO(zq_db) db = live_open();
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    char path[512];
    zq_rows rows;
    zq_err err = {0};
    struct stat info;
    char *text;
    FILE *file;

    cr_assert_eq(live_query(db, "SHOW BINARY LOGS", NULL, 0, arena, &rows, &err), ZQ_OK, "%s",
                 err.detail);
    snprintf(path, sizeof path, "%s/data/%s", live_env("TLS_DIR", ""),
             zq_rows_at(&rows, rows.n - 1, 0));
    file = fopen(path, "r");
    cr_assert_not_null(file, "%s", path);
    cr_assert_eq(fstat(fileno(file), &info), 0);
    text = malloc((size_t)info.st_size);
    *out_length = fread(text, 1, (size_t)info.st_size, file);
    fclose(file);
    return text;
}

static void expect_written(const char *text, size_t length, const char *word)
{
    cr_assert_not_null(memmem(text, length, word, strlen(word)), "no '%s' in %zu bytes", word,
                       length);
}

static void look_at_log(const char *format)
{
    size_t length;
    char *text;

    use_binary_log(format);
    secrets_begin(format);
    secrets_each(secrets_run);
    text = read_log(&length);
    /* All that took a password is there, so the log was on and is read as it should be. */
    expect_written(text, length, secrets_database());
    expect_written(text, length, "second@example.org");
    expect_written(text, length, "$argon2id$");
    expect_written(text, length, "CREATE USER");
    secrets_expect_clean(text, length, format);
    free(text);
}

Test(remains, the_binary_log_of_rows_holds_no_password, .fini = secrets_end, .timeout = 120)
{
    look_at_log("ROW");
}

Test(remains, the_binary_log_of_statements_holds_no_password, .fini = secrets_end, .timeout = 120)
{
    look_at_log("STATEMENT");
}

/* ---- a core ---- */

static void pause_ms(long ms)
{
    struct timespec pause = {.tv_nsec = ms * 1000000};

    nanosleep(&pause, NULL);
}

/* Let these words run for a while, kill them by a signal that dumps core, and say whether they did.
 */
static bool dumps_core(const char *const *words, int signal_number)
{
    int status = 0;
    pid_t pid = program_start(words);

    pause_ms(400);
    cr_assert_eq(kill(pid, signal_number), 0);
    cr_assert_eq(waitpid(pid, &status, 0), pid);
    cr_assert(WIFSIGNALED(status) && WTERMSIG(status) == signal_number, "status %x", status);
    return WCOREDUMP(status);
}

static bool is_core_there(void)
{
    DIR *dir = opendir(program_dir());
    struct dirent *entry;
    bool found = false;

    cr_assert_not_null(dir);
    while ((entry = readdir(dir)) != NULL)
        found = found || strncmp(entry->d_name, "core", 4) == 0;
    closedir(dir);
    return found;
}

Test(remains, a_program_that_dies_with_passwords_in_memory_leaves_no_core, .fini = secrets_end)
{
    /* Both passwords are read; nobody answers, so it waits. */
    const char *const words[] = {"zquant-init", "--wait", "30", NULL};
    const char *const others[] = {"/bin/sleep", "30", NULL};
    struct rlimit limit;

    cr_assert_eq(getrlimit(RLIMIT_CORE, &limit), 0);
    limit.rlim_cur = limit.rlim_max;
    cr_assert_eq(setrlimit(RLIMIT_CORE, &limit), 0);
    secrets_begin("core");
    program_env("DB_PORT", "1");
    /* A sanitizer would catch the signal. */
    program_env("ASAN_OPTIONS", "handle_segv=0:handle_abort=0");
    cr_assert_not(dumps_core(words, SIGSEGV));
    cr_assert_not(dumps_core(words, SIGABRT));
    cr_assert_not(is_core_there());
    /* Any other program does leave one, unless this system keeps none. */
    if (limit.rlim_max == 0 || !dumps_core(others, SIGSEGV))
        cr_skip_test("this system keeps no cores: nothing was shown");
}

/* The server with a binary log is one for all of them, whose format they change. */
int main(int argc, char **argv)
{
    if (live_env("TLS_PORT", NULL) == NULL) {
        fprintf(stderr,
                "SKIPPED: no %s server with a binary log; run by 'scripts/with-server "
                "%s,%s-tls COMMAND'\n",
                live_engine(), live_engine(), live_engine());
        return 77;
    }
    criterion_options.jobs = 1;
    return live_main(argc, argv);
}
