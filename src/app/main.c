#include "app/main.h"

#include "app/app.h"
#include "app/connect.h"
#include "app/help/help.h"
#include "app/next_step.h"
#include "app/settings/argv.h"
#include "app/settings/guard.h"
#include "app/show/output.h"
#include "app/show/terminal.h"
#include "app/stop.h"
#include "base/clock.h"
#include "base/language.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sodium.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- messages ---- */

static bool may_color(int stream)
{
    const char *no_color = getenv("NO_COLOR");

    return (no_color == NULL || *no_color == '\0') && zq_terminal_obeys(stream);
}

/* How a mistake in the command line itself is to be said, as far as that can be found out. */
static bool wants_json(int argc, char **argv)
{
    const char *format = getenv("ZQUANT_LOG_FORMAT");

    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strncmp(argv[i], "--log-format=", strlen("--log-format=")) == 0)
            format = argv[i] + strlen("--log-format=");
        else if (strcmp(argv[i], "--log-format") == 0 && i + 1 < argc)
            format = argv[i + 1];
    }
    return format != NULL && strcmp(format, "json") == 0;
}

/* People read it in their own language; what programs read, and logs as JSON, is English. */
static void set_language(bool for_programs)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    const char *locale = NULL;

    for (size_t i = 0; i < ZQ_LEN(names) && (locale == NULL || *locale == '\0'); i++)
        locale = getenv(names[i]);
    zq_language_set(for_programs ? NULL : locale);
}

/* What the command line alone says, for mistakes that come before there are settings. */
static void set_output_from_line(const zq_program *program, int argc, char **argv)
{
    const char *document = getenv("ZQUANT_JSON");
    bool no_color = false;
    bool generated = false;
    zq_output output = {
        .program = program->name,
        .json = wants_json(argc, argv),
        .document = document != NULL && zq_settings_is_yes(document),
    };

    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        no_color |= strcmp(argv[i], "--no-color") == 0;
        /* A manual page is for people; what else is generated is for shells, or a file to edit. */
        generated |= strcmp(argv[i], "--generate") == 0 &&
                     (i + 1 == argc || strncmp(argv[i + 1], "man", strlen("man")) != 0);
        /* As argp takes it: shortened, too. */
        output.document |=
            strlen(argv[i]) >= strlen("--js") && strncmp("--json", argv[i], strlen(argv[i])) == 0;
    }
    set_language(output.json || output.document || generated);
    output.color = may_color(STDERR_FILENO) && !no_color;
    zq_output_set(&output);
}

/* Standard output is one document also by the form of a schema. */
static bool shows_document(const zq_settings *settings)
{
    return zq_settings_flag(settings, ZQ_SET_SCHEMA) &&
           zq_settings_choice(settings, ZQ_SET_FORMAT) == ZQ_FORMAT_JSON;
}

/* True: what was read is for programs, as only the settings themselves have said, in a file say;
 * their warnings were not yet in English. */
static bool set_output_from_settings(const zq_program *program, const zq_settings *settings)
{
    bool was_for_people = !zq_output_get()->json && !zq_output_get()->document;
    zq_output output = {
        .program = program->name,
        .json = zq_settings_choice(settings, ZQ_SET_LOG_FORMAT) == 1,
        .document = zq_settings_flag(settings, ZQ_SET_JSON) || zq_output_get()->document ||
                    shows_document(settings),
        .quiet = zq_settings_flag(settings, ZQ_SET_QUIET),
        .verbose = zq_settings_flag(settings, ZQ_SET_VERBOSE),
        .color = may_color(STDERR_FILENO) && !zq_settings_flag(settings, ZQ_SET_NO_COLOR),
        .paints = may_color(STDOUT_FILENO) && !zq_settings_flag(settings, ZQ_SET_NO_COLOR),
    };

    set_language(output.json || output.document);
    zq_output_set(&output);
    return was_for_people && (output.json || output.document);
}

/* ---- which command ---- */

/* What is found under another name, in the other program, or is called so by other tools. Of each
 * program the list of the other's commands: tests hold it to --help. */
