#include "app/settings/settings.h"

#include "sandbox.h"
#include "seed/hash.h"

#include <criterion/criterion.h>
#include <pwd.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Settings of a directory, with the environment given as a list that ends in NULL. */
static zq_rc open_with(const char *const *options, const char *const *environment,
                       zq_settings **out, zq_err *err)
{
    zq_settings_input input = {
        .options = options,
        .environment = environment,
        .dotenv = ".env",
        .ini = {"zquant.ini", "etc.ini"},
        .mycnf = "my.cnf",
    };

    cr_assert_geq(sodium_init(), 0);
    return zq_settings_open(&input, out, err);
}

/* "others may read it (owner 'me', mode 0644)", whoever runs the test. */
static const char *others_may(const char *what, unsigned mode)
{
    static char text[128];

    snprintf(text, sizeof text, "others may %s it (owner '%s', mode %04o)", what,
             getpwuid(geteuid())->pw_name, mode);
    return text;
}

/* `format` with these words in it. */
static const char *with(const char *format, const char *words)
{
    static char text[512];

    snprintf(text, sizeof text, format, words);
    return text;
}

#define ENVIRONMENT(...) ((const char *const[]){__VA_ARGS__, NULL})
#define NOTHING ((const char *const[]){NULL})

static zq_settings *must_open(const char *const *options, const char *const *environment)
{
    zq_settings *settings = NULL;
    zq_err err = {0};

    cr_assert_eq(open_with(options, environment, &settings, &err), ZQ_OK, "%s", err.message);
    return settings;
}

static void expect(const zq_settings *settings, zq_setting which, const char *text,
                   const char *source)
{
    const char *found = zq_settings_text(settings, which);

    if (text == NULL)
        cr_assert_null(found, "%s: %s", zq_options[which].name, found);
    else
        cr_assert_str_eq(found == NULL ? "(none)" : found, text, "%s", zq_options[which].name);
    cr_assert_str_eq(zq_settings_source(settings, which), source, "%s: %s", zq_options[which].name,
                     zq_settings_source(settings, which));
}

/* Fails with that code, message and hint. */
static void expect_failure(const char *const *options, const char *const *environment, zq_rc rc,
                           const char *message, const char *hint)
{
    ZQ_AUTO(zq_settings) settings = NULL;
    zq_err err = {0};

    cr_assert_eq(open_with(options, environment, &settings, &err), rc, "%s", message);
    cr_assert_str_eq(err.message, message, "%s", err.message);
    cr_assert_str_eq(err.hint, hint, "%s: %s", err.message, err.hint);
}

Test(settings, every_row_of_the_table_stands_at_its_own_place)
{
    for (size_t i = 0; i < ZQ_SET_COUNT_; i++) {
        cr_assert_eq(zq_options[i].id, i);
        cr_assert_not_null(zq_options[i].name);
        cr_assert_not_null(zq_options[i].help);
        if (!zq_options[i].no_option)
            cr_assert_eq(zq_options[i].kind == ZQ_OPTION_FLAG, zq_options[i].argument == NULL, "%s",
                         zq_options[i].name);
        /* A secret on a command line can be read by every user of the machine. */
        if (zq_option_is_secret(&zq_options[i]))
            cr_assert(zq_options[i].no_option, "%s", zq_options[i].name);
    }
    cr_assert_null(zq_options[ZQ_SET_COUNT_].name);
}

Test(settings, names_letters_variables_and_keys_are_unique)
{
    for (const zq_option *a = zq_options; a->name != NULL; a++) {
        for (const zq_option *b = zq_options; b != a; b++)
            cr_assert_str_neq(a->name, b->name);
        if (a->letter != '\0')
            cr_assert_eq(zq_option_by_letter(a->letter), a);
        if (a->env != NULL)
            cr_assert_eq(zq_option_by_env(a->env), a);
        if (a->key != NULL)
            cr_assert_eq(zq_option_by_key(zq_option_group_section(a->group), a->key), a);
        if (a->mycnf != NULL)
            cr_assert_eq(zq_option_by_mycnf(a->mycnf), a);
    }
}

Test(settings, defaults_are_those_of_the_application)
{
    ZQ_AUTO(zq_settings) s = NULL;

    sandbox_enter();
    s = must_open(NULL, NOTHING);
    expect(s, ZQ_SET_HOST, "localhost", "default");
    expect(s, ZQ_SET_PORT, "3306", "default");
    expect(s, ZQ_SET_USER, "root", "default");
    expect(s, ZQ_SET_PASSWORD, NULL, "");
    expect(s, ZQ_SET_DATABASE, "zquant", "default");
    expect(s, ZQ_SET_CHARSET, "utf8mb4", "default");
    cr_assert_eq(zq_settings_num(s, ZQ_SET_LOCK_TIMEOUT), 300);
    cr_assert_eq(zq_settings_ms(s, ZQ_SET_LOCK_TIMEOUT), 300000);
    cr_assert_not(zq_settings_flag(s, ZQ_SET_DRY_RUN));
}

Test(settings, the_stronger_source_wins)
{
    static const struct {
        const char *file;
        const char *text;
        const char *value;
        const char *source;
    } steps[] = {
        {"my.cnf", "[client]\nhost=e\n", "e", "my.cnf:2"},
        {"etc.ini", "[connection]\n\nhost=d\n", "d", "etc.ini:3"},
        {"zquant.ini", "[connection]\nhost=c\n", "c", "zquant.ini:2"},
        {".env", "DB_HOST=b\n", "b", ".env:1"},
    };
    const char *options[ZQ_SET_COUNT_] = {[ZQ_SET_HOST] = "x"};

    sandbox_enter();
    for (size_t i = 0; i < ZQ_LEN(steps); i++) {
        ZQ_AUTO(zq_settings) s = NULL;

        sandbox_write(steps[i].file, 0600, steps[i].text);
        s = must_open(NULL, NOTHING);
        expect(s, ZQ_SET_HOST, steps[i].value, steps[i].source);
    }
    ZQ_AUTO(zq_settings) env = must_open(NULL, ENVIRONMENT("DB_HOST=a"));
    expect(env, ZQ_SET_HOST, "a", "DB_HOST");
    ZQ_AUTO(zq_settings) option = must_open(options, ENVIRONMENT("DB_HOST=a"));
    expect(option, ZQ_SET_HOST, "x", "--host");
}

