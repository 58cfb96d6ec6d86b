/* From each source to zq_settings_put, the strongest first. */
#include "app/settings/dotenv.h"
#include "app/settings/inifile.h"
#include "app/settings/mycnf.h"
#include "app/settings/settings.h"
#include "app/settings/url.h"
#include "base/language.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { MOST_BYTES = 1024 * 1024 }; /* of a settings file */

/* One file under way. */
typedef struct source {
    zq_settings *settings;
    const char *file;
    zq_level level;
    const char *secret; /* the key of a password that stands in it; NULL: none does */

    zq_file read;
    bool named;     /* rather than found: then it is obeyed, with a warning */
    bool optional;  /* rather left out than refused */
    bool looked_at; /* who could have written it */
    bool left_out;
} source;

/* ---- the parts of a URL ---- */

/* After the single settings of its level, which override its parts. */
static zq_rc take_url(zq_settings *settings, zq_level level, const char *name, zq_err *err)
{
    zq_vault *vault = zq_settings_vault(settings);
    const char *text = zq_settings_text(settings, ZQ_SET_URL);
    const char *place = zq_settings_source(settings, ZQ_SET_URL);
    zq_url url;

    if (text == NULL || zq_settings_level(settings, ZQ_SET_URL) != level)
        return ZQ_OK;
    if (zq_url_parse(text, vault, &url, err) != ZQ_OK)
        return zq_err_prefix(err, "%s%s'%s': ", strcmp(place, name) == 0 ? "" : place,
                             strcmp(place, name) == 0 ? "" : ": ", name);
    if (url.ignored != NULL)
        zq_settings_warn(settings, "parameters of '%s' that mean nothing here: %s", name,
                         url.ignored);
    for (size_t i = 0; i < url.n_parts; i++) {
        zq_given given = {.option = &zq_options[url.parts[i].which],
                          .text = url.parts[i].text,
                          .level = level,
                          .source = place,
                          .subject = url.parts[i].subject,
                          .from_url = true};

        ZQ_TRY(zq_settings_put(settings, &given, err));
    }
    return ZQ_OK;
}

/* ---- options ---- */

/* A path that is empty takes back what a weaker source says; one that no other source has would be
 * lost without a word: `--write "$FILE"`. */
static bool may_be_empty(const zq_option *o)
{
    return o->kind == ZQ_OPTION_PATH && o->env != NULL;
}

static zq_rc take_options(zq_settings *settings, const char *const *options, zq_err *err)
{
    for (const zq_option *o = zq_options; o->name != NULL && options != NULL; o++) {
        char name[64];
        zq_given given = {.option = o, .level = ZQ_LEVEL_OPTION, .source = name, .subject = name};

        if (options[o->id] == NULL)
            continue;
        snprintf(name, sizeof name, "--%s", o->name);
        given.text = options[o->id];
        if (*given.text == '\0' && !may_be_empty(o))
            return zq_fail(err, ZQ_E_USAGE, "'%s' must not be empty", name);
        ZQ_TRY(zq_settings_put(settings, &given, err));
    }
    return ZQ_OK;
}

/* ---- environment, and names as there ---- */

/* A name that looks like one of ours but is not. The application has many DB_ names of its own, so
 * those are only reported when they are nearly one of ours. */
static void look_at_unknown(zq_settings *settings, const char *place, const char *name)
{
    zq_nearest nearest = {.word = name};
    bool ours = strncmp(name, "ZQUANT_", strlen("ZQUANT_")) == 0;

    if (!ours && strncmp(name, "DB_", strlen("DB_")) != 0)
        return;
    /* "ZQUANT_DB_HOST", "ZQUANT_HOST" */
    if (ours) {
        const char *bare = name + strlen("ZQUANT_");
        char with[160];

        snprintf(with, sizeof with, "%s%s", strncmp(bare, "DB_", 3) == 0 ? "" : "DB_", bare);
        if (zq_option_by_env(with) != NULL)
            nearest.best = zq_option_by_env(with)->env;
    }
    for (const zq_option *o = zq_options; o->name != NULL; o++) {
        if (o->env != NULL)
            zq_nearest_try(&nearest, o->env);
    }
    if (nearest.best != NULL)
        zq_settings_warn(settings, "%s'%s' is not a setting; did you mean '%s'?", place, name,
                         nearest.best);
    else if (ours)
        zq_settings_warn(settings, "%s'%s' is not a setting", place, name);
}

