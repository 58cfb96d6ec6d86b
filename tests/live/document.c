/* --json and --quiet of every command against a server: a ready database, and one that is missing.
 */
#include "cli.h"
#include "commands.h"
#include "sandbox.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* What a command needs besides the words that --help shows, so that it succeeds on a ready database
 * or says why not: in the order in which they are run. */
static const struct {
    const char *program;
    const char *line;
    const char *words[6];
} extras[] = {
    {"zquant-init", "admin create", {"--admin-username", "second", "--admin-email", "b@c.de"}},
    {"zquant-migrate", "downgrade REV", {"--allow-data-loss", "--allow-locking"}},
    {"zquant-migrate", "verify", {"--write", "written.cert"}},
};

/* One line as words; free the first only. */
static int split(char *line, const char **words, int most)
{
    int n = 0;

    for (char *word = strtok(line, " "); word != NULL && n < most; word = strtok(NULL, " "))
        words[n++] = word;
    return n;
}

static program_result run(const char *program, const char *line, const char *option)
{
    char *copy = strdup(command_filled(line));
    const char *words[16] = {program};
    int n = 1 + split(copy, words + 1, 4);
    program_result r;

    for (size_t i = 0; i < sizeof extras / sizeof extras[0]; i++) {
        if (strcmp(extras[i].program, program) != 0 || strcmp(extras[i].line, line) != 0)
            continue;
        for (int k = 0; k < 6 && extras[i].words[k] != NULL; k++)
            words[n++] = extras[i].words[k];
    }
    words[n] = option;
    r = program_run(words, NULL);
    free(copy);
    return r;
}

static void expect_document(const char *line, const program_result *r)
{
    json_error_t fault;
    json_t *document = json_loads(r->out, JSON_REJECT_DUPLICATES, &fault);
    const char *error;

    cr_assert_not_null(document, "%s: %s: '%s' %s", line, fault.text, r->out, r->err);
    cr_assert_gt((int)json_object_size(document), 0, "%s", line);
    error = json_string_value(json_object_get(document, "error"));
    cr_assert_eq(error == NULL, r->status == 0, "%s: status %d: %s", line, r->status, r->out);
    /* What `diff` prints is the answer. */
    cr_assert(json_is_string(json_object_get(document, "hint")) == (r->status != 0) ||
                  strcmp(line, "diff") == 0,
              "%s", line);
    cr_assert_eq(json_object_get(document, "code") == NULL, r->status == 0, "%s", line);
    cr_assert(error == NULL || strstr(r->err, error) != NULL, "%s: %s beside %s", line, error,
              r->err);
    json_decref(document);
}

static void expect_quiet(const char *line, const program_result *r)
{
    cr_assert_eq(r->err[0] == '\0', r->status == 0, "%s: status %d: %s", line, r->status, r->err);
    cr_assert_null(strstr(r->err, "warning"), "%s: %s", line, r->err);
}

static void each_command(const char *option,
                         void (*expect)(const char *line, const program_result *r))
{
    static const char *const programs[] = {"zquant-init", "zquant-migrate"};

    for (size_t p = 0; p < 2; p++) {
        command_list list = commands_of(programs[p]);

        for (int i = 0; i < list.n; i++) {
            program_result r = run(programs[p], list.lines[i], option);

            expect(list.lines[i], &r);
            program_free(&r);
        }
    }
}

static void begin(const char *test)
{
    cli_begin(test);
    sandbox_enter();
    /* Nothing is to be shown about hashing, which takes a tenth of a second. */
    program_env("ZQUANT_ADMIN_PASSWORD_HASH",
                "$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW");
}

Test(document, every_command_gives_one_on_a_database_that_is_ready, .timeout = 120)
{
    begin("document_ready");
    EXPECT(0, NULL, "zquant-init", "-q");
    each_command("--json", expect_document);
    cli_end();
}

Test(document, every_command_gives_one_where_the_database_is_missing, .timeout = 120)
{
    begin("document_missing");
    program_env("ZQUANT_EXPECT", "existing");
    each_command("--json", expect_document);
    cli_end();
}

Test(document, quiet_prints_nothing_but_errors, .timeout = 120)
{
    begin("document_quiet");
    EXPECT(0, NULL, "zquant-init", "-q");
    program_env("ZQUANT_WIAT", "1");
    each_command("--quiet", expect_quiet);
    cli_end();
}

ZQ_LIVE_MAIN