Test(settings, a_file_that_is_named_takes_the_place_of_the_others)
{
    const char *options[ZQ_SET_COUNT_] = {[ZQ_SET_CONFIG] = "mine.ini"};
    const char *none[ZQ_SET_COUNT_] = {[ZQ_SET_CONFIG] = ""};

    sandbox_enter();
    sandbox_write("zquant.ini", 0644, "[connection]\nhost=a\n");
    sandbox_write("mine.ini", 0644, "[connection]\nport=1\n");
    sandbox_write("other.ini", 0644, "[connection]\nport=2\n");
    ZQ_AUTO(zq_settings) s = must_open(options, ENVIRONMENT("ZQUANT_CONFIG=other.ini"));
    expect(s, ZQ_SET_PORT, "1", "mine.ini:2");
    expect(s, ZQ_SET_HOST, "localhost", "default");
    ZQ_AUTO(zq_settings) t = must_open(NULL, ENVIRONMENT("ZQUANT_CONFIG=other.ini"));
    expect(t, ZQ_SET_PORT, "2", "other.ini:2");
    ZQ_AUTO(zq_settings) u = must_open(none, NOTHING);
    expect(u, ZQ_SET_HOST, "localhost", "default");
}

Test(settings, a_single_setting_overrides_its_part_of_the_url_at_the_same_level)
{
    const char *url = "DATABASE_URL=mysql+pymysql://me:p%40ss@db:3307/shop?charset=utf8mb4";

    sandbox_enter();
    ZQ_AUTO(zq_settings) s = must_open(NULL, ENVIRONMENT(url, "DB_HOST=other"));
    expect(s, ZQ_SET_HOST, "other", "DB_HOST");
    expect(s, ZQ_SET_PORT, "3307", "DATABASE_URL");
    expect(s, ZQ_SET_USER, "me", "DATABASE_URL");
    expect(s, ZQ_SET_PASSWORD, "p@ss", "DATABASE_URL");
    expect(s, ZQ_SET_DATABASE, "shop", "DATABASE_URL");
    expect(s, ZQ_SET_CHARSET, "utf8mb4", "DATABASE_URL");
}

Test(settings, a_url_overrides_single_settings_of_a_weaker_level)
{
    sandbox_enter();
    sandbox_write(".env", 0600, "DB_HOST=other\nDB_PORT=3399\nDB_PASSWORD=x\nDB_NAME=n\n");
    ZQ_AUTO(zq_settings) s = must_open(NULL, ENVIRONMENT("DATABASE_URL=mysql://me:secret@db"));
    expect(s, ZQ_SET_HOST, "db", "DATABASE_URL");
    /* A host without a port is a host at 3306. */
    expect(s, ZQ_SET_PORT, "3306", "DATABASE_URL");
    expect(s, ZQ_SET_PASSWORD, "secret", "DATABASE_URL");
    expect(s, ZQ_SET_DATABASE, "n", ".env:4");
}

Test(settings, the_url_may_use_variables_of_its_file)
{
    sandbox_enter();
    sandbox_write(".env", 0600, "DB_PASSWORD='a b'\nDATABASE_URL=mysql://u:x${DB_PASSWORD}@h/d\n");
    ZQ_AUTO(zq_settings) s = must_open(NULL, NOTHING);
    expect(s, ZQ_SET_PASSWORD, "a b", ".env:1");
    expect(s, ZQ_SET_HOST, "h", ".env:2");
}

Test(settings, an_empty_variable_is_one_that_is_not_set)
{
    sandbox_enter();
    sandbox_write(".env", 0600, "DB_HOST=b\nDB_PORT=\nDB_PASSWORD=secret\n");
    ZQ_AUTO(zq_settings) s = must_open(NULL, ENVIRONMENT("DB_HOST=", "NO_COLOR=", "DB_SOCKET="));
    expect(s, ZQ_SET_HOST, "b", ".env:1");
    expect(s, ZQ_SET_PORT, "3306", "default");
    cr_assert_not(zq_settings_flag(s, ZQ_SET_NO_COLOR));
    /* But an empty password says: none. */
    ZQ_AUTO(zq_settings) t = must_open(NULL, ENVIRONMENT("DB_PASSWORD="));
    expect(t, ZQ_SET_PASSWORD, NULL, "DB_PASSWORD");
}

Test(settings, no_color_counts_whatever_it_says)
{
    sandbox_enter();
    ZQ_AUTO(zq_settings) s = must_open(NULL, ENVIRONMENT("NO_COLOR=0"));
    cr_assert(zq_settings_flag(s, ZQ_SET_NO_COLOR));
}

