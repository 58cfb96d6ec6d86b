#include "app/settings/argv.h"

#include <argp.h>
#include <stdint.h>
#include <string.h>

enum { KEY_LONG = 0x200, KEY_VERSION = 0x401, KEY_GENERATE, KEY_HELP };

/* Options that are not settings. */
static const struct {
    const char *name;
    int key;
    const char *argument;
} extras[] = {
    {"help", KEY_HELP, NULL},
    {"version", KEY_VERSION, NULL},
    {"generate", KEY_GENERATE, "KIND"},
};

typedef struct reader {
    unsigned program;
    zq_arena *arena;
    zq_argv *argv;
    zq_err *err;
    zq_rc rc;
} reader;

/* A password on the command line stands in the process list for all users of the machine. */
static zq_rc refuse_secret(zq_err *err, const zq_option *option)
{
    zq_fail(err, ZQ_E_USAGE, "a secret cannot be given on the command line, where others see it");
    if (option->id == ZQ_SET_URL)
        return zq_err_hint(err, "set %s in the environment or in .env", option->env);
    return zq_err_hint(err, "use '--%s-file FILE' or set %s in the environment", option->name,
                       option->env);
}

/* ---- what was wrong, when argp only says that something was ---- */

static bool is_offered(const zq_option *option, unsigned program)
{
    return !option->no_option && zq_option_is_for(option, program, NULL);
}

/* What other tools, the mysql client among them, call an option of ours. */
static const struct {
    const char *words;
    const char *name;
} others[] = {
    {"ssl|ssl-mode|skip-ssl|sslmode|ssl-verify-server-cert", "tls"},
    {"ssl-ca|sslca|ssl-capath", "tls-ca"},
    {"ssl-cert|sslcert", "tls-cert"},
    {"ssl-key|sslkey", "tls-key"},
    {"db|dbname|db-name|d", "database"},
    {"hostname|server|db-host", "host"},
    {"username|login|db-user", "user"},
    {"db-port", "port"},
    {"pass|passwd|pwd|db-password", "password-file"},
    {"timeout", "connect-timeout"},
    {"defaults-file|defaults-extra-file|login-path|configFiles|config-file|conf|c", "config"},
    {"debug|log-level|trace", "verbose"},
    {"silent|s", "quiet"},
    {"threads|parallel|concurrency", "jobs"},
    {"log", "log-format"},
    {"locations|directory|path|migrations-dir|script-location", "dir"},
    {"comment|title|description", "message"},
};

static const zq_option *offered_by_name(const char *name, unsigned program)
{
    for (const zq_option *o = zq_options; o->name != NULL; o++) {
        if (strcmp(o->name, name) == 0 && is_offered(o, program))
            return o;
    }
    return NULL;
}

/* NULL: nobody calls one of this program's so. */
static const char *name_of_others(const char *name, unsigned program)
{
    for (size_t i = 0; i < ZQ_LEN(others); i++) {
        if (zq_option_has_word(others[i].words, name) &&
            offered_by_name(others[i].name, program) != NULL)
            return others[i].name;
    }
    return NULL;
}

static zq_rc diagnose_unknown(const reader *r, const char *word, const char *name)
{
    zq_nearest nearest = {.word = name, .best = name_of_others(name, r->program)};

    for (const zq_option *o = zq_options; o->name != NULL && *name != '\0'; o++) {
        if (is_offered(o, r->program))
            zq_nearest_try(&nearest, o->name);
    }
    zq_nearest_try(&nearest, "help");
    zq_nearest_try(&nearest, "version");
    zq_fail(r->err, ZQ_E_USAGE, "unknown option '%s'", word);
    if (nearest.best != NULL)
        return zq_err_hint(r->err, "did you mean '--%s'? See '--help'", nearest.best);
    return zq_err_hint(r->err, "see '--help'");
}

/* Of "-json", "-u=root" and "\xE2\x80\x94json", as an editor makes of two hyphens: no option of
 * ours, and what was meant. `at` is where its name begins. */
