#include "app/settings/option.h"

#include "base/language.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *title;
    const char *section;
} groups[ZQ_GROUP_COUNT_] = {
    [ZQ_GROUP_CONNECTION] = {"Connection", "connection"},
    [ZQ_GROUP_COMMON] = {"Common", "common"},
    [ZQ_GROUP_INIT] = {"Initialisation", "init"},
    [ZQ_GROUP_ADMIN] = {"Administrator", "admin"},
    [ZQ_GROUP_MIGRATE] = {"Revisions", "migrate"},
};

/* clang-format off */
#define BARE_ROW(id_, name_, letter_, kind_, argument_) \
    .id = ZQ_SET_##id_, .name = name_, .letter = letter_, .kind = ZQ_OPTION_##kind_, \
    .argument = argument_
#define ROW(id_, ...) BARE_ROW(id_, __VA_ARGS__), .content = ZQ_SET_##id_
#define FILE_ROW(id_, name_, holds_) \
    BARE_ROW(id_, name_, 0, PATH, "FILE"), .content = ZQ_SET_##holds_
#define CONNECTION .group = ZQ_GROUP_CONNECTION, .programs = ZQ_FOR_BOTH
#define COMMON     .group = ZQ_GROUP_COMMON, .programs = ZQ_FOR_BOTH
#define INIT       .group = ZQ_GROUP_INIT, .programs = ZQ_FOR_INIT, .commands = "init"
#define ADMIN      .group = ZQ_GROUP_ADMIN, .programs = ZQ_FOR_INIT, \
                   .commands = "init|admin create|admin reset-password"
#define MIGRATE    .group = ZQ_GROUP_MIGRATE, .programs = ZQ_FOR_MIGRATE
#define OFFLINE    .group = ZQ_GROUP_INIT, .programs = ZQ_FOR_BOTH
#define RUNNING    .group = ZQ_GROUP_MIGRATE, .programs = ZQ_FOR_BOTH, \
                   .commands = "init|upgrade|downgrade"
#define SEEDS_OPTION .group = ZQ_GROUP_INIT, .programs = ZQ_FOR_INIT
#define YES_NO     .choices = "yes|no", .fallback = "no"

