/* The completion of a command line. The program itself says what could stand where the last word
 * begins, from the tables that --help comes from; what bash, zsh and fish are given asks it. So a
 * new command or option completes in all three, and revisions, sides and roles are those of the
 * program that will run, with the folder of one's own revisions that is on the line or in the
 * environment. */
#include "app/help/help.h"
#include "app/settings/argv.h"
#include "release.h"
#include "rev/chain.h"
#include "seed/seeds.h"

#include <stdlib.h>
#include <string.h>

typedef struct completion {
    const zq_program *program;
    zq_arena *arena;
    const char *word;   /* as far as it is typed */
    const char *before; /* what stands before it in the same word, "--tls=", "0002:" */
    const char *after;  /* what follows each, ":" where two are wanted */
    const char *dir;    /* of one's own revisions; NULL: none that is known */
    bool schema;        /* --schema is on the line */
    zq_buf *out;
} completion;

/* ---- what could stand there ---- */

static void offer(const completion *c, const char *text, const char *about)
{
    if (strncmp(text, c->word, strlen(c->word)) == 0)
        zq_buf_printf(c->out, "%s%s%s\t%s\n", c->before, text, c->after, about);
}

/* "a|b" */
static void offer_choices(const completion *c, const char *choices)
{
    while (*choices != '\0') {
        size_t length = strcspn(choices, "|");

        offer(c, zq_arena_strndup(c->arena, choices, length), "");
        choices += length + (choices[length] == '|');
    }
}

/* A folder that cannot be read, or is not in order, does not mean that nothing is offered. */
static void offer_revisions(const completion *c)
{
    zq_chain chain = {0};
    zq_err err = {0};

    if (zq_chain_load(c->dir, &zq_schema_head, c->arena, &chain, &err) != ZQ_OK &&
        zq_chain_embedded(c->arena, &chain, &err) != ZQ_OK)
        return;
    for (size_t i = 0; i < chain.n; i++)
        offer(c, chain.items[i]->id, chain.items[i]->title);
    for (size_t i = 0; i < chain.n; i++) {
        if (chain.items[i]->release != NULL)
            offer(c, chain.items[i]->release, "release of zquant");
    }
    if (*c->after == '\0')
        offer(c, "head", "the newest revision");
    offer(c, "base", "before the first revision");
}

static void offer_roles(const completion *c)
{
    zq_seeds seeds = {0};
    zq_err err = {0};

    if (zq_seeds_builtin(c->arena, &seeds, &err) != ZQ_OK)
        return;
    for (size_t i = 0; i < seeds.n_roles; i++)
        offer(c, seeds.roles[i].name,
              seeds.roles[i].description == NULL ? "" : seeds.roles[i].description);
}

/* "FROM:TO", of which the first may stand alone where `alone`. */
static void offer_range(const completion *c, bool alone)
{
    const char *colon = strchr(c->word, ':');
    completion part = *c;

    if (colon != NULL) {
        part.before =
            zq_arena_printf(c->arena, "%s%.*s", c->before, (int)(colon + 1 - c->word), c->word);
        part.word = colon + 1;
    } else if (!alone) {
        part.after = ":";
    }
    offer_revisions(&part);
}

/* What 'diff' compares; a file with a canonical text is one, too. */
static void offer_sides(const completion *c)
{
    zq_buf_str(c->out, ":files\n");
    offer(c, "models", "what is compiled in");
    offer(c, "live", "the database");
    offer_revisions(c);
}

/* By what it is called in --help: "REV", "FILE". Files are what the shell knows best. */
static void offer_argument(const completion *c, const char *name)
{
    if (strcmp(name, "SIDE") == 0 || (strcmp(name, "REV") == 0 && c->schema))
        offer_sides(c);
    else if (strcmp(name, "REV") == 0 || strcmp(name, "RELEASE") == 0)
        offer_range(c, true);
    else if (strcmp(name, "FROM:TO") == 0)
        offer_range(c, false);
    else if (strcmp(name, "ROLE") == 0)
        offer_roles(c);
    else if (strcmp(name, "DIR") == 0)
        zq_buf_str(c->out, ":dirs\n");
    else if (strcmp(name, "FILE") == 0)
        zq_buf_str(c->out, ":files\n");
}

static void offer_value(const completion *c, const zq_option *o)
{
    if (o->kind == ZQ_OPTION_CHOICE)
        offer_choices(c, o->choices);
    else if (o->id == ZQ_SET_ROLE)
        offer_roles(c);
    else if (o->kind == ZQ_OPTION_PATH && strcmp(o->argument, "DIR") != 0)
        zq_buf_str(c->out, ":files\n");
    else
        offer_argument(c, o->argument);
}

