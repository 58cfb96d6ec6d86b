#include "app/settings/settings.h"

#include "base/language.h"
#include "base/text.h"
#include "sql/sql.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MOST_WARNINGS = 32 };

typedef struct value {
    zq_level level;
    const char *text;
    const char *source;
    long number; /* of a flag 1 for yes, of a choice its place */
    bool from_url;
} value;

struct zq_settings {
    zq_vault *vault;
    value values[ZQ_SET_COUNT_];
    const char *secrets[ZQ_SET_COUNT_]; /* what files held, once read */
    const char *warnings[MOST_WARNINGS];
    size_t n_warnings;
    void (*warn)(const char *text);
};

zq_vault *zq_settings_vault(zq_settings *settings)
{
    return settings->vault;
}

void zq_settings_warn(zq_settings *settings, const char *format, ...)
{
    char text[512];
    va_list args;

    if (settings->n_warnings == MOST_WARNINGS)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof text, zq_tr(format), args);
    va_end(args);
    settings->warnings[settings->n_warnings++] = zq_vault_strdup(settings->vault, text);
    if (settings->warn != NULL)
        settings->warn(text);
}

/* ---- one value ---- */

/* "'--port'", "'DB_PORT'", "zquant.ini:7: 'port'". */
static const char *where(const zq_given *given, char *out, size_t size)
{
    if (strcmp(given->source, given->subject) == 0)
        snprintf(out, size, "'%s'", given->subject);
    else
        snprintf(out, size, "%s: '%s'", given->source, given->subject);
    return out;
}

static zq_rc rc_of(const zq_given *given)
{
    return given->level == ZQ_LEVEL_OPTION ? ZQ_E_USAGE : ZQ_E_CONFIG;
}

static zq_rc refuse(const zq_given *given, zq_err *err)
{
    char place[256];
    char wants[256];

    return zq_fail(err, rc_of(given), "%s must be %s, not '%s'", where(given, place, sizeof place),
                   zq_option_wants(given->option, wants, sizeof wants), given->text);
}

static bool read_number(const char *text, long *out_number)
{
    char *end;

    if (*text < '0' || *text > '9')
        return false;
    errno = 0;
    *out_number = strtol(text, &end, 10);
    return errno == 0 && *end == '\0';
}

/* 1, 0, or -1 for neither. */
static int read_flag(const char *text)
{
    static const char *const words[] = {"yes", "true", "on", "1", "no", "false", "off", "0"};

    for (size_t i = 0; i < ZQ_LEN(words); i++) {
        if (strcasecmp(text, words[i]) == 0)
            return i < 4;
    }
    return -1;
}