const zq_option zq_options[ZQ_SET_COUNT_ + 1] = {
    {ROW(HOST, "host", 'H', TEXT, "HOST"), CONNECTION, .env = "DB_HOST", .key = "host",
     .mycnf = "host", .fallback = "localhost",
     .help = "connect to the server on HOST, over TCP unless a socket is set"},
    {ROW(PORT, "port", 'P', NUMBER, "PORT"), CONNECTION, .env = "DB_PORT", .key = "port",
     .mycnf = "port", .fallback = "3306", .least = 1, .most = 65535,
     .help = "TCP port of the server"},
    {ROW(USER, "user", 'u', TEXT, "USER"), CONNECTION, .env = "DB_USER", .key = "user",
     .mycnf = "user", .fallback = "root",
     .help = "log in as USER"},
    {ROW(PASSWORD, "password", 0, SECRET, "PASSWORD"), CONNECTION, .no_option = true,
     .env = "DB_PASSWORD", .key = "password", .mycnf = "password",
     .help = "the password; never on a command line, where others could read it"},
    {FILE_ROW(PASSWORD_FILE, "password-file", PASSWORD), CONNECTION,
     .env = "DB_PASSWORD_FILE", .key = "password-file",
     .help = "read the password from FILE, which only its owner may read"},
    {ROW(DATABASE, "database", 'D', TEXT, "NAME"), CONNECTION, .env = "DB_NAME", .key = "database",
     .mycnf = "database", .fallback = "zquant",
     .help = "name of the database"},
    {ROW(CHARSET, "charset", 0, TEXT, "CHARSET"), CONNECTION, .no_option = true,
     .env = "DB_CHARSET", .key = "charset", .fallback = "utf8mb4",
     .help = "for the application only: these programs always use utf8mb4"},
    {ROW(SOCKET, "socket", 'S', PATH, "FILE"), CONNECTION, .env = "DB_SOCKET", .key = "socket",
     .mycnf = "socket",
     .help = "connect through this Unix socket"},
    {ROW(URL, "url", 0, SECRET, "URL"), CONNECTION, .no_option = true,
     .env = "DATABASE_URL", .key = "url",
     .help = "all of the above as mysql://USER:PASSWORD@HOST:PORT/NAME; single settings override it"},
    {ROW(TLS, "tls", 0, CHOICE, "MODE"), CONNECTION, .env = "ZQUANT_TLS", .key = "tls",
     .mycnf = "ssl-mode", .fallback = "preferred",
     .choices = "disabled|preferred|required|verify-ca|verify-identity",
     .help = "encrypt the connection: disabled, preferred, required, verify-ca, verify-identity"},
    {ROW(TLS_CA, "tls-ca", 0, PATH, "FILE"), CONNECTION, .env = "ZQUANT_TLS_CA", .key = "tls-ca",
     .mycnf = "ssl-ca",
     .help = "trust the certificate authorities in FILE; without --tls this means verify-ca"},
    {ROW(TLS_CERT, "tls-cert", 0, PATH, "FILE"), CONNECTION, .env = "ZQUANT_TLS_CERT",
     .key = "tls-cert", .mycnf = "ssl-cert",
     .help = "show the server this certificate"},
    {ROW(TLS_KEY, "tls-key", 0, PATH, "FILE"), CONNECTION, .env = "ZQUANT_TLS_KEY",
     .key = "tls-key", .mycnf = "ssl-key",
     .help = "the private key of that certificate"},
    {ROW(SERVER_PUBLIC_KEY, "server-public-key", 0, PATH, "FILE"), CONNECTION,
     .env = "ZQUANT_SERVER_PUBLIC_KEY", .key = "server-public-key",
     .mycnf = "server-public-key-path",
     .help = "where there is no TLS, encrypt the password with the server's public key in FILE"},
    {ROW(GET_SERVER_PUBLIC_KEY, "get-server-public-key", 0, FLAG, NULL), CONNECTION, YES_NO,
     .env = "ZQUANT_GET_SERVER_PUBLIC_KEY", .key = "get-server-public-key",
     .help = "where there is no TLS, ask the server for that key, though anybody may answer"},
    {ROW(CONNECT_TIMEOUT, "connect-timeout", 0, NUMBER, "SECONDS"), CONNECTION,
     .env = "ZQUANT_CONNECT_TIMEOUT", .key = "connect-timeout", .mycnf = "connect-timeout",
     .fallback = "10", .least = 1, .most = 3600,
     .help = "give up one attempt to connect after SECONDS"},
    {ROW(MAX_RESULT, "max-result", 0, NUMBER, "MIB"), CONNECTION, .env = "ZQUANT_MAX_RESULT",
     .key = "max-result", .fallback = "256", .least = 1, .most = 1024,
     .help = "take at most MIB mebibytes of rows from the server at once"},

    {ROW(CONFIG, "config", 0, PATH, "FILE"), COMMON, .env = "ZQUANT_CONFIG",
     .help = "read FILE instead of ./zquant.ini or /etc/zquant/zquant.ini"},
    {ROW(WAIT, "wait", 'w', NUMBER, "SECONDS"), COMMON, .env = "ZQUANT_WAIT", .key = "wait",
     .fallback = "0", .least = 0, .most = 86400,
     .help = "keep trying for up to SECONDS until a server answers and takes writes"},
    {ROW(LOCK_TIMEOUT, "lock-timeout", 0, NUMBER, "SECONDS"), COMMON, .env = "ZQUANT_LOCK_TIMEOUT",
     .key = "lock-timeout", .fallback = "300", .least = 0, .most = 86400,
     .help = "wait up to SECONDS for another run to finish"},
    {ROW(JOBS, "jobs", 'j', NUMBER, "N"), COMMON, .env = "ZQUANT_JOBS", .key = "jobs",
     .fallback = "4", .least = 1, .most = 64,
     .help = "work over N connections at once"},
    {ROW(DRY_RUN, "dry-run", 'n', FLAG, NULL), COMMON, YES_NO, .env = "ZQUANT_DRY_RUN",
     .help = "say what would be done, and change nothing"},
    {ROW(JSON, "json", 0, FLAG, NULL), COMMON, YES_NO, .env = "ZQUANT_JSON",
     .help = "print one JSON document on standard output"},
    {ROW(LOG_FORMAT, "log-format", 0, CHOICE, "FORMAT"), COMMON, .env = "ZQUANT_LOG_FORMAT",
     .key = "log-format", .fallback = "text", .choices = "text|json",
     .help = "write messages to standard error as text, or as JSON lines"},
    {ROW(METRICS, "metrics", 0, PATH, "FILE"), COMMON, .env = "ZQUANT_METRICS", .key = "metrics",
     .help = "write the figures of the run to FILE, for Prometheus' node exporter"},
    {ROW(QUIET, "quiet", 'q', FLAG, NULL), COMMON, YES_NO, .env = "ZQUANT_QUIET", .key = "quiet",
     .help = "print only errors, and what other programs read: JSON, SQL, seed files"},
    {ROW(VERBOSE, "verbose", 'v', FLAG, NULL), COMMON, YES_NO, .env = "ZQUANT_VERBOSE",
     .key = "verbose",
     .help = "print more"},
    {ROW(NO_COLOR, "no-color", 0, FLAG, NULL), COMMON, YES_NO, .env = "NO_COLOR",
     .key = "no-color",
     .help = "use no colours; NO_COLOR with any text means the same"},

    {ROW(SQL, "sql", 0, FLAG, NULL), OFFLINE, .commands = "init|upgrade|downgrade", YES_NO,
     .help = "print what would be run as an SQL script, and make no connection"},
    {ROW(FLAVOR, "flavor", 0, CHOICE, "KIND"), OFFLINE,
     .commands = "init|grants|upgrade|downgrade|diff|show|revision", .env = "ZQUANT_FLAVOR", .key = "flavor",
     .fallback = "mysql", .choices = "mysql|mariadb",
     .help = "dialect of the SQL that is printed: mysql or mariadb"},
    {ROW(UPGRADE, "upgrade", 0, FLAG, NULL), INIT, YES_NO, .env = "ZQUANT_UPGRADE",
     .key = "upgrade",
     .help = "run the pending revisions of a database that is at an older one"},
    {ROW(SEEDS, "seeds", 0, PATH, "DIR"), SEEDS_OPTION,
     .commands = "init|seeds show|seeds diff|seeds apply", .env = "ZQUANT_SEEDS", .key = "seeds",
     .help = "take roles.ini and permissions.ini from DIR instead of the built-in ones"},
    {ROW(KEEP_COLLATION, "keep-collation", 0, FLAG, NULL), INIT, YES_NO,
     .env = "ZQUANT_KEEP_COLLATION", .key = "keep-collation",
     .help = "leave the default collation of a database that exists as it is"},
    {ROW(NO_ADMIN, "no-admin", 0, FLAG, NULL), INIT, YES_NO, .env = "ZQUANT_NO_ADMIN",
     .key = "no-admin",
     .help = "make no administrator"},
    {ROW(EXPECT, "expect", 0, CHOICE, "WHAT"), INIT, .env = "ZQUANT_EXPECT", .key = "expect",
     .fallback = "any", .choices = "existing|empty|any",
     .help = "go ahead only where the database exists (existing: no table, no administrator is made), or is empty"},
    {ROW(RECREATE_MISSING, "recreate-missing", 0, FLAG, NULL), INIT, YES_NO,
     .help = "make again, empty, the tables that a database has lost"},

    {ROW(ADMIN_USERNAME, "admin-username", 0, TEXT, "NAME"), ADMIN, .env = "ZQUANT_ADMIN_USERNAME",
     .key = "username", .fallback = "admin",
     .help = "name of the administrator"},
    {ROW(ADMIN_EMAIL, "admin-email", 0, TEXT, "ADDRESS"), ADMIN, .env = "ZQUANT_ADMIN_EMAIL",
     .key = "email", .fallback = "admin@zquant.com",
     .help = "e-mail address of the administrator"},
    {ROW(ADMIN_ROLE, "admin-role", 0, TEXT, "ROLE"), ADMIN, .env = "ZQUANT_ADMIN_ROLE",
     .key = "role", .fallback = "admin",
     .help = "role of the administrator"},
    {ROW(ADMIN_PASSWORD, "admin-password", 0, SECRET, "PASSWORD"), ADMIN, .no_option = true,
     .env = "ZQUANT_ADMIN_PASSWORD", .key = "password",
     .help = "the administrator's password; without any of these a random one is made"},
    {FILE_ROW(ADMIN_PASSWORD_FILE, "admin-password-file", ADMIN_PASSWORD), ADMIN,
     .env = "ZQUANT_ADMIN_PASSWORD_FILE", .key = "password-file",
     .help = "read the administrator's password from FILE"},
    {ROW(ADMIN_PASSWORD_HASH, "admin-password-hash", 0, SECRET, "HASH"), ADMIN, .no_option = true,
     .env = "ZQUANT_ADMIN_PASSWORD_HASH", .key = "password-hash",
     .help = "the hash of a password instead of the password: $argon2id$... or $2b$..."},
    {FILE_ROW(ADMIN_PASSWORD_HASH_FILE, "admin-password-hash-file", ADMIN_PASSWORD_HASH), ADMIN,
     .env = "ZQUANT_ADMIN_PASSWORD_HASH_FILE",
     .key = "password-hash-file",
     .help = "read the hash of the administrator's password from FILE"},
    {ROW(ADMIN_PASSWORD_PROMPT, "admin-password-prompt", 0, FLAG, NULL), ADMIN, YES_NO,
     .help = "ask for the administrator's password on the terminal"},
    {ROW(ADMIN_PASSWORD_OUT, "admin-password-out", 0, PATH, "FILE"), ADMIN,
     .env = "ZQUANT_ADMIN_PASSWORD_OUT", .key = "password-out",
     .help = "write a random password to FILE, which must not exist, instead of showing it"},
    {ROW(ADMIN_PASSWORD_SEAL, "admin-password-seal", 0, TEXT, "KEY"), ADMIN,
     .env = "ZQUANT_ADMIN_PASSWORD_SEAL", .key = "password-seal",
     .help = "show or write a random password only sealed to this X25519 public key"},
    {ROW(ADMIN_HASH, "admin-hash", 0, CHOICE, "KIND"), ADMIN, .env = "ZQUANT_ADMIN_HASH",
     .key = "hash", .fallback = "auto",
     .choices = "auto|argon2id|argon2id-moderate|argon2id-sensitive|bcrypt",
     .help = "how to hash the password: auto (bcrypt where users have that, else argon2id), argon2id (64 MiB), "
             "argon2id-moderate (256 MiB), argon2id-sensitive (1 GiB), or bcrypt for an application "
             "that knows only that, as published"},

    {ROW(PRUNE, "prune", 0, FLAG, NULL), SEEDS_OPTION, YES_NO, .commands = "seeds apply|seeds diff",
     .help = "make the database equal to the seeds: take back what operators changed"},
    {ROW(ROLE, "role", 0, TEXT, "NAME"), SEEDS_OPTION, .commands = "seeds apply|seeds diff",
     .help = "only the role NAME, its grants, and the permissions they need"},
    {ROW(REPLACE, "replace", 0, FLAG, NULL), SEEDS_OPTION, YES_NO, .commands = "seeds export",
     .help = "replace roles.ini and permissions.ini where they exist"},
    {ROW(WITH_HASHES, "with-hashes", 0, FLAG, NULL), SEEDS_OPTION, YES_NO,
     .commands = "seeds export",
     .help = "write the hashes of the administrators' passwords, too, into administrators.ini"},
    {ROW(APPLY, "apply", 0, TEXT, "USER"), SEEDS_OPTION, .commands = "grants",
     .help = "make the application's database account USER, or USER@HOST, and grant it what it needs"},
    {ROW(APPLY_PASSWORD_FILE, "apply-password-file", 0, PATH, "FILE"), SEEDS_OPTION,
     .commands = "grants", .env = "ZQUANT_APPLY_PASSWORD_FILE",
     .help = "read that account's password from FILE; without it a random one is made"},

    {ROW(MESSAGE, "message", 'm', TEXT, "TEXT"), MIGRATE, .commands = "revision|squash",
     .help = "the title of the new revision: what it does, in a few words"},
    {ROW(AUTOGENERATE, "autogenerate", 0, FLAG, NULL), MIGRATE, YES_NO, .commands = "revision",
     .help = "fill the new revision with what leads from --from to --to, and back"},
    {ROW(RENAME, "rename", 0, TEXT, "TABLE.OLD=NEW"), MIGRATE, .commands = "revision", .repeats = true,
     .help = "the column or index OLD of TABLE is called NEW now; OLD=NEW for a table; may be given "
             "several times"},
    {ROW(RELEASE, "release", 0, TEXT, "RELEASE"), MIGRATE, .commands = "revision",
     .help = "the new revision is what makes RELEASE"},
    {ROW(FROM, "from", 0, TEXT, "SIDE"), MIGRATE, .commands = "diff|revision", .fallback = "live",
     .help = "where to begin: models, live, a revision or release, a file with a canonical text, or -"},
    {ROW(TO, "to", 0, TEXT, "SIDE"), MIGRATE, .commands = "diff|revision", .fallback = "models",
     .help = "where to end: one of the same"},
    {ROW(AGAINST, "against", 0, TEXT, "RELEASE"), MIGRATE, .commands = "check",
     .help = "compare with RELEASE or its revision instead of the newest"},
    {ROW(DESCRIPTORS, "descriptors", 0, FLAG, NULL), MIGRATE, .commands = "check", YES_NO,
     .help = "check what is compiled in: does the newest revision lead to it?"},
    {ROW(FIXES, "fixes", 0, FLAG, NULL), MIGRATE, .commands = "check", YES_NO,
     .help = "print the statements that fix what differs, as far as statements can, as an SQL script"},
    {ROW(SCHEMA, "schema", 0, FLAG, NULL), MIGRATE, YES_NO, .commands = "show",
     .help = "print a schema: what this build wants, unless a SIDE is named"},
    {ROW(FORMAT, "format", 0, CHOICE, "FORM"), MIGRATE, .commands = "show", .fallback = "text",
     .choices = "text|sql|c|json|mermaid|dot|svg",
     .help = "print the schema as canonical text, as CREATE statements, as descriptors in C, or drawn"},
    {ROW(DIR, "dir", 0, PATH, "DIR"), .group = ZQ_GROUP_MIGRATE, .programs = ZQ_FOR_BOTH,
     .env = "ZQUANT_MIGRATIONS", .key = "dir",
     .commands = "init|status|admin create|admin reset-password|seeds diff|seeds apply|"
                 "seeds export|seeds import|upgrade|downgrade|current|history|heads|show|stamp|adopt|check|"
                 "verify|diff|revision|squash|plan|rehearse|resume|rebase",
     .help = "add the revision files of DIR to the built-in ones"},
    {ROW(AS, "as", 0, TEXT, "REV"), MIGRATE, .commands = "adopt",
     .help = "record the database as REV, whatever differs"},
    {ROW(ALLOW_DATA_LOSS, "allow-data-loss", 0, FLAG, NULL), MIGRATE, YES_NO,
     .commands = "upgrade|downgrade|plan|rehearse",
     .help = "run statements that drop tables or columns, or delete rows"},
    {ROW(ALLOW_LOCKING, "allow-locking", 0, FLAG, NULL), RUNNING, YES_NO, .key = "allow-locking",
     .help = "run statements that copy a table or block writes to it"},
    {ROW(ALLOW_UNKNOWN, "allow-unknown", 0, FLAG, NULL), MIGRATE, YES_NO,
     .commands = "upgrade|downgrade|plan|rehearse|stamp|rebase",
     .help = "run statements whose outcome cannot be known, such as CALL; stamp and rebase a database "
             "whose state cannot be known"},
    {ROW(ALLOW_UNREVIEWED, "allow-unreviewed", 0, FLAG, NULL), MIGRATE, YES_NO,
     .commands = "upgrade|downgrade|plan|rehearse",
     .help = "run statements with a question over them that nobody has answered (zq:unreviewed)"},
    {ROW(LOCK_WAIT, "lock-wait", 0, NUMBER, "SECONDS"), .group = ZQ_GROUP_MIGRATE,
     .programs = ZQ_FOR_BOTH, .commands = "init|upgrade|downgrade|verify", .env = "ZQUANT_LOCK_WAIT",
     .key = "lock-wait", .fallback = "5", .least = 1, .most = 3600,
     .help = "wait SECONDS for a table's metadata lock, then try again; never hold writers off for longer"},
    {ROW(MAX_ERRORS, "max-errors", 0, NUMBER, "N"), RUNNING, .key = "max-errors",
     .fallback = "0", .least = 0, .most = 1000000,
     .help = "continue until more than N members of a family have failed"},
    {ROW(LEAVE_MEMBERS, "leave-members", 0, FLAG, NULL), RUNNING, YES_NO,
     .help = "record a revision although members of families are left as they are"},
    {ROW(WRITE, "write", 0, PATH, "FILE"), MIGRATE, .commands = "verify",
     .help = "write a certificate of the database as it is now to FILE"},
    {ROW(HTML, "html", 0, PATH, "FILE"), MIGRATE, .commands = "check|history|plan|rehearse|verify",
     .help = "also write what was found to FILE, as one page"},
    {ROW(MARKDOWN, "markdown", 0, FLAG, NULL), MIGRATE, YES_NO, .commands = "plan|rehearse",
     .help = "print the plan as Markdown, for a pull request"},
    {ROW(ROWS, "rows", 0, NUMBER, "N"), MIGRATE, .commands = "rehearse", .fallback = "0",
     .least = 0, .most = 1000000,
     .help = "copy N rows of each table, and estimate from them how long each statement takes"},
    {ROW(SIGN, "sign", 0, PATH, "FILE"), MIGRATE, .commands = "verify",
     .help = "sign the certificate with the key in FILE: 64 hexadecimal digits"},
    {ROW(KEY, "key", 0, TEXT, "KEY"), MIGRATE, .commands = "verify",
     .help = "accept only a certificate signed by KEY, a public key or a file that holds it"},
    {ROW(ACCEPT, "accept", 0, NUMBER, "STEP"), MIGRATE, .commands = "resume", .least = 1, .most = 1000000,
     .help = "take statement STEP of the revision that was cut short as done"},
    {ROW(REPEAT, "repeat", 0, NUMBER, "STEP"), MIGRATE, .commands = "resume", .least = 1, .most = 1000000,
     .help = "take statement STEP as not begun: the next run runs it again"},
    {ROW(FORGET, "forget", 0, FLAG, NULL), MIGRATE, YES_NO, .commands = "resume",
     .help = "drop the journal of the revision that was cut short; what it did stays"},
    {.name = NULL},
};
/* clang-format on */

