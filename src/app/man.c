/* The man page, from the same tables as --help. */
#include "app/help.h"

#include <ctype.h>
#include <string.h>

/* Text with nothing in it that groff would take for a command. */
static void add_text(zq_buf *out, const char *text)
{
    bool line_start = true;

    for (; *text != '\0'; text++) {
        if (line_start && (*text == '.' || *text == '\''))
            zq_buf_str(out, "\\&");
        if (*text == '\\')
            zq_buf_str(out, "\\e");
        else if (*text == '-')
            zq_buf_str(out, "\\-");
        else
            zq_buf_char(out, *text);
        line_start = *text == '\n';
    }
}

/* Paragraphs; lines that are indented stand as they are. */
static void add_paragraphs(zq_buf *out, const char *text)
{
    while (text != NULL && *text != '\0') {
        size_t length = strcspn(text, "\n");
        bool as_is = *text == ' ';
        ZQ_AUTO_BUF(line);

        zq_buf_add(&line, text, length);
        if (as_is)
            zq_buf_str(out, ".br\n");
        if (length == 0)
            zq_buf_str(out, ".PP");
        else
            add_text(out, zq_buf_text(&line));
        zq_buf_char(out, '\n');
        text += length;
        text += *text == '\n';
    }
}

static void add_head(zq_buf *out, const zq_program *program)
{
    zq_buf_str(out, ".TH ");
    for (const char *c = program->name; *c != '\0'; c++)
        zq_buf_char(out, (char)toupper((unsigned char)*c));
    zq_buf_printf(out, " 1 \"\" \"%s %s\" \"User Commands\"\n.SH NAME\n", program->name,
                  ZQ_VERSION);
    add_text(out, program->name);
    zq_buf_str(out, " \\- ");
    add_text(out, program->summary);
    zq_buf_str(out, "\n.SH SYNOPSIS\n.B ");
    add_text(out, program->name);
    zq_buf_str(out, program->has_default
                        ? "\n[\\fICOMMAND\\fR] [\\fIoptions\\fR] [\\fB\\-\\-\\fR \\fICOMMAND "
                          "ARG\\fR...]\n"
                        : "\n\\fICOMMAND\\fR [\\fIoptions\\fR]\n");
}

static void add_commands(zq_buf *out, const zq_program *program)
{
    zq_buf_str(out, ".SH COMMANDS\n");
    for (const zq_command *c = program->commands; c->name != NULL; c++) {
        zq_buf_str(out, ".TP\n.B ");
        add_text(out, c->name);
        zq_buf_char(out, ' ');
        add_text(out, c->arguments);
        zq_buf_char(out, '\n');
        add_text(out, c->summary);
        zq_buf_str(out, ".\n");
        if (c->doc != NULL && *c->doc != '\0') {
            zq_buf_str(out, ".RS\n");
            add_paragraphs(out, c->doc);
            zq_buf_str(out, ".RE\n");
        }
    }
    if (program->has_default) {
        zq_buf_str(out, ".PP\nWithout a command: ");
        add_text(out, program->commands[0].name);
        zq_buf_str(out, ".\n");
    }
}

static void add_option(zq_buf *out, const zq_option *o)
{
    zq_buf_str(out, ".TP\n");
    if (o->letter != '\0')
        zq_buf_printf(out, "\\fB\\-%c\\fR, ", o->letter);
    zq_buf_str(out, "\\fB\\-\\-");
    add_text(out, o->name);
    zq_buf_str(out, "\\fR");
    if (o->argument != NULL)
        zq_buf_printf(out, "=\\fI%s\\fR", o->argument);
    zq_buf_char(out, '\n');
    add_text(out, o->help);
    zq_buf_str(out, ".\n");
    if (o->fallback != NULL && o->kind != ZQ_OPTION_FLAG) {
        zq_buf_str(out, "Default: ");
        add_text(out, o->fallback);
        zq_buf_str(out, ".\n");
    }
    if (o->commands != NULL) {
        zq_buf_str(out, "With: ");
        for (const char *c = o->commands; *c != '\0'; c++) {
            if (*c == '|')
                zq_buf_str(out, ", ");
            else
                zq_buf_char(out, *c);
        }
        zq_buf_str(out, ".\n");
    }
}