static const struct {
    unsigned program;  /* who is asked */
    const char *words; /* "rollback|undo" */
    const char *found; /* NULL: the same word, in the other program */
} elsewhere[] = {
    {ZQ_FOR_INIT,
     "upgrade|downgrade|resume|current|history|heads|stamp|adopt|check|diff|verify|"
     "show|rebase|revision|squash|plan|rehearse",
     NULL},
    {ZQ_FOR_MIGRATE,
     "init|status|grants|admin create|admin reset-password|"
     "seeds show|seeds diff|seeds apply|seeds export|seeds import",
     NULL},
    {ZQ_FOR_INIT, "lock show|lock release", NULL},
    {ZQ_FOR_INIT, "lock", "zquant-migrate lock show"},
    {ZQ_FOR_MIGRATE, "admin", "zquant-init admin create"},
    {ZQ_FOR_MIGRATE, "seeds", "zquant-init seeds show"},
    {ZQ_FOR_BOTH, "rollback|undo|down|revert|rollbackCount|rollback-count",
     "zquant-migrate downgrade"},
    {ZQ_FOR_BOTH, "migrate|up|update|apply|deploy|goto", "zquant-migrate upgrade"},
    {ZQ_FOR_BOTH, "updateSQL|update-sql", "zquant-migrate upgrade --sql"},
    {ZQ_FOR_BOTH, "validate", "zquant-migrate check"},
    {ZQ_FOR_BOTH, "generate|autogenerate|makemigrations|new|add", "zquant-migrate revision"},
    {ZQ_FOR_BOTH, "log|info|list|showmigrations", "zquant-migrate history"},
    {ZQ_FOR_BOTH, "version", "zquant-migrate current"},
    {ZQ_FOR_BOTH, "branches", "zquant-migrate heads"},
    {ZQ_FOR_BOTH, "merge", "zquant-migrate rebase"},
    {ZQ_FOR_BOTH, "dryrun|dry-run|preview", "zquant-migrate plan"},
    {ZQ_FOR_BOTH, "snapshot|dump", "zquant-migrate show --schema live"},
    {ZQ_FOR_BOTH, "diffChangeLog|diff-changelog|compare", "zquant-migrate diff"},
    {ZQ_FOR_BOTH, "force|mark|changelogSync|changelog-sync|ensure_version", "zquant-migrate stamp"},
    {ZQ_FOR_BOTH, "repair|continue", "zquant-migrate resume"},
    {ZQ_FOR_BOTH, "unlock", "zquant-migrate lock release"},
    {ZQ_FOR_BOTH, "baseline", "zquant-migrate adopt"},
    {ZQ_FOR_BOTH, "settings", "zquant-init config"},
    {ZQ_FOR_BOTH, "install|create|setup|bootstrap|start|db", "zquant-init init"},
    {ZQ_FOR_BOTH, "ping|health|healthcheck|ready", "zquant-init status"},
    {ZQ_FOR_BOTH, "reset-password|passwd|password", "zquant-init admin reset-password"},
    {ZQ_FOR_BOTH, "user|users|create-user|create-admin|createsuperuser",
     "zquant-init admin create"},
    {ZQ_FOR_INIT, "admin add|admin new", "zquant-init admin create"},
    {ZQ_FOR_INIT, "admin passwd|admin password|admin reset", "zquant-init admin reset-password"},
    {ZQ_FOR_INIT, "seed|seeds list|seeds ls", "zquant-init seeds show"},
    {ZQ_FOR_INIT, "seeds load|seeds restore", "zquant-init seeds import"},
    {ZQ_FOR_INIT, "seeds dump|seeds save|seeds backup", "zquant-init seeds export"},
    {ZQ_FOR_INIT, "seeds sync|seeds update|seeds run", "zquant-init seeds apply"},
    {ZQ_FOR_MIGRATE, "lock list|lock status", "zquant-migrate lock show"},
    {ZQ_FOR_MIGRATE, "lock clear|lock remove|lock free|lock drop", "zquant-migrate lock release"},
    {ZQ_FOR_BOTH, "clean|drop|wipe|destroy|purge|reset", ""}, /* nothing here does */
};

/* "did you mean ...?" for a word that other tools, or the other program, know. */
static bool hint_elsewhere(const zq_program *program, const char *word, zq_err *err)
{
    const char *other = program->options == ZQ_FOR_INIT ? "zquant-migrate" : "zquant-init";

    for (size_t i = 0; i < ZQ_LEN(elsewhere); i++) {
        if ((elsewhere[i].program & program->options) == 0 ||
            !zq_option_has_word(elsewhere[i].words, word))
            continue;
        if (elsewhere[i].found != NULL && *elsewhere[i].found == '\0')
            zq_err_hint(err, "see '%s --help' for the commands", program->name);
        else if (elsewhere[i].found != NULL)
            zq_err_hint(err, "did you mean '%s'?", elsewhere[i].found);
        else
            zq_err_hint(err, "did you mean '%s %s'?", other, word);
        return true;
    }
    return false;
}