static zq_rc diagnose_hyphens(const reader *r, const char *word, const char *at)
{
    size_t length = strcspn(at, "=");
    const char *shown = zq_arena_strndup(r->arena, word, (size_t)(at - word) + length);
    const char *name = zq_arena_strndup(r->arena, at, length);
    const zq_option *o = length == 1 ? zq_option_by_letter(*at) : NULL;

    for (const zq_option *secret = zq_options; secret->name != NULL; secret++) {
        if (secret->kind == ZQ_OPTION_SECRET && strcmp(secret->name, name) == 0)
            return refuse_secret(r->err, secret);
    }
    return diagnose_unknown(r, shown, o != NULL && is_offered(o, r->program) ? o->name : name);
}

/* The name in what begins with a dash, a minus or a full-width hyphen; NULL: it does not. */
static const char *behind_dashes(const char *word)
{
    static const char *const dashes[] = {"\xE2\x80\x93", "\xE2\x80\x94", "\xE2\x88\x92",
                                         "\xEF\xBC\x8D", "-"};
    const char *at = word;

    for (size_t i = 0; i < ZQ_LEN(dashes); i++) {
        if (strncmp(at, dashes[i], strlen(dashes[i])) == 0) {
            at += strlen(dashes[i]);
            i = SIZE_MAX;
        }
    }
    return at == word || *word == '-' || *at == '\0' || strpbrk(at, " \t\n") != NULL ? NULL : at;
}

/* A whole name behind one hyphen, and a letter with a '=' behind it, would be taken for letters
 * with a value: "-url=a" for "-u rl=a". */
static const char *behind_one_hyphen(const reader *r, const char *word)
{
    const char *name = zq_arena_strndup(r->arena, word + 1, strcspn(word + 1, "="));
    bool named = name_of_others(name, r->program) != NULL;

    if (word[0] != '-' || word[1] == '-' || word[1] == '\0')
        return NULL;
    if (word[2] == '=')
        return zq_option_by_letter(word[1]) == NULL ? NULL : word + 1;
    for (const zq_option *o = zq_options; o->name != NULL; o++)
        named |= strcmp(o->name, name) == 0;
    for (size_t i = 0; i < ZQ_LEN(extras); i++)
        named |= strcmp(extras[i].name, name) == 0;
    return named && strlen(name) > 2 ? word + 1 : NULL;
}

/* Does the next word belong to this one? */
static bool takes_next(const reader *r, const char *word)
{
    const zq_option *o = NULL;

    if (word[0] != '-' || word[1] == '\0')
        return false;
    if (word[1] == '-')
        o = offered_by_name(word + 2, r->program);
    else
        o = zq_option_by_letter(word[strlen(word) - 1]);
    return o != NULL && o->kind != ZQ_OPTION_FLAG && (word[1] == '-' || word[2] == '\0');
}

static zq_rc check_hyphens(const reader *r, int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        const char *name = behind_one_hyphen(r, argv[i]);

        if (name != NULL)
            return diagnose_hyphens(r, argv[i], name);
        i += takes_next(r, argv[i]);
    }
    return ZQ_OK;
}

/* Look at "--name" or "--name=text". `*out_skip`: the next word is its text. */
static zq_rc diagnose_long(const reader *r, const char *word, bool last, bool *out_skip)
{
    size_t length = strcspn(word + 2, "=");
    const char *name = zq_arena_strndup(r->arena, word + 2, length);
    const char *dashed = zq_arena_strndup(r->arena, word, length + 2);
    bool has_text = word[2 + length] == '=';
    const char *full = NULL;
    const char *other = NULL;
    bool wants_text = false;

    for (size_t i = 0; i < ZQ_LEN(extras) && full == NULL; i++) {
        if (strcmp(extras[i].name, name) == 0) {
            full = extras[i].name;
            wants_text = extras[i].argument != NULL;
        }
    }
    for (const zq_option *o = zq_options; o->name != NULL; o++) {
        bool exact = strcmp(o->name, name) == 0;

        if (!is_offered(o, r->program) || strncmp(o->name, name, length) != 0)
            continue;
        other = full != NULL && !exact ? o->name : NULL;
        if (full == NULL || exact) {
            full = o->name;
            wants_text = o->kind != ZQ_OPTION_FLAG;
        }
        if (exact || other != NULL)
            break;
    }
    if (length > 0 && strncmp("password", name, length) == 0)
        return refuse_secret(r->err, &zq_options[ZQ_SET_PASSWORD]);
    if (full == NULL)
        return diagnose_unknown(r, dashed, name);
    if (other != NULL) {
        zq_fail(r->err, ZQ_E_USAGE, "option '%s' is ambiguous", dashed);
        return zq_err_hint(r->err, "it may be '--%s' or '--%s'", full, other);
    }
    if (has_text && !wants_text) {
        zq_fail(r->err, ZQ_E_USAGE, "option '--%s' takes no value", full);
        return zq_err_hint(r->err, "see '--help'");
    }
    if (!has_text && wants_text && last) {
        zq_fail(r->err, ZQ_E_USAGE, "option '--%s' needs a value", full);
        return zq_err_hint(r->err, "see '--help'");
    }
    *out_skip = !has_text && wants_text;
    return ZQ_OK;
}

