#include "app/help/help.h"
#include "base/language.h"
#include "db/db.h"

#include <sodium.h>
#include <string.h>

enum { WIDTH = 79, OPTION_COLUMN = 31, COMMAND_COLUMN = 25 };

/* How long the piece of text is that no line is broken within, a word or a Chinese character with
 * the mark behind it, and how wide it is on a terminal. */
static size_t measure(const char *text, size_t *out_columns)
{
    static const char *const marks[] = {"，", "。", "；", "：", "、", "）", "？", "”"};
    size_t length = 0;

    *out_columns = 0;
    if ((unsigned char)*text < 0xE0) {
        while (text[length] != '\0' && text[length] != ' ' && (unsigned char)text[length] < 0xE0)
            length++;
        *out_columns = length;
    } else {
        length = strnlen(text, 3);
        *out_columns = 2;
    }
    for (size_t i = 0; i < ZQ_LEN(marks); i++) {
        if (strncmp(text + length, marks[i], 3) == 0) {
            length += 3;
            *out_columns += 2;
            break;
        }
    }
    return length;
}

/* Add words to a line that stands at `column`, broken before WIDTH, further lines indented. */
static void add_wrapped(zq_buf *out, const char *text, size_t column, size_t indent)
{
    bool space = false;

    while (*text != '\0') {
        size_t columns = 0;
        size_t length = measure(text, &columns);

        if (column + space + columns > WIDTH && column > indent) {
            zq_buf_printf(out, "\n%*s", (int)indent, "");
            column = indent;
        } else if (space) {
            zq_buf_char(out, ' ');
            column++;
        }
        zq_buf_add(out, text, length);
        column += columns;
        text += length;
        space = *text == ' ';
        text += space;
    }
    zq_buf_char(out, '\n');
}

/* "  left        words words", the words on a line of their own when `left` is too long. */
static void add_entry(zq_buf *out, const char *left, const char *words, size_t column)
{
    size_t used = strlen(left) + 2;

    zq_buf_printf(out, "  %s", left);
    if (used + 2 > column) {
        zq_buf_printf(out, "\n%*s", (int)column, "");
    } else {
        zq_buf_printf(out, "%*s", (int)(column - used), "");
    }
    add_wrapped(out, words, column, column);
}

/* Paragraphs: lines are joined and wrapped anew, but one that is indented stays as it is. */
static void add_paragraphs(zq_buf *out, const char *text)
{
    ZQ_AUTO_BUF(paragraph);

    if (text == NULL || *text == '\0')
        return;
    zq_buf_char(out, '\n');
    while (*text != '\0' || paragraph.length > 0) {
        size_t length = strcspn(text, "\n");
        bool joins = length > 0 && *text != ' ';

        if (joins) {
            zq_buf_printf(&paragraph, "%s%.*s", paragraph.length > 0 ? " " : "", (int)length, text);
        } else if (paragraph.length > 0) {
            add_wrapped(out, zq_buf_text(&paragraph), 0, 0);
            zq_buf_clear(&paragraph);
            continue;
        } else {
            zq_buf_printf(out, "%.*s\n", (int)length, text);
        }
        text += length;
        text += *text == '\n';
    }
}

static void add_option(zq_buf *out, const zq_option *o)
{
    ZQ_AUTO_BUF(left);
    ZQ_AUTO_BUF(words);

    if (o->letter != '\0')
        zq_buf_printf(&left, "-%c, ", o->letter);
    else
        zq_buf_str(&left, "    ");
    zq_buf_printf(&left, "--%s", o->name);
    if (o->argument != NULL)
        zq_buf_printf(&left, "=%s", o->argument);
    zq_buf_str(&words, zq_tr(o->help));
    if (o->fallback != NULL && o->kind != ZQ_OPTION_FLAG)
        zq_buf_printf(&words, " [%s]", o->fallback);
    add_entry(out, zq_buf_text(&left), zq_buf_text(&words), OPTION_COLUMN);
}

static void add_options(zq_buf *out, unsigned program, const char *command)
{
    for (unsigned group = 0; group < ZQ_GROUP_COUNT_; group++) {
        bool any = false;

        for (const zq_option *o = zq_options; o->name != NULL; o++) {
            if (o->group != group || o->no_option || !zq_option_is_for(o, program, command))
                continue;
            if (!any)
                zq_buf_printf(out, zq_tr("\n%s:\n"), zq_tr(zq_option_group_title(group)));
            any = true;
            add_option(out, o);
        }
    }
    zq_buf_char(out, '\n');
    add_entry(out, "-?, --help", zq_tr("this help; with a command, that command's"), OPTION_COLUMN);
    add_entry(out, "-V, --version", zq_tr("name and version, and the libraries at work"),
              OPTION_COLUMN);
}

