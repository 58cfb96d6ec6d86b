/* A server that says nothing more, after it has let us in. */
#include "fake_server.h"
#include "program.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void send_packet(int fd, unsigned char number, const char *content, size_t length)
{
    ZQ_AUTO_BUF(out);

    zq_buf_char(&out, (char)length);
    zq_buf_add(&out, "\0\0", 2);
    zq_buf_char(&out, (char)number);
    zq_buf_add(&out, content, length);
    (void)!send(fd, out.text, out.length, MSG_NOSIGNAL);
}

static void *let_in_and_be_mute(void *argument)
{
    int fd = accept(*(int *)argument, NULL, NULL);
    char text[4096];
    ZQ_AUTO_BUF(greeting);

    fake_greeting(&greeting, false, "mysql_native_password");
    send_packet(fd, 0, greeting.text, greeting.length);
    if (read(fd, text, sizeof text) > 0)
        send_packet(fd, 2, "\0\0\0\2\0\0\0", 7);
    while (read(fd, text, sizeof text) > 0)
        continue;
    close(fd);
    return NULL;
}

Test(mute, status_ends_when_a_server_says_nothing_after_the_login, .timeout = 30)
{
    unsigned port;
    int listener = fake_listen(&port);
    pthread_t thread;
    program_result r;
    char text[16];

    pthread_create(&thread, NULL, let_in_and_be_mute, &listener);
    snprintf(text, sizeof text, "%u", port);
    program_env_reset();
    r = PROGRAM("zquant-init", "status", "-H", "127.0.0.1", "-P", text, "--connect-timeout", "1");
    cr_assert_eq(r.status, 1, "%d: %s", r.status, r.err);
    cr_assert_not_null(strstr(r.err, "it took longer than 1 s"), "%s", r.err);
    program_free(&r);
    pthread_join(thread, NULL);
    close(listener);
}
