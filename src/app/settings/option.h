/* The table of settings: one row gives an option's parser, its line in --help and the man page, its
 * environment name, its keys in zquant.ini and ~/.my.cnf, its completion and its line in `config`.
 * A new option is one row in option.c and one name in `zq_setting`. */
#ifndef ZQ_APP_SETTINGS_OPTION_H
#define ZQ_APP_SETTINGS_OPTION_H

#include <stdbool.h>
#include <stddef.h>

/* clang-format off */
typedef enum zq_setting {
    /* connection */
    ZQ_SET_HOST, ZQ_SET_PORT, ZQ_SET_USER, ZQ_SET_PASSWORD, ZQ_SET_PASSWORD_FILE, ZQ_SET_DATABASE,
    ZQ_SET_CHARSET, ZQ_SET_SOCKET, ZQ_SET_URL, ZQ_SET_TLS, ZQ_SET_TLS_CA, ZQ_SET_TLS_CERT,
    ZQ_SET_TLS_KEY, ZQ_SET_SERVER_PUBLIC_KEY, ZQ_SET_GET_SERVER_PUBLIC_KEY,
    ZQ_SET_CONNECT_TIMEOUT, ZQ_SET_MAX_RESULT,
    /* common */
    ZQ_SET_CONFIG, ZQ_SET_WAIT, ZQ_SET_LOCK_TIMEOUT, ZQ_SET_JOBS, ZQ_SET_DRY_RUN, ZQ_SET_JSON,
    ZQ_SET_LOG_FORMAT, ZQ_SET_METRICS, ZQ_SET_QUIET, ZQ_SET_VERBOSE, ZQ_SET_NO_COLOR,
    /* init */
    ZQ_SET_SQL, ZQ_SET_FLAVOR, ZQ_SET_UPGRADE, ZQ_SET_SEEDS, ZQ_SET_KEEP_COLLATION,
    ZQ_SET_NO_ADMIN, ZQ_SET_EXPECT, ZQ_SET_RECREATE_MISSING,
    /* administrator */
    ZQ_SET_ADMIN_USERNAME, ZQ_SET_ADMIN_EMAIL, ZQ_SET_ADMIN_ROLE, ZQ_SET_ADMIN_PASSWORD,
    ZQ_SET_ADMIN_PASSWORD_FILE, ZQ_SET_ADMIN_PASSWORD_HASH, ZQ_SET_ADMIN_PASSWORD_HASH_FILE,
    ZQ_SET_ADMIN_PASSWORD_PROMPT, ZQ_SET_ADMIN_PASSWORD_OUT, ZQ_SET_ADMIN_PASSWORD_SEAL,
    ZQ_SET_ADMIN_HASH,
    /* seeds, grants */
    ZQ_SET_PRUNE, ZQ_SET_ROLE, ZQ_SET_REPLACE, ZQ_SET_WITH_HASHES, ZQ_SET_APPLY, ZQ_SET_APPLY_PASSWORD_FILE,
    /* migrate */
    ZQ_SET_MESSAGE, ZQ_SET_AUTOGENERATE, ZQ_SET_RENAME, ZQ_SET_RELEASE,
    ZQ_SET_FROM, ZQ_SET_TO, ZQ_SET_AGAINST, ZQ_SET_DESCRIPTORS, ZQ_SET_FIXES, ZQ_SET_SCHEMA, ZQ_SET_FORMAT, ZQ_SET_DIR, ZQ_SET_AS, ZQ_SET_ALLOW_DATA_LOSS,
    ZQ_SET_ALLOW_LOCKING, ZQ_SET_ALLOW_UNKNOWN, ZQ_SET_ALLOW_UNREVIEWED, ZQ_SET_LOCK_WAIT, ZQ_SET_MAX_ERRORS,
    ZQ_SET_LEAVE_MEMBERS,
    ZQ_SET_WRITE, ZQ_SET_HTML, ZQ_SET_MARKDOWN, ZQ_SET_ROWS, ZQ_SET_SIGN, ZQ_SET_KEY, ZQ_SET_ACCEPT, ZQ_SET_REPEAT, ZQ_SET_FORGET,
    ZQ_SET_COUNT_
} zq_setting;
/* clang-format on */

