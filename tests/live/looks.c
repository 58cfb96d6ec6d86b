/* What a long run shows: on a terminal, as JSON lines, and when it is asked by SIGUSR1. */
#include "cli.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void begin(const char *test)
{
    cli_begin(test);
    program_env("ZQUANT_NO_ADMIN", "yes");
    program_env("TERM", "xterm");
    EXPECT(0, NULL, "zquant-init", "-q");
}

static char *read_file(const char *name)
{
    char path[256];
    char *text = calloc(1, 1 << 16);
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", program_dir(), name);
    file = fopen(path, "r");
    cr_assert_not_null(file);
    cr_assert_lt(fread(text, 1, (1 << 16) - 1, file), (size_t)(1 << 16) - 1);
    fclose(file);
    return text;
}

/* The answer is written by the handler of the signal: it comes, but nobody says when. */
static void wait_for_answer(const char *file)
{
    for (int tries = 0; tries < 6000; tries++) {
        char *text = read_file(file);
        bool answered = strstr(text, "running for ") != NULL || strstr(text, "\"where\"") != NULL;

        free(text);
        if (answered)
            return;
        usleep(10000);
    }
}

/* An upgrade that waits for a table is asked where it is. */
static char *ask_where(const char *options)
{
    char line[512];
    const char *const words[] = {"/bin/sh", "-c", line, NULL};
    zq_db *holder;
    pid_t pid;

    begin("where");
    EXPECT(0, NULL, "zquant-migrate", "downgrade", "0002", "-q", "--allow-data-loss",
           "--allow-locking");
    holder = cli_hold("SELECT * FROM zq_app_roles");
    snprintf(line, sizeof line,
             "exec '%s/zquant-migrate' upgrade --allow-data-loss --allow-locking %s 2>said",
             ZQ_BUILD_DIR, options);
    pid = program_start(words);
    cli_wait_for_other("STATE LIKE 'Waiting for table metadata lock%'");
    kill(pid, SIGUSR1);
    wait_for_answer("said");
    zq_db_close(holder);
    cr_assert_eq(program_wait(pid), 0);
    cli_end();
    return read_file("said");
}

Test(looks, SIGUSR1_says_where_it_stands, .timeout = 60)
{
    char *said = ask_where("");
    const char *line = strstr(said, "zquant-migrate: 0003, step ");

    cr_assert_not_null(line, "%s", said);
    cr_assert_not_null(strstr(line, " of 31, zq_app_"), "%s", said);
    cr_assert_not_null(strstr(line, "; running for "), "%s", said);
    cr_assert_not_null(strstr(said, "is at revision 0003"), "%s", said);
    free(said);
}

/* Within the minute: "2026-01-04T10:20:30.123Z". */
static void expect_now(const char *text)
{
    struct tm utc = {0};
    const char *rest = text == NULL ? NULL : strptime(text, "%Y-%m-%dT%H:%M:%S", &utc);

    cr_assert(rest != NULL && *rest == '.' && strspn(rest + 1, "0123456789") == 3 &&
                  strcmp(rest + 4, "Z") == 0,
              "%s", text == NULL ? "no time" : text);
    cr_assert_lt(labs((long)(time(NULL) - timegm(&utc))), 60, "%s", text);
}