/* What the images of the servers and other frameworks call a setting: reported where it is set by
 * nothing else, since the server beside us may have them from the same file. */
static void look_at_other_names(zq_settings *settings, const char *const *environment)
{
    static const struct {
        const char *name;
        zq_setting which;
        zq_setting or_by;
    } others[] = {
        {"MYSQL_HOST", ZQ_SET_HOST, ZQ_SET_SOCKET},
        {"MYSQL_USER", ZQ_SET_USER, ZQ_SET_USER},
        {"MYSQL_PASSWORD", ZQ_SET_PASSWORD, ZQ_SET_PASSWORD_FILE},
        {"MYSQL_DATABASE", ZQ_SET_DATABASE, ZQ_SET_DATABASE},
        {"MARIADB_HOST", ZQ_SET_HOST, ZQ_SET_SOCKET},
        {"MARIADB_USER", ZQ_SET_USER, ZQ_SET_USER},
        {"MARIADB_PASSWORD", ZQ_SET_PASSWORD, ZQ_SET_PASSWORD_FILE},
        {"MARIADB_DATABASE", ZQ_SET_DATABASE, ZQ_SET_DATABASE},
        {"DB_USERNAME", ZQ_SET_USER, ZQ_SET_USER},
        {"DB_DATABASE", ZQ_SET_DATABASE, ZQ_SET_DATABASE},
        {"DB_URL", ZQ_SET_URL, ZQ_SET_HOST},
        {"DATABASE_URI", ZQ_SET_URL, ZQ_SET_HOST},
        {"SQLALCHEMY_DATABASE_URI", ZQ_SET_URL, ZQ_SET_HOST},
        {"SQLALCHEMY_DATABASE_URL", ZQ_SET_URL, ZQ_SET_HOST},
        {"SQLALCHEMY_URL", ZQ_SET_URL, ZQ_SET_HOST},
        {"FLYWAY_URL", ZQ_SET_URL, ZQ_SET_HOST},
        {"FLYWAY_USER", ZQ_SET_USER, ZQ_SET_USER},
        {"FLYWAY_PASSWORD", ZQ_SET_PASSWORD, ZQ_SET_PASSWORD_FILE},
    };

    for (; environment != NULL && *environment != NULL; environment++) {
        size_t length = strcspn(*environment, "=");

        for (size_t i = 0; i < ZQ_LEN(others); i++) {
            if (strlen(others[i].name) == length &&
                strncmp(*environment, others[i].name, length) == 0 &&
                zq_settings_level(settings, others[i].which) == ZQ_LEVEL_NONE &&
                zq_settings_level(settings, others[i].or_by) == ZQ_LEVEL_NONE)
                zq_settings_warn(settings, "'%s' is not a setting; did you mean '%s'?",
                                 others[i].name, zq_options[others[i].which].env);
        }
    }
}

static zq_rc take_environment(zq_settings *settings, const char *const *environment, zq_err *err)
{
    zq_rc rc = ZQ_OK;

    for (; environment != NULL && *environment != NULL; environment++) {
        const char *equals = strchr(*environment, '=');
        char name[128];
        zq_given given = {.level = ZQ_LEVEL_ENV, .source = name, .subject = name};

        if (equals == NULL || (size_t)(equals - *environment) >= sizeof name)
            continue;
        snprintf(name, sizeof name, "%.*s", (int)(equals - *environment), *environment);
        given.option = zq_option_by_env(name);
        if (given.option == NULL) {
            look_at_unknown(settings, "", name);
            continue;
        }
        given.text = equals + 1;
        /* Go on after a mistake: how it is reported may stand in a variable that comes later. */
        if (rc == ZQ_OK)
            rc = zq_settings_put(settings, &given, err);
        else
            zq_settings_put(settings, &given, NULL);
    }
    return rc != ZQ_OK ? rc : take_url(settings, ZQ_LEVEL_ENV, "DATABASE_URL", err);
}

/* ---- .env ---- */