static void offer_options(const completion *c, const zq_command *command)
{
    for (const zq_option *o = zq_options; o->name != NULL; o++) {
        if (!o->no_option &&
            zq_option_is_for(o, c->program->options, command == NULL ? NULL : command->name))
            offer(c, zq_arena_printf(c->arena, "--%s", o->name), o->help);
    }
    offer(c, "--help", "help; with a command, that command's");
    offer(c, "--version", "name and version, and the libraries at work");
}

/* The next word of each command that begins with these, each once. */
static void offer_commands(const completion *c, const char *typed)
{
    size_t length = strlen(typed);
    const char *last = "";

    for (const zq_command *command = c->program->commands; command->name != NULL; command++) {
        const char *rest = command->name + length;
        const char *word;

        if (strncmp(command->name, typed, length) != 0)
            continue;
        word = zq_arena_strndup(c->arena, rest, strcspn(rest, " "));
        if (strcmp(word, last) != 0)
            offer(c, word, rest[strlen(word)] == ' ' ? "" : command->summary);
        last = word;
    }
    if (length == 0)
        offer(c, "help", "help; with a command, that command's");
}

/* The word at `place` of "REV", "[FILE]", "[-- COMMAND ARG...]". */
static void offer_operand(const completion *c, const zq_command *command, int place)
{
    const char *a = command->arguments;

    for (; place > 0 && *a != '\0'; place--) {
        a += strcspn(a, " ");
        a += strspn(a, " ");
    }
    a += *a == '[';
    offer_argument(c, zq_arena_strndup(c->arena, a, strcspn(a, " ]")));
}

/* ---- where the word stands ---- */

/* The option that takes the word after this one as its value; NULL: none. */
static const zq_option *option_of(const char *word)
{
    const zq_option *o = NULL;

    if (word[0] != '-' || strchr(word, '=') != NULL)
        return NULL;
    if (word[1] != '-')
        o = word[1] != '\0' && word[2] == '\0' ? zq_option_by_letter(word[1]) : NULL;
    for (const zq_option *p = zq_options; word[1] == '-' && p->name != NULL; p++) {
        if (strcmp(p->name, word + 2) == 0)
            o = p;
    }
    return o == NULL || o->kind == ZQ_OPTION_FLAG ? NULL : o;
}

/* The last word has "--tls=ver": what is before the '=', and the option; NULL: it has not. */
static const zq_option *split(completion *c)
{
    const char *equals = strchr(c->word, '=');
    const zq_option *o;

    if (c->word[0] != '-' || equals == NULL)
        return NULL;
    o = option_of(zq_arena_strndup(c->arena, c->word, (size_t)(equals - c->word)));
    c->before = zq_arena_strndup(c->arena, c->word, (size_t)(equals - c->word) + 1);
    c->word = equals + 1;
    return o;
}

static void complete_word(const completion *c, char **words, int n)
{
    const zq_command *command = NULL;
    int used = 0;
    ZQ_AUTO_BUF(typed);

    for (const zq_command *one = c->program->commands; one->name != NULL && command == NULL;
         one++) {
        used = zq_argv_match(one->name, words, n);
        command = used > 0 ? one : NULL;
    }
    if (c->word[0] == '-') {
        offer_options(c, command);
    } else if (command != NULL) {
        offer_operand(c, command, n - used);
    } else {
        for (int i = 0; i < n; i++)
            zq_buf_printf(&typed, "%s ", words[i]);
        offer_commands(c, zq_buf_text(&typed));
    }
}

void zq_help_complete(const zq_program *program, char **words, zq_arena *arena, zq_buf *out)
{
    completion c = {
        .program = program, .arena = arena, .word = "", .before = "", .after = "", .out = out};
    static const char dir_option[] = "--dir=";
    const zq_option *option = NULL;
    char **own = words;
    int n = 0;

    c.dir = getenv("ZQUANT_MIGRATIONS");
    for (char **word = words; word != NULL && *word != NULL; word++) {
        c.word = *word;
        if (word[1] == NULL)
            break;
        if (strcmp(*word, "--") == 0) {
            zq_buf_str(out, ":files\n");
            return;
        }
        if (option != NULL && option->id == ZQ_SET_DIR)
            c.dir = *word;
        else if (strncmp(*word, dir_option, strlen(dir_option)) == 0)
            c.dir = *word + strlen(dir_option);
        c.schema = c.schema || strcmp(*word, "--schema") == 0;
        /* A value is not part of the command's name. */
        if (option != NULL)
            option = NULL;
        else if ((*word)[0] == '-')
            option = option_of(*word);
        else if (n > 0 || strcmp(*word, "help") != 0)
            own[n++] = *word;
    }
    if (option == NULL)
        option = split(&c);
    if (option != NULL)
        offer_value(&c, option);
    else if (*c.before == '\0')
        complete_word(&c, own, n);
}

