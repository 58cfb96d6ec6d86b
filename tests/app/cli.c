/* Both programs as a user meets them, without a server. */
#include "commands.h"
#include "runbook.h"
#include "sandbox.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void expect_run(const char *command, int status, const char *out, const char *err)
{
    sandbox_run run = sandbox_sh(command);

    cr_assert_str_eq(run.err, err, "%s: %s", command, run.err);
    if (out != NULL)
        cr_assert_str_eq(run.out, out, "%s: %s", command, run.out);
    cr_assert_eq(run.status, status, "%s: %d", command, run.status);
    free(run.out);
    free(run.err);
}

static void expect_in_output(const char *command, const char *part)
{
    sandbox_run run = sandbox_sh(command);

    cr_assert_eq(run.status, 0, "%s: %s", command, run.err);
    cr_assert_not_null(strstr(run.out, part), "'%s' is missing in:\n%s", part, run.out);
    free(run.out);
    free(run.err);
}

static void expect_begins(const char *text, const char *start)
{
    cr_assert_eq(strncmp(text, start, strlen(start)), 0, "%s", text);
}

Test(cli, bad_usage_ends_with_64_and_a_hint)
{
    sandbox_enter();
    expect_run("zquant-init confg", 64, "",
               "zquant-init: unknown command 'confg'\n"
               "hint: did you mean 'zquant-init config'?\n");
    expect_run("zquant-init xyzzy", 64, "",
               "zquant-init: unknown command 'xyzzy'\n"
               "hint: see 'zquant-init --help' for the commands\n");
    expect_run("zquant-init config more", 64, "",
               "zquant-init: unexpected word 'more' after 'config'\n"
               "hint: see 'zquant-init config --help'\n");
    expect_run("zquant-init config -- ls", 64, "",
               "zquant-init: 'config' takes no '-- COMMAND'\n"
               "hint: see 'zquant-init config --help'\n");
    expect_run("zquant-init config --seeds=d", 64, "",
               "zquant-init: '--seeds' is not an option of 'config'\n"
               "hint: see 'zquant-init config --help'\n");
    expect_run("zquant-init config --port=abc", 64, "",
               "zquant-init: '--port' must be a whole number from 1 to 65535, not 'abc'\n"
               "hint: see 'zquant-init config --help'\n");
    expect_run("zquant-migrate", 64, "",
               "zquant-migrate: no command given\n"
               "hint: see 'zquant-migrate --help' for the commands\n");
    expect_run("zquant-init config -psecret", 64, "",
               "zquant-init: a secret cannot be given on the command line, where others see it\n"
               "hint: use '--password-file FILE' or set DB_PASSWORD in the environment\n");
}

Test(cli, bad_settings_end_with_78_and_their_place)
{
    sandbox_enter();
    expect_run("DB_PORT=abc zquant-init config", 78, "",
               "zquant-init: 'DB_PORT' must be a whole number from 1 to 65535, not 'abc'\n"
               "hint: 'man zquant.ini' says what each setting takes\n");
    sandbox_write("zquant.ini", 0600, "[connection]\nhots = a\n");
    expect_run("zquant-init config", 78, "",
               "zquant-init: zquant.ini:2: unknown key 'hots' in [connection]\n"
               "hint: did you mean 'host'?\n");
    expect_run("zquant-init config --config=nowhere", 66, "",
               "zquant-init: --config: cannot read 'nowhere': No such file or directory\n"
               "hint: see that it is there, and that this user may read it\n");
}

Test(cli, status_is_1_whatever_the_server_does_and_78_for_settings)
{
    static const struct {
        int status;
        const char *settings;
    } cases[] = {
        {1, "DB_HOST=127.0.0.1 DB_PORT=1"}, {1, "DB_SOCKET=nowhere"},
        {1, "ZQUANT_MIGRATIONS=nowhere"},   {1, "ZQUANT_TLS=verify-ca"},
        {66, "ZQUANT_CONFIG=nowhere"},      {78, "ZQUANT_EXPECT=what"},
    };
    char line[256];

    sandbox_enter();
    for (size_t i = 0; i < ZQ_LEN(cases); i++) {
        snprintf(line, sizeof line, "%s zquant-init status", cases[i].settings);
        cr_expect_eq(sandbox_sh(line).status, cases[i].status, "%s", line);
    }
    cr_expect_eq(sandbox_sh("zquant-init status --nonsense").status, 64);
}

