/* No secret is where others could find it: output, system calls, memory that a core would hold, the
 * command lines and environments of processes, the server's logs. */
#include "cli.h"

#include "base/buf.h"
#include "seed/account.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define DATABASE_PASSWORD "Dbpass1!verysecret"
#define ADMIN_PASSWORD "Admin2?verysecret"

static const char *const secrets[] = {DATABASE_PASSWORD, ADMIN_PASSWORD};

static zq_arena *arena;
static const char *user;

static void as_root(const char *sql)
{
    ZQ_AUTO(zq_db) db = live_open();

    live_exec(db, sql);
}

/* An account whose password is one of the secrets; files hold both. */
static void begin(void)
{
    cli_begin("secrets");
    arena = zq_arena_open();
    user = zq_arena_printf(arena, "zqs_%ld", (long)getpid());
    as_root(zq_arena_printf(arena, "DROP USER IF EXISTS '%s'@'localhost'", user));
    as_root(zq_arena_printf(
        arena, "CREATE USER '%s'@'localhost' IDENTIFIED BY '" DATABASE_PASSWORD "'", user));
    as_root(zq_arena_printf(arena, "GRANT ALL ON `%s`.* TO '%s'@'localhost' WITH GRANT OPTION",
                            cli_database(), user));
    as_root(zq_arena_printf(arena, "GRANT CREATE USER ON *.* TO '%s'@'localhost'", user));
    program_env("DB_USER", user);
    program_env("DB_PASSWORD", "");
    program_env("DB_PASSWORD_FILE", program_file("db", DATABASE_PASSWORD "\n", 0600));
    program_env("ZQUANT_ADMIN_PASSWORD_FILE", program_file("admin", ADMIN_PASSWORD "\n", 0600));
}

static void end(void)
{
    as_root(zq_arena_printf(arena, "DROP USER IF EXISTS '%s'@'localhost'", user));
    as_root(zq_arena_printf(arena, "DROP USER IF EXISTS '%s_app'@'localhost'", user));
    zq_arena_close(arena);
    cli_end();
}

TestSuite(secrets, .init = begin, .fini = end, .timeout = 300);

static const char *in_dir(const char *name)
{
    return zq_arena_printf(arena, "%s/%s", program_dir(), name);
}

static char *read_file(const char *path, size_t *out_length)
{
    ZQ_AUTO_BUF(out);
    char chunk[65536];
    ssize_t got;
    int fd = open(path, O_RDONLY);
    char *copy;

    cr_assert_geq(fd, 0, "%s", path);
    while ((got = read(fd, chunk, sizeof chunk)) > 0)
        zq_buf_add(&out, chunk, (size_t)got);
    close(fd);
    copy = zq_arena_strndup(arena, zq_buf_text(&out), out.length);
    *out_length = out.length;
    return copy;
}

static void expect_clean_of(size_t first, const char *what, const char *where, const char *text,
                            size_t length)
{
    for (size_t i = first; i < ZQ_LEN(secrets); i++)
        cr_expect_null(memmem(text, length, secrets[i], strlen(secrets[i])), "%s: secret %zu in %s",
                       what, i, where);
}

static void expect_clean(const char *what, const char *where, const char *text, size_t length)
{
    expect_clean_of(0, what, where, text, length);
}

static void expect_clean_result(const char *what, const program_result *r)
{
    expect_clean(what, "standard output", r->out, strlen(r->out));
    expect_clean(what, "standard error", r->err, strlen(r->err));
}

/* What is run, with words after the program's name; "-v" comes with all of them. */
static const char *const commands[][8] = {
    {"--dry-run"},
    {"--sql"},
    {NULL},
    {NULL},
    {"status"},
    {"config"},
    {"config", "--json"},
    {"seeds", "diff"},
    {"seeds", "apply", "--prune", "--json"},
    {"admin", "reset-password"},
    {"admin", "create", "--admin-username", "b", "--admin-email", "b@c.d"},
    {"admin", "create", "--admin-username", "b", "--admin-email", "b@c.d"}, /* refused */
    {"--admin-hash", "bcrypt"},
    {"--admin-role", "nobody", "--log-format", "json"},
    {"grants"},
    {"admin", "reset-password", "nobody"},
};

static program_result run_with(const char *const *before, const char *const *words)
{
    const char *all[24];
    size_t n = 0;

    for (size_t i = 0; before != NULL && before[i] != NULL; i++)
        all[n++] = before[i];
    all[n++] = ZQ_BUILD_DIR "/zquant-init";
    for (size_t i = 0; words[i] != NULL; i++)
        all[n++] = words[i];
    all[n++] = "-v";
    all[n] = NULL;
    return program_run(all, NULL);
}