static bool same_key(const char *a, const char *b)
{
    for (; *a != '\0' && *b != '\0'; a++, b++) {
        if ((*a == '_' ? '-' : *a) != (*b == '_' ? '-' : *b))
            return false;
    }
    return *a == *b;
}

const char *zq_option_group_title(zq_option_group group)
{
    return groups[group].title;
}

const char *zq_option_group_section(zq_option_group group)
{
    return groups[group].section;
}

const zq_option *zq_option_by_letter(char letter)
{
    for (const zq_option *o = zq_options; o->name != NULL && letter != '\0'; o++) {
        if (o->letter == letter)
            return o;
    }
    return NULL;
}

const zq_option *zq_option_by_env(const char *name)
{
    for (const zq_option *o = zq_options; o->name != NULL; o++) {
        if (o->env != NULL && strcmp(o->env, name) == 0)
            return o;
    }
    return NULL;
}

const zq_option *zq_option_by_key(const char *section, const char *key)
{
    for (const zq_option *o = zq_options; o->name != NULL; o++) {
        if (o->key != NULL && strcmp(zq_option_group_section(o->group), section) == 0 &&
            same_key(o->key, key))
            return o;
    }
    return NULL;
}

const zq_option *zq_option_by_mycnf(const char *key)
{
    for (const zq_option *o = zq_options; o->name != NULL; o++) {
        if (o->mycnf != NULL && same_key(o->mycnf, key))
            return o;
    }
    return NULL;
}

