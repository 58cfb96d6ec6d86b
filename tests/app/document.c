/* --json is one document for every command, whatever becomes of it; --quiet is errors alone. */
#include "commands.h"
#include "sandbox.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOBODY "DB_HOST=127.0.0.1 DB_PORT=1 "

static const char *const programs[] = {"zquant-init", "zquant-migrate"};

static json_t *one_document(const char *line, const char *text)
{
    json_error_t fault;
    json_t *document = json_loads(text, JSON_REJECT_DUPLICATES, &fault);

    cr_assert_not_null(document, "%s: %s: '%s'", line, fault.text, text);
    cr_assert(json_is_object(document), "%s", line);
    return document;
}

static void expect_failure(const char *line, const json_t *document, const char *code)
{
    const char *error = json_string_value(json_object_get(document, "error"));

    cr_assert(error != NULL && *error != '\0', "%s", line);
    cr_assert(json_is_string(json_object_get(document, "hint")), "%s: %s", line, error);
    cr_assert_str_eq(json_string_value(json_object_get(document, "code")), code, "%s", line);
}

/* Run a command and hold its document against its status; `code` NULL: any. */
static void expect_document(const char *line, const char *code)
{
    sandbox_run run = sandbox_sh(line);
    json_t *document = one_document(line, run.out);

    if (run.status == 0)
        cr_assert_null(json_object_get(document, "code"), "%s", line);
    else if (code != NULL)
        expect_failure(line, document, code);
    else
        expect_failure(line, document, json_string_value(json_object_get(document, "code")));
    cr_assert(code == NULL || run.status != 0, "%s", line);
    cr_assert(run.status == 0 || run.err[0] != '\0', "%s", line);
    json_decref(document);
    free(run.out);
    free(run.err);
}

static void each_command(const char *before, const char *after, const char *code)
{
    sandbox_enter();
    for (size_t p = 0; p < 2; p++) {
        command_list list = commands_of(programs[p]);

        for (int i = 0; i < list.n; i++) {
            char line[512];

            snprintf(line, sizeof line, "%s%s %s %s", before, programs[p],
                     command_filled(list.lines[i]), after);
            expect_document(line, code);
        }
    }
}

Test(document, every_command_gives_one_where_nobody_answers)
{
    each_command(NOBODY, "--json", NULL);
}

Test(document, every_command_gives_one_where_the_environment_asks_for_it)
{
    each_command(NOBODY "ZQUANT_JSON=on ", "", NULL);
}

Test(document, every_command_gives_one_for_a_wrong_option)
{
    each_command("", "--json --xyzzy", "ZQ_E_USAGE");
}

Test(document, every_command_gives_one_for_a_wrong_setting)
{
    each_command("DB_PORT=abc ", "--json", "ZQ_E_CONFIG");
}

Test(document, a_wrong_word_gives_one_too)
{
    sandbox_enter();
    expect_document("zquant-init confg --json", "ZQ_E_USAGE");
    expect_document("zquant-migrate --json", "ZQ_E_USAGE");
    expect_document("zquant-init --json -h", "ZQ_E_USAGE");
    expect_document("zquant-init --js confg", "ZQ_E_USAGE");
    expect_document("zquant-init init --sql --json", "ZQ_E_USAGE");
    expect_document("zquant-init seeds show --seeds nowhere --json", "ZQ_E_NOINPUT");
}

Test(document, its_error_is_that_of_standard_error)
{
    sandbox_run run;
    json_t *document;

    sandbox_enter();
    run = sandbox_sh("zquant-init confg --json");
    document = one_document("confg", run.out);
    cr_assert_str_eq(run.err, "zquant-init: unknown command 'confg'\n"
                              "hint: did you mean 'zquant-init config'?\n");
    cr_assert_str_eq(json_string_value(json_object_get(document, "error")),
                     "unknown command 'confg'");
    cr_assert_str_eq(json_string_value(json_object_get(document, "hint")),
                     "did you mean 'zquant-init config'?");
    json_decref(document);
}

Test(document, a_signal_leaves_one)
{
    sandbox_run run;
    json_t *document;

    sandbox_enter();
    /* A FIFO holds the program at --config, once it has opened it. */
    run = sandbox_sh("mkfifo ini && { zquant-init config --json --config ini & } && pid=$! && "
                     "exec 3>ini && kill -TERM $pid; wait $pid; echo $? > status; exit 0");
    document = one_document("TERM", run.out);
    expect_failure("TERM", document, "ZQ_E_INTERRUPTED");
    json_decref(document);
    run = sandbox_sh("cat status");
    cr_assert_str_eq(run.out, "143\n");
}

/* What is for other programs is printed all the same. */
Test(document, quiet_prints_nothing_but_errors)
{
    static const char *const exact[] = {"seeds show", "grants"};

    sandbox_enter();
    for (size_t p = 0; p < 2; p++) {
        command_list list = commands_of(programs[p]);

        for (int i = 0; i < list.n; i++) {
            char line[512];
            sandbox_run run;
            int is_exact = 0;

            for (size_t k = 0; k < 2; k++)
                is_exact |= strcmp(list.lines[i], exact[k]) == 0;
            snprintf(line, sizeof line, NOBODY "ZQUANT_WIAT=1 %s %s --quiet", programs[p],
                     command_filled(list.lines[i]));
            run = sandbox_sh(line);
            cr_assert_eq(run.err[0] == '\0', run.status == 0, "%s: %s", line, run.err);
            cr_assert_eq(run.out[0] != '\0', is_exact, "%s: %s", line, run.out);
        }
    }
}