static const char *name_of(const char *const *words)
{
    ZQ_AUTO_BUF(out);

    zq_buf_str(&out, "zquant-init");
    for (size_t i = 0; words[i] != NULL; i++)
        zq_buf_printf(&out, " %s", words[i]);
    return zq_arena_strdup(arena, zq_buf_text(&out));
}

Test(secrets, are_in_no_output_and_in_no_system_call_that_writes)
{
    const char *trace = in_dir("trace");
    const char *const strace[] = {"/usr/bin/strace",
                                  "-f",
                                  "-qq",
                                  "-s",
                                  "1000000",
                                  "-e",
                                  "trace=write,writev,pwrite64,sendto,sendmsg,execve",
                                  "-o",
                                  trace,
                                  NULL};

    if (access(strace[0], X_OK) != 0 || getenv("ASAN_OPTIONS") != NULL)
        cr_skip_test("strace is not here, or would disturb the sanitizer");
    for (size_t i = 0; i < ZQ_LEN(commands); i++) {
        const char *name = name_of(commands[i]);
        program_result r = run_with(strace, commands[i]);
        size_t length;
        char *text = read_file(trace, &length);

        cr_assert_gt(length, 0, "%s: nothing was traced: %s", name, r.err);
        expect_clean_result(name, &r);
        expect_clean(name, "a system call", text, length);
        program_free(&r);
    }
}

/* The log is switched on for these commands alone, and what it was is put back. */
static char *general_log_of(void (*run)(void), size_t *out_length)
{
    ZQ_AUTO(zq_db) db = live_open();
    ZQ_AUTO_BUF(out);
    char *output = live_value(db, "SELECT @@GLOBAL.log_output");
    char *on = live_value(db, "SELECT @@GLOBAL.general_log");
    zq_rows rows;
    zq_err err = {0};

    live_exec(db, "SET GLOBAL log_output = 'TABLE'");
    live_exec(db, "SET GLOBAL general_log = 1");
    run();
    live_exec(db, zq_arena_printf(arena, "SET GLOBAL general_log = %s", on));
    live_exec(db, zq_arena_printf(arena, "SET GLOBAL log_output = '%s'", output));
    cr_assert_eq(live_query(db,
                            zq_arena_printf(arena,
                                            "SELECT argument FROM mysql.general_log WHERE "
                                            "user_host LIKE '%%%s%%'",
                                            user),
                            NULL, 0, arena, &rows, &err),
                 ZQ_OK, "%s", err.detail);
    for (size_t i = 0; i < rows.n; i++)
        zq_buf_printf(&out, "%s\n", zq_rows_at(&rows, i, 0));
    live_exec(db, "TRUNCATE mysql.general_log");
    free(output);
    free(on);
    *out_length = out.length;
    return zq_arena_strndup(arena, zq_buf_text(&out), out.length);
}

static void run_what_sets_passwords(void)
{
    EXPECT(0, NULL, "zquant-init");
    EXPECT(0, NULL, "zquant-init", "admin", "reset-password");
    /* Without TLS only a socket will do. */
    EXPECT(0, NULL, "zquant-init", "grants", "--socket", live_env("SOCKET", ""), "--apply",
           zq_arena_printf(arena, "%s_app@localhost", user), "--apply-password-file",
           in_dir("admin"));
}

Test(secrets, are_not_in_the_server_s_general_log)
{
    size_t length;
    char *log = general_log_of(run_what_sets_passwords, &length);

    cr_assert_not_null(strstr(log, "zq_app_users"), "nothing was logged");
    cr_assert_not_null(strstr(log, "CREATE USER"), "nothing was logged: %s", log);
    expect_clean("zquant-init", "the general log", log, length);
}

Test(secrets, are_not_in_the_binary_log)
{
    ZQ_AUTO(zq_db) db = live_open();
    char *on = live_value(db, "SELECT @@GLOBAL.log_bin");
    bool skip = strcmp(on, "0") == 0;
    zq_rows logs;
    zq_rows events;
    zq_err err = {0};
    size_t seen = 0;

    free(on);
    if (skip)
        cr_skip_test("the server writes no binary log");
    live_exec(db, "FLUSH BINARY LOGS");
    run_what_sets_passwords();
    cr_assert_eq(live_query(db, "SHOW BINARY LOGS", NULL, 0, arena, &logs, &err), ZQ_OK);
    cr_assert_eq(live_query(db,
                            zq_arena_printf(arena, "SHOW BINLOG EVENTS IN '%s'",
                                            zq_rows_at(&logs, logs.n - 1, 0)),
                            NULL, 0, arena, &events, &err),
                 ZQ_OK, "%s", err.detail);
    for (size_t i = 0; i < events.n; i++) {
        const char *text = zq_rows_at(&events, i, events.n_columns - 1);

        seen += strstr(text, "CREATE USER") != NULL;
        expect_clean("zquant-init", "the binary log", text, strlen(text));
    }
    cr_assert_gt(seen, 0, "nothing was logged");
}