/* Does the value itself have to be kept from others? */
static bool holds_secret(const zq_option *option, const char *value)
{
    if (!zq_option_is_secret(option) || *value == '\0')
        return false;
    /* A URL is one only with a password in it. */
    if (option->id == ZQ_SET_URL) {
        const char *user = strstr(value, "://");

        user = user == NULL ? NULL : user + 3 + strcspn(user + 3, ":/@");
        return user != NULL && *user == ':' && strchr(user, '@') != NULL;
    }
    return true;
}

/* Once for each file, at the first setting in it: one without any is nobody's trap. */
static zq_rc look_at_owner(source *s, zq_err *err)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const char *command;
    const char *doubt = zq_trust_doubt(s->file, &s->read.facts, arena, &command);

    s->looked_at = true;
    if (doubt == NULL)
        return ZQ_OK;
    if (s->named) {
        zq_settings_warn(s->settings, "%s", zq_trust_warning(s->file, &s->read.facts, arena));
        return ZQ_OK;
    }
    if (s->optional) {
        s->left_out = true;
        zq_settings_warn(s->settings, "'%s' is not read, because %s; run: %s", s->file, doubt,
                         command);
        return ZQ_OK;
    }
    zq_fail(err, ZQ_E_CONFIG, "'%s' is not obeyed, because %s", s->file, doubt);
    return zq_err_hint(err, "run: %s", command);
}

static zq_rc put_line(source *s, const zq_option *option, unsigned line, const char *subject,
                      const char *value, zq_err *err)
{
    char place[512];
    zq_given given = {
        .option = option, .text = value, .level = s->level, .source = place, .subject = subject};

    if (!s->looked_at)
        ZQ_TRY(look_at_owner(s, err));
    if (s->left_out)
        return ZQ_OK;
    snprintf(place, sizeof place, "%s:%u", s->file, line);
    if (holds_secret(option, value))
        s->secret = zq_vault_strdup(zq_settings_vault(s->settings), subject);
    return zq_settings_put(s->settings, &given, err);
}

static zq_rc take_dotenv_item(void *context, const zq_dotenv_item *item, zq_err *err)
{
    source *s = context;
    const zq_option *option = zq_option_by_env(item->key);
    char place[512];

    if (option == NULL) {
        snprintf(place, sizeof place, "%s:%u: ", s->file, item->line);
        look_at_unknown(s->settings, place, item->key);
        return ZQ_OK;
    }
    return item->value == NULL ? ZQ_OK
                               : put_line(s, option, item->line, item->key, item->value, err);
}

/* Of a file that other programs read too, and do not mind. */
static void warn_of_exposure(const source *s)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    const char *command;
    const char *exposure =
        s->secret == NULL ? NULL : zq_trust_exposure(s->file, &s->read.facts, arena, &command);

    if (exposure != NULL)
        zq_settings_warn(s->settings, "'%s' holds a password ('%s'), but %s; run: %s", s->file,
                         s->secret, exposure, command);
}

static zq_rc take_dotenv(zq_settings *settings, const zq_settings_input *input, zq_err *err)
{
    source s = {.settings = settings, .file = input->dotenv, .level = ZQ_LEVEL_DOTENV};
    zq_vault *vault = zq_settings_vault(settings);

    if (input->dotenv == NULL)
        return ZQ_OK;
    ZQ_TRY(zq_vault_read(vault, input->dotenv, MOST_BYTES, ZQ_FILE_FOUND, &s.read, err));
    if (s.read.text == NULL)
        return ZQ_OK;
    ZQ_TRY(zq_dotenv_parse(input->dotenv, s.read.text, s.read.length, input->environment, vault,
                           take_dotenv_item, &s, err));
    /* Images ship it with mode 0644. */
    warn_of_exposure(&s);
    return take_url(settings, ZQ_LEVEL_DOTENV, "DATABASE_URL", err);
}

/* ---- zquant.ini ---- */

static zq_rc take_ini_item(void *context, const zq_inifile_item *item, zq_err *err)
{
    source *s = context;
    size_t length = strlen(item->value);

    if (length >= 2 && strchr("'\"", *item->value) != NULL &&
        item->value[length - 1] == *item->value)
        zq_settings_warn(s->settings, "%s:%u: the quotes are part of the value of '%s'", s->file,
                         item->line, item->key);
    return put_line(s, item->option, item->line, item->key, item->value, err);
}

