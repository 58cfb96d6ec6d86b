/* Servers that answer a byte at a time, and never get to an end: a login is given up in time, at
 * whatever point of it they begin with that. */
#include "db/db.h"
#include "fake_server.h"
#include "program.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

typedef enum slow_stage {
    NOTHING, /* is sent at all */
    GREETING,
    TLS,
    LOGIN,
    RESULT,
} slow_stage;

typedef struct slow_server {
    slow_stage stage;
    int listener;
    unsigned port;
} slow_server;

static void send_all(int fd, const zq_buf *content, unsigned char number)
{
    ZQ_AUTO_BUF(all);

    zq_buf_char(&all, (char)content->length);
    zq_buf_add(&all, "\0\0", 2);
    zq_buf_char(&all, (char)number);
    zq_buf_add(&all, content->text, content->length);
    (void)!send(fd, all.text, all.length, MSG_NOSIGNAL);
}

/* Until the client goes. */
static void drip(int fd, const char *begin, size_t length)
{
    struct pollfd gone = {.fd = fd, .events = POLLRDHUP};

    for (size_t i = 0; poll(&gone, 1, 50) == 0; i++)
        (void)!send(fd, i < length ? begin + i : "\1", 1, MSG_NOSIGNAL);
}

static void serve(const slow_server *server, int fd)
{
    static const char greeting[] = "\xff\0\0\0\n8.0.40";
    static const char tls[] = "\x16\3\3\x40\0";
    static const char login[] = "\xff\0\0\2";
    static const char result[] = "\xff\0\0\1";
    ZQ_AUTO_BUF(out);
    char text[1024];

    if (server->stage == GREETING) {
        drip(fd, greeting, sizeof greeting - 1);
        return;
    }
    if (server->stage != NOTHING) {
        fake_greeting(&out, server->stage == TLS, "mysql_native_password");
        send_all(fd, &out, 0);
    }
    (void)!recv(fd, text, sizeof text, 0);
    if (server->stage == RESULT) {
        zq_buf_clear(&out);
        zq_buf_add(&out, "\0\0\0\2\0\0\0", 7);
        send_all(fd, &out, 2);
        (void)!recv(fd, text, sizeof text, 0);
    }
    if (server->stage == TLS)
        drip(fd, tls, sizeof tls - 1);
    else if (server->stage == LOGIN)
        drip(fd, login, sizeof login - 1);
    else if (server->stage == RESULT)
        drip(fd, result, sizeof result - 1);
}

static void *run_server(void *argument)
{
    const slow_server *server = argument;
    int fd = accept(server->listener, NULL, NULL);

    serve(server, fd);
    close(fd);
    return NULL;
}

static void expect_given_up(slow_stage stage, zq_tls tls)
{
    slow_server server = {.stage = stage};
    zq_target target = {
        .host = "127.0.0.1", .user = "zq", .password = "x", .tls = tls, .connect_timeout_ms = 1000};
    char message[128];
    pthread_t thread;
    zq_db *db = NULL;
    zq_err err = {0};

    server.listener = fake_listen(&server.port);
    cr_assert_eq(pthread_create(&thread, NULL, run_server, &server), 0);
    target.port = server.port;
    cr_expect_eq(zq_db_open(&target, &db, &err), ZQ_E_UNAVAILABLE, "%d", (int)stage);
    snprintf(message, sizeof message,
             "cannot connect to 'zq@127.0.0.1:%u': it took longer than 1 s", server.port);
    cr_expect_str_eq(err.message, message, "%d: %s (%s)", (int)stage, err.message, err.detail);
    cr_expect_str_eq(err.hint, "start the server, or wait for it with --wait 30; "
                               "--connect-timeout gives one attempt more time");
    pthread_join(thread, NULL);
    close(server.listener);
}

Test(slow, a_server_that_never_gets_to_an_end_is_given_up, .timeout = 40)
{
    expect_given_up(NOTHING, ZQ_TLS_DISABLED);
    expect_given_up(NOTHING, ZQ_TLS_PREFERRED);
    expect_given_up(GREETING, ZQ_TLS_DISABLED);
    expect_given_up(GREETING, ZQ_TLS_REQUIRED);
    expect_given_up(TLS, ZQ_TLS_PREFERRED);
    expect_given_up(LOGIN, ZQ_TLS_PREFERRED);
    expect_given_up(LOGIN, ZQ_TLS_DISABLED);
    expect_given_up(RESULT, ZQ_TLS_DISABLED);
}

/* ---- names ---- */

/* It hears what it is asked, and says nothing. */
static int open_name_service(void)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(53), .sin_addr.s_addr = inet_addr("127.53.53.53")};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0)
        cr_skip_test("only root may be a name service");
    return fd;
}

Test(slow, a_name_service_that_does_not_answer_is_given_up, .timeout = 30)
{
    static const char script[] =
        "printf 'nameserver 127.53.53.53\n' >\"$0\" && mount --bind \"$0\" /etc/resolv.conf && "
        "exec \"$1\" status --connect-timeout 1 -H db.invalid -u zq";
    int fd = open_name_service();
    program_result r;

    program_env_reset();
    r = PROGRAM("/usr/bin/unshare", "--mount", "true");
    if (r.status != 0)
        cr_skip_test("nobody may show another /etc to a program inside of a chroot");
    program_free(&r);
    r = PROGRAM("/usr/bin/unshare", "--mount", "sh", "-c", script, program_file("resolv", "", 0600),
                ZQ_BUILD_DIR "/zquant-init");
    cr_assert_eq(r.status, 1, "%d: %s", r.status, r.err);
    cr_assert_str_eq(
        r.err, "zquant-init: cannot connect to 'zq@db.invalid:3306': it took longer than 1 s: "
               "the name service does not answer (2005)\n"
               "hint: start the server, or wait for it with --wait 30; --connect-timeout "
               "gives one attempt more time\n");
    program_free(&r);
    close(fd);
}

Test(slow, a_name_that_nobody_has_is_told_as_before)
{
    zq_target target = {.host = "no-such-host.invalid", .port = 1, .user = "zq"};
    zq_db *db = NULL;
    zq_err err = {0};

    cr_assert_eq(zq_db_open(&target, &db, &err), ZQ_E_UNAVAILABLE);
    cr_assert_str_eq(err.message, "cannot connect to 'zq@no-such-host.invalid:1': unknown host");
    cr_assert_neq(err.detail[0], '\0');
}