static zq_rc diagnose_short(const reader *r, const char *word, bool last, bool *out_skip)
{
    for (const char *c = word + 1; *c != '\0'; c++) {
        const zq_option *o = zq_option_by_letter(*c);
        const char *dashed = zq_arena_printf(r->arena, "-%c", *c);

        if (*c == 'V' || *c == '?')
            continue;
        if (*c >= '0' && *c <= '9')
            return ZQ_OK;
        if (o == NULL || !is_offered(o, r->program)) {
            return diagnose_unknown(
                r, dashed, name_of_others(dashed + 1, r->program) == NULL ? "" : dashed + 1);
        }
        if (o->kind == ZQ_OPTION_FLAG)
            continue;
        if (c[1] == '\0' && last) {
            zq_fail(r->err, ZQ_E_USAGE, "option '%s' needs a value", dashed);
            return zq_err_hint(r->err, "see '--help'");
        }
        *out_skip = c[1] == '\0';
        return ZQ_OK;
    }
    return ZQ_OK;
}

static zq_rc diagnose(const reader *r, int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        bool skip = false;

        if (argv[i][0] != '-' || argv[i][1] == '\0')
            continue;
        if (argv[i][1] == '-')
            ZQ_TRY(diagnose_long(r, argv[i], i + 1 == argc, &skip));
        else
            ZQ_TRY(diagnose_short(r, argv[i], i + 1 == argc, &skip));
        i += skip;
    }
    zq_fail(r->err, ZQ_E_USAGE, "the options cannot be understood");
    return zq_err_hint(r->err, "see '--help'");
}

/* ---- the parser ---- */

static error_t take(int key, char *text, struct argp_state *state)
{
    reader *r = state->input;
    zq_argv *out = r->argv;
    const zq_option *option = NULL;

    switch (key) {
    case ARGP_KEY_ARG:
        if (state->quoted != 0 && state->next > state->quoted) {
            out->exec = state->argv + state->next - 1;
            state->next = state->argc;
            return 0;
        }
        if (behind_dashes(text) != NULL) {
            r->rc = diagnose_hyphens(r, text, behind_dashes(text));
            return EINVAL;
        }
        if (strstr(text, "://") != NULL) {
            r->rc = refuse_secret(r->err, &zq_options[ZQ_SET_URL]);
            return EINVAL;
        }
        out->words[out->n_words++] = text;
        return 0;
    case KEY_HELP:
    case '?':
        out->help = true;
        return 0;
    case KEY_VERSION:
    case 'V':
        out->version = true;
        return 0;
    case KEY_GENERATE:
        out->generate = text;
        return 0;
    case 'h':
        zq_fail(r->err, ZQ_E_USAGE, "unknown option '-h'");
        r->rc = zq_err_hint(r->err, "'-H HOST' is the host, '--help' is help");
        return EINVAL;
    case 'p':
        r->rc = refuse_secret(r->err, &zq_options[ZQ_SET_PASSWORD]);
        return EINVAL;
    default:
        break;
    }
    /* "-1" is not an option but a place in the chain of revisions, one before the current one. */
    if (key >= '0' && key <= '9') {
        out->words[out->n_words++] =
            zq_arena_printf(r->arena, "-%c%s", key, text == NULL ? "" : text);
        return 0;
    }
    if (key >= KEY_LONG && key < KEY_LONG + ZQ_SET_COUNT_)
        option = &zq_options[key - KEY_LONG];
    else if (key > 0 && key < 0x100)
        option = zq_option_by_letter((char)key);
    if (option == NULL)
        return ARGP_ERR_UNKNOWN;
    if (option->no_option) {
        r->rc = refuse_secret(r->err, option);
        return EINVAL;
    }
    if (option->repeats && out->options[option->id] != NULL)
        text = zq_arena_printf(r->arena, "%s,%s", out->options[option->id], text);
    out->options[option->id] = text == NULL ? "yes" : text;
    return 0;
}