/* ---- processes ---- */

Test(secrets, are_not_in_the_environment_or_command_line_of_the_command)
{
    program_result r;

    program_env("ZQUANT_ADMIN_PASSWORD_FILE", "");
    program_env("ZQUANT_ADMIN_PASSWORD", ADMIN_PASSWORD);
    r = PROGRAM("zquant-init", "--", "/bin/sh", "-c",
                "tr '\\0' '\\n' < /proc/self/environ; tr '\\0' '\\n' < /proc/self/cmdline");
    cr_assert_eq(r.status, 0, "%s", r.err);
    cr_assert_not_null(strstr(r.out, "DB_USER="), "%s", r.out);
    expect_clean_result("COMMAND", &r);
    program_free(&r);
}

/* All memory that a core dump would hold: what is mapped, without what MADV_DONTDUMP left out.
 *
 * caching_sha2_password has the client library send the database's password as it is, inside TLS,
 * and the TLS library's buffers are out of reach: only the administrator's is looked for there. */
static void expect_clean_memory(pid_t pid)
{
    size_t first = live_flavor() == ZQ_MYSQL ? 1 : 0;
    char line[1024];
    unsigned long from = 0;
    unsigned long to = 0;
    bool readable = false;
    size_t n = 0;
    FILE *maps = fopen(zq_arena_printf(arena, "/proc/%ld/smaps", (long)pid), "r");
    int memory = open(zq_arena_printf(arena, "/proc/%ld/mem", (long)pid), O_RDONLY);

    cr_assert_not_null(maps);
    cr_assert_geq(memory, 0);
    while (fgets(line, sizeof line, maps) != NULL) {
        unsigned long low;
        unsigned long high;
        char mode[8];
        char *bytes;
        ssize_t got;

        if (sscanf(line, "%lx-%lx %7s", &low, &high, mode) == 3) {
            from = low;
            to = high;
            readable = mode[0] == 'r';
        }
        if (strncmp(line, "VmFlags:", 8) != 0 || !readable || strstr(line, " dd") != NULL ||
            to - from > 256UL << 20)
            continue;
        bytes = malloc(to - from);
        got = pread(memory, bytes, to - from, (off_t)from);
        if (got > 0)
            expect_clean_of(first, line, "memory", bytes, (size_t)got);
        n += got > 0;
        free(bytes);
    }
    cr_assert_gt(n, 5, "nothing was read");
    fclose(maps);
    close(memory);
}

static bool core_is_off(pid_t pid)
{
    size_t length;
    char *limits = read_file(zq_arena_printf(arena, "/proc/%ld/limits", (long)pid), &length);
    const char *at = strstr(limits, "Max core file size");
    unsigned long soft = 1;

    cr_assert_not_null(at);
    sscanf(at, "Max core file size %lu", &soft);
    return soft == 0;
}

static void pause_ms(long ms)
{
    struct timespec pause = {.tv_nsec = ms * 1000000};

    nanosleep(&pause, NULL);
}

/* Stopped while it hashes, which with these parameters takes a second or more. */
Test(secrets, are_only_in_memory_that_no_core_dump_has)
{
    const char *const words[] = {"zquant-init", "--admin-hash", "argon2id-sensitive", NULL};
    pid_t pid;

    if (geteuid() != 0 || getenv("ASAN_OPTIONS") != NULL)
        cr_skip_test("only root may read the memory of a process that is not dumpable");
    pid = program_start(words);
    pause_ms(500);
    cr_assert_eq(kill(pid, SIGSTOP), 0);
    pause_ms(50);
    cr_assert(core_is_off(pid));
    expect_clean_memory(pid);
    kill(pid, SIGCONT);
    cr_assert_eq(program_wait(pid), 0);
}

Test(secrets, are_not_quoted_when_the_server_refuses_the_statement)
{
    program_result r;

    EXPECT(0, NULL, "zquant-init", "--no-admin");
    cli_change("ALTER TABLE zq_app_users MODIFY hashed_password varchar(10) NOT NULL");
    r = PROGRAM("zquant-init", "-v", "admin", "create");
    cr_assert_eq(r.status, 2, "%s", r.err);
    cr_assert_null(strstr(r.err, "argon2id$"), "%s", r.err);
    expect_clean_result("admin create", &r);
    program_free(&r);
}

ZQ_LIVE_MAIN
