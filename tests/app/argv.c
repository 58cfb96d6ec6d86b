#include "app/settings/argv.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 16 };

/* Split at single spaces; an empty word is "''". */
static int split(zq_arena *arena, const char *line, char **argv)
{
    int argc = 0;
    char *text = zq_arena_strdup(arena, line);
    char *rest = text;

    for (char *word = strsep(&rest, " "); word != NULL; word = strsep(&rest, " "))
        argv[argc++] = strcmp(word, "''") == 0 ? word + 2 : word;
    argv[argc] = NULL;
    return argc;
}

static zq_rc parse_for(unsigned program, zq_arena *arena, const char *line, zq_argv *out,
                       zq_err *err)
{
    char **argv = ZQ_NEW_ARRAY(arena, char *, MOST + 1);
    int argc = split(arena, line, argv);

    return zq_argv_parse(program, argc, argv, arena, out, err);
}

static zq_rc parse(zq_arena *arena, const char *line, zq_argv *out, zq_err *err)
{
    return parse_for(ZQ_FOR_INIT, arena, line, out, err);
}

/* "name=text name=text / word word -- word word" */
static const char *show(zq_arena *arena, const zq_argv *line)
{
    const char *text = "";

    for (size_t i = 0; i < ZQ_SET_COUNT_; i++) {
        if (line->options[i] != NULL)
            text = zq_arena_printf(arena, "%s%s=%s ", text, zq_options[i].name, line->options[i]);
    }
    text = zq_arena_printf(arena, "%s/", text);
    for (int i = 0; i < line->n_words; i++)
        text = zq_arena_printf(arena, "%s %s", text, line->words[i]);
    if (line->exec != NULL)
        text = zq_arena_printf(arena, "%s --", text);
    for (char **word = line->exec; word != NULL && *word != NULL; word++)
        text = zq_arena_printf(arena, "%s %s", text, *word);
    return text;
}

static const struct {
    const char *line;
    const char *found;
} good[] = {
    {"x", "/"},
    {"x status", "/ status"},
    {"x -H db status -P 3307", "host=db port=3307 / status"},
    {"x status --host=db --port 3307", "host=db port=3307 / status"},
    {"x -Hdb -P3307", "host=db port=3307 /"},
    {"x -qv -n", "dry-run=yes quiet=yes verbose=yes /"},
    {"x -qHdb", "host=db quiet=yes /"},
    {"x --host=a --host=b", "host=b /"},
    {"x --host=", "host= /"},
    {"x --hos db", "host=db /"},
    {"x --conn 3", "connect-timeout=3 /"},
    {"x --seeds d --sql", "sql=yes seeds=d /"},
    {"x -- sh -c ls", "/ -- sh -c ls"},
    {"x init -q -- sh -q --host db -- y", "quiet=yes / init -- sh -q --host db -- y"},
    {"x a -H db b -q c", "host=db quiet=yes / a b c"},
    {"x - --user -", "user=- / -"},
    {"x -D -- -- ls", "database=-- / -- ls"},
    {"x up -w 3 0003", "wait=3 / up 0003"},
    {"x -u -json --user -url -D \xE2\x80\x94z", "user=-url database=\xE2\x80\x94z /"},
};

Test(argv, options_may_stand_anywhere_before_two_dashes)
{
    for (size_t i = 0; i < ZQ_LEN(good); i++) {
        ZQ_AUTO(zq_arena) arena = zq_arena_open();
        zq_argv line;
        zq_err err = {0};

        cr_assert_eq(parse(arena, good[i].line, &line, &err), ZQ_OK, "%s: %s", good[i].line,
                     err.message);
        cr_assert_str_eq(show(arena, &line), good[i].found, "%s: %s", good[i].line,
                         show(arena, &line));
    }
}

Test(argv, the_order_of_words_is_kept_whatever_the_environment_says)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    zq_argv line;
    zq_err err = {0};

    setenv("POSIXLY_CORRECT", "1", 1);
    cr_assert_eq(parse(arena, "x status -H db more", &line, &err), ZQ_OK);
    cr_assert_str_eq(show(arena, &line), "host=db / status more");
}

#define SECRET_MESSAGE "a secret cannot be given on the command line, where others see it"