/* ---- what the shells are given ---- */

/* The program's name, and the same as a part of a function's. */
#define NAME "\1"
#define FUNCTION "\2"

static const char bash_script[] =
    "# bash completion for " NAME "\n"
    "_" FUNCTION "()\n"
    "{\n"
    "    local word=${COMP_WORDS[COMP_CWORD]} line i before last words=()\n"
    "\n"
    "    # \"--tls=ver\" and \"0001:0002\" come as three words.\n"
    "    for ((i = 1; i <= COMP_CWORD; i++)); do\n"
    "        last=$((${#words[@]} - 1))\n"
    "        if ((last >= 0)) && [[ ${COMP_WORDS[i]} == [=:] || ${words[last]} == --*= || "
    "${words[last]} == *: ]]; then\n"
    "            words[last]+=${COMP_WORDS[i]}\n"
    "        else\n"
    "            words+=(\"${COMP_WORDS[i]}\")\n"
    "        fi\n"
    "    done\n"
    "    [[ $word != [=:] ]] || word=\n"
    "    before=${words[-1]%\"$word\"}\n"
    "    COMPREPLY=()\n"
    "    while IFS=$'\\t' read -r line _; do\n"
    "        case $line in\n"
    "        :files) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "
    "\"$word\") ;;\n"
    "        :dirs) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "
    "\"$word\") ;;\n"
    "        *) COMPREPLY+=(\"${line#\"$before\"}\") ;;\n"
    "        esac\n"
    "        [[ $line != *: ]] || compopt -o nospace 2>/dev/null\n"
    "    done < <(\"${COMP_WORDS[0]}\" --generate complete -- \"${words[@]}\" 2>/dev/null)\n"
    "}\n"
    "complete -F _" FUNCTION " " NAME "\n";

static const char zsh_script[] =
    "#compdef " NAME "\n"
    "local line files=\n"
    "local -a found open\n"
    "\n"
    "for line in ${(f)\"$(${words[1]} --generate complete -- \"${(@)words[2,CURRENT]}\" "
    "2>/dev/null)\"}; do\n"
    "    case $line in\n"
    "    :files) files=_files ;;\n"
    "    :dirs) files='_files -/' ;;\n"
    "    *) found+=(\"${${line%%$'\\t'*}//:/\\\\:}:${line#*$'\\t'}\") ;;\n"
    "    esac\n"
    "done\n"
    "[[ ${found[-1]} != *\\\\::* ]] || open=(-S '')\n"
    "_describe -V " NAME " found \"${open[@]}\"\n"
    "[[ -z $files ]] || { compset -P '--*='; ${=files} }\n";

static const char fish_script[] =
    "# fish completion for " NAME "\n"
    "function __" FUNCTION "_complete\n"
    "    set -l words (commandline -opc) \"$(commandline -ct)\"\n"
    "    for line in ($words[1] --generate complete -- $words[2..] 2>/dev/null)\n"
    "        switch $line\n"
    "            case ':files'\n"
    "                __fish_complete_path (commandline -ct)\n"
    "            case ':dirs'\n"
    "                __fish_complete_directories (commandline -ct)\n"
    "            case '*'\n"
    "                printf '%s\\n' $line\n"
    "        end\n"
    "    end\n"
    "end\n"
    "complete -c " NAME " -k -f -a '(__" FUNCTION "_complete)'\n";

static const struct {
    const char *name;
    const char *script;
} shells[] = {{"bash", bash_script}, {"zsh", zsh_script}, {"fish", fish_script}};

/* "zquant-init" as the name of a shell function: "zquant_init". */
static void add_function_name(zq_buf *out, const zq_program *program)
{
    for (const char *c = program->name; *c != '\0'; c++)
        zq_buf_char(out, *c == '-' ? '_' : *c);
}

bool zq_help_shell(const zq_program *program, const char *shell, zq_buf *out)
{
    for (size_t i = 0; i < ZQ_LEN(shells); i++) {
        if (strcmp(shells[i].name, shell) != 0)
            continue;
        for (const char *c = shells[i].script; *c != '\0'; c++) {
            if (*c == NAME[0])
                zq_buf_str(out, program->name);
            else if (*c == FUNCTION[0])
                add_function_name(out, program);
            else
                zq_buf_char(out, *c);
        }
        return true;
    }
    return false;
}
