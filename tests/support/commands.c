#include "commands.h"

#include "sandbox.h"

#include <criterion/criterion.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "  verify [FILE] [-- COMMAND [ARG...]]", or with its summary behind it. */
static char *line_of(const char *text, size_t length)
{
    char *line = calloc(1, length + 1);
    size_t at = 0;

    for (size_t i = 0; i < length && text[i] != '['; i++) {
        if (text[i] == ' ' && i + 1 < length && text[i + 1] == ' ')
            break;
        line[at++] = text[i];
    }
    while (at > 0 && line[at - 1] == ' ')
        line[--at] = '\0';
    return line;
}

command_list commands_of(const char *program)
{
    command_list list = {.n = 0};
    char help[64];
    sandbox_run run;
    const char *line;

    snprintf(help, sizeof help, "%s --help", program);
    run = sandbox_sh(help);
    line = strstr(run.out, "\nCommands:\n");
    cr_assert_not_null(line, "%s", run.err);
    line += strlen("\nCommands:\n");
    for (; strncmp(line, "  ", 2) == 0; line = strchr(line, '\n') + 1) {
        if (!islower(line[2]))
            continue;
        cr_assert_lt(list.n, (int)COMMANDS_MOST);
        list.lines[list.n++] = line_of(line + 2, strcspn(line + 2, "\n"));
    }
    cr_assert_gt(list.n, 5);
    free(run.out);
    free(run.err);
    return list;
}

const char *command_filled(const char *line)
{
    static const char *const words[][2] = {
        {"FROM:TO", "0001:0002"}, {"REV", "0002"}, {"DIR", "exported"}};
    static char filled[256];
    size_t i = 0;

    while (i < sizeof words / sizeof words[0] && strstr(line, words[i][0]) == NULL)
        i++;
    if (i == sizeof words / sizeof words[0])
        snprintf(filled, sizeof filled, "%s", line);
    else
        snprintf(filled, sizeof filled, "%.*s%s", (int)(strstr(line, words[i][0]) - line), line,
                 words[i][1]);
    return filled;
}