Test(cli, an_option_that_names_no_file_is_taken_for_none)
{
    sandbox_enter();
    cr_assert_eq(sandbox_sh("DB_SOCKET=nowhere zquant-migrate resume --config=").status, 69);
}

/* Each library has reasons of its own for where nobody listens. */
Test(cli, an_error_looks_as_the_page_on_operations_shows_it)
{
    ZQ_AUTO(zq_arena) arena = zq_arena_open();
    runbook_block *blocks;
    sandbox_run run;
    size_t alike;

    runbook_read("docs/operations", ".md", arena, &blocks);
    alike = (size_t)(strstr(blocks[0].text, "127.0.0.1:1': ") + 14 - blocks[0].text);
    sandbox_enter();
    run = sandbox_sh("DB_HOST=127.0.0.1 DB_PORT=1 zquant-init");
    cr_expect_eq(strncmp(run.err, blocks[0].text, alike), 0, "%s", run.err);
    cr_expect_str_eq(strchr(run.err, '\n'), strchr(blocks[0].text, '\n'));
}

Test(cli, with_log_format_json_every_message_is_one_line_of_json)
{
    sandbox_run run;

    sandbox_enter();
    run = sandbox_sh("ZQUANT_WIAT=3 zquant-init config --log-format json");
    cr_assert_eq(run.status, 0);
    cr_assert_eq(strncmp(run.err, "{\"time\":\"2", 10), 0);
    cr_assert_not_null(strstr(run.err, "\"level\":\"warning\",\"program\":\"zquant-init\","
                                       "\"message\":\"'ZQUANT_WIAT' is not a setting; did you "
                                       "mean 'ZQUANT_WAIT'?\"}\n"),
                       "%s", run.err);
    run = sandbox_sh("ZQUANT_LOG_FORMAT=json DB_PORT=abc zquant-init config");
    cr_assert_eq(run.status, 78);
    cr_assert_not_null(strstr(run.err,
                              "\"level\":\"error\",\"program\":\"zquant-init\","
                              "\"message\":\"'DB_PORT' must be a whole number from 1 to "
                              "65535, not 'abc'\",\"code\":\"ZQ_E_CONFIG\",\"hint\":\"'man "
                              "zquant.ini' says what each setting takes\"}\n"),
                       "%s", run.err);
}

Test(cli, a_mistake_in_the_command_line_is_told_in_the_format_it_asks_for)
{
    static const char *const commands[] = {
        "zquant-init --xyzzy --log-format json",
        "zquant-init --log-format=json xyzzy",
        "ZQUANT_LOG_FORMAT=json zquant-init --xyzzy",
    };

    sandbox_enter();
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        sandbox_run run = sandbox_sh(commands[i]);

        cr_assert_eq(run.status, 64);
        cr_assert_eq(strncmp(run.err, "{\"time\":", 8), 0, "%s", run.err);
        cr_assert_not_null(strstr(run.err, "\"code\":\"ZQ_E_USAGE\",\"hint\":\"see "));
    }
}

Test(cli, config_shows_every_setting_where_it_came_from_and_no_secret)
{
    sandbox_run run;

    sandbox_enter();
    sandbox_write(".env", 0600, "DB_PASSWORD='s3cret a'\nDB_NAME=shop\n");
    sandbox_write("zquant.ini", 0600,
                  "[connection]\nurl = mysql://u:s3cret@h:1/d\n"
                  "[admin]\npassword = s3cret\n");
    run = sandbox_sh("DB_PORT=3307 ZQUANT_ADMIN_PASSWORD_HASH=s3cret zquant-init config -u me");
    cr_assert_eq(run.status, 0, "%s", run.err);
    cr_assert_str_eq(run.err, "");
    cr_assert_null(strstr(run.out, "s3cret"), "%s", run.out);
    expect_begins(run.out, "SETTING                    VALUE                    FROM\n"
                           "host                       h                        zquant.ini:2\n"
                           "port                       3307                     DB_PORT\n"
                           "user                       me                       --user\n"
                           "password                   ********                 .env:1\n"
                           "password-file              -                        -\n"
                           "database                   shop                     .env:2\n"
                           "charset                    utf8mb4                  default\n"
                           "socket                     -                        -\n"
                           "url                        mysql://u:********@h:1/d zquant.ini:2\n");
    expect_in_output("DB_PASSWORD=s3cret zquant-init config --json",
                     "    {\n"
                     "      \"name\": \"password\",\n"
                     "      \"value\": \"********\",\n"
                     "      \"source\": \"DB_PASSWORD\",\n"
                     "      \"secret\": true\n"
                     "    },\n");
}