Test(settings, x_and_x_file_at_the_same_level_are_an_error)
{
    const char *hint = "set only one of them";

    sandbox_enter();
    expect_failure(NULL, ENVIRONMENT("DB_PASSWORD=a", "DB_PASSWORD_FILE=b"), ZQ_E_CONFIG,
                   "'DB_PASSWORD_FILE' and 'DB_PASSWORD' are both set", hint);
    expect_failure(NULL, ENVIRONMENT("DB_PASSWORD_FILE=b", "DB_PASSWORD=a"), ZQ_E_CONFIG,
                   "'DB_PASSWORD' and 'DB_PASSWORD_FILE' are both set", hint);
    expect_failure(NULL, ENVIRONMENT("ZQUANT_ADMIN_PASSWORD=a", "ZQUANT_ADMIN_PASSWORD_FILE=b"),
                   ZQ_E_CONFIG,
                   "'ZQUANT_ADMIN_PASSWORD_FILE' and 'ZQUANT_ADMIN_PASSWORD' are both set", hint);
    expect_failure(
        NULL, ENVIRONMENT("ZQUANT_ADMIN_PASSWORD_HASH=a", "ZQUANT_ADMIN_PASSWORD_HASH_FILE=b"),
        ZQ_E_CONFIG,
        "'ZQUANT_ADMIN_PASSWORD_HASH_FILE' and 'ZQUANT_ADMIN_PASSWORD_HASH' are both set", hint);
    sandbox_write(".env", 0600, "DB_PASSWORD=a\n\nDB_PASSWORD_FILE=b\n");
    expect_failure(NULL, NOTHING, ZQ_E_CONFIG,
                   ".env:3: 'DB_PASSWORD_FILE' and 'DB_PASSWORD' are both set", hint);
    sandbox_write(".env", 0600, "");
    sandbox_write("zquant.ini", 0600, "[connection]\npassword = a\npassword-file = b\n");
    expect_failure(NULL, NOTHING, ZQ_E_CONFIG,
                   "zquant.ini:3: 'password-file' and 'password' are both set", hint);
}

Test(settings, x_of_a_stronger_level_replaces_x_file_of_a_weaker_one)
{
    const char *options[ZQ_SET_COUNT_] = {[ZQ_SET_PASSWORD_FILE] = "pw"};
    const char *text = NULL;
    zq_err err = {0};

    sandbox_enter();
    sandbox_write("pw", 0600, "of the file\n");
    sandbox_write(".env", 0600, "DB_PASSWORD_FILE=nowhere\n");
    ZQ_AUTO(zq_settings) s = must_open(NULL, ENVIRONMENT("DB_PASSWORD=of the variable"));
    cr_assert_eq(zq_settings_secret(s, ZQ_SET_PASSWORD, &text, &err), ZQ_OK);
    cr_assert_str_eq(text, "of the variable");
    ZQ_AUTO(zq_settings) t = must_open(options, ENVIRONMENT("DB_PASSWORD=of the variable"));
    cr_assert_eq(zq_settings_secret(t, ZQ_SET_PASSWORD, &text, &err), ZQ_OK);
    cr_assert_str_eq(text, "of the file");
}

static const struct {
    const char *file; /* NULL: an environment variable */
    const char *text;
    const char *message;
    const char *hint;
} wrong[] = {
    {NULL, "DB_PORT=abc", "'DB_PORT' must be a whole number from 1 to 65535, not 'abc'", ""},
    {NULL, "DB_PORT=3306x", "'DB_PORT' must be a whole number from 1 to 65535, not '3306x'", ""},
    {NULL, "DB_PORT=-1", "'DB_PORT' must be a whole number from 1 to 65535, not '-1'", ""},
    {NULL, "DB_PORT= 1", "'DB_PORT' must be a whole number from 1 to 65535, not ' 1'", ""},
    {NULL, "DB_PORT=65536", "'DB_PORT' must be a whole number from 1 to 65535, not '65536'", ""},
    {NULL, "DB_PORT=99999999999999999999",
     "'DB_PORT' must be a whole number from 1 to 65535, not '99999999999999999999'", ""},
    {NULL, "ZQUANT_JOBS=0", "'ZQUANT_JOBS' must be a whole number from 1 to 64, not '0'", ""},
    {NULL, "ZQUANT_DRY_RUN=maybe", "'ZQUANT_DRY_RUN' must be yes or no, not 'maybe'", ""},
    {NULL, "ZQUANT_TLS=verify",
     "'ZQUANT_TLS' must be one of disabled, preferred, required, verify-ca, verify-identity, "
     "not 'verify'",
     ""},
    {NULL, "DATABASE_URL=mysql://u:sec@ret@h/d",
     "'DATABASE_URL': the URL has more than one '@' before the host",
     "write '%40' for an '@' in the user or the password"},
    {NULL, "DATABASE_URL=mysql://h/d?ssl_mode=maybe",
     "DATABASE_URL: 'ssl_mode' must be one of disabled, preferred, required, verify-ca, "
     "verify-identity, not 'maybe'",
     ""},
    {".env", "A=1\nDB_PORT=abc\n",
     ".env:2: 'DB_PORT' must be a whole number from 1 to 65535, not 'abc'", ""},
    {".env", "A=1\nDB_PASSWORD='abc\n", ".env:2: the quote is not closed",
     "write KEY=value, or KEY='value' when it holds spaces, '#' or quotes"},
    {".env", "DATABASE_URL=postgres://u:secret@h\n",
     ".env:1: 'DATABASE_URL': the URL does not begin with mysql:// or mariadb://",
     "write mysql://USER:PASSWORD@HOST:PORT/DATABASE"},
    {"zquant.ini", "[connection]\nport = abc\n",
     "zquant.ini:2: 'port' must be a whole number from 1 to 65535, not 'abc'", ""},
    {"zquant.ini", "[connection]\nhots = abc\n", "zquant.ini:2: unknown key 'hots' in [connection]",
     "did you mean 'host'?"},
    {"zquant.ini", "[connection]\nurl = mysql://h:x/\n",
     "zquant.ini:2: 'url': the URL's port must be a whole number from 1 to 65535",
     "write ':', '/', '@' and '%' of a password as %3A, %2F, %40 and %25"},
    {"my.cnf", "[client]\nport = abc\n",
     "my.cnf:2: 'port' must be a whole number from 1 to 65535, not 'abc'", ""},
    {NULL, "DB_NAME=a ", "'DB_NAME': a name ends in a space: 'a '", ""},
    {NULL, "DATABASE_URL=mysql://h/%F0%9F%98%80",
     "DATABASE_URL: 'database': a name holds what is not a character of the Basic Multilingual "
     "Plane in UTF-8: '\U0001F600'",
     ""},
    {"zquant.ini",
     "[connection]\ndatabase = 12345678901234567890123456789012345678901234567890123456789012345\n",
     "zquant.ini:2: 'database': a name is longer than 64 characters: "
     "'12345678901234567890123456789012345678901234567890123456789012345'",
     ""},
    {"my.cnf", "port = abc\n", "my.cnf:1: an option stands before any [group]", ""},
};