/* The choices of --format, in their order. */
typedef enum zq_format {
    ZQ_FORMAT_TEXT,
    ZQ_FORMAT_SQL,
    ZQ_FORMAT_C,
    ZQ_FORMAT_JSON,
    ZQ_FORMAT_MERMAID,
    ZQ_FORMAT_DOT,
    ZQ_FORMAT_SVG,
} zq_format;

typedef enum zq_option_kind {
    ZQ_OPTION_TEXT,
    ZQ_OPTION_NUMBER, /* a whole number from `least` to `most` */
    ZQ_OPTION_FLAG, /* no argument on the command line; elsewhere yes/no, true/false, on/off, 1/0 */
    ZQ_OPTION_CHOICE, /* one of `choices` */
    ZQ_OPTION_PATH,
    ZQ_OPTION_SECRET, /* never an option on the command line, never printed */
} zq_option_kind;

typedef enum zq_option_group {
    ZQ_GROUP_CONNECTION,
    ZQ_GROUP_COMMON,
    ZQ_GROUP_INIT,
    ZQ_GROUP_ADMIN,
    ZQ_GROUP_MIGRATE,
    ZQ_GROUP_COUNT_
} zq_option_group;

enum { ZQ_FOR_INIT = 1, ZQ_FOR_MIGRATE = 2, ZQ_FOR_BOTH = 3 }; /* programs */

typedef struct zq_option {
    zq_setting id;
    const char *name; /* "lock-timeout" */
    char letter;      /* 'H'; 0: none */
    zq_option_kind kind;
    zq_option_group group;
    const char *argument; /* "SECONDS" */
    const char *env;      /* "DB_HOST"; NULL: not read from the environment */
    const char *key;      /* in zquant.ini, in the group's section; NULL: not read from there */
    const char *mycnf;    /* in ~/.my.cnf; NULL: not read from there */
    const char *fallback; /* NULL: none */
    const char *choices;  /* "text|json" */
    long least, most;
    bool no_option;       /* not on the command line */
    bool repeats;         /* given several times, the texts are joined by commas */
    unsigned programs;    /* ZQ_FOR_... */
    const char *commands; /* "init|status"; NULL: all */
    zq_setting content;   /* of a file: the secret that it holds; else `id` itself */
    const char *help;     /* one sentence, without a full stop */
} zq_option;

/* ZQ_SET_COUNT_ rows, in the order of `zq_setting`. */
extern const zq_option zq_options[];

/* "Connection", and its section in zquant.ini, "connection". */
const char *zq_option_group_title(zq_option_group group);
const char *zq_option_group_section(zq_option_group group);

/* The row, or NULL. In keys '_' and '-' are the same, as for the mysql client. */
const zq_option *zq_option_by_letter(char letter);
const zq_option *zq_option_by_env(const char *name);
const zq_option *zq_option_by_key(const char *section, const char *key);
const zq_option *zq_option_by_mycnf(const char *key);
bool zq_option_section_is_ours(const char *section);

/* Can it stand on this program's command line, and with this command (NULL: any)? */
bool zq_option_is_for(const zq_option *option, unsigned program, const char *command);

/* Does it hold a secret, or name the file of one? */
bool zq_option_is_secret(const zq_option *option);

/* "a whole number from 1 to 65535", "one of text, json": for messages. In `out`. */
const char *zq_option_wants(const zq_option *option, char *out, size_t size);

/* Which of the words of `list` ("text|json") it is, from 0; -1: none of them. */
int zq_option_word_place(const char *list, const char *word);

/* Is it one of them? */
bool zq_option_has_word(const char *list, const char *word);

/* The nearest of the candidates so far, for "did you mean"; begin with {.word = what was typed}.
 * `best` stays NULL when none is near enough. */
typedef struct zq_nearest {
    const char *word;
    const char *best;
    size_t distance;
} zq_nearest;
void zq_nearest_try(zq_nearest *nearest, const char *candidate);

#endif
