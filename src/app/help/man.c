/* The man pages, from the same tables as --help, in the language at hand. Lines of running text are
 * broken, so that what is made can be read and compared; where groff would find no place to break a
 * Chinese line, it is shown each. */
#include "app/help/help.h"
#include "base/language.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WIDTH = 72 };

static bool is_wide(const char *c)
{
    return (unsigned char)*c >= 0xE0;
}

/* May a line end before this character? Not before a mark that belongs to what it follows. */
static bool may_begin_line(const char *c)
{
    static const char marks[] = "\uff0c\u3002\uff1b\uff1a\u3001\uff09\uff1f\u201d";

    for (const char *mark = marks; *mark != '\0'; mark += 3) {
        if (strncmp(c, mark, 3) == 0)
            return false;
    }
    return is_wide(c);
}

/* Text with nothing in it that groff would take for a command, up to `length`. */
static void add_some(zq_buf *out, const char *text, size_t length)
{
    if (length > 0 && (*text == '.' || *text == '\''))
        zq_buf_str(out, "\\&");
    for (; length > 0; text++, length--) {
        if (*text == '\\')
            zq_buf_str(out, "\\e");
        else if (*text == '-')
            zq_buf_str(out, "\\-");
        else
            zq_buf_char(out, *text);
        if (length > 1 && ((unsigned char)*text & 0x80) != 0 && may_begin_line(text + 1))
            zq_buf_str(out, "\\:");
    }
}

/* In one line. */
static void add_text(zq_buf *out, const char *text)
{
    add_some(out, text, strlen(text));
}

/* Running text, which the reader's terminal breaks in its own way. */
static void add_filled(zq_buf *out, const char *text)
{
    size_t column = 0;

    while (*text != '\0') {
        size_t length = strcspn(text, " \n");

        if (column > 0 && column + 1 + length > WIDTH) {
            zq_buf_char(out, '\n');
            column = 0;
        } else if (column > 0 && length > 0) {
            zq_buf_char(out, ' ');
            column++;
        }
        add_some(out, text, length);
        column += length;
        text += length;
        text += *text != '\0';
    }
}

/* A sentence: what ends in a mark of its own gets no full stop. */
static void add_sentence(zq_buf *out, const char *text)
{
    static const char *const ends[] = {".", "?", "!", "\u3002", "\uff1f"};
    size_t length = strlen(text);
    bool ended = false;

    for (size_t i = 0; i < ZQ_LEN(ends); i++) {
        size_t n = strlen(ends[i]);

        ended = ended || (length >= n && strcmp(text + length - n, ends[i]) == 0);
    }
    add_filled(out, text);
    zq_buf_str(out, ended ? "" : length > 0 && (text[length - 1] & 0x80) != 0 ? "\u3002" : ".");
    zq_buf_char(out, '\n');
}

static void add_heading(zq_buf *out, const char *title)
{
    zq_buf_printf(out, ".SH %s\n", zq_tr(title));
}

static void add_default(zq_buf *out, const char *value)
{
    zq_buf_str(out, zq_tr("Default: "));
    add_sentence(out, value);
}

static void end_paragraph(zq_buf *out, zq_buf *paragraph)
{
    if (paragraph->length == 0)
        return;
    add_filled(out, zq_buf_text(paragraph));
    zq_buf_char(out, '\n');
    zq_buf_clear(paragraph);
}

/* Paragraphs; lines that are indented stand as they are. */
static void add_paragraphs(zq_buf *out, const char *text)
{
    ZQ_AUTO_BUF(paragraph);
    bool as_is = false;

    while (text != NULL && *text != '\0') {
        size_t length = strcspn(text, "\n");

        if (*text != ' ' && length > 0)
            zq_buf_printf(&paragraph, "%.*s ", (int)length, text);
        else
            end_paragraph(out, &paragraph);
        if ((*text == ' ') != as_is)
            zq_buf_str(out, as_is ? ".fi\n" : ".nf\n");
        as_is = *text == ' ';
        if (as_is) {
            add_some(out, text, length);
            zq_buf_char(out, '\n');
        } else if (length == 0 && text[1] != '\0') {
            zq_buf_str(out, ".sp\n");
        }
        text += length;
        text += *text == '\n';
    }
    end_paragraph(out, &paragraph);
    if (as_is)
        zq_buf_str(out, ".fi\n");
}

/* The day of SOURCE_DATE_EPOCH, as makers of packages set it; in `out`, empty without. */
static const char *find_date(char *out, size_t size)
{
    const char *text = getenv("SOURCE_DATE_EPOCH");
    time_t when = text == NULL ? 0 : (time_t)strtoll(text, NULL, 10);
    struct tm day;

    if (when <= 0 || gmtime_r(&when, &day) == NULL || strftime(out, size, "%Y-%m-%d", &day) == 0)
        out[0] = '\0';
    return out;
}