bool zq_option_section_is_ours(const char *section)
{
    for (size_t i = 0; i < ZQ_GROUP_COUNT_; i++) {
        if (strcmp(groups[i].section, section) == 0)
            return true;
    }
    return false;
}

int zq_option_word_place(const char *list, const char *word)
{
    size_t length = strlen(word);
    int place = 0;

    for (const char *at = list; at != NULL; at = strchr(at, '|'), place++) {
        at += *at == '|';
        if (strncmp(at, word, length) == 0 && (at[length] == '|' || at[length] == '\0'))
            return place;
    }
    return -1;
}

bool zq_option_has_word(const char *list, const char *word)
{
    return zq_option_word_place(list, word) >= 0;
}

bool zq_option_is_for(const zq_option *option, unsigned program, const char *command)
{
    if ((option->programs & program) == 0)
        return false;
    return option->commands == NULL || command == NULL ||
           zq_option_has_word(option->commands, command);
}

bool zq_option_is_secret(const zq_option *option)
{
    return option->kind == ZQ_OPTION_SECRET;
}

const char *zq_option_wants(const zq_option *option, char *out, size_t size)
{
    size_t used = 0;

    switch (option->kind) {
    case ZQ_OPTION_NUMBER:
        snprintf(out, size, zq_tr("a whole number from %ld to %ld"), option->least, option->most);
        break;
    case ZQ_OPTION_FLAG:
        snprintf(out, size, "%s", zq_tr("yes or no"));
        break;
    case ZQ_OPTION_CHOICE:
        used = (size_t)snprintf(out, size, "%s", zq_tr("one of "));
        for (const char *c = option->choices; *c != '\0' && used + 3 < size; c++) {
            if (*c == '|')
                out[used++] = ',';
            out[used++] = *c == '|' ? ' ' : *c;
        }
        out[used] = '\0';
        break;
    default:
        snprintf(out, size, "%s", zq_tr("a text"));
        break;
    }
    return out;
}