Test(cli, config_reads_the_option_file_of_the_home_directory)
{
    sandbox_run run;

    sandbox_enter();
    sandbox_write(".my.cnf", 0600,
                  "[client]\nhost=h\npassword=\"s3cret #;\"\n[zquant]\nport=3307\n");
    run = sandbox_sh("zquant-init config | tr -s \" \" | sed 5q");
    cr_assert_str_eq(run.err, "");
    expect_begins(run.out, "SETTING VALUE FROM\nhost h /");
    cr_assert_not_null(strstr(run.out, "/.my.cnf:2\nport 3307 /"), "%s", run.out);
    cr_assert_not_null(strstr(run.out, "/.my.cnf:5\nuser root default\npassword ******** /"), "%s",
                       run.out);
    free(run.out);
    free(run.err);
}

Test(cli, a_full_disk_and_a_closed_pipe_are_told)
{
    sandbox_enter();
    expect_run("zquant-init config >/dev/full", 2, "",
               "zquant-init: cannot write to standard output: No space left on device\n"
               "hint: make room there, or name another place, then run it again\n");
    expect_run("zquant-init --help >/dev/full", 2, "",
               "zquant-init: cannot write to standard output: No space left on device\n"
               "hint: make room there, or name another place, then run it again\n");
    expect_run("zquant-init --version >&-", 2, "",
               "zquant-init: cannot write to standard output: Bad file descriptor\n"
               "hint: make room there, or name another place, then run it again\n");
}

Test(cli, help_and_version_need_no_settings)
{
    sandbox_enter();
    sandbox_write("zquant.ini", 0600, "broken");
    expect_in_output("DB_PORT=abc zquant-init --help", "Usage: zquant-init ");
    expect_in_output("DB_PORT=abc zquant-init config --help", "Usage: zquant-init config ");
    expect_in_output("DB_PORT=abc zquant-init --version", "zquant-init " ZQ_VERSION "\n");
    expect_in_output("zquant-init --version", "\nlibsodium ");
    expect_in_output("zquant-migrate -V", "zquant-migrate " ZQ_VERSION "\n");
}

Test(cli, the_manual_page_has_no_fault)
{
    sandbox_enter();
    expect_run("if command -v groff >/dev/null; then "
               "zquant-init --generate man | groff -man -Tascii -ww >/dev/null; fi",
               0, "", "");
    expect_run("if command -v groff >/dev/null; then "
               "zquant-migrate --generate man | groff -man -Tascii -ww >/dev/null; fi",
               0, "", "");
}

Test(cli, the_completion_offers_commands_options_and_choices)
{
    sandbox_enter();
    sandbox_write("try", 0600,
                  "eval \"$(zquant-init --generate bash)\"\n"
                  "COMP_WORDS=(zquant-init --tls = ver); COMP_CWORD=3\n"
                  "_zquant_init; echo \"${COMPREPLY[@]}\"\n"
                  "COMP_WORDS=(zquant-init --tls =); COMP_CWORD=2\n"
                  "_zquant_init; echo \"${COMPREPLY[@]}\"\n"
                  "COMP_WORDS=(zquant-init --log-format j); COMP_CWORD=2\n"
                  "_zquant_init; echo \"${COMPREPLY[@]}\"\n"
                  "COMP_WORDS=(zquant-init --lock); COMP_CWORD=1\n"
                  "_zquant_init; echo \"${COMPREPLY[@]}\"\n"
                  "COMP_WORDS=(zquant-init conf); COMP_CWORD=1\n"
                  "_zquant_init; echo \"${COMPREPLY[@]}\"\n"
                  "COMP_WORDS=(zquant-init --user r); COMP_CWORD=2\n"
                  "_zquant_init; echo \"${COMPREPLY[@]}\"\n"
                  "COMP_WORDS=(zquant-init --tls-ca = tr); COMP_CWORD=3\n"
                  "_zquant_init; echo \"${COMPREPLY[@]}\"\n");
    expect_run("bash try", 0,
               "verify-ca verify-identity\n"
               "disabled preferred required verify-ca verify-identity\n"
               "json\n"
               "--lock-timeout --lock-wait\n"
               "config\n"
               "\n"
               "try\n",
               "");
}