Test(settings, what_is_wrong_is_told_with_its_place)
{
    sandbox_enter();
    for (size_t i = 0; i < ZQ_LEN(wrong); i++) {
        if (wrong[i].file != NULL)
            sandbox_write(wrong[i].file, 0600, wrong[i].text);
        expect_failure(NULL, wrong[i].file != NULL ? NOTHING : ENVIRONMENT(wrong[i].text),
                       ZQ_E_CONFIG, wrong[i].message, wrong[i].hint);
        if (wrong[i].file != NULL)
            unlink(wrong[i].file);
    }
}

Test(settings, a_bad_option_is_bad_usage)
{
    const char *port[ZQ_SET_COUNT_] = {[ZQ_SET_PORT] = "abc"};
    const char *user[ZQ_SET_COUNT_] = {[ZQ_SET_USER] = ""};
    const char *write[ZQ_SET_COUNT_] = {[ZQ_SET_WRITE] = ""};
    const char *sign[ZQ_SET_COUNT_] = {[ZQ_SET_SIGN] = ""};

    sandbox_enter();
    expect_failure(port, NOTHING, ZQ_E_USAGE,
                   "'--port' must be a whole number from 1 to 65535, not 'abc'", "");
    expect_failure(user, NOTHING, ZQ_E_USAGE, "'--user' must not be empty", "");
    expect_failure(write, NOTHING, ZQ_E_USAGE, "'--write' must not be empty", "");
    expect_failure(sign, NOTHING, ZQ_E_USAGE, "'--sign' must not be empty", "");
}

Test(settings, a_named_file_that_is_not_there_cannot_be_read)
{
    const char *options[ZQ_SET_COUNT_] = {[ZQ_SET_CONFIG] = "nowhere.ini"};
    ZQ_AUTO(zq_settings) settings = NULL;
    zq_err err = {0};

    sandbox_enter();
    cr_assert_eq(open_with(options, NOTHING, &settings, &err), ZQ_E_NOINPUT);
    cr_assert_str_eq(err.message, "--config: cannot read 'nowhere.ini'");
    cr_assert_str_eq(err.detail, "No such file or directory");
}

Test(settings, a_directory_in_place_of_a_file_cannot_be_read)
{
    ZQ_AUTO(zq_settings) settings = NULL;
    zq_err err = {0};

    sandbox_enter();
    cr_assert_eq(mkdir(".env", 0700), 0);
    cr_assert_eq(open_with(NULL, NOTHING, &settings, &err), ZQ_E_NOINPUT);
    cr_assert_str_eq(err.message, "cannot read '.env'");
    cr_assert_str_eq(err.detail, "Is a directory");
}

Test(settings, zquant_ini_with_a_password_must_be_its_owners_alone)
{
    sandbox_enter();
    sandbox_write("zquant.ini", 0640, "[connection]\npassword = secret\n");
    expect_failure(NULL, NOTHING, ZQ_E_CONFIG,
                   with("'zquant.ini' holds a password, but %s", others_may("read", 0640)),
                   "run: chmod 600 'zquant.ini'");
    sandbox_write("zquant.ini", 0644, "[connection]\nurl = mysql://u:secret@h/\n");
    expect_failure(NULL, NOTHING, ZQ_E_CONFIG,
                   with("'zquant.ini' holds a password, but %s", others_may("read", 0644)),
                   "run: chmod 600 'zquant.ini'");
    sandbox_write("zquant.ini", 0644, "[connection]\nurl = mysql://u@h/\nuser = a\n");
    ZQ_AUTO(zq_settings) s = must_open(NULL, NOTHING);
    expect(s, ZQ_SET_USER, "a", "zquant.ini:3");
    sandbox_write("zquant.ini", 0600, "[connection]\npassword = secret\n");
    ZQ_AUTO(zq_settings) t = must_open(NULL, NOTHING);
    expect(t, ZQ_SET_PASSWORD, "secret", "zquant.ini:2");
}

static const char *warnings[64];
static size_t n_warnings;

static void note_warning(const char *text)
{
    cr_assert_lt(n_warnings, ZQ_LEN(warnings));
    warnings[n_warnings++] = text;
}

static size_t warnings_of(zq_settings *settings)
{
    n_warnings = 0;
    zq_settings_on_warning(settings, note_warning);
    return n_warnings;
}

static void expect_warning(zq_settings *settings, size_t i, const char *text)
{
    cr_assert_lt(i, warnings_of(settings), "%s", text);
    cr_assert_str_eq(warnings[i], text, "%s", warnings[i]);
}

Test(settings, an_open_dotenv_with_a_password_is_only_warned_about)
{
    sandbox_enter();
    sandbox_write(".env", 0644, "DB_PASSWORD=secret\n");
    ZQ_AUTO(zq_settings) s = must_open(NULL, NOTHING);
    expect(s, ZQ_SET_PASSWORD, "secret", ".env:1");
    cr_assert_eq(warnings_of(s), 1);
    expect_warning(s, 0,
                   with("'.env' holds a password ('DB_PASSWORD'), but %s; run: chmod 600 '.env'",
                        others_may("read", 0644)));
}

