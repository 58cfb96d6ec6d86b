/* The completion for bash, from the same tables as --help. */
#include "app/help.h"

#include <string.h>

/* "zquant-init" as the name of a shell function: "_zquant_init". */
static void add_function_name(zq_buf *out, const zq_program *program)
{
    zq_buf_char(out, '_');
    for (const char *c = program->name; *c != '\0'; c++)
        zq_buf_char(out, *c == '-' ? '_' : *c);
}

static bool is_offered(const zq_program *program, const zq_option *o)
{
    return !o->no_option && zq_option_is_for(o, program->options, NULL);
}

static void add_case(zq_buf *out, const zq_option *o)
{
    zq_buf_str(out, "    ");
    if (o->letter != '\0')
        zq_buf_printf(out, "-%c | ", o->letter);
    zq_buf_printf(out, "--%s)\n", o->name);
    if (o->kind == ZQ_OPTION_CHOICE) {
        zq_buf_str(out, "        mapfile -t COMPREPLY < <(compgen -W '");
        for (const char *c = o->choices; *c != '\0'; c++)
            zq_buf_char(out, *c == '|' ? ' ' : *c);
        zq_buf_str(out, "' -- \"$word\")\n");
    } else if (o->kind == ZQ_OPTION_PATH) {
        zq_buf_str(out, "        compopt -o filenames\n"
                        "        mapfile -t COMPREPLY < <(compgen -f -- \"$word\")\n");
    }
    zq_buf_str(out, "        return\n        ;;\n");
}

/* The first words of all commands, or the second words of those that begin with `first`. */
static void add_words(zq_buf *out, const zq_program *program, const char *first)
{
    const char *last = "";

    for (const zq_command *c = program->commands; c->name != NULL; c++) {
        size_t length = strcspn(c->name, " ");
        bool follows = first != NULL && strncmp(c->name, first, length) == 0 &&
                       first[length] == '\0' && c->name[length] == ' ';

        if (first == NULL && (strncmp(last, c->name, length) != 0 || last[length] != ' ')) {
            zq_buf_add(out, c->name, length);
            zq_buf_char(out, ' ');
        }
        if (follows)
            zq_buf_printf(out, "%s ", c->name + length + 1);
        last = c->name;
    }
}

static void add_second_words(zq_buf *out, const zq_program *program)
{
    const char *last = "";

    for (const zq_command *c = program->commands; c->name != NULL; c++) {
        size_t length = strcspn(c->name, " ");
        ZQ_AUTO_BUF(first);

        if (c->name[length] != ' ' || strncmp(last, c->name, length + 1) == 0)
            continue;
        zq_buf_add(&first, c->name, length);
        zq_buf_printf(out, "    %s)\n        words='", zq_buf_text(&first));
        add_words(out, program, zq_buf_text(&first));
        zq_buf_str(out, "'\n        ;;\n");
        last = c->name;
    }
}

void zq_help_bash(const zq_program *program, zq_buf *out)
{
    zq_buf_printf(out, "# bash completion for %s\n\n", program->name);
    add_function_name(out, program);
    zq_buf_str(out, "()\n{\n"
                    "    local word=${COMP_WORDS[COMP_CWORD]}\n"
                    "    local before=${COMP_WORDS[COMP_CWORD - 1]}\n"
                    "    local words options\n\n"
                    "    COMPREPLY=()\n"
                    "    # \"--tls=ver\" comes as three words.\n"
                    "    if [[ $word == = ]]; then\n"
                    "        word=\n"
                    "    elif [[ $before == = ]]; then\n"
                    "        before=${COMP_WORDS[COMP_CWORD - 2]}\n"
                    "    fi\n"
                    "    case $before in\n");
    for (const zq_option *o = zq_options; o->name != NULL; o++) {
        if (is_offered(program, o) && o->kind != ZQ_OPTION_FLAG)
            add_case(out, o);
    }
    zq_buf_str(out, "    esac\n    words='");
    add_words(out, program, NULL);
    zq_buf_str(out, "'\n    case $before in\n");
    add_second_words(out, program);
    zq_buf_str(out, "    esac\n    options='--help --version");
    for (const zq_option *o = zq_options; o->name != NULL; o++) {
        if (is_offered(program, o))
            zq_buf_printf(out, " --%s", o->name);
    }
    zq_buf_str(out, "'\n    [[ $word == -* ]] && words=$options\n"
                    "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n}\n"
                    "complete -F ");
    add_function_name(out, program);
    zq_buf_printf(out, " %s\n", program->name);
}