static void add_title(zq_buf *out, const char *name, int section, const char *kind,
                      const char *summary)
{
    char date[32];

    zq_buf_str(out, ".TH ");
    for (const char *c = name; *c != '\0'; c++)
        zq_buf_char(out, (char)toupper((unsigned char)*c));
    zq_buf_printf(out, " %d \"%s\" \"zquant-init %s\" \"%s\"\n", section,
                  find_date(date, sizeof date), ZQ_VERSION, zq_tr(kind));
    /* Between Chinese characters there is no space that could grow. */
    if (is_wide(zq_tr("NAME")))
        zq_buf_str(out, ".ad l\n");
    add_heading(out, N_("NAME"));
    add_text(out, name);
    zq_buf_str(out, " \\- ");
    add_text(out, zq_tr(summary));
    zq_buf_char(out, '\n');
}

static void add_head(zq_buf *out, const zq_program *program)
{
    add_title(out, program->name, 1, N_("User Commands"), program->summary);
    add_heading(out, N_("SYNOPSIS"));
    zq_buf_str(out, ".B ");
    add_text(out, program->name);
    zq_buf_str(out, program->has_default
                        ? "\n[\\fICOMMAND\\fR] [\\fIoptions\\fR] [\\fB\\-\\-\\fR \\fICOMMAND "
                          "ARG\\fR...]\n"
                        : "\n\\fICOMMAND\\fR [\\fIoptions\\fR]\n");
}

/* All pages but the one at hand. */
static void add_see_also(zq_buf *out, const char *own)
{
    static const char *const pages[][2] = {{"zquant-init", "1"},
                                           {"zquant-migrate", "1"},
                                           {"zquant.ini", "5"},
                                           {"zquant-revision", "5"}};
    bool any = false;

    add_heading(out, N_("SEE ALSO"));
    for (size_t i = 0; i < ZQ_LEN(pages); i++) {
        if (strcmp(pages[i][0], own) == 0)
            continue;
        zq_buf_str(out, any ? " ,\n.BR " : ".BR ");
        add_text(out, pages[i][0]);
        zq_buf_printf(out, " (%s)", pages[i][1]);
        any = true;
    }
    zq_buf_char(out, '\n');
}