/* Does its name begin with this word, and have another? */
static bool has_first(const zq_command *command, const char *word)
{
    return strncmp(command->name, word, strlen(word)) == 0 && command->name[strlen(word)] == ' ';
}

/* The command nearest to the words, "admin crate": the second word alone counts when the first is
 * right. */
static const char *nearest_command(const zq_program *program, char **words, int n)
{
    const size_t before = strlen(words[0]) + 1;
    zq_nearest all = {.word = words[0]}, second = {.word = n > 1 ? words[1] : ""};
    bool first = false;

    for (const zq_command *c = program->commands; c->name != NULL; c++) {
        if (has_first(c, words[0]))
            zq_nearest_try(&second, c->name + before);
        else
            zq_nearest_try(&all, c->name);
        first |= has_first(c, words[0]);
    }
    return !first ? all.best : second.best == NULL ? NULL : second.best - before;
}

static void fail_unknown_command(const zq_program *program, char **words, int n, zq_err *err)
{
    const char *word = words[0];
    const char *nearest = nearest_command(program, words, n);
    ZQ_AUTO_BUF(both);

    zq_text_printf(&both, "%s %s", word, n > 1 ? words[1] : "");
    zq_fail(err, ZQ_E_USAGE, "unknown command '%s'", word);
    for (const zq_command *c = program->commands; c->name != NULL; c++) {
        if (has_first(c, word)) {
            if (n > 1)
                zq_fail(err, ZQ_E_USAGE, "unknown command '%s %s'", word, words[1]);
            else
                zq_fail(err, ZQ_E_USAGE, "'%s' is only a part of a command", word);
            if (n > 1 && hint_elsewhere(program, zq_buf_text(&both), err))
                return;
            if (n > 1 && nearest != NULL)
                zq_err_hint(err, "did you mean '%s %s'?", program->name, nearest);
            else
                zq_err_hint(err, "for example '%s %s'", program->name, c->name);
            return;
        }
    }
    if (hint_elsewhere(program, zq_buf_text(&both), err) || hint_elsewhere(program, word, err))
        return;
    if (nearest != NULL)
        zq_err_hint(err, "did you mean '%s %s'?", program->name, nearest);
    else
        zq_err_hint(err, "see '%s --help' for the commands", program->name);
}

static zq_rc find_command(const zq_program *program, const zq_argv *line,
                          const zq_command **out_command, int *out_used, zq_err *err)
{
    *out_command = program->commands;
    *out_used = 0;
    if (line->n_words == 0 && program->has_default)
        return ZQ_OK;
    if (line->n_words == 0) {
        zq_fail(err, ZQ_E_USAGE, "no command given");
        return zq_err_hint(err, "see '%s --help' for the commands", program->name);
    }
    for (const zq_command *c = program->commands; c->name != NULL; c++) {
        *out_used = zq_argv_match(c->name, line->words, line->n_words);
        *out_command = c;
        if (*out_used > 0)
            return ZQ_OK;
    }
    fail_unknown_command(program, line->words, line->n_words, err);
    return ZQ_E_USAGE;
}

/* ---- is the command line what the command takes? ---- */

/* "[REV]" takes none or one word, "REV" just one, "DIR..." any number from one. */
static zq_rc check_words(const zq_program *program, const zq_command *command, int n, char **words,
                         zq_err *err)
{
    int least = 0;
    int most = 0;

    for (const char *a = command->arguments; *a != '\0' && strncmp(a, "[--", 3) != 0;) {
        size_t length = strcspn(a, " ");

        least += *a != '[';
        most = memmem(a, length, "...", 3) != NULL ? 1000000 : most + 1;
        a += length;
        a += strspn(a, " ");
    }
    if (n < least)
        zq_fail(err, ZQ_E_USAGE, "'%s' needs %s", command->name, command->arguments);
    else if (n > most)
        zq_fail(err, ZQ_E_USAGE, "unexpected word '%s' after '%s'", words[most], command->name);
    else
        return ZQ_OK;
    return zq_err_hint(err, "see '%s %s --help'", program->name, command->name);
}

static zq_rc check_line(const zq_program *program, const zq_command *command, const zq_argv *line,
                        int used, zq_err *err)
{
    if (line->exec != NULL && strstr(command->arguments, "--") == NULL) {
        zq_fail(err, ZQ_E_USAGE, "'%s' takes no '-- COMMAND'", command->name);
        return zq_err_hint(err, "see '%s %s --help'", program->name, command->name);
    }
    for (const zq_option *o = zq_options; o->name != NULL; o++) {
        if (line->options[o->id] == NULL || zq_option_is_for(o, program->options, command->name))
            continue;
        zq_fail(err, ZQ_E_USAGE, "'--%s' is not an option of '%s'", o->name, command->name);
        return zq_err_hint(err, "see '%s %s --help'", program->name, command->name);
    }
    return check_words(program, command, line->n_words - used, line->words + used, err);
}

