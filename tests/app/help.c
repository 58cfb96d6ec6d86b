#include "app/help/help.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static zq_rc do_nothing(zq_app *app, zq_err *err)
{
    (void)app;
    (void)err;
    return ZQ_OK;
}

static const zq_command commands[] = {
    {"init", "[-- COMMAND ARG...]", "make it ready", "First.\n\n  zquant-init -n\n", do_nothing},
    {"admin create", "", "make an administrator", "", do_nothing},
    {"admin reset-password", "NAME", "give a new password", "", do_nothing},
    {0},
};

static const zq_program program = {
    .name = "zquant-init",
    .summary = "make a zquant database ready",
    .doc = "A paragraph of the program.\n",
    .examples = "  zquant-init --wait 60\n",
    .options = ZQ_FOR_INIT,
    .commands = commands,
    .has_default = true,
};

static void expect_lines_fit(const char *text)
{
    for (const char *line = text; *line != '\0';) {
        size_t length = strcspn(line, "\n");

        cr_assert_leq(length, 79, "%.*s", (int)length, line);
        line += length + (line[length] == '\n');
    }
}

static void expect_has(const char *text, const char *part)
{
    cr_assert_not_null(strstr(text, part), "'%s' is missing in:\n%s", part, text);
}

Test(help, help_teaches_commands_options_environment_statuses_and_examples)
{
    ZQ_AUTO_BUF(out);
    const char *text;

    zq_help_program(&program, &out);
    text = zq_buf_text(&out);
    expect_has(text, "Usage: zquant-init [COMMAND] [options] [-- COMMAND ARG...]\n"
                     "zquant-init: make a zquant database ready.\n\n"
                     "A paragraph of the program.\n\nCommands:\n");
    expect_has(text,
               "\n  admin reset-password NAME\n                         give a new password\n");
    expect_has(text, "\nConnection:\n  -H, --host=HOST ");
    expect_has(text, "[localhost]\n");
    expect_has(text, "\n  DB_PASSWORD ");
    expect_has(text,
               "\nExit status:\n  0   done\n  1   differences, pending revisions, or not ready\n"
               "  2   failed while running; run it again when the cause is gone\n"
               "  64  bad usage\n"
               "  65  bad data: seeds, a revision file, a password\n"
               "  66  a file that cannot be read\n"
               "  69  the server cannot be reached, or the connection was lost\n"
               "  75  a lock was held too long by another\n"
               "  76  the server answered something else\n"
               "  77  privilege or password refused\n"
               "  78  bad configuration\n");
    expect_has(text, "\nExamples:\n  zquant-init --wait 60\n");
    expect_lines_fit(text);
}

Test(help, a_commands_help_has_the_options_it_knows_and_no_others)
{
    ZQ_AUTO_BUF(init);
    ZQ_AUTO_BUF(create);

    zq_help_command(&program, &commands[0], &init);
    expect_has(zq_buf_text(&init), "Usage: zquant-init init [options] [-- COMMAND ARG...]\n"
                                   "zquant-init init: make it ready.\n\nFirst.\n\n"
                                   "  zquant-init -n\n");
    expect_has(zq_buf_text(&init), "--seeds=DIR");
    zq_help_command(&program, &commands[1], &create);
    cr_assert_null(strstr(zq_buf_text(&create), "--seeds"));
    expect_has(zq_buf_text(&create), "--admin-email=ADDRESS");
    expect_lines_fit(zq_buf_text(&init));
}

Test(help, a_summary_that_asks_ends_in_its_question_mark)
{
    static const zq_command status = {"status", "", "is it ready?", "", do_nothing};
    ZQ_AUTO_BUF(out);

    zq_help_command(&program, &status, &out);
    expect_has(zq_buf_text(&out), "\nzquant-init status: is it ready?\n");
}

static void complete(const char *const *words, zq_buf *out)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    char *own[16] = {0};

    for (size_t i = 0; words[i] != NULL; i++)
        own[i] = zq_arena_strdup(arena, words[i]);
    zq_buf_clear(out);
    zq_help_complete(&program, own, arena, out);
}