static void take_ini_section(void *context, unsigned line, const char *section, const char *nearest)
{
    const source *s = context;

    if (nearest != NULL)
        zq_settings_warn(s->settings, "%s:%u: section [%s] is not read; did you mean [%s]?",
                         s->file, line, section, nearest);
}

/* The first file that is there; the one that --config names must be. */
static zq_rc find_ini(zq_settings *settings, const zq_settings_input *input, source *s, zq_err *err)
{
    zq_vault *vault = zq_settings_vault(settings);
    const char *named = zq_settings_text(settings, ZQ_SET_CONFIG);

    s->file = named;
    s->named = named != NULL;
    if (named != NULL)
        return zq_vault_read(vault, named, MOST_BYTES, ZQ_FILE_NAMED, &s->read, err) == ZQ_OK
                   ? ZQ_OK
                   : zq_err_prefix(err, "%s: ", zq_settings_source(settings, ZQ_SET_CONFIG));
    /* Named, but empty: none is wanted. */
    if (zq_settings_level(settings, ZQ_SET_CONFIG) > ZQ_LEVEL_NONE)
        return ZQ_OK;
    for (size_t i = 0; i < ZQ_LEN(input->ini) && input->ini[i] != NULL; i++) {
        s->file = input->ini[i];
        ZQ_TRY(zq_vault_read(vault, s->file, MOST_BYTES, ZQ_FILE_FOUND, &s->read, err));
        if (s->read.text != NULL)
            return ZQ_OK;
    }
    return ZQ_OK;
}

static zq_rc take_ini(zq_settings *settings, const zq_settings_input *input, zq_err *err)
{
    source s = {.settings = settings, .level = ZQ_LEVEL_INI};

    ZQ_TRY(find_ini(settings, input, &s, err));
    if (s.read.text == NULL)
        return ZQ_OK;
    ZQ_TRY(zq_inifile_parse(s.file, s.read.text, s.read.length, take_ini_item, take_ini_section, &s,
                            err));
    if (s.secret != NULL)
        ZQ_TRY(zq_vault_refuse_open(s.file, &s.read.facts, N_("a password"), err));
    return take_url(settings, ZQ_LEVEL_INI, "url", err);
}

/* ---- ~/.my.cnf ---- */

static bool says_yes(const char *value)
{
    return value == NULL || strcasecmp(value, "1") == 0 || strcasecmp(value, "on") == 0 ||
           strcasecmp(value, "true") == 0;
}

/* The switches by which MariaDB's programs set what MySQL's call ssl-mode. */
static const char *tls_switch(const zq_mycnf_item *item)
{
    bool yes = says_yes(item->value);

    if (strcmp(item->key, "ssl") == 0)
        return yes ? "required" : "disabled";
    if (strcmp(item->key, "skip-ssl") == 0 || strcmp(item->key, "disable-ssl") == 0)
        return "disabled";
    if (strcmp(item->key, "ssl-verify-server-cert") == 0 ||
        strcmp(item->key, "ssl_verify_server_cert") == 0)
        return yes ? "verify-identity" : NULL;
    return NULL;
}

static zq_rc take_mycnf_item(void *context, const zq_mycnf_item *item, zq_err *err)
{
    source *s = context;
    const zq_option *option;
    const char *value = item->value;

    if (item->include) {
        zq_settings_warn(s->settings,
                         "%s:%u: %s is not followed: what others may write there could redirect "
                         "the login",
                         s->file, item->line, item->key);
        return ZQ_OK;
    }
    if (strcmp(item->group, "client") != 0 && strcmp(item->group, "zquant") != 0)
        return ZQ_OK;
    option = zq_option_by_mycnf(item->key);
    if (option == NULL) {
        option = &zq_options[ZQ_SET_TLS];
        value = tls_switch(item);
        /* "ssl" does not take back what "ssl-verify-server-cert" asked for. */
        if (value != NULL && strcmp(value, "required") == 0 &&
            zq_settings_level(s->settings, ZQ_SET_TLS) == ZQ_LEVEL_MYCNF)
            return ZQ_OK;
    }
    /* The other options there are for other programs. */
    return value == NULL ? ZQ_OK : put_line(s, option, item->line, item->key, value, err);
}