Test(settings, what_looks_like_a_slip_is_warned_about)
{
    sandbox_enter();
    sandbox_write(".env", 0600, "APP_NAME=x\nDB_POOL_SIZE=3\nDB_PASWORD=secret\nDB_CHARSET=utf8\n");
    sandbox_write("zquant.ini", 0600, "[conection]\nhost=a\n[mine]\nx=y\n[common]\nwait=\"3\"\n");
    ZQ_AUTO(zq_settings) s = NULL;
    zq_err err = {0};

    cr_assert_eq(open_with(NULL, ENVIRONMENT("ZQUANT_WIAT=3", "ZQUANT_XYZZY_PLUGH=3", "DB_ECHO=1"),
                           &s, &err),
                 ZQ_E_CONFIG);
    cr_assert_str_eq(err.message,
                     "zquant.ini:6: 'wait' must be a whole number from 0 to 86400, not '\"3\"'");
    expect_warning(s, 0, "'ZQUANT_WIAT' is not a setting; did you mean 'ZQUANT_WAIT'?");
    expect_warning(s, 1, "'ZQUANT_XYZZY_PLUGH' is not a setting");
    expect_warning(s, 2, ".env:3: 'DB_PASWORD' is not a setting; did you mean 'DB_PASSWORD'?");
    expect_warning(s, 3,
                   "zquant.ini:1: section [conection] is not read; did you mean [connection]?");
    expect_warning(s, 4, "zquant.ini:6: the quotes are part of the value of 'wait'");
    cr_assert_eq(warnings_of(s), 5);
}

Test(settings, names_of_other_programs_are_warned_of_where_ours_says_nothing)
{
    sandbox_enter();
    ZQ_AUTO(zq_settings)
    s = must_open(
        NULL, ENVIRONMENT("MYSQL_USER=u", "MARIADB_PASSWORD=p", "DB_DATABASE=d", "MYSQL_HOST=h"));
    expect_warning(s, 0, "'MYSQL_USER' is not a setting; did you mean 'DB_USER'?");
    expect_warning(s, 1, "'MARIADB_PASSWORD' is not a setting; did you mean 'DB_PASSWORD'?");
    expect_warning(s, 2, "'DB_DATABASE' is not a setting; did you mean 'DB_NAME'?");
    expect_warning(s, 3, "'MYSQL_HOST' is not a setting; did you mean 'DB_HOST'?");
    cr_assert_eq(warnings_of(s), 4);
    ZQ_AUTO(zq_settings)
    t = must_open(NULL, ENVIRONMENT("MYSQL_USER=u", "MYSQL_PASSWORD=p", "MYSQL_HOST=h", "DB_USER=x",
                                    "DB_PASSWORD_FILE=/f", "DB_SOCKET=/s"));
    cr_assert_eq(warnings_of(t), 0);
    ZQ_AUTO(zq_settings)
    u = must_open(NULL, ENVIRONMENT("ZQUANT_DB_HOST=h", "ZQUANT_PASSWORD=p", "FLYWAY_USER=u",
                                    "SQLALCHEMY_DATABASE_URI=mysql://h/d"));
    expect_warning(u, 0, "'ZQUANT_DB_HOST' is not a setting; did you mean 'DB_HOST'?");
    expect_warning(u, 1, "'ZQUANT_PASSWORD' is not a setting; did you mean 'DB_PASSWORD'?");
    expect_warning(u, 2, "'FLYWAY_USER' is not a setting; did you mean 'DB_USER'?");
    expect_warning(u, 3,
                   "'SQLALCHEMY_DATABASE_URI' is not a setting; did you mean 'DATABASE_URL'?");
    cr_assert_eq(warnings_of(u), 4);
}

Test(settings, a_section_that_other_programs_name_so_is_warned_of)
{
    sandbox_enter();
    sandbox_write("zquant.ini", 0600, "[database]\nhost=a\nuser=b\n[mine]\nx=y\n");
    ZQ_AUTO(zq_settings) s = must_open(NULL, NOTHING);
    expect_warning(s, 0,
                   "zquant.ini:1: section [database] is not read; did you mean [connection]?");
    cr_assert_eq(warnings_of(s), 1);
}

Test(settings, another_charset_is_told_to_be_the_applications_own)
{
    sandbox_enter();
    ZQ_AUTO(zq_settings) s = must_open(NULL, ENVIRONMENT("DB_CHARSET=latin1"));
    expect_warning(s, 0,
                   "DB_CHARSET: the charset 'latin1' is the application's own; the database, its "
                   "tables and this connection are utf8mb4");
    ZQ_AUTO(zq_settings) t = must_open(NULL, ENVIRONMENT("DB_CHARSET=UTF8MB4"));
    cr_assert_eq(warnings_of(t), 0);
}

Test(settings, an_option_file_with_a_password_that_others_may_read_is_warned_of)
{
    sandbox_enter();
    sandbox_write("my.cnf", 0644, "[client]\nuser=u\npassword=secret\n");
    ZQ_AUTO(zq_settings) s = must_open(NULL, NOTHING);
    expect_warning(s, 0,
                   with("'my.cnf' holds a password ('password'), but %s; run: chmod 600 'my.cnf'",
                        others_may("read", 0644)));
    sandbox_write("my.cnf", 0644, "[client]\nuser=u\n");
    ZQ_AUTO(zq_settings) t = must_open(NULL, NOTHING);
    cr_assert_eq(warnings_of(t), 0);
}

Test(settings, option_files_that_everybody_may_write_are_not_read)
{
    sandbox_enter();
    sandbox_write("my.cnf", 0666, "[client]\nhost=evil\n");
    ZQ_AUTO(zq_settings) s = must_open(NULL, NOTHING);
    expect(s, ZQ_SET_HOST, "localhost", "default");
    expect_warning(s, 0,
                   with("'my.cnf' is not read, because %s; run: chmod go-w 'my.cnf'",
                        others_may("write", 0666)));
}