/* ---- the walk ---- */

static bool is_admin_secret(const zq_option *o)
{
    return o->group == ZQ_GROUP_ADMIN && o->env != NULL &&
           zq_option_is_secret(&zq_options[o->content]);
}

/* The administrator's secrets are for this program alone: once read, they leave the environment and
 * the memory behind it, which /proc/PID/environ shows. The DB_ variables stay for COMMAND, the
 * application. */
static void wipe_environment(void)
{
    for (const zq_option *o = zq_options; o->name != NULL; o++) {
        char *text = is_admin_secret(o) ? getenv(o->env) : NULL;

        if (text == NULL)
            continue;
        if (zq_option_is_secret(o))
            sodium_memzero(text, strlen(text));
        unsetenv(o->env);
    }
}

static void print_warning(const char *text)
{
    zq_output_message(ZQ_WARNING, text);
}

/* Who became root by sudo may be obeyed as root: git trusts the same variable. */
static void trust_asker(void)
{
    const char *text = getenv("SUDO_UID");
    char *end;
    unsigned long user;

    if (text == NULL || *text < '0' || *text > '9')
        return;
    user = strtoul(text, &end, 10);
    if (*end == '\0' && user < UINT32_MAX)
        zq_trust_asker((uid_t)user);
}

static zq_rc open_settings(const zq_program *program, const zq_argv *line, zq_settings **out,
                           zq_arena *arena, zq_err *err)
{
    const char *home = getenv("HOME");
    zq_settings_input input = {
        .options = line->options,
        .environment = (const char *const *)environ,
        .dotenv = ".env",
        .ini = {"zquant.ini", "/etc/zquant/zquant.ini"},
        .mycnf = home == NULL ? NULL : zq_arena_printf(arena, "%s/.my.cnf", home),
    };
    zq_rc rc;

    trust_asker();
    rc = zq_settings_open(&input, out, err);
    if (set_output_from_settings(program, *out)) {
        zq_settings_close(*out);
        rc = zq_settings_open(&input, out, err);
    }
    wipe_environment();
    zq_settings_on_warning(*out, print_warning);
    return rc;
}

static zq_rc print_text(const zq_buf *text, zq_err *err)
{
    ZQ_TRY(zq_out_exact(zq_buf_text(text), err));
    return zq_out_flush(err);
}

/* A script and a canonical text are not JSON: whoever parses the output shall know. */
static zq_rc check_json(const zq_settings *settings, zq_err *err)
{
    const char *other = NULL;

    if (zq_settings_flag(settings, ZQ_SET_FIXES))
        other = "--fixes";
    else if (zq_settings_flag(settings, ZQ_SET_SQL))
        other = "--sql";
    else if (zq_settings_flag(settings, ZQ_SET_SCHEMA))
        other = "--schema";
    if (other == NULL || !zq_settings_flag(settings, ZQ_SET_JSON))
        return ZQ_OK;
    zq_fail(err, ZQ_E_USAGE, "'--json' and '%s' do not go together", other);
    return zq_err_hint(err, "leave one of the two out");
}

static zq_rc repeat_command(void *context, zq_err *err)
{
    zq_app *app = context;

    return app->command->run(app, err);
}

/* What the command failed with counts more than a file that could not be written. */
static zq_rc end_command(const zq_app *app, zq_rc rc, zq_err *err)
{
    zq_err unwritten = {0};

    if (rc == ZQ_OK) {
        ZQ_TRY(zq_app_leave_figures(app, rc, err));
        return zq_out_flush(err);
    }
    if (zq_app_leave_figures(app, rc, &unwritten) != ZQ_OK)
        zq_warn("%s: %s", unwritten.message, unwritten.detail);
    return rc;
}