/* How many letters must change to make `b` of `a`. */
static size_t distance_of(const char *a, const char *b)
{
    enum { MOST = 64 };
    size_t row[MOST + 1];
    size_t length = strlen(b);

    if (length > MOST || strlen(a) > MOST)
        return MOST;
    for (size_t j = 0; j <= length; j++)
        row[j] = j;
    for (size_t i = 0; a[i] != '\0'; i++) {
        size_t corner = row[0];

        row[0] = i + 1;
        for (size_t j = 0; j < length; j++) {
            size_t change = corner + (a[i] != b[j]);
            size_t side = (row[j] < row[j + 1] ? row[j] : row[j + 1]) + 1;

            corner = row[j + 1];
            row[j + 1] = change < side ? change : side;
        }
    }
    return row[length];
}

void zq_nearest_try(zq_nearest *nearest, const char *candidate)
{
    size_t length = strlen(nearest->word);
    size_t distance = distance_of(nearest->word, candidate);

    /* A third of the letters wrong is a slip, more is another word. A beginning is a near word too:
     * "--admin-pass". */
    if (length >= 3 && strncmp(candidate, nearest->word, length) == 0)
        distance = 1;
    if (distance > 1 + length / 4 || (nearest->best != NULL && distance >= nearest->distance))
        return;
    nearest->best = candidate;
    nearest->distance = distance;
}