Test(settings, option_files_count_in_the_groups_client_and_zquant_and_the_last_line_wins)
{
    sandbox_enter();
    sandbox_write("my.cnf", 0600,
                  "[mysqld]\nport=1\nuser=a\n[client]\nhost=b\nport=2\nuser=c\n"
                  "[zquant]\nport=3\ndatabase=d\n[mysql]\nhost=e\nport=4\n[client]\nuser=f\n");
    ZQ_AUTO(zq_settings) s = must_open(NULL, NOTHING);
    expect(s, ZQ_SET_HOST, "b", "my.cnf:5");
    expect(s, ZQ_SET_PORT, "3", "my.cnf:9");
    expect(s, ZQ_SET_USER, "f", "my.cnf:15");
    expect(s, ZQ_SET_DATABASE, "d", "my.cnf:10");
}

Test(settings, an_option_file_that_cannot_be_read_is_left_out)
{
    sandbox_enter();
    cr_assert_eq(mkdir("my.cnf", 0700), 0);
    ZQ_AUTO(zq_settings) s = must_open(NULL, NOTHING);
    expect(s, ZQ_SET_HOST, "localhost", "default");
    expect_warning(s, 0, "'my.cnf' cannot be read, and is left out");
}

Test(settings, option_files_give_tls_modes_as_either_vendor_writes_them)
{
    static const struct {
        const char *lines;
        const char *mode;
    } cases[] = {
        {"ssl-mode=VERIFY_IDENTITY\n", "verify-identity"},
        {"ssl\n", "required"},
        {"ssl=0\n", "disabled"},
        {"skip-ssl\n", "disabled"},
        {"ssl-verify-server-cert\nssl\n", "verify-identity"},
        {"ssl_verify_server_cert=0\n", "preferred"},
    };

    sandbox_enter();
    for (size_t i = 0; i < ZQ_LEN(cases); i++) {
        ZQ_AUTO(zq_settings) s = NULL;
        char text[128];

        snprintf(text, sizeof text, "[client]\n%s", cases[i].lines);
        sandbox_write("my.cnf", 0600, text);
        s = must_open(NULL, NOTHING);
        cr_assert_str_eq(zq_settings_text(s, ZQ_SET_TLS), cases[i].mode, "%s", cases[i].lines);
    }
}

static void expect_secret_failure(const char *const *options, const char *const *environment,
                                  zq_rc rc, const char *message, const char *hint)
{
    ZQ_AUTO(zq_settings) s = must_open(options, environment);
    const char *text = NULL;
    zq_err err = {0};

    cr_assert_eq(zq_settings_secret(s, ZQ_SET_PASSWORD, &text, &err), rc, "%s", message);
    cr_assert_str_eq(err.message, message, "%s", err.message);
    cr_assert_str_eq(err.hint, hint, "%s", err.hint);
}

Test(settings, a_password_file_is_refused_when_it_cannot_be_right)
{
    static const char alone[] = "let the file hold the secret alone, on one line";
    const char *options[ZQ_SET_COUNT_] = {[ZQ_SET_PASSWORD_FILE] = "pw"};
    char text[5000];

    sandbox_enter();
    expect_secret_failure(options, NOTHING, ZQ_E_NOINPUT, "--password-file: cannot read 'pw'", "");
    sandbox_write("pw", 0600, "\n");
    expect_secret_failure(options, NOTHING, ZQ_E_CONFIG,
                          "--password-file: 'pw' is empty, but should hold a secret", alone);
    sandbox_write("pw", 0600, "a\nb\n");
    expect_secret_failure(options, NOTHING, ZQ_E_CONFIG,
                          "--password-file: 'pw' has more than one line", alone);
    sandbox_write("pw", 0644, "secret\n");
    expect_secret_failure(options, NOTHING, ZQ_E_CONFIG,
                          with("'pw' holds a password, but %s", others_may("read", 0644)),
                          "run: chmod 600 'pw'");
    sandbox_write("pw", 0640, "secret\n");
    expect_secret_failure(options, NOTHING, ZQ_E_CONFIG,
                          with("'pw' holds a password, but %s", others_may("read", 0640)),
                          "run: chmod 600 'pw'");
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    sandbox_write("pw", 0600, text);
    expect_secret_failure(options, NOTHING, ZQ_E_NOINPUT,
                          "--password-file: 'pw' is too long: at most 4096 bytes are read", "");
    expect_secret_failure(NULL, ENVIRONMENT("DB_PASSWORD_FILE=nowhere"), ZQ_E_NOINPUT,
                          "DB_PASSWORD_FILE: cannot read 'nowhere'", "");
}

Test(settings, a_secret_file_that_a_variable_names_may_be_mounted_for_all)
{
    const char *text = NULL;
    zq_err err = {0};

    sandbox_enter();
    sandbox_write("pw", 0444, "se cret \r\n");
    ZQ_AUTO(zq_settings) s = must_open(NULL, ENVIRONMENT("DB_PASSWORD_FILE=pw"));
    cr_assert_eq(zq_settings_secret(s, ZQ_SET_PASSWORD, &text, &err), ZQ_OK);
    cr_assert_str_eq(text, "se cret ");
    expect_warning(
        s, 0, with("'pw' holds a password, but %s; run: chmod 600 'pw'", others_may("read", 0444)));
}

/* ---- the host and the database ---- */