static void add_environment(zq_buf *out, unsigned program)
{
    zq_buf_str(out, zq_tr("\nEnvironment (also read from .env in the working directory):\n"));
    for (const zq_option *o = zq_options; o->name != NULL; o++) {
        ZQ_AUTO_BUF(words);

        if (o->env == NULL || !zq_option_is_for(o, program, NULL))
            continue;
        if (o->no_option)
            zq_buf_str(&words, zq_tr(o->help));
        else
            zq_buf_printf(&words, zq_tr("as --%s"), o->name);
        add_entry(out, o->env, zq_buf_text(&words), OPTION_COLUMN);
    }
    zq_buf_char(out, '\n');
    add_wrapped(
        out,
        zq_tr("A setting is taken from its option, else from the environment, .env, zquant.ini, "
              "~/.my.cnf ([client] and [zquant]), else its default."),
        0, 0);
}

const char *zq_exit_words(zq_rc code)
{
    /* One status stands for several codes. */
    if (zq_rc_exit_status(code) == 2)
        return "failed while running; run it again when the cause is gone";
    if (zq_rc_exit_status(code) == 69)
        return "the server cannot be reached, or the connection was lost";
    return zq_rc_words(code);
}

static void add_exit_statuses(zq_buf *out)
{
    int last = -1;

    zq_buf_str(out, zq_tr("\nExit status:\n"));
    for (zq_rc code = ZQ_OK; code <= ZQ_E_CONFIG; code++) {
        if (zq_rc_exit_status(code) != last)
            zq_buf_printf(out, "  %-4d%s\n", zq_rc_exit_status(code), zq_tr(zq_exit_words(code)));
        last = zq_rc_exit_status(code);
    }
}

void zq_help_program(const zq_program *program, zq_buf *out)
{
    zq_buf_printf(out, zq_tr(N_("Usage: %s %s[options]%s\n")), program->name,
                  program->has_default ? "[COMMAND] " : "COMMAND ",
                  program->has_default ? " [-- COMMAND ARG...]" : "");
    zq_buf_printf(out, zq_tr("%s: %s.\n"), program->name, zq_tr(program->summary));
    add_paragraphs(out, program->doc == NULL ? NULL : zq_tr(program->doc));
    zq_buf_str(out, zq_tr("\nCommands:\n"));
    for (const zq_command *c = program->commands; c->name != NULL; c++) {
        ZQ_AUTO_BUF(left);

        zq_buf_printf(&left, "%s%s%s", c->name, *c->arguments == '\0' ? "" : " ", c->arguments);
        add_entry(out, zq_buf_text(&left), zq_tr(c->summary), COMMAND_COLUMN);
    }
    if (program->has_default)
        zq_buf_printf(out, zq_tr("  Without a command: %s.\n"), program->commands[0].name);
    add_options(out, program->options, NULL);
    add_environment(out, program->options);
    add_exit_statuses(out);
    if (program->examples != NULL)
        zq_buf_printf(out, zq_tr("\nExamples:\n%s"), program->examples);
}

void zq_help_command(const zq_program *program, const zq_command *command, zq_buf *out)
{
    zq_buf_printf(out, zq_tr(N_("Usage: %s %s [options]%s%s\n")), program->name, command->name,
                  *command->arguments == '\0' ? "" : " ", command->arguments);
    zq_buf_printf(out, zq_tr(N_("%s %s: %s%s\n")), program->name, command->name,
                  zq_tr(command->summary),
                  command->summary[strlen(command->summary) - 1] == '?' ? "" : zq_tr(N_(".")));
    add_paragraphs(out, command->doc == NULL ? NULL : zq_tr(command->doc));
    add_options(out, program->options, command->name);
    zq_buf_printf(out, zq_tr("\nAll commands, the environment and the exit statuses: %s --help\n"),
                  program->name);
}

void zq_help_version(const zq_program *program, zq_buf *out)
{
    zq_buf_printf(out, "%s %s\n", program->name, ZQ_VERSION);
    zq_buf_printf(out, "%s\n", zq_db_library_name());
    zq_buf_printf(out, "libsodium %s\n", sodium_version_string());
}