/* Its place, -1 for none. In any case, and with '_' for '-': MySQL writes VERIFY_CA. */
static int read_choice(const zq_option *option, const char *text, char *out, size_t size)
{
    size_t length = strlen(text);

    if (length >= size)
        return -1;
    for (size_t i = 0; i <= length; i++) {
        char c = text[i] == '_' ? '-' : text[i];

        out[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    return zq_option_word_place(option->choices, out);
}

static const char *name_problem(const char *name)
{
    const char *problem = zq_sql_ident_problem(name);

    return problem != NULL                        ? problem
           : zq_text_is_plain(name, strlen(name)) ? NULL
                                                  : "a name holds characters that nobody sees";
}

static zq_rc check(const zq_given *given, const char **out_text, long *out_number, zq_err *err)
{
    static char choice[64];
    const zq_option *option = given->option;
    const char *problem = option->id == ZQ_SET_DATABASE ? name_problem(given->text) : NULL;
    char place[256];

    *out_text = given->text;
    switch (option->kind) {
    case ZQ_OPTION_NUMBER:
        if (!read_number(given->text, out_number) || *out_number < option->least ||
            *out_number > option->most)
            return refuse(given, err);
        break;
    case ZQ_OPTION_FLAG:
        /* no-color.org: present and not empty, whatever it says. */
        *out_number = option->id == ZQ_SET_NO_COLOR && given->level >= ZQ_LEVEL_DOTENV
                          ? 1
                          : read_flag(given->text);
        if (*out_number < 0)
            return refuse(given, err);
        *out_text = *out_number != 0 ? "yes" : "no";
        break;
    case ZQ_OPTION_CHOICE:
        *out_number = read_choice(option, given->text, choice, sizeof choice);
        if (*out_number < 0)
            return refuse(given, err);
        *out_text = choice;
        break;
    default:
        break;
    }
    return problem == NULL ? ZQ_OK
                           : zq_fail(err, rc_of(given), "%s: %s: '%s'",
                                     where(given, place, sizeof place), problem, given->text);
}

/* An empty variable is one that was not set: that is what container tools make of a variable that
 * they pass on. Only an empty password says something. */
static bool says_nothing(const zq_given *given)
{
    return *given->text == '\0' && given->level != ZQ_LEVEL_OPTION &&
           given->option->id != ZQ_SET_PASSWORD;
}

/* The setting itself, or its other way of being set, X and X_FILE. */
static value *rival(zq_settings *settings, const zq_option *option, zq_setting *out_which)
{
    for (const zq_option *o = zq_options; o->name != NULL; o++) {
        value *v = &settings->values[o->id];

        if (o->content == option->content && v->level > ZQ_LEVEL_NONE) {
            *out_which = o->id;
            return v;
        }
    }
    return NULL;
}

static zq_rc refuse_both(const zq_given *given, const value *other, zq_setting which, zq_err *err)
{
    char place[256];
    const zq_option *o = &zq_options[which];
    const char *name = o->key;

    if (given->level == ZQ_LEVEL_OPTION)
        name = other->source;
    else if (given->level == ZQ_LEVEL_ENV || given->level == ZQ_LEVEL_DOTENV)
        name = o->env;
    zq_fail(err, rc_of(given), "%s and '%s' are both set", where(given, place, sizeof place), name);
    zq_err_hint(err, "set only one of them");
    return rc_of(given);
}

zq_rc zq_settings_put(zq_settings *settings, const zq_given *given, zq_err *err)
{
    zq_setting which;
    const char *text = NULL;
    long number = 0;
    value *other;

    if (says_nothing(given))
        return ZQ_OK;
    ZQ_TRY(check(given, &text, &number, err));
    other = rival(settings, given->option, &which);
    if (other != NULL) {
        bool same_place = which == given->option->id;

        if (other->level > given->level || given->from_url)
            return ZQ_OK;
        if (!same_place && *other->text != '\0' && *text != '\0')
            return refuse_both(given, other, which, err);
        if (!same_place && *text == '\0')
            return ZQ_OK;
        /* A later line of the same file, or the file of a password that is empty. */
        *other = (value){0};
    }
    settings->values[given->option->id] = (value){
        .level = given->level,
        .text = zq_vault_strdup(settings->vault, text),
        .source = zq_vault_strdup(settings->vault, given->source),
        .number = number,
        .from_url = given->from_url,
    };
    return ZQ_OK;
}

void zq_settings_take_defaults(zq_settings *settings)
{
    for (const zq_option *o = zq_options; o->name != NULL; o++) {
        const zq_given given = {.option = o,
                                .text = o->fallback,
                                .level = ZQ_LEVEL_DEFAULT,
                                .source = "default",
                                .subject = o->name};

        if (o->fallback != NULL)
            zq_settings_put(settings, &given, NULL);
    }
}

zq_settings *zq_settings_new(void)
{
    zq_vault *vault = zq_vault_open();
    zq_settings *settings = zq_vault_alloc(vault, sizeof *settings);

    settings->vault = vault;
    return settings;
}

void zq_settings_close(zq_settings *settings)
{
    zq_vault_close(settings->vault);
}

/* ---- what is asked ---- */

void zq_settings_on_warning(zq_settings *settings, void (*warn)(const char *text))
{
    for (size_t i = 0; i < settings->n_warnings; i++)
        warn(settings->warnings[i]);
    settings->warn = warn;
}

const char *zq_settings_text(const zq_settings *settings, zq_setting which)
{
    const value *v = &settings->values[which];

    return v->text == NULL || *v->text == '\0' ? NULL : v->text;
}

long zq_settings_num(const zq_settings *settings, zq_setting which)
{
    return settings->values[which].number;
}

bool zq_settings_is_yes(const char *text)
{
    return read_flag(text) == 1;
}

bool zq_settings_flag(const zq_settings *settings, zq_setting which)
{
    return settings->values[which].number == 1;
}

unsigned zq_settings_ms(const zq_settings *settings, zq_setting which)
{
    return (unsigned)settings->values[which].number * 1000;
}

int zq_settings_choice(const zq_settings *settings, zq_setting which)
{
    return (int)settings->values[which].number;
}

zq_flavor zq_settings_flavor(const zq_settings *settings)
{
    return (zq_flavor)zq_settings_choice(settings, ZQ_SET_FLAVOR);
}

const char *zq_settings_source(const zq_settings *settings, zq_setting which)
{
    const char *source = settings->values[which].source;

    return source == NULL ? "" : source;
}

zq_level zq_settings_level(const zq_settings *settings, zq_setting which)
{
    return settings->values[which].level;
}

static zq_rc read_secret_file(zq_settings *settings, zq_setting file, const char **out_text,
                              zq_err *err)
{
    const char *path = zq_settings_text(settings, file);
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_file_facts facts = {0};
    zq_rc rc = zq_vault_read_secret(settings->vault, path, out_text, &facts, err);
    const char *command;
    const char *words;

    if (rc != ZQ_OK)
        return zq_err_prefix(err, "%s: ", zq_settings_source(settings, file));
    words = zq_trust_doubt(path, &facts, arena, &command);
    if (words != NULL)
        zq_settings_warn(settings, "'%s' holds a password, but %s; run: %s", path, words, command);
    if (settings->values[file].level != ZQ_LEVEL_ENV)
        return zq_vault_refuse_open(path, &facts, N_("a password"), err);
    /* What a variable names was mounted by the tool that set it, often with mode 0444. */
    words = zq_trust_exposure(path, &facts, arena, &command);
    if (words != NULL)
        zq_settings_warn(settings, "'%s' holds a password, but %s; run: %s", path, words, command);
    return ZQ_OK;
}

zq_rc zq_settings_secret(zq_settings *settings, zq_setting which, const char **out_text,
                         zq_err *err)
{
    *out_text = zq_settings_text(settings, which);
    for (const zq_option *o = zq_options; o->name != NULL && *out_text == NULL; o++) {
        if (o->content != which || o->id == which || zq_settings_text(settings, o->id) == NULL)
            continue;
        if (settings->secrets[which] == NULL)
            ZQ_TRY(read_secret_file(settings, o->id, &settings->secrets[which], err));
        *out_text = settings->secrets[which];
    }
    return ZQ_OK;
}

static bool uses_socket(const zq_settings *settings)
{
    const value *host = &settings->values[ZQ_SET_HOST];
    const value *port = &settings->values[ZQ_SET_PORT];
    const value *socket = &settings->values[ZQ_SET_SOCKET];
    zq_level address = host->level > port->level ? host->level : port->level;

    if (zq_settings_text(settings, ZQ_SET_SOCKET) == NULL)
        return false;
    if (socket->level != address)
        return socket->level > address;
    return host->level < address || strcmp(host->text, "localhost") == 0;
}

static zq_tls tls_mode(const zq_settings *settings)
{
    if (zq_settings_level(settings, ZQ_SET_TLS) <= ZQ_LEVEL_DEFAULT)
        return zq_settings_text(settings, ZQ_SET_TLS_CA) != NULL ? ZQ_TLS_VERIFY_CA
                                                                 : ZQ_TLS_PREFERRED;
    return (zq_tls)zq_settings_choice(settings, ZQ_SET_TLS);
}

zq_rc zq_settings_target(zq_settings *settings, zq_target *out_target, zq_err *err)
{
    bool socket = uses_socket(settings);
    const char *password;

    ZQ_TRY(zq_settings_secret(settings, ZQ_SET_PASSWORD, &password, err));
    *out_target = (zq_target){
        .host = socket ? NULL : zq_settings_text(settings, ZQ_SET_HOST),
        .port = (unsigned)zq_settings_num(settings, ZQ_SET_PORT),
        .socket = socket ? zq_settings_text(settings, ZQ_SET_SOCKET) : NULL,
        .user = zq_settings_text(settings, ZQ_SET_USER),
        .password = password,
        .tls = tls_mode(settings),
        .tls_ca = zq_settings_text(settings, ZQ_SET_TLS_CA),
        .tls_cert = zq_settings_text(settings, ZQ_SET_TLS_CERT),
        .tls_key = zq_settings_text(settings, ZQ_SET_TLS_KEY),
        .server_public_key = zq_settings_text(settings, ZQ_SET_SERVER_PUBLIC_KEY),
        .get_server_public_key = zq_settings_flag(settings, ZQ_SET_GET_SERVER_PUBLIC_KEY),
        .connect_timeout_ms = zq_settings_ms(settings, ZQ_SET_CONNECT_TIMEOUT),
        .max_result = (size_t)zq_settings_num(settings, ZQ_SET_MAX_RESULT) << 20,
    };
    return ZQ_OK;
}