Test(settings, what_is_not_a_host_is_refused_by_its_name_rather_than_looked_up)
{
    static const char hint[] =
        "give the host alone, without quotes and spaces: DB_PORT is for the port, DB_SOCKET for a "
        "socket, DATABASE_URL for all in one";
    static const char *const good[] = {"DB_HOST=db.example.com", "DB_HOST=::1",
                                       "DB_HOST=fe80::1%eth0", "DB_HOST=10.0.0.1"};
    static const char *const bad[] = {"db:3306", "mysql://db", "'db'", "db ", "/run/mysqld.sock"};

    sandbox_enter();
    for (size_t i = 0; i < ZQ_LEN(good); i++) {
        ZQ_AUTO(zq_settings) s = must_open(NULL, ENVIRONMENT(good[i]));
        expect(s, ZQ_SET_HOST, good[i] + strlen("DB_HOST="), "DB_HOST");
    }
    for (size_t i = 0; i < ZQ_LEN(bad); i++) {
        char variable[64];
        char message[128];

        snprintf(variable, sizeof variable, "DB_HOST=%s", bad[i]);
        snprintf(message, sizeof message, "DB_HOST: '%s' is not the name or address of a host",
                 bad[i]);
        expect_failure(NULL, ENVIRONMENT(variable), ZQ_E_CONFIG, message, hint);
    }
    ZQ_AUTO(zq_settings) s = must_open(NULL, ENVIRONMENT("DB_HOST=db:3306", "DB_SOCKET=/s"));
    expect(s, ZQ_SET_SOCKET, "/s", "DB_SOCKET");
}

Test(settings, a_database_of_the_servers_own_is_refused_wherever_it_is_named)
{
    static const char hint[] = "name the application's database by '--database' or DB_NAME";
    const char *options[ZQ_SET_COUNT_] = {[ZQ_SET_DATABASE] = "mysql"};

    sandbox_enter();
    expect_failure(options, NOTHING, ZQ_E_CONFIG,
                   "--database: 'mysql' is the server's own database", hint);
    expect_failure(NULL, ENVIRONMENT("DB_NAME=Performance_Schema"), ZQ_E_CONFIG,
                   "DB_NAME: 'Performance_Schema' is the server's own database", hint);
    expect_failure(NULL, ENVIRONMENT("DATABASE_URL=mysql://u@h/s%79s"), ZQ_E_CONFIG,
                   "DATABASE_URL: 'sys' is the server's own database", hint);
    sandbox_write(".env", 0600, "DB_NAME=INFORMATION_SCHEMA\n");
    expect_failure(NULL, NOTHING, ZQ_E_CONFIG,
                   ".env:1: 'INFORMATION_SCHEMA' is the server's own database", hint);
    cr_assert_eq(unlink(".env"), 0);
    sandbox_write("my.cnf", 0600, "[client]\ndatabase=mysql\n");
    expect_failure(NULL, NOTHING, ZQ_E_CONFIG, "my.cnf:2: 'mysql' is the server's own database",
                   hint);
    ZQ_AUTO(zq_settings) s = must_open(NULL, ENVIRONMENT("DB_NAME=mine"));
    expect(s, ZQ_SET_DATABASE, "mine", "DB_NAME");
}

Test(settings, a_name_that_cannot_be_seen_is_refused)
{
    sandbox_enter();
    expect_failure(NULL, ENVIRONMENT("DB_NAME=a\nb"), ZQ_E_CONFIG,
                   "'DB_NAME': a name holds characters that nobody sees: 'a\nb'", "");
    expect_failure(NULL,
                   ENVIRONMENT("DB_NAME=a\xE2\x80\xAE"
                               "b"),
                   ZQ_E_CONFIG,
                   "'DB_NAME': a name holds characters that nobody sees: 'a\xE2\x80\xAE"
                   "b'",
                   "");
}

/* ---- who could have written it ---- */

Test(settings, a_file_that_was_found_is_refused_when_others_may_write_it)
{
    sandbox_enter();
    sandbox_write(".env", 0666, "DB_HOST=evil\n");
    expect_failure(NULL, NOTHING, ZQ_E_CONFIG,
                   with("'.env' is not obeyed, because %s", others_may("write", 0666)),
                   "run: chmod go-w '.env'");
    cr_assert_eq(chmod(".env", 0600), 0);
    cr_assert_eq(chmod(".", 0777), 0);
    expect_failure(NULL, NOTHING, ZQ_E_CONFIG,
                   with("'.env' is not obeyed, because others may write its folder (owner '%s', "
                        "mode 0777)",
                        getpwuid(geteuid())->pw_name),
                   "run: chmod go-w .");
    cr_assert_eq(unlink(".env"), 0);
    sandbox_write("zquant.ini", 0600, "[connection]\nhost = evil\n");
    expect_failure(NULL, NOTHING, ZQ_E_CONFIG,
                   with("'zquant.ini' is not obeyed, because others may write its folder (owner "
                        "'%s', mode 0777)",
                        getpwuid(geteuid())->pw_name),
                   "run: chmod go-w .");
    cr_assert_eq(chmod(".", 0700), 0);
}

Test(settings, a_file_without_a_setting_of_ours_is_nobodys_trap)
{
    sandbox_enter();
    sandbox_write(".env", 0666, "# DB_HOST=evil\nAPP_NAME=x\n");
    sandbox_write("zquant.ini", 0666, "[connection]\n; host = evil\n[mine]\nhost = x\n");
    ZQ_AUTO(zq_settings) s = must_open(NULL, NOTHING);
    expect(s, ZQ_SET_HOST, "localhost", "default");
    cr_assert_eq(warnings_of(s), 0);
}

Test(settings, a_file_that_was_named_is_obeyed_with_a_warning)
{
    const char *options[ZQ_SET_COUNT_] = {[ZQ_SET_CONFIG] = "x.ini"};

    sandbox_enter();
    sandbox_write("x.ini", 0662, "[connection]\nhost = db\nport = 3307\n");
    ZQ_AUTO(zq_settings) s = must_open(options, NOTHING);
    expect(s, ZQ_SET_HOST, "db", "x.ini:2");
    cr_assert_eq(warnings_of(s), 1);
    expect_warning(
        s, 0,
        with("'x.ini' is obeyed, but %s; run: chmod go-w 'x.ini'", others_may("write", 0662)));
}

/* ---- the address ---- */