static const struct {
    const char *line;
    const char *message;
    const char *hint;
} bad[] = {
    {"x --hots=db", "unknown option '--hots'", "did you mean '--host'? See '--help'"},
    {"x --versoin", "unknown option '--versoin'", "did you mean '--version'? See '--help'"},
    {"x --xyzzy", "unknown option '--xyzzy'", "see '--help'"},
    {"x --xyzzy=secret", "unknown option '--xyzzy'", "see '--help'"},
    {"x -X", "unknown option '-X'", "see '--help'"},
    {"x -qX", "unknown option '-X'", "see '--help'"},
    {"x -h db", "unknown option '-h'", "'-H HOST' is the host, '--help' is help"},
    {"x --ssl-mode=REQUIRED", "unknown option '--ssl-mode'", "did you mean '--tls'? See '--help'"},
    {"x --ssl", "unknown option '--ssl'", "did you mean '--tls'? See '--help'"},
    {"x --defaults-file=a", "unknown option '--defaults-file'",
     "did you mean '--config'? See '--help'"},
    {"x -c alembic.ini up", "unknown option '-c'", "did you mean '--config'? See '--help'"},
    {"x -json", "unknown option '-json'", "did you mean '--json'? See '--help'"},
    {"x -dry-run", "unknown option '-dry-run'", "did you mean '--dry-run'? See '--help'"},
    {"x -user=root", "unknown option '-user'", "did you mean '--user'? See '--help'"},
    {"x -u=root", "unknown option '-u'", "did you mean '--user'? See '--help'"},
    {"x -configFiles=a info", "unknown option '-configFiles'",
     "did you mean '--config'? See '--help'"},
    {"x \xE2\x80\x94"
     "dry-run",
     "unknown option '\xE2\x80\x94"
     "dry-run'",
     "did you mean '--dry-run'? See '--help'"},
    {"x \xEF\xBC\x8D\xEF\xBC\x8D"
     "json=1",
     "unknown option '\xEF\xBC\x8D\xEF\xBC\x8D"
     "json'",
     "did you mean '--json'? See '--help'"},
    {"x -q \xE2\x88\x92"
     "P",
     "unknown option '\xE2\x88\x92"
     "P'",
     "did you mean '--port'? See '--help'"},
    {"x mysql://root:secret@db/zquant", SECRET_MESSAGE,
     "set DATABASE_URL in the environment or in .env"},
    {"x -url=jdbc:mysql://db/zquant up", SECRET_MESSAGE,
     "set DATABASE_URL in the environment or in .env"},
    {"x --port", "option '--port' needs a value", "see '--help'"},
    {"x -q -P", "option '-P' needs a value", "see '--help'"},
    {"x --quiet=yes", "option '--quiet' takes no value", "see '--help'"},
    {"x --help=yes", "option '--help' takes no value", "see '--help'"},
    {"x --admin-p y", "option '--admin-p' is ambiguous",
     "it may be '--admin-password-file' or '--admin-password-hash-file'"},
    {"x -psecret", SECRET_MESSAGE,
     "use '--password-file FILE' or set DB_PASSWORD in the environment"},
    {"x -p", SECRET_MESSAGE, "use '--password-file FILE' or set DB_PASSWORD in the environment"},
    {"x --password=secret", SECRET_MESSAGE,
     "use '--password-file FILE' or set DB_PASSWORD in the environment"},
    {"x --password secret", SECRET_MESSAGE,
     "use '--password-file FILE' or set DB_PASSWORD in the environment"},
    {"x --pass=secret", SECRET_MESSAGE,
     "use '--password-file FILE' or set DB_PASSWORD in the environment"},
    {"x --admin-password=secret", SECRET_MESSAGE,
     "use '--admin-password-file FILE' or set ZQUANT_ADMIN_PASSWORD in the environment"},
    {"x --admin-password-hash=secret", SECRET_MESSAGE,
     "use '--admin-password-hash-file FILE' or set ZQUANT_ADMIN_PASSWORD_HASH in the environment"},
    {"x --url=mysql://u:secret@h", SECRET_MESSAGE,
     "set DATABASE_URL in the environment or in .env"},
    {"x status --", "no command after '--'", "write '-- COMMAND ARG...'"},
};

Test(argv, what_cannot_be_understood_is_told_without_repeating_a_secret)
{
    for (size_t i = 0; i < ZQ_LEN(bad); i++) {
        ZQ_AUTO(zq_arena) arena = zq_arena_open();
        zq_argv line;
        zq_err err = {0};

        cr_assert_eq(parse(arena, bad[i].line, &line, &err), ZQ_E_USAGE, "%s", bad[i].line);
        cr_assert_str_eq(err.message, bad[i].message, "%s: %s", bad[i].line, err.message);
        cr_assert_str_eq(err.hint, bad[i].hint, "%s: %s", bad[i].line, err.hint);
    }
}

Test(argv, every_option_of_the_table_is_understood_long_and_short)
{
    for (const zq_option *o = zq_options; o->name != NULL; o++) {
        ZQ_AUTO(zq_arena) arena = zq_arena_open();
        unsigned program = o->programs & ZQ_FOR_INIT ? ZQ_FOR_INIT : ZQ_FOR_MIGRATE;
        bool flag = o->kind == ZQ_OPTION_FLAG;
        zq_argv line;
        zq_err err = {0};
        char text[128];

        if (o->no_option)
            continue;
        snprintf(text, sizeof text, "x --%s%s", o->name, flag ? "" : " text");
        cr_assert_eq(parse_for(program, arena, text, &line, &err), ZQ_OK, "%s: %s", text,
                     err.message);
        cr_assert_str_eq(line.options[o->id], flag ? "yes" : "text");
        if (o->letter == '\0')
            continue;
        snprintf(text, sizeof text, "x -%c%s", o->letter, flag ? "" : " text");
        cr_assert_eq(parse_for(program, arena, text, &line, &err), ZQ_OK, "%s: %s", text,
                     err.message);
        cr_assert_str_eq(line.options[o->id], flag ? "yes" : "text");
    }
}

Test(argv, an_option_of_the_other_program_is_unknown)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    char *argv[] = {(char *)"x", (char *)"--seeds=d", NULL};
    zq_argv line;
    zq_err err = {0};

    cr_assert_eq(zq_argv_parse(ZQ_FOR_MIGRATE, 2, argv, arena, &line, &err), ZQ_E_USAGE);
    cr_assert_str_eq(err.message, "unknown option '--seeds'");
}