static struct argp_option hidden(const char *name, int key, const char *argument)
{
    return (struct argp_option){
        .name = name, .key = key, .arg = argument, .flags = OPTION_HIDDEN | OPTION_ARG_OPTIONAL};
}

static struct argp_option *parser_options(unsigned program, zq_arena *arena)
{
    struct argp_option *all =
        ZQ_NEW_ARRAY(arena, struct argp_option, ZQ_SET_COUNT_ + ZQ_LEN(extras) + 15);
    size_t n = 0;

    for (const zq_option *o = zq_options; o->name != NULL; o++) {
        int key = o->letter != '\0' ? o->letter : KEY_LONG + (int)o->id;

        /* Named so that "--password=x" is not taken for a short "--password-file=x". */
        if (o->no_option && o->kind == ZQ_OPTION_SECRET)
            all[n++] = hidden(o->name, KEY_LONG + (int)o->id, "SECRET");
        else if (is_offered(o, program))
            all[n++] = (struct argp_option){.name = o->name, .key = key, .arg = o->argument};
    }
    for (size_t i = 0; i < ZQ_LEN(extras); i++)
        all[n++] = (struct argp_option){
            .name = extras[i].name, .key = extras[i].key, .arg = extras[i].argument};
    all[n++] = hidden(NULL, 'p', "SECRET");
    for (int digit = '0'; digit <= '9'; digit++)
        all[n++] = hidden(NULL, digit, "N");
    all[n++] = (struct argp_option){.key = 'h', .flags = OPTION_HIDDEN};
    all[n++] = (struct argp_option){.key = 'V', .flags = OPTION_HIDDEN};
    all[n++] = (struct argp_option){.key = '?', .flags = OPTION_HIDDEN};
    return all;
}

zq_rc zq_argv_parse(unsigned program, int argc, char **argv, zq_arena *arena, zq_argv *out_argv,
                    zq_err *err)
{
    zq_argv found = {.words = ZQ_NEW_ARRAY(arena, char *, (size_t)argc + 1)};
    reader r = {.program = program, .arena = arena, .argv = &found, .err = err, .rc = ZQ_OK};
    struct argp parser = {.options = parser_options(program, arena), .parser = take};
    unsigned flags = ARGP_IN_ORDER | ARGP_NO_HELP | ARGP_NO_EXIT | ARGP_NO_ERRS;

    ZQ_TRY(check_hyphens(&r, argc, argv));
    if (argp_parse(&parser, argc, argv, flags, NULL, &r) != 0)
        return r.rc != ZQ_OK ? r.rc : diagnose(&r, argc, argv);
    if (argc > 0 && found.exec == NULL && argc > 1 && strcmp(argv[argc - 1], "--") == 0) {
        zq_fail(err, ZQ_E_USAGE, "no command after '--'");
        return zq_err_hint(err, "write '-- COMMAND ARG...'");
    }
    *out_argv = found;
    return ZQ_OK;
}

int zq_argv_match(const char *name, char **words, int n_words)
{
    int n = 0;

    while (*name != '\0') {
        size_t length = strcspn(name, " ");

        if (n == n_words || strlen(words[n]) != length || strncmp(words[n], name, length) != 0)
            return 0;
        n++;
        name += length;
        name += *name == ' ';
    }
    return n;
}
