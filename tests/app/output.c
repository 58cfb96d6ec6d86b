#include "app/show/output.h"
#include "app/app.h"
#include "app/show/progress.h"
#include "app/show/terminal.h"

#include "sandbox.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void capture(void)
{
    sandbox_enter();
    cr_assert_not_null(freopen("err", "w", stderr));
    setvbuf(stderr, NULL, _IONBF, 0);
}

static const char *captured(void)
{
    static char text[16384];
    FILE *file = fopen("err", "r");

    fflush(stderr);
    cr_assert_not_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

static void say_all(const zq_output *output)
{
    zq_output_set(output);
    zq_note("detail %d", 1);
    zq_say("created %d tables", 25);
    zq_warn("look at '%s'", "this");
}

Test(output, messages_are_weighed)
{
    capture();
    say_all(&(zq_output){.program = "zquant-init"});
    say_all(&(zq_output){.program = "zquant-init", .quiet = true});
    say_all(&(zq_output){.program = "zquant-init", .verbose = true});
    say_all(&(zq_output){.program = "zquant-init", .color = true});
    cr_assert_str_eq(captured(), "zquant-init: created 25 tables\n"
                                 "zquant-init: warning: look at 'this'\n"

                                 "zquant-init: detail 1\n"
                                 "zquant-init: created 25 tables\n"
                                 "zquant-init: warning: look at 'this'\n"

                                 "zquant-init: created 25 tables\n"
                                 "zquant-init: \033[33mwarning:\033[0m look at 'this'\n");
}

Test(output, what_is_behind_an_answer_answers_nothing_else)
{
    bool yes = false;

    capture();
    sandbox_write("answers", 0600, "yes, that is what it was once\nno\nwho knows\n");
    cr_assert_not_null(freopen("answers", "r", stdin));
    cr_expect(zq_output_ask("one?", &yes));
    cr_expect(yes);
    cr_expect(zq_output_ask("another?", &yes));
    cr_expect_not(yes);
    cr_expect_not(zq_output_ask("a third?", &yes));
    cr_expect_not(zq_output_ask("a fourth?", &yes));
}

Test(output, an_error_has_one_shape)
{
    zq_err err = {0};

    capture();
    zq_output_set(&(zq_output){.program = "zquant-init", .quiet = true});
    zq_fail(&err, ZQ_E_DENIED, "cannot create table '%s'", "zq_app_users");
    zq_output_error(&err);
    zq_err_detail(&err, "access denied");
    zq_err_hint(&err, "grant CREATE on 'zquant', see 'zquant-init grants'");
    zq_output_error(&err);
    cr_assert_str_eq(captured(), "zquant-init: cannot create table 'zq_app_users'\n"
                                 "zquant-init: cannot create table 'zq_app_users': access denied\n"
                                 "hint: grant CREATE on 'zquant', see 'zquant-init grants'\n");
}

Test(output, a_json_line_has_all_parts_of_an_error)
{
    zq_err err = {0};
    json_t *line;

    capture();
    zq_output_set(&(zq_output){.program = "zquant-init", .json = true, .color = true});
    zq_fail(&err, ZQ_E_DENIED, "no \"quotes\" \xFF");
    zq_err_detail(&err, "a\nb");
    zq_err_hint(&err, "do it");
    err.server_errno = 1142;
    memcpy(err.sqlstate, "42000", 6);
    zq_output_error(&err);
    line = json_loads(captured(), 0, NULL);
    cr_assert_not_null(line, "%s", captured());
    cr_assert_str_eq(json_string_value(json_object_get(line, "level")), "error");
    cr_assert_str_eq(json_string_value(json_object_get(line, "message")), "no \"quotes\" ?");
    cr_assert_str_eq(json_string_value(json_object_get(line, "detail")), "a\nb");
    cr_assert_str_eq(json_string_value(json_object_get(line, "hint")), "do it");
    cr_assert_str_eq(json_string_value(json_object_get(line, "code")), "ZQ_E_DENIED");
    cr_assert_eq(json_integer_value(json_object_get(line, "errno")), 1142);
    cr_assert_str_eq(json_string_value(json_object_get(line, "sqlstate")), "42000");
    json_decref(line);
}

Test(output, a_message_may_be_longer_than_any_buffer)
{
    static char text[5000];

    capture();
    memset(text, 'x', sizeof text - 1);
    zq_output_set(&(zq_output){.program = "p"});
    zq_say("%s", text);
    cr_assert_eq(strlen(captured()), sizeof text - 1 + strlen("p: \n"));
}

Test(output, short_work_shows_no_progress_and_none_without_a_terminal)
{
    capture();
    zq_output_set(&(zq_output){.program = "p"});
    zq_progress_begin("tables", 1000);
    for (size_t i = 0; i <= 1000; i++)
        zq_progress_set(i);
    zq_progress_end();
    zq_progress_set(3);
    cr_assert_str_eq(captured(), "");
}

Test(output, a_dumb_terminal_and_what_is_none_get_no_colours_and_no_line_drawn_again)
{
    int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    int slave;

    cr_assert(terminal >= 0 && grantpt(terminal) == 0 && unlockpt(terminal) == 0);
    slave = open(ptsname(terminal), O_RDWR | O_NOCTTY | O_CLOEXEC);
    setenv("TERM", "xterm", 1);
    cr_assert(zq_terminal_obeys(slave));
    setenv("TERM", "dumb", 1);
    cr_assert(!zq_terminal_obeys(slave));
    unsetenv("TERM");
    cr_assert(!zq_terminal_obeys(slave));
    setenv("TERM", "xterm", 1);
    close(slave);
    slave = open("/dev/null", O_RDWR | O_CLOEXEC);
    cr_assert(!zq_terminal_obeys(slave));
    close(slave);
    close(terminal);
}