Test(cli, help_is_a_command_too)
{
    sandbox_enter();
    expect_run("zquant-init help > a; zquant-init --help > b; cmp a b", 0, "", "");
    expect_run("zquant-migrate help show > a; zquant-migrate show --help > b; cmp a b", 0, "", "");
    expect_run("zquant-init help confg", 64, "",
               "zquant-init: unknown command 'confg'\n"
               "hint: did you mean 'zquant-init config'?\n");
}

Test(cli, a_slip_is_answered_with_the_right_word_of_the_other_program_too)
{
    static const char *const slips[][3] = {
        {"zquant-init rollback", "rollback", "zquant-migrate downgrade"},
        {"zquant-migrate rollback", "rollback", "zquant-migrate downgrade"},
        {"zquant-migrate status", "status", "zquant-init status"},
        {"zquant-migrate admin", "admin", "zquant-init admin create"},
        {"zquant-init admin crate", "admin crate", "zquant-init admin create"},
        {"zquant-init seeds dif", "seeds dif", "zquant-init seeds diff"},
        {"zquant-migrate chek", "chek", "zquant-migrate check"},
        {"zquant-migrate version", "version", "zquant-migrate current"},
        {"zquant-migrate apply", "apply", "zquant-migrate upgrade"},
        {"zquant-init unlock", "unlock", "zquant-migrate lock release"},
        {"zquant-init seeds list", "seeds list", "zquant-init seeds show"},
        {"zquant-init seeds dump d", "seeds dump", "zquant-init seeds export"},
        {"zquant-init admin passwd", "admin passwd", "zquant-init admin reset-password"},
        {"zquant-migrate lock list", "lock list", "zquant-migrate lock show"},
        {"zquant-migrate updateSQL", "updateSQL", "zquant-migrate upgrade --sql"},
        {"zquant-migrate branches", "branches", "zquant-migrate heads"},
        {"zquant-init ping", "ping", "zquant-init status"},
    };

    sandbox_enter();
    for (size_t i = 0; i < sizeof slips / sizeof slips[0]; i++) {
        char expected[256];

        snprintf(expected, sizeof expected,
                 "%.*s: unknown command '%s'\nhint: did you mean '%s'?\n",
                 (int)strcspn(slips[i][0], " "), slips[i][0], slips[i][1], slips[i][2]);
        expect_run(slips[i][0], 64, "", expected);
    }
    expect_run("zquant-init admin", 64, "",
               "zquant-init: 'admin' is only a part of a command\n"
               "hint: for example 'zquant-init admin create'\n");
    /* Who wants something gone is not sent to what makes something. */
    expect_run("zquant-init admin delete bob", 64, "",
               "zquant-init: unknown command 'admin delete'\n"
               "hint: for example 'zquant-init admin create'\n");
    expect_run("zquant-migrate clean", 64, "",
               "zquant-migrate: unknown command 'clean'\n"
               "hint: see 'zquant-migrate --help' for the commands\n");
}