static void add_commands(zq_buf *out, const zq_program *program)
{
    add_heading(out, N_("COMMANDS"));
    for (const zq_command *c = program->commands; c->name != NULL; c++) {
        zq_buf_str(out, ".TP\n.B ");
        add_text(out, c->name);
        zq_buf_str(out, *c->arguments == '\0' ? "" : " ");
        add_text(out, c->arguments);
        zq_buf_char(out, '\n');
        add_sentence(out, zq_tr(c->summary));
        if (c->doc != NULL && *c->doc != '\0') {
            zq_buf_str(out, ".sp\n");
            add_paragraphs(out, zq_tr(c->doc));
        }
    }
    if (program->has_default && program->commands[0].name != NULL) {
        zq_buf_str(out, ".PP\n");
        zq_buf_str(out, zq_tr("Without a command: "));
        add_sentence(out, program->commands[0].name);
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
    add_sentence(out, zq_tr(o->help));
    if (o->fallback != NULL && o->kind != ZQ_OPTION_FLAG)
        add_default(out, o->fallback);
    if (o->commands != NULL) {
        ZQ_AUTO_BUF(with);

        zq_buf_str(&with, zq_tr("With: "));
        for (const char *c = o->commands; *c != '\0'; c++) {
            if (*c == '|')
                zq_buf_str(&with, ", ");
            else
                zq_buf_char(&with, *c);
        }
        add_sentence(out, zq_buf_text(&with));
    }
}

static void add_options(zq_buf *out, const zq_program *program)
{
    add_heading(out, N_("OPTIONS"));
    for (unsigned group = 0; group < ZQ_GROUP_COUNT_; group++) {
        bool any = false;

        for (const zq_option *o = zq_options; o->name != NULL; o++) {
            if (o->group != group || o->no_option || !zq_option_is_for(o, program->options, NULL))
                continue;
            if (!any)
                zq_buf_printf(out, ".SS %s\n", zq_tr(zq_option_group_title(group)));
            any = true;
            add_option(out, o);
        }
    }
    zq_buf_printf(out, ".SS %s\n.TP\n\\fB\\-?\\fR, \\fB\\-\\-help\\fR\n", zq_tr("Help"));
    add_sentence(out, zq_tr("help; with a command, that command's"));
    zq_buf_str(out, ".TP\n\\fB\\-V\\fR, \\fB\\-\\-version\\fR\n");
    add_sentence(out, zq_tr("name and version, and the libraries at work"));
}

static void add_environment(zq_buf *out, const zq_program *program)
{
    add_heading(out, N_("ENVIRONMENT"));
    add_filled(out, zq_tr("A setting is taken from its option, else from the environment, else "
                          "from the files below, else its default. A variable that is empty counts "
                          "as not set; only an empty DB_PASSWORD means that there is no password. "
                          "A variable and its _FILE together are an error."));
    zq_buf_char(out, '\n');
    for (const zq_option *o = zq_options; o->name != NULL; o++) {
        ZQ_AUTO_BUF(as);

        if (o->env == NULL || !zq_option_is_for(o, program->options, NULL))
            continue;
        zq_buf_printf(out, ".TP\n.B %s\n", o->env);
        if (o->no_option) {
            add_sentence(out, zq_tr(o->help));
            continue;
        }
        zq_buf_printf(&as, zq_tr("as --%s"), o->name);
        add_sentence(out, zq_buf_text(&as));
    }
}

static void add_files(zq_buf *out)
{
    add_heading(out, N_("FILES"));
    add_sentence(out, zq_tr("From the strongest to the weakest."));
    zq_buf_str(out, ".TP\n.I .env\n");
    add_sentence(out, zq_tr("In the working directory: the environment variables above, read as "
                            "python-dotenv reads them."));
    zq_buf_str(out, ".TP\n.I ./zquant.ini\n.TQ\n.I /etc/zquant/zquant.ini\n");
    add_sentence(out, zq_tr("The first of them that exists, or the file of --config or "
                            "ZQUANT_CONFIG; see zquant.ini(5)."));
    zq_buf_str(out, ".TP\n.I ~/.my.cnf\n");
    add_sentence(out, zq_tr("Groups client and zquant, as every MySQL tool reads them."));
}

static void add_exit_statuses(zq_buf *out)
{
    int last = -1;

    add_heading(out, N_("EXIT STATUS"));
    for (zq_rc code = ZQ_OK; code <= ZQ_E_CONFIG; code++) {
        if (zq_rc_exit_status(code) != last) {
            zq_buf_printf(out, ".TP\n.B %d\n", zq_rc_exit_status(code));
            add_sentence(out, zq_tr(zq_exit_words(code)));
        }
        last = zq_rc_exit_status(code);
    }
}

void zq_help_man(const zq_program *program, zq_buf *out)
{
    add_head(out, program);
    if (program->doc != NULL) {
        add_heading(out, N_("DESCRIPTION"));
        add_paragraphs(out, zq_tr(program->doc));
    }
    add_commands(out, program);
    add_options(out, program);
    add_environment(out, program);
    add_files(out);
    add_exit_statuses(out);
    if (program->examples != NULL) {
        add_heading(out, N_("EXAMPLES"));
        zq_buf_str(out, ".nf\n");
        for (const char *line = program->examples; *line != '\0';) {
            size_t length = strcspn(line, "\n");

            add_some(out, line, length);
            zq_buf_char(out, '\n');
            line += length + (line[length] == '\n');
        }
        zq_buf_str(out, ".fi\n");
    }
    add_see_also(out, program->name);
}

void zq_help_man_ini(zq_buf *out)
{
    add_title(out, "zquant.ini", 5, N_("File Formats"),
              N_("settings of zquant-init and zquant-migrate"));
    add_heading(out, N_("DESCRIPTION"));
    add_paragraphs(
        out,
        zq_tr(
            "Read is the first of: the file of --config or ZQUANT_CONFIG, ./zquant.ini, "
            "/etc/zquant/zquant.ini. Options, the environment and .env are stronger, ~/.my.cnf is "
            "weaker; `zquant-init config` shows what counts and why.\n"
            "\n"
            "A line is a section, \"[connection]\", a setting, \"key = value\" or \"key: value\", "
            "or a "
            "comment, which begins with ';' or '#'. A value is the rest of its line: no quotes "
            "around "
            "it, no comment behind it. An unknown key, a value out of range or a line of more than "
            "4,096 bytes is an error with file and line; sections that are not listed here are not "
            "looked at.\n"
            "\n"
            "With a password in it the file must be its owner's alone: chmod 600.\n"));
    for (unsigned group = 0; group < ZQ_GROUP_COUNT_; group++) {
        bool any = false;

        for (const zq_option *o = zq_options; o->name != NULL; o++) {
            if (o->group != group || o->key == NULL)
                continue;
            if (!any)
                zq_buf_printf(out, ".SH [%s]\n", zq_option_group_section(group));
            any = true;
            zq_buf_str(out, ".TP\n.B ");
            add_text(out, o->key);
            zq_buf_char(out, '\n');
            add_sentence(out, zq_tr(o->help));
            if (o->fallback != NULL)
                add_default(out, o->fallback);
        }
    }
    add_heading(out, N_("EXAMPLES"));
    zq_buf_str(out, ".nf\n[connection]\nhost = db.example.com\nuser = zquant\n"
                    "password\\-file = /etc/zquant/password\n.fi\n");
    add_see_also(out, "zquant.ini");
}