static zq_rc run_command(const zq_program *program, const zq_argv *line, zq_arena *arena,
                         zq_err *err)
{
    ZQ_AUTO(zq_settings) settings = NULL;
    const zq_command *command = NULL;
    int used = 0;
    zq_app app = {
        .program = program,
        .arena = arena,
        .begun_ms = zq_now_ms(),
        .waiting_since_ms = zq_now_ms(),
        .figures = {.pending = -1, .differences = -1, .members_left = -1},
    };
    zq_rc rc;

    ZQ_TRY(find_command(program, line, &command, &used, err));
    ZQ_TRY(check_line(program, command, line, used, err));
    ZQ_TRY(open_settings(program, line, &settings, arena, err));
    ZQ_TRY(check_json(settings, err));
    app.settings = settings;
    app.argc = line->n_words - used;
    app.argv = line->words + used;
    app.exec = line->exec;
    app.command = command;
    zq_stop_where(command->name);
    rc = command->repeats ? zq_connect_repeat(&app, repeat_command, &app, err)
                          : command->run(&app, err);
    return end_command(&app, rc, err);
}

static zq_rc print_help(const zq_program *program, const zq_argv *line, zq_err *err)
{
    ZQ_AUTO_BUF(text);
    const zq_command *command = NULL;
    int used = 0;

    if (line->n_words == 0) {
        zq_help_program(program, &text);
    } else {
        ZQ_TRY(find_command(program, line, &command, &used, err));
        zq_help_command(program, command, &text);
    }
    return print_text(&text, err);
}

/* For the build, which installs what this prints, and for the sample in the source. */
static zq_rc print_generated(const zq_program *program, const zq_argv *line, zq_arena *arena,
                             zq_err *err)
{
    ZQ_AUTO_BUF(text);
    const char *kind = line->generate;

    if (strcmp(kind, "man") == 0)
        zq_help_man(program, &text);
    else if (strcmp(kind, "man-ini") == 0)
        zq_help_man_ini(&text);
    else if (strcmp(kind, "ini") == 0)
        zq_help_ini(&text);
    else if (strcmp(kind, "complete") == 0)
        zq_help_complete(program, line->exec, arena, &text);
    else if (!zq_help_shell(program, kind, &text))
        return zq_fail(err, ZQ_E_USAGE,
                       "'--generate' must be one of man, man-ini, ini, bash, zsh, fish, complete, "
                       "not '%s'",
                       kind);
    return print_text(&text, err);
}

static zq_rc walk(const zq_program *program, int argc, char **argv, zq_arena *arena, zq_argv *line,
                  zq_err *err)
{
    ZQ_AUTO_BUF(text);

    set_output_from_line(program, argc, argv);
    if (sodium_init() < 0)
        return zq_fail(err, ZQ_E_MEMORY, "cannot initialise libsodium");
    ZQ_TRY(zq_argv_parse(program->options, argc, argv, arena, line, err));
    if (line->n_words > 0 && strcmp(line->words[0], "help") == 0) {
        line->help = true;
        line->words++;
        line->n_words--;
    }
    if (line->help)
        return print_help(program, line, err);
    if (line->version) {
        zq_help_version(program, &text);
        return print_text(&text, err);
    }
    if (line->generate != NULL)
        return print_generated(program, line, arena, err);
    return run_command(program, line, arena, err);
}

/* The connection must not get the number of a standard stream that the caller has closed: a message
 * would go to the server. What takes its place cannot be written, or read, as the closed one could
 * not; COMMAND finds it closed again. */
static void occupy_closed_streams(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
            open("/dev/null", (fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) | O_CLOEXEC);
    }
}

/* The command that the words of the line begin with; NULL: none. */
static const char *named_command(const zq_program *program, const zq_argv *line)
{
    for (const zq_command *c = program->commands; c->name != NULL; c++) {
        if (zq_argv_match(c->name, line->words, line->n_words) > 0)
            return c->name;
    }
    return NULL;
}

/* Print what the run has to say at last, and give its status. */
static int finish(const zq_program *program, const zq_argv *line, zq_rc rc, zq_err *err)
{
    zq_err unwritten = {0};

    if (rc == ZQ_OK)
        rc = zq_output_document(NULL, err);
    if (rc != ZQ_OK) {
        zq_next_step(program->name, named_command(program, line), err);
        zq_output_document(err, &unwritten);
    }
    if (rc != ZQ_OK && err->message[0] != '\0')
        zq_output_error(err);
    return rc == ZQ_E_INTERRUPTED && zq_stop_signal() != 0 ? 128 + zq_stop_signal()
                                                           : zq_rc_exit_status(rc);
}

int zq_main(const zq_program *program, int argc, char **argv)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_err err = {0};
    zq_argv line = {0};
    zq_rc rc;

    occupy_closed_streams();
    /* A reader that went away shows as an error of writing, not by a signal. */
    signal(SIGPIPE, SIG_IGN);
    zq_stop_listen();
    zq_guard();
    rc = walk(program, argc, argv, arena, &line, &err);
    return finish(program, &line, rc, &err);
}