Test(cli, chinese_is_spoken_to_people_and_english_to_programs)
{
    sandbox_enter();
    expect_run("LANG=zh_CN.UTF-8 zquant-init confg", 64, "",
               "zquant-init: 未知命令 'confg'\n提示：您是不是要用 'zquant-init config'？\n");
    expect_run("LANG=zh_CN.UTF-8 LC_ALL=C zquant-init confg", 64, "",
               "zquant-init: unknown command 'confg'\nhint: did you mean 'zquant-init config'?\n");
    expect_run("LANG=zh_CN.UTF-8 zquant-init confg --json", 64, NULL,
               "zquant-init: unknown command 'confg'\nhint: did you mean 'zquant-init config'?\n");
    expect_run("LANG=zh_CN.UTF-8 zquant-init --expect new", 64, "",
               "zquant-init: '--expect' 必须是下列之一：existing, empty, any，而不是 'new'\n"
               "提示：见 'zquant-init --help'\n");
    expect_run("LANG=zh_CN.UTF-8 zquant-init --port x", 64, "",
               "zquant-init: '--port' 必须是从 1 到 65535 的整数，而不是 'x'\n"
               "提示：见 'zquant-init --help'\n");
    expect_in_output("LC_ALL=zh_CN.UTF-8 zquant-init --help", "\n退出状态：\n  0   完成\n");
    expect_in_output("LC_ALL=zh_CN.UTF-8 zquant-migrate squash --help",
                     "用法：zquant-migrate squash [options] FROM:TO\n"
                     "zquant-migrate squash：把几个修订并为一个，放在它们旁边。\n");
    expect_in_output("LC_ALL=zh_CN.UTF-8 zquant-init --generate man", "\n.SH 退出状态\n");
    expect_in_output("LC_ALL=zh_CN.UTF-8 zquant-init --generate ini",
                     "# Settings of zquant-init and zquant-migrate: every key");
}

/* The words of `command`, "" for the program's own, in Chinese: three of English that follow each
 * other are a text that nobody has translated. What stands in examples is English. */
static void expect_chinese_help(const char *program, const char *command)
{
    char line[512];

    snprintf(line, sizeof line,
             "LC_ALL=zh_CN.UTF-8 %s %s --help | grep -E '[a-z]+ [a-z]+ [a-z]+' | grep -v zquant-",
             program, command);
    sandbox_write("try", 0600, line);
    expect_run("sh try", 1, "", "");
}

Test(cli, the_help_is_chinese_to_its_last_line)
{
    static const char *const programs[] = {"zquant-init", "zquant-migrate"};

    sandbox_enter();
    for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++) {
        command_list list = commands_of(programs[i]);

        expect_chinese_help(programs[i], "");
        for (int k = 0; k < list.n; k++)
            expect_chinese_help(programs[i], command_filled(list.lines[k]));
    }
}

/* That it is one stands in the file whose settings are warned of. */
Test(cli, a_log_as_json_is_english_from_its_first_line_in_chinese_too)
{
    sandbox_enter();
    sandbox_write("zquant.ini", 0600, "[common]\nlog-format = json\n");
    sandbox_write(".env", 0600, "DB_HOSST=a\n");
    sandbox_write(
        "try", 0600,
        "LANG=zh_CN.UTF-8 zquant-init config 2>&1 >/dev/null | sed 's/.*\"message\"://'\n");
    expect_run("sh try", 0, "\".env:1: 'DB_HOSST' is not a setting; did you mean 'DB_HOST'?\"}\n",
               "");
}

/* The lists in src/app/main.c, `elsewhere`: who adds a command adds it there. */
Test(cli, each_program_knows_every_command_of_the_other)
{
    sandbox_enter();
    sandbox_write("try", 0600,
                  "$2 --generate complete -- '' | cut -f 1 | while read word; do\n"
                  "    case $word in config | help) continue ;; esac\n"
                  "    $1 $word 2>&1 | grep -q \"did you mean '$2 $word\" || echo \"$1 $word\"\n"
                  "done\n");
    expect_run("sh try zquant-init zquant-migrate", 0, "", "");
    expect_run("sh try zquant-migrate zquant-init", 0, "", "");
    expect_run("zquant-migrate seeds diff", 64, "",
               "zquant-migrate: unknown command 'seeds'\n"
               "hint: did you mean 'zquant-init seeds diff'?\n");
}

/* A process in the middle of reading its configuration, looked at from outside. */
Test(cli, a_secret_is_in_no_command_line_and_in_no_core)
{
    sandbox_enter();
    sandbox_write("zquant.ini", 0600, "[connection]\npassword = s3cret\n");
    /* A FIFO holds the program at --config, with the limit on cores already set. */
    expect_run("mkfifo ini && { ZQUANT_ADMIN_PASSWORD=s3cret zquant-init config --config ini "
               ">/dev/null 2>&1 & } && pid=$! && sleep 0.3 && "
               "grep -c s3cret /proc/$pid/cmdline; "
               "grep \"Max core file size\" /proc/$pid/limits | tr -s \" \" | cut -d\" \" -f5; "
               "echo > ini; wait $pid; exit 0",
               0, "0\n0\n", "");
}