static zq_rc take_mycnf(zq_settings *settings, const zq_settings_input *input, zq_err *err)
{
    source s = {
        .settings = settings, .file = input->mycnf, .level = ZQ_LEVEL_MYCNF, .optional = true};
    zq_vault *vault = zq_settings_vault(settings);

    if (input->mycnf == NULL)
        return ZQ_OK;
    /* As for the client programs this one is a convenience: HOME may be another user's directory.
     */
    if (zq_vault_read(vault, input->mycnf, MOST_BYTES, ZQ_FILE_FOUND, &s.read, NULL) != ZQ_OK) {
        if (access(input->mycnf, F_OK) == 0)
            zq_settings_warn(settings, "'%s' cannot be read, and is left out", input->mycnf);
        return ZQ_OK;
    }
    if (s.read.text == NULL)
        return ZQ_OK;
    ZQ_TRY(
        zq_mycnf_parse(input->mycnf, s.read.text, s.read.length, vault, take_mycnf_item, &s, err));
    warn_of_exposure(&s);
    return ZQ_OK;
}

/* ---- all of them ---- */

static void look_at_charset(zq_settings *settings)
{
    const char *charset = zq_settings_text(settings, ZQ_SET_CHARSET);

    if (charset != NULL && strcasecmp(charset, "utf8mb4") != 0)
        zq_settings_warn(settings,
                         "%s: the charset '%s' is the application's own; the database, its tables "
                         "and this connection are utf8mb4",
                         zq_settings_source(settings, ZQ_SET_CHARSET), charset);
}

/* What stands in DB_HOST by mistake is not a name that was not found: a URL, a port behind it, the
 * quotes that a container's list of variables keeps. */
static zq_rc check_host(const zq_settings *settings, zq_err *err)
{
    const char *host = zq_settings_text(settings, ZQ_SET_HOST);
    const char *colon = host == NULL ? NULL : strchr(host, ':');

    if (host == NULL || zq_settings_text(settings, ZQ_SET_SOCKET) != NULL ||
        (strpbrk(host, " \t\r\n'\"/[]") == NULL &&
         (colon == NULL || strchr(colon + 1, ':') != NULL)))
        return ZQ_OK;
    zq_fail(err, ZQ_E_CONFIG, "%s: '%s' is not the name or address of a host",
            zq_settings_source(settings, ZQ_SET_HOST), host);
    zq_err_hint(err, "give the host alone, without quotes and spaces: DB_PORT is for the port, "
                     "DB_SOCKET for a socket, DATABASE_URL for all in one");
    return ZQ_E_CONFIG;
}

static zq_rc read_all(zq_settings *settings, const zq_settings_input *input, zq_err *err)
{
    ZQ_TRY(take_options(settings, input->options, err));
    ZQ_TRY(take_environment(settings, input->environment, err));
    ZQ_TRY(take_dotenv(settings, input, err));
    ZQ_TRY(take_ini(settings, input, err));
    ZQ_TRY(take_mycnf(settings, input, err));
    look_at_charset(settings);
    look_at_other_names(settings, input->environment);
    return ZQ_OK;
}

/* Before anything connects to it. What a weaker source says is not looked at: `database = mysql` in
 * ~/.my.cnf is for other programs. */
static zq_rc check_database(const zq_settings *settings, zq_err *err)
{
    static const char *const own[] = {"mysql", "sys", "information_schema", "performance_schema"};
    const char *name = zq_settings_text(settings, ZQ_SET_DATABASE);
    const char *from = zq_settings_source(settings, ZQ_SET_DATABASE);

    for (size_t i = 0; i < ZQ_LEN(own); i++) {
        if (strcasecmp(name, own[i]) != 0)
            continue;
        zq_fail(err, ZQ_E_CONFIG, "%s: '%s' is the server's own database", from, name);
        return zq_err_hint(err, "name the application's database by '--database' or DB_NAME");
    }
    return ZQ_OK;
}

zq_rc zq_settings_open(const zq_settings_input *input, zq_settings **out_settings, zq_err *err)
{
    zq_settings *settings = zq_settings_new();
    zq_rc rc = read_all(settings, input, err);

    zq_settings_take_defaults(settings);
    if (rc == ZQ_OK)
        rc = check_host(settings, err);
    if (rc == ZQ_OK)
        rc = check_database(settings, err);
    *out_settings = settings;
    return rc;
}