static void add_options(zq_buf *out, const zq_program *program)
{
    zq_buf_str(out, ".SH OPTIONS\n");
    for (unsigned group = 0; group < ZQ_GROUP_COUNT_; group++) {
        bool any = false;

        for (const zq_option *o = zq_options; o->name != NULL; o++) {
            if (o->group != group || o->no_option || !zq_option_is_for(o, program->options, NULL))
                continue;
            if (!any)
                zq_buf_printf(out, ".SS %s\n", zq_group_title(group));
            any = true;
            add_option(out, o);
        }
    }
    zq_buf_str(out, ".SS Help\n.TP\n\\fB\\-?\\fR, \\fB\\-\\-help\\fR\nHelp; with a command, that "
                    "command's.\n.TP\n\\fB\\-V\\fR, \\fB\\-\\-version\\fR\nName and version, and "
                    "the libraries at work.\n");
}

static void add_environment(zq_buf *out, const zq_program *program)
{
    zq_buf_str(out, ".SH ENVIRONMENT\nA setting is taken from its option, else from the "
                    "environment, else from the files below, else its default. A variable that is "
                    "empty counts as not set; only an empty DB_PASSWORD means that there is no "
                    "password. A variable and its _FILE together are an error.\n");
    for (const zq_option *o = zq_options; o->name != NULL; o++) {
        if (o->env == NULL || !zq_option_is_for(o, program->options, NULL))
            continue;
        zq_buf_printf(out, ".TP\n.B %s\n", o->env);
        if (o->no_option) {
            add_text(out, o->help);
        } else {
            zq_buf_str(out, "as \\fB\\-\\-");
            add_text(out, o->name);
            zq_buf_str(out, "\\fR");
        }
        zq_buf_str(out, ".\n");
    }
}

static void add_files(zq_buf *out)
{
    zq_buf_str(
        out,
        ".SH FILES\nFrom the strongest to the weakest.\n"
        ".TP\n.I .env\nIn the working directory: the environment variables above, read as "
        "python\\-dotenv reads them.\n"
        ".TP\n.I ./zquant.ini\n.TQ\n.I /etc/zquant/zquant.ini\nThe first of them that exists, or "
        "the file of \\fB\\-\\-config\\fR or \\fBZQUANT_CONFIG\\fR: sections connection, common, "
        "init and admin. With a password in it, it must be readable by its owner alone.\n"
        ".TP\n.I ~/.my.cnf\nGroups client and zquant, as every MySQL tool reads them.\n");
}

static void add_exit_statuses(zq_buf *out)
{
    int last = -1;

    zq_buf_str(out, ".SH EXIT STATUS\n");
    for (zq_rc code = ZQ_OK; code <= ZQ_E_CONFIG; code++) {
        if (zq_rc_exit_status(code) != last) {
            zq_buf_printf(out, ".TP\n.B %d\n", zq_rc_exit_status(code));
            add_text(out, zq_exit_words(code));
            zq_buf_str(out, ".\n");
        }
        last = zq_rc_exit_status(code);
    }
}

void zq_help_man(const zq_program *program, zq_buf *out)
{
    add_head(out, program);
    if (program->doc != NULL) {
        zq_buf_str(out, ".SH DESCRIPTION\n");
        add_paragraphs(out, program->doc);
    }
    add_commands(out, program);
    add_options(out, program);
    add_environment(out, program);
    add_files(out);
    add_exit_statuses(out);
    if (program->examples != NULL) {
        zq_buf_str(out, ".SH EXAMPLES\n.nf\n");
        add_text(out, program->examples);
        zq_buf_str(out, ".fi\n");
    }
}