#define COMPLETE(out, ...) complete((const char *const[]){__VA_ARGS__, NULL}, out)

Test(help, every_option_is_in_the_help_the_manual_and_the_completion)
{
    ZQ_AUTO_BUF(help);
    ZQ_AUTO_BUF(manual);
    ZQ_AUTO_BUF(completion);

    zq_help_program(&program, &help);
    zq_help_man(&program, &manual);
    COMPLETE(&completion, "-");
    for (const zq_option *o = zq_options; o->name != NULL; o++) {
        ZQ_AUTO_BUF(escaped);
        char name[64];

        if ((o->programs & ZQ_FOR_INIT) == 0)
            continue;
        if (o->env != NULL) {
            expect_has(zq_buf_text(&help), o->env);
            expect_has(zq_buf_text(&manual), o->env);
        }
        if (o->no_option)
            continue;
        snprintf(name, sizeof name, "--%s", o->name);
        for (const char *c = name; *c != '\0'; c++)
            zq_buf_printf(&escaped, "%s%c", *c == '-' ? "\\" : "", *c);
        expect_has(zq_buf_text(&help), name);
        expect_has(zq_buf_text(&completion), name);
        expect_has(zq_buf_text(&manual), zq_buf_text(&escaped));
    }
}

Test(help, the_completion_knows_commands_of_two_words)
{
    ZQ_AUTO_BUF(out);

    COMPLETE(&out, "");
    cr_assert_str_eq(zq_buf_text(&out), "init\tmake it ready\nadmin\t\n"
                                        "help\thelp; with a command, that command's\n");
    COMPLETE(&out, "admin", "");
    cr_assert_str_eq(zq_buf_text(&out),
                     "create\tmake an administrator\nreset-password\tgive a new password\n");
    COMPLETE(&out, "help", "admin", "c");
    cr_assert_str_eq(zq_buf_text(&out), "create\tmake an administrator\n");
    COMPLETE(&out, "--user", "admin", "i");
    cr_assert_str_eq(zq_buf_text(&out), "init\tmake it ready\n");
}

Test(help, the_completion_has_the_options_of_the_command_at_hand)
{
    ZQ_AUTO_BUF(out);

    COMPLETE(&out, "admin", "create", "--admin-r");
    cr_assert_str_eq(zq_buf_text(&out), "--admin-role\trole of the administrator\n");
    COMPLETE(&out, "admin", "create", "--seed");
    cr_assert_str_eq(zq_buf_text(&out), "");
}

Test(help, the_completion_has_choices_roles_and_leaves_files_to_the_shell)
{
    ZQ_AUTO_BUF(out);

    COMPLETE(&out, "--tls=ver");
    cr_assert_str_eq(zq_buf_text(&out), "--tls=verify-ca\t\n--tls=verify-identity\t\n");
    COMPLETE(&out, "--log-format", "j");
    cr_assert_str_eq(zq_buf_text(&out), "json\t\n");
    COMPLETE(&out, "--admin-role", "re");
    expect_has(zq_buf_text(&out), "researcher\t");
    COMPLETE(&out, "--tls-ca", "");
    cr_assert_str_eq(zq_buf_text(&out), ":files\n");
    COMPLETE(&out, "--seeds", "s");
    cr_assert_str_eq(zq_buf_text(&out), ":dirs\n");
    COMPLETE(&out, "init", "--", "ec");
    cr_assert_str_eq(zq_buf_text(&out), ":files\n");
    COMPLETE(&out, "--user", "");
    cr_assert_str_eq(zq_buf_text(&out), "");
}

/* The sample and the table cannot drift apart: this is what makes the sample. */
Test(help, the_sample_zquant_ini_is_made_from_the_table)
{
    static char file[65536];
    FILE *sample = fopen(ZQ_SOURCE_DIR "/zquant.ini", "r");
    ZQ_AUTO_BUF(out);

    cr_assert_not_null(sample);
    file[fread(file, 1, sizeof file - 1, sample)] = '\0';
    fclose(sample);
    zq_help_ini(&out);
    cr_assert_str_eq(file, zq_buf_text(&out), "renew it: zquant-init --generate ini > zquant.ini");
}