Test(looks, in_JSON_each_table_of_a_fresh_install_is_an_event, .timeout = 60)
{
    const json_int_t total = 25 + 4; /* of zquant, and zq_meta_* */
    json_int_t done = 0;
    program_result r;

    cli_begin("tables");
    program_env("ZQUANT_NO_ADMIN", "yes");
    r = PROGRAM("zquant-init", "--log-format", "json");
    cr_assert_eq(r.status, 0, "%s", r.err);
    for (char *line = strtok(r.err, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        json_t *object = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
        const char *event = json_string_value(json_object_get(object, "event"));

        cr_assert_not_null(object, "%s", line);
        if (event != NULL && strcmp(event, "table") == 0) {
            const char *name = json_string_value(json_object_get(object, "object"));
            char wanted[128];

            cr_assert_eq(json_integer_value(json_object_get(object, "done")), ++done, "%s", line);
            cr_assert_eq(json_integer_value(json_object_get(object, "total")), total, "%s", line);
            cr_assert(json_is_integer(json_object_get(object, "ms")), "%s", line);
            snprintf(wanted, sizeof wanted, "created table '%s'", name);
            cr_assert_str_eq(json_string_value(json_object_get(object, "message")), wanted);
        }
        json_decref(object);
    }
    cr_assert_eq(done, total);
    program_free(&r);
    r = PROGRAM("zquant-init", "--log-format", "json");
    cr_assert_null(strstr(r.err, "\"table\""), "%s", r.err);
    program_free(&r);
    cli_end();
}

Test(looks, in_JSON_each_step_is_an_event_and_so_is_the_answer, .timeout = 60)
{
    char *said = ask_where("--log-format json");
    int steps = 0;
    int answers = 0;

    for (char *line = strtok(said, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        json_t *object = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
        const char *event = json_string_value(json_object_get(object, "event"));

        cr_assert_not_null(object, "%s", line);
        if (event != NULL && strcmp(event, "step") == 0) {
            cr_assert_eq(json_integer_value(json_object_get(object, "step")), ++steps, "%s", line);
            cr_assert_eq(json_integer_value(json_object_get(object, "steps")), 31, "%s", line);
            cr_assert(json_is_integer(json_object_get(object, "ms")), "%s", line);
            cr_assert_str_eq(json_string_value(json_object_get(object, "revision")), "0003");
        }
        if (event != NULL && strcmp(event, "where") == 0) {
            cr_assert(json_is_integer(json_object_get(object, "seconds")), "%s", line);
            expect_now(json_string_value(json_object_get(object, "time")));
            answers++;
        }
        json_decref(object);
    }
    cr_assert_eq(steps, 31);
    cr_assert_eq(answers, 1);
    free(said);
}

/* Run it with all its streams on a terminal, and give what that shows; malloc'ed. */
static char *shown_on_terminal(const char *line)
{
    char *text = calloc(1, 1 << 18);
    size_t length = 0;
    int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    const char *const words[] = {"/bin/sh", "-c", line, NULL};
    char path[512];
    program_result r;
    pid_t reader;
    int pipes[2];

    cr_assert(terminal >= 0 && grantpt(terminal) == 0 && unlockpt(terminal) == 0);
    snprintf(path, sizeof path, "%s", ptsname(terminal));
    cr_assert_eq(pipe2(pipes, O_CLOEXEC), 0);
    /* Somebody must read while it runs, or it stands still. */
    reader = fork();
    if (reader == 0) {
        char piece[4096];
        ssize_t n;

        while ((n = read(terminal, piece, sizeof piece)) > 0)
            if (write(pipes[1], piece, (size_t)n) < n)
                break;
        _exit(0);
    }
    close(pipes[1]);
    program_env("TRY_TERMINAL", path);
    r = program_run(words, NULL);
    program_free(&r);
    close(terminal);
    for (ssize_t n = 1; n > 0; length += (size_t)n)
        n = read(pipes[0], text + length, (1 << 18) - 1 - length);
    close(pipes[0]);
    program_wait(reader);
    return text;
}

static void on_terminal(const char *command, const char *wanted)
{
    char line[512];
    char *shown;

    snprintf(line, sizeof line, "exec '%s'/%s <\"$TRY_TERMINAL\" >\"$TRY_TERMINAL\" 2>&1",
             ZQ_BUILD_DIR, command);
    shown = shown_on_terminal(line);
    cr_assert_not_null(strstr(shown, wanted), "%s: %s", command, shown);
    free(shown);
}

Test(looks, a_terminal_has_colours_and_durations, .timeout = 60)
{
    begin("terminal");
    on_terminal("zquant-init status", "\033[32mstatus    the database is ready\033[0m\r\n");
    on_terminal("zquant-init status --no-color", "status    the database is ready\r\n");
    on_terminal("zquant-migrate history", "\033[32m@ 0003  zquant 0.4.0  ");
    on_terminal("zquant-migrate check",
                "\033[32mthe schema is exactly that of zquant 0.4.0\033[0m\r\n");
    on_terminal("zquant-migrate downgrade 0002 --allow-data-loss --allow-locking",
                "zquant-migrate: revision '0003': 31 statements in ");
    on_terminal("zquant-migrate check", "\033[33mzq_app_apikeys: index ");
    on_terminal("zquant-migrate plan 0001", "\033[31m        drops the table 'zq_data_hsl_choice': "
                                            "needs --allow-data-loss\033[0m\r\n");
    on_terminal("zquant-migrate upgrade --allow-data-loss", "zquant-migrate: 1 revision in ");
    cli_change("DELETE FROM zq_app_role_permissions WHERE role_id = 3 AND permission_id IN "
               "(SELECT id FROM zq_app_permissions WHERE name = 'data:read')");
    on_terminal("zquant-init seeds diff", "\033[2mS in the seeds, L last applied");
    cli_end();
}

ZQ_LIVE_MAIN