static const struct {
    const char *option_host;
    const char *option_socket;
    const char *variable;
    const char *mycnf;
    const char *address; /* "host:port" or the socket */
} addresses[] = {
    {NULL, NULL, "X=", "", "localhost:3306"},
    {NULL, NULL, "X=", "[client]\nsocket=/s\n", "/s"},
    {NULL, NULL, "X=", "[client]\nsocket=/s\nhost=localhost\nport=3307\n", "/s"},
    {NULL, NULL, "X=", "[client]\nsocket=/s\nhost=db\n", "db:3306"},
    {NULL, NULL, "DB_HOST=localhost", "[client]\nsocket=/s\n", "localhost:3306"},
    {NULL, NULL, "DB_PORT=3307", "[client]\nsocket=/s\n", "localhost:3307"},
    {NULL, NULL, "DB_SOCKET=/s", "[client]\nhost=db\n", "/s"},
    {"db", NULL, "DB_SOCKET=/s", "", "db:3306"},
    {NULL, "/s", "DB_HOST=db", "", "/s"},
    {"localhost", "/s", "X=", "", "/s"},
    {"db", "/s", "X=", "", "db:3306"},
    {NULL, "", "X=", "[client]\nsocket=/s\n", "localhost:3306"},
    {NULL, NULL, "DATABASE_URL=mysql://u@/d?unix_socket=/s", "", "/s"},
    {NULL, NULL, "DATABASE_URL=mysql://u@localhost/d?unix_socket=/s", "", "/s"},
    {NULL, NULL, "DATABASE_URL=mysql://u@db/d", "[client]\nsocket=/s\n", "db:3306"},
};

Test(settings, host_and_socket_are_chosen_as_the_contract_of_the_target_says)
{
    sandbox_enter();
    for (size_t i = 0; i < ZQ_LEN(addresses); i++) {
        const char *options[ZQ_SET_COUNT_] = {
            [ZQ_SET_HOST] = addresses[i].option_host, [ZQ_SET_SOCKET] = addresses[i].option_socket};
        ZQ_AUTO(zq_settings) s = NULL;
        zq_target target;
        zq_err err = {0};
        char text[64];

        sandbox_write("my.cnf", 0600, addresses[i].mycnf);
        s = must_open(options, ENVIRONMENT(addresses[i].variable));
        cr_assert_eq(zq_settings_target(s, &target, &err), ZQ_OK);
        if (target.socket != NULL)
            snprintf(text, sizeof text, "%s%s", target.host == NULL ? "" : target.host,
                     target.socket);
        else
            snprintf(text, sizeof text, "%s:%u", target.host, target.port);
        cr_assert_str_eq(text, addresses[i].address, "case %zu: %s", i, text);
    }
}

Test(settings, a_choice_is_a_value_of_its_type)
{
    static const struct {
        zq_setting which;
        const char *word;
        int value;
    } cases[] = {
        {ZQ_SET_FLAVOR, "mysql", ZQ_MYSQL},
        {ZQ_SET_FLAVOR, "MariaDB", ZQ_MARIADB},
        {ZQ_SET_LOG_FORMAT, "json", 1},
        {ZQ_SET_FORMAT, "text", ZQ_FORMAT_TEXT},
        {ZQ_SET_FORMAT, "sql", ZQ_FORMAT_SQL},
        {ZQ_SET_FORMAT, "c", ZQ_FORMAT_C},
        {ZQ_SET_FORMAT, "json", ZQ_FORMAT_JSON},
        {ZQ_SET_FORMAT, "mermaid", ZQ_FORMAT_MERMAID},
        {ZQ_SET_FORMAT, "dot", ZQ_FORMAT_DOT},
        {ZQ_SET_FORMAT, "svg", ZQ_FORMAT_SVG},
        {ZQ_SET_ADMIN_HASH, "auto", 0},
        {ZQ_SET_ADMIN_HASH, "argon2id", 1 + ZQ_HASH_ARGON2ID},
        {ZQ_SET_ADMIN_HASH, "argon2id-moderate", 1 + ZQ_HASH_ARGON2ID_MODERATE},
        {ZQ_SET_ADMIN_HASH, "argon2id-sensitive", 1 + ZQ_HASH_ARGON2ID_SENSITIVE},
        {ZQ_SET_ADMIN_HASH, "bcrypt", 1 + ZQ_HASH_BCRYPT},
    };

    sandbox_enter();
    for (size_t i = 0; i < ZQ_LEN(cases); i++) {
        const char *options[ZQ_SET_COUNT_] = {NULL};
        ZQ_AUTO(zq_settings) s = NULL;

        options[cases[i].which] = cases[i].word;
        s = must_open(options, NOTHING);
        cr_assert_eq(zq_settings_choice(s, cases[i].which), cases[i].value, "%s", cases[i].word);
    }
}

Test(settings, certificate_authorities_without_a_mode_mean_verify_ca)
{
    static const struct {
        const char *mode;
        const char *ca;
        zq_tls tls;
    } cases[] = {
        {NULL, NULL, ZQ_TLS_PREFERRED},         {NULL, "/ca", ZQ_TLS_VERIFY_CA},
        {"preferred", "/ca", ZQ_TLS_PREFERRED}, {"REQUIRED", NULL, ZQ_TLS_REQUIRED},
        {"verify_ca", "/ca", ZQ_TLS_VERIFY_CA}, {"verify-identity", "/ca", ZQ_TLS_VERIFY_IDENTITY},
        {"disabled", NULL, ZQ_TLS_DISABLED},
    };

    sandbox_enter();
    for (size_t i = 0; i < ZQ_LEN(cases); i++) {
        const char *options[ZQ_SET_COUNT_] = {
            [ZQ_SET_TLS] = cases[i].mode, [ZQ_SET_TLS_CA] = cases[i].ca};
        ZQ_AUTO(zq_settings) s = must_open(options, NOTHING);
        zq_target target;
        zq_err err = {0};

        cr_assert_eq(zq_settings_target(s, &target, &err), ZQ_OK);
        cr_assert_eq(target.tls, cases[i].tls, "case %zu", i);
    }
}
